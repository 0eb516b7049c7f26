//! Each route of the functions has exactly one route in the API, to the function that owns it.

use crate::document::{properties, resources};

fn wired() -> Vec<(String, String)> {
    let mut wired = Vec::new();
    for (name, route) in resources("AWS::ApiGatewayV2::Route") {
        assert_eq!(route["AuthorizationType"], "JWT", "{name} can be called without a token");
        let target = route["Target"].as_str().unwrap();
        let integration = target.strip_prefix("integrations/${").unwrap().strip_suffix('}').unwrap();
        let uri = properties(integration)["IntegrationUri"].as_str().unwrap().to_owned();
        let function = properties(uri.strip_suffix(".Arn").unwrap());
        let function = function["FunctionName"].as_str().unwrap();
        let function = function.strip_prefix("${AWS::StackName}-").unwrap().to_owned();
        wired.push((route["RouteKey"].as_str().unwrap().to_owned(), function));
    }
    wired.sort();
    wired
}

#[test]
fn the_api_has_the_routes_of_the_functions_and_no_others() {
    let tables = [
        settings::ROUTES,
        test_settings::ROUTES,
        mappings::ROUTES,
        auto_map::ROUTES,
        warranty_writeback::ROUTES,
    ];
    let routes = tables.into_iter().flatten();
    let mut wanted: Vec<(String, String)> = routes
        .map(|route| (format!("{} {}", route.method.as_str(), route.path), route.function.to_owned()))
        .collect();
    wanted.sort();
    assert_eq!(wired(), wanted);
}

#[test]
fn every_function_behind_the_api_may_be_called_by_it() {
    let permitted: Vec<String> = resources("AWS::Lambda::Permission")
        .into_iter()
        .filter(|(_, permission)| permission["Principal"] == "apigateway.amazonaws.com")
        .map(|(_, permission)| permission["FunctionName"].as_str().unwrap().to_owned())
        .collect();
    for (name, integration) in resources("AWS::ApiGatewayV2::Integration") {
        let uri = integration["IntegrationUri"].as_str().unwrap();
        assert!(permitted.contains(&uri.replace(".Arn", "")), "{name}");
    }
}
