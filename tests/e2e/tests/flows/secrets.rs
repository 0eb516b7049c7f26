//! The password and our tracking identifier are nowhere but on the wire.

use autotask_simulator::{Config, Fault, FaultAction};
use e2e::World;
use e2e::bytes::{files_with, n_files};
use e2e::lci::PASSWORD_ENV;
use e2e::sizes;
use e2e::world::INTEGRATION_CODE;

const CANARY: &str = "Canary-7b1d4e-Tweet";

#[test]
fn secrets_are_in_no_byte_that_a_run_leaves_behind() -> anyhow::Result<()> {
    let world = World::start(Config { password: CANARY.to_owned(), ..sizes::few() })?;
    let loud =
        |invocation: e2e::lci::Invocation| invocation.env("LCI_LOG", "trace").env("RUST_BACKTRACE", "1");
    loud(world.initial()).run()?.exited(0)?;
    world.next_day();
    world.control().add_fault(Fault::anywhere(FaultAction::Html { status: 503 }).nth(3));
    world.control().add_fault(Fault::anywhere(FaultAction::DropConnection).nth(5));
    loud(world.nightly()).run()?.exited(0)?;
    let wrong = "Wrong-0c2a-Canary";
    loud(world.nightly()).env(PASSWORD_ENV, wrong).run()?.exited(4)?;
    assert!(n_files(world.folder())? >= 12, "there is too little to search");
    for secret in [CANARY, wrong, INTEGRATION_CODE] {
        assert_eq!(files_with(world.folder(), secret)?, Vec::<std::path::PathBuf>::new(), "{secret} leaked");
    }
    Ok(())
}

#[test]
fn the_search_would_find_a_secret() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    std::fs::create_dir(folder.path().join("deep"))?;
    std::fs::write(folder.path().join("deep").join("log"), format!("noise{CANARY}noise"))?;
    assert_eq!(files_with(folder.path(), CANARY)?.len(), 1);
    Ok(())
}
