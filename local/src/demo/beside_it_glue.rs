//! The chapter of a second tenant, whose companies are IT Glue's: what Autotask adds arrives for linked companies alone.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail};
use autotask_simulator::Entity as Source;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde_json::{Value, json};
use shared::store::TenantId;
use shared_core::entity::Entity;

use super::{LOOK_EVERY, PASSWORD, PATIENCE, SETTINGS, Story, USER, say};
use crate::host::api_event;

const TENANT: &str = "other";
const IT_GLUE: &str = "/v1/integrations/it-glue/settings";
const LINKS: &str = "/v1/integrations/autotask/company-links";
const RUNS: &str = "/v1/integrations/autotask/runs";
const LOOKBACK_MONTHS: i32 = 12;

type Ids = BTreeMap<i64, BTreeSet<i64>>;

/// What held of the chapter.
pub(super) struct Proof {
    pub(super) is_empty_at_first: bool,
    pub(super) is_exact: bool,
    pub(super) has_sums: bool,
}

impl Story<'_> {
    pub(super) async fn beside_it_glue(&self, api_key: &str) -> anyhow::Result<Proof> {
        say("10. A second tenant, whose companies are IT Glue's: its key is tried and saved, then the form.");
        let key = json!({"region": "us", "api_key": api_key, "version": 0});
        self.of_other("settings", "PUT", IT_GLUE, &key).await?;
        let form = json!({"active": true, "username": USER, "password": PASSWORD, "version": 0,
            "primary_source": "it_glue", "lookback_months": LOOKBACK_MONTHS,
            "pulls": {"contracts": true, "tickets": true, "opportunities": true}});
        self.of_other("settings", "PUT", SETTINGS, &form).await?;
        let first = self.run_of_other(1).await?;
        self.tell_remarks(&first);
        let is_empty_at_first = self.stored(Entity::Tickets).await?.is_empty();
        say(
            "11. \"map companies\", then Save Changes: linked companies are filled by a run within a minute.",
        );
        let linked = self.link().await?;
        let since = self.since()?;
        self.run_of_other(2).await?;
        let mut is_exact = !linked.is_empty();
        for (ours, theirs) in [
            (Entity::Tickets, Source::Tickets),
            (Entity::Contracts, Source::Contracts),
            (Entity::Opportunities, Source::Opportunities),
        ] {
            let (stored, wanted) = (self.stored(ours).await?, self.wanted(theirs, &linked, since));
            let n_records: usize = stored.values().map(BTreeSet::len).sum();
            say(&format!("   {n_records} {ours} of {} linked companies", stored.len()));
            is_exact &= stored == wanted;
        }
        let has_sums = self.has_sums().await?;
        Ok(Proof { is_empty_at_first, is_exact, has_sums })
    }

    async fn of_other(
        &self,
        function: &str,
        method: &str,
        path: &str,
        body: &Value,
    ) -> anyhow::Result<Value> {
        let answer = self.host.call(function, api_event(method, path, TENANT, body)).await?;
        let body = serde_json::from_str(answer["body"].as_str().unwrap_or_default())?;
        match answer["statusCode"].as_u64() {
            Some(200..=299) => Ok(body),
            status => bail!("{method} {path} answered {status:?}: {body}"),
        }
    }

    /// The run with this number, once it is over.
    async fn run_of_other(&self, number: usize) -> anyhow::Result<Value> {
        let ended = tokio::time::timeout(PATIENCE, async {
            loop {
                let page = self.of_other("settings", "GET", RUNS, &Value::Null).await?;
                let runs = page["runs"].as_array().cloned().unwrap_or_default();
                if runs.len() >= number && !runs[0]["ended_at"].is_null() {
                    return anyhow::Ok(runs[0].clone());
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        });
        ended.await.context("the run did not end in half an hour")?
    }

    fn tell_remarks(&self, run: &Value) {
        for note in run["notes"].as_array().into_iter().flatten() {
            say(&format!("   {}", note["text"].as_str().unwrap_or_default()));
        }
    }

    /// Saves every proposal that is good enough to be saved unseen; answers the companies.
    async fn link(&self) -> anyhow::Result<BTreeSet<i64>> {
        let proposed = self.of_other("auto-map", "POST", &format!("{LINKS}/auto-map"), &json!({})).await?;
        let proposals = proposed["proposals"].as_array().context("there are no proposals")?;
        let is_automatic = |one: &&Value| one["tier"] != "suggest";
        let change = |one: &Value| {
            let choice = json!({"is": "linked", "company_id": one["company"]["id"], "how": "auto",
                "reason": one["reason"]});
            json!({"key": one["key"], "choice": choice})
        };
        let changes: Vec<Value> = proposals.iter().filter(is_automatic).map(change).collect();
        say(&format!("   {} organizations linked", changes.len()));
        let linked = changes.iter().filter_map(|change| change["choice"]["company_id"].as_i64()).collect();
        let draft = json!({"version": 0, "changes": changes});
        self.of_other("mappings", "PUT", LINKS, &draft).await?;
        Ok(linked)
    }

    /// Tickets that were over by then are left out.
    fn since(&self) -> anyhow::Result<Timestamp> {
        let now = Timestamp::from_millisecond(self.control.now_ms())?.to_zoned(TimeZone::UTC);
        Ok(now.checked_sub(Span::new().months(LOOKBACK_MONTHS))?.timestamp())
    }

    async fn stored(&self, entity: Entity) -> anyhow::Result<Ids> {
        let docs = self.store.all_docs(&TenantId::parse(TENANT)?, entity).await?;
        let rows = docs.iter().map(|doc| serde_json::from_str(doc)).collect::<Result<Vec<Value>, _>>()?;
        Ok(by_company(rows.into_iter(), "company_id"))
    }

    fn wanted(&self, entity: Source, linked: &BTreeSet<i64>, since: Timestamp) -> Ids {
        let is_recent = |row: &Value| {
            let at = |name: &str| row[name].as_str().and_then(|text| text.parse::<Timestamp>().ok());
            at("completedDate").is_none_or(|at| at >= since) || at("createDate").is_some_and(|at| at >= since)
        };
        let rows = self.control.truth(entity).into_iter();
        let rows = rows.filter(|row| entity != Source::Tickets || is_recent(row));
        let mut found = by_company(rows, "companyID");
        found.retain(|company_id, _| linked.contains(company_id));
        found
    }

    /// Whether the sums of the company with most tickets count them all.
    async fn has_sums(&self) -> anyhow::Result<bool> {
        let stored = self.stored(Entity::Tickets).await?;
        let Some((company_id, ids)) = stored.iter().max_by_key(|(_, ids)| ids.len()) else {
            return Ok(false);
        };
        let path = format!("/v1/companies/{company_id}/rollups");
        let sums = self.of_other("mappings", "GET", &path, &Value::Null).await?;
        Ok(sums["ticket_totals"]["tickets"] == json!(ids.len()))
    }
}

fn by_company(rows: impl Iterator<Item = Value>, field: &str) -> Ids {
    let mut found = Ids::new();
    for row in rows {
        if let (Some(id), Some(company_id)) = (row["id"].as_i64(), row[field].as_i64()) {
            found.entry(company_id).or_default().insert(id);
        }
    }
    found
}
