//! Wires the function up.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::value::RawValue;
use shared::lambda::{Wiring, claim_names, erased, read, soft_limit};
use shared::worker::Turn;
use warranty_writeback::Deps;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let wiring = Wiring::read().await?;
    let secret = wiring.config.integration_code.clone();
    let deps = Deps { worker: wiring.worker()?, secret, names: claim_names() };
    let (deps, clock) = (&deps, &wiring.clock);
    run(service_fn(async |event: LambdaEvent<Box<RawValue>>| {
        let turn = Turn {
            owner: event.context.request_id.clone(),
            soft_limit: soft_limit(event.context.deadline, clock.now_ms()),
        };
        erased(warranty_writeback::handle(read(&event.payload)?, deps, &turn)).await.map_err(Error::from)
    }))
    .await
}
