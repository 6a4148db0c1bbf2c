//! Exact sums of floats: correctly rounded, whatever the order in which they are added and taken away.
//!
//! A finite float is a whole number times a power of two. Where the powers of a call are near enough, a 128-bit
//! integer holds every sum; otherwise an integer as wide as the whole range of doubles does. Both give the
//! same bits, since both are exact and rounded once.

mod dyadic;
mod fixed;
mod wide;

pub(crate) use dyadic::{Dyadic, half_even_shift, round};

use crate::error::Error;
use fixed::FixedSum;
use wide::WideSum;

/// Which binary places the floats of a call touch: from `lowest` up to, not including, `highest`.
#[derive(Clone, Copy, Debug)]
pub struct FloatSurvey {
    lowest: i32,
    highest: i32,
}

impl Default for FloatSurvey {
    fn default() -> Self {
        FloatSurvey { lowest: i32::MAX, highest: i32::MIN }
    }
}

impl FloatSurvey {
    #[inline]
    pub(crate) fn widen(&mut self, number: Dyadic) {
        if number.mantissa != 0 {
            self.lowest = self.lowest.min(number.exponent);
            self.highest = self.highest.max(number.top());
        }
    }

    #[inline]
    pub(crate) fn has_room_for(&self, number: Dyadic) -> bool {
        number.mantissa == 0 || (self.lowest <= number.exponent && number.top() <= self.highest)
    }

    /// Whether the sum of `count` such floats fits 127 bits and a sign.
    fn fits_fixed(&self, count: usize) -> bool {
        let span = self.highest.saturating_sub(self.lowest).max(0);
        let carries = usize::BITS.saturating_sub(count.leading_zeros());
        span.unsigned_abs().saturating_add(carries) <= 126
    }
}

/// A running exact sum of floats.
pub enum FloatSum {
    #[doc(hidden)]
    Fixed(FixedSum),
    #[doc(hidden)]
    Wide(Box<WideSum>),
}

impl FloatSum {
    /// A sum of nothing yet, with room for `count` of the surveyed floats.
    pub(crate) fn new(survey: &FloatSurvey, count: usize) -> Self {
        if survey.fits_fixed(count) {
            FloatSum::Fixed(FixedSum::new(survey.lowest))
        } else {
            FloatSum::Wide(Box::default())
        }
    }

    #[inline]
    pub(crate) fn accumulate(&mut self, number: Dyadic) -> Result<(), Error> {
        match self {
            FloatSum::Fixed(sum) => sum.accumulate(number),
            FloatSum::Wide(sum) => sum.accumulate(number),
        }
    }

    /// The float nearest to the sum, ties to even; none beyond the largest float.
    #[inline]
    pub(crate) fn rounded(&self) -> Option<f64> {
        match self {
            FloatSum::Fixed(sum) => sum.rounded(),
            FloatSum::Wide(sum) => sum.rounded(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed_and_wide(floats: &[f64]) -> (Option<f64>, Option<f64>) {
        let mut survey = FloatSurvey::default();
        let numbers: Vec<Dyadic> = floats.iter().map(|&float| Dyadic::of(float)).collect();
        numbers.iter().for_each(|&number| survey.widen(number));
        assert!(survey.fits_fixed(floats.len()));
        let mut fixed = FixedSum::new(survey.lowest);
        let mut wide = WideSum::default();
        for number in numbers {
            fixed.accumulate(number).unwrap();
            wide.accumulate(number).unwrap();
        }
        (fixed.rounded(), wide.rounded())
    }

    #[test]
    fn fixed_and_wide_sums_agree_bit_for_bit() {
        let mut state = 88_172_645_463_325_252_u64;
        let mut random = move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        for _ in 0..20_000 {
            // Biased exponents from 0 (subnormal) and from elsewhere, near enough for 128 bits.
            let lowest = random() % 2000;
            let floats: Vec<f64> = (0..random() % 8)
                .map(|_| {
                    let exponent = (lowest + random() % 60).min(2046);
                    f64::from_bits((random() & 0x800F_FFFF_FFFF_FFFF) | (exponent << 52))
                })
                .collect();
            let (fixed, wide) = fixed_and_wide(&floats);
            assert_eq!(fixed.map(f64::to_bits), wide.map(f64::to_bits), "{floats:?}");
        }
    }

    #[test]
    fn sums_round_half_to_even() {
        let ulp = f64::EPSILON;
        for (floats, sum) in [
            (vec![1.0, ulp / 2.0], 1.0),
            (vec![1.0 + ulp, ulp / 2.0], 1.0 + 2.0 * ulp),
            (vec![1.0, ulp / 2.0, ulp / 1024.0], 1.0 + ulp),
            (vec![-1.0, -ulp / 2.0, -ulp / 1024.0], -1.0 - ulp),
            (vec![2.0, -ulp / 2.0], 2.0),
            (vec![2.0, -ulp / 2.0, -ulp / 1024.0], 2.0 - ulp),
        ] {
            assert_eq!(fixed_and_wide(&floats), (Some(sum), Some(sum)), "{floats:?}");
        }
    }

    #[test]
    fn a_sum_of_nothing_is_positive_zero() {
        for floats in [&[][..], &[-0.0], &[0.1, -0.1], &[f64::from_bits(1), -f64::from_bits(1)]] {
            let (fixed, wide) = fixed_and_wide(floats);
            assert_eq!(fixed.map(f64::to_bits), Some(0));
            assert_eq!(wide.map(f64::to_bits), Some(0));
        }
    }

    #[test]
    fn the_largest_float_is_the_limit() {
        let half_ulp = 2_f64.powi(970);
        let (fixed, wide) = fixed_and_wide(&[f64::MAX, half_ulp * (1.0 - f64::EPSILON)]);
        assert_eq!((fixed, wide), (Some(f64::MAX), Some(f64::MAX)));
        let (fixed, wide) = fixed_and_wide(&[f64::MAX, half_ulp]);
        assert_eq!((fixed, wide), (None, None));
        let (fixed, wide) = fixed_and_wide(&[f64::MIN, -half_ulp]);
        assert_eq!((fixed, wide), (None, None));
        let (fixed, wide) = fixed_and_wide(&[1e308, 1e308, -1e308]);
        assert_eq!((fixed, wide), (Some(1e308), Some(1e308)));
    }

    #[test]
    fn the_fixed_sum_is_used_up_to_its_last_bit() {
        let mut survey = FloatSurvey::default();
        survey.widen(Dyadic::of(1.0));
        survey.widen(Dyadic::of(2_f64.powi(123)));
        // 124 places and two bits of carries.
        assert!(survey.fits_fixed(3));
        assert!(!survey.fits_fixed(4));
    }
}
