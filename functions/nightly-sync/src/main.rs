//! Wires the function up.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use nightly_sync::Deps;
use serde_json::value::RawValue;
use shared::lambda::{Wiring, erased, read, soft_limit};
use shared::worker::Turn;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let wiring = Wiring::read().await?;
    let deps = Deps { worker: wiring.worker()?, planner: wiring.planner()? };
    let (deps, clock) = (&deps, &wiring.clock);
    run(service_fn(async |event: LambdaEvent<Box<RawValue>>| {
        let turn = Turn {
            owner: event.context.request_id.clone(),
            soft_limit: soft_limit(event.context.deadline, clock.now_ms()),
        };
        erased(nightly_sync::handle(read(&event.payload)?, deps, &turn)).await.map_err(Error::from)
    }))
    .await
}
