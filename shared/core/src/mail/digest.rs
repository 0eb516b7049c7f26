//! What a night found that somebody has to decide about, told once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::facets::CompanyFacet;
use crate::mapping::companies::{first_choice, is_candidate};
use crate::mapping::rules::type_key;
use crate::mapping::{Activation, Book};

/// Names that a digest tells; of the others it tells how many.
const MAX_NAMES: usize = 10;

/// What a night found that somebody has to decide about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// The run.
    pub run_id: String,
    /// When it ended.
    pub at_ms: u64,
    /// What it found.
    pub news: News,
}

/// New rows that wait for a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// Asset types.
    pub types: Fresh,
    /// Companies that could be clients.
    pub companies: Fresh,
}

/// New rows of one mapping.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fresh {
    /// How many there are.
    pub n: u64,
    /// Names of the first ones.
    pub names: Vec<String>,
}

/// The largest ids that digests have told of. Autotask gives ids in ascending order, so what is above them is new.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Of asset types.
    pub type_id: i64,
    /// Of companies.
    pub company_id: i64,
}

/// What news are looked for in.
#[derive(Debug)]
pub struct Sources<'a> {
    /// Names of Autotask's asset types.
    pub type_names: &'a BTreeMap<i64, String>,
    /// Choices for them.
    pub types: &'a Book<String>,
    /// Companies of Autotask's, those that are gone among them.
    pub companies: &'a BTreeMap<i64, CompanyFacet>,
    /// Choices for them.
    pub activations: &'a Book<Activation>,
}

impl News {
    /// Whether there is nothing to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.types.n + self.companies.n == 0
    }
}

impl Fresh {
    fn of(rows: &[(i64, &str)]) -> Self {
        let names = rows.iter().take(MAX_NAMES).map(|(_, name)| (*name).to_owned());
        Self { n: rows.len() as u64, names: names.collect() }
    }
}

impl Sources<'_> {
    /// What nobody was told of and nobody decided about, and what is told once that is done.
    #[must_use]
    pub fn news(&self, told: Told) -> (News, Told) {
        let types: Vec<(i64, &str)> = self.new_types(told.type_id).collect();
        let companies = self.new_companies(told.company_id);
        let last = |rows: &[(i64, &str)], before: i64| rows.iter().map(|row| row.0).fold(before, i64::max);
        let after =
            Told { type_id: last(&types, told.type_id), company_id: last(&companies, told.company_id) };
        (News { types: Fresh::of(&types), companies: Fresh::of(&companies) }, after)
    }

    fn new_types(&self, told_id: i64) -> impl Iterator<Item = (i64, &str)> {
        let rows = self.type_names.iter().filter(move |(id, _)| **id > told_id);
        rows.filter(|(id, _)| self.types.is_new(&type_key(Some(**id)))).map(|(&id, name)| (id, name.as_str()))
    }

    /// Those that the first load would have chosen: of leads and vendors nobody wants mail.
    fn new_companies(&self, told_id: i64) -> Vec<(i64, &str)> {
        if self.activations.version == 0 {
            return Vec::new();
        }
        let live: Vec<(i64, &CompanyFacet, u64)> = self
            .companies
            .iter()
            .filter(|(_, company)| company.gone_on.is_none())
            .map(|(&id, company)| (id, company, 0))
            .collect();
        let clients = first_choice(&live, None);
        let is_news = |id: i64, company: &CompanyFacet| {
            id > told_id
                && is_candidate(company)
                && clients.get(&id) == Some(&Activation::Active)
                && self.activations.choice(&id.to_string()).is_none()
        };
        let news = live.into_iter().filter(|&(id, company, _)| is_news(id, company));
        news.map(|(id, company, _)| (id, company.name.as_str())).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Sources, Told};
    use crate::facets::CompanyFacet;
    use crate::mapping::{Activation, Book, Change, Save};

    fn saved<C: Clone + PartialEq>(rows: &[(&str, C)]) -> Book<C> {
        let change =
            |(key, choice): &(&str, C)| Change { key: (*key).to_owned(), choice: Some(choice.clone()) };
        let changes: Vec<Change<C>> = rows.iter().map(change).collect();
        Book::default().after(&changes, Save { at: String::new(), by: String::new() }, |_| String::new()).0
    }

    fn company(name: &str, type_id: i64) -> CompanyFacet {
        CompanyFacet { name: name.to_owned(), type_id: Some(type_id), ..CompanyFacet::default() }
    }

    #[test]
    fn what_is_new_is_told_once() {
        let type_names = BTreeMap::from([(1, "Server".to_owned()), (7, "Robot".to_owned())]);
        let companies = BTreeMap::from([
            (0, company("MSP", 1)),
            (4, company("Old", 1)),
            (5, company("Lead", 2)),
            (6, company("New", 1)),
            (8, CompanyFacet { gone_on: Some(1), ..company("Gone", 1) }),
            (9, CompanyFacet { is_active: Some(false), ..company("Asleep", 1) }),
        ]);
        let types = saved(&[("1", "server".to_owned())]);
        let activations = saved(&[("4", Activation::Active)]);
        let sources = Sources {
            type_names: &type_names,
            types: &types,
            companies: &companies,
            activations: &activations,
        };
        let (news, told) = sources.news(Told::default());
        assert_eq!((news.types.n, news.types.names), (1, vec!["Robot".to_owned()]));
        assert_eq!((news.companies.n, news.companies.names), (1, vec!["New".to_owned()]));
        assert_eq!(told, Told { type_id: 7, company_id: 6 });
        let (again, still) = sources.news(told);
        assert!(again.is_empty());
        assert_eq!(still, told);
    }

    #[test]
    fn before_the_first_choice_nothing_is_new() {
        let type_names = BTreeMap::from([(1, "Server".to_owned())]);
        let companies = BTreeMap::from([(4, company("Client", 1))]);
        let (types, activations) = (Book::default(), Book::default());
        let sources = Sources {
            type_names: &type_names,
            types: &types,
            companies: &companies,
            activations: &activations,
        };
        assert!(sources.news(Told::default()).0.is_empty());
    }
}
