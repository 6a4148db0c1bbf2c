//! Quotients of exact sums and whole numbers: correctly rounded, once.

use super::dyadic::{halves, round};

/// A number that will be divided: 256 bits, lowest at `2 ** exponent`, of which the highest is set unless it is zero.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numerator {
    pub(crate) negative: bool,
    /// The high and the low half.
    pub(crate) magnitude: [u128; 2],
    /// Whether something lies below the lowest bit.
    pub(crate) inexact: bool,
    pub(crate) exponent: i32,
}

impl From<i128> for Numerator {
    fn from(whole: i128) -> Self {
        let zeros = whole.unsigned_abs().leading_zeros();
        let high = whole.unsigned_abs().checked_shl(zeros).unwrap_or_default();
        let exponent = (-128_i32).saturating_sub_unsigned(zeros);
        Numerator { negative: whole < 0, magnitude: [high, 0], inexact: false, exponent }
    }
}

impl Numerator {
    /// The float nearest to the number over `divisor * 2 ** exponent`, ties to even; none beyond the largest, and none
    /// for divisors of more than 126 bits or zero.
    pub(crate) fn over(&self, divisor: u128, exponent: i32) -> Option<f64> {
        let [high, low] = self.magnitude;
        if high == 0 {
            return Some(0.0);
        }
        let zeros = divisor.trailing_zeros();
        let divisor = divisor.checked_shr(zeros)?;
        let exponent = self.exponent.saturating_sub(exponent).saturating_sub_unsigned(zeros);
        if u64::try_from(divisor).is_ok() {
            // At least 64 bits of the quotient, and whether anything lies below them, tell which float is nearest.
            let inexact = high.checked_rem(divisor)? != 0 || low != 0 || self.inexact;
            let quotient = high.checked_div(divisor)? | u128::from(inexact);
            return round(self.negative, quotient, exponent.saturating_add(128));
        }
        if divisor.leading_zeros() < 2 {
            return None;
        }
        // Long division: the divisor of at most 126 bits into the highest 126, then 66 bits more, one at a time.
        let [rest, upper] = halves(low);
        let mut remainder = (high >> 2).checked_rem(divisor)?;
        let mut quotient = (high >> 2).checked_div(divisor)?;
        let mut next = (high << 126) | (u128::from(upper) << 62);
        for _ in 0..66 {
            remainder = remainder.wrapping_shl(1) | (next >> 127);
            next = next.wrapping_shl(1);
            let fits = remainder >= divisor;
            quotient = quotient.wrapping_shl(1) | u128::from(fits);
            if fits {
                remainder = remainder.wrapping_sub(divisor);
            }
        }
        let inexact = remainder != 0 || rest != 0 || self.inexact;
        round(self.negative, quotient | u128::from(inexact), exponent.saturating_add(64))
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::as_conversions)]
mod tests {
    use super::*;
    use crate::model::Random;

    fn quotient(numerator: i128, divisor: u128) -> Option<f64> {
        Numerator::from(numerator).over(divisor, 0)
    }

    #[test]
    fn quotients_of_small_numbers_are_those_of_the_machine() {
        let mut random = Random(1);
        for _ in 0..20_000 {
            let (a, b) = (random.between(-1 << 53, 1 << 53), random.between(1, 1 << 53));
            let (a, b) = (a >> (random.next() % 54), (b >> (random.next() % 54)).max(1));
            let machine = a as f64 / b as f64 + 0.0;
            assert_eq!(
                quotient(a.into(), b.unsigned_abs().into()).map(f64::to_bits),
                Some(machine.to_bits())
            );
        }
    }

    #[test]
    fn long_and_short_divisors_agree() {
        let mut random = Random(2);
        for _ in 0..20_000 {
            let wide = i128::from(random.between(-1 << 61, 1 << 61)) << 64 | i128::from(random.next());
            let (numerator, odd) = (wide >> (random.next() % 128), u128::from(random.next() | 1));
            // A common factor makes the divisor long.
            let numerator = numerator >> 62;
            let factor = (1 << 60) + 1;
            let (short, long) =
                (quotient(numerator, odd), quotient(numerator * factor, odd * factor.unsigned_abs()));
            assert_eq!(short.map(f64::to_bits), long.map(f64::to_bits), "{numerator} / {odd}");
        }
    }

    #[test]
    fn a_long_divisor_is_met_to_the_last_bit() {
        for divisor in [(1 << 64) + 1, (1 << 100) - 1, (1 << 125) + 1, (1 << 126) - 1] {
            let whole = i128::try_from(divisor).unwrap();
            assert_eq!(quotient(whole, divisor), Some(1.0));
            assert_eq!(quotient(-whole, divisor), Some(-1.0));
            // Far less than half a unit in the last place away from one.
            assert_eq!(quotient(whole - 1, divisor), Some(1.0));
            assert_eq!(quotient(whole + 1, divisor), Some(1.0));
        }
        // Between 1 and the next float, and beside that.
        let odd = (1_u128 << 65) + 1;
        let tie = i128::try_from(odd * ((1 << 53) + 1)).unwrap();
        assert_eq!(quotient(tie, odd << 53), Some(1.0));
        assert_eq!(quotient(tie + 1, odd << 53), Some(1.0 + f64::EPSILON));
        assert_eq!(quotient(tie - 1, odd << 53), Some(1.0));
    }

    #[test]
    fn what_has_no_float_is_refused() {
        assert_eq!(quotient(1, 0), None);
        assert_eq!(quotient(1, u128::MAX), None);
        assert_eq!(quotient(0, 3), Some(0.0));
    }
}
