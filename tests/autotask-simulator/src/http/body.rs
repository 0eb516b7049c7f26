//! Response bodies: whole, cut half way, or streamed; each holds its call's place until it is sent.

use super::call::Guard;
use crate::schema::Entity;
use crate::truth;
use crate::world::World;
use axum::body::Bytes;
use http_body::{Body, Frame, SizeHint};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::Sleep;

type NextFrame = Poll<Option<Result<Frame<Bytes>, std::io::Error>>>;

/// A body that is all there, or that ends half way.
pub(super) struct WholeBody {
    rest: Option<Bytes>,
    full_length: u64,
    cut: Option<Pin<Box<Sleep>>>,
    // Never read: dropped with the body, which gives the call's place back.
    _guard: Guard,
}

impl WholeBody {
    /// A body; when it is cut the connection ends after half of it.
    pub(super) fn new(bytes: Bytes, is_cut: bool, guard: Guard) -> Self {
        let full_length = bytes.len() as u64;
        let sent = if is_cut { bytes.slice(..bytes.len() / 2) } else { bytes };
        // The half that was promised has to leave the buffers before the connection breaks.
        let cut = is_cut.then(|| Box::pin(tokio::time::sleep(Duration::from_millis(10))));
        Self { rest: (!sent.is_empty()).then_some(sent), full_length, cut, _guard: guard }
    }
}

impl Body for WholeBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> NextFrame {
        if let Some(bytes) = self.rest.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match &mut self.cut {
            None => Poll::Ready(None),
            Some(pause) => {
                pause.as_mut().poll(context).map(|()| Some(Err(std::io::Error::other("dropped on order"))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_none() && self.cut.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        if self.rest.is_some() || self.cut.is_some() {
            SizeHint::with_exact(self.full_length)
        } else {
            SizeHint::with_exact(0)
        }
    }
}

/// All rows of an entity as JSON lines, a few hundred at a time.
pub(super) struct TruthBody {
    world: Arc<World>,
    entity: Entity,
    after_id: Option<i64>,
    filter: truth::Filter,
}

impl TruthBody {
    /// A stream from the first row on.
    pub(super) fn new(world: Arc<World>, entity: Entity, filter: truth::Filter) -> Self {
        Self { world, entity, after_id: Some(i64::MIN), filter }
    }
}

impl Body for TruthBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _context: &mut Context<'_>) -> NextFrame {
        let Some(after_id) = self.after_id else { return Poll::Ready(None) };
        match truth::lines(&self.world, self.entity, after_id, &self.filter) {
            Some((lines, last_id)) => {
                self.after_id = Some(last_id);
                Poll::Ready(Some(Ok(Frame::data(Bytes::from(lines)))))
            }
            None => {
                self.after_id = None;
                Poll::Ready(None)
            }
        }
    }
}
