//! Whole intervals for the aggregations that need them: the highest rank of those that cover a point.

use std::collections::BinaryHeap;
use std::marker::PhantomData;

use super::{Blocks, Survey};
use crate::allocation::{defaults, room};
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::outline::{Outline, distinct};
use crate::payload::Payload;
use crate::radix;

#[derive(Clone, Copy, Default)]
struct Span {
    start: u64,
    stop: u64,
    rank: u64,
}

/// Intervals with a rank each. Of those that cover a point the highest rank wins, or the lowest.
pub(super) struct Spans<P: Payload> {
    lowest_wins: bool,
    spans: Vec<Span>,
    payload: PhantomData<P>,
}

impl<P: Payload> Spans<P> {
    pub(super) fn read(
        source: &impl Blocks<P>,
        lowest_wins: bool,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<Self, Error> {
        let survey = Survey::of(source, interrupt)?;
        let mut spans = room(survey.count)?;
        let mut left = survey.count;
        source.visit(&survey, interrupt, |block| {
            survey.check(block, source)?;
            left = left.checked_sub(block.starts.len()).ok_or(Error::Changed)?;
            for (start, stop, payload) in block.rows().filter(|(start, stop, _)| start < stop) {
                // Turned over, the lowest rank is the highest.
                let rank = if lowest_wins { !payload.rank() } else { payload.rank() };
                let key = |offset| survey.lowest.wrapping_add(offset); // which was a key
                spans.push(Span { start: key(start), stop: key(stop), rank });
            }
            Ok(())
        })?;
        if left > 0 { Err(Error::Changed) } else { Ok(Spans { lowest_wins, spans, payload: PhantomData }) }
    }

    /// Writes the winning payload at every key where it may change. O(n log n).
    pub(super) fn sweep(
        mut self,
        outline: &mut impl Outline<P>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<(), Error> {
        let mut scratch = defaults(self.spans.len())?;
        let key_bits = radix::varying_bits(&self.spans, |span| span.start);
        radix::sort_by_key(&mut self.spans, &mut scratch, |span| span.start, key_bits, interrupt)?;
        drop(scratch);

        let sum_of = |rank: u64| P::sum_of_rank(if self.lowest_wins { !rank } else { rank });
        // At each start and at each stop the winner may change.
        let starts = distinct(&self.spans, |span| span.start);
        outline.reserve(starts.saturating_add(self.spans.len()))?;
        // Whoever wins is at the top. Spans that ended stay below it until they come up.
        let mut covering: BinaryHeap<(u64, u64)> = BinaryHeap::new();
        for starting in self.spans.chunk_by(|a, b| a.start == b.start) {
            let Some(&Span { start, .. }) = starting.first() else { continue };
            close(&mut covering, Some(start), &sum_of, outline, interrupt)?;
            for span in starting {
                interrupt.pass(1)?;
                // Whoever is below the winner and ends no later will never win.
                if !covering.peek().is_some_and(|&(rank, stop)| rank >= span.rank && stop >= span.stop) {
                    covering.try_reserve(1)?;
                    covering.push((span.rank, span.stop));
                }
            }
            // Those that ended here or before were removed, if they were at the top.
            if let Some(&(rank, _)) = covering.peek() {
                outline.step(start, sum_of(rank))?;
            }
        }
        close(&mut covering, None, &sum_of, outline, interrupt)
    }
}

/// Writes the steps down, until the winner reaches beyond `until`. A step at `until` itself is left to the spans
/// that start there.
fn close<P: Payload>(
    covering: &mut BinaryHeap<(u64, u64)>,
    until: Option<u64>,
    sum_of: &impl Fn(u64) -> P::Sum,
    outline: &mut impl Outline<P>,
    interrupt: &mut Interrupt<'_>,
) -> Result<(), Error> {
    while let Some(&(_, end)) = covering.peek() {
        if until.is_some_and(|until| end > until) {
            break;
        }
        while covering.peek().is_some_and(|&(_, stop)| stop <= end) {
            interrupt.pass(1)?;
            covering.pop();
        }
        if until != Some(end) {
            outline.step(end, covering.peek().map_or_else(P::Sum::default, |&(rank, _)| sum_of(rank)))?;
        }
    }
    Ok(())
}
