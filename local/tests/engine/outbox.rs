//! One mail per event (design invariant 5): the outbox on a real database, SES's wire, a crash at each step.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::postbox::{Mood, Postbox, mailer};
use crate::world;
use shared::clock::Clock;
use shared::mail::{AppUrl, Delivered, Frame, Mailer, Settled, deliver, render, settle_event};
use shared::store::outbox::{Advanced, OutboxRow};
use shared::store::{Store, TenantId};
use shared_core::mail::outbox::{CLAIM_MS, Event, State};
use shared_core::mail::{Disabled, Mail, MailKind, Outbox, mail_id};

/// 2026-11-22T02:12:00Z
const NOW_MS: u64 = 1_795_313_520_000;

#[derive(Debug)]
struct FixedClock(AtomicU64);

impl Clock for FixedClock {
    fn now_ms(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }
}

/// A clock that moves on whenever somebody looks at it.
#[derive(Debug)]
struct HastyClock {
    now_ms: AtomicU64,
    step_ms: u64,
}

impl Clock for HastyClock {
    fn now_ms(&self) -> u64 {
        self.now_ms.fetch_add(self.step_ms, Ordering::AcqRel)
    }
}

/// A database with one intent, a postbox, a clock.
struct Scene {
    store: Store,
    postbox: Postbox,
    mailer: Mailer,
    clock: FixedClock,
    frame: Frame,
}

impl Scene {
    async fn start() -> Self {
        let store = world::store().await;
        let postbox = Postbox::start().await;
        let frame = Frame {
            tenant: TenantId::parse("acme").unwrap(),
            tenant_name: "Acme MSP".to_owned(),
            app_url: AppUrl::parse("https://lci.example").unwrap(),
            time_zone: "Europe/Berlin".to_owned(),
            to: vec!["admin@acme.example".to_owned(), "no address".to_owned()],
            egress_addresses: Vec::new(),
        };
        store.put_intent(&frame.tenant, &intent("r1")).await.unwrap();
        let mailer = postbox.mailer();
        Self { store, postbox, mailer, clock: FixedClock(AtomicU64::new(NOW_MS)), frame }
    }

    async fn deliver(&self) -> Delivered {
        deliver(&self.store, &self.mailer, &self.clock, &self.frame).await.unwrap()
    }

    fn wait(&self, ms: u64) {
        self.clock.0.fetch_add(ms, Ordering::AcqRel);
    }

    async fn row(&self) -> OutboxRow {
        self.store.load_mail(&self.frame.tenant, &intent("r1").id).await.unwrap().unwrap()
    }

    async fn state(&self) -> State {
        self.row().await.outbox.state
    }

    /// A worker claims the mail and dies.
    async fn claim(&self) -> Option<OutboxRow> {
        self.store.claim_mail(&self.frame.tenant, &self.row().await, self.clock.now_ms()).await.unwrap()
    }

    /// A worker claims the mail, sends it, and dies before it can take that down.
    async fn claim_and_send(&self) {
        let claimed = self.claim().await.unwrap().outbox;
        let rendered = render(&claimed.mail, &self.frame).unwrap();
        let (to, tenant) = (&self.frame.to, &self.frame.tenant);
        self.mailer.send(&rendered, to, tenant, &claimed.id).await.unwrap();
    }

    async fn settle(&self, idx: usize) -> Settled {
        settle_event(&self.store, &self.postbox.send_event(idx)).await.unwrap()
    }
}

fn intent(run_id: &str) -> Outbox {
    let mail = Mail::Disabled(Disabled {
        run_id: run_id.to_owned(),
        at_ms: NOW_MS,
        since_ms: NOW_MS,
        n_nights: 14,
        why: "Autotask could not be reached.".to_owned(),
    });
    Outbox::intent(mail_id(run_id, MailKind::Disabled), mail, NOW_MS)
}

#[test]
fn a_mail_is_sent_once_and_settled_by_the_event_of_ses() {
    world::block_on(async {
        let scene = Scene::start().await;
        assert_eq!(scene.deliver().await, Delivered { n_sent: 1, n_failed: 0, next_due_ms: None });
        let State::Sent { message_id, .. } = scene.state().await else { panic!("not sent") };
        let settled = State::Settled { message_id };
        for _ in 0..2 {
            assert_eq!(scene.settle(0).await, Settled::Now(settled.clone()));
            assert_eq!(scene.deliver().await, Delivered::default());
        }
        assert_eq!(scene.postbox.n_calls(), 1);
    });
}

#[test]
fn ses_is_told_all_it_needs() {
    world::block_on(async {
        let scene = Scene::start().await;
        scene.deliver().await;
        let call = &scene.postbox.taken()[0];
        let check =
            |name: &str, want: &str| assert_eq!(call.get(name).map(String::as_str), Some(want), "{name}");
        check("Source", "Lifecycle Insights <no-reply@lci.example>");
        check("ConfigurationSetName", "lci");
        check("Destination.ToAddresses.member.1", "admin@acme.example");
        check("Message.Subject.Data", "Integration switched off (Acme MSP, Autotask)");
        check("Message.Subject.Charset", "UTF-8");
        check("Tags.member.1.Name", "lci_tenant");
        check("Tags.member.1.Value", "acme");
        check("Tags.member.2.Name", "lci_mail");
        check("Tags.member.2.Value", "disabled_r1");
        assert!(!call.contains_key("Destination.ToAddresses.member.2"), "{call:?}");
        let rendered = render(&intent("r1").mail, &scene.frame).unwrap();
        check("Message.Body.Text.Data", &rendered.text);
        check("Message.Body.Html.Data", &rendered.html);
    });
}

#[test]
fn an_intent_that_is_there_stays_and_fails_no_transaction() {
    world::block_on(async {
        let scene = Scene::start().await;
        scene.deliver().await;
        let before = scene.row().await;
        scene.store.put_intent(&scene.frame.tenant, &intent("r1")).await.unwrap();
        assert_eq!(scene.row().await, before);
        assert_eq!(scene.deliver().await, Delivered::default());
    });
}

#[test]
fn dead_before_sending_the_mail_goes_out_once_when_the_claim_has_run_out() {
    world::block_on(async {
        let scene = Scene::start().await;
        assert!(scene.claim().await.is_some());
        let due_ms = Some(NOW_MS + CLAIM_MS);
        assert_eq!(scene.deliver().await, Delivered { next_due_ms: due_ms, ..Delivered::default() });
        scene.wait(CLAIM_MS - 1);
        assert_eq!(scene.deliver().await.n_sent, 0);
        scene.wait(1);
        assert_eq!(scene.deliver().await.n_sent, 1);
        assert_eq!(scene.postbox.n_calls(), 1);
    });
}

#[test]
fn dead_after_sending_the_event_of_ses_prevents_a_duplicate() {
    world::block_on(async {
        let scene = Scene::start().await;
        scene.claim_and_send().await;
        assert!(matches!(scene.settle(0).await, Settled::Now(State::Settled { .. })));
        scene.wait(CLAIM_MS);
        assert_eq!(scene.deliver().await, Delivered::default());
        assert_eq!(scene.postbox.n_calls(), 1);
    });
}

#[test]
fn only_a_crash_and_a_lost_event_together_make_a_duplicate() {
    world::block_on(async {
        let scene = Scene::start().await;
        scene.claim_and_send().await;
        scene.wait(CLAIM_MS);
        assert_eq!(scene.deliver().await.n_sent, 1);
        assert_eq!(scene.postbox.n_calls(), 2);
        scene.wait(CLAIM_MS);
        assert_eq!(scene.deliver().await, Delivered::default());
        // The lost one was only late: both name the same mail.
        assert!(matches!(scene.settle(0).await, Settled::Now(State::Settled { .. })));
        assert!(matches!(scene.settle(1).await, Settled::Now(State::Settled { .. })));
    });
}

#[test]
fn a_lost_answer_is_waited_for_and_never_repeated_at_once() {
    world::block_on(async {
        let scene = Scene::start().await;
        scene.postbox.will(&[Mood::AnswerIsLost]);
        let due_ms = Some(NOW_MS + CLAIM_MS);
        assert_eq!(scene.deliver().await, Delivered { n_sent: 0, n_failed: 1, next_due_ms: due_ms });
        assert_eq!(scene.postbox.n_calls(), 1, "the SDK repeated the call");
        assert_eq!(scene.deliver().await.n_sent, 0);
        assert!(matches!(scene.settle(0).await, Settled::Now(State::Settled { .. })));
        scene.wait(CLAIM_MS);
        assert_eq!(scene.deliver().await, Delivered::default());
        assert_eq!(scene.postbox.n_calls(), 1);
    });
}

#[test]
fn a_refusal_is_judged_by_whether_it_can_pass() {
    world::block_on(async {
        let check = async |status, code, want: &str, wait_ms: Option<u64>| {
            let scene = Scene::start().await;
            scene.postbox.will(&[Mood::Refuses(status, code)]);
            let delivered = scene.deliver().await;
            assert_eq!((delivered.n_sent, delivered.n_failed, scene.postbox.n_calls()), (0, 1, 1), "{code}");
            assert_eq!(delivered.next_due_ms, wait_ms.map(|ms| NOW_MS + ms), "{code}");
            let outbox = scene.row().await.outbox;
            assert_eq!(outbox.state.name(), want, "{code}");
            assert!(!format!("{outbox:?}").contains("secret@"), "{outbox:?}");
        };
        check(400, "MessageRejected", "given up", None).await;
        check(400, "MailFromDomainNotVerifiedException", "given up", None).await;
        check(400, "ConfigurationSetDoesNotExist", "given up", None).await;
        check(400, "Throttling", "pending", Some(60_000)).await;
        check(403, "AccessDenied", "pending", Some(60_000)).await;
        check(503, "ServiceUnavailable", "claimed", Some(CLAIM_MS)).await;
    });
}

#[test]
fn an_ses_that_cannot_be_reached_costs_a_minute() {
    world::block_on(async {
        let mut scene = Scene::start().await;
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        scene.mailer = mailer(&format!("http://{}", listener.local_addr().unwrap()));
        drop(listener);
        let due_ms = Some(NOW_MS + 60_000);
        assert_eq!(scene.deliver().await, Delivered { n_sent: 0, n_failed: 1, next_due_ms: due_ms });
        scene.mailer = scene.postbox.mailer();
        scene.wait(60_000);
        assert_eq!(scene.deliver().await.n_sent, 1);
    });
}

#[test]
fn a_mail_without_usable_recipients_is_given_up_with_its_reason() {
    world::block_on(async {
        let mut scene = Scene::start().await;
        scene.frame.to = vec!["admin@acme.example\r\nBcc: all@x.example".to_owned()];
        assert_eq!(scene.deliver().await, Delivered { n_sent: 0, n_failed: 1, next_due_ms: None });
        let State::GivenUp { why } = scene.state().await else { panic!("not given up") };
        assert_eq!(why, "no usable recipient: enter an e-mail address in the settings");
        assert_eq!(scene.postbox.n_calls(), 0);
    });
}

#[test]
fn of_many_workers_one_sends() {
    world::block_on(async {
        let scene = Scene::start().await;
        let workers = (0..8).map(|_| {
            let (store, mailer, frame) = (scene.store.clone(), scene.mailer.clone(), scene.frame.clone());
            let clock = FixedClock(AtomicU64::new(NOW_MS));
            tokio::spawn(async move { deliver(&store, &mailer, &clock, &frame).await.unwrap().n_sent })
        });
        let mut n_sent = 0;
        for worker in workers.collect::<Vec<_>>() {
            n_sent += worker.await.unwrap();
        }
        assert_eq!((n_sent, scene.postbox.n_calls()), (1, 1));
    });
}

#[test]
fn a_worker_that_was_frozen_after_its_claim_sends_nothing() {
    world::block_on(async {
        let check = async |step_ms, n_calls| {
            let scene = Scene::start().await;
            let clock = HastyClock { now_ms: AtomicU64::new(NOW_MS), step_ms };
            deliver(&scene.store, &scene.mailer, &clock, &scene.frame).await.unwrap();
            assert_eq!(scene.postbox.n_calls(), n_calls, "{step_ms}");
        };
        check(60_000, 1).await;
        check(CLAIM_MS * 3 / 5, 0).await;
    });
}

#[test]
fn a_worker_that_reads_an_old_row_claims_nothing() {
    world::block_on(async {
        let scene = Scene::start().await;
        let old = scene.row().await;
        assert!(scene.claim().await.is_some());
        let late_ms = NOW_MS + CLAIM_MS;
        assert!(scene.store.claim_mail(&scene.frame.tenant, &old, late_ms).await.unwrap().is_none());
    });
}

#[test]
fn a_bounce_is_kept_with_its_reason_and_other_tenants_see_nothing() {
    world::block_on(async {
        let scene = Scene::start().await;
        scene.deliver().await;
        let mut event: serde_json::Value =
            serde_json::from_str(include_str!("../../../events/ses-bounce.json")).unwrap();
        event["detail"]["mail"]["tags"]["lci_mail"][0] = "disabled_r1".into();
        let why = "refused for good: gone@acme.example (smtp; 550 5.1.1 user unknown)".to_owned();
        let bounced = Settled::Now(State::Bounced { why });
        assert_eq!(settle_event(&scene.store, &event).await.unwrap(), bounced);
        assert!(matches!(scene.settle(0).await, Settled::Now(State::Bounced { .. })));
        event["detail"]["mail"]["tags"]["lci_tenant"][0] = "other".into();
        assert_eq!(settle_event(&scene.store, &event).await.unwrap(), Settled::Unknown);
        let other = TenantId::parse("other").unwrap();
        assert!(scene.store.mails(&other, NOW_MS).await.unwrap().is_empty());
    });
}

#[test]
fn mails_are_listed_in_order_for_thirteen_months() {
    world::block_on(async {
        let scene = Scene::start().await;
        let tenant = &scene.frame.tenant;
        let mut older = intent("r0");
        older.created_ms -= 1;
        scene.store.put_intent(tenant, &older).await.unwrap();
        let names = async |now_ms| {
            let rows = scene.store.mails(tenant, now_ms).await.unwrap();
            rows.iter().map(|row| row.outbox.id.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(names(NOW_MS).await, ["disabled_r0", "disabled_r1"]);
        assert!(names(NOW_MS + 396 * 86_400_000).await.is_empty());
        let event = Event::Claim { now_ms: NOW_MS };
        let unknown = mail_id("r9", MailKind::Disabled);
        assert_eq!(scene.store.advance_mail(tenant, &unknown, &event).await.unwrap(), Advanced::Unknown);
    });
}
