//! The guard: no panic reaches Python as anything but an ordinary `RuntimeError`.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::PyResult;
use pyo3::exceptions::PyRuntimeError;

/// Runs an entry. PyO3 would turn a panic into a `PanicException`, which `except Exception` does not catch.
pub(crate) fn guarded<T>(entry: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    // Nothing that an entry touches outlives it, so nothing broken can be seen afterwards.
    catch_unwind(AssertUnwindSafe(entry)).unwrap_or_else(|panic| {
        let reason = reason(panic.as_ref());
        Err(PyRuntimeError::new_err(format!(
            "a bug in intervalues' Rust extension: {reason}, please report it"
        )))
    })
}

fn reason(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("a panic")
}

/// Panics on purpose: the test build shows that the process lives on.
#[cfg(feature = "faults")]
#[pyo3::pyfunction]
#[expect(clippy::panic, reason = "this is what it is for")]
pub(crate) fn panic_now() -> PyResult<()> {
    guarded(|| panic!("panic_now was called"))
}
