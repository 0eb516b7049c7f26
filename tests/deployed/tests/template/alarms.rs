//! Alarms, metrics and dashboard: each names what there is.

use serde_json::Value;
use std::collections::BTreeSet;

use crate::document::{properties, resources, template};

/// Namespace of the metrics that are read from logs.
const OURS: &str = "AWS::StackName";

fn metrics() -> BTreeSet<String> {
    let filters = resources("AWS::Logs::MetricFilter").into_iter().map(|(name, filter)| {
        let metric = &filter["MetricTransformations"][0];
        assert_eq!(metric["MetricNamespace"], OURS, "{name}");
        metric["MetricName"].as_str().unwrap().to_owned()
    });
    filters.collect()
}

#[test]
fn what_an_operator_must_know_raises_an_alarm() {
    let alarms: Vec<String> = resources("AWS::CloudWatch::Alarm").into_iter().map(|(name, _)| name).collect();
    for wanted in
        ["PlannerSilent", "OldestDue", "Held", "HourlyLimit", "Unanswered", "TestSettingsSlow", "ApiErrors"]
    {
        assert!(alarms.contains(&format!("{wanted}Alarm")), "{wanted}");
    }
    for (name, alarm) in resources("AWS::CloudWatch::Alarm") {
        assert_eq!(alarm["AlarmActions"][0], "AlarmTopic", "{name} tells nobody");
    }
}

#[test]
fn an_alarm_on_a_metric_of_ours_watches_one_that_is_made() {
    let (metrics, mut watched) = (metrics(), BTreeSet::new());
    for (name, alarm) in resources("AWS::CloudWatch::Alarm") {
        if alarm["Namespace"] == OURS {
            let metric = alarm["MetricName"].as_str().unwrap().to_owned();
            assert!(metrics.contains(&metric), "{name} watches {metric}, which nothing makes");
            watched.insert(metric);
        }
    }
    assert_eq!(watched, metrics, "a metric that no alarm watches");
}

#[test]
fn the_planners_silence_is_heard_within_minutes() {
    let alarm = properties("PlannerSilentAlarm");
    assert_eq!(alarm["TreatMissingData"], "breaching", "silence leaves no line");
    let (period_s, n_periods) =
        (alarm["Period"].as_u64().unwrap(), alarm["EvaluationPeriods"].as_u64().unwrap());
    assert!(period_s * n_periods <= 180);
}

/// The dashboard's document with names in place of what AWS fills in.
fn dashboard() -> Value {
    let body = properties("Dashboard")["DashboardBody"].as_str().unwrap().to_owned();
    serde_json::from_str(&body).unwrap()
}

#[test]
fn the_dashboard_shows_every_alarm_and_metrics_that_are_made() {
    let (dashboard, template) = (dashboard(), template());
    let text = dashboard.to_string();
    for (name, _) in resources("AWS::CloudWatch::Alarm") {
        assert!(text.contains(&format!("\"${{{name}.Arn}}\"")), "{name} is not on it");
    }
    for metric in metrics() {
        assert!(text.contains(&format!("[\"${{{OURS}}}\",\"{metric}\"")), "{metric} is not on it");
    }
    for name in text.split("${").skip(1).filter_map(|rest| rest.split(['}', '.']).next()) {
        let is_there = name.starts_with("AWS::") || template["Resources"][name].is_object();
        assert!(is_there, "there is no {name}");
    }
}
