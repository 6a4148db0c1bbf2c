//! The values of rows: a column that begins narrow and widens as values of other kinds come.

use intervalues_core::{DecimalScale, Error, Number};
use pyo3::prelude::*;
use rust_decimal::Decimal;

use crate::column::{Column, room};
use crate::number;

/// The values read so far, and for how many rows to make room.
pub(crate) struct RowValues {
    count: usize,
    values: Values,
}

enum Values {
    /// So many rows, none of which had a value: worth one each.
    Ones(usize),
    Integers(Vec<i64>),
    Floats(Vec<f64>),
    Decimals(Vec<Decimal>),
}

impl RowValues {
    pub(crate) fn new(count: usize) -> Self {
        RowValues { count, values: Values::Ones(0) }
    }

    /// Takes the value of the next row, if it has one, and refuses what does not go with the others.
    #[inline]
    pub(crate) fn push(&mut self, item: Option<Borrowed<'_, '_, PyAny>>) -> Result<(), Error> {
        while !self.take(item) {
            self.widen(item)?;
        }
        Ok(())
    }

    /// Takes a value of the kind that the column has.
    #[inline]
    fn take(&mut self, item: Option<Borrowed<'_, '_, PyAny>>) -> bool {
        match &mut self.values {
            Values::Ones(rows) => {
                *rows = rows.saturating_add(1);
                item.is_none()
            }
            Values::Integers(column) => append(column, item.map_or(Some(1), number::integer)),
            Values::Floats(column) => {
                let float = item.map_or(Some(1.0), number::float);
                let integer = || number::float_of_integer(number::integer(item?)?);
                append(column, float.or_else(integer))
            }
            Values::Decimals(column) => {
                let decimal = item.map_or(Some(Decimal::ONE), number::decimal);
                append(column, decimal.or_else(|| number::integer(item?).map(Decimal::from)))
            }
        }
    }

    /// Turns the column into one that holds more, on the way to one that holds the value.
    #[cold]
    fn widen(&mut self, item: Option<Borrowed<'_, '_, PyAny>>) -> Result<(), Error> {
        let item = item.ok_or(Error::Refused)?;
        self.values = match &self.values {
            // The row that did not fit was counted, too.
            Values::Ones(rows) => {
                let mut column = room(self.count)?;
                column.resize(rows.saturating_sub(1), 1);
                Values::Integers(column)
            }
            Values::Integers(integers) if number::float(item).is_some() => {
                let mut column = room(self.count)?;
                for &integer in integers {
                    column.push(number::float_of_integer(integer).ok_or(Error::Refused)?);
                }
                Values::Floats(column)
            }
            Values::Integers(integers) if number::is_decimal(item) => {
                let mut column = room(self.count)?;
                column.extend(integers.iter().copied().map(Decimal::from));
                Values::Decimals(column)
            }
            _ => return Err(Error::Refused),
        };
        Ok(())
    }

    /// The finished column, none for rows without values, and how many places its integers have if they stand for
    /// decimals.
    pub(crate) fn into_column<'py>(self) -> Result<(Option<Column<'py>>, Option<u32>), Error> {
        Ok(match self.values {
            Values::Ones(_) => (None, None),
            Values::Integers(column) => (Some(column.into()), None),
            Values::Floats(column) => (Some(column.into()), None),
            Values::Decimals(column) => {
                let (scale, [column]) = whole([&column])?;
                (Some(column.into()), Some(scale))
            }
        })
    }
}

#[inline]
fn append<T>(column: &mut Vec<T>, number: Option<T>) -> bool {
    number.map(|number| column.push(number)).is_some()
}

/// Decimals counted in units of the finest place of all of them, and how many places that is.
pub(crate) fn whole<const N: usize>(columns: [&Vec<Decimal>; N]) -> Result<(u32, [Vec<i64>; N]), Error> {
    let mut scale = DecimalScale::default();
    for decimal in columns.into_iter().flatten() {
        decimal.widen(&mut scale)?;
    }
    let mut counted = [const { Vec::new() }; N];
    for (into, from) in counted.iter_mut().zip(columns) {
        *into = room(from.len())?;
        for &decimal in from {
            into.push(scale.whole(decimal)?);
        }
    }
    Ok((scale.places(), counted))
}
