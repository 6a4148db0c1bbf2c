//! Machine numbers that can be measured: their differences and products are taken apart without error.

use super::Coordinate;
use crate::exact_sum::{Part, UNIT, magnitude, place};
use crate::lookup::Place;

/// A machine number of a column that can be measured: `i64`, or `f64` without NaN and infinities.
pub trait Measured: Coordinate<Frame = ()> + Default + Place {
    /// Some, if these are whole numbers.
    #[doc(hidden)]
    fn wholes(column: &[Self]) -> Option<&[i64]>;

    /// Whether this is a number that columns hold: of floats no infinity, NaN or negative zero.
    #[doc(hidden)]
    fn is_proper(self) -> bool;

    /// Whether there is no infinity and no NaN among these.
    #[doc(hidden)]
    fn are_finite(column: &[Self]) -> bool;

    /// The number itself.
    #[doc(hidden)]
    fn part(self) -> Part;

    /// What this number is above a smaller one, as a sum of two.
    #[doc(hidden)]
    fn above(self, smaller: Self) -> [Part; 2];

    /// The number counted in units of the power of two of a place, if it is a whole number of at most 126 bits of them.
    #[doc(hidden)]
    fn units(self, place: u32) -> Option<i128>;

    /// The places that these numbers have, if they are not zero.
    #[doc(hidden)]
    fn places(column: &[Self]) -> Places;

    /// The same of an ascending column. O(log n).
    #[doc(hidden)]
    fn places_of_sorted(column: &[Self]) -> Places {
        let around = column.partition_point(|number| *number < Self::default());
        // The smallest magnitudes beside zero, which may itself be there; the largest at the ends.
        let beside = [around.saturating_sub(1), around, around.saturating_add(1)];
        let few = beside.map(|index| column.get(index)).into_iter().chain([column.first(), column.last()]);
        few.flatten().fold(Places::NONE, |places, number| places.and(Self::places(&[*number])))
    }
}

/// The lowest and the highest place of some numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
#[doc(hidden)]
pub struct Places {
    pub(crate) low: u32,
    pub(crate) high: u32,
}

impl Places {
    /// Those of no number.
    pub(crate) const NONE: Places = Places { low: u32::MAX, high: 0 };

    pub(crate) fn and(self, other: Places) -> Places {
        Places { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    /// The places of products of these numbers and of differences of others.
    pub(crate) fn times(self, others: Places) -> Places {
        if self == Places::NONE || others == Places::NONE {
            return Places::NONE;
        }
        let high = self.high.saturating_add(others.high).saturating_add(1);
        Places { low: self.low.saturating_add(others.low), high }
    }
}

impl Measured for i64 {
    fn wholes(column: &[i64]) -> Option<&[i64]> {
        Some(column)
    }

    #[inline]
    fn is_proper(self) -> bool {
        true
    }

    fn are_finite(_column: &[i64]) -> bool {
        true
    }

    #[inline]
    fn part(self) -> Part {
        Part { negative: self < 0, magnitude: self.unsigned_abs(), place: UNIT }
    }

    #[inline]
    fn above(self, smaller: i64) -> [Part; 2] {
        [Part { negative: false, magnitude: self.abs_diff(smaller), place: UNIT }, Part::default()]
    }

    #[inline]
    fn units(self, place: u32) -> Option<i128> {
        (place == UNIT).then_some(self.into())
    }

    fn places(_column: &[i64]) -> Places {
        Places { low: UNIT, high: UNIT }
    }
}

impl Measured for f64 {
    fn wholes(_column: &[f64]) -> Option<&[i64]> {
        None
    }

    #[inline]
    fn is_proper(self) -> bool {
        (self.abs() <= f64::MAX) & (self.to_bits() != (-0.0_f64).to_bits())
    }

    fn are_finite(column: &[f64]) -> bool {
        column.iter().all(|float| float.is_finite())
    }

    #[inline]
    fn part(self) -> Part {
        Part { negative: self < 0.0, magnitude: magnitude(self), place: place(self) }
    }

    #[inline]
    fn above(self, smaller: f64) -> [Part; 2] {
        // The rounded difference, and what it lacks (after Knuth).
        let difference = self - smaller;
        let back = difference - self;
        let lack = (self - (difference - back)) - (smaller + back);
        if difference.is_finite() {
            [difference.part(), lack.part()]
        } else {
            [self.part(), (-smaller).part()]
        }
    }

    #[inline]
    fn units(self, unit: u32) -> Option<i128> {
        let Part { negative, magnitude, place } = self.part();
        if magnitude == 0 {
            return Some(0);
        }
        let places = place.checked_sub(unit).filter(|&places| places <= 126 - f64::MANTISSA_DIGITS)?;
        let units = i128::from(magnitude).wrapping_shl(places);
        Some(if negative { units.wrapping_neg() } else { units })
    }

    fn places(column: &[f64]) -> Places {
        // Magnitudes and places are ordered alike.
        let bits = column.iter().map(|float| float.to_bits() & (u64::MAX >> 1));
        // Zero turns into the highest of all, and so is not the lowest.
        let [low, high] =
            bits.fold([u64::MAX, 0], |[low, high], bits| [low.min(bits.wrapping_sub(1)), high.max(bits)]);
        if high == 0 {
            return Places::NONE;
        }
        Places { low: place(f64::from_bits(low.wrapping_add(1))), high: place(f64::from_bits(high)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exact_sum::ProductSum;

    const FLOATS: [f64; 11] =
        [-f64::MAX, -1e200, -3.0, -0.1, -f64::MIN_POSITIVE, 0.0, 5e-324, 0.1, 0.3, 1e16, f64::MAX];

    #[test]
    fn differences_of_floats_lack_nothing() {
        for (index, &low) in FLOATS.iter().enumerate() {
            for &high in &FLOATS[index + 1..] {
                let [mut sum, mut plain] = [(); 2].map(|()| ProductSum::<40>::covering(0, 2047).unwrap());
                for part in high.above(low) {
                    sum.accumulate(part.negative, part.magnitude.into(), part.place).unwrap();
                }
                let (high, low) = (high.part(), low.part());
                plain.accumulate(high.negative, high.magnitude.into(), high.place).unwrap();
                plain.accumulate(!low.negative, low.magnitude.into(), low.place).unwrap();
                assert_eq!(sum, plain);
            }
        }
    }

    #[test]
    fn units_are_exact_or_there_are_none() {
        let place = place(1.0);
        assert_eq!((-1.5).units(place), Some(-3 << 51));
        assert_eq!(0.75.units(place), None);
        assert_eq!(0.0.units(place), Some(0));
        assert_eq!(2_f64.powi(73).units(place), Some(1 << 125));
        assert_eq!(2_f64.powi(74).units(place), None);
        assert_eq!(i64::MIN.units(UNIT), Some(i64::MIN.into()));
    }

    #[test]
    fn places_are_those_of_the_smallest_and_the_largest() {
        assert_eq!(f64::places(&[0.0, -4.0, 1.0]), Places { low: place(1.0), high: place(4.0) });
        assert_eq!(f64::places(&[5e-324, f64::MAX]), Places { low: 0, high: 2045 });
        assert_eq!(f64::places(&[0.0]), Places::NONE);
        assert_eq!(f64::places(&[]), Places::NONE);
    }
}
