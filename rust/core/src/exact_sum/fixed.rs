//! The exact sum of floats whose binary places are near one another: one 128-bit integer.

use super::dyadic::{LOWEST, magnitude, place, round};
use crate::error::Error;

/// A sum counted in units of the power of two that is `place` above the lowest.
#[derive(Clone)]
pub struct FixedSum {
    place: u32,
    units: i128,
}

impl FixedSum {
    pub(super) fn new(place: u32) -> Self {
        FixedSum { place, units: 0 }
    }

    #[inline]
    pub(crate) fn accumulate(&mut self, float: f64) -> Result<(), Error> {
        // Of zeros the place may be lower; they stay zero.
        let places = place(float).saturating_sub(self.place);
        let units = i128::from(magnitude(float)).checked_shl(places).ok_or(Error::Internal)?;
        let units = if float.is_sign_negative() { units.saturating_neg() } else { units };
        self.units = self.units.checked_add(units).ok_or(Error::Internal)?;
        Ok(())
    }

    #[inline]
    pub(crate) fn rounded(&self) -> Option<f64> {
        round(self.units < 0, self.units.unsigned_abs(), LOWEST.saturating_add_unsigned(self.place))
    }
}
