//! The chapter of the warranty write-back: dates come in, a plan is made, applied, proven and taken back.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use autotask_simulator::Entity as Source;
use serde_json::{Value, json};

use super::{LOOK_EVERY, PATIENCE, SETTINGS, Story, say, tables, warranties};

const BASE: &str = "/v1/integrations/autotask/warranty-writeback";
/// So many dates are written; a person would choose clients or rows.
const N_DATES: u64 = 40;

/// The warranty date of each asset that the simulated Autotask holds.
type Held = BTreeMap<i64, Option<String>>;

/// What held of the chapter.
pub(super) struct Proof {
    pub(super) is_plan_harmless: bool,
    pub(super) is_exact: bool,
    pub(super) is_proven: bool,
    pub(super) is_undone: bool,
}

impl Story<'_> {
    pub(super) async fn write_back(&self) -> anyhow::Result<Proof> {
        say("7. Warranty write-back: vendors' dates come in; a plan gives every asset a verdict.");
        let settings = self.call("GET", SETTINGS, &Value::Null).await?;
        self.call("PUT", SETTINGS, &switched_on(&settings)).await?;
        self.call("PUT", "/v1/warranties", &warranties::handed_over(&self.control)).await?;
        let policy = json!({"version": 0, "policy": {"cap_rows": N_DATES}});
        self.call("PUT", &format!("{BASE}/policy"), &policy).await?;
        let before = self.held();
        let plan = self.call("POST", &format!("{BASE}/plans"), &json!({})).await?;
        say(&format!("{}\n", tables::rules(&plan["rules"])));
        let is_plan_harmless = plan["n_writes"] == N_DATES && self.held() == before;
        say("8. Approved and applied: three whole records are compared before anything else is written.");
        let wish = json!({"hash": plan["hash"], "approvals": [{"all": true}]});
        let job = self.carry_out(&plan, "apply", &wish).await?;
        let is_proven = is_proven(&job);
        let wanted = self.written(before.clone()).await?;
        let is_exact = wanted != before && self.held() == wanted;
        say("9. Undo: every old date comes back.");
        self.carry_out(&plan, "undo", &json!({})).await?;
        Ok(Proof { is_plan_harmless, is_exact, is_proven, is_undone: self.held() == before })
    }

    fn held(&self) -> Held {
        let date = |asset: &Value| Some(asset["warrantyExpirationDate"].as_str()?.get(..10)?.to_owned());
        let assets = self.control.truth(Source::ConfigurationItems);
        assets.iter().filter_map(|asset| Some((asset["id"].as_i64()?, date(asset)))).collect()
    }

    /// What Autotask should hold by the word of the journal.
    async fn written(&self, mut held: Held) -> anyhow::Result<Held> {
        let journal = self.call("GET", &format!("{BASE}/journal"), &Value::Null).await?;
        let entries = journal["entries"].as_array().context("the journal has no entries")?;
        for entry in entries {
            let id: i64 = entry["asset_id"].as_str().unwrap_or_default().parse()?;
            let date = entry["new_date"].as_str().unwrap_or_default();
            held.insert(id, Some(date.to_owned()));
        }
        Ok(held)
    }

    /// Asks for a job and waits for its end.
    async fn carry_out(&self, plan: &Value, what: &str, body: &Value) -> anyhow::Result<Value> {
        let path = format!("{BASE}/plans/{}", plan["id"].as_str().unwrap_or_default());
        let asked = self.call("POST", &format!("{path}/{what}"), body).await?;
        let ended = tokio::time::timeout(PATIENCE, async {
            loop {
                let shown = self.call("GET", &path, &Value::Null).await?;
                let jobs = shown["plan"]["jobs"].as_array().cloned().unwrap_or_default();
                let job = jobs.into_iter().find(|job| job["id"] == asked["id"]);
                match job.filter(|job| !job["ended_at"].is_null()) {
                    Some(job) => return anyhow::Ok(job),
                    None => tokio::time::sleep(LOOK_EVERY).await,
                }
            }
        });
        let job = ended.await.context("the write-back did not end in half an hour")??;
        say(&format!("   {}: {}\n", job["state"].as_str().unwrap_or_default(), job["n_by_phase"]));
        if job["state"] == "done" { Ok(job) } else { bail!("the write-back stopped: {job}") }
    }
}

/// The stored settings with the write-back switched on.
fn switched_on(settings: &Value) -> Value {
    json!({"active": true, "username": settings["username"], "password": null, "version": settings["version"],
        "time_zone": settings["time_zone"], "recipients": settings["recipients"], "warranty_write_back": true})
}

/// Three records were compared whole, and on each only the date changed.
fn is_proven(job: &Value) -> bool {
    let canaries = job["canaries"].as_array().map_or(&[][..], Vec::as_slice);
    let is_clean = |canary: &Value| {
        canary["proof"]["changed_fields"] == json!([]) && canary["proof"]["shows_date"] == true
    };
    canaries.len() == 3 && canaries.iter().all(is_clean)
}
