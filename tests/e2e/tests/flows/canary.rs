//! The API password and our tracking identifier are nowhere in what `lci serve` says, answers, mails or stores, but in
//! its secret store.

use autotask_simulator::Config;
use e2e::bytes::{files_with, n_files};
use e2e::lci::CODE_ENV;
use e2e::served::{RUNS, SETTINGS, Serve, Served, TEST, USAGE, VERSIONS};
use e2e::wire::Ask;
use e2e::{World, sizes};
use serde_json::{Value, json};
use std::path::PathBuf;

const PASSWORD: &str = "Canary-2f90c1-Crow";
const WRONG: &str = "Canary-77aa03-Wren";
const MALFORMED: &str = "Canary-e4512b-Finch";
const CODE: &str = "CANARYCODE0D41F7B2";

/// Everything that the product answers, in one text.
#[derive(Default)]
struct Heard(String);

impl Heard {
    fn call(
        &mut self,
        served: &Served,
        token: &str,
        method: &str,
        target: &str,
        body: &Value,
    ) -> anyhow::Result<u16> {
        let answer = served.call(token, method, target, body)?;
        self.0 += &format!("{:?}{}\n", answer.headers, answer.text());
        Ok(answer.status)
    }
}

#[test]
fn secrets_are_in_no_byte_that_is_said_answered_mailed_or_stored() -> anyhow::Result<()> {
    let config =
        Config { password: PASSWORD.to_owned(), integration_code: Some(CODE.to_owned()), ..sizes::few() };
    let world = World::start(config)?;
    let user = world.control().config().user;
    let serve = Serve::against(world.folder(), &world.autotask_url()).env(CODE_ENV, CODE);
    let serve = serve.env("LCI_LOG", "debug").env("RUST_BACKTRACE", "1");
    let (served, mut heard) = (serve.start()?, Heard::default());
    let token = serve.token("admin")?;
    let mut call =
        |method: &str, target: &str, body: Value| heard.call(&served, &token, method, target, &body);
    let login = |password: &str| json!({"username": user, "password": password});
    let draft = |password: &str, version: u64| json!({"active": true, "username": user, "password": password, "version": version});
    assert_eq!(call("POST", TEST, login(PASSWORD))?, 200);
    assert_eq!(call("PUT", SETTINGS, draft(PASSWORD, 0))?, 200);
    served.loaded(&token)?;
    assert_eq!(call("POST", TEST, login(WRONG))?, 200);
    assert!(matches!(call("PUT", SETTINGS, draft(WRONG, 1))?, 422 | 429));
    assert_eq!(call("PUT", SETTINGS, draft(WRONG, 9))?, 409);
    for body in malformed() {
        let ask = Ask::new("PUT", SETTINGS).token(&token).json(body);
        let answer = ask.send(served.address())?;
        assert_eq!(answer.status, 400);
        heard.0 += &answer.text();
    }
    for path in [SETTINGS, RUNS, VERSIONS, USAGE, "/outbox"] {
        heard.call(&served, &token, "GET", path, &Value::Null)?;
    }
    served.stop()?;
    check(&world, &heard.0)
}

/// Bodies with a password that the parser stumbles over in different places.
fn malformed() -> [String; 4] {
    let draft = format!(r#""active": true, "username": "u", "version": 1, "password": "{MALFORMED}""#);
    [
        format!("{{{draft}"),
        format!(r#"{{{draft}, "password": "{MALFORMED}"}}"#),
        format!(r#"{{"active": "{MALFORMED}"}}"#),
        format!(r#"{{{draft}, "time_zone": "UTC", "recipients": ["{}"]}}"#, "not an address"),
    ]
}

fn check(world: &World, heard: &str) -> anyhow::Result<()> {
    let secrets = world.folder().join("state").join("aws").join("secrets");
    for secret in [PASSWORD, WRONG, MALFORMED, CODE] {
        assert!(!heard.contains(secret), "{secret} was answered");
        let mut found: Vec<PathBuf> = files_with(world.folder(), secret)?;
        found.retain(|path| !path.starts_with(&secrets));
        assert_eq!(found, Vec::<PathBuf>::new(), "{secret} leaked");
    }
    // The search finds what is there, and there was much to search.
    assert_eq!(files_with(&secrets, PASSWORD)?.len(), 1);
    assert!(n_files(world.folder())? >= 8 && heard.len() > 5_000, "{} bytes heard", heard.len());
    let log = std::fs::metadata(world.folder().join("serve-1").join("stderr"))?;
    assert!(log.len() > 10_000, "the log has {} bytes", log.len());
    Ok(())
}
