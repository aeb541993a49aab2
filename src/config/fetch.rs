//! Secrets, found: in the environment, in files, in the output of commands; kept in memory while
//! they are good. The only place of this room that runs programs.

use std::{
    io::{self, IsTerminal as _, Read as _},
    path::Path,
    process::Stdio,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde_json::Value as Json;
use tokio::io::AsyncReadExt as _;

use super::{Command, Credential, CredentialSource, Env, Error, SourceFailure};
use crate::provider::Secret;

/// The most that a command or file may say, in bytes: no key and no token is longer.
const LONGEST: usize = 64 << 10;

/// How long before a token's end a new one is fetched, so that none expires on the way.
const SLACK: Duration = Duration::from_mins(1);

/// A credential and, while it is good, the secret found for it. For one process, in memory only.
#[derive(Debug)]
pub struct Wallet {
    credential: Credential,
    found: Option<Found>,
}

/// A secret that was found.
#[derive(Debug, Clone)]
struct Found {
    secret: Secret,
    /// The position of its source.
    source: usize,
    /// When it must be fetched anew; `None`: never.
    until: Option<SystemTime>,
}

impl Wallet {
    /// A wallet with nothing in it yet.
    pub fn new(credential: Credential) -> Self {
        Self { credential, found: None }
    }

    /// The secret, fetched unless one is at hand that is good at `now`.
    ///
    /// # Errors
    /// As for [`fetch`].
    pub async fn secret(&mut self, env: &Env, now: SystemTime) -> Result<Secret, Error> {
        if let Some(found) = &self.found
            && found.until.is_none_or(|until| now < until)
        {
            return Ok(found.secret.clone());
        }
        let found = find(&self.credential, env, now).await?;
        Ok(self.found.insert(found).secret.clone())
    }

    /// Fetches anew after a server refused the secret with 401; `None` when no command stands
    /// behind it, so that the same secret would come again.
    ///
    /// # Errors
    /// As for [`fetch`].
    pub async fn renew(&mut self, env: &Env, now: SystemTime) -> Result<Option<Secret>, Error> {
        match self.source() {
            Some(CredentialSource::Command(_)) => {
                self.found = None;
                self.secret(env, now).await.map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The source that the secret at hand came from.
    pub fn source(&self) -> Option<&CredentialSource> {
        self.credential.sources.get(self.found.as_ref()?.source)
    }

    /// That source in words, for [`crate::provider::Auth::source`].
    pub fn source_in_words(&self) -> Option<String> {
        Some(self.credential.source_in_words(self.source()?))
    }
}

/// Finds a secret: the first source that has one.
///
/// # Errors
/// [`Error::NoCredential`], which says what was tried and what became of it, never what was read.
pub async fn fetch(credential: &Credential, env: &Env) -> Result<Secret, Error> {
    Ok(find(credential, env, SystemTime::now()).await?.secret)
}

async fn find(credential: &Credential, env: &Env, now: SystemTime) -> Result<Found, Error> {
    let mut tried = Vec::new();
    for (position, source) in credential.sources.iter().enumerate() {
        match look(source, env, now).await {
            Ok((secret, until)) => return Ok(Found { secret, source: position, until }),
            Err(failure) => tried.push(failure),
        }
    }
    Err(Error::NoCredential { profile: credential.profile.clone(), tried })
}

type Expiring = (Secret, Option<SystemTime>);

async fn look(
    source: &CredentialSource,
    env: &Env,
    now: SystemTime,
) -> Result<Expiring, SourceFailure> {
    match source {
        CredentialSource::Literal(secret) => Ok((secret.clone(), None)),
        CredentialSource::Env(name) => match env.get(name) {
            Some(text) => Ok((made(text, source)?, None)),
            None if env.is_garbled(name) => Err(SourceFailure::Garbled(name.clone())),
            None => Err(SourceFailure::Unset(name.clone())),
        },
        CredentialSource::File(path) => Ok((made(&read_file(path)?, source)?, None)),
        CredentialSource::Command(command) => {
            let output = run(command, env).await?;
            read_output(command, &output, now)
        }
        CredentialSource::Keyring(name) => Err(SourceFailure::Keyring(name.clone())),
    }
}

fn made(text: &str, source: &CredentialSource) -> Result<Secret, SourceFailure> {
    Secret::new(text).map_err(|why| SourceFailure::Invalid { from: source.to_string(), why })
}

fn read_file(path: &Path) -> Result<String, SourceFailure> {
    let unreadable = |source| SourceFailure::File { path: path.to_owned(), source };
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(unreadable)?;
    file.take(LONGEST as u64 + 1).read_to_string(&mut text).map_err(unreadable)?;
    if text.len() > LONGEST {
        return Err(SourceFailure::FileTooLarge { path: path.to_owned(), limit: LONGEST });
    }
    Ok(text)
}

/// Runs the command with the whole environment: its own keys (`VAULT_TOKEN`, `AWS_…`) are there.
/// It may ask on a terminal, but never reads a prompt that is piped to us; what it writes to
/// standard error goes where ours goes.
async fn run(command: &Command, env: &Env) -> Result<Vec<u8>, SourceFailure> {
    let program = || command.program().to_owned();
    let stdin = if io::stdin().is_terminal() { Stdio::inherit() } else { Stdio::null() };
    let not_started = |source| SourceFailure::NotStarted { program: program(), source };
    let mut child = tokio::process::Command::new(command.program())
        .args(command.argv.iter().skip(1))
        .env_clear()
        .envs(env.iter())
        .stdin(stdin)
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .spawn()
        .map_err(not_started)?;
    let mut output = Vec::new();
    let stdout = child.stdout.take();
    let finished = async {
        if let Some(stdout) = stdout {
            stdout.take(LONGEST as u64 + 1).read_to_end(&mut output).await?;
        }
        // A command that says too much is not waited for: it may never stop.
        if output.len() > LONGEST {
            return Ok(None);
        }
        child.wait().await.map(Some)
    };
    let status = match tokio::time::timeout(command.timeout, finished).await {
        Ok(finished) => finished.map_err(not_started)?,
        Err(_) => {
            return Err(SourceFailure::TooSlow { program: program(), limit: command.timeout });
        }
    };
    match status {
        None => Err(SourceFailure::TooMuch { program: program(), limit: LONGEST }),
        Some(status) if !status.success() => {
            Err(SourceFailure::Failed { program: program(), status: status.to_string() })
        }
        Some(_) => Ok(output),
    }
}

/// Reads what a command wrote: the secret on the first line, or JSON that holds it. It is good for
/// `ttl`, and no longer than the JSON or a JWT's `exp` says.
fn read_output(
    command: &Command,
    output: &[u8],
    now: SystemTime,
) -> Result<Expiring, SourceFailure> {
    let refuse = |what| SourceFailure::Output { program: command.program().to_owned(), what };
    let text = std::str::from_utf8(output).map_err(|_| refuse("something that is not UTF-8"))?;
    let text = text.trim_start_matches('\u{feff}').trim();
    let source = CredentialSource::Command(command.clone());
    let (secret, said) = match text.lines().next() {
        None => return Err(refuse("nothing")),
        Some(_) if text.starts_with('{') => {
            let json: Json = serde_json::from_str(text).map_err(|_| refuse("broken JSON"))?;
            let secret = secret_in(&json).ok_or_else(|| refuse("JSON without a key"))?;
            (made(secret, &source)?, expiry_in(&json, now))
        }
        Some(line) => (made(line, &source)?, None),
    };
    let expires = secret.expires_at().and_then(from_epoch).into_iter().chain(said);
    let expires = expires.map(|end| end.checked_sub(SLACK).unwrap_or(UNIX_EPOCH));
    let until = expires.chain(command.ttl.and_then(|ttl| now.checked_add(ttl))).min();
    Ok((secret, until))
}

/// The secret in the JSON of a command: ours (`key`, `token`), Azure's `accessToken`, OAuth's
/// `access_token`, the `status.token` of Kubernetes.
fn secret_in(json: &Json) -> Option<&str> {
    const NAMES: [&str; 6] = ["key", "token", "api_key", "access_token", "accessToken", "secret"];
    let found = NAMES.iter().find_map(|name| json[*name].as_str());
    found.or_else(|| json["status"]["token"].as_str())
}

/// When the JSON says that its secret ends: a time (RFC 3339 or seconds since 1970) or a number of
/// seconds from now.
fn expiry_in(json: &Json, now: SystemTime) -> Option<SystemTime> {
    // `expiresOn` of the Azure CLI is a local time without an offset; `expires_on` is beside it.
    const NAMES: [&str; 4] = ["expires_at", "expires_on", "Expiration", "expiresAt"];
    let times = NAMES.iter().map(|name| &json[*name]);
    let time = times.chain([&json["status"]["expirationTimestamp"]]).find_map(|value| {
        if let Some(seconds) = value.as_i64() {
            return from_epoch(seconds);
        }
        let text = value.as_str()?;
        match text.parse::<i64>() {
            Ok(seconds) => from_epoch(seconds),
            Err(_) => from_epoch(text.parse::<jiff::Timestamp>().ok()?.as_second()),
        }
    });
    time.or_else(|| now.checked_add(Duration::from_secs(json["expires_in"].as_u64()?)))
}

fn from_epoch(seconds: i64) -> Option<SystemTime> {
    let Ok(seconds) = u64::try_from(seconds) else { return Some(UNIX_EPOCH) };
    UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}

#[cfg(test)]
#[path = "fetch_tests.rs"]
mod tests;
