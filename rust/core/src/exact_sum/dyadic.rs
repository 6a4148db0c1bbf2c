//! Floats as whole numbers times powers of two, and back with one rounding.

/// The bits of a float below its exponent.
const FRACTION: u64 = (1 << 52) - 1;
/// The exponent of the lowest bit of the smallest float.
pub(crate) const LOWEST: i32 = -1074;

/// `mantissa * 2 ** exponent`, with an odd mantissa of at most 53 bits, or zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dyadic {
    pub(crate) mantissa: i64,
    pub(crate) exponent: i32,
}

/// How many powers of two the last bit of a float lies above [`LOWEST`].
#[inline]
pub(crate) fn place(float: f64) -> u32 {
    let [.., low, high] = float.to_le_bytes();
    let biased = (u32::from(u16::from_le_bytes([low, high])) >> 4) & 0x7FF;
    // The smallest numbers have no leading one, and the exponent of those just above them.
    biased.saturating_sub(1)
}

/// The bits of a float from its leading one on, a whole number.
#[inline]
pub(crate) fn magnitude(float: f64) -> u64 {
    let bits = float.to_bits() & (u64::MAX >> 1);
    let fraction = bits & FRACTION;
    if bits > FRACTION { fraction | (1 << 52) } else { fraction }
}

impl Dyadic {
    /// The float, taken apart. What NaN and infinities give means nothing: they are refused before.
    #[inline]
    pub(crate) fn of(float: f64) -> Self {
        let magnitude = magnitude(float);
        let zeros = magnitude.trailing_zeros();
        let odd = magnitude.checked_shr(zeros).unwrap_or_default();
        let place = place(float).saturating_add(zeros);
        let exponent = if odd == 0 { 0 } else { LOWEST.saturating_add_unsigned(place) };
        let magnitude = i64::try_from(odd).unwrap_or_default();
        let mantissa = if float.is_sign_negative() { magnitude.saturating_neg() } else { magnitude };
        Dyadic { mantissa, exponent }
    }
}

/// The float nearest to `magnitude * 2 ** exponent`, ties to even, or none beyond the largest. Zero is `+0.0`.
#[inline]
pub(crate) fn round(negative: bool, magnitude: u128, exponent: i32) -> Option<f64> {
    let zeros = magnitude.leading_zeros();
    // The leading one at the top: what lies below the highest 64 bits only matters by being there.
    let normal = magnitude.checked_shl(zeros).unwrap_or_default();
    let [low, high] = halves(normal);
    let window = high | u64::from(low != 0);
    // The exponent of the last of 53 bits from the top, counted from the lowest that floats have.
    let last = exponent.saturating_sub(LOWEST).saturating_add(75).saturating_sub_unsigned(zeros);
    let (Ok(last), true) = (u64::try_from(last), magnitude != 0) else {
        return Some(small(negative, magnitude, exponent));
    };
    let kept = window >> 11;
    let rest = window & 0x7FF;
    let up = rest > 0x400 || (rest == 0x400 && kept & 1 == 1);
    // The leading one of what is kept, in bit 52, raises the exponent by one, as it must; rounding up to the next
    // power of two raises it once more.
    let bits = last.checked_mul(1 << 52)?.checked_add(kept.saturating_add(u64::from(up)))?;
    signed(negative, bits)
}

/// The same for zero, and for what has fewer than 53 bits above the lowest that floats have.
#[cold]
fn small(negative: bool, magnitude: u128, exponent: i32) -> f64 {
    let dropped = LOWEST.saturating_sub(exponent);
    let kept = if dropped <= 0 {
        magnitude.checked_shl(dropped.unsigned_abs()).unwrap_or_default()
    } else {
        half_even_shift(magnitude, dropped.unsigned_abs())
    };
    let bits = u64::try_from(kept).unwrap_or_default();
    signed(negative && bits > 0, bits).unwrap_or_default()
}

#[inline]
fn signed(negative: bool, bits: u64) -> Option<f64> {
    let sign = u64::from(negative) << 63;
    (bits < f64::INFINITY.to_bits()).then(|| f64::from_bits(bits | sign))
}

/// The low and the high half.
#[inline]
pub(crate) fn halves(wide: u128) -> [u64; 2] {
    let [a, b, c, d, e, f, g, h, high @ ..] = wide.to_le_bytes();
    [u64::from_le_bytes([a, b, c, d, e, f, g, h]), u64::from_le_bytes(high)]
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
    fn the_mantissa_is_odd() {
        assert_eq!(Dyadic::of(12.0), Dyadic { mantissa: 3, exponent: 2 });
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
