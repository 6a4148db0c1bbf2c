//! The exact sum of floats whose binary places are near one another: one 128-bit integer.

use super::dyadic::{Dyadic, round};
use crate::error::Error;

/// A sum counted in units of `2 ** lowest`.
pub struct FixedSum {
    lowest: i32,
    units: i128,
}

impl FixedSum {
    pub(super) fn new(lowest: i32) -> Self {
        FixedSum { lowest, units: 0 }
    }

    #[inline]
    pub(super) fn accumulate(&mut self, number: Dyadic) -> Result<(), Error> {
        if number.mantissa == 0 {
            return Ok(());
        }
        let places = number.exponent.checked_sub(self.lowest).and_then(|places| u32::try_from(places).ok());
        let units = places.and_then(|places| i128::from(number.mantissa).checked_shl(places));
        let sum = units.and_then(|units| self.units.checked_add(units));
        self.units = sum.ok_or(Error::Internal)?;
        Ok(())
    }

    #[inline]
    pub(super) fn rounded(&self) -> Option<f64> {
        round(self.units < 0, self.units.unsigned_abs(), self.lowest)
    }
}
