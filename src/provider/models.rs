//! Which models a server offers.

mod page;

use std::borrow::Cow;

use url::Url;

use super::{
    Cause, Client, Error, HttpRequest, Kind, ProviderType, Secret, Target,
    call::{Context, exchange},
};
use crate::wire::Fault;
use page::Page;

/// More than this of a list is not read, in bytes, all pages together.
const MAX_LIST: usize = 32 << 20;

/// A list of more pages never ends.
const MAX_PAGES: usize = 100;

/// The most that Anthropic gives at once; without `limit` it is 20.
const ANTHROPIC_PAGE: &str = "1000";

/// The largest body without a list that is searched for an error, in bytes.
const MAX_FAULT: usize = 1 << 20;

/// One entry of a model list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModelEntry {
    /// What goes into `model`.
    pub id: String,
    /// A name for people.
    pub name: Option<String>,
    /// The context window in tokens.
    pub context_window: Option<u64>,
    /// Who owns or serves it.
    pub owned_by: Option<String>,
}

/// Fetches the whole list, page by page; Ollama's `/api/tags` stands in where `/models` is missing.
/// The order is the server's, and names that stand for the same model are all there.
///
/// # Errors
/// As for `open`; 404 and 405 are `Cause::NoModelList`: the server has no list, and the profile may
/// be all right.
pub async fn list_models(
    client: &Client,
    target: &Target,
    secret: Option<&Secret>,
) -> Result<Vec<ModelEntry>, Error> {
    match pages(client, target, secret).await {
        Ok(Some(entries)) => Ok(entries),
        Ok(None) => Ok(tags(client, target, secret).await.unwrap_or_default()),
        Err(error) if matches!(error.status, Some(404 | 405)) => {
            let tags = tags(client, target, secret).await;
            tags.ok_or_else(|| Error {
                message: format!("{}: the server has no model list there", error.message),
                cause: Cause::NoModelList,
                ..error
            })
        }
        Err(error) => Err(error),
    }
}

/// All pages of the list. `None`: the server says that it has a list, and shows none.
async fn pages(
    client: &Client,
    target: &Target,
    secret: Option<&Secret>,
) -> Result<Option<Vec<ModelEntry>>, Error> {
    let mut request = target.models_request();
    if target.provider_type == ProviderType::Anthropic {
        request.url = with(&request.url, "limit", ANTHROPIC_PAGE);
    }
    let mut entries = Vec::new();
    let mut room = MAX_LIST;
    for _ in 0..MAX_PAGES {
        let page = fetch(client, target, secret, &request, &mut room).await?;
        let Some(more) = page.entries else { break };
        let is_empty = more.is_empty();
        entries.extend(more);
        match page.last_id {
            Some(id) if page.has_more && !is_empty => {
                request.url = with(&request.url, "after_id", &id);
            }
            _ => return Ok(Some(entries)),
        }
    }
    Ok((!entries.is_empty()).then_some(entries))
}

/// Ollama's own list, in place of `…/v1/models`.
async fn tags(
    client: &Client,
    target: &Target,
    secret: Option<&Secret>,
) -> Option<Vec<ModelEntry>> {
    if target.provider_type != ProviderType::OpenAi {
        return None;
    }
    let mut request = target.models_request();
    request.url = tags_url(&request.url)?;
    fetch(client, target, secret, &request, &mut { MAX_LIST }).await.ok()?.entries
}

/// One page; what it holds is taken from `room`.
async fn fetch(
    client: &Client,
    target: &Target,
    secret: Option<&Secret>,
    request: &HttpRequest,
    room: &mut usize,
) -> Result<Page, Error> {
    let timeouts = &target.network.timeouts;
    let answer = exchange(client, request, secret, timeouts, &mut |_| {}).await?;
    let (body, context) = answer.whole(*room, timeouts.idle).await?;
    *room -= body.len();
    let text = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&body);
    match serde_json::from_slice::<Page>(text) {
        Ok(page) if page.is_list => Ok(page),
        _ => Err(no_page(&context, text)),
    }
}

/// Why a body with a success status is no page.
fn no_page(context: &Context, body: &[u8]) -> Error {
    let value = || serde_json::from_slice(body).ok();
    let small = (body.len() <= MAX_FAULT).then(value).flatten();
    if let Some(fault) = small.and_then(|value| Fault::in_value(&value)) {
        return context.reported(fault);
    }
    let host = context.host();
    let (cause, what) = match body.trim_ascii_start().first() {
        None => (Cause::Empty, "an empty answer"),
        Some(b'<') => (Cause::Html, "a web page"),
        Some(_) => (Cause::Malformed, "something that is not a model list"),
    };
    context.error(Kind::Server, cause, format!("`{host}` answered with {what}"))
}

/// `url` with one parameter set.
fn with(url: &str, name: &str, value: &str) -> String {
    let Ok(mut url) = Url::parse(url) else { return url.to_owned() };
    let others: Vec<_> = url
        .query_pairs()
        .filter(|(known, _)| known != name)
        .map(|(known, value)| (known.into_owned(), value.into_owned()))
        .collect();
    url.query_pairs_mut().clear().extend_pairs(others).append_pair(name, value);
    url.into()
}

/// `/api/tags` beside the `/v1` that `url` is in.
fn tags_url(url: &str) -> Option<String> {
    let mut url = Url::parse(url).ok()?;
    let path = Cow::from(url.path().trim_end_matches('/'));
    let above = path.strip_suffix("/models")?;
    let root = above.strip_suffix("/v1").unwrap_or(above);
    url.set_path(&format!("{root}/api/tags"));
    Some(url.into())
}

#[cfg(test)]
#[path = "models_tests.rs"]
mod tests;
