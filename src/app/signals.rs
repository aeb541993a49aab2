//! Ctrl-C and its relatives, in every state of a turn.

use std::io;
#[cfg(unix)]
use std::{
    process, thread,
    time::{Duration, Instant},
};

use super::failure::Kind;

/// Why a turn was stopped from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// Ctrl-C.
    Interrupt,
    /// SIGTERM or SIGHUP.
    Terminate,
}

impl Stop {
    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Interrupt => Kind::Interrupted,
            Self::Terminate => Kind::Terminated,
        }
    }
}

/// So long a turn that was told to stop may take to leave everything in good order.
#[cfg(unix)]
const PATIENCE: Duration = Duration::from_millis(500);

/// From now on a second signal ends the process: the first one may find it blocked in a write that
/// nobody reads.
///
/// Not before [`PATIENCE`] is over, because two need not be two wishes: who runs byok for somebody
/// else passes Ctrl-C on, which the terminal has already sent to both.
#[cfg(unix)]
pub(super) fn end_at_the_second() -> io::Result<()> {
    use signal_hook::{
        consts::{SIGINT, SIGTERM},
        iterator,
    };

    let mut signals = iterator::Signals::new([SIGINT, SIGTERM])?;
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        let mut first: Option<Instant> = None;
        for signal in signals.forever() {
            let Some(first) = first else {
                first = Some(Instant::now());
                continue;
            };
            // Who stops in good time ends the process meanwhile.
            thread::sleep(PATIENCE.saturating_sub(first.elapsed()));
            end(if signal == SIGINT { Stop::Interrupt } else { Stop::Terminate });
        }
    })?;
    Ok(())
}

/// Ends the process.
#[cfg(unix)]
#[expect(clippy::exit, reason = "the main thread hangs, and cannot be asked to return")]
fn end(stop: Stop) -> ! {
    process::exit(i32::from(stop.kind().code()))
}

/// The system ends a process that it cannot stop otherwise.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
pub(super) fn end_at_the_second() -> io::Result<()> {
    Ok(())
}

/// The signals that stop a turn.
#[cfg(unix)]
pub(super) struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Listens from now on. Within a runtime.
    pub(super) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    /// Whether Ctrl-C was pressed since this was asked last; what was pressed is over with then.
    pub(super) async fn take_interrupt(&mut self) -> bool {
        // The runtime looks at what came while it did not run.
        tokio::task::yield_now().await;
        let pressed = async {
            self.interrupt.recv().await;
            true
        };
        tokio::select! {
            biased;
            pressed = pressed => pressed,
            () = std::future::ready(()) => false,
        }
    }

    /// The one that came since this was asked last, if any did.
    pub(super) async fn take_stop(&mut self) -> Option<Stop> {
        // The runtime looks at what came while it did not run.
        tokio::task::yield_now().await;
        tokio::select! {
            biased;
            stop = self.next() => Some(stop),
            () = std::future::ready(()) => None,
        }
    }

    /// Waits for one.
    pub(super) async fn next(&mut self) -> Stop {
        tokio::select! {
            _ = self.interrupt.recv() => Stop::Interrupt,
            _ = self.terminate.recv() => Stop::Terminate,
            _ = self.hangup.recv() => Stop::Terminate,
        }
    }
}

/// The signals that stop a turn.
#[cfg(not(unix))]
pub(super) struct Signals;

#[cfg(not(unix))]
impl Signals {
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    /// What was pressed before is not known here.
    #[expect(clippy::unused_self, clippy::unused_async, reason = "elsewhere it is known")]
    pub(super) async fn take_interrupt(&mut self) -> bool {
        false
    }

    #[expect(clippy::unused_self, clippy::unused_async, reason = "elsewhere it is known")]
    pub(super) async fn take_stop(&mut self) -> Option<Stop> {
        None
    }

    pub(super) async fn next(&mut self) -> Stop {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Stop::Interrupt,
            Err(_) => std::future::pending().await,
        }
    }
}
