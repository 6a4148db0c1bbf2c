//! The entries `number_keys`, `compose` and `split`, for rows of many groups, and `extent` and `finite`, for the checks
//! of columns.

use intervalues_core::kernels::{self, Line};
use intervalues_core::{BLOCK, Coordinate, Error, Interrupt};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;

use crate::column::{Column, room};
use crate::guard::guarded;
use crate::held::Held;
use crate::machine::MachineNumber;
use crate::memory::{Buffer, Numbers, Slice};
use crate::signals::Signals;

/// Numbers integers in the order of their first appearance.
///
/// Returns `(numbers, distinct)`, the number of each and the distinct ones, or `None` for "not mine".
#[pyfunction]
#[pyo3(signature = (keys, /))]
pub(crate) fn number_keys(keys: &Bound<'_, PyAny>) -> PyResult<Option<(Buffer, Buffer)>> {
    guarded(|| {
        let Some(Numbers::Integers(mut keys)) = Held::copied(keys)? else { return Ok(None) };
        without_interpreter(move |interrupt| {
            let distinct = kernels::number_keys(&mut keys, interrupt)?;
            Ok((integers(keys)?, integers(distinct)?))
        })
    })
}

/// Turns ends of rows of so many groups into places, or ranks among them where places would leave 63 bits.
///
/// Returns `(starts, stops, width, lowest, highest, ranked)`, without ranks `None` instead of the column of their
/// coordinates, or `None` for "not mine".
#[pyfunction]
#[pyo3(signature = (groups, starts, stops, count, /))]
#[expect(clippy::type_complexity, reason = "what Places has")]
pub(crate) fn compose(
    groups: &Bound<'_, PyAny>,
    starts: &Bound<'_, PyAny>,
    stops: &Bound<'_, PyAny>,
    count: i64,
) -> PyResult<Option<(Buffer, Buffer, i64, i64, i64, Option<Buffer>)>> {
    guarded(|| {
        let Some(groups) = Held::open(groups)? else { return Ok(None) };
        let (Some(starts), Some(stops)) = (Held::open(starts)?, Held::open(stops)?) else { return Ok(None) };
        let Slice::Integers(groups) = groups.slice() else { return Ok(None) };
        let (starts, stops) = (starts.slice(), stops.slice());
        without_interpreter(|interrupt| {
            let (line, [starts, stops], ranked) = match (starts, stops) {
                (Slice::Integers(starts), Slice::Integers(stops)) => {
                    let (mut places, mut last) = (copied(starts, interrupt)?, copied(stops, interrupt)?);
                    match kernels::compose(groups, [&mut places, &mut last], count, interrupt)? {
                        Some(line) => (line, [places, last], None),
                        None => ranks(groups, [starts, stops], count, interrupt)?,
                    }
                }
                (Slice::Floats(starts), Slice::Floats(stops)) => {
                    ranks(groups, [starts, stops], count, interrupt)?
                }
                _ => return Err(Error::Refused),
            };
            let ranked = ranked.map(Buffer::new).transpose()?;
            Ok((integers(starts)?, integers(stops)?, line.width, line.lowest, line.highest, ranked))
        })
    })
}

#[expect(clippy::type_complexity, reason = "a line and three columns")]
fn ranks<C: Coordinate<Frame = ()> + MachineNumber>(
    groups: &[i64],
    ends: [&[C]; 2],
    count: i64,
    interrupt: &mut Interrupt<'_>,
) -> Result<(Line, [Vec<i64>; 2], Option<Numbers>), Error> {
    let (line, places, ranked) = kernels::compose_ranks(groups, ends, C::OPEN, count, interrupt)?;
    Ok((line, places, Some(C::coordinates(ranked, None, interrupt)?)))
}

/// Gives places that rise as coordinates, those of the ranks if there are such.
///
/// Returns `(coordinates, firsts, lasts)`, the last two for each of so many groups, or `None` for "not mine".
#[pyfunction]
#[pyo3(signature = (points, width, lowest, highest, ranked, count, /))]
pub(crate) fn split(
    points: &Bound<'_, PyAny>,
    width: i64,
    lowest: i64,
    highest: i64,
    ranked: Option<&Bound<'_, PyAny>>,
    count: i64,
) -> PyResult<Option<(Buffer, Buffer, Buffer)>> {
    guarded(|| {
        let Some(points) = Held::open(points)? else { return Ok(None) };
        let Slice::Integers(points) = points.slice() else { return Ok(None) };
        let line = Line { count, width, lowest, highest };
        let ranked = match ranked.map(Held::open).transpose()? {
            Some(None) => return Ok(None),
            held => held.flatten(),
        };
        let ranked = ranked.as_ref().map(Held::slice);
        without_interpreter(|interrupt| {
            let mut points = copied(points, interrupt)?;
            let (firsts, lasts) = kernels::split(&mut points, line, interrupt)?;
            let coordinates = match ranked {
                None => Numbers::Integers(points),
                Some(Slice::Integers(ranked)) => {
                    Numbers::Integers(kernels::of_ranks(&points, ranked, interrupt)?)
                }
                Some(Slice::Floats(ranked)) => {
                    Numbers::Floats(kernels::of_ranks(&points, ranked, interrupt)?)
                }
            };
            Ok((Buffer::new(coordinates)?, integers(firsts)?, integers(lasts)?))
        })
    })
}

fn copied(column: &[i64], interrupt: &mut Interrupt<'_>) -> Result<Vec<i64>, Error> {
    let mut copied = room(column.len())?;
    for block in column.chunks(BLOCK) {
        interrupt.pass(block.len())?;
        copied.extend_from_slice(block);
    }
    Ok(copied)
}

/// The lowest start and the highest stop of rows, none of which stops before it starts.
///
/// Returns both, or `None` for "not mine", which includes that there are no rows.
#[pyfunction]
#[pyo3(signature = (starts, stops, /))]
pub(crate) fn extent(
    starts: &Bound<'_, PyAny>,
    stops: &Bound<'_, PyAny>,
) -> PyResult<Option<(Py<PyAny>, Py<PyAny>)>> {
    guarded(|| {
        let py = starts.py();
        let (Some(starts), Some(stops)) = (Column::open(starts)?, Column::open(stops)?) else {
            return Ok(None);
        };
        if starts.is_bool() || stops.is_bool() || starts.is_float() != stops.is_float() {
            return Ok(None);
        }
        if starts.is_float() {
            let found = extent_of(&starts, &stops, Column::read_floats)?;
            return found.map(|(low, high)| Ok((low.into_py_any(py)?, high.into_py_any(py)?))).transpose();
        }
        let found = extent_of(&starts, &stops, Column::read_integers)?;
        found.map(|(low, high)| Ok((low.into_py_any(py)?, high.into_py_any(py)?))).transpose()
    })
}

fn extent_of<'py, T: Copy + Default + PartialOrd>(
    starts: &Column<'py>,
    stops: &Column<'py>,
    read: impl Fn(&Column<'py>, usize, &mut [T]) -> Result<(), Error>,
) -> PyResult<Option<(T, T)>> {
    if starts.rows() != stops.rows() {
        return Ok(None);
    }
    let mut extent = None;
    let mut block = [T::default(); BLOCK];
    let in_order = all_blocks(starts, &read, |first, starts| {
        let stops_here = block.get_mut(..starts.len()).ok_or(Error::Internal)?;
        read(stops, first, stops_here)?;
        let mut in_order = true;
        for (&start, &stop) in starts.iter().zip(&*stops_here) {
            in_order &= start <= stop;
            let (lowest, highest) = extent.unwrap_or((start, stop));
            let lowest = if start < lowest { start } else { lowest };
            extent = Some((lowest, if stop > highest { stop } else { highest }));
        }
        Ok(in_order)
    })?;
    Ok(if in_order == Some(true) { extent } else { None })
}

/// Whether all numbers of a column are finite.
///
/// Returns a bool, or `None` for "not mine".
#[pyfunction]
#[pyo3(signature = (column, /))]
pub(crate) fn finite(column: &Bound<'_, PyAny>) -> PyResult<Option<bool>> {
    guarded(|| {
        let Some(column) = Column::open(column)?.filter(|column| !column.is_bool()) else { return Ok(None) };
        if !column.is_float() {
            return Ok(Some(true));
        }
        all_blocks(&column, Column::read_floats, |_, floats: &[f64]| {
            Ok(floats.iter().fold(true, |all, x| all & x.is_finite()))
        })
    })
}

/// Whether all blocks of a column pass; each is read with the number of its first row.
fn all_blocks<'py, T: Copy + Default>(
    column: &Column<'py>,
    read: impl Fn(&Column<'py>, usize, &mut [T]) -> Result<(), Error>,
    mut passes: impl FnMut(usize, &[T]) -> Result<bool, Error>,
) -> PyResult<Option<bool>> {
    let mut signals = Signals::new();
    let mut block = [T::default(); BLOCK];
    let outcome = (0..column.rows()).step_by(BLOCK).try_fold(true, |all, first| {
        if signals.raised() {
            return Err(Error::Interrupted);
        }
        let rows = column.rows().saturating_sub(first).min(BLOCK);
        let block = block.get_mut(..rows).ok_or(Error::Internal)?;
        read(column, first, block)?;
        Ok(all && passes(first, block)?)
    });
    signals.settle(outcome)
}

/// Works without the interpreter, which other threads may use.
fn without_interpreter<T: Send>(
    work: impl FnOnce(&mut Interrupt<'_>) -> Result<T, Error> + Send,
) -> PyResult<Option<T>> {
    let mut signals = Signals::new();
    let outcome = Python::attach(|py| py.detach(|| signals.watch(work)));
    signals.settle(outcome)
}

fn integers(numbers: Vec<i64>) -> Result<Buffer, Error> {
    Buffer::new(Numbers::Integers(numbers))
}
