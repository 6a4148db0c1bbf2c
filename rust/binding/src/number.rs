//! Python's numbers, one at a time: exact types only, since a subclass may mean something else.

use intervalues_core::Grid;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyFloat, PyInt, PyString, PyType};
use rust_decimal::Decimal;

/// Beyond this magnitude not every whole number is a float.
const EXACT: u64 = 1 << 53;

/// An `int` that fits. `bool` is another type.
#[inline]
pub(crate) fn integer(item: Borrowed<'_, '_, PyAny>) -> Option<i64> {
    if item.is_exact_instance_of::<PyInt>() { item.extract().ok() } else { None }
}

/// A `float`, NaN and infinities included.
#[inline]
pub(crate) fn float(item: Borrowed<'_, '_, PyAny>) -> Option<f64> {
    item.cast_exact::<PyFloat>().ok().map(|float| float.value())
}

/// A whole number as the float that equals it, if there surely is one.
pub(crate) fn float_of_integer(integer: i64) -> Option<f64> {
    // The grid without digits: its floats are exact up to here.
    if integer.unsigned_abs() <= EXACT { Some(Grid::new(0)?.float(integer)) } else { None }
}

/// Whether an object is a `decimal.Decimal` and nothing more special.
pub(crate) fn is_decimal(item: Borrowed<'_, '_, PyAny>) -> bool {
    static DECIMAL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    DECIMAL
        .import(item.py(), "decimal", "Decimal")
        .is_ok_and(|decimal| item.get_type_ptr() == decimal.as_type_ptr())
}

/// A `decimal.Decimal` of few enough digits, written without an exponent. Its text tells all of it.
pub(crate) fn decimal(item: Borrowed<'_, '_, PyAny>) -> Option<Decimal> {
    if !is_decimal(item) {
        return None;
    }
    let text: Bound<'_, PyString> = item.str().ok()?;
    let text = text.to_cow().ok()?;
    // An exponent says something about the kind of the number that a scale cannot.
    if text.contains(['e', 'E']) { None } else { Decimal::from_str_exact(&text).ok() }
}
