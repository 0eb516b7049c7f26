//! `kill -9` in the middle.

use autotask_simulator::Config;
use e2e::compare::check_same_bytes;
use e2e::lci::{Invocation, Outcome};
use e2e::oracle::Exported;
use e2e::{World, sizes};
use fastrand::Rng;
use std::time::Duration;

const N_KILLS: u32 = 20;

/// Kills a run after a random number of calls and a little more; gives its outcome, without a code when it was killed.
fn run_into_a_kill(world: &World, invocation: &Invocation, rng: &mut Rng) -> anyhow::Result<Outcome> {
    let until = world.counters().requests + rng.u64(0..25);
    let mut running = invocation.start()?;
    while world.counters().requests < until {
        if let Some(outcome) = running.try_wait()? {
            return Ok(outcome);
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    for _ in 0..rng.u32(0..12) {
        std::thread::sleep(Duration::from_millis(3));
    }
    running.kill()
}

#[test]
fn a_run_killed_twenty_times_exports_the_same_bytes_as_one_left_alone() -> anyhow::Result<()> {
    let mut config = Config { latency_ms: 15, ..sizes::pages() };
    config.sizes.assets = 3_000;
    let world = World::start(config)?;
    let undisturbed = world.initial_in_memory().run()?.exited(0)?;
    let mut rng = Rng::with_seed(20);
    let (mut n_kills, mut is_complete) = (0, false);
    while n_kills < N_KILLS {
        // Once it got through in spite of the kills, it starts again from the top, over what it stored.
        let invocation = if is_complete { world.initial().with("--again") } else { world.initial() };
        let outcome = run_into_a_kill(&world, &invocation, &mut rng)?;
        is_complete = outcome.code.is_some();
        n_kills += u32::from(!is_complete);
        assert!(matches!(outcome.code, None | Some(0)), "{:?}", outcome.exited(0));
    }
    let last = world.initial().run()?.exited(0)?;
    check_same_bytes(&undisturbed, &last)?;
    world.check_equal(&last, Exported::ALL)
}

#[test]
fn a_night_killed_again_and_again_ends_with_the_truth() -> anyhow::Result<()> {
    let world = World::start(Config { latency_ms: 10, ..sizes::pages() })?;
    world.initial().run()?.exited(0)?;
    world.next_day();
    crate::nightly::a_day_of_work(&world)?;
    let mut rng = Rng::with_seed(6);
    for _ in 0..6 {
        let outcome = run_into_a_kill(&world, &world.nightly(), &mut rng)?;
        assert!(matches!(outcome.code, None | Some(0)), "{:?}", outcome.exited(0));
    }
    let last = world.nightly().run()?.exited(0)?;
    world.check_equal(&last, Exported::ALL)
}
