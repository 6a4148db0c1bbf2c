//! Ends that fit 64 bits each: the key above, the payload and its sign below.

use super::Survey;
use crate::allocation::{defaults, room};
use crate::error::Error;
use crate::interrupt::{Interrupt, STRIDE};
use crate::outline::{Outline, distinct};
use crate::radix::{self, bits};

/// Codes `(key - lowest key) . (payload - lowest payload) . (1 for a stop)`, from the highest bits down.
/// Intervals that are all worth the same need no bits for the payload.
pub struct Packed {
    survey: Survey<i64>,
    /// How many bits lie below the key: those of the payload and one for the sign.
    key_place: u32,
    codes: Vec<u64>,
}

impl Packed {
    /// Room for the surveyed intervals, if every end fits.
    pub(super) fn plan(survey: &Survey<i64>) -> Result<Option<Self>, Error> {
        if survey.count == 0 {
            return Ok(None);
        }
        let payloads = survey.payloads.highest.abs_diff(survey.payloads.lowest);
        let key_place = bits(payloads).saturating_add(1);
        // A shift by all 64 bits would be none at all, even where the one key needs no bit.
        if key_place == u64::BITS || bits(survey.range()).saturating_add(key_place) > u64::BITS {
            return Ok(None);
        }
        let ends = survey.count.checked_mul(2).ok_or(Error::OutOfMemory)?;
        Ok(Some(Packed { survey: *survey, key_place, codes: room(ends)? }))
    }

    #[inline]
    pub(super) fn push(&mut self, start: u64, stop: u64, payload: i64) -> Result<(), Error> {
        if !self.survey.covers(start, stop, payload) {
            return Err(Error::Changed);
        }
        let below = payload.abs_diff(self.survey.payloads.lowest) << 1;
        // The plan made sure that an offset, shifted, keeps all its bits.
        let above = |key: u64| self.survey.offset(key).wrapping_shl(self.key_place);
        self.codes.push(above(start) | below);
        self.codes.push(above(stop) | below | 1);
        Ok(())
    }

    pub(super) fn sweep(
        mut self,
        outline: &mut impl Outline<Sum = i128>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<(), Error> {
        let place = self.key_place;
        // The order of ends at one key does not matter: they are summed before anyone looks.
        let offset = |code: u64| code.wrapping_shr(place);
        let mut scratch = defaults(self.codes.len())?;
        let key_bits = bits(self.survey.range());
        radix::sort_by_key(&mut self.codes, &mut scratch, |&code| offset(code), key_bits, interrupt)?;
        drop(scratch);

        outline.reserve(distinct(&self.codes, |&code| offset(code)))?;
        let payload_mask = 1_u64.wrapping_shl(place).saturating_sub(1);
        let lowest_payload = i128::from(self.survey.payloads.lowest);
        let mut sum = 0_i128;
        let mut current = 0;
        for block in self.codes.chunks(STRIDE) {
            interrupt.check()?;
            for &code in block {
                let next = offset(code);
                if next != current {
                    outline.step(self.survey.key(current), sum)?;
                    current = next;
                }
                let payload = lowest_payload.saturating_add(((code & payload_mask) >> 1).into());
                let change = if code & 1 == 0 { payload } else { payload.saturating_neg() };
                sum = sum.saturating_add(change);
            }
        }
        outline.step(self.survey.key(current), sum)
    }
}
