use shared_core::mail::{Mail, MailKind};

use super::samples::{frame, mails};
use super::{Rendered, render, wrapped};

/// The mails as recipients see them; read these files to judge the wording.
const EXPECTED: [(MailKind, &str, &str); 10] = [
    (
        MailKind::InitialComplete,
        "Initial sync complete, 3 records rejected (Acme MSP, Autotask)",
        include_str!("expected/initial-complete.txt"),
    ),
    (
        MailKind::InitialFailed,
        "Initial sync failed (Acme MSP, Autotask)",
        include_str!("expected/initial-failed.txt"),
    ),
    (
        MailKind::NightlyFailing,
        "Nightly sync failing for 3 nights (Acme MSP, Autotask)",
        include_str!("expected/nightly-failing.txt"),
    ),
    (
        MailKind::CredentialsRefused,
        "Autotask refuses the login, sync stopped (Acme MSP, Autotask)",
        include_str!("expected/credentials-refused.txt"),
    ),
    (
        MailKind::Healed,
        "Login works again, sync caught up (Acme MSP, Autotask)",
        include_str!("expected/healed.txt"),
    ),
    (
        MailKind::Held,
        "Sync held: 41,200 records would vanish (Acme MSP, Autotask)",
        include_str!("expected/held.txt"),
    ),
    (
        MailKind::Disabled,
        "Integration switched off (Acme MSP, Autotask)",
        include_str!("expected/disabled.txt"),
    ),
    (
        MailKind::Digest,
        "New in Autotask: 1 asset type and 12 companies (Acme MSP, Autotask)",
        include_str!("expected/digest.txt"),
    ),
    (
        MailKind::ItGlueKeyRefused,
        "IT Glue refuses the API key (Acme MSP, Autotask)",
        include_str!("expected/it-glue-key-refused.txt"),
    ),
    (
        MailKind::WriteBackStopped,
        "Warranty write-back stopped (Acme MSP, Autotask)",
        include_str!("expected/write-back-stopped.txt"),
    ),
];

const HOSTILE: &str = "<script>alert('x')</script>\r\nBcc: victim@evil.example\n\n\u{202e}moc.live\u{200b} \
                       <a href=\"https://evil.example/login\">Sign in</a> &lt; http://10.9.8.7 ";

fn all() -> Vec<(Mail, Rendered)> {
    let render = |mail: Mail| (mail.clone(), render(&mail, &frame()).unwrap());
    mails(str::to_owned).into_iter().map(render).collect()
}

fn hostile() -> Vec<Rendered> {
    let mut frame = frame();
    frame.tenant_name = HOSTILE.to_owned();
    frame.egress_addresses = vec![HOSTILE.to_owned(); 20];
    let hostile = |_: &str| HOSTILE.repeat(30);
    mails(hostile).iter().map(|mail| render(mail, &frame).unwrap()).collect()
}

#[test]
fn each_kind_reads_as_expected() {
    let all = all();
    assert_eq!(all.len(), EXPECTED.len());
    for ((mail, rendered), (kind, subject, text)) in all.iter().zip(EXPECTED) {
        assert_eq!((mail.kind(), rendered.subject.as_str()), (kind, subject));
        assert_eq!(rendered.text, text, "{}", rendered.text);
    }
}

#[test]
fn text_and_html_say_the_same() {
    for (_, rendered) in all() {
        let stripped = words_of(&without_tags(&rendered.html));
        for line in rendered.text.lines().filter(|line| !line.trim_start().starts_with("https://")) {
            for word in words_of(line).iter().filter(|word| word.chars().any(char::is_alphabetic)) {
                assert!(stripped.contains(word), "{word:?} of {line:?} is not in the HTML");
            }
        }
    }
}

#[test]
fn links_lead_nowhere_but_to_our_pages() {
    let rendered = all().into_iter().map(|(_, rendered)| rendered).chain(hostile());
    for rendered in rendered {
        let links: Vec<&str> = rendered.html.split("href=\"").skip(1).collect();
        assert!(!links.is_empty());
        let base = "https://lci.example/integrations/autotask/#/";
        assert!(links.iter().all(|link| link.starts_with(base)), "{links:?}");
        for body in [&rendered.text, &rendered.html] {
            assert_eq!(body.matches("://").count(), body.matches(base).count());
            assert!(!body.contains("evil.example") && !body.contains("moc.live"), "{body}");
        }
    }
}

#[test]
fn texts_of_others_are_shown_as_texts() {
    for rendered in hostile() {
        for tag in ["<script", "<a href=\"https[", "Sign in</a>"] {
            assert!(!rendered.html.contains(tag), "{}", rendered.html);
        }
        assert!(rendered.html.contains("&#60;script&#62;"), "{}", rendered.html);
        let is_odd = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202e}' | '\u{200b}');
        assert!(!rendered.text.contains(is_odd) && !rendered.html.contains(is_odd));
        assert!(!rendered.subject.contains(|c: char| c.is_control() || is_odd(c)), "{:?}", rendered.subject);
        assert!(rendered.subject.chars().count() <= 140);
        assert!(!rendered.text.lines().any(|line| line.starts_with("Bcc:")), "{}", rendered.text);
        assert!(rendered.text.len() < 6_000 && rendered.html.len() < 14_000);
    }
}

#[test]
fn pages_are_accessible_and_fetch_nothing() {
    for (_, Rendered { html, .. }) in all() {
        assert!(html.starts_with("<!doctype html>\n<html lang=\"en\">"));
        assert!(html.contains("<meta name=\"color-scheme\" content=\"light dark\">"));
        assert_eq!(html.matches("<h1>").count(), 1);
        assert_eq!(html.matches("<table>").count(), html.matches("<thead>").count());
        assert!(!html.contains("<table>") || html.contains("<th scope=\"row\">"));
        for fetching in ["<img", "<link", "<script", "src=", "url(", "@import", "<iframe", "<form"] {
            assert!(!html.contains(fetching), "{fetching}");
        }
    }
}

#[test]
fn html_shows_counts_as_a_table() {
    let html = &all()[0].1.html;
    let row =
        "<tr><th scope=\"row\">Assets (Configuration Items)</th><td>199,997</td><td>12</td><td>3</td></tr>";
    assert!(html.contains(row), "{html}");
    assert!(html.contains("<li>Map the asset types: 14 asset types await a decision. <a href="), "{html}");
}

#[test]
fn instants_are_told_in_the_tenants_zone() {
    let check = |zone: &str, want: &str| {
        let mut frame = frame();
        frame.time_zone = zone.to_owned();
        let text = render(&mails(str::to_owned)[6], &frame).unwrap().text.replace('\n', " ");
        assert!(text.contains(want), "{text}");
    };
    check("America/New_York", "21 Nov 2026, 21:12 (America/New_York)");
    check("Asia/Kathmandu", "22 Nov 2026, 07:57 (Asia/Kathmandu)");
    check("Europe/Nowhere\r\n<b>", "22 Nov 2026, 02:12 (UTC)");
}

#[test]
fn a_tenant_without_a_name_goes_by_its_id() {
    let mut frame = frame();
    frame.tenant_name = " \u{200b}\r\n".to_owned();
    let rendered = render(&mails(str::to_owned)[1], &frame).unwrap();
    assert_eq!(rendered.subject, "Initial sync failed (acme, Autotask)");
    assert!(rendered.text.contains("for acme broke off"), "{}", rendered.text);
}

#[test]
fn lines_are_wrapped_between_words() {
    let long = format!("a {} b", "x".repeat(100));
    assert_eq!(
        wrapped(&long, "- ", "  "),
        ["- a".to_owned(), format!("  {}", "x".repeat(100)), "  b".to_owned()]
    );
    assert_eq!(wrapped("", "", ""), [""]);
}

fn without_tags(html: &str) -> String {
    let body = html.split("<body>").nth(1).unwrap();
    let texts = body.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    texts.collect::<Vec<_>>().join(" ").replace("&#34;", "\"").replace("&#62;", ">").replace("&#39;", "'")
}

fn words_of(text: &str) -> Vec<String> {
    text.split(|c: char| c.is_whitespace() || ",.;:()\"".contains(c)).map(str::to_owned).collect()
}
