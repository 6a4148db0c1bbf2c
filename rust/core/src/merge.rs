//! The merge: two step functions in, level by level an operation of both out.

use std::cell::Cell;

use crate::allocation::room;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::outline::shrunk;
use crate::step_function::StepColumns;

/// How many steps are merged at a time: what they need fits the nearest cache.
const STEPS: usize = 256;
/// With so many breakpoints of one function before the next one of the other, those are done by themselves.
const LONG: usize = 48;

/// The steps of a function that are still to be merged, and the level before them.
#[derive(Clone, Copy)]
struct Steps<'a, C, L> {
    points: &'a [C],
    levels: &'a [L],
    first: L,
}

impl<'a, C: Copy, L: Copy> Steps<'a, C, L> {
    fn of(columns: StepColumns<'a, C, L>) -> Result<Self, Error> {
        let StepColumns { points, levels } = columns;
        let first = *levels.first().ok_or(Error::Internal)?;
        Ok(Steps { points, levels, first })
    }

    /// Takes away the steps before a place, and gives them.
    fn take(&mut self, place: usize) -> Result<Self, Error> {
        let (points, later) = self.points.split_at_checked(place).ok_or(Error::Internal)?;
        let levels = self.levels.get(..=place).ok_or(Error::Internal)?;
        let before = Steps { points, levels, first: self.first };
        let levels = self.levels.get(place..).ok_or(Error::Internal)?;
        *self = Steps::of(StepColumns { points: later, levels })?;
        Ok(before)
    }
}

/// Whose breakpoints a merged function has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Points<C> {
    /// Those of the first function, all of them.
    First,
    /// Those of the second function, all of them.
    Second,
    /// Its own.
    Own(Vec<C>),
}

/// Applies an operation to both levels at every point, and leaves out breakpoints at which the level stays. O(n + m).
///
/// The operation gives the level, and whether that failed. Breakpoints have an order and levels an equality: no NaN.
/// Where one function has no breakpoints and all of the other stay, they are not copied.
///
/// ```
/// use intervalues_core::kernels::{Points, StepColumns, merge};
/// use intervalues_core::Interrupt;
///
/// let one = StepColumns::new(&[1, 3], &[0_i64, 2, 0])?;
/// let other = StepColumns::new(&[2, 3], &[0_i64, 5, 7])?;
/// let (points, levels) = merge(one, other, i64::overflowing_add, &mut Interrupt::new(&mut || false))?;
/// assert_eq!(points, Points::Own(vec![1, 2]));
/// assert_eq!(levels, [0, 2, 7]);
/// # Ok::<(), intervalues_core::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Overflow`] if the operation failed, [`Error::OutOfMemory`], [`Error::Interrupted`].
pub fn merge<C, X, Y, R>(
    a: StepColumns<'_, C, X>,
    b: StepColumns<'_, C, Y>,
    operation: impl Fn(X, Y) -> (R, bool) + Copy,
    interrupt: &mut Interrupt<'_>,
) -> Result<(Points<C>, Vec<R>), Error>
where
    C: Copy + PartialOrd,
    X: Copy,
    Y: Copy,
    R: Copy + PartialEq,
{
    let (a, b) = (Steps::of(a)?, Steps::of(b)?);
    let first = operation(a.first, b.first);
    if b.points.is_empty() {
        let mut merged = Merged::of(a.points, first)?;
        merged.map(a, move |x| operation(x, b.first), interrupt)?;
        merged.finish(Points::First, interrupt)
    } else if a.points.is_empty() {
        let mut merged = Merged::of(b.points, first)?;
        merged.map(b, move |y| operation(a.first, y), interrupt)?;
        merged.finish(Points::Second, interrupt)
    } else {
        let mut merged = Merged::new(a.points.len().saturating_add(b.points.len()), first)?;
        merged.merge(a, b, operation, interrupt)?;
        merged.finish(Points::First, interrupt)
    }
}

/// A step function in the making. Steps that change nothing leave no breakpoint.
struct Merged<'a, C, R> {
    /// The breakpoints, if they are others than the shared ones.
    points: Option<Vec<C>>,
    shared: &'a [C],
    levels: Vec<R>,
}

impl<'a, C: Copy + PartialOrd, R: Copy + PartialEq> Merged<'a, C, R> {
    fn new(steps: usize, first: (R, bool)) -> Result<Self, Error> {
        let mut merged = Merged { points: Some(room(steps)?), shared: &[], levels: Vec::new() };
        merged.begin(steps, first)?;
        Ok(merged)
    }

    /// A function with steps at these breakpoints.
    fn of(shared: &'a [C], first: (R, bool)) -> Result<Self, Error> {
        let mut merged = Merged { points: None, shared, levels: Vec::new() };
        merged.begin(shared.len(), first)?;
        Ok(merged)
    }

    fn begin(&mut self, steps: usize, (first, failed): (R, bool)) -> Result<(), Error> {
        self.levels = room(steps.saturating_add(1))?;
        self.levels.push(first);
        if failed { Err(Error::Overflow) } else { Ok(()) }
    }

    fn finish(self, shared: Points<C>, interrupt: &mut Interrupt<'_>) -> Result<(Points<C>, Vec<R>), Error> {
        let points = match self.points {
            Some(points) => Points::Own(shrunk(points, interrupt)?),
            None => shared,
        };
        Ok((points, shrunk(self.levels, interrupt)?))
    }

    /// Merges two functions whose breakpoints come after all so far.
    fn merge<X: Copy, Y: Copy>(
        &mut self,
        mut a: Steps<'_, C, X>,
        mut b: Steps<'_, C, Y>,
        operation: impl Fn(X, Y) -> (R, bool) + Copy,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<(), Error> {
        let Some(&point) = a.points.first() else {
            return self.map(b, move |y| operation(a.first, y), interrupt);
        };
        let mut aligned = Aligned { points: [point; STEPS], xs: [a.first; STEPS], ys: [b.first; STEPS] };
        while let (Some(&x), Some(&y)) = (a.points.first(), b.points.first()) {
            if a.points.get(LONG).is_some_and(|&later| later < y) {
                let run = a.take(before(a.points, y))?;
                self.map(run, move |x| operation(x, b.first), interrupt)?;
            } else if b.points.get(LONG).is_some_and(|&later| later < x) {
                let run = b.take(before(b.points, x))?;
                self.map(run, move |y| operation(a.first, y), interrupt)?;
            } else {
                let steps = aligned.fill(&mut a, &mut b)?;
                interrupt.pass(steps)?;
                let points = aligned.points.get(..steps).ok_or(Error::Internal)?;
                let pairs = aligned.xs.iter().zip(&aligned.ys).take(steps);
                self.extend(points, pairs.map(move |(&x, &y)| operation(x, y)))?;
            }
        }
        let (last_of_a, last_of_b) = (a.first, b.first);
        self.map(a, move |x| operation(x, last_of_b), interrupt)?;
        self.map(b, move |y| operation(last_of_a, y), interrupt)
    }

    /// Applies an operation to one function whose breakpoints come after all so far.
    fn map<X: Copy>(
        &mut self,
        a: Steps<'_, C, X>,
        operation: impl Fn(X) -> (R, bool) + Copy,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<(), Error> {
        let levels = a.levels.get(1..).unwrap_or_default();
        for (points, levels) in a.points.chunks(STEPS).zip(levels.chunks(STEPS)) {
            interrupt.pass(points.len())?;
            self.extend(points, levels.iter().map(move |&x| operation(x)))?;
        }
        Ok(())
    }

    /// Writes down steps, and whether they failed. A loop of its own, so that all it needs stays in registers.
    #[inline(never)]
    fn extend(
        &mut self,
        points: &[C],
        levels: impl ExactSizeIterator<Item = (R, bool)>,
    ) -> Result<(), Error> {
        let written = self.levels.len();
        // Room was made for all steps: more of them would be a bug, and must not allocate.
        if self.levels.capacity().saturating_sub(written) < levels.len() || levels.len() != points.len() {
            return Err(Error::Internal);
        }
        // As wide as a level, so that the compiler can do many in one step.
        let mut failures = 0_u64;
        self.levels.extend(levels.map(|(level, failed)| {
            failures |= u64::from(failed);
            level
        }));
        if failures > 0 {
            return Err(Error::Overflow);
        }
        let before = written.saturating_sub(1);
        let (Some(old), Some(new)) = (self.levels.get(before..), self.levels.get(written..)) else {
            return Err(Error::Internal);
        };
        let changes = old.iter().zip(new).fold(0, |changes: usize, (old, new)| {
            changes.wrapping_add(usize::from(old != new)) // at most as many as steps
        });
        let own = match &mut self.points {
            None if changes == points.len() => return Ok(()),
            Some(own) => own,
            None => {
                let mut own = room(self.shared.len())?;
                own.extend_from_slice(self.shared.get(..before).ok_or(Error::Internal)?);
                self.points.insert(own)
            }
        };
        if changes > 0 {
            own.extend_from_slice(points);
        }
        if changes > 0 && changes < points.len() {
            let points = own.get_mut(before..).ok_or(Error::Internal)?;
            let (old, new) = self.levels.split_at_mut_checked(written).ok_or(Error::Internal)?;
            leave_out(points, *old.last().ok_or(Error::Internal)?, new);
        }
        own.truncate(before.saturating_add(changes));
        self.levels.truncate(written.saturating_add(changes));
        Ok(())
    }
}

/// Puts the steps that change the level first, in their order.
fn leave_out<C: Copy, R: Copy + PartialEq>(points: &mut [C], mut last: R, levels: &mut [R]) {
    let points = Cell::from_mut(points).as_slice_of_cells();
    let levels = Cell::from_mut(levels).as_slice_of_cells();
    let mut kept = 0_usize;
    for (point, level) in points.iter().map(Cell::get).zip(levels.iter().map(Cell::get)) {
        // Written in any case, to be written over: which steps change nothing is anybody's guess.
        if let (Some(place), Some(level_place)) = (points.get(kept), levels.get(kept)) {
            place.set(point);
            level_place.set(level);
        }
        kept = kept.wrapping_add(usize::from(level != last)); // at most as many as steps
        last = level;
    }
}

/// The function between two points, one after the other, and a level outside. O(log n), and a copy of what is inside.
///
/// ```
/// use intervalues_core::kernels::{StepColumns, window};
///
/// let (points, levels) = window(StepColumns::new(&[1, 2, 3, 4], &[0, 2, 5, 3, 0])?, [2, 9], 0)?;
/// assert_eq!((points, levels), (vec![2, 3, 4], vec![0, 5, 3, 0]));
/// # Ok::<(), intervalues_core::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::OutOfMemory`].
pub fn window<C: Copy + PartialOrd, L: Copy + PartialEq>(
    StepColumns { points, levels }: StepColumns<'_, C, L>,
    [start, stop]: [C; 2],
    outside: L,
) -> Result<(Vec<C>, Vec<L>), Error> {
    let first = points.partition_point(|&point| point <= start);
    let last = points.partition_point(|&point| point < stop).max(first);
    let (Some(inner), Some(inside)) = (points.get(first..last), levels.get(first..=last)) else {
        return Err(Error::Internal);
    };
    // [outside] start [the first inside] ... [the last inside] stop [outside]: an end is none where its levels are equal.
    let begins = inside.first().is_some_and(|&level| level != outside);
    let ends = inside.last().is_some_and(|&level| level != outside);
    let mut found = room(inner.len().saturating_add(2))?;
    let mut found_levels = room(inside.len().saturating_add(2))?;
    if begins {
        found.push(start);
        found_levels.push(outside);
    }
    found.extend_from_slice(inner);
    found_levels.extend_from_slice(inside);
    if ends {
        found.push(stop);
        found_levels.push(outside);
    }
    Ok((found, found_levels))
}

/// How many of the points, more than [`LONG`], lie before another one. O(log n) of the answer.
fn before<C: PartialOrd>(points: &[C], point: C) -> usize {
    let mut reach = LONG;
    while points.get(reach).is_some_and(|later| *later < point) {
        reach = reach.saturating_mul(2);
    }
    let near = points.get(..reach).unwrap_or(points);
    near.partition_point(|near| *near < point)
}

/// Breakpoints of two functions in one order, with both levels from each of them on.
struct Aligned<C, X, Y> {
    points: [C; STEPS],
    xs: [X; STEPS],
    ys: [Y; STEPS],
}

impl<C: Copy + PartialOrd, X: Copy, Y: Copy> Aligned<C, X, Y> {
    /// Takes the next breakpoints of both, until one has no more or the room is full; how many there are.
    ///
    /// Nothing branches on whose turn it is, which nobody can foresee.
    #[inline(never)]
    fn fill(&mut self, a: &mut Steps<'_, C, X>, b: &mut Steps<'_, C, Y>) -> Result<usize, Error> {
        let (mut i, mut j, mut steps) = (0_usize, 0_usize, 0_usize);
        for ((point, x), y) in self.points.iter_mut().zip(&mut self.xs).zip(&mut self.ys) {
            let (Some(&here), Some(&there)) = (a.points.get(i), b.points.get(j)) else { break };
            *point = if here < there { here } else { there };
            i = i.wrapping_add(usize::from(here <= there)); // at most as many as breakpoints
            j = j.wrapping_add(usize::from(there <= here));
            let (Some(&level), Some(&other_level)) = (a.levels.get(i), b.levels.get(j)) else { break };
            (*x, *y) = (level, other_level);
            steps = steps.wrapping_add(1);
        }
        a.take(i)?;
        b.take(j)?;
        Ok(steps)
    }
}

#[cfg(test)]
mod tests;
