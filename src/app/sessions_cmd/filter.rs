//! Which sessions are meant by flags.

use jiff::{Timestamp, tz::TimeZone};

use super::{
    args::FilterArgs,
    moment::{Side, moment},
};
use crate::{
    app::failure::Failure,
    sessions::{Entry, Place, Time},
};

/// What flags say of the sessions that are wanted.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    pub(super) profile: Option<String>,
    pub(super) model: Option<String>,
    /// The directory where they began.
    directory: Option<String>,
    pub(super) since: Option<Time>,
    pub(super) until: Option<Time>,
}

impl Filter {
    /// Reads the flags of a person who is in `place`.
    pub(super) fn of(args: &FilterArgs, place: &Place) -> Result<Self, Failure> {
        let (now, zone) = (Timestamp::now(), TimeZone::system());
        let read = |text: &Option<String>, side, flag| {
            let text = text.as_deref();
            text.map(|text| moment(text, side, flag, now, &zone).map(Time::of)).transpose()
        };
        let directory = match &place.directory {
            _ if !args.here => None,
            Some(directory) => Some(directory.clone()),
            None => return Err(Failure::usage("this directory is gone: `--here` finds nothing")),
        };
        Ok(Self {
            profile: args.profile.clone(),
            model: args.model.clone(),
            directory,
            since: read(&args.since, Side::Since, "--since")?,
            until: read(&args.until, Side::Until, "--until")?,
        })
    }

    /// Whether a session is among them, by what was asked last.
    pub(super) fn fits(&self, entry: &Entry) -> bool {
        self.fits_place(entry)
            && self.profile.as_ref().is_none_or(|wanted| *wanted == entry.profile)
            && self.model.as_ref().is_none_or(|wanted| *wanted == entry.model)
            && self.since.is_none_or(|since| entry.last_at >= since)
            && self.until.is_none_or(|until| entry.last_at < until)
    }

    /// Whether it began in the directory that is wanted.
    pub(super) fn fits_place(&self, entry: &Entry) -> bool {
        self.directory.as_ref().is_none_or(|wanted| entry.directory.as_ref() == Some(wanted))
    }

    /// Whether a search has to look further than its query says.
    pub(super) fn has_place(&self) -> bool {
        self.directory.is_some()
    }
}
