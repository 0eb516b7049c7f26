//! Addresses as SES takes them: 7-bit, one mailbox each, with or without a name.

use super::faults;
use crate::aws::fault::Fault;

/// Where a mailbox is, without its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mailbox<'a> {
    pub(super) local: &'a str,
    pub(super) domain: &'a str,
}

impl<'a> Mailbox<'a> {
    /// Reads `local@domain` or `Name <local@domain>`.
    ///
    /// # Errors
    /// It is neither, or holds what could end a header.
    pub(super) fn parse(text: &'a str) -> Result<Self, Fault> {
        if !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Err(faults::invalid("Address contains control or non-ASCII characters"));
        }
        let bare = match text.split_once('<') {
            Some((_, rest)) => {
                rest.strip_suffix('>').ok_or_else(|| faults::invalid("Missing '>' after address"))?
            }
            None => text,
        };
        let (local, domain) =
            bare.rsplit_once('@').ok_or_else(|| faults::invalid("Missing final '@domain'"))?;
        if local.is_empty() {
            return Err(faults::invalid("User name is missing"));
        }
        if !local.bytes().all(is_local) {
            return Err(faults::invalid("Local address contains control or whitespace"));
        }
        if !is_domain(domain) {
            return Err(faults::invalid("Domain is not in the form [SubDomain.]Domain.TopLevelDomain"));
        }
        Ok(Self { local, domain })
    }

    /// True when the identity is this address or its domain.
    pub(super) fn is_of(&self, identity: &str) -> bool {
        let (local, domain) = identity.rsplit_once('@').unwrap_or((self.local, identity));
        local == self.local && domain.eq_ignore_ascii_case(self.domain)
    }
}

/// RFC 5322's atoms and dots; quoted local parts are not taken.
fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte)
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    domain.contains('.') && domain.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::Mailbox;

    #[test]
    fn mailboxes() {
        let good = [
            ("a@b.example", "a", "b.example"),
            ("LCI <no-reply@mail.b.example>", "no-reply", "mail.b.example"),
            ("=?utf-8?B?w4Q=?= <a.b+c@b.example>", "a.b+c", "b.example"),
            ("\"x@y, z\" <a@b.example>", "a", "b.example"),
        ];
        for (text, local, domain) in good {
            assert_eq!(Mailbox::parse(text), Ok(Mailbox { local, domain }), "{text}");
        }
        let bad = [
            "",
            "a",
            "@b.example",
            "a@",
            "a@localhost",
            "a@b..example",
            "a b@b.example",
            "ä@b.example",
            "a@b.example, c@b.example",
            "LCI <a@b.example",
            "LCI <a@b.example> x",
            "a@b.example\r\nBcc: c@b.example",
            "LCI\n <a@b.example>",
            "a@b.example\0",
        ];
        for text in bad {
            assert!(Mailbox::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn identities_are_addresses_or_domains() {
        let check = |identity, expected| {
            let mailbox = Mailbox { local: "Ops", domain: "b.example" };
            assert_eq!(mailbox.is_of(identity), expected, "{identity}");
        };
        check("Ops@b.example", true);
        check("Ops@B.example", true);
        check("b.EXAMPLE", true);
        check("ops@b.example", false);
        check("mail.b.example", false);
        check("example", false);
    }
}
