//! Password and integration code stand in the secret store and in calls to Autotask, and nowhere else.

use std::io::Write;
use std::sync::{Mutex, OnceLock};

use serde_json::json;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::calls::TENANT;
use super::world::{INTEGRATION_CODE, MINUTE_MS, World};
use crate::host::{INITIAL, NIGHTLY};

const PASSWORD: &str = "CANARY-PASSWORD-&-\"quoted\"";
const WRONG: &str = "CANARY-WRONG-PASSWORD";
/// Every part that must not be found.
const CANARIES: [&str; 3] = ["CANARY-PASSWORD", WRONG, INTEGRATION_CODE];
const FILTER: &str = "info,shared=trace,shared_core=trace,settings=trace,test_settings=trace,initial_sync=trace,\
                      nightly_sync=trace,lci=trace";

/// Everything that is logged by the whole program from now on, ours down to the finest level.
fn logs() -> &'static Mutex<Vec<u8>> {
    static LOGS: OnceLock<Mutex<Vec<u8>>> = OnceLock::new();
    let mut is_new = false;
    let logs = LOGS.get_or_init(|| {
        is_new = true;
        Mutex::default()
    });
    if is_new {
        let filter: Targets = FILTER.parse().unwrap();
        let lines = tracing_subscriber::fmt::layer().with_writer(|| Sink);
        let _ = tracing_subscriber::registry().with(lines).with(filter).try_init();
    }
    logs
}

struct Sink;

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        logs().lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Looks for canaries in everything that can be seen.
#[derive(Default)]
struct Watch {
    n_looks: usize,
}

impl Watch {
    fn look(&mut self, place: &str, text: &str) {
        self.n_looks += 1;
        for canary in CANARIES {
            assert!(!text.contains(canary), "{canary} stands in {place}: {text}");
        }
    }

    async fn look_around(&mut self, world: &World) {
        for ((pk, sk), item) in world.items().await {
            self.look("the table", &format!("{pk} {sk} {item}"));
        }
        for mail in world.mails() {
            self.look("a mail", &format!("{mail:?}"));
        }
        for queue in [INITIAL, NIGHTLY] {
            for event in world.doorbells(queue).await {
                self.look("a queue", &event.to_string());
                let function = if queue == INITIAL { "initial-sync" } else { "nightly-sync" };
                self.look("an answer", &world.host.call(function, event).await.unwrap().to_string());
            }
        }
        for path in ["settings", "settings/versions", "runs", "usage"] {
            self.look("an answer", &world.get(path).await.1.to_string());
        }
        for run in world.runs().await {
            let path = format!("runs/{}", run["id"].as_str().unwrap());
            self.look("an answer", &world.get(&path).await.1.to_string());
        }
    }
}

#[tokio::test]
async fn secrets_are_seen_nowhere() {
    logs();
    let world = World::start().await;
    let mut watch = Watch::default();
    world.control.configure(|config| PASSWORD.clone_into(&mut config.password));
    let mut drafts = vec![world.draft(0, json!({"password": WRONG}))];
    drafts.push(world.draft(0, json!({"password": [WRONG]})));
    drafts.push(world.draft(0, json!({"password": WRONG, "time_zone": "Mars/Base"})));
    drafts.push(world.draft(7, json!({"password": WRONG})));
    drafts.push(world.draft(0, json!({"password": format!("{WRONG}\n")})));
    for draft in &drafts {
        let (status, answer) = world.put(draft).await;
        assert!(status >= 400, "{answer}");
        watch.look("an answer", &answer.to_string());
    }
    world.pass(30 * MINUTE_MS);
    world.set_up(TENANT).await;
    watch.look_around(&world).await;
    world.work().await;
    watch.look_around(&world).await;
    world.control.configure(|config| "changed upstream".clone_into(&mut config.password));
    world.night().await;
    world.control.configure(|config| PASSWORD.clone_into(&mut config.password));
    world.save(json!({})).await;
    watch.look_around(&world).await;
    world.work().await;
    assert_eq!(world.leave().await.0, 202);
    watch.look_around(&world).await;
    world.work().await;
    watch.look_around(&world).await;
    let logged = String::from_utf8_lossy(&logs().lock().unwrap()).into_owned();
    assert!(logged.contains("slice settled"), "the log was seen");
    logged.lines().for_each(|line| watch.look("the log", line));
    assert!(watch.n_looks > 1_000, "{} texts were looked at", watch.n_looks);
}
