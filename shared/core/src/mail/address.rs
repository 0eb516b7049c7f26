//! Which recipients are usable.
//!
//! Stricter than the standard: what SES takes (ASCII only) and what people have. No quotes, no comments, no display name:
//! nothing in an address can end a header or begin another one.

/// Most recipients of one mail (SES's limit).
pub const MAX_RECIPIENTS: usize = 50;

const MAX_LEN: usize = 254;
const MAX_LOCAL_LEN: usize = 64;
const MAX_LABEL_LEN: usize = 63;

/// Whether a text is an address that mail can be sent to.
#[must_use]
pub fn is_address(text: &str) -> bool {
    text.len() <= MAX_LEN
        && text.split_once('@').is_some_and(|(local, domain)| is_local(local) && is_domain(domain))
}

fn is_local(local: &str) -> bool {
    let is_atom = |atom: &str| !atom.is_empty() && atom.bytes().all(is_atom_byte);
    local.len() <= MAX_LOCAL_LEN && local.split('.').all(is_atom)
}

fn is_atom_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

fn is_domain(domain: &str) -> bool {
    let mut labels = domain.split('.').rev();
    let is_top = |label: &str| label.len() > 1 && label.bytes().any(|byte| byte.is_ascii_alphabetic());
    labels.next().is_some_and(|top| is_top(top) && is_label(top))
        && domain.contains('.')
        && labels.all(is_label)
}

fn is_label(label: &str) -> bool {
    (1..=MAX_LABEL_LEN).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn plain_addresses_are_usable() {
        for good in ["a@acme.example", "first.last+lci@mail.acme-msp.co.uk", "o'brien@x1.xn--p1ai"] {
            assert!(is_address(good), "{good}");
        }
    }

    #[test]
    fn everything_else_is_not() {
        let long_local = format!("{}@acme.example", "x".repeat(65));
        let long = format!("a@{}example", "x.".repeat(130));
        for bad in [
            "",
            "acme.example",
            "@acme.example",
            "a@",
            "a@localhost",
            "a@acme..example",
            "a@-acme.example",
            "a@acme.e",
            "a@10.0.0.1",
            "a@b@acme.example",
            ".a@acme.example",
            "a..b@acme.example",
            "a b@acme.example",
            "a@acme.example\r\nBcc: x@y.example",
            "a@acme.example, b@acme.example",
            "A <a@acme.example>",
            "\"a\"@acme.example",
            "ä@acme.example",
            "a@ácme.example",
            &long_local,
            &long,
        ] {
            assert!(!is_address(bad), "{bad:?}");
        }
    }
}
