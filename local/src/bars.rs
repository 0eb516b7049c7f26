//! Live progress on a terminal.

use std::collections::BTreeMap;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use shared_core::entity::Entity;
use shared_core::ledger::Run;
use shared_core::progress::{EntityProgress, Stage, time_left_ms};
use tokio::sync::watch;

/// Shows the run's progress until the sender is gone. Draws nothing where standard error is no terminal.
pub(crate) async fn show(mut runs: watch::Receiver<Option<Run>>) {
    let bars = MultiProgress::new();
    let summary = bars.add(ProgressBar::new_spinner());
    let mut by_entity = BTreeMap::new();
    while runs.changed().await.is_ok() {
        let Some(run) = runs.borrow_and_update().clone() else { continue };
        for progress in &run.progress {
            let bar = by_entity.entry(progress.entity).or_insert_with(|| bars.add(bar(progress.entity)));
            draw(bar, progress);
        }
        summary.set_message(headline(&run));
        summary.tick();
    }
    by_entity.values().for_each(ProgressBar::abandon);
    summary.finish_and_clear();
}

fn bar(entity: Entity) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix:>18} {bar:32} {pos:>8}/{len:<8} {msg}");
    let bar = ProgressBar::new(0).with_prefix(entity.name());
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn draw(bar: &ProgressBar, progress: &EntityProgress) {
    bar.set_length(progress.n_total.unwrap_or(progress.n_read).max(progress.n_read));
    bar.set_position(progress.n_read);
    bar.set_message(match progress.stage {
        Stage::Waiting => "waiting",
        Stage::Reading => "reading",
        Stage::CatchingUp => "catching up",
        Stage::Checking => "checking",
        Stage::Done => "done",
        Stage::Skipped => "skipped",
    });
}

fn headline(run: &Run) -> String {
    let n_requests = run.costs.n_requests();
    match time_left_ms(&run.progress, run.worked_ms) {
        Some(left_ms) if left_ms > 0 => {
            format!("{n_requests} requests, about {} s left", left_ms.div_ceil(1_000))
        }
        _ => format!("{n_requests} requests"),
    }
}
