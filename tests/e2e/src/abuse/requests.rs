//! Every way to break a route.

use super::bodies::{base, broken};
use super::contract::{Operation, types};
use super::values::{controlled, encoded, long, number, unknown_name};
use crate::wire::Ask;
use fastrand::Rng;
use serde_json::Value;
use std::collections::BTreeSet;

/// What must come of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// A refusal, with a code or the gateway's message.
    Refused,
    /// An answer or a refusal: what is odd here may be overlooked, as long as it is only looked at.
    Answered,
    /// Not even HTTP: a status without a body will do.
    Dropped,
}

/// One request without a token.
#[derive(Debug, Clone)]
pub struct Case {
    /// How it was broken.
    pub how: &'static str,
    /// What is sent.
    pub ask: Ask,
    /// What must come of it.
    pub expect: Expect,
}

/// Methods that no route of ours has.
const METHODS: &[&str] =
    &["PATCH", "OPTIONS", "TRACE", "HEAD", "PROPFIND", "FOO", "get", "Post", "PUTT", "M-SEARCH"];
/// Content types that are not JSON.
const CONTENT_TYPES: &[&str] = &[
    "text/plain",
    "application/xml",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/octet-stream",
    "application/json; charset=utf-16",
    "image/png",
    "\"",
    "",
    "application/json, text/html",
];

/// `n_cases` different requests for a route, or as many as there are.
#[must_use]
pub fn cases(operation: &Operation, base_body: Option<&Value>, n_cases: usize, seed: u64) -> Vec<Case> {
    let mut rng = Rng::with_seed(seed);
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    let maker = Maker { operation, base: base_of(operation, base_body) };
    let mut turn = 0;
    while found.len() < n_cases && turn < n_cases * 4 {
        let case = maker.case(turn, &mut rng);
        turn += 1;
        if seen.insert(case.ask.name() + &format!("{:?}", case.ask.body.len())) {
            found.push(case);
        }
    }
    found
}

/// What is broken by the cases of a route.
fn base_of(operation: &Operation, base_body: Option<&Value>) -> Value {
    base_body.cloned().unwrap_or_else(|| operation.body.as_ref().map(base).unwrap_or_default())
}

struct Maker<'a> {
    operation: &'a Operation,
    base: Value,
}

impl Maker<'_> {
    /// Half of the cases, and more where there is much to break, are of the route's own input.
    fn case(&self, turn: usize, rng: &mut Rng) -> Case {
        let is_own = turn % 4 != 3;
        match () {
            () if is_own && self.operation.body.is_some() => self.body(turn, rng),
            () if is_own && !self.operation.query.is_empty() => self.query(rng),
            () if is_own && self.operation.has_path_parameter => self.path_parameter(rng),
            () => self.around(rng),
        }
    }

    fn path(&self) -> String {
        self.operation.path_with("1700000000000-q00001")
    }

    /// The request as it should be, but for the body, if it takes one.
    fn whole(&self) -> Ask {
        let ask = Ask::new(&self.operation.method, self.path());
        if self.operation.body.is_some() { ask.json(self.base.to_string()) } else { ask }
    }

    fn body(&self, turn: usize, rng: &mut Rng) -> Case {
        let schema = self.operation.body.as_ref().unwrap_or(&Value::Null);
        // Every fourth turn goes elsewhere, so the ways are counted by turns of ours.
        let broken = broken(schema, &self.base, turn - turn / 4, rng);
        let ask = Ask { body: broken.bytes, ..Ask::new(&self.operation.method, self.path()) };
        let ask = match rng.u8(0..6) {
            0 => ask.header("Content-Type", rng.choice(CONTENT_TYPES).copied().unwrap_or_default()),
            1 => ask,
            _ => ask.header("Content-Type", "application/json"),
        };
        Case { how: broken.how, ask, expect: Expect::Refused }
    }

    fn query(&self, rng: &mut Rng) -> Case {
        let Some((name, schema)) = rng.choice(self.operation.query.clone()) else { return self.around(rng) };
        let takes_number = types(&schema).iter().any(|allowed| allowed == "integer");
        if rng.u8(0..12) == 0 {
            return self.empty_range(rng);
        }
        let (how, value, expect) = match rng.u8(0..6) {
            0 => ("a parameter with control characters", encoded(&controlled(rng), rng), Expect::Refused),
            1 => ("a parameter that is too long", encoded(&long(rng), rng), Expect::Refused),
            2 if takes_number => {
                ("a number out of range", encoded(&number(rng).to_string(), rng), Expect::Refused)
            }
            2 => ("a parameter of no meaning", format!("{:x}%2", rng.u64(..)), Expect::Refused),
            3 => ("bytes that are no UTF-8", format!("%ff%fe{:x}", rng.u32(..)), Expect::Refused),
            4 => {
                let value = format!("%zz%{}%u12{:x}%", rng.u8(..), rng.u16(..));
                ("broken percent-encoding", value, Expect::Refused)
            }
            // Cursors are opaque: what looks like one may lead to nothing, or to the first page.
            _ => ("another one's cursor", foreign_cursor(rng), Expect::Answered),
        };
        // What people search for may be any text.
        let is_text = matches!(name.as_str(), "search" | "query");
        let is_taken = is_text && matches!(how, "a parameter of no meaning" | "broken percent-encoding");
        let expect = if is_taken { Expect::Answered } else { expect };
        let name = if how == "another one's cursor" { "cursor".to_owned() } else { name };
        let is_known = self.operation.query.iter().any(|(known, _)| *known == name);
        let expect = if is_known { expect } else { Expect::Refused };
        let more = if rng.u8(0..5) == 0 { format!("&{name}={value}") } else { String::new() };
        let target = format!("{}?{name}={value}{more}", self.path());
        Case { how, ask: Ask::new(&self.operation.method, target), expect }
    }

    /// A range that ends before it begins, or lies where nothing is.
    fn empty_range(&self, rng: &mut Rng) -> Case {
        let mut instant = || format!("{:04}-{:02}-01T00:00:00Z", rng.u16(0..10_000), rng.u8(1..13));
        let target = format!("{}?from={}&until={}", self.path(), instant(), instant());
        let is_known = self.operation.query.iter().any(|(name, _)| name == "from");
        let expect = if is_known { Expect::Answered } else { Expect::Refused };
        Case { how: "a range of nothing", ask: Ask::new(&self.operation.method, target), expect }
    }

    fn path_parameter(&self, rng: &mut Rng) -> Case {
        let (how, value) = match rng.u8(0..5) {
            0 => ("an identifier with control characters", encoded(&controlled(rng), rng)),
            1 => ("an identifier that is too long", encoded(&long(rng), rng)),
            2 => ("an identifier that is no UTF-8", format!("%ff{:x}", rng.u32(..))),
            3 => ("broken percent-encoding", format!("%{:x}%zz", rng.u32(..))),
            _ => (
                "an identifier of nothing",
                format!("{:013}-q{:05}", rng.u64(0..2_000_000_000_000), rng.u16(..)),
            ),
        };
        let ask = Ask::new(&self.operation.method, self.operation.path_with(&value));
        Case { how, ask, expect: Expect::Refused }
    }

    /// What surrounds the input: method, path, headers, parameters that there are not.
    fn around(&self, rng: &mut Rng) -> Case {
        let salt = rng.u32(..);
        let (how, ask, expect) = match rng.u8(0..9) {
            0 => {
                let method = rng.choice(METHODS).copied().unwrap_or("FOO");
                let ask = Ask::new(method, format!("{}?x={salt}", self.path()));
                ("a method that there is not", ask, Expect::Refused)
            }
            1 | 2 => {
                let name = encoded(&unknown_name(rng), rng);
                let ask = self.whole();
                let target = format!("{}?{name}={salt}", self.path());
                ("a parameter that there is not", Ask { target: target.into(), ..ask }, Expect::Refused)
            }
            3 | 4 => (
                "a bad Idempotency-Key",
                self.whole().header("Idempotency-Key", bad_key(rng)),
                Expect::Refused,
            ),
            5 => {
                let ask = Ask { target: other_path(&self.path(), salt, rng).into(), ..self.whole() };
                ("a path that there is not", ask, Expect::Refused)
            }
            6 => {
                let host =
                    rng.choice(["evil.example", "", "127.0.0.1.evil.example", "[", "a b"]).unwrap_or("");
                let ask = self.whole().header("Host", format!("{host}{salt}"));
                ("another host", ask, Expect::Refused)
            }
            7 => {
                let mut target = format!("{}?", self.path()).into_bytes();
                target.extend([rng.u8(0x80..), b' ', rng.u8(1..0x20)]);
                ("no HTTP at all", Ask { target, ..self.whole() }, Expect::Dropped)
            }
            _ => (
                "a header that is too large",
                self.whole().header("X-Long", "x".repeat(rng.usize(10_241..600_000))),
                Expect::Dropped,
            ),
        };
        Case { how, ask, expect }
    }
}

/// Base64 of what may or may not look like the name of a row.
fn foreign_cursor(rng: &mut Rng) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let names = ["LQ", "Iw", "Xw", "MA", "fg", "UlVOIw", "VCNvdGhlciNNRVRB", "OTk5OTk5OTk5OTk5OS1xOTk5OTk"];
    match rng.u8(0..3) {
        0 => names[rng.usize(0..names.len())].to_owned(),
        _ => (0..rng.usize(1..90)).map(|_| char::from(ALPHABET[rng.usize(0..ALPHABET.len())])).collect(),
    }
}

fn bad_key(rng: &mut Rng) -> Vec<u8> {
    match rng.u8(0..5) {
        0 => "k".repeat(rng.usize(129..900)).into_bytes(),
        1 => format!("two words {}", rng.u32(..)).into_bytes(),
        2 => format!("ümlaut {}", rng.u32(..)).into_bytes(),
        3 => vec![b'k', 0xff, b'a' + rng.u8(0..26)],
        _ => format!("tab\t{}", rng.u32(..)).into_bytes(),
    }
}

fn other_path(path: &str, salt: u32, rng: &mut Rng) -> String {
    match rng.u8(0..9) {
        0 => format!("{path}/?x={salt}"),
        1 => format!("/{path}?x={salt}"),
        2 => format!("{}?x={salt}", path.replace("/v1", "/V1")),
        3 => format!("{}?x={salt}", path.replace("/v1", "/v2")),
        4 => format!("{path}/{salt}/more"),
        5 => format!("{}/%2e%2e/%2e%2e/{salt}", path),
        6 => format!("/..{path}/{salt}/x"),
        7 => format!("{path}%00{salt}/x"),
        _ => format!("{path};a={salt}/x"),
    }
}
