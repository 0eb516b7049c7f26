//! The one list of the functions that this process runs.

use shared::api::Route;

/// Tables of the functions, each of which owns its routes.
const TABLES: &[&[Route]] = &[
    settings::ROUTES,
    test_settings::ROUTES,
    mappings::ROUTES,
    auto_map::ROUTES,
    warranty_writeback::ROUTES,
];

/// Every route of the API.
pub(crate) fn routes() -> Vec<&'static Route> {
    TABLES.iter().copied().flatten().collect()
}
