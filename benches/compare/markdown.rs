//! Markdown in deltas of 4 bytes, as models send it.

/// Letters of the words; no word of three of them is one of a language, or of Markdown.
const LETTERS: &[u8] = b"bcdfghjkmnpqrstvwxz";

/// The last word of [`answer`], which stands nowhere else.
pub(crate) const LAST: &str = "finished-at-last";

/// What one delta says.
#[derive(Debug)]
pub(crate) struct Piece {
    pub(crate) text: String,
    /// The word in it, when it is looked for.
    pub(crate) word: Option<String>,
}

impl Piece {
    fn mark(text: &str) -> Self {
        Self { text: text.to_owned(), word: None }
    }
}

/// So many words, each once and in a delta of its own, in paragraphs, lists and code: text that
/// nothing which follows can change.
pub(crate) fn words(count: usize) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(count + count / 8);
    for index in 0..count {
        // Blocks of 60 words: a paragraph, a list with 10 words an item, code with 6 a line.
        let (block, place) = (index / 60 % 3, index % 60);
        match (block, place) {
            (0, 0) if index > 0 => pieces.push(Piece::mark("```\n\n")),
            (1, 0) => pieces.push(Piece::mark("\n\n- ")),
            (1, _) if place % 10 == 0 => pieces.push(Piece::mark("\n- ")),
            (2, 0) => pieces.push(Piece::mark("\n\n```rust\n")),
            _ => {}
        }
        let word = word(index);
        let ends_line = block == 2 && place % 6 == 5;
        let text = format!("{word}{}", if ends_line { '\n' } else { ' ' });
        pieces.push(Piece { text, word: Some(word) });
    }
    pieces
}

/// The word of this index: three letters, from which the index could be read again.
fn word(index: usize) -> String {
    let base = LETTERS.len();
    let digits = [index / base / base % base, index / base % base, index % base];
    digits.iter().map(|digit| char::from(LETTERS[*digit])).collect()
}

/// About so many bytes of everything, with [`LAST`] at the end.
pub(crate) fn answer(length: usize) -> Vec<Piece> {
    let mut text = String::with_capacity(length + 2048);
    let mut number = 0;
    while text.len() < length {
        number += 1;
        section(number, &mut text);
    }
    text.push_str(LAST);
    text.push('\n');
    let mut pieces = Vec::with_capacity(text.len() / 4 + 1);
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let at = rest.ceil_char_boundary(4);
        pieces.push(Piece::mark(&rest[..at]));
        rest = &rest[at..];
    }
    pieces
}

fn section(number: usize, text: &mut String) {
    text.push_str(&SECTION.replace("{n}", &number.to_string()));
}

/// What a section looks like; `{n}` is its number.
const SECTION: &str = "## {n}. What happens to the request

The handler reads the request, checks that its **signature** is right, and hands it on. When that takes
longer than *30 ms*, the caller gets a `503` and tries again; see [the manual](https://a.example/{n}) for
what it does then. Nothing of this is new: 以前と同じです.

1. The first step is to look at `config.toml`, where the limits stand.
2. The second one is to measure:
   - how long a call takes,
   - and how many there are at once.
3. The third is up to you.

```rust
/// Says how many calls may run at once.
fn limit(config: &Config) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from); // never 0
    config.limit.unwrap_or(cores * {n})
}
```

| Limit | Calls a second | p99 |
|------:|---------------:|----:|
| 1 | 1,200 | 3.1 ms |
| {n} | 4,800 | 3.4 ms |

> Measure before you turn the knob, and after it.

";
