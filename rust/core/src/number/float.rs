//! Floats as coordinates and values.

use super::{Coordinate, Number, Value};
use crate::ends::KeySpread;
use crate::error::Error;

const SIGN: u64 = 1 << 63;

/// The bits of a float, turned so that their order is the order of the numbers: negative ones are stored by
/// magnitude and so turned over whole. The two zeros have one key. NaN has none.
#[inline]
pub(crate) fn key_of(float: f64) -> Option<u64> {
    // Adding +0.0 turns -0.0 into 0.0 and leaves everything else alone.
    let bits = (float + 0.0).to_bits();
    let key = if bits & SIGN == 0 { bits | SIGN } else { !bits };
    (!float.is_nan()).then_some(key)
}

#[inline]
pub(crate) fn float_of(key: u64) -> f64 {
    f64::from_bits(if key & SIGN == 0 { !key } else { key ^ SIGN })
}

/// The float that is an integer, if it needs no more than 53 bits.
///
/// ```
/// use intervalues_core::kernels::exact_float;
///
/// assert_eq!(exact_float(-(1 << 53)), Some(-9007199254740992.0));
/// assert_eq!(exact_float((1 << 53) + 1), None);
/// ```
#[must_use]
#[inline]
pub fn exact_float(integer: i64) -> Option<f64> {
    const MOST: u64 = 1 << 53;

    // Both halves are floats without error, and so is their sum.
    let high = i32::try_from(integer >> 32).map_or(0.0, f64::from);
    let low = u32::try_from(integer & i64::from(u32::MAX)).map_or(0.0, f64::from);
    (integer.unsigned_abs() <= MOST).then_some(high * 4_294_967_296.0 + low)
}

/// The largest integer up to a float, within 64 bits, and whether it is the float itself; for NaN any.
#[inline]
pub(crate) fn floor(float: f64) -> (i64, bool) {
    /// Added to a float not far from zero, this leaves it, rounded to a whole number, in the lowest bits.
    const WHOLE: f64 = 6_755_399_441_055_744.0; // 1.5 * 2 ** 52
    const FAR: f64 = 2_251_799_813_685_248.0; // 2 ** 51

    if float.abs() >= FAR {
        return far_floor(float);
    }
    let sum = float + WHOLE;
    let nearest = i64::from_ne_bytes(sum.to_bits().wrapping_sub(WHOLE.to_bits()).to_ne_bytes());
    let rounded = sum - WHOLE;
    (nearest.wrapping_sub(i64::from(rounded > float)), rounded.to_bits() == (float + 0.0).to_bits())
}

/// The same for a float of at least 2 ** 51, of either sign.
#[cold]
fn far_floor(float: f64) -> (i64, bool) {
    const FRACTION: u64 = (1 << 52) - 1;
    const EXPONENT_OF_FAR: u64 = 1023 + 51;

    let whole = float.floor();
    let bits = whole.abs().to_bits();
    let mantissa = u128::from((bits & FRACTION) | (FRACTION + 1));
    // Of infinity, too, more than 63: then it does not matter how many.
    let doublings =
        u32::try_from((bits >> 52).saturating_sub(EXPONENT_OF_FAR)).map_or(64, |many| many.min(64));
    let magnitude = mantissa.wrapping_shl(doublings) >> 1;
    let signed = i128::try_from(magnitude).unwrap_or(i128::MAX);
    let signed = if whole < 0.0 { signed.wrapping_neg() } else { signed };
    match i64::try_from(signed) {
        Ok(integer) => (integer, whole.to_bits() == float.to_bits()),
        Err(_) => (if whole < 0.0 { i64::MIN } else { i64::MAX }, false),
    }
}

impl Number for f64 {
    type Frame = ();
}

impl Coordinate for f64 {
    const SPREAD: KeySpread = KeySpread::Floats;

    #[inline]
    fn key(self, (): ()) -> Result<u64, Error> {
        key_of(self).ok_or(Error::NotANumber)
    }

    #[inline]
    fn from_key(key: u64, (): ()) -> Result<Self, Error> {
        Ok(float_of(key))
    }
}

impl Value for f64 {
    type Payload = f64;
    type Level = f64;

    #[inline]
    fn payload(self, (): ()) -> Result<f64, Error> {
        if self.is_finite() { Ok(self) } else { Err(Error::NotFinite) }
    }

    #[inline]
    fn level(sum: f64, (): ()) -> Result<f64, Error> {
        Ok(sum)
    }
}

/// As the doubles that they are, too: so their sums are rounded to doubles.
impl Number for f32 {
    type Frame = ();
}

impl Coordinate for f32 {
    const SPREAD: KeySpread = KeySpread::Floats;

    #[inline]
    fn key(self, (): ()) -> Result<u64, Error> {
        f64::from(self).key(())
    }

    #[inline]
    #[expect(clippy::as_conversions, reason = "exact: the key was that of an f32")]
    fn from_key(key: u64, (): ()) -> Result<Self, Error> {
        Ok(float_of(key) as f32)
    }
}

impl Value for f32 {
    type Payload = f64;
    type Level = f64;

    #[inline]
    fn payload(self, (): ()) -> Result<f64, Error> {
        f64::from(self).payload(())
    }

    #[inline]
    fn level(sum: f64, (): ()) -> Result<f64, Error> {
        Ok(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_ordered_as_the_numbers_are() {
        let ascending = [
            f64::NEG_INFINITY,
            f64::MIN,
            -1.0,
            -f64::MIN_POSITIVE,
            -f64::from_bits(1),
            0.0,
            f64::from_bits(1),
            f64::MIN_POSITIVE,
            1.0,
            f64::MAX,
            f64::INFINITY,
        ];
        let keys = ascending.map(|float| key_of(float).unwrap());
        assert!(keys.is_sorted_by(|a, b| a < b));
        assert_eq!(keys.map(float_of), ascending);
    }

    #[test]
    fn the_two_zeros_are_one_coordinate() {
        assert_eq!(key_of(-0.0), key_of(0.0));
        assert_eq!(float_of(key_of(-0.0).unwrap()).to_bits(), 0);
    }

    #[test]
    #[allow(clippy::as_conversions)]
    fn the_floor_is_the_largest_integer_up_to_a_float() {
        let mut state = 88_172_645_463_325_252_u64;
        let mut floats =
            vec![0.0, -0.0, 0.5, -0.5, -1.0, 2.5, 3.5, f64::MAX, f64::MIN, f64::INFINITY, f64::NEG_INFINITY];
        for power in 0..70 {
            let float = f64::powi(2.0, power);
            for near in [f64::from_bits(float.to_bits() - 1), float, float + 0.5, float + 1.0] {
                floats.extend([near, -near]);
            }
        }
        for _ in 0..20_000 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            // Of all magnitudes that matter.
            floats.push(f64::from_bits((state & 0x800F_FFFF_FFFF_FFFF) | ((state >> 56) + 960) << 52));
        }
        for float in floats {
            let fits = (-f64::powi(2.0, 63)..f64::powi(2.0, 63)).contains(&float);
            assert_eq!(floor(float), (float.floor() as i64, fits && float.floor() == float), "{float}");
        }
    }

    #[test]
    #[allow(clippy::as_conversions)]
    fn an_integer_is_a_float_if_53_bits_hold_it() {
        for power in 0..64 {
            for near in [-1, 0, 1] {
                let integer = (1_i64 << power).wrapping_add(near);
                for integer in [integer, integer.wrapping_neg()] {
                    let small = integer.unsigned_abs() <= 1 << 53;
                    assert_eq!(exact_float(integer), small.then_some(integer as f64));
                }
            }
        }
    }

    #[test]
    fn nan_has_no_key() {
        assert_eq!(key_of(f64::NAN), None);
        assert_eq!(key_of(-f64::NAN), None);
    }
}
