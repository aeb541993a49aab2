//! What stands on standard error while an answer is waited for: the spinner, and what the model
//! thinks. A screen holds one, and clears it before it writes anything itself.

use std::time::Instant;

use super::{
    Console, Status, Thinking,
    line_ends::LineEnds,
    spinner::Spinner,
    spinner_line::SpinnerLine,
    thinking::{Tail, Tally},
};

/// So many rows of a thought are seen at once.
const MOST_ROWS: usize = 3;

/// The spinner with the thoughts under it.
#[derive(Debug)]
pub(super) struct Waiting {
    console: Console,
    thinking: Thinking,
    is_spoken: bool,
    spinner: Spinner,
    thought: Option<Thought>,
}

/// What is being thought.
#[derive(Debug)]
struct Thought {
    began: Instant,
    tally: Tally,
    line_ends: LineEnds,
    /// What is seen of it, where that is repainted.
    tail: Option<Tail>,
    /// What is shown for good at the next flush.
    unshown: String,
    /// It stands on the screen, and its last line has not ended.
    is_in_line: bool,
}

impl Waiting {
    /// Nothing is waited for yet.
    pub(super) fn new(console: Console, thinking: Thinking) -> Self {
        let spinner = Spinner::new(console);
        Self { console, thinking, is_spoken: false, spinner, thought: None }
    }

    /// For somebody who hears it: thoughts that are shown are announced.
    #[must_use]
    pub(super) fn spoken(mut self) -> Self {
        self.is_spoken = true;
        self
    }

    /// Says what is being waited for: the spinner does, or a line for what takes long.
    pub(super) fn status(&mut self, status: &Status) {
        self.end_thought();
        if let Status::Retrying { attempt, most, wait, reason } = status
            && !self.console.facts().can_animate
        {
            self.console.warning(&format!(
                "{reason}; trying again in {:.1} s (attempt {} of {most})",
                wait.as_secs_f64(),
                attempt + 1
            ));
        }
        self.spinner.show(status);
    }

    /// Whether a thought has begun that is not folded yet.
    pub(super) fn is_thinking(&self) -> bool {
        self.thought.is_some()
    }

    /// Whether a thought takes rows on the screen, so that it cannot begin in the middle of one.
    pub(super) fn shows_thoughts(&self) -> bool {
        self.thinking != Thinking::Hide
    }

    /// More of what the model thinks; it need not show before [`Waiting::flush`].
    pub(super) fn think(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let thought = match &mut self.thought {
            Some(thought) => thought,
            none => {
                match self.thinking {
                    Thinking::Show => {
                        self.spinner.clear();
                        if self.is_spoken {
                            self.console.dim("Thinking:\n");
                        }
                    }
                    Thinking::Fold => self.spinner.thinking(),
                    // A hidden thought in the middle of an answer puts no spinner into it.
                    Thinking::Hide if self.spinner.is_shown() => self.spinner.thinking(),
                    Thinking::Hide => {}
                }
                let is_seen = self.thinking == Thinking::Fold && self.spinner.can_animate();
                none.insert(Thought::begin(is_seen))
            }
        };
        let text = &*thought.line_ends.unify(text);
        match self.thinking {
            Thinking::Hide => return,
            Thinking::Show => thought.unshown.push_str(text),
            Thinking::Fold => {}
        }
        thought.tally.push(text);
        if let Some(tail) = &mut thought.tail {
            tail.push(text);
        }
    }

    /// Shows all that was thought so far.
    pub(super) fn flush(&mut self) {
        let Some(thought) = &mut self.thought else { return };
        if let Some(tail) = &thought.tail {
            self.spinner.under(tail.text());
        }
        if !thought.unshown.is_empty() {
            thought.is_in_line = !thought.unshown.ends_with('\n');
            self.console.dim(&thought.unshown);
            thought.unshown.clear();
        }
    }

    /// Takes all of it off the screen, for whoever writes next; of a thought one line stays.
    pub(super) fn clear(&mut self) {
        self.end_thought();
        self.spinner.clear();
    }

    /// Folds a thought, if there is one; the spinner of anything else stays.
    pub(super) fn end_thought(&mut self) {
        if self.thinking == Thinking::Show {
            self.flush();
        }
        let Some(thought) = self.thought.take() else { return };
        if self.thinking == Thinking::Hide {
            return;
        }
        self.spinner.clear();
        if thought.is_in_line {
            self.console.dim("\n");
        }
        self.console.aside(&thought.tally.summary(thought.began.elapsed()));
    }
}

impl Thought {
    fn begin(is_seen: bool) -> Self {
        let tail = is_seen.then(|| {
            let (columns, rows) = SpinnerLine::size();
            // On a low screen the spinner's line and something of what was before stay in sight.
            Tail::new(columns, MOST_ROWS.min(rows.saturating_sub(2)))
        });
        Self {
            began: Instant::now(),
            tally: Tally::default(),
            line_ends: LineEnds::default(),
            tail,
            unshown: String::new(),
            is_in_line: false,
        }
    }
}
