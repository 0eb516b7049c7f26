//! One test from request to answer.

use shared::api::{ApiError, ApiRequest, Code, Object, Reply};
use shared::probe::Probe;
use shared::secrets::{Login, SecretError};
use shared::session::Session;
use shared::store::TenantId;
use tokio::time::{Instant, timeout_at};

use crate::Deps;
use crate::request::TestRequest;
use crate::words::{Context, connected, refused};

pub(crate) async fn test(request: &ApiRequest, deps: &Deps) -> Result<Reply, ApiError> {
    let began = Instant::now();
    let form = form_of(request)?;
    let tenant = &request.caller.tenant;
    let session = deps.sessions.open(tenant, None).await?;
    let until = began + deps.deadline;
    let login = timeout_at(until, login_of(&form, &session, tenant)).await.map_err(|_| too_slow())??;
    let probe = Probe { config: deps.config.clone(), clock: deps.clock.clone() };
    let wanted = form.wanted();
    let test = probe.test(&login, &wanted, until);
    let result = probe.guarded(&session.store, tenant, test).await?;
    let context = Context {
        form: &form,
        duration_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        reference: request.request_id.clone(),
    };
    Reply::ok(&match result {
        Ok(tested) => connected(&context, &tested),
        Err(failure) => refused(&context, &failure),
    })
}

fn form_of(request: &ApiRequest) -> Result<TestRequest, ApiError> {
    if request.body.is_empty() {
        return Ok(TestRequest::default());
    }
    let Object(form) = request.json()?;
    TestRequest::check(&form)?;
    Ok(form)
}

/// The values entered, completed by the stored ones.
async fn login_of(form: &TestRequest, session: &Session, tenant: &TenantId) -> Result<Login, ApiError> {
    let (username, password) = (form.username(), form.password());
    if let (Some(username), Some(password)) = (username, password) {
        return Ok(Login { username: username.to_owned(), password: password.clone() });
    }
    let settings = session.store.load_settings(tenant).await?;
    let version = settings.and_then(|(settings, _)| settings.password).map(|note| note.version);
    let stored =
        session.secrets.load(tenant, version.as_deref()).await.map_err(|error| secret_failed(&error))?;
    match (stored, username, password) {
        (None, None, _) => Err(ApiError::field("username", "none is stored yet: enter the API user name")),
        (None, Some(_), _) => Err(ApiError::field("password", "none is stored yet: enter the API password")),
        (Some(stored), None, Some(password)) => Ok(Login { password: password.clone(), ..stored }),
        (Some(stored), Some(username), _) if username != stored.username => Err(ApiError::field(
            "password",
            "the stored one belongs to another user name: enter the password of this user",
        )),
        (Some(stored), ..) => Ok(stored),
    }
}

fn secret_failed(error: &SecretError) -> ApiError {
    let code = match error {
        SecretError::Call { .. } => Code::Unavailable,
        SecretError::Damaged => Code::Conflict,
    };
    ApiError::new(code, error.to_string())
}

fn too_slow() -> ApiError {
    ApiError::new(Code::Unavailable, "the stored login could not be read in time: try again")
}
