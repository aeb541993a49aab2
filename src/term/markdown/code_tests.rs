use proptest::prelude::*;

use super::*;

/// Every name that has a table of its own.
const NAMES: &[&str] = &[
    "rust",
    "c",
    "c++",
    "objc",
    "c#",
    "java",
    "groovy",
    "kotlin",
    "scala",
    "go",
    "swift",
    "dart",
    "zig",
    "solidity",
    "protobuf",
    "python",
    "js",
    "ts",
    "tsx",
    "ruby",
    "php",
    "perl",
    "lua",
    "r",
    "julia",
    "matlab",
    "awk",
    "vim",
    "asm",
    "regex",
    "graphql",
    "haskell",
    "ocaml",
    "f#",
    "elixir",
    "erlang",
    "lisp",
    "clojure",
    "nix",
    "sh",
    "console",
    "powershell",
    "batch",
    "dockerfile",
    "make",
    "cmake",
    "hcl",
    "nginx",
    "json",
    "yaml",
    "toml",
    "ini",
    "env",
    "html",
    "css",
    "scss",
    "sql",
    "diff",
    "markdown",
    "latex",
];

fn letter(role: Role) -> Option<char> {
    match role {
        Role::Code | Role::Snippet => None,
        Role::Keyword => Some('k'),
        Role::String => Some('s'),
        Role::Number => Some('n'),
        Role::Comment => Some('c'),
        Role::Type => Some('t'),
        Role::Function => Some('f'),
        Role::Added => Some('+'),
        Role::Removed => Some('-'),
        Role::Heading => Some('h'),
        Role::Faint => Some('~'),
        other => panic!("no role of code: {other:?}"),
    }
}

/// The code with its roles in it: `‹k let› x = ‹n 1›;`.
fn shown(language: &str, code: &str) -> String {
    let mut highlighter = Highlighter::new(language);
    let lines = code.split('\n').map(|code| {
        let mut line = Line::default();
        highlighter.write(code, true, &mut line);
        let pieces = line.pieces().map(|(text, style)| match letter(style.role) {
            None => text.to_owned(),
            Some(letter) => format!("‹{letter} {text}›"),
        });
        pieces.collect::<String>()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The code without the marks of its roles.
fn bare(marked: &str) -> String {
    let mut bare = String::new();
    let mut rest = marked;
    while let Some((before, after)) = rest.split_once('‹') {
        let (piece, after) = after.split_once('›').expect("closed");
        bare += before;
        bare += &piece[2..];
        rest = after;
    }
    bare + rest
}

#[track_caller]
fn check(language: &str, marked: &str) {
    assert_eq!(shown(language, &bare(marked)), marked, "{language}");
}

/// Checks a file of snippets, each behind `== language`.
#[track_caller]
fn check_all(snippets: &str) {
    for snippet in format!("\n{snippets}").split("\n== ").skip(1) {
        let (language, marked) = snippet.split_once('\n').expect("a line with the language");
        check(language, marked.trim_end_matches('\n'));
    }
}

#[test]
fn compiled_languages_are_coloured_with_restraint() {
    check_all(include_str!("code_tests/systems.txt"));
}

#[test]
fn scripts_are_coloured_with_restraint() {
    check_all(include_str!("code_tests/scripts.txt"));
}

#[test]
fn functional_languages_are_coloured_with_restraint() {
    check_all(include_str!("code_tests/functional.txt"));
}

#[test]
fn commands_are_coloured_with_restraint() {
    check_all(include_str!("code_tests/shells.txt"));
}

#[test]
fn data_and_documents_are_coloured_with_restraint() {
    check_all(include_str!("code_tests/data.txt"));
}

#[test]
fn an_unknown_language_and_plain_text_have_no_colours() {
    for language in ["", "text", "plaintext", "output", "log", "klingon", "\u{202e}"] {
        let code = "if true { \"x\" } // 1";
        assert_eq!(shown(language, code), code);
    }
}

#[test]
fn names_are_known_in_any_letter_case_and_with_the_dot_of_an_ending() {
    for name in ["Rust", "RS", ".rs", "{.rust}"] {
        assert_eq!(shown(name, "fn"), "‹k fn›", "{name}");
    }
    for name in NAMES {
        assert!(Highlighter::new(name).state.is_some(), "{name}");
    }
}

#[test]
fn lifetimes_and_labels_are_no_characters() {
    check("rust", "‹k fn› ‹f f›<'a>(x: &'a ‹t str›) { c == ‹s 'a'› || c == ‹s '\\''› }");
    check("rust", "'outer: ‹k loop› { ‹k break› 'outer; }");
    check("ocaml", "‹k type› 'a t = ‹s 'c'›");
}

#[test]
fn an_apostrophe_in_prose_begins_no_string() {
    check("js", "<‹t p›>Don't stop, it's fine</‹t p›>; ‹k const› x");
    check("c", "don't y ‹s 'a'›");
    check("sh", "‹f ls› ‹c # it's mine›");
    check("yaml", "‹t a›: it's\n‹t b›: ‹s 'x'›");
    check("ini", "‹t a›=it's\n‹t b›=c");
    check("c", "‹k #error› don't\n‹t int› x;");
}

#[test]
fn an_address_holds_no_comment() {
    check("yaml", "‹t a›: https://x.y/z#part ‹c # yes›");
    check("sh", "‹f curl› https://x.y/z#part ‹c # yes›");
    check("scss", "a { ‹t b›: ‹f url›(https://x.y); }");
    check("js", "‹s \"http://x\"› ‹c // yes›");
}

#[test]
fn a_slash_is_a_division_behind_a_value_and_else_a_regular_expression() {
    check("js", "a / b / c; ‹f f›(‹s /[/\"]+/g›); ‹k return› ‹s /x'/›");
    check("ruby", "a / b / c; x =~ ‹s /'/›");
}

#[test]
fn what_is_open_goes_on_over_lines_and_what_is_not_does_not() {
    check("c", "‹c /* a›\n‹c b */› ‹t int›");
    check("rust", "‹c /* a /* b */›\n‹c c */› ‹k fn›");
    check("python", "‹s \"\"\"a›\n‹s b\"\"\"› ‹k if›");
    check("js", "‹s `a ›${b\n}‹s  c›\n‹s d`› ‹k if›");
    check("c", "x = \"open\n‹k if› (y)");
    check("c", "x = ‹s \"a \\›\n‹s b\"›; ‹k if›");
}

#[test]
fn a_heredoc_ends_where_it_says() {
    check("sh", "‹f cat› ‹s <<-EOF› | ‹f wc›\n‹s EOFX›\n‹s \tEOF›\n‹k if› ‹f x›");
    check("ruby", "a << b; c = ‹s <<~X›\n‹s   'y›\n‹s   X›\n‹k if›");
}

#[test]
fn a_script_ends_with_its_element() {
    check("html", "<‹t script›>‹k let› a = b<c;</‹t script›><‹t p›>let</‹t p›>");
    check("html", "<‹t script› ‹f src›=‹s \"x\"›/>let");
}

#[test]
fn deep_nesting_ends_somewhere_and_the_text_is_whole() {
    for (language, piece) in [("js", "`${"), ("js", "<a b={"), ("py", "f'{"), ("rust", "/*")] {
        let code = piece.repeat(2000);
        assert_eq!(bare(&shown(language, &code)), code);
    }
}

/// Pieces of code that begin and end everything, in any order.
fn code() -> impl Strategy<Value = String> {
    let pieces = "/* */ // # \" ' ` ${ } { ( ) \"\"\" ''' r#\" \"# \\ if fn fn⏎ let a é 日本 👩‍👩‍👧 0x1f 1.5e-3 \
         <!-- --> <div </ > /> <script> </script> = :␠ -␠ | <<EOF EOF <<~'X' X --[[ ]] [==[ ]==] (* *) {- -} \
         %w[ ] ~r/ / s/ q{ <?php ?> @\" $\" \\( #{ =begin =end ``` #␠T key:␠| R\"x( )x\" +a @@ $␠ ⇥ ; , RUN␠ \
         ⏎ ⏎ ⏎ ␠ ␠␠ \r \0 \u{1b} a_long_word_that_goes_on_and_on_and_on_for_more_than_half_of_a_window";
    let pieces =
        pieces.split(' ').map(|it| it.replace('␠', " ").replace('⏎', "\n").replace('⇥', "\t"));
    let pieces = prop::sample::select(pieces.collect::<Vec<_>>());
    prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
}

/// Writes the code with every line cut at these distances; the state and the text that came out.
fn written(language: &str, code: &str, cuts: &[usize]) -> (String, String) {
    let mut highlighter = Highlighter::new(language);
    let (mut text, mut cuts) = (String::new(), cuts.iter().cycle());
    for code in code.split('\n') {
        let mut line = Line::default();
        let mut rest = code;
        while let Some(cut) = cuts.next().filter(|cut| **cut < rest.len()) {
            let (piece, after) = rest.split_at(rest.floor_char_boundary(*cut));
            highlighter.write(piece, false, &mut line);
            assert!(highlighter.undecided.len() < WINDOW);
            rest = after;
            if piece.is_empty() {
                break;
            }
        }
        highlighter.write(rest, true, &mut line);
        text.push_str(line.text());
        text.push('\n');
    }
    (format!("{highlighter:?}"), text)
}

fn harmless(code: &str) -> String {
    let line = |line| Line::of(line, &Style::default()).text().to_owned() + "\n";
    code.split('\n').map(line).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_state_does_not_depend_on_the_cuts_and_the_text_is_whole(
        language in prop::sample::select(NAMES),
        code in code(),
        cuts in prop::collection::vec(1..40_usize, 1..8),
    ) {
        let whole = written(language, &code, &[usize::MAX]);
        prop_assert_eq!(&whole.1, &harmless(&code));
        prop_assert_eq!(written(language, &code, &cuts), whole);
    }

    #[test]
    fn any_text_comes_out_whole(language in prop::sample::select(NAMES), code in "(?s).{0,300}") {
        prop_assert_eq!(written(language, &code, &[usize::MAX]).1, harmless(&code));
    }
}
