//! How an answer is shown, from flags, the environment, the file and the terminal. Pure.

use super::{
    cli::{AnswerArgs, AskArgs, ChatArgs, OutputFormat, RenderChoice},
    output,
};
use crate::{
    config::{Render, ScreenSettings},
    term::{Console, Facts, Level, Look, Palette, Surface},
};

/// How one answer is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rendering {
    /// As it is.
    Plain,
    /// Its Markdown is rendered.
    Markdown(Surface),
}

/// How the answer of a one-shot is shown. Code blocks, files, exact bytes and JSON stay as they are.
pub(super) fn of_ask(args: &AskArgs, settings: ScreenSettings, console: Console) -> Rendering {
    let is_for_a_program = output::format(args) != OutputFormat::Text;
    if is_for_a_program || args.raw || args.extract.is_some() || args.output.is_some() {
        return Rendering::Plain;
    }
    of(&args.answer, settings, console.facts(), console.level())
}

/// How the answers of a chat are shown.
pub(super) fn of_chat(args: &ChatArgs, settings: ScreenSettings, console: Console) -> Rendering {
    of(&args.answer, settings, console.facts(), console.level())
}

/// How a conversation is shown once more.
pub(super) fn of_show(args: &AnswerArgs, settings: ScreenSettings, console: Console) -> Rendering {
    of(args, settings, console.facts(), console.level())
}

/// The console for somebody who listens, where one was asked for.
pub(super) fn console(args: &AnswerArgs, settings: ScreenSettings, console: Console) -> Console {
    if is_spoken(args, settings, console.facts()) { console.spoken() } else { console }
}

fn of(args: &AnswerArgs, settings: ScreenSettings, facts: Facts, level: Level) -> Rendering {
    let render = match args.render {
        Some(RenderChoice::Auto) => Render::Auto,
        Some(RenderChoice::Markdown) => Render::Markdown,
        Some(RenderChoice::Plain) => Render::Plain,
        None => settings.render,
    };
    let is_rendered = match render {
        Render::Auto => facts.can_repaint,
        Render::Markdown => true,
        Render::Plain => false,
    };
    if !is_rendered {
        return Rendering::Plain;
    }
    let is_spoken = is_spoken(args, settings, facts);
    // The target of a link is heard only where it stands in the text.
    let has_links = facts.has_links && !is_spoken;
    // Lines of the trace move the cursor that the next repaint would count from.
    let is_traced = level >= Level::Verbose && facts.stderr_is_terminal;
    let look = Look {
        // Nobody wants to hear them.
        keeps_marks: facts.palette == Palette::None && !is_spoken,
        keeps_ticks: matches!(facts.palette, Palette::None | Palette::Attributes) && !is_spoken,
        has_links,
        is_spoken,
    };
    Rendering::Markdown(Surface {
        look,
        palette: facts.palette,
        can_repaint: facts.can_repaint && !is_spoken && !is_traced,
        reflows: facts.reflows,
    })
}

fn is_spoken(args: &AnswerArgs, settings: ScreenSettings, facts: Facts) -> bool {
    args.accessible || facts.is_spoken.unwrap_or(settings.is_spoken)
}

#[cfg(test)]
#[path = "rendering_tests.rs"]
mod tests;
