//! The prompt of the chat: profile and model, kept short. Pure.

use unicode_width::UnicodeWidthStr as _;

use crate::term::sanitize_line;

/// The longest name that is looked at, in characters; servers may say anything.
const LONGEST: usize = 256;

/// So much of a model's name stays when the prompt is only long, in columns.
const LEAST_MODEL: usize = 12;

/// So much of a profile's name stays when the prompt is only long, in columns.
const LEAST_PROFILE: usize = 8;

/// How wide a terminal is that does not say it.
const USUAL_COLUMNS: usize = 80;

/// Fills in the placeholders of `template` ([`crate::config::ChatSettings`]).
///
/// A prompt that takes more than a third of the `columns` has first its model shortened, then its
/// profile, each to what can still be told apart; it never takes more than half of them.
pub(super) fn prompt(template: &str, profile: &str, model: &str, columns: usize) -> String {
    let columns = if columns == 0 { USUAL_COLUMNS } else { columns };
    let template = sanitize_line(template);
    let (mut profile, mut model) = (clean(profile), brief(&clean(model)).to_owned());
    let (wanted, most) = (columns / 3, columns / 2);
    for (limit, least_model, least_profile) in [(wanted, LEAST_MODEL, LEAST_PROFILE), (most, 1, 1)]
    {
        let without = filled(&template, &profile, "").width();
        model = shortened(&model, share(&template, "{model}", without, limit).max(least_model));
        let without = filled(&template, "", &model).width();
        let share = share(&template, "{profile}", without, limit);
        profile = shortened(&profile, share.max(least_profile));
    }
    let prompt = filled(&template, &profile, &model);
    // What is left is the person's own text; the end of it separates the prompt from the line.
    ending(&prompt, most).to_owned()
}

/// The columns that one `placeholder` may take where the rest takes `without`.
fn share(template: &str, placeholder: &str, without: usize, limit: usize) -> usize {
    limit.saturating_sub(without) / template.matches(placeholder).count().max(1)
}

/// The template with its placeholders filled in, in one go: a name may look like a placeholder.
fn filled(template: &str, profile: &str, model: &str) -> String {
    let mut filled = String::with_capacity(template.len() + profile.len() + model.len());
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        filled.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("{profile}") {
            filled.push_str(profile);
            rest = after;
        } else if let Some(after) = rest.strip_prefix("{model}") {
            filled.push_str(model);
            rest = after;
        } else {
            filled.push('{');
            rest = &rest[1..];
        }
    }
    filled.push_str(rest);
    filled
}

/// A name from outside, made harmless.
fn clean(name: &str) -> String {
    let name: String = name.trim().chars().take(LONGEST).collect();
    sanitize_line(&name)
}

/// A model's name without the path before it and the date behind it: `meta-llama/Llama-3` is
/// `Llama-3`, `claude-sonnet-4-5-20250929` is `claude-sonnet-4-5`. `/model` shows it whole.
fn brief(model: &str) -> &str {
    let name = model.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(model);
    // Years of four digits only: `gpt-4-0613` and `gpt-4-1106` are spoken of as they are.
    for (length, separators) in [(8, &[][..]), (10, &[4, 7][..])] {
        let at = name.len().checked_sub(length);
        let Some((before, date)) = at.and_then(|at| name.split_at_checked(at)) else { continue };
        let before = before.strip_suffix(['-', '@']).unwrap_or_default();
        if !before.is_empty() && is_date(date, separators) {
            return before;
        }
    }
    name
}

/// Whether a text is a date of this century, with hyphens at `separators` and digits elsewhere.
fn is_date(text: &str, separators: &[usize]) -> bool {
    let is_formed = text.bytes().enumerate().all(|(at, byte)| {
        if separators.contains(&at) { byte == b'-' } else { byte.is_ascii_digit() }
    });
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let number = |range: std::ops::Range<usize>| -> u32 {
        digits.get(range).and_then(|digits| digits.parse().ok()).unwrap_or(0)
    };
    is_formed
        && number(0..2) == 20
        && (1..=12).contains(&number(4..6))
        && (1..=31).contains(&number(6..8))
}

/// The beginning of a name that takes at most `columns`, `…` included.
fn shortened(name: &str, columns: usize) -> String {
    if name.width() <= columns {
        return name.to_owned();
    }
    let ends = name.char_indices().map(|(at, _)| at);
    let fitting = ends.take_while(|end| name[..*end].width() < columns).last();
    // The longest such beginning, so that marks stay with their letter.
    format!("{}…", name[..fitting.unwrap_or(0)].trim_end_matches('…'))
}

/// The end of a text that takes at most `columns`.
fn ending(text: &str, columns: usize) -> &str {
    let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let mut fitting = starts.skip_while(|start| text[*start..].width() > columns);
    &text[fitting.next().unwrap_or(text.len())..]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEMPLATE: &str = "{profile}:{model}> ";

    #[track_caller]
    fn check(profile: &str, model: &str, columns: usize, expected: &str) {
        assert_eq!(prompt(TEMPLATE, profile, model, columns), expected);
    }

    #[test]
    fn a_short_prompt_stays_as_it_is() {
        check("work", "gpt-4o", 80, "work:gpt-4o> ");
        check("work", "gpt-4o", 40, "work:gpt-4o> ");
        check("local", "qwen2.5:7b-instruct", 0, "local:qwen2.5:7b-instru…> ");
    }

    #[test]
    fn a_path_before_and_a_date_behind_a_model_are_dropped() {
        for (model, shown) in [
            ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
            ("claude-sonnet-4-5@20250929", "claude-sonnet-4-5"),
            ("gpt-4o-2024-08-06", "gpt-4o"),
            ("meta-llama/Llama-3", "Llama-3"),
            ("accounts/x/models/llama-v3", "llama-v3"),
            ("openai/gpt-4o-2024-08-06", "gpt-4o"),
            ("gpt-4-0613", "gpt-4-0613"),
            ("m-20251301", "m-20251301"),
            ("m-20250932", "m-20250932"),
            ("m-19990101", "m-19990101"),
            ("m-2024_08_06", "m-2024_08_06"),
            ("-20250929", "-20250929"),
            ("20250929", "20250929"),
            ("a/", "a/"),
            ("ünï-20250929", "ünï"),
            ("m-2025092é", "m-2025092é"),
            ("", ""),
        ] {
            assert_eq!(brief(model), shown, "{model}");
        }
    }

    #[test]
    fn the_model_is_shortened_before_the_profile() {
        check("work", "gpt-4o-mini-search-preview", 60, "work:gpt-4o-mini-…> ");
        check("my-company-profile", "gpt-4o-mini-search-preview", 72, "my-compa…:gpt-4o-mini…> ");
        check("my-company-profile", "gpt-4o-mini-search-preview", 40, "my-comp…:gpt-4o-m…> ");
        check("my-company-profile", "gpt-4o-mini-search-preview", 16, "my-…:…> ");
    }

    #[test]
    fn wide_letters_count_twice_and_none_is_torn() {
        check("büro", "模型模型模型模型模型模型模型", 60, "büro:模型模型模型…> ");
        let marked = |count| "e\u{301}".repeat(count);
        check("p", &marked(20), 60, &format!("p:{}…> ", marked(15)));
    }

    #[test]
    fn a_name_that_looks_like_a_placeholder_is_a_name() {
        check("{model}", "{profile}", 80, "{model}:{profile}> ");
        assert_eq!(prompt("{model}{model} {profile} {", "p", "m", 80), "mm p {");
    }

    #[test]
    fn names_from_outside_stay_on_the_line_and_do_nothing() {
        check("work", "a\u{1b}[31m\nb\u{202e}", 80, "work:a␛[31m b<U+202E>> ");
        assert!(prompt(TEMPLATE, "p", &"x".repeat(1 << 20), 80).len() < 80);
    }

    #[test]
    fn of_a_long_text_of_the_person_the_end_stays() {
        assert_eq!(prompt(&format!("{}$ ", "a".repeat(100)), "p", "m", 10), "aaa$ ");
    }

    proptest! {
        #[test]
        fn a_prompt_never_takes_more_than_half_of_the_line(
            profile in "\\PC{0,30}",
            model in "\\PC{0,60}",
            template in prop::sample::select(vec![
                TEMPLATE, "{model}", "{model} {model} {model}> ", "模{profile}> ", "{profile}{",
            ]),
            columns in 1_usize..200,
        ) {
            let prompt = prompt(template, &profile, &model, columns);
            prop_assert!(prompt.width() <= columns / 2, "{prompt:?}");
        }
    }
}
