//! What comes after a whole answer: the end of its body, and with it the use of the connection.

use std::time::SystemTime;

use reqwest::{
    Response, Version,
    header::{CONNECTION, CONTENT_LENGTH, HeaderMap, TRANSFER_ENCODING},
};
use tokio::time::timeout;

use super::{Call, State};

/// More than this is no end of a body any more, in bytes.
const MAX_REST: usize = 64 << 10;

impl Call {
    /// Reads what is left of the body when the answer is whole, so that the next request finds the
    /// connection open. It takes the client's [patience](super::Client::keep_alive) and 64 KiB at most,
    /// and nothing at all when the connection cannot be used again. Nothing is learned from it, so
    /// it is for the time after all was shown.
    pub async fn settle(mut self) {
        let Some(client) = self.keeper.take().filter(|_| self.state == State::Whole) else {
            return;
        };
        let response = &mut self.answer.response;
        let rest = async {
            let mut read = 0;
            while let Some(bytes) = response.chunk().await.ok()? {
                read += bytes.len();
                if read > MAX_REST {
                    return None;
                }
            }
            Some(())
        };
        let patience = client.patience().unwrap_or_default();
        if timeout(patience, rest).await.is_ok_and(|end| end.is_some())
            && let Some(local) = self.answer.local
        {
            client.connections().used(local, SystemTime::now());
        }
    }
}

/// Whether the connection can carry another request once this answer is read, by RFC 9112,
/// sections 6.3 and 9.3.
pub(super) fn leaves_the_connection(response: &Response) -> bool {
    let headers = response.headers();
    let has_end = headers.contains_key(TRANSFER_ENCODING) || headers.contains_key(CONTENT_LENGTH);
    let stays = match response.version() {
        Version::HTTP_11 => !names(headers, "close"),
        _ => names(headers, "keep-alive"),
    };
    has_end && stays
}

/// Whether `connection` holds this word.
fn names(headers: &HeaderMap, word: &str) -> bool {
    headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|option| option.trim().eq_ignore_ascii_case(word))
}
