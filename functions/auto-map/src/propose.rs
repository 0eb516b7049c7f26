//! "map companies": proposals for all organizations that have no link.

use shared::api::{ApiError, ApiRequest, Reply};
use shared_core::matching::{self, Lists, Proposal};

use crate::Deps;
use crate::lists::Material;
use crate::view::{AutoMapWish, ProposalCounters, ProposalView, ProposalsView, Tier};

/// Carries out `POST company-links/auto-map`.
pub(crate) async fn propose(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let wish: AutoMapWish = request.json()?;
    let material = Material::load(deps, request, wish).await?;
    let is_strict = material.options.is_strict;
    let (left, right) = (material.left(), material.right());
    let (links, rejected) = (material.links(), material.rejected());
    let lists = Lists { left: &left, right: &right, links: &links, rejected: &rejected, is_strict };
    let mut counters = ProposalCounters::default();
    let mut proposals = Vec::new();
    for proposal in matching::propose(&lists) {
        count(&mut counters, &proposal);
        proposals.extend(shown(&material, proposal));
    }
    Reply::ok(&ProposalsView { version: material.book.version, counters, proposals })
}

fn count(counters: &mut ProposalCounters, proposal: &Proposal<'_>) {
    let tier = proposal.tier;
    counters.ambiguous += u64::from(proposal.is_ambiguous);
    counters.auto += u64::from(tier.is_automatic());
    *match tier {
        matching::Tier::Exact => &mut counters.exact,
        matching::Tier::Near => &mut counters.near,
        matching::Tier::Fuzzy => &mut counters.fuzzy,
        matching::Tier::Suggest => &mut counters.suggest,
        matching::Tier::None => &mut counters.none,
    } += 1;
}

fn shown(material: &Material, proposal: Proposal<'_>) -> Option<ProposalView> {
    let company = |id: &str| material.directory.company(id.parse().ok()?);
    Some(ProposalView {
        key: proposal.left.to_owned(),
        tier: Tier::of(proposal.tier)?,
        score: proposal.score,
        reason: proposal.reason,
        is_ambiguous: proposal.is_ambiguous,
        company: company(proposal.right?)?,
        runner_up: proposal.runner_up.and_then(company),
    })
}
