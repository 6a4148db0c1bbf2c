//! The exact sum of any floats at all: one integer as wide as the whole range of doubles (after Kulisch).

use super::dyadic::{Dyadic, LOWEST, halves, round};
use crate::error::Error;

/// 2,098 bits reach from the smallest to the largest float, 64 more take the carries of any number of them,
/// and one is the sign: 34 limbs of 64 bits.
const LIMBS: usize = 34;

/// A sum counted in units of the smallest float, in two's complement, lowest limb first. Adding costs a few
/// nanoseconds, rounding about the number of limbs.
#[derive(Clone)]
pub struct WideSum {
    limbs: [u64; LIMBS],
}

impl Default for WideSum {
    fn default() -> Self {
        WideSum { limbs: [0; LIMBS] }
    }
}

impl WideSum {
    pub(crate) fn accumulate(&mut self, float: f64) -> Result<(), Error> {
        let number = Dyadic::of(float);
        if number.mantissa == 0 {
            return Ok(());
        }
        let place = number.exponent.checked_sub(LOWEST).and_then(|place| usize::try_from(place).ok());
        let place = place.ok_or(Error::Internal)?;
        let offset = u32::try_from(place % 64).map_err(|_| Error::Internal)?;
        let magnitude = u128::from(number.mantissa.unsigned_abs());
        let [low, high] = halves(magnitude.checked_shl(offset).ok_or(Error::Internal)?);

        let negative = number.mantissa < 0;
        let mut carry = false;
        let parts = [low, high].into_iter().chain(std::iter::repeat(0));
        for (index, (limb, part)) in self.limbs.iter_mut().skip(place / 64).zip(parts).enumerate() {
            if index >= 2 && !carry {
                break;
            }
            let (once, first) =
                if negative { limb.overflowing_sub(part) } else { limb.overflowing_add(part) };
            let (twice, second) = if negative {
                once.overflowing_sub(carry.into())
            } else {
                once.overflowing_add(carry.into())
            };
            *limb = twice;
            carry = first || second;
        }
        Ok(())
    }

    pub(crate) fn rounded(&self) -> Option<f64> {
        let negative = self.limbs.last().is_some_and(|limb| limb >> 63 == 1);
        let mut magnitude = self.limbs;
        if negative {
            let mut carry = true;
            for limb in &mut magnitude {
                (*limb, carry) = (!*limb).overflowing_add(carry.into());
            }
        }
        // The two highest limbs hold at least 65 bits, and 53 are kept: whatever lies below only matters by
        // being there.
        let Some(top) = magnitude.iter().rposition(|&limb| limb != 0) else { return Some(0.0) };
        let next = top.saturating_sub(1);
        let window = match magnitude.get(next..=top)? {
            [low, high] => (u128::from(*high) << 64) | u128::from(*low),
            [low, ..] => u128::from(*low),
            [] => 0,
        };
        let rest = magnitude.iter().take(next).any(|&limb| limb != 0);
        let places = i32::try_from(next).ok()?.checked_mul(64)?;
        round(negative, window | u128::from(rest), LOWEST.checked_add(places)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(floats: &[f64]) -> Option<f64> {
        let mut sum = WideSum::default();
        for &float in floats {
            sum.accumulate(float).unwrap();
        }
        sum.rounded()
    }

    #[test]
    fn nothing_is_lost_across_the_whole_range() {
        let smallest = f64::from_bits(1);
        assert_eq!(sum(&[1e16, 1.0, -1e16]), Some(1.0));
        assert_eq!(sum(&[f64::MAX, smallest, -f64::MAX]), Some(smallest));
        assert_eq!(sum(&[f64::MAX, f64::MAX, -f64::MAX, -smallest]), Some(f64::MAX));
        assert_eq!(sum(&[1.0, smallest]), Some(1.0));
        assert_eq!(sum(&[smallest, smallest]), Some(2.0 * smallest));
    }

    #[test]
    fn a_bit_far_below_a_tie_decides_it() {
        let smallest = f64::from_bits(1);
        let tie = [1.0, f64::EPSILON / 2.0];
        assert_eq!(sum(&tie), Some(1.0));
        assert_eq!(sum(&[tie[0], tie[1], smallest]), Some(1.0 + f64::EPSILON));
        assert_eq!(sum(&[-tie[0], -tie[1], -smallest]), Some(-1.0 - f64::EPSILON));
    }

    #[test]
    fn borrows_run_through_all_limbs_and_back() {
        let smallest = f64::from_bits(1);
        assert_eq!(sum(&[-smallest]), Some(-smallest));
        assert_eq!(sum(&[-smallest, smallest]), Some(0.0));
        assert_eq!(sum(&[f64::MIN, smallest, f64::MAX]), Some(smallest));
        assert_eq!(sum(&vec![f64::MIN; 100]), None);
    }
}
