//! What must hold, in an order in which each check finds what it needs.

mod access;
mod again;
mod flow;
mod functions;
mod page;
mod removal;
mod secrecy;
mod sessions;
mod stripped;

use std::time::Instant;

use crate::stack::Stack;

/// How many checks held.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    /// Checks that held.
    pub(crate) n_passed: usize,
    /// Checks that did not.
    pub(crate) n_failed: usize,
}

/// Runs every check; one that fails does not stop the others.
pub(crate) async fn run(stack: &Stack) -> Counted {
    let mut counted = Counted::default();
    macro_rules! check {
        ($($check:path),+ $(,)?) => {$(
            let started = Instant::now();
            let held = $check(stack).await;
            counted.note(stringify!($check), started, held);
        )+};
    }
    check!(
        access::only_good_tokens_pass,
        access::a_stranger_sees_an_empty_tenant,
        access::roles_open_their_routes_and_no_others,
        page::files_come_with_their_headers,
        page::the_page_learns_where_to_sign_in,
        page::files_are_reached_in_no_other_way,
        page::the_api_lies_below_the_page,
        page::one_other_origin_may_call,
        flow::from_the_empty_stack_to_the_first_load,
        flow::its_end_is_told_by_mail,
        flow::an_event_of_ses_settles_the_mail,
        flow::every_route_answers,
        flow::a_login_is_tested,
        access::every_documented_route_works_for_an_admin,
        access::another_tenants_admin_reaches_nothing,
        functions::own_roles_reach_neither_records_nor_secrets,
        functions::own_roles_do_what_they_must_and_no_more,
        functions::own_roles_administer_nothing,
        sessions::a_session_needs_both_tags_and_no_other,
        sessions::only_functions_open_sessions,
        sessions::a_session_reaches_its_own_tenant_only,
        sessions::a_session_cannot_read_without_a_key,
        stripped::without_sessions_no_load,
        stripped::without_tags_nothing_is_saved,
        stripped::without_the_secret_no_load,
        flow::the_schedule_ticks,
        flow::what_is_no_doorbell_is_moved_aside,
        secrecy::the_password_is_in_no_log_and_no_item,
        again::a_second_deployment_changes_nothing,
        // Last of all: afterwards there is no stack.
        removal::a_removed_stack_leaves_what_is_kept_on_purpose,
    );
    counted
}

impl Counted {
    fn note(&mut self, name: &str, started: Instant, held: anyhow::Result<()>) {
        let took_s = started.elapsed().as_secs_f64();
        match held {
            Ok(()) => {
                self.n_passed += 1;
                println!("ok      {name} ({took_s:.1} s)");
            }
            Err(error) => {
                self.n_failed += 1;
                println!("FAILED  {name} ({took_s:.1} s): {error:#}");
            }
        }
    }
}
