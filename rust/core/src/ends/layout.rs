//! The layouts of ends in memory, and which of them suits which intervals.

use super::differences::Differences;
use super::encoding::{Packed, Pair, Triple};
use super::sorted::Sorted;
use super::{Blocks, Survey};
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::outline::Outline;
use crate::payload::Payload;

/// A way to keep the ends of intervals and to sweep over them.
pub trait Layout: Sized {
    /// What is added at starts and taken away at stops.
    type Payload: Payload;

    /// Reads all intervals.
    fn read(source: &impl Blocks<Self::Payload>, interrupt: &mut Interrupt<'_>) -> Result<Self, Error>;

    /// Reads all intervals in one look, if that is enough.
    fn read_once(
        _source: &impl Blocks<Self::Payload>,
        _interrupt: &mut Interrupt<'_>,
    ) -> Result<Option<Self>, Error> {
        Ok(None)
    }

    /// Writes the running sum at every key, in rising order.
    fn sweep(
        self,
        outline: &mut impl Outline<Self::Payload>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<(), Error>;
}

/// The layout of whole numbers: the first of these that can hold them.
pub enum WholeLayout {
    /// Keys close together: one slot for each, nothing to sort.
    Differences(Differences),
    /// Key, payload and sign together in 32 bits: the least to sort.
    Words(Sorted<Packed<u32>>),
    /// The same in 64 bits.
    LongWords(Sorted<Packed<u64>>),
    /// Key and payload side by side.
    Pairs(Sorted<Pair<i64>>),
    /// The same with payloads that have no opposite.
    Triples(Sorted<Triple<i64>>),
}

impl Layout for WholeLayout {
    type Payload = i64;

    fn read(source: &impl Blocks<i64>, interrupt: &mut Interrupt<'_>) -> Result<Self, Error> {
        let (survey, differences) = Differences::read(source, interrupt)?;
        if let Some(differences) = differences {
            return Ok(WholeLayout::Differences(differences));
        }
        if let Some(words) = Sorted::read(source, &survey, interrupt)? {
            return Ok(WholeLayout::Words(words));
        }
        if let Some(words) = Sorted::read(source, &survey, interrupt)? {
            return Ok(WholeLayout::LongWords(words));
        }
        if let Some(pairs) = Sorted::read(source, &survey, interrupt)? {
            return Ok(WholeLayout::Pairs(pairs));
        }
        Sorted::read(source, &survey, interrupt)?.map(WholeLayout::Triples).ok_or(Error::Internal)
    }

    fn read_once(source: &impl Blocks<i64>, interrupt: &mut Interrupt<'_>) -> Result<Option<Self>, Error> {
        Ok(Differences::read_once(source, interrupt)?.map(WholeLayout::Differences))
    }

    fn sweep(self, outline: &mut impl Outline<i64>, interrupt: &mut Interrupt<'_>) -> Result<(), Error> {
        match self {
            WholeLayout::Differences(layout) => layout.sweep(outline, interrupt),
            WholeLayout::Words(layout) => layout.sweep(outline, interrupt),
            WholeLayout::LongWords(layout) => layout.sweep(outline, interrupt),
            WholeLayout::Pairs(layout) => layout.sweep(outline, interrupt),
            WholeLayout::Triples(layout) => layout.sweep(outline, interrupt),
        }
    }
}

/// The layout of floats: there is one.
pub struct FloatLayout(Sorted<Pair<f64>>);

impl Layout for FloatLayout {
    type Payload = f64;

    fn read(source: &impl Blocks<f64>, interrupt: &mut Interrupt<'_>) -> Result<Self, Error> {
        let survey = Survey::of(source, interrupt)?;
        Sorted::read(source, &survey, interrupt)?.map(FloatLayout).ok_or(Error::Internal)
    }

    fn sweep(self, outline: &mut impl Outline<f64>, interrupt: &mut Interrupt<'_>) -> Result<(), Error> {
        self.0.sweep(outline, interrupt)
    }
}

#[cfg(test)]
mod tests;
