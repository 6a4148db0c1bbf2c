//! Sorting by 64-bit keys: a radix sort of the leading bits, then whatever they left out of order.
//!
//! A few leading bits more than the logarithm of the length nearly always tell the keys apart. The short runs
//! that they leave are sorted by comparison, and long ones in the same way again, by the bits below.

use crate::error::Error;
use crate::interrupt::Interrupt;

/// Below this many items comparing beats counting.
const SMALL: usize = 1 << 6;
/// The widest digit: with wider ones the places written to do not fit the nearest cache.
const DIGIT_BITS: u32 = 10;
const DIGITS: usize = 1 << DIGIT_BITS;
/// With so many more leading bits than the logarithm of the length, most keys are alone in theirs.
const SPARE_BITS: u32 = 4;

/// The number of bits that a number needs.
pub(crate) fn bits(number: u64) -> u32 {
    u64::BITS.saturating_sub(number.leading_zeros())
}

/// Sorts by `key`, not stably; the bits above the lowest `key_bits` are the same in all keys. What `scratch` holds does
/// not matter; where it is shorter than `items` those are divided first. O(n) for keys spread over their range,
/// O(n log n) at worst.
pub(crate) fn sort_by_key<T: Copy>(
    mut items: &mut [T],
    scratch: &mut [T],
    key: impl Fn(&T) -> u64 + Copy,
    key_bits: u32,
    interrupt: &mut Interrupt<'_>,
) -> Result<(), Error> {
    let most = scratch.len().min(usize::try_from(u32::MAX).unwrap_or(usize::MAX)).max(SMALL);
    while items.len() > most {
        let Some((low, high)) = divide(items, key, interrupt)? else { return Ok(()) };
        // The shorter part here, the longer one by the next turn: the stack stays low.
        let (short, long) = if low.len() < high.len() { (low, high) } else { (high, low) };
        sort_by_key(short, scratch, key, key_bits, interrupt)?;
        items = long;
    }
    if items.len() <= SMALL {
        items.sort_unstable_by_key(key);
        return Ok(());
    }
    let Some(scratch) = scratch.get_mut(..items.len()) else { return Err(Error::Internal) };
    let rest = sort_leading(items, scratch, key, key_bits, interrupt)?;
    if rest > 0 { sort_runs(items, scratch, key, rest, interrupt) } else { Ok(()) }
}

/// How many of the lowest bits differ among keys.
pub(crate) fn varying_bits<T>(items: &[T], key: impl Fn(&T) -> u64) -> u32 {
    let first = items.first().map_or(0, &key);
    bits(items.iter().fold(0, |varying, item| varying | (key(item) ^ first)))
}

/// Sorts by enough of the lowest `key_bits` bits, from the highest down, to tell most keys apart: digit by digit from
/// the lowest, stably. Tells how many bits below it left alone.
fn sort_leading<T: Copy>(
    items: &mut [T],
    scratch: &mut [T],
    key: impl Fn(&T) -> u64 + Copy,
    key_bits: u32,
    interrupt: &mut Interrupt<'_>,
) -> Result<u32, Error> {
    let length_bits = usize::BITS.saturating_sub(items.len().leading_zeros());
    let leading = length_bits.saturating_add(SPARE_BITS).min(key_bits);
    // More values of a digit than items would cost more than the items.
    let widest = length_bits.min(DIGIT_BITS);
    let passes = leading.div_ceil(widest);
    let digit_bits = key_bits.div_ceil(passes.max(1)).min(widest);
    let mask = 1_u64.wrapping_shl(digit_bits).saturating_sub(1);
    let rest = key_bits.saturating_sub(passes.saturating_mul(digit_bits));
    // The place is one of the 64 bits, or nobody looks at the digit.
    let digit =
        |item: &T, place: u32| usize::try_from(key(item).wrapping_shr(place) & mask).unwrap_or(DIGITS);
    let (mut counts, mut next_counts) = ([0_u32; DIGITS], [0_u32; DIGITS]);
    for item in &*items {
        if let Some(count) = counts.get_mut(digit(item, rest)) {
            *count = count.wrapping_add(1);
        }
    }
    let (mut from, mut to) = (&mut *items, &mut *scratch);
    let mut place = rest;
    for _ in 0..passes {
        interrupt.pass(from.len())?;
        let next = place.saturating_add(digit_bits);
        scatter(
            from,
            to,
            [&mut counts, &mut next_counts],
            |item| digit(item, place),
            |item| digit(item, next),
        )?;
        (from, to) = (to, from);
        place = next;
        counts.copy_from_slice(&next_counts);
    }
    if passes % 2 == 1 {
        // `from` is the scratch, and holds what is sorted.
        to.copy_from_slice(from);
    }
    Ok(rest)
}

/// Copies the items in the order of a digit, stably. Takes the counts of its values, and gives those of the next digit.
fn scatter<T: Copy>(
    from: &[T],
    to: &mut [T],
    [positions, next_counts]: [&mut [u32; DIGITS]; 2],
    digit: impl Fn(&T) -> usize,
    next: impl Fn(&T) -> usize,
) -> Result<(), Error> {
    let mut position = 0_u32;
    for count in &mut *positions {
        position = position.wrapping_add(std::mem::replace(count, position));
    }
    next_counts.fill(0);
    for item in from {
        let position = positions.get_mut(digit(item)).ok_or(Error::Internal)?;
        let place = usize::try_from(*position).map_err(|_| Error::Internal)?;
        *to.get_mut(place).ok_or(Error::Internal)? = *item;
        *position = position.wrapping_add(1);
        if let Some(count) = next_counts.get_mut(next(item)) {
            *count = count.wrapping_add(1);
        }
    }
    Ok(())
}

/// Divides items at the middle of their keys, in place; not if all keys are the same.
#[cold]
#[expect(clippy::type_complexity, reason = "two parts, or none")]
fn divide<'a, T: Copy>(
    items: &'a mut [T],
    key: impl Fn(&T) -> u64,
    interrupt: &mut Interrupt<'_>,
) -> Result<Option<(&'a mut [T], &'a mut [T])>, Error> {
    let keys = || items.iter().map(&key);
    let (lowest, highest) = (keys().min().unwrap_or_default(), keys().max().unwrap_or_default());
    if lowest == highest {
        return Ok(None);
    }
    let middle = lowest.midpoint(highest);
    let mut low = 0_usize;
    for index in 0..items.len() {
        interrupt.pass(1)?;
        if items.get(index).is_some_and(|item| key(item) <= middle) {
            items.swap(index, low);
            low = low.saturating_add(1);
        }
    }
    Ok(items.split_at_mut_checked(low))
}

/// Finishes what is sorted but for the lowest `rest` bits: runs that happen to be in order are left alone.
fn sort_runs<T: Copy>(
    mut items: &mut [T],
    scratch: &mut [T],
    key: impl Fn(&T) -> u64 + Copy,
    rest: u32,
    interrupt: &mut Interrupt<'_>,
) -> Result<(), Error> {
    let descends = |pair: &[T]| matches!(pair, [a, b] if key(a) > key(b));
    let prefix = |item: &T| key(item).wrapping_shr(rest);
    while let Some(descent) = items.windows(2).position(descends) {
        let (before, after) = items.split_at(descent);
        let shared = after.first().map(prefix);
        let same = |item: &&T| Some(prefix(item)) == shared;
        let start = descent.saturating_sub(before.iter().rev().take_while(same).count());
        let end = descent.saturating_add(after.iter().take_while(same).count());
        let (sorted, unseen) = std::mem::take(&mut items).split_at_mut(end);
        let run = sorted.get_mut(start..).ok_or(Error::Internal)?;
        let scratch = scratch.get_mut(..run.len()).ok_or(Error::Internal)?;
        sort_by_key(run, scratch, key, rest, interrupt)?;
        items = unseen;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
