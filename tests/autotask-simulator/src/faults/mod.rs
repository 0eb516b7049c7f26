//! Faults on order: which answers go wrong, when, and how.

mod garble;

pub use garble::Garble;
pub(crate) use garble::garble;

use crate::config::RetryAfter;
use crate::counters::CallKind;
use crate::rng::unit;
use crate::schema::Entity;
use serde::{Deserialize, Serialize};

/// Which of the matching calls are hit, counted from the moment the fault was set.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// All of them.
    Every,
    /// The n-th only, from 1.
    Nth(u64),
    /// The n-th and all after it, from 1.
    From(u64),
    /// Each with this chance, repeatable for the same seed.
    Probability(f64),
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultAction {
    /// An HTML error page, as from a web server or proxy in front; the call is not carried out.
    Html {
        /// 500, 502, 503 and the like.
        status: u16,
    },
    /// 200 with an HTML page; the call is not carried out.
    Html200,
    /// An empty body with this status; the call is not carried out.
    Status {
        /// Any status.
        status: u16,
    },
    /// 500 with `{"errors":[message]}`; the call is not carried out.
    Errors {
        /// The text.
        message: String,
    },
    /// Any answer; the call is not carried out.
    Body {
        /// Any status.
        status: u16,
        /// The header of that name.
        content_type: String,
        /// The text.
        body: String,
    },
    /// 429; the call is not carried out.
    TooMany {
        /// The header of that name.
        retry_after: RetryAfter,
    },
    /// The right answer, this much later.
    Slow {
        /// Milliseconds of real time.
        ms: u64,
    },
    /// A complete HTTP message whose JSON ends half way.
    TruncatedJson,
    /// The connection ends half way through the body.
    DropConnection,
    /// One record of the page is spoilt.
    Garble {
        /// In which way.
        garble: Garble,
        /// Which record of the page, from 0.
        #[serde(default)]
        row_idx: usize,
    },
    /// A count is off.
    CountOff {
        /// By so many.
        by: i64,
    },
}

impl FaultAction {
    /// True when the call is refused before it does anything.
    pub(crate) fn is_instead(&self) -> bool {
        matches!(
            self,
            Self::Html { .. }
                | Self::Html200
                | Self::Status { .. }
                | Self::Errors { .. }
                | Self::Body { .. }
                | Self::TooMany { .. }
        )
    }
}

/// An order for something to go wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// Calls about this entity; about any when absent.
    #[serde(default)]
    pub entity: Option<Entity>,
    /// Calls of this kind; of any when absent.
    #[serde(default)]
    pub call: Option<CallKind>,
    /// Which of those.
    #[serde(default = "every")]
    pub when: When,
    /// How often at most; without end when absent.
    #[serde(default)]
    pub times: Option<u64>,
    /// True to carry the call out all the same before a refusal is answered.
    #[serde(default)]
    pub is_performed: bool,
    /// What goes wrong.
    pub action: FaultAction,
}

fn every() -> When {
    When::Every
}

impl Fault {
    /// Hits every page of an entity; narrow it with the other methods.
    pub fn on(entity: Entity, action: FaultAction) -> Self {
        let call =
            if matches!(action, FaultAction::CountOff { .. }) { CallKind::Count } else { CallKind::Query };
        Self {
            entity: Some(entity),
            call: Some(call),
            when: When::Every,
            times: None,
            is_performed: false,
            action,
        }
    }

    /// Hits every call of every kind.
    pub fn anywhere(action: FaultAction) -> Self {
        Self { entity: None, call: None, when: When::Every, times: None, is_performed: false, action }
    }

    /// Hits another kind of call.
    pub fn call(self, call: CallKind) -> Self {
        Self { call: Some(call), ..self }
    }

    /// Hits the n-th matching call only, from 1.
    pub fn nth(self, n: u64) -> Self {
        Self { when: When::Nth(n), ..self }
    }

    /// Hits at most so many calls.
    pub fn times(self, times: u64) -> Self {
        Self { times: Some(times), ..self }
    }

    /// Hits each matching call with this chance.
    pub fn with_probability(self, probability: f64) -> Self {
        Self { when: When::Probability(probability), ..self }
    }
}

#[derive(Debug)]
struct Ordered {
    id: u64,
    fault: Fault,
    n_seen: u64,
    n_fired: u64,
}

/// All orders.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    orders: Vec<Ordered>,
    last_id: u64,
}

impl Faults {
    /// Takes an order and gives its number.
    pub(crate) fn add(&mut self, fault: Fault) -> u64 {
        self.last_id += 1;
        self.orders.push(Ordered { id: self.last_id, fault, n_seen: 0, n_fired: 0 });
        self.last_id
    }

    /// Takes one order back; false when there is none with the number.
    pub(crate) fn remove(&mut self, id: u64) -> bool {
        let n_before = self.orders.len();
        self.orders.retain(|order| order.id != id);
        self.orders.len() < n_before
    }

    /// Takes all orders back.
    pub(crate) fn clear(&mut self) {
        self.orders.clear();
    }

    /// How often an order has fired.
    pub(crate) fn n_fired(&self, id: u64) -> u64 {
        self.orders.iter().find(|order| order.id == id).map_or(0, |order| order.n_fired)
    }

    /// What goes wrong with this call, in the order of the orders.
    pub(crate) fn decide(&mut self, seed: u64, entity: Option<Entity>, call: CallKind) -> Vec<Fault> {
        let mut hits = Vec::new();
        for order in &mut self.orders {
            let is_match = order.fault.entity.is_none_or(|wanted| Some(wanted) == entity)
                && order.fault.call.is_none_or(|wanted| wanted == call);
            if !is_match || order.fault.times.is_some_and(|times| order.n_fired >= times) {
                continue;
            }
            order.n_seen += 1;
            let is_hit = match order.fault.when {
                When::Every => true,
                When::Nth(n) => order.n_seen == n,
                When::From(n) => order.n_seen >= n,
                When::Probability(chance) => unit(seed ^ (order.id << 40), order.n_seen) < chance,
            };
            if is_hit {
                order.n_fired += 1;
                hits.push(order.fault.clone());
            }
        }
        hits
    }
}
