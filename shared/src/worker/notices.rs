//! The facts of mails, gathered from what a run left behind.

use jiff::Timestamp;
use shared_core::entity::Entity;
use shared_core::health::{Health, Login, Settlement, Wake};
use shared_core::ledger::Run;
use shared_core::mail::digest::News;
use shared_core::mail::{
    CredentialsRefused, Digest, Disabled, EntityCounts, Healed, Held, InitialComplete, InitialFailed, Mail,
    MailKind, NightlyFailing, Outbox, Trouble, mail_id,
};

use super::first_choice::ToMap;

/// What mails are made from.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    pub(super) before: &'a Health,
    pub(super) last: Option<&'a Run>,
    pub(super) run: &'a Run,
    pub(super) settlement: &'a Settlement,
    pub(super) to_map: ToMap,
    pub(super) news: News,
    pub(super) night_ms: Option<u64>,
    pub(super) now_ms: u64,
}

impl Facts<'_> {
    /// What is to be told, each under a name of its own: the same end gives the same names.
    pub(super) fn intents(&self) -> impl Iterator<Item = Outbox> {
        // A run may meet the same news twice, for example a login refused again after the settings changed.
        let event = format!("{}-{}", self.run.id, self.run.n_slices);
        let intent = move |&kind: &MailKind| {
            Some(Outbox::intent(mail_id(&event, kind), self.mail(kind)?, self.now_ms))
        };
        self.settlement.notices.iter().filter_map(intent)
    }

    /// None for news that no run brings.
    fn mail(&self, kind: MailKind) -> Option<Mail> {
        Some(match kind {
            MailKind::InitialComplete => Mail::InitialComplete(self.initial_complete()),
            MailKind::InitialFailed => Mail::InitialFailed(self.initial_failed()),
            MailKind::NightlyFailing => Mail::NightlyFailing(self.nightly_failing()),
            MailKind::CredentialsRefused => Mail::CredentialsRefused(self.credentials_refused()),
            MailKind::Healed => Mail::Healed(self.healed()),
            MailKind::Held => Mail::Held(self.held()),
            MailKind::Disabled => Mail::Disabled(self.disabled()),
            MailKind::Digest => Mail::Digest(self.digest()),
            MailKind::WriteBackStopped | MailKind::ItGlueKeyRefused => return None,
        })
    }

    fn entities(&self) -> Vec<EntityCounts> {
        let counts = |&entity: &Entity| {
            let counts = self.run.summary.get(entity.name()).copied()?;
            Some(EntityCounts { entity, counts })
        };
        self.run.entities.iter().filter_map(counts).collect()
    }

    fn why(&self) -> String {
        self.run.error.clone().unwrap_or_else(|| "the run gave no reason".to_owned())
    }

    fn next_try_ms(&self) -> Option<u64> {
        match self.settlement.wake {
            Wake::Now => Some(self.now_ms),
            Wake::At(at_ms) => Some(at_ms),
            Wake::NextNight => self.night_ms,
            Wake::SettingsChange => None,
        }
    }

    fn last_success_ms(&self) -> Option<u64> {
        self.last.and_then(|run| run.ended_at.as_deref()).and_then(instant_ms)
    }

    fn since_ms(&self) -> u64 {
        self.settlement.health.failing_since_ms.unwrap_or(self.now_ms)
    }

    fn initial_complete(&self) -> InitialComplete {
        InitialComplete {
            run_id: self.run.id.clone(),
            started_ms: instant_ms(&self.run.started_at).unwrap_or(self.now_ms),
            ended_ms: self.run.ended_at.as_deref().and_then(instant_ms).unwrap_or(self.now_ms),
            entities: self.entities(),
            notes: self.run.notes.clone(),
            n_companies_to_map: self.to_map.n_companies,
            n_asset_types_to_map: self.to_map.n_types,
            next_night_ms: self.night_ms,
        }
    }

    fn initial_failed(&self) -> InitialFailed {
        let kept =
            self.run.summary.values().map(|counts| counts.created + counts.updated + counts.unchanged).sum();
        InitialFailed {
            run_id: self.run.id.clone(),
            at_ms: self.now_ms,
            why: self.why(),
            n_records_kept: kept,
            next_try_ms: self.next_try_ms(),
            advice: None,
        }
    }

    fn nightly_failing(&self) -> NightlyFailing {
        let health = &self.settlement.health;
        NightlyFailing {
            run_id: self.run.id.clone(),
            since_ms: self.since_ms(),
            at_ms: self.now_ms,
            n_nights: health.n_failed_nights(),
            last_success_ms: self.last_success_ms(),
            why: self.why(),
            next_try_ms: self.next_try_ms(),
            n_nights_until_disabled: health.n_nights_left(),
        }
    }

    fn credentials_refused(&self) -> CredentialsRefused {
        CredentialsRefused {
            run_id: self.run.id.clone(),
            during: self.run.kind,
            at_ms: self.now_ms,
            last_success_ms: self.before.login_at_ms.filter(|_| self.before.login == Login::Good),
        }
    }

    fn healed(&self) -> Healed {
        let before = self.before;
        let is_login = before.refusal_told_at_ms.is_some();
        let since_ms = before.refusal_told_at_ms.or(before.failing_since_ms).unwrap_or(self.now_ms);
        let n_nights = self.now_ms.saturating_sub(since_ms) / (24 * 3_600_000);
        Healed {
            run_id: self.run.id.clone(),
            trouble: if is_login { Trouble::Credentials } else { Trouble::Failures },
            since_ms,
            at_ms: self.now_ms,
            n_nights_missed: u32::try_from(n_nights).unwrap_or(u32::MAX),
            entities: self.entities(),
        }
    }

    fn held(&self) -> Held {
        Held { run_id: self.run.id.clone(), at_ms: self.now_ms, entities: self.run.held.clone() }
    }

    fn digest(&self) -> Digest {
        Digest { run_id: self.run.id.clone(), at_ms: self.now_ms, news: self.news.clone() }
    }

    fn disabled(&self) -> Disabled {
        Disabled {
            run_id: self.run.id.clone(),
            at_ms: self.now_ms,
            since_ms: self.since_ms(),
            n_nights: self.settlement.health.n_failed_nights(),
            why: self.why(),
        }
    }
}

fn instant_ms(text: &str) -> Option<u64> {
    u64::try_from(text.parse::<Timestamp>().ok()?.as_millisecond()).ok()
}
