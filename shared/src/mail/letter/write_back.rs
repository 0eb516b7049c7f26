//! A write-back that stopped: why, what is in Autotask now, what to do.

use shared_core::mail::WriteBackStopped;
use shared_core::warranty::JobKind;
use shared_core::warranty::job::Canary;

use super::{Block, Letter, heading, link, paragraph, tenant};
use crate::mail::frame::{Frame, Page};
use crate::mail::texts::{NAME_CHARS, SENTENCE_CHARS, foreign};
use crate::mail::words;

pub(super) fn stopped(mail: &WriteBackStopped, frame: &Frame) -> Letter {
    let opening = format!(
        "The warranty write-back of {} stopped on {} and needs you.",
        tenant(frame),
        frame.instant(mail.at_ms)
    );
    let mut blocks =
        vec![paragraph(&opening), heading("Why"), paragraph(mail.stop.words_of_end(mail.is_all_back))];
    if !mail.changed.is_empty() {
        blocks.push(Block::List(mail.changed.iter().map(changed).collect()));
    }
    blocks.extend([
        heading("What is in Autotask now"),
        paragraph(state(mail)),
        paragraph(
            "This plan does not go on by itself. It shows each row with its result, the journal each write with its old \
             date, and what was written can be taken back there.",
        ),
        Block::Link(link(frame, "Open the plan", Page::WriteBackPlan(&mail.plan_id))),
    ]);
    let title = "Warranty write-back stopped".to_owned();
    Letter { title, summary: opening, blocks, reference: mail.job_id.clone() }
}

fn state(mail: &WriteBackStopped) -> String {
    let dates = words::count(mail.n_verified, "date", "dates");
    let by = foreign(&mail.by, NAME_CHARS);
    match mail.during {
        JobKind::Apply => {
            format!("Asked for by {by}: {dates} had been written and read back before it stopped.")
        }
        JobKind::Undo => format!("Asked for by {by}: {dates} had been taken back before it stopped."),
    }
}

fn changed(canary: &Canary) -> String {
    let fields = foreign(&canary.proof.changed_fields.join(", "), SENTENCE_CHARS);
    let what = if fields.is_empty() { "the date that was sent is not shown".to_owned() } else { fields };
    format!("Asset {}: {what}", canary.asset_id)
}
