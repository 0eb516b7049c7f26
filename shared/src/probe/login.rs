//! One login attempt.

use std::sync::Arc;

use shared_core::login::{Cause, Failure, Observed, Outcome};
use shared_core::pace::{Class, Usage};
use tokio::time::{Instant, timeout_at};

use crate::autotask::{AutotaskClient, CallError, Credentials, Patience, Zone};
use crate::clock::Clock;
use crate::config::Config;
use crate::secrets::Login;

/// A login that works.
#[derive(Debug)]
pub struct LoggedIn {
    /// Where the customer lives; names the Autotask database.
    pub zone: Zone,
    /// The hourly limit; none when this user may not read it.
    pub usage: Option<Usage>,
    /// How far Autotask's clock is ahead of ours, in seconds; none when it did not tell.
    pub clock_skew_s: Option<i64>,
    pub(super) client: AutotaskClient,
}

/// An attempt that did not end in a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotLoggedIn {
    /// The named cause.
    pub cause: Cause,
    /// What it means for the next attempt.
    pub outcome: Outcome,
    /// The zone, if that much was found out.
    pub zone: Option<Zone>,
    /// How far Autotask's clock is ahead of ours, in seconds; none when it did not tell.
    pub clock_skew_s: Option<i64>,
}

pub(super) async fn log_in(
    config: &Config,
    clock: &Arc<dyn Clock>,
    login: &Login,
    until: Instant,
) -> Result<LoggedIn, NotLoggedIn> {
    let credentials = Credentials {
        user: login.username.clone(),
        password: login.password.clone(),
        integration_code: config.integration_code.clone(),
    };
    let reach = config.client(Class::Initial, Patience::Probe);
    let client = AutotaskClient::new(credentials, reach, Arc::clone(clock), None).map_err(|error| {
        tracing::error!("no client for Autotask: {error}");
        let observed = Observed::NoAnswer { failure: Failure::NoTls, was_sent: false };
        failed(&observed, None, None)
    })?;
    let answered = timeout_at(until, attempt(&client)).await;
    let clock_skew_s = skew_s(&client, clock);
    // The password goes out as soon as the zone is known.
    let was_sent = client.current().is_some();
    let observed = match answered {
        Ok(Ok((zone, usage))) => {
            return Ok(LoggedIn { zone, usage: Some(usage), clock_skew_s, client });
        }
        Ok(Err(error)) => error.observed(was_sent),
        Err(_) => Observed::NoAnswer { failure: Failure::TimedOut, was_sent },
    };
    match (observed.cause(), client.current()) {
        (None, Some(zone)) => Ok(LoggedIn { zone, usage: None, clock_skew_s, client }),
        (_, zone) => Err(failed(&observed, zone, clock_skew_s)),
    }
}

async fn attempt(client: &AutotaskClient) -> Result<(Zone, Usage), CallError> {
    let zone = client.zone().await?;
    Ok((zone, client.log_in().await?))
}

fn failed(observed: &Observed, zone: Option<Zone>, clock_skew_s: Option<i64>) -> NotLoggedIn {
    let cause = observed.cause().unwrap_or(Cause::AccessForbidden);
    tracing::info!(cause = cause.code(), "login not accepted");
    // Without a zone the password was never sent.
    let outcome = if zone.is_some() { observed.outcome() } else { Outcome::NotJudged };
    NotLoggedIn { cause, outcome, zone, clock_skew_s }
}

fn skew_s(client: &AutotaskClient, clock: &Arc<dyn Clock>) -> Option<i64> {
    let signed = |ms: u64| i64::try_from(ms).unwrap_or(i64::MAX);
    client.knows_server_time().then(|| (signed(client.server_now_ms()) - signed(clock.now_ms())) / 1_000)
}
