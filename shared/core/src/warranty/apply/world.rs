//! A small Autotask in memory, and two workers that share one journal.
//!
//! It loses answers, is slow, lags behind, refuses and has other editors; it records every version of a record, and whose.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Change, Found, LAG_MS, Phase, Seen, Step, answered, may_send, next};
use crate::retry::Meaning;
use crate::warranty::dice::Dice;

const N_STEPS_AT_MOST: u32 = 3_000;
const EXECUTION_LIMIT_MS: u64 = 300_000;

/// A version of a record.
#[derive(Clone, Debug)]
pub(super) struct Version {
    pub(super) is_ours: bool,
    pub(super) before: Option<Date>,
    pub(super) after: Option<Date>,
    at_ms: u64,
}

#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) date: Option<Date>,
    n_edits: i64,
    pub(super) versions: Vec<Version>,
}

impl Item {
    fn write(&mut self, date: Option<Date>, is_ours: bool, at_ms: u64) {
        self.versions.push(Version { is_ours, before: self.date, after: date, at_ms });
        self.date = date;
        self.n_edits += 1;
    }

    pub(super) fn ours(&self) -> Vec<&Version> {
        self.versions.iter().filter(|version| version.is_ours).collect()
    }
}

/// How far the world is unkind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Faults {
    /// Others edit.
    pub(super) has_editors: bool,
    /// Others edit even between a reading and the end of the PATCH that follows it.
    pub(super) has_races: bool,
    /// Some dates are refused for good.
    pub(super) has_refusals: bool,
}

/// How a worker that forgets a rule would look at things.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Worker {
    Careful,
    /// Believes that Autotask is through at once.
    Impatient,
    /// Takes an old date for proof that nothing happened.
    BlindToStamps,
}

pub(super) struct World {
    pub(super) dice: Dice,
    pub(super) faults: Faults,
    worker: Worker,
    pub(super) now_ms: u64,
    pub(super) items: BTreeMap<i64, Item>,
    pub(super) refused: Vec<i64>,
    /// PATCHes that were sent and take effect later: when, whose, what.
    under_way: Vec<(u64, i64, Option<Date>)>,
    pub(super) journal: BTreeMap<i64, (Change, Phase)>,
    /// What each of two workers remembers of its readings; a crash empties one.
    memories: [BTreeMap<i64, Seen>; 2],
}

fn any_date(dice: &mut Dice) -> Option<Date> {
    let day = || "2026-01-01".parse::<Date>().unwrap();
    dice.below(4).checked_sub(1).map(|n| day().checked_add(jiff::Span::new().days(400 * n as i64)).unwrap())
}

impl World {
    pub(super) fn new(seed: u64, faults: Faults, worker: Worker) -> Self {
        let mut dice = Dice(seed);
        let (mut items, mut journal, mut refused) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        for id in 1..=1 + dice.below(5) as i64 {
            let from = any_date(&mut dice);
            let to = Some("2031-12-31".parse().unwrap());
            items.insert(id, Item { date: from, n_edits: 1, versions: Vec::new() });
            journal.insert(id, (Change { from, to }, Phase::START));
            if faults.has_refusals && dice.falls(20) {
                refused.push(id);
            }
        }
        let (now_ms, under_way, memories) = (1_000_000, Vec::new(), Default::default());
        Self { dice, faults, worker, now_ms, items, refused, under_way, journal, memories }
    }

    pub(super) fn pass(&mut self, ms: u64) {
        self.now_ms += ms;
        self.under_way.sort_by_key(|&(at_ms, id, _)| (at_ms, id));
        while self.under_way.first().is_some_and(|&(at_ms, _, _)| at_ms <= self.now_ms) {
            let (at_ms, id, date) = self.under_way.remove(0);
            self.items.get_mut(&id).unwrap().write(date, true, at_ms);
        }
    }

    /// Somebody else edits a record, its date or something else.
    pub(super) fn edit(&mut self) {
        let id = 1 + self.dice.below(self.items.len() as u64) as i64;
        let is_under_way = self.under_way.iter().any(|&(_, its_id, _)| its_id == id);
        if is_under_way && !self.faults.has_races {
            return;
        }
        let (now_ms, planned) = (self.now_ms, self.journal[&id].0);
        let item = self.items.get_mut(&id).unwrap();
        match self.dice.below(4) {
            0 => item.n_edits += 1,
            1 => item.write(planned.from, false, now_ms),
            2 => item.write(planned.to, false, now_ms),
            _ => item.write(any_date(&mut self.dice), false, now_ms),
        }
        if !self.faults.has_races {
            for memory in &mut self.memories {
                memory.remove(&id);
            }
        }
    }

    /// A reading; shortly after a write of ours it may still show what was there before.
    fn read(&mut self, id: i64) -> Seen {
        let item = &self.items[&id];
        let fresh =
            item.versions.last().filter(|version| version.is_ours && version.at_ms + LAG_MS > self.now_ms);
        let (date, n_edits) = match fresh {
            Some(version) if self.dice.falls(30) => (version.before, item.n_edits - 1),
            _ => (item.date, item.n_edits),
        };
        let found = Found::Record { date, stamp: Some(Timestamp::from_second(n_edits).unwrap()) };
        let read_at_ms = self.now_ms;
        self.pass(200);
        Seen { found, read_at_ms }
    }

    /// Sends a PATCH; answers what the worker hears, or none if it dies before it hears anything.
    fn send(&mut self, id: i64, date: Option<Date>) -> Option<Meaning> {
        let takes_effect =
            |world: &mut Self| world.items.get_mut(&id).unwrap().write(date, true, world.now_ms);
        let later_ms = self.now_ms + self.dice.below(EXECUTION_LIMIT_MS);
        if self.refused.contains(&id) {
            return Some(Meaning::Refused);
        }
        self.pass(300);
        match self.dice.below(12) {
            // Answer lost, PATCH done, under way, or never arrived.
            0 => takes_effect(self),
            1 => self.under_way.push((later_ms, id, date)),
            2 => {}
            // The same, and the worker dies.
            3 => {
                takes_effect(self);
                return None;
            }
            4 => {
                self.under_way.push((later_ms, id, date));
                return None;
            }
            5 => return None,
            6 => return Some(Meaning::ThreadLimit),
            // Refused in words, although it was done.
            7 => {
                takes_effect(self);
                return Some(Meaning::Refused);
            }
            _ => {
                takes_effect(self);
                return Some(Meaning::Success);
            }
        }
        self.pass(30_000);
        Some(Meaning::Transient)
    }

    fn crash(&mut self, who: usize) {
        self.memories[who].clear();
        let pause_ms = self.dice.below(400_000);
        self.pass(pause_ms);
    }

    fn step_of(&self, id: i64, who: usize) -> Step {
        let (change, phase) = &self.journal[&id];
        let mut seen = self.memories[who].get(&id).copied();
        if let (Phase::Intended(attempt) | Phase::Ambiguous(attempt), Some(seen)) = (phase, seen.as_mut()) {
            match self.worker {
                Worker::Careful => {}
                Worker::Impatient if seen.read_at_ms > attempt.at_ms => seen.read_at_ms += 400_000,
                Worker::BlindToStamps => {
                    if let Found::Record { stamp, .. } = &mut seen.found {
                        *stamp = attempt.stamp;
                    }
                }
                Worker::Impatient => {}
            }
        }
        next(phase, change, seen.as_ref(), self.now_ms)
    }

    fn record(&mut self, id: i64, phase: Phase) {
        self.journal.get_mut(&id).unwrap().1 = phase;
    }

    /// One step of one worker with one row.
    fn work(&mut self, id: i64, who: usize) {
        match self.step_of(id, who) {
            Step::Done => {}
            Step::Read => {
                let seen = self.read(id);
                self.memories[who].insert(id, seen);
            }
            Step::Wait { until_ms } => {
                let ms = until_ms - self.now_ms;
                self.pass(ms);
            }
            Step::Record(phase) => {
                if self.dice.falls(5) {
                    return self.crash(who);
                }
                self.record(id, phase);
            }
            Step::Write(intention) => self.write(id, who, intention),
        }
    }

    fn write(&mut self, id: i64, who: usize, intention: Phase) {
        let change = self.journal[&id].0;
        if self.dice.falls(5) {
            return self.crash(who);
        }
        self.record(id, intention.clone());
        if self.dice.falls(5) {
            return self.crash(who);
        }
        assert!(may_send(&intention, self.now_ms));
        let Some(meaning) = self.send(id, change.to) else { return self.crash(who) };
        if self.dice.falls(5) {
            return self.crash(who);
        }
        let (phase, _) = answered(&intention, &meaning, "no", self.now_ms);
        self.record(id, phase);
    }

    fn is_done(&self) -> bool {
        self.journal.values().all(|(_, phase)| phase.is_end())
    }

    /// Works until every row is at its end; mostly lets everything land then that might still be under way.
    pub(super) fn run(&mut self) -> Result<(), String> {
        for _ in 0..N_STEPS_AT_MOST {
            if self.is_done() {
                // Not always: what follows at once may still read what was there before.
                if self.dice.falls(50) {
                    self.pass(2 * EXECUTION_LIMIT_MS);
                }
                return Ok(());
            }
            if self.faults.has_editors && self.dice.falls(3) {
                self.edit();
            }
            let id = 1 + self.dice.below(self.items.len() as u64) as i64;
            let who = self.dice.below(2) as usize;
            self.work(id, who);
        }
        Err(format!("no end: {:?}", self.journal))
    }
}
