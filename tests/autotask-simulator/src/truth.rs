//! The records as they are, for tests to compare with what a client made of them.

use crate::config::Config;
use crate::render::{Style, UdfShow, write_row};
use crate::schema::Entity;
use crate::store::IdRange;
use crate::view::{Lag, View};
use crate::world::World;

const ROWS_AT_ONCE: usize = 500;

/// Which part of the truth is wanted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    /// These fields only.
    pub(crate) fields: Option<Vec<String>>,
    /// Rows that the rights show to the API user only.
    pub(crate) is_visible_only: bool,
}

/// The next rows above an id as JSON lines, and the last id among them; nothing at the end.
pub(crate) fn lines(world: &World, entity: Entity, after_id: i64, filter: &Filter) -> Option<(String, i64)> {
    let schema = world.schemas.get(entity).ok()?;
    let fields: Option<Vec<usize>> =
        filter.fields.as_ref().map(|names| names.iter().filter_map(|name| schema.index(name)).collect());
    let config = Config { rights: Default::default(), ..Config::clone(&world.config()) };
    let config = if filter.is_visible_only { Config::clone(&world.config()) } else { config };
    let lag = Lag::default();
    let store = world.store();
    let view = View::new(&store, schema, &lag, &config);
    let style = Style { fields: fields.as_deref(), udfs: UdfShow::Values, dates: config.date_style };
    let range = IdRange { low: after_id.saturating_add(1), high: i64::MAX };
    let mut out = String::new();
    let mut last_id = None;
    for row in view.rows(range, &[]).take(ROWS_AT_ONCE) {
        write_row(&mut out, row, schema, &store.texts, style);
        out.push('\n');
        last_id = Some(row.id);
    }
    last_id.map(|last_id| (out, last_id))
}
