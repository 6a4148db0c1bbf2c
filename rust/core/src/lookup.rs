//! Looking up: which level of a step function holds at each of many points.

use crate::allocation::{many_defaults, room};
use crate::error::Error;
use crate::interrupt::{Interrupt, STRIDE};
use crate::number::float::{float_of, floor, key_of};
use crate::outline::copy;
use crate::payload::sealed::Sealed;
use crate::radix::bits;
use crate::threads;

/// How many points are looked up at a time: memory is waited for together, and the nearest cache holds them.
const TOGETHER: usize = 256;
/// An index is made for at least one point in so many breakpoints.
const WORTH: usize = 16;
/// Places of the index with more breakpoints than this are crowded.
const CROWD: u32 = 16;
/// More parts would take too much memory.
const MOST_BITS: u32 = 30;
/// A part seldom holds more breakpoints than this that are not after a point in it.
const NEAR: usize = 3;

/// A breakpoint, or a point that is looked up among them: `i64`, or `f64` but NaN.
pub trait Place: Copy + PartialOrd + Send + Sync + Sealed {
    /// The place just before this one; the lowest of all stays.
    fn previous(self) -> Self;

    /// Which part of the line from `lowest` to `highest` the place lies in, of so many parts (two to the power of
    /// `part_bits`, and one more). A later place lies in no earlier part. None if it is not to be divided.
    #[doc(hidden)]
    fn parts(
        lowest: Self,
        highest: Self,
        part_bits: u32,
    ) -> Option<impl Fn(Self) -> u64 + Copy + Send + Sync>;
}

impl Place for i64 {
    #[inline]
    fn previous(self) -> Self {
        self.saturating_sub(1)
    }

    fn parts(lowest: i64, highest: i64, part_bits: u32) -> Option<impl Fn(i64) -> u64 + Copy + Send + Sync> {
        let shift = bits(highest.abs_diff(lowest)).saturating_sub(part_bits);
        (shift < u64::BITS)
            .then_some(move |place: i64| place.clamp(lowest, highest).abs_diff(lowest).wrapping_shr(shift))
    }
}

impl Place for f64 {
    #[inline]
    fn previous(self) -> Self {
        match key_of(self) {
            // Below the one key of the two zeros there is none for the negative one.
            Some(key) if self == 0.0 => float_of(key.wrapping_sub(2)),
            Some(key) if self != f64::NEG_INFINITY => float_of(key.wrapping_sub(1)),
            _ => self,
        }
    }

    fn parts(lowest: f64, highest: f64, part_bits: u32) -> Option<impl Fn(f64) -> u64 + Copy + Send + Sync> {
        /// Added to a float below it, this leaves the float, rounded to a whole number, in the lowest bits.
        const WHOLE: f64 = 4_503_599_627_370_496.0; // 2 ** 52

        let scale = f64::from(1_u32.wrapping_shl(part_bits)) / (highest - lowest);
        // Not with next to no distance or all too much between them. Subtracting, scaling and rounding keep the order.
        scale.is_normal().then_some(move |place: f64| {
            ((place.max(lowest).min(highest) - lowest) * scale + WHOLE).to_bits() ^ WHOLE.to_bits()
        })
    }
}

/// The last 64-bit integer that is not after a float, or that is before it; none if all are after it, or if it is NaN.
///
/// ```
/// use intervalues_core::kernels::last_integer;
///
/// assert_eq!([last_integer(2.0, true), last_integer(2.0, false)], [Some(2), Some(1)]);
/// assert_eq!([last_integer(-0.5, true), last_integer(-0.5, false)], [Some(-1), Some(-1)]);
/// assert_eq!([last_integer(f64::INFINITY, true), last_integer(-1e300, true)], [Some(i64::MAX), None]);
/// ```
#[must_use]
#[inline]
pub fn last_integer(float: f64, included: bool) -> Option<i64> {
    const LOWEST: f64 = -9_223_372_036_854_775_808.0; // -2 ** 63

    let (last, is_integer) = floor(float);
    let last = last.checked_sub(i64::from(is_integer && !included))?;
    (float >= LOWEST).then_some(last)
}

/// How many breakpoints are not after a place. O(log n).
#[must_use]
pub fn position<C: PartialOrd>(points: &[C], place: C) -> usize {
    points.partition_point(|point| *point <= place)
}

/// The levels at many points, each given as the last place whose breakpoint counts, and whether there is none.
///
/// Of one point, `place` gives the last place at which a breakpoint takes effect there: the point itself, or the
/// place just before it. O(n + m) for points spread over their range, O(m log n) at worst.
///
/// ```
/// use intervalues_core::kernels::levels_at;
/// use intervalues_core::Interrupt;
///
/// let (points, levels) = ([1, 3], [0, 2, 7]);
/// let found = levels_at(&points, &levels, &[0, 1, 9], |x| (x, false), &mut Interrupt::new(&mut || false))?;
/// assert_eq!(found, [0, 2, 7]);
/// # Ok::<(), intervalues_core::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Refused`] if `place` fails, [`Error::OutOfMemory`], [`Error::Interrupted`]. [`Error::Internal`] if there
/// are too few levels.
pub fn levels_at<C: Place, L: Copy + Send + Sync, X: Copy + Sync>(
    points: &[C],
    levels: &[L],
    xs: &[X],
    place: impl Fn(X) -> (C, bool) + Copy + Sync,
    interrupt: &mut Interrupt<'_>,
) -> Result<Vec<L>, Error> {
    let many = xs.len() > TOGETHER && xs.len() >= points.len() / WORTH;
    if let (Some(&lowest), Some(&highest), true) = (points.first(), points.last(), many) {
        let part_bits = bits(u64::try_from(points.len()).unwrap_or(u64::MAX)).min(MOST_BITS);
        if let Some(part) = C::parts(lowest, highest, part_bits) {
            if let Some(index) = Index::new(points, part, part_bits, interrupt)? {
                return look_up(levels, xs, place, |places, found| index.positions(places, found), interrupt);
            }
        }
    }
    look_up(levels, xs, place, |places, found| search(points, places, found), interrupt)
}

/// Looks up with one thread or two.
fn look_up<C: Place, L: Copy + Send + Sync, X: Copy + Sync>(
    levels: &[L],
    xs: &[X],
    place: impl Fn(X) -> (C, bool) + Copy + Sync,
    find: impl Fn(&[C], &mut [usize]) -> Result<(), Error> + Sync,
    interrupt: &mut Interrupt<'_>,
) -> Result<Vec<L>, Error> {
    let mut found = room(xs.len())?;
    if !threads::pay(xs.len()) {
        look_up_all(levels, xs, place, &find, &mut found, interrupt)?;
        return Ok(found);
    }
    let (first, second) = xs.split_at(xs.len() / 2);
    let ((), later) = threads::both(
        |interrupt| look_up_all(levels, first, place, &find, &mut found, interrupt),
        |interrupt| {
            let mut found = room(second.len())?;
            look_up_all(levels, second, place, &find, &mut found, interrupt).map(|()| found)
        },
        interrupt,
    )?;
    copy(&later, &mut found, interrupt)?;
    Ok(found)
}

/// Looks up block by block; for what is found there is room.
fn look_up_all<C: Place, L: Copy, X: Copy>(
    levels: &[L],
    xs: &[X],
    place: impl Fn(X) -> (C, bool),
    find: impl Fn(&[C], &mut [usize]) -> Result<(), Error>,
    found: &mut Vec<L>,
    interrupt: &mut Interrupt<'_>,
) -> Result<(), Error> {
    let lowest = *levels.first().ok_or(Error::Internal)?;
    let Some(&first) = xs.first() else { return Ok(()) };
    let (mut places, mut positions) = ([place(first).0; TOGETHER], [0; TOGETHER]);
    for block in xs.chunks(TOGETHER) {
        interrupt.pass(block.len())?;
        let mut any_failed = false;
        for (slot, &x) in places.iter_mut().zip(block) {
            let (place, failed) = place(x);
            *slot = place;
            any_failed |= failed;
        }
        if any_failed {
            return Err(Error::Refused);
        }
        let places = places.get(..block.len()).ok_or(Error::Internal)?;
        let positions = positions.get_mut(..block.len()).ok_or(Error::Internal)?;
        find(places, positions)?;
        let mut outside = false;
        found.extend(positions.iter().map(|&position| {
            let level = levels.get(position);
            outside |= level.is_none();
            level.copied().unwrap_or(lowest)
        }));
        if outside {
            return Err(Error::Internal);
        }
    }
    Ok(())
}

/// The positions of places, all in step: so memory is waited for together.
pub(crate) fn search<C: Place>(points: &[C], places: &[C], positions: &mut [usize]) -> Result<(), Error> {
    positions.fill(0);
    let is_after = |place: C, position: usize| points.get(position).is_some_and(|&point| point <= place);
    let mut rest = points.len();
    while rest > 1 {
        let half = rest / 2;
        for (position, &place) in positions.iter_mut().zip(places) {
            let middle = position.wrapping_add(half); // less than the number of points
            *position = if is_after(place, middle) { middle } else { *position };
        }
        rest = rest.saturating_sub(half);
    }
    for (position, &place) in positions.iter_mut().zip(places) {
        *position = position.wrapping_add(usize::from(is_after(place, *position)));
    }
    Ok(())
}

/// How many breakpoints lie before each of many equal parts of the line.
struct Index<'a, C, P> {
    points: &'a [C],
    part: P,
    before: Vec<u32>,
}

impl<'a, C: Place, P: Fn(C) -> u64> Index<'a, C, P> {
    /// None if it would not help: there are all too many breakpoints, or most of them crowd together.
    fn new(
        points: &'a [C],
        part: P,
        part_bits: u32,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<Option<Self>, Error> {
        let Ok(count) = u32::try_from(points.len()) else { return Ok(None) };
        let parts = usize::try_from(1_u64.wrapping_shl(part_bits)).map_err(|_| Error::Internal)?;
        let mut before: Vec<u32> = many_defaults(parts.saturating_add(2), interrupt)?;
        let mut seen = 0_u32;
        for block in points.chunks(STRIDE) {
            interrupt.pass(block.len())?;
            for &point in block {
                seen = seen.wrapping_add(1); // at most as many as points
                let next = usize::try_from(part(point)).ok().and_then(|part| part.checked_add(1));
                *next.and_then(|next| before.get_mut(next)).ok_or(Error::Internal)? = seen;
            }
        }
        let (mut last, mut crowded) = (0_u32, 0_u32);
        for block in before.chunks_mut(STRIDE) {
            interrupt.pass(block.len())?;
            for place in block {
                let here = place.saturating_sub(last);
                crowded = crowded.saturating_add(if here > CROWD { here } else { 0 });
                last = last.max(*place);
                *place = last;
            }
        }
        Ok((crowded <= count / 4).then_some(Index { points, part, before }))
    }

    /// The positions of places.
    fn positions(&self, places: &[C], positions: &mut [usize]) -> Result<(), Error> {
        let mut outside = false;
        for (position, &place) in positions.iter_mut().zip(places) {
            let before = self.before(place, 0);
            outside |= before.is_none();
            *position = before.unwrap_or_default();
        }
        if outside {
            return Err(Error::Internal);
        }
        // Round by round, so that a round is little work and many of them wait for memory at a time.
        for _ in 1..NEAR {
            for (position, &place) in positions.iter_mut().zip(places) {
                let passes = self.points.get(*position).is_some_and(|&point| point <= place);
                *position = position.wrapping_add(usize::from(passes)); // at most as many as points
            }
        }
        for (position, &place) in positions.iter_mut().zip(places) {
            if self.points.get(*position).is_some_and(|&point| point <= place) {
                *position = self.far(place, *position)?;
            }
        }
        Ok(())
    }

    /// How many breakpoints lie before the part of a place, or before a later one.
    #[inline]
    fn before(&self, place: C, later: usize) -> Option<usize> {
        let part = usize::try_from((self.part)(place)).ok()?;
        usize::try_from(*self.before.get(part.checked_add(later)?)?).ok()
    }

    /// The position of a place in a part that holds more breakpoints than usual, of which those before `first` are
    /// not after it.
    #[cold]
    fn far(&self, place: C, first: usize) -> Result<usize, Error> {
        let last = self.before(place, 1).ok_or(Error::Internal)?;
        let here = self.points.get(first..last).ok_or(Error::Internal)?;
        Ok(first.saturating_add(position(here, place)))
    }
}

#[cfg(test)]
mod tests;
