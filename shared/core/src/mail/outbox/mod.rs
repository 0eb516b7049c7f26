//! The life of one mail, as a pure transition function.
//!
//! An intent is claimed by one worker, sent, and settled by SES's own send event. SES has no idempotency, so a claim
//! whose end nobody knows is not repeated before [`CLAIM_MS`] have passed: until then the send event tells that it did
//! go out. A duplicate takes a crash (or an answer that never came) and the loss of that event at once.

use serde::{Deserialize, Serialize};

use super::{Mail, MailId};

/// How long a claim holds, in milliseconds. SES's send events come within seconds.
pub const CLAIM_MS: u64 = 5 * 60 * 1_000;
/// Claims of one mail, at most.
pub const MAX_CLAIMS: u32 = 5;
/// How long to wait after a claim that surely sent nothing, in milliseconds, by claims so far: outages of hours are
/// bridged although claims are few.
const WAITS_MS: [u64; 4] = [60_000, 5 * 60_000, 30 * 60_000, 3 * 3_600_000];

/// One mail that is to be sent, was sent or will not be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outbox {
    /// Its name.
    pub id: MailId,
    /// What it tells.
    pub mail: Mail,
    /// When it was decided on, milliseconds of our clock.
    pub created_ms: u64,
    /// Claims so far.
    pub n_claims: u32,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// Where it stands.
    pub state: State,
}

/// Where a mail stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum State {
    /// Nothing of it is on its way.
    Pending {
        /// Not to be tried before.
        not_before_ms: u64,
    },
    /// A worker is sending it, or died over it.
    Claimed {
        /// Since when.
        since_ms: u64,
    },
    /// SES took it; its event is still to come.
    Sent {
        /// SES's name of it.
        message_id: String,
        /// When.
        at_ms: u64,
    },
    /// SES confirmed it.
    Settled {
        /// SES's name of it.
        message_id: String,
    },
    /// It came back.
    Bounced {
        /// Who could not be reached, and why.
        why: String,
    },
    /// A recipient called it unwanted.
    Complained {
        /// What is known of it.
        why: String,
    },
    /// It will not be sent.
    GivenUp {
        /// Why.
        why: String,
    },
}

impl State {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pending { .. } => "pending",
            Self::Claimed { .. } => "claimed",
            Self::Sent { .. } => "sent",
            Self::Settled { .. } => "settled",
            Self::Bounced { .. } => "bounced",
            Self::Complained { .. } => "complained",
            Self::GivenUp { .. } => "given up",
        }
    }
}

/// What happened to a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A worker wants to send it. After [`MAX_CLAIMS`] it is given up instead.
    Claim {
        /// Now.
        now_ms: u64,
    },
    /// SES took it.
    Accepted {
        /// SES's name of it.
        message_id: String,
        /// Now.
        now_ms: u64,
    },
    /// SES confirmed that it was sent or delivered.
    SendEvent {
        /// SES's name of it.
        message_id: String,
    },
    /// SES tells that it came back.
    Bounce {
        /// Who could not be reached, and why.
        why: String,
    },
    /// SES tells that a recipient called it unwanted.
    Complaint {
        /// What is known of it.
        why: String,
    },
    /// SES tells that it threw it away after taking it.
    Dropped {
        /// Why.
        why: String,
    },
    /// SES refused it for good.
    Refused {
        /// Which claim this is the end of.
        claim: u32,
        /// Why.
        why: String,
    },
    /// An attempt failed and may be repeated.
    Failed {
        /// Which claim this is the end of.
        claim: u32,
        /// Why.
        why: String,
        /// Whether it may have been sent all the same: no answer came.
        is_unsure: bool,
        /// Now.
        now_ms: u64,
    },
}

impl Event {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Claim { .. } => "claim",
            Self::Accepted { .. } => "accepted",
            Self::SendEvent { .. } => "send event",
            Self::Bounce { .. } => "bounce",
            Self::Complaint { .. } => "complaint",
            Self::Dropped { .. } => "dropped",
            Self::Refused { .. } => "refused",
            Self::Failed { .. } => "failed",
        }
    }
}

/// A transition that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a mail that is {from} after {n_claims} claims cannot take the event {event:?} now")]
pub struct IllegalTransition {
    /// State of the mail.
    pub from: &'static str,
    /// Claims so far.
    pub n_claims: u32,
    /// What was said to have happened.
    pub event: &'static str,
}

impl Outbox {
    /// A mail that is to be sent at once.
    #[must_use]
    pub fn intent(id: MailId, mail: Mail, now_ms: u64) -> Self {
        let state = State::Pending { not_before_ms: now_ms };
        Self { id, mail, created_ms: now_ms, n_claims: 0, last_error: None, state }
    }

    /// When a claim is of use; none when nothing is left to do.
    #[must_use]
    pub fn next_due_ms(&self) -> Option<u64> {
        match self.state {
            State::Pending { not_before_ms } => Some(not_before_ms),
            State::Claimed { since_ms } => Some(since_ms.saturating_add(CLAIM_MS)),
            _ => None,
        }
    }

    /// The mail after an event. Events of SES may come in any order, late and repeatedly: they are never refused.
    ///
    /// # Errors
    /// [`IllegalTransition`]: a claim before it is due, or the end of a claim that does not hold any more.
    pub fn next(&self, event: Event) -> Result<Self, IllegalTransition> {
        match event {
            Event::SendEvent { message_id } => Ok(self.confirmed(message_id)),
            Event::Bounce { why } => Ok(self.with(State::Bounced { why })),
            Event::Complaint { why } => Ok(self.with(State::Complained { why })),
            Event::Dropped { why } => Ok(self.with(State::GivenUp { why })),
            Event::Claim { now_ms } if self.is_due(now_ms) => Ok(self.claimed(now_ms)),
            Event::Accepted { message_id, now_ms } if self.is_claimed() => {
                Ok(self.with(State::Sent { message_id, at_ms: now_ms }))
            }
            Event::Refused { claim, why } if self.is_claim(claim) => Ok(self.with(State::GivenUp { why })),
            Event::Failed { claim, why, is_unsure, now_ms } if self.is_claim(claim) => {
                Ok(self.failed(why, is_unsure, now_ms))
            }
            Event::Claim { .. } | Event::Accepted { .. } | Event::Refused { .. } | Event::Failed { .. } => {
                Err(IllegalTransition {
                    from: self.state.name(),
                    n_claims: self.n_claims,
                    event: event.name(),
                })
            }
        }
    }

    /// Whether a worker may claim it.
    #[must_use]
    pub fn is_due(&self, now_ms: u64) -> bool {
        self.next_due_ms().is_some_and(|due_ms| due_ms <= now_ms)
    }

    fn is_claimed(&self) -> bool {
        matches!(self.state, State::Claimed { .. })
    }

    /// Whether this claim still holds: what a former one ended like does not matter any more.
    fn is_claim(&self, claim: u32) -> bool {
        self.is_claimed() && self.n_claims == claim
    }

    fn with(&self, state: State) -> Self {
        Self { state, ..self.clone() }
    }

    fn claimed(&self, now_ms: u64) -> Self {
        if self.n_claims >= MAX_CLAIMS {
            return self.with(State::GivenUp { why: self.exhausted() });
        }
        Self { n_claims: self.n_claims + 1, ..self.with(State::Claimed { since_ms: now_ms }) }
    }

    fn failed(&self, why: String, is_unsure: bool, now_ms: u64) -> Self {
        let mut failed = Self { last_error: Some(why), ..self.clone() };
        let wait_ms = WAITS_MS.get(self.n_claims.saturating_sub(1) as usize);
        failed.state = match wait_ms {
            // The claim runs out by itself; until then the send event may tell that the mail did go out.
            _ if is_unsure => return failed,
            Some(wait_ms) => State::Pending { not_before_ms: now_ms.saturating_add(*wait_ms) },
            None => State::GivenUp { why: failed.exhausted() },
        };
        failed
    }

    fn exhausted(&self) -> String {
        let last = self.last_error.as_deref().unwrap_or("no answer was seen");
        format!("not sent after {} attempts; the last one: {last}", self.n_claims)
    }

    /// A confirmation proves that it was sent, whatever we had believed; a bounce or complaint tells more than it.
    fn confirmed(&self, message_id: String) -> Self {
        match self.state {
            State::Pending { .. } | State::Claimed { .. } | State::Sent { .. } | State::GivenUp { .. } => {
                self.with(State::Settled { message_id })
            }
            State::Settled { .. } | State::Bounced { .. } | State::Complained { .. } => self.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
