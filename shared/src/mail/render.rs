//! Text and HTML of a mail, from one letter.

use askama::Template;
use shared_core::mail::Mail;

use super::frame::{Frame, Page};
use super::letter::{self, Block, Letter, Step, Table};
use super::texts::{NAME_CHARS, foreign, one_line};

/// Longest line of plain text, in characters.
const WIDTH: usize = 76;
const SUBJECT_CHARS: usize = 140;

/// A mail as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// For plain-text programs; says the same as the HTML.
    pub text: String,
    /// One page without images, scripts or anything that is fetched.
    pub html: String,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'a> {
    letter: &'a Letter,
    subject: &'a str,
    tenant: &'a str,
    tenant_id: &'a str,
    settings_url: &'a str,
}

#[derive(Template)]
#[template(path = "mail.txt")]
struct Text<'a> {
    letter: &'a Letter,
    rule: &'a str,
    lines: &'a [String],
    footer: &'a [String],
}

/// Puts a mail into words for its recipients.
///
/// # Errors
/// [`askama::Error`]: a template failed, which only a fault of ours can bring about.
pub fn render(mail: &Mail, frame: &Frame) -> Result<Rendered, askama::Error> {
    let mut letter = letter::write(mail, frame);
    letter.reference = one_line(&letter.reference, NAME_CHARS);
    let tenant = foreign(&frame.tenant_name, NAME_CHARS);
    let tenant = if tenant.is_empty() { frame.tenant.as_str() } else { &tenant };
    let subject = one_line(&format!("{} ({tenant}, Autotask)", letter.title), SUBJECT_CHARS);
    let settings_url = frame.app_url.link(Page::Settings);
    let tenant_id = frame.tenant.as_str();
    let html = Html { letter: &letter, subject: &subject, tenant, tenant_id, settings_url: &settings_url }
        .render()?;
    let lines: Vec<String> = letter.blocks.iter().flat_map(lines_of).collect();
    let footer = footer(&letter, tenant, tenant_id, &settings_url);
    let rule = "=".repeat(letter.title.chars().count());
    let text = Text { letter: &letter, rule: &rule, lines: &lines, footer: &footer }.render()?;
    Ok(Rendered { subject, text, html })
}

fn footer(letter: &Letter, tenant: &str, tenant_id: &str, settings_url: &str) -> Vec<String> {
    let why = format!(
        "You get this mail as a recipient of the Autotask integration of {tenant}. Change that in the settings:"
    );
    // Mail programs take what follows "-- " for a signature.
    let mut lines = vec!["-- ".to_owned()];
    lines.extend(wrapped(&why, "", ""));
    lines.push(settings_url.to_owned());
    lines.push(format!("Tenant {tenant_id}, reference {}", letter.reference));
    lines
}

/// A block in lines of plain text, an empty one before it.
fn lines_of(block: &Block) -> Vec<String> {
    let mut lines = vec![String::new()];
    match block {
        Block::Paragraph(text) => lines.extend(wrapped(text, "", "")),
        Block::Heading(text) => lines.extend([text.clone(), "-".repeat(text.chars().count())]),
        Block::Table(table) => lines.extend(table_lines(table)),
        Block::List(items) => lines.extend(items.iter().flat_map(|item| wrapped(item, "- ", "  "))),
        Block::Steps(steps) => lines.extend(steps.iter().enumerate().flat_map(step_lines)),
        Block::Link(link) => lines.extend([format!("{}:", link.label), link.url.clone()]),
    }
    lines
}

fn step_lines((at, step): (usize, &Step)) -> Vec<String> {
    let mut lines = wrapped(&step.text, &format!("{}. ", at + 1), "   ");
    lines.extend(step.link.iter().map(|link| format!("   {}", link.url)));
    lines
}

/// Words in lines of at most [`WIDTH`]; a longer word, such as an address, keeps a line of its own.
fn wrapped(text: &str, first: &str, others: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = first.to_owned();
    let mut is_begun = false;
    for word in text.split(' ') {
        if is_begun && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(std::mem::replace(&mut line, others.to_owned()));
            is_begun = false;
        }
        if is_begun {
            line.push(' ');
        }
        line.push_str(word);
        is_begun = true;
    }
    lines.push(line);
    lines
}

fn table_lines(table: &Table) -> Vec<String> {
    let cells = |row: usize, column: usize| match row {
        0 => table.columns.get(column).copied().unwrap_or_default(),
        _ => table.rows.get(row - 1).and_then(|row| row.get(column)).map_or("", String::as_str),
    };
    let widths: Vec<usize> = (0..table.columns.len())
        .map(|column| (0..=table.rows.len()).map(|row| cells(row, column).chars().count()).max().unwrap_or(0))
        .collect();
    let line = |row: usize| {
        let cell = |(column, &width): (usize, &usize)| match column {
            0 => format!("{:<width$}", cells(row, column)),
            _ => format!("{:>width$}", cells(row, column)),
        };
        widths.iter().enumerate().map(cell).collect::<Vec<_>>().join("  ")
    };
    (0..=table.rows.len()).map(line).collect()
}

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
