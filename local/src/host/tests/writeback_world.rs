//! Warranty write-back in one process: dates in, plans, jobs, and what Autotask holds then.

use std::collections::BTreeMap;

use autotask_simulator::{CallKind, Config as Source, Entity, Sizes};
use serde_json::{Map, Value, json};

use super::calls::{TENANT, event};
use super::world::{MINUTE_MS, World, doorbell_for};

const BASE: &str = "/v1/integrations/autotask/warranty-writeback";
/// More minutes than any job here takes.
const MAX_MINUTES: usize = 120;

/// A record without its date and Autotask's stamps, its date, and how often it was written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Truth {
    pub(super) others: Map<String, Value>,
    pub(super) date: Option<String>,
    pub(super) version: u32,
}

/// Some 60 assets; enough of them are to be written.
pub(super) fn some_assets(n_assets: usize) -> Source {
    let sizes = Sizes {
        companies: 5,
        contacts: 4,
        assets: n_assets,
        products: 3,
        contracts: 1,
        tickets: 1,
        opportunities: 1,
        resources: 2,
    };
    Source { sizes, ..Source::small() }
}

impl World {
    /// Sets the tenant up with the write-back switched on, and loads it.
    pub(super) async fn with_write_back(source: Source) -> Self {
        let world = Self::on(source).await;
        world.load().await;
        let (status, settings) = world.save(json!({"warranty_write_back": true, "password": null})).await;
        assert_eq!(status, 200, "{settings}");
        let (status, saved) = world.policy(json!({"skips_junk_serials": false, "mode": "always"})).await;
        assert_eq!(status, 200, "{saved}");
        world
    }

    /// Calls the function; a path from the root begins with a slash.
    pub(super) async fn warranty_as(
        &self,
        role: &str,
        method: &str,
        path: &str,
        query: &str,
        body: &Value,
    ) -> (u64, Value) {
        let mut event = event(TENANT, role, method, path, query, body);
        let whole = if path.starts_with('/') { path.to_owned() } else { format!("{BASE}/{path}") };
        event["rawPath"] = whole.into();
        let answer = self.host.call("warranty-writeback", event).await.unwrap();
        let body = answer["body"].as_str().unwrap_or_default();
        let body = serde_json::from_str(body).unwrap_or_else(|_| body.into());
        (answer["statusCode"].as_u64().unwrap(), body)
    }

    pub(super) async fn warranty(&self, method: &str, path: &str, body: &Value) -> (u64, Value) {
        self.warranty_as("admin", method, path, "", body).await
    }

    pub(super) async fn shown(&self, path: &str, query: &str) -> Value {
        let (status, body) = self.warranty_as("reader", "GET", path, query, &Value::Null).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// Saves a policy over whatever is stored now.
    pub(super) async fn policy(&self, policy: Value) -> (u64, Value) {
        let version = self.shown("policy", "").await["version"].clone();
        self.warranty("PUT", "policy", &json!({"version": version, "policy": policy})).await
    }

    /// Hands over a vendor's date for each of these assets.
    pub(super) async fn hand_over(&self, dates: &[(i64, &str)]) {
        let fetched_at = self.control.now();
        let rows: Vec<Value> = dates
            .iter()
            .map(|(id, date)| {
                json!({"asset_id": id, "date": date, "fetched_at": fetched_at,
                    "source": {"kind": "vendor", "name": "dell"}})
            })
            .collect();
        let (status, told) = self.warranty("PUT", "/v1/warranties", &json!({"warranties": rows})).await;
        assert_eq!((status, &told["refused"]), (200, &json!([])), "{told}");
    }

    /// Hands over one date for all assets.
    pub(super) async fn hand_over_all(&self, date: &str) {
        let ids = self.control.ids(Entity::ConfigurationItems);
        self.hand_over(&ids.into_iter().map(|id| (id, date)).collect::<Vec<_>>()).await;
    }

    pub(super) async fn plan(&self) -> Value {
        let (status, plan) = self.warranty("POST", "plans", &json!({})).await;
        assert_eq!(status, 201, "{plan}");
        plan
    }

    /// Rows of a plan that write: asset, old date, new date.
    pub(super) async fn writes(&self, plan: &Value) -> BTreeMap<i64, (Option<String>, String)> {
        let path = format!("plans/{}", plan["id"].as_str().unwrap());
        let shown = self.shown(&path, "decision=write&limit=1000").await;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let of = |row: &Value| {
            let dates = (text(&row["held"]), text(&row["proposed"]).unwrap());
            (row["asset_id"].as_i64().unwrap(), dates)
        };
        shown["rows"].as_array().unwrap().iter().map(of).collect()
    }

    pub(super) async fn apply(&self, plan: &Value) -> (u64, Value) {
        let path = format!("plans/{}/apply", plan["id"].as_str().unwrap());
        let wish = json!({"hash": plan["hash"], "approvals": [{"all": true}]});
        self.warranty("POST", &path, &wish).await
    }

    pub(super) async fn undo(&self, plan: &Value) -> (u64, Value) {
        let path = format!("plans/{}/undo", plan["id"].as_str().unwrap());
        self.warranty("POST", &path, &json!({})).await
    }

    /// The last job of a plan.
    pub(super) async fn job(&self, plan: &Value) -> Value {
        let shown = self.shown(&format!("plans/{}", plan["id"].as_str().unwrap()), "limit=1").await;
        shown["plan"]["jobs"].as_array().unwrap().last().cloned().unwrap_or(Value::Null)
    }

    /// Rings by hand, whatever is in the queue.
    pub(super) async fn ring_write_back(&self) -> Value {
        self.host.call("warranty-writeback", doorbell_for(TENANT)).await.unwrap()
    }

    /// Minute by minute until the job of a plan is over.
    pub(super) async fn until_over(&self, plan: &Value) -> Value {
        for _ in 0..MAX_MINUTES {
            self.work().await;
            let job = self.job(plan).await;
            if job["state"] == "done" || job["state"] == "stopped" {
                return job;
            }
            self.pass(MINUTE_MS);
        }
        panic!("the job finds no end: {}", self.job(plan).await);
    }

    /// Plans, approves all of it, applies, and expects it to end well.
    pub(super) async fn plan_and_apply(&self) -> Value {
        let plan = self.plan().await;
        let (status, job) = self.apply(&plan).await;
        assert_eq!(status, 202, "{job}");
        let job = self.until_over(&plan).await;
        assert_eq!(job["state"], "done", "{job}");
        plan
    }

    /// What Autotask holds, by asset.
    pub(super) fn truths(&self) -> BTreeMap<i64, Truth> {
        let rows = self.control.truth(Entity::ConfigurationItems);
        let truth = |row: Value| {
            let Value::Object(mut others) = row else { panic!("no object") };
            let id = others["id"].as_i64().unwrap();
            let date = others.remove("warrantyExpirationDate").unwrap();
            for stamp in ["lastModifiedTime", "lastActivityPersonID", "lastActivityPersonType"] {
                others.remove(stamp);
            }
            let date = date.as_str().map(|text| text[..10].to_owned());
            let version = self.control.version(Entity::ConfigurationItems, id).unwrap();
            (id, Truth { others, date, version })
        };
        rows.into_iter().map(truth).collect()
    }

    /// How often each asset was written through the API; every write names the date alone.
    pub(super) fn patches(&self) -> BTreeMap<i64, u32> {
        let mut n_by_asset = BTreeMap::new();
        for write in self.control.counters().writes {
            assert_eq!((write.kind, write.entity), (CallKind::Patch, Entity::ConfigurationItems));
            let mut fields = write.fields.clone();
            fields.sort();
            assert_eq!(fields, ["id", "warrantyExpirationDate"]);
            *n_by_asset.entry(write.id).or_default() += 1;
        }
        n_by_asset
    }

    /// The journal of a plan by asset: result, and that of its undo.
    pub(super) async fn results(&self, plan: &Value) -> BTreeMap<i64, (String, String)> {
        let query = format!("limit=1000&plan={}", plan["id"].as_str().unwrap());
        let journal = self.shown("journal", &query).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let of = |entry: &Value| {
            let results = (text(&entry["result"]), text(&entry["undo_result"]));
            (text(&entry["asset_id"]).parse().unwrap(), results)
        };
        journal["entries"].as_array().unwrap().iter().map(of).collect()
    }
}
