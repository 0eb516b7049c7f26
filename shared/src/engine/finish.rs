//! The end of a run: its counts, its verdict, the new watermarks.

use std::collections::BTreeMap;

use shared_core::counts::Counts;
use shared_core::entity::Entity;
use shared_core::ledger::{Listed, Note, Run, SyncState};
use shared_core::mail::HeldEntity;
use shared_core::run::{Kind, Verdict};
use shared_core::step::{Mark, Outcome, Step, StepKind};

/// How the entities of a run ended.
pub(super) fn verdict(run: &Run, steps: &[Step], rejected: &[Listed]) -> Verdict {
    let has_organizations = run.organizations.as_ref().is_none_or(|reading| reading.error.is_none());
    Verdict {
        is_held: steps.iter().any(|step| matches!(step.outcome, Outcome::Held { .. })),
        is_partial: !has_organizations
            || !rejected.is_empty()
            || steps.iter().any(|step| matches!(step.outcome, Outcome::Skipped(_))),
    }
}

/// Counters by entity name. Rejected are those that are still unusable: a record that a later page brought whole is none.
pub(super) fn summary(entities: &[Entity], steps: &[Step], rejected: &[Listed]) -> BTreeMap<String, Counts> {
    let of = |entity: Entity| {
        let sum: Counts = steps.iter().filter(|step| step.entity == entity).map(|step| step.counts).sum();
        let n_rejected = rejected.iter().filter(|listed| listed.entity == entity).count() as u64;
        Counts { rejected: n_rejected, ..sum }
    };
    entities.iter().map(|&entity| (entity.name().to_owned(), of(entity))).collect()
}

/// What the pull log should say, once per entity and text.
pub(super) fn notes(steps: &[Step]) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    for step in steps {
        let text = match &step.outcome {
            Outcome::Clean => continue,
            Outcome::Noted(text) | Outcome::Skipped(text) | Outcome::Held { text, .. } => text.clone(),
        };
        let note = Note { entity: step.entity, text };
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    notes
}

/// Deletions that the brake holds.
pub(super) fn held(steps: &[Step]) -> Vec<HeldEntity> {
    let of = |step: &Step| match step.outcome {
        Outcome::Held { n_missing, n_live, .. } => {
            Some(HeldEntity { entity: step.entity, n_missing, n_live })
        }
        _ => None,
    };
    steps.iter().filter_map(of).collect()
}

/// What is known after the run: watermarks move to its start, never further, and not for entities that were left out.
pub(super) fn state_after(mut state: SyncState, run: &Run, steps: &[Step], now_ms: u64) -> SyncState {
    for &entity in &run.entities {
        let mine: Vec<&Step> = steps.iter().filter(|step| step.entity == entity).collect();
        if mine.is_empty() || mine.iter().any(|step| matches!(step.outcome, Outcome::Skipped(_))) {
            continue;
        }
        let was_swept = mine.iter().any(|step| step.kind == StepKind::Walk);
        let swept_before = state.marks.get(entity.name()).map(|mark| mark.swept_at_ms);
        let swept_at_ms = if was_swept { now_ms } else { swept_before.unwrap_or(0) };
        let mark = Mark { watermark: run.started_at.clone(), swept_at_ms };
        state.marks.insert(entity.name().to_owned(), mark);
    }
    if run.kind == Kind::Initial && state.initial_run.is_none() {
        state.initial_run = Some(run.id.clone());
    }
    state.last_run = Some(run.id.clone());
    state
}
