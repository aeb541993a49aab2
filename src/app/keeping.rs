//! The session that a run belongs to: a new one, or one that is gone on with.

use jiff::Timestamp;

use super::{
    cli::{ConnectionArgs, SessionArgs},
    failure::{Failure, Kind},
    flags,
    link::Link,
    outcome,
    sessions_cmd::{self, Picked},
};
use crate::{
    config::{self, Env, Flags, Loaded, Paths},
    sessions::{
        Asking, BadName, Chosen, DamageKind, Error, Last, Opened, Place, Session, Store,
        Surroundings, Trouble,
    },
    term::{Console, sanitize_line},
};

/// Where sessions are kept for a program that runs here and now.
pub(super) fn store(env: &Env, loaded: &Loaded, console: Console) -> Store {
    store_in(&loaded.paths, env, console)
}

/// The same by the folders alone.
pub(super) fn store_in(paths: &Paths, env: &Env, console: Console) -> Store {
    let facts = console.facts();
    let has_terminal =
        facts.stdin_is_terminal || facts.stdout_is_terminal || facts.stderr_is_terminal;
    let surroundings = Surroundings {
        tmux: env.get("TMUX"),
        tmux_pane: env.get("TMUX_PANE"),
        sty: env.get("STY"),
        window: env.get("WINDOW"),
    };
    let directory = std::env::current_dir().ok();
    let place = Place::find(surroundings, has_terminal, directory.as_deref());
    Store::new(&paths.data, &paths.state, &paths.cache, place)
}

/// Whether what is said is kept.
pub(super) fn is_kept(args: &SessionArgs, loaded: &Loaded) -> bool {
    !args.no_save && loaded.saves()
}

/// Lets a person at a terminal choose the session, when `-r` stands alone; elsewhere [`begin`] refuses
/// that. A person who chooses nothing leaves as with Ctrl-C, so that no script goes on.
pub(super) fn choose(
    args: &mut SessionArgs,
    connection: &ConnectionArgs,
    env: &Env,
    console: Console,
) -> Result<(), Failure> {
    let facts = console.facts();
    let is_asked = args.resume.as_deref() == Some("");
    if !is_asked || !facts.stdin_is_terminal || !facts.stderr_is_terminal {
        return Ok(());
    }
    let paths = config::locate(env, &flags::of_connection(connection));
    match sessions_cmd::pick(&store_in(&paths, env, console), console)? {
        Picked::Session(id) => args.resume = Some(id.to_string()),
        Picked::Nothing => {
            return Err(Failure::new(Kind::Interrupted, "no session was chosen"));
        }
    }
    Ok(())
}

/// The session that the flags ask for, and `BYOK_SESSION`. What there is to be said of it is said.
pub(super) fn begin(
    args: &SessionArgs,
    env: &Env,
    store: &Store,
    is_kept: bool,
    console: Console,
) -> Result<Session, Failure> {
    let kept_in = is_kept.then_some(store);
    if args.continue_last {
        let found = store.last()?.ok_or_else(|| {
            Failure::usage("there is no session to go on with")
                .hint("without `-c` a new one begins; `byok sessions` lists them")
        })?;
        let (listed, last) = found;
        let opened = store.open(&listed.path, is_kept)?;
        return Ok(resumed(opened, Some(last), console));
    }
    if let Some(wanted) = &args.resume {
        if wanted.is_empty() {
            return Err(Failure::usage("`-r` alone asks which session, and there is no terminal")
                .hint("`-r=ID` names one, and `byok sessions` lists them"));
        }
        let path = store.find(wanted)?;
        return Ok(resumed(store.open(&path, is_kept)?, None, console));
    }
    let Some(wanted) = env.get("BYOK_SESSION").filter(|wanted| !wanted.is_empty()) else {
        return Ok(Session::new(store.place(), kept_in));
    };
    if let Some(path) = store.find_whole(wanted)? {
        return Ok(resumed(store.open(&path, is_kept)?, None, console));
    }
    // A script names its session before it is there.
    let mut session = Session::new(store.place(), kept_in);
    let name = store.check_name(wanted, session.id()).map_err(|error| {
        Failure::from(error).hint("variable `BYOK_SESSION` is a whole id, or a name")
    })?;
    session.rename(Some(name));
    Ok(session)
}

/// Lets what was chosen in a session hold on, where nothing else is said now: its profile, and the
/// model and the system prompt that a person chose in place of the profile's.
pub(super) fn take_choices(session: &Session, flags: &mut Flags, console: Console) {
    let Some(account) = session.last_asked() else { return };
    flags.session_profile = Some(account.profile.clone());
    let Chosen { model, system } = &account.chosen;
    let is_elsewhere = flags.profile.as_ref().is_some_and(|named| *named != account.profile);
    if flags.model.is_none()
        && !is_elsewhere
        && let Some(model) = model
    {
        console.notice(&format!("with model `{}`, as it was chosen there", sanitize_line(model)));
        flags.model = Some(model.clone());
    }
    if flags.system.is_none()
        && flags.system_file.is_none()
        && let Some(system) = system
    {
        console.notice("with the system prompt that was given there");
        flags.system = Some(system.clone());
    }
}

/// Who is asked, as a session keeps it.
pub(super) fn asking(link: &Link, flags: &Flags, system: Option<&str>) -> Asking {
    let is_given = flags.system.is_some() || flags.system_file.is_some();
    Asking {
        profile: link.effective.profile.clone(),
        model: link.model().to_owned(),
        wire: link.target.endpoint.wire.name().to_owned(),
        chosen: Chosen {
            model: flags.model.clone(),
            system: system.filter(|_| is_given).map(str::to_owned),
        },
    }
}

/// Why an answer is not whole, as a session keeps it.
pub(super) fn trouble(failure: &Failure) -> Trouble {
    Trouble { kind: failure.kind.name().to_owned(), message: outcome::message(failure) }
}

/// Says which session is gone on with, and what of it is not as it was.
pub(super) fn resumed(opened: Opened, last: Option<Last>, console: Console) -> Session {
    let Opened { session, is_fork, damage, missing } = opened;
    let how = match last {
        Some(Last::Terminal) => ", the last one of this terminal",
        Some(Last::Directory) => ", the last one of this directory",
        Some(Last::All) => ", the last one of all",
        None => "",
    };
    let title = sanitize_line(&session.title());
    let turns = session.conversation().turns().count();
    let turns = if turns == 1 { "1 turn".to_owned() } else { format!("{turns} turns") };
    let asked = session.last_asked().map_or_else(String::new, |account| {
        format!(", {}", ago(account.asked_at.timestamp(), Timestamp::now()))
    });
    let origin = session.begun().forked_from.as_ref().filter(|_| is_fork);
    let id = origin.unwrap_or(session.id()).short();
    console.notice(&format!("going on with `{id}`{how}: `{title}` ({turns}{asked})"));
    if is_fork {
        let fork = session.id().short();
        console.notice(&format!(
            "`{id}` is in use by another byok: what follows goes into `{fork}`, which begins with what was said so far"
        ));
    }
    let unreadable = damage.iter().filter(|it| it.kind != DamageKind::Torn).count();
    if unreadable > 0 {
        let lines = if unreadable == 1 { "a line" } else { "several lines" };
        console.warning(&format!(
            "{lines} of session `{id}` cannot be read; `byok sessions check` tells more"
        ));
    }
    for name in missing {
        console.warning(&format!(
            "the file `{}` of an earlier question is not there any more: the model gets its name only",
            sanitize_line(&name)
        ));
    }
    session
}

/// Says what could not be stored, once.
pub(super) fn tell_trouble(session: &mut Session, console: Console) -> Option<String> {
    let trouble = session.take_trouble()?;
    let line = unkept(&trouble);
    console.warning(&line);
    Some(line)
}

/// What could not be stored, in one line.
pub(super) fn unkept(trouble: &Error) -> String {
    let cause = std::error::Error::source(trouble);
    let cause = cause.map_or_else(String::new, |cause| format!(": {cause}"));
    format!("this is not stored: {trouble}{cause}")
}

/// How long something is ago, in words.
pub(super) fn ago(then: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second() - then.as_second();
    let of = |count: i64, unit: &str| {
        let plural = if count == 1 { "" } else { "s" };
        format!("{count} {unit}{plural} ago")
    };
    match seconds {
        // Clocks jump.
        ..0 => "in the future, as its clock had it".to_owned(),
        0..60 => "just now".to_owned(),
        60..3_600 => of(seconds / 60, "minute"),
        3_600..86_400 => of(seconds / 3_600, "hour"),
        86_400..5_184_000 => of(seconds / 86_400, "day"),
        5_184_000..63_072_000 => of(seconds / 2_592_000, "month"),
        _ => of(seconds / 31_536_000, "year"),
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let kind = match &error {
            Error::Io { .. } => Kind::Other,
            Error::Newer { .. } | Error::NotASession { .. } => Kind::Config,
            _ => Kind::Usage,
        };
        let failure = Self::new(kind, error.to_string());
        match &error {
            Error::NotFound { near, .. } => {
                let meant =
                    near.iter().map(|name| format!("did you mean `{}`?", sanitize_line(name)));
                failure.hints(meant).hint("`byok sessions` lists them")
            }
            Error::Ambiguous { candidates, .. } => {
                let names: Vec<String> = candidates.iter().map(|it| format!("`{it}`")).collect();
                failure.hint(format!("name one of {}", names.join(", ")))
            }
            Error::Newer { .. } => failure.hint("a newer byok can read it"),
            Error::NotASession { .. } => failure.hint("`byok sessions check` looks at every file"),
            Error::InUse { .. } => failure.hint("end the other byok first"),
            Error::TooLong => failure.hint("a few words are enough"),
            Error::Name(BadName::LikeAnId(_)) => {
                failure.hint("with a vowel, a digit or a space in it nobody takes it for one")
            }
            Error::Name(_) => failure,
            Error::Io { source, .. } => failure.cause(source),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_words() {
        let now = Timestamp::from_second(1_000_000_000).unwrap();
        let told =
            |seconds: i64| ago(Timestamp::from_second(1_000_000_000 - seconds).unwrap(), now);
        let pairs = [
            (0, "just now"),
            (60, "1 minute ago"),
            (7_200, "2 hours ago"),
            (86_400 * 3, "3 days ago"),
            (86_400 * 90, "3 months ago"),
            (86_400 * 800, "2 years ago"),
            (-5, "in the future, as its clock had it"),
        ];
        for (seconds, words) in pairs {
            assert_eq!(told(seconds), words);
        }
    }
}
