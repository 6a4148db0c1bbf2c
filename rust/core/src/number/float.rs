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
    fn nan_has_no_key() {
        assert_eq!(key_of(f64::NAN), None);
        assert_eq!(key_of(-f64::NAN), None);
    }
}
