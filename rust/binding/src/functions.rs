//! The entries `merge`, `at`, `position`, `proper`, `increases`, `segments` and `count_segments`: what is asked of step
//! functions in columns.

use intervalues_core::kernels::{self, Points, StepColumns, exact_float, last_integer, levels_at};
use intervalues_core::{Error, Measured, Place};
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::column::Column;
use crate::guard::guarded;
use crate::held::Held;
use crate::machine::MachineNumber;
use crate::memory::{Buffer, Numbers, Slice};
use crate::number;
use crate::operation::Operation;
use crate::signals::Signals;

/// Applies an operation to both levels at every point of two step functions, and leaves out breakpoints at which the
/// level stays.
///
/// Returns `(breakpoints, levels)`, or `None` for "not mine". 0 or 1 instead of breakpoints: those of the first or the
/// second function.
#[pyfunction]
#[pyo3(signature = (a_points, a_levels, b_points, b_levels, operation, /))]
pub(crate) fn merge<'py>(
    a_points: &Bound<'py, PyAny>,
    a_levels: &Bound<'py, PyAny>,
    b_points: &Bound<'py, PyAny>,
    b_levels: &Bound<'py, PyAny>,
    operation: &str,
) -> PyResult<Option<(Py<PyAny>, Buffer)>> {
    guarded(|| {
        let Some(operation) = Operation::named(operation) else {
            return Err(PyValueError::new_err(format!("there is no operation {operation:?}")));
        };
        let (Some(a_points), Some(a_levels)) = (Held::open(a_points)?, Held::open(a_levels)?) else {
            return Ok(None);
        };
        let (Some(b_points), Some(b_levels)) = (Held::open(b_points)?, Held::open(b_levels)?) else {
            return Ok(None);
        };
        let levels = [a_levels.slice(), b_levels.slice()];
        match (a_points.slice(), b_points.slice()) {
            (Slice::Integers(a), Slice::Integers(b)) => merge_columns([a, b], levels, operation),
            (Slice::Floats(a), Slice::Floats(b)) => merge_columns([a, b], levels, operation),
            // No breakpoints are of any type.
            (Slice::Integers([]), Slice::Floats(b)) => merge_columns([&[], b], levels, operation),
            (Slice::Floats([]), Slice::Integers(b)) => merge_columns([&[], b], levels, operation),
            (Slice::Integers(a), Slice::Floats([])) => merge_columns([a, &[]], levels, operation),
            (Slice::Floats(a), Slice::Integers([])) => merge_columns([a, &[]], levels, operation),
            _ => Ok(None),
        }
    })
}

fn merge_columns<C: MachineNumber + Place>(
    points: [&[C]; 2],
    levels: [Slice<'_>; 2],
    operation: Operation,
) -> PyResult<Option<(Py<PyAny>, Buffer)>> {
    let mut signals = Signals::new();
    let merged = without_interpreter(|| {
        signals.watch(|interrupt| {
            let (points, levels) = operation.merge(points, levels, interrupt)?;
            Ok(match points {
                Points::First => (Err(0), levels),
                Points::Second => (Err(1), levels),
                Points::Own(points) => (Ok(C::coordinates(points, None, interrupt)?), levels),
            })
        })
    });
    let Some((points, levels)) = signals.settle(merged)? else { return Ok(None) };
    Python::attach(|py| {
        let points = match points {
            Ok(points) => column(points)?.into_py_any(py)?,
            Err(whose) => whose.into_py_any(py)?,
        };
        Ok(Some((points, column(levels)?)))
    })
}

/// The levels of a step function at many points: of each, the level with as many breakpoints before it as are not after
/// the point (`right`), or as are before it.
///
/// Returns a column, or `None` for "not mine".
#[pyfunction]
#[pyo3(signature = (points, levels, xs, right, /))]
pub(crate) fn at<'py>(
    points: &Bound<'py, PyAny>,
    levels: &Bound<'py, PyAny>,
    xs: &Bound<'py, PyAny>,
    right: bool,
) -> PyResult<Option<Buffer>> {
    guarded(|| {
        let (Some(points), Some(levels)) = (Held::open(points)?, Held::open(levels)?) else {
            return Ok(None);
        };
        let Some(xs) = Held::open(xs)? else { return Ok(None) };
        match (points.slice(), xs.slice()) {
            // Integers have no place before the lowest one.
            (Slice::Integers([i64::MIN, ..]), _) => Ok(None),
            (Slice::Integers(points), Slice::Integers(xs)) => {
                look_up(points, levels.slice(), xs, |x| (if right { x } else { x.previous() }, false))
            }
            (Slice::Integers(points), Slice::Floats(xs)) => look_up(points, levels.slice(), xs, |x| {
                (last_integer(x, right).unwrap_or(i64::MIN), x.is_nan())
            }),
            (Slice::Floats(points), Slice::Floats(xs)) => {
                look_up(points, levels.slice(), xs, |x| (if right { x } else { x.previous() }, x.is_nan()))
            }
            (Slice::Floats(points), Slice::Integers(xs)) => look_up(points, levels.slice(), xs, |x| {
                let float = exact_float(x);
                let x = float.unwrap_or_default();
                (if right { x } else { x.previous() }, float.is_none())
            }),
        }
    })
}

fn look_up<C: Place, X: Copy + Sync>(
    points: &[C],
    levels: Slice<'_>,
    xs: &[X],
    place: impl Fn(X) -> (C, bool) + Copy + Send + Sync,
) -> PyResult<Option<Buffer>> {
    let mut signals = Signals::new();
    let found = without_interpreter(|| {
        signals.watch(|interrupt| match levels {
            Slice::Integers(levels) => {
                Ok(Numbers::Integers(levels_at(points, levels, xs, place, interrupt)?))
            }
            Slice::Floats(levels) => Ok(Numbers::Floats(levels_at(points, levels, xs, place, interrupt)?)),
        })
    });
    signals.settle(found)?.map(column).transpose()
}

/// How many breakpoints are not after a point (`right`), or before it.
///
/// Returns an int, or `None` for "not mine".
#[pyfunction]
#[pyo3(signature = (points, x, right, /))]
pub(crate) fn position<'py>(
    points: &Bound<'py, PyAny>,
    x: &Bound<'py, PyAny>,
    right: bool,
) -> PyResult<Option<usize>> {
    guarded(|| {
        let Some(points) = Column::open(points)?.filter(|points| !points.is_bool()) else { return Ok(None) };
        let x = x.as_borrowed();
        let outcome = if points.is_float() {
            let float = number::float(x).or_else(|| exact_float(number::integer(x)?));
            let Some(float) = float.filter(|float| !float.is_nan()) else { return Ok(None) };
            let mut point = [0.0];
            search(points.rows(), |row| {
                points.read_floats(row, &mut point)?;
                let [point] = point;
                Ok(if right { point <= float } else { point < float })
            })
        } else {
            let place = match (number::integer(x), number::float(x)) {
                (Some(integer), _) => integer.checked_sub(i64::from(!right)),
                (None, Some(float)) if !float.is_nan() => last_integer(float, right),
                _ => return Ok(None),
            };
            let Some(place) = place else { return Ok(Some(0)) };
            let mut point = [0];
            search(points.rows(), |row| {
                points.read_integers(row, &mut point)?;
                let [point] = point;
                Ok(point <= place)
            })
        };
        Signals::new().settle(outcome)
    })
}

/// How many of so many rows there are before the first that does not pass. O(log n).
fn search(rows: usize, mut passes: impl FnMut(usize) -> Result<bool, Error>) -> Result<usize, Error> {
    let (mut low, mut high) = (0, rows);
    while low < high {
        let middle = low.midpoint(high);
        if passes(middle)? {
            low = middle.saturating_add(1);
        } else {
            high = middle;
        }
    }
    Ok(low)
}

/// Whether columns are those of a step function: breakpoints that strictly increase, one more level than there are of
/// them, neighbouring levels that differ, and of floats no infinity, NaN or negative zero.
///
/// Returns a bool, or `None` for "not mine".
#[pyfunction]
#[pyo3(signature = (points, levels, /))]
pub(crate) fn proper<'py>(points: &Bound<'py, PyAny>, levels: &Bound<'py, PyAny>) -> PyResult<Option<bool>> {
    guarded(|| {
        let (Some(points), Some(levels)) = (Held::open(points)?, Held::open(levels)?) else {
            return Ok(None);
        };
        match (points.slice(), levels.slice()) {
            (Slice::Integers(points), Slice::Integers(levels)) => is_canonical(points, levels),
            (Slice::Integers(points), Slice::Floats(levels)) => is_canonical(points, levels),
            (Slice::Floats(points), Slice::Integers(levels)) => is_canonical(points, levels),
            (Slice::Floats(points), Slice::Floats(levels)) => is_canonical(points, levels),
        }
    })
}

fn is_canonical<C: Measured, L: Measured>(points: &[C], levels: &[L]) -> PyResult<Option<bool>> {
    let Ok(steps) = StepColumns::new(points, levels) else { return Ok(Some(false)) };
    let mut signals = Signals::new();
    let canonical = without_interpreter(|| signals.watch(|interrupt| steps.is_canonical(interrupt)));
    signals.settle(canonical)
}

/// Whether a column strictly increases, and of floats none is infinite, NaN or a negative zero.
///
/// Returns a bool, or `None` for "not mine".
#[pyfunction]
#[pyo3(signature = (column, /))]
pub(crate) fn increases(column: &Bound<'_, PyAny>) -> PyResult<Option<bool>> {
    guarded(|| {
        let Some(column) = Held::open(column)? else { return Ok(None) };
        let mut signals = Signals::new();
        let outcome = without_interpreter(|| {
            signals.watch(|interrupt| match column.slice() {
                Slice::Integers(integers) => kernels::increases(integers, interrupt),
                Slice::Floats(floats) => kernels::increases(floats, interrupt),
            })
        });
        signals.settle(outcome)
    })
}

/// The columns of the pieces whose level is not zero.
///
/// Returns `(starts, stops, levels)`, or `None` for "not mine": if one reaches to infinity, too.
#[pyfunction]
#[pyo3(signature = (points, levels, /))]
pub(crate) fn segments<'py>(
    points: &Bound<'py, PyAny>,
    levels: &Bound<'py, PyAny>,
) -> PyResult<Option<[Buffer; 3]>> {
    guarded(|| {
        let (Some(points), Some(levels)) = (Held::open(points)?, Held::open(levels)?) else {
            return Ok(None);
        };
        match (points.slice(), levels.slice()) {
            (Slice::Integers(points), Slice::Integers(levels)) => cut(points, levels),
            (Slice::Integers(points), Slice::Floats(levels)) => cut(points, levels),
            (Slice::Floats(points), Slice::Integers(levels)) => cut(points, levels),
            (Slice::Floats(points), Slice::Floats(levels)) => cut(points, levels),
        }
    })
}

fn cut<C: Measured, L: Measured>(points: &[C], levels: &[L]) -> PyResult<Option<[Buffer; 3]>>
where
    Numbers: From<Vec<C>> + From<Vec<L>>,
{
    let Ok(steps) = StepColumns::new(points, levels) else { return Ok(None) };
    let mut signals = Signals::new();
    let found = without_interpreter(|| signals.watch(|interrupt| kernels::segments(&steps, interrupt)));
    let Some((starts, stops, levels)) = signals.settle(found)? else { return Ok(None) };
    Ok(Some([column(starts.into())?, column(stops.into())?, column(levels.into())?]))
}

/// How many levels are not zero, or `None` for "not mine".
#[pyfunction]
#[pyo3(signature = (levels, /))]
pub(crate) fn count_segments(levels: &Bound<'_, PyAny>) -> PyResult<Option<usize>> {
    guarded(|| {
        let Some(levels) = Held::open(levels)? else { return Ok(None) };
        let mut signals = Signals::new();
        let count = without_interpreter(|| {
            signals.watch(|interrupt| match levels.slice() {
                Slice::Integers(levels) => kernels::count_segments(levels, interrupt),
                Slice::Floats(levels) => kernels::count_segments(levels, interrupt),
            })
        });
        signals.settle(count)
    })
}

/// Works without the interpreter, which other threads may use.
fn without_interpreter<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    Python::attach(|py| py.detach(work))
}

fn column(numbers: Numbers) -> PyResult<Buffer> {
    let made = Signals::new().settle(Buffer::new(numbers))?;
    made.ok_or_else(|| PyValueError::new_err("no column"))
}
