//! Turns: questions go out, answers come in, and the conversation keeps both.

use std::time::Instant;

use super::{Done, Leave, Stopped, lent::Lending, show, state::Chat};
use crate::{
    app::{
        attach::{self, Attached},
        failure::{Failure, Kind},
        input, keeping,
        link::With,
        rendering::Rendering,
        told,
        turn::{End, Turned},
    },
    chat::{Message, TurnId, Usage},
    sessions::{Asking, Came, Growth},
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
struct Outcome {
    /// What is wrong with it.
    failure: Option<Failure>,
    /// Whether there was an answer, so that the conversation goes on from it.
    is_kept: bool,
    /// Whether that is all of it.
    is_whole: bool,
}

/// What came of one request, and what is wrong with it.
struct Exchange {
    came: Came,
    result: Result<(), Failure>,
}

impl Chat<'_> {
    /// Sends a message to the current profile.
    pub(super) fn say(&mut self, text: &str, attached: Attached) -> Done {
        let question = self.question(text, attached)?;
        let profile = self.current.clone();
        let asking = self.asking(&profile)?;
        let turn = self.session.ask(question, asking);
        self.send(&profile, turn)
    }

    /// Who is asked, as the session keeps it.
    fn asking(&self, profile: &str) -> Result<Asking, Failure> {
        let link = self.links.get(profile).ok_or_else(|| unreached(profile))?;
        let flags = self.settings.flags(profile);
        let system = self.system_for(profile)?;
        let mut asking = keeping::asking(link, &flags, system.as_deref());
        if self.settings.has_no_system() {
            asking.chosen.system = Some(String::new());
        }
        Ok(asking)
    }

    /// One turn elsewhere.
    pub(super) fn ask_elsewhere(&mut self, profile: &str, text: &str, attached: Attached) -> Done {
        self.reach_for_turns(profile)?;
        let question = self.question(text, attached)?;
        let asking = self.asking(profile)?;
        let turn = self.session.ask(question, asking);
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
            let asking = self.asking(profile)?;
            let turn = match asked {
                None => self.session.ask(question.clone(), asking),
                Some(first) => self.session.ask_again(first, asking),
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
            if let Some(answer) = &self.session.conversation().turn(turn).answer {
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
        self.session.go_to(chosen.number());
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
        let latest = self.session.conversation().latest().ok_or_else(|| self.nothing_asked())?;
        let profile = profile.unwrap_or(&self.current).to_owned();
        self.reach_for_turns(&profile)?;
        let asking = self.asking(&profile)?;
        let turn = self.session.ask_again(latest, asking);
        self.send(&profile, turn)
    }

    /// Asks something else in the place of `turn`.
    pub(super) fn ask_instead(&mut self, turn: TurnId, question: Message) -> Done {
        let profile = self.current.clone();
        let asking = self.asking(&profile)?;
        let turn = self.session.ask_instead(turn, question, asking);
        self.send(&profile, turn)
    }

    /// Asks for the rest of a cut answer.
    pub(super) fn go_on(&mut self) -> Done {
        let profile = self.current.clone();
        let asking = self.asking(&profile)?;
        let turn = self.session.ask_for_the_rest(asking).ok_or_else(|| {
            let hint = "`/retry` asks the last question again";
            match (self.session.conversation().last_answer(), self.session.conversation().latest())
            {
                (Some(_), _) => Failure::usage("the last answer is whole").hint(hint),
                (None, Some(_)) => Failure::usage("there is no answer to go on with").hint(hint),
                (None, None) => Failure::usage("there is no answer to go on with"),
            }
        })?;
        self.send(&profile, turn)
    }

    /// Begins anew with a summary of what was said.
    pub(super) fn compact(&mut self, wish: Option<&str>) -> Done {
        if self.session.conversation().last_answer().is_none() {
            return Err(Failure::usage("there is nothing to summarise yet").into());
        }
        let text =
            wish.map_or_else(|| SUMMARISE.to_owned(), |wish| format!("{SUMMARISE}\n\n{wish}"));
        let question = Message::user(text);
        let profile = self.current.clone();
        let messages = self.session.conversation().messages_before(&question);
        let (_, said) = messages.split_last().unwrap_or((&question, &[]));
        let before: usize = said.iter().map(|it| input::estimate_tokens(&it.text())).sum();
        let Exchange { came, result } = self.exchange(&profile, messages, None)?;
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
        let after = input::estimate_tokens(&came.reply.text());
        self.session.begin_anew();
        let asking = self.asking(&profile)?;
        let turn = self.session.ask(question, asking);
        self.session.answer(turn, came);
        self.say_unkept();
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
    fn tell_of(&mut self, came: Outcome) -> Result<bool, Stopped> {
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
    fn turn(&mut self, profile: &str, turn: TurnId) -> Result<Outcome, Failure> {
        self.note_beginning(profile)?;
        self.say_unkept();
        let messages = self.session.conversation().messages(turn);
        let Exchange { came, result } = self.exchange(profile, messages, Some(turn))?;
        let is_whole = came.is_whole;
        let is_kept = self.session.answer(turn, came);
        self.say_unkept();
        Ok(Outcome { failure: result.err(), is_kept, is_whole })
    }

    /// Says what could not be stored, once.
    pub(super) fn say_unkept(&mut self) {
        if let Some(trouble) = self.session.take_trouble() {
            self.warn_once(&keeping::unkept(&trouble));
        }
    }

    /// Waits until everything is on the disk itself, and says what is not.
    pub(super) fn settle(&mut self) {
        for session in self.left.iter_mut().chain([&mut self.session]) {
            session.settle();
            if let Some(trouble) = session.take_trouble() {
                self.console.warning(&keeping::unkept(&trouble));
            }
        }
    }

    /// Ctrl-C ended a turn.
    fn stopped(&mut self, what: &str) -> Stopped {
        self.console.aside(what);
        self.pressed()
    }

    fn nothing_asked(&self) -> Failure {
        if self.session.conversation().turns().next().is_none() {
            return Failure::usage("nothing was asked yet");
        }
        Failure::usage("this is the beginning: there is no question to ask again")
            .hint("`/tree` shows what was asked, `/tree N` goes on from there")
    }

    /// One request and what comes back, shown as it comes, and kept as it comes for a `turn`.
    fn exchange(
        &mut self,
        profile: &str,
        messages: Vec<Message>,
        turn: Option<TurnId>,
    ) -> Result<Exchange, Failure> {
        let begun = Instant::now();
        let system = self.system_for(profile)?;
        let Self {
            links,
            runtime,
            signals,
            console,
            told,
            streams,
            rendering,
            counted,
            watch,
            session,
            ..
        } = self;
        let link = links.get_mut(profile).ok_or_else(|| unreached(profile))?;
        let mut request = link.request(system, messages);
        request.stream = *streams;
        let mut screen = TextScreen::new(*console, Destination::Stdout, link.thinking(*console));
        if let Rendering::Markdown(surface) = rendering {
            screen = screen.rendered(*surface);
        }
        let mut lending = Lending::new(&mut screen, watch, *console);
        let mut growth = match turn {
            Some(turn) => session.growth(turn),
            None => Growth::off(),
        };
        let turned = runtime.block_on(async {
            let with = With { begun, console: *console, known: told, growth: &mut growth };
            link.turn(&request, &mut lending, signals, with).await
        });
        let grown = growth.end();
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
        let error = result.as_ref().err().map(keeping::trouble);
        let is_whole = reply.is_whole();
        let came = Came { reply, is_whole, request_id, begun, grown, error };
        Ok(Exchange { came, result })
    }
}

fn unreached(profile: &str) -> Failure {
    Failure::other(format!("profile `{profile}` was not prepared"))
}
