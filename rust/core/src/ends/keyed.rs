//! Intervals as the layouts see them: blocks of keys and payloads, whatever the numbers were.

use super::Survey;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::number::{Coordinate, Value};
use crate::outline::Frames;
use crate::source::{Conversion, Source};

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

/// A quarter of all keys.
const QUARTER: u64 = 1 << 62;

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

    /// How far keys lie above the lowest one.
    fn above(&self, lowest: u64) -> Above<C, V> {
        Above { lowest, frames: self.frames }
    }
}

/// Ends become how far their keys lie above the lowest one, values become payloads.
struct Above<C: Coordinate, V: Value> {
    lowest: u64,
    frames: Frames<C, V>,
}

impl<C: Coordinate, V: Value> Conversion<C, V> for Above<C, V> {
    type Payload = V::Payload;
    const ALIKE: bool = V::ALIKE;

    #[inline]
    fn end(&self, end: C) -> Result<u64, Error> {
        // No key is below the lowest, unless the source changed; and then the offset is far too high.
        end.key(self.frames.coordinates).map(|key| key.wrapping_sub(self.lowest))
    }

    #[inline]
    fn payload(&self, value: V) -> Result<V::Payload, Error> {
        value.payload(self.frames.values)
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
        let mut limits = None;
        self.source.visit_converted(&self.above(0), interrupt, |starts, stops, payloads| {
            if starts.is_empty() {
                return Ok(()); // which has no lowest key
            }
            if let Some(known) = limits.filter(|&limits| lie_within(limits, starts, stops)) {
                let (lowest, highest) = known;
                return each(Block { starts, stops, payloads }, Look { lowest, highest, reversed: false });
            }
            let mut look = look(starts, stops);
            if look.reversed {
                self.source.reversed()?;
                raise(stops, starts, 0);
                look.highest = stops.iter().copied().fold(look.highest, u64::max);
            }
            let (lowest, highest) = limits.unwrap_or((look.lowest, look.highest));
            limits = Some((lowest.min(look.lowest), highest.max(look.highest)));
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
        self.source.visit_converted_ends(&self.above(survey.lowest), interrupt, |starts, stops| {
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
        self.source.visit_converted(&self.above(survey.lowest), interrupt, |starts, stops, payloads| {
            if survey.reversed {
                raise(stops, starts, survey.lowest);
            }
            each(Block { starts, stops, payloads })
        })
    }
}

/// Whether intervals surely lie between these keys, none of them reversed: as most blocks do, and to see so takes less
/// than to find the lowest and the highest key. A loop of its own, as the next one.
#[inline(never)]
fn lie_within((lowest, highest): (u64, u64), starts: &[u64], stops: &[u64]) -> bool {
    // Three steps lead from the lowest to the highest key. If none is a quarter of the way around or more, none of them
    // leads backwards: else they would go around more than once.
    let steps = |start: u64, stop: u64| {
        start.wrapping_sub(lowest) | stop.wrapping_sub(start) | highest.wrapping_sub(stop)
    };
    starts.iter().zip(stops).fold(0, |all, (&start, &stop)| all | steps(start, stop)) < QUARTER
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

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    #[test]
    fn only_intervals_between_the_limits_lie_within() {
        let steps =
            [0, 1, 2, QUARTER - 1, QUARTER, QUARTER + 1, 2 * QUARTER - 1, 2 * QUARTER, 3 * QUARTER - 1];
        let steps: Vec<u64> = steps.into_iter().chain([3 * QUARTER, u64::MAX - 1, u64::MAX]).collect();
        for &lowest in &steps {
            for &highest in steps.iter().filter(|&&highest| highest >= lowest) {
                for &start in &steps {
                    for &stop in &steps {
                        let truly = lowest <= start && start <= stop && stop <= highest;
                        let within = lie_within((lowest, highest), &[start], &[stop]);
                        let ways = [
                            start.wrapping_sub(lowest),
                            stop.wrapping_sub(start),
                            highest.wrapping_sub(stop),
                        ];
                        assert_eq!(within, truly && ways.iter().all(|&way| way < QUARTER));
                    }
                }
            }
        }
    }
}
