//! Wires the function up.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::value::RawValue;
use shared::lambda::{Wiring, read, soft_limit};
use shared::worker::Turn;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let wiring = Wiring::read().await?;
    let worker = wiring.worker()?;
    let (worker, clock) = (&worker, &wiring.clock);
    run(service_fn(async |event: LambdaEvent<Box<RawValue>>| {
        let turn = Turn {
            owner: event.context.request_id.clone(),
            soft_limit: soft_limit(event.context.deadline, clock.now_ms()),
        };
        initial_sync::handle(read(&event.payload)?, worker, &turn).await.map_err(Error::from)
    }))
    .await
}
