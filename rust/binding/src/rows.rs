//! Rows coming in: a list or tuple of tuples becomes columns, or is refused.

use intervalues_core::{BLOCK, Error};
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyList, PyTuple, PyType};

use crate::column::{Column, room};
use crate::intervals::{Columns, OPEN, is_open};
use crate::number;
use crate::row_values::{RowValues, whole};
use crate::signals::Signals;

/// How many decimal places the integers of a column have, if they stand for decimals.
#[derive(Clone, Copy, Default)]
pub(crate) struct Scales {
    pub(crate) coordinates: Option<u32>,
    pub(crate) values: Option<u32>,
}

/// Reads all rows. With `counting`, values may be anything.
pub(crate) fn read<'py>(
    rows: &Bound<'py, PyAny>,
    interval_type: &Bound<'py, PyType>,
    counting: bool,
    signals: &mut Signals,
) -> Result<(Columns<'py>, Scales), Error> {
    let reader = Reader { interval_type, counting };
    if let Ok(list) = rows.cast_exact::<PyList>() {
        let count = list.len();
        let columns = reader.read(count, || list.iter(), signals)?;
        // A signal handler or another thread may have changed the list meanwhile.
        if list.len() == count { Ok(columns) } else { Err(Error::Changed) }
    } else if let Ok(tuple) = rows.cast_exact::<PyTuple>() {
        reader.read(tuple.len(), || tuple.iter(), signals)
    } else {
        Err(Error::Refused)
    }
}

/// What all coordinates of a call are.
enum Kind {
    Integers,
    Floats,
    Decimals,
}

/// Two columns of coordinates and one of values.
struct Parts<T> {
    starts: Vec<T>,
    stops: Vec<T>,
    values: RowValues,
}

struct Reader<'a, 'py> {
    interval_type: &'a Bound<'py, PyType>,
    counting: bool,
}

impl<'py> Reader<'_, 'py> {
    fn read<I: Iterator<Item = Bound<'py, PyAny>>>(
        &self,
        count: usize,
        rows: impl Fn() -> I,
        signals: &mut Signals,
    ) -> Result<(Columns<'py>, Scales), Error> {
        match self.kind(rows())? {
            Kind::Integers => {
                let parts = self.parts(count, rows(), integer_end, signals)?;
                finish(parts.starts.into(), parts.stops.into(), None, parts.values)
            }
            Kind::Floats => {
                let parts = self.parts(count, rows(), number::float, signals)?;
                finish(parts.starts.into(), parts.stops.into(), None, parts.values)
            }
            Kind::Decimals => {
                let parts = self.parts(count, rows(), number::decimal, signals)?;
                let (scale, [starts, stops]) = whole([&parts.starts, &parts.stops])?;
                if starts.iter().chain(&stops).any(is_open) {
                    return Err(Error::Refused);
                }
                finish(starts.into(), stops.into(), Some(scale), parts.values)
            }
        }
    }

    /// What the first coordinate is that is not an open end.
    fn kind(&self, rows: impl Iterator<Item = Bound<'py, PyAny>>) -> Result<Kind, Error> {
        for row in rows {
            for end in self.tuple(&row)?.iter_borrowed().take(2) {
                if end.is_exact_instance_of::<PyInt>() {
                    return Ok(Kind::Integers);
                }
                match number::float(end) {
                    Some(float) if float.is_infinite() => {}
                    Some(_) => return Ok(Kind::Floats),
                    None if number::is_decimal(end) => return Ok(Kind::Decimals),
                    None => return Err(Error::Refused),
                }
            }
        }
        Ok(Kind::Floats)
    }

    /// Reads rows whose coordinates `end` can read.
    fn parts<T>(
        &self,
        count: usize,
        mut rows: impl Iterator<Item = Bound<'py, PyAny>>,
        end: impl Fn(Borrowed<'_, 'py, PyAny>) -> Option<T>,
        signals: &mut Signals,
    ) -> Result<Parts<T>, Error> {
        let mut parts = Parts { starts: room(count)?, stops: room(count)?, values: RowValues::new(count) };
        while parts.starts.len() < count {
            let before = parts.starts.len();
            for row in rows.by_ref().take(BLOCK) {
                let mut items = self.tuple(&row)?.iter_borrowed();
                let (Some(start), Some(stop)) = (items.next(), items.next()) else {
                    return Err(Error::Refused);
                };
                let value = items.next();
                if items.next().is_some() {
                    return Err(Error::Refused);
                }
                parts.starts.push(end(start).ok_or(Error::Refused)?);
                parts.stops.push(end(stop).ok_or(Error::Refused)?);
                if !self.counting {
                    parts.values.push(value)?;
                }
            }
            if parts.starts.len() == before {
                // The rows ended early: the list became shorter.
                return Err(Error::Changed);
            }
            if signals.raised() {
                return Err(Error::Interrupted);
            }
        }
        Ok(parts)
    }

    fn tuple<'a>(&self, row: &'a Bound<'py, PyAny>) -> Result<&'a Bound<'py, PyTuple>, Error> {
        if row.get_type_ptr() == self.interval_type.as_type_ptr() {
            return row.cast().map_err(|_| Error::Refused);
        }
        row.cast_exact().map_err(|_| Error::Refused)
    }
}

/// An `int` strictly between the two that stand for open ends, or an infinity as one of those.
#[inline]
fn integer_end(item: Borrowed<'_, '_, PyAny>) -> Option<i64> {
    let [lowest, highest] = OPEN;
    if let Some(integer) = number::integer(item) {
        return Some(integer).filter(|integer| !is_open(integer));
    }
    match number::float(item) {
        Some(f64::NEG_INFINITY) => Some(lowest),
        Some(f64::INFINITY) => Some(highest),
        _ => None,
    }
}

fn finish<'py>(
    starts: Column<'py>,
    stops: Column<'py>,
    coordinates: Option<u32>,
    values: RowValues,
) -> Result<(Columns<'py>, Scales), Error> {
    let (values, scale) = values.into_column()?;
    Ok((Columns { starts, stops, values }, Scales { coordinates, values: scale }))
}
