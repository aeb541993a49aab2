//! The code blocks of an answer, for `-x`. Pure.

use pulldown_cmark::{CodeBlockKind, Event, Options, Tag, TagEnd};

use super::commonmark;

/// Which code blocks are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extract {
    /// All of them.
    All,
    /// The n-th, counted from 1.
    Number(usize),
    /// Those of this language, in any letter case.
    Language(String),
}

impl std::str::FromStr for Extract {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse::<usize>() {
            Ok(0) => Err("code blocks are counted from 1".to_owned()),
            Ok(number) => Ok(Self::Number(number)),
            Err(_) if text.is_empty() => Ok(Self::All),
            Err(_) => Ok(Self::Language(text.to_ascii_lowercase())),
        }
    }
}

/// The contents of the wanted blocks, each ending in a line feed.
pub fn code_blocks(markdown: &str, extract: &Extract) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for event in commonmark(markdown, Options::empty()) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let language = info.split([' ', ',', '{', '\t']).next().unwrap_or_default();
                open = Some((language.to_ascii_lowercase(), String::new()));
            }
            Event::Text(text) => {
                if let Some((_, code)) = &mut open {
                    code.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => blocks.extend(open.take()),
            _ => {}
        }
    }
    match extract {
        Extract::All => blocks.into_iter().map(|(_, code)| code).collect(),
        Extract::Number(number) => {
            blocks.into_iter().nth(number - 1).map(|(_, code)| code).into_iter().collect()
        }
        Extract::Language(wanted) => blocks
            .into_iter()
            .filter(|(language, _)| language == wanted)
            .map(|(_, code)| code)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "Try:\n\n```python\nprint(1)\n```\n\n1. then\n   ~~~~sh title=\"x\"\n   echo hi\n   ~~~~\n\nor `inline`\n\n````md\n```\nnested\n```\n````\n\n```Python\nprint(2)\n```\n";

    #[track_caller]
    fn check(which: &str, expected: &[&str]) {
        let extract = which.parse().expect("it is a valid choice");
        assert_eq!(code_blocks(ANSWER, &extract), expected);
    }

    #[test]
    fn blocks_are_taken_whole_and_without_their_fences() {
        check("", &["print(1)\n", "echo hi\n", "```\nnested\n```\n", "print(2)\n"]);
    }

    #[test]
    fn one_block_by_number_and_some_by_language() {
        check("2", &["echo hi\n"]);
        check("9", &[]);
        check("python", &["print(1)\n", "print(2)\n"]);
        check("rust", &[]);
        assert!("0".parse::<Extract>().is_err());
    }

    #[test]
    fn an_unclosed_fence_ends_with_the_answer() {
        assert_eq!(code_blocks("```\na\nb", &Extract::All), ["a\nb"]);
    }
}
