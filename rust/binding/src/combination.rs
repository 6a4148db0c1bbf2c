//! The entries `combine_columns`, `combine_lists` and `combine_rows`, and the way through the core that they share.

use intervalues_core::kernels::{self, Grid, Line, Unit};
use intervalues_core::{Aggregation, Coordinate, Ends, Error, Interrupt, Value};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyTuple, PyType};

use crate::column::{Column, room};
use crate::guard::guarded;
use crate::held::Held;
use crate::intervals::{
    Columns, FloatEnds, FloatValues, IntegerEnds, IntegerValues, Intervals, Ones, ReadEnds, ReadValues,
    all_ends, ends_on_grid, snapped_ends, snapped_values,
};
use crate::machine::MachineNumber;
use crate::memory::{Buffer, Numbers, Slice};
use crate::row_ends::Meaning;
use crate::rows::{self, ColumnReader, Reader, RowReader, Scales};
use crate::signals::Signals;

/// Breakpoints and levels, what the integers of breakpoints stand for, how many places those of levels have, and where
/// each group begins and stops among the breakpoints.
type Combined = (Buffer, Buffer, Option<Meaning>, Option<u32>, Option<(Buffer, Buffer)>);

/// What is left to do once the source is no longer needed.
type Sweep = Box<dyn FnOnce(&mut Interrupt<'_>) -> Result<Swept, Error> + Send>;

/// Breakpoints and levels, and where each group begins and stops.
type Swept = (Numbers, Numbers, Option<(Vec<i64>, Vec<i64>)>);

/// The numbers of the groups that rows belong to, and how many groups there are.
pub(crate) type GivenGroups<'py> = (Bound<'py, PyAny>, i64);

/// The same, to look at.
struct Groups {
    numbers: Held,
    count: i64,
}

/// What the caller asks for, besides the intervals.
struct Request {
    aggregation: Aggregation,
    counting: bool,
    grid: Option<Grid>,
    /// What is added to starts and stops, if it fits 64 bits.
    steps: [Option<i64>; 2],
    /// Whether the lowest and the highest integer stand for open ends.
    open: bool,
    groups: Option<Groups>,
}

impl Groups {
    fn numbers(&self) -> Result<&[i64], Error> {
        if let Slice::Integers(numbers) = self.numbers.slice() { Ok(numbers) } else { Err(Error::Refused) }
    }
}

impl Request {
    /// None for groups that are not ours.
    fn new(
        how: &str,
        digits: Option<&Bound<'_, PyInt>>,
        steps: [&Bound<'_, PyInt>; 2],
        open: bool,
        groups: Option<GivenGroups<'_>>,
    ) -> PyResult<Option<Self>> {
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
        let groups = match groups {
            Some((numbers, count)) => match Held::open(&numbers)? {
                Some(numbers) => Some(Groups { numbers, count }),
                None => return Ok(None),
            },
            None => None,
        };
        Ok(Some(Request { aggregation, counting: how == "count", grid, steps, open, groups }))
    }
}

/// Combines columns: buffers of machine numbers, of any stride. Rows without values are worth 1 each. `groups` are the
/// numbers of the groups that rows belong to, and how many groups there are, or `None`.
///
/// Returns `(breakpoints, levels, None, None, bounds)`, or `None` for "not mine". `bounds` are two columns, of where
/// each group begins among the breakpoints and where it stops, or `None`.
#[pyfunction]
#[pyo3(signature = (starts, stops, values, how, digits, start_step, stop_step, groups, *, open_ends = false))]
#[expect(clippy::too_many_arguments, reason = "Python passes them by name")]
pub(crate) fn combine_columns<'py>(
    starts: &Bound<'py, PyAny>,
    stops: &Bound<'py, PyAny>,
    values: Option<&Bound<'py, PyAny>>,
    how: &str,
    digits: Option<&Bound<'py, PyInt>>,
    start_step: &Bound<'py, PyInt>,
    stop_step: &Bound<'py, PyInt>,
    groups: Option<GivenGroups<'py>>,
    open_ends: bool,
) -> PyResult<Option<Combined>> {
    guarded(|| {
        let steps = [start_step, stop_step];
        let Some(request) = Request::new(how, digits, steps, open_ends, groups)? else { return Ok(None) };
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
#[expect(clippy::too_many_arguments, reason = "Python passes them by name")]
pub(crate) fn combine_lists<'py>(
    starts: &Bound<'py, PyAny>,
    stops: &Bound<'py, PyAny>,
    values: Option<&Bound<'py, PyAny>>,
    how: &str,
    digits: Option<&Bound<'py, PyInt>>,
    start_step: &Bound<'py, PyInt>,
    stop_step: &Bound<'py, PyInt>,
    groups: Option<GivenGroups<'py>>,
) -> PyResult<Option<Combined>> {
    guarded(|| {
        let steps = [start_step, stop_step];
        let Some(request) = Request::new(how, digits, steps, true, groups)? else { return Ok(None) };
        let Some(reader) = ColumnReader::of(starts, stops, values) else { return Ok(None) };
        combine_read(reader, &request)
    })
}

/// Combines rows: a list or tuple of tuples, of lists, of exactly `interval_type` (a subclass of tuple) or of another
/// type of named tuple.
///
/// Returns `(breakpoints, levels, meaning, value_places, bounds)`, or `None` for "not mine". Integers of breakpoints
/// stand for themselves without a meaning; else that is the number of decimal places, in units of the last of which
/// they are counted, or the name of a class of `datetime` and a time zone or `None`: they count days or microseconds
/// (since 1970). Integers of levels are counted in units of the last of their places, if there are any. Groups and
/// bounds are as for [`combine_columns`].
#[pyfunction]
pub(crate) fn combine_rows<'py>(
    rows: &Bound<'py, PyAny>,
    interval_type: &Bound<'py, PyType>,
    how: &str,
    digits: Option<&Bound<'py, PyInt>>,
    start_step: &Bound<'py, PyInt>,
    stop_step: &Bound<'py, PyInt>,
    groups: Option<GivenGroups<'py>>,
) -> PyResult<Option<Combined>> {
    guarded(|| {
        if !interval_type.is_subclass_of::<PyTuple>()? {
            return Err(PyTypeError::new_err("interval_type must be a subclass of tuple"));
        }
        let steps = [start_step, stop_step];
        let Some(request) = Request::new(how, digits, steps, true, groups)? else { return Ok(None) };
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
    if as_they_are && request.groups.is_none() {
        rows::add_up(reader, request.counting, signals)
    } else {
        Ok(None)
    }
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
    let (breakpoints, levels, bounds) =
        Python::attach(|py| py.detach(|| signals.watch(|interrupt| sweep(interrupt))))?;
    let bounds = bounds
        .map(|(firsts, lasts)| Ok::<_, Error>((Buffer::new(firsts.into())?, Buffer::new(lasts.into())?)));
    let (breakpoints, levels) = (Buffer::new(breakpoints)?, Buffer::new(levels)?);
    Ok((breakpoints, levels, scales.coordinates, scales.values, bounds.transpose()?))
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
    let rows = columns.starts.rows();
    if columns.starts.is_float() {
        let ends = FloatEnds(&columns);
        let Some(groups) = &request.groups else {
            return read_ends(ends, &columns, grids, request, interrupt);
        };
        let [starts, stops] = all_ends(&ends, rows, interrupt)?;
        return match ends_on_grid([&starts, &stops], interrupt)? {
            Some((ends, grid)) => {
                read_whole(ends, groups, &columns, [Some(grid), value_grid], request, interrupt)
            }
            None => {
                let coordinates = |floats, _: &mut Interrupt<'_>| Ok(Numbers::Floats(floats));
                read_ranks([starts, stops], groups, &columns, value_grid, coordinates, request, interrupt)
            }
        };
    }
    let [Some(start_step), Some(stop_step)] = request.steps else { return Err(Error::Refused) };
    let ends = IntegerEnds { columns: &columns, steps: [start_step, stop_step], open };
    match &request.groups {
        None => read_ends(ends, &columns, grids, request, interrupt),
        Some(groups) => {
            let ends = all_ends(&ends, rows, interrupt)?;
            read_whole(ends, groups, &columns, grids, request, interrupt)
        }
    }
}

/// Reads whole ends of groups as places, in larger units if there would be too many of them, or as places of their
/// ranks.
fn read_whole(
    [mut starts, mut stops]: [Vec<i64>; 2],
    groups: &Groups,
    columns: &Columns<'_>,
    [end_grid, value_grid]: [Option<Grid>; 2],
    request: &Request,
    interrupt: &mut Interrupt<'_>,
) -> Result<Sweep, Error> {
    let mut unit = Unit::ONE;
    let mut line = kernels::compose(groups.numbers()?, [&mut starts, &mut stops], groups.count, interrupt)?;
    if line.is_none() {
        unit = Unit::largest([&mut starts, &mut stops], interrupt)?;
    }
    if unit != Unit::ONE {
        line = kernels::compose(groups.numbers()?, [&mut starts, &mut stops], groups.count, interrupt)?;
    }
    let coordinates = move |mut counts: Vec<i64>, interrupt: &mut Interrupt<'_>| {
        unit.restore(&mut counts, interrupt)?;
        i64::coordinates(counts, end_grid, interrupt)
    };
    match line {
        Some(line) => {
            let sweep = read_places([starts, stops], columns, value_grid, request, interrupt)?;
            Ok(split_of(sweep, line, coordinates))
        }
        None => read_ranks([starts, stops], groups, columns, value_grid, coordinates, request, interrupt),
    }
}

/// Reads the ends of groups as places of their ranks.
fn read_ranks<C: Coordinate<Frame = ()> + MachineNumber + Default>(
    [starts, stops]: [Vec<C>; 2],
    groups: &Groups,
    columns: &Columns<'_>,
    value_grid: Option<Grid>,
    coordinates: impl FnOnce(Vec<C>, &mut Interrupt<'_>) -> Result<Numbers, Error> + Send + 'static,
    request: &Request,
    interrupt: &mut Interrupt<'_>,
) -> Result<Sweep, Error> {
    let (line, places, ranked) =
        kernels::compose_ranks(groups.numbers()?, [&starts, &stops], C::OPEN, groups.count, interrupt)?;
    drop((starts, stops));
    let sweep = read_places(places, columns, value_grid, request, interrupt)?;
    Ok(split_of(sweep, line, move |ranks, interrupt| {
        coordinates(kernels::of_ranks(&ranks, &ranked, interrupt)?, interrupt)
    }))
}

/// Reads places, and values beside them.
fn read_places(
    [starts, stops]: [Vec<i64>; 2],
    columns: &Columns<'_>,
    value_grid: Option<Grid>,
    request: &Request,
    interrupt: &mut Interrupt<'_>,
) -> Result<Sweep, Error> {
    let places = Columns { starts: starts.into(), stops: stops.into(), values: None };
    let ends = IntegerEnds { columns: &places, steps: [0, 0], open: true };
    read_ends(ends, columns, [None, value_grid], request, interrupt)
}

/// The sweep of places, whose breakpoints are split and become coordinates.
fn split_of(
    sweep: Sweep,
    line: Line,
    coordinates: impl FnOnce(Vec<i64>, &mut Interrupt<'_>) -> Result<Numbers, Error> + Send + 'static,
) -> Sweep {
    Box::new(move |interrupt| {
        let (Numbers::Integers(mut places), levels, None) = sweep(interrupt)? else {
            return Err(Error::Internal);
        };
        let bounds = kernels::split(&mut places, line, interrupt)?;
        Ok((coordinates(places, interrupt)?, levels, Some(bounds)))
    })
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
        Ok((C::coordinates(breakpoints, coordinates, interrupt)?, levels, None))
    })
}
