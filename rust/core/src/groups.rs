//! Groups: the rows of many step functions composed into those of one, and what comes of them split again.
//!
//! An end of a row of group g becomes a place: g times the width of a group, and 1, and how far the end lies above the
//! lowest. The first and the last place of each group are those of its open ends, so that groups never touch.

use crate::allocation::{many_defaults, room};
use crate::error::Error;
use crate::interrupt::{Interrupt, STRIDE};
use crate::number::Coordinate;
use crate::outline::copy;
use crate::radix;
use crate::threads;

/// The lowest and the highest of all numbers but those to leave out; of no numbers zero.
pub(crate) fn extent(
    [first, second]: [&[i64]; 2],
    leave_out: impl Fn(i64) -> bool + Sync,
    interrupt: &mut Interrupt<'_>,
) -> Result<(i64, i64), Error> {
    let of = |numbers: &[i64], interrupt: &mut Interrupt<'_>| {
        let (mut lowest, mut highest) = (i64::MAX, i64::MIN);
        for block in numbers.chunks(STRIDE) {
            interrupt.pass(block.len())?;
            for &number in block {
                let left_out = leave_out(number);
                lowest = lowest.min(if left_out { i64::MAX } else { number });
                highest = highest.max(if left_out { i64::MIN } else { number });
            }
        }
        Ok((lowest, highest))
    };
    let (one, other) = if threads::pay(first.len()) {
        threads::both(|interrupt| of(first, interrupt), |interrupt| of(second, interrupt), interrupt)?
    } else {
        (of(first, interrupt)?, of(second, interrupt)?)
    };
    let (lowest, highest) = (one.0.min(other.0), one.1.max(other.1));
    Ok(if lowest > highest { (0, 0) } else { (lowest, highest) })
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
    fn new(count: i64, (lowest, highest): (i64, i64)) -> Option<Self> {
        let width = highest.checked_sub(lowest)?.checked_add(3)?;
        width.checked_mul(count)?;
        Some(Line { count, width, lowest, highest })
    }

    /// Turns starts and stops of rows of these groups into places, in place.
    fn compose(
        &self,
        groups: &[i64],
        ends: [&mut [i64]; 2],
        interrupt: &mut Interrupt<'_>,
    ) -> Result<(), Error> {
        let last = self.width.wrapping_sub(1);
        let before = self.lowest.wrapping_sub(1); // wraps where all are far from zero, and so do the differences
        let compose = |ends: &mut [i64], interrupt: &mut Interrupt<'_>| {
            if groups.len() != ends.len() {
                return Err(Error::Refused);
            }
            for (ends, groups) in ends.chunks_mut(STRIDE).zip(groups.chunks(STRIDE)) {
                interrupt.pass(ends.len())?;
                let mut outside = false;
                for (end, &group) in ends.iter_mut().zip(groups) {
                    outside |= !(0..self.count).contains(&group);
                    let offset = match *end {
                        i64::MIN => 0,
                        i64::MAX => last,
                        end => end.wrapping_sub(before),
                    };
                    *end = group.wrapping_mul(self.width).wrapping_add(offset);
                }
                if outside {
                    return Err(Error::Refused);
                }
            }
            Ok(())
        };
        threads::each(groups.len(), ends, compose, interrupt)
    }
}

/// Turns ends into places, in place. `groups` are the numbers, below `count`, of the groups of rows. None, and nothing
/// changed, if places would leave 63 bits. The lowest and the highest integer stand for open ends. O(n).
///
/// ```
/// use intervalues_core::kernels::compose;
/// use intervalues_core::Interrupt;
///
/// let (mut starts, mut stops) = ([5, 6], [7, i64::MAX]);
/// let composed = compose(&[0, 1], [&mut starts, &mut stops], 2, &mut Interrupt::new(&mut || false))?;
/// let line = composed.ok_or("not far apart")?;
/// assert_eq!((line.width, line.lowest, line.highest), (5, 5, 7));
/// assert_eq!([starts, stops], [[1, 5 + 2], [3, 5 + 4]]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`Error::Refused`] if columns do not go together, [`Error::Interrupted`].
pub fn compose(
    groups: &[i64],
    ends: [&mut [i64]; 2],
    count: i64,
    interrupt: &mut Interrupt<'_>,
) -> Result<Option<Line>, Error> {
    let [starts, stops] = &ends;
    let extent = extent([starts, stops], |end| end == i64::MIN || end == i64::MAX, interrupt)?;
    let Some(line) = Line::new(count, extent) else { return Ok(None) };
    line.compose(groups, ends, interrupt)?;
    Ok(Some(line))
}

/// What whole numbers count: units of this size, from an origin on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    origin: i64,
    size: i64,
}

impl Unit {
    /// Themselves.
    pub const ONE: Unit = Unit { origin: 0, size: 1 };

    /// Counts ends in the largest unit in which all of them are whole, from the lowest one on, in place. The lowest and
    /// the highest integer stand for open ends. O(n).
    ///
    /// ```
    /// use intervalues_core::kernels::Unit;
    /// use intervalues_core::Interrupt;
    ///
    /// let (mut starts, mut stops) = ([-30, 90], [60, i64::MAX]);
    /// let never = &mut || false;
    /// let unit = Unit::largest([&mut starts, &mut stops], &mut Interrupt::new(never))?;
    /// assert_eq!((starts, stops), ([0, 4], [3, i64::MAX]));
    /// unit.restore(&mut starts, &mut Interrupt::new(never))?;
    /// assert_eq!(starts, [-30, 90]);
    /// # Ok::<(), intervalues_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Interrupted`]: then some ends are counted.
    pub fn largest(ends: [&mut [i64]; 2], interrupt: &mut Interrupt<'_>) -> Result<Self, Error> {
        let is_open = |end: i64| end == i64::MIN || end == i64::MAX;
        let [starts, stops] = &ends;
        let (lowest, _) = extent([starts, stops], is_open, interrupt)?;
        let mut size = 0;
        for &end in starts.iter().chain(stops.iter()).filter(|&&end| !is_open(end)) {
            interrupt.pass(1)?;
            size = common_divisor(end.abs_diff(lowest), size);
            if size == 1 {
                return Ok(Unit::ONE);
            }
        }
        let Some(size) = i64::try_from(size).ok().filter(|&size| size > 0) else { return Ok(Unit::ONE) };
        let count = |ends: &mut [i64], interrupt: &mut Interrupt<'_>| {
            for end in ends.iter_mut().filter(|end| !is_open(**end)) {
                interrupt.pass(1)?;
                let units = end.abs_diff(lowest).checked_div(size.unsigned_abs());
                *end = units.and_then(|units| i64::try_from(units).ok()).ok_or(Error::Internal)?;
            }
            Ok(())
        };
        threads::each(starts.len(), ends, count, interrupt)?;
        Ok(Unit { origin: lowest, size })
    }

    /// Turns counts back into the numbers that they came from, in place.
    ///
    /// # Errors
    ///
    /// [`Error::Interrupted`]: then some of them are turned.
    pub fn restore(self, counts: &mut [i64], interrupt: &mut Interrupt<'_>) -> Result<(), Error> {
        for block in counts.chunks_mut(STRIDE).filter(|_| self != Unit::ONE) {
            interrupt.pass(block.len())?;
            for count in block {
                *count = self.origin.wrapping_add(count.wrapping_mul(self.size)); // which was an end
            }
        }
        Ok(())
    }
}

/// The greatest common divisor, by Euclid's algorithm. Zero has any.
fn common_divisor(mut number: u64, mut divisor: u64) -> u64 {
    while let Some(rest) = number.checked_rem(divisor) {
        if rest == 0 {
            return divisor;
        }
        (number, divisor) = (divisor, rest);
    }
    number
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
    if starts.len() != stops.len() {
        return Err(Error::Refused);
    }
    let ends = starts.len().saturating_add(stops.len());
    let (mut places, mut finite): (Vec<i64>, Vec<(u64, usize)>) = (room(ends)?, room(ends)?);
    for (index, end) in starts.iter().chain(stops).enumerate() {
        interrupt.pass(1)?;
        let key = end.key(())?;
        if key != opening && key != closing {
            finite.push((key, index));
        }
        // Those in between will have others.
        places.push(if key == opening { i64::MIN } else { i64::MAX });
    }
    let key = |&(key, _): &(u64, usize)| key;
    let mut scratch = many_defaults(finite.len(), interrupt)?;
    let key_bits = radix::varying_bits(&finite, key);
    radix::sort_by_key(&mut finite, &mut scratch, key, key_bits, interrupt)?;
    drop(scratch);
    let mut ranked: Vec<C> = room(finite.len())?;
    let (mut last, mut rank) = (None, 0_i64);
    for &(key, index) in &finite {
        interrupt.pass(1)?;
        if last != Some(key) {
            last = Some(key);
            rank = i64::try_from(ranked.len()).map_err(|_| Error::Internal)?;
            ranked.push(C::from_key(key, ())?);
        }
        *places.get_mut(index).ok_or(Error::Internal)? = rank;
    }
    drop(finite);
    let mut last_places = room(stops.len())?;
    copy(places.get(starts.len()..).ok_or(Error::Internal)?, &mut last_places, interrupt)?;
    places.truncate(starts.len());
    // Without ends in between there is a place for one all the same.
    let line = Line::new(count, (0, rank)).ok_or(Error::Refused)?;
    line.compose(groups, [&mut places, &mut last_places], interrupt)?;
    Ok((line, [places, last_places], ranked))
}

/// The coordinates of ranks. Where all ends are open there are none, and any will do. O(n).
///
/// ```
/// use intervalues_core::kernels::of_ranks;
/// use intervalues_core::Interrupt;
///
/// let coordinates = of_ranks(&[0, 2], &[0.5, 1.5, 2.5], &mut Interrupt::new(&mut || false))?;
/// assert_eq!(coordinates, [0.5, 2.5]);
/// # Ok::<(), intervalues_core::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Refused`] for a rank that there is not, [`Error::OutOfMemory`], [`Error::Interrupted`].
pub fn of_ranks<C: Copy + Default + Send + Sync>(
    ranks: &[i64],
    ranked: &[C],
    interrupt: &mut Interrupt<'_>,
) -> Result<Vec<C>, Error> {
    let mut coordinates: Vec<C> = many_defaults(ranks.len(), interrupt)?;
    let (first, later) = coordinates.split_at_mut_checked(ranks.len() / 2).ok_or(Error::Internal)?;
    let (ranks, later_ranks) = ranks.split_at_checked(first.len()).ok_or(Error::Internal)?;
    let look_up = |(ranks, coordinates): (&[i64], &mut [C]), interrupt: &mut Interrupt<'_>| {
        for (coordinate, &rank) in coordinates.iter_mut().zip(ranks) {
            interrupt.pass(1)?;
            let rank = usize::try_from(rank).map_err(|_| Error::Refused)?;
            *coordinate =
                if ranked.is_empty() { C::default() } else { *ranked.get(rank).ok_or(Error::Refused)? };
        }
        Ok(())
    };
    threads::each(ranked.len(), [(ranks, first), (later_ranks, later)], look_up, interrupt)?;
    Ok(coordinates)
}

/// Turns rising places into coordinates, in place; gives where among them each group begins and where it stops. In
/// between lie places of open ends. O(n + groups).
///
/// ```
/// use intervalues_core::kernels::{Line, split};
/// use intervalues_core::Interrupt;
///
/// let line = Line { count: 2, width: 5, lowest: 5, highest: 7 };
/// let mut points = [1, 3, 7, 9];
/// let (firsts, lasts) = split(&mut points, line, &mut Interrupt::new(&mut || false))?;
/// assert_eq!((points, firsts, lasts), ([5, 7, 6, 7], vec![0, 2], vec![2, 3]));
/// # Ok::<(), intervalues_core::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Refused`] if there can be no such line, [`Error::OutOfMemory`], [`Error::Interrupted`].
pub fn split(
    points: &mut [i64],
    line: Line,
    interrupt: &mut Interrupt<'_>,
) -> Result<(Vec<i64>, Vec<i64>), Error> {
    let groups = usize::try_from(line.count).map_err(|_| Error::Refused)?;
    if line.width < 3 {
        return Err(Error::Refused);
    }
    let (mut firsts, mut lasts) = (room(groups)?, room(groups)?);
    firsts.resize(groups, 0);
    lasts.resize(groups, 0);
    // The first points of a group in the middle: other groups before it, others from it on.
    let middle = points.get(points.len() / 2).map_or(0, |point| point.div_euclid(line.width));
    let middle = middle.clamp(0, line.count);
    let before = points.partition_point(|&point| point < middle.wrapping_mul(line.width)); // which is on the line
    let many = points.len();
    let (points, later_points) = points.split_at_mut_checked(before).ok_or(Error::Internal)?;
    let groups = usize::try_from(middle).map_err(|_| Error::Internal)?;
    let (firsts_before, later_firsts) = firsts.split_at_mut_checked(groups).ok_or(Error::Internal)?;
    let (lasts_before, later_lasts) = lasts.split_at_mut_checked(groups).ok_or(Error::Internal)?;
    let parts = [
        Part { points, index: 0, group: 0, firsts: firsts_before, lasts: lasts_before },
        Part { points: later_points, index: before, group: middle, firsts: later_firsts, lasts: later_lasts },
    ];
    threads::each(many, parts, |part, interrupt| part.split(line, interrupt), interrupt)?;
    Ok((firsts, lasts))
}

/// The points of some groups.
struct Part<'a> {
    points: &'a mut [i64],
    /// How many points lie before.
    index: usize,
    /// The number of the first group.
    group: i64,
    firsts: &'a mut [i64],
    lasts: &'a mut [i64],
}

impl Part<'_> {
    fn split(self, line: Line, interrupt: &mut Interrupt<'_>) -> Result<(), Error> {
        let mut index = i64::try_from(self.index).map_err(|_| Error::Internal)?;
        let mut rest = self.points;
        let mut before = self.group.wrapping_mul(line.width); // the places of earlier groups
        for (first, last) in self.firsts.iter_mut().zip(self.lasts) {
            let next = before.wrapping_add(line.width); // at most all places
            let own = rest.iter().position(|&point| point >= next).unwrap_or(rest.len());
            interrupt.pass(own.saturating_add(1))?;
            let (points, later) = rest.split_at_mut_checked(own).ok_or(Error::Internal)?;
            rest = later;
            // In a group places rise: only the first may be its opening, only the last its closing.
            let opens = points.first().is_some_and(|&point| point <= before);
            let closes = points.last().is_some_and(|&point| point >= next.wrapping_sub(1));
            let shift = before.wrapping_add(1).wrapping_sub(line.lowest);
            for point in &mut *points {
                *point = point.wrapping_sub(shift);
            }
            // Open ends are cut to the coordinates: as if an opening came after all that is before it.
            if let Some(point) = points.first_mut().filter(|_| opens) {
                *point = if before == 0 { line.lowest } else { line.highest };
            }
            if let Some(point) = points.last_mut().filter(|_| closes) {
                *point = line.highest;
            }
            let count = i64::try_from(own).map_err(|_| Error::Internal)?;
            *first = index.wrapping_add(i64::from(opens)); // at most as many as there are points
            index = index.wrapping_add(count);
            *last = index.wrapping_sub(i64::from(closes)).max(*first);
            before = next;
        }
        // Of points beyond the line there are none.
        if rest.is_empty() { Ok(()) } else { Err(Error::Refused) }
    }
}

#[cfg(test)]
mod tests;
