//! Machine integers as coordinates and values.

use super::{Coordinate, Number, Value};
use crate::error::Error;

/// Turns the sign bit over: then the order of the unsigned keys is the order of the signed numbers.
const SIGN: u64 = 1 << 63;

#[inline]
pub(crate) fn key_of(whole: i64) -> u64 {
    u64::from_ne_bytes(whole.to_ne_bytes()) ^ SIGN
}

#[inline]
pub(crate) fn whole_of(key: u64) -> i64 {
    i64::from_ne_bytes((key ^ SIGN).to_ne_bytes())
}

macro_rules! integers_within_i64 {
    ($($integer:ty),*) => {$(
        impl Number for $integer {
            type Frame = ();
        }

        impl Coordinate for $integer {
            #[inline]
            fn key(self, (): ()) -> Result<u64, Error> {
                Ok(key_of(self.into()))
            }

            #[inline]
            fn from_key(key: u64, (): ()) -> Result<Self, Error> {
                whole_of(key).try_into().map_err(|_| Error::Internal)
            }
        }

        impl Value for $integer {
            type Payload = i64;
            type Level = i64;

            #[inline]
            fn payload(self, (): ()) -> Result<i64, Error> {
                Ok(self.into())
            }

            #[inline]
            fn level(sum: i128, (): ()) -> Result<i64, Error> {
                sum.try_into().map_err(|_| Error::Overflow)
            }
        }
    )*};
}

integers_within_i64!(i8, i16, i32, i64, u8, u16, u32);

impl Number for u64 {
    type Frame = ();
}

impl Coordinate for u64 {
    #[inline]
    fn key(self, (): ()) -> Result<u64, Error> {
        Ok(self)
    }

    #[inline]
    fn from_key(key: u64, (): ()) -> Result<Self, Error> {
        Ok(key)
    }
}

impl Value for u64 {
    type Payload = i64;
    type Level = i64;

    #[inline]
    fn payload(self, (): ()) -> Result<i64, Error> {
        self.try_into().map_err(|_| Error::Range)
    }

    #[inline]
    fn level(sum: i128, (): ()) -> Result<i64, Error> {
        sum.try_into().map_err(|_| Error::Overflow)
    }
}

/// Integers that are read as machine integers of 64 bits, if they fit.
macro_rules! integers_through {
    ($($machine:ty: $($integer:ty => $level:ty),*;)*) => {$($(
        impl Number for $integer {
            type Frame = ();
        }

        impl Coordinate for $integer {
            #[inline]
            fn key(self, (): ()) -> Result<u64, Error> {
                <$machine>::try_from(self).map_err(|_| Error::Range)?.key(())
            }

            #[inline]
            fn from_key(key: u64, (): ()) -> Result<Self, Error> {
                <$machine>::from_key(key, ())?.try_into().map_err(|_| Error::Internal)
            }
        }

        impl Value for $integer {
            type Payload = i64;
            type Level = $level;

            #[inline]
            fn payload(self, (): ()) -> Result<i64, Error> {
                self.try_into().map_err(|_| Error::Range)
            }

            #[inline]
            fn level(sum: i128, (): ()) -> Result<$level, Error> {
                sum.try_into().map_err(|_| Error::Overflow)
            }
        }
    )*)*};
}

integers_through! {
    i64: isize => i64, i128 => i128;
    u64: usize => i64, u128 => i128;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_ordered_as_the_numbers_are() {
        let ascending = [i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX - 1, i64::MAX];
        let keys = ascending.map(key_of);
        assert!(keys.is_sorted_by(|a, b| a < b));
        assert_eq!(keys.map(whole_of), ascending);
    }

    #[test]
    fn a_key_of_no_such_number_is_refused() {
        assert_eq!(i8::from_key(key_of(127), ()), Ok(127));
        assert_eq!(i8::from_key(key_of(128), ()), Err(Error::Internal));
    }

    #[test]
    fn a_value_beyond_63_bits_is_out_of_range() {
        assert_eq!(u64::MAX.payload(()), Err(Error::Range));
        assert_eq!(u64::MAX.key(()), Ok(u64::MAX));
    }
}
