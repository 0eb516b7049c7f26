//! One mail of each kind with realistic numbers, and the same with texts that mean harm.

use shared_core::counts::Counts;
use shared_core::entity::Entity;
use shared_core::itglue::KeyFault;
use shared_core::ledger::Note;
use shared_core::mail::digest::{Fresh, News};
use shared_core::mail::{
    CredentialsRefused, Digest, Disabled, EntityCounts, Healed, Held, HeldEntity, InitialComplete,
    InitialFailed, ItGlueKeyRefused, Mail, NightlyFailing, Trouble, WriteBackStopped,
};
use shared_core::run::Kind;
use shared_core::warranty::canary::Proof;
use shared_core::warranty::job::Canary;
use shared_core::warranty::{JobKind, Stop};

use crate::mail::frame::{AppUrl, Frame};
use crate::store::TenantId;

/// 2026-11-22T02:12:00Z
const NOW_MS: u64 = 1_795_313_520_000;
const DAY_MS: u64 = 86_400_000;

pub(super) fn frame() -> Frame {
    Frame {
        tenant: TenantId::parse("acme").unwrap(),
        tenant_name: "Acme MSP".to_owned(),
        app_url: AppUrl::parse("https://lci.example/integrations/autotask").unwrap(),
        time_zone: "Europe/Berlin".to_owned(),
        to: vec!["admin@acme.example".to_owned()],
        egress_addresses: vec!["198.51.100.7".to_owned()],
    }
}

/// Every kind, its texts of others taken from `foreign`, which gets what stands there by default.
pub(super) fn mails(foreign: impl Fn(&str) -> String) -> Vec<Mail> {
    let run_id = || "20261122T013400Z-1".to_owned();
    vec![
        Mail::InitialComplete(InitialComplete {
            run_id: run_id(),
            started_ms: NOW_MS - 2_310_000,
            ended_ms: NOW_MS,
            entities: vec![
                counts(Entity::Companies, 1_204, 0, 0),
                counts(Entity::Assets, 199_997, 12, 3),
                counts(Entity::Contacts, 15_310, 0, 0),
                counts(Entity::Products, 482, 0, 0),
            ],
            notes: vec![Note {
                entity: Entity::Contracts,
                text: foreign("left out: the API user may not see contracts"),
            }],
            n_companies_to_map: 1,
            n_asset_types_to_map: 14,
            next_night_ms: Some(NOW_MS + DAY_MS),
        }),
        Mail::InitialFailed(InitialFailed {
            run_id: run_id(),
            at_ms: NOW_MS,
            why: foreign("Autotask answered with an error page (503) for 30 minutes."),
            n_records_kept: 61_500,
            next_try_ms: Some(NOW_MS + 3_600_000),
            advice: Some(foreign("Look whether Autotask announces a maintenance for your zone.")),
        }),
        Mail::NightlyFailing(NightlyFailing {
            run_id: run_id(),
            since_ms: NOW_MS - 2 * DAY_MS,
            at_ms: NOW_MS,
            n_nights: 3,
            last_success_ms: Some(NOW_MS - 3 * DAY_MS),
            why: foreign("The hourly limit of Autotask was used up by other integrations until morning."),
            next_try_ms: Some(NOW_MS + DAY_MS),
            n_nights_until_disabled: 14,
        }),
        Mail::CredentialsRefused(CredentialsRefused {
            run_id: run_id(),
            during: Kind::Nightly,
            at_ms: NOW_MS,
            last_success_ms: Some(NOW_MS - DAY_MS),
        }),
        Mail::Healed(Healed {
            run_id: run_id(),
            trouble: Trouble::Credentials,
            since_ms: NOW_MS - 2 * DAY_MS - 7_200_000,
            at_ms: NOW_MS,
            n_nights_missed: 2,
            entities: vec![counts(Entity::Companies, 2, 5, 0), counts(Entity::Assets, 31, 1_118, 0)],
        }),
        Mail::Held(Held {
            run_id: run_id(),
            at_ms: NOW_MS,
            entities: vec![HeldEntity { entity: Entity::Assets, n_missing: 41_200, n_live: 200_000 }],
        }),
        Mail::Disabled(Disabled {
            run_id: run_id(),
            at_ms: NOW_MS,
            since_ms: NOW_MS - 13 * DAY_MS,
            n_nights: 14,
            why: foreign("Autotask could not be reached."),
        }),
        Mail::Digest(Digest {
            run_id: run_id(),
            at_ms: NOW_MS,
            news: News {
                types: Fresh { n: 1, names: vec![foreign("Access Point")] },
                companies: Fresh { n: 12, names: vec![foreign("Zeta Foods"), foreign("Yankee Tools")] },
            },
        }),
        Mail::ItGlueKeyRefused(ItGlueKeyRefused { fault: KeyFault::Refused, at_ms: NOW_MS }),
        Mail::WriteBackStopped(write_back_stopped(foreign)),
    ]
}

fn write_back_stopped(foreign: impl Fn(&str) -> String) -> WriteBackStopped {
    WriteBackStopped {
        job_id: "1795313520000-apply".to_owned(),
        plan_id: "1795313400000-5f3a".to_owned(),
        by: foreign("admin"),
        during: JobKind::Undo,
        stop: Stop::Canary,
        at_ms: NOW_MS,
        n_verified: 1,
        is_all_back: true,
        changed: vec![Canary {
            asset_id: 10_427,
            proof: Proof { changed_fields: vec![foreign("location")], shows_date: true },
        }],
    }
}

fn counts(entity: Entity, created: u64, updated: u64, rejected: u64) -> EntityCounts {
    let read = created + updated + rejected;
    EntityCounts { entity, counts: Counts { read, created, updated, rejected, ..Counts::default() } }
}
