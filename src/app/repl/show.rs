//! What the chat tells of itself: where it stands, what it cost, what would be sent.

use super::{Done, state::Chat};
use crate::{
    app::{attach, failure::Failure, input, output, transcript},
    chat::{Answer, Message, Usage},
    provider,
    term::{columns, sanitize, sanitize_line, sanitize_whole},
};

/// Stands where the next message will be.
const NEXT: &str = "(your next message)";

/// `, 12 tokens in, 34 out`, as far as the server said so.
pub(super) fn tokens(usage: &Usage) -> String {
    match (usage.input, usage.output) {
        (None, None) => String::new(),
        (input, output) => {
            let count = |tokens: Option<u64>| tokens.map_or("?".to_owned(), |it| it.to_string());
            format!(", {} tokens in, {} out", count(input), count(output))
        }
    }
}

impl Chat<'_> {
    /// Says how far back the conversation went, and what its last question is now. `was_new`: it had
    /// just begun, and what was undone is that.
    pub(super) fn say_where(&self, undone: usize, was_new: bool) {
        let turns = if undone == 1 { "turn" } else { "turns" };
        let last = self
            .session
            .conversation()
            .head()
            .map(|head| self.session.conversation().turn(head).words());
        self.console.aside(&match (undone, last) {
            (0, _) => "there is nothing to take back".to_owned(),
            (_, Some(question)) if was_new => {
                format!("back in the conversation before, at the answer to `{}`", excerpt(question))
            }
            (_, None) => format!("{undone} {turns} back: at the beginning; `/tree` shows all"),
            (_, Some(question)) => format!(
                "{undone} {turns} back, to the answer to `{}`; `/tree` shows all",
                excerpt(question)
            ),
        });
    }

    /// `/tree`
    pub(super) fn tree(&mut self, number: Option<usize>) -> Done {
        let Some(number) = number else {
            let tree = transcript::tree(&self.session, columns());
            if tree.is_empty() {
                self.console.aside("nothing was said yet");
            }
            output::print(&tree)?;
            return Ok(());
        };
        if !self.session.go_to(number) {
            return Err(Failure::usage(format!("there is no answered turn {number}"))
                .hint("`/tree` shows all turns with their numbers")
                .into());
        }
        let head = self
            .session
            .conversation()
            .head()
            .map(|head| self.session.conversation().turn(head).words());
        let question = head.map_or_else(String::new, excerpt);
        self.console.aside(&format!("the conversation goes on after `{question}`"));
        Ok(())
    }

    /// `/usage`: what the servers counted.
    pub(super) fn usage(&self) -> Done {
        if self.counted.is_empty() {
            self.console.aside("no answer yet, so nothing was counted");
            return Ok(());
        }
        let mut total = Sum::default();
        let mut lines = Vec::new();
        for ((profile, model), sum) in &self.counted {
            let name = format!("{}:{}", sanitize_line(profile), sanitize_line(model));
            lines.push(format!("{name}: {}\n", sum.in_words()));
            total.merge(sum);
        }
        if self.counted.len() > 1 {
            lines.push(format!("all: {}\n", total.in_words()));
        }
        output::print(&lines.concat())?;
        Ok(())
    }

    /// `/context`: how full the window is.
    pub(super) fn context(&self) -> Done {
        let link = self.link();
        let system = self.system_for(&self.current)?.unwrap_or_default();
        let messages = self.session.conversation().messages_before(&Message::user(""));
        let words: usize = messages.iter().map(|it| input::estimate_tokens(&it.text())).sum();
        let files: usize = self.waiting.iter().map(|it| input::estimate_tokens(&it.text)).sum();
        let about = words + files + input::estimate_tokens(&system);
        let turns = self.session.conversation().way(self.session.conversation().head()).len();
        let mut lines = vec![format!(
            "{turns} {}, about {about} tokens with the system prompt (an estimate)\n",
            if turns == 1 { "turn" } else { "turns" }
        )];
        let last = self.session.conversation().last_answer().map(|(_, answer)| answer);
        if let Some(Answer { usage, profile, .. }) = last
            && let Some(input) = usage.input
        {
            let counted = input + usage.output.unwrap_or_default();
            lines.push(format!(
                "counted by `{}` at the last answer: {counted} ({input} in, {} out)\n",
                sanitize_line(profile),
                usage.output.unwrap_or_default()
            ));
        }
        match link.effective.context_window {
            Some(window) => {
                let counted = last.and_then(|it| it.usage.input.zip(it.usage.output));
                let used = counted.map_or(about as u64, |(input, output)| input + output);
                let percent = used.saturating_mul(100) / window.max(1);
                lines.push(format!("window: {window} tokens, {percent} % used\n"));
            }
            None => lines.push(
                "window: unknown; `context_window` of the profile says it, and so may `/models`\n"
                    .to_owned(),
            ),
        }
        output::print(&lines.concat())?;
        Ok(())
    }

    /// `/show`: the request that the next message would make.
    pub(super) fn show(&self) -> Done {
        let system = self.system_for(&self.current)?;
        let question = attach::question(NEXT, &self.waiting);
        let messages = self.session.conversation().messages_before(&question);
        let link = self.link();
        let mut request = link.request(system, messages);
        request.stream = self.streams;
        let (http, dropped) = link.target.http_request(&request);
        for line in dropped {
            self.console.warning(&line);
        }
        output::print(&sanitize(&provider::dry_run(&http)))?;
        Ok(())
    }

    /// `/raw`: the last answer as it came, its marks and all.
    pub(super) fn raw(&self) -> Done {
        let words = self.last_words()?;
        output::print(&format!("{}\n", sanitize_whole(&words).trim_end_matches('\n')))?;
        Ok(())
    }

    /// The last answer, with what it is the rest of before it.
    pub(super) fn last_words(&self) -> Result<String, Failure> {
        let (head, answer) = self
            .session
            .conversation()
            .last_answer()
            .ok_or_else(|| Failure::usage("there is no answer yet"))?;
        let mut words = answer.words();
        let mut turn = self.session.conversation().turn(head);
        while turn.is_continuation
            && let Some(parent) = turn.parent
        {
            turn = self.session.conversation().turn(parent);
            let before = turn.answer.as_ref().map(Answer::words).unwrap_or_default();
            words.insert_str(0, &before);
        }
        Ok(words)
    }
}

/// What servers counted, summed up.
#[derive(Debug, Default)]
pub(super) struct Sum {
    answers: u64,
    uncounted: u64,
    input: u64,
    cached: u64,
    output: u64,
    reasoning: u64,
}

impl Sum {
    /// Adds an answer's counts.
    pub(super) fn add(&mut self, usage: &Usage) {
        self.answers += 1;
        self.uncounted += u64::from(usage.input.is_none() && usage.output.is_none());
        self.input += usage.input.unwrap_or_default();
        self.cached += usage.cached_input.unwrap_or_default();
        self.output += usage.output.unwrap_or_default();
        self.reasoning += usage.reasoning.unwrap_or_default();
    }

    fn merge(&mut self, other: &Self) {
        self.answers += other.answers;
        self.uncounted += other.uncounted;
        self.input += other.input;
        self.cached += other.cached;
        self.output += other.output;
        self.reasoning += other.reasoning;
    }

    fn in_words(&self) -> String {
        let answers = if self.answers == 1 { "answer" } else { "answers" };
        let of = |count: u64, what: &str| {
            if count > 0 { format!(" ({count} {what})") } else { String::new() }
        };
        if self.uncounted == self.answers {
            return format!("{} {answers}, not counted by the server", self.answers);
        }
        let uncounted = if self.uncounted > 0 {
            format!("; {} not counted by the server", self.uncounted)
        } else {
            String::new()
        };
        format!(
            "{} {answers}, {} tokens in{}, {} out{}{uncounted}",
            self.answers,
            self.input,
            of(self.cached, "from the cache"),
            self.output,
            of(self.reasoning, "of them thinking"),
        )
    }
}

/// The first words of a question, in one line.
fn excerpt(words: &str) -> String {
    const MOST: usize = 50;

    let line = sanitize_line(words.trim());
    match line.char_indices().nth(MOST) {
        None => line,
        Some((at, _)) => format!("{}…", &line[..at]),
    }
}
