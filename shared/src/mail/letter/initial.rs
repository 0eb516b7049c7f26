//! The first load: complete, or broken off.

use shared_core::mail::{InitialComplete, InitialFailed};

use super::{Block, Letter, Step, counts_table, heading, link, paragraph, step, tenant};
use crate::mail::frame::{Frame, Page};
use crate::mail::texts::{SENTENCE_CHARS, foreign};
use crate::mail::words;

/// Remarks that are spelled out; all of them are in the pull log.
const MAX_NOTES: usize = 12;

pub(super) fn complete(mail: &InitialComplete, frame: &Frame) -> Letter {
    let n_new: u64 = mail.entities.iter().map(|row| row.counts.created).sum();
    let n_rejected: u64 = mail.entities.iter().map(|row| row.counts.rejected).sum();
    let took = words::duration(mail.ended_ms.saturating_sub(mail.started_ms));
    let opening = format!(
        "The first load of Autotask for {} is complete: {} in {took}. It ended on {}.",
        tenant(frame),
        words::count(n_new, "new record", "new records"),
        frame.instant(mail.ended_ms),
    );
    let mut blocks = vec![
        paragraph(&opening),
        heading("What was loaded"),
        counts_table(&mail.entities),
        paragraph(rejected(n_rejected)),
    ];
    blocks.extend(notes(mail));
    blocks.push(heading("Your next three steps"));
    blocks.push(Block::Steps(next_steps(mail, n_rejected, frame)));
    blocks.push(paragraph(nights(mail, frame)));
    blocks.push(Block::Link(link(frame, "Open this sync in the pull log", Page::Run(&mail.run_id))));
    let title = match n_rejected {
        0 => "Initial sync complete".to_owned(),
        n => format!("Initial sync complete, {} rejected", words::count(n, "record", "records")),
    };
    Letter { title, summary: opening, blocks, reference: mail.run_id.clone() }
}

fn rejected(n_rejected: u64) -> String {
    match n_rejected {
        0 => "Every record could be used.".to_owned(),
        n => format!(
            "{} could not be used. Each is kept with its reason and tried again every night; all others are in.",
            words::count(n, "record", "records")
        ),
    }
}

fn notes(mail: &InitialComplete) -> Vec<Block> {
    if mail.notes.is_empty() {
        return Vec::new();
    }
    let line = |note: &shared_core::ledger::Note| {
        format!("{}: {}", words::entity(note.entity), foreign(&note.text, SENTENCE_CHARS))
    };
    let mut lines: Vec<String> = mail.notes.iter().take(MAX_NOTES).map(line).collect();
    let n_more = mail.notes.len().saturating_sub(MAX_NOTES);
    if n_more > 0 {
        lines.push(format!("{} more in the pull log.", words::number(n_more as u64)));
    }
    vec![heading("Good to know"), Block::List(lines)]
}

fn next_steps(mail: &InitialComplete, n_rejected: u64, frame: &Frame) -> Vec<Step> {
    let types = match mail.n_asset_types_to_map {
        0 => "Check the asset types: all of them are mapped.".to_owned(),
        n => format!("Map the asset types: {} a decision.", awaits(n, "asset type", "asset types")),
    };
    let companies = match mail.n_companies_to_map {
        0 => "Check the companies: all of them are mapped.".to_owned(),
        n => format!("Map the companies: {} a decision.", awaits(n, "company", "companies")),
    };
    let last = if n_rejected > 0 {
        let text = format!(
            "Look at the reasons of {}.",
            words::count(n_rejected, "rejected record", "rejected records")
        );
        Step { text, link: Some(link(frame, "Rejected records", Page::Run(&mail.run_id))) }
    } else {
        let text = "Check what active and inactive assets count as.".to_owned();
        Step { text, link: Some(link(frame, "Asset statuses", Page::AssetStatuses)) }
    };
    vec![
        Step { text: types, link: Some(link(frame, "Asset types", Page::AssetTypes)) },
        Step { text: companies, link: Some(link(frame, "Companies", Page::Companies)) },
        last,
    ]
}

fn awaits(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", words::count(n, one, many), if n == 1 { "awaits" } else { "await" })
}

fn nights(mail: &InitialComplete, frame: &Frame) -> String {
    let due =
        mail.next_night_ms.map(|at_ms| format!(", first on {}", frame.instant(at_ms))).unwrap_or_default();
    format!(
        "From now on only what changed is read, every night{due}. Mail comes only when something goes wrong or waits for your decision."
    )
}

pub(super) fn failed(mail: &InitialFailed, frame: &Frame) -> Letter {
    let opening = format!(
        "The first load of Autotask for {} broke off on {}.",
        tenant(frame),
        frame.instant(mail.at_ms)
    );
    let next = match mail.next_try_ms {
        Some(at_ms) => format!(
            "It goes on by itself on {}, from where it stopped. You need not do anything before.",
            frame.instant(at_ms)
        ),
        None => "It does not go on by itself: start it again once the cause is gone.".to_owned(),
    };
    let kept = match mail.n_records_kept {
        0 => "Nothing was stored yet.".to_owned(),
        n => format!("{} stored before are kept and not read again.", words::count(n, "record", "records")),
    };
    let advice = mail.advice.as_deref().map(|advice| step(foreign(advice, SENTENCE_CHARS)));
    let test = Step {
        text: "Press \"Test Settings\": it names what is wrong and where to change it in Autotask."
            .to_owned(),
        link: Some(link(frame, "Settings", Page::Settings)),
    };
    let again =
        step("Start the sync again from the same page, or wait for the next attempt if there is one.");
    let steps = advice.into_iter().chain([test, again]).collect();
    let blocks = vec![
        paragraph(&opening),
        heading("Why"),
        paragraph(foreign(&mail.why, SENTENCE_CHARS)),
        heading("What happens next"),
        paragraph(format!("{next} {kept}")),
        heading("What you can do"),
        Block::Steps(steps),
        Block::Link(link(frame, "Open this sync in the pull log", Page::Run(&mail.run_id))),
    ];
    let title = "Initial sync failed".to_owned();
    Letter { title, summary: opening, blocks, reference: mail.run_id.clone() }
}
