//! Rows coming in: a list or tuple of rows becomes columns, or is refused. So do lists that are columns already. Rows of
//! integers close together need no columns: they add up as they are read.

use intervalues_core::{Aggregation, BLOCK, Ends, Error, Interrupt, Source};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyList, PyTuple, PyType};

use crate::column::room;
use crate::intervals::Columns;
use crate::objects::AT_ONCE;
use crate::plain::{self, BORROWING, Plain};
use crate::row_ends::{Kind, Meaning, RowEnds, into_columns};
use crate::row_values::RowValues;
use crate::signals::Signals;

/// What the integers of columns stand for, if not for themselves.
#[derive(Default)]
pub(crate) struct Scales {
    pub(crate) coordinates: Option<Meaning>,
    /// How many decimal places values have.
    pub(crate) values: Option<u32>,
}

/// Why reading ended.
pub(crate) enum Refusal {
    Error(Error),
    /// Python code that reading ran (of a time zone, say) raised something.
    Raised(PyErr),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Refusal::Error(error)
    }
}

impl From<PyErr> for Refusal {
    fn from(error: PyErr) -> Self {
        Refusal::Raised(error)
    }
}

/// A list or a tuple.
#[derive(Clone, Copy)]
pub(crate) enum Sequence<'a, 'py> {
    List(&'a Bound<'py, PyList>),
    Tuple(&'a Bound<'py, PyTuple>),
}

impl<'a, 'py> Sequence<'a, 'py> {
    pub(crate) fn of(object: &'a Bound<'py, PyAny>) -> Option<Self> {
        let list = object.cast_exact().map(Sequence::List);
        list.or_else(|_| object.cast_exact().map(Sequence::Tuple)).ok()
    }

    pub(crate) fn as_ptr(&self) -> *mut pyo3::ffi::PyObject {
        match self {
            Sequence::List(list) => list.as_ptr(),
            Sequence::Tuple(tuple) => tuple.as_ptr(),
        }
    }

    fn len(&self) -> usize {
        match self {
            Sequence::List(list) => list.len(),
            Sequence::Tuple(tuple) => tuple.len(),
        }
    }

    /// A reference to an item that keeps it, even if the list lets go of it. A list may have become shorter.
    fn get(&self, index: usize) -> Result<Bound<'py, PyAny>, Error> {
        match self {
            Sequence::List(list) => list.get_item(index),
            Sequence::Tuple(tuple) => tuple.get_item(index),
        }
        .map_err(|_| Error::Changed)
    }
}

/// Two columns of coordinates, one of values, and what the coordinates are.
pub(crate) struct Parts<'py> {
    kind: Kind<'py>,
    ends: [RowEnds; 2],
    values: RowValues,
}

impl Parts<'_> {
    /// The columns, if plain numbers go into all of them.
    fn plain(&mut self) -> Option<[Plain<'_>; 3]> {
        let [starts, stops] = &mut self.ends;
        Some([starts.plain()?, stops.plain()?, self.values.plain()?])
    }
}

/// A way to read rows.
pub(crate) trait Reader<'py> {
    /// How many rows there are now; none if columns are not equally long.
    fn count(&self) -> Option<usize>;

    /// What the coordinates of a row are; none if both are open ends.
    fn kind(&mut self, row: usize) -> Result<Option<Kind<'py>>, Refusal>;

    /// Reads rows of plain numbers from `first` on, at most [`AT_ONCE`]; gives how many that were.
    fn read_plain(&self, first: usize, columns: &mut [Plain<'_>; 3]) -> usize;

    /// Reads one row of whatever it is.
    fn read_row(&mut self, row: usize, parts: &mut Parts<'py>) -> Result<(), Refusal>;
}

/// Reads all rows into columns. With `counting`, values may be anything.
pub(crate) fn read<'py>(
    reader: &mut impl Reader<'py>,
    counting: bool,
    signals: &mut Signals,
) -> Result<(Columns<'py>, Scales), Error> {
    let parts = read_parts(reader, counting, signals).map_err(|refusal| met(refusal, signals))?;
    let ([starts, stops], coordinates) = into_columns(parts.ends, parts.kind)?;
    let (values, places) = parts.values.into_column();
    Ok((Columns { starts, stops, values }, Scales { coordinates, values: places }))
}

/// Adds up rows of integers while they are read, if these lie so close together that nothing needs to be kept of them.
pub(crate) fn add_up<'py>(
    reader: &mut impl Reader<'py>,
    counting: bool,
    signals: &mut Signals,
) -> Result<Option<Ends<i64, i64>>, Error> {
    let Some(count) = reader.count().filter(|&count| BORROWING && count >= MANY) else { return Ok(None) };
    match reader.kind(0) {
        Ok(Some(Kind::Integers)) => {}
        Ok(_) => return Ok(None),
        Err(refusal) => return Err(met(refusal, signals)),
    }
    let passing = Passing { reader: &*reader, count, counting };
    match signals.watch(|interrupt| Ends::read_once(&passing, Aggregation::Sum, interrupt)) {
        Ok(_) if reader.count() != Some(count) => Err(Error::Changed), // by a signal handler
        Err(Error::Refused) => Ok(None), // other rows are read otherwise, or refused again
        ends => ends,
    }
}

/// Fewer rows are in columns sooner than anything about them is found out.
const MANY: usize = 2048;

/// What it means that reading ended.
fn met(refusal: Refusal, signals: &mut Signals) -> Error {
    match refusal {
        Refusal::Error(error) => error,
        Refusal::Raised(error) => signals.meet(error),
    }
}

/// Rows of plain integers that are read whenever they are visited.
struct Passing<'a, R> {
    reader: &'a R,
    count: usize,
    counting: bool,
}

impl<'py, R: Reader<'py>> Source<i64, i64> for Passing<'_, R> {
    fn count(&self) -> usize {
        self.count
    }

    fn reversed(&self) -> Result<(), Error> {
        Err(Error::Refused)
    }

    /// The last rows first: then it shows at once if rows in rising order lie far apart.
    fn visit(
        &self,
        interrupt: &mut Interrupt<'_>,
        mut each: impl FnMut(&[i64], &[i64], &[i64]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let (mut starts, mut stops, mut values) = (room(AT_ONCE)?, room(AT_ONCE)?, room(AT_ONCE)?);
        values.resize(AT_ONCE, 1);
        let (mut all_ones, mut ones) = (true, 0);
        let mut firsts = (0..self.count).step_by(AT_ONCE);
        let last = firsts.next_back();
        for first in last.into_iter().chain(firsts) {
            let count = self.count.saturating_sub(first).min(AT_ONCE);
            let mut read = |values: Plain<'_>| {
                starts.clear();
                stops.clear();
                let mut columns = [Plain::IntegerEnds(&mut starts), Plain::IntegerEnds(&mut stops), values];
                self.reader.read_plain(first, &mut columns) == count
            };
            all_ones = all_ones && read(if self.counting { Plain::Ignored } else { Plain::Ones(&mut ones) });
            if !all_ones {
                values.clear();
                if self.counting || !read(Plain::Integers(&mut values)) {
                    return Err(Error::Refused);
                }
            }
            interrupt.pass(count)?;
            let ends = starts.chunks(BLOCK).zip(stops.chunks(BLOCK));
            for ((starts, stops), values) in ends.zip(values.chunks(BLOCK)) {
                each(starts, stops, values.get(..starts.len()).ok_or(Error::Internal)?)?;
            }
        }
        Ok(())
    }
}

fn read_parts<'py>(
    reader: &mut impl Reader<'py>,
    counting: bool,
    signals: &mut Signals,
) -> Result<Parts<'py>, Refusal> {
    let count = reader.count().ok_or(Error::Refused)?;
    let mut kind = None;
    for row in 0..count {
        kind = reader.kind(row)?;
        if kind.is_some() {
            break;
        }
        if row % AT_ONCE == 0 && signals.raised() {
            return Err(Error::Interrupted.into());
        }
    }
    let kind = kind.unwrap_or(Kind::Floats);
    let ends = [RowEnds::new(&kind, count)?, RowEnds::new(&kind, count)?];
    let mut parts = Parts { kind, ends, values: RowValues::new(count, counting) };
    let mut read = 0_usize;
    while read < count {
        let plain = parts.plain().filter(|_| BORROWING);
        let plain = plain.map(|mut columns| reader.read_plain(read, &mut columns));
        read = read.saturating_add(plain.unwrap_or_default());
        // One row that is not plain, or all of them.
        let others = if plain.is_some() { 1 } else { AT_ONCE };
        for row in (read..count).take(others) {
            reader.read_row(row, &mut parts)?;
            read = row.saturating_add(1);
        }
        if signals.raised() {
            return Err(Error::Interrupted.into());
        }
    }
    // A signal handler, a time zone or another thread may have changed a list meanwhile.
    if reader.count() == Some(read) { Ok(parts) } else { Err(Error::Changed.into()) }
}

/// Reads rows from a list or tuple of them: tuples, lists, instances of `interval_type` or of one other type of named
/// tuple.
pub(crate) struct RowReader<'a, 'py> {
    rows: Sequence<'a, 'py>,
    interval_type: &'a Bound<'py, PyType>,
    named_type: Option<Bound<'py, PyType>>,
}

impl<'a, 'py> RowReader<'a, 'py> {
    pub(crate) fn of(rows: &'a Bound<'py, PyAny>, interval_type: &'a Bound<'py, PyType>) -> Option<Self> {
        Some(RowReader { rows: Sequence::of(rows)?, interval_type, named_type: None })
    }

    /// A row as the tuple that it is, or as good as.
    fn row(&mut self, index: usize) -> Result<Bound<'py, PyTuple>, Refusal> {
        let row = self.rows.get(index)?;
        if let Ok(list) = row.cast_exact::<PyList>() {
            return Ok(list.to_tuple());
        }
        let row_type = row.get_type();
        let known = |known: &Bound<'py, PyType>| known.is(&row_type);
        if !row.is_exact_instance_of::<PyTuple>() && !known(self.interval_type) {
            match &self.named_type {
                Some(named_type) if known(named_type) => {}
                None if reads_as_a_tuple(&row)? => self.named_type = Some(row_type),
                _ => return Err(Error::Refused.into()),
            }
        }
        Ok(row.cast_into::<PyTuple>().map_err(|_| Error::Refused)?)
    }
}

/// Whether an instance of a subclass of tuple, a named tuple say, is a row of just the items that it has as a tuple.
fn reads_as_a_tuple(row: &Bound<'_, PyAny>) -> PyResult<bool> {
    static MAPPING: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static SET: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let py = row.py();
    let (row_type, tuple) = (row.get_type(), py.get_type::<PyTuple>());
    if !row.is_instance_of::<PyTuple>() {
        return Ok(false);
    }
    for method in ["__iter__", "__len__"] {
        if !row_type.getattr(method)?.is(&tuple.getattr(method)?) {
            return Ok(false);
        }
    }
    let mapping = MAPPING.import(py, "collections.abc", "Mapping")?;
    let set = SET.import(py, "collections.abc", "Set")?;
    Ok(!row.is_instance(mapping)? && !row.is_instance(set)?)
}

impl<'py> Reader<'py> for RowReader<'_, 'py> {
    fn count(&self) -> Option<usize> {
        Some(self.rows.len())
    }

    fn kind(&mut self, row: usize) -> Result<Option<Kind<'py>>, Refusal> {
        for end in self.row(row)?.iter_borrowed().take(2) {
            if let Some(kind) = Kind::of(end)? {
                return Ok(Some(kind));
            }
        }
        Ok(None)
    }

    fn read_plain(&self, first: usize, columns: &mut [Plain<'_>; 3]) -> usize {
        let row_types = [Some(self.interval_type), self.named_type.as_ref()];
        plain::read_rows(self.rows, first, row_types, columns)
    }

    fn read_row(&mut self, row: usize, parts: &mut Parts<'py>) -> Result<(), Refusal> {
        let row = self.row(row)?;
        let mut items = row.iter_borrowed();
        let (Some(start), Some(stop), value, None) = (items.next(), items.next(), items.next(), items.next())
        else {
            return Err(Error::Refused.into());
        };
        let [starts, stops] = &mut parts.ends;
        starts.push(start, &parts.kind)?;
        stops.push(stop, &parts.kind)?;
        parts.values.push(value)
    }
}

/// Reads rows from lists or tuples of starts, stops and values.
pub(crate) struct ColumnReader<'a, 'py> {
    starts: Sequence<'a, 'py>,
    stops: Sequence<'a, 'py>,
    values: Option<Sequence<'a, 'py>>,
}

impl<'a, 'py> ColumnReader<'a, 'py> {
    pub(crate) fn of(
        starts: &'a Bound<'py, PyAny>,
        stops: &'a Bound<'py, PyAny>,
        values: Option<&'a Bound<'py, PyAny>>,
    ) -> Option<Self> {
        let values = match values {
            Some(values) => Some(Sequence::of(values)?),
            None => None,
        };
        Some(ColumnReader { starts: Sequence::of(starts)?, stops: Sequence::of(stops)?, values })
    }
}

impl<'py> Reader<'py> for ColumnReader<'_, 'py> {
    /// Lengths must agree even if values are not looked at.
    fn count(&self) -> Option<usize> {
        let count = self.starts.len();
        let agree = self.stops.len() == count && self.values.is_none_or(|values| values.len() == count);
        agree.then_some(count)
    }

    fn kind(&mut self, row: usize) -> Result<Option<Kind<'py>>, Refusal> {
        for column in [self.starts, self.stops] {
            if let Some(kind) = Kind::of(column.get(row)?.as_borrowed())? {
                return Ok(Some(kind));
            }
        }
        Ok(None)
    }

    fn read_plain(&self, first: usize, columns: &mut [Plain<'_>; 3]) -> usize {
        plain::read_columns([Some(self.starts), Some(self.stops), self.values], first, columns)
    }

    fn read_row(&mut self, row: usize, parts: &mut Parts<'py>) -> Result<(), Refusal> {
        let [starts, stops] = &mut parts.ends;
        starts.push(self.starts.get(row)?.as_borrowed(), &parts.kind)?;
        stops.push(self.stops.get(row)?.as_borrowed(), &parts.kind)?;
        let value = self.values.map(|values| values.get(row)).transpose()?;
        parts.values.push(value.as_ref().map(Bound::as_borrowed))
    }
}
