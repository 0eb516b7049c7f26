//! Why an asset or a company is not shown: the chain from the source to the screen, and its first broken link.

use shared::api::{ApiError, ApiRequest, Reply, lists};
use shared::directory::CompanyRef;
use shared_core::entity::Entity;
use shared_core::facets::{AssetFacet, CompanyFacet, search_hash, search_text};
use shared_core::ledger::Run;
use shared_core::mapping::rules::{state_of, type_key, type_target};
use shared_core::mapping::{Flag, IGNORE};
use shared_core::plan::Place;

use crate::Deps;
use crate::state::State;
use crate::view::{ChainLink, Finding, FindingKind, Fix, Screen, Step, WhyView};

/// Findings of one answer.
const MAX_FINDINGS: usize = 20;

/// Carries out `GET why-missing`.
pub(crate) async fn why(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let query = lists::text(request, "query")?;
    let query = query.ok_or_else(|| ApiError::field("query", "enter a serial number, a name or an id"))?;
    let query = query.as_str();
    let state = State::load(deps, request).await?;
    let run = last_run(&state).await?;
    let mut findings = Vec::new();
    for (id, company) in companies(&state, query) {
        findings.push(company_finding(&state, id, company, run.as_ref()));
    }
    for (id, asset) in assets(&state, query) {
        findings.extend(asset_finding(&state, query, id, &asset, run.as_ref()).await?);
        if findings.len() >= MAX_FINDINGS {
            break;
        }
    }
    if findings.is_empty() {
        findings.extend(rejected(&state, query).await?);
    }
    let text = answer(query, &findings, run.as_ref(), state.scope.is_some());
    Reply::ok(&WhyView { query: query.to_owned(), findings, text })
}

async fn last_run(state: &State) -> Result<Option<Run>, ApiError> {
    let (sync, _) = state.store.sync_state(&state.tenant).await?;
    match sync.last_run {
        Some(run_id) => Ok(state.store.load_run(&state.tenant, &run_id).await?),
        None => Ok(None),
    }
}

fn companies<'s>(state: &'s State, query: &str) -> Vec<(i64, &'s CompanyFacet)> {
    let sought = search_text(query);
    let is_it =
        |id: i64, company: &CompanyFacet| id.to_string() == sought || search_text(&company.name) == sought;
    let all = state.directory.companies.iter().map(|(&id, company)| (id, company));
    all.filter(|(id, company)| is_it(*id, company)).take(MAX_FINDINGS).collect()
}

fn assets(state: &State, query: &str) -> Vec<(i64, AssetFacet)> {
    state.assets.find_assets(query.parse().ok(), search_hash(query), MAX_FINDINGS * 2)
}

fn company_finding(state: &State, id: i64, company: &CompanyFacet, run: Option<&Run>) -> Finding {
    let visible = visible(Entity::Companies, company.gone_on, None, run);
    let chain = vec![visible, shown_company(state, id)];
    finding(FindingKind::Company, id, Some(company.name.clone()), None, chain)
}

/// The asset, unless another text merely shares its hash.
async fn asset_finding(
    state: &State,
    query: &str,
    id: i64,
    asset: &AssetFacet,
    run: Option<&Run>,
) -> Result<Option<Finding>, ApiError> {
    #[derive(serde::Deserialize)]
    struct Stored {
        name: Option<String>,
        serial_number: Option<String>,
    }
    let place = Place { company_id: Some(asset.company_id), id };
    let stored = state.store.record(&state.tenant, Entity::Assets, place).await?;
    let Some((doc, gone_ms)) = stored else { return Ok(None) };
    let Ok(Stored { name, serial_number }) = serde_json::from_str(&doc) else { return Ok(None) };
    let sought = search_text(query);
    let is = |text: &Option<String>| text.as_deref().is_some_and(|text| search_text(text) == sought);
    if id.to_string() != sought && !is(&name) && !is(&serial_number) {
        return Ok(None);
    }
    let visible = visible(Entity::Assets, asset.gone_on, gone_ms, run);
    let chain = match state.scope {
        None => vec![
            visible,
            company_link(state, asset.company_id),
            type_link(state, asset),
            status_link(state, asset),
        ],
        Some(_) => vec![visible, of_it_glue()],
    };
    let company = state.directory.company(asset.company_id);
    Ok(Some(Finding { company, ..finding(FindingKind::Asset, id, name, None, chain) }))
}

fn finding(
    kind: FindingKind,
    id: i64,
    name: Option<String>,
    company: Option<CompanyRef>,
    chain: Vec<ChainLink>,
) -> Finding {
    let broken = chain.iter().find(|link| !link.is_ok).map(|link| link.step);
    Finding { kind, id, name, company, is_shown: broken.is_none(), broken, chain }
}

fn holds(step: Step, text: String) -> ChainLink {
    ChainLink { step, is_ok: true, text, fix: None }
}

fn breaks(step: Step, text: String, fix: &str, screen: Screen, key: Option<String>) -> ChainLink {
    ChainLink { step, is_ok: false, text, fix: Some(Fix { text: fix.to_owned(), screen, key }) }
}

fn visible(entity: Entity, gone_on: Option<u32>, gone_ms: Option<u64>, run: Option<&Run>) -> ChainLink {
    let day = gone_ms.map(|ms| ms / 1_000).or(gone_on.map(|day| u64::from(day) * 86_400));
    let Some(gone_s) = day else {
        let seen = run.map_or_else(String::new, |run| format!("; last compared in run {}", run.id));
        return holds(Step::Visible, format!("Autotask shows it to our API user{seen}."));
    };
    let at = i64::try_from(gone_s).ok().and_then(|s| jiff::Timestamp::from_second(s).ok());
    let day = at.map(|at| at.strftime("%Y-%m-%d").to_string()).unwrap_or_default();
    let text = format!(
        "Autotask has shown it no longer since {day}: it was deleted, or the API user may not see it."
    );
    let fix = format!(
        "Look for it in Autotask; if it is there, check what the API user's security level lets it see of {entity}."
    );
    breaks(Step::Visible, text, &fix, Screen::Settings, None)
}

fn shown_company(state: &State, id: i64) -> ChainLink {
    let Some(scope) = &state.scope else { return company_link(state, id) };
    let name = state.directory.name(id).unwrap_or("The company");
    if scope.has(id) {
        return holds(Step::Company, format!("{name} is linked to an IT Glue organization."));
    }
    let text = format!("{name} is not linked to an IT Glue organization, so nothing of it is kept.");
    breaks(Step::Company, text, "Link it to its organization.", Screen::CompanyLinks, None)
}

/// Assets that were pulled before IT Glue became the primary source.
fn of_it_glue() -> ChainLink {
    let text = "IT Glue is the primary source: assets come from there, and Autotask's are not shown.";
    breaks(Step::Visible, text.to_owned(), "Look for the asset in IT Glue.", Screen::Settings, None)
}

fn company_link(state: &State, id: i64) -> ChainLink {
    let (key, name) = (id.to_string(), state.directory.name(id).unwrap_or("Its company"));
    if state.rules().is_active(id) {
        return holds(Step::Company, format!("{name} is active in Company Mapping."));
    }
    let text = match state.companies.choice(&key) {
        Some(_) => format!("{name} is not active in Company Mapping."),
        None => format!("{name} is new in Autotask, and nobody has decided on it in Company Mapping."),
    };
    breaks(Step::Company, text, "Activate the company in Company Mapping.", Screen::Companies, Some(key))
}

fn type_link(state: &State, asset: &AssetFacet) -> ChainLink {
    let key = type_key(asset.type_id);
    let source = asset.type_id.and_then(|id| state.type_name(id));
    let (target, _) = type_target(&state.types, &key, source.as_deref());
    let name = source.as_deref().unwrap_or("(no type)");
    if target != IGNORE {
        return holds(Step::Type, format!("Its type {name} is shown as {target}."));
    }
    let text = format!("Its type {name} is set to Ignore in Asset Mapping.");
    breaks(
        Step::Type,
        text,
        "Choose another target for the type in Asset Mapping.",
        Screen::AssetTypes,
        Some(key),
    )
}

fn status_link(state: &State, asset: &AssetFacet) -> ChainLink {
    let flag = Flag::of(asset.is_active);
    let target = state_of(&state.statuses, flag);
    if target != IGNORE {
        return holds(Step::Status, format!("Its status {} is shown as {target}.", flag.name()));
    }
    let text = format!("Its status {} is set to Ignore in Asset Status Mapping.", flag.name());
    let fix = "Choose another state in Asset Status Mapping.";
    breaks(Step::Status, text, fix, Screen::AssetStatuses, Some(flag.key().to_owned()))
}

/// Records that came, but could not be used.
async fn rejected(state: &State, query: &str) -> Result<Vec<Finding>, ApiError> {
    let Ok(id) = query.parse::<i64>() else { return Ok(Vec::new()) };
    let mut findings = Vec::new();
    for (entity, kind) in [(Entity::Assets, FindingKind::Asset), (Entity::Companies, FindingKind::Company)] {
        let kept = state.store.load_rejected(&state.tenant, entity).await?;
        for rejection in kept.into_values().filter(|rejection| rejection.id == Some(id)) {
            let text = format!("Autotask sent it, but it could not be used: {}.", rejection.reason);
            let fix = "Correct the record in Autotask; every run asks for it again.";
            let broken = breaks(Step::Readable, text, fix, Screen::Runs, Some(rejection.run_id));
            findings.push(finding(kind, id, None, None, vec![broken]));
        }
    }
    Ok(findings)
}

fn answer(query: &str, findings: &[Finding], run: Option<&Run>, is_beside_it_glue: bool) -> String {
    let Some(first) = findings.iter().find(|finding| finding.broken.is_some()).or(findings.first()) else {
        let run = run.map_or_else(
            || "nothing was pulled yet".to_owned(),
            |run| format!("the last run was {}", run.id),
        );
        if is_beside_it_glue {
            return format!(
                "Autotask has never shown us a company with the name or id {query:?} ({run}). Assets and contacts come from \
                 IT Glue: look for them there."
            );
        }
        return format!(
            "Autotask has never shown us anything with the serial number, name or id {query:?} ({run}). Check the spelling, and \
             whether the API user's security level lets it see the record."
        );
    };
    match first.chain.iter().find(|link| !link.is_ok) {
        Some(broken) => broken.text.clone(),
        None => "It is shown.".to_owned(),
    }
}
