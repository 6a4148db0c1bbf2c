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
/// starts and stops, of every other interval, add up in tables of their own.
const SHARED_SLOTS: usize = 512;
const TABLES: usize = 4;

/// `changes[i]` is what the level gains at the key `lowest + i`, or a part of it, if several tables of as many slots
/// follow one another. Grows while the intervals are looked at.
#[derive(Default)]
pub struct Differences {
    lowest: u64,
    slots: usize,
    changes: Vec<i64>,
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
                if survey.range() < EARLY_SLOTS && close(&survey, source.count()) {
                    taken.reach(&survey)?;
                    taken.add(block)?;
                } else {
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
        let reached = u64::try_from(self.slots).unwrap_or(u64::MAX);
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
        let tables = if slots <= SHARED_SLOTS { TABLES } else { 1 };
        let mut changes = defaults(slots.saturating_mul(tables))?;
        let moved = usize::try_from(self.lowest.saturating_sub(lowest)).map_err(|_| Error::Internal)?;
        self.merge();
        for (change, old) in changes.iter_mut().skip(moved).zip(&self.changes) {
            *change = *old;
        }
        *self = Differences { lowest, slots, changes };
        Ok(())
    }

    /// Adds a surveyed block.
    fn add(&mut self, block: Block<'_, i64>) -> Result<(), Error> {
        let slots = self.slots;
        if self.changes.len() > slots {
            add_in_turn(&mut self.changes, slots, self.lowest, block)
        } else {
            add(&mut self.changes, self.lowest, block)
        }
    }

    /// Adds up the tables, so that only one is left.
    fn merge(&mut self) {
        if let Some((changes, others)) = self.changes.split_at_mut_checked(self.slots) {
            for table in others.chunks(self.slots.max(1)) {
                for (change, part) in changes.iter_mut().zip(table) {
                    *change = change.wrapping_add(*part); // no sum leaves 64 bits
                }
            }
        }
        self.changes.truncate(self.slots);
    }

    pub(super) fn sweep(
        mut self,
        outline: &mut impl Outline<i64>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<(), Error> {
        self.merge();
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

/// Adds a block to tables that take turns. A loop of its own, too.
#[inline(never)]
fn add_in_turn(changes: &mut [i64], slots: usize, lowest: u64, block: Block<'_, i64>) -> Result<(), Error> {
    let mut tables = changes.chunks_exact_mut(slots.max(1));
    // Cut once more, to tell the compiler that all are equally long: one register instead of four.
    let mut table = || tables.next().and_then(|table| table.get_mut(..slots)).ok_or(Error::Internal);
    let (one, two, three, four) = (table()?, table()?, table()?, table()?);
    let pairs = block.starts.chunks_exact(2).zip(block.stops.chunks_exact(2));
    for ((starts, stops), payloads) in pairs.zip(block.payloads.chunks_exact(2)) {
        let (&[start, next_start], &[stop, next_stop], &[payload, next_payload]) = (starts, stops, payloads)
        else {
            return Err(Error::Internal);
        };
        change(one, lowest, start, payload)?;
        change(two, lowest, stop, payload.wrapping_neg())?;
        change(three, lowest, next_start, next_payload)?;
        change(four, lowest, next_stop, next_payload.wrapping_neg())?;
    }
    for (start, stop, payload) in block.rows().skip(block.starts.len() & !1) {
        change(one, lowest, start, payload)?;
        change(two, lowest, stop, payload.wrapping_neg())?;
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
