//! Once a week all rows are read again: a change that carries no stamp is found then, and not before.

use crate::world::{self, World};
use autotask_simulator::{Config, Edit, Entity as Source, Simulator};
use serde_json::json;
use shared::engine::{Request, SliceEnd};
use shared_core::run::{Kind, State};

const DAY_MS: u64 = 24 * 3_600 * 1_000;

async fn run(world: &World, ahead_ms: u64, request: Request) {
    let ended = world.engine("one", ahead_ms, None).run_slice(&request).await.unwrap();
    assert!(matches!(&ended, SliceEnd::Ended(run) if run.state == State::Done), "{ended:?}");
}

async fn story() {
    let simulator = Simulator::start(Config::small()).await.unwrap();
    let control = simulator.control();
    let world = World::start(&simulator).await;
    let nightly = || Request { kind: Kind::Nightly, ..world::initial() };
    run(&world, 0, world::initial()).await;
    let id = *control.ids(Source::ConfigurationItems).first().unwrap();
    let fields = json!({"location": "moved without a stamp"}).as_object().cloned().unwrap();
    control
        .apply(&Edit::Update { entity: Source::ConfigurationItems, id, fields, is_stamped: false })
        .unwrap();
    let is_known = async || world.assets().await[&id].contains("moved without a stamp");
    run(&world, DAY_MS, nightly()).await;
    assert!(!is_known().await, "nothing tells a night of it");
    run(&world, 8 * DAY_MS, nightly()).await;
    assert!(is_known().await, "the weekly sweep reads every row");
    simulator.stop().await;
}

#[test]
fn a_change_without_a_stamp_is_found_by_the_weekly_sweep() {
    world::block_on(story());
}
