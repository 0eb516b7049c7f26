//! Secrets Manager: versions of a text under a name, and the stages that point at them.
//!
//! Source: API reference of AWS Secrets Manager, version 2017-10-17.

mod faults;
mod secret;
#[cfg(test)]
mod tests;
mod vault;
mod wire;

use std::sync::Arc;

use serde_json::Value;

use super::fault::{Fault, blocking};

pub(super) use vault::Vault;

/// Answers one call.
///
/// # Errors
/// What Secrets Manager refuses, and what is not known here.
pub(super) async fn answer(vault: &Arc<Vault>, operation: &str, body: &[u8]) -> Result<Value, Fault> {
    let on = Arc::clone(vault);
    match operation {
        "CreateSecret" => {
            let request = wire::parse(body)?;
            blocking(move || on.create(request)).await
        }
        "PutSecretValue" => {
            let request = wire::parse(body)?;
            blocking(move || on.put(request)).await
        }
        "UpdateSecretVersionStage" => {
            let request = wire::parse(body)?;
            blocking(move || on.update_stage(&request)).await
        }
        "DeleteSecret" => {
            let request = wire::parse(body)?;
            blocking(move || on.delete(&request)).await
        }
        "GetSecretValue" => on.value(&wire::parse(body)?),
        "DescribeSecret" => on.describe(&wire::parse(body)?),
        _ => Err(Fault::unknown_operation(operation)),
    }
}
