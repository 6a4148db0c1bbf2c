//! The survey: what a first look tells about all intervals.

use super::{Block, Blocks, Look};
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::payload::{Payload, PayloadSurvey};

/// How many intervals there are, between which keys they lie, and what their payloads are like.
#[derive(Clone, Copy)]
pub struct Survey<P: Payload> {
    pub(crate) count: usize,
    pub(crate) lowest: u64,
    pub(crate) highest: u64,
    pub(crate) reversed: bool,
    pub(crate) payloads: P::Survey,
}

impl<P: Payload> Default for Survey<P> {
    fn default() -> Self {
        Survey { count: 0, lowest: u64::MAX, highest: 0, reversed: false, payloads: P::Survey::default() }
    }
}

impl<P: Payload> Survey<P> {
    /// Looks at all intervals.
    pub(crate) fn of(source: &impl Blocks<P>, interrupt: &mut Interrupt<'_>) -> Result<Self, Error> {
        let mut survey = Survey::default();
        source.look(interrupt, |block, look| {
            survey.include(block, look, source);
            Ok(())
        })?;
        Ok(survey)
    }

    /// Takes note of a block of intervals.
    #[inline]
    pub(crate) fn include<B: Blocks<P>>(&mut self, block: Block<'_, P>, look: Look, _source: &B) {
        self.count = self.count.saturating_add(block.starts.len());
        self.lowest = self.lowest.min(look.lowest);
        self.highest = self.highest.max(look.highest);
        self.reversed |= look.reversed;
        self.payloads.include(block.payloads.get(..1).filter(|_| B::ALIKE).unwrap_or(block.payloads));
    }

    /// The distance from the lowest to the highest key: the keys of a call seldom need all 64 bits.
    pub(crate) fn range(&self) -> u64 {
        self.highest.saturating_sub(self.lowest)
    }

    /// Refuses a block whose numbers do not lie where those of the survey did: another thread may write to a source.
    pub(crate) fn check<B: Blocks<P>>(&self, block: Block<'_, P>, _source: &B) -> Result<(), Error> {
        let range = self.range();
        let ends = || block.starts.iter().zip(block.stops).map(|(&start, &stop)| [start, stop]);
        // The highest bit of no number and of no difference: all are in order. This takes many intervals in one step.
        let differences =
            |[start, stop]: [u64; 2]| start | stop | stop.wrapping_sub(start) | range.wrapping_sub(stop);
        let highest = ends().fold(0, |highest, ends| highest | differences(ends)) >> 63;
        let fits = highest == 0 || ends().all(|[start, stop]| start <= stop && stop <= range);
        if fits && (B::ALIKE || self.payloads.holds(block.payloads)) { Ok(()) } else { Err(Error::Changed) }
    }
}
