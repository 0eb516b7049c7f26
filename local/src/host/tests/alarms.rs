//! What the deployment's metrics are read from is really logged: each metric filter of infra/template.yaml is held against
//! the lines of a first load, a night, a held run and a doorbell that cannot be answered.

use std::io::Write;
use std::sync::{Arc, Mutex};

use autotask_simulator::{Entity, Rights};
use serde_json::{Value, json};
use shared::telemetry::lines;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;

use super::world::{World, doorbell};

const TEMPLATE: &str = include_str!("../../../../infra/template.yaml");

/// Lines that the functions wrote, as they stand in the log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn take(&self) -> Vec<String> {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap());
        String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Log {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

/// A metric filter of the template.
struct Filter {
    name: String,
    pattern: String,
    value: String,
}

fn filters() -> Vec<Filter> {
    let template: Value = serde_saphyr::from_str(TEMPLATE).unwrap();
    let resources = template["Resources"].as_object().unwrap();
    let filters = resources.iter().filter(|(_, resource)| resource["Type"] == "AWS::Logs::MetricFilter");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    filters
        .map(|(name, resource)| Filter {
            name: name.clone(),
            pattern: text(&resource["Properties"]["FilterPattern"]),
            value: text(&resource["Properties"]["MetricTransformations"][0]["MetricValue"]),
        })
        .collect()
}

/// What stands behind `$.a.b`.
fn at<'a>(line: &'a Value, path: &str) -> &'a Value {
    path.trim_start_matches("$.").split('.').fold(line, |value, name| &value[name])
}

impl Filter {
    /// Whether a line counts: as CloudWatch reads the two kinds of patterns that the template uses, texts that stand in
    /// the line, and `{ $.field = "text" }` with an asterisk for its end.
    fn matches(&self, line: &str) -> bool {
        let Some(condition) = self.pattern.strip_prefix("{ ").and_then(|rest| rest.strip_suffix(" }")) else {
            let mut terms = self.pattern.split('"').map(str::trim).filter(|term| !term.is_empty());
            return terms.all(|term| line.contains(term));
        };
        let (path, wanted) = condition.split_once(" = ").unwrap();
        let line: Value = serde_json::from_str(line).unwrap();
        let found = at(&line, path).as_str().unwrap_or_default();
        match wanted.trim_matches('"').strip_suffix('*') {
            Some(start) => found.starts_with(start),
            None => found == wanted.trim_matches('"'),
        }
    }

    /// What a line adds to the metric.
    fn value(&self, line: &str) -> Option<u64> {
        match self.value.starts_with('$') {
            true => at(&serde_json::from_str(line).unwrap(), &self.value).as_u64(),
            false => self.value.parse().ok(),
        }
    }

    fn values(&self, lines: &[String]) -> Vec<Option<u64>> {
        lines.iter().filter(|line| self.matches(line)).map(|line| self.value(line)).collect()
    }
}

/// Names of the filters that found something, each with the largest value.
fn counted(lines: &[String]) -> Vec<(String, u64)> {
    let found = filters().into_iter().filter_map(|filter| {
        let values = filter.values(lines);
        assert!(values.iter().all(Option::is_some), "{}: no number in {lines:?}", filter.name);
        Some((filter.name, values.into_iter().flatten().max()?))
    });
    found.collect()
}

fn names(counted: &[(String, u64)]) -> Vec<&str> {
    counted.iter().map(|(name, _)| name.as_str()).collect()
}

#[tokio::test]
async fn what_alarms_watch_is_logged_when_it_happens_and_only_then() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(lines(
        Targets::new().with_default(tracing::Level::INFO),
        log.clone(),
    ));
    let world = World::start().await;
    let limits = ["InitialHourlyLimitMetric", "NightlyHourlyLimitMetric"];
    let ticks = ["OldestDueMetric", "TickMetric"];
    let check = |wanted: &[&str]| {
        let counted = counted(&log.take());
        let mut wanted = wanted.to_vec();
        wanted.sort_unstable();
        let mut found = names(&counted);
        found.sort_unstable();
        assert_eq!(found, wanted);
        counted
    };

    world.load().await;
    let counted = check(&[limits, ticks].concat());
    let (_, percent) = counted.iter().find(|(name, _)| name == limits[0]).unwrap();
    assert!(*percent <= 100, "{percent} %");

    world.pass(45_000);
    world.tick().await;
    check(&ticks);

    world.control.set_rights(Entity::ConfigurationItems, Rights::Partial(0.5));
    world.night().await;
    let counted = check(&[&limits[..], &ticks, &["HeldMetric"]].concat());
    assert!(counted.iter().any(|(name, overdue_ms)| name == "OldestDueMetric" && *overdue_ms >= 1_000));

    let broken = doorbell("broken", &json!({"tenant": "Not A Tenant", "atdb": null}).to_string());
    world.host.call("nightly-sync", broken).await.unwrap();
    check(&["InitialUnansweredMetric", "NightlyUnansweredMetric"]);
}
