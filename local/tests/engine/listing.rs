//! A service that leaves user-defined fields out when a query lists its fields loses us none of them.

use crate::world::{self, World};
use autotask_simulator::{Config, Entity as Source, Simulator, Sizes};
use serde_json::value::RawValue;
use shared::engine::SliceEnd;
use shared_core::entity::Entity;
use shared_core::project::decode;
use shared_core::run::State;

async fn check(n_assets: usize, udf_only_when_included: bool) {
    let sizes = Sizes { companies: 10, contacts: 10, assets: n_assets, ..Sizes::default() };
    let config = Config { sizes, udf_only_when_included, ..Config::small() };
    let simulator = Simulator::start(config).await.unwrap();
    let control = simulator.control();
    let world = World::start(&simulator).await;
    let ended = world.engine("one", 0, None).run_slice(&world::initial()).await.unwrap();
    assert!(matches!(&ended, SliceEnd::Ended(run) if run.state == State::Done), "{ended:?}");
    let assets = world.assets().await;
    let mut n_with_fields = 0;
    control.for_each_line(Source::ConfigurationItems, |line| {
        let raw: &RawValue = serde_json::from_str(line).unwrap();
        let wanted = decode(Entity::Assets, raw).unwrap();
        n_with_fields += usize::from(wanted.doc.contains("user_defined_fields"));
        assert_eq!(assets.get(&wanted.id), Some(&wanted.doc));
    });
    assert_eq!(assets.len(), n_assets);
    assert!(n_with_fields > 10, "the source has user-defined fields");
    simulator.stop().await;
}

#[test]
fn user_defined_fields_arrive_whatever_the_service_does_with_listed_fields() {
    for n_assets in [300, 2_000] {
        for udf_only_when_included in [false, true] {
            world::block_on(check(n_assets, udf_only_when_included));
        }
    }
}
