//! The command line at its edges: what conflicts, what is no value, what is too much.

use crate::support::{
    byok::Byok,
    provider::{Provider, Script},
    streams,
};

#[test]
fn flags_that_contradict_one_another_are_refused() {
    for args in [
        &["-x", "--raw"][..],
        &["-x", "--json"],
        &["--raw", "--render", "markdown"],
        &["--json", "--output-format", "text"],
        &["-q", "-v"],
        &["-s", "a", "--system-file", "b"],
        &["--no-stdin", "--stdin-timeout", "1s"],
        &["--color", "always", "--no-color"],
        &["--api-key-env", "A", "--bearer-token-env", "B"],
        &["--dry-run", "--curl"],
    ] {
        let provider = Provider::start([]);
        let byok = Byok::new().profile(&provider, "").args(["ask"]).args(args.to_vec());
        byok.args(["hi"]).run().assert_code(2).assert_stderr_has("cannot be used with");
        assert_eq!(provider.connections(), 0);
    }
}

#[test]
fn a_value_that_is_none_is_refused_before_anything_is_sent() {
    for args in [
        &["--temperature", "warm"][..],
        &["--max-tokens", "-1"],
        &["--max-tokens", "0"],
        &["--retries", "many"],
        &["--timeout", "soon"],
        &["--type", "opnai"],
        &["--wire-api", "chat"],
        &["--base-url", "nonsense"],
        &["--base-url", ""],
        &["--thinking", "loud"],
        &["--set", "nonsense"],
        &["--set", "modle=1"],
        &["--set", "retries=\"two\""],
        &["--output-format", "xml"],
        &["--render", "ansi"],
        &["--set", "screen.render=plain"],
        &["--temperature", "NaN"],
        &["--temperature", "inf"],
    ] {
        let provider = Provider::start([]);
        let byok = Byok::new().profile(&provider, "").args(["ask"]).args(args.to_vec());
        let output = byok.args(["hi"]).run();
        assert!(matches!(output.code, Some(2 | 3)), "{args:?}\n{output}");
        output.assert_stdout("");
        assert!(!output.stderr().contains("panicked"), "{output}");
        assert_eq!(provider.connections(), 0);
    }
}

#[test]
fn the_extraction_takes_its_value_only_after_an_equals_sign() {
    let provider = Provider::start([Script::stream(streams::chat(&["```\na\n```"]))]);
    let output = Byok::new().profile(&provider, "").args(["-x", "python"]).run();
    output.assert_code(0).assert_stdout("a\n");
    assert_eq!(provider.request().json()["messages"][0]["content"], "python");
}

#[test]
fn a_long_prompt_arrives_whole() {
    let provider = Provider::start([Script::stream(streams::chat(&["fine"]))]);
    let text = "é".repeat(4 << 20);
    let byok = Byok::new().profile(&provider, "").args(["ask"]).stdin(text.clone());
    byok.run().assert_code(0).assert_stdout("fine\n");
    assert_eq!(provider.request().json()["messages"][0]["content"], text);
}

#[test]
fn what_is_too_large_is_refused_as_a_file_too() {
    let provider = Provider::start([]);
    let byok = Byok::new().profile(&provider, "").file("big.txt", vec![b'a'; 33 << 20]);
    let output = byok.args(["-f", "big.txt", "x"]).run();
    output.assert_code(2).assert_stdout("").assert_stderr_has("larger than 32 MiB");
    #[cfg(unix)]
    {
        let endless = Byok::new().profile(&provider, "").args(["-f", "/dev/zero", "x"]).run();
        endless.assert_code(2).assert_stderr_has("larger than 32 MiB");
    }
    assert_eq!(provider.connections(), 0);
}
