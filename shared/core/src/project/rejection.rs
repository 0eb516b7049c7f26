//! Why a row was refused.
//!
//! Never holds more of the row than its id, the field's name and the offending scalar. Used by `decode`.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Invalid, peek_id};
use crate::entity::Entity;
use crate::wire::clip;

/// The longest reason, in bytes.
const MAX_REASON_BYTES: usize = 200;

/// The longest name of a field, in bytes; no field of Autotask's comes near it.
const MAX_FIELD_BYTES: usize = 100;

/// A row that was not decoded: kept with its reason, shown, and tried again by the next run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("rejected {entity} row {id:?}, field {field:?}: {reason}")]
pub struct Rejected {
    /// The entity of the row.
    pub entity: Entity,
    /// The row's id, if that much could be read.
    pub id: Option<i64>,
    /// The wire name of the offending field; `None` if the row as a whole is at fault.
    pub field: Option<String>,
    /// What is wrong, at most 200 bytes; quotes the offending scalar alone.
    pub reason: String,
}

impl Rejected {
    pub(super) fn whole(entity: Entity, reason: &str) -> Self {
        Self { entity, id: None, field: None, reason: clip(reason, MAX_REASON_BYTES) }
    }

    pub(super) fn invalid(entity: Entity, raw: &RawValue, invalid: &Invalid) -> Self {
        let field = Some(invalid.field.to_owned());
        Self { entity, id: peek_id(raw), field, reason: invalid.reason.to_owned() }
    }

    /// Decodes the row again, slowly, to learn which field it was.
    pub(super) fn explained<'a, W: Deserialize<'a>>(
        entity: Entity,
        raw: &'a RawValue,
        error: &serde_json::Error,
    ) -> Self {
        let mut input = serde_json::Deserializer::from_str(raw.get());
        let field = match serde_path_to_error::deserialize::<_, W>(&mut input) {
            Ok(_) => None,
            Err(error) => {
                error.path().iter().next().map(|segment| clip(&segment.to_string(), MAX_FIELD_BYTES))
            }
        };
        Self { entity, id: peek_id(raw), field, reason: reason_of(error) }
    }
}

/// The parser's message without its position, which says nothing to a reader of the record.
fn reason_of(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    clip(text.strip_suffix(&position).unwrap_or(&text), MAX_REASON_BYTES)
}
