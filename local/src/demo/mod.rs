//! `lci demo`: setting the integration up, told on the bundled Autotask simulator, ending with a proof.
//!
//! The admin tests and saves the settings; the first load starts by itself and ends with a mail; a day passes in
//! Autotask; the night brings the changes; warranty dates are written back and taken back; a second tenant adds Autotask to IT Glue. All of it goes through the functions' own events, doorbells and mails; after
//! each run, what the store holds is compared with what the simulated Autotask holds.

mod beside_it_glue;
mod compare;
mod organizations;
mod tables;
mod upstream;
mod warranties;
mod write_back;

use std::time::Duration;

use anyhow::{Context, bail};
use autotask_simulator::{Control, Simulator};
use serde_json::{Value, json};
use shared::autotask::address::AddressPolicy;
use shared::store::{Store, TenantId};
use shared_core::counts::Counts;
use shared_core::entity::Entity;
use shared_core::ledger::Run;
use shared_core::run::State;
use tokio::sync::watch;

use crate::bars;
use crate::cli::DemoArgs;
use crate::database::Embedded;
use crate::exit::Exit;
use crate::host::{Host, Timers, api_event};
use crate::serve::{Upstream, it_glue_at};

use compare::{COMPARED, is_equal};
pub(crate) use organizations::{it_glue, supplement};
pub(crate) use upstream::{PASSWORD, USER, source};
pub(crate) use warranties::handed_over;

const TENANT: &str = "demo";
const SETTINGS: &str = "/v1/integrations/autotask/settings";
const TEST: &str = "/v1/integrations/autotask/test";
const DAY_MS: i64 = 24 * 3_600 * 1_000;
/// How often the demo looks at a run.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// A run of the demo that takes longer has got stuck.
const PATIENCE: Duration = Duration::from_secs(1_800);

pub(crate) async fn run(args: DemoArgs) -> anyhow::Result<Exit> {
    let simulator = Simulator::start(source(args.size)?).await.context("the simulator did not start")?;
    let mut upstream = Upstream::simulated(&simulator)?;
    let organizations = it_glue(&simulator.control()).await?;
    upstream.config.it_glue = it_glue_at(organizations.base_url(), AddressPolicy::it_glue())?;
    let database = Embedded::open(None).await?;
    let store = database.store();
    let host = Host::start(None, database, upstream.config, upstream.clock, "http://localhost").await?;
    let (host, timers) = Timers::start(host);
    say(&format!("Autotask simulator at {}, everything else in this process.\n", simulator.base_url()));
    let tenant = TenantId::parse(TENANT)?;
    let story = Story { host: &host, store, control: simulator.control(), tenant };
    let held = story.tell(organizations.control().config().first_key()).await;
    timers.stop().await;
    organizations.stop().await;
    simulator.stop().await;
    let held = held?;
    say(if held { "All of it held." } else { "Something did not hold; see above." });
    Ok(if held { Exit::Done } else { Exit::Failed })
}

struct Story<'a> {
    host: &'a Host,
    store: Store,
    control: Control,
    tenant: TenantId,
}

struct Chapter {
    held: bool,
    n_requests: u64,
    counts: Counts,
}

impl Story<'_> {
    async fn tell(&self, it_glue_key: &str) -> anyhow::Result<bool> {
        let is_connected = self.test().await?;
        say("2. Save Settings, with Autotask Integration Active: the first load starts by itself.");
        self.call(
            "PUT",
            SETTINGS,
            &json!({"active": true, "username": USER, "password": PASSWORD, "version": 0,
            "time_zone": "Europe/Berlin", "recipients": ["operations@demo.example"]}),
        )
        .await?;
        let first = self.chapter(1).await?;
        let is_mailed = self.show_mail(1).await?;
        say("4. A day passes in Autotask: edits, new devices, a device that moves, deletions.");
        let wanted = upstream::day_of_changes(&self.control)?;
        self.control.advance_clock_ms(DAY_MS);
        say("5. The night: only what changed is read; deletions are proven by counts.");
        let second = self.chapter(2).await?;
        let found = changes(second.counts) == changes(wanted);
        if !found {
            say(&format!("   expected for assets {wanted:?}, got {:?}", second.counts));
        }
        say("6. Another night, nothing changed: a handful of calls, nothing written.");
        self.control.advance_clock_ms(DAY_MS);
        let third = self.chapter(3).await?;
        let is_quiet = third.n_requests <= 16 && changes(third.counts) == [0; 4];
        let has_one_mail = self.host.mails().len() == 1;
        let dates = self.write_back().await?;
        let beside = self.beside_it_glue(it_glue_key).await?;
        say(&tables::proof(&[
            ("the test said \"Connection Successful.\"", is_connected),
            ("the store equals the source after the first load", first.held),
            ("one mail told so", is_mailed && has_one_mail),
            ("the store equals the source after the night", second.held),
            ("the night found exactly what changed", found),
            ("the store equals the source after a quiet night", third.held),
            ("the quiet night made at most 16 requests and wrote nothing", is_quiet),
            ("the plan of the write-back changed nothing in Autotask", dates.is_plan_harmless),
            ("Autotask then held exactly the dates of the journal", dates.is_exact),
            ("three whole records were compared, and only the date had changed", dates.is_proven),
            ("the undo brought every old date back", dates.is_undone),
            ("beside IT Glue, nothing was kept before a company was linked", beside.is_empty_at_first),
            ("afterwards exactly what belongs to linked companies", beside.is_exact),
            ("the sums of a company count its tickets", beside.has_sums),
        ]));
        let all =
            [is_connected, first.held, is_mailed, has_one_mail, second.held, found, third.held, is_quiet];
        let of_dates = [dates.is_plan_harmless, dates.is_exact, dates.is_proven, dates.is_undone];
        let of_beside = [beside.is_empty_at_first, beside.is_exact, beside.has_sums];
        Ok(all.into_iter().chain(of_dates).chain(of_beside).all(|held| held))
    }

    async fn test(&self) -> anyhow::Result<bool> {
        say("1. Test Settings, before anything is stored.");
        let answer = self.call("POST", TEST, &json!({"username": USER, "password": PASSWORD})).await?;
        let message = answer["message"].as_str().unwrap_or_default();
        say(&format!("   {message}\n"));
        Ok(message == "Connection Successful.")
    }

    async fn call(&self, method: &str, path: &str, body: &Value) -> anyhow::Result<Value> {
        let function = match path {
            TEST => "test-settings",
            path if path.contains("/warrant") => "warranty-writeback",
            _ => "settings",
        };
        let answer = self.host.call(function, api_event(method, path, TENANT, body)).await?;
        let body = serde_json::from_str(answer["body"].as_str().unwrap_or_default())?;
        match answer["statusCode"].as_u64() {
            Some(200..=299) => Ok(body),
            status => bail!("{method} {path} answered {status:?}: {body}"),
        }
    }

    /// Waits for the end of the run with this number, then compares the store with the source.
    async fn chapter(&self, number: usize) -> anyhow::Result<Chapter> {
        let started = std::time::Instant::now();
        let run = self.follow(number).await?;
        let mut held = run.state == State::Done;
        let mut rows = Vec::new();
        for (entity, source) in COMPARED {
            let is_equal = is_equal(&self.store, &self.control, &self.tenant, entity, source).await?;
            held &= is_equal;
            rows.push((entity, run.summary.get(entity.name()).copied().unwrap_or_default(), is_equal));
        }
        let (n_requests, seconds) = (run.costs.n_requests(), started.elapsed().as_secs_f64());
        let table = tables::chapter(&rows);
        say(&format!(
            "{table}\n   {:?} after {seconds:.1} s, {n_requests} requests to Autotask.\n",
            run.state
        ));
        let counts = run.summary.get(Entity::Assets.name()).copied().unwrap_or_default();
        Ok(Chapter { held, n_requests, counts })
    }

    /// The run with this number once it is over, its progress drawn meanwhile.
    async fn follow(&self, number: usize) -> anyhow::Result<Run> {
        let (watcher, runs) = watch::channel(None);
        let drawing = tokio::spawn(bars::show(runs));
        let ended = tokio::time::timeout(PATIENCE, async {
            loop {
                let range = shared::store::pages::RunRange::default();
                let (runs, _) = self.store.runs_before(&self.tenant, &range, 10).await?;
                match runs.first() {
                    Some(run) if runs.len() == number && run.state.is_final() => {
                        return anyhow::Ok(run.clone());
                    }
                    Some(run) if runs.len() == number => drop(watcher.send_replace(Some(run.clone()))),
                    _ => {}
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        });
        let ended = ended.await.context("the run did not end in half an hour")?;
        drop(watcher);
        // Ends by itself now that nobody reports any more.
        let _ = drawing.await;
        ended
    }

    /// Shows the newest mail once there are this many.
    async fn show_mail(&self, n_mails: usize) -> anyhow::Result<bool> {
        say("3. The mail that ends the first load:");
        let arrived = tokio::time::timeout(Duration::from_secs(60), async {
            while self.host.mails().len() < n_mails {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        });
        arrived.await.context("no mail came")?;
        let mails = self.host.mails();
        let Some(mail) = mails.first() else { return Ok(false) };
        say(&tables::mail(mail));
        Ok(mail.subject.contains("complete") && mail.to.len() == 2)
    }
}

/// What was written; listings that prove deletions read more than what changed.
fn changes(counts: Counts) -> [u64; 4] {
    [counts.created, counts.updated, counts.tombstoned, counts.rejected]
}

#[expect(clippy::print_stdout, reason = "the demo's story is its output")]
fn say(line: &str) {
    println!("{line}");
}
