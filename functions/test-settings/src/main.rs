//! Wires the function up.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::Value;
use serde_json::value::RawValue;
use shared::lambda::{Wiring, claim_names, erased, read};
use shared::probe::DEADLINE;
use test_settings::{Deps, handle};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let wiring = Wiring::read().await?;
    let deps = Deps {
        sessions: wiring.sessions(),
        config: wiring.config.clone(),
        clock: wiring.clock.clone(),
        names: claim_names(),
        deadline: DEADLINE,
    };
    let deps = &deps;
    run(service_fn(async |event: LambdaEvent<Box<RawValue>>| {
        Ok::<Value, Error>(erased(handle(read(&event.payload)?, deps)).await)
    }))
    .await
}
