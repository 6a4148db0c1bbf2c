//! Signals: Ctrl-C is heard while a kernel runs, whether it holds the interpreter or not.

use std::time::{Duration, Instant};

use intervalues_core::{Error, Interrupt};
use pyo3::exceptions::{PyException, PyMemoryError, PyRuntimeError};
use pyo3::{PyErr, PyResult, Python};

/// Often enough for a person; seldom enough that taking the interpreter back costs nothing.
const PERIOD: Duration = Duration::from_millis(50);

/// Looks for signals now and then, and keeps what their handler raised.
pub(crate) struct Signals {
    looked: Instant,
    raised: Option<PyErr>,
}

impl Signals {
    pub(crate) fn new() -> Self {
        Signals { looked: Instant::now(), raised: None }
    }

    /// Whether a signal handler raised. To be called often: it looks only once per period.
    pub(crate) fn raised(&mut self) -> bool {
        if self.raised.is_none() && self.looked.elapsed() >= PERIOD {
            self.raised = Python::attach(|py| py.check_signals()).err();
            self.looked = Instant::now();
        }
        self.raised.is_some()
    }

    /// What it means that Python code raised: an interrupt is kept, anything else Python will meet again.
    pub(crate) fn meet(&mut self, error: PyErr) -> Error {
        if Python::attach(|py| error.is_instance_of::<PyException>(py)) {
            return Error::Refused;
        }
        self.raised = Some(error);
        Error::Interrupted
    }

    /// Runs a kernel that looks for signals.
    pub(crate) fn watch<T>(
        &mut self,
        kernel: impl FnOnce(&mut Interrupt<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        kernel(&mut Interrupt::new(&mut || self.raised()))
    }

    /// What a kernel's outcome means for Python: a result, an exception, or `None` for "not mine".
    pub(crate) fn settle<T>(self, outcome: Result<T, Error>) -> PyResult<Option<T>> {
        match outcome {
            Ok(result) => Ok(Some(result)),
            Err(Error::Interrupted) => Err(self.raised.unwrap_or_else(bug)),
            Err(Error::OutOfMemory) => Err(PyMemoryError::new_err(())),
            Err(Error::Internal) => Err(bug()),
            Err(_) => Ok(None),
        }
    }
}

fn bug() -> PyErr {
    PyRuntimeError::new_err("a bug in intervalues' Rust extension: broken invariant, please report it")
}
