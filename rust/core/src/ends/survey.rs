//! The survey: what a first look tells about all intervals.

use crate::payload::{Payload, PayloadSurvey};

/// How many intervals there are, between which keys they lie, and what their payloads are like.
#[derive(Clone, Copy)]
pub struct Survey<P: Payload> {
    pub(crate) count: usize,
    pub(crate) lowest: u64,
    pub(crate) highest: u64,
    pub(crate) payloads: P::Survey,
}

impl<P: Payload> Default for Survey<P> {
    fn default() -> Self {
        Survey { count: 0, lowest: u64::MAX, highest: 0, payloads: P::Survey::default() }
    }
}

impl<P: Payload> Survey<P> {
    /// Takes note of an interval.
    #[inline]
    pub(crate) fn include(&mut self, start: u64, stop: u64, payload: P) {
        self.count = self.count.saturating_add(1);
        self.lowest = self.lowest.min(start);
        // An empty interval may be reversed.
        self.highest = self.highest.max(stop.max(start));
        self.payloads.include(payload);
    }

    /// Whether an interval could be one of those seen before. A source that another thread writes to meanwhile
    /// may show any other.
    #[inline]
    pub(crate) fn covers(&self, start: u64, stop: u64, payload: P) -> bool {
        self.lowest <= start && stop <= self.highest && self.payloads.covers(payload)
    }

    /// How far a key lies above the lowest one: the keys of a call seldom need all 64 bits.
    #[inline]
    pub(crate) fn offset(&self, key: u64) -> u64 {
        key.saturating_sub(self.lowest)
    }

    /// The key at an offset.
    #[inline]
    pub(crate) fn key(&self, offset: u64) -> u64 {
        self.lowest.saturating_add(offset)
    }

    /// The distance from the lowest to the highest key.
    pub(crate) fn range(&self) -> u64 {
        self.highest.saturating_sub(self.lowest)
    }
}
