//! A tiny HTTP client: one connection per call, nothing hidden.

use itglue_simulator::{Config, Control, Simulator};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// An answer as it came over the wire.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
    /// False when the connection ended before the promised length.
    pub(crate) is_complete: bool,
}

impl Reply {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let wanted = format!("{name}: ");
        let line = self.head.lines().find(|line| line.to_lowercase().starts_with(&wanted))?;
        Some(line[wanted.len()..].trim().to_owned())
    }

    pub(crate) fn ids(&self) -> Vec<i64> {
        let json = self.json();
        let rows = json["data"].as_array().unwrap();
        rows.iter().map(|row| row["id"].as_str().unwrap().parse().unwrap()).collect()
    }
}

/// A simulator and one who calls it.
pub(crate) struct World {
    pub(crate) simulator: Simulator,
    pub(crate) control: Control,
    pub(crate) key: String,
    pub(crate) content_type: &'static str,
}

pub(crate) async fn world() -> World {
    world_with(Config::small()).await
}

pub(crate) async fn world_with(config: Config) -> World {
    let key = config.first_key().to_owned();
    let simulator = Simulator::start(config).await.unwrap();
    let control = simulator.control();
    World { simulator, control, key, content_type: "application/vnd.api+json" }
}

impl World {
    pub(crate) async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Reply {
        let base = self.simulator.base_url();
        let path = path.strip_prefix(&base).unwrap_or(path);
        let body = body.map(Value::to_string).unwrap_or_default();
        let key = if self.key.is_empty() { String::new() } else { format!("x-api-key: {}\r\n", self.key) };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{key}Content-Type: {}\r\nContent-Length: {}\r\n\r\n{body}",
            self.content_type,
            body.len()
        );
        let mut stream = TcpStream::connect(base.trim_start_matches("http://")).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        // A connection that was cut on order may end in an error: what came before it still counts.
        let _ = stream.read_to_end(&mut bytes).await;
        parse(&bytes)
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.call("GET", path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.call("POST", path, Some(&body)).await
    }
}

fn parse(bytes: &[u8]) -> Reply {
    let split = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("no head");
    let head = String::from_utf8_lossy(&bytes[..split]).into_owned();
    let status = head.split_whitespace().nth(1).unwrap().parse().unwrap();
    let mut reply = Reply { status, head, body: bytes[split + 4..].to_vec(), is_complete: true };
    if let Some(length) = reply.header("content-length") {
        reply.is_complete = reply.body.len() == length.parse::<usize>().unwrap();
    }
    reply
}
