use super::*;
use crate::{
    chat::{ChatEvent, Role, StopReason, TextFile},
    sessions::{DamageKind, Opened},
};

/// Folders of their own, and a store in them.
struct World {
    folder: tempfile::TempDir,
    store: Store,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let at = |name: &str| folder.path().join(name);
        let place =
            Place { terminal: Some("tty 1".to_owned()), directory: Some("/work".to_owned()) };
        let store = Store::new(&at("data"), &at("state"), &at("cache"), place);
        Self { folder, store }
    }

    fn session(&self) -> Session {
        Session::new(self.store.place(), Some(&self.store))
    }

    /// The session as the next process finds it.
    #[track_caller]
    fn reopened(&self, id: &SessionId) -> Session {
        let Opened { session, is_fork, damage, missing } = self.opened(id);
        assert!(!is_fork && damage.is_empty() && missing.is_empty(), "{damage:?} {missing:?}");
        session
    }

    #[track_caller]
    fn opened(&self, id: &SessionId) -> Opened {
        let path = self.store.path(id).expect("it was stored");
        self.store.open(&path, true).expect("it can be read")
    }

    fn text(&self, id: &SessionId) -> String {
        std::fs::read_to_string(self.store.path(id).expect("it was stored")).expect("it is UTF-8")
    }
}

fn asking() -> Asking {
    Asking {
        profile: "work".to_owned(),
        model: "m".to_owned(),
        wire: "chat".to_owned(),
        ..Asking::default()
    }
}

fn came(words: &str, stop: Option<StopReason>) -> Came {
    let mut reply = Reply::default();
    reply.apply(&ChatEvent::Text(words.to_owned()), "issuer");
    if let Some(stop) = stop {
        reply.apply(&ChatEvent::Stop(stop), "issuer");
    }
    Came {
        is_whole: reply.is_whole(),
        reply,
        request_id: Some("req-1".to_owned()),
        begun: Instant::now(),
        grown: Grown::default(),
        error: None,
    }
}

/// Asks and answers.
fn turn(session: &mut Session, question: &str, answer: &str) -> TurnId {
    let turn = session.ask(Message::user(question), asking());
    session.answer(turn, came(answer, Some(StopReason::Stop)));
    turn
}

fn with_file(words: &str, name: &str, text: &str) -> Message {
    let file = TextFile { name: name.to_owned(), text: text.to_owned() };
    let file = Part { content: Content::File(file), echo: None };
    Message { role: Role::User, parts: vec![file, Part::text(words)] }
}

/// Two sessions hold the same.
#[track_caller]
fn assert_same(read: &Session, live: &Session) {
    let turns = |session: &Session| -> Vec<_> {
        session.conversation.turns().map(|(_, turn)| turn.clone()).collect()
    };
    assert_eq!(turns(read), turns(live));
    assert_eq!(read.conversation.head(), live.conversation.head());
    assert_eq!(read.conversation.latest(), live.conversation.latest());
    assert_eq!(read.accounts, live.accounts);
    assert_eq!((&read.begun, &read.name), (&live.begun, &live.name));
}

#[test]
fn nothing_is_made_before_something_is_said() {
    let world = World::new();
    let mut session = world.session();
    session.rename(Some("plan".to_owned()));
    session.undo(1);
    session.begin_anew();
    session.settle();
    assert!(!session.is_stored());
    assert_eq!(std::fs::read_dir(world.folder.path()).unwrap().count(), 0);
    // The name was not forgotten.
    turn(&mut session, "q1", "a1");
    let id = session.id().clone();
    drop(session);
    assert_eq!(world.reopened(&id).name(), Some("plan"));
}

#[test]
fn what_was_said_is_found_as_it_was_left() {
    let world = World::new();
    let mut session = world.session();
    let first = turn(&mut session, "q1", "a1");
    turn(&mut session, "q2", "a2");
    session.undo(1);
    turn(&mut session, "q3", "a3");
    session.rename(Some("plan".to_owned()));
    let again = session.ask_again(first, asking());
    session.answer(again, came("half", None));
    let rest = session.ask_for_the_rest(asking()).expect("it is cut");
    session.answer(rest, came("the rest", Some(StopReason::Stop)));
    let unanswered = session.ask(with_file("q4", "a.txt", "text of a"), asking());
    session.answer(unanswered, came("", None));
    session.settle();
    assert!(session.take_trouble().is_none());
    // It is in use: what is read is the same.
    let path = world.store.path(session.id()).unwrap();
    let (begun, replayed) = world.store.replay(&path).unwrap();
    assert_same(&Session::found(begun, replayed, None), &session);
    let id = session.id().clone();
    session.go_to(2);
    drop(session);
    assert_eq!(world.reopened(&id).conversation.head().map(TurnId::number), Some(2));
}

#[test]
fn a_question_is_on_disk_before_it_is_answered() {
    let world = World::new();
    let mut session = world.session();
    session.ask(Message::user("the question"), asking());
    let text = world.text(session.id());
    assert!(text.ends_with('\n') && text.contains("the question"), "{text}");
    assert_eq!(text.lines().count(), 2);
}

#[test]
fn an_answer_says_how_it_ended() {
    let world = World::new();
    let mut session = world.session();
    for (words, stop, state) in [
        ("all of it", Some(StopReason::Stop), State::Complete),
        ("half", None, State::Partial),
        ("too long", Some(StopReason::Length), State::Partial),
        (" \n", Some(StopReason::Stop), State::Failed),
        ("", None, State::Failed),
    ] {
        let turn = session.ask(Message::user("q"), asking());
        let error = Some(Trouble { kind: "network".to_owned(), message: "gone".to_owned() });
        let came = Came { error: error.clone(), ..came(words, stop) };
        assert_eq!(session.answer(turn, came), state != State::Failed, "{words}");
        let ended = session.account(turn).ended.clone().unwrap();
        assert_eq!(
            (ended.state, ended.error, ended.request_id.as_deref()),
            (state, error, Some("req-1"))
        );
    }
    let id = session.id().clone();
    let live = session.accounts.clone();
    drop(session);
    assert_eq!(world.reopened(&id).accounts, live);
}

#[test]
fn a_fork_is_the_way_to_the_head_in_a_file_of_its_own() {
    let world = World::new();
    let mut session = world.session();
    let asked = session.ask(with_file("q1", "a.txt", "text of a"), asking());
    session.answer(asked, came("a1", Some(StopReason::Stop)));
    turn(&mut session, "elsewhere", "a2");
    session.undo(1);
    turn(&mut session, "q3", "a3");
    let mut fork = session.fork(world.store.place(), Some(&world.store));
    assert_ne!(fork.id(), session.id());
    assert!(!fork.is_stored());
    let before = world.text(session.id());
    turn(&mut fork, "q4", "a4");
    assert_eq!(world.text(session.id()), before);
    let id = fork.id().clone();
    let keys: Vec<_> = fork.accounts.iter().map(|account| account.key.clone()).collect();
    assert_eq!(keys[..2], [session.accounts[0].key.clone(), session.accounts[2].key.clone()]);
    drop(fork);
    let read = world.reopened(&id);
    assert_eq!(read.begun().forked_from.as_ref(), Some(session.id()));
    let words: Vec<_> =
        read.conversation.turns().map(|(_, turn)| turn.words().to_owned()).collect();
    assert_eq!(words, ["q1", "q3", "q4"]);
    assert_eq!(read.accounts[0].files, session.accounts[0].files);
}

#[test]
fn an_answer_that_a_kill_cut_is_cut_in_its_fork() {
    let world = World::new();
    let mut session = world.session();
    let asked = session.ask(Message::user("q1"), asking());
    let mut reply = Reply::default();
    reply.apply(&ChatEvent::Text("half".to_owned()), "issuer");
    let mut growth = session.growth(asked);
    growth.write(&reply);
    growth.end();
    let id = session.id().clone();
    // As a kill leaves it.
    drop(session);
    let read = world.reopened(&id);
    let mut fork = read.fork(world.store.place(), Some(&world.store));
    turn(&mut fork, "q2", "a2");
    let id = fork.id().clone();
    drop(fork);
    let read = world.reopened(&id);
    let first = read.conversation.turns().next().unwrap().1.answer.clone().unwrap();
    assert_eq!((first.words().as_str(), first.is_whole), ("half", false));
    assert_eq!(read.accounts[0].ended.as_ref().unwrap().state, State::Partial);
}

#[test]
fn a_session_that_another_has_is_gone_on_with_in_a_fork() {
    let world = World::new();
    let mut session = world.session();
    turn(&mut session, "q1", "a1");
    let before = world.text(session.id());
    let mut opened = world.opened(session.id());
    assert!(opened.is_fork);
    turn(&mut opened.session, "q2", "a2");
    assert_eq!(world.text(session.id()), before);
    assert_eq!(opened.session.begun().forked_from.as_ref(), Some(session.id()));
}

#[test]
fn a_session_that_is_not_kept_leaves_its_file_alone() {
    let world = World::new();
    let mut session = world.session();
    turn(&mut session, "q1", "a1");
    let id = session.id().clone();
    drop(session);
    let before = world.text(&id);
    let opened = world.store.open(&world.store.path(&id).unwrap(), false).unwrap();
    let mut session = opened.session;
    turn(&mut session, "q2", "a2");
    session.rename(Some("x".to_owned()));
    session.settle();
    assert_eq!(world.text(&id), before);
    let mut off = Session::new(world.store.place(), None);
    turn(&mut off, "q", "a");
    assert!(!off.is_stored());
    assert_eq!(world.store.list().unwrap().len(), 1);
}

#[test]
fn a_file_that_is_lost_is_not_replaced_by_what_stands_for_it() {
    let world = World::new();
    let mut session = world.session();
    let asked = session.ask(with_file("q1", "a.txt", "text of a"), asking());
    session.answer(asked, came("a1", Some(StopReason::Stop)));
    let id = session.id().clone();
    let file = session.accounts[0].files[0].clone();
    drop(session);
    let kept = world.store.files().join(&file.sha256);
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), "text of a");
    std::fs::remove_file(&kept).unwrap();
    let Opened { mut session, missing, .. } = world.opened(&id);
    assert_eq!(missing, ["a.txt"]);
    session.ask_again(asked, asking());
    assert_eq!(session.accounts[1].files, [file]);
    assert!(!kept.exists());
}

/// A folder where there should be a file cannot be written to by anybody.
#[test]
fn what_cannot_be_stored_is_told_once_and_stored_when_it_can_be() {
    let world = World::new();
    let data = world.folder.path().join("data");
    std::fs::write(&data, "in the way").unwrap();
    let mut session = world.session();
    let asked = session.ask(with_file("q1", "a.txt", "text of a"), asking());
    assert!(matches!(session.take_trouble(), Some(Error::Io { .. })));
    session.answer(asked, came("a1", Some(StopReason::Stop)));
    session.settle();
    turn(&mut session, "q2", "a2");
    assert!(session.take_trouble().is_none());
    std::fs::remove_file(&data).unwrap();
    turn(&mut session, "q3", "a3");
    assert!(session.take_trouble().is_none());
    let path = world.store.path(session.id()).unwrap();
    let (begun, replayed) = world.store.replay(&path).unwrap();
    assert_same(&Session::found(begun, replayed, None), &session);
}

#[test]
fn a_clock_that_jumps_back_is_no_trouble() {
    let world = World::new();
    let mut session = world.session();
    turn(&mut session, "q1", "a1");
    let id = session.id().clone();
    drop(session);
    // What was said until now was said in the future.
    let path = world.store.path(&id).unwrap();
    let year = id_year(&path);
    let text = world.text(&id).replace(&format!("\"at\":\"{year}-"), "\"at\":\"2999-");
    std::fs::write(&path, text).unwrap();
    let mut session = world.reopened(&id);
    turn(&mut session, "q2", "a2");
    drop(session);
    let read = world.reopened(&id);
    assert_eq!(read.conversation.head().map(TurnId::number), Some(2));
    assert!(read.accounts[0].asked_at > read.accounts[1].asked_at);
}

/// The year that a session's file begins with.
fn id_year(path: &std::path::Path) -> String {
    path.file_name().unwrap().to_string_lossy()[..4].to_owned()
}

#[test]
fn a_line_that_was_torn_costs_itself_alone() {
    let world = World::new();
    let mut session = world.session();
    turn(&mut session, "q1", "a1");
    let id = session.id().clone();
    drop(session);
    let path = world.store.path(&id).unwrap();
    let text = world.text(&id);
    std::fs::write(&path, &text[..text.len() - 20]).unwrap();
    let Opened { mut session, damage, .. } = world.opened(&id);
    assert_eq!(damage.iter().map(|it| it.kind).collect::<Vec<_>>(), [DamageKind::Torn]);
    turn(&mut session, "q2", "a2");
    drop(session);
    let Opened { session, .. } = world.opened(&id);
    let words: Vec<_> =
        session.conversation.turns().map(|(_, turn)| turn.words().to_owned()).collect();
    assert_eq!(words, ["q1", "q2"]);
}
