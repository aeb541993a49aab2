//! What the keys mean that rustyline means otherwise, or does not know.
//!
//! rustyline gives back what was typed ahead only when a line is accepted. So no key ends a line
//! through an error: Ctrl-C, Ctrl-D and Ctrl-G leave a note and accept the line.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use rustyline::{
    Cmd, ConditionalEventHandler, EditMode, Event, EventContext, InputMode, KeyCode, KeyEvent,
    Modifiers, Movement, RepeatCount,
};

use super::{block, typing::Change};

/// A key after so long is a person's, not the rest of a paste.
const PAUSE: Duration = Duration::from_millis(100);

/// The paste that comes as keys says itself where it ends.
const UNTIL_ITS_END: u64 = u64::MAX;

/// How a line ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// Enter.
    Sent,
    /// Ctrl-C.
    Interrupted,
    /// Ctrl-G.
    Edit,
    /// Ctrl-D.
    End,
}

/// What the keys leave for whoever reads the line. Atomic because rustyline wants the handlers of
/// keys to be shared between threads; there is only one.
#[derive(Debug)]
pub(super) struct Notes {
    ending: AtomicU8,
    change: AtomicU8,
    paste_at: AtomicUsize,
    is_continuing: AtomicBool,
    is_searching: AtomicBool,
    has_history: AtomicBool,
    began: Instant,
    /// When the last key of a paste that broke came, in milliseconds since `began`, and 1. 0: none
    /// did; [`UNTIL_ITS_END`].
    spilled: AtomicU64,
}

impl Notes {
    pub(super) fn new() -> Self {
        Self {
            ending: AtomicU8::new(Ending::Sent as u8),
            change: AtomicU8::new(0),
            paste_at: AtomicUsize::new(0),
            is_continuing: AtomicBool::new(false),
            is_searching: AtomicBool::new(false),
            has_history: AtomicBool::new(false),
            began: Instant::now(),
            spilled: AtomicU64::new(0),
        }
    }

    /// A new line begins. `has_history`: there is something to search.
    pub(super) fn begin(&self, has_history: bool) {
        self.ending.store(Ending::Sent as u8, Relaxed);
        self.set_change(Change::Edit);
        self.is_continuing.store(false, Relaxed);
        self.is_searching.store(false, Relaxed);
        self.has_history.store(has_history, Relaxed);
    }

    pub(super) fn ending(&self) -> Ending {
        [Ending::Sent, Ending::Interrupted, Ending::Edit, Ending::End]
            .into_iter()
            .find(|ending| *ending as u8 == self.ending.load(Relaxed))
            .unwrap_or(Ending::Sent)
    }

    /// What the last key did to the line.
    pub(super) fn change(&self) -> Change {
        match self.change.load(Relaxed) {
            1 => Change::At,
            2 => Change::Paste(self.paste_at.load(Relaxed)),
            3 => Change::Recall,
            _ => Change::Edit,
        }
    }

    /// Whether the backslash before the cursor is to become a line feed; asked once.
    pub(super) fn take_continuing(&self) -> bool {
        self.is_continuing.swap(false, Relaxed)
    }

    /// Whether the history is being searched.
    pub(super) fn is_searching(&self) -> bool {
        self.is_searching.load(Relaxed)
    }

    /// Reading broke off at bytes that are no text. If that was in a paste, its rest arrives as if
    /// it were typed, and must not be sent.
    pub(super) fn note_broken(&self) {
        if matches!(self.change(), Change::Paste(_)) || self.spilled.load(Relaxed) > 0 {
            self.spilled.store(self.now(), Relaxed);
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX - 1) + 1
    }

    /// Whether this key is the rest of a paste that broke.
    fn is_spilling(&self) -> bool {
        let last = self.spilled.load(Relaxed);
        if matches!(last, 0 | UNTIL_ITS_END) {
            return last == UNTIL_ITS_END;
        }
        let now = self.now();
        let is_spilling = u128::from(now.saturating_sub(last)) <= PAUSE.as_millis();
        self.spilled.store(if is_spilling { now } else { 0 }, Relaxed);
        is_spilling
    }

    /// From here on a paste comes as keys.
    fn begin_spill(&self) -> Option<Cmd> {
        self.spilled.store(UNTIL_ITS_END, Relaxed);
        Some(Cmd::Noop)
    }

    /// What a key means that is part of a paste: nothing but its text.
    fn spill(&self, key: KeyEvent) -> Option<Cmd> {
        if self.change() == Change::At {
            self.set_change(Change::Edit);
        }
        match key {
            KeyEvent(KeyCode::BracketedPasteEnd, _) => {
                self.spilled.store(0, Relaxed);
                Some(Cmd::Noop)
            }
            KeyEvent(KeyCode::Enter, _) | KeyEvent(KeyCode::Char('J' | 'M'), Modifiers::CTRL) => {
                Some(Cmd::Newline)
            }
            KeyEvent(KeyCode::Tab, _) | KeyEvent(KeyCode::Char('I'), Modifiers::CTRL) => {
                Some(Cmd::Insert(1, "\t".to_owned()))
            }
            // Ctrl-C gets out of it, should its end never come.
            KeyEvent(KeyCode::Char('C'), Modifiers::CTRL) => {
                self.spilled.store(0, Relaxed);
                None
            }
            KeyEvent(KeyCode::Char(_), Modifiers::CTRL) => Some(Cmd::Noop),
            _ => None,
        }
    }

    fn set_change(&self, change: Change) {
        let code = match change {
            Change::Edit => 0,
            Change::At => 1,
            Change::Paste(at) => {
                self.paste_at.store(at, Relaxed);
                2
            }
            Change::Recall => 3,
        };
        self.change.store(code, Relaxed);
    }

    /// Whether the history was being searched when this key came; notes whether it still is.
    fn follow_search(&self, key: KeyEvent) -> bool {
        let was_searching = self.is_searching();
        let is_searching = match key {
            KeyEvent(KeyCode::Char('R'), Modifiers::CTRL) => self.has_history.load(Relaxed),
            KeyEvent(KeyCode::Char('S' | 'H'), Modifiers::CTRL)
            | KeyEvent(KeyCode::Char(_) | KeyCode::Backspace, Modifiers::NONE) => was_searching,
            _ => false,
        };
        self.is_searching.store(is_searching, Relaxed);
        was_searching
    }
}

/// The keys of the terminal for interrupt, quit and suspend, where they are not the usual ones.
#[derive(Debug, Clone, Copy, Default)]
struct TerminalKeys {
    interrupt: Option<KeyEvent>,
    quit: Option<KeyEvent>,
    suspend: Option<KeyEvent>,
}

impl TerminalKeys {
    #[cfg(unix)]
    fn detect() -> Self {
        use rustix::termios::{SpecialCodeIndex, tcgetattr};

        let Ok(termios) = tcgetattr(std::io::stdin()) else { return Self::default() };
        let key = |index| {
            let code = termios.special_codes[index];
            // 0 (and 255 on some systems) says that there is no such key.
            (code != 0 && code < 0x80).then(|| KeyEvent::new(char::from(code), Modifiers::NONE))
        };
        Self {
            interrupt: key(SpecialCodeIndex::VINTR),
            quit: key(SpecialCodeIndex::VQUIT),
            suspend: key(SpecialCodeIndex::VSUSP),
        }
    }

    #[cfg(not(unix))]
    fn detect() -> Self {
        Self::default()
    }
}

/// Sees every key before rustyline does.
pub(super) struct Keys {
    notes: Arc<Notes>,
    suspend: Arc<dyn Fn() + Send + Sync>,
    terminal: TerminalKeys,
}

impl Keys {
    pub(super) fn new(notes: Arc<Notes>, suspend: Arc<dyn Fn() + Send + Sync>) -> Self {
        Self { notes, suspend, terminal: TerminalKeys::detect() }
    }

    fn end(&self, ending: Ending) -> Option<Cmd> {
        self.notes.ending.store(ending as u8, Relaxed);
        Some(Cmd::AcceptLine)
    }

    fn enter(&self, context: &EventContext) -> Option<Cmd> {
        if context.pos() < context.line().len() || !block::is_continued(context.line()) {
            return None;
        }
        // `Cmd::Replace` would leave the cursor before the line feed; a completion puts it behind.
        self.notes.is_continuing.store(true, Relaxed);
        Some(Cmd::Complete)
    }
}

impl ConditionalEventHandler for Keys {
    fn handle(
        &self,
        event: &Event,
        _: RepeatCount,
        _: bool,
        context: &EventContext,
    ) -> Option<Cmd> {
        const NONE: Modifiers = Modifiers::NONE;
        const CTRL: Modifiers = Modifiers::CTRL;

        let notes = &self.notes;
        // A list of completions may have swallowed what the key before asked for.
        notes.ending.store(Ending::Sent as u8, Relaxed);
        notes.is_continuing.store(false, Relaxed);
        match event.get(1) {
            None => {}
            Some(KeyEvent(KeyCode::BracketedPasteStart, _)) => return notes.begin_spill(),
            // Ctrl-X Ctrl-E.
            Some(_) => return self.end(Ending::Edit),
        }
        let key = *event.get(0)?;
        let was_searching = notes.follow_search(key);
        notes.set_change(change(key, context, was_searching || notes.is_searching()));
        if notes.is_spilling()
            && let Some(command) = notes.spill(key)
        {
            return Some(command);
        }
        if Some(key) == self.terminal.suspend {
            (self.suspend)();
            return Some(Cmd::Repaint);
        }
        if Some(key) == self.terminal.interrupt || Some(key) == self.terminal.quit {
            return self.end(Ending::Interrupted);
        }
        match key {
            KeyEvent(KeyCode::Char('C' | '\\'), CTRL) => self.end(Ending::Interrupted),
            KeyEvent(KeyCode::Char('G'), CTRL) if was_searching => Some(Cmd::Abort),
            KeyEvent(KeyCode::Char('G'), CTRL) => self.end(Ending::Edit),
            KeyEvent(KeyCode::Char('D'), CTRL) if context.line().is_empty() => {
                self.end(Ending::End)
            }
            // In vi mode it would accept the line.
            KeyEvent(KeyCode::Char('D'), CTRL) => Some(Cmd::Kill(Movement::ForwardChar(1))),
            KeyEvent(KeyCode::Char('Z'), CTRL) => {
                (self.suspend)();
                Some(Cmd::Repaint)
            }
            // NUL: a terminal without a key for the end of file would have this one for it.
            KeyEvent(KeyCode::Char('@'), CTRL) => Some(Cmd::Noop),
            // Quoting the next key would break a paste apart, and puts controls into the line.
            KeyEvent(KeyCode::Char('V' | 'Q'), CTRL) if cfg!(unix) => Some(Cmd::Noop),
            // So would searching for the next key in the line.
            KeyEvent(KeyCode::Char(']'), modifiers) if modifiers.contains(CTRL) => Some(Cmd::Noop),
            KeyEvent(KeyCode::Enter | KeyCode::Char('M'), NONE | CTRL) => self.enter(context),
            KeyEvent(KeyCode::Char('J'), modifiers) if modifiers.contains(CTRL) => {
                Some(Cmd::Newline)
            }
            KeyEvent(KeyCode::Enter, _) => Some(Cmd::Newline),
            KeyEvent(KeyCode::Char('M'), modifiers) if modifiers.contains(CTRL) => {
                Some(Cmd::Newline)
            }
            // A hint that only explains is nothing to accept; rustyline would beep.
            KeyEvent(KeyCode::Right, NONE)
                if context.has_hint()
                    && context.hint_text().is_none()
                    && context.pos() == context.line().len() =>
            {
                Some(Cmd::Noop)
            }
            // Esc before a paste: rustyline would take the two for one key, and the text for typed.
            KeyEvent(KeyCode::BracketedPasteStart, modifiers) if !modifiers.is_empty() => {
                notes.begin_spill()
            }
            _ => None,
        }
    }
}

/// What a key is going to do to the line.
fn change(key: KeyEvent, context: &EventContext, is_searching: bool) -> Change {
    let is_vi_command =
        context.mode() == EditMode::Vi && context.input_mode() == InputMode::Command;
    match key {
        KeyEvent(KeyCode::BracketedPasteStart, _) => Change::Paste(context.pos()),
        _ if is_searching => Change::Recall,
        KeyEvent(KeyCode::Up | KeyCode::Down, _)
        | KeyEvent(KeyCode::Char('P' | 'N' | 'R' | 'S'), Modifiers::CTRL)
        | KeyEvent(KeyCode::Char('<' | '>'), Modifiers::ALT) => Change::Recall,
        KeyEvent(KeyCode::Char('j' | 'k' | '+' | '-'), Modifiers::NONE) if is_vi_command => {
            Change::Recall
        }
        KeyEvent(KeyCode::Char('@'), Modifiers::NONE) if !is_vi_command => Change::At,
        _ => Change::Edit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTER: KeyEvent = KeyEvent(KeyCode::Enter, Modifiers::NONE);

    #[test]
    fn a_paste_that_comes_as_keys_neither_sends_nor_attaches() {
        let notes = Notes::new();
        assert!(!notes.is_spilling());
        assert_eq!(notes.begin_spill(), Some(Cmd::Noop));
        notes.set_change(Change::At);
        assert_eq!(notes.spill(KeyEvent::from('@')), None);
        assert_eq!(notes.change(), Change::Edit);
        assert_eq!(notes.spill(ENTER), Some(Cmd::Newline));
        assert_eq!(notes.spill(KeyEvent::ctrl('D')), Some(Cmd::Noop));
        assert!(notes.is_spilling());
        notes.spill(KeyEvent(KeyCode::BracketedPasteEnd, Modifiers::NONE));
        assert!(!notes.is_spilling());
    }

    #[test]
    fn the_rest_of_a_broken_paste_is_told_from_a_key_by_the_pause_before_it() {
        let notes = Notes::new();
        notes.note_broken();
        assert!(!notes.is_spilling(), "a key was no text, not a paste");
        notes.set_change(Change::Paste(3));
        notes.note_broken();
        notes.spilled.store(u64::MAX - 1, Relaxed);
        assert!(notes.is_spilling());
        let began = Instant::now().checked_sub(Duration::from_secs(1));
        let notes = Notes { began: began.expect("a second has passed"), ..notes };
        notes.spilled.store(1, Relaxed);
        assert!(!notes.is_spilling());
        assert_eq!(notes.spilled.load(Relaxed), 0);
    }

    #[test]
    fn a_search_lasts_while_its_text_is_typed() {
        let notes = Notes::new();
        assert!(!notes.follow_search(KeyEvent::ctrl('R')));
        assert!(!notes.is_searching(), "there is nothing to search");
        notes.begin(true);
        notes.follow_search(KeyEvent::ctrl('R'));
        assert!(notes.follow_search(KeyEvent::from('a')));
        assert!(notes.follow_search(KeyEvent::ctrl('R')));
        assert!(notes.follow_search(KeyEvent::ctrl('G')));
        assert!(!notes.follow_search(KeyEvent::from('a')));
    }
}
