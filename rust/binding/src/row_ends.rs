//! The coordinates of rows: two columns of one kind.

use intervalues_core::Error;
use pyo3::prelude::*;

use crate::column::{Column, room};
use crate::decimals::{Decimal, Decimals, is_decimal};
use crate::number::{closed, float, integer, open_end};
use crate::plain::Plain;
use crate::rows::Refusal;
use crate::times::Clock;

/// What all coordinates of a call are.
pub(crate) enum Kind<'py> {
    Integers,
    Floats,
    Decimals,
    Times(Clock<'py>),
}

impl<'py> Kind<'py> {
    /// What a coordinate is; none for an open end, which is of every kind.
    pub(crate) fn of(item: Borrowed<'_, 'py, PyAny>) -> Result<Option<Self>, Refusal> {
        if integer(item).is_some() {
            return Ok(Some(Kind::Integers));
        }
        if let Some(float) = float(item) {
            return Ok(if float.is_infinite() { None } else { Some(Kind::Floats) });
        }
        if is_decimal(item)? {
            return Ok(Some(Kind::Decimals));
        }
        match Clock::of(item)? {
            Some(clock) => Ok(Some(Kind::Times(clock))),
            None => Err(Error::Refused.into()),
        }
    }
}

/// What the integers of a column of coordinates stand for, if not for themselves.
pub(crate) enum Meaning {
    /// Decimals of so many places.
    Decimals(u32),
    /// Times of a kind, in a zone.
    Times(&'static str, Option<Py<PyAny>>),
}

impl<'py> IntoPyObject<'py> for Meaning {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        Ok(match self {
            Meaning::Decimals(places) => places.into_pyobject(py)?.into_any(),
            Meaning::Times(name, zone) => (name, zone).into_pyobject(py)?.into_any(),
        })
    }
}

/// The coordinates of one column, as they are read.
pub(crate) enum RowEnds {
    Integers(Vec<i64>),
    Floats(Vec<f64>),
    Decimals(Decimals),
    Times(Vec<i64>),
}

impl RowEnds {
    pub(crate) fn new(kind: &Kind<'_>, count: usize) -> Result<Self, Error> {
        Ok(match kind {
            Kind::Integers => RowEnds::Integers(room(count)?),
            Kind::Floats => RowEnds::Floats(room(count)?),
            Kind::Decimals => RowEnds::Decimals(Decimals::new(count)?),
            Kind::Times(_) => RowEnds::Times(room(count)?),
        })
    }

    /// The column, if plain numbers go into it.
    pub(crate) fn plain(&mut self) -> Option<Plain<'_>> {
        match self {
            RowEnds::Integers(column) => Some(Plain::IntegerEnds(column)),
            RowEnds::Floats(column) => Some(Plain::FloatEnds(column)),
            RowEnds::Decimals(_) | RowEnds::Times(_) => None,
        }
    }

    /// Takes the coordinate of the next row, and refuses what is of another kind.
    pub(crate) fn push<'py>(
        &mut self,
        item: Borrowed<'_, 'py, PyAny>,
        kind: &Kind<'py>,
    ) -> Result<(), Refusal> {
        let open = || open_end(float(item)?);
        match (self, kind) {
            (RowEnds::Floats(column), _) => column.push(float(item).ok_or(Error::Refused)?),
            (RowEnds::Integers(column), _) => {
                let code = integer(item).map_or_else(open, closed);
                column.push(code.ok_or(Error::Refused)?);
            }
            (RowEnds::Times(column), Kind::Times(clock)) => {
                let code = clock.ticks(item)?.or_else(open);
                column.push(code.ok_or(Error::Refused)?);
            }
            (RowEnds::Decimals(column), _) => match Decimal::of(item)? {
                Some(decimal) => column.push(decimal)?,
                None => column.push_open_end(open().ok_or(Error::Refused)?),
            },
            (RowEnds::Times(_), _) => return Err(Error::Internal.into()),
        }
        Ok(())
    }
}

/// The finished columns of starts and stops, and what they stand for.
pub(crate) fn into_columns<'py>(
    [starts, stops]: [RowEnds; 2],
    kind: Kind<'_>,
) -> Result<([Column<'py>; 2], Option<Meaning>), Error> {
    Ok(match (starts, stops, kind) {
        (RowEnds::Integers(starts), RowEnds::Integers(stops), _) => ([starts.into(), stops.into()], None),
        (RowEnds::Floats(starts), RowEnds::Floats(stops), _) => ([starts.into(), stops.into()], None),
        (RowEnds::Times(starts), RowEnds::Times(stops), Kind::Times(clock)) => {
            let (name, zone) = clock.into_name();
            ([starts.into(), stops.into()], Some(Meaning::Times(name, zone)))
        }
        (RowEnds::Decimals(mut starts), RowEnds::Decimals(mut stops), _) => {
            starts.refine(stops.places())?;
            stops.refine(starts.places())?;
            let places = starts.places();
            ([starts.into(), stops.into()], Some(Meaning::Decimals(places)))
        }
        _ => return Err(Error::Internal),
    })
}
