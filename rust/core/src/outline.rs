//! The outline of a sweep: exact sums at rising keys become breakpoints and levels.

use crate::allocation::room;
use crate::error::Error;
use crate::interrupt::{Interrupt, STRIDE};
use crate::number::{Coordinate, Value};
use crate::payload::{Payload, RunningSum};
use crate::step_function::StepFunction;

/// What a sweep writes to.
pub trait Outline<P: Payload>: Sized + Send {
    /// Makes room for so many steps at most.
    fn reserve(&mut self, steps: usize) -> Result<(), Error>;

    /// An outline for the steps after those of this one, with room for so many.
    fn fork(&self, steps: usize) -> Result<Self, Error>;

    /// Takes over the steps of a fork.
    fn append(&mut self, later: Self, interrupt: &mut Interrupt<'_>) -> Result<(), Error>;

    /// From `key` on, the sum is `sum`. Keys strictly increase.
    fn step(&mut self, key: u64, sum: P::Sum) -> Result<(), Error>;

    /// Takes changes with keys that never fall, and steps wherever the running sum is complete for a key. The next
    /// sweep has higher keys.
    fn sweep<R: RunningSum<P>>(
        &mut self,
        changes: impl Iterator<Item = (u64, (P, bool))>,
        running: &mut R,
    ) -> Result<(), Error>;
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
    last: Sum<V>,
}

impl<C: Coordinate, V: Value> Columns<C, V> {
    pub(crate) fn new(frames: Frames<C, V>) -> Self {
        Columns { frames, breakpoints: Vec::new(), levels: Vec::new(), last: Default::default() }
    }

    /// The finished function. A sweep that never made room had nothing to say.
    pub(crate) fn finish(
        mut self,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<StepFunction<C, V::Level>, Error> {
        if self.levels.is_empty() {
            self.reserve(0)?;
        }
        // Not all steps change the level, and many ends may share a place.
        let breakpoints = shrunk(self.breakpoints, interrupt)?;
        Ok(StepFunction::new(breakpoints, shrunk(self.levels, interrupt)?))
    }
}

/// How many steps are written down at a time.
const STEPS: usize = 256;

impl<C: Coordinate, V: Value> Columns<C, V> {
    /// Writes down steps that all change the level.
    fn extend<S: Copy + Into<Sum<V>>>(&mut self, keys: &[u64], sums: &[S]) -> Result<(), Error> {
        let (Some(&first), Some(&sum)) = (keys.first(), sums.first()) else { return Ok(()) };
        let Frames { coordinates, values } = self.frames;
        // Room was made for all steps: more of them would be a bug, and must not allocate.
        let room = self.breakpoints.capacity().saturating_sub(self.breakpoints.len());
        if room < keys.len() || self.levels.capacity().saturating_sub(self.levels.len()) < sums.len() {
            return Err(Error::Internal);
        }
        // That an error is not returned at once lets the compiler do many steps in one.
        let (first, level) = (C::from_key(first, coordinates)?, V::level(sum.into(), values)?);
        let mut outcome = Ok(());
        self.breakpoints.extend(keys.iter().map(|&key| {
            C::from_key(key, coordinates).unwrap_or_else(|error| {
                outcome = Err(error);
                first
            })
        }));
        self.levels.extend(sums.iter().map(|&sum| {
            V::level(sum.into(), values).unwrap_or_else(|error| {
                outcome = Err(error);
                level
            })
        }));
        outcome
    }
}

type Sum<V> = <<V as Value>::Payload as Payload>::Sum;

impl<C: Coordinate, V: Value> Outline<V::Payload> for Columns<C, V> {
    fn reserve(&mut self, steps: usize) -> Result<(), Error> {
        self.breakpoints = room(steps)?;
        self.levels = room(steps.saturating_add(1))?;
        self.levels.push(V::level(Default::default(), self.frames.values)?);
        Ok(())
    }

    fn fork(&self, steps: usize) -> Result<Self, Error> {
        let columns = Columns::new(self.frames);
        Ok(Columns { breakpoints: room(steps)?, levels: room(steps)?, ..columns })
    }

    fn append(&mut self, later: Self, interrupt: &mut Interrupt<'_>) -> Result<(), Error> {
        let room = self.breakpoints.capacity().saturating_sub(self.breakpoints.len());
        if room < later.breakpoints.len() || later.breakpoints.len() != later.levels.len() {
            return Err(Error::Internal);
        }
        copy(&later.breakpoints, &mut self.breakpoints, interrupt)?;
        copy(&later.levels, &mut self.levels, interrupt)?;
        self.last = later.last;
        Ok(())
    }

    #[inline]
    fn step(&mut self, key: u64, sum: Sum<V>) -> Result<(), Error> {
        if sum != self.last {
            self.last = sum;
            self.extend(&[key], &[sum])?;
        }
        Ok(())
    }

    /// A loop of its own, so that all it needs stays in registers.
    #[inline(never)]
    fn sweep<R: RunningSum<V::Payload>>(
        &mut self,
        mut changes: impl Iterator<Item = (u64, (V::Payload, bool))>,
        running: &mut R,
    ) -> Result<(), Error> {
        let Some((mut current, (payload, falls))) = changes.next() else { return Ok(()) };
        // What was summed up last is what was written last.
        let mut last = running.sum()?;
        running.change(payload, falls)?;
        let mut keys = [0_u64; STEPS];
        let mut sums = [R::Sum::default(); STEPS];
        let mut written = 0_usize;
        for (key, (payload, falls)) in changes {
            if key != current {
                let sum = running.sum()?;
                // Written in any case, to be written over: which steps change nothing is anybody's guess.
                if let (Some(key), Some(place)) = (keys.get_mut(written), sums.get_mut(written)) {
                    (*key, *place) = (current, sum);
                }
                written = written.wrapping_add(usize::from(sum != last)); // at most STEPS
                last = sum;
                if written == STEPS {
                    self.extend(&keys, &sums)?;
                    written = 0;
                }
                current = key;
            }
            running.change(payload, falls)?;
        }
        if let (Some(keys), Some(sums)) = (keys.get(..written), sums.get(..written)) {
            self.extend(keys, sums)?;
        }
        let sum = running.sum()?;
        if sum == last { Ok(()) } else { self.extend(&[current], &[sum]) }
    }
}

/// The column, without the room that is left where that is much.
pub(crate) fn shrunk<T: Copy>(column: Vec<T>, interrupt: &mut Interrupt<'_>) -> Result<Vec<T>, Error> {
    if column.capacity().saturating_sub(column.len()) <= column.len() / 8 {
        return Ok(column);
    }
    let mut exact = room(column.len())?;
    copy(&column, &mut exact, interrupt)?;
    Ok(exact)
}

/// Appends a column, for which there is room. The system clears fresh memory meanwhile, which takes a while.
pub(crate) fn copy<T: Copy>(
    from: &[T],
    into: &mut Vec<T>,
    interrupt: &mut Interrupt<'_>,
) -> Result<(), Error> {
    for block in from.chunks(STRIDE) {
        interrupt.pass(block.len())?;
        into.extend_from_slice(block);
    }
    Ok(())
}

/// How many different keys there are among sorted ends.
pub(crate) fn distinct<T>(sorted: &[T], key: impl Fn(&T) -> u64) -> usize {
    let changes = sorted.windows(2).filter(|pair| matches!(pair, [a, b] if key(a) != key(b))).count();
    changes.saturating_add(1)
}
