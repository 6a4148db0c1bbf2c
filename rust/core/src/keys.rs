//! Keys of groups, numbered.

use std::hash::{BuildHasher, RandomState};

use crate::allocation::many_defaults;
use crate::error::Error;
use crate::groups::extent;
use crate::interrupt::{Interrupt, STRIDE};

/// With at most so many possible keys to a row a table of them all is small enough.
const NARROW: u64 = 4;
/// So many slots at first where keys are looked up by their hash; a power of two.
const SLOTS: usize = 1 << 10;

/// Turns keys into their numbers, in the order of their first appearance, in place; gives the distinct keys. O(n).
///
/// ```
/// use intervalues_core::kernels::number_keys;
/// use intervalues_core::Interrupt;
///
/// let mut keys = [7, 3, 7];
/// let distinct = number_keys(&mut keys, &mut Interrupt::new(&mut || false))?;
/// assert_eq!((keys, distinct), ([0, 1, 0], vec![7, 3]));
/// # Ok::<(), intervalues_core::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Refused`] if there are four billion distinct ones, [`Error::OutOfMemory`], [`Error::Interrupted`].
pub fn number_keys(keys: &mut [i64], interrupt: &mut Interrupt<'_>) -> Result<Vec<i64>, Error> {
    let halves = keys.split_at_checked(keys.len() / 2).ok_or(Error::Internal)?;
    let (lowest, highest) = extent(halves.into(), |_| false, interrupt)?;
    let span = highest.abs_diff(lowest);
    let mut distinct = Vec::new();
    if span / NARROW <= u64::try_from(keys.len()).unwrap_or(u64::MAX) {
        let slots = usize::try_from(span).map_err(|_| Error::Internal)?.saturating_add(1);
        let mut slots: Vec<u32> = many_defaults(slots, interrupt)?;
        for block in keys.chunks_mut(STRIDE) {
            interrupt.pass(block.len())?;
            for key in block {
                let place = usize::try_from(key.abs_diff(lowest)).map_err(|_| Error::Internal)?;
                let slot = slots.get_mut(place).ok_or(Error::Internal)?;
                if *slot == 0 {
                    *slot = add(&mut distinct, *key)?;
                }
                *key = i64::from(*slot).wrapping_sub(1);
            }
        }
        return Ok(distinct);
    }
    let mut slots = Slots::new(SLOTS, interrupt)?;
    for block in keys.chunks_mut(STRIDE) {
        interrupt.pass(block.len())?;
        for key in block {
            let mut place = slots.place(*key, &distinct)?;
            if slots.number(place)? == 0 {
                if distinct.len() >= slots.most() {
                    slots = slots.grown(&distinct, interrupt)?;
                    place = slots.place(*key, &distinct)?;
                }
                *slots.slots.get_mut(place).ok_or(Error::Internal)? = add(&mut distinct, *key)?;
            }
            *key = i64::from(slots.number(place)?).wrapping_sub(1);
        }
    }
    Ok(distinct)
}

/// Takes a new key; gives its number and 1.
fn add(distinct: &mut Vec<i64>, key: i64) -> Result<u32, Error> {
    distinct.try_reserve(1)?;
    distinct.push(key);
    u32::try_from(distinct.len()).map_err(|_| Error::Refused)
}

/// The numbers of keys, each and 1, where their hash says or in the next free slot. 0 is free.
struct Slots {
    slots: Vec<u32>,
    /// Nobody knows it, so nobody can make keys that all have one hash.
    seed: u64,
}

impl Slots {
    fn new(slots: usize, interrupt: &mut Interrupt<'_>) -> Result<Self, Error> {
        Ok(Slots { slots: many_defaults(slots, interrupt)?, seed: RandomState::new().hash_one(slots) })
    }

    /// How many keys may be in it.
    fn most(&self) -> usize {
        self.slots.len() / 2
    }

    /// The same keys in four times the slots.
    fn grown(&self, distinct: &[i64], interrupt: &mut Interrupt<'_>) -> Result<Self, Error> {
        let mut grown = Slots::new(self.slots.len().saturating_mul(4), interrupt)?;
        for (&key, number) in distinct.iter().zip(1_u32..) {
            interrupt.pass(1)?;
            let place = grown.place(key, distinct)?;
            *grown.slots.get_mut(place).ok_or(Error::Internal)? = number;
        }
        Ok(grown)
    }

    fn number(&self, place: usize) -> Result<u32, Error> {
        self.slots.get(place).copied().ok_or(Error::Internal)
    }

    /// Where a key is, or the free slot where it belongs.
    #[inline]
    fn place(&self, key: i64, distinct: &[i64]) -> Result<usize, Error> {
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15; // 2 ** 64 over the golden ratio

        let key_bits = u64::from_ne_bytes(key.to_ne_bytes());
        let product = u128::from(key_bits ^ self.seed).wrapping_mul(u128::from(ODD));
        // Both halves of the product together depend on all bits.
        let hash = (product ^ product.wrapping_shr(u64::BITS)) & u128::from(u64::MAX);
        let mask = self.slots.len().wrapping_sub(1);
        let mut place = usize::try_from(hash).map_err(|_| Error::Internal)? & mask;
        loop {
            let number = self.number(place)?;
            let Some(index) = number.checked_sub(1) else { return Ok(place) };
            let index = usize::try_from(index).map_err(|_| Error::Internal)?;
            if distinct.get(index) == Some(&key) {
                return Ok(place);
            }
            place = place.wrapping_add(1) & mask;
        }
    }
}

#[cfg(test)]
mod tests;
