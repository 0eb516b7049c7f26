//! Reading all rows of an entity: id ranges, shared by up to three lanes.
//!
//! A lane commits one page while it fetches the next. A lane without work cuts off the upper part of the largest range;
//! the new range is stored before the giver learns of it, so whatever happens in between, no id is left out.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use shared_core::gate::MAX_LANES;
use shared_core::paging::NextStep;
use shared_core::query::id_range;
use shared_core::ranges::{Range, split_for_idle};
use shared_core::step::{Step, StepKind};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tracing::Instrument;

use super::error::EngineError;
use super::rows::Rows;
use super::task::{Task, skip_reason};
use crate::autotask::CallError;

/// The ranges of one entity and who works on them.
#[derive(Debug)]
struct Board {
    state: Mutex<State>,
    changed: Notify,
    splitting: tokio::sync::Mutex<()>,
    n_idle: AtomicUsize,
}

#[derive(Debug)]
struct State {
    steps: Vec<Step>,
    is_taken: Vec<bool>,
    n_total: Option<u64>,
}

impl Board {
    fn new(mut steps: Vec<Step>) -> Self {
        steps.sort_by_key(|step| step.range.lo);
        clip(&mut steps);
        let n_total = steps.iter().find_map(|step| step.n_total);
        let is_taken = vec![false; steps.len()];
        Self {
            state: Mutex::new(State { steps, is_taken, n_total }),
            changed: Notify::new(),
            splitting: tokio::sync::Mutex::new(()),
            n_idle: AtomicUsize::new(0),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_open(&self) -> Option<usize> {
        let mut state = self.lock();
        let at = (0..state.steps.len()).find(|&at| !state.is_taken[at] && !state.steps[at].range.is_done)?;
        state.is_taken[at] = true;
        Some(at)
    }

    fn is_anyone_busy(&self) -> bool {
        let state = self.lock();
        state.steps.iter().zip(&state.is_taken).any(|(step, &is_taken)| is_taken && !step.range.is_done)
    }

    fn n_read(&self) -> u64 {
        self.lock().steps.iter().map(|step| step.range.n_read).sum()
    }
}

/// After a crash a range may still claim what was cut off from it: the next range's begin ends it.
fn clip(steps: &mut [Step]) {
    for at in 1..steps.len() {
        let next_lo = steps[at].range.lo;
        let range = &mut steps[at - 1].range;
        range.hi = Some(range.hi.map_or(next_lo, |hi| hi.min(next_lo)));
        range.is_done |= range.cursor >= next_lo;
    }
}

impl Task {
    /// Walks the ranges until all are done or the slice ends.
    pub(crate) async fn walk(self: &Arc<Self>, steps: Vec<Step>) -> Result<Vec<Step>, EngineError> {
        let board = Arc::new(Board::new(steps));
        let mut lanes = JoinSet::new();
        for _ in 0..MAX_LANES {
            let (task, board) = (Arc::clone(self), Arc::clone(&board));
            lanes.spawn(async move { task.lane(&board).await }.in_current_span());
        }
        if board.lock().n_total.is_none() && self.may_be_long().await {
            let (task, board) = (Arc::clone(self), Arc::clone(&board));
            lanes.spawn(async move { task.count_all(&board).await }.in_current_span());
        }
        let mut outcome = Ok(());
        while let Some(lane) = lanes.join_next().await {
            let end = lane
                .map_err(|error| {
                    // What it had taken stays taken: the others must not wait for it.
                    self.context.stop();
                    board.changed.notify_waiters();
                    EngineError::Bug(format!("a lane died: {error}"))
                })
                .flatten();
            if outcome.is_ok() {
                outcome = end;
            }
        }
        outcome?;
        Ok(std::mem::take(&mut board.lock().steps))
    }

    /// Whether the rows may fill more than a page, so that their number is worth a request.
    async fn may_be_long(&self) -> bool {
        let n_live = self.known.lock().await.index.len();
        n_live == 0 || n_live >= u64::from(self.page_size())
    }

    async fn count_all(&self, board: &Board) -> Result<(), EngineError> {
        let n_total = match self.context.client.count(self.entity, &id_range(-1, None)).await {
            Ok(n_total) => n_total,
            // Without a count there is one lane and no percentage, but the rows still come.
            Err(error) if skip_reason(&error).is_some() => return Ok(()),
            Err(error) => return Err(self.stopping(error.into())),
        };
        board.lock().n_total = Some(n_total);
        self.context.note_progress(self.entity, |progress| progress.n_total = Some(n_total));
        board.changed.notify_waiters();
        Ok(())
    }

    async fn lane(self: &Arc<Self>, board: &Arc<Board>) -> Result<(), EngineError> {
        let mut n_pages = 0;
        loop {
            let changed = board.changed.notified();
            if self.context.is_stopped() || (n_pages > 0 && self.context.should_end()) {
                return Ok(());
            }
            let next = match board.take_open() {
                Some(at) => Some(at),
                None => self.cut_off(board).await.map_err(|error| self.stopping(error))?,
            };
            match next {
                Some(at) => {
                    let walked = self.walk_range(board, at, &mut n_pages).await;
                    board.lock().is_taken[at] = false;
                    board.changed.notify_waiters();
                    walked.map_err(|error| self.stopping(error))?;
                    if !board.lock().steps[at].range.is_done {
                        return Ok(());
                    }
                }
                None if board.is_anyone_busy() && !self.context.should_end() => {
                    board.n_idle.fetch_add(1, Ordering::AcqRel);
                    changed.await;
                    board.n_idle.fetch_sub(1, Ordering::AcqRel);
                }
                None => return Ok(()),
            }
        }
    }

    /// Stops the other lanes and entities on errors that concern them too.
    fn stopping(&self, error: EngineError) -> EngineError {
        let is_own_matter = matches!(&error, EngineError::Call(error) if skip_reason(error).is_some());
        if !is_own_matter || matches!(error, EngineError::Call(CallError::Credentials(_))) {
            self.context.stop();
        }
        error
    }

    async fn cut_off(&self, board: &Board) -> Result<Option<usize>, EngineError> {
        let _alone = board.splitting.lock().await;
        let n_idle = board.n_idle.load(Ordering::Acquire) + 1;
        let (victim, victim_hi, step) = {
            let state = board.lock();
            let Some(n_total) = state.n_total else { return Ok(None) };
            let ranges: Vec<Range> = state.steps.iter().map(|step| step.range.clone()).collect();
            let n_idle = n_idle.min(MAX_LANES as usize - 1);
            let Some(split) = split_for_idle(&ranges, n_total, self.page_size(), n_idle) else {
                return Ok(None);
            };
            (split.victim, split.victim_hi, Step::over(self.entity, StepKind::Walk, split.taken))
        };
        let context = &self.context;
        context.store.add_steps(&context.tenant, &context.fence, std::slice::from_ref(&step)).await?;
        let mut state = board.lock();
        state.steps[victim].range.hi = Some(victim_hi);
        state.steps.push(step);
        state.is_taken.push(true);
        Ok(Some(state.steps.len() - 1))
    }

    async fn walk_range(
        self: &Arc<Self>,
        board: &Arc<Board>,
        at: usize,
        n_pages: &mut u32,
    ) -> Result<(), EngineError> {
        let mut pending: Option<tokio::task::JoinHandle<Result<Step, EngineError>>> = None;
        loop {
            let range = board.lock().steps[at].range.clone();
            let must_end = self.context.is_stopped() || (*n_pages > 0 && self.context.should_end());
            if range.is_done || must_end {
                return finish(board, at, pending).await;
            }
            let rows = match self.fetch_range(&range).await {
                Ok(rows) => rows,
                Err(error) => {
                    // The page before is whole: let it land.
                    finish(board, at, pending).await?;
                    return Err(error);
                }
            };
            *n_pages += 1;
            tracing::debug!(entity = %self.entity, range.idx = at, range.lo, range.cursor, n_rows = rows.n_items, "page read");
            finish(board, at, pending.take()).await?;
            let (rows, step) = {
                // Not while the range is being cut: the page must end where the other lane begins.
                let _uncut = board.splitting.lock().await;
                advance(board, at, rows)
            };
            let n_read = board.n_read();
            self.context.note_progress(self.entity, |progress| progress.n_read = n_read);
            board.changed.notify_waiters();
            let task = Arc::clone(self);
            let commit = async move { task.commit_rows(rows, step, range.cursor).await };
            pending = Some(tokio::spawn(commit.in_current_span()));
        }
    }
}

impl Task {
    fn head_start(&self, range: &Range) -> Option<Rows> {
        (range.cursor < 0 && range.hi.is_none()).then(|| self.context.take_head_start(self.entity))?
    }

    async fn fetch_range(&self, range: &Range) -> Result<Rows, EngineError> {
        // What was left of the range went to another lane.
        if range.hi.is_some_and(|hi| range.cursor >= hi) {
            return Ok(Rows::none());
        }
        if let Some(rows) = self.head_start(range)
            && !self.drops_user_defined(&rows, true).await?
        {
            return Ok(rows);
        }
        self.fetch(&id_range(range.cursor, range.hi), range.cursor, range.hi).await
    }
}

/// Waits for the commit in flight and notes its counts.
async fn finish(
    board: &Board,
    at: usize,
    pending: Option<tokio::task::JoinHandle<Result<Step, EngineError>>>,
) -> Result<(), EngineError> {
    let Some(pending) = pending else { return Ok(()) };
    let step = pending.await.map_err(|error| EngineError::Bug(format!("a commit died: {error}")))??;
    let noted = &mut board.lock().steps[at];
    (noted.counts, noted.unlinked) = (step.counts, step.unlinked);
    Ok(())
}

/// Moves a range past a page and answers the step to store with it.
fn advance(board: &Board, at: usize, mut rows: Rows) -> (Rows, Step) {
    let mut state = board.lock();
    let n_total = state.n_total;
    let step = &mut state.steps[at];
    step.n_total = n_total;
    rows.truncate(step.range.hi);
    let (cursor, is_done) = match rows.next {
        NextStep::After(last) => (last, false),
        NextStep::Done(last) => (last.unwrap_or(step.range.cursor), true),
    };
    step.range.advance(rows.ids.first().copied(), cursor, rows.n_items as u64, is_done);
    let step = step.clone();
    (rows, step)
}

#[cfg(test)]
mod tests {
    use shared_core::entity::Entity;
    use shared_core::ranges::Range;
    use shared_core::step::{Step, StepKind};

    use super::clip;

    #[test]
    fn a_range_ends_where_the_next_begins() {
        let step = |lo, hi, cursor| {
            let mut range = Range::new(lo, hi);
            range.cursor = cursor;
            Step::over(Entity::Assets, StepKind::Walk, range)
        };
        let mut steps = [step(-1, None, 40), step(100, None, 700), step(500, Some(900), 600)];
        clip(&mut steps);
        let ends: Vec<_> = steps.iter().map(|step| (step.range.hi, step.range.is_done)).collect();
        assert_eq!(ends, [(Some(100), false), (Some(500), true), (Some(900), false)]);
    }
}
