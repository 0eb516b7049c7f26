//! IT Glue refused the API key: tried once, and not again before it is replaced.

use shared_core::itglue::KeyFault;
use shared_core::mail::ItGlueKeyRefused;

use super::{Block, Letter, Step, heading, link, paragraph, step, tenant};
use crate::mail::frame::{Frame, Page};

pub(super) fn refused(mail: &ItGlueKeyRefused, frame: &Frame) -> Letter {
    let opening = format!("IT Glue does not accept the API key of {} any more.", tenant(frame));
    let blocks = vec![
        paragraph(&opening),
        paragraph(format!(
            "It was tried once, on {}, and is not tried again before it is replaced. The nightly sync with Autotask goes \
             on; only new and renamed companies of IT Glue are missed. Links and everything that was loaded stay as \
             they are.",
            frame.instant(mail.at_ms)
        )),
        heading("What to do"),
        Block::Steps(steps(mail.fault, frame)),
    ];
    let title = "IT Glue refuses the API key".to_owned();
    Letter { title, summary: opening, blocks, reference: frame.tenant.to_string() }
}

fn steps(fault: KeyFault, frame: &Frame) -> Vec<Step> {
    let mut steps = vec![match fault {
        KeyFault::Refused => step(
            "In IT Glue, go to Account > Settings > API Keys. A key that was revoked, or not used for 90 days, has to be \
             made anew.",
        ),
        KeyFault::NoRights => step(
            "In IT Glue, go to Account > Settings > API Keys and make a key that may read organizations.",
        ),
        KeyFault::Address => step(
            "In IT Glue, go to Account > Settings and add our addresses to those that the API accepts; the settings page \
             names them.",
        ),
    }];
    let text = match fault {
        KeyFault::Address => "Save the same key again, so that it is tried at once.",
        _ => "Enter the new key, test it, and save.",
    };
    steps.push(Step { text: text.to_owned(), link: Some(link(frame, "Settings", Page::Settings)) });
    steps
}
