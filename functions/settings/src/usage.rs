//! Use of Autotask's hourly request limit.

use std::sync::Arc;

use shared::api::{ApiError, ApiRequest, Reply};
use shared::autotask::{AutotaskClient, Credentials, Patience, Zone};
use shared_core::health::Login;
use shared_core::instant::rfc3339;
use shared_core::pace::{Class, Usage};

use crate::Deps;
use crate::tenant::Tenant;
use crate::view::UsageView;

/// Own requests older than this are out of Autotask's window, in minutes.
const WINDOW_MIN: u64 = 60;
const MINUTE_MS: u64 = 60_000;

/// Carries out `GET usage`.
pub(crate) async fn usage(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let tenant = deps.tenant(request).await?;
    let ours = ours(deps, &tenant).await?;
    let read = read(deps, &tenant).await?;
    Reply::ok(&UsageView {
        read_at: read.map(|read| rfc3339(read.read_at_ms)),
        used: read.map(|read| read.n_used),
        limit: read.map(|read| read.limit),
        ours,
        pause_percent: Class::Nightly.stop_percent(),
    })
}

/// Our requests of the last hour, as the lease of the database counts them.
async fn ours(deps: &Deps, tenant: &Tenant) -> Result<u64, ApiError> {
    let Some(atdb) = tenant.sync.atdb.as_deref() else { return Ok(0) };
    let session = deps.sessions.open(&tenant.id, Some(atdb)).await?;
    let minute = deps.now_ms() / MINUTE_MS;
    let by_minute = session.store.own_requests(atdb).await?;
    let recent = by_minute.iter().filter(|(at, _)| at + WINDOW_MIN > minute);
    Ok(recent.map(|(_, n_requests)| n_requests).sum())
}

/// One reading; none without a login that is known as good, since a refused one could lock the API user.
async fn read(deps: &Deps, tenant: &Tenant) -> Result<Option<Usage>, ApiError> {
    let Some((settings, _)) = &tenant.settings else { return Ok(None) };
    let Some(note) = &settings.password else { return Ok(None) };
    if tenant.health.0.login != Login::Good || settings.is_closing {
        return Ok(None);
    }
    let Some(login) = tenant.secrets.load(&tenant.id, Some(&note.version)).await? else { return Ok(None) };
    let credentials = Credentials {
        user: settings.username.clone(),
        password: login.password,
        integration_code: deps.config.integration_code.clone(),
    };
    let zone = Zone::remembered(&tenant.sync, &deps.config.policy);
    let config = deps.config.client(Class::Nightly, Patience::Probe);
    let read = match AutotaskClient::new(credentials, config, Arc::clone(&deps.clock), zone) {
        Ok(client) => client.threshold().await,
        Err(error) => Err(error),
    };
    // Autotask's silence is no failure of ours: the page shows our own share all the same.
    Ok(read.inspect_err(|error| tracing::warn!("the hourly limit cannot be read: {error}")).ok())
}
