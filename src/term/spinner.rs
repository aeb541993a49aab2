//! The spinner: says what is being waited for, and is gone before the first byte.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::{Status, sanitize_line, spinner_line::SpinnerLine};

/// A spinner on standard error; hidden where that cannot animate.
#[derive(Debug)]
pub(super) struct Spinner {
    bar: Option<ProgressBar>,
    can_animate: bool,
}

impl Spinner {
    /// A spinner that is not yet shown.
    pub(super) fn new(can_animate: bool) -> Self {
        Self { bar: None, can_animate }
    }

    /// Shows or changes what is waited for.
    pub(super) fn show(&mut self, status: &Status) {
        if !self.can_animate {
            return;
        }
        let bar = self.bar.get_or_insert_with(start);
        bar.reset_elapsed();
        bar.set_style(elapsed());
        match status {
            Status::Working(what) => bar.set_message(sanitize_line(what)),
            Status::Connecting(host) => {
                bar.set_message(format!("connecting to {}", sanitize_line(host)));
            }
            Status::Sent => bar.set_message("waiting for the answer"),
            Status::Retrying { attempt, most, wait, reason } => {
                bar.set_style(countdown(*wait));
                bar.set_message(format!(
                    "{} (attempt {attempt} of {most}), again in",
                    sanitize_line(reason)
                ));
            }
        }
    }

    /// Says that the model is thinking, without showing what.
    pub(super) fn thinking(&mut self) {
        if let Some(bar) = &self.bar
            && bar.message() != "thinking"
        {
            bar.reset_elapsed();
            bar.set_message("thinking");
        }
    }

    /// Takes it off the screen.
    pub(super) fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        self.clear();
    }
}

fn start() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(
        None,
        ProgressDrawTarget::term_like(Box::new(SpinnerLine::stderr())),
    );
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// Counts up, once the wait is long enough for a number.
fn elapsed() -> ProgressStyle {
    style(|state, out| {
        let seconds = state.elapsed().as_secs();
        if seconds >= 2 {
            let _ = write!(out, "{seconds} s");
        }
    })
}

/// Counts down from `wait`.
fn countdown(wait: Duration) -> ProgressStyle {
    style(move |state, out| {
        let left = wait.saturating_sub(state.elapsed());
        let _ = write!(out, "{} s", left.as_secs_f64().ceil());
    })
}

fn style(
    clock: impl Fn(&ProgressState, &mut dyn std::fmt::Write) + Clone + Send + Sync + 'static,
) -> ProgressStyle {
    ProgressStyle::with_template("{spinner} {msg} {clock}")
        .expect("the template is a constant")
        .with_key("clock", clock)
}
