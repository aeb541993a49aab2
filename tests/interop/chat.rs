//! One conversation through servers of several makers: whoever is asked accepts what all the others
//! said.

use super::{AIMOCK, AIMOCK_HELLO, Door, LITELLM, LLAMA, MESSAGES, RESPONSES, THINK, is_asked_for};
use crate::support::{byok::Byok, chat::Chat};

/// A home with these profiles: name, way to the server, model.
fn world(profiles: &[(&str, Door, &str)]) -> Byok {
    let mut byok = Byok::new();
    let mut config = format!("default_profile = \"{}\"\n", profiles[0].0);
    for (name, door, model) in profiles {
        let key = format!("{}_KEY", name.to_uppercase());
        let format = match door.flags {
            MESSAGES => "type = \"anthropic\"",
            RESPONSES => "wire_api = \"responses\"",
            _ => "",
        };
        let profile = format!(
            "[profiles.{name}]\nbase_url = \"{}\"\nmodel = \"{model}\"\n\
             api_key = {{ env = \"{key}\" }}\nretries = 0\n{format}\n",
            door.base_url
        );
        config.push_str(&profile);
        byok = byok.env(key, door.key);
    }
    byok.file("config.toml", config)
}

/// Says a line, which has to be answered.
#[track_caller]
fn ask(chat: &mut Chat, line: &str) -> String {
    let answer = chat.say(line);
    assert!(!answer.contains("error:") && !answer.is_empty(), "{}", chat.pty.screen());
    answer
}

/// The same where the answer is known.
#[track_caller]
fn ask_aimock(chat: &mut Chat, line: &str) {
    let answer = ask(chat, line);
    assert!(answer.ends_with(AIMOCK_HELLO.trim_end()), "{}", chat.pty.screen());
}

#[test]
fn a_chat_goes_through_three_makers_and_formats_with_a_stop_an_undo_and_a_retry() {
    if !is_asked_for() {
        return;
    }
    let profiles = [
        ("think", THINK[2], "tiny-think"),
        ("mock", AIMOCK[1], "gpt-test"),
        ("proxy", LITELLM[0], "via-aimock-anthropic"),
    ];
    let mut chat = Chat::start(&world(&profiles), []);
    ask(&mut chat, "hi");
    chat.say("/profile mock");
    ask_aimock(&mut chat, "hello");
    let from = chat.begin("slow");
    chat.pty.wait_for("one two");
    chat.pty.send("\x03");
    assert!(chat.rest(from).contains("stopped: what came is kept"), "{}", chat.pty.screen());
    ask_aimock(&mut chat, "hello after a stop");
    chat.say("/profile proxy");
    ask_aimock(&mut chat, "hello to a proxy");
    chat.say("/undo");
    ask_aimock(&mut chat, "hello instead");
    ask(&mut chat, "/retry think");
    chat.say("/profile -");
    ask_aimock(&mut chat, "hello again");
    ask_aimock(&mut chat, "/ask proxy hello from here");
    chat.say("/profile think");
    ask(&mut chat, "hi");
    let compared = ask(&mut chat, "/compare mock,proxy hello");
    assert_eq!(compared.matches("Hello from aimock.").count(), 2, "{compared}");
    chat.leave();
}

#[test]
fn a_chat_goes_round_the_formats_of_one_server() {
    if !is_asked_for() {
        return;
    }
    for (doors, model) in [(LLAMA, "tiny"), (AIMOCK, "gpt-test"), (LITELLM, "via-aimock-openai")] {
        let [completions, responses, messages] = doors;
        let profiles = [("c", completions, model), ("r", responses, model), ("m", messages, model)];
        let mut chat = Chat::start(&world(&profiles), []);
        for turn in 0..9 {
            let profile = ["c", "r", "m"][turn % 3];
            chat.say(&format!("/profile {profile}"));
            ask(&mut chat, "hello");
        }
        chat.say("/undo 4");
        ask(&mut chat, "/retry m");
        chat.leave();
    }
}
