//! Ends that are sorted: in buckets, each swept as soon as it is in order.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::buckets::{Buckets, Part};
use super::encoding::Encoding;
use super::{Block, Blocks, Survey};
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::outline::Outline;
use crate::payload::{Payload, RunningSum};
use crate::source::BLOCK;
use crate::threads;

/// The ends of all intervals, each kept as `encoding` says.
pub struct Sorted<E: Encoding> {
    survey: Survey<E::Payload>,
    encoding: E,
    buckets: Buckets<E::Item>,
}

impl<E: Encoding> Sorted<E> {
    /// Reads surveyed intervals, if the encoding can hold them.
    pub(super) fn read<B: Blocks<E::Payload>>(
        source: &B,
        survey: &Survey<E::Payload>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<Option<Self>, Error> {
        let mut buckets = Buckets::plan(survey, B::SPREAD)?;
        let Some(encoding) = E::plan(survey, buckets.rest_bits()) else { return Ok(None) };
        source.visit_ends(survey, interrupt, |starts, stops| {
            buckets.count(starts)?;
            buckets.count(stops)
        })?;
        buckets.open(survey.count.saturating_mul(2), interrupt)?;
        let mut starts = [E::Item::default(); BLOCK];
        let mut stops = [E::Item::default(); BLOCK];
        source.visit(survey, interrupt, |block| {
            survey.check(block, source)?;
            encode(encoding, block, &mut starts, &mut stops);
            buckets.put([(block.starts, &starts), (block.stops, &stops)])
        })?;
        if !buckets.full() {
            return Err(Error::Changed);
        }
        Ok(Some(Sorted { survey: *survey, encoding, buckets }))
    }

    /// Writes the running sum at every key, in rising order.
    pub(super) fn sweep(
        self,
        outline: &mut impl Outline<E::Payload>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<(), Error> {
        match E::Payload::narrow_sum(&self.survey.payloads, self.survey.count) {
            Some(running) => self.sweep_with(running, outline, interrupt),
            None => self.sweep_with(<E::Payload as Payload>::WideSum::default(), outline, interrupt),
        }
    }

    fn sweep_with<R: RunningSum<E::Payload>, O: Outline<E::Payload>>(
        mut self,
        running: R,
        outline: &mut O,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<(), Error> {
        outline.reserve(self.buckets.len())?;
        let sweep = Sweep { survey: self.survey, encoding: self.encoding };
        if !threads::pay(self.buckets.len()) {
            return sweep.part(self.buckets.whole(), running, outline, interrupt);
        }
        let [first, second] = self.buckets.halves();
        let mut later = outline.fork(second.items().len())?;
        let stop = AtomicBool::new(false);
        let second = &mut Some(second);
        let (waiting, into) = (&mut *second, &mut later);
        let beginning = running.clone();
        thread::scope(|scope| {
            let worker = thread::Builder::new().spawn_scoped(scope, || {
                let mut asked = || stop.load(Ordering::Relaxed);
                let mut interrupt = Interrupt::new(&mut asked);
                waiting.take().map_or(Ok(()), |part| sweep.later_part(part, beginning, into, &mut interrupt))
            });
            let outcome = sweep.part(first, running.clone(), outline, interrupt);
            stop.store(outcome.is_err(), Ordering::Relaxed);
            // Without a second thread its part is still there.
            let Ok(worker) = worker else { return outcome };
            let waited = outcome.and_then(|()| threads::wait(&worker, interrupt));
            stop.store(waited.is_err(), Ordering::Relaxed);
            waited.and(worker.join().unwrap_or(Err(Error::Internal)))
        })?;
        if let Some(part) = second.take() {
            sweep.later_part(part, running, &mut later, interrupt)?;
        }
        outline.append(later, interrupt)
    }
}

/// What a thread must know to sweep.
#[derive(Clone, Copy)]
struct Sweep<E: Encoding> {
    survey: Survey<E::Payload>,
    encoding: E,
}

impl<E: Encoding> Sweep<E> {
    /// Sweeps over buckets. What lies before them adds up to `running`.
    fn part<R: RunningSum<E::Payload>>(
        self,
        part: Part<'_, E::Item>,
        mut running: R,
        outline: &mut impl Outline<E::Payload>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<(), Error> {
        let Sweep { survey, encoding } = self;
        part.sorted(
            |item| encoding.offset(item),
            interrupt,
            |leading, bucket| {
                let lowest = survey.lowest.saturating_add(if E::RESTS { leading } else { 0 });
                // The order of ends at one place does not matter: they are added up before anyone looks.
                let changes = bucket.iter().map(|item| {
                    (lowest.wrapping_add(encoding.offset(item)), encoding.change(item)) // no key wraps around
                });
                outline.sweep(changes, &mut running)
            },
        )
    }

    /// Sweeps over the last buckets. After them there is nothing: what lies before adds up to the opposite of them.
    fn later_part<R: RunningSum<E::Payload>>(
        self,
        part: Part<'_, E::Item>,
        mut running: R,
        outline: &mut impl Outline<E::Payload>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<(), Error> {
        for block in part.items().chunks(BLOCK) {
            interrupt.pass(block.len())?;
            for item in block {
                let (payload, falls) = self.encoding.change(item);
                running.change(payload, !falls)?;
            }
        }
        self.part(part, running, outline, interrupt)
    }
}

/// Makes items of a block. A loop of its own, so that all it needs stays in registers.
#[inline(never)]
fn encode<E: Encoding>(
    encoding: E,
    block: Block<'_, E::Payload>,
    starts: &mut [E::Item; BLOCK],
    stops: &mut [E::Item; BLOCK],
) {
    for ((start, stop), row) in starts.iter_mut().zip(stops).zip(block.rows()) {
        *start = encoding.end(row.0, row.2, false);
        *stop = encoding.end(row.1, row.2, true);
    }
}

#[cfg(test)]
mod tests;
