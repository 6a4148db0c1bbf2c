//! Ends whose keys lie close together: the change at each possible key, without sorting.

use super::Survey;
use crate::allocation::defaults;
use crate::error::Error;
use crate::interrupt::{Interrupt, STRIDE};
use crate::outline::Outline;

/// Slots for each interval: sorting more than this many ends costs less than walking over the slots.
const SLOTS_PER_INTERVAL: u64 = 2;
/// So few slots are always worth it.
const FEW_SLOTS: u64 = 64;

/// `changes[i]` is what the level gains at the key `lowest + i`.
pub struct Differences {
    lowest: u64,
    changes: Vec<i64>,
}

impl Differences {
    /// Room for the surveyed intervals, if their keys lie close together and no change can leave 64 bits.
    pub(super) fn plan(survey: &Survey<i64>) -> Result<Option<Self>, Error> {
        let count = u64::try_from(survey.count).unwrap_or(u64::MAX);
        let largest = survey.payloads.lowest.unsigned_abs().max(survey.payloads.highest.unsigned_abs());
        let fits = largest.checked_mul(count).is_some_and(|sum| i64::try_from(sum).is_ok());
        let close = survey.range() < count.saturating_mul(SLOTS_PER_INTERVAL).max(FEW_SLOTS);
        if survey.count == 0 || !fits || !close {
            return Ok(None);
        }
        let slots = usize::try_from(survey.range()).map_err(|_| Error::OutOfMemory)?.saturating_add(1);
        Ok(Some(Differences { lowest: survey.lowest, changes: defaults(slots)? }))
    }

    #[inline]
    pub(super) fn push(&mut self, start: u64, stop: u64, payload: i64) -> Result<(), Error> {
        let rise = self.slot(start)?;
        *rise = rise.checked_add(payload).ok_or(Error::Changed)?;
        let fall = self.slot(stop)?;
        *fall = fall.checked_sub(payload).ok_or(Error::Changed)?;
        Ok(())
    }

    #[inline]
    fn slot(&mut self, key: u64) -> Result<&mut i64, Error> {
        let slot = key.checked_sub(self.lowest).and_then(|offset| usize::try_from(offset).ok());
        slot.and_then(|slot| self.changes.get_mut(slot)).ok_or(Error::Changed)
    }

    pub(super) fn sweep(
        self,
        outline: &mut impl Outline<Sum = i128>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<(), Error> {
        outline.reserve(self.changes.iter().filter(|&&change| change != 0).count())?;
        let mut sum = 0_i64;
        let mut keys = self.lowest..=u64::MAX; // not `lowest..`, which counts on past the last key
        for block in self.changes.chunks(STRIDE) {
            interrupt.check()?;
            for (&change, key) in block.iter().zip(&mut keys) {
                if change != 0 {
                    sum = sum.checked_add(change).ok_or(Error::Changed)?;
                    outline.step(key, sum.into())?;
                }
            }
        }
        Ok(())
    }
}
