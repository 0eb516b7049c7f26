//! The two lists that are compared, and what was decided about them.

use std::collections::BTreeSet;

use shared::api::{ApiError, ApiRequest};
use shared::directory::Directory;
use shared_core::mapping::links::{Decision, Organization};
use shared_core::mapping::{Area, Book, Link, Options};
use shared_core::matching::Company;

use crate::Deps;
use crate::view::AutoMapWish;

/// A company of either list, with its id as text.
#[derive(Debug)]
struct Row {
    id: String,
    name: String,
    is_active: bool,
    is_excluded: bool,
}

/// Everything that a proposal depends on.
#[derive(Debug)]
pub(crate) struct Material {
    pub(crate) book: Book<Decision>,
    /// As stored, or as wished for.
    pub(crate) options: Options,
    pub(crate) directory: Directory,
    pub(crate) organizations: Vec<Organization>,
    left: Vec<Row>,
    right: Vec<Row>,
    links: Vec<(String, String)>,
    rejected: Vec<(String, String)>,
}

impl Material {
    pub(crate) async fn load(deps: &Deps, request: &ApiRequest, wish: AutoMapWish) -> Result<Self, ApiError> {
        let tenant = &request.caller.tenant;
        let store = deps.sessions.open(tenant, None).await?.store;
        let (book, organizations, directory) = tokio::try_join!(
            store.load_book::<Decision>(tenant, Area::CompanyLinks),
            store.load_organizations(tenant),
            Directory::load(&store, tenant),
        )?;
        let options = wish.over(&book.options);
        Ok(Self::new(book, options, organizations, directory))
    }

    fn new(
        book: Book<Decision>,
        options: Options,
        mut organizations: Vec<Organization>,
        directory: Directory,
    ) -> Self {
        organizations.sort_by_key(|one| one.id);
        let is_excluded =
            |id: &str| matches!(book.choice(id), Some(Decision { link: Some(Link::Excluded), .. }));
        let left = organizations.iter().map(|one| {
            let id = one.id.to_string();
            Row { is_excluded: is_excluded(&id), id, name: one.name.clone(), is_active: one.is_active }
        });
        let live = directory.companies.iter().filter(|(_, company)| company.gone_on.is_none());
        let right = live.map(|(id, company)| Row {
            id: id.to_string(),
            name: company.name.clone(),
            is_active: company.is_active != Some(false),
            is_excluded: company.type_id.is_some_and(|id| options.excluded_types.contains(&id)),
        });
        let (left, right) = (left.collect(), right.collect());
        let (mut links, mut rejected) = (Vec::new(), Vec::new());
        for (key, chosen) in &book.choices {
            let company_id = chosen.choice.link.as_ref().and_then(Link::company_id);
            links.extend(company_id.map(|id| (key.clone(), id.to_string())));
            rejected.extend(chosen.choice.rejected.iter().map(|id| (key.clone(), id.to_string())));
        }
        Self { book, options, directory, organizations, left, right, links, rejected }
    }

    pub(crate) fn left(&self) -> Vec<Company<'_>> {
        companies(&self.left)
    }

    pub(crate) fn right(&self) -> Vec<Company<'_>> {
        companies(&self.right)
    }

    pub(crate) fn links(&self) -> Vec<(&str, &str)> {
        pairs(&self.links)
    }

    pub(crate) fn rejected(&self) -> Vec<(&str, &str)> {
        pairs(&self.rejected)
    }

    /// Companies that organizations other than this one are linked to.
    pub(crate) fn taken(&self, key: &str) -> BTreeSet<i64> {
        let others = self.links.iter().filter(|(left, _)| left != key);
        others.filter_map(|(_, right)| right.parse().ok()).collect()
    }
}

fn companies(rows: &[Row]) -> Vec<Company<'_>> {
    rows.iter().map(Row::company).collect()
}

impl Row {
    fn company(&self) -> Company<'_> {
        Company { id: &self.id, name: &self.name, is_active: self.is_active, is_excluded: self.is_excluded }
    }
}

fn pairs(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs.iter().map(|(left, right)| (left.as_str(), right.as_str())).collect()
}
