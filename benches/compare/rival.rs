//! The two commands that ask the same question.

use std::path::PathBuf;

use crate::measure::Bench;

/// The body that curl sends, which is about what byok sends.
const BODY: &str = r#"{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true}"#;

/// A command as a shell would take it apart; no argument holds a space or a quote of its own but
/// for curl's body.
pub(crate) type Command = Vec<String>;

/// Who runs.
#[derive(Debug, Clone)]
pub(crate) enum Rival {
    Byok(PathBuf),
    Curl,
}

impl Rival {
    /// Says its version and ends.
    pub(crate) fn version(&self) -> Command {
        match self {
            Self::Byok(path) => vec![path.to_string_lossy().into_owned(), "--version".to_owned()],
            Self::Curl => ["curl", "--version"].map(str::to_owned).to_vec(),
        }
    }

    /// Asks the server's `scene` over http.
    pub(crate) fn ask(&self, scene: &str, bench: &Bench) -> Command {
        self.ask_at(&format!("http://127.0.0.1:{}/{scene}/v1", bench.plain_port), &[])
    }

    /// Asks the server's `scene` over https, trusting the system's roots and the server's.
    /// byok finds the same bundle in `SSL_CERT_FILE`.
    pub(crate) fn ask_securely(&self, scene: &str, bench: &Bench) -> Command {
        let bundle = bench.bundle().to_string_lossy().into_owned();
        let url = format!("https://127.0.0.1:{}/{scene}/v1", bench.tls_port);
        self.ask_at(&url, &["--cacert", &bundle])
    }

    fn ask_at(&self, base_url: &str, curl_only: &[&str]) -> Command {
        let words: Vec<&str> = match self {
            Self::Byok(path) => {
                let path = path.to_str().unwrap_or("byok");
                vec![path, "ask", "--base-url", base_url, "-m", "m", "hi"]
            }
            Self::Curl => {
                let url = format!("{base_url}/chat/completions");
                let fixed = ["curl", "-sN", "-H", "content-type:application/json", "-d", BODY];
                let words = fixed.iter().chain(curl_only).map(|word| (*word).to_owned());
                return words.chain([url]).collect();
            }
        };
        words.into_iter().map(str::to_owned).collect()
    }
}
