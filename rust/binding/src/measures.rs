//! The entries that measure step functions: `moments`, `summarize`, `summarize_groups`, `window_index`, `distribution`
//! and `largest`.
//!
//! Columns are buffers of 64-bit integers or floats: neither NaN nor infinite, nor -0.0. Breakpoints increase, and there
//! is one more level. Windows are bounded, in coordinates of the type of the breakpoints, and start before they stop.

use std::num::NonZeroU64;

use intervalues_core::kernels::{self, StepColumns, Windows};
use intervalues_core::{Error, Interrupt, Measure, Measured, Summary};
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyInt, PyList};

use crate::guard::guarded;
use crate::held::Held;
use crate::memory::{Buffer, Numbers, Slice};
use crate::signals::Signals;

/// The columns of a step function.
struct Function {
    points: Held,
    levels: Held,
}

impl Function {
    fn open(points: &Bound<'_, PyAny>, levels: &Bound<'_, PyAny>) -> PyResult<Option<Self>> {
        let (Some(points), Some(levels)) = (Held::open(points)?, Held::open(levels)?) else {
            return Ok(None);
        };
        Ok(Some(Function { points, levels }))
    }
}

/// The columns of windows.
struct Ends {
    starts: Held,
    stops: Held,
}

impl Ends {
    fn open(starts: &Bound<'_, PyAny>, stops: &Bound<'_, PyAny>) -> PyResult<Option<Self>> {
        let (Some(starts), Some(stops)) = (Held::open(starts)?, Held::open(stops)?) else { return Ok(None) };
        Ok(Some(Ends { starts, stops }))
    }
}

/// A machine number as the binding sees it.
trait Machine: Measured {
    fn of(slice: Slice<'_>) -> Option<&[Self]>;

    fn column(numbers: Vec<Self>) -> Numbers;

    /// The index of a step function with such levels.
    fn index(index: kernels::WindowIndex<Self>) -> Index;

    /// Such an index.
    fn index_of(index: &Index) -> Option<&kernels::WindowIndex<Self>>;
}

impl Machine for i64 {
    fn of(slice: Slice<'_>) -> Option<&[i64]> {
        match slice {
            Slice::Integers(integers) => Some(integers),
            Slice::Floats(_) => None,
        }
    }

    fn column(numbers: Vec<i64>) -> Numbers {
        Numbers::Integers(numbers)
    }

    fn index(index: kernels::WindowIndex<i64>) -> Index {
        Index::Integers(index)
    }

    fn index_of(index: &Index) -> Option<&kernels::WindowIndex<i64>> {
        match index {
            Index::Integers(index) => Some(index),
            Index::Floats(_) => None,
        }
    }
}

impl Machine for f64 {
    fn of(slice: Slice<'_>) -> Option<&[f64]> {
        match slice {
            Slice::Floats(floats) => Some(floats),
            Slice::Integers(_) => None,
        }
    }

    fn column(numbers: Vec<f64>) -> Numbers {
        Numbers::Floats(numbers)
    }

    fn index(index: kernels::WindowIndex<f64>) -> Index {
        Index::Floats(index)
    }

    fn index_of(index: &Index) -> Option<&kernels::WindowIndex<f64>> {
        match index {
            Index::Floats(index) => Some(index),
            Index::Integers(_) => None,
        }
    }
}

/// What is done with columns, whatever their types.
trait Task {
    type Answer: Send;

    fn run<C: Machine, L: Machine>(
        &self,
        steps: &StepColumns<'_, C, L>,
        windows: &Windows<'_, C>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<Self::Answer, Error>;
}

/// Runs a task without the interpreter; `None` is "not mine".
fn run<T: Task + Sync>(
    py: Python<'_>,
    task: &T,
    function: &Function,
    ends: Option<&Ends>,
) -> PyResult<Option<T::Answer>> {
    let mut signals = Signals::new();
    let outcome = py.detach(|| {
        signals.watch(|interrupt| match (function.points.slice(), function.levels.slice()) {
            (Slice::Integers(points), Slice::Integers(levels)) => go(task, points, levels, ends, interrupt),
            (Slice::Integers(points), Slice::Floats(levels)) => go(task, points, levels, ends, interrupt),
            (Slice::Floats(points), Slice::Integers(levels)) => go(task, points, levels, ends, interrupt),
            (Slice::Floats(points), Slice::Floats(levels)) => go(task, points, levels, ends, interrupt),
        })
    });
    signals.settle(outcome)
}

fn go<T: Task, C: Machine, L: Machine>(
    task: &T,
    points: &[C],
    levels: &[L],
    ends: Option<&Ends>,
    interrupt: &mut Interrupt<'_>,
) -> Result<T::Answer, Error> {
    let [starts, stops] = match ends {
        Some(ends) => [C::of(ends.starts.slice()), C::of(ends.stops.slice())],
        None => [Some(&[][..]); 2],
    };
    let windows = Windows::new(starts.ok_or(Error::Refused)?, stops.ok_or(Error::Refused)?)?;
    task.run(&StepColumns::new(points, levels)?, &windows, interrupt)
}

struct Moments(u32);

impl Task for Moments {
    type Answer = (Vec<u8>, i32);

    fn run<C: Machine, L: Machine>(
        &self,
        steps: &StepColumns<'_, C, L>,
        windows: &Windows<'_, C>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<(Vec<u8>, i32), Error> {
        kernels::moments(steps, windows, self.0, interrupt)
    }
}

/// The exact sum over all windows of the level to `power` (1 or 2) times the length.
///
/// Returns `(numerator, shift)`: it is `numerator / 2**shift`.
#[pyfunction]
pub(crate) fn moments<'py>(
    points: &Bound<'py, PyAny>,
    levels: &Bound<'py, PyAny>,
    starts: &Bound<'py, PyAny>,
    stops: &Bound<'py, PyAny>,
    power: u32,
) -> PyResult<Option<(Bound<'py, PyAny>, u32)>> {
    guarded(|| {
        let py = points.py();
        let (Some(function), Some(ends)) = (Function::open(points, levels)?, Ends::open(starts, stops)?)
        else {
            return Ok(None);
        };
        let Some((bytes, exponent)) = run(py, &Moments(power), &function, Some(&ends))? else {
            return Ok(None);
        };
        let signed = PyDict::new(py);
        signed.set_item("signed", true)?;
        let bytes = (PyBytes::new(py, &bytes), "little");
        let whole = py.get_type::<PyInt>().call_method(intern!(py, "from_bytes"), bytes, Some(&signed))?;
        let whole = if exponent > 0 { whole.lshift(exponent)? } else { whole };
        Ok(Some((whole, exponent.min(0).unsigned_abs())))
    })
}

struct Summarize<'a> {
    measure: Measure,
    index: Option<&'a Index>,
}

impl Task for Summarize<'_> {
    type Answer = Numbers;

    fn run<C: Machine, L: Machine>(
        &self,
        steps: &StepColumns<'_, C, L>,
        windows: &Windows<'_, C>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<Numbers, Error> {
        let summary = match self.index {
            None => kernels::summarize(steps, windows, self.measure, interrupt)?,
            Some(index) => {
                let index = L::index_of(index).ok_or(Error::Internal)?;
                index.summarize(steps, windows, self.measure, interrupt)?
            }
        };
        Ok(column(summary))
    }
}

/// Answers as a column.
fn column<L: Machine>(summary: Summary<L>) -> Numbers {
    match summary {
        Summary::Wholes(wholes) => Numbers::Integers(wholes),
        Summary::Floats(floats) => Numbers::Floats(floats),
        Summary::Levels(levels) => L::column(levels),
    }
}

/// What is asked for, if there is such.
fn measure(how: &str, divisor: Option<&Bound<'_, PyInt>>) -> PyResult<Option<Measure>> {
    Ok(match how {
        "integral" => match divisor.map(|divisor| divisor.extract::<NonZeroU64>()) {
            // Longer than a word, or not positive.
            Some(Err(_)) => None,
            divisor => Some(Measure::Integral(divisor.and_then(Result::ok))),
        },
        "mean" => Some(Measure::Mean),
        "max" => Some(Measure::Max),
        "min" => Some(Measure::Min),
        _ => {
            let message = format!("how must be integral, mean, max or min, not {how:?}");
            return Err(PyValueError::new_err(message));
        }
    })
}

/// One value for each window: see `measure`. O(n) for a window of n breakpoints.
#[pyfunction]
#[pyo3(signature = (points, levels, starts, stops, how, divisor = None))]
pub(crate) fn summarize<'py>(
    points: &Bound<'py, PyAny>,
    levels: &Bound<'py, PyAny>,
    starts: &Bound<'py, PyAny>,
    stops: &Bound<'py, PyAny>,
    how: &str,
    divisor: Option<&Bound<'py, PyInt>>,
) -> PyResult<Option<Buffer>> {
    guarded(|| {
        let Some(measure) = measure(how, divisor)? else { return Ok(None) };
        let (Some(function), Some(ends)) = (Function::open(points, levels)?, Ends::open(starts, stops)?)
        else {
            return Ok(None);
        };
        let task = Summarize { measure, index: None };
        buffer(run(points.py(), &task, &function, Some(&ends))?)
    })
}

fn buffer(numbers: Option<Numbers>) -> PyResult<Option<Buffer>> {
    Signals::new().settle(numbers.map(Buffer::new).transpose()).map(Option::flatten)
}

struct SummarizeGroups<'a> {
    measure: Measure,
    bounds: [&'a [i64]; 2],
}

impl Task for SummarizeGroups<'_> {
    type Answer = Numbers;

    fn run<C: Machine, L: Machine>(
        &self,
        steps: &StepColumns<'_, C, L>,
        windows: &Windows<'_, C>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<Numbers, Error> {
        let summary = kernels::summarize_groups(steps, self.bounds, windows, self.measure, interrupt)?;
        Ok(column(summary))
    }
}

/// One value for each of many groups in shared columns: see `measure`. All are asked about the one window that `starts`
/// and `stops` hold, or each about its own span if they are empty. O(n).
#[pyfunction]
#[pyo3(signature = (points, levels, firsts, lasts, starts, stops, how, divisor))]
#[expect(clippy::too_many_arguments, reason = "two bounds of groups, and what summarize takes")]
pub(crate) fn summarize_groups<'py>(
    points: &Bound<'py, PyAny>,
    levels: &Bound<'py, PyAny>,
    firsts: &Bound<'py, PyAny>,
    lasts: &Bound<'py, PyAny>,
    starts: &Bound<'py, PyAny>,
    stops: &Bound<'py, PyAny>,
    how: &str,
    divisor: Option<&Bound<'py, PyInt>>,
) -> PyResult<Option<Buffer>> {
    guarded(|| {
        let Some(measure) = measure(how, divisor)? else { return Ok(None) };
        let (Some(function), Some(ends)) = (Function::open(points, levels)?, Ends::open(starts, stops)?)
        else {
            return Ok(None);
        };
        let (Some(firsts), Some(lasts)) = (Held::open(firsts)?, Held::open(lasts)?) else { return Ok(None) };
        let (Slice::Integers(firsts), Slice::Integers(lasts)) = (firsts.slice(), lasts.slice()) else {
            return Ok(None);
        };
        let task = SummarizeGroups { measure, bounds: [firsts, lasts] };
        buffer(run(points.py(), &task, &function, Some(&ends))?)
    })
}

/// An index, by the type of the levels.
enum Index {
    Integers(kernels::WindowIndex<i64>),
    Floats(kernels::WindowIndex<f64>),
}

/// An index of a step function that answers about windows in O(log n) each.
#[pyclass(frozen, module = "intervalues._rust")]
pub(crate) struct WindowIndex {
    function: Function,
    index: Index,
}

#[pymethods]
impl WindowIndex {
    /// The same as the function `summarize`, bit for bit, or `None` for "not mine".
    #[pyo3(signature = (starts, stops, how, divisor = None))]
    fn summarize<'py>(
        &self,
        starts: &Bound<'py, PyAny>,
        stops: &Bound<'py, PyAny>,
        how: &str,
        divisor: Option<&Bound<'py, PyInt>>,
    ) -> PyResult<Option<Buffer>> {
        guarded(|| {
            let Some(measure) = measure(how, divisor)? else { return Ok(None) };
            let Some(ends) = Ends::open(starts, stops)? else { return Ok(None) };
            let task = Summarize { measure, index: Some(&self.index) };
            buffer(run(starts.py(), &task, &self.function, Some(&ends))?)
        })
    }
}

struct BuildIndex;

impl Task for BuildIndex {
    type Answer = Index;

    fn run<C: Machine, L: Machine>(
        &self,
        steps: &StepColumns<'_, C, L>,
        _windows: &Windows<'_, C>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<Index, Error> {
        kernels::WindowIndex::new(steps, interrupt).map(L::index)
    }
}

/// The index of a step function. O(n).
#[pyfunction]
pub(crate) fn window_index<'py>(
    points: &Bound<'py, PyAny>,
    levels: &Bound<'py, PyAny>,
) -> PyResult<Option<WindowIndex>> {
    guarded(|| {
        let Some(function) = Function::open(points, levels)? else { return Ok(None) };
        let index = run(points.py(), &BuildIndex, &function, None)?;
        Ok(index.map(|index| WindowIndex { function, index }))
    })
}

struct Distribution;

impl Task for Distribution {
    type Answer = (Numbers, Vec<u128>, i32);

    fn run<C: Machine, L: Machine>(
        &self,
        steps: &StepColumns<'_, C, L>,
        windows: &Windows<'_, C>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<Self::Answer, Error> {
        let (levels, lengths, exponent) = kernels::distribution(steps, windows, interrupt)?;
        Ok((L::column(levels), lengths, exponent))
    }
}

/// How long each level holds in all windows together.
///
/// Returns `(levels, lengths, shift)`: levels ascend, and each holds for exactly `length / 2**shift`.
#[pyfunction]
pub(crate) fn distribution<'py>(
    points: &Bound<'py, PyAny>,
    levels: &Bound<'py, PyAny>,
    starts: &Bound<'py, PyAny>,
    stops: &Bound<'py, PyAny>,
) -> PyResult<Option<(Buffer, Bound<'py, PyList>, u32)>> {
    guarded(|| {
        let py = points.py();
        let (Some(function), Some(ends)) = (Function::open(points, levels)?, Ends::open(starts, stops)?)
        else {
            return Ok(None);
        };
        let Some((levels, lengths, exponent)) = run(py, &Distribution, &function, Some(&ends))? else {
            return Ok(None);
        };
        let Some(levels) = buffer(Some(levels))? else { return Ok(None) };
        let list = PyList::empty(py);
        for length in lengths {
            match u64::try_from(length) {
                Ok(length) if exponent <= 0 => list.append(length)?,
                _ => list.append(length.into_pyobject(py)?.lshift(exponent.max(0))?)?,
            }
        }
        Ok(Some((levels, list, exponent.min(0).unsigned_abs())))
    })
}

/// Where the `count` highest levels are that are not zero: the highest first, and of equal ones the earliest.
#[pyfunction]
pub(crate) fn largest<'py>(
    levels: &Bound<'py, PyAny>,
    count: &Bound<'py, PyInt>,
) -> PyResult<Option<Vec<usize>>> {
    guarded(|| {
        let py = levels.py();
        let (Some(levels), Ok(count)) = (Held::open(levels)?, count.extract()) else { return Ok(None) };
        let mut signals = Signals::new();
        let places = py.detach(|| {
            signals.watch(|interrupt| match levels.slice() {
                Slice::Integers(levels) => kernels::largest(levels, count, interrupt),
                Slice::Floats(levels) => kernels::largest(levels, count, interrupt),
            })
        });
        signals.settle(places)
    })
}
