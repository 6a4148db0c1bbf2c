//! Decimals of common exponents: a column of whole numbers, counted in units of the finest place so far.

use intervalues_core::Error;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyString, PyType};

use crate::column::{Column, room};
use crate::intervals::is_open;
use crate::number::closed;

/// A decimal written without an exponent, in digits and how many of them are places.
#[derive(Clone, Copy)]
pub(crate) struct Decimal {
    digits: i64,
    places: u32,
}

impl From<i64> for Decimal {
    fn from(digits: i64) -> Self {
        Decimal { digits, places: 0 }
    }
}

impl Decimal {
    /// Reads a `decimal.Decimal` of few enough digits; none if it is something else. Its text tells all of it.
    pub(crate) fn of(item: Borrowed<'_, '_, PyAny>) -> PyResult<Option<Self>> {
        if !is_decimal(item)? {
            return Ok(None);
        }
        let text: Bound<'_, PyString> = item.str()?;
        Ok(Decimal::parse(text.to_cow()?.as_bytes()))
    }

    /// Reads digits, perhaps with a sign and a point. An exponent is left to Python: a positive one says something
    /// about the number that places cannot.
    fn parse(text: &[u8]) -> Option<Self> {
        let (negative, unsigned) = match text {
            [b'-', unsigned @ ..] => (true, unsigned),
            _ => (false, text),
        };
        let mut digits = 0_i64;
        let mut places = None;
        for &letter in unsigned {
            match letter {
                b'0'..=b'9' => {
                    let digit = letter.checked_sub(b'0')?;
                    digits = digits.checked_mul(10)?.checked_add(digit.into())?;
                    places = places.map(|places: u32| places.saturating_add(1));
                }
                b'.' => places = Some(0),
                _ => return None,
            }
        }
        let digits = if negative { digits.saturating_neg() } else { digits };
        Some(Decimal { digits, places: places.unwrap_or_default() })
    }
}

/// Whether an object is a `decimal.Decimal` and nothing more special.
pub(crate) fn is_decimal(item: Borrowed<'_, '_, PyAny>) -> PyResult<bool> {
    static DECIMAL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let decimal = DECIMAL.import(item.py(), "decimal", "Decimal")?;
    Ok(item.get_type_ptr() == decimal.as_type_ptr())
}

/// A column of decimals. The integers that stand for open ends stand for these on every grid.
pub(crate) struct Decimals {
    places: u32,
    codes: Vec<i64>,
}

impl Decimals {
    /// An empty column, with room for so many.
    pub(crate) fn new(count: usize) -> Result<Self, Error> {
        Ok(Decimals { places: 0, codes: room(count)? })
    }

    pub(crate) fn places(&self) -> u32 {
        self.places
    }

    pub(crate) fn push(&mut self, decimal: Decimal) -> Result<(), Error> {
        self.refine(decimal.places)?;
        let code = counted(decimal.digits, self.places, decimal.places).and_then(closed);
        self.codes.push(code.ok_or(Error::Refused)?);
        Ok(())
    }

    pub(crate) fn push_open_end(&mut self, end: i64) {
        self.codes.push(end);
    }

    /// Counts in units of a finer place, if it is finer.
    pub(crate) fn refine(&mut self, places: u32) -> Result<(), Error> {
        if places > self.places {
            for code in self.codes.iter_mut().filter(|code| !is_open(code)) {
                *code = counted(*code, places, self.places).and_then(closed).ok_or(Error::Refused)?;
            }
            self.places = places;
        }
        Ok(())
    }
}

impl From<Decimals> for Column<'_> {
    fn from(decimals: Decimals) -> Self {
        decimals.codes.into()
    }
}

/// A whole number in units of a finer place.
fn counted(digits: i64, places: u32, before: u32) -> Option<i64> {
    match places.checked_sub(before)? {
        0 => Some(digits),
        _ if digits == 0 => Some(0),
        missing => digits.checked_mul(10_i64.checked_pow(missing)?),
    }
}
