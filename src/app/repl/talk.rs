//! Turns: questions go out, answers come in, and the conversation keeps both.

use std::time::Instant;

use super::{Done, Leave, Stopped, lent::Lending, show, state::Chat};
use crate::{
    app::{
        attach::{self, Attached},
        failure::{Failure, Kind},
        input,
        rendering::Rendering,
        told,
        turn::{End, Turned},
    },
    chat::{Answer, Message, Reply, StopReason, TurnId, Usage},
    term::{Destination, Level, TextScreen, sanitize_line},
};

/// Asks for a summary that the conversation can go on from.
const SUMMARISE: &str = "Summarise our conversation so far, so that it can go on from your summary \
    alone. Keep facts, decisions, names, numbers, code that is still needed, and what is still \
    open. Write the summary and nothing else.";

/// What to do after half an answer.
const CUT: &str = "what came is kept: `/continue` asks for the rest, `/retry` asks again";

/// What to do without an answer.
const KEPT: &str = "your question is kept: `/retry [PROFILE]` asks it again";

/// What came of one turn.
struct Came {
    /// What is wrong with it.
    failure: Option<Failure>,
    /// Whether there was an answer, so that the conversation goes on from it.
    is_kept: bool,
    /// Whether that is all of it.
    is_whole: bool,
}

/// What came of one request, and what is wrong with it.
type Exchange = (Reply, Result<(), Failure>);

impl Chat<'_> {
    /// Sends a message to the current profile.
    pub(super) fn say(&mut self, text: &str, attached: Attached) -> Done {
        let question = self.question(text, attached)?;
        let turn = self.conversation.ask(question);
        self.send(&self.current.clone(), turn)
    }

    /// One turn elsewhere.
    pub(super) fn ask_elsewhere(&mut self, profile: &str, text: &str, attached: Attached) -> Done {
        self.reach_for_turns(profile)?;
        let question = self.question(text, attached)?;
        let turn = self.conversation.ask(question);
        self.send(profile, turn)
    }

    /// The same question to several profiles, one after another. The conversation goes on from the
    /// current profile's answer, else from the first one.
    pub(super) fn compare(&mut self, profiles: &[String], text: &str, attached: Attached) -> Done {
        for profile in profiles {
            self.reach_for_turns(profile)?;
        }
        let question = self.question(text, attached)?;
        let mut answered: Vec<(TurnId, &str)> = Vec::new();
        let mut asked = None;
        for profile in profiles {
            let model = sanitize_line(&self.links[profile].target.model);
            self.console.heading(&format!("{} · {model}", sanitize_line(profile)));
            let turn = match asked {
                None => self.conversation.ask(question.clone()),
                Some(first) => self.conversation.ask_again(first),
            };
            asked = asked.or(Some(turn));
            let begun = Instant::now();
            let is_stopped = match self.turn(profile, turn) {
                Ok(came) => self.tell_of(came)?,
                // The others are asked all the same.
                Err(failure) => {
                    self.tell(failure);
                    false
                }
            };
            if let Some(answer) = &self.conversation.turn(turn).answer {
                let tokens = show::tokens(&answer.usage);
                self.console.aside(&format!("{:.1} s{tokens}", begun.elapsed().as_secs_f64()));
                answered.push((turn, profile));
            }
            if is_stopped {
                // Who stops a comparison in its midst has seen enough.
                break;
            }
        }
        let own = answered.iter().find(|(_, profile)| *profile == self.current);
        let Some((chosen, profile)) = own.or(answered.first()).copied() else {
            self.console
                .aside("nobody answered; your question is kept, and `/retry` asks it again");
            return Ok(());
        };
        self.conversation.go_to(chosen.number());
        let others: Vec<String> = answered
            .iter()
            .filter(|(turn, _)| *turn != chosen)
            .map(|(turn, profile)| format!("`/tree {}` for `{profile}`", turn.number()))
            .collect();
        let others =
            if others.is_empty() { String::new() } else { format!(" ({})", others.join(", ")) };
        self.console.aside(&format!("the conversation goes on from `{profile}`{others}"));
        Ok(())
    }

    /// Asks the last question again, here or elsewhere.
    pub(super) fn retry(&mut self, profile: Option<&str>) -> Done {
        let latest = self.conversation.latest().ok_or_else(|| self.nothing_asked())?;
        let profile = profile.unwrap_or(&self.current).to_owned();
        self.reach_for_turns(&profile)?;
        let turn = self.conversation.ask_again(latest);
        self.send(&profile, turn)
    }

    /// Asks something else in the place of `turn`.
    pub(super) fn ask_instead(&mut self, turn: TurnId, question: Message) -> Done {
        let turn = self.conversation.ask_instead(turn, question);
        self.send(&self.current.clone(), turn)
    }

    /// Asks for the rest of a cut answer.
    pub(super) fn go_on(&mut self) -> Done {
        let turn = self.conversation.ask_for_the_rest().ok_or_else(|| {
            let hint = "`/retry` asks the last question again";
            match (self.conversation.last_answer(), self.conversation.latest()) {
                (Some(_), _) => Failure::usage("the last answer is whole").hint(hint),
                (None, Some(_)) => Failure::usage("there is no answer to go on with").hint(hint),
                (None, None) => Failure::usage("there is no answer to go on with"),
            }
        })?;
        self.send(&self.current.clone(), turn)
    }

    /// Begins anew with a summary of what was said.
    pub(super) fn compact(&mut self, wish: Option<&str>) -> Done {
        if self.conversation.last_answer().is_none() {
            return Err(Failure::usage("there is nothing to summarise yet").into());
        }
        let text =
            wish.map_or_else(|| SUMMARISE.to_owned(), |wish| format!("{SUMMARISE}\n\n{wish}"));
        let question = Message::user(text);
        let profile = self.current.clone();
        let messages = self.conversation.messages_before(&question);
        let (_, said) = messages.split_last().unwrap_or((&question, &[]));
        let before: usize = said.iter().map(|it| input::estimate_tokens(&it.text())).sum();
        let (reply, result) = self.exchange(&profile, messages)?;
        match result {
            Err(failure) if failure.kind == Kind::Terminated => {
                return Err(Stopped::Left(Leave(failure.kind.code())));
            }
            Err(failure) if failure.kind == Kind::Interrupted => {
                return Err(self.stopped("stopped: the conversation goes on as it was"));
            }
            Err(failure) => {
                let unchanged = "nothing was changed: the conversation goes on as it was";
                return Err(failure.first_hint(unchanged).into());
            }
            Ok(()) => {}
        }
        let after = input::estimate_tokens(&reply.text());
        let answer = self.answer(&profile, reply);
        self.conversation.begin_anew();
        let turn = self.conversation.ask(question);
        self.conversation.answer(turn, answer);
        self.console.aside(&format!(
            "the conversation goes on from this summary (about {after} tokens in place of {before}); \
             `/undo` twice goes back to all of it"
        ));
        Ok(())
    }

    /// A question of this text, with everything that waits to go along.
    fn question(&mut self, text: &str, attached: Attached) -> Result<Message, Failure> {
        if text.trim().is_empty() {
            return Err(Failure::usage("the message is empty"));
        }
        for notice in &attached.notices {
            self.console.notice(notice);
        }
        let all = self.waiting.iter().chain(&attached.files);
        if all.map(|file| file.text.len()).sum::<usize>() + text.len() > input::MOST {
            return Err(input::too_large("the message with its files")
                .hint("`/file -` takes the last file back"));
        }
        let mut files = std::mem::take(&mut self.waiting);
        for file in attached.files {
            self.console.notice(&format!("attached {}", file.receipt()));
            files.push(file);
        }
        Ok(attach::question(text, &files))
    }

    /// Sends `turn`, keeps what comes, and says how to go on when that is not all.
    fn send(&mut self, profile: &str, turn: TurnId) -> Done {
        let came = self.turn(profile, turn).map_err(|failure| failure.first_hint(KEPT))?;
        let Some(failure) = came.failure else { return Ok(()) };
        match failure.kind {
            Kind::Terminated => Err(Stopped::Left(Leave(failure.kind.code()))),
            Kind::Interrupted => Err(self.stopped(if came.is_kept {
                "stopped: what came is kept, and `/continue` asks for the rest"
            } else {
                "stopped before an answer: `/retry` asks again, `/edit` changes the question"
            })),
            _ if !came.is_kept => Err(failure.first_hint(KEPT).into()),
            _ if !came.is_whole => Err(failure.first_hint(CUT).into()),
            _ => Err(failure.into()),
        }
    }

    /// Says what is wrong with one answer of several, and whether Ctrl-C put an end to all.
    fn tell_of(&mut self, came: Came) -> Result<bool, Stopped> {
        let Some(failure) = came.failure else { return Ok(false) };
        match failure.kind {
            Kind::Terminated => return Err(Stopped::Left(Leave(failure.kind.code()))),
            Kind::Interrupted => {
                let kept = if came.is_kept {
                    "stopped: what came is kept"
                } else {
                    "stopped before an answer"
                };
                let stopped = self.stopped(kept);
                return if matches!(stopped, Stopped::Left(_)) { Err(stopped) } else { Ok(true) };
            }
            _ => self.tell(failure),
        }
        Ok(false)
    }

    /// Sends `turn` and keeps what comes.
    fn turn(&mut self, profile: &str, turn: TurnId) -> Result<Came, Failure> {
        self.note_beginning(profile)?;
        let messages = self.conversation.messages(turn);
        let (reply, result) = self.exchange(profile, messages)?;
        let answer = self.answer(profile, reply);
        let is_whole = answer.is_whole;
        let is_kept = self.conversation.answer(turn, answer);
        Ok(Came { failure: result.err(), is_kept, is_whole })
    }

    /// Ctrl-C ended a turn.
    fn stopped(&mut self, what: &str) -> Stopped {
        self.console.aside(what);
        self.pressed()
    }

    fn nothing_asked(&self) -> Failure {
        if self.conversation.turns().next().is_none() {
            return Failure::usage("nothing was asked yet");
        }
        Failure::usage("this is the beginning: there is no question to ask again")
            .hint("`/tree` shows what was asked, `/tree N` goes on from there")
    }

    /// One request and what comes back, shown as it comes.
    fn exchange(&mut self, profile: &str, messages: Vec<Message>) -> Result<Exchange, Failure> {
        let begun = Instant::now();
        let system = self.system_for(profile)?;
        let Self {
            links, runtime, signals, console, told, streams, rendering, counted, watch, ..
        } = self;
        let link = links.get_mut(profile).ok_or_else(|| unreached(profile))?;
        let mut request = link.request(system, messages);
        request.stream = *streams;
        let mut screen = TextScreen::new(*console, Destination::Stdout, link.thinking(*console));
        if let Rendering::Markdown(surface) = rendering {
            screen = screen.rendered(*surface);
        }
        let mut lending = Lending::new(&mut screen, watch, *console);
        let turned = runtime.block_on(async {
            link.turn(&request, &mut lending, signals, begun, *console, told).await
        });
        lending.end();
        let turned = turned?;
        let Turned { reply, end, request_id, warnings, adaptations } = turned;
        // A gap, so that the next prompt does not stick to what was said.
        let shown = screen.end().and_then(|_| {
            if reply.is_visible() { Destination::Stdout.write(b"\n") } else { Ok(()) }
        });
        told.extend(warnings);
        let unkept = if self.saves { link.remember(&adaptations) } else { Vec::new() };
        let end = match (end, shown) {
            (End::Whole, Err(error)) => End::Screen(error),
            (end, _) => end,
        };
        let result = link.judge(runtime, &reply, end, request_id.as_deref());
        console.trace(Level::Verbose, &told::summary(&reply, begun.elapsed()));
        if reply.is_visible() || reply.usage != Usage::default() {
            let model = link.model().to_owned();
            counted.entry((profile.to_owned(), model)).or_default().add(&reply.usage);
        }
        for line in unkept {
            self.warn_once(&line);
        }
        Ok((reply, result))
    }

    /// The reply as the conversation keeps it.
    fn answer(&self, profile: &str, reply: Reply) -> Answer {
        let is_whole = is_whole(&reply);
        let link = &self.links[profile];
        let model = link.model().to_owned();
        let usage = reply.usage;
        let message = reply.into_message();
        Answer { message, is_whole, profile: profile.to_owned(), model, usage }
    }
}

/// Whether there is nothing more to come.
fn is_whole(reply: &Reply) -> bool {
    !matches!(
        reply.stop,
        None | Some(StopReason::Length | StopReason::Filtered | StopReason::Pause)
    )
}

fn unreached(profile: &str) -> Failure {
    Failure::other(format!("profile `{profile}` was not prepared"))
}
