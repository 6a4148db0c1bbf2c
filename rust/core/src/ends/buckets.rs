//! Buckets: items distributed by the leading part of their keys, so that each bucket can be sorted in the caches.

use super::{KeySpread, Survey};
use crate::allocation::{defaults, room};
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
    /// While counting how many items each bucket has, while filling where its next one goes, then where it ends.
    positions: Vec<usize>,
    /// Where each bucket is to end.
    ends: Vec<usize>,
    items: Vec<T>,
}

impl<T: Copy + Default> Buckets<T> {
    pub(crate) fn plan<P: Payload>(survey: &Survey<P>, keys: KeySpread) -> Result<Self, Error> {
        let items = survey.count.saturating_mul(2);
        let length_bits = usize::BITS.saturating_sub(items.leading_zeros());
        let bucket_bits = length_bits.saturating_sub(BUCKET_BITS).min(MOST_BITS).min(bits(survey.range()));
        // What is rounded up may come to lie in a bucket after the last.
        let buckets = 1_usize.wrapping_shl(bucket_bits).saturating_add(1);
        let spread = Spread::new(survey, keys, bucket_bits);
        Ok(Buckets { spread, positions: defaults(buckets)?, ends: room(buckets)?, items: Vec::new() })
    }

    /// Counts items at these offsets.
    pub(crate) fn count(&mut self, offsets: &[u64]) -> Result<(), Error> {
        match self.spread {
            Spread::Bits { shift } => count(&mut self.positions, offsets, by_bits(shift)),
            Spread::Line { lowest_key, lowest, scale } => {
                count(&mut self.positions, offsets, by_line(lowest_key, lowest, scale))
            }
        }
    }

    /// Makes room for what was counted: so many items.
    pub(crate) fn open(&mut self, items: usize) -> Result<(), Error> {
        let mut next = 0_usize;
        for position in &mut self.positions {
            let count = *position;
            *position = next;
            next = next.saturating_add(count);
            self.ends.push(next);
        }
        if next != items {
            return Err(Error::Changed);
        }
        self.items = defaults(items)?;
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
        self.positions == self.ends
    }

    /// How many bits of an offset do not tell the bucket.
    pub(crate) fn rest_bits(&self) -> u32 {
        match self.spread {
            Spread::Bits { shift } => shift,
            Spread::Line { .. } => u64::BITS,
        }
    }

    /// How many items there are.
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// Hands over one bucket after another, sorted by `key`, which is ordered as the offsets that items were put by; and
    /// the bits of the offset that tell the bucket.
    pub(crate) fn sorted(
        mut self,
        key: impl Fn(&T) -> u64 + Copy,
        interrupt: &mut Interrupt<'_>,
        mut each: impl FnMut(u64, &[T]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let lengths = || {
            let starts = std::iter::once(&0).chain(&self.positions);
            self.positions.iter().zip(starts).map(|(&end, &start)| end.saturating_sub(start))
        };
        let largest = lengths().max().unwrap_or_default();
        let scratch = largest.min(self.items.len().div_ceil(2).max(SMALL_SCRATCH));
        let mut scratch = defaults(scratch)?;
        let rest_bits = self.rest_bits();
        let by_bits = matches!(self.spread, Spread::Bits { .. });
        let mut rest = self.items.as_mut_slice();
        for (number, length) in (0_u64..).zip(lengths()) {
            let Some((bucket, after)) = rest.split_at_mut_checked(length) else { return Err(Error::Changed) };
            rest = after;
            interrupt.pass(length)?;
            let key_bits = if by_bits { rest_bits } else { radix::varying_bits(bucket, key) };
            radix::sort_by_key(bucket, &mut scratch, key, key_bits, interrupt)?;
            each(number.checked_shl(rest_bits).unwrap_or_default(), bucket)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
