//! Buckets: items distributed by the leading part of their keys, so that each bucket can be sorted in the caches.

use super::{KeySpread, Survey};
use crate::allocation::{defaults, many_defaults};
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::number::float::float_of;
use crate::payload::Payload;
use crate::radix::{self, bits};

/// A bucket is to hold about two to the power of this many items: a few kilobytes.
const BUCKET_BITS: u32 = 11;
/// The places written to in turn, one for each bucket, must fit the nearest cache.
const MOST_BITS: u32 = 10;
/// Scratch for so many items is no matter.
const SMALL_SCRATCH: usize = 1 << 16;

/// Which bucket an offset belongs to: the same or a later one than that of a smaller offset.
#[derive(Clone, Copy)]
enum Spread {
    /// Its leading bits.
    Bits { shift: u32 },
    /// For the keys of floats, how far the float lies above the lowest one.
    Line { lowest_key: u64, lowest: f64, scale: f64 },
}

impl Spread {
    fn new<P: Payload>(survey: &Survey<P>, keys: KeySpread, bucket_bits: u32) -> Self {
        if keys == KeySpread::Floats && bucket_bits > 0 {
            let (lowest, highest) = (float_of(survey.lowest), float_of(survey.highest));
            let scale = f64::from(1_u32.wrapping_shl(bucket_bits)) / (highest - lowest);
            // Not with infinite ends or next to no distance between them.
            if scale.is_normal() && lowest.is_finite() {
                return Spread::Line { lowest_key: survey.lowest, lowest, scale };
            }
        }
        // A shift by all 64 bits would be none. By 63, the spare bucket takes the upper half.
        Spread::Bits {
            shift: bits(survey.range()).saturating_sub(bucket_bits).min(u64::BITS.saturating_sub(1)),
        }
    }

    fn rest_bits(self) -> u32 {
        match self {
            Spread::Bits { shift } => shift,
            Spread::Line { .. } => u64::BITS,
        }
    }
}

/// The number of a bucket from the leading bits of an offset.
#[inline]
fn by_bits(shift: u32) -> impl Fn(u64) -> u64 {
    move |offset| offset.wrapping_shr(shift) // by less than all bits
}

/// The number of a bucket along the line. Subtracting, scaling and rounding keep the order.
#[inline]
fn by_line(lowest_key: u64, lowest: f64, scale: f64) -> impl Fn(u64) -> u64 {
    /// Added to a float below it, this leaves the float, rounded to a whole number, in the lowest bits.
    const WHOLE: f64 = 4_503_599_627_370_496.0; // 2 ** 52

    move |offset| {
        let float = float_of(lowest_key.wrapping_add(offset)); // which was a key
        ((float - lowest) * scale + WHOLE).to_bits() ^ WHOLE.to_bits()
    }
}

/// Counts the offsets of each bucket. A loop of its own, so that all it needs stays in registers.
#[inline(never)]
fn count(counts: &mut [usize], offsets: &[u64], bucket: impl Fn(u64) -> u64) -> Result<(), Error> {
    for &offset in offsets {
        let index = usize::try_from(bucket(offset)).unwrap_or(usize::MAX);
        let count = counts.get_mut(index).ok_or(Error::Changed)?;
        *count = count.wrapping_add(1); // below the number of items
    }
    Ok(())
}

/// Puts items for both ends of each interval at the next places of their buckets. A loop of its own, too; and start
/// and stop in turn, since intervals are short: the second one goes next to where the first one went.
#[inline(never)]
fn put<T: Copy>(
    positions: &mut [usize],
    items: &mut [T],
    [starts, stops]: [(&[u64], &[T]); 2],
    bucket: impl Fn(u64) -> u64,
) -> Result<(), Error> {
    let mut place = |(&offset, &item): (&u64, &T)| {
        let index = usize::try_from(bucket(offset)).unwrap_or(usize::MAX);
        let position = positions.get_mut(index).ok_or(Error::Changed)?;
        *items.get_mut(*position).ok_or(Error::Changed)? = item;
        *position = position.wrapping_add(1); // not beyond the number of items
        Ok::<(), Error>(())
    };
    let stops = stops.0.iter().zip(stops.1);
    for (start, stop) in starts.0.iter().zip(starts.1).zip(stops) {
        place(start)?;
        place(stop)?;
    }
    Ok(())
}

/// Items in the making: counted first, then put into their buckets, then sorted bucket by bucket.
pub(crate) struct Buckets<T> {
    spread: Spread,
    /// How many items each bucket has.
    lengths: Vec<usize>,
    /// Where the next item of each bucket goes.
    positions: Vec<usize>,
    items: Vec<T>,
}

/// Some of the buckets, one after another.
pub(crate) struct Part<'a, T> {
    spread: Spread,
    /// The number of the first bucket.
    first: u64,
    lengths: &'a [usize],
    items: &'a mut [T],
}

impl<T: Copy + Default> Buckets<T> {
    pub(crate) fn plan<P: Payload>(survey: &Survey<P>, keys: KeySpread) -> Result<Self, Error> {
        let items = survey.count.saturating_mul(2);
        let length_bits = usize::BITS.saturating_sub(items.leading_zeros());
        let bucket_bits = length_bits.saturating_sub(BUCKET_BITS).min(MOST_BITS).min(bits(survey.range()));
        // What is rounded up may come to lie in a bucket after the last.
        let buckets = 1_usize.wrapping_shl(bucket_bits).saturating_add(1);
        let spread = Spread::new(survey, keys, bucket_bits);
        Ok(Buckets { spread, lengths: defaults(buckets)?, positions: defaults(buckets)?, items: Vec::new() })
    }

    /// Counts items at these offsets.
    pub(crate) fn count(&mut self, offsets: &[u64]) -> Result<(), Error> {
        match self.spread {
            Spread::Bits { shift } => count(&mut self.lengths, offsets, by_bits(shift)),
            Spread::Line { lowest_key, lowest, scale } => {
                count(&mut self.lengths, offsets, by_line(lowest_key, lowest, scale))
            }
        }
    }

    /// Makes room for what was counted: so many items.
    pub(crate) fn open(&mut self, items: usize, interrupt: &mut Interrupt<'_>) -> Result<(), Error> {
        let mut next = 0_usize;
        for (position, length) in self.positions.iter_mut().zip(&self.lengths) {
            *position = next;
            next = next.saturating_add(*length);
        }
        if next != items {
            return Err(Error::Changed);
        }
        self.items = many_defaults(items, interrupt)?;
        Ok(())
    }

    /// Puts items for starts and stops, each column with its offsets, where they belong.
    pub(crate) fn put(&mut self, ends: [(&[u64], &[T]); 2]) -> Result<(), Error> {
        let Buckets { spread, positions, items, .. } = self;
        match *spread {
            Spread::Bits { shift } => put(positions, items, ends, by_bits(shift)),
            Spread::Line { lowest_key, lowest, scale } => {
                put(positions, items, ends, by_line(lowest_key, lowest, scale))
            }
        }
    }

    /// Whether each bucket has all the items that were counted, and so no other.
    pub(crate) fn full(&self) -> bool {
        let mut end = 0_usize;
        self.positions.iter().zip(&self.lengths).all(|(position, length)| {
            end = end.saturating_add(*length);
            *position == end
        })
    }

    /// How many bits of an offset do not tell the bucket.
    pub(crate) fn rest_bits(&self) -> u32 {
        self.spread.rest_bits()
    }

    /// How many items there are.
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// All buckets, in two parts for two threads. The second one has more to do, and needs a result of its own.
    pub(crate) fn halves(&mut self) -> [Part<'_, T>; 2] {
        let Buckets { spread, lengths, items, .. } = self;
        let (mut split, mut before) = (0_usize, 0_usize);
        for length in &*lengths {
            if before >= items.len().div_ceil(8).saturating_mul(5) {
                break;
            }
            split = split.saturating_add(1);
            before = before.saturating_add(*length);
        }
        let (low, high) = lengths.split_at_checked(split).unwrap_or((lengths, &[]));
        let (below, above) = items.split_at_mut_checked(before).unwrap_or_default();
        let first = u64::try_from(split).unwrap_or(u64::MAX);
        [
            Part { spread: *spread, first: 0, lengths: low, items: below },
            Part { spread: *spread, first, lengths: high, items: above },
        ]
    }

    /// All buckets.
    pub(crate) fn whole(&mut self) -> Part<'_, T> {
        Part { spread: self.spread, first: 0, lengths: &self.lengths, items: &mut self.items }
    }
}

impl<T: Copy + Default> Part<'_, T> {
    /// The items, in any order.
    pub(crate) fn items(&self) -> &[T] {
        self.items
    }

    /// Hands over one bucket after another, sorted by `key`, which is ordered as the offsets that items were put by; and
    /// the bits of the offset that tell the bucket.
    pub(crate) fn sorted(
        self,
        key: impl Fn(&T) -> u64 + Copy,
        interrupt: &mut Interrupt<'_>,
        mut each: impl FnMut(u64, &[T]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let largest = self.lengths.iter().copied().max().unwrap_or_default();
        let mut scratch = defaults(largest.min(self.items.len().div_ceil(2).max(SMALL_SCRATCH)))?;
        let rest_bits = self.spread.rest_bits();
        let mut rest = self.items;
        for (number, &length) in (self.first..=u64::MAX).zip(self.lengths) {
            let Some((bucket, after)) = rest.split_at_mut_checked(length) else {
                return Err(Error::Internal);
            };
            rest = after;
            interrupt.pass(length)?;
            let key_bits = match self.spread {
                Spread::Bits { shift } => shift,
                Spread::Line { .. } => radix::varying_bits(bucket, key),
            };
            radix::sort_by_key(bucket, &mut scratch, key, key_bits, interrupt)?;
            each(number.checked_shl(rest_bits).unwrap_or_default(), bucket)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
