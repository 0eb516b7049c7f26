//! One record, packed: a bit per field that holds something and eight bytes for each of those.

use super::texts::Span;

/// A value on its way into a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// Nothing.
    Null,
    /// A number, a truth value (0 or 1), an instant, or a decimal in ten thousandths.
    Number(i64),
    /// A text.
    Text(String),
}

/// A packed record.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    /// Autotask's id.
    pub(crate) id: i64,
    /// How often the record was written since it was made; 1 for a new one.
    pub(crate) version: u32,
    present: u128,
    cells: Box<[u64]>,
    udfs: Option<Box<[(u16, Span)]>>,
}

impl Row {
    /// A row that holds nothing yet.
    pub(crate) fn new(id: i64) -> Self {
        Self { id, version: 1, ..Self::default() }
    }

    /// The raw cell of a field, if the field holds something.
    pub(crate) fn cell(&self, field_idx: usize) -> Option<u64> {
        let bit = 1_u128 << field_idx;
        if self.present & bit == 0 {
            return None;
        }
        let before = (self.present & (bit - 1)).count_ones() as usize;
        self.cells.get(before).copied()
    }

    /// The number in a field.
    pub(crate) fn number(&self, field_idx: usize) -> Option<i64> {
        self.cell(field_idx).map(|bits| bits as i64)
    }

    /// Changes or clears one field.
    pub(crate) fn set_cell(&mut self, field_idx: usize, cell: Option<u64>) {
        let bit = 1_u128 << field_idx;
        let at = (self.present & (bit - 1)).count_ones() as usize;
        let is_present = self.present & bit != 0;
        let mut cells = std::mem::take(&mut self.cells).into_vec();
        match (cell, is_present) {
            (Some(value), true) => cells.iter_mut().skip(at).take(1).for_each(|slot| *slot = value),
            (Some(value), false) => cells.insert(at.min(cells.len()), value),
            (None, true) => {
                cells.remove(at.min(cells.len().saturating_sub(1)));
            }
            (None, false) => {}
        }
        self.present = if cell.is_some() { self.present | bit } else { self.present & !bit };
        self.cells = cells.into_boxed_slice();
    }

    /// The user-defined values: index of the field and where its text lies.
    pub(crate) fn udfs(&self) -> &[(u16, Span)] {
        self.udfs.as_deref().unwrap_or_default()
    }

    /// The text of one user-defined field.
    pub(crate) fn udf(&self, udf_idx: usize) -> Option<Span> {
        self.udfs().iter().find(|pair| usize::from(pair.0) == udf_idx).map(|pair| pair.1)
    }

    /// Changes or clears one user-defined field.
    pub(crate) fn set_udf(&mut self, udf_idx: usize, span: Option<Span>) {
        let mut pairs: Vec<(u16, Span)> =
            self.udfs().iter().copied().filter(|pair| usize::from(pair.0) != udf_idx).collect();
        if let Some(span) = span {
            pairs.push((udf_idx as u16, span));
            pairs.sort_unstable();
        }
        self.udfs = (!pairs.is_empty()).then(|| pairs.into_boxed_slice());
    }
}

/// Collects the cells of a new row in any order.
#[derive(Debug, Default)]
pub(crate) struct RowBuilder {
    cells: Vec<(usize, u64)>,
    udfs: Vec<(u16, Span)>,
}

impl RowBuilder {
    /// Puts a raw cell; a later one for the same field wins.
    pub(crate) fn cell(&mut self, field_idx: usize, cell: u64) {
        self.cells.retain(|pair| pair.0 != field_idx);
        self.cells.push((field_idx, cell));
    }

    /// Puts a user-defined value.
    pub(crate) fn udf(&mut self, udf_idx: usize, span: Span) {
        self.udfs.push((udf_idx as u16, span));
    }

    /// The packed row; the builder is empty afterwards.
    pub(crate) fn build(&mut self, id: i64) -> Row {
        self.cells.sort_unstable();
        let present = self.cells.iter().fold(0, |bits, pair| bits | (1_u128 << pair.0));
        let cells: Box<[u64]> = self.cells.drain(..).map(|pair| pair.1).collect();
        let udfs = std::mem::take(&mut self.udfs);
        let udfs = (!udfs.is_empty()).then(|| udfs.into_boxed_slice());
        Row { id, version: 1, present, cells, udfs }
    }
}
