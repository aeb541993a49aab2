use serde_json::{Value, json};

use super::*;
use crate::{
    chat::{Conversation, Echo, ToolCall},
    sessions::Foreign,
};

fn time(text: &str) -> Time {
    Time::of(text.parse().expect("it is a time"))
}

fn begun() -> Begun {
    let id = SessionId::parse("bcdfghjkmnpqrs").expect("it is one");
    Begun { directory: Some("/home/ada".into()), ..Begun::new(id, time("2026-11-22T17:20:16Z")) }
}

fn account(key: &str, files: Vec<FileRef>, ended: Option<Ended>) -> Account {
    Account {
        key: key.into(),
        asked_at: time("2026-11-22T17:21:00Z"),
        profile: "work".into(),
        model: "gpt-x".into(),
        wire: "responses".into(),
        chosen: Chosen { model: Some("gpt-x".into()), system: Some("Be brief.".into()) },
        files,
        ended,
    }
}

fn ended(state: State) -> Ended {
    Ended {
        at: time("2026-11-22T17:21:03.5Z"),
        state,
        served_model: Some("gpt-x-2026".into()),
        finish_reason: Some("length".into()),
        request_id: Some("req_1".into()),
        usage: Usage { input: Some(12), output: Some(34), ..Usage::default() },
        first_ms: Some(400),
        total_ms: Some(3_449),
        error: Some(Trouble { kind: "cut".into(), message: "it was cut".into() }),
    }
}

/// Every kind of part, a file, a branch, a failure, and a question that waits.
fn foreign() -> Foreign {
    let mut foreign = Foreign::new(begun(), Some("fruit".into()));
    let file = TextFile { name: "notes.txt".into(), text: "3 apples".into() };
    let files = vec![FileRef::of(&file.name, &file.text)];
    let parts = vec![Part { content: Content::File(file), echo: None }, Part::text("how many?")];
    let echo = Some(Echo { issuer: "https://a.example".into(), value: json!({"signature": "s"}) });
    let call = ToolCall { id: "c".into(), name: "f".into(), arguments: "{}".into() };
    let contents = [
        (Content::Reasoning("Hm.".into()), echo.clone()),
        (Content::Opaque, echo.clone()),
        (Content::Text("Three\u{1b}.".into()), None),
        (Content::ToolCall(call), echo),
        (Content::Refusal("No.".into()), None),
    ];
    let parts_of_answer = contents.map(|(content, echo)| Part { content, echo }).into();
    let answer = |parts, is_whole, usage| Answer {
        message: Message { role: Role::Assistant, parts },
        is_whole,
        profile: "work".into(),
        model: "gpt-x".into(),
        usage,
    };
    let usage = ended(State::Partial).usage;
    let question = Message { role: Role::User, parts };
    let first = foreign.tell(Told {
        parent: None,
        question: question.clone(),
        is_continuation: false,
        account: account("k1", files.clone(), Some(ended(State::Partial))),
        answer: Some(answer(parts_of_answer, false, usage)),
    });
    let first = first.expect("its key is its own");
    foreign.tell(Told {
        parent: Some(first),
        question: Message::user("and pears?"),
        is_continuation: true,
        account: account("k2", Vec::new(), Some(ended(State::Failed))),
        answer: None,
    });
    foreign.tell(Told {
        parent: None,
        question,
        is_continuation: false,
        account: account("k3", files, Some(ended(State::Complete))),
        answer: Some(answer(vec![Part::text("3")], true, usage)),
    });
    foreign.tell(Told {
        parent: Some(first),
        question: Message::user("waiting"),
        is_continuation: false,
        account: account("k4", Vec::new(), None),
        answer: None,
    });
    foreign
}

fn export(session: &Session) -> Value {
    serde_json::to_value(Exported::of(session)).expect("it has no map but of text")
}

fn import(json: &Value) -> Result<Session, NotExported> {
    let text = json.to_string();
    Exported::parse(text.as_bytes())?.into_foreign().map(Foreign::into_session)
}

#[track_caller]
fn check_same(session: &Session) {
    let json = export(session);
    let back = import(&json).expect("it was exported");
    assert_eq!(export(&back), json);
    assert_eq!(back.begun(), session.begun());
    assert_eq!(back.name(), session.name());
    let turns = |conversation: &Conversation| -> Vec<Turn> {
        conversation.turns().map(|(_, turn)| turn.clone()).collect()
    };
    assert_eq!(turns(back.conversation()), turns(session.conversation()));
    for (id, _) in session.conversation().turns() {
        assert_eq!(back.account(id), session.account(id));
    }
    let places = |conversation: &Conversation| (conversation.head(), conversation.latest());
    assert_eq!(places(back.conversation()), places(session.conversation()));
}

#[test]
fn what_is_imported_is_what_was_exported() {
    let mut session = foreign().into_session();
    check_same(&session);
    // From wherever the conversation goes on.
    assert!(session.go_to(3));
    check_same(&session);
    assert!(session.go_to(1));
    check_same(&session);
    session.begin_anew();
    check_same(&session);
}

#[test]
fn who_asked_elsewhere_in_vain_is_still_where_he_was() {
    let mut session = foreign().into_session();
    let turns: Vec<TurnId> = session.conversation().turns().map(|(id, _)| id).collect();
    assert!(session.go_to(1));
    let waiting = session.ask_again(turns[2], crate::sessions::Asking::default());
    assert_eq!(session.conversation().turn(waiting).parent, None);
    let back = import(&export(&session)).expect("it was exported");
    assert_eq!(back.conversation().head(), Some(turns[0]));
}

#[test]
fn the_shape_is_the_one_in_the_papers() {
    let json = export(&foreign().into_session());
    let file = json!({
        "name": "notes.txt", "bytes": 8, "text": "3 apples",
        "sha256": "1f6c0e0bc6b8a7d6b5f1f5f41c9e8f1c0a0bb9a6d5b7b2c2a3c7f3a1b0e0e0e0",
    });
    let mut turn = json["turns"][0].clone();
    let mut found = turn["files"][0].take();
    assert_eq!(found["sha256"].as_str().map(str::len), Some(64));
    found["sha256"] = file["sha256"].clone();
    assert_eq!(found, file);
    turn["answer"].take();
    assert_eq!(
        turn,
        json!({
            "number": 1, "id": "k1", "parent": null, "at": "2026-11-22T17:21:00.000Z",
            "profile": "work", "model": "gpt-x", "wire": "responses",
            "chosen": {"model": "gpt-x", "system": "Be brief."},
            "isContinuation": false, "files": [null], "question": "how many?", "answer": null,
            "end": {
                "at": "2026-11-22T17:21:03.500Z", "state": "partial", "servedModel": "gpt-x-2026",
                "finishReason": "length", "requestId": "req_1",
                "usage": {"inputTokens": 12, "outputTokens": 34},
                "firstMs": 400, "totalMs": 3449,
                "error": {"kind": "cut", "message": "it was cut"},
            },
        })
    );
    assert_eq!(
        json["turns"][0]["answer"],
        json!({"text": "Three\u{1b}.No.", "isWhole": false, "parts": [
            {"kind": "reasoning", "text": "Hm.",
             "echo": {"issuer": "https://a.example", "value": {"signature": "s"}}},
            {"kind": "opaque", "echo": {"issuer": "https://a.example", "value": {"signature": "s"}}},
            {"kind": "text", "text": "Three\u{1b}."},
            {"kind": "toolCall", "call": {"id": "c", "name": "f", "arguments": "{}"},
             "echo": {"issuer": "https://a.example", "value": {"signature": "s"}}},
            {"kind": "refusal", "text": "No."},
        ]})
    );
    let mut head = json;
    head["turns"].take();
    assert_eq!(
        head,
        json!({
            "v": 1, "type": "session", "id": "bcdfghjkmnpqrs", "at": "2026-11-22T17:20:16.000Z",
            "title": "fruit", "name": "fruit", "directory": "/home/ada", "forkedFrom": null,
            "importedFrom": null, "head": 3, "latest": 4, "turns": null,
        })
    );
}

#[test]
fn turns_that_do_not_fit_together_are_refused() {
    let whole = export(&foreign().into_session());
    let refusal = |change: &dyn Fn(&mut Value)| {
        let mut json = whole.clone();
        change(&mut json);
        import(&json).expect_err("it does not fit").to_string()
    };
    let turn = |number: usize, field: &'static str, value: Value| {
        refusal(&|json| json["turns"][number - 1][field] = value.clone())
    };
    assert_eq!(turn(2, "number", 3.into()), "turn 2 has another `number`");
    assert_eq!(turn(2, "parent", 2.into()), "turn 2 has a `parent` that does not stand before it");
    assert_eq!(turn(2, "parent", 0.into()), "turn 2 has a `parent` that was not answered");
    assert_eq!(turn(4, "parent", 2.into()), "turn 4 has a `parent` that was not answered");
    assert_eq!(turn(3, "id", "k1".into()), "turn 3 has the `id` of another one");
    let head = |head: Value| {
        refusal(&|json| {
            json["head"] = head.clone();
            json["latest"] = head.clone();
        })
    };
    assert_eq!(head(2.into()), "`head` is 2, which is no answered turn");
    assert_eq!(head(0.into()), "`head` is 0, which is no answered turn");
    assert_eq!(
        refusal(&|json| json["v"] = 2.into()),
        "it is in version 2 of the format, which this program does not know"
    );
    assert_eq!(
        refusal(&|json| json["type"] = "result".into()),
        "it is no session: its `type` is `result`"
    );
    assert!(matches!(import(&json!({"v": 1, "type": "session"})), Err(NotExported::Json(_))));
    assert!(matches!(import(&json!([])), Err(NotExported::Json(_))));
}

#[test]
fn a_file_that_is_gone_leaves_its_name() {
    let mut json = export(&foreign().into_session());
    json["turns"][0]["files"][0]["text"].take();
    let session = import(&json).expect("it fits");
    let (_, turn) = session.conversation().turns().next().expect("the first");
    assert!(turn.question.text().starts_with("[the file `notes.txt` is not there any more]"));
    assert_eq!(export(&session), json);
}
