//! Intervals as the layouts see them: blocks of keys and payloads, whatever the numbers were.

use super::Survey;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::number::{Coordinate, Value};
use crate::outline::Frames;
use crate::source::{BLOCK, Source};

/// A block of intervals, as columns of equal length: of keys, or of how far keys lie above the lowest one. No stop is
/// below its start.
#[derive(Clone, Copy)]
pub struct Block<'a, P> {
    pub(crate) starts: &'a [u64],
    pub(crate) stops: &'a [u64],
    pub(crate) payloads: &'a [P],
}

impl<P: Copy> Block<'_, P> {
    /// The intervals one by one.
    #[inline]
    pub(crate) fn rows(&self) -> impl Iterator<Item = (u64, u64, P)> {
        let ends = self.starts.iter().zip(self.stops);
        ends.zip(self.payloads).map(|((&start, &stop), &payload)| (start, stop, payload))
    }
}

/// What a first look at a block tells.
#[derive(Clone, Copy)]
pub struct Look {
    pub(crate) lowest: u64,
    pub(crate) highest: u64,
    /// Whether intervals start after they stop.
    pub(crate) reversed: bool,
}

/// Intervals that can be visited more than once, in blocks.
pub trait Blocks<P: crate::Payload> {
    /// How the keys of evenly spread coordinates are spread.
    const SPREAD: KeySpread;

    /// Whether all payloads are the same.
    const ALIKE: bool;

    /// See [`Source::count`].
    fn count(&self) -> usize;

    /// Hands over the blocks for a first look: keys.
    fn look(
        &self,
        interrupt: &mut Interrupt<'_>,
        each: impl FnMut(Block<'_, P>, Look) -> Result<(), Error>,
    ) -> Result<(), Error>;

    /// Hands over the blocks once more, without payloads: how far keys lie above the lowest one of the survey.
    fn visit_ends(
        &self,
        survey: &Survey<P>,
        interrupt: &mut Interrupt<'_>,
        each: impl FnMut(&[u64], &[u64]) -> Result<(), Error>,
    ) -> Result<(), Error>;

    /// Hands over the blocks once more, with payloads.
    fn visit(
        &self,
        survey: &Survey<P>,
        interrupt: &mut Interrupt<'_>,
        each: impl FnMut(Block<'_, P>) -> Result<(), Error>,
    ) -> Result<(), Error>;
}

/// Whether equal distances of coordinates are equal distances of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySpread {
    /// As of integers.
    Even,
    /// As of floats: a key tells the exponent first.
    Floats,
}

/// A source seen through the frames of its columns.
pub(crate) struct Keyed<'a, S, C: Coordinate, V: Value> {
    source: &'a S,
    frames: Frames<C, V>,
}

impl<'a, S, C: Coordinate, V: Value> Keyed<'a, S, C, V> {
    pub(crate) fn new(source: &'a S, frames: Frames<C, V>) -> Self {
        Keyed { source, frames }
    }

    /// Fills columns with how far the ends of a block lie above the lowest key.
    #[inline]
    fn ends<'b>(
        &self,
        lowest: u64,
        [starts, stops]: [&[C]; 2],
        [start_column, stop_column]: [&'b mut [u64; BLOCK]; 2],
    ) -> Result<[&'b mut [u64]; 2], Error> {
        let frame = self.frames.coordinates;
        // No key is below the lowest, unless the source changed; and then the offset is far too high.
        let offset = |end: C| end.key(frame).map(|key| key.wrapping_sub(lowest));
        Ok([converted(starts, start_column, offset)?, converted(stops, stop_column, offset)?])
    }

    /// Fills a column with the payloads of a block.
    #[inline]
    fn payloads<'b>(
        &self,
        values: &[V],
        column: &'b mut [V::Payload; BLOCK],
        alike: &mut usize,
    ) -> Result<&'b [V::Payload], Error> {
        if V::ALIKE && values.len() <= *alike {
            return column.get(..values.len()).ok_or(Error::Internal);
        }
        *alike = values.len();
        let frame = self.frames.values;
        converted(values, column, |value| value.payload(frame)).map(|payloads| &*payloads)
    }
}

impl<C: Coordinate, V: Value, S: Source<C, V>> Blocks<V::Payload> for Keyed<'_, S, C, V> {
    const SPREAD: KeySpread = C::SPREAD;
    const ALIKE: bool = V::ALIKE;

    fn count(&self) -> usize {
        self.source.count()
    }

    #[inline]
    fn look(
        &self,
        interrupt: &mut Interrupt<'_>,
        mut each: impl FnMut(Block<'_, V::Payload>, Look) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let (mut start_keys, mut stop_keys) = ([0; BLOCK], [0; BLOCK]);
        let (mut payloads, mut alike) = ([V::Payload::default(); BLOCK], 0);
        let mut limits = None;
        self.source.visit(interrupt, |starts, stops, values| {
            if starts.is_empty() {
                return Ok(()); // which has no lowest key
            }
            let [starts, stops] = self.ends(0, [starts, stops], [&mut start_keys, &mut stop_keys])?;
            let mut look = look(starts, stops);
            if look.reversed {
                self.source.reversed()?;
                raise(stops, starts, 0);
                look.highest = stops.iter().copied().fold(look.highest, u64::max);
            }
            let (lowest, highest) = limits.unwrap_or((look.lowest, look.highest));
            limits = Some((lowest.min(look.lowest), highest.max(look.highest)));
            let payloads = self.payloads(values, &mut payloads, &mut alike)?;
            each(Block { starts, stops, payloads }, look)
        })?;
        let Some((lowest, highest)) = limits else { return Ok(()) };
        let end = |key| C::from_key(key, self.frames.coordinates);
        self.source.accept(&end(lowest)?, &end(highest)?)
    }

    #[inline]
    fn visit_ends(
        &self,
        survey: &Survey<V::Payload>,
        interrupt: &mut Interrupt<'_>,
        mut each: impl FnMut(&[u64], &[u64]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let (mut start_keys, mut stop_keys) = ([0; BLOCK], [0; BLOCK]);
        self.source.visit_ends(interrupt, |starts, stops| {
            let [starts, stops] =
                self.ends(survey.lowest, [starts, stops], [&mut start_keys, &mut stop_keys])?;
            if survey.reversed {
                raise(stops, starts, survey.lowest);
            }
            each(starts, stops)
        })
    }

    #[inline]
    fn visit(
        &self,
        survey: &Survey<V::Payload>,
        interrupt: &mut Interrupt<'_>,
        mut each: impl FnMut(Block<'_, V::Payload>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let (mut start_keys, mut stop_keys) = ([0; BLOCK], [0; BLOCK]);
        let (mut payloads, mut alike) = ([V::Payload::default(); BLOCK], 0);
        self.source.visit(interrupt, |starts, stops, values| {
            let [starts, stops] =
                self.ends(survey.lowest, [starts, stops], [&mut start_keys, &mut stop_keys])?;
            if survey.reversed {
                raise(stops, starts, survey.lowest);
            }
            let payloads = self.payloads(values, &mut payloads, &mut alike)?;
            each(Block { starts, stops, payloads })
        })
    }
}

/// Looks at a block. A loop of its own, so that all it needs stays in registers.
#[inline(never)]
fn look(starts: &[u64], stops: &[u64]) -> Look {
    let mut look = Look { lowest: u64::MAX, highest: 0, reversed: false };
    for (&start, &stop) in starts.iter().zip(stops) {
        look.lowest = look.lowest.min(start);
        look.highest = look.highest.max(stop);
        look.reversed |= start > stop;
    }
    look
}

/// Lets reversed intervals stop where they start. Where nobody can predict which are, all are handled alike.
fn raise(stops: &mut [u64], starts: &[u64], lowest: u64) {
    // Such a stop may lie below the lowest start, so keys are compared.
    let key = |offset: u64| offset.wrapping_add(lowest);
    for (stop, &start) in stops.iter_mut().zip(starts) {
        *stop = key(start).max(key(*stop)).wrapping_sub(lowest);
    }
}

/// Converts a block. That an error is not returned at once lets the compiler do many items in one step.
#[inline]
fn converted<'a, F: Copy, T>(
    from: &[F],
    into: &'a mut [T],
    convert: impl Fn(F) -> Result<T, Error>,
) -> Result<&'a mut [T], Error> {
    let into = into.get_mut(..from.len()).ok_or(Error::Internal)?;
    let mut outcome = Ok(());
    for (slot, &item) in into.iter_mut().zip(from) {
        match convert(item) {
            Ok(converted) => *slot = converted,
            Err(error) => outcome = Err(error),
        }
    }
    outcome.map(|()| into)
}
