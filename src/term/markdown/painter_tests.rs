//! The painter before a terminal of vt100.

use super::*;
use crate::term::{Ink, Palette, Role, Style, StyledLine as Line};

const SIZE: Size = Size { columns: 10, rows: 6 };

fn terminal(columns: u16) -> vt100::Parser {
    let number = |it| std::num::NonZeroU16::new(it).expect("a terminal has a size");
    vt100::Parser::new(number(6), number(columns), 100)
}

struct Bench {
    painter: Painter,
    ink: Ink,
    terminal: vt100::Parser,
}

impl Bench {
    fn new() -> Self {
        Self {
            painter: Painter::new(SIZE, true),
            ink: Ink::new(Palette::Sixteen, true),
            terminal: terminal(10),
        }
    }

    /// Shows rows: `=` in front of a settled one, `+` of one that joins the row before it.
    #[track_caller]
    fn show(&mut self, rows: &[&str], may_repaint: bool) -> bool {
        self.show_in(rows, may_repaint, &Style::default())
    }

    fn show_in(&mut self, rows: &[&str], may_repaint: bool, style: &Style) -> bool {
        let (mut settled, mut tail) = (Vec::new(), Vec::new());
        for row in rows {
            let (is_settled, row) = row.strip_prefix('=').map_or((false, *row), |row| (true, row));
            let (joins, text) = row.strip_prefix('+').map_or((false, row), |row| (true, row));
            let row = Row { line: Line::of(text, style), joins };
            if is_settled { settled.push(row) } else { tail.push(row) }
        }
        let is_pending = self.painter.update(settled, tail, may_repaint, &mut self.ink);
        let bytes = String::from_utf8_lossy(self.ink.bytes()).replace('\n', "\r\n");
        self.ink.clear();
        self.terminal.process(bytes.as_bytes());
        is_pending
    }

    #[track_caller]
    fn sees(&mut self, expected: &str) {
        let screen = self.terminal.screen_mut();
        let mut all = String::new();
        for offset in (0..=100).rev() {
            screen.set_scrollback(offset);
            if screen.scrollback() == offset && offset > 0 {
                all.push_str(screen.rows(0, 10).next().unwrap_or_default().trim_end());
                all.push('\n');
            }
        }
        screen.set_scrollback(0);
        all.push_str(&screen.contents());
        assert_eq!(all.trim_end(), expected);
    }
}

#[test]
fn what_continues_the_tail_is_appended_without_a_repaint() {
    let mut bench = Bench::new();
    for rows in [&["a"][..], &["ab"], &["ab", "c"], &["=ab", "=cd", "e"], &["=ef", "", "g"]] {
        assert!(!bench.show(rows, false));
    }
    bench.sees("ab\ncd\nef\n\ng");
    assert_eq!(bench.painter.repaints(), 0);
}

#[test]
fn a_change_waits_until_it_may_be_painted() {
    let mut bench = Bench::new();
    bench.show(&["=first", "**bo"], true);
    assert!(bench.show(&["bold"], false));
    bench.sees("first\n**bo");
    assert!(!bench.show(&["bold!"], true));
    bench.sees("first\nbold!");
}

#[test]
fn a_new_look_does_not_hold_up_new_text() {
    let mut bench = Bench::new();
    bench.show(&["let"], true);
    assert!(bench.show_in(&["let x"], false, &Style::of(Role::Keyword)));
    bench.sees("let x");
    assert!(!bench.show_in(&["=let x"], true, &Style::of(Role::Keyword)));
    bench.sees("let x");
    let cell = bench.terminal.screen().cell(0, 0);
    assert_ne!(cell.map(vt100::Cell::fgcolor), Some(vt100::Color::Default));
}

#[test]
fn what_follows_a_tab_behind_a_full_row_stands_on_nothing() {
    let mut bench = Bench::new();
    bench.show(&["=0123456789\tab", "=\tx"], true);
    bench.show(&["=012345678", "=+9", "=+\tcd", "y"], true);
    bench.sees("0123456789 ab\n        x\n0123456789 cd\ny");
}

#[test]
fn a_row_that_comes_in_pieces_is_not_new() {
    let mut bench = Bench::new();
    bench.show(&["one two thr"], true);
    assert!(!bench.show(&["=one two ", "=+three", "four"], false));
    bench.sees("one two three\nfour");
    assert_eq!(bench.painter.repaints(), 0);
}

#[test]
fn a_piece_behind_a_full_row_stands_in_the_next_one() {
    let mut bench = Bench::new();
    bench.show(&["head", "0123456789", "+abc"], true);
    let bold = Style { is_bold: true, ..Style::default() };
    bench.show_in(&["head", "0123456789", "+abc"], true, &bold);
    bench.sees("head\n0123456789abc");
}

#[test]
fn rows_that_wrap_are_painted_over_whole() {
    let mut bench = Bench::new();
    bench.show(&["=head", "0123456789", "abcdefghijklmno"], true);
    bench.show(&["x", "y"], true);
    bench.sees("head\nx\ny");
    // A row that is exactly filled leaves the cursor in it.
    bench.show(&["0123456789"], true);
    bench.show(&["z"], true);
    bench.sees("head\nz");
}

#[test]
fn a_row_that_goes_on_is_painted_from_where_it_goes_on() {
    let mut bench = Bench::new();
    bench.show(&["=01234567", "+89abc"], true);
    bench.show(&["+XYZ"], true);
    bench.sees("01234567XYZ");
    // What is settled fills its row.
    let mut bench = Bench::new();
    bench.show(&["=0123456789", "+abc"], true);
    bench.show(&["+X"], true);
    bench.sees("0123456789X");
}

#[test]
fn what_would_leave_the_screen_waits_until_it_is_settled() {
    let mut bench = Bench::new();
    bench.show(&["=top", "1", "2", "3", "4", "5", "6", "7"], true);
    bench.sees("top\n1\n2\n3\n4\n5");
    bench.show(&["=1", "=2", "=3", "=4", "=5", "=6", "=7", "=8"], true);
    bench.sees("top\n1\n2\n3\n4\n5\n6\n7\n8");
    bench.show(&["a", "b", "c", "d", "e", "f", "g"], true);
    // So its first words can still be mended.
    bench.show(&["=A", "=b", "=c", "=d", "=e", "=f", "=g", "=h"], true);
    bench.sees("top\n1\n2\n3\n4\n5\n6\n7\n8\nA\nb\nc\nd\ne\nf\ng\nh");
}

#[test]
fn where_nothing_can_be_mended_nothing_is_lost() {
    let mut bench = Bench::new();
    bench.show(&["a", "b", "c"], true);
    bench.painter.leave(&mut bench.ink);
    bench.show(&["=a and d", "=e"], true);
    bench.sees("a\nb\nc\n and d\ne");
}

#[test]
fn what_somebody_else_writes_is_never_painted_over() {
    let mut bench = Bench::new();
    bench.show(&["the ans"], true);
    bench.painter.leave(&mut bench.ink);
    bench.ink.text("note", &Style::default());
    bench.ink.line_feed();
    bench.show(&["the answer"], true);
    bench.sees("the ans\nnote\nwer");
    bench.show(&["THE answer", "end"], true);
    // What nobody can mend any more is said once more.
    bench.sees("the ans\nnote\nwer\nTHE answer\nend");
}

#[test]
fn the_height_of_some_pictures_nobody_knows() {
    let mut bench = Bench::new();
    let family = "👩\u{200d}👩\u{200d}👧\u{200d}👦".repeat(3);
    bench.show(&["=head", &family], true);
    bench.show(&["other"], true);
    assert_eq!(bench.painter.repaints(), 0);
}

#[test]
fn behind_a_doubtful_picture_a_line_is_painted_from_its_beginning() {
    let mut bench = Bench::new();
    bench.show(&["a 👩\u{200d}👧 ![w"], true);
    bench.show(&["=a 👩\u{200d}👧 ", "+![w"], false);
    bench.show(&["=+[w]"], true);
    bench.sees("a 👩\u{200d}👧 [w]");
}

#[test]
fn a_narrower_terminal_wraps_the_tail_anew() {
    let mut bench = Bench::new();
    bench.show(&["=head", "abcdefgh"], true);
    // As a terminal does that wraps its lines anew.
    bench.terminal = terminal(5);
    bench.terminal.process(b"head\r\nabcdefgh");
    bench.painter.resize(Size { columns: 5, rows: 6 });
    bench.show(&["ABC"], true);
    assert_eq!(bench.terminal.screen().contents().trim_end(), "head\nABC");
}

#[test]
fn a_terminal_that_does_not_wrap_anew_keeps_what_it_shows() {
    let mut bench = Bench::new();
    bench.painter = Painter::new(SIZE, false);
    bench.show(&["=head", "abcdefgh"], true);
    bench.painter.resize(Size { columns: 8, rows: 6 });
    bench.show(&["abcdefghij"], true);
    bench.show(&["ABCDEFGHIJ"], true);
    assert_eq!(bench.painter.repaints(), 0);
}

#[test]
fn what_is_shown_behind_a_doubtful_picture_stays_where_the_row_may_be_full() {
    let mut bench = Bench::new();
    assert!(!bench.show(&["\u{26a0}\u{fe0f} abcdef"], true));
    // Eight columns or nine; with two more ten or eleven, which are one row or two.
    for more in ["g", "gh", "ghijk"] {
        let text = format!("\u{26a0}\u{fe0f} abcdef{more}");
        assert!(!bench.show(&[&text], true));
        assert!(bench.painter.shown[0].row.line.text().contains("abcdef"), "{text}");
    }
    assert_eq!(bench.painter.shown[0].row.line.text(), "\u{26a0}\u{fe0f} abcdefghijk");
    assert_eq!(bench.painter.repaints(), 0);
}

#[test]
fn what_stays_although_it_says_less_now_leaves_no_empty_row() {
    let mut bench = Bench::new();
    bench.show(&["head", "ab   12"], true);
    bench.painter.keep();
    bench.show(&["=head", "=ab", "=next"], true);
    assert_eq!(bench.terminal.screen().contents(), "head\nab   12\nnext");
}
