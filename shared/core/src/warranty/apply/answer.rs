//! What the answer to a PATCH means, for its row and for the run; and what may be taken back.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::phase::{Attempt, Change, Phase};
use super::step::{LAG_MS, SEND_WITHIN_MS};
use crate::retry::Meaning;

/// Whether the PATCH of an intention may leave now: later, another worker may have settled the row without it.
#[must_use]
pub fn may_send(intention: &Phase, now_ms: u64) -> bool {
    matches!(intention, Phase::Intended(attempt) if now_ms <= attempt.at_ms + SEND_WITHIN_MS)
}

/// Why a whole run stops, not only a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "WarrantyHalt")]
pub enum Halt {
    /// Autotask refused the login.
    Credentials,
    /// The API user may not edit configuration items.
    RightMissing,
    /// This zone does not offer the PATCH; there is no other way that leaves the other fields alone.
    RouteMissing,
    /// The hourly limit of the database is used up.
    HourlyLimit,
}

/// What an answer means for the row, to be journalled, and for the run.
///
/// # Shape
/// `reason` is Autotask's text where it refused. Phases other than [`Phase::Intended`] stay as they are.
#[must_use]
pub fn answered(intention: &Phase, meaning: &Meaning, reason: &str, now_ms: u64) -> (Phase, Option<Halt>) {
    let Phase::Intended(attempt) = intention else { return (intention.clone(), None) };
    let answer = Attempt { at_ms: now_ms, ..*attempt };
    // Refused at the door: such a PATCH was not begun, and does not count.
    let unsent = Phase::again(attempt, attempt.n_sends.saturating_sub(1));
    match meaning {
        Meaning::Success => (Phase::Sent(answer), None),
        Meaning::Refused => (Phase::Refused { attempt: answer, reason: reason.to_owned() }, None),
        // The time that counts is that of the intention: the request left after it.
        Meaning::Transient => (Phase::Ambiguous(*attempt), None),
        Meaning::ThreadLimit => (unsent, None),
        Meaning::HourlyLimit { .. } | Meaning::UnclearLimit { .. } => (unsent, Some(Halt::HourlyLimit)),
        Meaning::Unauthorized | Meaning::BadIntegrationCode => (unsent, Some(Halt::Credentials)),
        Meaning::Forbidden => (unsent, Some(Halt::RightMissing)),
        Meaning::NotFound => (unsent, Some(Halt::RouteMissing)),
    }
}

/// The phase of an intention whose PATCH never left this worker.
#[must_use]
pub fn not_sent(intention: &Phase) -> Phase {
    match intention {
        Phase::Intended(attempt) => Phase::again(attempt, attempt.n_sends.saturating_sub(1)),
        other => other.clone(),
    }
}

/// What an undo may do with a row that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undo {
    /// Write this, where Autotask still holds ours.
    Write {
        /// The change turned round.
        change: Change,
        /// Where the undo begins: not before the last PATCH is surely over and shown.
        phase: Phase,
    },
    /// A PATCH of it is not settled yet: settle it first.
    SettleFirst,
    /// We wrote nothing that stayed.
    Nothing,
}

/// What an undo does with a row.
#[must_use]
pub fn undo(applied: &Phase, change: &Change, now_ms: u64) -> Undo {
    match applied {
        Phase::Verified { quiet_from_ms } => {
            let read_from_ms = (now_ms + LAG_MS).max(*quiet_from_ms);
            let phase = Phase::Planned { n_sends: 0, read_from_ms };
            Undo::Write { change: change.turned_round(), phase }
        }
        Phase::Intended(_) | Phase::Ambiguous(_) | Phase::Refused { .. } | Phase::Sent(_) => {
            Undo::SettleFirst
        }
        Phase::Planned { .. }
        | Phase::AlreadyThere
        | Phase::Moved { .. }
        | Phase::Touched
        | Phase::Failed(_) => Undo::Nothing,
    }
}
