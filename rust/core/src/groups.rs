//! Groups: the rows of many step functions composed into those of one, and what comes of them split again.
//!
//! An end of a row of group g becomes a place: g times the width of a group, and 1, and how far the end lies above the
//! lowest. The first and the last place of each group are those of its open ends, so that groups never touch.

use std::hash::{BuildHasher, RandomState};

use crate::allocation::{many_defaults, room};
use crate::error::Error;
use crate::interrupt::{Interrupt, STRIDE};
use crate::number::Coordinate;
use crate::radix;
use crate::threads;

/// With at most so many possible keys to a row a table of them all is small enough.
const NARROW: u64 = 4;
/// So many slots at first where keys are looked up by their hash; a power of two.
const SLOTS: usize = 1 << 10;

/// Numbers keys in the order of their first appearance: gives the number of each, and the distinct ones. O(n).
///
/// ```
/// use intervalues_core::kernels::number_keys;
/// use intervalues_core::Interrupt;
///
/// let (numbers, distinct) = number_keys(&[7, 3, 7], &mut Interrupt::new(&mut || false))?;
/// assert_eq!((numbers, distinct), (vec![0, 1, 0], vec![7, 3]));
/// # Ok::<(), intervalues_core::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Refused`] if there are four billion distinct ones, [`Error::OutOfMemory`], [`Error::Interrupted`].
pub fn number_keys(keys: &[i64], interrupt: &mut Interrupt<'_>) -> Result<(Vec<i64>, Vec<i64>), Error> {
    let (lowest, highest) = extent([keys], |_| false, interrupt)?;
    let span = highest.abs_diff(lowest);
    let mut numbered = Numbered { numbers: room(keys.len())?, distinct: Vec::new() };
    let rows = u64::try_from(keys.len()).unwrap_or(u64::MAX);
    if span / NARROW <= rows {
        let slots = usize::try_from(span).map_err(|_| Error::Internal)?.saturating_add(1);
        let mut slots: Vec<u32> = many_defaults(slots, interrupt)?;
        for block in keys.chunks(STRIDE) {
            interrupt.pass(block.len())?;
            for &key in block {
                let place = usize::try_from(key.abs_diff(lowest)).map_err(|_| Error::Internal)?;
                let slot = slots.get_mut(place).ok_or(Error::Internal)?;
                if *slot == 0 {
                    *slot = numbered.add(key)?;
                }
                numbered.numbers.push(i64::from(*slot).wrapping_sub(1));
            }
        }
    } else {
        let mut slots = Slots::new(SLOTS, interrupt)?;
        for block in keys.chunks(STRIDE) {
            interrupt.pass(block.len())?;
            for &key in block {
                let mut place = slots.place(key, &numbered.distinct)?;
                if slots.number(place)? == 0 {
                    if numbered.distinct.len() >= slots.most() {
                        slots = slots.grown(&numbered.distinct, interrupt)?;
                        place = slots.place(key, &numbered.distinct)?;
                    }
                    *slots.slots.get_mut(place).ok_or(Error::Internal)? = numbered.add(key)?;
                }
                numbered.numbers.push(i64::from(slots.number(place)?).wrapping_sub(1));
            }
        }
    }
    Ok((numbered.numbers, numbered.distinct))
}

/// The lowest and the highest of all numbers but those to leave out; of no numbers zero.
fn extent<const N: usize>(
    columns: [&[i64]; N],
    leave_out: impl Fn(i64) -> bool,
    interrupt: &mut Interrupt<'_>,
) -> Result<(i64, i64), Error> {
    let (mut lowest, mut highest) = (i64::MAX, i64::MIN);
    for block in columns.into_iter().flat_map(|column| column.chunks(STRIDE)) {
        interrupt.pass(block.len())?;
        for &number in block {
            let left_out = leave_out(number);
            lowest = lowest.min(if left_out { i64::MAX } else { number });
            highest = highest.max(if left_out { i64::MIN } else { number });
        }
    }
    Ok(if lowest > highest { (0, 0) } else { (lowest, highest) })
}

/// Numbers in the making.
struct Numbered {
    numbers: Vec<i64>,
    distinct: Vec<i64>,
}

impl Numbered {
    /// Takes a new key; gives its number and 1.
    fn add(&mut self, key: i64) -> Result<u32, Error> {
        self.distinct.try_reserve(1)?;
        self.distinct.push(key);
        u32::try_from(self.distinct.len()).map_err(|_| Error::Refused)
    }
}

/// The numbers of keys, each and 1, where their hash says or in the next free slot. 0 is free.
struct Slots {
    slots: Vec<u32>,
    /// Nobody knows it, so nobody can make keys that all have one hash.
    seed: u64,
}

impl Slots {
    fn new(slots: usize, interrupt: &mut Interrupt<'_>) -> Result<Self, Error> {
        Ok(Slots { slots: many_defaults(slots, interrupt)?, seed: RandomState::new().hash_one(slots) })
    }

    /// How many keys may be in it.
    fn most(&self) -> usize {
        self.slots.len() / 2
    }

    /// The same keys in four times the slots.
    fn grown(&self, distinct: &[i64], interrupt: &mut Interrupt<'_>) -> Result<Self, Error> {
        let mut grown = Slots::new(self.slots.len().saturating_mul(4), interrupt)?;
        for (&key, number) in distinct.iter().zip(1_u32..) {
            interrupt.pass(1)?;
            let place = grown.place(key, distinct)?;
            *grown.slots.get_mut(place).ok_or(Error::Internal)? = number;
        }
        Ok(grown)
    }

    fn number(&self, place: usize) -> Result<u32, Error> {
        self.slots.get(place).copied().ok_or(Error::Internal)
    }

    /// Where a key is, or the free slot where it belongs.
    #[inline]
    fn place(&self, key: i64, distinct: &[i64]) -> Result<usize, Error> {
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15; // 2 ** 64 over the golden ratio

        let key_bits = u64::from_ne_bytes(key.to_ne_bytes());
        let product = u128::from(key_bits ^ self.seed).wrapping_mul(u128::from(ODD));
        // Both halves of the product together depend on all bits.
        let hash = (product ^ product.wrapping_shr(u64::BITS)) & u128::from(u64::MAX);
        let mask = self.slots.len().wrapping_sub(1);
        let mut place = usize::try_from(hash).map_err(|_| Error::Internal)? & mask;
        loop {
            let number = self.number(place)?;
            let Some(index) = number.checked_sub(1) else { return Ok(place) };
            let index = usize::try_from(index).map_err(|_| Error::Internal)?;
            if distinct.get(index) == Some(&key) {
                return Ok(place);
            }
            place = place.wrapping_add(1) & mask;
        }
    }
}

/// The line that places lie on: so many groups, each of a width, with coordinates from the lowest to the highest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// How many groups there are.
    pub count: i64,
    /// How many places each of them has.
    pub width: i64,
    /// The lowest coordinate, or rank.
    pub lowest: i64,
    /// The highest coordinate, or rank.
    pub highest: i64,
}

impl Line {
    /// None if the places would leave 63 bits.
    fn new(count: i64, lowest: i64, highest: i64) -> Option<Self> {
        let width = highest.checked_sub(lowest)?.checked_add(3)?;
        width.checked_mul(count)?;
        Some(Line { count, width, lowest, highest })
    }
}

/// Turns ends into places. `groups` are the numbers, below `count`, of the groups of rows. None if places would leave 63
/// bits. The lowest and the highest integer stand for open ends. O(n).
///
/// ```
/// use intervalues_core::kernels::compose;
/// use intervalues_core::Interrupt;
///
/// let (starts, stops) = ([5, 6], [7, i64::MAX]);
/// let composed = compose(&[0, 1], [&starts, &stops], 2, &mut Interrupt::new(&mut || false))?;
/// let (line, places) = composed.ok_or("not far apart")?;
/// assert_eq!((line.width, line.lowest, line.highest), (5, 5, 7));
/// assert_eq!(places, [[1, 5 + 2], [3, 5 + 4]]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`Error::Refused`] if columns do not go together, [`Error::OutOfMemory`], [`Error::Interrupted`].
#[expect(clippy::type_complexity, reason = "a line and two columns, or none")]
pub fn compose(
    groups: &[i64],
    [starts, stops]: [&[i64]; 2],
    count: i64,
    interrupt: &mut Interrupt<'_>,
) -> Result<Option<(Line, [Vec<i64>; 2])>, Error> {
    let is_open = |end| end == i64::MIN || end == i64::MAX;
    let (lowest, highest) = extent([starts, stops], is_open, interrupt)?;
    let Some(line) = Line::new(count, lowest, highest) else { return Ok(None) };
    let last = line.width.wrapping_sub(1);
    let before = lowest.wrapping_sub(1); // wraps where all are far from zero, and so do the differences
    let offset = |end: i64| match end {
        i64::MIN => 0,
        i64::MAX => last,
        _ => end.wrapping_sub(before),
    };
    Ok(Some((line, all_places(groups, [starts, stops], offset, line, interrupt)?)))
}

/// The places of starts and of stops.
fn all_places(
    groups: &[i64],
    [starts, stops]: [&[i64]; 2],
    offset: impl Fn(i64) -> i64 + Copy + Sync,
    line: Line,
    interrupt: &mut Interrupt<'_>,
) -> Result<[Vec<i64>; 2], Error> {
    let of_starts = |interrupt: &mut Interrupt<'_>| places(groups, starts, offset, line, interrupt);
    let of_stops = |interrupt: &mut Interrupt<'_>| places(groups, stops, offset, line, interrupt);
    if threads::pay(groups.len()) {
        return Ok(threads::both(of_starts, of_stops, interrupt)?.into());
    }
    Ok([of_starts(interrupt)?, of_stops(interrupt)?])
}

/// Adds to the offsets of ends within a group what is before it.
fn places(
    groups: &[i64],
    ends: &[i64],
    offset: impl Fn(i64) -> i64,
    line: Line,
    interrupt: &mut Interrupt<'_>,
) -> Result<Vec<i64>, Error> {
    if groups.len() != ends.len() {
        return Err(Error::Refused);
    }
    let mut places = room(groups.len())?;
    for (groups, ends) in groups.chunks(STRIDE).zip(ends.chunks(STRIDE)) {
        interrupt.pass(groups.len())?;
        let mut outside = false;
        places.extend(groups.iter().zip(ends).map(|(&group, &end)| {
            outside |= !(0..line.count).contains(&group);
            group.wrapping_mul(line.width).wrapping_add(offset(end))
        }));
        if outside {
            return Err(Error::Refused);
        }
    }
    Ok(places)
}

/// Turns ends, of which two are open, into places of their ranks; gives the coordinates of the ranks, too. O(n) for ends
/// spread over their range, O(n log n) at worst.
///
/// ```
/// use intervalues_core::kernels::compose_ranks;
/// use intervalues_core::Interrupt;
///
/// let (starts, stops, open) = ([0.5, -9.0], [3.5, 0.5], [f64::NEG_INFINITY, f64::INFINITY]);
/// let never = &mut || false;
/// let (line, places, ranked) = compose_ranks(&[0, 1], [&starts, &stops], open, 2, &mut Interrupt::new(never))?;
/// assert_eq!((line.width, ranked), (5, vec![-9.0, 0.5, 3.5]));
/// assert_eq!(places, [[2, 5 + 1], [3, 5 + 2]]);
/// # Ok::<(), intervalues_core::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Refused`] if columns do not go together, [`Error::NotANumber`], [`Error::OutOfMemory`],
/// [`Error::Interrupted`].
#[expect(clippy::type_complexity, reason = "a line and three columns")]
pub fn compose_ranks<C: Coordinate<Frame = ()>>(
    groups: &[i64],
    [starts, stops]: [&[C]; 2],
    [opening, closing]: [C; 2],
    count: i64,
    interrupt: &mut Interrupt<'_>,
) -> Result<(Line, [Vec<i64>; 2], Vec<C>), Error> {
    let (opening, closing) = (opening.key(())?, closing.key(())?);
    let ends = starts.len().saturating_add(stops.len());
    let mut offsets: Vec<i64> = room(ends)?;
    let mut finite: Vec<(u64, usize)> = room(ends)?;
    for (index, end) in starts.iter().chain(stops).enumerate() {
        interrupt.pass(1)?;
        let key = end.key(())?;
        if key != opening && key != closing {
            finite.push((key, index));
        }
        // Those in between will have others.
        offsets.push(if key == closing { i64::MAX } else { 0 });
    }
    let key = |&(key, _): &(u64, usize)| key;
    let mut scratch = many_defaults(finite.len(), interrupt)?;
    let key_bits = radix::varying_bits(&finite, key);
    radix::sort_by_key(&mut finite, &mut scratch, key, key_bits, interrupt)?;
    drop(scratch);
    let mut ranked: Vec<C> = Vec::new();
    let (mut last, mut rank) = (None, 0_i64);
    for &(key, index) in &finite {
        interrupt.pass(1)?;
        if last != Some(key) {
            last = Some(key);
            ranked.try_reserve(1)?;
            ranked.push(C::from_key(key, ())?);
            rank = rank.wrapping_add(1); // at most as many as there are ends
        }
        *offsets.get_mut(index).ok_or(Error::Internal)? = rank;
    }
    let highest = rank.saturating_sub(1).max(0);
    let line = Line::new(count, 0, highest).ok_or(Error::Refused)?;
    // Without ends in between there is a place for one all the same.
    let last = line.width.wrapping_sub(1);
    let (first, second) = offsets.split_at_checked(starts.len()).ok_or(Error::Internal)?;
    let places = all_places(groups, [first, second], |offset| offset.min(last), line, interrupt)?;
    Ok((line, places, ranked))
}

/// Gives rising places as coordinates, and where among them each group begins and where it stops. In between lie places
/// of open ends. `coordinate` gives that of a whole number from the lowest to the highest. O(n + groups).
///
/// ```
/// use intervalues_core::kernels::{Line, split};
/// use intervalues_core::Interrupt;
///
/// let line = Line { count: 2, width: 5, lowest: 5, highest: 7 };
/// let (coordinates, firsts, lasts) = split(&[1, 3, 7, 9], line, Some, &mut Interrupt::new(&mut || false))?;
/// assert_eq!((coordinates, firsts, lasts), (vec![5, 7, 6, 7], vec![0, 2], vec![2, 3]));
/// # Ok::<(), intervalues_core::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Refused`] if `coordinate` gives none, [`Error::OutOfMemory`], [`Error::Interrupted`].
#[expect(clippy::type_complexity, reason = "three columns")]
pub fn split<C: Copy>(
    points: &[i64],
    line: Line,
    coordinate: impl Fn(i64) -> Option<C>,
    interrupt: &mut Interrupt<'_>,
) -> Result<(Vec<C>, Vec<i64>, Vec<i64>), Error> {
    let Line { count, width, lowest, .. } = line;
    let farthest = width.checked_sub(3).filter(|&farthest| farthest >= 0).ok_or(Error::Refused)?;
    let mut bounds = Bounds::new(count)?;
    let mut coordinates = room(points.len())?;
    // The next place that lies beyond what came last: the first coordinate of a group, or its open end.
    let mut next = if count > 0 { 1 } else { i64::MAX };
    let mut before = 0_i64; // the places of earlier groups
    let mut index = 0_i64;
    for block in points.chunks(STRIDE) {
        interrupt.pass(block.len())?;
        for &point in block {
            while point >= next && bounds.lasts.len() < bounds.groups {
                interrupt.pass(1)?;
                if bounds.firsts.len() == bounds.lasts.len() {
                    bounds.firsts.push(index);
                    before = next.wrapping_sub(1);
                    next = before.wrapping_add(width).wrapping_sub(1); // at most the last place
                } else {
                    bounds.lasts.push(index);
                    next = next.saturating_add(2);
                }
            }
            // An open end is cut to the coordinates.
            let offset = point.wrapping_sub(before).wrapping_sub(1).max(0).min(farthest);
            coordinates.push(coordinate(lowest.wrapping_add(offset)).ok_or(Error::Refused)?);
            index = index.wrapping_add(1); // at most as many as points
        }
    }
    bounds.firsts.resize(bounds.groups, index);
    bounds.lasts.resize(bounds.groups, index);
    Ok((coordinates, bounds.firsts, bounds.lasts))
}

/// Where groups begin and stop.
struct Bounds {
    groups: usize,
    firsts: Vec<i64>,
    lasts: Vec<i64>,
}

impl Bounds {
    fn new(count: i64) -> Result<Self, Error> {
        let groups = usize::try_from(count).map_err(|_| Error::Refused)?;
        Ok(Bounds { groups, firsts: room(groups)?, lasts: room(groups)? })
    }
}

#[cfg(test)]
mod tests;
