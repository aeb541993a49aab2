//! Years of conversations, made up: the same ones each time.

use std::{
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

use jiff::{SignedDuration, Timestamp};

/// Sessions.
pub(crate) const SESSIONS: u32 = 10_000;

/// Turns of the longest one, and the bytes of an answer in it.
pub(crate) const LONG_TURNS: u32 = 10_000;
const LONG_ANSWER: usize = 1_700;

/// A word that stands in three sessions.
pub(crate) const RARE: &str = "zyxomma";

/// Where [`RARE`] is said.
const WITH_RARE: [u32; 3] = [123, 5_678, 9_876];

/// One of so many sessions is a fork of the one before it, has a name, or has words of other scripts.
const FORKS: u32 = 20;
const NAMES: u32 = 7;
const FOREIGN: u32 = 11;

/// What was made.
#[derive(Debug)]
pub(crate) struct Archive {
    /// The session with [`LONG_TURNS`] turns.
    pub(crate) longest: PathBuf,
    /// Bytes of all files.
    pub(crate) bytes: u64,
}

/// Fills a folder.
pub(crate) fn make(folder: &Path) -> io::Result<Archive> {
    fs::create_dir_all(folder)?;
    let mut random = Random(1);
    let words: Vec<String> = (0..6_000).map(|_| random.word()).collect();
    let mut archive = Archive { longest: PathBuf::new(), bytes: 0 };
    let mut before = String::new();
    for number in 0..SESSIONS {
        let mut session = Session::begin(number, &words, Random(u64::from(number) + 2));
        if number % FORKS == 1 {
            session.lines.push_str(&before);
        }
        // The first turn is what the next session may share.
        session.turn(1_500);
        before = session.lines.split_inclusive('\n').skip(1).take(2).collect();
        if number == 0 {
            (1..LONG_TURNS).for_each(|_| session.turn(LONG_ANSWER));
        } else {
            let length = session.random.length();
            while session.lines.len() < length {
                let answer = 300 + session.random.below(4_000);
                session.turn(answer);
            }
        }
        let path = folder.join(&session.file);
        fs::write(&path, &session.lines)?;
        archive.bytes += u64::try_from(session.lines.len()).map_err(io::Error::other)?;
        if number == 0 {
            archive.longest = path;
        }
    }
    Ok(archive)
}

struct Session<'a> {
    number: u32,
    words: &'a [String],
    random: Random,
    file: String,
    lines: String,
    at: Timestamp,
    turns: u32,
}

impl<'a> Session<'a> {
    fn begin(number: u32, words: &'a [String], random: Random) -> Self {
        let first = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * 365 * 54);
        let at = first + SignedDuration::from_mins(50 * i64::from(number));
        let id = id(number);
        let mut lines = format!(
            "{{\"type\":\"session\",\"v\":1,\"id\":\"{id}\",\"at\":\"{at:.3}\",\"program\":\"byok 0.1.0\",\
             \"directory\":\"/home/someone/work/project-{}\",\"terminal\":\"tty {}\"",
            number % 50,
            number / 20,
        );
        if number % FORKS == 1 {
            let _ = write!(lines, ",\"forkedFrom\":\"{}\"", self::id(number - 1));
        }
        lines.push_str("}\n");
        let file = format!("{}-{id}.jsonl", at.strftime("%Y-%m-%dT%H%M%SZ"));
        let mut session = Self { number, words, random, file, lines, at, turns: 0 };
        if number.is_multiple_of(NAMES) {
            let name = format!("{} {}", session.word(), session.word());
            let _ = writeln!(
                session.lines,
                "{{\"type\":\"name\",\"at\":\"{at:.3}\",\"name\":\"{name}\"}}"
            );
        }
        session
    }

    /// A question and its answer of about so many bytes.
    fn turn(&mut self, answer: usize) {
        let profile = ["work", "home", "local"][self.random.below(3)];
        let head =
            format!("\"profile\":\"{profile}\",\"model\":\"model-{profile}\",\"wire\":\"chat\"");
        let id = format!("t{}x{}", self.number, self.turns);
        let parent = match self.turns {
            0 => "null".to_owned(),
            turns => format!("\"t{}x{}\"", self.number, turns - 1),
        };
        let length = 40 + self.random.below(300);
        let question = self.text(length);
        self.at += SignedDuration::from_secs(30);
        let _ = writeln!(
            self.lines,
            "{{\"type\":\"turn\",\"id\":\"{id}\",\"parent\":{parent},\"at\":\"{:.3}\",{head},\"text\":\"{question}\"}}",
            self.at,
        );
        let text = self.text(answer);
        self.at += SignedDuration::from_secs(9);
        // One in ten was slow, and grew.
        if self.random.below(10) == 0 {
            let _ = writeln!(
                self.lines,
                "{{\"type\":\"more\",\"turn\":\"{id}\",\"part\":0,\"kind\":\"text\",\"text\":\"{text}\"}}"
            );
        }
        let thoughts = if self.random.below(8) == 0 {
            format!("{{\"kind\":\"reasoning\",\"text\":\"{}\"}},", self.text(answer / 2))
        } else {
            String::new()
        };
        let _ = writeln!(
            self.lines,
            "{{\"type\":\"answer\",\"turn\":\"{id}\",\"at\":\"{:.3}\",\"state\":\"complete\",{head},\
             \"servedModel\":\"model-{profile}-1\",\"finishReason\":\"stop\",\"requestId\":\"req_{id}\",\
             \"usage\":{{\"inputTokens\":{},\"outputTokens\":{}}},\"firstMs\":412,\"totalMs\":8731,\
             \"parts\":[{thoughts}{{\"kind\":\"text\",\"text\":\"{text}\"}}]}}",
            self.at,
            self.lines.len() / 4,
            text.len() / 4,
        );
        self.turns += 1;
    }

    /// Paragraphs, some of them code, as they stand in a JSON string.
    fn text(&mut self, length: usize) -> String {
        let mut text = String::with_capacity(length + 64);
        if self.turns == 1 && WITH_RARE.contains(&self.number) {
            text.push_str("Zyxomma ");
        }
        while text.len() < length {
            match self.random.below(60) {
                0 => text.push_str(".\\n\\n"),
                1 => text.push_str("\\n- "),
                2 => text.push_str("\\n```\\nlet it = \\\"this\\\";\\n```\\n"),
                3 if self.number.is_multiple_of(FOREIGN) => text.push_str("größer, なるほど "),
                _ => {
                    text.push_str(self.word());
                    text.push(' ');
                }
            }
        }
        text
    }

    /// A word; some are said often, most seldom.
    fn word(&mut self) -> &'a str {
        let most = self.random.below(self.words.len()) + 1;
        &self.words[self.random.below(most)]
    }
}

fn id(number: u32) -> String {
    let letter =
        |digit: u32| char::from(b"bcdfghjkmnpqrstv"[(number >> (4 * digit)) as usize & 15]);
    // What differs stands first, as in random ones.
    (0..6).map(letter).chain("mnpqrstv".chars()).collect()
}

/// Numbers without a pattern (splitmix64), the same from the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 33).unwrap_or_default() % end.max(1)
    }

    /// The length of a session: most are short, few very long.
    fn length(&mut self) -> usize {
        match self.below(100) {
            0..50 => 3_000 + self.below(12_000),
            50..85 => 20_000 + self.below(50_000),
            85..99 => 80_000 + self.below(130_000),
            _ => 400_000 + self.below(1_000_000),
        }
    }

    fn word(&mut self) -> String {
        let syllables = 1 + self.below(4);
        let mut syllable = || {
            let first =
                ["b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v"];
            let last = ["a", "e", "i", "o", "u", "an", "en", "ion", "er", "es", "ing", "al"];
            [first[self.below(first.len())], last[self.below(last.len())]].concat()
        };
        (0..syllables).map(|_| syllable()).collect()
    }
}
