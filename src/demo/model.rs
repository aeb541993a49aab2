//! The models on offer: one that answers, and some that act out trouble.

use std::time::Duration;

/// A part to play.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Model {
    /// Answers.
    Demo,
    /// Reasons before it answers.
    Think,
    /// Takes its time.
    Slow,
    /// 429 once, then answers.
    RateLimit,
    /// Drops the connection in mid-answer.
    Cut,
    /// 500, each time.
    Error,
    /// Stops for the content filter in mid-answer.
    Filter,
}

impl Model {
    pub(super) const ALL: [Self; 7] = [
        Self::Demo,
        Self::Think,
        Self::Slow,
        Self::RateLimit,
        Self::Cut,
        Self::Error,
        Self::Filter,
    ];

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|model| model.name() == name)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Demo => super::DEFAULT_MODEL,
            Self::Think => "think",
            Self::Slow => "slow",
            Self::RateLimit => "rate-limit",
            Self::Cut => "cut",
            Self::Error => "error",
            Self::Filter => "filter",
        }
    }

    pub(super) fn pace(self) -> Pace {
        match self {
            Self::Slow => {
                Pace { before: Duration::from_millis(1500), word: Duration::from_millis(150) }
            }
            _ => Pace { before: Duration::ZERO, word: Duration::from_millis(8) },
        }
    }
}

/// How fast a model speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    /// Until the first byte of the response.
    pub(super) before: Duration,
    /// After each word of a stream.
    pub(super) word: Duration,
}
