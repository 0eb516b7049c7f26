//! Whether user-defined fields come along when a query lists its fields.
//!
//! The vendor's pages do not say so plainly, and a wrong guess would lose data without a sound. So the first page without
//! any such value is checked against whole rows of some of its records; a service that drops the values is asked for
//! whole rows from then on. What was seen is kept, so that a night asks nothing.

use shared_core::entity::Entity;
use shared_core::project::has_user_defined_values;
use shared_core::query::{Condition, page_body};
use shared_core::wire::Page;

use super::error::EngineError;
use super::rows::Rows;
use super::task::Task;

/// Records of a page that are looked at whole.
const SAMPLE_RECORDS: usize = 50;

impl Task {
    /// Whether the listed fields of this page came without user-defined values that the records have. If so, whole rows
    /// are asked for from now on.
    pub(super) async fn drops_user_defined(&self, rows: &Rows, is_listed: bool) -> Result<bool, EngineError> {
        if self.entity != Entity::Assets || !is_listed || rows.records.is_empty() {
            return Ok(false);
        }
        if self.is_listing_settled() {
            // Another lane found out while this page was on its way.
            return Ok(self.fields().is_empty());
        }
        let context = &self.context;
        if rows.records.iter().any(has_user_defined_values) {
            self.settle_listing();
            context.store.note_listing(&context.tenant, self.entity, true).await?;
            return Ok(false);
        }
        let step = rows.records.len().div_ceil(SAMPLE_RECORDS);
        let sample: Vec<i64> = rows.records.iter().step_by(step).map(|record| record.id).collect();
        let body = page_body(&[Condition::IdIn(sample)], &[], SAMPLE_RECORDS as u32);
        let read = |page: &Page<'_>| Rows::read(self.entity, page, -1, None, SAMPLE_RECORDS as u32);
        let whole = context.client.query(self.entity, &body, read).await?;
        // Whole rows until it is known better: a sample without values proves nothing.
        self.ask_for_whole_rows();
        self.settle_listing();
        if whole.records.iter().any(has_user_defined_values) {
            let text = "listed fields come without user-defined values; asking for whole rows";
            tracing::warn!(entity = %self.entity, "{text}");
            context.store.note_listing(&context.tenant, self.entity, false).await?;
        }
        Ok(true)
    }
}
