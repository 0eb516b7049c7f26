//! Empties the outbox of a tenant.
//!
//! Each mail is claimed, sent, and what became of it taken down. A crash in between leaves a claim that runs out; until
//! then SES's event can settle it. So any number of workers may do this at any time.

use shared_core::mail::Outbox;
use shared_core::mail::outbox::{CLAIM_MS, Event, State};

use super::frame::Frame;
use super::mailer::Mailer;
use super::render::render;
use crate::clock::Clock;
use crate::store::outbox::OutboxRow;
use crate::store::{Store, StoreError};

/// What came of emptying an outbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Mails that SES took.
    pub n_sent: u32,
    /// Mails that failed; some of them will be tried again.
    pub n_failed: u32,
    /// When to come again, milliseconds of our clock; none when nothing is left.
    pub next_due_ms: Option<u64>,
}

/// Sends all mails of a tenant that are due.
///
/// # Errors
/// [`StoreError::Damaged`], [`StoreError::Call`]. Come again later: nothing is lost.
pub async fn deliver(
    store: &Store,
    mailer: &Mailer,
    clock: &dyn Clock,
    frame: &Frame,
) -> Result<Delivered, StoreError> {
    let mut delivered = Delivered::default();
    let mut pending = store.pending_mails(&frame.tenant, clock.now_ms()).await?;
    let due: Vec<OutboxRow> =
        pending.iter().filter(|row| row.outbox.is_due(clock.now_ms())).cloned().collect();
    for row in &due {
        let Some(claimed) = store.claim_mail(&frame.tenant, row, clock.now_ms()).await? else { continue };
        let Some(event) = attempt(mailer, clock, frame, &claimed.outbox).await else { continue };
        let is_sent = matches!(event, Event::Accepted { .. });
        delivered.n_sent += u32::from(is_sent);
        delivered.n_failed += u32::from(!is_sent);
        // Refused when SES's event came first: it told more than we know.
        store.advance_mail(&frame.tenant, &claimed.outbox.id, &event).await?;
    }
    if !due.is_empty() {
        pending = store.pending_mails(&frame.tenant, clock.now_ms()).await?;
    }
    delivered.next_due_ms = pending.iter().filter_map(|row| row.outbox.next_due_ms()).min();
    Ok(delivered)
}

/// Sends one claimed mail; none when the claim is too old to be sure of it.
async fn attempt(mailer: &Mailer, clock: &dyn Clock, frame: &Frame, outbox: &Outbox) -> Option<Event> {
    let (id, claim) = (&outbox.id, outbox.n_claims);
    let State::Claimed { since_ms } = outbox.state else { return None };
    // A process that was frozen after its claim must not send beside the next one.
    if clock.now_ms().saturating_sub(since_ms) > CLAIM_MS / 2 {
        return None;
    }
    let rendered = match render(&outbox.mail, frame) {
        Ok(rendered) => rendered,
        Err(error) => {
            tracing::error!(mail.id = %id, "mail {id} cannot be put into words: {error}");
            return Some(Event::Refused { claim, why: error.to_string() });
        }
    };
    let sent = mailer.send(&rendered, &frame.to, &frame.tenant, id).await;
    let now_ms = clock.now_ms();
    Some(match sent {
        Ok(message_id) => {
            tracing::info!(mail.id = %id, mail.message_id = message_id, "sent mail {id}");
            Event::Accepted { message_id, now_ms }
        }
        Err(error) if error.is_permanent => {
            tracing::error!(mail.id = %id, "mail {id} is given up: {}", error.why);
            Event::Refused { claim, why: error.why }
        }
        Err(error) => {
            tracing::warn!(mail.id = %id, "mail {id} is tried again: {}", error.why);
            Event::Failed { claim, why: error.why, is_unsure: error.is_unsure, now_ms }
        }
    })
}
