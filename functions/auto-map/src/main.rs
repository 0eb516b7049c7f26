//! Wires the function up.

use auto_map::Deps;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::Value;
use serde_json::value::RawValue;
use shared::lambda::{Wiring, claim_names, erased, read};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let wiring = Wiring::read().await?;
    let deps = Deps { sessions: wiring.sessions(), names: claim_names() };
    let deps = &deps;
    run(service_fn(async |event: LambdaEvent<Box<RawValue>>| {
        Ok::<Value, Error>(erased(auto_map::handle(read(&event.payload)?, deps)).await)
    }))
    .await
}
