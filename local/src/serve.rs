//! `lci serve`: the product behind its gateway, until it is stopped.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use autotask_simulator::{Control, Simulator};
use secrecy::SecretString;
use shared::autotask::address::AddressPolicy;
use shared::clock::{Clock, SystemClock};
use shared::config::{Config, ItGlueAddress};
use shared::store::TenantId;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::cli::{ServeArgs, SizeArg};
use crate::database::Embedded;
use crate::exit::Exit;
use crate::functions;
use crate::gateway::{AdminPage, Gateway, OutboxMail};
use crate::host::{Host, Timers, api_event};
use crate::issuer::{Issuer, User};
use crate::page;
use crate::state::StateFolder;
use crate::sync::policy_for;

/// The clock of the simulated service, so that moving it moves nights too.
#[derive(Debug)]
struct SimulatedClock(Control);

impl Clock for SimulatedClock {
    fn now_ms(&self) -> u64 {
        u64::try_from(self.0.now_ms()).unwrap_or(0)
    }
}

/// Where Autotask is: the vendor, an address, or a simulator of our own.
pub(crate) struct Upstream {
    pub(crate) config: Config,
    pub(crate) clock: Arc<dyn Clock>,
    simulator: Option<Simulator>,
    it_glue: Option<itglue_simulator::Simulator>,
}

impl Upstream {
    pub(crate) async fn start(
        demo: Option<SizeArg>,
        autotask_url: Option<String>,
        it_glue_url: Option<String>,
    ) -> anyhow::Result<Self> {
        if let Some(size) = demo {
            return Self::demo(size).await;
        }
        let mut config = Config::read(|name| std::env::var(name).ok())?;
        if let Some(url) = autotask_url {
            config.policy = policy_for(&url, config.policy)?;
            config.discovery_url = url;
        }
        if let Some(url) = it_glue_url {
            config.it_glue = it_glue_at(url, config.it_glue.policy)?;
        }
        Ok(Self { config, clock: Arc::new(SystemClock), simulator: None, it_glue: None })
    }

    async fn demo(size: SizeArg) -> anyhow::Result<Self> {
        let source = crate::demo::source(size)?;
        let simulator = Simulator::start(source).await.context("the simulator did not start")?;
        let mut upstream = Self::simulated(&simulator)?;
        let it_glue = crate::demo::it_glue(&simulator.control()).await?;
        upstream.config.it_glue = it_glue_at(it_glue.base_url(), AddressPolicy::it_glue())?;
        Ok(Self { simulator: Some(simulator), it_glue: Some(it_glue), ..upstream })
    }

    /// A simulator that somebody else started; its clock is then the product's too.
    pub(crate) fn simulated(simulator: &Simulator) -> anyhow::Result<Self> {
        let url = simulator.base_url();
        let config = Config {
            integration_code: SecretString::from("DEMO-INTEGRATION-CODE"),
            policy: policy_for(&url, AddressPolicy::default())?,
            discovery_url: url,
            extra_ca_pem: None,
            it_glue: ItGlueAddress::default(),
        };
        let clock = Arc::new(SimulatedClock(simulator.control()));
        Ok(Self { config, clock, simulator: None, it_glue: None })
    }
}

/// IT Glue at an address, over plain http only if that is on this machine.
pub(crate) fn it_glue_at(url: String, policy: AddressPolicy) -> anyhow::Result<ItGlueAddress> {
    let policy = policy_for(&url, policy)?;
    Ok(ItGlueAddress { base_url: Some(url), policy })
}

pub(crate) async fn run(args: ServeArgs) -> anyhow::Result<Exit> {
    let folder = if args.memory { None } else { Some(StateFolder::lock(&args.state)?) };
    let path: Option<PathBuf> = folder.as_ref().map(|_| args.state.clone());
    let database = match &folder {
        Some(folder) => folder.database().await?,
        None => Embedded::open(None).await?,
    };
    let listener = TcpListener::bind(args.listen)
        .await
        .with_context(|| format!("failed to listen on {}", args.listen))?;
    let address = listener.local_addr()?;
    let upstream =
        Upstream::start(args.demo.then_some(args.size), args.autotask_url, args.it_glue_url).await?;
    let app_url = format!("http://{address}");
    let host = Host::start(
        path.as_deref(),
        database,
        upstream.config.clone(),
        Arc::clone(&upstream.clock),
        &app_url,
    )
    .await?;
    if upstream.it_glue.is_some() {
        let tenant = TenantId::parse(User::Other.tenant())?;
        crate::demo::supplement(&host, &upstream.config, &upstream.clock, &tenant).await?;
    }
    if let Some(simulator) = &upstream.simulator {
        let dates = crate::demo::handed_over(&simulator.control());
        let event = api_event("PUT", "/v1/warranties", User::Admin.tenant(), &dates);
        let answer = host.call("warranty-writeback", event).await?;
        anyhow::ensure!(answer["statusCode"] == 200, "the demo's dates were refused: {answer}");
    }
    let issuer = issuer(path.as_deref(), address)?;
    let (host, timers) = Timers::start(host);
    let gateway = gateway(listener, issuer, &host, page::provide(!args.no_page_build))?;
    if !address.ip().is_loopback() {
        warn(&format!(
            "anyone who reaches {address} can sign in as an admin: the sign-in is made for one machine only"
        ));
    }
    greet(&app_url, &upstream);
    stopped().await;
    gateway.stop().await;
    timers.stop().await;
    if let Some(simulator) = upstream.simulator {
        simulator.stop().await;
    }
    if let Some(simulator) = upstream.it_glue {
        simulator.stop().await;
    }
    Ok(Exit::Done)
}

fn issuer(path: Option<&std::path::Path>, address: SocketAddr) -> anyhow::Result<Issuer> {
    // Tokens are about the browser's time, not about a simulated service's.
    let clock = Arc::new(SystemClock);
    match path {
        Some(path) => Issuer::listening(path, address, clock),
        None => Issuer::in_memory(address, clock),
    }
}

fn gateway(
    listener: TcpListener,
    issuer: Issuer,
    host: &Arc<Host>,
    page: watch::Receiver<AdminPage>,
) -> anyhow::Result<Gateway> {
    let (called, mails) = (Arc::clone(host), Arc::clone(host));
    let dispatcher = move |function: &'static str, event| {
        let host = Arc::clone(&called);
        async move {
            host.call(function, event).await.unwrap_or_else(|error| {
                tracing::error!("{error:#}");
                serde_json::Value::Null
            })
        }
    };
    let outbox = move || mails.mails().into_iter().map(OutboxMail::from).collect();
    Ok(Gateway::start(listener, functions::routes(), issuer, dispatcher, outbox, page)?)
}

#[expect(clippy::print_stdout, reason = "the word of a command-line program to its user")]
fn greet(app_url: &str, upstream: &Upstream) {
    println!("lci serves {app_url} (admin page; API below {app_url}/v1, sent mails at {app_url}/outbox)");
    if let Some(simulator) = &upstream.simulator {
        println!(
            "Autotask simulator at {} (user {}, password {})",
            simulator.base_url(),
            crate::demo::USER,
            crate::demo::PASSWORD
        );
    }
    if let Some(it_glue) = &upstream.it_glue {
        println!(
            "IT Glue simulator at {} (API key {})",
            it_glue.base_url(),
            it_glue.control().config().first_key()
        );
    }
}

#[expect(clippy::print_stderr, reason = "the word of a command-line program to its user")]
fn warn(text: &str) {
    eprintln!("lci: {text}");
}

/// Waits for an interrupt or a termination signal.
async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        if let Ok(mut terminate) = terminate {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
