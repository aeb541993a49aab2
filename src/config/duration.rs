//! Durations as people write them.

use std::time::Duration;

/// A year: longer waits are slips of the fingers, and clocks overflow somewhere beyond.
const MOST: Duration = Duration::from_hours(366 * 24);

/// Reads `500ms`, `3s`, `10m`, `2h`, `1m30s` or a number of seconds; `None` for anything else and
/// for more than a year.
pub fn parse(text: &str) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return from_seconds(seconds);
    }
    let mut total = Duration::ZERO;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at(digits);
        let letters = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let scale = match unit {
            "ms" => 0.001,
            "s" => 1.0,
            "m" | "min" => 60.0,
            "h" => 3600.0,
            _ => return None,
        };
        total = total.checked_add(from_seconds(number.parse::<f64>().ok()? * scale)?)?;
        rest = after;
    }
    (!text.is_empty() && total <= MOST).then_some(total)
}

/// A number of seconds; `None` when it is negative, not finite or more than a year.
pub(super) fn from_seconds(seconds: f64) -> Option<Duration> {
    let duration = Duration::try_from_secs_f64(seconds).ok()?;
    (duration <= MOST).then_some(duration)
}

/// The shortest spelling that [`parse`] reads back.
pub fn in_words(duration: Duration) -> String {
    let millis = duration.as_millis();
    match millis {
        0 => "0".into(),
        _ if !millis.is_multiple_of(1000) => format!("{millis}ms"),
        _ if millis.is_multiple_of(3_600_000) => format!("{}h", millis / 3_600_000),
        _ if millis.is_multiple_of(60_000) => format!("{}m", millis / 60_000),
        _ => format!("{}s", millis / 1000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them() {
        for (text, millis) in [
            ("500ms", 500),
            ("3s", 3000),
            ("10m", 600_000),
            ("2h", 7_200_000),
            ("1m30s", 90_000),
            ("0.5s", 500),
            ("90", 90_000),
            ("1.5", 1500),
            (" 3s ", 3000),
            ("0", 0),
        ] {
            assert_eq!(parse(text), Some(Duration::from_millis(millis)), "{text}");
        }
    }

    #[test]
    fn anything_else_is_no_duration() {
        for text in ["", "s", "3 s", "3x", "-1", "-1s", "1e99", "inf", "NaN", "1s2", "9999999h"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_spelling_shown_is_read_back() {
        for millis in [0, 1, 500, 1000, 90_000, 600_000, 3_600_000] {
            let duration = Duration::from_millis(millis);
            assert_eq!(parse(&in_words(duration)), Some(duration));
        }
    }
}
