//! The values of rows: a column that begins narrow and widens as values of other kinds come.

use intervalues_core::Error;
use intervalues_core::kernels::exact_float;
use pyo3::prelude::*;

use crate::column::{Column, room};
use crate::decimals::{Decimal, Decimals, is_decimal};
use crate::number;
use crate::plain::Plain;
use crate::rows::Refusal;

/// The values read so far, and for how many rows to make room.
pub(crate) struct RowValues {
    count: usize,
    values: Values,
}

enum Values {
    /// Nobody looks at them.
    Ignored,
    /// So many rows, none of which had a value: worth one each.
    Ones(usize),
    Integers(Vec<i64>),
    Floats(Vec<f64>),
    Decimals(Decimals),
}

impl RowValues {
    /// An empty column for so many rows. With `counting`, values may be anything.
    pub(crate) fn new(count: usize, counting: bool) -> Self {
        RowValues { count, values: if counting { Values::Ignored } else { Values::Ones(0) } }
    }

    /// The column, if plain numbers go into it.
    pub(crate) fn plain(&mut self) -> Option<Plain<'_>> {
        match &mut self.values {
            Values::Ignored => Some(Plain::Ignored),
            Values::Ones(rows) => Some(Plain::Ones(rows)),
            Values::Integers(column) => Some(Plain::Integers(column)),
            Values::Floats(column) => Some(Plain::Floats(column)),
            Values::Decimals(_) => None,
        }
    }

    /// Takes the value of the next row, if it has one, and refuses what does not go with the others.
    pub(crate) fn push(&mut self, item: Option<Borrowed<'_, '_, PyAny>>) -> Result<(), Refusal> {
        while !self.take(item)? {
            self.widen(item)?;
        }
        Ok(())
    }

    /// Takes a value of the kind that the column has.
    fn take(&mut self, item: Option<Borrowed<'_, '_, PyAny>>) -> Result<bool, Refusal> {
        Ok(match &mut self.values {
            Values::Ignored => true,
            Values::Ones(rows) => {
                *rows = rows.saturating_add(usize::from(item.is_none()));
                item.is_none()
            }
            Values::Integers(column) => append(column, item.map_or(Some(1), number::integer)),
            Values::Floats(column) => {
                let float = item.map_or(Some(1.0), number::float);
                let integer = || exact_float(number::integer(item?)?);
                append(column, float.or_else(integer))
            }
            Values::Decimals(column) => {
                let integer = item.map_or(Some(1), number::integer).map(Decimal::from);
                let decimal = match (integer, item) {
                    (None, Some(item)) => Decimal::of(item)?,
                    (integer, _) => integer,
                };
                decimal.map(|decimal| column.push(decimal)).transpose()?.is_some()
            }
        })
    }

    /// Turns the column into one that holds more, on the way to one that holds the value.
    #[cold]
    fn widen(&mut self, item: Option<Borrowed<'_, '_, PyAny>>) -> Result<(), Refusal> {
        let item = item.ok_or(Error::Refused)?;
        self.values = match &self.values {
            Values::Ones(rows) => {
                let mut column = room(self.count)?;
                column.resize(*rows, 1);
                Values::Integers(column)
            }
            Values::Integers(integers) if number::float(item).is_some() => {
                let mut column = room(self.count)?;
                for &integer in integers {
                    column.push(exact_float(integer).ok_or(Error::Refused)?);
                }
                Values::Floats(column)
            }
            Values::Integers(integers) if is_decimal(item)? => {
                let mut column = Decimals::new(self.count)?;
                for &integer in integers {
                    column.push(integer.into())?;
                }
                Values::Decimals(column)
            }
            _ => return Err(Error::Refused.into()),
        };
        Ok(())
    }

    /// The finished column, none for rows without values, and how many places its integers have if they stand for
    /// decimals.
    pub(crate) fn into_column<'py>(self) -> (Option<Column<'py>>, Option<u32>) {
        match self.values {
            Values::Ignored | Values::Ones(_) => (None, None),
            Values::Integers(column) => (Some(column.into()), None),
            Values::Floats(column) => (Some(column.into()), None),
            Values::Decimals(column) => {
                let places = column.places();
                (Some(column.into()), Some(places))
            }
        }
    }
}

fn append<T>(column: &mut Vec<T>, number: Option<T>) -> bool {
    number.map(|number| column.push(number)).is_some()
}
