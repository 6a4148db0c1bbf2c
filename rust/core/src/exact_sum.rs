//! Exact sums of floats: correctly rounded, whatever the order in which they are added and taken away.
//!
//! A finite float is a whole number times a power of two. Where the powers of a call are near enough, a 128-bit
//! integer holds every sum; otherwise an integer as wide as the whole range of doubles does. Both give the
//! same bits, since both are exact and rounded once.

mod dyadic;
mod fixed;
mod products;
mod quotient;
mod wide;

pub(crate) use dyadic::{Dyadic, LOWEST, half_even_shift, halves, magnitude, place, round};

pub(crate) use fixed::FixedSum;
pub(crate) use products::{Part, ProductSum, UNIT};
pub(crate) use quotient::Numerator;
pub(crate) use wide::WideSum;

/// Which exponents the floats of a call have, as their bits tell them; zeros do not count.
#[derive(Clone, Copy, Debug)]
pub struct FloatSurvey {
    lowest: u32,
    highest: u32,
}

impl Default for FloatSurvey {
    fn default() -> Self {
        FloatSurvey { lowest: u32::MAX, highest: 0 }
    }
}

impl FloatSurvey {
    #[inline]
    pub(crate) fn widen(&mut self, float: f64) {
        let place = dyadic::place(float);
        let lowest = if float == 0.0 { u32::MAX } else { place };
        self.lowest = self.lowest.min(lowest);
        self.highest = self.highest.max(place);
    }

    #[inline]
    pub(crate) fn contains(&self, other: &FloatSurvey) -> bool {
        self.lowest <= other.lowest && other.highest <= self.highest
    }

    /// A sum of nothing yet, if those of `count` surveyed floats fit 127 bits and a sign.
    pub(crate) fn fixed_sum(&self, count: usize) -> Option<FixedSum> {
        let span = self.highest.saturating_sub(self.lowest).saturating_add(f64::MANTISSA_DIGITS);
        let carries = usize::BITS.saturating_sub(count.leading_zeros());
        (span.saturating_add(carries) <= 126).then(|| FixedSum::new(self.lowest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed_and_wide(floats: &[f64]) -> (Option<f64>, Option<f64>) {
        let mut survey = FloatSurvey::default();
        floats.iter().for_each(|&float| survey.widen(float));
        let mut fixed = survey.fixed_sum(floats.len()).unwrap();
        let mut wide = WideSum::default();
        for &float in floats {
            fixed.accumulate(float).unwrap();
            wide.accumulate(float).unwrap();
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
        survey.widen(1.0);
        survey.widen(2_f64.powi(71));
        // 71 and 53 places and two bits of carries.
        assert!(survey.fixed_sum(3).is_some());
        assert!(survey.fixed_sum(4).is_none());
    }
}
