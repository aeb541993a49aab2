//! What the goldens cannot show: the request's body, the fast path, and hostile input.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    chat::{ChatRequest, Content, Echo, Message, Options, Part, Role, ToolCall},
    wire::{Dialect, Encoded, Wire},
};

fn request(messages: Vec<Message>) -> ChatRequest {
    ChatRequest {
        model: "m".into(),
        system: None,
        messages,
        options: Options::default(),
        stream: false,
        issuer: "here".into(),
    }
}

/// A part that `issuer` wants back with `value`.
fn echoed(content: Content, issuer: &str, value: Value) -> Part {
    Part { content, echo: Some(Echo { issuer: issuer.into(), value }) }
}

fn answer(parts: Vec<Part>) -> Message {
    Message { role: Role::Assistant, parts }
}

/// The messages of the body, and what was left out.
fn messages(history: Vec<Message>) -> (Value, Vec<String>) {
    let Encoded { body, dropped } = encode(&request(history), &Dialect::default());
    (body["messages"].clone(), dropped)
}

#[test]
fn a_plain_request_says_nothing_that_nobody_set() {
    let encoded = encode(&request(vec![Message::user("Hi")]), &Dialect::default());
    assert_eq!(
        encoded.body.to_string(),
        r#"{"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":false}"#
    );
    assert_eq!(encoded.dropped, [] as [String; 0]);
}

#[test]
fn a_full_request_says_all_of_it() {
    let mut request = request(vec![Message::user("Hi")]);
    request.system = Some("Be brief.".into());
    request.stream = true;
    request.options = Options {
        temperature: Some(0.5),
        top_p: Some(1.0),
        stop: vec!["END".into()],
        seed: Some(-7),
        max_output_tokens: Some(64),
        effort: Some("low".into()),
        verbosity: Some("high".into()),
    };
    let mut dialect = Dialect { store_false: true, ..Dialect::default() };
    let expected = |limit: &str| {
        json!({"model": "m", "messages": [{"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hi"}], limit: 64, "temperature": 0.5, "top_p": 1.0,
            "stop": ["END"], "seed": -7, "reasoning_effort": "low", "verbosity": "high",
            "store": false, "stream": true, "stream_options": {"include_usage": true}})
    };
    assert_eq!(encode(&request, &dialect).body, expected("max_completion_tokens"));
    dialect.limit_field = Some("max_tokens".into());
    assert_eq!(encode(&request, &dialect).body, expected("max_tokens"));
}

#[test]
fn the_users_extra_body_has_the_last_word() {
    let extra = json!({"stream_options": {"include_obfuscation": false}, "model": "n"});
    let extra_body = extra.as_object().unwrap().clone();
    let mut request = request(vec![]);
    request.stream = true;
    let encoded = Wire::OpenAiChat.encode(&request, &Dialect { extra_body, ..Dialect::default() });
    assert_eq!(
        encoded.body,
        json!({"model": "n", "messages": [], "stream": true,
            "stream_options": {"include_usage": true, "include_obfuscation": false}})
    );
}

#[test]
fn thinking_and_empty_messages_are_not_sent() {
    let thought = Part { content: Content::Reasoning("Plan.".into()), echo: None };
    let opaque = Part { content: Content::Opaque, echo: None };
    let history = vec![
        Message::user("Hi"),
        answer(vec![thought.clone(), opaque, Part::text("Hel"), Part::text("lo!")]),
        Message::user(""),
        answer(vec![thought]),
        answer(vec![Part::text(" \n")]),
    ];
    let expected = json!([{"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello!"}]);
    assert_eq!(messages(history), (expected, vec![]));
}

#[test]
fn a_refusal_is_said_in_words_that_every_server_reads() {
    let refusal = Part { content: Content::Refusal("No.".into()), echo: None };
    let expected = json!([{"role": "assistant", "content": "Well. No."}]);
    assert_eq!(messages(vec![answer(vec![Part::text("Well. "), refusal])]), (expected, vec![]));
}

#[test]
fn tool_calls_without_a_result_are_left_out_and_told() {
    let call = || Part { content: Content::ToolCall(ToolCall::default()), echo: None };
    let history = vec![answer(vec![Part::text("Look:"), call()]), answer(vec![call()])];
    let expected = json!([{"role": "assistant", "content": "Look:"}]);
    let dropped = "left out tool calls of the history: they have no results".to_owned();
    assert_eq!(messages(history), (expected, vec![dropped]));
}

#[test]
fn only_its_issuer_gets_an_echo_back() {
    let details = json!([{"type": "reasoning.encrypted", "data": "x"}]);
    let value = json!({"reasoning_details": details, "role": "system"});
    let thought = |issuer| echoed(Content::Reasoning("Plan.".into()), issuer, value.clone());
    let plain = json!([{"role": "assistant", "content": "Hi"}]);
    assert_eq!(messages(vec![answer(vec![thought("there"), Part::text("Hi")])]).0, plain);
    let with_details =
        json!([{"role": "assistant", "content": "Hi", "reasoning_details": details}]);
    assert_eq!(messages(vec![answer(vec![thought("here"), Part::text("Hi")])]).0, with_details);
}

#[test]
fn what_a_server_wants_back_goes_back_as_it_came() {
    let body = json!({"choices": [{"finish_reason": "stop", "message": {"content": "Hi",
        "reasoning": "Plan.", "reasoning_details": [{"type": "reasoning.summary", "summary": "a"},
            {"type": "reasoning.summary", "summary": "b"}]}}]});
    let mut events = Vec::new();
    assert_eq!(decode_whole(body.to_string().as_bytes(), &mut events), Ok(()));
    let mut reply = crate::chat::Reply::default();
    for event in &events {
        reply.apply(event, "here");
    }
    let mut expected = json!({"role": "assistant", "content": "Hi"});
    expected["reasoning_details"] = body["choices"][0]["message"]["reasoning_details"].clone();
    assert_eq!(messages(vec![reply.into_message()]), (json!([expected]), vec![]));
}

/// The events of one frame read by a decoder, and how it ended.
fn read(decoder: &mut Decoder, data: &str) -> (Vec<ChatEvent>, Result<(), WireError>) {
    let mut events = Vec::new();
    let end = decoder.frame(&Frame { event: None, data: data.into() }, &mut events);
    (events, end)
}

/// The same without the fast path.
fn read_slowly(decoder: &mut Decoder, data: &str) -> (Vec<ChatEvent>, Result<(), WireError>) {
    let mut events = Vec::new();
    let end = match json::parse(data) {
        Ok(value) => decoder.chunk(&value, &mut events),
        Err(_) => Err(malformed(data)),
    };
    (events, end)
}

#[test]
fn the_ordinary_chunk_takes_the_fast_path() {
    let chunk = json!({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m",
        "system_fingerprint": null, "choices": [{"index": 0, "delta": {"content": "a\nb"},
            "logprobs": null, "finish_reason": null}], "usage": null, "obfuscation": "xy"});
    assert!(plain::read(&chunk.to_string(), true).is_some());
    assert!(plain::read(&chunk.to_string(), false).is_none());
    let mut counted = chunk.clone();
    counted["usage"] = json!({"prompt_tokens": 1});
    let read = plain::read(&counted.to_string(), true).and_then(|chunk| chunk.usage);
    assert_eq!(read.as_ref(), Some(&counted["usage"]));
    for (path, value) in [
        ("/choices/0/finish_reason", json!("stop")),
        ("/choices/0/index", json!(1)),
        ("/choices/0/delta", json!([])),
        ("/choices/0/delta/content", json!(["a"])),
        ("/choices", json!([])),
        ("/object", json!("error")),
    ] {
        let mut odd = chunk.clone();
        *odd.pointer_mut(path).unwrap() = value;
        assert!(plain::read(&odd.to_string(), true).is_none(), "{odd}");
    }
}

#[test]
fn of_chunks_that_differ_in_their_text_alone_only_the_text_is_read() {
    let data = |text: &str| {
        let text = json!(text);
        format!(r#"{{"id":"c","choices":[{{"index":0,"delta":{{"content":{text}}}}}]}}"#)
    };
    let mut shape = Shape::default();
    let content = |chunk: plain::Chunk<'_>| chunk.content.map(std::borrow::Cow::into_owned);
    assert!(shape.read(&data("first"), false).is_none(), "it names the answer");
    assert_eq!(shape.content(&data("a")), None);
    assert_eq!(shape.read(&data("a"), true).and_then(content).as_deref(), Some("a"));
    for text in ["", "b", "\n\"\\", "é"] {
        assert_eq!(shape.content(&data(text)).as_deref(), Some(text));
    }
    for other in ["", "{", &data("a").replace('c', "d"), &data("a").replace('}', " }"), "\"}}]}"] {
        assert_eq!(shape.content(other), None, "{other}");
    }
    // The two halves must not share a quotation mark.
    assert_eq!(shape.content(&data("").replace("\"\"", "\"")), None);
}

#[test]
fn text_is_borrowed_from_the_frame_when_it_holds_no_escapes() {
    let data = r#"{"choices":[{"delta":{"content":"text"}}]}"#;
    let chunk = plain::read(data, true).unwrap();
    assert!(matches!(chunk.content, Some(std::borrow::Cow::Borrowed("text"))));
}

/// Values of any kind, small words of the format among them.
fn odd() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        Just(json!(false)),
        prop::sample::select(vec![0.0, 1.0, -1.0, 0.5, 1e300]).prop_map(|number| json!(number)),
        prop::sample::select(vec![0_u64, 1, 7, u64::MAX]).prop_map(|number| json!(number)),
        prop::sample::select(vec![
            "", "a", "<think>", "</think>", "\n", "stop", "error", "é\"", "thinking", "{}",
        ])
        .prop_map(|text| json!(text)),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec((prop::sample::select(KEYS), inner), 0..4).prop_map(object),
        ]
    })
}

const KEYS: &[&str] = &[
    "id",
    "type",
    "text",
    "index",
    "function",
    "name",
    "arguments",
    "thinking",
    "message",
    "error",
    "prompt_tokens",
    "total_tokens",
    "summary",
    "signature",
    "extra_content",
    "refusal",
    "usage",
];

fn object(members: Vec<(&'static str, Value)>) -> Value {
    members
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// An object of some of these members: mostly plausible values, sometimes odd ones.
fn members(members: Vec<(&'static str, BoxedStrategy<Value>)>) -> impl Strategy<Value = Value> {
    let members: Vec<_> = members
        .into_iter()
        .map(|(key, value)| {
            let value = prop_oneof![6 => value, 1 => odd()];
            prop::option::of(value).prop_map(move |value| Some((key, value?)))
        })
        .collect();
    members.prop_map(|members| object(members.into_iter().flatten().collect()))
}

fn text() -> BoxedStrategy<Value> {
    prop::sample::select(vec!["", "a", "<th", "ink>", "</think>", "\n", " ", "é\u{2028}\"\\"])
        .prop_map(|text| json!(text))
        .boxed()
}

fn chunk() -> impl Strategy<Value = Value> {
    let null = || Just(Value::Null).boxed();
    let delta = members(vec![
        ("role", Just(json!("assistant")).boxed()),
        ("content", text()),
        ("reasoning_content", text()),
        ("reasoning", text()),
        ("reasoning_details", null()),
        ("tool_calls", null()),
        ("function_call", null()),
        ("refusal", null()),
        ("thinking", null()),
        ("thinking_blocks", null()),
    ]);
    let choice = members(vec![
        ("index", Just(json!(0)).boxed()),
        ("delta", delta.boxed()),
        ("finish_reason", null()),
        ("usage", null()),
        ("message", null()),
        ("error", null()),
        ("object", null()),
    ]);
    let usage = members(vec![
        ("prompt_tokens", (0..3_u64).prop_map(|count| json!(count)).boxed()),
        ("completion_tokens", (0..3_u64).prop_map(|count| json!(count)).boxed()),
    ]);
    members(vec![
        ("id", text()),
        ("model", text()),
        ("object", Just(json!("chat.completion.chunk")).boxed()),
        ("choices", choice.prop_map(|choice| json!([choice])).boxed()),
        ("usage", prop_oneof![null(), usage].boxed()),
        ("x_groq", null()),
        ("error", null()),
        ("type", null()),
        ("error_message", null()),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn the_fast_path_is_equal_to_the_slow_one(chunks in prop::collection::vec(chunk(), 1..6)) {
        let (mut decoder, mut slow) = (Decoder::default(), Decoder::default());
        for chunk in chunks {
            let data = chunk.to_string();
            prop_assert_eq!(read(&mut decoder, &data), read_slowly(&mut slow, &data), "{}", data);
        }
        let (mut events, mut slow_events) = (Vec::new(), Vec::new());
        decoder.finish(&mut events);
        slow.finish(&mut slow_events);
        prop_assert_eq!(events, slow_events);
        prop_assert_eq!(decoder.progress(), slow.progress());
    }

    #[test]
    fn chunks_of_one_shape_are_read_as_any_others(chunk in chunk(), texts in prop::collection::vec(
        prop_oneof![text(), Just(json!("x\",\"content\":\"y")), odd().boxed()], 1..8
    )) {
        let (mut decoder, mut slow) = (Decoder::default(), Decoder::default());
        for text in texts {
            let mut chunk = chunk.clone();
            if let Some(content) = chunk.pointer_mut("/choices/0/delta/content") {
                *content = text;
            }
            // A string that ends too early is no JSON, and one that goes on is another member.
            for data in [chunk.to_string(), chunk.to_string().replace("\\\"", "\"")] {
                let read = read(&mut decoder, &data);
                prop_assert_eq!(read, read_slowly(&mut slow, &data), "{}", data);
            }
        }
    }

    #[test]
    fn nothing_makes_the_decoder_panic(data in odd(), body in ".{0,40}") {
        let _ = read(&mut Decoder::default(), &data.to_string());
        let _ = read(&mut Decoder::default(), &body);
        let whole = json!({"choices": [{"message": data}], "usage": data});
        let _ = decode_whole(whole.to_string().as_bytes(), &mut Vec::new());
        let _ = decode_whole(body.as_bytes(), &mut Vec::new());
        let _ = Fault::from_body(data.to_string().as_bytes());
        let _ = Fault::from_body(body.as_bytes());
    }
}
