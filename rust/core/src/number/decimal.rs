//! `rust_decimal::Decimal` as coordinate and value, on the grid of the finest decimal of the column.
//!
//! `Decimal`'s own addition rounds silently where 96 bits do not suffice. Here only mantissas are added, as
//! whole numbers: a level is exact or an error.

use rust_decimal::Decimal;

use super::integer::{key_of, whole_of};
use super::{Coordinate, Number, Value};
use crate::error::Error;

/// The finest scale of a column of decimals: how many decimal places its grid has.
///
/// ```
/// use intervalues_core::{DecimalScale, Error, Number};
/// use rust_decimal::Decimal;
///
/// let column = [Decimal::new(15, 1), Decimal::new(225, 2)];
/// let mut scale = DecimalScale::default();
/// for decimal in column {
///     decimal.widen(&mut scale)?;
/// }
/// assert_eq!(scale.places(), 2);
/// assert_eq!(column.map(|decimal| scale.whole(decimal)), [Ok(150), Ok(225)]);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DecimalScale(u32);

impl DecimalScale {
    /// The number of decimal places.
    #[must_use]
    pub fn places(self) -> u32 {
        self.0
    }

    /// The decimal counted in units of the last place of this scale.
    ///
    /// # Errors
    ///
    /// [`Error::Range`] if the count does not fit 64 bits, [`Error::Changed`] if the decimal has more places.
    #[inline]
    pub fn whole(self, decimal: Decimal) -> Result<i64, Error> {
        match i64::try_from(decimal.mantissa()) {
            Ok(whole) if decimal.scale() == self.0 => Ok(whole),
            _ => self.rescaled(decimal),
        }
    }

    /// The same, of a decimal of fewer places or more digits than most.
    fn rescaled(self, decimal: Decimal) -> Result<i64, Error> {
        let missing = self.0.checked_sub(decimal.scale()).ok_or(Error::Changed)?;
        10_i128
            .checked_pow(missing)
            .and_then(|factor| decimal.mantissa().checked_mul(factor))
            .and_then(|whole| whole.try_into().ok())
            .ok_or(Error::Range)
    }
}

impl Number for Decimal {
    type Frame = DecimalScale;
    const FRAMED: bool = true;

    #[inline]
    fn widen(self, frame: &mut DecimalScale) -> Result<(), Error> {
        frame.0 = frame.0.max(self.scale());
        Ok(())
    }
}

impl Coordinate for Decimal {
    #[inline]
    fn key(self, frame: DecimalScale) -> Result<u64, Error> {
        frame.whole(self).map(key_of)
    }

    fn from_key(key: u64, frame: DecimalScale) -> Result<Self, Error> {
        Decimal::try_new(whole_of(key), frame.0).map_err(|_| Error::Internal)
    }
}

impl Value for Decimal {
    type Payload = i64;
    type Level = Decimal;

    #[inline]
    fn payload(self, frame: DecimalScale) -> Result<i64, Error> {
        frame.whole(self)
    }

    fn level(sum: i128, frame: DecimalScale) -> Result<Decimal, Error> {
        Decimal::try_from_i128_with_scale(sum, frame.0).map_err(|_| Error::Overflow)
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    #[test]
    fn decimals_of_any_scale_are_counted_up_to_64_bits() {
        for whole in [0, 1, -1, i64::MAX, i64::MIN] {
            let decimal = Decimal::from_i128_with_scale(whole.into(), 3);
            assert_eq!(DecimalScale(3).whole(decimal), Ok(whole));
            assert_eq!(DecimalScale(2).whole(decimal), Err(Error::Changed));
            let finer = whole.checked_mul(10).ok_or(Error::Range);
            assert_eq!(DecimalScale(4).whole(decimal), finer);
        }
        let beyond = Decimal::from_i128_with_scale(i128::from(i64::MAX) + 1, 3);
        assert_eq!(DecimalScale(3).whole(beyond), Err(Error::Range));
        assert_eq!(DecimalScale(28).whole(Decimal::NEGATIVE_ONE), Err(Error::Range));
    }
}
