//! Pairing by ever looser keys, each only where it is unique among all rows of both lists.

use std::collections::{HashMap, HashSet};

use super::families::Families;
use super::legal::Fit;
use super::name::{CoreWord, Key};
use super::rows::{Level, Row, Side, read};
use super::tables::Meaning;
use super::{Lists, Proposal, reason};

/// Number of a row, left ones first.
pub(super) type RowId = u32;

/// How a pair was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// By a key of this level.
    Equal(Level),
    /// One writes ue for ü.
    Umlaut,
    /// Parts stand in another order.
    Order,
    /// One has small words (of, at) that the other leaves out.
    SmallWords,
    /// One slip, in these words of the core.
    Slip(usize),
}

/// Why a pair is left to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hurdle {
    /// Another row is as near.
    Ambiguous,
    /// The right company is inactive or left out.
    Barred,
    /// Two forms that one company cannot have.
    Forms,
    /// What one leaves off may not be a legal form.
    DoubtfulForm,
    /// Other companies begin with this name and have other forms: there the form tells who is who.
    Family,
    /// The name is made of words that very many names have.
    Anybodys,
    /// The tenant wants to see legal forms against none.
    Strict,
    /// An abbreviation of one stands for something else in the other.
    Readings,
    /// Refused before.
    Rejected,
    /// The right company is linked already.
    Taken,
}

/// What is known of a left row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing yet.
    Open,
    /// It has a partner.
    Paired(RowId, Step),
    /// Its likely partner, and why it is not proposed.
    Held(RowId, Hurdle),
}

/// All rows and what is known of them.
#[derive(Debug)]
pub(super) struct Board<'a> {
    /// The rows, left ones first.
    pub(super) rows: Vec<Row<'a>>,
    /// By row; of right rows only whether they are paired or held.
    pub(super) states: Vec<State>,
    rejected: HashSet<(&'a str, &'a str)>,
    is_strict: bool,
    families: Families,
    runners_up: HashMap<RowId, RowId>,
}

/// Number of a row, as an index.
pub(super) fn at(row: RowId) -> usize {
    row as usize
}

impl<'a> Board<'a> {
    /// Reads the lists.
    pub(super) fn new(lists: &Lists<'a>) -> Self {
        let rows = read(lists);
        Self {
            states: vec![State::Open; rows.len()],
            families: Families::of(&rows),
            rows,
            rejected: lists.rejected.iter().copied().collect(),
            is_strict: lists.is_strict,
            runners_up: HashMap::new(),
        }
    }

    /// Rows that are compared, sorted by a key of theirs.
    pub(super) fn sorted_by(&self, key: impl Fn(&Row<'a>) -> Option<Key>) -> Vec<(Key, RowId)> {
        let compared = self.rows.iter().zip(0..).filter(|(row, _)| row.is_compared());
        let mut keyed: Vec<_> = compared.filter_map(|(row, id)| Some((key(row)?, id))).collect();
        keyed.sort_unstable();
        keyed
    }

    /// Goes through the levels, the tightest first.
    pub(super) fn pair_equals(&mut self) {
        for level in Level::ALL {
            let keyed = self.sorted_by(|row| Some(row.key(level)));
            for group in keyed.chunk_by(|one, other| one.0 == other.0).filter(|group| group.len() > 1) {
                let ids: Vec<RowId> = group.iter().map(|(_, id)| *id).collect();
                self.pair_group(&ids, level);
            }
        }
    }

    fn pair_group(&mut self, group: &[RowId], level: Level) {
        let of = |side: Side, is_open: bool| -> Vec<RowId> {
            let rows = group.iter().copied().map(|id| (id, &self.rows[at(id)]));
            rows.filter(|(_, row)| row.side == side && row.is_open() == is_open).map(|(id, _)| id).collect()
        };
        let (lefts, rights) = (of(Side::Left, true), of(Side::Right, true));
        match (lefts.as_slice(), rights.as_slice()) {
            ([left], [right]) => self.pair(*left, *right, Step::Equal(level)),
            ([], []) => {}
            (_, []) => self.hold_all(&lefts, &of(Side::Right, false), Hurdle::Barred),
            ([], _) => self.hold_all(&rights, &of(Side::Left, false), Hurdle::Barred),
            _ => self.hold_all(&lefts, &rights, Hurdle::Ambiguous),
        }
        if level == Level::Core {
            self.note_runners_up(&lefts, &rights);
        }
    }

    /// Pairs two rows that nothing rivals, unless something speaks against it.
    pub(super) fn pair(&mut self, left: RowId, right: RowId, step: Step) {
        if self.states[at(left)] != State::Open || self.states[at(right)] != State::Open {
            return;
        }
        match self.hurdle(left, right, step) {
            None => {
                self.states[at(left)] = State::Paired(right, step);
                self.states[at(right)] = State::Paired(left, step);
            }
            Some(hurdle) => self.states[at(left)] = State::Held(right, hurdle),
        }
    }

    fn hurdle(&self, left: RowId, right: RowId, step: Step) -> Option<Hurdle> {
        let (left, right) = (&self.rows[at(left)], &self.rows[at(right)]);
        let is_text = matches!(step, Step::Equal(Level::Text | Level::Caseless | Level::Folded));
        let fit = left.name.legal.fit(&right.name.legal);
        if self.rejected.contains(&(left.company.id, right.company.id)) {
            return Some(Hurdle::Rejected);
        }
        if left.is_linked != right.is_linked && right.is_linked {
            return Some(Hurdle::Taken);
        }
        match fit {
            _ if is_text => None,
            _ if !do_readings_agree(&left.name.core, &right.name.core, step) => Some(Hurdle::Readings),
            Fit::Same => None,
            Fit::LeftOff if self.is_strict => Some(Hurdle::Strict),
            Fit::LeftOff if self.families.is_mixed(&self.rows, left, right) => Some(Hurdle::Family),
            Fit::LeftOff if self.families.is_anybodys(left) => Some(Hurdle::Anybodys),
            Fit::LeftOff => None,
            Fit::Doubtful => Some(Hurdle::DoubtfulForm),
            Fit::Conflict => Some(Hurdle::Forms),
        }
    }

    /// Holds the open ones of `rows`: the first of `others` is what a person would look at.
    fn hold_all(&mut self, rows: &[RowId], others: &[RowId], hurdle: Hurdle) {
        let Some(first) = others.iter().copied().min_by_key(|id| self.rows[at(*id)].rank()) else { return };
        for row in rows {
            let state = &mut self.states[at(*row)];
            if *state == State::Open {
                *state = State::Held(first, hurdle);
            }
        }
    }

    fn note_runners_up(&mut self, lefts: &[RowId], rights: &[RowId]) {
        let mut ranked = rights.to_vec();
        ranked.sort_unstable_by_key(|id| self.rows[at(*id)].rank());
        for left in lefts {
            let (State::Paired(partner, _) | State::Held(partner, _)) = self.states[at(*left)] else {
                continue;
            };
            if let Some(second) = ranked.iter().find(|right| **right != partner) {
                self.runners_up.insert(*left, *second);
            }
        }
    }

    /// What is proposed for each left row.
    pub(super) fn proposals(&self) -> Vec<Proposal<'a>> {
        let left = self.rows.iter().zip(0..).take_while(|(row, _)| row.side == Side::Left);
        let asked = left.filter(|(row, _)| !row.is_linked && !row.company.is_excluded);
        asked.map(|(row, id)| self.proposal(row, id)).collect()
    }

    fn proposal(&self, row: &Row<'a>, id: RowId) -> Proposal<'a> {
        let partner = match self.states[at(id)] {
            State::Open => None,
            State::Paired(right, _) | State::Held(right, _) => Some(&self.rows[at(right)]),
        };
        let verdict = reason::verdict(row, partner, self.states[at(id)]);
        let runner_up = self.runners_up.get(&id).map(|right| self.rows[at(*right)].company.id);
        Proposal {
            left: row.company.id,
            tier: verdict.tier,
            right: partner.map(|right| right.company.id),
            score: verdict.score,
            reason: verdict.reason,
            is_ambiguous: matches!(self.states[at(id)], State::Held(_, Hurdle::Ambiguous)),
            runner_up,
        }
    }
}

/// True unless an abbreviation of one name stands for something else than the word in its place in the other.
fn do_readings_agree(left: &[CoreWord], right: &[CoreWord], step: Step) -> bool {
    let is_slip = |position: usize| step == Step::Slip(position);
    let families = |core: &[CoreWord]| -> Vec<Meaning> {
        let kept = core.iter().enumerate().filter(|(position, _)| !is_slip(*position));
        kept.filter_map(|(_, word)| word.meaning).collect()
    };
    let (left, right) = (families(left), families(right));
    left.iter().all(|one| is_met(*one, &right)) && right.iter().all(|one| is_met(*one, &left))
}

fn is_met(one: Meaning, others: &[Meaning]) -> bool {
    let mut same = others.iter().filter(|other| other.head == one.head).peekable();
    // The other name may write the family's first word in pieces: North West.
    if same.peek().is_none() {
        one.readings & 1 != 0
    } else {
        same.any(|other| one.readings & other.readings != 0)
    }
}
