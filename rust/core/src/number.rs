//! The number types that coordinates and values may have: what each must offer, and one file for each.

pub(crate) mod float;
pub(crate) mod integer;

mod decimal;
mod intfloat;
mod measured;
mod one;

pub use decimal::DecimalScale;
pub use intfloat::Digits;
pub use measured::{Measured, Places};
pub use one::One;

use crate::ends::KeySpread;
use crate::error::Error;
use crate::payload::Payload;

/// A number of a column. Some types only make sense beside their neighbours: a column of decimals is counted
/// in units of its finest one. What they must agree on is the frame. It is guessed from the first intervals, and found
/// in a look of its own where a later one does not fit.
pub trait Number: Copy + Send + Sync + 'static {
    /// What all numbers of one column share.
    type Frame: Copy + Default + Send + Sync + 'static;

    /// Whether the frame depends on the numbers, so that some of them must be looked at first.
    const FRAMED: bool = false;

    /// Widens the frame so that this number has a place in it.
    ///
    /// # Errors
    ///
    /// [`Error::MixedDigits`] where no frame has a place for both.
    #[inline]
    fn widen(self, _frame: &mut Self::Frame) -> Result<(), Error> {
        Ok(())
    }
}

/// A number that can be a coordinate: it has a 64-bit key, and keys are ordered as the numbers are.
pub trait Coordinate: Number {
    /// How keys are spread where coordinates are spread evenly. Only speed depends on it.
    #[doc(hidden)]
    const SPREAD: KeySpread = KeySpread::Even;

    /// The key: equal for equal numbers, and smaller for smaller ones.
    ///
    /// # Errors
    ///
    /// [`Error::NotANumber`] for NaN, [`Error::Range`] if the number does not fit.
    fn key(self, frame: Self::Frame) -> Result<u64, Error>;

    /// The number of a key.
    ///
    /// # Errors
    ///
    /// [`Error::Internal`] for what was never the key of a number.
    fn from_key(key: u64, frame: Self::Frame) -> Result<Self, Error>;
}

/// A number that can be a value: it is added as a [`Payload`], and the exact sum becomes a level.
pub trait Value: Number {
    /// What adds up: whole numbers on the grid of the frame, or floats.
    type Payload: Payload;

    /// The type of the sums.
    type Level: Copy + Send;

    /// Whether all numbers of the type have the same payload. Only speed depends on it.
    #[doc(hidden)]
    const ALIKE: bool = false;

    /// The number as it is added.
    ///
    /// # Errors
    ///
    /// [`Error::NotFinite`] for NaN and infinities, [`Error::Range`] if the number does not fit.
    fn payload(self, frame: Self::Frame) -> Result<Self::Payload, Error>;

    /// The level that an exact sum amounts to.
    ///
    /// # Errors
    ///
    /// [`Error::Overflow`] if the level type does not reach so far.
    fn level(sum: <Self::Payload as Payload>::Sum, frame: Self::Frame) -> Result<Self::Level, Error>;
}
