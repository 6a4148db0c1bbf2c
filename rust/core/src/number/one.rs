//! The value of an interval that is only counted.

use super::{Number, Value};
use crate::error::Error;

/// Worth exactly one: the value of rows that have none. Sums of it are counts.
///
/// ```
/// use intervalues_core::{One, combine_intervals};
///
/// let planes = combine_intervals([(1, 3, One), (2, 4, One)])?;
/// assert_eq!(planes.levels(), [0, 1, 2, 1, 0]);
/// # Ok::<(), intervalues_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct One;

impl Number for One {
    type Frame = ();
}

impl Value for One {
    type Payload = i64;
    type Level = i64;

    const ALIKE: bool = true;

    #[inline]
    fn payload(self, (): ()) -> Result<i64, Error> {
        Ok(1)
    }

    #[inline]
    fn level(sum: i128, (): ()) -> Result<i64, Error> {
        sum.try_into().map_err(|_| Error::Overflow)
    }
}
