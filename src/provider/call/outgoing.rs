//! The request's body, which tells how far it has gone.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::sync::watch;

/// hyper holds back about six of these, so that "taken" means "nearly sent", in bytes.
const PIECE: usize = 64 << 10;

/// A body that goes out in pieces.
pub(super) struct Outgoing {
    left: Bytes,
    taken: watch::Sender<usize>,
}

/// The other end of an [`Outgoing`].
pub(super) struct Taken {
    left: watch::Receiver<usize>,
    /// How many bytes the body has.
    pub(super) total: usize,
}

impl Outgoing {
    pub(super) fn new(body: Vec<u8>) -> (Self, Taken) {
        let total = body.len();
        let (taken, left) = watch::channel(total);
        (Self { left: body.into(), taken }, Taken { left, total })
    }
}

impl Taken {
    /// Waits until more was taken; returns how many bytes are left. Never returns when nothing
    /// more will be taken. Cancel-safe.
    pub(super) async fn more(&mut self) -> usize {
        if self.left.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
        *self.left.borrow_and_update()
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        let size = self.left.len().min(PIECE);
        let piece = self.left.split_to(size);
        self.taken.send_replace(self.left.len());
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left.len() as u64)
    }
}
