//! Whose key may go where. A key belongs to its profile's own origin: overriding the address takes
//! it away, a child that moves does not inherit it, and a vendor's variable goes to that vendor.
//! Pure.

use super::{
    CredentialSource, Env, Error, Layer, Loaded, Origin, Section, Value,
    offers::{self, VENDORS, Vendor},
    resolve::{is_true, text},
};
use crate::provider::{Address, Origin as Host, ProviderType};

/// A profile and what lies over it.
pub(super) struct Bound<'a> {
    pub(super) loaded: &'a Loaded,
    pub(super) env: &'a Env,
    pub(super) profile: &'a str,
    /// The profile with its parents and `[defaults]`.
    pub(super) own: &'a Layer,
    /// Flags and variables.
    pub(super) upper: &'a Layer,
}

impl Bound<'_> {
    /// A child that goes to another origin than the parent that holds the key must have been told
    /// so, at each step between the two.
    pub(super) fn check_inherited(&self) -> Result<(), Error> {
        if is_true(self.upper, "inherit_key") {
            return Ok(());
        }
        let merged = self.upper.clone().over(self.own.clone());
        for (path, sourced) in merged.iter().filter(|(path, _)| path.is_bound()) {
            let Origin::File { section: Section::Profile(owner), .. } = &sourced.origin else {
                continue;
            };
            let mut child = self.profile;
            while child != owner {
                let Some(parent) = self.loaded.file.parent(child) else { break };
                if let (Some(home), Some(goal)) = (self.home_of(parent), self.home_of(child))
                    && home != goal
                    && !self.loaded.written(child).is_some_and(|own| is_true(own, "inherit_key"))
                {
                    let (profile, parent) = (child.to_owned(), owner.clone());
                    return Err(Error::KeyAbroad {
                        profile,
                        parent,
                        key: path.to_string(),
                        home: Box::new(home),
                        goal: Box::new(goal),
                    });
                }
                child = parent;
            }
        }
        Ok(())
    }

    /// Lays all layers over one another, the vendors' variables last, and takes away what may not
    /// go where the address leads.
    pub(super) fn settle(&self, notices: &mut Vec<String>) -> Result<Layer, Error> {
        let mut values = self.upper.clone().over(self.own.clone());
        let vendor_address = self.vendor_address(&values)?;
        let is_vendor_address = !vendor_address.is_empty();
        values = values.over(vendor_address);
        let Some(goal) = host(&values) else { return Ok(values) };
        if self.is_away(&goal) {
            let keep_own_key = is_vendor_address && self.is_vendor_key();
            self.drop_bound(&mut values, &goal, keep_own_key, notices);
        }
        let has_header = values
            .below("headers")
            .any(|(path, _)| path.names().iter().any(|name| crate::provider::is_credential(name)));
        if values.get("api_key").is_none() && values.get("bearer_token").is_none() && !has_header {
            let key = self.vendor_key(&values, &goal);
            values = values.over(key);
        }
        Ok(values)
    }

    /// The origin of a profile of the file by itself.
    fn home_of(&self, profile: &str) -> Option<Host> {
        host(&self.loaded.file.chain(profile)?.over(self.loaded.file.defaults.clone()))
    }

    /// Whether the address leads elsewhere than the profile itself does.
    fn is_away(&self, goal: &Host) -> bool {
        match host(self.own) {
            Some(home) => home != *goal,
            // A profile without an address of its own (Azure's) is bound to none; one with an
            // address that cannot be read is bound to something.
            None => self.own.get("base_url").is_some(),
        }
    }

    fn drop_bound(
        &self,
        values: &mut Layer,
        goal: &Host,
        keep_own_key: bool,
        notices: &mut Vec<String>,
    ) {
        let stays = |path: &super::KeyPath| {
            let is_key = matches!(path.key().name, "api_key" | "bearer_token");
            !path.is_bound() || self.upper.holds(path) || keep_own_key && is_key
        };
        let gone: Vec<String> = values
            .iter()
            .filter(|(path, _)| !stays(path))
            .map(|(path, _)| format!("`{path}`"))
            .collect();
        if gone.is_empty() {
            return;
        }
        values.retain(|path, _| stays(path));
        let home = host(self.own).map_or_else(|| "another server".to_owned(), |it| it.to_string());
        notices.push(format!(
            "not sent to {goal}: {} of profile `{}`, for {home} alone; \
             `--api-key-env NAME` names a key",
            gone.join(", "),
            self.profile,
        ));
    }

    /// `base_url` from the variable of the type's vendor, when nothing else says it.
    fn vendor_address(&self, values: &Layer) -> Result<Layer, Error> {
        let mut layer = Layer::default();
        if values.get("base_url").is_none()
            && let Some(vendor) = vendor_of(provider_type(values))
        {
            offers::set_text(&mut layer, self.env, vendor.url, "base_url")?;
        }
        Ok(layer)
    }

    /// Whether the profile's only key is the variable that goes with the vendor's address.
    fn is_vendor_key(&self) -> bool {
        let Some(vendor) = vendor_of(provider_type(self.own)) else { return false };
        let is_its =
            |source: &CredentialSource| *source == CredentialSource::Env(vendor.key.into());
        ["bearer_token", "api_key"].into_iter().find_map(|name| self.own.get(name)).is_some_and(
            |sourced| matches!(&sourced.value, Value::Credential(sources) if sources.iter().all(is_its)),
        )
    }

    /// The key of the vendor whose own server `goal` is, from its variable.
    fn vendor_key(&self, values: &Layer, goal: &Host) -> Layer {
        let mut layer = Layer::default();
        let preferred = vendor_of(provider_type(values)).into_iter();
        let found = preferred
            .chain(VENDORS)
            .find(|vendor| self.env.get(vendor.key).is_some() && is_home(vendor, goal, self.env));
        if let Some(vendor) = found {
            let sources = vec![CredentialSource::Env(vendor.key.to_owned())];
            let origin = Origin::Variable(vendor.key.to_owned());
            layer.set_key("api_key", Value::Credential(sources), origin);
        }
        layer
    }
}

/// `type`, or its default.
pub(super) fn provider_type(values: &Layer) -> ProviderType {
    match text(values, "type").as_deref() {
        Some("azure") => ProviderType::Azure,
        Some("anthropic") => ProviderType::Anthropic,
        _ => ProviderType::OpenAi,
    }
}

/// The origin that the values lead to, when there is one.
fn host(values: &Layer) -> Option<Host> {
    let base_url = text(values, "base_url");
    let address = Address {
        provider_type: provider_type(values),
        base_url: base_url.as_deref(),
        ..Address::default()
    };
    address.origin().ok()
}

/// The vendor that a type speaks with when no address is set.
pub(super) fn vendor_of(provider_type: ProviderType) -> Option<&'static Vendor> {
    VENDORS.iter().find(|vendor| vendor.name == provider_type.name())
}

/// Whether `goal` is the vendor's own origin, or the one that its variable names.
fn is_home(vendor: &Vendor, goal: &Host, env: &Env) -> bool {
    let leads_to = |url: &str| {
        let address = Address { base_url: Some(url), ..Address::default() };
        address.origin().is_ok_and(|origin| origin == *goal)
    };
    vendor.home.is_some_and(leads_to) || env.get(vendor.url).is_some_and(leads_to)
}

#[cfg(test)]
#[path = "binding_tests.rs"]
mod tests;
