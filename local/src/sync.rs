//! `lci sync`: slices until the run is over.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use secrecy::SecretString;
use shared::autotask::Credentials;
use shared::autotask::address::AddressPolicy;
use shared::clock::{Clock, SystemClock};
use shared::config::Config;
use shared::engine::{Engine, EngineConfig, EngineError, Request, SliceEnd};
use shared::store::{Store, TenantId};
use shared_core::entity::Entity;
use shared_core::ledger::{Costs, Run};
use shared_core::run::Trigger;
use tokio::sync::watch;

use crate::cli::{PullArg, SyncArgs};
use crate::database::Embedded;
use crate::exit::Exit;
use crate::report::Report;
use crate::state::StateFolder;
use crate::{bars, export};

/// How one call went.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) run: Option<Run>,
    pub(crate) error: Option<EngineError>,
    pub(crate) slept_ms: u64,
    pub(crate) exit: Exit,
}

pub(crate) async fn run(args: SyncArgs) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let (engine_config, request) = prepare(&args)?;
    let folder = if args.memory { None } else { Some(StateFolder::lock(&args.state)?) };
    let database = match &folder {
        Some(folder) => folder.database().await?,
        None => Embedded::open(None).await?,
    };
    let tenant = engine_config.tenant.clone();
    let outcome =
        to_its_end(database.store(), engine_config, &request, Duration::from_secs(args.max_wait_s)).await;
    let wall_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let error = outcome.error.as_ref().map(ToString::to_string);
    let report = Report::new(outcome.run.as_ref(), outcome.slept_ms, wall_ms, error);
    report.write(&args.report)?;
    if let Some(error) = &report.error {
        say(error);
    }
    if let (Some(to), Some(run)) = (&args.mail_to, &outcome.run) {
        crate::announce::tell(&args.state, &database.store(), &tenant, to, run).await?;
    }
    if let Some(folder) = &args.export {
        export::all(&database.store(), &tenant, &request.entities, folder).await?;
    }
    Ok(outcome.exit)
}

#[expect(clippy::print_stderr, reason = "the word of a command-line program to its user")]
fn say(error: &str) {
    eprintln!("lci: {error}");
}

fn prepare(args: &SyncArgs) -> anyhow::Result<(EngineConfig, Request)> {
    let config = Config::read(|name| std::env::var(name).ok())?;
    let password = std::env::var(&args.password_env).ok().filter(|password| !password.is_empty());
    let Some(password) = password else {
        bail!(
            "environment variable {} (--password-env) is not set: it holds the API password",
            args.password_env
        )
    };
    let discovery_url = args.autotask_url.clone().unwrap_or(config.discovery_url);
    let policy = policy_for(&discovery_url, config.policy)?;
    let credentials = Credentials {
        user: args.username.clone(),
        password: SecretString::from(password),
        integration_code: config.integration_code,
    };
    let engine_config = EngineConfig {
        extra_ca_pem: config.extra_ca_pem,
        ..engine_config(args.tenant.clone(), credentials, discovery_url, policy)
    };
    let request = Request {
        kind: args.kind.into(),
        trigger: Trigger::Manual,
        entities: entities(&args.pull),
        again: args.again,
        soft_limit: args.slice_s.map(Duration::from_secs),
        organizations: None,
    };
    Ok((engine_config, request))
}

/// The settings of an engine in this process.
pub(crate) fn engine_config(
    tenant: TenantId,
    credentials: Credentials,
    discovery_url: String,
    policy: AddressPolicy,
) -> EngineConfig {
    let owner = process_name();
    EngineConfig {
        scope: None,
        tenant,
        credentials,
        discovery_url,
        policy,
        extra_ca_pem: None,
        sole: Some(owner.clone()),
        owner,
    }
}

/// Names this process in leases; a process id alone may come again.
pub(crate) fn process_name() -> String {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| format!("lci-{}-{}", std::process::id(), SystemClock.now_ms())).clone()
}

/// Loopback over plain http is for simulators, and only where the user names one.
pub(crate) fn policy_for(discovery_url: &str, policy: AddressPolicy) -> anyhow::Result<AddressPolicy> {
    let policy = AddressPolicy { allow_loopback_http: discovery_url.starts_with("http://"), ..policy };
    policy.check(discovery_url).context("--autotask-url cannot be used")?;
    Ok(policy)
}

/// What a sync pulls, in the order in which it is begun.
pub(crate) fn entities(pull: &[PullArg]) -> Vec<Entity> {
    let is_wanted = |entity: &Entity| match entity {
        Entity::Contracts | Entity::ContractServices | Entity::ContractServiceUnits => {
            pull.contains(&PullArg::Contracts)
        }
        Entity::Tickets => pull.contains(&PullArg::Tickets),
        Entity::Opportunities => pull.contains(&PullArg::Opportunities),
        _ => true,
    };
    Entity::ALL.into_iter().filter(is_wanted).collect()
}

/// Works slice after slice until the run is over, waits for a human, or has waited too long.
pub(crate) async fn to_its_end(
    store: Store,
    config: EngineConfig,
    request: &Request,
    max_wait: Duration,
) -> Outcome {
    let (watcher, runs) = watch::channel(None);
    let drawing = tokio::spawn(bars::show(runs));
    let engine = Engine::new(store, Arc::new(SystemClock), config, Some(watcher));
    let outcome = slices(&engine, request, max_wait).await;
    drop(engine);
    // Ends by itself now that nobody reports any more.
    let _ = drawing.await;
    outcome
}

async fn slices(engine: &Engine, request: &Request, max_wait: Duration) -> Outcome {
    let mut slept = Duration::ZERO;
    loop {
        let done = |run: Option<Run>, exit, slept: Duration| {
            let slept_ms = u64::try_from(slept.as_millis()).unwrap_or(u64::MAX);
            Outcome { run, error: None, slept_ms, exit }
        };
        match engine.run_slice(request).await {
            Ok(SliceEnd::NothingToDo(run)) => {
                // The run of record, but this call cost nothing.
                let run = run.map(|run| Run { costs: Costs::default(), ..*run });
                return done(run, Exit::Done, slept);
            }
            Ok(SliceEnd::Ended(run)) => {
                let exit = run.state.into();
                return done(Some(*run), exit, slept);
            }
            Ok(SliceEnd::HandOn(_)) => {}
            Ok(SliceEnd::WaitUntil(run, wake_ms)) => {
                let wait = Duration::from_millis(wake_ms.saturating_sub(SystemClock.now_ms()));
                if slept + wait > max_wait {
                    return done(Some(*run), Exit::Throttled, slept);
                }
                slept += wait;
                tokio::time::sleep(wait).await;
            }
            Err(error) => {
                return Outcome {
                    exit: Exit::from(&error),
                    error: Some(error),
                    ..done(None, Exit::Failed, slept)
                };
            }
        }
    }
}
