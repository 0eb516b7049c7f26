//! How `lci` is called.

use e2e::lci::{CODE_ENV, PASSWORD_ENV, TENANT};
use e2e::oracle::Exported;
use e2e::{World, sizes};

#[test]
fn a_call_that_makes_no_sense_exits_with_1() -> anyhow::Result<()> {
    let world = World::start(sizes::few())?;
    world.invoke(&["sync", "--kind", "weekly", "--tenant", TENANT]).run()?.exited(1)?;
    world.invoke(&["sync"]).run()?.exited(1)?;
    world.invoke(&["no-such-command"]).run()?.exited(1)?;
    world.initial().env(CODE_ENV, "").run()?.exited(1)?;
    world.initial().env(PASSWORD_ENV, "").run()?.exited(1)?;
    assert_eq!(world.counters().requests, 0);
    Ok(())
}

#[test]
fn autotask_is_spoken_to_over_https_or_loopback_only() -> anyhow::Result<()> {
    let world = World::start(sizes::few())?;
    let sync =
        ["sync", "--kind", "initial", "--tenant", TENANT, "--username", "u", "--password-env", PASSWORD_ENV];
    for url in ["http://autotask.example.invalid", "ftp://127.0.0.1", "not a url"] {
        let outcome = world.invoke(&sync).with("--memory").with("--autotask-url").with(url);
        let outcome = outcome.with("--report").with(world.folder().join("report.json")).run()?;
        assert!(matches!(outcome.code, Some(1 | 3)), "{url}: {:?}", outcome.code);
    }
    Ok(())
}

#[test]
fn a_state_folder_in_use_is_not_shared() -> anyhow::Result<()> {
    let world = World::start(sizes::slow_pages())?;
    let first = world.initial().start()?;
    while world.counters().requests < 3 {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    let n_runs = world.initial().run()?.exited(1)?;
    assert!(n_runs.took < first.wait()?.exited(0)?.took);
    world.check_state(Exported::CORE)
}

#[test]
fn an_entity_that_was_never_pulled_exports_nothing() -> anyhow::Result<()> {
    let world = World::start(sizes::few())?;
    let outcome = world.initial_of("").run()?.exited(0)?;
    world.check_equal(&outcome, Exported::CORE)?;
    for entity in [Exported::Contracts, Exported::Tickets, Exported::Opportunities] {
        assert_eq!(std::fs::read_to_string(world.export(entity)?)?, "", "{entity:?}");
    }
    assert_eq!(world.counters().calls("Tickets", autotask_simulator::CallKind::Query), 0);
    Ok(())
}
