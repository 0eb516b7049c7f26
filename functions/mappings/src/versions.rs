//! The history of an area.

use serde_json::json;
use shared::api::lists::{Cursor, SHORT};
use shared::api::{ApiError, ApiRequest, Reply};
use shared::store::mappings::Version;
use shared_core::mapping::{Diff, Options};

use crate::Deps;
use crate::mapped::Mapped;
use crate::view::{DiffRow, OptionsDiff, VersionPage, VersionRow};

/// Changed rows that a version shows; the first load of a large tenant has thousands.
const MAX_SHOWN: usize = 500;

/// Answers a page of versions, newest first.
pub(crate) async fn list<M: Mapped>(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let tenant = &request.caller.tenant;
    let limit = i32::try_from(SHORT.read(request)?).unwrap_or(i32::MAX);
    let before = match Cursor::read(request)? {
        Some(Cursor(text)) => {
            Some(text.parse().map_err(|_| ApiError::field("cursor", "it is none that a former page gave"))?)
        }
        None => None,
    };
    let store = deps.sessions.open(tenant, None).await?.store;
    let (versions, has_more) = store.book_versions::<M::Choice>(tenant, M::AREA, before, limit).await?;
    let last = versions.last().filter(|_| has_more).map(|last| Cursor(last.version.to_string()).write());
    Reply::ok(&VersionPage { versions: versions.iter().map(row).collect(), cursor: last })
}

fn row<C: serde::Serialize>(version: &Version<C>) -> VersionRow {
    VersionRow {
        version: version.version,
        at: version.save.at.clone(),
        by: version.save.by.clone(),
        what: version.cause,
        n_changes: version.diffs.len(),
        has_new_options: version.options_before.is_some(),
        options: version.options_before.as_ref().zip(version.options_after.as_ref()).map(options),
        changes: version.diffs.iter().take(MAX_SHOWN).map(diff).collect(),
    }
}

fn options((before, after): (&Options, &Options)) -> OptionsDiff {
    OptionsDiff { before: before.into(), after: after.into() }
}

pub(crate) fn diff<C: serde::Serialize>(diff: &Diff<C>) -> DiffRow {
    let Diff { key, name, before, after, version: _ } = diff;
    DiffRow { key: key.clone(), name: name.clone(), before: json!(before), after: json!(after) }
}
