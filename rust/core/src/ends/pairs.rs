//! Ends of any keys and payloads: two lists of pairs, sorted apart and merged.

use super::Survey;
use super::layout::Layout;
use crate::allocation::{defaults, room};
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::outline::{Outline, distinct};
use crate::payload::{Payload, RunningSum};
use crate::radix::{self, bits};

/// Starts and stops, each a key and a payload. Two lists rather than one: no payload is ever negated (the
/// lowest integer cannot be), no bit is needed to tell them apart, and the scratch of the sort is half as large.
pub struct Pairs<P: Payload> {
    survey: Survey<P>,
    starts: Vec<(u64, P)>,
    stops: Vec<(u64, P)>,
}

impl<P: Payload> Layout for Pairs<P> {
    type Payload = P;

    fn plan(survey: &Survey<P>) -> Result<Self, Error> {
        Ok(Pairs { survey: *survey, starts: room(survey.count)?, stops: room(survey.count)? })
    }

    #[inline]
    fn push(&mut self, start: u64, stop: u64, payload: P) -> Result<(), Error> {
        if !self.survey.covers(start, stop, payload) {
            return Err(Error::Changed);
        }
        self.starts.push((start, payload));
        self.stops.push((stop, payload));
        Ok(())
    }

    fn sweep(
        mut self,
        outline: &mut impl Outline<Sum = P::Sum>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<(), Error> {
        let survey = self.survey;
        let offset = |&(key, _): &(u64, P)| survey.offset(key);
        let key_bits = bits(survey.range());
        let mut scratch = defaults(self.starts.len())?;
        radix::sort_by_key(&mut self.starts, &mut scratch, offset, key_bits, interrupt)?;
        radix::sort_by_key(&mut self.stops, &mut scratch, offset, key_bits, interrupt)?;
        drop(scratch);

        let key = |&(key, _): &(u64, P)| key;
        outline.reserve(distinct(&self.starts, key).saturating_add(distinct(&self.stops, key)))?;
        let mut running = P::running(&survey.payloads, survey.count);
        let (mut started, mut stopped) = (0_usize, 0_usize);
        let mut current = survey.lowest;
        // No interval stops before it starts, so the stops are the last to end.
        while let Some(&(stop, fall)) = self.stops.get(stopped) {
            interrupt.pass(1)?;
            // Which list is next is anybody's guess: a choice of numbers, not of ways to go.
            let (start, rise) = self.starts.get(started).copied().unwrap_or((u64::MAX, fall));
            let falls = stop < start || started == self.starts.len();
            let (key, payload) = if falls { (stop, fall) } else { (start, rise) };
            started = started.saturating_add(usize::from(!falls));
            stopped = stopped.saturating_add(usize::from(falls));
            if key != current {
                outline.step(current, running.sum()?)?;
                current = key;
            }
            running.change(payload, falls)?;
        }
        outline.step(current, running.sum()?)
    }
}
