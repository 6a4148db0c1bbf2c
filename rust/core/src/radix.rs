//! Sorting by 64-bit keys: a radix sort of the leading bits, then whatever they left out of order.
//!
//! A few leading bits more than the logarithm of the length nearly always tell the keys apart. The short runs
//! that they leave are sorted by comparison, and long ones in the same way again, by the bits below.

use crate::error::Error;
use crate::interrupt::{Interrupt, STRIDE};

/// Below this many items comparing beats counting.
const SMALL: usize = 1 << 10;
/// The widest digit: with more of them, the places written to do not fit the nearest cache.
const DIGIT_BITS: u32 = 10;
const DIGITS: usize = 1 << DIGIT_BITS;
const DIGIT_MASK: u64 = (1 << DIGIT_BITS) - 1;
/// With so many more leading bits than the logarithm of the length, most keys are alone in theirs.
const SPARE_BITS: u32 = 3;

/// The number of bits that a number needs.
pub(crate) fn bits(number: u64) -> u32 {
    u64::BITS.saturating_sub(number.leading_zeros())
}

/// Sorts by the lowest `key_bits` bits of `key`, not stably; those above must be the same in all keys. `scratch`
/// must be as long as `items`; what it holds does not matter. O(n) for keys spread over their range, O(n log n)
/// at worst.
pub(crate) fn sort_by_key<T: Copy>(
    items: &mut [T],
    scratch: &mut [T],
    key: impl Fn(&T) -> u64 + Copy,
    key_bits: u32,
    interrupt: &mut Interrupt<'_>,
) -> Result<(), Error> {
    interrupt.pass(items.len())?;
    if items.len() < SMALL {
        items.sort_unstable_by_key(key);
        return Ok(());
    }
    let length_bits = usize::BITS.saturating_sub(items.len().leading_zeros());
    let passes = length_bits.saturating_add(SPARE_BITS).min(key_bits).div_ceil(DIGIT_BITS);
    let rest = key_bits.saturating_sub(passes.saturating_mul(DIGIT_BITS));

    let (mut from, mut to) = (&mut *items, &mut *scratch);
    let mut swapped = false;
    for pass in 0..passes {
        let place = rest.saturating_add(pass.saturating_mul(DIGIT_BITS));
        // The place is one of the 64 bits, so the shift does not wrap.
        if scatter(from, to, |item| key(item).wrapping_shr(place) & DIGIT_MASK, interrupt)? {
            (from, to) = (to, from);
            swapped = !swapped;
        }
    }
    if swapped {
        // `from` is the scratch, and holds what is sorted.
        to.copy_from_slice(from);
    }
    if rest > 0 { sort_runs(items, scratch, key, rest, interrupt) } else { Ok(()) }
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

/// Copies the items in the order of one digit, stably; or finds that all share it, and does nothing.
fn scatter<T: Copy>(
    from: &[T],
    to: &mut [T],
    digit: impl Fn(&T) -> u64,
    interrupt: &mut Interrupt<'_>,
) -> Result<bool, Error> {
    let slot = |item: &T| usize::try_from(digit(item)).unwrap_or(DIGITS);
    let mut positions = [0_usize; DIGITS];
    for block in from.chunks(STRIDE) {
        interrupt.check()?;
        for item in block {
            if let Some(count) = positions.get_mut(slot(item)) {
                *count = count.saturating_add(1);
            }
        }
    }
    if positions.contains(&from.len()) {
        return Ok(false);
    }
    let mut next = 0_usize;
    for position in &mut positions {
        let count = *position;
        *position = next;
        next = next.saturating_add(count);
    }
    for block in from.chunks(STRIDE) {
        interrupt.check()?;
        for item in block {
            let position = positions.get_mut(slot(item)).ok_or(Error::Internal)?;
            *to.get_mut(*position).ok_or(Error::Internal)? = *item;
            *position = position.saturating_add(1);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(mut keys: Vec<u64>) -> Vec<u64> {
        let mut scratch = vec![0; keys.len()];
        let mut never = || false;
        let key_bits = bits(keys.iter().copied().max().unwrap_or_default());
        sort_by_key(&mut keys, &mut scratch, |&key| key, key_bits, &mut Interrupt::new(&mut never)).unwrap();
        keys
    }

    fn random_keys(count: usize, mask: u64) -> Vec<u64> {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let random = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state & mask
        };
        std::iter::repeat_with(random).take(count).collect()
    }

    #[test]
    fn keys_of_every_width_are_sorted() {
        for width in 1..=64 {
            for count in [SMALL - 1, SMALL, SMALL + 1, 10_000] {
                let keys = random_keys(count, u64::MAX >> (64 - width));
                let mut expected = keys.clone();
                expected.sort_unstable();
                assert_eq!(sorted(keys), expected, "{width} bits, {count} keys");
            }
        }
    }

    #[test]
    fn clusters_far_apart_are_sorted_by_the_bits_below() {
        // One far key leaves all others in one run, again and again.
        for far in [[u64::MAX, 1 << 40], [1 << 63, 1 << 20], [0, 1 << 11]] {
            let mut keys = random_keys(5_000, 0x3FF);
            keys.extend(far);
            let mut expected = keys.clone();
            expected.sort_unstable();
            assert_eq!(sorted(keys), expected);
        }
    }

    #[test]
    fn equal_keys_and_shared_digits_cost_no_pass() {
        assert_eq!(sorted(vec![7; 5_000]), vec![7; 5_000]);
        let mut keys: Vec<u64> = (0..5_000).map(|i| (i % 2) << 50 | (i % 3)).collect();
        let result = sorted(keys.clone());
        keys.sort_unstable();
        assert_eq!(result, keys);
    }

    #[test]
    fn sorting_can_be_interrupted_at_every_question() {
        for patience in 0.. {
            let mut keys = random_keys(200_000, u64::MAX);
            let mut scratch = vec![0; keys.len()];
            let mut questions = 0;
            let mut ask = || {
                questions += 1;
                questions > patience
            };
            let outcome = sort_by_key(&mut keys, &mut scratch, |&key| key, 64, &mut Interrupt::new(&mut ask));
            if outcome.is_ok() {
                assert!(patience > 10);
                break;
            }
            assert_eq!(outcome, Err(Error::Interrupted));
        }
    }
}
