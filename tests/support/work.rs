//! The profile `work` of most tests: its file, and one run with it.

use super::{
    byok::{Byok, Output},
    provider::{Provider, Script},
};

/// The key in the variable `WORK_KEY`, which no output may hold.
pub(crate) const KEY: &str = "sk-work-0123456789abcdefghijklmnop";

/// A home whose only profile is `work`: this server, the key of `WORK_KEY`, and `more` keys.
pub(crate) fn home(base_url: &str, more: &str) -> Byok {
    let config = format!(
        "[profiles.work]\nbase_url = \"{base_url}\"\nmodel = \"some-model\"\n\
         api_key = {{ env = \"WORK_KEY\" }}\n{more}\n"
    );
    Byok::new().file("config.toml", config).env("WORK_KEY", KEY)
}

/// Asks a provider that plays these scripts, with `more` keys in the profile; the key stays
/// secret.
#[track_caller]
pub(crate) fn ask(scripts: impl IntoIterator<Item = Script>, more: &str) -> Output {
    let provider = Provider::start(scripts);
    let output = home(&provider.url("/v1"), more).args(["ask", "hi"]).run();
    assert_no_key(&output);
    output
}

/// No part of the key stands in an output.
#[track_caller]
pub(crate) fn assert_no_key(output: &Output) {
    for stream in [output.stdout(), output.stderr()] {
        assert!(!stream.contains(&KEY[..16]), "the key is shown: {output}");
    }
}
