use super::*;

const ROLES: [Role; 15] = [
    Role::Plain,
    Role::Faint,
    Role::Title,
    Role::Heading,
    Role::Link,
    Role::Snippet,
    Role::Code,
    Role::Keyword,
    Role::String,
    Role::Number,
    Role::Comment,
    Role::Type,
    Role::Function,
    Role::Added,
    Role::Removed,
];

const PALETTES: [Palette; 4] =
    [Palette::Attributes, Palette::Sixteen, Palette::Many, Palette::True];

/// Every style that there is, links apart.
fn styles() -> impl Iterator<Item = Style> {
    ROLES.into_iter().flat_map(|role| {
        (0..8).map(move |bits| Style {
            role,
            is_bold: bits & 1 != 0,
            is_italic: bits & 2 != 0,
            is_struck: bits & 4 != 0,
            link: None,
        })
    })
}

fn changed(palette: Palette, from: &Style, to: &Style) -> String {
    let mut bytes = Vec::new();
    palette.pen(from).change(palette.pen(to), &mut bytes);
    String::from_utf8(bytes).unwrap()
}

fn begun(palette: Palette, role: Role) -> String {
    changed(palette, &Style::default(), &Style::of(role))
}

/// The colour's red, green and blue; `None` where the terminal decides.
fn light(color: Color) -> Option<[u8; 3]> {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    match color {
        Color::Text | Color::Named(_) => None,
        Color::Exact(red, green, blue) => Some([red, green, blue]),
        Color::Fixed(color @ 232..) => Some([8 + 10 * (color - 232); 3]),
        Color::Fixed(color) => {
            let at = usize::from(color.checked_sub(16).expect("the first sixteen are not fixed"));
            Some([STEPS[at / 36], STEPS[at / 6 % 6], STEPS[at % 6]])
        }
    }
}

/// Source: <https://www.w3.org/TR/WCAG22/#dfn-relative-luminance>.
fn luminance(light: [u8; 3]) -> f64 {
    let [red, green, blue] = light.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// Between 1, the same, and 21, black on white.
fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn the_measure_is_that_of_the_standard() {
    assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 0.001);
    assert!((contrast([0x76; 3], [255; 3]) - 4.54).abs() < 0.005);
    assert_eq!(light(Color::Fixed(243)), Some([0x76; 3]));
    assert_eq!(light(Color::Fixed(130)), Some([0xaf, 0x5f, 0]));
}

#[test]
fn every_fixed_colour_is_readable_on_white_and_on_black() {
    let mut measured = 0;
    for palette in [Palette::Many, Palette::True] {
        for style in styles() {
            let Some(light) = light(palette.pen(&style).color) else { continue };
            for ground in [[0; 3], [255; 3]] {
                let contrast = contrast(light, ground);
                assert!(contrast >= 4.0, "{palette:?} {:?} {ground:?}: {contrast}", style.role);
            }
            measured += 1;
        }
    }
    // All styles of both palettes but those of plain text and plain code.
    assert_eq!(measured, 2 * 8 * (ROLES.len() - 2));
}

#[test]
fn of_the_sixteen_only_those_that_light_and_dark_themes_share_are_used_and_never_bold() {
    for style in styles() {
        let Pen { attributes, color } = Palette::Sixteen.pen(&style);
        match color {
            Color::Text => {}
            Color::Named(31 | 32 | 35 | 36) => assert_eq!(attributes & BOLD, 0, "{style:?}"),
            other => panic!("{style:?}: {other:?}"),
        }
    }
}

#[test]
fn a_palette_without_colours_has_none() {
    for style in styles() {
        assert_eq!(Palette::None.pen(&style), Pen::default());
        assert_eq!(Palette::Attributes.pen(&style).color, Color::Text);
    }
}

#[test]
fn emphasis_shows_in_every_role_and_palette() {
    for palette in PALETTES {
        for style in styles() {
            let attributes = palette.pen(&style).attributes;
            let has = |bit| attributes & bit != 0;
            assert!(has(BOLD) || !style.is_bold, "{palette:?} {style:?}");
            assert!(has(ITALIC) || !style.is_italic, "{palette:?} {style:?}");
            assert!(has(STRUCK) || !style.is_struck, "{palette:?} {style:?}");
            assert!(!(has(BOLD) && has(FAINT)), "{palette:?} {style:?}");
        }
    }
}

#[test]
fn what_stands_side_by_side_differs() {
    let prose = [Role::Plain, Role::Faint, Role::Title, Role::Heading, Role::Link];
    let diff = [Role::Code, Role::Added, Role::Removed];
    let code =
        [Role::Code, Role::Keyword, Role::String, Role::Number, Role::Comment, Role::Function];
    for palette in PALETTES {
        assert_distinct(palette, &prose);
        assert_distinct(palette, &diff);
    }
    for palette in [Palette::Sixteen, Palette::Many, Palette::True] {
        assert_distinct(palette, &code);
        assert_distinct(palette, &[Role::Plain, Role::Snippet, Role::Link, Role::Faint]);
    }
    for palette in [Palette::Many, Palette::True] {
        assert_distinct(palette, &[&code[..], &[Role::Type]].concat());
    }
}

#[track_caller]
fn assert_distinct(palette: Palette, roles: &[Role]) {
    for (at, role) in roles.iter().enumerate() {
        for other in &roles[..at] {
            let (one, two) = (palette.pen(&Style::of(*role)), palette.pen(&Style::of(*other)));
            assert_ne!(one, two, "{palette:?}: {role:?} and {other:?}");
        }
    }
}

#[test]
fn each_palette_says_a_keyword_a_title_and_a_comment_in_its_own_way() {
    let said = |palette| [Role::Keyword, Role::Title, Role::Comment].map(|it| begun(palette, it));
    assert_eq!(said(Palette::None), ["", "", ""]);
    assert_eq!(said(Palette::Attributes), ["\x1b[1m", "\x1b[1;4m", "\x1b[2m"]);
    assert_eq!(said(Palette::Sixteen), ["\x1b[35m", "\x1b[1;4m", "\x1b[2m"]);
    assert_eq!(said(Palette::Many), ["\x1b[38;5;133m", "\x1b[1;4;38;5;98m", "\x1b[38;5;243m"]);
    assert_eq!(
        said(Palette::True),
        ["\x1b[38;2;180;79;184m", "\x1b[1;4;38;2;138;92;220m", "\x1b[38;2;119;119;119m"]
    );
}

#[test]
fn a_change_says_what_changes_and_no_more() {
    let plain = Style::default();
    let bold = Style { is_bold: true, ..Style::default() };
    let both = Style { is_italic: true, ..bold.clone() };
    let keyword = Style::of(Role::Keyword);
    let bold_keyword = Style { is_bold: true, ..keyword.clone() };
    let faint = Style::of(Role::Faint);
    for (from, to, said) in [
        (&plain, &plain, ""),
        (&bold, &bold, ""),
        (&plain, &bold, "\x1b[1m"),
        (&bold, &both, "\x1b[3m"),
        (&both, &bold, "\x1b[23m"),
        (&bold, &faint, "\x1b[22;38;5;243m"),
        (&keyword, &bold_keyword, "\x1b[1m"),
        (&bold_keyword, &bold, "\x1b[39m"),
        (&keyword, &Style::of(Role::String), "\x1b[38;5;64m"),
        (&bold_keyword, &plain, "\x1b[0m"),
    ] {
        assert_eq!(changed(Palette::Many, from, to), said, "{from:?} to {to:?}");
    }
    // One parameter ends both, so the other is never on at the same time.
    assert_eq!(changed(Palette::Sixteen, &bold, &faint), "\x1b[22;2m");
    assert_eq!(changed(Palette::Sixteen, &faint, &bold), "\x1b[22;1m");
}
