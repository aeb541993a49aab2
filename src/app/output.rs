//! The screen that the flags ask for, and its end.

use std::io;

use serde_json::{Value, json};

use super::{
    cli::{AskArgs, OutputFormat},
    failure::{Failure, Kind},
    outcome::{Outcome, error_event},
    rendering::Rendering,
};
use crate::term::{
    Console, Destination, JsonScreen, Screen, Stamp, StreamJsonScreen, TextScreen, Thinking,
};

/// One of the three screens of a one-shot.
pub(super) enum Output {
    Text(Box<TextScreen>),
    Json(JsonScreen),
    Stream(Box<StreamJsonScreen>),
}

/// The format that the flags ask for.
pub(super) fn format(args: &AskArgs) -> OutputFormat {
    if args.json { OutputFormat::Json } else { args.output_format.unwrap_or_default() }
}

/// Tells a program that reads JSON of arguments that cannot be used.
pub(super) fn refuse(
    format: OutputFormat,
    console: Console,
    failure: &Failure,
) -> Result<(), Failure> {
    let output = match format {
        OutputFormat::Text => return Ok(()),
        OutputFormat::Json => Output::json(console, Destination::Stdout),
        OutputFormat::StreamJson => Output::stream(console, Destination::Stdout),
    };
    output.end(&Outcome::default(), Some(failure)).map(drop)
}

impl Output {
    fn json(console: Console, destination: Destination) -> Self {
        Self::Json(JsonScreen::new(console, destination))
    }

    fn stream(console: Console, destination: Destination) -> Self {
        Self::Stream(Box::new(StreamJsonScreen::new(console, destination, stamp)))
    }

    /// The screen for `args`, writing to `destination`.
    pub(super) fn new(
        args: &AskArgs,
        console: Console,
        destination: Destination,
        thinking: Thinking,
        rendering: Rendering,
    ) -> Self {
        match format(args) {
            OutputFormat::Text => {
                let screen = TextScreen::new(console, destination, thinking);
                let screen = match rendering {
                    Rendering::Markdown(surface) => screen.rendered(surface),
                    Rendering::Plain if args.raw => screen.raw(),
                    Rendering::Plain => screen.extract(args.extract.clone()),
                };
                Self::Text(Box::new(screen))
            }
            OutputFormat::Json => Self::json(console, destination),
            OutputFormat::StreamJson => Self::stream(console, destination),
        }
    }

    /// The screen, for the turn.
    pub(super) fn screen(&mut self) -> &mut dyn Screen {
        match self {
            Self::Text(screen) => screen.as_mut(),
            Self::Json(screen) => screen,
            Self::Stream(screen) => screen.as_mut(),
        }
    }

    /// Says that a turn begins, to whom that is of use.
    pub(super) fn begin(&mut self, outcome: &Outcome) {
        if let Self::Stream(screen) = self {
            screen.emit(
                "session.start",
                &json!({
                    "sessionId": outcome.session_id,
                    "version": 1,
                    "producer": "byok",
                    "producerVersion": env!("CARGO_PKG_VERSION"),
                    "startTime": now(),
                    "profile": outcome.profile,
                    "selectedModel": outcome.model,
                    "url": outcome.url,
                }),
            );
            screen.emit("assistant.turn_start", &json!({ "turnId": "0" }));
        }
    }

    /// Ends the answer: the file takes its name, or is set aside as a partial one. Returns what
    /// went wrong only now.
    pub(super) fn end(
        mut self,
        outcome: &Outcome,
        failure: Option<&Failure>,
    ) -> Result<Option<String>, Failure> {
        let mut nothing_found = false;
        let result: io::Result<()> = match &mut self {
            Self::Text(screen) => screen.end().map(|found| nothing_found = !found),
            Self::Json(screen) => screen.end(&outcome.to_json(failure)),
            Self::Stream(screen) => screen.end(failure.map(error_event), &outcome.to_json(failure)),
        };
        let is_text = matches!(self, Self::Text(_));
        let destination = self.into_destination();
        let name = destination.name();
        let result = result.and_then(|()| {
            // JSON is whole even when the answer is not.
            if is_text && (failure.is_some() || nothing_found) {
                destination.keep_partial()
            } else {
                destination.keep().map(|()| None)
            }
        });
        match result {
            Err(error) => Err(unwritable(&name, error)),
            Ok(_) if nothing_found && failure.is_none() => {
                Err(Failure::other("there is no such code block in the answer")
                    .hint("without `-x` the whole answer is printed"))
            }
            Ok(partial) => Ok(partial.map(|path| path.display().to_string())),
        }
    }

    fn into_destination(self) -> Destination {
        match self {
            Self::Text(screen) => screen.into_destination(),
            Self::Json(screen) => screen.into_destination(),
            Self::Stream(screen) => screen.into_destination(),
        }
    }
}

/// A failure to write the answer.
pub(super) fn unwritable(name: &str, error: io::Error) -> Failure {
    let is_closed_pipe = error.kind() == io::ErrorKind::BrokenPipe;
    let mut failure =
        Failure::new(Kind::Other, format!("the answer cannot be written to {name}")).cause(error);
    failure.is_closed_pipe = is_closed_pipe;
    failure
}

/// Prints one JSON document or a text of ours on standard output.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    print_bytes(text.as_bytes())
}

/// Prints a document of ours on standard output, as it is.
pub(super) fn print_bytes(bytes: &[u8]) -> Result<(), Failure> {
    match Destination::Stdout.write(bytes) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(unwritable("standard output", error))
        }
        _ => Ok(()),
    }
}

/// Prints a pretty JSON document on standard output.
pub(super) fn print_json(value: &Value) -> Result<(), Failure> {
    print(&format!("{value:#}\n"))
}

fn stamp() -> Stamp {
    Stamp { id: uuid::Uuid::new_v4().to_string(), timestamp: now() }
}

fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}
