//! What a night found that waits for a decision.

use shared_core::mail::Digest;
use shared_core::mail::digest::Fresh;

use super::{Block, Letter, Step, heading, link, paragraph, tenant};
use crate::mail::frame::{Frame, Page};
use crate::mail::texts::{NAME_CHARS, foreign};
use crate::mail::words;

pub(super) fn found(mail: &Digest, frame: &Frame) -> Letter {
    let (types, companies) = (&mail.news.types, &mail.news.companies);
    let counted = [
        (types.n, words::count(types.n, "asset type", "asset types")),
        (companies.n, words::count(companies.n, "company", "companies")),
    ];
    let new: Vec<String> = counted.into_iter().filter(|(n, _)| *n > 0).map(|(_, text)| text).collect();
    let new = new.join(" and ");
    let opening = format!(
        "The sync of {} on {} found {new} that nobody has decided about yet.",
        tenant(frame),
        frame.instant(mail.at_ms)
    );
    let mut blocks = vec![paragraph(&opening)];
    blocks.extend(part("New asset types", types));
    blocks.extend(part("New companies", companies));
    blocks.push(heading("What to decide"));
    blocks.push(Block::Steps(steps(types, companies, frame)));
    blocks.push(paragraph("Each of them is told by mail once; until you decide, it stays in the inbox."));
    blocks.push(Block::Link(link(frame, "Open this sync in the pull log", Page::Run(&mail.run_id))));
    let title = format!("New in Autotask: {new}");
    Letter { title, summary: opening, blocks, reference: mail.run_id.clone() }
}

fn part(title: &str, fresh: &Fresh) -> Vec<Block> {
    if fresh.n == 0 {
        return Vec::new();
    }
    let mut lines: Vec<String> = fresh.names.iter().map(|name| foreign(name, NAME_CHARS)).collect();
    let n_more = fresh.n.saturating_sub(lines.len() as u64);
    if n_more > 0 {
        lines.push(format!("and {} more", words::number(n_more)));
    }
    vec![heading(title), Block::List(lines)]
}

fn steps(types: &Fresh, companies: &Fresh, frame: &Frame) -> Vec<Step> {
    let of_types = Step {
        text: "Choose what the asset types are shown as. Until then their name decides, and nothing is left out."
            .to_owned(),
        link: Some(link(frame, "Asset types", Page::AssetTypes)),
    };
    let of_companies = Step {
        text: "Choose which of the companies are active. Until then their assets are stored, but not shown."
            .to_owned(),
        link: Some(link(frame, "Companies", Page::Companies)),
    };
    let all = [(types.n, of_types), (companies.n, of_companies)];
    all.into_iter().filter(|(n, _)| *n > 0).map(|(_, step)| step).collect()
}
