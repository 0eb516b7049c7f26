//! Logins: one refusal stops everything, because more would lock the API user.

use autotask_simulator::{AuthProfile, Config, Control, Fault, FaultAction, LoginCounters};
use e2e::lci::PASSWORD_ENV;
use e2e::oracle::Exported;
use e2e::{World, sizes};

fn logins(control: &Control) -> LoginCounters {
    let counters = control.counters();
    counters.logins.get(&control.config().user.to_lowercase()).cloned().unwrap_or_default()
}

fn check_wrong_password(auth_profile: AuthProfile) -> anyhow::Result<()> {
    let world = World::start(Config { auth_profile, ..sizes::few() })?;
    world.initial().env(PASSWORD_ENV, "not the password").run()?.exited(4)?;
    assert_eq!(logins(&world.control()), LoginCounters { attempts: 1, failures: 1 });
    let healed = world.initial().run()?.exited(0)?;
    world.check_equal(&healed, Exported::ALL)
}

#[test]
fn a_wrong_password_is_tried_once() -> anyhow::Result<()> {
    check_wrong_password(AuthProfile::Year2026)
}

#[test]
fn a_wrong_password_is_tried_once_in_the_older_profile() -> anyhow::Result<()> {
    check_wrong_password(AuthProfile::Year2023)
}

#[test]
fn an_unknown_user_is_a_matter_of_credentials() -> anyhow::Result<()> {
    for auth_profile in [AuthProfile::Year2023, AuthProfile::Year2026] {
        let world = World::start(Config { auth_profile, ..sizes::few() })?;
        let invocation = world.initial();
        world.control().configure(|config| "somebody.else@example.invalid".clone_into(&mut config.user));
        invocation.run()?.exited(4)?;
        let n_calls = world.counters().requests;
        assert!(n_calls <= 2, "{n_calls} calls for a user that does not exist");
    }
    Ok(())
}

#[test]
fn a_refused_integration_code_is_a_matter_of_credentials() -> anyhow::Result<()> {
    for auth_profile in [AuthProfile::Year2023, AuthProfile::Year2026] {
        let integration_code = Some("another code".to_owned());
        let world = World::start(Config { auth_profile, integration_code, ..sizes::few() })?;
        world.initial().run()?.exited(4)?;
        let failures = logins(&world.control()).failures;
        assert!(failures <= 1, "{failures} refused logins");
    }
    Ok(())
}

#[test]
fn a_wrong_password_at_night_is_tried_once() -> anyhow::Result<()> {
    let world = World::start(sizes::few())?;
    world.initial().run()?.exited(0)?;
    world.next_day();
    world.nightly().env(PASSWORD_ENV, "not the password").run()?.exited(4)?;
    assert_eq!(logins(&world.control()).failures, 1);
    world.check_state(Exported::ALL)?;
    let night = world.nightly().run()?.exited(0)?;
    world.check_equal(&night, Exported::ALL)
}

/// Somebody changes the password in the middle of a first load. Calls that were on their way may still be refused, but
/// not so many that they lock the user; with the right password the run goes on from where it was.
fn check_changed(world: &World, n_requests: u64) -> anyhow::Result<()> {
    let invocation = world.initial();
    let change = world.after_requests(n_requests, |control| {
        control.configure(|config| "changed by a human".clone_into(&mut config.password));
    });
    invocation.run()?.exited(4)?;
    assert!(change.has_fired());
    let failures = logins(&world.control()).failures;
    assert!((1..=4).contains(&failures), "{failures} refused logins");
    assert!(!world.control().is_locked());
    world.control().clear_faults();
    let n_rows_before = world.counters().rows_served;
    let resumed = world.initial().run()?.exited(0)?;
    world.check_equal(&resumed, Exported::ALL)?;
    let n_rows: u64 =
        Exported::ALL.iter().map(|entity| world.control().ids(entity.source()).len() as u64).sum();
    let n_rows_after = world.counters().rows_served - n_rows_before;
    assert!(n_rows_before > 0 && n_rows_after < n_rows, "{n_rows_after} rows were read again");
    Ok(())
}

#[test]
fn a_password_changed_while_devices_are_read_stops_the_run_and_the_right_one_resumes_it() -> anyhow::Result<()>
{
    let mut config = sizes::slow_pages();
    config.sizes.assets = 6_000;
    check_changed(&World::start(config)?, 56)
}

#[test]
fn a_password_changed_while_all_is_read_side_by_side_does_not_lock_the_user() -> anyhow::Result<()> {
    let world = World::start(sizes::slow_pages())?;
    // Answers of a real service do not come in step.
    for (ms, probability) in [(20, 0.5), (45, 0.4), (70, 0.3)] {
        world.control().add_fault(Fault::anywhere(FaultAction::Slow { ms }).with_probability(probability));
    }
    check_changed(&world, 26)
}
