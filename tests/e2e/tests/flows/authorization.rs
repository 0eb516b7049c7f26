//! Who may do what with every route of `lci serve`.

use anyhow::ensure;
use e2e::abuse::judge::check_refusal;
use e2e::abuse::seen::Seen;
use e2e::abuse::{Contract, Operation};
use e2e::scene::Scene;
use e2e::served::{RUNS, SETTINGS, Serve, TEST, USAGE, VERSIONS};
use e2e::tokens::Forge;
use e2e::wire::{Answer, Ask};
use serde_json::{Value, json};

/// A product whose tenant `demo` is set up and loaded.
struct Loaded {
    scene: Scene,
    contract: Contract,
    run: String,
    /// A company that is shown, and an asset of it.
    company: String,
    asset: String,
}

impl Loaded {
    fn new() -> anyhow::Result<Self> {
        let scene = Scene::demo()?;
        let draft = json!({"active": true, "username": "lciapi@demo.example", "password": "demo-password", "version": 0});
        scene.served.save(&scene.admin, &draft)?;
        let run =
            scene.served.loaded(&scene.admin)?["last_run"]["id"].as_str().unwrap_or_default().to_owned();
        let (company, asset) = shown_asset(&scene)?;
        Ok(Self { scene, contract: Contract::committed()?, run, company, asset })
    }

    fn seen(&self) -> anyhow::Result<Seen> {
        Seen::now(&self.scene.served, &self.scene.admin, &self.scene.serve.state())
    }

    /// A request that an admin of `demo` would be obeyed for, so that only the token can stop it.
    fn effective(&self, operation: &Operation) -> Ask {
        let is_asset = operation.path.starts_with("/v1/assets/");
        let id = if is_asset { &self.asset } else { &self.run };
        let is_company = operation.path.starts_with("/v1/companies/");
        let path = operation.path_with(if is_company { &self.company } else { id });
        let ask = Ask::new(&operation.method, path.clone());
        let json = |body: Value| ask.clone().json(body.to_string());
        let change = |version: u64, key: &str, choice: &str| {
            json(json!({"version": version, "changes": [{"key": key, "choice": choice}]}))
        };
        match operation.name.as_str() {
            "saveAssetTypes" | "previewAssetTypes" => change(1, "none", "ignore"),
            "saveAssetStatuses" | "previewAssetStatuses" => change(0, "inactive", "ignore"),
            "saveCompanies" | "previewCompanies" => change(1, "0", "active"),
            "saveCompanyLinks" | "previewCompanyLinks" => json(json!({"version": 0, "is_strict": true})),
            "revertAssetTypes" | "revertCompanies" => json(json!({"version": 1, "to": 1})),
            "whyMissing" => Ask::new(&operation.method, format!("{path}?query=x")),
            "saveSettings" => {
                ask.json(json!({"active": false, "username": "taken@over.example", "version": 1}).to_string())
            }
            "putWarranties" => {
                let source = json!({"kind": "vendor", "name": "dell"});
                let asset_id: i64 = self.asset.parse().unwrap_or_default();
                json(json!({"warranties": [{"asset_id": asset_id, "date": "2030-01-01", "source": source,
                    "fetched_at": "2026-01-01T00:00:00Z"}]}))
            }
            "saveWarrantyPolicy" => json(json!({"version": 0, "policy": {"mode": "always"}})),
            "saveWarrantyLocks" => {
                json(json!({"version": 0, "changes": [{"company_id": 0, "is_locked": true}]}))
            }
            "applyWarrantyPlan" => json(json!({"hash": "0", "approvals": [{"all": true}]})),
            "startRun" => ask.json("{}"),
            "testSettings" => ask.json("{}"),
            "deleteSettings" => Ask::new(&operation.method, format!("{path}?confirm=demo")),
            _ => ask,
        }
    }

    /// Sends every route's request under an `Authorization` header, if there is one, and judges each answer.
    fn all(
        &self,
        authorization: Option<&str>,
        judge: impl Fn(&Operation, &Answer) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        for operation in self.contract.operations() {
            let ask = self.effective(&operation);
            let ask = authorization.map_or(ask.clone(), |value| ask.header("Authorization", value));
            let answer = ask.send(self.scene.served.address())?;
            let named =
                |error: anyhow::Error| error.context(format!("{}: {}", operation.name, answer.text()));
            judge(&operation, &answer).map_err(named)?;
        }
        Ok(())
    }

    fn refused_by_all(
        &self,
        authorization: Option<&str>,
        status: u16,
        code: Option<&str>,
    ) -> anyhow::Result<()> {
        self.all(authorization, |_, answer| {
            check_refusal(&self.contract, answer)?;
            ensure!(answer.status == status, "{} where {status} must be", answer.status);
            ensure!(answer.code().as_deref() == code, "code {:?} where {code:?} must be", answer.code());
            Ok(())
        })
    }
}

#[test]
fn a_token_that_is_not_good_opens_nothing() -> anyhow::Result<()> {
    let loaded = Loaded::new()?;
    let before = loaded.seen()?;
    for (what, authorization) in bad_tokens(&loaded)? {
        let refused = loaded.refused_by_all(authorization.as_deref(), 401, None);
        refused.map_err(|error| error.context(what))?;
    }
    before.check_same(&loaded.seen()?)
}

fn bad_tokens(loaded: &Loaded) -> anyhow::Result<Vec<(&'static str, Option<String>)>> {
    let forge = forge(loaded)?;
    let now_s = forge.claims(&json!({}))["iat"].as_i64().unwrap_or_default();
    let signed = |changes: &Value| forge.signed(changes);
    // The key of another state folder.
    let elsewhere = tempfile::tempdir()?;
    let other = Serve::demo(elsewhere.path());
    let others_token = other.token("admin")?;
    let others_pem = std::fs::read(other.state().join("issuer-key.pem"))?;
    let mut tokens = vec![
        ("expired", signed(&json!({"exp": now_s - 60}))?),
        ("without an end", signed(&json!({"exp": null}))?),
        ("an end that is no number", signed(&json!({"exp": "tomorrow"}))?),
        ("not yet valid", signed(&json!({"nbf": now_s + 600}))?),
        ("of the future", signed(&json!({"iat": now_s + 600}))?),
        ("of another issuer", signed(&json!({"iss": "http://127.0.0.1:1"}))?),
        ("of no issuer", signed(&json!({"iss": null}))?),
        ("for another audience", signed(&json!({"aud": "other-app"}))?),
        ("for no audience", signed(&json!({"aud": null}))?),
        ("alg none", forge.unsigned("none")),
        ("alg None", forge.unsigned("None")),
        ("alg RS256 without a signature", forge.unsigned("RS256")),
        ("another payload", forge.tampered(&loaded.scene.admin, &json!({"tenant": "other"}))?),
        ("another key under our name", forge.signed_by(&others_pem, &forge.kid(), &json!({}))?),
        (
            "our key under another name",
            forge.signed_by(
                &std::fs::read(loaded.scene.serve.state().join("issuer-key.pem"))?,
                "x",
                &json!({}),
            )?,
        ),
        ("another issuer's own", others_token),
        ("cut off", loaded.scene.admin[..loaded.scene.admin.len() - 4].to_owned()),
        ("words", "a.b.c".to_owned()),
        ("nothing after Bearer", String::new()),
    ];
    tokens.extend(forge.confused()?.into_iter().map(|token| ("HS256 with the public key", token)));
    let mut found: Vec<_> =
        tokens.into_iter().map(|(what, token)| (what, Some(format!("Bearer {token}")))).collect();
    found.push(("no header", None));
    found.push(("another scheme", Some(format!("Basic {}", loaded.scene.admin))));
    Ok(found)
}

/// A company that the mappings show, and an asset of it.
fn shown_asset(scene: &Scene) -> anyhow::Result<(String, String)> {
    let get = |target: &str| scene.served.get(&scene.admin, target);
    let companies = get("/v1/integrations/autotask/companies?filter=active&limit=1000")?;
    for company in companies["rows"].as_array().into_iter().flatten() {
        let key = company["key"].as_str().unwrap_or_default();
        let assets = get(&format!("/v1/companies/{key}/assets"))?;
        if let Some(id) = assets["rows"][0]["id"].as_i64() {
            return Ok((key.to_owned(), id.to_string()));
        }
    }
    anyhow::bail!("no asset is shown")
}

fn forge(loaded: &Loaded) -> anyhow::Result<Forge> {
    let keys = Ask::new("GET", "/.well-known/jwks.json").send(loaded.scene.served.address())?.json();
    Forge::new(&loaded.scene.serve.state(), &loaded.scene.admin, &keys)
}

#[test]
fn a_token_without_a_usable_claim_is_known_and_allowed_nothing() -> anyhow::Result<()> {
    let loaded = Loaded::new()?;
    let forge = forge(&loaded)?;
    // The forge itself makes good tokens, or the refusals below would mean nothing.
    assert_eq!(loaded.scene.served.get(&forge.signed(&json!({}))?, SETTINGS)?["version"], 1);
    let before = loaded.seen()?;
    for changes in [
        json!({"tenant": null}),
        json!({"tenant": ""}),
        json!({"tenant": "DEMO"}),
        json!({"tenant": "demo#META"}),
        json!({"tenant": ["demo"]}),
        json!({"role": null}),
        json!({"role": "root"}),
        json!({"role": "Admin"}),
        json!({"role": ["admin"]}),
        json!({"email": null}),
        json!({"email": ""}),
        json!({"email": "a@demo.example\r\nBcc: b@demo.example"}),
        json!({"email": "x".repeat(300)}),
    ] {
        let header = format!("Bearer {}", forge.signed(&changes)?);
        let refused = loaded.refused_by_all(Some(&header), 403, Some("forbidden"));
        refused.map_err(|error| error.context(changes.to_string()))?;
    }
    before.check_same(&loaded.seen()?)
}

#[test]
fn a_reader_looks_and_changes_nothing() -> anyhow::Result<()> {
    let loaded = Loaded::new()?;
    let before = loaded.seen()?;
    let header = format!("Bearer {}", loaded.scene.serve.token("reader")?);
    loaded.all(Some(&header), |operation, answer| {
        if operation.role == "reader" {
            // There are no organizations to be suggested for, and no plans.
            let is_none = ["suggestCompanies", "getWarrantyPlan"].contains(&operation.name.as_str());
            let usual = if is_none { 404 } else { 200 };
            ensure!(answer.status == usual, "a reader may not look: {}", answer.status);
            return Ok(());
        }
        check_refusal(&loaded.contract, answer)?;
        ensure!(
            (answer.status, answer.code().as_deref()) == (403, Some("forbidden")),
            "status {}",
            answer.status
        );
        Ok(())
    })?;
    before.check_same(&loaded.seen()?)
}

#[test]
fn another_tenant_sees_and_changes_nothing() -> anyhow::Result<()> {
    let loaded = Loaded::new()?;
    let (before, other) = (loaded.seen()?, loaded.scene.serve.token("other")?);
    let call =
        |method: &str, target: &str, body: Value| loaded.scene.served.call(&other, method, target, &body);
    let expect = |answer: anyhow::Result<Answer>, status: u16, code: &str| -> anyhow::Result<()> {
        let answer = answer?;
        let found = (answer.status, answer.code().unwrap_or_default());
        ensure!(found == (status, code.to_owned()), "{found:?}: {}", answer.text());
        ensure!(
            !answer.text().contains("lciapi@demo.example"),
            "it tells the other's user: {}",
            answer.text()
        );
        Ok(())
    };
    let empty = loaded.scene.served.get(&other, SETTINGS)?;
    assert_eq!(
        (&empty["version"], &empty["username"], &empty["status"]),
        (&json!(0), &json!(""), &json!("setup"))
    );
    assert_eq!(loaded.scene.served.get(&other, RUNS)?["runs"], json!([]));
    let versions = loaded.scene.served.get(&other, VERSIONS)?["versions"].clone();
    let is_own = |version: &Value| version["by"].as_str().is_some_and(|by| by.ends_with("@other.example"));
    assert!(versions.as_array().is_some_and(|versions| versions.iter().all(is_own)), "{versions}");
    assert_eq!(loaded.scene.served.get(&other, USAGE)?["ours"], 0);
    expect(call("GET", &format!("{RUNS}/{}", loaded.run), Value::Null), 404, "not_found")?;
    expect(call("POST", TEST, json!({})), 400, "invalid_request")?;
    expect(call("POST", RUNS, json!({})), 409, "conflict")?;
    expect(call("DELETE", &format!("{SETTINGS}?confirm=demo"), Value::Null), 400, "invalid_request")?;
    // A tenant may be named in many places, and none of them counts but the token.
    let mut named = json!({"active": false, "username": "other@other.example", "version": 0});
    expect(call("PUT", SETTINGS, named.clone()), 200, "")?;
    named["tenant"] = json!("demo");
    expect(call("PUT", SETTINGS, named), 400, "invalid_request")?;
    expect(call("GET", &format!("{SETTINGS}?tenant=demo"), Value::Null), 400, "invalid_request")?;
    let headed = Ask::new("GET", SETTINGS)
        .token(&other)
        .header("X-Tenant", "demo")
        .send(loaded.scene.served.address())?;
    assert_eq!(headed.json()["username"], "other@other.example");
    before.check_same(&loaded.seen()?)
}
