//! The program: says where it listens, and stops when asked to.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

#[test]
fn the_program_serves_until_it_is_told_to_stop() {
    let port_file = std::env::temp_dir().join(format!("autotask-simulator-{}.port", std::process::id()));
    let mut program = Command::new(env!("CARGO_BIN_EXE_autotask-simulator"))
        .args(["--listen", "127.0.0.1:0", "--assets", "10", "--user", "u", "--password", "p", "--port-file"])
        .arg(&port_file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
    let address = ready["base_url"].as_str().unwrap().trim_start_matches("http://").to_owned();
    let port = std::fs::read_to_string(&port_file).unwrap();
    std::fs::remove_file(&port_file).unwrap();
    assert!(address.ends_with(&format!(":{port}")));

    let mut stream = TcpStream::connect(&address).unwrap();
    let path = "/atservicesrest/v1.0/zoneInformation?user=u";
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");

    let id = program.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(program.wait().unwrap().success());
}
