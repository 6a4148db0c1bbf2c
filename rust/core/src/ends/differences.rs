//! Ends whose keys lie close together: the change at each possible key, without sorting.

use super::{Block, Blocks, Survey};
use crate::allocation::defaults;
use crate::error::Error;
use crate::interrupt::{Interrupt, STRIDE};
use crate::outline::Outline;
use crate::payload::{NarrowSum, Payload};

/// Slots for each interval: sorting the ends costs less than walking over more slots than this.
const SLOTS_PER_INTERVAL: u64 = 2;
/// So few slots are always worth it.
const FEW_SLOTS: u64 = 64;
/// So few slots fit the caches, and are filled at the first look. For more of them all keys must be known.
const EARLY_SLOTS: u64 = 1 << 16;

/// With so few slots, ends often share one with an end shortly before, whose sum is still on its way to memory. So
/// intervals add up first, in a slot for each pair of a start and a stop: one sum instead of two, and seldom shared.
const PAIRED_SLOTS: usize = 64;

/// `changes[i]` is what the level gains at the key `lowest + i`. Grows while the intervals are looked at.
#[derive(Default)]
pub struct Differences {
    lowest: u64,
    changes: Vec<i64>,
    /// `pairs[i * slots + j]`: what else it gains at `lowest + i` and loses at `lowest + j`. Empty for many slots.
    pairs: Vec<i64>,
}

impl Differences {
    /// Surveys all intervals, and takes them if their keys lie close together and no sum can leave 64 bits: at the
    /// same look if there are few different keys, else at another one.
    pub(super) fn read<B: Blocks<i64>>(
        source: &B,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<(Survey<i64>, Option<Self>), Error> {
        let mut survey = Survey::default();
        let mut differences = Some(Differences::default());
        source.look(interrupt, |block, look| {
            survey.include(block, look, source);
            if let Some(taken) = &mut differences {
                if !taken.take(&survey, source.count(), block)? {
                    differences = None;
                }
            }
            Ok(())
        })?;
        if differences.is_none() && close(&survey, 0) {
            differences = Some(Self::read_surveyed(source, &survey, interrupt)?);
        }
        Ok((survey, differences))
    }

    /// Takes all intervals at the first look, if that can be done.
    pub(super) fn read_once<B: Blocks<i64>>(
        source: &B,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<Option<Self>, Error> {
        let (mut survey, mut differences, mut taken) = (Survey::default(), Differences::default(), true);
        let outcome = source.look(interrupt, |block, look| {
            survey.include(block, look, source);
            taken = differences.take(&survey, source.count(), block)?;
            if taken { Ok(()) } else { Err(Error::Changed) } // an error ends the visit
        });
        if taken { outcome.map(|()| Some(differences)) } else { Ok(None) }
    }

    /// Takes a surveyed block at the first look, unless there is too much to have slots for.
    fn take(&mut self, survey: &Survey<i64>, count: usize, block: Block<'_, i64>) -> Result<bool, Error> {
        let few = survey.range() < EARLY_SLOTS && close(survey, count);
        if few {
            self.reach(survey)?;
            self.add(block)?;
        }
        Ok(few)
    }

    /// Takes surveyed intervals.
    fn read_surveyed<B: Blocks<i64>>(
        source: &B,
        survey: &Survey<i64>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<Self, Error> {
        let mut taken = Differences::default();
        taken.reach(survey)?;
        let mut left = survey.count;
        source.visit(survey, interrupt, |block| {
            survey.check(block, source)?;
            left = left.checked_sub(block.starts.len()).ok_or(Error::Changed)?;
            add(&mut taken.changes, 0, block)
        })?;
        if left > 0 { Err(Error::Changed) } else { Ok(taken) }
    }

    /// Makes room for all surveyed keys, and for more on the side where they came to lie outside.
    fn reach(&mut self, survey: &Survey<i64>) -> Result<(), Error> {
        let reached = u64::try_from(self.changes.len()).unwrap_or(u64::MAX);
        if self.lowest <= survey.lowest && survey.highest.saturating_sub(self.lowest) < reached {
            return Ok(());
        }
        let range = survey.range();
        let (lowest, highest) = if self.changes.is_empty() {
            (survey.lowest, survey.highest)
        } else if survey.lowest < self.lowest {
            (survey.lowest.saturating_sub(range), survey.highest.max(self.lowest.saturating_add(reached)))
        } else {
            (self.lowest, survey.highest.saturating_add(range))
        };
        let slots = highest.saturating_sub(lowest).saturating_add(1);
        let slots = usize::try_from(slots).map_err(|_| Error::OutOfMemory)?;
        let mut changes = defaults(slots)?;
        let pairs = defaults(if slots <= PAIRED_SLOTS { slots.saturating_mul(slots) } else { 0 })?;
        self.unpair();
        let moved = usize::try_from(self.lowest.saturating_sub(lowest)).map_err(|_| Error::Internal)?;
        for (change, old) in changes.iter_mut().skip(moved).zip(&self.changes) {
            *change = *old;
        }
        *self = Differences { lowest, changes, pairs };
        Ok(())
    }

    /// Adds a surveyed block.
    fn add(&mut self, block: Block<'_, i64>) -> Result<(), Error> {
        if self.pairs.is_empty() {
            add(&mut self.changes, self.lowest, block)
        } else {
            add_pairs(&mut self.pairs, self.changes.len(), self.lowest, block)
        }
    }

    /// Adds what pairs of starts and stops are worth to the changes.
    fn unpair(&mut self) {
        let slots = self.changes.len().max(1);
        for (start, worths) in self.pairs.chunks(slots).enumerate() {
            // No sum leaves 64 bits.
            for (change, worth) in self.changes.iter_mut().zip(worths) {
                *change = change.wrapping_sub(*worth);
            }
            if let Some(change) = self.changes.get_mut(start) {
                *change = worths.iter().fold(*change, |sum, worth| sum.wrapping_add(*worth));
            }
        }
        self.pairs.clear();
    }

    pub(super) fn sweep(
        mut self,
        outline: &mut impl Outline<i64>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<(), Error> {
        self.unpair();
        outline.reserve(self.changes.iter().filter(|&&change| change != 0).count())?;
        let mut running = NarrowSum::default();
        let mut keys = self.lowest..=u64::MAX; // not `lowest..`, which counts on past the last key
        for block in self.changes.chunks(STRIDE) {
            interrupt.check()?;
            let changes = block.iter().zip(&mut keys).filter(|&(&change, _)| change != 0);
            outline.sweep(changes.map(|(&change, key)| (key, (change, false))), &mut running)?;
        }
        Ok(())
    }
}

/// Whether keys lie close together, with `count` intervals in all, and no sum of payloads can leave 64 bits.
fn close(survey: &Survey<i64>, count: usize) -> bool {
    let count = survey.count.max(count);
    let slots = u64::try_from(count).unwrap_or(u64::MAX).saturating_mul(SLOTS_PER_INTERVAL).max(FEW_SLOTS);
    survey.range() < slots && i64::narrow_sum(&survey.payloads, count).is_some()
}

/// Adds a block. A loop of its own, so that all it needs stays in registers.
#[inline(never)]
fn add(changes: &mut [i64], lowest: u64, block: Block<'_, i64>) -> Result<(), Error> {
    for (start, stop, payload) in block.rows() {
        change(changes, lowest, start, payload)?;
        change(changes, lowest, stop, payload.wrapping_neg())?;
    }
    Ok(())
}

/// Adds a block to pairs of starts and stops. A loop of its own, too.
#[inline(never)]
fn add_pairs(pairs: &mut [i64], slots: usize, lowest: u64, block: Block<'_, i64>) -> Result<(), Error> {
    let slots = u64::try_from(slots).map_err(|_| Error::Internal)?;
    for (start, stop, payload) in block.rows() {
        let row = start.wrapping_sub(lowest).wrapping_mul(slots);
        change(pairs, 0, row.wrapping_add(stop.wrapping_sub(lowest)), payload)?;
    }
    Ok(())
}

/// Adds to the change at a key.
#[inline]
fn change(changes: &mut [i64], lowest: u64, key: u64, change: i64) -> Result<(), Error> {
    let slot = usize::try_from(key.wrapping_sub(lowest)).unwrap_or(usize::MAX);
    let sum = changes.get_mut(slot).ok_or(Error::Internal)?;
    *sum = sum.wrapping_add(change); // no sum leaves 64 bits
    Ok(())
}

#[cfg(test)]
mod tests;
