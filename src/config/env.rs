//! The environment, read once into a value. The only place that asks the process for it.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    fmt,
};

/// The environment of the process, or of a test.
///
/// `Debug` shows the names alone: values are often keys.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Env {
    variables: BTreeMap<OsString, OsString>,
}

impl Env {
    /// Reads the environment of the process.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that may")]
    pub fn read() -> Self {
        std::env::vars_os().collect()
    }

    /// The value of a variable; `None` when it is unset, empty or not UTF-8.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.os(name)?.to_str()
    }

    /// The value of a variable as the system holds it; `None` when it is unset or empty.
    pub fn os(&self, name: &str) -> Option<&OsStr> {
        let value = self.variables.get(&*spelling(OsStr::new(name)))?;
        (!value.is_empty()).then_some(value)
    }

    /// Whether the variable holds something that is not UTF-8.
    pub fn is_garbled(&self, name: &str) -> bool {
        self.os(name).is_some_and(|value| value.to_str().is_none())
    }

    /// All variables, for the environment of a child.
    pub fn iter(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.variables.iter().map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }
}

/// Windows takes `Path` and `PATH` for the same name.
fn spelling(name: &OsStr) -> std::borrow::Cow<'_, OsStr> {
    if cfg!(windows) { name.to_ascii_uppercase().into() } else { name.into() }
}

impl<N: Into<OsString>, V: Into<OsString>> FromIterator<(N, V)> for Env {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let variables = pairs
            .into_iter()
            .map(|(name, value)| (spelling(&name.into()).into_owned(), value.into()))
            .collect();
        Self { variables }
    }
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_counts_as_unset() {
        let env = Env::from_iter([("A", ""), ("B", "b")]);
        assert_eq!((env.get("A"), env.get("B"), env.get("C")), (None, Some("b"), None));
    }

    #[test]
    fn debug_shows_no_value() {
        let env = Env::from_iter([("OPENAI_API_KEY", "sk-canary")]);
        assert_eq!(format!("{env:?}"), r#"{"OPENAI_API_KEY"}"#);
    }
}
