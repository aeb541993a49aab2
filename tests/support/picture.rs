//! The screen of a terminal as a page for a browser, on a dark and on a light ground.

use std::fmt::Write as _;

use vt100::{Cell, Color};

/// The sixteen colours of a common terminal.
const SIXTEEN: [(u8, u8, u8); 16] = [
    (0, 0, 0),
    (205, 49, 49),
    (13, 188, 121),
    (229, 229, 16),
    (36, 114, 200),
    (188, 63, 188),
    (17, 168, 205),
    (229, 229, 229),
    (102, 102, 102),
    (241, 76, 76),
    (35, 209, 139),
    (245, 245, 67),
    (59, 142, 234),
    (214, 112, 214),
    (41, 184, 219),
    (255, 255, 255),
];

/// A page of these rows, drawn twice; each row says whether the terminal wrapped it.
pub(crate) fn page(title: &str, rows: &[(Vec<Cell>, bool)]) -> String {
    let mut page = format!(
        "<!doctype html><meta charset=utf-8><title>{title}</title>\n\
         <style>pre{{font:14px/1.2 monospace;padding:1em;display:inline-block;margin:0}}\
         .dark{{background:#111;color:#ddd}}.light{{background:#fff;color:#222}}\
         i.wide{{display:inline-block;width:2ch;font-style:inherit}}\
         .wrap::after{{content:\"\\21a9\";color:#888}}</style>\n"
    );
    for ground in ["dark", "light"] {
        let _ = writeln!(page, "<pre class={ground}>");
        for (cells, is_wrapped) in rows {
            let class = if *is_wrapped { " class=wrap" } else { "" };
            let _ = write!(page, "<span{class}>");
            for cell in cells.iter().filter(|cell| !cell.is_wide_continuation()) {
                draw(cell, &mut page);
            }
            page.push_str("</span>\n");
        }
        page.push_str("</pre>\n");
    }
    page
}

fn draw(cell: &Cell, page: &mut String) {
    let mut style = String::new();
    let [mut ink, mut ground] = [cell.fgcolor(), cell.bgcolor()].map(shade);
    if cell.inverse() {
        std::mem::swap(&mut ink, &mut ground);
    }
    for (name, color) in [("color", ink), ("background", ground)] {
        if let Some((red, green, blue)) = color {
            let _ = write!(style, "{name}:rgb({red},{green},{blue});");
        }
    }
    for (is_on, rule) in [
        (cell.bold(), "font-weight:bold;"),
        (cell.dim(), "opacity:.6;"),
        (cell.italic(), "font-style:italic;"),
        (cell.underline(), "text-decoration:underline;"),
    ] {
        style.push_str(if is_on { rule } else { "" });
    }
    let text = match cell.contents() {
        "" => " ".to_owned(),
        text => text.replace('&', "&amp;").replace('<', "&lt;"),
    };
    let text = if cell.is_wide() { format!("<i class=wide>{text}</i>") } else { text };
    if style.is_empty() {
        page.push_str(&text);
    } else {
        let _ = write!(page, "<span style=\"{style}\">{text}</span>");
    }
}

/// The red, green and blue of a colour; none for the terminal's own.
fn shade(color: Color) -> Option<(u8, u8, u8)> {
    match color {
        Color::Default => None,
        Color::Rgb(red, green, blue) => Some((red, green, blue)),
        Color::Idx(index @ 0..16) => Some(SIXTEEN[usize::from(index)]),
        Color::Idx(index @ 16..232) => {
            let level = |it: u8| if it == 0 { 0 } else { 55 + it * 40 };
            let index = index - 16;
            Some((level(index / 36), level(index / 6 % 6), level(index % 6)))
        }
        Color::Idx(index) => {
            let gray = 8 + (index - 232) * 10;
            Some((gray, gray, gray))
        }
    }
}
