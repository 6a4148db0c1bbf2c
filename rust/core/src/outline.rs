//! The outline of a sweep: exact sums at rising keys become breakpoints and levels.

use crate::allocation::room;
use crate::error::Error;
use crate::number::{Coordinate, Value};
use crate::payload::Payload;
use crate::step_function::StepFunction;

/// What a sweep writes to: the sum that holds from each key on, keys strictly increasing.
pub trait Outline {
    /// The type of exact sums.
    type Sum;

    /// Makes room for so many steps.
    fn reserve(&mut self, steps: usize) -> Result<(), Error>;

    /// From `key` on, the sum is `sum`.
    fn step(&mut self, key: u64, sum: Self::Sum) -> Result<(), Error>;
}

/// What the coordinates and the values of a call share.
pub(crate) struct Frames<C: Coordinate, V: Value> {
    pub(crate) coordinates: C::Frame,
    pub(crate) values: V::Frame,
}

// Not derived: that would ask the numbers themselves for a default.
impl<C: Coordinate, V: Value> Default for Frames<C, V> {
    fn default() -> Self {
        Frames { coordinates: C::Frame::default(), values: V::Frame::default() }
    }
}

impl<C: Coordinate, V: Value> Clone for Frames<C, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Coordinate, V: Value> Copy for Frames<C, V> {}

/// Columns in the making. Steps that change nothing leave no breakpoint, so the columns are canonical.
pub(crate) struct Columns<C: Coordinate, V: Value> {
    frames: Frames<C, V>,
    breakpoints: Vec<C>,
    levels: Vec<V::Level>,
    // Sums are compared, not levels: of the level types not all have an equality to rely on.
    last: <V::Payload as Payload>::Sum,
}

impl<C: Coordinate, V: Value> Columns<C, V> {
    pub(crate) fn new(frames: Frames<C, V>) -> Self {
        Columns { frames, breakpoints: Vec::new(), levels: Vec::new(), last: Default::default() }
    }

    /// The finished function. A sweep that never made room had nothing to say.
    pub(crate) fn finish(mut self) -> Result<StepFunction<C, V::Level>, Error> {
        if self.levels.is_empty() {
            self.reserve(0)?;
        }
        Ok(StepFunction::new(self.breakpoints, self.levels))
    }
}

impl<C: Coordinate, V: Value> Outline for Columns<C, V> {
    type Sum = <V::Payload as Payload>::Sum;

    fn reserve(&mut self, steps: usize) -> Result<(), Error> {
        self.breakpoints = room(steps)?;
        self.levels = room(steps.saturating_add(1))?;
        self.levels.push(V::level(Self::Sum::default(), self.frames.values)?);
        Ok(())
    }

    #[inline]
    fn step(&mut self, key: u64, sum: Self::Sum) -> Result<(), Error> {
        if sum == self.last {
            return Ok(());
        }
        // Room was made for all steps: more of them would be a bug, and must not allocate.
        if self.breakpoints.len() == self.breakpoints.capacity() {
            return Err(Error::Internal);
        }
        self.breakpoints.push(C::from_key(key, self.frames.coordinates)?);
        self.levels.push(V::level(sum, self.frames.values)?);
        self.last = sum;
        Ok(())
    }
}

/// How many different keys there are among sorted ends.
pub(crate) fn distinct<T>(sorted: &[T], key: impl Fn(&T) -> u64) -> usize {
    let changes = sorted.windows(2).filter(|pair| matches!(pair, [a, b] if key(a) != key(b))).count();
    changes.saturating_add(1)
}
