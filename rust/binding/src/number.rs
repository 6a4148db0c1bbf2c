//! Python's numbers, one at a time: exact types only, since a subclass may mean something else.

use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyInt};

use crate::intervals::{OPEN, is_open};

/// An `int` that fits. `bool` is another type.
pub(crate) fn integer(item: Borrowed<'_, '_, PyAny>) -> Option<i64> {
    if item.is_exact_instance_of::<PyInt>() { item.extract().ok() } else { None }
}

/// A `float`, NaN and infinities included.
pub(crate) fn float(item: Borrowed<'_, '_, PyAny>) -> Option<f64> {
    item.cast_exact::<PyFloat>().ok().map(|float| float.value())
}

/// An infinity as the integer that stands for it.
pub(crate) fn open_end(float: f64) -> Option<i64> {
    let [lowest, highest] = OPEN;
    match float {
        f64::NEG_INFINITY => Some(lowest),
        f64::INFINITY => Some(highest),
        _ => None,
    }
}

/// A whole number that stands for no open end.
pub(crate) fn closed(integer: i64) -> Option<i64> {
    Some(integer).filter(|integer| !is_open(integer))
}
