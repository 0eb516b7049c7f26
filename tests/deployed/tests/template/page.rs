//! The admin page: who reads its files, and what browsers are told.

use std::collections::BTreeMap;

use crate::document::{properties, template, texts};

/// Directives of the content security policy.
fn policy() -> BTreeMap<String, Vec<String>> {
    let headers = properties("PageHeaders")["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"].clone();
    let text = headers["ContentSecurityPolicy"]["ContentSecurityPolicy"][0].as_str().unwrap().to_owned();
    let directives = text.split(';').map(|directive| directive.split_whitespace().map(str::to_owned));
    directives.filter_map(|mut words| Some((words.next()?, words.collect()))).collect()
}

#[test]
fn browsers_run_what_the_page_brings_and_nothing_else() {
    let policy = policy();
    assert_eq!(policy["default-src"], ["'none'"]);
    assert_eq!(policy["script-src"], ["'self'"]);
    assert_eq!(policy["frame-ancestors"], ["'none'"]);
    assert_eq!(policy["base-uri"], ["'none'"]);
    assert_eq!(policy["connect-src"], ["'self'", "${SignIn}"]);
    for (directive, sources) in policy.iter().filter(|(directive, _)| *directive != "connect-src") {
        for source in sources {
            assert!(source.starts_with('\'') || source == "data:", "{directive} {source}");
            assert!(!source.contains("unsafe-eval"), "{directive} {source}");
        }
    }
}

#[test]
fn every_answer_carries_the_headers_and_comes_by_tls() {
    let config = properties("Page")["DistributionConfig"].clone();
    let others = config["CacheBehaviors"].as_array().unwrap();
    for behavior in others.iter().chain([&config["DefaultCacheBehavior"]]) {
        assert_eq!(behavior["ResponseHeadersPolicyId"], "PageHeaders");
        let protocol = behavior["ViewerProtocolPolicy"].as_str().unwrap();
        assert!(["https-only", "redirect-to-https"].contains(&protocol), "{protocol}");
    }
    // They would stand in the place of the API's errors, too.
    assert!(config["CustomErrorResponses"].is_null());
}

#[test]
fn files_are_read_by_the_distribution_alone() {
    let bucket = properties("PageBucket");
    for switch in ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"] {
        assert_eq!(bucket["PublicAccessBlockConfiguration"][switch], true, "{switch}");
    }
    let statements = properties("PageBucketPolicy")["PolicyDocument"]["Statement"].clone();
    let allowed: Vec<_> =
        statements.as_array().unwrap().iter().filter(|statement| statement["Effect"] == "Allow").collect();
    assert_eq!(allowed.len(), 1);
    assert_eq!(texts(&allowed[0]["Action"]), ["s3:GetObject"]);
    assert_eq!(allowed[0]["Principal"]["Service"], "cloudfront.amazonaws.com");
    let source = allowed[0]["Condition"]["StringEquals"]["AWS:SourceArn"].as_str().unwrap();
    assert!(source.ends_with(":distribution/${Page}"), "{source}");
}

#[test]
fn other_origins_call_the_api_only_where_a_deployment_says_so() {
    let cors = properties("Api")["CorsConfiguration"].clone();
    assert_eq!(cors[0], "HasPageOrigin");
    assert_eq!(texts(&cors[1]["AllowOrigins"]), ["PageOrigin"]);
    assert_eq!(cors[2], "AWS::NoValue");
    assert_eq!(template()["Parameters"]["PageOrigin"]["Default"], "");
}

#[test]
fn the_page_signs_in_by_code_and_cannot_choose_its_tenant() {
    let client = properties("UserPoolClient");
    assert_eq!(texts(&client["AllowedOAuthFlows"]), ["code"]);
    assert_eq!(client["GenerateSecret"], false);
    assert_eq!(texts(&client["WriteAttributes"]), ["name"]);
}

#[test]
fn the_page_finds_what_its_config_is_made_from() {
    let program = include_str!("../../../../infra/page.py");
    let outputs = template()["Outputs"].clone();
    let named: Vec<&str> =
        program.split("outputs[\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(named.len() > 4, "{named:?}");
    for name in named {
        assert!(outputs[name]["Value"].is_string() || outputs[name]["Value"].is_array(), "{name}");
    }
}
