//! Which companies a person might mean: similar names, by character n-grams over an inverted index.

use std::collections::HashMap;

use super::fold::Umlauts;
use super::grams::{GramId, Postings, Role, grams};
use super::markers::marker;
use super::name::Name;
use super::{Company, Proposal, Tier};

/// Most suggestions for one name.
const MAX_SUGGESTIONS: usize = 5;
/// Candidates that are compared gram by gram.
const N_COMPARED: usize = 32;
/// Less than this, and a person would only shake their head.
const MIN_SCORE: f32 = 0.3;
/// Suggestions stay below every automatic proposal.
const MAX_SCORE: f32 = 0.87;

/// How much of the index a search looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// For one row that somebody has opened.
    Thorough,
    /// For long lists: rare parts of the name only.
    Quick,
}

/// A company that might be meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion<'a> {
    /// The company.
    pub company: Company<'a>,
    /// How alike the names are, from 0 to 0.87.
    pub score: f32,
    /// What is alike and what is not, in words.
    pub reason: String,
}

/// Companies, ready to be searched by name.
#[derive(Debug)]
pub struct SuggestionIndex<'a> {
    companies: Vec<Company<'a>>,
    by_id: HashMap<&'a str, u32>,
    postings: Postings,
}

/// A search with its working memory, for one name after another.
#[derive(Debug)]
pub struct Search<'i, 'a> {
    index: &'i SuggestionIndex<'a>,
    n_postings: usize,
    weights: Vec<f32>,
    touched: Vec<u32>,
}

impl<'a> SuggestionIndex<'a> {
    /// Reads the companies; their order changes nothing. Excluded ones are left out.
    #[must_use]
    pub fn new(companies: &[Company<'a>]) -> Self {
        let mut companies: Vec<_> =
            companies.iter().filter(|company| !company.is_excluded).copied().collect();
        companies.sort_unstable_by_key(|company| (!company.is_active, company.name, company.id));
        let postings = Postings::new(companies.iter().map(|company| company.name));
        let by_id = companies.iter().map(|company| company.id).zip(0..).collect();
        Self { companies, by_id, postings }
    }

    /// Begins a search.
    #[must_use]
    pub fn search(&self, effort: Effort) -> Search<'_, 'a> {
        let n_postings = match effort {
            Effort::Thorough => 200_000,
            Effort::Quick => 6_000,
        };
        Search { index: self, n_postings, weights: vec![0.0; self.companies.len()], touched: Vec::new() }
    }
}

impl<'a> Search<'_, 'a> {
    /// The companies that might be meant, best first, at most five; empty when nothing is alike.
    pub fn suggest(&mut self, name: &str) -> Vec<Suggestion<'a>> {
        let read = Name::read(name, Umlauts::Bare);
        let hashes = grams(&read, Role::Asked);
        let asked = self.index.postings.known(&hashes);
        self.weigh(&asked);
        let best = self.best(&asked, hashes.len() - asked.len());
        best.into_iter().map(|(alike, row)| self.suggestion(&read, alike, row)).collect()
    }

    /// What to show for a row that needs a person: the partner that was held back, with its reason, then similar names.
    /// Empty for an automatic proposal, and when nothing is alike.
    pub fn choices(&mut self, proposal: &Proposal<'a>, name: &str) -> Vec<Suggestion<'a>> {
        if proposal.tier.is_automatic() {
            return Vec::new();
        }
        let held = proposal.right.filter(|_| proposal.tier == Tier::Suggest);
        let held = held.and_then(|id| self.index.by_id.get(id)).map(|row| Suggestion {
            company: self.index.companies[*row as usize],
            score: proposal.score,
            reason: proposal.reason.clone(),
        });
        let (first, most) = (held.as_ref().map(|it| it.company.id), held.as_ref().map_or(1.0, |it| it.score));
        let others = self.suggest(name).into_iter().filter(|it| Some(it.company.id) != first);
        let others = others.map(|it| Suggestion { score: it.score.min(most), ..it });
        held.into_iter().chain(others).take(MAX_SUGGESTIONS).collect()
    }

    /// Adds up the weights of shared grams, the rarest first, until enough was looked at.
    fn weigh(&mut self, asked: &[GramId]) {
        let postings = &self.index.postings;
        let mut by_rarity = asked.to_vec();
        by_rarity.sort_unstable_by_key(|gram| (postings.rows(*gram).len(), *gram));
        let mut n_left = self.n_postings;
        for gram in by_rarity {
            let rows = postings.rows(gram);
            if rows.len() > n_left {
                break;
            }
            n_left -= rows.len();
            let weight = postings.weight(gram);
            for row in rows {
                let sum = &mut self.weights[*row as usize];
                if *sum <= 0.0 {
                    self.touched.push(*row);
                }
                *sum += weight * weight;
            }
        }
    }

    /// The best rows with their likeness; clears the working memory.
    fn best(&mut self, asked: &[GramId], n_unknown: usize) -> Vec<(f32, u32)> {
        let postings = &self.index.postings;
        let rough = |row: u32| self.weights[row as usize] / postings.norm(row);
        let by_rough = |one: &u32, other: &u32| rough(*other).total_cmp(&rough(*one)).then(one.cmp(other));
        let mut rows = std::mem::take(&mut self.touched);
        if rows.len() > N_COMPARED {
            rows.select_nth_unstable_by(N_COMPARED, by_rough);
        }
        let norm = postings.norm_of(asked, n_unknown);
        let compared = rows.iter().take(N_COMPARED).map(|row| (postings.likeness(asked, norm, *row), *row));
        let mut best: Vec<_> = compared.filter(|(alike, _)| *alike >= MIN_SCORE).collect();
        best.sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        best.truncate(MAX_SUGGESTIONS);
        rows.iter().for_each(|row| self.weights[*row as usize] = 0.0);
        rows.clear();
        self.touched = rows;
        best
    }

    fn suggestion(&self, asked: &Name, alike: f32, row: u32) -> Suggestion<'a> {
        let company = self.index.companies[row as usize];
        Suggestion { company, score: alike.min(1.0) * MAX_SCORE, reason: reason(asked, &company, alike) }
    }
}

fn reason(asked: &Name, company: &Company<'_>, alike: f32) -> String {
    let other = Name::read(company.name, Umlauts::Bare);
    let mut text = if asked.squashed() == other.squashed() {
        match (asked.legal.to_string(), other.legal.to_string()) {
            (here, there) if here == there => "same name".to_owned(),
            (here, there) => format!("same name; legal form {here} against {there}"),
        }
    } else {
        let mut text = format!("{:.0} % alike", alike * 100.0);
        for (place, words) in [("here", only(asked, &other)), ("there", only(&other, asked))] {
            if !words.is_empty() {
                text.push_str(&format!("; only {place}: {}", words.join(" ")));
            }
        }
        text
    };
    if let Some(mark) = marker(company.name) {
        text.push_str(&format!("; marked ({mark})"));
    }
    text.push_str(if company.is_active { "" } else { "; inactive" });
    text
}

/// Words of the one name that the other has not.
fn only<'n>(one: &'n Name, other: &Name) -> Vec<&'n str> {
    let has = |head: &str| other.core.iter().any(|word| word.head() == head);
    one.core.iter().filter(|word| !has(word.head())).map(|word| &*word.text).collect()
}
