//! Days and ages, as people type them. Pure.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

use crate::app::failure::Failure;

/// What stands before a moment: it, or the day that it names, whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The moment is the first one that counts.
    Since,
    /// A day counts to its end.
    Until,
}

/// The moment that `text` means for a person in `zone`; `flag` is what it was given to.
pub(super) fn moment(
    text: &str,
    side: Side,
    flag: &str,
    now: Timestamp,
    zone: &TimeZone,
) -> Result<Timestamp, Failure> {
    let day = |date: Date| {
        let date = if side == Side::Until { date.tomorrow().ok()? } else { date };
        date.to_zoned(zone.clone()).ok().map(|start| start.timestamp())
    };
    let meant = match text.parse::<Timestamp>() {
        Ok(moment) => Some(moment),
        // A date with more behind it is another thing.
        Err(_) if text.len() == "2026-08-01".len() => text.parse().ok().and_then(day),
        Err(_) => None,
    };
    let meant = meant.or_else(|| parse_age(text).and_then(|age| now.checked_sub(age).ok()));
    meant.ok_or_else(|| {
        Failure::usage(format!("`{flag} {text}` is neither a day nor an age"))
            .hint("write a day as `2026-08-01`, an age as `12h`, `30d`, `2w` or `1y`")
    })
}

/// The age that `text` means; `flag` is what it was given to.
pub(super) fn age(text: &str, flag: &str) -> Result<SignedDuration, Failure> {
    parse_age(text).ok_or_else(|| {
        Failure::usage(format!("`{flag} {text}` is no age"))
            .hint("write it as `12h`, `30d`, `2w` or `1y`")
    })
}

fn parse_age(text: &str) -> Option<SignedDuration> {
    const UNITS: [(&str, i64); 4] = [("h", 1), ("d", 24), ("w", 7 * 24), ("y", 365 * 24)];
    // Longer than any clock has run.
    const MOST: i64 = 1_000 * 365 * 24;

    UNITS.iter().find_map(|(unit, hours)| {
        let count: u32 = text.strip_suffix(unit)?.trim_end().parse().ok()?;
        let hours = i64::from(count) * hours;
        (hours <= MOST).then(|| SignedDuration::from_hours(hours))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, side: Side) -> Option<String> {
        let now = "2026-08-20T12:00:00Z".parse().unwrap();
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        moment(text, side, "--since", now, &zone).ok().map(|it| it.to_string())
    }

    #[test]
    fn a_day_is_the_persons_own_and_counts_whole() {
        assert_eq!(at("2026-08-01", Side::Since).as_deref(), Some("2026-07-31T22:00:00Z"));
        assert_eq!(at("2026-08-01", Side::Until).as_deref(), Some("2026-08-01T22:00:00Z"));
    }

    #[test]
    fn an_age_is_counted_back_from_now() {
        assert_eq!(at("12h", Side::Since).as_deref(), Some("2026-08-20T00:00:00Z"));
        assert_eq!(at("2w", Side::Until).as_deref(), Some("2026-08-06T12:00:00Z"));
        assert_eq!(
            at("2026-08-01T10:00:00Z", Side::Since).as_deref(),
            Some("2026-08-01T10:00:00Z")
        );
    }

    #[test]
    fn what_is_neither_is_refused() {
        for text in
            ["", "d", "30", "-3d", "3.5d", "yesterday", "2026-13-01", "99999999999d", "2026-8-1"]
        {
            assert_eq!(at(text, Side::Since), None, "{text}");
        }
        assert!(age("2026-08-01", "--older-than").is_err());
    }
}
