use super::{
    super::tests::{answer, cut, ended, say, session, session_with},
    *,
};
use crate::chat::{Conversation, Message, Part, Role as Speaker, TextFile};

/// An answer, as it stands in the page.
fn said(markdown: &str) -> String {
    let mut html = String::new();
    push_markdown(&mut html, markdown);
    html
}

/// The tags of a page, each as it is written.
fn tags(html: &str) -> Vec<&str> {
    let inside = |rest: &'_ str| rest.find('>').map(|end| end + 1);
    let pieces = html.match_indices('<').filter_map(|(at, _)| {
        let end = inside(&html[at..])?;
        Some(&html[at..at + end])
    });
    pieces.collect()
}

#[test]
fn a_page_holds_the_conversation_and_asks_for_nothing() {
    let mut chat = Conversation::default();
    let file = TextFile { name: "notes.txt".into(), text: "inside".into() };
    let parts = vec![Part { content: Content::File(file), echo: None }, Part::text("why?\n  so")];
    let turn = chat.ask(Message { role: Speaker::User, parts });
    let thought = Part { content: Content::Reasoning("Hm, <b>.".into()), echo: None };
    chat.answer(turn, answer(vec![thought, Part::text("It *is*.\n\n| a |\n|---|\n| 1 |")]));
    let html = html(&session_with(&chat, "", Some(&ended())));
    for piece in [
        "<title>why?</title>",
        "<h1 dir=\"auto\">why?</h1>\n<p class=\"facts\">2026-11-22 17:20 UTC, session bcdfghjkmnpqrs</p>",
        "<p class=\"facts\">With <code>notes.txt</code></p>\n<div class=\"words\" dir=\"auto\">why?\n  so</div>",
        "<h2>1. Answer of <code>work:gpt-x</code></h2>\n<p class=\"facts\">2026-11-22 17:21 UTC, \
         answered by gpt-x-2026, 3.4 s, 12 tokens in, 34 out</p>\n<details>\n<summary>Reasoning</summary>",
        "Hm, &lt;b&gt;.</div>",
        "<p>It <em>is</em>.</p>",
        "<table><thead><tr><th>a</th>",
        "content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\"",
    ] {
        assert!(html.contains(piece), "no {piece} in {html}");
    }
    assert!(!html.contains("inside"), "the text of a file is not shown: {html}");
    for word in
        ["src=", "http:", "https:", "url(", "@import", "<script", "<link", "<img", "javascript"]
    {
        assert!(!html.contains(word), "{word} in {html}");
    }
}

#[test]
fn other_branches_are_folded_below() {
    let mut chat = Conversation::default();
    say(&mut chat, "1", "a1");
    let old = say(&mut chat, "2", "elsewhere");
    let turn = chat.ask_instead(old, Message::user("two"));
    cut(&mut chat, turn, "half");
    chat.ask(Message::user("lost"));
    let html = html(&session(&chat, "t"));
    let (way, branches) = html.split_once("<details class=\"branches\">").expect("there are");
    for piece in ["1. Question<", "3. Question</h2>", "(cut)</h2>", "4. Question (unanswered)"] {
        assert!(way.contains(piece), "no {piece} in {way}");
    }
    assert!(!way.contains("elsewhere"), "{way}");
    assert!(branches.starts_with("\n<summary>Other branches: 1 turn</summary>"), "{branches}");
    let follows = "<h2>2. Question (follows <a href=\"#turn-1\">1</a>)</h2>";
    assert!(branches.contains(follows) && branches.contains("<p>elsewhere</p>"), "{branches}");
}

#[test]
fn at_its_beginning_all_of_a_session_is_seen() {
    let mut chat = Conversation::default();
    say(&mut chat, "1", "a1");
    chat.undo(1);
    let html = html(&session(&chat, "t"));
    assert!(
        html.contains("<details class=\"branches\" open>") && html.contains("<p>a1</p>"),
        "{html}"
    );
}

#[test]
fn hostile_text_is_text_wherever_it_stands() {
    let evil =
        "</style></title></pre>\"'><script>alert(1)</script><img src=x onerror=a>\u{202e}\u{1b}[2J";
    let mut chat = Conversation::default();
    let file = TextFile { name: evil.into(), text: String::new() };
    let parts = vec![Part { content: Content::File(file), echo: None }, Part::text(evil)];
    let turn = chat.ask(Message { role: Speaker::User, parts });
    let parts = [
        Content::Reasoning(evil.into()),
        Content::Text(format!(
            "{evil}\n\n<div onclick=a>\n{evil}\n</div>\n\n`{evil}`\n\n```{evil}\n{evil}\n```\n\n    {evil}\n\n\
             # {evil}\n\n[{evil}](https://a.example/\"'><script>) [^1]\n\n[^1]: {evil}\n\n<!-- {evil} -->\n\n<?{evil}?>"
        )),
        Content::Refusal(evil.into()),
    ];
    let parts = parts.map(|content| Part { content, echo: None });
    let words = Answer { model: evil.into(), profile: evil.into(), ..answer(parts.into()) };
    chat.answer(turn, words);
    let known = crate::sessions::Ended {
        served_model: Some(evil.into()),
        finish_reason: Some(evil.into()),
        error: Some(crate::sessions::Trouble { kind: evil.into(), message: evil.into() }),
        ..ended()
    };
    let html = html(&session_with(&chat, evil, Some(&known)));
    assert!(!html.contains(['\u{202e}', '\u{1b}']), "{html}");
    for tag in tags(&html) {
        let name = tag.trim_start_matches(['<', '/']);
        let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        assert!(!["script", "img", "div onclick"].contains(&name), "{tag}");
        assert!(!tag.contains("onerror") && !tag.contains("onclick"), "{tag}");
    }
    for (tag, count) in [("</style>", 1), ("</title>", 1), ("<style>", 1), ("</main>", 1)] {
        assert_eq!(html.matches(tag).count(), count, "{tag}");
    }
    assert_eq!(html.matches("<pre>").count(), html.matches("</pre>").count());
}

#[test]
fn links_lead_to_pages_and_addresses_only() {
    assert_eq!(
        said("[a](https://x.example/?a=1&b=\"2\" 'title')"),
        "<p><a href=\"https://x.example/?a=1&amp;b=%222%22\" rel=\"noreferrer\">a</a></p>\n"
    );
    assert_eq!(
        said("<mailto:a@b.example>"),
        "<p><a href=\"mailto:a@b.example\" rel=\"noreferrer\">mailto:a@b.example</a></p>\n"
    );
    for target in [
        "javascript:alert(1)",
        "JaVaScRiPt&#58;alert(1)",
        "&#1;javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "vbscript:x",
        "relative",
        "#turn-1",
        "//x.example",
    ] {
        assert_eq!(said(&format!("[a]({target})")), "<p>a</p>\n", "{target}");
    }
}

#[test]
fn pictures_are_links_that_nobody_follows_by_himself() {
    assert_eq!(
        said("![a *b*](http://x.example/p.png)"),
        "<p><a href=\"http://x.example/p.png\" rel=\"noreferrer\">Picture: a <em>b</em></a></p>\n"
    );
    assert_eq!(said("![a](data:image/png;base64,AA)"), "<p>Picture: a</p>\n");
    assert_eq!(
        said("[![a](http://x.example/p.png)](http://y.example/)"),
        "<p><a href=\"http://y.example/\" rel=\"noreferrer\">Picture: a</a></p>\n"
    );
}

#[test]
fn markup_in_an_answer_is_shown_as_it_was_written() {
    assert_eq!(said("&#x202e;&#27;&lt;b>"), "<p>&lt;U+202E&gt;␛&lt;b&gt;</p>\n");
    assert_eq!(said("a <b>c</b>"), "<p>a &lt;b&gt;c&lt;/b&gt;</p>\n");
    assert_eq!(said("<div>\nx\n</div>"), "<p>&lt;div&gt;\nx\n&lt;/div&gt;</p>\n");
}

#[test]
fn code_is_coloured_and_nothing_of_it_is_lost() {
    let html = said("```rust\nfn a() { \"<b>\" }\n\n// x\n```");
    assert!(html.contains("<span class=\"k\">fn</span>"), "{html}");
    assert!(
        html.contains("&lt;b&gt;") && html.contains("<span class=\"c\">// x</span>\n"),
        "{html}"
    );
    assert_eq!(said("```\na\n\n\tb\n```"), "<pre><code dir=\"ltr\">a\n\n\tb\n</code></pre>\n");
    assert_eq!(said("    a"), "<pre><code dir=\"ltr\">a\n</code></pre>\n");
    assert_eq!(said("```js\ncut"), "<pre><code dir=\"ltr\">cut\n</code></pre>\n");
}
