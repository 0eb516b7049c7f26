//! The test of an IT Glue key: one small request, nothing is stored.

use std::sync::Arc;

use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use shared::api::{ApiError, ApiRequest, Object, Reply};
use shared::autotask::Patience;
use shared::itglue::{ItGlueClient, ItGlueError};
use shared_core::itglue::{KeyFault, Region};

use crate::Deps;

const MAX_KEY_BYTES: usize = 256;

/// Values of the form; each may be left out.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ItGlueTestRequest {
    /// Where the account lives; absent: the stored region.
    pub region: Option<Region>,
    /// API key, exactly as in IT Glue; absent or empty: the stored one.
    #[schemars(with = "Option<String>", length(max = 256), regex(pattern = r"^[\x21-\x7e]*$"))]
    pub api_key: Option<SecretString>,
}

/// What the test showed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ItGlueTestAnswer {
    /// Whether the key works.
    pub ok: bool,
    /// In words: "Connection Successful." or what is wrong and what to do.
    pub message: String,
    /// Organizations that the key sees.
    pub n_organizations: Option<u64>,
    /// What is wrong with the key, if that is it.
    pub key_fault: Option<KeyFault>,
}

/// Carries out `POST it-glue/test`.
pub(crate) async fn test(request: &ApiRequest, deps: &Deps) -> Result<Reply, ApiError> {
    let Object(form): Object<ItGlueTestRequest> = request.json()?;
    let (region, key) = chosen(&form, request, deps).await?;
    let config = deps.config.it_glue(region, Patience::Probe);
    let counted = match ItGlueClient::new(key, config, Arc::clone(&deps.clock)) {
        Ok(client) => tokio::time::timeout(deps.deadline, client.count_organizations()).await,
        Err(error) => Ok(Err(error)),
    };
    Reply::ok(&match counted {
        Ok(counted) => answer(counted),
        Err(_) => refused("IT Glue did not answer in time: try again".to_owned(), None),
    })
}

/// The values entered, completed by the stored ones.
async fn chosen(
    form: &ItGlueTestRequest,
    request: &ApiRequest,
    deps: &Deps,
) -> Result<(Region, SecretString), ApiError> {
    let tenant = &request.caller.tenant;
    let session = deps.sessions.open(tenant, None).await?;
    let stored = session.store.load_it_glue(tenant).await?.map(|(settings, _)| settings);
    let region = form.region.or(stored.as_ref().map(|settings| settings.region)).unwrap_or_default();
    if let Some(key) = form.api_key.as_ref().filter(|key| !key.expose_secret().is_empty()) {
        let is_fit =
            |key: &str| key.len() <= MAX_KEY_BYTES && key.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_fit(key.expose_secret()) {
            return Err(ApiError::field("api_key", "it has blanks or other characters that no key has"));
        }
        return Ok((region, key.clone()));
    }
    let missing = || ApiError::field("api_key", "none is stored yet: enter the API key");
    let version = stored.ok_or_else(missing)?.key.version;
    let login = session.secrets.it_glue().load(tenant, Some(&version)).await?;
    Ok((region, login.ok_or_else(missing)?.password))
}

fn answer(counted: Result<u64, ItGlueError>) -> ItGlueTestAnswer {
    match counted {
        Ok(n_organizations) => ItGlueTestAnswer {
            ok: true,
            message: "Connection Successful.".to_owned(),
            n_organizations: Some(n_organizations),
            key_fault: None,
        },
        Err(ItGlueError::Key(fault)) => refused(fault.to_string(), Some(fault)),
        Err(error) => refused(error.to_string(), None),
    }
}

fn refused(message: String, key_fault: Option<KeyFault>) -> ItGlueTestAnswer {
    ItGlueTestAnswer { ok: false, message, n_organizations: None, key_fault }
}
