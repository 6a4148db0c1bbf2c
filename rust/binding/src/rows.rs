//! Rows coming in: a list or tuple of rows becomes columns, or is refused. So do lists that are columns already.

use intervalues_core::{BLOCK, Error};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyList, PyTuple, PyType};

use crate::intervals::Columns;
use crate::plain::{self, BORROWING};
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

/// Reads all rows: tuples, lists, instances of `interval_type` or of one other type of named tuple. With `counting`,
/// values may be anything.
pub(crate) fn read<'py>(
    rows: &Bound<'py, PyAny>,
    interval_type: &Bound<'py, PyType>,
    counting: bool,
    signals: &mut Signals,
) -> Result<(Columns<'py>, Scales), Error> {
    let rows = Sequence::of(rows).ok_or(Error::Refused)?;
    let mut reader = RowReader { rows, interval_type, named_type: None };
    read_all(rows.len(), counting, signals, &mut reader)
}

/// Reads lists or tuples that are columns.
pub(crate) fn read_columns<'py>(
    starts: Sequence<'_, 'py>,
    stops: Sequence<'_, 'py>,
    values: Option<Sequence<'_, 'py>>,
    counting: bool,
    signals: &mut Signals,
) -> Result<(Columns<'py>, Scales), Error> {
    let mut reader = ColumnReader { starts, stops, values };
    let count = starts.len();
    // Their lengths must agree even if values are not looked at.
    if !reader.has(count) {
        return Err(Error::Refused);
    }
    read_all(count, counting, signals, &mut reader)
}

/// Two columns of coordinates, one of values, and what the coordinates are.
struct Parts<'py> {
    kind: Kind<'py>,
    ends: [RowEnds; 2],
    values: RowValues,
}

/// A way to read rows.
trait Reader<'py> {
    /// Whether there are still so many rows.
    fn has(&self, count: usize) -> bool;

    /// What the coordinates of a row are; none if both are open ends.
    fn kind(&mut self, row: usize) -> Result<Option<Kind<'py>>, Refusal>;

    /// Reads rows of plain numbers from `first` on, at most a block of them; gives how many that were, or none if the
    /// columns are of other objects.
    fn read_plain(&self, first: usize, parts: &mut Parts<'py>) -> Option<usize>;

    /// Reads one row of whatever it is.
    fn read_row(&mut self, row: usize, parts: &mut Parts<'py>) -> Result<(), Refusal>;
}

fn read_all<'py>(
    count: usize,
    counting: bool,
    signals: &mut Signals,
    reader: &mut impl Reader<'py>,
) -> Result<(Columns<'py>, Scales), Error> {
    let parts = match read_parts(count, counting, signals, reader) {
        Ok(parts) => parts,
        Err(Refusal::Error(error)) => return Err(error),
        Err(Refusal::Raised(error)) => return Err(signals.meet(error)),
    };
    let ([starts, stops], coordinates) = into_columns(parts.ends, parts.kind)?;
    let (values, places) = parts.values.into_column();
    Ok((Columns { starts, stops, values }, Scales { coordinates, values: places }))
}

fn read_parts<'py>(
    count: usize,
    counting: bool,
    signals: &mut Signals,
    reader: &mut impl Reader<'py>,
) -> Result<Parts<'py>, Refusal> {
    let mut kind = None;
    for row in 0..count {
        kind = reader.kind(row)?;
        if kind.is_some() {
            break;
        }
        if row % BLOCK == 0 && signals.raised() {
            return Err(Error::Interrupted.into());
        }
    }
    let kind = kind.unwrap_or(Kind::Floats);
    let ends = [RowEnds::new(&kind, count)?, RowEnds::new(&kind, count)?];
    let mut parts = Parts { kind, ends, values: RowValues::new(count, counting) };
    let mut read = 0_usize;
    while read < count {
        let plain = if BORROWING { reader.read_plain(read, &mut parts) } else { None };
        read = read.saturating_add(plain.unwrap_or_default());
        // One row that is not plain, or all of them.
        let others = if plain.is_some() { 1 } else { BLOCK };
        for row in (read..count).take(others) {
            reader.read_row(row, &mut parts)?;
            read = row.saturating_add(1);
        }
        if signals.raised() {
            return Err(Error::Interrupted.into());
        }
    }
    // A signal handler, a time zone or another thread may have changed a list meanwhile.
    if read == count && reader.has(count) { Ok(parts) } else { Err(Error::Changed.into()) }
}

/// Reads rows from a list of rows.
struct RowReader<'a, 'py> {
    rows: Sequence<'a, 'py>,
    interval_type: &'a Bound<'py, PyType>,
    named_type: Option<Bound<'py, PyType>>,
}

impl<'py> RowReader<'_, 'py> {
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
    fn has(&self, count: usize) -> bool {
        self.rows.len() == count
    }

    fn kind(&mut self, row: usize) -> Result<Option<Kind<'py>>, Refusal> {
        for end in self.row(row)?.iter_borrowed().take(2) {
            if let Some(kind) = Kind::of(end)? {
                return Ok(Some(kind));
            }
        }
        Ok(None)
    }

    fn read_plain(&self, first: usize, parts: &mut Parts<'py>) -> Option<usize> {
        let [starts, stops] = &mut parts.ends;
        let mut columns = [starts.plain()?, stops.plain()?, parts.values.plain()?];
        let row_types = [Some(self.interval_type), self.named_type.as_ref()];
        Some(plain::read_rows(self.rows, first, row_types, &mut columns))
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

/// Reads rows from lists of starts, stops and values.
struct ColumnReader<'a, 'py> {
    starts: Sequence<'a, 'py>,
    stops: Sequence<'a, 'py>,
    values: Option<Sequence<'a, 'py>>,
}

impl<'py> Reader<'py> for ColumnReader<'_, 'py> {
    fn has(&self, count: usize) -> bool {
        let values = self.values.as_ref();
        [Some(&self.starts), Some(&self.stops), values]
            .into_iter()
            .flatten()
            .all(|column| column.len() == count)
    }

    fn kind(&mut self, row: usize) -> Result<Option<Kind<'py>>, Refusal> {
        for column in [self.starts, self.stops] {
            if let Some(kind) = Kind::of(column.get(row)?.as_borrowed())? {
                return Ok(Some(kind));
            }
        }
        Ok(None)
    }

    fn read_plain(&self, first: usize, parts: &mut Parts<'py>) -> Option<usize> {
        let [starts, stops] = &mut parts.ends;
        let mut columns = [starts.plain()?, stops.plain()?, parts.values.plain()?];
        Some(plain::read_columns([Some(self.starts), Some(self.stops), self.values], first, &mut columns))
    }

    fn read_row(&mut self, row: usize, parts: &mut Parts<'py>) -> Result<(), Refusal> {
        let [starts, stops] = &mut parts.ends;
        starts.push(self.starts.get(row)?.as_borrowed(), &parts.kind)?;
        stops.push(self.stops.get(row)?.as_borrowed(), &parts.kind)?;
        let value = self.values.map(|values| values.get(row)).transpose()?;
        parts.values.push(value.as_ref().map(Bound::as_borrowed))
    }
}
