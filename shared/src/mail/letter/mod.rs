//! The wording of each kind of mail, as blocks that text and HTML are both made of: the two cannot drift apart.
//!
//! Texts of others enter a letter through [`super::texts::foreign`] only.

mod credentials;
mod digest;
mod initial;
mod it_glue;
mod nights;
mod write_back;

use shared_core::mail::{EntityCounts, Mail};

use super::frame::{Frame, Page};
use super::texts::{NAME_CHARS, foreign};
use super::words;

/// One mail in words.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    /// What the subject and the first line say.
    pub(super) title: String,
    /// What inboxes show beside the subject.
    pub(super) summary: String,
    pub(super) blocks: Vec<Block>,
    /// What support asks for.
    pub(super) reference: String,
}

#[derive(Clone, Debug)]
pub(super) enum Block {
    Paragraph(String),
    Heading(String),
    Table(Table),
    List(Vec<String>),
    Steps(Vec<Step>),
    Link(Link),
}

/// Counts by row; the first column names the row.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) columns: Vec<&'static str>,
    pub(super) rows: Vec<Vec<String>>,
}

#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) text: String,
    pub(super) link: Option<Link>,
}

#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) label: &'static str,
    pub(super) url: String,
}

/// Puts a mail into words.
pub(super) fn write(mail: &Mail, frame: &Frame) -> Letter {
    match mail {
        Mail::InitialComplete(mail) => initial::complete(mail, frame),
        Mail::InitialFailed(mail) => initial::failed(mail, frame),
        Mail::NightlyFailing(mail) => nights::failing(mail, frame),
        Mail::Disabled(mail) => nights::disabled(mail, frame),
        Mail::Healed(mail) => nights::healed(mail, frame),
        Mail::Digest(mail) => digest::found(mail, frame),
        Mail::Held(mail) => nights::held(mail, frame),
        Mail::CredentialsRefused(mail) => credentials::refused(mail, frame),
        Mail::WriteBackStopped(mail) => write_back::stopped(mail, frame),
        Mail::ItGlueKeyRefused(mail) => it_glue::refused(mail, frame),
    }
}

fn tenant(frame: &Frame) -> String {
    let name = foreign(&frame.tenant_name, NAME_CHARS);
    if name.is_empty() { frame.tenant.to_string() } else { name }
}

fn link(frame: &Frame, label: &'static str, page: Page<'_>) -> Link {
    Link { label, url: frame.app_url.link(page) }
}

fn paragraph(text: impl Into<String>) -> Block {
    Block::Paragraph(text.into())
}

fn heading(text: impl Into<String>) -> Block {
    Block::Heading(text.into())
}

/// A step without a link of its own.
fn step(text: impl Into<String>) -> Step {
    Step { text: text.into(), link: None }
}

/// Counters by entity. What is nothing throughout is left out, except new and rejected records.
fn counts_table(entities: &[EntityCounts]) -> Block {
    type Column = (&'static str, fn(&EntityCounts) -> u64, bool);
    let all: [Column; 5] = [
        ("New", |row| row.counts.created, true),
        ("Changed", |row| row.counts.updated, false),
        ("Unchanged", |row| row.counts.unchanged, false),
        ("Gone", |row| row.counts.tombstoned, false),
        ("Rejected", |row| row.counts.rejected, true),
    ];
    let shown =
        all.iter().filter(|(_, value, is_always)| *is_always || entities.iter().any(|row| value(row) > 0));
    let shown: Vec<&Column> = shown.collect();
    let row = |one: &EntityCounts| {
        let numbers = shown.iter().map(|(_, value, _)| words::number(value(one)));
        std::iter::once(words::entity(one.entity).to_owned()).chain(numbers).collect()
    };
    let columns = std::iter::once("Records").chain(shown.iter().map(|(name, _, _)| *name)).collect();
    Block::Table(Table { columns, rows: entities.iter().map(row).collect() })
}
