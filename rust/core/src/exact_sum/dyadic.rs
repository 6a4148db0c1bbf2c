//! Floats as whole numbers times powers of two, and back with one rounding.

/// The bits of a float below its exponent.
const FRACTION: u64 = (1 << 52) - 1;
/// The exponent of the lowest bit of the smallest float.
pub(super) const LOWEST: i32 = -1074;

/// `mantissa * 2 ** exponent`, with an odd mantissa of at most 53 bits, or zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dyadic {
    pub(crate) mantissa: i64,
    pub(crate) exponent: i32,
}

impl Dyadic {
    /// The float, taken apart. What NaN and infinities give means nothing: they are refused before.
    #[inline]
    pub(crate) fn of(float: f64) -> Self {
        let bits = float.to_bits();
        let fraction = bits & FRACTION;
        let biased = i32::try_from((bits >> 52) & 0x7FF).unwrap_or_default();
        // The smallest numbers have no leading one, and the exponent of those just above them.
        let (magnitude, biased) = if biased == 0 { (fraction, 1) } else { (fraction | (1 << 52), biased) };
        let odd = magnitude.checked_shr(magnitude.trailing_zeros()).unwrap_or_default();
        let exponent = if odd == 0 {
            0
        } else {
            biased
                .saturating_sub(1)
                .saturating_add(LOWEST)
                .saturating_add_unsigned(magnitude.trailing_zeros())
        };
        let magnitude = i64::try_from(odd).unwrap_or_default();
        let mantissa = if float.is_sign_negative() { magnitude.saturating_neg() } else { magnitude };
        Dyadic { mantissa, exponent }
    }

    /// The exponent of the first power of two above the magnitude.
    #[inline]
    pub(crate) fn top(self) -> i32 {
        let length = u64::BITS.saturating_sub(self.mantissa.unsigned_abs().leading_zeros());
        self.exponent.saturating_add_unsigned(length)
    }
}

/// The float nearest to `magnitude * 2 ** exponent`, ties to even, or none beyond the largest. Zero is `+0.0`.
#[inline]
pub(crate) fn round(negative: bool, magnitude: u128, exponent: i32) -> Option<f64> {
    if magnitude == 0 {
        return Some(0.0);
    }
    let length = u128::BITS.saturating_sub(magnitude.leading_zeros());
    // The exponent of the last bit that the result can have: 53 bits from the top, or the lowest of all.
    let last = exponent.saturating_add_unsigned(length).saturating_sub(53).max(LOWEST);
    let dropped = last.saturating_sub(exponent);
    let kept = if dropped <= 0 {
        magnitude.checked_shl(dropped.unsigned_abs())?
    } else {
        half_even_shift(magnitude, dropped.unsigned_abs())
    };
    let kept = u64::try_from(kept).ok()?;
    // Where `kept` has its leading one in bit 52, that bit raises the exponent by one, as it must; rounding up
    // to the next power of two raises it once more.
    let raised = u64::try_from(last.saturating_sub(LOWEST)).ok()?;
    let bits = raised.checked_mul(1 << 52)?.checked_add(kept)?;
    if bits >= f64::INFINITY.to_bits() {
        return None;
    }
    let float = f64::from_bits(bits);
    Some(if negative { -float } else { float })
}

/// `magnitude / 2 ** places`, rounded to the nearest whole number, ties to even.
#[inline]
pub(crate) fn half_even_shift(magnitude: u128, places: u32) -> u128 {
    let Some(half_place) = places.checked_sub(1) else { return magnitude };
    let Some(half) = 1_u128.checked_shl(half_place) else {
        // At least 129 places: less than a half.
        return 0;
    };
    let kept = magnitude.checked_shr(places).unwrap_or_default();
    let rest = magnitude & half.saturating_add(half.saturating_sub(1));
    let up = rest > half || (rest == half && kept & 1 == 1);
    kept.saturating_add(u128::from(up))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_float_survives_being_taken_apart() {
        let smallest = f64::from_bits(1);
        for float in [1.0, -1.5, 0.1, smallest, -smallest, f64::MIN_POSITIVE, f64::MAX, f64::MIN, 3e-310, 0.0]
        {
            let Dyadic { mantissa, exponent } = Dyadic::of(float);
            let back = round(mantissa < 0, mantissa.unsigned_abs().into(), exponent);
            assert_eq!(back.map(f64::to_bits), Some(float.to_bits()));
        }
    }

    #[test]
    fn the_mantissa_is_odd_and_the_top_is_above() {
        assert_eq!(Dyadic::of(12.0), Dyadic { mantissa: 3, exponent: 2 });
        assert_eq!(Dyadic::of(12.0).top(), 4);
        assert_eq!(Dyadic::of(-0.0), Dyadic { mantissa: 0, exponent: 0 });
    }

    #[test]
    fn a_half_goes_to_the_even_side() {
        let quarters = [0, 1, 2, 3, 4, 5, 6, 7, 8].map(|quarters| half_even_shift(quarters, 2));
        assert_eq!(quarters, [0, 0, 0, 1, 1, 1, 2, 2, 2]);
        assert_eq!(half_even_shift(u128::MAX, 128), 1);
        assert_eq!(half_even_shift(1 << 127, 128), 0);
        assert_eq!(half_even_shift(u128::MAX, 129), 0);
        assert_eq!(half_even_shift(7, 0), 7);
    }
}
