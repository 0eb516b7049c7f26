//! HTTP as bytes: any request, well-formed or not, and whatever is answered.
//!
//! Speaks HTTP/1.0 for the same reason as [`crate::http`]: an answer ends with its connection.

use anyhow::Context;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// An answer that takes longer is a defect of its own.
const PATIENCE: Duration = Duration::from_secs(40);

/// One request, in bytes that nobody looked at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ask {
    /// The verb.
    pub method: String,
    /// Path and query.
    pub target: Vec<u8>,
    /// Names and values.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Ask {
    /// A request without a body.
    #[must_use]
    pub fn new(method: &str, target: impl Into<Vec<u8>>) -> Self {
        Self { method: method.to_owned(), target: target.into(), headers: Vec::new(), body: Vec::new() }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Adds a bearer token.
    #[must_use]
    pub fn token(self, token: &str) -> Self {
        self.header("Authorization", format!("Bearer {token}"))
    }

    /// Sets a body and says that it is JSON, whether it is or not.
    #[must_use]
    pub fn json(self, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..self.header("Content-Type", "application/json") }
    }

    /// Sends it to an address such as `127.0.0.1:40123`.
    ///
    /// # Errors
    /// No connection, or what comes back is not HTTP.
    pub fn send(&self, address: &str) -> anyhow::Result<Answer> {
        let mut stream = TcpStream::connect(address).with_context(|| format!("cannot reach {address}"))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(&self.head(address))?;
        // A refused body may find the other side's ears closed; the answer says why.
        let _ = stream.write_all(&self.body);
        let mut bytes = Vec::new();
        let read = stream.read_to_end(&mut bytes);
        Answer::parse(&bytes).with_context(|| format!("{} was answered by no HTTP ({read:?})", self.name()))
    }

    /// What it is, for people.
    #[must_use]
    pub fn name(&self) -> String {
        let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).chars().take(200).collect::<String>();
        let headers: Vec<String> =
            self.headers.iter().map(|(name, value)| format!("{name}: {}", shown(value))).collect();
        let (target, body) = (shown(&self.target), shown(&self.body));
        format!("{} {target:?} {headers:?} with {body:?}", self.method)
    }

    fn head(&self, address: &str) -> Vec<u8> {
        let mut head = format!("{} ", self.method).into_bytes();
        head.extend(&self.target);
        head.extend(format!(" HTTP/1.0\r\nContent-Length: {}\r\n", self.body.len()).as_bytes());
        if !self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            head.extend(format!("Host: {address}\r\n").as_bytes());
        }
        for (name, value) in &self.headers {
            head.extend(format!("{name}: ").as_bytes());
            head.extend(value);
            head.extend(b"\r\n");
        }
        head.extend(b"\r\n");
        head
    }
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    fn parse(bytes: &[u8]) -> anyhow::Result<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").context("no end of the head")?;
        let (head, body) = bytes.split_at(end);
        let head = std::str::from_utf8(head)?;
        let (first, rest) = head.split_once("\r\n").unwrap_or((head, ""));
        let status = first.split(' ').nth(1).context("no status")?.parse()?;
        let pair = |line: &str| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_ascii_lowercase(), value.trim().to_owned()))
        };
        let headers = rest.split("\r\n").filter_map(pair).collect();
        Ok(Self { status, headers, body: body.get(4..).unwrap_or_default().to_vec() })
    }

    /// The value of a header, by its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; null when it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The code of the envelope.
    #[must_use]
    pub fn code(&self) -> Option<String> {
        self.json()["error"]["code"].as_str().map(str::to_owned)
    }

    /// The body as text, for people.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
