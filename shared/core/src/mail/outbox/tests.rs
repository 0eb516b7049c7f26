use proptest::prelude::*;

use super::{CLAIM_MS, Event, MAX_CLAIMS, Outbox, State};
use crate::mail::{Held, Mail, MailKind, mail_id};

fn intent() -> Outbox {
    let mail = Mail::Held(Held { run_id: "r".to_owned(), at_ms: 0, entities: Vec::new() });
    Outbox::intent(mail_id("r", MailKind::Held), mail, 1_000)
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn claim(now_ms: u64) -> Event {
    Event::Claim { now_ms }
}

fn accepted() -> Event {
    Event::Accepted { message_id: text("m"), now_ms: 2_000 }
}

fn send_event() -> Event {
    Event::SendEvent { message_id: text("m") }
}

fn bounce() -> Event {
    Event::Bounce { why: text("unknown") }
}

fn failed(claim: u32, is_unsure: bool, now_ms: u64) -> Event {
    Event::Failed { claim, why: text("throttled"), is_unsure, now_ms }
}

/// Plays events on a new intent; answers the state's name, or the name of the event that was refused.
fn play(events: impl IntoIterator<Item = Event>) -> Result<&'static str, &'static str> {
    let mut outbox = intent();
    for event in events {
        outbox = outbox.next(event).map_err(|refused| refused.event)?;
    }
    Ok(outbox.state.name())
}

#[test]
fn a_mail_is_claimed_sent_and_settled() {
    assert_eq!(play([]), Ok("pending"));
    assert_eq!(play([claim(1_000)]), Ok("claimed"));
    assert_eq!(play([claim(1_000), accepted()]), Ok("sent"));
    assert_eq!(play([claim(1_000), accepted(), send_event()]), Ok("settled"));
    assert_eq!(play([claim(1_000), accepted(), send_event(), bounce()]), Ok("bounced"));
}

#[test]
fn events_of_ses_may_come_early_late_and_again() {
    assert_eq!(play([claim(1_000), send_event()]), Ok("settled"));
    assert_eq!(play([claim(1_000), send_event(), send_event()]), Ok("settled"));
    assert_eq!(play([claim(1_000), send_event(), accepted()]), Err("accepted"));
    assert_eq!(play([claim(1_000), bounce(), send_event()]), Ok("bounced"));
    assert_eq!(play([claim(1_000), failed(1, false, 2_000), send_event()]), Ok("settled"));
    let complaint = Event::Complaint { why: text("abuse") };
    assert_eq!(play([claim(1_000), accepted(), send_event(), complaint, send_event()]), Ok("complained"));
    let dropped = Event::Dropped { why: text("virus") };
    assert_eq!(play([claim(1_000), accepted(), dropped]), Ok("given up"));
}

#[test]
fn only_a_claim_that_holds_can_end() {
    let refused = |claim| Event::Refused { claim, why: text("not verified") };
    assert_eq!(play([accepted()]), Err("accepted"));
    assert_eq!(play([claim(1_000), refused(1)]), Ok("given up"));
    assert_eq!(play([claim(1_000), refused(2)]), Err("refused"));
    assert_eq!(play([claim(1_000), claim(1_000 + CLAIM_MS), refused(1)]), Err("refused"));
    assert_eq!(play([claim(1_000), claim(1_000 + CLAIM_MS), failed(1, false, 400_000)]), Err("failed"));
    assert_eq!(play([claim(1_000), accepted(), failed(1, true, 2_000)]), Err("failed"));
    assert_eq!(play([claim(1_000), accepted(), claim(u64::MAX)]), Err("claim"));
}

#[test]
fn a_claim_without_an_end_is_repeated_only_after_five_minutes() {
    assert_eq!(play([claim(999)]), Err("claim"));
    assert_eq!(play([claim(1_000), claim(1_000 + CLAIM_MS - 1)]), Err("claim"));
    assert_eq!(play([claim(1_000), claim(1_000 + CLAIM_MS)]), Ok("claimed"));
    assert_eq!(play([claim(1_000), failed(1, true, 2_000), claim(1_000 + CLAIM_MS - 1)]), Err("claim"));
    assert_eq!(play([claim(1_000), failed(1, true, 2_000), claim(1_000 + CLAIM_MS)]), Ok("claimed"));
}

#[test]
fn waits_after_failures_grow_and_the_fifth_failure_ends_it() {
    let mut outbox = intent();
    let mut waits_s = Vec::new();
    for attempt in 1..=MAX_CLAIMS {
        let now_ms = outbox.next_due_ms().unwrap();
        outbox = outbox.next(claim(now_ms)).unwrap().next(failed(attempt, false, now_ms)).unwrap();
        waits_s.extend(outbox.next_due_ms().map(|due_ms| (due_ms - now_ms) / 1_000));
    }
    assert_eq!(waits_s, [60, 300, 1_800, 10_800]);
    let why = text("not sent after 5 attempts; the last one: throttled");
    assert_eq!(outbox.state, State::GivenUp { why });
}

#[test]
fn a_sixth_claim_gives_up() {
    let claims = (0..=u64::from(MAX_CLAIMS)).map(|at| claim(1_000 + at * CLAIM_MS));
    assert_eq!(play(claims.clone().take(5)), Ok("claimed"));
    assert_eq!(play(claims), Ok("given up"));
}

#[test]
fn an_intent_is_stored_and_read_back() {
    let outbox = intent().next(claim(1_000)).unwrap().next(failed(1, false, 2_000)).unwrap();
    let json = serde_json::to_string(&outbox).unwrap();
    assert_eq!(serde_json::from_str::<Outbox>(&json).unwrap(), outbox);
}

fn any_event() -> impl Strategy<Value = Event> {
    let claim_no = 1_u32..6;
    prop_oneof![
        4 => (0_u64..3_600_000).prop_map(claim),
        2 => Just(accepted()),
        1 => Just(send_event()),
        1 => Just(bounce()),
        1 => claim_no.clone().prop_map(|claim| Event::Refused { claim, why: text("no") }),
        2 => (claim_no, any::<bool>(), 0_u64..3_600_000).prop_map(|(n, unsure, now)| failed(n, unsure, now)),
    ]
}

/// What ends one claim, as SES and the worker see it.
#[derive(Clone, Copy, Debug)]
enum Attempt {
    /// The worker died before it sent anything.
    DiedBefore,
    /// SES was busy.
    NotTaken,
    /// SES took it; the worker noted that.
    Noted,
    /// SES took it; the worker died before it could note that.
    DiedAfter,
    /// SES took it; its answer was lost.
    AnswerLost,
}

fn any_attempt() -> impl Strategy<Value = (Attempt, bool)> {
    use Attempt::{AnswerLost, DiedAfter, DiedBefore, NotTaken, Noted};
    (prop::sample::select(vec![DiedBefore, NotTaken, Noted, DiedAfter, AnswerLost]), any::<bool>())
}

proptest! {
    /// Whatever comes in whatever order: no claim while another one may be sending, at most five, none once it is out.
    #[test]
    fn claims_never_overlap(events in prop::collection::vec(any_event(), 0..60)) {
        let mut outbox = intent();
        let (mut last_claim_ms, mut n_granted, mut n_accepted, mut is_out) = (None, 0, 0, false);
        for event in events {
            let Ok(next) = outbox.next(event.clone()) else { continue };
            match (&event, &next.state) {
                (Event::Claim { now_ms }, State::Claimed { .. }) => {
                    prop_assert!(!is_out);
                    prop_assert!(last_claim_ms.is_none_or(|last: u64| now_ms - last >= CLAIM_MS));
                    (last_claim_ms, n_granted) = (Some(*now_ms), n_granted + 1);
                }
                (Event::Accepted { .. }, _) => (is_out, n_accepted) = (true, n_accepted + 1),
                (Event::SendEvent { .. } | Event::Bounce { .. }, _) => is_out = true,
                (Event::Failed { is_unsure: false, .. }, _) => last_claim_ms = None,
                _ => {}
            }
            outbox = next;
        }
        prop_assert!(n_granted <= MAX_CLAIMS);
        prop_assert!(n_accepted <= 1);
    }

    /// A duplicate takes a crash or a lost answer, and the loss of the event of that very mail.
    #[test]
    fn duplicates_take_two_losses_at_once(attempts in prop::collection::vec(any_attempt(), 1..8)) {
        let mut outbox = intent();
        let (mut n_taken, mut n_coincidences) = (0, 0);
        for (attempt, event_comes) in attempts {
            let Some(now_ms) = outbox.next_due_ms() else { break };
            outbox = outbox.next(claim(now_ms)).unwrap();
            if !matches!(outbox.state, State::Claimed { .. }) {
                break;
            }
            let claim_no = outbox.n_claims;
            let is_taken = !matches!(attempt, Attempt::DiedBefore | Attempt::NotTaken);
            outbox = match attempt {
                Attempt::NotTaken => outbox.next(failed(claim_no, false, now_ms)).unwrap(),
                Attempt::Noted => outbox.next(accepted()).unwrap(),
                Attempt::AnswerLost => outbox.next(failed(claim_no, true, now_ms)).unwrap(),
                Attempt::DiedBefore | Attempt::DiedAfter => outbox,
            };
            if is_taken && event_comes {
                outbox = outbox.next(send_event()).unwrap();
            }
            n_taken += u32::from(is_taken);
            let is_unseen = matches!(attempt, Attempt::DiedAfter | Attempt::AnswerLost);
            n_coincidences += u32::from(is_unseen && !event_comes);
        }
        prop_assert!(n_taken <= 1 + n_coincidences, "{n_taken} mails, {n_coincidences} coincidences");
    }
}
