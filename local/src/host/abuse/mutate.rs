//! Events that went wrong: a sample, changed in one to three places.

use fastrand::Rng;
use serde_json::{Value, json};

/// Texts and values that do not belong where they are put.
fn odd(rng: &mut Rng) -> Value {
    let nested = (0..rng.usize(1..100)).fold(json!(1), |inner, _| json!([inner]));
    match rng.u8(0..12) {
        0 => Value::Null,
        1 => json!(rng.bool()),
        2 => json!(rng.i64(..)),
        3 => json!(rng.f64() * 1e300),
        4 => json!(""),
        5 => json!("\u{0}\u{1b}[2J\r\n"),
        6 => json!("x".repeat(rng.usize(1..20_000))),
        7 => json!("{\"tenant\":\"other"),
        8 => json!([]),
        9 => json!({format!("k{}", rng.u8(..)): "\u{202e}"}),
        10 => nested,
        _ => json!(format!("ünï-{:x}", rng.u64(..))),
    }
}

/// The paths to everything within a value.
fn paths(value: &Value, prefix: &str, found: &mut Vec<String>) {
    let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (escaped(name), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    for (name, value) in inner {
        let path = format!("{prefix}/{name}");
        paths(value, &path, found);
        found.push(path);
    }
}

/// A sample with some of it taken away, replaced, doubled, renamed or cut.
pub(super) fn mutated(sample: &Value, rng: &mut Rng) -> Value {
    let mut event = sample.clone();
    for _ in 0..rng.u8(1..4) {
        let mut all = Vec::new();
        paths(&event, "", &mut all);
        match rng.choice(all) {
            // Now and then the whole event is something else.
            Some(path) if rng.u8(..) > 2 => change(&mut event, &path, rng),
            _ => event = odd(rng),
        }
    }
    event
}

fn change(event: &mut Value, path: &str, rng: &mut Rng) {
    let Some((parent, name)) = path.rsplit_once('/') else { return };
    let name = name.replace("~1", "/").replace("~0", "~");
    let how = rng.u8(0..5);
    match event.pointer_mut(parent) {
        Some(Value::Object(fields)) if how == 0 => drop(fields.remove(&name)),
        Some(Value::Object(fields)) if how == 1 => {
            let value = fields.remove(&name).unwrap_or_default();
            fields.insert(name.to_uppercase() + "x", value);
        }
        Some(Value::Array(items)) if how == 0 => items.clear(),
        Some(Value::Array(items)) if how == 1 => {
            let copies = items.clone();
            items.extend(copies);
            items.push(odd(rng));
        }
        _ => replace(event, path, rng),
    }
}

/// Texts are also cut, so that JSON within JSON is broken too.
fn replace(event: &mut Value, path: &str, rng: &mut Rng) {
    let Some(value) = event.pointer_mut(path) else { return };
    *value = match value.as_str() {
        Some(text) if rng.bool() && !text.is_empty() => {
            json!(text.chars().take(rng.usize(0..text.chars().count())).collect::<String>())
        }
        _ => odd(rng),
    };
}
