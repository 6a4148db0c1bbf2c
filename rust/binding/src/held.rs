//! Columns that kernels look at in place: ours and bytes without a copy, other foreign ones copied first.

use std::ops::Range;

use intervalues_core::{BLOCK, Error};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyMemoryView};

use crate::column::{Column, room};
use crate::memory::{Buffer, Numbers, Slice, slice_of};
use crate::signals::Signals;

/// A column of 64-bit integers or floats, for as long as this lives, with or without the interpreter.
pub(crate) struct Held(Storage);

enum Storage {
    /// Nothing in a buffer of ours ever changes.
    Shared(Py<Buffer>, Range<usize>),
    /// Nor do bytes: so come columns out of a pickle. Floats or not, and which rows of them.
    Bytes(PyBackedBytes, bool, Range<usize>),
    Copied(Numbers),
}

impl Held {
    /// The column that an object exports, if it is one of ours: integers that fit 64 bits, or floats.
    pub(crate) fn open(object: &Bound<'_, PyAny>) -> PyResult<Option<Self>> {
        let Some(column) = Column::open(object)?.filter(|column| !column.is_bool()) else { return Ok(None) };
        let looked_at = match object.cast::<PyMemoryView>() {
            Ok(view) => Some(view.getattr(intern!(object.py(), "obj"))?),
            Err(_) => None,
        };
        if let Some(buffer) = looked_at.as_ref().and_then(|exporter| exporter.cast::<Buffer>().ok()) {
            if let Some(rows) = column.rows_of(buffer.get()) {
                return Ok(Some(Held(Storage::Shared(buffer.clone().unbind(), rows))));
            }
        }
        if let Some(bytes) = looked_at.and_then(|exporter| exporter.cast_into::<PyBytes>().ok()) {
            let bytes = PyBackedBytes::from(bytes);
            if let Some(rows) = column.rows_within(&bytes) {
                return Ok(Some(Held(Storage::Bytes(bytes, column.is_float(), rows))));
            }
        }
        Ok(copied(&column)?.map(|numbers| Held(Storage::Copied(numbers))))
    }

    /// A column of our own with what an object exports: integers that fit 64 bits, or floats.
    pub(crate) fn copied(object: &Bound<'_, PyAny>) -> PyResult<Option<Numbers>> {
        let Some(column) = Column::open(object)?.filter(|column| !column.is_bool()) else { return Ok(None) };
        copied(&column)
    }

    /// The numbers.
    pub(crate) fn slice(&self) -> Slice<'_> {
        match &self.0 {
            Storage::Shared(buffer, rows) => buffer.get().slice(rows.clone()),
            Storage::Bytes(bytes, are_floats, rows) => slice_of(bytes, *are_floats, rows.clone()),
            Storage::Copied(numbers) => numbers.slice(),
        }
    }
}

/// Copies a column; none if a number does not fit.
fn copied(column: &Column<'_>) -> PyResult<Option<Numbers>> {
    let mut signals = Signals::new();
    let numbers = copy(column, &mut signals);
    signals.settle(numbers)
}

/// Copies a column, block by block.
fn copy(column: &Column<'_>, signals: &mut Signals) -> Result<Numbers, Error> {
    let (is_float, rows) = (column.is_float(), column.rows());
    let (mut integers, mut floats) = (Vec::new(), Vec::new());
    if is_float {
        floats = room(rows)?;
    } else {
        integers = room(rows)?;
    }
    for first in (0..rows).step_by(BLOCK) {
        if signals.raised() {
            return Err(Error::Interrupted);
        }
        let last = rows.min(first.saturating_add(BLOCK));
        if is_float {
            floats.resize(last, 0.0);
            column.read_floats(first, floats.get_mut(first..).ok_or(Error::Internal)?)?;
        } else {
            integers.resize(last, 0);
            column.read_integers(first, integers.get_mut(first..).ok_or(Error::Internal)?)?;
        }
    }
    Ok(if is_float { Numbers::Floats(floats) } else { Numbers::Integers(integers) })
}
