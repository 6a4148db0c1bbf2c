//! Exact sums of products of machine numbers: whole numbers times powers of two, added up in one wide integer.

use super::dyadic::{LOWEST, halves};
use super::quotient::Numerator;
use crate::error::Error;

/// `magnitude * 2 ** (place + LOWEST)`, taken away if it is negative: a float is one, and so is a whole number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Part {
    pub(crate) negative: bool,
    pub(crate) magnitude: u64,
    pub(crate) place: u32,
}

/// The place of a whole number.
pub(crate) const UNIT: u32 = LOWEST.unsigned_abs();

/// So many bits of a sum lie above the place of its highest product: the product itself, the carries of any number of
/// them, and the sign.
const ABOVE: u32 = 128 + 64;

/// A sum in two's complement, lowest limb first, counted in units of the power of two that is `lowest` above the
/// power of place zero. Adding costs a few nanoseconds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ProductSum<const LIMBS: usize> {
    lowest: u32,
    limbs: [u64; LIMBS],
}

impl<const LIMBS: usize> ProductSum<LIMBS> {
    /// A sum of nothing yet, if products of all places from `low` to `high` fit it. As many lower places as possible
    /// fit as well.
    pub(crate) fn covering(low: u32, high: u32) -> Option<Self> {
        let bits = u32::try_from(LIMBS).ok()?.checked_mul(64)?;
        let lowest = high.saturating_add(ABOVE).saturating_sub(bits);
        // Whole limbs, so that sums that start elsewhere would have their limbs in the same places.
        let lowest = lowest.next_multiple_of(64);
        (lowest <= low).then_some(ProductSum { lowest, limbs: [0; LIMBS] })
    }

    /// A sum of nothing yet, counted in the same units.
    pub(crate) fn emptied(&self) -> Self {
        ProductSum { lowest: self.lowest, limbs: [0; LIMBS] }
    }

    /// Whether products of all these places fit, too.
    pub(crate) fn reaches(&self, low: u32, high: u32) -> bool {
        Self::covering(low, high).is_some_and(|needed| needed.lowest <= self.lowest) && self.lowest <= low
    }

    /// Adds `magnitude * 2 ** place`, or takes it away.
    #[inline]
    pub(crate) fn accumulate(&mut self, negative: bool, magnitude: u128, place: u32) -> Result<(), Error> {
        if magnitude == 0 {
            // Of zeros the place may be lower.
            return Ok(());
        }
        let place = place.checked_sub(self.lowest).ok_or(Error::Internal)?;
        let offset = place % 64;
        let above = magnitude.wrapping_shr(1).wrapping_shr(127_u32.wrapping_sub(offset));
        let [low, middle] = halves(magnitude.wrapping_shl(offset));
        let [high, _] = halves(above);
        let limb = usize::try_from(place / 64).map_err(|_| Error::Internal)?;
        let Some([first, second, third, rest @ ..]) = self.limbs.get_mut(limb..) else {
            return Err(Error::Internal);
        };
        // To take away is to add the complement, which has ones in all limbs above, and one more.
        let flip = if negative { u64::MAX } else { 0 };
        let mut carry = negative;
        for (limb, part) in [(first, low), (second, middle), (third, high)] {
            carry = step(limb, part ^ flip, carry);
        }
        for limb in rest {
            if carry == negative {
                break;
            }
            carry = step(limb, flip, carry);
        }
        Ok(())
    }

    /// Adds what `high` is above `low`; all three are counted in the same units.
    pub(crate) fn add_difference(&mut self, low: &Self, high: &Self) {
        let (mut carry, mut complement_carry) = (false, true);
        for ((limb, low), high) in self.limbs.iter_mut().zip(&low.limbs).zip(&high.limbs) {
            let mut difference = *high;
            complement_carry = step(&mut difference, !*low, complement_carry);
            carry = step(limb, difference, carry);
        }
    }

    /// The sign, and the magnitude in units of the lowest place.
    fn magnitude(&self) -> (bool, [u64; LIMBS]) {
        let negative = self.limbs.last().is_some_and(|limb| limb >> 63 == 1);
        let mut magnitude = self.limbs;
        if negative {
            let mut carry = true;
            for limb in &mut magnitude {
                (*limb, carry) = (!*limb).overflowing_add(carry.into());
            }
        }
        (negative, magnitude)
    }

    /// The sum as a numerator, whose highest bit is set unless it is zero. `zero` is the exponent of place zero.
    pub(crate) fn numerator(&self, zero: i32) -> Numerator {
        let (negative, magnitude) = self.magnitude();
        let top = magnitude.iter().rposition(|&limb| limb != 0).unwrap_or_default();
        let limb = |below: usize| top.checked_sub(below).and_then(|index| magnitude.get(index)).copied();
        let wide = |high: usize| {
            let part = |below| u128::from(limb(below).unwrap_or_default());
            part(high).wrapping_shl(64) | part(high.saturating_add(1))
        };
        let (high, low, spare) = (wide(0), wide(2), wide(4));
        let zeros = high.leading_zeros() % 64;
        let join = |high: u128, low: u128| {
            high.wrapping_shl(zeros) | low.wrapping_shr(1).wrapping_shr(127_u32.wrapping_sub(zeros))
        };
        let inexact = spare.wrapping_shl(zeros) != 0
            || top.checked_sub(5).is_some_and(|end| magnitude.iter().take(end).any(|&limb| limb != 0));
        // The exponent of the lowest bit of the four highest limbs, and of as many bits more as were moved up.
        let places = i32::try_from(top).unwrap_or_default().saturating_sub(3).saturating_mul(64);
        let exponent = zero.saturating_add_unsigned(self.lowest).saturating_add(places);
        let exponent = exponent.saturating_sub_unsigned(zeros);
        Numerator { negative, magnitude: [join(high, low), join(low, spare)], inexact, exponent }
    }

    /// The sum as a whole number times a power of two: the bytes of the one in two's complement, lowest first, and
    /// the exponent of the other. `zero` is the exponent of place zero.
    pub(crate) fn to_whole(&self, zero: i32) -> (Vec<u8>, i32) {
        let zeros = self.limbs.iter().take_while(|&&limb| limb == 0).count();
        let places = u32::try_from(zeros).unwrap_or_default().saturating_mul(64);
        let exponent = zero.saturating_add_unsigned(self.lowest).saturating_add_unsigned(places);
        (self.limbs.iter().skip(zeros).flat_map(|limb| limb.to_le_bytes()).collect(), exponent)
    }
}

/// Adds a part and a carry to a limb; tells whether a carry is left.
#[inline]
fn step(limb: &mut u64, part: u64, carry: bool) -> bool {
    let (once, first) = limb.overflowing_add(part);
    let (twice, second) = once.overflowing_add(carry.into());
    *limb = twice;
    first | second
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_change_sign_and_come_back() {
        let mut sum = ProductSum::<6>::covering(0, 0).unwrap();
        sum.accumulate(true, 1, 70).unwrap();
        assert_eq!(sum.to_whole(-70).0.last(), Some(&0xFF));
        assert_eq!(sum.numerator(-70).over(1, 0), Some(-1.0));
        sum.accumulate(false, 3, 69).unwrap();
        assert_eq!(sum.numerator(-70).over(1, 0), Some(0.5));
        sum.accumulate(true, 1, 69).unwrap();
        assert_eq!(sum.numerator(-70).over(1, 0), Some(0.0));
    }

    #[test]
    fn places_beyond_the_sum_are_told() {
        assert!(ProductSum::<6>::covering(0, 192).is_some());
        assert!(ProductSum::<6>::covering(0, 193).is_none());
        let sum = ProductSum::<6>::covering(128, 300).unwrap();
        assert!(sum.reaches(128, 320));
        assert!(!sum.reaches(127, 320));
        assert!(!sum.reaches(128, 321));
    }

    #[test]
    fn the_lowest_bit_of_a_wide_sum_decides_a_tie() {
        let mut sum = ProductSum::<100>::covering(0, 6000).unwrap();
        sum.accumulate(false, (1 << 53) + 1, 6000).unwrap();
        assert_eq!(sum.numerator(-6000).over(1, 0), Some(9_007_199_254_740_992.0));
        for place in [0, 63, 64, 5_700, 5_999] {
            let mut more = sum.clone();
            more.accumulate(false, 1, place).unwrap();
            assert_eq!(more.numerator(-6000).over(1, 0), Some(9_007_199_254_740_994.0), "{place}");
        }
    }

    #[test]
    fn differences_are_added() {
        let mut sums = [(); 3].map(|()| ProductSum::<6>::covering(0, 64).unwrap());
        let [sum, low, high] = &mut sums;
        sum.accumulate(true, 5, 60).unwrap();
        low.accumulate(true, u128::MAX, 64).unwrap();
        high.accumulate(false, 5, 60).unwrap();
        sum.add_difference(low, high);
        low.accumulate(false, u128::MAX, 64).unwrap();
        low.accumulate(false, u128::MAX, 64).unwrap();
        assert_eq!(sum, low);
    }
}
