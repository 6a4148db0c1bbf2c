//! The entries `combine_columns` and `combine_rows`, and the way through the core that they share.

use intervalues_core::kernels::Grid;
use intervalues_core::{Aggregation, Coordinate, Ends, Error, Interrupt, Value};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyTuple, PyType};

use crate::column::{Column, room};
use crate::guard::guarded;
use crate::intervals::{
    Columns, FloatEnds, FloatValues, IntegerEnds, IntegerValues, Intervals, Ones, ReadEnds, ReadValues,
    snapped_ends, snapped_values,
};
use crate::machine::MachineNumber;
use crate::memory::{Buffer, Numbers};
use crate::row_ends::Meaning;
use crate::rows::{self, ColumnReader, Reader, RowReader, Scales};
use crate::signals::Signals;

/// Breakpoints and levels, what the integers of breakpoints stand for, and how many places those of levels have.
type Combined = (Buffer, Buffer, Option<Meaning>, Option<u32>);

/// What is left to do once the source is no longer needed.
type Sweep = Box<dyn FnOnce(&mut Interrupt<'_>) -> Result<(Numbers, Numbers), Error> + Send>;

/// What the caller asks for, besides the intervals.
struct Request {
    aggregation: Aggregation,
    counting: bool,
    grid: Option<Grid>,
    /// What is added to starts and stops, if it fits 64 bits.
    steps: [Option<i64>; 2],
    /// Whether the lowest and the highest integer stand for open ends.
    open: bool,
}

impl Request {
    fn new(
        how: &str,
        digits: Option<&Bound<'_, PyInt>>,
        steps: [&Bound<'_, PyInt>; 2],
        open: bool,
    ) -> PyResult<Self> {
        let aggregation = match how {
            "sum" | "count" => Aggregation::Sum,
            "max" => Aggregation::Max,
            "min" => Aggregation::Min,
            _ => {
                return Err(PyValueError::new_err(format!(
                    "how must be sum, count, max or min, not {how:?}"
                )));
            }
        };
        let grid = match digits.map(|digits| digits.extract().ok().and_then(Grid::new)) {
            Some(None) => return Err(PyValueError::new_err("digits must be None or 0 to 15")),
            known => known.flatten(),
        };
        // A step beyond 64 bits moves no coordinate to another within them.
        let steps = steps.map(|step| step.extract().ok());
        Ok(Request { aggregation, counting: how == "count", grid, steps, open })
    }
}

/// Combines columns: buffers of machine numbers, of any stride. Rows without values are worth 1 each.
///
/// Returns `(breakpoints, levels, None, None)`, or `None` for "not mine".
#[pyfunction]
#[pyo3(signature = (starts, stops, values, how, digits, start_step, stop_step, *, open_ends = false))]
#[expect(clippy::too_many_arguments, reason = "Python passes them by name")]
pub(crate) fn combine_columns<'py>(
    starts: &Bound<'py, PyAny>,
    stops: &Bound<'py, PyAny>,
    values: Option<&Bound<'py, PyAny>>,
    how: &str,
    digits: Option<&Bound<'py, PyInt>>,
    start_step: &Bound<'py, PyInt>,
    stop_step: &Bound<'py, PyInt>,
    open_ends: bool,
) -> PyResult<Option<Combined>> {
    guarded(|| {
        let request = Request::new(how, digits, [start_step, stop_step], open_ends)?;
        let (Some(starts), Some(stops)) = (Column::open(starts)?, Column::open(stops)?) else {
            return Ok(None);
        };
        let values = match values.filter(|_| !request.counting) {
            Some(values) => match Column::open(values)? {
                Some(values) => Some(values),
                None => return Ok(None),
            },
            None => None,
        };
        let columns = Columns { starts, stops, values };
        let mut signals = Signals::new();
        let outcome = combine(columns, &request, Scales::default(), &mut signals);
        signals.settle(outcome)
    })
}

/// Combines columns: lists or tuples of objects. Otherwise as [`combine_rows`].
#[pyfunction]
pub(crate) fn combine_lists<'py>(
    starts: &Bound<'py, PyAny>,
    stops: &Bound<'py, PyAny>,
    values: Option<&Bound<'py, PyAny>>,
    how: &str,
    digits: Option<&Bound<'py, PyInt>>,
    start_step: &Bound<'py, PyInt>,
    stop_step: &Bound<'py, PyInt>,
) -> PyResult<Option<Combined>> {
    guarded(|| {
        let request = Request::new(how, digits, [start_step, stop_step], true)?;
        let Some(reader) = ColumnReader::of(starts, stops, values) else { return Ok(None) };
        combine_read(reader, &request)
    })
}

/// Combines rows: a list or tuple of tuples, of lists, of exactly `interval_type` (a subclass of tuple) or of another
/// type of named tuple.
///
/// Returns `(breakpoints, levels, meaning, value_places)`, or `None` for "not mine". Integers of breakpoints stand for
/// themselves without a meaning; else that is the number of decimal places, in units of the last of which they are
/// counted, or the name of a class of `datetime` and a time zone or `None`: they count days or microseconds (since
/// 1970). Integers of levels are counted in units of the last of their places, if there are any.
#[pyfunction]
pub(crate) fn combine_rows<'py>(
    rows: &Bound<'py, PyAny>,
    interval_type: &Bound<'py, PyType>,
    how: &str,
    digits: Option<&Bound<'py, PyInt>>,
    start_step: &Bound<'py, PyInt>,
    stop_step: &Bound<'py, PyInt>,
) -> PyResult<Option<Combined>> {
    guarded(|| {
        if !interval_type.is_subclass_of::<PyTuple>()? {
            return Err(PyTypeError::new_err("interval_type must be a subclass of tuple"));
        }
        let request = Request::new(how, digits, [start_step, stop_step], true)?;
        let Some(reader) = RowReader::of(rows, interval_type) else { return Ok(None) };
        combine_read(reader, &request)
    })
}

/// Combines what a reader reads.
fn combine_read<'py>(mut reader: impl Reader<'py>, request: &Request) -> PyResult<Option<Combined>> {
    let mut signals = Signals::new();
    let outcome = match add_up(&mut reader, request, &mut signals) {
        Ok(Some(ends)) => finish(sweep_of(ends, [None, None]), Scales::default(), &mut signals),
        Ok(None) => rows::read(&mut reader, request.counting, &mut signals)
            .and_then(|(columns, scales)| combine(columns, request, scales, &mut signals)),
        Err(error) => Err(error),
    };
    signals.settle(outcome)
}

/// Adds up rows while they are read, if sums of rows as they are were asked for.
fn add_up<'py>(
    reader: &mut impl Reader<'py>,
    request: &Request,
    signals: &mut Signals,
) -> Result<Option<Ends<i64, i64>>, Error> {
    let as_they_are = request.aggregation == Aggregation::Sum && request.steps == [Some(0), Some(0)];
    if as_they_are { rows::add_up(reader, request.counting, signals) } else { Ok(None) }
}

/// Reads with the interpreter, lets go of columns and interpreter, and sweeps.
fn combine(
    columns: Columns<'_>,
    request: &Request,
    scales: Scales,
    signals: &mut Signals,
) -> Result<Combined, Error> {
    if !agree(&columns, request, &scales) {
        return Err(Error::Refused);
    }
    // A buffer may repeat one number any number of times: what no memory could hold is not even looked at.
    drop(room::<[i64; 2]>(columns.starts.rows())?);
    let sweep = signals.watch(|interrupt| read(columns, request, interrupt))?;
    finish(sweep, scales, signals)
}

/// Sweeps without the interpreter.
fn finish(sweep: Sweep, scales: Scales, signals: &mut Signals) -> Result<Combined, Error> {
    let (breakpoints, levels) =
        Python::attach(|py| py.detach(|| signals.watch(|interrupt| sweep(interrupt))))?;
    Ok((Buffer::new(breakpoints)?, Buffer::new(levels)?, scales.coordinates, scales.values))
}

/// Whether columns go with each other and with what is asked for.
fn agree(columns: &Columns<'_>, request: &Request, scales: &Scales) -> bool {
    let Columns { starts, stops, values } = columns;
    let same_length =
        starts.rows() == stops.rows() && values.as_ref().is_none_or(|values| values.rows() == starts.rows());
    let same_kind = starts.is_float() == stops.is_float() && !starts.is_bool() && !stops.is_bool();
    let decimal_ends = scales.coordinates.is_some();
    let snaps_decimals = request.grid.is_some() && (decimal_ends || scales.values.is_some());
    // A step is an int, and moves ints only.
    let moves_others = request.steps != [Some(0), Some(0)] && (starts.is_float() || decimal_ends);
    same_length && same_kind && !snaps_decimals && !moves_others
}

/// Snaps what is to be snapped, and picks the types of the ends.
fn read(columns: Columns<'_>, request: &Request, interrupt: &mut Interrupt<'_>) -> Result<Sweep, Error> {
    let Columns { values, .. } = &columns;
    let end_grid = request.grid.filter(|_| columns.starts.is_float());
    let value_grid = request.grid.filter(|_| values.as_ref().is_some_and(Column::is_float));
    let values = match (&columns.values, value_grid) {
        (Some(values), Some(grid)) => Some(snapped_values(values, grid, interrupt)?),
        _ => None,
    };
    let ends = match end_grid {
        Some(grid) => Some(snapped_ends(&columns, grid, interrupt)?),
        None => None,
    };
    let open = request.open || ends.is_some();
    let Columns { starts, stops, values: as_given } = columns;
    let [starts, stops] = ends.unwrap_or([starts, stops]);
    let columns = Columns { starts, stops, values: values.or(as_given) };
    let grids = [end_grid, value_grid];
    if columns.starts.is_float() {
        return read_ends(FloatEnds(&columns), &columns, grids, request, interrupt);
    }
    let [Some(start_step), Some(stop_step)] = request.steps else { return Err(Error::Refused) };
    let ends = IntegerEnds { columns: &columns, steps: [start_step, stop_step], open };
    read_ends(ends, &columns, grids, request, interrupt)
}

/// Picks the types of the values.
fn read_ends<E: ReadEnds<Number: Coordinate + MachineNumber>>(
    ends: E,
    columns: &Columns<'_>,
    grids: [Option<Grid>; 2],
    request: &Request,
    interrupt: &mut Interrupt<'_>,
) -> Result<Sweep, Error> {
    let rows = columns.starts.rows();
    let aggregation = request.aggregation;
    match &columns.values {
        None => read_all(Intervals::new(rows, ends, Ones), aggregation, grids, interrupt),
        Some(column) if column.is_float() => {
            read_all(Intervals::new(rows, ends, FloatValues(column)), aggregation, grids, interrupt)
        }
        Some(column) => {
            read_all(Intervals::new(rows, ends, IntegerValues(column)), aggregation, grids, interrupt)
        }
    }
}

/// Reads, and leaves the rest for later.
fn read_all<E, V, L>(
    source: Intervals<E, V>,
    aggregation: Aggregation,
    grids: [Option<Grid>; 2],
    interrupt: &mut Interrupt<'_>,
) -> Result<Sweep, Error>
where
    E: ReadEnds<Number: Coordinate + MachineNumber>,
    V: ReadValues<Number: Value<Level = L>>,
    L: MachineNumber,
    Ends<E::Number, V::Number>: Send + 'static,
{
    Ok(sweep_of(Ends::read(&source, aggregation, interrupt)?, grids))
}

/// What is left to do with ends. The grids say what integers of coordinates and values stand for.
fn sweep_of<C, V, L>(ends: Ends<C, V>, [coordinates, values]: [Option<Grid>; 2]) -> Sweep
where
    C: Coordinate + MachineNumber,
    V: Value<Level = L>,
    L: MachineNumber,
    Ends<C, V>: Send + 'static,
{
    Box::new(move |interrupt| {
        let [lowest, highest] = C::OPEN;
        let function = ends.combine(interrupt)?.with_open_ends(&lowest, &highest);
        let (breakpoints, levels) = L::levels(function, values, interrupt)?;
        Ok((C::coordinates(breakpoints, coordinates, interrupt)?, levels))
    })
}
