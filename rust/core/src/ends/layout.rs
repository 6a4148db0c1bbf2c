//! The layouts of ends in memory, and which of them suits which intervals.

use super::Survey;
use super::differences::Differences;
use super::packed::Packed;
use super::pairs::Pairs;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::outline::Outline;
use crate::payload::Payload;

/// A way to keep the ends of intervals and to sweep over them.
pub trait Layout: Sized {
    /// What is added at starts and taken away at stops.
    type Payload: Payload;

    /// Makes room for the surveyed intervals.
    fn plan(survey: &Survey<Self::Payload>) -> Result<Self, Error>;

    /// Keeps an interval, with `start <= stop`; [`Error::Changed`] if the survey did not see one like it and that
    /// matters.
    fn push(&mut self, start: u64, stop: u64, payload: Self::Payload) -> Result<(), Error>;

    /// Writes the running sum at every key, in rising order.
    fn sweep(
        self,
        outline: &mut impl Outline<Sum = <Self::Payload as Payload>::Sum>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<(), Error>;
}

/// The layout of whole numbers: whichever is the fastest of those that can hold them.
pub enum WholeLayout {
    /// Keys close together: one slot for each, nothing to sort.
    Differences(Differences),
    /// Key, payload and sign together in 64 bits: half as much to sort.
    Packed(Packed),
    /// Everything else.
    Pairs(Pairs<i64>),
}

impl Layout for WholeLayout {
    type Payload = i64;

    fn plan(survey: &Survey<i64>) -> Result<Self, Error> {
        if let Some(differences) = Differences::plan(survey)? {
            return Ok(WholeLayout::Differences(differences));
        }
        if let Some(packed) = Packed::plan(survey)? {
            return Ok(WholeLayout::Packed(packed));
        }
        Pairs::plan(survey).map(WholeLayout::Pairs)
    }

    #[inline(always)]
    fn push(&mut self, start: u64, stop: u64, payload: i64) -> Result<(), Error> {
        match self {
            WholeLayout::Differences(layout) => layout.push(start, stop, payload),
            WholeLayout::Packed(layout) => layout.push(start, stop, payload),
            WholeLayout::Pairs(layout) => layout.push(start, stop, payload),
        }
    }

    fn sweep(
        self,
        outline: &mut impl Outline<Sum = i128>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<(), Error> {
        match self {
            WholeLayout::Differences(layout) => layout.sweep(outline, interrupt),
            WholeLayout::Packed(layout) => layout.sweep(outline, interrupt),
            WholeLayout::Pairs(layout) => layout.sweep(outline, interrupt),
        }
    }
}

#[cfg(test)]
mod tests;
