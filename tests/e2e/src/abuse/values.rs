//! Odd texts, odd numbers, values of the wrong type.

use fastrand::Rng;
use serde_json::{Value, json};

/// Texts that have broken other programs.
const ODD: &[&str] = &[
    "\u{0}",
    "a\u{0}b",
    "line\r\nbreak",
    "tab\there",
    "\u{1b}[31mred",
    "\u{7f}",
    "../../../etc/passwd\n",
    "'; DROP TABLE lci; --\n",
    "<script>alert(1)</script>\r",
    "${jndi:ldap://127.0.0.1/a}\u{1}",
    "{{7*7}}\u{2}",
    "%00%0a\n",
    "T#other#META\n",
    "admin@demo.example\r\nBcc: a@b.example",
    "\u{202e}txt.exe\u{0}",
    "\u{feff}\u{8}",
];

/// A text with at least one control character.
#[must_use]
pub fn controlled(rng: &mut Rng) -> String {
    let odd = rng.choice(ODD).copied().unwrap_or("\u{0}");
    format!("{odd}{}", rng.u16(..))
}

/// A text that is longer than anything of ours may be.
#[must_use]
pub fn long(rng: &mut Rng) -> String {
    let unit = rng.choice(["a", "0", "ä", "\u{1f4a3}", "a@b.example,", "%41"]).unwrap_or("a");
    unit.chars().cycle().take(rng.usize(300..2_000)).collect()
}

/// A number that no counter is.
#[must_use]
pub fn number(rng: &mut Rng) -> Value {
    match rng.u8(0..6) {
        0 => json!(-1 - i64::from(rng.u32(..))),
        1 => json!(i64::MIN + i64::from(rng.u32(..))),
        2 => json!(f64::from(rng.u16(..)) + 0.5),
        3 => json!(1e300),
        4 => json!(-1e-300),
        // Beyond 64 bits, as a number all the same.
        _ => serde_json::from_str(&format!("1844674407370955{:04}16", rng.u16(1_700..9_999)))
            .unwrap_or_default(),
    }
}

/// A value of none of these types.
#[must_use]
pub fn of_other_type(types: &[String], rng: &mut Rng) -> Value {
    let candidates: [(&str, Value); 7] = [
        ("null", Value::Null),
        ("boolean", json!(rng.bool())),
        ("integer", json!(rng.u32(..))),
        ("number", json!(f64::from(rng.u16(..)) + 0.25)),
        ("string", json!(format!("{:x}", rng.u64(..)))),
        ("array", json!([rng.u8(..), {}])),
        ("object", json!({format!("k{}", rng.u8(..)): [null]})),
    ];
    let is_fit = |name: &str| {
        let is_number = name == "integer" && types.iter().any(|allowed| allowed == "number");
        !is_number && !types.iter().any(|allowed| allowed == name)
    };
    let fit: Vec<Value> =
        candidates.into_iter().filter(|(name, _)| is_fit(name)).map(|(_, value)| value).collect();
    rng.choice(fit).unwrap_or_default()
}

/// A name that nobody chose.
#[must_use]
pub fn unknown_name(rng: &mut Rng) -> String {
    let known =
        rng.choice(["tenant", "role", "Active", "username ", "__proto__", "", "password\u{0}", "Version"]);
    if rng.bool() { format!("x{:x}", rng.u64(..)) } else { known.unwrap_or("tenant").to_owned() }
}

/// Percent-encodes every byte that is no letter and no digit, and some that are.
#[must_use]
pub fn encoded(text: &str, rng: &mut Rng) -> String {
    let byte = |byte: u8| {
        if byte.is_ascii_alphanumeric() && rng.u8(..) > 20 {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::{controlled, number, of_other_type};
    use fastrand::Rng;

    #[test]
    fn each_value_is_as_odd_as_it_claims() {
        let mut rng = Rng::with_seed(1);
        for _ in 0..200 {
            assert!(controlled(&mut rng).chars().any(char::is_control));
            assert_eq!(number(&mut rng).as_u64(), None);
            assert!(!of_other_type(&["string".to_owned(), "null".to_owned()], &mut rng).is_string());
        }
    }
}
