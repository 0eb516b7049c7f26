//! Query strings and forms: `application/x-www-form-urlencoded`, in order and with repeats.

/// Decoded pairs in the order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a query string; what is not UTF-8 is read with replacement characters.
    pub(crate) fn parse(text: &str) -> Self {
        Self::parse_bytes(text.as_bytes())
    }

    /// Reads a form.
    pub(crate) fn parse_bytes(bytes: &[u8]) -> Self {
        Self(form_urlencoded::parse(bytes).into_owned().collect())
    }

    /// Every pair.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// The value of a name that is there exactly once.
    pub(crate) fn one(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(other, _)| other == name);
        let value = values.next();
        if values.next().is_some() { None } else { value.map(|(_, value)| value.as_str()) }
    }

    /// Pairs as a query string.
    pub(crate) fn write<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Form;

    fn check(text: &str, pairs: &[(&str, &str)]) {
        let read = Form::parse(text);
        let read: Vec<(&str, &str)> = read.pairs().iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(read, pairs, "{text}");
    }

    #[test]
    fn pairs_are_read_in_order_and_decoded() {
        check("", &[]);
        check("&&", &[]);
        check("a=1&b=2&a=3", &[("a", "1"), ("b", "2"), ("a", "3")]);
        check("a&b=&=c&d=e=f", &[("a", ""), ("b", ""), ("", "c"), ("d", "e=f")]);
        check("q=a+b%20c%2B%26%C3%A9", &[("q", "a b c+&é")]);
        check("q=100%&r=%zz&s=%ff", &[("q", "100%"), ("r", "%zz"), ("s", "\u{fffd}")]);
    }

    #[test]
    fn a_repeated_name_has_no_one_value() {
        let form = Form::parse("a=1&b=2&a=1");
        assert_eq!((form.one("a"), form.one("b"), form.one("c")), (None, Some("2"), None));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(pairs in prop::collection::vec((".{1,8}", ".{0,8}"), 0..5)) {
            let written = Form::write(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            prop_assert_eq!(Form::parse(&written), Form(pairs));
        }
    }
}
