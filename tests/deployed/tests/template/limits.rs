//! Times and numbers that must fit each other.

use crate::document::{default_number, properties, resources, template};

#[test]
fn a_queue_hides_a_message_for_six_time_outs_of_its_worker() {
    for (name, mapping) in resources("AWS::Lambda::EventSourceMapping") {
        let queue = properties(mapping["EventSourceArn"].as_str().unwrap().strip_suffix(".Arn").unwrap());
        let function = properties(mapping["FunctionName"].as_str().unwrap());
        let timeout_s = function["Timeout"].as_u64().unwrap();
        assert!(queue["VisibilityTimeout"].as_u64().unwrap() >= 6 * timeout_s, "{name}");
        assert_eq!(mapping["BatchSize"], 1, "{name}: a slice fills an invocation");
        assert_eq!(mapping["FunctionResponseTypes"][0], "ReportBatchItemFailures", "{name}");
    }
}

#[test]
fn reservations_hold_the_workers_and_more_where_more_is_done() {
    assert!(default_number("InitialConcurrency") >= default_number("InitialWorkers"));
    // Calls of the API.
    assert!(default_number("WarrantyWritebackConcurrency") > default_number("WriteBackWorkers"));
    // Ticks and mail events.
    assert!(default_number("NightlyConcurrency") >= default_number("NightlyWorkers") + 5);
}

#[test]
fn only_workers_may_call_themselves() {
    for (name, function) in resources("AWS::Serverless::Function") {
        let is_worker = function["Timeout"] == 900;
        assert_eq!(function["RecursiveLoop"] == "Allow", is_worker, "{name}");
    }
}

#[test]
fn every_function_has_an_alarm_and_a_log_that_ends() {
    let alarms = template()["Resources"].to_string();
    for (name, function) in resources("AWS::Serverless::Function") {
        assert!(alarms.contains(&format!("\"Name\":\"FunctionName\",\"Value\":\"{name}\"")), "{name}");
        let log = properties(function["LoggingConfig"]["LogGroup"].as_str().unwrap());
        assert_eq!(log["RetentionInDays"], "LogRetentionDays", "{name}");
    }
    for (name, queue) in resources("AWS::SQS::Queue") {
        let is_last = queue["RedrivePolicy"].is_null();
        assert_eq!(name.ends_with("DeadLetters"), is_last, "{name}");
        assert_eq!(alarms.contains(&format!("\"{name}.QueueName\"")), is_last, "{name}");
    }
}
