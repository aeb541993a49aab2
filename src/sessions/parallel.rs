//! The same work on many files, on all cores.

use std::{
    num::NonZero,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// What `work` makes of the numbers below `count`, which are taken in their order. Each thread has a
/// `bench` of its own to work on: memory that need not be taken for every file.
pub(super) fn map<B, T: Send>(
    count: usize,
    bench: impl Fn() -> B + Sync,
    work: impl Fn(&mut B, usize) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(count));
    let run = || {
        let mut bench = bench();
        let mut own = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                break;
            }
            own.push((number, work(&mut bench, number)));
        }
        done.lock().unwrap_or_else(PoisonError::into_inner).append(&mut own);
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(count);
    thread::scope(|scope| {
        for _ in 1..threads {
            // Where no more threads are to be had, this one does it all.
            let _ = thread::Builder::new().spawn_scoped(scope, run);
        }
        run();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_done_once_and_stays_in_order() {
        let squares = map(1_000, || (), |(), number| number * number);
        assert_eq!(squares, (0..1_000).map(|number| number * number).collect::<Vec<_>>());
        assert!(map(0, || (), |(), number| number).is_empty());
    }
}
