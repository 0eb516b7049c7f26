//! Two workers on one store: the one that slept over its lease writes nothing any more (design invariant 3).
//!
//! A real engine is stopped in the middle of its page commits; its lease runs out, a second engine takes over and ends
//! the run after everything changed upstream; then the first one wakes and sends what it had in hand. The counter-test
//! takes the conditions out of the sleeper's transactions and sees its stale records land: it is the conditions that hold.

use std::sync::Arc;

use crate::world::{self, Sleeper, World};
use autotask_simulator::{Config, Entity as Source, Simulator, Sizes};
use serde_json::json;
use shared::engine::{EngineError, SliceEnd};
use shared::store::StoreError;
use shared_core::run::State;

/// Transactions that the sleeper gets through before it falls asleep.
const N_BEFORE_SLEEP: usize = 12;

/// Plays the story; answers how the sleeper's slice ended and whether the store is as the second worker left it.
async fn play(strips_conditions: bool) -> (Result<SliceEnd, EngineError>, bool) {
    let sizes = Sizes { companies: 30, contacts: 200, assets: 4_000, ..Sizes::default() };
    let simulator = Simulator::start(Config { sizes, ..Config::small() }).await.unwrap();
    let control = simulator.control();
    let world = World::start(&simulator).await;
    let sleeper = Arc::new(Sleeper::new(N_BEFORE_SLEEP, strips_conditions));
    let first = world.engine("first", 0, Some(Arc::clone(&sleeper)));
    let first = tokio::spawn(async move { first.run_slice(&world::initial()).await });
    sleeper.wait_until_asleep().await;
    for id in control.ids(Source::ConfigurationItems) {
        control
            .update(Source::ConfigurationItems, id, json!({"location": "changed while one slept"}))
            .unwrap();
    }
    let ten_minutes_ms = 600_000;
    let second = world.engine("second", ten_minutes_ms, None);
    let ended = second.run_slice(&world::initial()).await.unwrap();
    assert!(matches!(&ended, SliceEnd::Ended(run) if run.state == State::Done), "{ended:?}");
    let before = world.assets().await;
    assert_eq!(before.len(), control.ids(Source::ConfigurationItems).len());
    assert!(before.values().all(|doc| doc.contains("changed while one slept")));
    // The sleeper shall only send what it has in hand: with a fresh look at the source it would heal its own harm.
    control.configure(|config| config.password = "changed".to_owned());
    sleeper.wake();
    let woken = first.await.unwrap();
    let is_unchanged = world.assets().await == before;
    simulator.stop().await;
    (woken, is_unchanged)
}

#[test]
fn the_store_refuses_every_write_of_a_zombie() {
    let (woken, is_unchanged) = world::block_on(play(false));
    assert!(matches!(woken, Err(EngineError::Store(StoreError::Fenced))), "{woken:?}");
    assert!(is_unchanged);
}

#[test]
fn without_the_conditions_the_zombies_stale_records_would_land() {
    let (woken, is_unchanged) = world::block_on(play(true));
    assert!(!is_unchanged, "the fence test proves nothing if this holds: {woken:?}");
}
