//! `lci demo`: the main job, told on the bundled Autotask simulator, ending with a proof.
//!
//! A first load, then a day of changes upstream, then the night; after each, what the store holds is compared with what
//! the simulated Autotask holds, record by record.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, anyhow};
use autotask_simulator::{Config, Control, Edit, Entity as Source, Simulator, Sizes};
use comfy_table::{CellAlignment, Table, presets};
use secrecy::SecretString;
use serde_json::json;
use serde_json::value::RawValue;
use shared::autotask::Credentials;
use shared::autotask::address::AddressPolicy;
use shared::engine::{EngineConfig, Request};
use shared::store::{Store, TenantId};
use shared_core::counts::Counts;
use shared_core::entity::Entity;
use shared_core::project::decode;
use shared_core::run::{Kind, State};

use crate::cli::{DemoArgs, SizeArg};
use crate::database::Embedded;
use crate::exit::Exit;
use crate::sync::{Outcome, engine_config, entities, policy_for, to_its_end};

const USER: &str = "lciapi@demo.example";
const PASSWORD: &str = "demo-password";
/// The demo never waits longer than this for a limit.
const MAX_WAIT: Duration = Duration::from_secs(60);

/// Entities that the demo compares, in Autotask's words and in ours.
const COMPARED: [(Entity, Source); 6] = [
    (Entity::Companies, Source::Companies),
    (Entity::Contacts, Source::Contacts),
    (Entity::Assets, Source::ConfigurationItems),
    (Entity::Products, Source::Products),
    (Entity::AssetTypes, Source::ConfigurationItemTypes),
    (Entity::AssetCategories, Source::ConfigurationItemCategories),
];

pub(crate) async fn run(args: DemoArgs) -> anyhow::Result<Exit> {
    let simulator = Simulator::start(source(args.size)).await.context("the simulator did not start")?;
    let control = simulator.control();
    let database = Embedded::open(None).await?;
    let story = Story {
        store: database.store(),
        engine: config(&simulator.base_url())?,
        control,
        tenant: TenantId::parse("demo")?,
    };
    say(&format!("Autotask simulator at {}, embedded DynamoDB in memory.\n", simulator.base_url()));
    let held = story.tell().await?;
    simulator.stop().await;
    say(if held { "All of it held." } else { "Something did not hold; see above." });
    Ok(if held { Exit::Done } else { Exit::Failed })
}

fn source(size: SizeArg) -> Config {
    let (companies, contacts, assets) = match size {
        SizeArg::Small => (50, 400, 2_000),
        SizeArg::Medium => (500, 2_000, 20_000),
        SizeArg::Large => (5_000, 20_000, 200_000),
    };
    Config {
        sizes: Sizes { companies, contacts, assets, ..Sizes::default() },
        latency_ms: 150,
        release_lag_ms: 20,
        user: USER.to_owned(),
        password: PASSWORD.to_owned(),
        ..Config::default()
    }
}

fn config(base_url: &str) -> anyhow::Result<EngineConfig> {
    let credentials = Credentials {
        user: USER.to_owned(),
        password: SecretString::from(PASSWORD),
        integration_code: SecretString::from("DEMO-INTEGRATION-CODE"),
    };
    let policy = policy_for(base_url, AddressPolicy::default())?;
    Ok(engine_config(TenantId::parse("demo")?, credentials, base_url.to_owned(), policy))
}

struct Story {
    store: Store,
    engine: EngineConfig,
    control: Control,
    tenant: TenantId,
}

impl Story {
    async fn tell(&self) -> anyhow::Result<bool> {
        say("1. First load: everything is read, three lanes per endpoint.");
        let first = self.chapter(Kind::Initial).await?;
        say("2. A day passes in Autotask: edits, new devices, a device that moves, deletions.");
        self.control.advance_clock_ms(24 * 3_600 * 1_000);
        let wanted = self.upstream_changes()?;
        say("3. The night: only what changed is read; deletions are proven by counts.");
        let second = self.chapter(Kind::Nightly).await?;
        let found = changes(second.counts) == changes(wanted);
        if !found {
            say(&format!("   expected for assets {:?}, got {:?}", wanted, second.counts));
        }
        say("4. Another night, nothing changed: a handful of calls, nothing written.");
        self.control.advance_clock_ms(24 * 3_600 * 1_000);
        let third = self.chapter(Kind::Nightly).await?;
        let is_quiet = third.n_requests <= 16 && changes(third.counts) == [0; 4];
        Ok(first.held && second.held && third.held && found && is_quiet)
    }

    /// One run, its table, and the comparison with the source.
    async fn chapter(&self, kind: Kind) -> anyhow::Result<Chapter> {
        let request = Request { kind, entities: entities(&[]), again: false, soft_limit: None };
        let started = std::time::Instant::now();
        let outcome = to_its_end(self.store.clone(), self.engine.clone(), &request, MAX_WAIT).await;
        let Outcome { run: Some(run), .. } = outcome else {
            return Err(outcome.error.map_or_else(|| anyhow!("the run did not begin"), anyhow::Error::new));
        };
        let mut table = Table::new();
        table.load_style(presets::UTF8_HORIZONTAL_ONLY);
        table.set_header([
            "entity",
            "read",
            "created",
            "updated",
            "unchanged",
            "gone",
            "rejected",
            "store = source",
        ]);
        let mut held = run.state == State::Done;
        for (entity, source) in COMPARED {
            let Counts { read, created, updated, unchanged, tombstoned, rejected } =
                run.summary.get(entity.name()).copied().unwrap_or_default();
            let numbers = [read, created, updated, unchanged, tombstoned, rejected].map(|n| n.to_string());
            let is_equal = self.is_equal(entity, source).await?;
            held &= is_equal;
            let mut row = vec![entity.name().to_owned()];
            row.extend(numbers);
            row.push(if is_equal { "equal" } else { "DIFFERENT" }.to_owned());
            table.add_row(row);
        }
        table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
        let (n_requests, seconds) = (run.costs.n_requests(), started.elapsed().as_secs_f64());
        say(&format!(
            "{table}\n   {:?} after {seconds:.1} s, {n_requests} requests to Autotask.\n",
            run.state
        ));
        let counts = run.summary.get(Entity::Assets.name()).copied().unwrap_or_default();
        Ok(Chapter { held, n_requests, counts })
    }

    async fn is_equal(&self, entity: Entity, source: Source) -> anyhow::Result<bool> {
        let mut wanted = BTreeMap::new();
        let mut unusable = None;
        self.control.for_each_line(source, |line| match decoded(entity, line) {
            Ok((id, doc)) => drop(wanted.insert(id, doc)),
            Err(error) => unusable = Some(error),
        });
        if let Some(error) = unusable {
            return Err(error).context("the simulator's truth cannot be read");
        }
        let mut is_equal = true;
        for shard in 0..Store::n_shards() {
            let compare = |id, doc: &str| is_equal &= wanted.remove(&id).is_some_and(|wanted| wanted == doc);
            self.store.read_shard(&self.tenant, entity, shard, compare).await?;
        }
        Ok(is_equal && wanted.is_empty())
    }

    /// Changes upstream; answers what the night should count for assets.
    fn upstream_changes(&self) -> anyhow::Result<Counts> {
        let assets = self.control.ids(Source::ConfigurationItems);
        let every = (assets.len() / 40).max(1);
        let picked: Vec<i64> = assets.iter().copied().step_by(every).take(40).collect();
        let (edited, rest) = picked.split_at(30);
        for &id in edited {
            self.control.update(
                Source::ConfigurationItems,
                id,
                json!({"location": "Rack 7, moved today"}),
            )?;
        }
        let (gone, moved) = rest.split_at(3);
        for &id in gone {
            self.control.delete(Source::ConfigurationItems, id)?;
        }
        let company_id = self.control.ids(Source::Companies).last().copied().unwrap_or(0);
        self.control.apply(&Edit::MoveCompany { id: moved[0], company_id })?;
        for n in 0..5 {
            let name = format!("NEW-LAPTOP-{n}");
            let asset = json!({"companyID": company_id, "referenceTitle": name, "isActive": true});
            self.control.insert(Source::ConfigurationItems, asset)?;
        }
        Ok(Counts { created: 5, updated: 31, tombstoned: 3, ..Counts::default() })
    }
}

/// What was written; listings that prove deletions read more than what changed.
fn changes(counts: Counts) -> [u64; 4] {
    [counts.created, counts.updated, counts.tombstoned, counts.rejected]
}

struct Chapter {
    held: bool,
    n_requests: u64,
    counts: Counts,
}

fn decoded(entity: Entity, line: &str) -> anyhow::Result<(i64, String)> {
    let raw: &RawValue = serde_json::from_str(line)?;
    let record = decode(entity, raw)?;
    Ok((record.id, record.doc))
}

#[expect(clippy::print_stdout, reason = "the demo's story is its output")]
fn say(line: &str) {
    println!("{line}");
}
