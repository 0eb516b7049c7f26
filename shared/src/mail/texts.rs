//! Texts of others (names, remarks, reasons) made fit for a mail.
//!
//! Whoever can rename a company in Autotask could otherwise write into our mails: end a header, hide what a line says,
//! or plant an address that mail programs turn into a link.

/// Longest name of something.
pub(super) const NAME_CHARS: usize = 80;
/// Longest sentence of others.
pub(super) const SENTENCE_CHARS: usize = 400;

/// A text on one line, without controls or direction overrides, cut to a length, its addresses broken up.
pub(super) fn foreign(text: &str, max_chars: usize) -> String {
    defang(&one_line(text, max_chars))
}

/// A text on one line without controls, direction overrides and invisible characters, cut to a length.
pub(super) fn one_line(text: &str, max_chars: usize) -> String {
    let spaced = text.chars().map(|c| if c.is_control() || is_separator(c) { ' ' } else { c });
    let visible: String = spaced.filter(|c| !is_invisible(*c)).collect();
    let words: Vec<&str> = visible.split_whitespace().collect();
    shortened(&words.join(" "), max_chars)
}

fn shortened(text: &str, max_chars: usize) -> String {
    if text.chars().count() <= max_chars {
        return text.to_owned();
    }
    let kept: String = text.chars().take(max_chars.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

fn is_separator(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

/// Characters that show nothing but change how others are shown. Joiners stay: scripts need them.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Breaks up whatever a mail program would turn into a link: `evil.example/x` becomes `evil[.]example/x`.
fn defang(text: &str) -> String {
    let unschemed = text.replace("://", "[:]//");
    let chars: Vec<char> = unschemed.chars().collect();
    let mut out = String::with_capacity(unschemed.len() + 8);
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let after = chars.get(at + 1);
        // Between digits it is a number; before a space the end of a sentence.
        let joins = before.is_some_and(|c| c.is_alphanumeric()) && after.is_some_and(|c| c.is_alphabetic());
        match c {
            '.' if joins => out.push_str("[.]"),
            '。' | '．' | '｡' => out.push_str("[.]"),
            _ => out.push(*c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{foreign, one_line};

    #[test]
    fn addresses_are_broken_up_and_sentences_are_not() {
        let check = |given: &str, want: &str| assert_eq!(foreign(given, 200), want);
        check("Pay at https://evil.example/a.b now", "Pay at https[:]//evil[.]example/a[.]b now");
        check("www.evil.example", "www[.]evil[.]example");
        check("mail me@evil.example", "mail me@evil[.]example");
        check("http://10.0.0.1/x", "http[:]//10.0.0.1/x");
        check("evil。example", "evil[.]example");
        check("Smith & Sons Ltd. 2.5 of 3.", "Smith & Sons Ltd. 2.5 of 3.");
    }

    #[test]
    fn lines_cannot_be_broken_turned_round_or_hidden() {
        let check = |given: &str, want: &str| assert_eq!(one_line(given, 40), want);
        check("a\r\nBcc: x@y.example", "a Bcc: x@y.example");
        check("a\0b\tc\u{85}d\u{2028}e\u{1b}[2Jf", "a b c d e [2Jf");
        check("invoice\u{202e}fdp.exe\u{2069}\u{200b}\u{feff}\u{e0041}", "invoicefdp.exe");
        check("  \u{a0} ", "");
        check("שלום Ünïcode 株式会社", "שלום Ünïcode 株式会社");
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(one_line("ééééé", 4), "ééé…");
        assert_eq!(one_line("éééé", 4), "éééé");
    }
}
