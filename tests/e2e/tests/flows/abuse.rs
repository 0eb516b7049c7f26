//! Malformed requests to every route of `lci serve`: refused by a code, never a 5xx, and nothing is stored.

use anyhow::Context;
use e2e::abuse::judge::{check, check_refusal};
use e2e::abuse::seen::Seen;
use e2e::abuse::{Case, Contract, Operation, cases};
use e2e::served::{SETTINGS, Serve, Served};
use e2e::wire::{Answer, Ask};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

/// Requests to each route.
const N_CASES: usize = 600;
/// Products among which the routes are shared out, side by side.
const N_PARTS: usize = 3;
const N_THREADS: usize = 3;
const PASSWORD: &str = "Broken-Canary-51c7";

/// A product with a first load behind it, that can be abused.
fn loaded(serve: &Serve) -> anyhow::Result<(Served, String)> {
    let served = serve.start()?;
    let token = serve.token("admin")?;
    let draft =
        json!({"active": true, "username": "lciapi@demo.example", "password": "demo-password", "version": 0});
    served.save(&token, &draft)?;
    let settings = served.loaded(&token)?;
    // Inactive, so that a run that is started by mistake is a conflict and seen as one.
    let paused = json!({"active": false, "username": "lciapi@demo.example", "version": settings["version"]});
    served.save(&token, &paused)?;
    // A version of every area, so that there is one to go back to.
    let areas = [
        ("asset-statuses", json!({"version": 0, "changes": [{"key": "inactive", "choice": "retired"}]})),
        ("company-links", json!({"version": 0, "is_strict": true})),
    ];
    for (area, draft) in areas {
        let saved = served.call(&token, "PUT", &format!("/v1/integrations/autotask/{area}"), &draft)?;
        anyhow::ensure!(saved.status == 200, "{area}: {}", saved.text());
    }
    Ok((served, token))
}

/// A body whose only flaw, if it has one, is the one that a case adds; a password is in it where one may be.
fn base(operation: &Operation) -> Option<Value> {
    let mut body = operation.body.as_ref().map(e2e::abuse::bodies::base)?;
    if operation.name == "saveSettings" {
        body["password"] = json!(PASSWORD);
    }
    if operation.name.ends_with("ItGlueSettings") {
        // The bundled IT Glue's.
        (body["region"], body["api_key"]) = (json!("us"), json!("ITG.simulated-key-of-us"));
    }
    if operation.name.starts_with("revert") {
        body = json!({"version": 1, "to": 1});
    }
    Some(body)
}

/// Sends all cases of a route by several threads; gives what went wrong.
fn send(
    served: &Served,
    token: &str,
    contract: &Contract,
    operation: &Operation,
    cases: &[Case],
) -> Vec<String> {
    let (next, (sender, wrong)) = (AtomicUsize::new(0), mpsc::channel());
    std::thread::scope(|scope| {
        for _ in 0..N_THREADS {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let answered = case.ask.clone().token(token).send(served.address());
                    let judged = answered.and_then(|answer| judge(contract, operation, case, &answer));
                    if let Err(error) = judged {
                        let text = format!("{} ({}): {error:#}", operation.name, case.how);
                        // Nobody hears it only if the test is over.
                        let _ = sender.send(format!("{text}; asked {}", case.ask.name()));
                    }
                }
            });
        }
    });
    drop(sender);
    wrong.into_iter().collect()
}

fn judge(contract: &Contract, operation: &Operation, case: &Case, answer: &Answer) -> anyhow::Result<()> {
    check(contract, operation, case, answer).with_context(|| format!("answered {}", answer.text()))?;
    anyhow::ensure!(!answer.text().contains(PASSWORD), "the answer tells the password");
    Ok(())
}

/// Sends every case to each route whose number is `part` of [`N_PARTS`].
fn abuse(part: usize) -> anyhow::Result<()> {
    let folder = tempfile::Builder::new().prefix("e2e-").tempdir()?;
    let serve = Serve::demo(folder.path()).env("LCI_LOG", "debug");
    let (served, token) = loaded(&serve)?;
    let contract = Contract::committed()?;
    let before = Seen::now(&served, &token, &serve.state())?;
    let (mut wrong, mut counts) = (Vec::new(), BTreeMap::new());
    let operations = contract.operations();
    for (at, operation) in operations.iter().enumerate().filter(|(at, _)| at % N_PARTS == part) {
        let cases = cases(operation, base(operation).as_ref(), N_CASES, at as u64);
        assert!(cases.len() >= N_CASES * 5 / 6, "{} has {} cases", operation.name, cases.len());
        wrong.extend(send(&served, &token, &contract, operation, &cases));
        counts.insert(operation.name.clone(), cases.len());
        let after = Seen::now(&served, &token, &serve.state())?;
        before.check_same(&after).with_context(|| operation.name.clone())?;
    }
    assert!(wrong.is_empty(), "{} of {counts:?}:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
    let outcome = served.stop()?;
    let leaks = e2e::bytes::files_with(folder.path(), PASSWORD)?;
    assert!(leaks.is_empty(), "the password of refused requests is in {leaks:?}");
    assert!(std::fs::metadata(outcome.folder.join("stderr"))?.len() > 100_000, "there was no log to search");
    Ok(())
}

#[test]
fn malformed_requests_to_every_route_are_refused_by_a_code_and_store_nothing_part_1() -> anyhow::Result<()> {
    abuse(0)
}

#[test]
fn malformed_requests_to_every_route_are_refused_by_a_code_and_store_nothing_part_2() -> anyhow::Result<()> {
    abuse(1)
}

#[test]
fn malformed_requests_to_every_route_are_refused_by_a_code_and_store_nothing_part_3() -> anyhow::Result<()> {
    abuse(2)
}

#[test]
fn what_the_cases_break_would_be_taken_whole() -> anyhow::Result<()> {
    let folder = tempfile::Builder::new().prefix("e2e-").tempdir()?;
    let serve = Serve::demo(folder.path());
    let (served, token) = loaded(&serve)?;
    let expected =
        [("saveSettings", 409, "version_conflict"), ("startRun", 409, "conflict"), ("testSettings", 200, "")];
    let of_write_back = [
        ("saveWarrantyLocks", 200, ""),
        ("saveWarrantyPolicy", 200, ""),
        ("simulateWarrantyPolicy", 200, ""),
        ("putWarranties", 200, ""),
        ("applyWarrantyPlan", 404, "not_found"),
    ];
    let of_it_glue = [("saveItGlueSettings", 200, ""), ("testItGlueSettings", 200, "")];
    let by_verb =
        [("save", 409, "version_conflict"), ("revert", 200, ""), ("preview", 200, ""), ("autoMap", 200, "")];
    for operation in Contract::committed()?.operations() {
        let Some(body) = base(&operation) else { continue };
        let answer = served.call(&token, &operation.method, &operation.path, &body)?;
        let found = (operation.name.as_str(), answer.status, answer.code().unwrap_or_default());
        let is_expected = |one: &(&str, u16, &str)| *one == (found.0, found.1, found.2.as_str());
        let is_of_verb = |one: &(&str, u16, &str)| {
            found.0.starts_with(one.0) && (found.1, found.2.as_str()) == (one.1, one.2)
        };
        let is_usual = expected.iter().chain(&of_write_back).chain(&of_it_glue).any(is_expected)
            || by_verb.iter().any(is_of_verb);
        assert!(is_usual, "{found:?}: {}", answer.text());
    }
    assert_eq!(served.get(&token, SETTINGS)?["version"], 2);
    Ok(())
}

#[test]
fn requests_that_are_too_large_are_refused_and_never_answered_at_their_own_length() -> anyhow::Result<()> {
    let folder = tempfile::Builder::new().prefix("e2e-").tempdir()?;
    let serve = Serve::demo(folder.path());
    let served = serve.start()?;
    let (token, contract) = (serve.token("admin")?, Contract::committed()?);
    let huge = |length: usize| "x".repeat(length);
    for (what, body, status) in [
        ("a name of nearly four megabytes", json!({huge(4_000_000): 1}).to_string(), 400),
        ("a value of nearly four megabytes", json!({"username": huge(4_000_000)}).to_string(), 400),
        ("control characters, longer in JSON", json!({"\u{1}".repeat(650_000): 1}).to_string(), 400),
        ("more than a function takes", huge(4 * 1024 * 1024 + 1), 413),
        ("more than the gateway takes", huge(10 * 1024 * 1024 + 1), 413),
    ] {
        for operation in contract.operations().iter().filter(|operation| operation.body.is_some()) {
            let ask = Ask::new(&operation.method, operation.path.clone()).token(&token).json(body.clone());
            let answer = ask.send(served.address()).with_context(|| what)?;
            let judged =
                check_refusal(&contract, &answer).with_context(|| format!("{what}: {}", answer.status));
            judged.with_context(|| operation.name.clone())?;
            assert_eq!(answer.status, status, "{what}: {}", answer.text());
            assert!(answer.body.len() < 2_000, "{what} is answered by {} bytes", answer.body.len());
        }
    }
    Ok(())
}
