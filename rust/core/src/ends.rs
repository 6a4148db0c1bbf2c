//! Combining in two phases: read the ends of all intervals, then sort and sweep them.

pub(crate) mod layout;
pub(crate) mod pairs;

mod differences;
mod packed;
mod spans;
mod survey;

pub(crate) use survey::Survey;

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

impl<C: Coordinate, V: Value> Ends<C, V> {
    /// Reads the intervals: looks at all of them, plans, and looks again to copy. O(n) time; 16 bytes an interval
    /// where keys and values are small, else at most 32, and as much again, or half of it, while they are sorted.
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
        let frames = frames(source, interrupt)?;
        let survey = survey(source, frames, interrupt)?;
        let read = match aggregation {
            Aggregation::Sum => {
                let mut layout = <V::Payload as Payload>::Layout::plan(&survey)?;
                copy(source, frames, survey.count, interrupt, |start, stop, payload| {
                    layout.push(start, stop, payload)
                })?;
                Read::Sums(layout)
            }
            Aggregation::Max | Aggregation::Min => {
                let mut spans = Spans::plan(&survey, aggregation == Aggregation::Min)?;
                copy(source, frames, survey.count, interrupt, |start, stop, payload| {
                    spans.push(start, stop, payload)
                })?;
                Read::Extremes(spans)
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
        columns.finish()
    }
}

/// The first look, for numbers that only make sense beside their neighbours.
fn frames<C: Coordinate, V: Value>(
    source: &impl Source<C, V>,
    interrupt: &mut Interrupt<'_>,
) -> Result<Frames<C, V>, Error> {
    let mut frames = Frames::default();
    if C::FRAMED || V::FRAMED {
        source.visit(interrupt, |start, stop, value| {
            start.widen(&mut frames.coordinates)?;
            stop.widen(&mut frames.coordinates)?;
            value.widen(&mut frames.values)
        })?;
    }
    Ok(frames)
}

/// The look that tells how much room the ends need, and which layout suits them.
fn survey<C: Coordinate, V: Value>(
    source: &impl Source<C, V>,
    frames: Frames<C, V>,
    interrupt: &mut Interrupt<'_>,
) -> Result<Survey<V::Payload>, Error> {
    let mut survey = Survey::default();
    source.visit(interrupt, |start, stop, value| {
        let (start, stop) = (start.key(frames.coordinates)?, stop.key(frames.coordinates)?);
        survey.include(start, stop, value.payload(frames.values)?);
        Ok(())
    })?;
    Ok(survey)
}

/// The last look: hands the intervals to `keep`, no more than were surveyed. Empty ones are handed on, too, with
/// `start == stop`: that is less work than telling them apart where nobody can predict which they are.
fn copy<C: Coordinate, V: Value>(
    source: &impl Source<C, V>,
    frames: Frames<C, V>,
    count: usize,
    interrupt: &mut Interrupt<'_>,
    mut keep: impl FnMut(u64, u64, V::Payload) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut left = count;
    source.visit(interrupt, |start, stop, value| {
        left = left.checked_sub(1).ok_or(Error::Changed)?;
        let (start, stop) = (start.key(frames.coordinates)?, stop.key(frames.coordinates)?);
        keep(start, stop.max(start), value.payload(frames.values)?)
    })?;
    if left == 0 { Ok(()) } else { Err(Error::Changed) }
}
