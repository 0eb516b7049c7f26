//! Nights: failing, switched off, healed, held by the brake.

use shared_core::mail::{Disabled, Healed, Held, HeldEntity, NightlyFailing, Trouble};

use super::{Block, Letter, Step, Table, counts_table, heading, link, paragraph, step, tenant};
use crate::mail::frame::{Frame, Page};
use crate::mail::texts::{SENTENCE_CHARS, foreign};
use crate::mail::words;

pub(super) fn failing(mail: &NightlyFailing, frame: &Frame) -> Letter {
    let nights = words::count(mail.n_nights.into(), "night", "nights");
    let opening = format!("The nightly sync of Autotask for {} has failed for {nights}.", tenant(frame));
    let since =
        format!("It has failed since {}; {}", frame.instant(mail.since_ms), last_success(mail, frame));
    let next = mail.next_try_ms.map(|at_ms| format!("The next attempt is on {}. ", frame.instant(at_ms)));
    let limit = words::count(mail.n_nights_until_disabled.into(), "failed night", "failed nights");
    let outlook = format!(
        "{}After {limit} in a row the integration is switched off. The data stays as it was loaded last.",
        next.unwrap_or_default()
    );
    let blocks = vec![
        paragraph(&opening),
        paragraph(since),
        heading("Why the last one failed"),
        paragraph(foreign(&mail.why, SENTENCE_CHARS)),
        heading("What happens next"),
        paragraph(outlook),
        heading("What you can do"),
        Block::Steps(test_and_run(frame)),
        Block::Link(link(frame, "Open this sync in the pull log", Page::Run(&mail.run_id))),
    ];
    let title = format!("Nightly sync failing for {nights}");
    Letter { title, summary: opening, blocks, reference: mail.run_id.clone() }
}

fn last_success(mail: &NightlyFailing, frame: &Frame) -> String {
    match mail.last_success_ms {
        Some(at_ms) => format!("the last sync that worked ended on {}.", frame.instant(at_ms)),
        None => "no sync has worked before.".to_owned(),
    }
}

fn test_and_run(frame: &Frame) -> Vec<Step> {
    vec![
        Step {
            text: "Press \"Test Settings\": it names what is wrong and where to change it in Autotask."
                .to_owned(),
            link: Some(link(frame, "Settings", Page::Settings)),
        },
        step("Press \"Run now\" on the same page instead of waiting for the night."),
    ]
}

pub(super) fn disabled(mail: &Disabled, frame: &Frame) -> Letter {
    let nights = words::count(mail.n_nights.into(), "night", "nights");
    let opening = format!(
        "The Autotask integration of {} was switched off on {}, after {nights} that failed since {}.",
        tenant(frame),
        frame.instant(mail.at_ms),
        frame.instant(mail.since_ms)
    );
    let on_again = Step {
        text: "Tick \"Autotask Integration Active\" and save. What was missed is caught up at once."
            .to_owned(),
        link: None,
    };
    let mut steps = test_and_run(frame);
    steps.truncate(1);
    steps.push(on_again);
    let blocks = vec![
        paragraph(&opening),
        heading("Why the last one failed"),
        paragraph(foreign(&mail.why, SENTENCE_CHARS)),
        heading("What this means"),
        paragraph("Nothing is read from Autotask any more. The data stays as it was loaded last."),
        heading("How to switch it on again"),
        Block::Steps(steps),
        Block::Link(link(frame, "Open the settings", Page::Settings)),
    ];
    let title = "Integration switched off".to_owned();
    Letter { title, summary: opening, blocks, reference: mail.run_id.clone() }
}

pub(super) fn healed(mail: &Healed, frame: &Frame) -> Letter {
    let (what, title) = match mail.trouble {
        Trouble::Credentials => ("Autotask accepts the login again", "Login works again, sync caught up"),
        Trouble::Failures => ("The nightly sync works again", "Nightly sync works again"),
    };
    let lasted = words::duration(mail.at_ms.saturating_sub(mail.since_ms));
    let opening = format!("{what} for {}, since {}.", tenant(frame), frame.instant(mail.at_ms));
    let missed = match mail.n_nights_missed {
        0 => "No night was missed.".to_owned(),
        n => format!("{} did not succeed meanwhile.", words::count(n.into(), "night", "nights")),
    };
    let blocks = vec![
        paragraph(&opening),
        paragraph(format!(
            "The trouble began on {} and lasted {lasted}. {missed}",
            frame.instant(mail.since_ms)
        )),
        heading("What was caught up"),
        counts_table(&mail.entities),
        paragraph("You need not do anything."),
        Block::Link(link(frame, "Open this sync in the pull log", Page::Run(&mail.run_id))),
    ];
    Letter { title: title.to_owned(), summary: opening, blocks, reference: mail.run_id.clone() }
}

pub(super) fn held(mail: &Held, frame: &Frame) -> Letter {
    let n_missing: u64 = mail.entities.iter().map(|one| one.n_missing).sum();
    let records = words::count(n_missing, "record", "records");
    let opening = format!(
        "On {} Autotask showed {records} of {} no longer. That is more than can be taken for deletions, so nothing \
         was removed.",
        frame.instant(mail.at_ms),
        tenant(frame)
    );
    let steps = vec![
        step(
            "If nobody deleted them: check the API user's security level in Autotask. Rights that were taken away \
             look just like deletions. Once they are back, the next night goes on by itself.",
        ),
        Step {
            text: "If they really were deleted: confirm the deletions in the pull log.".to_owned(),
            link: Some(link(frame, "Confirm or reject", Page::Run(&mail.run_id))),
        },
    ];
    let blocks = vec![
        paragraph(&opening),
        heading("What is held"),
        held_table(&mail.entities),
        paragraph(
            "All of these records are kept and shown as before. New and changed records were loaded as usual.",
        ),
        heading("What to decide"),
        Block::Steps(steps),
        Block::Link(link(frame, "Open this sync in the pull log", Page::Run(&mail.run_id))),
    ];
    let title = format!("Sync held: {records} would vanish");
    Letter { title, summary: opening, blocks, reference: mail.run_id.clone() }
}

fn held_table(entities: &[HeldEntity]) -> Block {
    let row = |one: &HeldEntity| {
        vec![words::entity(one.entity).to_owned(), words::number(one.n_missing), words::number(one.n_live)]
    };
    Block::Table(Table {
        columns: vec!["Records", "Would vanish", "Of"],
        rows: entities.iter().map(row).collect(),
    })
}
