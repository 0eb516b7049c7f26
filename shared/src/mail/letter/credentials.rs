//! The login was refused: tried once, and not again before the settings change.

use shared_core::mail::CredentialsRefused;
use shared_core::run::Kind;

use super::{Block, Letter, Step, heading, link, paragraph, step, tenant};
use crate::mail::frame::{Frame, Page};
use crate::mail::texts::{NAME_CHARS, foreign};

/// Addresses that are spelled out.
const MAX_ADDRESSES: usize = 8;

pub(super) fn refused(mail: &CredentialsRefused, frame: &Frame) -> Letter {
    let work = match mail.during {
        Kind::Initial => "initial sync",
        Kind::Nightly => "nightly sync",
    };
    let opening = format!("Autotask refused the API user of {} at the start of the {work}.", tenant(frame));
    let blocks = vec![
        paragraph(&opening),
        paragraph(tried(mail, frame)),
        heading("What it can be"),
        paragraph("Autotask does not tell which of these it is:"),
        Block::List(causes()),
        heading("What to do"),
        Block::Steps(steps(frame)),
        paragraph(
            "The data loaded so far stays as it is. What was missed is caught up by itself afterwards.",
        ),
        Block::Link(link(frame, "Open the settings", Page::Settings)),
    ];
    let title = "Autotask refuses the login, sync stopped".to_owned();
    Letter { title, summary: opening, blocks, reference: mail.run_id.clone() }
}

fn tried(mail: &CredentialsRefused, frame: &Frame) -> String {
    let from: Vec<String> =
        frame.egress_addresses.iter().take(MAX_ADDRESSES).map(|one| foreign(one, NAME_CHARS)).collect();
    let from = if from.is_empty() { String::new() } else { format!(", from {}", from.join(", ")) };
    let last = match mail.last_success_ms {
        Some(at_ms) => format!(" The last login that worked was on {}.", frame.instant(at_ms)),
        None => String::new(),
    };
    format!(
        "We tried once, on {}{from}. Nothing more is tried until the settings change. One attempt does not lock a \
         user: if it is locked, another program keeps using an old password.{last}",
        frame.instant(mail.at_ms)
    )
}

fn causes() -> Vec<String> {
    [
        "The password was changed or has expired.",
        "The API user was locked after wrong passwords of any program, or was made inactive.",
        "The user name was changed.",
        "The API user's tracking identifier is no longer Lifecycle Insights.",
    ]
    .map(str::to_owned)
    .into()
}

fn steps(frame: &Frame) -> Vec<Step> {
    vec![
        step("In Autotask, go to Admin > Resources/Users (HR) > Resources/Users and open the API user."),
        step("If it is locked, unlock it there; if it is inactive, make it active."),
        step(
            "Compare the user name and the API tracking identifier with the settings, and generate a new password \
             if in doubt.",
        ),
        Step {
            text: "Enter what changed, press \"Test Settings\" once, and save.".to_owned(),
            link: Some(link(frame, "Settings", Page::Settings)),
        },
    ]
}
