//! The least of HTTP that the harness needs: one call per connection, the body read as it comes.
//!
//! Speaks HTTP/1.0 on purpose: the answer then ends with the connection and is never chunked or compressed.

use anyhow::{Context, bail, ensure};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// One call.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// Such as `http://127.0.0.1:40123`, without a slash at the end.
    pub base_url: &'a str,
    /// The verb.
    pub method: &'a str,
    /// Path and query, with the slash at the start.
    pub path: &'a str,
    /// Names and values.
    pub headers: &'a [(&'a str, &'a str)],
    /// JSON, or nothing.
    pub body: &'a str,
}

/// Makes a call and gives the body, to be read as it comes.
///
/// # Errors
/// No connection, no HTTP, or a status other than 200.
pub fn open(call: Call<'_>) -> anyhow::Result<impl BufRead + use<>> {
    let address = call.base_url.strip_prefix("http://").context("only plain http is spoken here")?;
    let mut stream = TcpStream::connect(address).with_context(|| format!("cannot reach {address}"))?;
    stream.write_all(head(call, address).as_bytes())?;
    stream.write_all(call.body.as_bytes())?;
    let mut answer = BufReader::with_capacity(1 << 16, stream);
    let status = read_head(&mut answer)?;
    if status != 200 {
        let mut body = String::new();
        answer.read_to_string(&mut body)?;
        bail!("{} {} answered {status}: {body}", call.method, call.path);
    }
    Ok(answer)
}

/// Gets a JSON value.
///
/// # Errors
/// As [`open`], or the body is not JSON.
pub fn get(base_url: &str, path: &str) -> anyhow::Result<Value> {
    let call = Call { base_url, method: "GET", path, headers: &[], body: "" };
    Ok(serde_json::from_reader(open(call)?)?)
}

/// Posts a JSON value and gives the one that comes back.
///
/// # Errors
/// As [`get`].
pub fn post(base_url: &str, path: &str, body: &Value) -> anyhow::Result<Value> {
    let body = body.to_string();
    let call = Call { base_url, method: "POST", path, headers: &[], body: &body };
    Ok(serde_json::from_reader(open(call)?)?)
}

fn head(call: Call<'_>, address: &str) -> String {
    let mut head = format!("{} {} HTTP/1.0\r\nHost: {address}\r\n", call.method, call.path);
    for (name, value) in call.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Type: application/json\r\nContent-Length: {}\r\n\r\n", call.body.len()));
    head
}

/// Reads up to the empty line and gives the status.
fn read_head(answer: &mut impl BufRead) -> anyhow::Result<u16> {
    let mut line = String::new();
    answer.read_line(&mut line)?;
    let status = line.split_whitespace().nth(1).context("no status line")?.parse()?;
    while !line.trim_end().is_empty() {
        line.clear();
        ensure!(answer.read_line(&mut line)? > 0, "the connection ended within the head");
    }
    Ok(status)
}
