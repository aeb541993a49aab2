//! A session as a page that stands alone: no script, no picture, nothing to be fetched.
//!
//! Whatever was said is text in it. What the policy of the page forbids is forbidden once more by what
//! is written: no markup comes from anywhere but here and from the writer of Markdown, which is given
//! no HTML.

use std::{borrow::Cow, collections::HashSet, fmt::Write as _};

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Tag, TagEnd, html::push_html};

use super::{asked, bracketed, day, facts, marks_of, shown};
use crate::{
    chat::{Answer, Content, Turn, TurnId},
    sessions::{Account, Session},
    term::{Role, code_lines, commonmark, sanitize, sanitize_line, sanitize_whole},
};

/// Nothing is loaded, nothing runs, nothing is sent.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE: &str = include_str!("page.css");

/// The whole session: the way to its head first, the other branches folded below it.
pub(super) fn html(session: &Session) -> String {
    let chat = session.conversation();
    let title = session.title();
    let title = if title.trim().is_empty() { "Conversation" } else { title.trim() };
    let title = escaped(&sanitize_line(title));
    let begun = session.begun();
    let facts = escaped(&format!("{}, session {}", day(begun.at), begun.id));
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <header>\n<h1 dir=\"auto\">{title}</h1>\n<p class=\"facts\">{facts}</p>\n</header>\n<main>\n"
    );
    let way = shown(chat);
    let mut before = None;
    for id in &way {
        push_turn(&mut out, session, *id, before);
        before = Some(*id);
    }
    let way: HashSet<TurnId> = way.into_iter().collect();
    let others: Vec<TurnId> =
        chat.turns().map(|(id, _)| id).filter(|id| !way.contains(id)).collect();
    if !others.is_empty() {
        // Where the way is empty, there is nothing else to see.
        let open = if way.is_empty() { " open" } else { "" };
        let turns = if others.len() == 1 { "turn" } else { "turns" };
        let _ = writeln!(
            out,
            "<details class=\"branches\"{open}>\n<summary>Other branches: {} {turns}</summary>",
            others.len()
        );
        let mut before = None;
        for id in others {
            push_turn(&mut out, session, id, before);
            before = Some(id);
        }
        out.push_str("</details>\n");
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

/// `before`: the turn above it.
fn push_turn(out: &mut String, session: &Session, id: TurnId, before: Option<TurnId>) {
    let turn = session.conversation().turn(id);
    let account = session.account(id);
    let number = id.number();
    let _ = writeln!(out, "<article class=\"turn\" id=\"turn-{number}\">");
    push_question(out, number, turn, before, account);
    match &turn.answer {
        Some(answer) => push_answer(out, number, answer, account),
        None => {
            let _ = writeln!(out, "<p class=\"facts\">{}</p>", escaped(&facts(account).join(", ")));
        }
    }
    out.push_str("</article>\n");
}

fn push_question(
    out: &mut String,
    number: usize,
    turn: &Turn,
    before: Option<TurnId>,
    account: &Account,
) {
    let mut marks = Vec::new();
    if turn.parent != before {
        marks.push(match turn.parent.map(TurnId::number) {
            Some(parent) => format!("follows <a href=\"#turn-{parent}\">{parent}</a>"),
            None => "from the beginning".to_owned(),
        });
    }
    if turn.answer.is_none() {
        marks.push("unanswered".to_owned());
    }
    let marks = bracketed(&marks);
    let _ = writeln!(out, "<section class=\"question\">\n<h2>{number}. Question{marks}</h2>");
    for file in &account.files {
        let name = escaped(&sanitize_line(&file.name));
        let _ = writeln!(out, "<p class=\"facts\">With <code>{name}</code></p>");
    }
    let words = escaped(&sanitize_whole(turn.words()));
    let _ = writeln!(out, "<div class=\"words\" dir=\"auto\">{words}</div>\n</section>");
}

fn push_answer(out: &mut String, number: usize, answer: &Answer, account: &Account) {
    let by = escaped(&asked(answer));
    let marks = escaped(&bracketed(&marks_of(answer)));
    let facts = escaped(&facts(account).join(", "));
    let _ = writeln!(
        out,
        "<section class=\"answer\">\n<h2>{number}. Answer of <code>{by}</code>{marks}</h2>\n\
         <p class=\"facts\">{facts}</p>"
    );
    let thoughts = answer.message.parts.iter().filter_map(|part| match &part.content {
        Content::Reasoning(text) if !text.trim().is_empty() => Some(text.trim()),
        _ => None,
    });
    for thought in thoughts {
        let thought = escaped(&sanitize_whole(thought));
        let _ = writeln!(
            out,
            "<details>\n<summary>Reasoning</summary>\n\
             <div class=\"words\" dir=\"auto\">{thought}</div>\n</details>"
        );
    }
    out.push_str("<div class=\"said\" dir=\"auto\">\n");
    push_markdown(out, &answer.words());
    out.push_str("</div>\n</section>\n");
}

/// An answer as HTML. Markup in it is text, pictures are links to them, and code is coloured.
fn push_markdown(out: &mut String, markdown: &str) {
    let markdown = sanitize_whole(markdown);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES;
    let mut harmless = Harmless::default();
    let events = commonmark(&markdown, options).filter_map(|event| harmless.event(event));
    push_html(out, events);
}

/// Takes out of Markdown what could do anything, and colours its code.
#[derive(Default)]
struct Harmless {
    /// The language and what was seen of a block of code.
    code: Option<(String, String)>,
    /// For each link and picture that is open, what closes it.
    ends: Vec<&'static str>,
}

impl Harmless {
    fn event<'a>(&mut self, event: Event<'a>) -> Option<Event<'a>> {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = match kind {
                    CodeBlockKind::Fenced(info) => {
                        let word = info.split([' ', ',', '{', '\t']).next();
                        word.unwrap_or_default().to_owned()
                    }
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((language, String::new()));
                None
            }
            Event::End(TagEnd::CodeBlock) => {
                let (language, code) = self.code.take()?;
                Some(Event::Html(coloured(&language, &code).into()))
            }
            Event::Text(text) => match &mut self.code {
                Some((_, code)) => {
                    code.push_str(&text);
                    None
                }
                // Markdown can spell any character by its number.
                None => Some(Event::Text(match sanitize(&text) {
                    Cow::Borrowed(_) => text,
                    Cow::Owned(text) => text.into(),
                })),
            },
            Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
            // What holds raw HTML would be a paragraph without its tags.
            Event::Start(Tag::HtmlBlock) => Some(Event::Html("<p>".into())),
            Event::End(TagEnd::HtmlBlock) => Some(Event::Html("</p>\n".into())),
            Event::Start(Tag::Link { dest_url, .. }) => Some(self.open("", &dest_url)),
            Event::Start(Tag::Image { dest_url, .. }) => Some(self.open("Picture: ", &dest_url)),
            Event::End(TagEnd::Link | TagEnd::Image) => {
                Some(Event::InlineHtml(CowStr::Borrowed(self.ends.pop().unwrap_or_default())))
            }
            event => Some(event),
        }
    }

    /// The beginning of a link. One in another, as a picture in a link is, would end that.
    fn open<'a>(&mut self, lead: &str, target: &str) -> Event<'a> {
        let is_inside = self.ends.iter().any(|end| !end.is_empty());
        if let Some(href) = href(target).filter(|_| !is_inside) {
            self.ends.push("</a>");
            let link = format!("<a href=\"{href}\" rel=\"noreferrer\">{lead}");
            Event::InlineHtml(link.into())
        } else {
            self.ends.push("");
            Event::InlineHtml(lead.to_owned().into())
        }
    }
}

/// The target of a link, escaped; `None` for anything that is no page and no address.
fn href(target: &str) -> Option<String> {
    let url = url::Url::parse(target).ok()?;
    matches!(url.scheme(), "http" | "https" | "mailto").then(|| escaped(url.as_str()))
}

fn coloured(language: &str, code: &str) -> String {
    let mut out = String::from("<pre><code dir=\"ltr\">");
    for line in code_lines(language, code) {
        for (text, style) in line.pieces() {
            let text = escaped(text);
            match class(style.role) {
                Some(class) => {
                    let _ = write!(out, "<span class=\"{class}\">{text}</span>");
                }
                None => out.push_str(&text),
            }
        }
        out.push('\n');
    }
    out.push_str("</code></pre>\n");
    out
}

/// The class of a piece of code in the style of the page.
fn class(role: Role) -> Option<&'static str> {
    match role {
        Role::Keyword => Some("k"),
        Role::String => Some("s"),
        Role::Number => Some("n"),
        Role::Comment => Some("c"),
        Role::Type => Some("t"),
        Role::Function => Some("f"),
        Role::Added => Some("a"),
        Role::Removed => Some("r"),
        Role::Plain
        | Role::Faint
        | Role::Title
        | Role::Heading
        | Role::Link
        | Role::Snippet
        | Role::Code => None,
    }
}

/// Text as HTML has it, in an element or between double quotes.
fn escaped(text: &str) -> String {
    let text = sanitize(text);
    let mut escaped = String::with_capacity(text.len() + text.len() / 16);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
#[path = "html_tests.rs"]
mod tests;
