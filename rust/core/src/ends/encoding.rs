//! How an end of an interval is kept while it is sorted: where it is, and by how much the level changes there.

use std::marker::PhantomData;

use super::Survey;
use crate::payload::Payload;
use crate::radix::bits;

/// A way to keep ends. An offset is how far a key lies above the lowest one.
pub trait Encoding: Copy + Send + Sync {
    /// What is added at starts and taken away at stops.
    type Payload: Payload;
    /// What is kept of an end.
    type Item: Copy + Default + Send + Sync + 'static;

    /// Whether only that part of an offset is kept that does not tell the bucket.
    const RESTS: bool = false;

    /// The encoding for surveyed intervals, if it can hold them all. The lowest `rest_bits` bits of an offset do not
    /// tell the bucket.
    fn plan(survey: &Survey<Self::Payload>, rest_bits: u32) -> Option<Self>;

    /// The end at an offset: a stop if the level `falls`.
    fn end(self, offset: u64, payload: Self::Payload, falls: bool) -> Self::Item;

    /// Where the end is, or the rest of it.
    fn offset(self, item: &Self::Item) -> u64;

    /// What is added there, or taken away if the level falls.
    fn change(self, item: &Self::Item) -> (Self::Payload, bool);
}

/// A machine word that ends are packed into.
pub trait Word: Copy + Default + Send + Sync + 'static {
    /// How many bits it has.
    const BITS: u32;

    /// The lowest bits.
    fn truncated(bits: u64) -> Self;

    /// All of its bits.
    fn widened(self) -> u64;
}

impl Word for u64 {
    const BITS: u32 = u64::BITS;

    #[inline]
    fn truncated(bits: u64) -> Self {
        bits
    }

    #[inline]
    fn widened(self) -> u64 {
        self
    }
}

impl Word for u32 {
    const BITS: u32 = u32::BITS;

    #[inline]
    fn truncated(bits: u64) -> Self {
        let [a, b, c, d, ..] = bits.to_le_bytes();
        u32::from_le_bytes([a, b, c, d])
    }

    #[inline]
    fn widened(self) -> u64 {
        self.into()
    }
}

/// Ends that fit a word each: the offset, or the rest of it, in the highest bits; in the lowest
/// `(payload - lowest payload) . (1 for a stop)`. Intervals that are all worth the same need no bits for the payload.
#[derive(Clone, Copy)]
pub struct Packed<W> {
    lowest_payload: i64,
    /// How many bits lie below the offset.
    place: u32,
    word: PhantomData<W>,
}

impl<W: Word> Encoding for Packed<W> {
    type Payload = i64;
    type Item = W;

    const RESTS: bool = W::BITS < u64::BITS;

    fn plan(survey: &Survey<i64>, rest_bits: u32) -> Option<Self> {
        let (lowest_payload, highest_payload) = (survey.payloads.lowest, survey.payloads.highest);
        let kept = if Self::RESTS { rest_bits } else { bits(survey.range()) };
        // A shift by all 64 bits would be none at all, even where the one key needs no bit.
        let place = W::BITS.checked_sub(kept)?.min(u64::BITS.saturating_sub(1));
        let fits = bits(highest_payload.abs_diff(lowest_payload)) < place;
        fits.then_some(Packed { lowest_payload, place, word: PhantomData })
    }

    #[inline]
    fn end(self, offset: u64, payload: i64, falls: bool) -> W {
        // No payload is below the lowest, unless the source changed; and then this is far too high.
        let below = u64::from_ne_bytes(payload.wrapping_sub(self.lowest_payload).to_ne_bytes()) << 1;
        // Shifted to the top, the offset leaves behind what tells the bucket, and nothing else.
        W::truncated(offset.wrapping_shl(self.place) | below | u64::from(falls))
    }

    #[inline]
    fn offset(self, item: &W) -> u64 {
        item.widened().wrapping_shr(self.place)
    }

    #[inline]
    fn change(self, item: &W) -> (i64, bool) {
        let bits = item.widened();
        let below = (bits & 1_u64.wrapping_shl(self.place).wrapping_sub(1)) >> 1;
        // The payload is a number that came in.
        (self.lowest_payload.wrapping_add_unsigned(below), bits & 1 == 1)
    }
}

/// Ends of any offsets and of payloads that have an opposite, side by side.
#[derive(Clone, Copy)]
pub struct Pair<P>(PhantomData<P>);

impl<P: Payload> Encoding for Pair<P> {
    type Payload = P;
    type Item = (u64, P);

    fn plan(survey: &Survey<P>, _rest_bits: u32) -> Option<Self> {
        P::opposites(&survey.payloads).then_some(Pair(PhantomData))
    }

    #[inline]
    fn end(self, offset: u64, payload: P, falls: bool) -> (u64, P) {
        (offset, if falls { payload.opposite() } else { payload })
    }

    #[inline]
    fn offset(self, &(offset, _): &(u64, P)) -> u64 {
        offset
    }

    #[inline]
    fn change(self, &(_, payload): &(u64, P)) -> (P, bool) {
        (payload, false)
    }
}

/// Ends of any offsets and payloads.
#[derive(Clone, Copy)]
pub struct Triple<P>(PhantomData<P>);

impl<P: Payload> Encoding for Triple<P> {
    type Payload = P;
    type Item = (u64, P, bool);

    fn plan(_survey: &Survey<P>, _rest_bits: u32) -> Option<Self> {
        Some(Triple(PhantomData))
    }

    #[inline]
    fn end(self, offset: u64, payload: P, falls: bool) -> (u64, P, bool) {
        (offset, payload, falls)
    }

    #[inline]
    fn offset(self, &(offset, ..): &(u64, P, bool)) -> u64 {
        offset
    }

    #[inline]
    fn change(self, &(_, payload, falls): &(u64, P, bool)) -> (P, bool) {
        (payload, falls)
    }
}
