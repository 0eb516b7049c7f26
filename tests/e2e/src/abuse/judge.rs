//! What may be answered to a broken request.

use super::contract::{Contract, Operation};
use super::requests::{Case, Expect};
use crate::wire::Answer;
use anyhow::{Context, ensure};
use serde_json::Value;

/// Statuses of answers that the gateway gives itself.
const OF_THE_GATEWAY: &[u16] = &[400, 401, 403, 404, 413, 431];
/// Statuses by which the HTTP server, before there is a request, refuses a target or headers that are too long.
const OF_THE_SERVER: &[u16] = &[414, 431];

/// Goes on if an answer is one that the contract knows.
///
/// # Errors
/// What is wrong with it.
pub fn check(contract: &Contract, operation: &Operation, case: &Case, answer: &Answer) -> anyhow::Result<()> {
    ensure!(answer.status < 500, "the answer is a {}", answer.status);
    if OF_THE_SERVER.contains(&answer.status) && answer.body.is_empty() {
        return Ok(());
    }
    match case.expect {
        Expect::Dropped if answer.body.is_empty() => return Ok(()),
        Expect::Refused | Expect::Dropped => {
            ensure!(answer.status >= 400, "it was taken, with {}", answer.status);
        }
        Expect::Answered => {}
    }
    if answer.status < 400 {
        ensure!(
            operation.successes.contains(&answer.status),
            "status {} is not in the contract",
            answer.status
        );
        return Ok(());
    }
    if case.ask.method == "HEAD" { Ok(()) } else { check_refusal(contract, answer) }
}

/// Goes on if an answer is the envelope with a code that fits its status, or the gateway's own message.
///
/// # Errors
/// What is wrong with it.
pub fn check_refusal(contract: &Contract, answer: &Answer) -> anyhow::Result<()> {
    let body: Value = serde_json::from_slice(&answer.body).context("the answer is not JSON")?;
    let media_type = answer.header("content-type").unwrap_or_default();
    ensure!(media_type == "application/json", "the answer says that it is {media_type:?}");
    let fields = body.as_object().context("the answer is no object")?;
    ensure!(fields.len() == 1, "the answer has {} fields", fields.len());
    if body["message"].is_string() {
        ensure!(OF_THE_GATEWAY.contains(&answer.status), "the gateway does not say {}", answer.status);
        return Ok(());
    }
    let error = &body["error"];
    let code = error["code"].as_str().context("no code")?;
    let status = contract.codes.get(code).with_context(|| format!("code {code} is not in the contract"))?;
    ensure!(*status == answer.status, "code {code} comes with {}", answer.status);
    ensure!(error["message"].as_str().is_some_and(|text| text.len() > 10), "the message says nothing");
    ensure!(
        !error["message"].as_str().unwrap_or_default().contains(char::is_control),
        "the message is not one line"
    );
    ensure!(error["request_id"].as_str().is_some_and(|id| !id.is_empty()), "no request id");
    ensure!(error.get("details").is_some(), "no details");
    Ok(())
}
