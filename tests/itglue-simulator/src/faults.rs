//! Faults on order: which answers go wrong, when, and how.

use crate::config::RetryAfter;
use crate::query::Resource;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Which of the matching calls are hit, counted from the moment the fault was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// All of them.
    Every,
    /// The n-th only, from 1.
    Nth(u64),
    /// The n-th and all after it, from 1.
    From(u64),
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultAction {
    /// An HTML page of a web server or proxy in front.
    Html {
        /// Any status, 200 among them.
        status: u16,
    },
    /// A status with `errors` in the service's words.
    Errors {
        /// Any status.
        status: u16,
        /// The detail.
        detail: String,
    },
    /// Any answer.
    Body {
        /// Any status.
        status: u16,
        /// The header of that name.
        content_type: String,
        /// The text.
        body: String,
    },
    /// 429.
    TooMany {
        /// The header of that name.
        retry_after: RetryAfter,
    },
    /// 302 to another place.
    Redirect {
        /// The header of that name.
        location: String,
    },
    /// The right answer, this much later.
    Slow {
        /// Milliseconds of real time.
        ms: u64,
    },
    /// A complete HTTP message whose JSON ends half way.
    TruncatedJson,
    /// The connection ends half way through the body.
    CutOff,
    /// One record of the page is spoilt.
    Garble {
        /// In which way.
        garble: Garble,
        /// Which record of the page, from 0.
        #[serde(default)]
        row_idx: usize,
    },
}

/// The ways in which a record can be spoilt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Garble {
    /// An attribute holds something else, such as a list where a text belongs.
    WrongType {
        /// The attribute, with dashes.
        attribute: String,
        /// What it holds.
        value: Value,
    },
    /// The id is null.
    NullId,
    /// The record is a text.
    NotAnObject,
    /// The record has no attributes.
    NoAttributes,
    /// The page has no `data` at all.
    NoData,
    /// `meta.total-count` is off by so many.
    TotalOff(i64),
}

/// An order for something to go wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// Calls to this resource; to any when absent.
    #[serde(default)]
    pub resource: Option<Resource>,
    /// Which of those.
    #[serde(default = "every")]
    pub when: When,
    /// How often at most; without end when absent.
    #[serde(default)]
    pub times: Option<u64>,
    /// What goes wrong.
    pub action: FaultAction,
}

fn every() -> When {
    When::Every
}

impl Fault {
    /// Hits every call; narrow it with the other methods.
    pub fn new(action: FaultAction) -> Self {
        Self { resource: None, when: When::Every, times: None, action }
    }

    /// Hits calls to one resource.
    pub fn on(self, resource: Resource) -> Self {
        Self { resource: Some(resource), ..self }
    }

    /// Hits the n-th matching call only, from 1.
    pub fn nth(self, n: u64) -> Self {
        Self { when: When::Nth(n), ..self }
    }

    /// Hits at most so many calls.
    pub fn times(self, times: u64) -> Self {
        Self { times: Some(times), ..self }
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

    /// Takes all orders back.
    pub(crate) fn clear(&mut self) {
        self.orders.clear();
    }

    /// How often an order has fired.
    pub(crate) fn n_fired(&self, id: u64) -> u64 {
        self.orders.iter().find(|order| order.id == id).map_or(0, |order| order.n_fired)
    }

    /// What goes wrong with this call, in the order of the orders.
    pub(crate) fn decide(&mut self, resource: Resource) -> Vec<FaultAction> {
        let mut hits = Vec::new();
        for order in &mut self.orders {
            let is_match = order.fault.resource.is_none_or(|wanted| wanted == resource);
            if !is_match || order.fault.times.is_some_and(|times| order.n_fired >= times) {
                continue;
            }
            order.n_seen += 1;
            let is_hit = match order.fault.when {
                When::Every => true,
                When::Nth(n) => order.n_seen == n,
                When::From(n) => order.n_seen >= n,
            };
            if is_hit {
                order.n_fired += 1;
                hits.push(order.fault.action.clone());
            }
        }
        hits
    }
}

/// Spoils a page; it comes back as it was when it has too few records for that.
pub(crate) fn garble(body: &str, kind: &Garble, row_idx: usize) -> String {
    let Ok(mut page) = serde_json::from_str::<Value>(body) else { return body.to_owned() };
    match kind {
        Garble::NoData => {
            page.as_object_mut().and_then(|page| page.remove("data"));
        }
        Garble::TotalOff(by) => {
            let total = page["meta"]["total-count"].as_i64().unwrap_or(0);
            page["meta"]["total-count"] = json!((total + by).max(0));
        }
        _ => {
            if let Some(record) = page.get_mut("data").and_then(|data| data.get_mut(row_idx)) {
                spoil(record, kind);
            }
        }
    }
    page.to_string()
}

fn spoil(record: &mut Value, kind: &Garble) {
    match kind {
        Garble::WrongType { attribute, value } => record["attributes"][attribute.as_str()] = value.clone(),
        Garble::NullId => record["id"] = Value::Null,
        Garble::NoAttributes => {
            record.as_object_mut().and_then(|record| record.remove("attributes"));
        }
        _ => *record = json!("not a record"),
    }
}
