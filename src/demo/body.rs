//! The body of a response: bytes, with pauses between them.

use std::{
    collections::VecDeque,
    fmt, io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use hyper::body::{Bytes, Frame, SizeHint};
use tokio::time::Sleep;

use super::{
    chat_completions, messages,
    model::Pace,
    reply::{Ending, Moment, Reply, piece},
    responses,
    route::Format,
};

/// Words after which a long answer comes without pauses, so that none takes minutes.
const PACED_WORDS: usize = 600;

/// Before a connection is dropped, so that what was said has left.
const BEFORE_CUT: Duration = Duration::from_millis(30);

/// What happens next on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Send(Bytes),
    Wait(Duration),
    Cut,
}

/// A response's body, which makes its bytes when they are asked for.
pub(super) struct Body {
    steps: Box<dyn Iterator<Item = Step> + Send>,
    /// Runs while a pause lasts.
    pause: Option<Pin<Box<Sleep>>>,
    /// The length in bytes when it is known before.
    length: Option<u64>,
}

impl Body {
    /// All of it at once.
    pub(super) fn whole(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let length = u64::try_from(bytes.len()).ok();
        Self { steps: Box::new(std::iter::once(Step::Send(bytes))), pause: None, length }
    }

    /// The first half of it, and then the connection drops.
    pub(super) fn half(bytes: impl Into<Bytes>) -> Self {
        let mut bytes = bytes.into();
        let length = u64::try_from(bytes.len()).ok();
        bytes.truncate(bytes.len() / 2);
        let steps = [Step::Send(bytes), Step::Wait(BEFORE_CUT), Step::Cut];
        Self { steps: Box::new(steps.into_iter()), pause: None, length }
    }

    /// Server-sent events, word by word.
    pub(super) fn stream(format: Format, reply: Reply, pace: Pace) -> Self {
        let steps = Steps {
            format,
            reply,
            pace,
            stage: Stage::Start,
            offset: 0,
            words: 0,
            sequence: 0,
            pending: VecDeque::new(),
        };
        Self { steps: Box::new(steps), pause: None, length: None }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body").field("length", &self.length).finish_non_exhaustive()
    }
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        loop {
            if let Some(pause) = &mut self.pause {
                if pause.as_mut().poll(context).is_pending() {
                    return Poll::Pending;
                }
                self.pause = None;
            }
            return Poll::Ready(match self.steps.next() {
                None => None,
                Some(Step::Send(bytes)) => Some(Ok(Frame::data(bytes))),
                Some(Step::Cut) => Some(Err(io::Error::other("the model `cut` was asked for"))),
                Some(Step::Wait(time)) => {
                    self.pause = Some(Box::pin(tokio::time::sleep(time)));
                    continue;
                }
            });
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.length.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

/// Makes the steps of a stream one moment at a time, so that a long answer needs little memory.
#[derive(Debug)]
struct Steps {
    format: Format,
    reply: Reply,
    pace: Pace,
    stage: Stage,
    /// Bytes of the reasoning or of the text that are said, by stage.
    offset: usize,
    words: usize,
    /// The number of the next event, which the Responses format wants to know.
    sequence: u64,
    pending: VecDeque<Step>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Start,
    Reasoning,
    Text,
    End,
    Over,
}

impl Iterator for Steps {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        while self.pending.is_empty() && self.stage != Stage::Over {
            self.advance();
        }
        self.pending.pop_front()
    }
}

impl Steps {
    fn advance(&mut self) {
        match self.stage {
            Stage::Start => {
                self.say(Moment::Start);
                if self.reply.reasoning.is_empty() {
                    self.say(Moment::TextStart);
                    self.stage = Stage::Text;
                } else {
                    self.say(Moment::ReasoningStart);
                    self.stage = Stage::Reasoning;
                }
            }
            Stage::Reasoning => {
                let piece = piece(&self.reply.reasoning[self.offset..]);
                if piece.is_empty() {
                    self.say(Moment::ReasoningEnd);
                    self.say(Moment::TextStart);
                    self.offset = 0;
                    self.stage = Stage::Text;
                } else {
                    self.offset += piece.len();
                    self.say(Moment::Reasoning(piece));
                    self.rest();
                }
            }
            Stage::Text => {
                let piece = piece(&self.reply.text[self.offset..]).to_owned();
                if piece.is_empty() {
                    self.stage = Stage::End;
                } else {
                    self.offset += piece.len();
                    self.say(Moment::Text(&piece));
                    self.rest();
                }
            }
            Stage::End => {
                if self.reply.ending == Ending::Cut {
                    self.pending.extend([Step::Wait(BEFORE_CUT), Step::Cut]);
                } else {
                    self.say(Moment::TextEnd);
                    self.say(Moment::End);
                }
                self.stage = Stage::Over;
            }
            Stage::Over => {}
        }
    }

    fn say(&mut self, moment: Moment<'_>) {
        let frames = match self.format {
            Format::ChatCompletions => chat_completions::frames(&self.reply, moment),
            Format::Responses => responses::frames(&self.reply, moment, &mut self.sequence),
            Format::Messages => messages::frames(&self.reply, moment),
        };
        if !frames.is_empty() {
            self.pending.push_back(Step::Send(frames.into()));
        }
    }

    /// Pauses after a word.
    fn rest(&mut self) {
        self.words += 1;
        if self.words < PACED_WORDS {
            self.pending.push_back(Step::Wait(self.pace.word));
        }
    }
}
