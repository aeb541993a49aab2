use byok::wire::Wire;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::{
    accepted,
    support::{
        byok::Byok,
        chat::Chat,
        provider::{Provider, Script, Step},
        streams,
    },
};

/// A question that fails so; then another, which is answered and carries `before` as its history.
#[track_caller]
fn fail(scripts: impl IntoIterator<Item = Script>, more: &str, before: &[&str]) -> String {
    let answer = Script::stream(streams::chat(&["fine"]));
    let provider = Provider::start(scripts.into_iter().chain([answer]));
    let mut chat = Chat::start(&Byok::new().profile(&provider, more), []);
    let shown = chat.say("q1");
    assert_eq!(chat.say("q2"), "fine");
    chat.leave();
    let requests = provider.requests();
    let body = requests.last().expect("it was asked").json();
    let said = accepted::read(Wire::OpenAiChat, &body).expect("servers accept it");
    let words: Vec<_> = said.into_iter().map(|it| it.words).collect();
    let note =
        |it: &String| it.replace("[Your previous answer was cut off before its end.]\n\n", "CUT ");
    assert_eq!(words.iter().map(note).collect::<Vec<_>>(), before);
    shown
}

fn error(status: u16, message: &str) -> Script {
    Script::json(status, streams::error(message, "some_error", &Value::Null))
}

#[test]
fn a_refused_key() {
    let shown = fail([error(401, "wrong key")], "api_key = \"sk-0123456789abcdef\"", &["q2"]);
    assert_snapshot!(shown, @r"
    error: `127.0.0.1:[PORT]` answered 401 (Unauthorized)
      caused by: wrong key
      at: profile `p`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: your question is kept: `/retry [PROFILE]` asks it again
    hint: the key comes from [HOME]/.config/byok/config.toml:4 and has 19 characters, the last four `cdef`: check that it is whole, still good, and for this server
    hint: prompts go to `base_url` followed by `/chat/completions`
    ");
}

#[test]
fn a_rate_limit_that_stays() {
    let busy = || {
        let body = streams::error("slow down", "rate_limit", &Value::Null);
        let headers = [("content-type", "application/json"), ("retry-after-ms", "1")];
        Script::answer(429, &headers, body)
    };
    let shown = fail([busy(), busy(), busy()], "", &["q2"]);
    assert_snapshot!(shown, @r"
    error: `127.0.0.1:[PORT]` answered 429 (Too Many Requests)
      caused by: slow down
      at: profile `p`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: your question is kept: `/retry [PROFILE]` asks it again
    hint: the server asks to wait 0.1 s
    hint: ask less often, raise `retries`, or take another model (`/model`) or profile (`/profile`)
    ");
}

#[test]
fn a_server_that_fails() {
    assert_snapshot!(fail([error(500, "oh")], "retries = 0", &["q2"]), @r"
    error: `127.0.0.1:[PORT]` answered 500 (Internal Server Error)
      caused by: oh
      at: profile `p`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: your question is kept: `/retry [PROFILE]` asks it again
    hint: try again in a while, or raise `retries`: `/set retries=NUMBER`
    ");
}

#[test]
fn a_connection_that_breaks_before_the_first_word() {
    let shown = fail([Script::new([Step::Reset])], "retries = 0", &["q2"]);
    assert!(shown.contains("hint: your question is kept"), "{shown}");
}

#[test]
fn an_answer_that_the_filter_cut_goes_along_as_half() {
    let filtered = Script::stream(streams::chat_stopped(&["hal"], "content_filter", (1, 1)));
    assert_snapshot!(fail([filtered], "", &["q1", "hal", "CUT q2"]), @r"
    hal

    error: the provider's content filter cut the answer off
      at: profile `p`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: what came is kept: `/continue` asks for the rest, `/retry` asks again
    hint: say it in other words, or adjust the filter at the provider
    ");
}

#[test]
fn a_refusal_goes_along_as_the_answer() {
    let chunk = |delta: Value, reason: Value| {
        streams::data(&json!({"id": "1", "object": "chat.completion.chunk", "model": "fake",
            "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]}))
    };
    let frames = [
        chunk(json!({"role": "assistant", "refusal": "I will not."}), Value::Null),
        chunk(json!({}), json!("stop")),
        "data: [DONE]\n\n".to_owned(),
    ];
    assert_snapshot!(fail([Script::stream(frames)], "", &["q1", "I will not.", "q2"]), @r"
    I will not.

    error: the model refused to answer
      at: profile `p`, http://127.0.0.1:[PORT]/v1/chat/completions
    ");
}

#[test]
fn an_answer_without_words() {
    assert_snapshot!(fail([Script::stream(streams::chat(&[]))], "retries = 0", &["q2"]), @r"
    error: the server ended its answer without saying anything
      at: profile `p`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: your question is kept: `/retry [PROFILE]` asks it again
    hint: local servers do this when the prompt is longer than the model's context
    ");
}

#[test]
fn a_server_that_is_not_there_and_a_retry_elsewhere() {
    let provider = Provider::start([Script::stream(streams::chat(&["fine"]))]);
    let url = provider.url("/v1");
    // Nothing listens at port 1 of loopback.
    let config = format!(
        "default_profile = \"p\"\n\
         [profiles.p]\nbase_url = \"http://127.0.0.1:1/v1\"\nmodel = \"m\"\nretries = 0\n\
         [profiles.q]\nbase_url = \"{url}\"\nmodel = \"m\"\n"
    );
    let mut chat = Chat::start(&Byok::new().file("config.toml", config), []);
    assert_snapshot!(chat.say("q1"), @r"
    error: nothing listens at `127.0.0.1:1`: connection refused
      at: profile `p`, http://127.0.0.1:1/v1/chat/completions

    hint: your question is kept: `/retry [PROFILE]` asks it again
    hint: start the server, or correct the port in `base_url`; usual ones are 11434 (Ollama), 1234 (LM Studio), 8000 (vLLM), 8080 (llama.cpp), 4000 (LiteLLM)
    hint: then check it with `curl http://127.0.0.1:1/v1/models`
    ");
    assert_eq!(chat.say("/retry q"), "fine");
    assert_eq!(chat.prompt(), "p:m>");
    chat.leave();
    assert_eq!(provider.request().json()["messages"][0]["content"], "q1");
}

#[test]
fn a_profile_that_cannot_be_used_leaves_the_one_in_use() {
    let provider = Provider::start([Script::stream(streams::chat(&["fine"]))]);
    let url = provider.url("/v1");
    let config = format!(
        "default_profile = \"p\"\n\
         [profiles.p]\nbase_url = \"{url}\"\nmodel = \"m\"\n\
         [profiles.q]\nbase_url = \"https://h/v1\"\nmodel = \"m\"\nsystem_file = \"none.txt\"\n\
         [profiles.r]\nbase_url = \"http://h.invalid/v1\"\nmodel = \"m\"\napi_key = \"k-0123\"\n"
    );
    let mut chat = Chat::start(&Byok::new().file("config.toml", config), []);
    assert_snapshot!(chat.say("/profile q"), @r"
    error: system prompt `[HOME]/.config/byok/none.txt` cannot be read
      caused by: No such file or directory (os error 2)

    hint: check `system_file`: `byok config show`
    ");
    assert_snapshot!(chat.say("/profile r"), @r"
    error: profile `r` would send a key in the clear to http://h.invalid

    hint: use `https://` in `base_url`
    hint: or set `allow_http = true` in profile `r`
    ");
    assert_snapshot!(chat.say("/set base_url=nonsense"), @r"
    error: profile `p`: `base_url` does not begin with `https://` or `http://` (`/set`)

    hint: write `https://nonsense`
    ");
    assert_eq!(chat.prompt(), "p:m>");
    assert_eq!(chat.say("q1"), "fine");
    assert_eq!(
        chat.say("/profile -").lines().next(),
        Some("error: there is no profile to go back to")
    );
    chat.leave();
}

#[test]
fn every_trouble_of_the_demo_leaves_the_chat_at_its_prompt() {
    let byok = Byok::new();
    let mut chat = Chat::start(&byok, ["-P", "demo", "--retries", "1"]);
    for (model, expected) in [
        ("think", "2 + 3 = 5"),
        ("slow", "2 + 3 = 5"),
        ("rate-limit", "2 + 3 = 5"),
        ("cut", "`/continue` asks for the rest"),
        ("filter", "the provider's content filter cut the answer off"),
        ("error", "your question is kept"),
    ] {
        chat.say(&format!("/model {model}"));
        assert_eq!(chat.prompt(), format!("demo:{model}>"));
        let shown = chat.say("2 + 3");
        assert!(shown.contains(expected), "{model}: {shown}");
    }
    chat.leave();
}
