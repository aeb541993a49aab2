use byok::wire::Wire;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::{
    accepted,
    support::{
        byok::Byok,
        chat::Chat,
        provider::{Provider, Recorded, Script},
        streams,
    },
};

const MESSAGES_KEY: &str = "key-of-messages";
const COMPLETIONS_KEY: &str = "key-of-completions";
const RESPONSES_KEY: &str = "key-of-responses";

/// What only the server that issued it may see again.
const SIGNATURE: &str = "signature-of-the-first-thought";
const SEALED: &str = "reasoning-under-seal";

/// Three vendors; `more` is TOML of the first profile.
fn world(messages: &Provider, completions: &Provider, responses: &Provider, more: &str) -> Byok {
    let (m, c, r) = (messages.url(""), completions.url("/v1"), responses.url("/v1"));
    let config = format!(
        "default_profile = \"m\"\n\
         [profiles.m]\ntype = \"anthropic\"\nbase_url = \"{m}\"\nmodel = \"mo\"\n\
         api_key = {{ env = \"M_KEY\" }}\n{more}\n\
         [profiles.c]\nbase_url = \"{c}\"\nmodel = \"co\"\napi_key = {{ env = \"C_KEY\" }}\n\
         [profiles.r]\nbase_url = \"{r}\"\nwire_api = \"responses\"\nmodel = \"re\"\n\
         api_key = {{ env = \"R_KEY\" }}\n"
    );
    Byok::new()
        .file("config.toml", config)
        .env("M_KEY", MESSAGES_KEY)
        .env("C_KEY", COMPLETIONS_KEY)
        .env("R_KEY", RESPONSES_KEY)
}

fn chat(text: &str) -> Script {
    Script::stream(streams::chat(&[text]))
}

/// What was said, as the receiver reads it; panics when it would refuse the request.
#[track_caller]
fn said(wire: Wire, request: &Recorded) -> Vec<String> {
    let body = request.json();
    let said = accepted::read(wire, &body).unwrap_or_else(|why| panic!("{why}: {body:#}"));
    said.into_iter().map(|it| it.words).collect()
}

/// Whether a whole request, headers and body, holds this text.
fn holds(request: &Recorded, text: &str) -> bool {
    let body = String::from_utf8_lossy(&request.body);
    body.contains(text) || request.headers.iter().any(|(_, value)| value.contains(text))
}

#[test]
fn a_conversation_goes_through_three_formats_and_back_and_each_gets_its_own_reasoning_only() {
    let messages = Provider::start([
        Script::stream(streams::messages_thinking("I think", SIGNATURE, "one")),
        Script::stream(streams::messages(&["four"])),
    ]);
    let completions = Provider::start([chat("two")]);
    let responses = Provider::start([
        Script::stream(streams::responses_reasoning("rs_1", SEALED, "three")),
        Script::stream(streams::responses(&["five"])),
    ]);
    let byok = world(&messages, &completions, &responses, "");
    let mut chat = Chat::start(&byok, []);
    let first = chat.say("q1");
    assert!(first.starts_with("thought for ") && first.ends_with(" (2 words)\none"), "{first}");
    assert_snapshot!(chat.say("/profile c"), @r"
    note: thinking stays with the one who thought it: others get the questions and answers
    profile `c`: `co` at http://127.0.0.1:[PORT] (completions)
    ");
    assert_eq!(chat.prompt(), "c:co>");
    assert_snapshot!(chat.say("q2"), @"two");
    assert_snapshot!(chat.say("/profile r"), @"profile `r`: `re` at http://127.0.0.1:[PORT] (responses)");
    assert_snapshot!(chat.say("q3"), @"three");
    assert_snapshot!(chat.say("/profile m"), @"profile `m`: `mo` at http://127.0.0.1:[PORT] (messages)");
    assert_snapshot!(chat.say("q4"), @"four");
    chat.say("/profile -");
    assert_eq!(chat.prompt(), "r:re>");
    chat.say("q5");
    chat.leave();

    let m = messages.requests();
    let c = completions.requests();
    let r = responses.requests();
    let all = ["q1", "one", "q2", "two", "q3", "three", "q4", "four", "q5"];
    assert_eq!(said(Wire::AnthropicMessages, &m[0]), all[..1]);
    assert_eq!(said(Wire::OpenAiChat, &c[0]), all[..3]);
    assert_eq!(said(Wire::OpenAiResponses, &r[0]), all[..5]);
    assert_eq!(said(Wire::AnthropicMessages, &m[1]), all[..7]);
    assert_eq!(said(Wire::OpenAiResponses, &r[1]), all);
    for (requests, own, sealed) in [
        (&m, MESSAGES_KEY, Some(SIGNATURE)),
        (&c, COMPLETIONS_KEY, None),
        (&r, RESPONSES_KEY, Some(SEALED)),
    ] {
        let last = requests.last().expect("it was asked");
        for key in [MESSAGES_KEY, COMPLETIONS_KEY, RESPONSES_KEY] {
            assert_eq!(holds(last, key), key == own, "{key}: {last:?}");
        }
        for text in [SIGNATURE, SEALED] {
            assert_eq!(holds(last, text), sealed == Some(text), "{text}: {last:?}");
        }
    }
}

#[test]
fn the_second_request_to_a_server_takes_the_connection_of_the_first() {
    let provider = Provider::start([chat("one"), chat("two")]);
    let mut chat = Chat::start(&Byok::new().profile(&provider, ""), []);
    chat.say("q1");
    chat.say("q2");
    assert_eq!(provider.connections(), 1);
    chat.leave();
}

#[test]
fn the_way_back_is_open_only_after_a_switch() {
    let provider = Provider::start([]);
    let byok = world(&provider, &provider, &provider, "");
    let mut chat = Chat::start(&byok, []);
    assert_snapshot!(chat.say("/profile -"), @r"
    error: there is no profile to go back to

    hint: `/profile NAME` switches, `/profile` lists them
    ");
    assert_snapshot!(chat.say("/profile"), @r"
      c     openai, co     http://127.0.0.1:[PORT]  (file)
    * m     anthropic, mo  http://127.0.0.1:[PORT]  (file)
      r     openai, re     http://127.0.0.1:[PORT]  (file)
      demo  openai, demo   inside the program  (built-in)
    in use: `m`; `/profile NAME` switches
    ");
    assert_snapshot!(chat.say("/profile cc"), @r"
    error: unknown profile `cc`

    hint: did you mean `c`?
    hint: the profiles are: `c`, `m`, `r`
    ");
    assert_snapshot!(chat.say("/ask cc how"), @r"
    error: unknown profile `cc`

    hint: did you mean `c`?
    hint: the profiles are: `c`, `m`, `r`
    ");
    assert_eq!(chat.prompt(), "m:mo>");
    chat.leave();
}

/// The system prompt of a request, whatever the format.
fn system(request: &Recorded) -> Value {
    let body = request.json();
    let first = &body["messages"][0];
    if first["role"] == "system" {
        return first["content"].clone();
    }
    body.get("system").or(body.get("instructions")).cloned().unwrap_or_default()
}

#[test]
fn a_system_prompt_follows_to_a_profile_that_has_none_and_that_is_said_once() {
    let messages = Provider::start([Script::stream(streams::messages(&["one"]))]);
    let completions = Provider::start([chat("a"), chat("b"), chat("c"), chat("d")]);
    let responses = Provider::start([Script::stream(streams::responses(&["three"]))]);
    let byok = world(&messages, &completions, &responses, "system = \"Be M.\"");
    let mut chat = Chat::start(&byok, []);
    chat.say("q1");
    assert_snapshot!(chat.say("/ask c elsewhere"), @r"
    note: the system prompt of `m` goes along; `/system -` leaves it out
    a
    ");
    assert_snapshot!(chat.say("/profile c"), @"profile `c`: `co` at http://127.0.0.1:[PORT] (completions)");
    chat.say("inherited");
    assert_snapshot!(chat.say("/system"), @"Be M.");
    chat.say("/system -");
    chat.say("without");
    assert_snapshot!(chat.say("/system"), @"there is no system prompt; `/system TEXT` sets one");
    chat.say("/system Be everybody.");
    chat.say("/profile r");
    chat.say("set");
    chat.say("/set system=");
    chat.say("/retry c");
    chat.leave();
    assert_eq!(system(&messages.request()), "Be M.");
    let systems: Vec<Value> = completions.requests().iter().map(system).collect();
    assert_eq!(systems, [json!("Be M."), json!("Be M."), Value::Null, json!("Be M.")]);
    assert_eq!(system(&responses.request()), "Be everybody.");
}

#[test]
fn a_system_prompt_does_not_come_back_from_a_visit() {
    let messages = Provider::start([Script::stream(streams::messages(&["two"]))]);
    let completions = Provider::start([chat("one"), chat("three"), chat("four")]);
    let byok = world(&messages, &completions, &completions, "system = \"Be M.\"");
    let mut chat = Chat::start(&byok, ["-P", "c"]);
    chat.say("q1");
    chat.say("/profile m");
    chat.say("q2");
    let switched = chat.say("/profile -");
    assert!(!switched.contains("system prompt"), "{switched}");
    assert_eq!(chat.say("q3"), "three");
    chat.say("/profile m");
    chat.say("/new");
    chat.say("/profile c");
    assert_eq!(chat.say("q4"), "four");
    chat.leave();
    assert_eq!(system(&messages.request()), "Be M.");
    let systems: Vec<Value> = completions.requests().iter().map(system).collect();
    assert_eq!(systems, [Value::Null, Value::Null, Value::Null]);
}

#[test]
fn a_system_prompt_of_the_command_line_goes_before_every_profiles_own() {
    let messages = Provider::start([Script::stream(streams::messages(&["one"]))]);
    let completions = Provider::start([chat("two")]);
    let byok = world(&messages, &completions, &completions, "system = \"Be M.\"");
    let mut chat = Chat::start(&byok, ["-s", "Be mine."]);
    chat.say("q1");
    assert_snapshot!(chat.say("/profile c"), @"profile `c`: `co` at http://127.0.0.1:[PORT] (completions)");
    chat.say("q2");
    chat.leave();
    assert_eq!(system(&messages.request()), "Be mine.");
    assert_eq!(system(&completions.request()), "Be mine.");
}

#[test]
fn what_belongs_to_one_server_does_not_follow_to_another() {
    let messages = Provider::start([Script::stream(streams::messages(&["one"]))]);
    let completions = Provider::start([chat("two"), chat("three")]);
    let byok = world(&messages, &completions, &completions, "");
    let flags = ["-m", "other", "--temperature", "0.5", "--set", "extraBody.x=1"];
    let mut chat = Chat::start(&byok, flags);
    chat.say("/set headers.x-team=red");
    chat.say("q1");
    chat.say("/profile c");
    chat.say("q2");
    chat.say("/model big");
    chat.say("q3");
    chat.leave();
    let first = messages.request();
    assert_eq!(first.json()["model"], "other");
    assert_eq!(first.json()["x"], 1);
    assert_eq!(first.header("x-team"), Some("red"));
    let [second, third] = &completions.requests()[..] else { panic!("two were sent") };
    assert_eq!(second.json()["model"], "co");
    assert_eq!(second.json()["temperature"], 0.5);
    assert_eq!(second.json().get("x"), None);
    assert_eq!(second.header("x-team"), None);
    assert_eq!(third.json()["model"], "big");
}

#[test]
fn a_setting_goes_before_the_flag_of_the_same_key_and_can_be_taken_back() {
    let provider = Provider::start([chat("a"), chat("b"), chat("c")]);
    let byok = Byok::new().profile(&provider, "temperature = 0.1");
    let mut chat = Chat::start(&byok, ["--temperature", "0.2", "-m", "x"]);
    assert_snapshot!(chat.say("/set"), @r"
    model=x
    temperature=0.2
    ");
    chat.say("q1");
    assert_snapshot!(chat.say("/set temperature=0.3"), @"set `temperature=0.3`");
    assert_snapshot!(chat.say("/set model=y"), @"set `model=y`");
    assert_eq!(chat.prompt(), "p:y>");
    chat.say("q2");
    assert_snapshot!(chat.say("/set temperature="), @"`temperature` is as the profile says");
    chat.say("/set model=");
    chat.say("q3");
    assert_snapshot!(chat.say("/set temperature="), @r"
    error: `temperature` was not set

    hint: `/set` lists what was set
    ");
    assert_snapshot!(chat.say("/set"), @"nothing is set; `/set temperature=0.2` sets a key of the profile");
    assert_snapshot!(chat.say("/set temprature=1"), @r"
    error: unknown key `temprature` among the keys of a profile

    hint: write `temperature`
    ");
    assert_snapshot!(chat.say("/set temperature=warm"), @"error: `temperature` must be a number, zero or more, not a string");
    assert_snapshot!(chat.say("/set temperature"), @r"
    error: `/set` needs a key, `=` and a value

    hint: it is typed `/set [KEY=VALUE]`
    ");
    assert_snapshot!(chat.say("/set api_key=sk-abcdefghijklmnopqrstuvwxyz"), @r"
    error: `api_key` is not typed where the screen shows it

    hint: name a variable that holds it: `/set api_key_env=NAME`
    ");
    chat.leave();
    let sent: Vec<_> = provider
        .requests()
        .iter()
        .map(|it| (it.json()["model"].clone(), it.json()["temperature"].clone()))
        .collect();
    let expected = [("x", 0.2), ("y", 0.3), ("m", 0.1)];
    assert_eq!(sent, expected.map(|(model, warmth)| (json!(model), json!(warmth))));
}

#[test]
fn models_are_listed_and_changed() {
    let list = json!({"object": "list", "data": [{"id": "m"}, {"id": "big"}]});
    let provider = Provider::start([Script::json(200, list.to_string()), chat("a")]);
    let mut chat = Chat::start(&Byok::new().profile(&provider, ""), []);
    assert_snapshot!(chat.say("/models"), @r"
    m
    big
    ");
    assert_snapshot!(chat.say("/model"), @"model `m`; `/model NAME` changes it, `/models` lists");
    assert_snapshot!(chat.say("/model big"), @"model `big`");
    chat.say("q1");
    chat.leave();
    assert_eq!(provider.requests()[1].json()["model"], "big");
}

#[test]
fn a_turn_elsewhere_is_in_the_history_and_the_profile_stays() {
    let messages = Provider::start([Script::stream(streams::messages(&["three"]))]);
    let completions = Provider::start([chat("one"), chat("two")]);
    let byok = world(&messages, &completions, &completions, "").file("n.txt", "a note");
    let mut chat = Chat::start(&byok, ["-P", "c"]);
    chat.say("q1");
    assert_snapshot!(chat.say("/ask m and you, of @n.txt"), @r"
    note: attached n.txt: text, 6 bytes, about 2 tokens
    three
    ");
    assert_eq!(chat.prompt(), "c:co>");
    chat.say("q3");
    chat.leave();
    let elsewhere = said(Wire::AnthropicMessages, &messages.request());
    assert_eq!(elsewhere[..2], ["q1", "one"]);
    assert!(elsewhere[2].contains("a note"), "{elsewhere:?}");
    assert!(elsewhere[2].ends_with("and you, of @n.txt"), "{elsewhere:?}");
    let last = said(Wire::OpenAiChat, &completions.requests()[1]);
    assert_eq!(last[3..], ["three", "q3"]);
}
