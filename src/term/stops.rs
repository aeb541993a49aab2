//! Whether the process was stopped and goes on: a shell has written to the terminal meanwhile.

#[cfg(unix)]
pub(super) use unix::Stops;

#[cfg(unix)]
mod unix {
    use std::sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    };

    use signal_hook::{SigId, consts::SIGCONT, flag, low_level};

    /// Notices it as long as it lives.
    #[derive(Debug)]
    pub(in crate::term) struct Stops {
        went_on: Arc<AtomicBool>,
        id: Option<SigId>,
    }

    impl Stops {
        pub(in crate::term) fn watch() -> Self {
            let went_on = Arc::new(AtomicBool::new(false));
            // Where that cannot be noticed an answer is shown all the same.
            let id = flag::register(SIGCONT, Arc::clone(&went_on)).ok();
            Self { went_on, id }
        }

        /// Whether the process was stopped since the last call.
        pub(in crate::term) fn take(&mut self) -> bool {
            self.went_on.swap(false, Ordering::Relaxed)
        }
    }

    impl Drop for Stops {
        fn drop(&mut self) {
            if let Some(id) = self.id.take() {
                low_level::unregister(id);
            }
        }
    }
}

/// Nobody stops a process here.
#[cfg(not(unix))]
#[derive(Debug)]
pub(super) struct Stops;

#[cfg(not(unix))]
#[expect(clippy::unused_self, reason = "as where a process can be stopped")]
impl Stops {
    pub(super) fn watch() -> Self {
        Self
    }

    pub(super) fn take(&mut self) -> bool {
        false
    }
}
