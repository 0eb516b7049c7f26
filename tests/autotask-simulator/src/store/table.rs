//! The rows of one entity, ascending by id.

use super::row::Row;

/// The rows of one entity.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Row>,
    highest_id: i64,
}

/// A span of ids, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IdRange {
    /// The lowest id.
    pub(crate) low: i64,
    /// The highest id.
    pub(crate) high: i64,
}

impl Default for IdRange {
    fn default() -> Self {
        Self { low: i64::MIN, high: i64::MAX }
    }
}

impl Table {
    /// The rows with ids in a range, ascending; found in O(log n).
    pub(crate) fn range(&self, range: IdRange) -> &[Row] {
        let start = self.rows.partition_point(|row| row.id < range.low);
        let end = self.rows.partition_point(|row| row.id <= range.high);
        self.rows.get(start..end.max(start)).unwrap_or_default()
    }

    /// Every row, ascending by id.
    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The row with an id.
    pub(crate) fn get(&self, id: i64) -> Option<&Row> {
        let at = self.rows.binary_search_by_key(&id, |row| row.id).ok()?;
        self.rows.get(at)
    }

    /// Puts a row in, in place of one with the same id.
    pub(crate) fn put(&mut self, row: Row) {
        self.highest_id = self.highest_id.max(row.id);
        match self.rows.binary_search_by_key(&row.id, |row| row.id) {
            Ok(at) => self.rows.iter_mut().skip(at).take(1).for_each(|slot| *slot = row.clone()),
            Err(at) => self.rows.insert(at, row),
        }
    }

    /// Takes a row out.
    pub(crate) fn remove(&mut self, id: i64) -> Option<Row> {
        let at = self.rows.binary_search_by_key(&id, |row| row.id).ok()?;
        Some(self.rows.remove(at))
    }

    /// An id above every id that was ever used, sometimes leaving a gap.
    pub(crate) fn next_id(&self) -> i64 {
        self.highest_id + if self.highest_id % 4 == 3 { 2 } else { 1 }
    }

    /// Gives back the room that growing took in advance.
    pub(crate) fn shrink(&mut self) {
        self.rows.shrink_to_fit();
    }
}
