//! The command line: its shape is a contract that other programs build on.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand, ValueEnum};
use shared::clock::SystemClock;
use shared::store::TenantId;
use shared_core::entity::Entity;
use shared_core::mail::address::is_address;
use shared_core::run::Kind;

use crate::exit::Exit;
use crate::issuer::{DEFAULT_LISTEN, Issuer, User};
use crate::{auto_map, demo, export, functions, invoke, openapi, serve, sync};

#[derive(Debug, Parser)]
#[command(name = "lci", version, about = "Autotask integration of Lifecycle Insights, in one process")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the whole product: API, workers, schedule, mails.
    Serve(ServeArgs),
    /// Call one function with one event.
    Invoke(InvokeArgs),
    /// Run one synchronisation to its end, headless.
    Sync(Box<SyncArgs>),
    /// Write the stored records of one entity as JSON lines.
    Export(ExportArgs),
    /// Match two lists of companies by name.
    AutoMap(AutoMapArgs),
    /// Tell the whole story on the bundled Autotask simulator.
    Demo(DemoArgs),
    /// Print a bearer token for the API of `lci serve`, valid for an hour.
    ///
    /// The token names the address on which `lci serve` last listened with this state folder; before its first start
    /// that is http://127.0.0.1:8080. A start on another address ends the tokens of the former one.
    Token(TokenArgs),
    /// Print the OpenAPI document.
    #[command(hide = true)]
    Openapi,
}

/// Arguments of `lci serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Address to listen on.
    #[arg(long, value_name = "ADDR", default_value_t = DEFAULT_LISTEN)]
    pub(crate) listen: SocketAddr,
    /// State folder, kept between calls.
    #[arg(long, value_name = "DIR", default_value = ".local", conflicts_with = "memory")]
    pub(crate) state: PathBuf,
    /// Keep everything in memory and forget it at the end.
    #[arg(long)]
    pub(crate) memory: bool,
    /// Start the bundled Autotask simulator and use it; its clock is then the product's too.
    #[arg(long, conflicts_with = "autotask_url")]
    pub(crate) demo: bool,
    /// How much data the bundled simulator holds.
    #[arg(long, value_enum, default_value_t = SizeArg::Small, requires = "demo")]
    pub(crate) size: SizeArg,
    /// Base URL that answers the zone look-up; the real service by default.
    #[arg(long, value_name = "URL")]
    pub(crate) autotask_url: Option<String>,
    /// Base URL of IT Glue's API; the real service by default.
    #[arg(long = "itglue-url", value_name = "URL", conflicts_with = "demo")]
    pub(crate) it_glue_url: Option<String>,
    /// Do without the admin page where it is not built yet, instead of building it by npm.
    #[arg(long)]
    pub(crate) no_page_build: bool,
}

/// Arguments of `lci invoke`.
#[derive(Debug, Args)]
pub(crate) struct InvokeArgs {
    /// Name of the function, for example nightly-sync.
    pub(crate) function: String,
    /// File with the event; samples lie in events/.
    #[arg(value_name = "EVENT.json")]
    pub(crate) event: PathBuf,
    /// State folder of a stopped `lci serve`.
    #[arg(long, value_name = "DIR", default_value = ".local")]
    pub(crate) state: PathBuf,
    /// Start the bundled Autotask simulator and use it.
    #[arg(long, conflicts_with = "autotask_url")]
    pub(crate) demo: bool,
    /// Base URL that answers the zone look-up; the real service by default.
    #[arg(long, value_name = "URL")]
    pub(crate) autotask_url: Option<String>,
}

/// Arguments of `lci sync`.
#[derive(Debug, Args)]
pub(crate) struct SyncArgs {
    /// First load, or the changes since the last run.
    #[arg(long, value_enum)]
    pub(crate) kind: KindArg,
    /// Whose data: 1 to 64 characters of a-z, 0-9 and -.
    #[arg(long, value_parser = tenant)]
    pub(crate) tenant: TenantId,
    /// API user name, exactly as in Autotask.
    #[arg(long)]
    pub(crate) username: String,
    /// Name of the environment variable that holds the API password.
    #[arg(long, value_name = "VAR")]
    pub(crate) password_env: String,
    /// Base URL that answers the zone look-up; the real service by default.
    #[arg(long, value_name = "URL")]
    pub(crate) autotask_url: Option<String>,
    /// State folder, kept between calls.
    #[arg(long, value_name = "DIR", default_value = ".local", conflicts_with = "memory")]
    pub(crate) state: PathBuf,
    /// Keep everything in memory and forget it at the end.
    #[arg(long)]
    pub(crate) memory: bool,
    /// Optional entities to pull as well, comma-separated.
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) pull: Vec<PullArg>,
    /// Length of one slice in seconds; without it a run is one slice.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) slice_s: Option<u64>,
    /// Longest total wait for Autotask's hourly limit, in seconds.
    #[arg(long, value_name = "N", default_value_t = 3_600)]
    pub(crate) max_wait_s: u64,
    /// Read everything again although the first load is complete.
    #[arg(long)]
    pub(crate) again: bool,
    /// Address to tell how the run ended; mails lie in the folder `outbox` of the state folder.
    #[arg(long, value_name = "ADDR", value_parser = address, conflicts_with = "memory")]
    pub(crate) mail_to: Option<String>,
    /// Folder to write one `ENTITY.jsonl` each to, at the end.
    #[arg(long, value_name = "DIR")]
    pub(crate) export: Option<PathBuf>,
    /// File to write the JSON report to.
    #[arg(long, value_name = "FILE")]
    pub(crate) report: PathBuf,
}

/// Arguments of `lci export`.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// State folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) state: PathBuf,
    /// Whose data.
    #[arg(long, value_parser = tenant)]
    pub(crate) tenant: TenantId,
    /// Which entity.
    #[arg(long, value_parser = entity)]
    pub(crate) entity: Entity,
    /// File to write to.
    #[arg(long, value_name = "FILE.jsonl")]
    pub(crate) out: PathBuf,
}

/// Arguments of `lci auto-map`.
#[derive(Debug, Args)]
pub(crate) struct AutoMapArgs {
    /// Companies to be mapped: a CSV file with the columns id and name.
    #[arg(long, value_name = "L.csv")]
    pub(crate) left: PathBuf,
    /// Companies to map them onto, likewise.
    #[arg(long, value_name = "R.csv")]
    pub(crate) right: PathBuf,
    /// File to write to: left_id, right_id, tier, score, reason.
    #[arg(long, value_name = "O.csv")]
    pub(crate) out: PathBuf,
}

/// Arguments of `lci demo`.
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// How much data the simulated Autotask holds.
    #[arg(long, value_enum, default_value_t = SizeArg::Small)]
    pub(crate) size: SizeArg,
}

/// Arguments of `lci token`.
#[derive(Debug, Args)]
pub(crate) struct TokenArgs {
    /// State folder of `lci serve`, which may be running or not.
    #[arg(long, value_name = "DIR", default_value = ".local")]
    pub(crate) state: PathBuf,
    /// Who is to be signed in.
    #[arg(long, value_enum)]
    pub(crate) user: User,
}

/// Size of the demo.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SizeArg {
    /// 2,000 assets.
    Small,
    /// 20,000 assets.
    Medium,
    /// 200,000 assets.
    Large,
}

/// Kind of a run.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum KindArg {
    /// First load.
    Initial,
    /// Changes since the last run.
    Nightly,
}

impl From<KindArg> for Kind {
    fn from(kind: KindArg) -> Self {
        match kind {
            KindArg::Initial => Self::Initial,
            KindArg::Nightly => Self::Nightly,
        }
    }
}

/// Entities that are pulled by choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PullArg {
    /// Contracts and their services.
    Contracts,
    /// Tickets.
    Tickets,
    /// Opportunities.
    Opportunities,
}

fn tenant(text: &str) -> Result<TenantId, String> {
    TenantId::parse(text).map_err(|error| error.to_string())
}

fn address(text: &str) -> Result<String, String> {
    if is_address(text) { Ok(text.to_owned()) } else { Err("it is no e-mail address".to_owned()) }
}

fn entity(text: &str) -> Result<Entity, String> {
    let known = || Entity::ALL.map(Entity::name).join(", ");
    Entity::from_name(text).ok_or_else(|| format!("no such entity; there are {}", known()))
}

/// Parses the command line, runs the command, answers its exit code.
pub(crate) fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { Exit::Usage } else { Exit::Done };
            // Nothing can be done if the terminal is gone.
            let _ = error.print();
            return code.into();
        }
    };
    // The embedded database warns of every condition that did not hold, which is how the store works.
    shared::telemetry::start("warn,dynoxide=error");
    match block_on(cli.command) {
        Ok(exit) => exit.into(),
        Err(error) => {
            complain(&error);
            Exit::Usage.into()
        }
    }
}

fn block_on(command: Command) -> anyhow::Result<Exit> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let exit = runtime.block_on(async {
        match command {
            Command::Serve(args) => serve::run(args).await,
            Command::Invoke(args) => invoke::run(args).await,
            Command::Sync(args) => sync::run(*args).await,
            Command::Export(args) => export::run(args).await,
            Command::AutoMap(args) => auto_map::run(&args),
            Command::Demo(args) => demo::run(args).await,
            Command::Token(args) => print(&token(&args)?),
            Command::Openapi => print(&format!("{:#}", openapi::document(&functions::routes()))),
        }
    });
    runtime.shutdown_timeout(std::time::Duration::from_millis(500));
    exit
}

/// A token of the state folder's issuer; works beside a running `lci serve` and before the first one.
fn token(args: &TokenArgs) -> anyhow::Result<String> {
    Issuer::of_folder(&args.state, Arc::new(SystemClock))?.token(args.user)
}

/// A closed pipe is an error here, not a panic.
fn print(text: &str) -> anyhow::Result<Exit> {
    writeln!(std::io::stdout(), "{text}")?;
    Ok(Exit::Done)
}

#[expect(clippy::print_stderr, reason = "the last word of a command-line program")]
fn complain(error: &anyhow::Error) {
    eprintln!("lci: {error:#}");
}
