//! How long a program takes from exec to its first poll of the Runtime API: what every cold start waits for.
//!
//! The real program against a loopback Runtime API (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>),
//! started anew each time. Everything else that it calls while it starts is answered at the same address with 404, so that
//! nothing leaves this machine.

use anyhow::{Context, ensure};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// Starts per program.
const N_STARTS: usize = 50;
/// Longest time at the 99th percentile: of fifty starts that is the slowest.
const MAX_P99: Duration = Duration::from_millis(60);
/// A program that has not polled by then will not.
const LIMIT: Duration = Duration::from_secs(10);
const POLL: &[u8] = b"GET /2018-06-01/runtime/invocation/next ";
/// What Lambda and the template set.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("AWS_LAMBDA_FUNCTION_NAME", "measured"),
    ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
    ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
    ("AWS_REGION", "eu-west-1"),
    ("AWS_ACCESS_KEY_ID", "measured"),
    ("AWS_SECRET_ACCESS_KEY", "measured"),
    ("AWS_SESSION_TOKEN", "measured"),
    ("TABLE_NAME", "measured"),
    ("TENANT_ROLE_ARN", "arn:aws:iam::000000000000:role/measured"),
    ("SECRET_PREFIX", "lci/autotask"),
    ("QUEUE_INITIAL_URL", "https://sqs.eu-west-1.amazonaws.com/000000000000/initial"),
    ("QUEUE_NIGHTLY_URL", "https://sqs.eu-west-1.amazonaws.com/000000000000/nightly"),
    ("QUEUE_WRITEBACK_URL", "https://sqs.eu-west-1.amazonaws.com/000000000000/writeback"),
    ("MAIL_FROM", "lci@mail.example"),
    ("MAIL_CONFIGURATION_SET", "measured"),
    ("APP_URL", "https://admin.example"),
    ("AUTOTASK_INTEGRATION_CODE", "measured"),
];

/// Starts each program and prints how long its first poll took.
///
/// # Errors
/// A program ends before it polls, or takes too long where that is judged.
pub(super) fn measure(folder: &Path, functions: &[String], is_judged: bool) -> anyhow::Result<()> {
    let api = RuntimeApi::start()?;
    println!("{:<16}{:>12}{:>12}  exec to first poll, {N_STARTS} starts", "function", "p50 ms", "p99 ms");
    let mut slow = Vec::new();
    for function in functions {
        let mut times = Vec::new();
        for _ in 0..N_STARTS {
            let program = folder.join(function).join("bootstrap");
            times.push(api.first_poll(&program).with_context(|| format!("{function} does not start"))?);
        }
        let (p50, p99) = (percentile(&mut times, 50), percentile(&mut times, 99));
        println!("{function:<16}{:>12.1}{:>12.1}", millis(p50), millis(p99));
        if is_judged && p99 > MAX_P99 {
            slow.push(format!("{function} {:.1} ms", millis(p99)));
        }
    }
    ensure!(
        slow.is_empty(),
        "slower than the {:.0} ms that are allowed: {}; if anything else was running, measure again",
        millis(MAX_P99),
        slow.join(", ")
    );
    Ok(())
}

/// A Runtime API that has no event for anybody.
struct RuntimeApi {
    address: SocketAddr,
    polls: Receiver<Instant>,
}

impl RuntimeApi {
    fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let (sender, polls) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let sender = sender.clone();
                std::thread::spawn(move || answer(stream, &sender));
            }
        });
        Ok(Self { address, polls })
    }

    fn first_poll(&self, program: &Path) -> anyhow::Result<Duration> {
        // Left over by the program before.
        while self.polls.try_recv().is_ok() {}
        let mut command = Command::new(program);
        command.env_clear().envs(ENVIRONMENT.iter().copied());
        command.env("AWS_LAMBDA_RUNTIME_API", self.address.to_string());
        command.env("AWS_ENDPOINT_URL", format!("http://{}", self.address));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let started = Instant::now();
        let mut child = command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
        let polled = self.polls.recv_timeout(LIMIT);
        let said = end(&mut child);
        let polled = polled.with_context(|| format!("it did not poll; it said: {said}"))?;
        Ok(polled.duration_since(started))
    }
}

/// Ends a program; answers what it complained about.
fn end(child: &mut Child) -> String {
    let _ = child.kill();
    let mut said = String::new();
    if let Some(mut errors) = child.stderr.take() {
        let _ = errors.read_to_string(&mut said);
    }
    let _ = child.wait();
    said
}

/// Notes a poll and lets it wait; refuses everything else.
fn answer(mut stream: TcpStream, polls: &Sender<Instant>) {
    let mut head = [0; 2048];
    let n_read = stream.read(&mut head).unwrap_or_default();
    let now = Instant::now();
    if head.get(..n_read).is_some_and(|head| head.starts_with(POLL)) {
        let _ = polls.send(now);
        // Until the program ends.
        let _ = stream.read(&mut head);
    } else {
        let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    }
}

/// By the nearest rank.
fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    let rank = (times.len() * percent).div_ceil(100).max(1);
    times.get(rank - 1).copied().unwrap_or_default()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

#[cfg(test)]
mod tests {
    use super::{ENVIRONMENT, percentile};
    use std::time::Duration;

    #[test]
    fn every_variable_that_functions_require_is_set() {
        let wiring = include_str!("../../../shared/src/lambda.rs");
        let required: Vec<&str> =
            wiring.split("required(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(required.len() > 5, "{required:?}");
        for name in required {
            assert!(ENVIRONMENT.iter().any(|(set, _)| *set == name), "{name} is not set");
        }
    }

    #[test]
    fn the_slowest_of_fifty_is_their_99th_percentile() {
        let mut times: Vec<Duration> = (1..=50).rev().map(Duration::from_millis).collect();
        assert_eq!(percentile(&mut times, 99), Duration::from_millis(50));
        assert_eq!(percentile(&mut times, 50), Duration::from_millis(25));
        assert_eq!(percentile(&mut [Duration::from_millis(7)], 99), Duration::from_millis(7));
    }
}
