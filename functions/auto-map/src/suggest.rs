//! Companies for one row that somebody has opened.

use shared::api::{ApiError, ApiRequest, Code, Reply, lists};
use shared_core::matching::{Effort, SuggestionIndex};

use crate::Deps;
use crate::lists::Material;
use crate::routes::MAX_SUGGESTIONS;
use crate::view::{AutoMapWish, SuggestionView, SuggestionsView};

/// Carries out `GET company-links/{key}/suggestions`.
pub(crate) async fn suggest(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let key = request.path_param("key")?;
    let search = lists::text(request, "search")?;
    let limit = limit(request, if search.is_some() { 20 } else { 5 })?;
    let material = Material::load(deps, request, AutoMapWish::default()).await?;
    let organization = material.organizations.iter().find(|one| one.id.to_string() == key);
    let organization =
        organization.ok_or_else(|| ApiError::new(Code::NotFound, "there is no such organization"))?;
    let found = match &search {
        Some(text) => searched(&material, text),
        None => alike(&material, &organization.name),
    };
    let (taken, decision) = (material.taken(key), material.book.choice(key));
    let is_rejected = |id: i64| decision.is_some_and(|decision| decision.rejected.contains(&id));
    let shown = found.into_iter().filter_map(|(id, score, reason)| {
        let company = material.directory.company(id)?;
        Some(SuggestionView {
            company,
            score,
            reason,
            is_rejected: is_rejected(id),
            is_taken: taken.contains(&id),
        })
    });
    Reply::ok(&SuggestionsView { suggestions: shown.take(limit).collect() })
}

fn limit(request: &ApiRequest, default: usize) -> Result<usize, ApiError> {
    Ok(lists::number(request, "limit", 1..=MAX_SUGGESTIONS)?.unwrap_or(default))
}

type Found = Vec<(i64, f32, String)>;

fn alike(material: &Material, name: &str) -> Found {
    let right = material.right();
    let index = SuggestionIndex::new(&right);
    let found = index.search(Effort::Thorough).suggest(name);
    found.into_iter().filter_map(|one| Some((one.company.id.parse().ok()?, one.score, one.reason))).collect()
}

/// Companies with the text in name, city or id; those whose name begins with it first, active ones before others.
fn searched(material: &Material, text: &str) -> Found {
    let text = text.to_lowercase();
    let mut found: Vec<(bool, bool, String, i64)> = Vec::new();
    for (&id, company) in &material.directory.companies {
        let (name, city) =
            (company.name.to_lowercase(), company.city.as_deref().unwrap_or_default().to_lowercase());
        if company.gone_on.is_none()
            && (name.contains(&text) || city.contains(&text) || id.to_string() == text)
        {
            found.push((!name.starts_with(&text), company.is_active == Some(false), name, id));
        }
    }
    found.sort_unstable();
    found.into_iter().map(|(_, _, _, id)| (id, 0.0, String::new())).collect()
}
