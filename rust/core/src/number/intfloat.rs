//! `intfloat::IntFloat` as coordinate and value, in columns of one `digits` throughout.
//!
//! Of `intfloat` 0.1.0 only `IntFloat::new(base, digits)` with one `digits` is sound: `from` goes through `f32`,
//! the order and the hash disagree with the equality across different `digits`, `Sum` starts at one, and
//! `to_f32` and `to_f64` multiply by a power of ten instead of dividing. So numbers are taken apart into
//! `base` and `digits` at the door, and only `new` is called on the way out.

use std::hash::{Hash, Hasher};

use intfloat::IntFloat;

use super::integer::{key_of, whole_of};
use super::{Coordinate, Number, Value};
use crate::error::Error;

/// Listens to the derived `Hash` of an `IntFloat`, which writes `base` and then `digits`: the type has no
/// getters, and every conversion it offers rounds.
#[derive(Default)]
struct Fields {
    written: [isize; 2],
    count: usize,
}

impl Hasher for Fields {
    #[inline]
    fn write_isize(&mut self, field: isize) {
        if let Some(place) = self.written.get_mut(self.count) {
            *place = field;
        }
        self.count = self.count.saturating_add(1);
    }

    #[inline]
    fn write(&mut self, _bytes: &[u8]) {
        // Not what IntFloat writes: leaves a count that `fields` refuses.
        self.count = usize::MAX;
    }

    fn finish(&self) -> u64 {
        0
    }
}

/// The `base` and the `digits` of a number.
#[inline]
fn fields(number: IntFloat) -> Result<(isize, isize), Error> {
    let mut fields = Fields::default();
    number.hash(&mut fields);
    let [base, digits] = fields.written;
    if fields.count == 2 { Ok((base, digits)) } else { Err(Error::Internal) }
}

/// The `base` of a number, if it has the digits of the column.
#[inline]
fn base(number: IntFloat, frame: Digits) -> Result<i64, Error> {
    let (base, digits) = fields(number)?;
    if frame.0 != Some(digits) {
        return Err(Error::Changed);
    }
    base.try_into().map_err(|_| Error::Range)
}

/// The one `digits` of a column of `IntFloat`s; none yet for an empty one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Digits(Option<isize>);

impl Digits {
    fn number(self, base: isize) -> IntFloat {
        IntFloat::new(base, self.0.unwrap_or_default())
    }
}

impl Number for IntFloat {
    type Frame = Digits;
    const FRAMED: bool = true;

    #[inline]
    fn widen(self, frame: &mut Digits) -> Result<(), Error> {
        let (_, digits) = fields(self)?;
        if *frame.0.get_or_insert(digits) == digits { Ok(()) } else { Err(Error::MixedDigits) }
    }
}

impl Coordinate for IntFloat {
    #[inline]
    fn key(self, frame: Digits) -> Result<u64, Error> {
        base(self, frame).map(key_of)
    }

    fn from_key(key: u64, frame: Digits) -> Result<Self, Error> {
        let base = whole_of(key).try_into().map_err(|_| Error::Internal)?;
        Ok(frame.number(base))
    }
}

impl Value for IntFloat {
    type Payload = i64;
    type Level = IntFloat;

    #[inline]
    fn payload(self, frame: Digits) -> Result<i64, Error> {
        base(self, frame)
    }

    fn level(sum: i128, frame: Digits) -> Result<IntFloat, Error> {
        sum.try_into().map(|base| frame.number(base)).map_err(|_| Error::Overflow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_are_read_exactly() {
        for base in [0, 1, -1, isize::MIN, isize::MAX, 1 << 53, (1 << 53) + 1] {
            for digits in [0, 2, -3, 15] {
                assert_eq!(fields(IntFloat::new(base, digits)), Ok((base, digits)));
            }
        }
    }

    #[test]
    fn different_digits_do_not_mix() {
        let mut frame = Digits::default();
        assert_eq!(IntFloat::new(10, 1).widen(&mut frame), Ok(()));
        assert_eq!(IntFloat::new(100, 2).widen(&mut frame), Err(Error::MixedDigits));
    }
}
