//! Everything that runs: emulator, stack, issuer, Autotask behind TLS.

use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tempfile::TempDir;

use crate::Tools;
use crate::api::Api;
use crate::aws::{Aws, output};
use crate::emulator::Emulator;
use crate::issuer::{AUDIENCE, Issuer};
use crate::sam::{STACK, Sam};
use crate::tls::{Autotask, INTEGRATION_CODE};

const SENDER: &str = "lci@mail.example";
/// May call the API from a browser, beside the stack's own page.
pub(crate) const OTHER_ORIGIN: &str = "https://lci.example";
/// How often something is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// A deployed stack and its surroundings; all of it ends with this value.
pub(crate) struct Stack {
    /// What it was started with.
    pub(crate) tools: Tools,
    /// Stands for AWS.
    pub(crate) emulator: Emulator,
    /// Deploys.
    pub(crate) sam: Sam,
    /// Stands for the identity provider.
    pub(crate) issuer: Issuer,
    _autotask: Autotask,
    /// The test's own calls.
    pub(crate) root: Aws,
    /// The HTTP API.
    pub(crate) api: Api,
    outputs: String,
    _folder: TempDir,
}

impl Stack {
    /// Starts and deploys, telling how long it took.
    pub(crate) async fn start(tools: Tools) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let (issuer, autotask) = (Issuer::start().await?, Autotask::start().await?);
        let started = Instant::now();
        let emulator = Emulator::start(&tools, folder.path()).await?;
        println!("emulator ready after {:.1} s", started.elapsed().as_secs_f64());
        let root = Aws::root(&emulator.url);
        let started = Instant::now();
        let sam = Sam::build(&tools, folder.path(), &emulator.url, parameters(&issuer, &autotask))?;
        println!("sam build {:.1} s", started.elapsed().as_secs_f64());
        let started = Instant::now();
        sam.deploy()?;
        println!("sam deploy {:.1} s", started.elapsed().as_secs_f64());
        let identity =
            [("Action", "VerifyEmailIdentity"), ("Version", "2010-12-01"), ("EmailAddress", SENDER)];
        root.query("ses", &identity).await?.ok()?;
        let describe = [("Action", "DescribeStacks"), ("Version", "2010-05-15"), ("StackName", STACK)];
        let outputs = root.query("cloudformation", &describe).await?.ok()?;
        let api = Api::new(emulator.port, &output(&outputs, "ApiId")?);
        Ok(Self { tools, emulator, sam, issuer, _autotask: autotask, root, api, outputs, _folder: folder })
    }

    /// An output of the stack.
    pub(crate) fn output(&self, key: &str) -> anyhow::Result<String> {
        output(&self.outputs, key)
    }

    /// The ARN of a function's own role, for example of `initial-sync`.
    pub(crate) async fn role_of(&self, function: &str) -> anyhow::Result<String> {
        let name = format!("{STACK}-{function}");
        let path = format!("/2015-03-31/functions/{name}/configuration");
        let about = self.root.get("lambda", &path).await?.json()?;
        Ok(about["Role"].as_str().unwrap_or_default().to_owned())
    }

    /// A function's own role, taken on.
    pub(crate) async fn as_function(&self, function: &str) -> anyhow::Result<Aws> {
        let role_arn = self.role_of(function).await?;
        match self.root.assume(&role_arn, &[]).await? {
            Ok(role) => Ok(role),
            Err(refusal) => anyhow::bail!("cannot act as {function}: {}", refusal.text),
        }
    }

    /// All lines that a function has logged.
    pub(crate) async fn log_of(&self, function: &str) -> anyhow::Result<String> {
        let group = format!("/aws/lambda/{STACK}-{function}");
        let body = json!({ "logGroupName": group });
        Ok(self.root.json("logs", "Logs_20140328.FilterLogEvents", &body).await?.text)
    }

    /// The mails that were sent.
    pub(crate) async fn mails(&self) -> anyhow::Result<Value> {
        let url = format!("{}/_ministack/ses/messages", self.emulator.url);
        Ok(serde_json::from_str(&reqwest::get(url).await?.text().await?)?)
    }
}

/// Looks until something is there.
pub(crate) async fn eventually<T>(
    what: &str,
    limit: Duration,
    mut look: impl AsyncFnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let started = Instant::now();
    loop {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        anyhow::ensure!(started.elapsed() < limit, "{what}: not seen within {} s", limit.as_secs());
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn parameters(issuer: &Issuer, autotask: &Autotask) -> Vec<String> {
    let Autotask { host, authority_pem, .. } = autotask;
    let parameters = [
        ("AutotaskIntegrationCode", INTEGRATION_CODE.to_owned()),
        ("AutotaskDiscoveryUrl", format!("https://{host}")),
        ("AutotaskHosts", host.clone()),
        ("ExtraCaPem", authority_pem.clone()),
        ("MailFrom", SENDER.to_owned()),
        ("MailIdentity", SENDER.to_owned()),
        ("PageOrigin", OTHER_ORIGIN.to_owned()),
        ("JwtIssuer", issuer.url.clone()),
        ("JwtAudience", AUDIENCE.to_owned()),
    ];
    // Quoted, since sam splits at blanks and line ends.
    parameters.iter().map(|(name, value)| format!("{name}=\"{value}\"")).collect()
}
