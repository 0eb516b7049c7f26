//! `kill -9` of `lci serve`: while settings are saved, during the first load, and around its mail.

use anyhow::{Context, ensure};
use autotask_simulator::Config;
use e2e::compare::compare;
use e2e::lci::CODE_ENV;
use e2e::oracle::Exported;
use e2e::served::{RUNS, SETTINGS, Serve, Served, VERSIONS};
use e2e::world::INTEGRATION_CODE;
use e2e::{World, sizes};
use fastrand::Rng;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

/// Kills within the load, besides those while saving and around the mail.
const N_KILLS_OF_THE_LOAD: u32 = 4;
/// A load that makes no progress for so long is stuck.
const PATIENCE: Duration = Duration::from_secs(60);
/// Who dies between claiming a mail and hearing of it holds it for five minutes, so that it is not sent twice.
const MAIL_PATIENCE: Duration = Duration::from_secs(330);

struct Scene {
    world: World,
    serve: Serve,
}

impl Scene {
    fn new() -> anyhow::Result<Self> {
        // Some sixty requests, three at once: about ten seconds.
        let world = World::start(Config { latency_ms: 300, ..sizes::pages() })?;
        let serve = Serve::against(world.folder(), &world.autotask_url()).env(CODE_ENV, INTEGRATION_CODE);
        Ok(Self { world, serve })
    }

    fn start(&self) -> anyhow::Result<(Served, String)> {
        let served = self.serve.start()?;
        Ok((served, self.serve.token("admin")?))
    }

    fn draft(&self) -> Value {
        let config = self.world.control().config();
        let pulls = json!({"contracts": true, "tickets": true, "opportunities": true});
        json!({"active": true, "username": config.user, "password": config.password, "version": 0, "pulls": pulls})
    }

    /// Killed at some moment of the first save, which may or may not have been stored; then saved for certain.
    fn save_into_a_kill(&self, rng: &mut Rng) -> anyhow::Result<()> {
        let (served, token) = self.start()?;
        let (address, draft) = (served.address().to_owned(), self.draft());
        let sent = token.clone();
        let saving = std::thread::spawn(move || {
            let ask = e2e::wire::Ask::new("PUT", SETTINGS).token(&sent).json(draft.to_string());
            ask.send(&address).map(|answer| answer.status)
        });
        pause(rng.u64(0..900));
        served.kill()?;
        // No answer, most of the time.
        let _ = saving.join();
        let (served, token) = self.start()?;
        self.save_patiently(&served, &token)?;
        // Right after the answer.
        served.kill().map(drop)
    }

    /// Saves unless that is done. Who died within a login attempt holds the next one off for some seconds.
    fn save_patiently(&self, served: &Served, token: &str) -> anyhow::Result<()> {
        let started = Instant::now();
        while served.get(token, SETTINGS)?["version"] == 0 {
            let answer = served.call(token, "PUT", SETTINGS, &self.draft())?;
            ensure!(
                matches!(answer.status, 200 | 429),
                "saving answered {}: {}",
                answer.status,
                answer.text()
            );
            ensure!(started.elapsed() < PATIENCE, "saving is held off for ever: {}", answer.text());
            if answer.status == 429 {
                pause(200);
            }
        }
        Ok(())
    }

    /// Killed after some more requests of the load, or at its end.
    fn load_into_a_kill(&self, rng: &mut Rng) -> anyhow::Result<()> {
        let (served, token) = self.start()?;
        let until = self.world.counters().requests + rng.u64(2..12);
        let started = Instant::now();
        while self.world.counters().requests < until {
            ensure!(started.elapsed() < PATIENCE, "the load is stuck: {}", served.get(&token, SETTINGS)?);
            if served.get(&token, SETTINGS)?["run"].is_null() {
                break;
            }
            pause(5);
        }
        pause(rng.u64(0..250));
        served.kill().map(drop)
    }

    /// Killed when the run has ended, or when its mail was taken.
    fn mail_into_a_kill(&self, rng: &mut Rng) -> anyhow::Result<()> {
        let (served, token) = self.start()?;
        served.settings_when(&token, |settings| settings["run"].is_null())?;
        pause(rng.u64(0..30));
        served.kill()?;
        let (served, _) = self.start()?;
        let started = Instant::now();
        while n_mails(&self.serve.state())? == 0 {
            ensure!(started.elapsed() < MAIL_PATIENCE, "no mail was sent");
            pause(2);
        }
        pause(rng.u64(0..15));
        served.kill().map(drop)
    }

    fn check_truth(&self) -> anyhow::Result<()> {
        let labels = self.world.source().labels()?;
        for entity in Exported::ALL {
            let file = self.serve.folder().join(format!("{}.jsonl", entity.name()));
            let arguments = ["export", "--tenant", "demo", "--entity", entity.name()];
            self.serve.invoke("export", &arguments).with("--out").with(&file).run()?.exited(0)?;
            let comparison = compare(*entity, &file, self.world.source(), &labels)?;
            ensure!(comparison.is_equal() && comparison.n_equal > 0, "{}: {comparison:?}", entity.name());
        }
        Ok(())
    }
}

fn pause(ms: u64) {
    std::thread::sleep(Duration::from_millis(ms));
}

fn n_mails(state: &Path) -> anyhow::Result<usize> {
    let names = std::fs::read_dir(state.join("outbox")).context("no outbox")?;
    Ok(names
        .filter(|entry| {
            entry.as_ref().is_ok_and(|entry| entry.path().extension().is_some_and(|e| e == "eml"))
        })
        .count())
}

#[test]
fn a_product_killed_again_and_again_saves_once_loads_once_and_mails_once() -> anyhow::Result<()> {
    let scene = Scene::new()?;
    let mut rng = Rng::with_seed(3);
    scene.save_into_a_kill(&mut rng)?;
    for _ in 0..N_KILLS_OF_THE_LOAD {
        scene.load_into_a_kill(&mut rng)?;
    }
    scene.mail_into_a_kill(&mut rng)?;
    let (served, token) = scene.start()?;
    let settings = served.loaded(&token)?;
    // Long enough for whatever would be sent, started or rung for once more: two ticks of the planner.
    pause(11_000);
    let runs = served.get(&token, RUNS)?["runs"].clone();
    let run = (&runs[0]["kind"], &runs[0]["state"], &runs[0]["trigger"]);
    assert_eq!(run, (&json!("initial"), &json!("done"), &json!("first_save")), "{runs}");
    assert_eq!(runs.as_array().map(Vec::len), Some(1), "{runs}");
    assert_eq!((&settings["version"], &settings["status"]), (&json!(1), &json!("healthy")));
    let saves = served.get(&token, VERSIONS)?["versions"].clone();
    assert_eq!(saves.as_array().map(Vec::len), Some(1), "{saves}");
    assert_eq!(n_mails(&scene.serve.state())?, 1);
    served.stop()?;
    scene.check_truth()
}
