//! The JSON body of a request → what is asked, the same for all three formats.

use serde_json::Value;

use super::{fault::Fault, route::Format};

/// What a request asks; the rest of it (sampling, tools, metadata) makes no difference here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    /// The model's name; for Azure deployments the one in the path.
    pub(super) model: String,
    /// Whether the answer shall come in pieces.
    pub(super) stream: bool,
    /// Whether a Chat Completions stream shall end with usage; the other formats always tell it.
    pub(super) wants_usage: bool,
    /// The limit of the answer, in tokens.
    pub(super) limit: Option<u64>,
    /// The system prompts, joined by blank lines.
    pub(super) system: Option<String>,
    /// The last message of the user.
    pub(super) prompt: String,
    /// The length of all messages and system prompts, in bytes.
    pub(super) input_bytes: usize,
}

impl Question {
    /// Reads a body. 400 when something that the format demands is missing or of a wrong type.
    pub(super) fn read(
        format: Format,
        body: &[u8],
        deployment: Option<String>,
    ) -> Result<Self, Fault> {
        let body: Value = serde_json::from_slice(body).map_err(|error| {
            Fault::bad_request(format!("We could not parse the JSON body of your request: {error}"))
        })?;
        if !body.is_object() {
            return Err(Fault::bad_request("The body of a request is a JSON object."));
        }
        let model = match (deployment, body["model"].as_str()) {
            (Some(deployment), _) => deployment,
            (None, Some(model)) if !model.is_empty() => model.to_owned(),
            (None, _) => return Err(Fault::bad_request("you must provide a model parameter")),
        };
        let mut question = Self {
            model,
            stream: body["stream"].as_bool().unwrap_or(false),
            wants_usage: body["stream_options"]["include_usage"].as_bool().unwrap_or(false),
            limit: limit(format, &body)?,
            system: None,
            prompt: String::new(),
            input_bytes: 0,
        };
        let (system, turns) = match format {
            Format::ChatCompletions => (&Value::Null, &body["messages"]),
            Format::Responses => (&body["instructions"], &body["input"]),
            Format::Messages => (&body["system"], &body["messages"]),
        };
        question.hear("system", system);
        match turns {
            Value::String(text) if format == Format::Responses => {
                question.hear("user", &Value::from(text.as_str()));
            }
            Value::Array(turns) if !turns.is_empty() => {
                for turn in turns {
                    question.hear(turn["role"].as_str().unwrap_or_default(), &turn["content"]);
                }
            }
            _ => {
                let name = if format == Format::Responses { "input" } else { "messages" };
                return Err(Fault::bad_request(format!("Missing required parameter: '{name}'.")));
            }
        }
        Ok(question)
    }

    fn hear(&mut self, role: &str, content: &Value) {
        let Some(text) = text(content) else { return };
        self.input_bytes += text.len();
        match role {
            "system" | "developer" => match &mut self.system {
                Some(system) => {
                    system.push_str("\n\n");
                    system.push_str(&text);
                }
                None => self.system = Some(text),
            },
            "user" => without_remark(&text).clone_into(&mut self.prompt),
            _ => {}
        }
    }
}

/// A message without the remark in brackets that a client may put before a person's words.
fn without_remark(text: &str) -> &str {
    let remark = text.strip_prefix('[').and_then(|rest| rest.split_once("]\n\n"));
    match remark {
        Some((remark, words)) if !remark.contains('\n') => words,
        _ => text,
    }
}

/// The text of a message's content: a string, or the texts of its parts.
fn text(content: &Value) -> Option<String> {
    match content {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => {
            let texts: Vec<&str> = parts.iter().filter_map(|part| part["text"].as_str()).collect();
            Some(texts.join("\n\n"))
        }
        _ => None,
    }
}

fn limit(format: Format, body: &Value) -> Result<Option<u64>, Fault> {
    let names: &[&str] = match format {
        Format::ChatCompletions => &["max_completion_tokens", "max_tokens"],
        Format::Responses => &["max_output_tokens"],
        Format::Messages => &["max_tokens"],
    };
    let found = names.iter().map(|&name| (name, &body[name])).find(|(_, value)| !value.is_null());
    match found {
        Some((name, value)) => match value.as_u64() {
            Some(limit) if limit > 0 => Ok(Some(limit)),
            _ => Err(Fault::bad_request(format!("{name}: must be a positive integer"))),
        },
        None if format == Format::Messages => Err(Fault::bad_request("max_tokens: Field required")),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn read(format: Format, body: &str) -> Question {
        Question::read(format, body.as_bytes(), None).expect("a whole request")
    }

    #[track_caller]
    fn refusal(format: Format, body: &str) -> String {
        Question::read(format, body.as_bytes(), None).expect_err("a refusal").message
    }

    #[test]
    fn the_three_formats_ask_the_same_question() {
        let expected = Question {
            model: "demo".to_owned(),
            stream: true,
            wants_usage: false,
            limit: Some(9),
            system: Some("Be brief.".to_owned()),
            prompt: "And now?".to_owned(),
            input_bytes: 9 + 3 + 6 + 8,
        };
        let chat = r#"{"model":"demo","stream":true,"max_tokens":9,"messages":[
            {"role":"system","content":"Be brief."},{"role":"user","content":"Hi!"},
            {"role":"assistant","content":"Hello."},
            {"role":"user","content":[{"type":"text","text":"And now?"}]}]}"#;
        let responses = r#"{"model":"demo","stream":true,"max_output_tokens":9,
            "instructions":"Be brief.","input":[{"role":"user","content":"Hi!"},
            {"type":"reasoning","id":"rs_1","summary":[]},
            {"role":"assistant","content":[{"type":"output_text","text":"Hello."}]},
            {"role":"user","content":[{"type":"input_text","text":"And now?"}]}]}"#;
        let messages = r#"{"model":"demo","stream":true,"max_tokens":9,
            "system":[{"type":"text","text":"Be brief."}],
            "messages":[{"role":"user","content":"Hi!"},
            {"role":"assistant","content":[{"type":"text","text":"Hello."}]},
            {"role":"user","content":"And now?"}]}"#;
        assert_eq!(read(Format::ChatCompletions, chat), expected);
        assert_eq!(read(Format::Responses, responses), expected);
        assert_eq!(read(Format::Messages, messages), expected);
    }

    #[test]
    fn an_input_may_be_a_bare_string() {
        let question = read(Format::Responses, r#"{"model":"demo","input":"Hi!"}"#);
        assert_eq!(question.prompt, "Hi!");
    }

    #[test]
    fn a_remark_in_brackets_is_not_the_persons() {
        let asked = |input: &str| {
            let body = serde_json::json!({ "model": "demo", "input": input }).to_string();
            read(Format::Responses, &body).prompt
        };
        assert_eq!(asked("[It was cut off.]\n\nAnd now?"), "And now?");
        assert_eq!(asked("[1, 2]"), "[1, 2]");
        assert_eq!(asked("[a]\nb\n\nc"), "[a]\nb\n\nc");
        assert_eq!(asked("[a\nb]\n\nc"), "[a\nb]\n\nc");
    }

    #[test]
    fn a_deployment_takes_the_place_of_the_model() {
        let body = br#"{"model":"other","messages":[{"role":"user","content":"Hi!"}]}"#;
        let question = Question::read(Format::ChatCompletions, body, Some("demo".to_owned()));
        assert_eq!(question.expect("a whole request").model, "demo");
    }

    #[test]
    fn what_is_missing_or_odd_is_named() {
        let chat = Format::ChatCompletions;
        assert!(refusal(chat, "{").starts_with("We could not parse the JSON body"));
        assert_eq!(refusal(chat, "[]"), "The body of a request is a JSON object.");
        assert_eq!(refusal(chat, r#"{"messages":[]}"#), "you must provide a model parameter");
        assert_eq!(
            refusal(chat, r#"{"model":"demo","messages":[]}"#),
            "Missing required parameter: 'messages'."
        );
        assert_eq!(
            refusal(chat, r#"{"model":"demo","max_tokens":-1,"messages":[]}"#),
            "max_tokens: must be a positive integer"
        );
        assert_eq!(
            refusal(Format::Responses, r#"{"model":"demo"}"#),
            "Missing required parameter: 'input'."
        );
        assert_eq!(
            refusal(Format::Messages, r#"{"model":"demo","messages":[]}"#),
            "max_tokens: Field required"
        );
    }
}
