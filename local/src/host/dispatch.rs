//! Functions by name, called with real events.

use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{anyhow, bail};
use serde_json::Value;
use shared::lambda::erased;
use shared::worker::Turn;

use super::{Host, SOFT_LIMIT};
use crate::sync::process_name;

/// Names of the functions that can be called.
pub(crate) const FUNCTIONS: [&str; 7] = [
    "settings",
    "test-settings",
    "mappings",
    "auto-map",
    "warranty-writeback",
    "initial-sync",
    "nightly-sync",
];

impl Host {
    /// Calls a function with one event.
    ///
    /// # Errors
    /// The function is unknown, or it failed as a Lambda function fails.
    pub(crate) async fn call(&self, function: &str, event: Value) -> anyhow::Result<Value> {
        let failed = |why: String| anyhow!("{function} failed: {why}");
        match function {
            "settings" => Ok(settings::handle(event, &self.settings).await),
            "test-settings" => Ok(test_settings::handle(event, &self.test_settings).await),
            "mappings" => Ok(erased(mappings::handle(event, &self.mappings)).await),
            "auto-map" => Ok(erased(auto_map::handle(event, &self.auto_map)).await),
            "warranty-writeback" => {
                erased(warranty_writeback::handle(event, &self.warranty_writeback, &turn()))
                    .await
                    .map_err(failed)
            }
            "initial-sync" => {
                initial_sync::handle(event, &self.nightly.worker, &turn()).await.map_err(failed)
            }
            "nightly-sync" => nightly_sync::handle(event, &self.nightly, &turn()).await.map_err(failed),
            other => bail!("there is no function {other}; there are: {}", FUNCTIONS.join(", ")),
        }
    }
}

/// A turn of its own for each call, as each invocation of Lambda has.
fn turn() -> Turn {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    Turn { owner: format!("{}-{count}", process_name()), soft_limit: SOFT_LIMIT }
}
