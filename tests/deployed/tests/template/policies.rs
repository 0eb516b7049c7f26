//! Who is granted what, by a small evaluation of the policies as AWS documents it.
//!
//! The emulator of the deployed tier had to be taught leading keys; this is the second opinion.

use serde_json::Value;

use crate::document::{properties, resources, texts};

struct Statement {
    role: String,
    statement: Value,
}

/// Every statement of every policy.
fn statements() -> Vec<Statement> {
    let mut found = Vec::new();
    let mut add = |role: &str, document: &Value| {
        for statement in document["Statement"].as_array().unwrap() {
            found.push(Statement { role: role.to_owned(), statement: statement.clone() });
        }
    };
    for (name, role) in resources("AWS::IAM::Role") {
        for policy in role["Policies"].as_array().unwrap() {
            add(&name, &policy["PolicyDocument"]);
        }
    }
    for (_, policy) in resources("AWS::IAM::Policy") {
        for role in texts(&policy["Roles"]) {
            add(role, &policy["PolicyDocument"]);
        }
    }
    found
}

fn granted(role: &str) -> Vec<String> {
    let own = statements().into_iter().filter(|statement| statement.role == role);
    let mut actions: Vec<String> = own
        .flat_map(|own| texts(&own.statement["Action"]).into_iter().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    actions.sort();
    actions
}

#[test]
fn nothing_is_granted_by_a_wildcard_and_nothing_that_names_no_key() {
    for Statement { role, statement } in statements() {
        for action in texts(&statement["Action"]) {
            let is_broad =
                ["*", "Scan", "PartiQL", "List", "DeleteTable"].iter().any(|part| action.contains(part));
            assert!(!is_broad, "{role}: {action}");
        }
        assert!(!texts(&statement["Resource"]).contains(&"*"), "{role}: {statement}");
    }
}

#[test]
fn records_and_secrets_are_granted_to_sessions_only() {
    for Statement { role, statement } in statements().into_iter().filter(|own| own.role != "TenantRole") {
        for action in texts(&statement["Action"]) {
            assert!(!action.starts_with("secretsmanager:"), "{role}: {action}");
            let is_index = statement["Resource"] == "${Table.Arn}/index/due" && role == "NightlySyncRole";
            assert!(!action.starts_with("dynamodb:") || is_index, "{role}: {action}");
        }
    }
}

/// Writes its log, opens sessions.
const LEAST: [&str; 4] = ["logs:CreateLogStream", "logs:PutLogEvents", "sts:AssumeRole", "sts:TagSession"];

#[test]
fn what_only_answers_calls_is_granted_nothing_but_sessions() {
    for (name, function) in resources("AWS::Serverless::Function") {
        let role = function["Role"].as_str().unwrap().trim_end_matches(".Arn").to_owned();
        if !["SettingsRole", "WarrantyWritebackRole", "InitialSyncRole", "NightlySyncRole"]
            .contains(&role.as_str())
        {
            assert_eq!(granted(&role), LEAST, "{name}");
        }
    }
}

#[test]
fn the_others_are_granted_these_actions_and_no_more() {
    let check = |role: &str, more: &[&str]| {
        let mut wanted = [&LEAST[..], more].concat();
        wanted.sort_unstable();
        assert_eq!(granted(role), wanted, "{role}");
    };
    let receives = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
    check("SettingsRole", &["sqs:SendMessage"]);
    // Mails that a stopped job needs a person.
    check("WarrantyWritebackRole", &[&["sqs:SendMessage", "ses:SendEmail"], &receives[..]].concat());
    check("InitialSyncRole", &[&["sqs:SendMessage", "ses:SendEmail"], &receives[..]].concat());
    // Rings, puts lost events aside, measures, looks who is due.
    let plans =
        ["sqs:SendMessage", "sqs:SendMessage", "sqs:GetQueueAttributes", "dynamodb:Query", "ses:SendEmail"];
    check("NightlySyncRole", &[&plans[..], &receives[..]].concat());
    assert_eq!(granted("PlannerTickRole"), ["lambda:InvokeFunction"]);
    let roles = resources("AWS::IAM::Role").len();
    // Beside the functions' own: the sessions' and the schedule's.
    assert_eq!(roles, resources("AWS::Serverless::Function").len() + 2);
}

#[test]
fn sessions_are_opened_by_the_functions_alone() {
    let trust = properties("TenantRole")["AssumeRolePolicyDocument"]["Statement"].clone();
    assert_eq!(trust.as_array().unwrap().len(), 1);
    let mut trusted = texts(&trust[0]["Principal"]["AWS"]);
    let functions = resources("AWS::Serverless::Function");
    let mut wanted: Vec<&str> =
        functions.iter().filter_map(|(_, function)| function["Role"].as_str()).collect();
    trusted.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(trusted, wanted);
    assert_eq!(trust[0]["Condition"]["Null"]["aws:RequestTag/tenant"], "false");
    assert_eq!(trust[0]["Condition"]["Null"]["aws:RequestTag/atdb"], "false");
}

/// Whether a text matches a pattern of IAM: `*` for any letters, `?` for one.
fn is_like(text: &str, pattern: &str) -> bool {
    let Some(first) = pattern.chars().next() else { return text.is_empty() };
    let rest = &pattern[first.len_utf8()..];
    match first {
        '*' => (0..=text.len()).any(|at| text.is_char_boundary(at) && is_like(&text[at..], rest)),
        '?' => text.chars().next().is_some_and(|letter| is_like(&text[letter.len_utf8()..], rest)),
        _ => text.strip_prefix(first).is_some_and(|text| is_like(text, rest)),
    }
}

fn filled(pattern: &str, tenant: &str, atdb: &str) -> String {
    let pattern = pattern.replace("${!aws:", "${aws:");
    pattern.replace("${aws:PrincipalTag/tenant}", tenant).replace("${aws:PrincipalTag/atdb}", atdb)
}

/// Whether a session of tenant acme on database ci-1 may send a request that names these keys.
fn may_use(keys: &[&str]) -> bool {
    let statement = tenant_statement("UseOwnItems");
    let patterns = &statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"];
    let names_keys = statement["Condition"]["Null"]["dynamodb:LeadingKeys"] == "false";
    let patterns: Vec<String> =
        texts(patterns).iter().map(|pattern| filled(pattern, "acme", "ci-1")).collect();
    assert!(!patterns.is_empty());
    (!names_keys || !keys.is_empty())
        && keys.iter().all(|key| patterns.iter().any(|pattern| is_like(key, pattern)))
}

fn tenant_statement(sid: &str) -> Value {
    let found = statements().into_iter().find(|own| own.role == "TenantRole" && own.statement["Sid"] == sid);
    found.unwrap().statement
}

#[test]
fn a_session_reaches_the_keys_of_its_tenant_and_database_only() {
    let check = |keys: &[&str], may| assert_eq!(may_use(keys), may, "{keys:?}");
    check(&["T#acme#META"], true);
    check(&["T#acme#as07", "T#acme#STEPS#01H", "A#ci-1"], true);
    check(&["A#tenant-acme"], true);
    check(&["T#acme-2#META"], false);
    check(&["T#acm#META"], false);
    check(&["T#other#META"], false);
    check(&["A#ci-12"], false);
    check(&["A#tenant-acme-2"], false);
    check(&["T#acme#META", "T#other#META"], false);
    // An index that is keyed otherwise, and a scan, which names none.
    check(&["DUE#0"], false);
    check(&[], false);
}

#[test]
fn a_session_reaches_the_secret_of_its_tenant_only() {
    let statement = tenant_statement("UseOwnSecret");
    let may_read = |name: &str| {
        texts(&statement["Resource"]).iter().any(|pattern| {
            let pattern = filled(pattern, "acme", "ci-1");
            let (_, pattern) = pattern.split_once(":secret:${SecretPrefix}/").unwrap();
            is_like(name, pattern)
        })
    };
    assert!(may_read("acme-a1B2c3") && may_read("acme"));
    assert!(may_read("it-glue/acme-a1B2c3") && may_read("it-glue/acme"));
    for other in
        ["acme-2-a1B2c3", "acm-a1B2c3", "other-a1B2c3", "acme-2", "it-glue/acme-2", "it-glue/other-a1B2c3"]
    {
        assert!(!may_read(other), "{other}");
    }
}
