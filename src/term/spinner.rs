//! The spinner: says what is being waited for, and is gone before the first byte.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::{Console, Status, report::Level, sanitize_line, spinner_line::SpinnerLine};

/// How often the seconds are looked at and the sign turns.
const TICK: Duration = Duration::from_millis(100);

/// So often a second it is painted at most, however fast there is news.
const MOST_PAINTED: u8 = 20;

/// A spinner on standard error; hidden where that cannot animate.
#[derive(Debug)]
pub(super) struct Spinner {
    bar: Option<ProgressBar>,
    can_animate: bool,
    has_color: bool,
}

impl Spinner {
    /// A spinner that is not yet shown.
    pub(super) fn new(console: Console) -> Self {
        let facts = console.facts();
        let can_animate = facts.can_animate && console.level() > Level::Quiet;
        Self { bar: None, can_animate, has_color: facts.has_color }
    }

    /// Whether it ever shows.
    pub(super) fn can_animate(&self) -> bool {
        self.can_animate
    }

    /// Whether it is on the screen.
    pub(super) fn is_shown(&self) -> bool {
        self.bar.is_some()
    }

    /// Shows or changes what is waited for.
    pub(super) fn show(&mut self, status: &Status) {
        let status = status.clone();
        self.say(move |elapsed| words(&status, elapsed));
    }

    /// Says that the model is thinking.
    pub(super) fn thinking(&mut self) {
        self.say(|elapsed| counting("thinking", elapsed));
    }

    /// Changes the rows under its line, which are harmless and parted by line feeds.
    pub(super) fn under(&self, rows: String) {
        if let Some(bar) = &self.bar {
            bar.set_prefix(rows);
        }
    }

    /// Takes it off the screen.
    pub(super) fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    /// The words may change with the time since they were first said.
    fn say(&mut self, words: impl Fn(Duration) -> String + Clone + Send + Sync + 'static) {
        if !self.can_animate {
            return;
        }
        let line = move |state: &ProgressState, out: &mut dyn std::fmt::Write| {
            let _ = out.write_str(&words(state.elapsed()));
        };
        let style = ProgressStyle::with_template("{spinner} {line}\n{prefix}")
            .expect("the template is a constant")
            .with_key("line", line);
        let is_new = self.bar.is_none();
        let bar = self.bar.get_or_insert_with(|| {
            let line = Box::new(SpinnerLine::stderr(self.has_color));
            let target = ProgressDrawTarget::term_like_with_hz(line, MOST_PAINTED);
            ProgressBar::with_draw_target(None, target)
        });
        bar.reset_elapsed();
        bar.set_style(style);
        // This paints it, too.
        bar.set_prefix("");
        if is_new {
            bar.enable_steady_tick(TICK);
        }
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        self.clear();
    }
}

/// What is waited for, in one line.
fn words(status: &Status, elapsed: Duration) -> String {
    match status {
        Status::Working(what) => counting(&sanitize_line(what), elapsed),
        Status::Connecting(host) => {
            counting(&format!("connecting to {}", sanitize_line(host)), elapsed)
        }
        Status::Sending { sent, total } => sending(*sent, *total),
        Status::Sent => counting("waiting for the answer", elapsed),
        Status::Retrying { attempt, most, wait, reason } => {
            let left = wait.saturating_sub(elapsed).as_secs_f64().ceil();
            let reason = sanitize_line(reason);
            format!("retrying in {left} s (attempt {} of {most}): {reason}", attempt + 1)
        }
    }
}

/// Counts up, once the wait is long enough for a number.
fn counting(what: &str, elapsed: Duration) -> String {
    if elapsed < Duration::from_secs(2) {
        return what.to_owned();
    }
    format!("{what} {}", seconds(elapsed))
}

/// `12 s`, `2 min 5 s`.
pub(super) fn seconds(elapsed: Duration) -> String {
    match elapsed.as_secs() {
        seconds @ ..60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// `sending 3.1 of 12 MB`
fn sending(sent: u64, total: u64) -> String {
    const KILO: u64 = 1000;
    const TENTH: u64 = 100 * KILO;

    if total < 1000 * KILO {
        return format!("sending {} of {} kB", sent.div_ceil(KILO), total.div_ceil(KILO));
    }
    let megabytes = |bytes: u64| match (bytes + TENTH / 2) / TENTH {
        tenths @ ..100 => format!("{}.{}", tenths / 10, tenths % 10),
        tenths => format!("{}", tenths / 10),
    };
    format!("sending {} of {} MB", megabytes(sent), megabytes(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_waited_for_is_said_and_counted_from_the_second_second_on() {
        let at = |status: &Status, elapsed| words(status, Duration::from_millis(elapsed));
        let host = Status::Connecting("h\u{1b}[2J:1".to_owned());
        assert_eq!(at(&host, 1999), "connecting to h␛[2J:1");
        assert_eq!(at(&host, 2000), "connecting to h␛[2J:1 2 s");
        assert_eq!(at(&Status::Sent, 0), "waiting for the answer");
        assert_eq!(at(&Status::Sent, 59_999), "waiting for the answer 59 s");
        assert_eq!(at(&Status::Sent, 125_000), "waiting for the answer 2 min 5 s");
        assert_eq!(at(&Status::Working("a\nb".to_owned()), 0), "a b");
        let reason = "rate\u{202e} limited\r\n".to_owned();
        let wait = Duration::from_millis(3500);
        let retrying = Status::Retrying { attempt: 1, most: 3, wait, reason };
        assert_eq!(at(&retrying, 0), "retrying in 4 s (attempt 2 of 3): rate<U+202E> limited ");
        assert!(at(&retrying, 3000).starts_with("retrying in 1 s "));
        assert!(at(&retrying, 9000).starts_with("retrying in 0 s "));
    }

    #[test]
    fn how_much_was_sent_is_said_in_the_unit_of_the_whole() {
        assert_eq!(sending(65_536, 300_000), "sending 66 of 300 kB");
        assert_eq!(sending(65_536, 3_100_000), "sending 0.1 of 3.1 MB");
        assert_eq!(sending(3_100_000, 12_000_000), "sending 3.1 of 12 MB");
        assert_eq!(sending(11_960_000, 12_000_000), "sending 12 of 12 MB");
    }
}
