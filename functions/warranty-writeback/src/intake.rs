//! Dates that are handed over.

use shared::api::{ApiError, ApiRequest, Code, Object, Reply};
use shared_core::warranty::intake::take_in;

use crate::Deps;
use crate::view::{WarrantiesDraft, WarrantiesView};

/// Stores dates; what cannot be read is refused row by row.
pub(crate) async fn put(deps: &Deps, request: &ApiRequest) -> Result<Reply, ApiError> {
    let draft: WarrantiesDraft = request.json()?;
    let rows: Vec<_> = draft.warranties.into_iter().map(|Object(row)| row).collect();
    let intake =
        take_in(&rows, deps.now()).map_err(|error| ApiError::new(Code::TooLarge, error.to_string()))?;
    let (store, tenant) = deps.open(request).await?;
    let n_saved = store.save_known(tenant, &intake.accepted).await?;
    let n_given = rows.len() - intake.refused.len();
    let n_unchanged = (n_given as u64).saturating_sub(n_saved);
    Reply::ok(&WarrantiesView { n_saved, n_unchanged, refused: intake.refused })
}
