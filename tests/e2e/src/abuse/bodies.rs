//! Every way to break a body, each of which must be refused by whoever knows its schema.

use super::contract::types;
use super::values::{controlled, long, number, of_other_type, unknown_name};
use fastrand::Rng;
use serde_json::{Map, Value, json};

/// A body that fits a schema: what is required, and every default.
#[must_use]
pub fn base(schema: &Value) -> Value {
    if let Some(value) = ["default", "const"].iter().find_map(|name| schema.get(*name)) {
        return value.clone();
    }
    let is = |name: &str| types(schema).iter().any(|allowed| allowed == name);
    if is("object") {
        return Value::Object(filled(schema));
    }
    match () {
        () if is("boolean") => json!(false),
        () if is("integer") => json!(0),
        () if is("array") => json!([]),
        () if is("string") => json!("x"),
        () => Value::Null,
    }
}

fn filled(schema: &Value) -> Map<String, Value> {
    let is_required =
        |name: &str| schema["required"].as_array().is_some_and(|names| names.contains(&json!(name)));
    let properties = schema["properties"].as_object().into_iter().flatten();
    let used = properties.filter(|(name, told)| is_required(name) || told.get("default").is_some());
    used.map(|(name, told)| (name.clone(), base(told))).collect()
}

/// A broken body, and how it was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The way.
    pub how: &'static str,
    /// What is sent.
    pub bytes: Vec<u8>,
}

type Way = (&'static str, fn(&Value, &Value, &mut Rng) -> Option<Vec<u8>>);

/// In the order in which they are taken in turn.
const WAYS: &[Way] = &[
    ("a property of the wrong type", wrong_type),
    ("a property that is missing", missing),
    ("a property that nobody knows", unknown),
    ("a number out of range", out_of_range),
    ("control characters", with_control),
    ("a text that is too long", too_long),
    ("too many items", too_many),
    ("a body of the wrong type", wrong_root),
    ("a list in place of an object", listed),
    ("JSON that ends early", truncated),
    ("more after the JSON", trailing),
    ("a key that comes twice", doubled),
    ("bytes that are no UTF-8", no_utf8),
    ("deep nesting", deep),
    ("JSON of somebody else", dialect),
    ("half a surrogate pair", half_pair),
];

/// A body that must be refused; some ways do not apply to every schema, and then the next one does.
#[must_use]
pub fn broken(schema: &Value, base: &Value, turn: usize, rng: &mut Rng) -> Broken {
    let ways = WAYS.iter().cycle().skip(turn % WAYS.len());
    let found =
        ways.take(WAYS.len()).find_map(|(how, way)| Some(Broken { how, bytes: way(schema, base, rng)? }));
    found.unwrap_or(Broken { how: "nothing at all", bytes: b"{".to_vec() })
}

/// The objects within a schema, by the names that lead to them.
fn objects(schema: &Value) -> Vec<(Vec<String>, &Value)> {
    let Some(properties) = schema["properties"].as_object() else { return Vec::new() };
    let mut found = vec![(Vec::new(), schema)];
    for (name, told) in properties {
        let alternatives = told["anyOf"].as_array().into_iter().flatten();
        for inner in alternatives.chain([told]) {
            found.extend(
                objects(inner)
                    .into_iter()
                    .map(|(path, object)| (std::iter::once(name.clone()).chain(path).collect(), object)),
            );
        }
    }
    found
}

/// A random property: the path of its object, its name, its schema.
fn property<'a>(
    schema: &'a Value,
    rng: &mut Rng,
    is_wanted: impl Fn(&Value) -> bool,
) -> Option<(Vec<String>, String, &'a Value)> {
    let all = objects(schema).into_iter().flat_map(|(path, object)| {
        let properties = object["properties"].as_object().into_iter().flatten();
        properties.map(move |(name, told)| (path.clone(), name.clone(), told)).collect::<Vec<_>>()
    });
    let wanted: Vec<_> = all.filter(|(_, _, told)| is_wanted(told)).collect();
    rng.choice(wanted)
}

/// The object at a path, made on the way.
fn object_at<'a>(body: &'a mut Value, path: &[String]) -> Option<&'a mut Map<String, Value>> {
    let mut place = body;
    for name in path {
        if !place[name].is_object() {
            place[name] = json!({});
        }
        place = &mut place[name];
    }
    place.as_object_mut()
}

fn with(base: &Value, path: &[String], name: &str, value: Value) -> Option<Vec<u8>> {
    let mut body = base.clone();
    object_at(&mut body, path)?.insert(name.to_owned(), value);
    Some(body.to_string().into_bytes())
}

fn allows(schema: &Value, name: &str) -> bool {
    types(schema).iter().any(|allowed| allowed == name)
}

fn wrong_type(schema: &Value, base: &Value, rng: &mut Rng) -> Option<Vec<u8>> {
    let (path, name, told) = property(schema, rng, |_| true)?;
    let value = of_other_type(&types(told), rng);
    with(base, &path, &name, value)
}

fn missing(schema: &Value, base: &Value, rng: &mut Rng) -> Option<Vec<u8>> {
    let name = rng.choice(schema["required"].as_array()?)?.as_str()?;
    let mut body = base.clone();
    body.as_object_mut()?.remove(name);
    // Whatever else it says.
    body["save_anyway"] = json!(rng.bool());
    Some(format!("{body}{}", " ".repeat(rng.usize(0..40))).into_bytes())
}

fn unknown(schema: &Value, base: &Value, rng: &mut Rng) -> Option<Vec<u8>> {
    let objects: Vec<_> =
        objects(schema).into_iter().filter(|(_, told)| told["additionalProperties"] == false).collect();
    let (path, told) = rng.choice(objects)?;
    let name = unknown_name(rng);
    let values = [json!("other"), json!(null), json!(rng.u32(..))];
    let value = rng.choice(values).unwrap_or_default();
    if told["properties"].get(&name).is_some() { None } else { with(base, &path, &name, value) }
}

fn out_of_range(schema: &Value, base: &Value, rng: &mut Rng) -> Option<Vec<u8>> {
    let (path, name, _) = property(schema, rng, |told| allows(told, "integer"))?;
    let value = number(rng);
    with(base, &path, &name, value)
}

fn with_control(schema: &Value, base: &Value, rng: &mut Rng) -> Option<Vec<u8>> {
    let (path, name, told) = property(schema, rng, |told| allows(told, "string") || allows(told, "array"))?;
    let text = json!(controlled(rng));
    with(base, &path, &name, if allows(told, "array") { json!([text]) } else { text })
}

fn too_long(schema: &Value, base: &Value, rng: &mut Rng) -> Option<Vec<u8>> {
    let (path, name, told) = property(schema, rng, |told| allows(told, "string") || allows(told, "array"))?;
    let text = json!(long(rng));
    with(base, &path, &name, if allows(told, "array") { json!([text]) } else { text })
}

fn too_many(schema: &Value, base: &Value, rng: &mut Rng) -> Option<Vec<u8>> {
    let (path, name, told) = property(schema, rng, |told| allows(told, "array"))?;
    let most = usize::try_from(told["maxItems"].as_u64()?).ok()?;
    let items = (0..=most + rng.usize(0..200)).map(|at| json!(format!("a{at}.{}@b.example", rng.u8(..))));
    with(base, &path, &name, items.collect())
}

fn wrong_root(_: &Value, _: &Value, rng: &mut Rng) -> Option<Vec<u8>> {
    Some(of_other_type(&["object".to_owned()], rng).to_string().into_bytes())
}

/// The values of an object without their names, as programs that read by position would take them.
fn listed(schema: &Value, base: &Value, rng: &mut Rng) -> Option<Vec<u8>> {
    let (path, told) = rng.choice(objects(schema))?;
    let properties: Vec<&Value> = told["properties"].as_object()?.values().collect();
    let n_values = rng.usize(0..=properties.len());
    let list: Value = properties.into_iter().take(n_values).map(self::base).collect();
    let blanks = " ".repeat(rng.usize(0..60));
    let Some((name, path)) = path.split_last() else { return Some(format!("{blanks}{list}").into_bytes()) };
    let mut bytes = with(base, path, name, list)?;
    bytes.extend(blanks.into_bytes());
    Some(bytes)
}

fn truncated(_: &Value, base: &Value, rng: &mut Rng) -> Option<Vec<u8>> {
    let mut bytes = base.to_string().into_bytes();
    bytes.truncate(rng.usize(1..bytes.len()));
    bytes.extend(std::iter::repeat_n(b' ', rng.usize(0..9)));
    Some(bytes)
}

fn trailing(_: &Value, base: &Value, rng: &mut Rng) -> Option<Vec<u8>> {
    let after = rng.choice(["}", "{}", ",", "null", "\u{0}", "//", "]", "1"])?;
    Some(format!("{base}{}{after}{}", " ".repeat(rng.usize(0..9)), rng.u8(..)).into_bytes())
}

fn doubled(schema: &Value, base: &Value, rng: &mut Rng) -> Option<Vec<u8>> {
    let (name, told) = rng.choice(schema["properties"].as_object()?)?;
    let one = format!("{}:{}", json!(name), self::base(told));
    let rest = base.to_string();
    let rest = rest.trim_start_matches('{');
    let comma = if rest == "}" { "" } else { "," };
    Some(format!("{{{one},{}{one}{comma}{rest}", " ".repeat(rng.usize(0..9))).into_bytes())
}

fn no_utf8(_: &Value, base: &Value, rng: &mut Rng) -> Option<Vec<u8>> {
    let bad: &[u8] =
        rng.choice([&[0xff_u8][..], &[0xc0, 0x80], &[0xed, 0xa0, 0x80], &[0xf5, 1], &[0x80], &[0xe2, 0x82]])?;
    let mut bytes = base.to_string().into_bytes();
    let at = rng.usize(0..bytes.len());
    bytes.splice(at..at, bad.iter().copied());
    Some(bytes)
}

fn deep(schema: &Value, base: &Value, rng: &mut Rng) -> Option<Vec<u8>> {
    let depth = rng.usize(130..6_000);
    let (open, close) = if rng.bool() { ("[", "]") } else { ("{\"a\":", "}") };
    let is_closed = rng.bool();
    let nest = format!("{}0{}", open.repeat(depth), close.repeat(if is_closed { depth } else { 0 }));
    let (name, _) = rng.choice(schema["properties"].as_object()?)?;
    let mut text = base.to_string();
    text.truncate(text.len() - 1);
    let comma = if text == "{" { "" } else { "," };
    Some(format!("{text}{comma}{}:{nest}}}", json!(name)).into_bytes())
}

fn dialect(_: &Value, base: &Value, rng: &mut Rng) -> Option<Vec<u8>> {
    let whole = base.to_string();
    let text = whole.clone();
    let inner = text.trim_start_matches('{').trim_end_matches('}');
    let comma = if inner.is_empty() { "" } else { "," };
    let salt = rng.u32(..);
    let text = match rng.u8(0..8) {
        0 => text.replace('"', "'"),
        1 => format!("/* {salt} */{text}"),
        2 => format!("{{{inner}{comma}}}{salt}"),
        3 => format!("{{{inner}{comma}\"version\":NaN,\"x\":{salt}}}"),
        4 => format!("{{{inner}{comma}\"active\":True,\"x\":{salt}}}"),
        5 => format!("\u{feff}{text}{salt}"),
        6 => format!("{{{inner}{comma}\"version\":0{salt:09}}}"),
        _ => format!("active: false\nversion: {salt}\n"),
    };
    // Nothing to quote, nothing to break.
    (text != whole).then(|| text.into_bytes())
}

fn half_pair(schema: &Value, base: &Value, rng: &mut Rng) -> Option<Vec<u8>> {
    let (path, name, _) = property(schema, rng, |told| allows(told, "string"))?;
    let unit = rng.u16(0xd800..0xe000);
    let bytes = with(base, &path, &name, json!("@HALF@"))?;
    Some(String::from_utf8(bytes).ok()?.replace("@HALF@", &format!("a\\u{unit:04x}b")).into_bytes())
}

#[cfg(test)]
mod tests {
    use super::super::contract::Contract;
    use super::{WAYS, allows, base, broken, property};
    use fastrand::Rng;
    use serde_json::{Value, json};
    use std::collections::BTreeSet;

    #[test]
    fn a_base_has_what_is_required_and_the_defaults() {
        let operations = Contract::committed().unwrap().operations();
        let of = |name: &str| operations.iter().find(|one| one.name == name).unwrap().body.clone().unwrap();
        let save = base(&of("saveSettings"));
        assert_eq!(
            (&save["version"], &save["time_zone"], &save["username"]),
            (&json!(0), &json!("UTC"), &json!("x"))
        );
        assert_eq!(base(&of("testSettings")), json!({"username": null, "write_back": null}));
    }

    #[test]
    fn every_way_to_break_a_body_is_taken_and_changes_it() {
        let operations = Contract::committed().unwrap().operations();
        for schema in operations.iter().filter_map(|operation| operation.body.as_ref()) {
            let (base, mut rng) = (base(schema), Rng::with_seed(1));
            let all: Vec<_> = (0..600).map(|turn| broken(schema, &base, turn, &mut rng)).collect();
            assert!(all.iter().all(|one| one.bytes != base.to_string().into_bytes()));
            let ways: BTreeSet<_> = all.iter().map(|one| one.how).collect();
            let missed: Vec<_> =
                WAYS.iter().filter(|(how, _)| is_open(how, schema) && !ways.contains(how)).collect();
            assert!(missed.is_empty(), "{missed:?} of {schema}");
        }
    }

    /// Whether a body of a schema can be broken that way: without a text, none is too long.
    fn is_open(how: &str, schema: &Value) -> bool {
        let has = |wanted: &[&str]| {
            let is_wanted = |told: &Value| wanted.iter().any(|name| allows(told, name));
            property(schema, &mut Rng::with_seed(1), is_wanted).is_some()
        };
        match how {
            "a property that is missing" => schema["required"].is_array(),
            "a number out of range" => has(&["integer"]),
            "control characters" | "a text that is too long" => has(&["string", "array"]),
            "half a surrogate pair" => has(&["string"]),
            "too many items" => {
                property(schema, &mut Rng::with_seed(1), |told| told["maxItems"].is_u64()).is_some()
            }
            // An empty body has nothing to quote.
            "JSON of somebody else" => base(schema) != json!({}),
            _ => true,
        }
    }
}
