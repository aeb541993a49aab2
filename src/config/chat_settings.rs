//! `[chat]`: how the chat looks and feels, whatever profile it talks to. Pure.

use super::{
    fault::Fault,
    keys::{Key, Places},
    layer::{Layer, Origin},
    value::{self, Value},
};

/// The prompt when none is set.
const PROMPT: &str = "{profile}:{model}> ";

/// The same for the table of keys: a space at its end would not be seen without the marks.
pub(super) const PROMPT_IN_WORDS: &str = "`{profile}:{model}> `";

/// The longest prompt, in characters; it is to leave room for the line.
const LONGEST_PROMPT: usize = 200;

/// What may stand between braces in a prompt.
const PLACEHOLDERS: &[&str] = &["profile", "model"];

/// The words for how a text looks; `none` first, the colours from [`COLORS`] on. Black and white
/// are missing: one of them cannot be read on a dark background, the other not on a light one.
pub(super) const STYLES: &[&str] = &[
    "none",
    "bold",
    "dim",
    "italic",
    "underline",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
];

/// The position of the first colour.
const COLORS: usize = 5;

/// What `[chat]` says, defaults filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatSettings {
    /// `editor`: the keys of vi; else those of emacs.
    pub is_vi: bool,
    /// `prompt`: no control characters, and no `{` but in `{profile}` and `{model}`.
    pub prompt: String,
    /// `prompt_style` as SGR parameters, for example `1;32`; empty for none.
    pub prompt_style: String,
    /// `history`: how many lines are kept on disk; 0 for none.
    pub history: usize,
}

impl ChatSettings {
    /// Reads what [`values`] made whole.
    pub(super) fn of(values: &Layer) -> Self {
        let text = |name| match values.get(name).map(|it| &it.value) {
            Some(Value::Text(text)) => text.as_str(),
            _ => "",
        };
        let history = match values.get("chat.history").map(|it| &it.value) {
            Some(Value::Whole(whole)) => usize::try_from(*whole).unwrap_or(usize::MAX),
            _ => 0,
        };
        Self {
            is_vi: text("chat.editor") == "vi",
            prompt: text("chat.prompt").to_owned(),
            prompt_style: sgr(text("chat.prompt_style")),
            history,
        }
    }
}

/// The keys of `[chat]`: what `top` says of them, over the defaults.
pub(super) fn values(top: &Layer) -> Layer {
    let mut values = top.clone();
    values.retain(|path, _| path.key().places == Places::Chat);
    let mut defaults = Layer::default();
    for (name, value) in [
        ("chat.editor", Value::Text("emacs".into())),
        ("chat.prompt", Value::Text(PROMPT.into())),
        ("chat.prompt_style", Value::Text("bold".into())),
        ("chat.history", Value::Whole(10_000)),
    ] {
        defaults.set_key(name, value, Origin::Default);
    }
    values.over(defaults)
}

/// Checks a prompt: each `{` begins a placeholder that is known, and nothing drives a terminal.
pub(super) fn checked_prompt(key: &Key, text: &str) -> Result<String, Fault> {
    let wrong = |expected: String| {
        let found = "this".to_owned();
        Err(Fault::WrongType { key: key.name.to_owned(), expected, found })
    };
    if text.chars().any(char::is_control) {
        return wrong("a text without control characters".to_owned());
    }
    if text.chars().nth(LONGEST_PROMPT).is_some() {
        return wrong(format!("a text of at most {LONGEST_PROMPT} characters"));
    }
    for (at, _) in text.match_indices('{') {
        let rest = &text[at..];
        let end = rest.find('}').map_or(rest.len(), |end| end + 1);
        let name = rest[..end].strip_prefix('{').and_then(|name| name.strip_suffix('}'));
        if name.is_none_or(|name| !PLACEHOLDERS.contains(&name)) {
            let found = value::excerpt(&rest[..end]);
            return Err(Fault::Placeholder { key: key.name, found, known: PLACEHOLDERS });
        }
    }
    Ok(text.to_owned())
}

/// Checks the words of a style: each known and said once, at most one colour, `none` alone.
pub(super) fn checked_style(key: &Key, text: &str) -> Result<String, Fault> {
    let text = text.to_ascii_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    if let Some(word) = words.iter().find(|word| !STYLES.contains(word)) {
        let word = value::excerpt(word);
        return Err(Fault::UnknownWord { key: key.name, word, allowed: STYLES });
    }
    let colors = words.iter().filter(|word| STYLES[COLORS..].contains(word)).count();
    let is_twice = (1..words.len()).any(|at| words[..at].contains(&words[at]));
    if colors > 1 || is_twice || (words.len() > 1 && words.contains(&STYLES[0])) {
        let (expected, found) = (key.kind.in_words(), "this".into());
        return Err(Fault::WrongType { key: key.name.to_owned(), expected, found });
    }
    Ok(words.join(" "))
}

/// The SGR parameters for words of [`STYLES`].
///
/// Source: ECMA-48, 8.3.117.
fn sgr(words: &str) -> String {
    let parameters = words.split(' ').filter_map(|word| {
        Some(match word {
            "bold" => "1",
            "dim" => "2",
            "italic" => "3",
            "underline" => "4",
            "red" => "31",
            "green" => "32",
            "yellow" => "33",
            "blue" => "34",
            "magenta" => "35",
            "cyan" => "36",
            _ => return None,
        })
    });
    parameters.collect::<Vec<_>>().join(";")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{described, loaded, parse};
    use super::*;
    use crate::config::{Error, keys::KEYS};

    fn mistake(text: &str) -> String {
        described(&Error::Mistakes(parse(text).expect_err("the file holds a mistake")))
    }

    #[test]
    fn without_a_table_the_defaults_hold() {
        let defaults = ChatSettings {
            is_vi: false,
            prompt: "{profile}:{model}> ".into(),
            prompt_style: "1".into(),
            history: 10_000,
        };
        assert_eq!(loaded("").chat(), defaults);
        assert_eq!(loaded("[chat]").chat(), defaults);
        assert_eq!(loaded("chat.editor = \"emacs\"").chat(), defaults);
    }

    #[test]
    fn what_is_set_goes_before_the_defaults() {
        let text = "[chat]\neditor = \"VI\"\nprompt = \"{model} } \"\npromptStyle = \" Dim  cyan\"\n\
                    history = 0";
        let settings = ChatSettings {
            is_vi: true,
            prompt: "{model} } ".into(),
            prompt_style: "2;36".into(),
            history: 0,
        };
        assert_eq!(loaded(text).chat(), settings);
    }

    #[test]
    fn the_defaults_are_those_of_the_table_of_keys() {
        let defaults = values(&Layer::default());
        for key in KEYS.iter().filter(|key| key.places == Places::Chat) {
            let value = match &defaults.get(key.name).expect("it has a default").value {
                Value::Whole(whole) => whole.to_string(),
                Value::Text(text) => text.clone(),
                other => panic!("{other:?}"),
            };
            assert_eq!(key.default.trim_matches('`'), value, "{}", key.name);
        }
    }

    #[test]
    fn every_word_but_none_has_parameters() {
        assert_eq!(sgr("none"), "");
        for word in &STYLES[1..] {
            assert!(!sgr(word).is_empty(), "{word}");
        }
        assert_eq!(loaded("chat.prompt_style = \"none\"").chat().prompt_style, "");
        assert_eq!(loaded("chat.prompt_style = \"green bold\"").chat().prompt_style, "32;1");
    }

    #[test]
    fn a_wrong_prompt_names_its_place_and_the_placeholders() {
        insta::assert_snapshot!(mistake("[chat]\n  prompt = \"{profile}:{modle}> \""), @r"
        /etc/byok.toml:2:3: unknown placeholder `{modle}` in `chat.prompt`: `prompt = …`
          hint: write `{model}`
        ");
        insta::assert_snapshot!(mistake("[chat]\nprompt = \"{model> \""), @r"
        /etc/byok.toml:2:1: unknown placeholder `{model> ` in `chat.prompt`: `prompt = …`
          hint: write `{model}`
        ");
        insta::assert_snapshot!(mistake("[chat]\nprompt = \"{user}@{host}\""), @r"
        /etc/byok.toml:2:1: unknown placeholder `{user}` in `chat.prompt`: `prompt = …`
          hint: the placeholders are `{profile}`, `{model}`
        ");
        insta::assert_snapshot!(mistake("[chat]\nprompt = \"\\u001b[31m> \""), @r#"/etc/byok.toml:2:1: `chat.prompt` must be a text without control characters, not this: `prompt = "\u001b[31m> "`"#);
        insta::assert_snapshot!(mistake("[chat]\nprompt = \"\""), @r#"
        /etc/byok.toml:2:1: `chat.prompt` is empty: `prompt = ""`
          hint: leave `chat.prompt` out to use the default
        "#);
        let long = format!("[chat]\nprompt = \"{}\"", "a".repeat(LONGEST_PROMPT + 1));
        let said = mistake(&long);
        assert!(said.contains("must be a text of at most 200 characters"), "{said}");
    }

    #[test]
    fn a_wrong_style_names_the_words_that_there_are() {
        insta::assert_snapshot!(mistake("[chat]\nprompt_style = \"bold gren\""), @r#"
        /etc/byok.toml:2:1: unknown value `gren` for `chat.prompt_style`: `prompt_style = "bold gren"`
          hint: write `green`
          hint: write one of `none`, `bold`, `dim`, `italic`, `underline`, `red`, `green`, `yellow`, `blue`, `magenta`, `cyan`
        "#);
        insta::assert_snapshot!(mistake("[chat]\nprompt_style = \"red green\""), @r#"/etc/byok.toml:2:1: `chat.prompt_style` must be `none`, or one colour and any other of these words: `bold`, `dim`, `italic`, `underline`, `red`, `green`, `yellow`, `blue`, `magenta`, `cyan`, not this: `prompt_style = "red green"`"#);
        for text in ["none bold", "bold bold"] {
            let said = mistake(&format!("[chat]\nprompt_style = \"{text}\""));
            assert!(said.contains("`chat.prompt_style` must be `none`, or"), "{said}");
        }
    }

    #[test]
    fn keys_of_the_chat_stand_in_its_table_only() {
        insta::assert_snapshot!(mistake("[chat]\neditr = \"vi\""), @r"
        /etc/byok.toml:2:1: unknown key `editr` in `[chat]`: `editr = …`
          hint: write `editor`
        ");
        insta::assert_snapshot!(mistake("[chat]\nmode = \"vi\""), @r"
        /etc/byok.toml:2:1: unknown key `mode` in `[chat]`: `mode = …`
          hint: write `editor`
        ");
        insta::assert_snapshot!(mistake("[chat]\nmodel = \"m\""), @r#"
        /etc/byok.toml:2:1: key `model` may not stand in `[chat]`: `model = "m"`
          hint: it may stand here: `[defaults]`, profile
        "#);
        insta::assert_snapshot!(mistake("[chat]\nsomething_else = 1"), @r"
        /etc/byok.toml:2:1: unknown key `something_else` in `[chat]`: `something_else = …`
          hint: `byok config schema` lists every key
        ");
        insta::assert_snapshot!(mistake("editor = \"vi\""), @r#"
        /etc/byok.toml:1:1: unknown key `editor` at the top of the file: `editor = "vi"`
          hint: write `chat.editor`
        "#);
        insta::assert_snapshot!(mistake("[profiles.a]\nchat.editor = \"vi\""), @r#"
        /etc/byok.toml:2:6: key `chat.editor` may not stand in profile `a`: `chat.editor = "vi"`
          hint: it may stand here: `[chat]`
        "#);
        insta::assert_snapshot!(mistake("[defaults.chat]\nhistory = 1"), @r"
        /etc/byok.toml:2:1: key `chat.history` may not stand in `[defaults]`: `history = 1`
          hint: it may stand here: `[chat]`
        ");
        insta::assert_snapshot!(mistake("[chat]\nhistory = -1"), @"/etc/byok.toml:2:1: `chat.history` must be a whole number from 0 to 1000000, not this whole number: `history = -1`");
        insta::assert_snapshot!(mistake("[chat]\nprompt_style = \"dim\"\npromptStyle = \"dim\""), @r"
        /etc/byok.toml:3:1: `chat.prompt_style` and `chat.promptStyle` are one key: `promptStyle = …`
          hint: keep one of the two
        ");
        insta::assert_snapshot!(mistake("chat = 1"), @"/etc/byok.toml:1:1: `chat` must be a table, not this whole number: `chat = …`");
    }
}
