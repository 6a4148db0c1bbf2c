//! Combining in two phases: read the ends of all intervals, then sort and sweep them.

pub(crate) mod layout;

mod buckets;
mod differences;
mod encoding;
mod keyed;
#[cfg(test)]
mod model;
mod sorted;
mod spans;
mod survey;

pub use keyed::KeySpread;
pub(crate) use keyed::{Block, Blocks, Keyed, Look};
pub(crate) use survey::Survey;

use std::fmt;

use crate::aggregation::Aggregation;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::number::{Coordinate, Value};
use crate::outline::{Columns, Frames};
use crate::payload::Payload;
use crate::source::Source;
use crate::step_function::StepFunction;
use layout::Layout;
use spans::Spans;

/// The ends of intervals, read and owned, not yet sorted.
///
/// Reading needs the source and nothing else needs it: a caller that holds a lock on it can let go in between.
///
/// ```
/// use intervalues_core::{Aggregation, Ends, Interrupt};
///
/// let rows = vec![(2, 4, 3_i64), (1, 3, 2)];
/// let mut never = || false;
/// let mut interrupt = Interrupt::new(&mut never);
/// let ends = Ends::read(&rows.iter().copied(), Aggregation::Sum, &mut interrupt)?;
/// drop(rows);
/// assert_eq!(ends.combine(&mut interrupt)?.levels(), [0, 2, 5, 3, 0]);
/// # Ok::<(), intervalues_core::Error>(())
/// ```
pub struct Ends<C: Coordinate, V: Value> {
    frames: Frames<C, V>,
    read: Read<V::Payload>,
}

enum Read<P: Payload> {
    Sums(P::Layout),
    Extremes(Spans<P>),
}

impl<C: Coordinate, V: Value> fmt::Debug for Ends<C, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Ends").finish_non_exhaustive()
    }
}

impl<C: Coordinate, V: Value> Ends<C, V> {
    /// Reads the intervals: once where a slot for each possible key suffices, else twice more, to count and to copy.
    /// If a frame that numbers share does not show in the first ones, it takes two more.
    /// O(n) time; 8 or 16 bytes an interval where keys and values are small, else 32.
    ///
    /// # Errors
    ///
    /// What the numbers and the source refuse, [`Error::Changed`], [`Error::OutOfMemory`] and
    /// [`Error::Interrupted`].
    pub fn read<S: Source<C, V>>(
        source: &S,
        aggregation: Aggregation,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<Self, Error> {
        if C::FRAMED || V::FRAMED {
            // What the first intervals share is, as a rule, what all share: then nothing more is looked at than of
            // numbers without a frame.
            let guess = frames(source, true, interrupt)?;
            match Self::read_within(guess, source, aggregation, interrupt) {
                Err(Error::Changed) => {} // a number does not fit the guess, or the source did change
                read => return read,
            }
        }
        Self::read_within(frames(source, false, interrupt)?, source, aggregation, interrupt)
    }

    /// Reads intervals in one look, as they come by: `None` if one look is not enough, which it seldom tells late.
    /// O(n) time, no memory but for the sums.
    ///
    /// # Errors
    ///
    /// As for [`read`](Ends::read).
    ///
    /// ```
    /// use intervalues_core::{Aggregation, Ends, Interrupt};
    ///
    /// let mut never = || false;
    /// let mut interrupt = Interrupt::new(&mut never);
    /// let near = [(2, 4, 3_i64), (1, 3, 2)].into_iter();
    /// assert!(Ends::read_once(&near, Aggregation::Sum, &mut interrupt)?.is_some());
    /// let far = [(2, 4_000_000, 3_i64), (1, 3, 2)].into_iter();
    /// assert!(Ends::read_once(&far, Aggregation::Sum, &mut interrupt)?.is_none());
    /// # Ok::<(), intervalues_core::Error>(())
    /// ```
    pub fn read_once<S: Source<C, V>>(
        source: &S,
        aggregation: Aggregation,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<Option<Self>, Error> {
        if C::FRAMED || V::FRAMED || aggregation != Aggregation::Sum {
            return Ok(None);
        }
        let frames = Frames::default();
        let layout = <V::Payload as Payload>::Layout::read_once(&Keyed::new(source, frames), interrupt)?;
        Ok(layout.map(|layout| Ends { frames, read: Read::Sums(layout) }))
    }

    /// Reads the intervals, whose numbers share these frames.
    fn read_within<S: Source<C, V>>(
        frames: Frames<C, V>,
        source: &S,
        aggregation: Aggregation,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<Self, Error> {
        let keyed = Keyed::new(source, frames);
        let read = match aggregation {
            Aggregation::Sum => Read::Sums(<V::Payload as Payload>::Layout::read(&keyed, interrupt)?),
            Aggregation::Max | Aggregation::Min => {
                Read::Extremes(Spans::read(&keyed, aggregation == Aggregation::Min, interrupt)?)
            }
        };
        Ok(Ends { frames, read })
    }

    /// Sorts the ends and sweeps over them. O(n log n) at worst, O(n) for most sums.
    ///
    /// # Errors
    ///
    /// [`Error::Overflow`], [`Error::OutOfMemory`] and [`Error::Interrupted`].
    pub fn combine(self, interrupt: &mut Interrupt<'_>) -> Result<StepFunction<C, V::Level>, Error> {
        let mut columns = Columns::<C, V>::new(self.frames);
        match self.read {
            Read::Sums(layout) => layout.sweep(&mut columns, interrupt)?,
            Read::Extremes(spans) => spans.sweep(&mut columns, interrupt)?,
        }
        columns.finish(interrupt)
    }
}

/// What all numbers share, or those of the first block: of numbers that only make sense beside their neighbours.
fn frames<C: Coordinate, V: Value>(
    source: &impl Source<C, V>,
    first: bool,
    interrupt: &mut Interrupt<'_>,
) -> Result<Frames<C, V>, Error> {
    let mut frames = Frames::default();
    if !(C::FRAMED || V::FRAMED) {
        return Ok(frames);
    }
    let mut enough = false;
    let outcome = source.visit(interrupt, |starts, stops, values| {
        starts.iter().chain(stops).try_for_each(|end| end.widen(&mut frames.coordinates))?;
        values.iter().try_for_each(|value| value.widen(&mut frames.values))?;
        enough = first;
        if enough { Err(Error::Changed) } else { Ok(()) } // an error ends the visit
    });
    if enough { Ok(frames) } else { outcome.map(|()| frames) }
}

#[cfg(test)]
mod tests {
    use intfloat::IntFloat;
    use rust_decimal::Decimal;

    use crate::source::BLOCK;
    use crate::{Aggregation, Error, aggregate_intervals, combine_intervals};

    #[test]
    #[allow(clippy::arithmetic_side_effects)]
    fn a_finer_decimal_after_the_first_block_is_found() {
        let (tenth, hundredth) = (Decimal::new(1, 1), Decimal::new(1, 2));
        for coarse in [1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK] {
            let mut rows = vec![(Decimal::ZERO, Decimal::ONE, tenth); coarse];
            rows.push((hundredth, Decimal::ONE, hundredth));
            let sum = combine_intervals(rows.iter().copied()).unwrap();
            assert_eq!(sum.breakpoints(), [Decimal::ZERO, hundredth, Decimal::ONE]);
            assert_eq!(sum.breakpoints().first().map(Decimal::scale), Some(2));
            let most = tenth * Decimal::from(coarse);
            assert_eq!(sum.levels(), [Decimal::ZERO, most, most + hundredth, Decimal::ZERO]);
            let lowest = aggregate_intervals(rows, Aggregation::Min).unwrap();
            assert_eq!(lowest.levels(), [Decimal::ZERO, tenth, hundredth, Decimal::ZERO]);
        }
    }

    #[test]
    fn other_digits_after_the_first_block_are_refused() {
        let (coarse, fine) = (IntFloat::new(1, 1), IntFloat::new(30, 2));
        for same in [1, BLOCK - 1, BLOCK, BLOCK + 1] {
            let mut rows = vec![(0, 1, coarse); same];
            rows.push((0, 1, fine));
            assert_eq!(combine_intervals(rows.iter().copied()), Err(Error::MixedDigits));
            let swapped = rows.into_iter().map(|(_, _, end)| (end, end, 1));
            assert_eq!(combine_intervals(swapped), Err(Error::MixedDigits));
        }
    }
}
