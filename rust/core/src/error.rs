//! What can go wrong while intervals are combined.

use std::collections::TryReserveError;
use std::fmt;

/// Why intervals could not be combined. Nothing is half done: there is either a step function or one of these.
///
/// ```
/// use intervalues_core::{Error, combine_intervals};
///
/// let loud = [(0, 2, i64::MAX), (1, 3, 1)];
/// assert_eq!(combine_intervals(loud), Err(Error::Overflow));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Error {
    /// A coordinate is NaN, which has no place on the line.
    NotANumber,
    /// A value is NaN or infinite, or the end of a window is.
    NotFinite,
    /// A level lies beyond the largest number of its type.
    Overflow,
    /// A number does not fit 64 bits on the grid that its column shares.
    Range,
    /// [`IntFloat`](intfloat::IntFloat)s of different `digits` meet in one column.
    MixedDigits,
    /// The system gave no memory.
    OutOfMemory,
    /// The interrupt callback asked to stop.
    Interrupted,
    /// The source showed other intervals at the second look than at the first.
    Changed,
    /// The source itself refused an interval.
    Refused,
    /// A bug of this crate: something that cannot happen did.
    Internal,
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Error::NotANumber => "a coordinate is NaN",
            Error::NotFinite => "a value or the end of a window is not finite",
            Error::Overflow => "a level is beyond the largest number of its type",
            Error::Range => "a number does not fit 64 bits on the grid of its column",
            Error::MixedDigits => "the IntFloats of one column have different digits",
            Error::OutOfMemory => "out of memory",
            Error::Interrupted => "interrupted",
            Error::Changed => "the intervals changed while they were read",
            Error::Refused => "the source refused an interval",
            Error::Internal => "a bug in intervalues-core, please report it",
        })
    }
}

impl std::error::Error for Error {}

impl From<TryReserveError> for Error {
    fn from(_: TryReserveError) -> Self {
        Error::OutOfMemory
    }
}
