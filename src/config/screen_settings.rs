//! `[screen]`: how answers are shown, whatever profile they come from. Pure.

use super::{
    keys::Places,
    layer::{Layer, Origin},
    value::Value,
};

/// How an answer is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Render {
    /// Rendered on a terminal, as it is elsewhere.
    #[default]
    Auto,
    /// Rendered anywhere.
    Markdown,
    /// As it is.
    Plain,
}

/// What `[screen]` says, defaults filled in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ScreenSettings {
    /// `render`
    pub render: Render,
    /// `accessible`: somebody listens to what is shown.
    pub is_spoken: bool,
}

impl ScreenSettings {
    /// Reads what [`values`] made whole.
    pub(super) fn of(values: &Layer) -> Self {
        let value = |name| values.get(name).map(|it| &it.value);
        let render = match value("screen.render") {
            Some(Value::Text(word)) if word == "markdown" => Render::Markdown,
            Some(Value::Text(word)) if word == "plain" => Render::Plain,
            _ => Render::Auto,
        };
        Self { render, is_spoken: value("screen.accessible") == Some(&Value::Bool(true)) }
    }
}

/// The keys of `[screen]`: what `top` says of them, over the defaults.
pub(super) fn values(top: &Layer) -> Layer {
    let mut values = top.clone();
    values.retain(|path, _| path.key().places == Places::Screen);
    let mut defaults = Layer::default();
    defaults.set_key("screen.render", Value::Text("auto".into()), Origin::Default);
    defaults.set_key("screen.accessible", Value::Bool(false), Origin::Default);
    values.over(defaults)
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
        let defaults = ScreenSettings { render: Render::Auto, is_spoken: false };
        for text in ["", "[screen]", "screen.render = \"auto\"", "[chat]\nhistory = 1"] {
            assert_eq!(loaded(text).screen(), defaults, "{text}");
        }
    }

    #[test]
    fn what_is_set_goes_before_the_defaults() {
        for (text, render, is_spoken) in [
            ("[screen]\nrender = \"Markdown\"\naccessible = true", Render::Markdown, true),
            ("[screen]\nrender = \"plain\"\naccessible = false", Render::Plain, false),
            ("screen.accessible = true", Render::Auto, true),
        ] {
            assert_eq!(loaded(text).screen(), ScreenSettings { render, is_spoken }, "{text}");
        }
    }

    #[test]
    fn the_defaults_are_those_of_the_table_of_keys() {
        let defaults = values(&Layer::default());
        for key in KEYS.iter().filter(|key| key.places == Places::Screen) {
            let value = match &defaults.get(key.name).expect("it has a default").value {
                Value::Text(text) => text.clone(),
                Value::Bool(truth) => truth.to_string(),
                other => panic!("{other:?}"),
            };
            assert_eq!(key.default, value, "{}", key.name);
        }
    }

    #[test]
    fn keys_of_the_screen_stand_in_its_table_only() {
        insta::assert_snapshot!(mistake("[screen]\nrendr = \"plain\""), @r"
        /etc/byok.toml:2:1: unknown key `rendr` in `[screen]`: `rendr = …`
          hint: write `render`
        ");
        insta::assert_snapshot!(mistake("[screen]\nmarkdown = true"), @r"
        /etc/byok.toml:2:1: unknown key `markdown` in `[screen]`: `markdown = …`
          hint: write `render`
        ");
        insta::assert_snapshot!(mistake("[screen]\nhistory = 1"), @r"
        /etc/byok.toml:2:1: unknown key `history` in `[screen]`: `history = 1`
          hint: `byok config schema` lists every key
        ");
        insta::assert_snapshot!(mistake("[screen]\nmodel = \"m\""), @r#"
        /etc/byok.toml:2:1: key `model` may not stand in `[screen]`: `model = "m"`
          hint: it may stand here: `[defaults]`, profile
        "#);
        insta::assert_snapshot!(mistake("[screen]\nrender = \"ansi\""), @r#"
        /etc/byok.toml:2:1: unknown value `ansi` for `screen.render`: `render = "ansi"`
          hint: write one of `auto`, `markdown`, `plain`
        "#);
        insta::assert_snapshot!(mistake("[screen]\naccessible = \"yes\""), @r#"/etc/byok.toml:2:1: `screen.accessible` must be `true` or `false`, not a string: `accessible = "yes"`"#);
        insta::assert_snapshot!(mistake("[scren]\nrender = \"plain\""), @r"
        /etc/byok.toml:1:2: unknown key `scren` at the top of the file: `[scren]`
          hint: write `screen`
        ");
        insta::assert_snapshot!(mistake("render = \"plain\""), @r#"
        /etc/byok.toml:1:1: unknown key `render` at the top of the file: `render = "plain"`
          hint: write `screen.render`
        "#);
        insta::assert_snapshot!(mistake("[profiles.a]\nscreen.render = \"plain\""), @r#"
        /etc/byok.toml:2:8: key `screen.render` may not stand in profile `a`: `screen.render = "plain"`
          hint: it may stand here: `[screen]`
        "#);
    }
}
