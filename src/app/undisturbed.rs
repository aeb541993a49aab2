//! A future that sleeps beside a busy one.

use std::{
    future::poll_fn,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

/// Polls `future` when it was called itself, and not whenever its task runs for another reason.
/// Beside a stream, signals and deadlines would be asked at each delta, which costs as much as
/// half of reading the delta.
pub(super) async fn undisturbed<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut bell: Option<Arc<Bell>> = None;
    poll_fn(|context| {
        let bell = match &bell {
            Some(bell) if bell.task.will_wake(context.waker()) => {
                if !bell.has_rung.swap(false, Ordering::AcqRel) {
                    return Poll::Pending;
                }
                bell
            }
            _ => bell.insert(Arc::new(Bell::of(context.waker()))),
        };
        let waker = Waker::from(Arc::clone(bell));
        future.as_mut().poll(&mut Context::from_waker(&waker))
    })
    .await
}

/// Remembers that it was rung, and passes it on.
struct Bell {
    has_rung: AtomicBool,
    task: Waker,
}

impl Bell {
    fn of(task: &Waker) -> Self {
        Self { has_rung: AtomicBool::new(false), task: task.clone() }
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.has_rung.store(true, Ordering::Release);
        self.task.wake_by_ref();
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// Counts how often it is polled, and is ready at the third time.
    fn third<'a>(polls: &'a Cell<u32>, waker: &'a Cell<Option<Waker>>) -> impl Future<Output = ()> {
        poll_fn(|context| {
            polls.set(polls.get() + 1);
            waker.set(Some(context.waker().clone()));
            if polls.get() == 3 { Poll::Ready(()) } else { Poll::Pending }
        })
    }

    #[test]
    fn it_is_polled_when_it_was_called_and_not_before() {
        let (polls, waker) = (Cell::new(0), Cell::new(None));
        let mut future = pin!(undisturbed(third(&polls, &waker)));
        let task = Waker::from(Arc::new(Bell::of(Waker::noop())));
        let mut context = Context::from_waker(&task);
        for _ in 0..3 {
            assert!(future.as_mut().poll(&mut context).is_pending());
        }
        assert_eq!(polls.get(), 1);
        let call = || waker.take().expect("it was polled").wake();
        call();
        assert!(future.as_mut().poll(&mut context).is_pending());
        call();
        assert!(future.as_mut().poll(&mut context).is_ready());
    }

    #[test]
    fn a_task_that_moves_takes_it_along() {
        let (polls, waker) = (Cell::new(0), Cell::new(None));
        let mut future = pin!(undisturbed(third(&polls, &waker)));
        let bell = Arc::new(Bell::of(Waker::noop()));
        let moved = Waker::from(Arc::clone(&bell));
        let _ = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        let _ = future.as_mut().poll(&mut Context::from_waker(&moved));
        assert_eq!(polls.get(), 2);
        waker.take().expect("it was polled").wake();
        assert!(bell.has_rung.load(Ordering::Acquire));
    }
}
