//! The step function: what combined intervals are, in columns of its own or borrowed ones.

use crate::allocation::room;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::lookup::{Place, levels_at};
use crate::measure::{Measure, Summary, summarize};
use crate::merge::{Points, merge};
use crate::number::Measured;
use crate::source::BLOCK;
use crate::threads;
use crate::windows::Windows;

/// A level at every point of the line.
///
/// Breakpoints strictly increase, there is one more level than breakpoints, and neighbouring levels differ.
/// `levels[i]` holds from `breakpoints[i - 1]`, included, to `breakpoints[i]`, excluded; the first and the last
/// level reach to infinity.
///
/// ```
/// use intervalues_core::combine_intervals;
///
/// //    [-- 3 --)
/// // [-- 2 --)
/// let planes = combine_intervals([(2, 4, 3_i64), (1, 3, 2)])?;
/// assert_eq!(planes.breakpoints(), [1, 2, 3, 4]);
/// assert_eq!(planes.levels(), [0, 2, 5, 3, 0]);
/// assert_eq!(planes.level_at(&2), Some(&5));
/// # Ok::<(), intervalues_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StepFunction<C, L> {
    breakpoints: Vec<C>,
    levels: Vec<L>,
}

impl<C, L> StepFunction<C, L> {
    /// Only for columns that keep the promises above.
    pub(crate) fn new(breakpoints: Vec<C>, levels: Vec<L>) -> Self {
        StepFunction { breakpoints, levels }
    }

    /// The coordinates at which the level changes, strictly increasing.
    #[must_use]
    pub fn breakpoints(&self) -> &[C] {
        &self.breakpoints
    }

    /// The levels from left to right, one more than breakpoints.
    #[must_use]
    pub fn levels(&self) -> &[L] {
        &self.levels
    }

    /// Both columns, without a copy.
    #[must_use]
    pub fn into_columns(self) -> (Vec<C>, Vec<L>) {
        (self.breakpoints, self.levels)
    }

    /// The level at a point; none for a point without an order, such as NaN. O(log n).
    #[must_use]
    pub fn level_at(&self, point: &C) -> Option<&L>
    where
        C: PartialOrd,
    {
        point.partial_cmp(point)?;
        self.levels.get(self.breakpoints.partition_point(|breakpoint| breakpoint <= point))
    }

    /// The runs of one level between neighbouring breakpoints, from left to right, zero levels included.
    ///
    /// ```
    /// use intervalues_core::combine_intervals;
    ///
    /// let planes = combine_intervals([(2, 4, 3_i64), (1, 3, 2)])?;
    /// let segments: Vec<_> = planes.segments().collect();
    /// assert_eq!(segments, [(&1, &2, &2), (&2, &3, &5), (&3, &4, &3)]);
    /// # Ok::<(), intervalues_core::Error>(())
    /// ```
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = (&C, &C, &L)> + ExactSizeIterator {
        let stops = self.breakpoints.iter().skip(1);
        let levels = self.levels.iter().skip(1);
        self.breakpoints.iter().zip(stops).zip(levels).map(|((start, stop), level)| (start, stop, level))
    }

    /// Reads breakpoints at `lowest` and `highest` as open ends: the outer levels reach to infinity instead.
    /// O(n) where the first breakpoint goes, else O(1).
    ///
    /// ```
    /// use intervalues_core::combine_intervals;
    ///
    /// let open = combine_intervals([(f64::NEG_INFINITY, 2.0, 3_i64), (1.0, f64::INFINITY, 2)])?;
    /// let open = open.with_open_ends(&f64::NEG_INFINITY, &f64::INFINITY);
    /// assert_eq!(open.breakpoints(), [1.0, 2.0]);
    /// assert_eq!(open.levels(), [3, 5, 2]);
    /// # Ok::<(), intervalues_core::Error>(())
    /// ```
    #[must_use]
    pub fn with_open_ends(mut self, lowest: &C, highest: &C) -> Self
    where
        C: PartialEq,
    {
        if self.breakpoints.last() == Some(highest) {
            self.breakpoints.pop();
            self.levels.pop();
        }
        if self.breakpoints.first() == Some(lowest) {
            self.breakpoints.remove(0);
            self.levels.remove(0);
        }
        self
    }

    /// Applies an operation to both levels at every point: what two functions add up to, or which one is higher.
    /// Breakpoints at which the result stays the same vanish. O(n + m).
    ///
    /// ```
    /// use intervalues_core::combine_intervals;
    ///
    /// // [-- 10 ----------)      what there is
    /// //     [-- 4 --)           what is taken
    /// let there = combine_intervals([(0, 9, 10_i64)])?;
    /// let taken = combine_intervals([(2, 5, 4_i64)])?;
    /// let left = there.merge(&taken, i64::checked_sub)?;
    /// assert_eq!(left.breakpoints(), [0, 2, 5, 9]);
    /// assert_eq!(left.levels(), [0, 10, 6, 10, 0]);
    /// # Ok::<(), intervalues_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Overflow`] where the operation gives none, [`Error::OutOfMemory`].
    pub fn merge<M: Copy, R: Copy + Default + PartialEq>(
        &self,
        other: &StepFunction<C, M>,
        operation: impl Fn(L, M) -> Option<R> + Copy,
    ) -> Result<StepFunction<C, R>, Error>
    where
        C: Copy + PartialOrd,
        L: Copy,
    {
        let checked = move |level, others| {
            let result = operation(level, others);
            (result.unwrap_or_default(), result.is_none())
        };
        let mut never = || false;
        let (points, levels) =
            merge(self.columns(), other.columns(), checked, &mut Interrupt::new(&mut never))?;
        let shared = match points {
            Points::First => &self.breakpoints,
            Points::Second => &other.breakpoints,
            Points::Own(breakpoints) => return Ok(StepFunction { breakpoints, levels }),
        };
        let mut breakpoints = room(shared.len())?;
        breakpoints.extend_from_slice(shared);
        Ok(StepFunction { breakpoints, levels })
    }

    /// The levels at many points, in any order. O(n + m) for points spread over their range, O(m log n) at worst.
    ///
    /// ```
    /// use intervalues_core::combine_intervals;
    ///
    /// let planes = combine_intervals([(2, 4, 3_i64), (1, 3, 2)])?;
    /// assert_eq!(planes.levels_at(&[2, 0, 3])?, [5, 0, 3]);
    /// # Ok::<(), intervalues_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NotANumber`] for NaN, [`Error::OutOfMemory`].
    pub fn levels_at(&self, points: &[C]) -> Result<Vec<L>, Error>
    where
        C: Place,
        L: Copy + Send + Sync,
    {
        let place = |point: C| (point, point.partial_cmp(&point).is_none());
        let mut never = || false;
        levels_at(&self.breakpoints, &self.levels, points, place, &mut Interrupt::new(&mut never))
            .map_err(|error| if error == Error::Refused { Error::NotANumber } else { error })
    }

    /// One answer for each window, from its start, included, to its stop, excluded. Exact, and rounded at most once.
    /// O(n + m) for windows that do not overlap much; each one costs what it covers.
    ///
    /// ```
    /// use intervalues_core::{Measure, Summary, combine_intervals};
    ///
    /// let planes = combine_intervals([(2, 4, 3_i64), (1, 3, 2)])?;
    /// let (starts, stops) = ([0, 2], [2, 6]);
    /// assert_eq!(planes.summarize(&starts, &stops, Measure::Max)?, Summary::Levels(vec![2, 5]));
    /// assert_eq!(planes.summarize(&starts, &stops, Measure::Mean)?, Summary::Floats(vec![1.0, 2.0]));
    /// assert_eq!(planes.summarize(&starts, &stops, Measure::Integral(None))?, Summary::Wholes(vec![2, 8]));
    /// # Ok::<(), intervalues_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] unless there are as many starts as stops, each start lies before its stop, and the length
    /// between them is not too long a number. [`Error::NotFinite`] where a breakpoint, a level or the end of a window is
    /// not finite: infinite breakpoints become open ends by [`with_open_ends`](StepFunction::with_open_ends).
    /// [`Error::Overflow`] where an answer is beyond the largest number of its type, [`Error::OutOfMemory`].
    pub fn summarize(&self, starts: &[C], stops: &[C], measure: Measure) -> Result<Summary<L>, Error>
    where
        C: Measured,
        L: Measured,
    {
        let windows = Windows::new(starts, stops)?;
        if !([self.breakpoints.as_slice(), starts, stops].into_iter().all(C::are_finite)
            && L::are_finite(&self.levels))
        {
            return Err(Error::NotFinite);
        }
        let mut never = || false;
        summarize(&self.columns(), &windows, measure, &mut Interrupt::new(&mut never))
    }

    /// Both columns, borrowed.
    fn columns(&self) -> StepColumns<'_, C, L> {
        StepColumns { points: &self.breakpoints, levels: &self.levels }
    }

    /// Applies `convert` to every level. Breakpoints between levels that become equal vanish. O(n).
    ///
    /// ```
    /// use intervalues_core::combine_intervals;
    ///
    /// let busy = combine_intervals([(2, 4, 3_i64), (1, 3, 2)])?.map_levels(|level| Ok(level > 0))?;
    /// assert_eq!(busy.breakpoints(), [1, 4]);
    /// assert_eq!(busy.levels(), [false, true, false]);
    /// # Ok::<(), intervalues_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::OutOfMemory`], and what `convert` returns.
    pub fn map_levels<M: PartialEq>(
        mut self,
        mut convert: impl FnMut(L) -> Result<M, Error>,
    ) -> Result<StepFunction<C, M>, Error> {
        let mut levels: Vec<M> = room(self.levels.len())?;
        // Whether the level changes at the breakpoint before it: the first level has none.
        let mut changes = room(self.breakpoints.len())?;
        for level in self.levels {
            let level = convert(level)?;
            let differs = levels.last().map(|last| *last != level);
            changes.extend(differs);
            if differs.unwrap_or(true) {
                levels.push(level);
            }
        }
        let mut changes = changes.into_iter();
        self.breakpoints.retain(|_| changes.next().unwrap_or(false));
        Ok(StepFunction { breakpoints: self.breakpoints, levels })
    }
}

/// The columns of a step function, borrowed: `levels[i]` holds from `points[i - 1]` to `points[i]`.
#[derive(Clone, Copy, Debug)]
pub struct StepColumns<'a, C, L> {
    pub(crate) points: &'a [C],
    pub(crate) levels: &'a [L],
}

impl<'a, C, L> StepColumns<'a, C, L> {
    /// Columns whose breakpoints strictly increase; [`is_canonical`](StepColumns::is_canonical) tells whether they do.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] unless there is one more level than breakpoints.
    pub fn new(points: &'a [C], levels: &'a [L]) -> Result<Self, Error> {
        if points.len().checked_add(1) == Some(levels.len()) {
            Ok(StepColumns { points, levels })
        } else {
            Err(Error::Refused)
        }
    }
}

impl<C: Measured, L: Measured> StepColumns<'_, C, L> {
    /// Those of one group: its breakpoints, and one level more.
    pub(crate) fn part(&self, first: i64, last: i64) -> Result<Self, Error> {
        let place = |index| usize::try_from(index).map_err(|_| Error::Refused);
        let (first, last) = (place(first)?, place(last)?);
        let (points, levels) = (self.points.get(first..last), self.levels.get(first..=last));
        StepColumns::new(points.ok_or(Error::Refused)?, levels.ok_or(Error::Refused)?)
    }

    /// From the first breakpoint to the last one; none if there is a level beyond, or no breakpoint.
    pub(crate) fn span(&self) -> Option<(C, C)> {
        let is_zero = |level: Option<&L>| level.is_some_and(|level| *level == L::default());
        let bounded = is_zero(self.levels.first()) && is_zero(self.levels.last());
        self.points.first().copied().zip(self.points.last().copied()).filter(|_| bounded)
    }

    /// Whether breakpoints strictly increase, neighbouring levels differ, and of floats none is infinite, NaN or a
    /// negative zero. O(n).
    ///
    /// ```
    /// use intervalues_core::kernels::StepColumns;
    /// use intervalues_core::Interrupt;
    ///
    /// let steps = StepColumns::new(&[1.0, 3.0, 3.0], &[0_i64, 2, 5, 0])?;
    /// assert!(!steps.is_canonical(&mut Interrupt::new(&mut || false))?);
    /// # Ok::<(), intervalues_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Interrupted`].
    pub fn is_canonical(&self, interrupt: &mut Interrupt<'_>) -> Result<bool, Error> {
        let increase = |interrupt: &mut Interrupt<'_>| increases(self.points, interrupt);
        let differ =
            |interrupt: &mut Interrupt<'_>| pass(self.levels, |before, after| before != after, interrupt);
        if threads::pay(self.points.len()) {
            let (increase, differ) = threads::both(increase, differ, interrupt)?;
            return Ok(increase && differ);
        }
        Ok(increase(interrupt)? && differ(interrupt)?)
    }
}

/// Whether a column strictly increases, and of floats none is infinite, NaN or a negative zero. O(n).
///
/// # Errors
///
/// [`Error::Interrupted`].
pub fn increases<T: Measured>(column: &[T], interrupt: &mut Interrupt<'_>) -> Result<bool, Error> {
    if let Some(integers) = T::wholes(column) {
        if surely_increase(integers, interrupt)? {
            return Ok(true);
        }
    }
    pass(column, |before, after| before < after, interrupt)
}

/// Whether integers strictly increase, if none is so far from zero that differences would not fit.
///
/// Processors without a comparison of many 64-bit integers in one step still subtract so.
fn surely_increase(integers: &[i64], interrupt: &mut Interrupt<'_>) -> Result<bool, Error> {
    const QUARTER: i64 = 1 << 62;

    let Some((first, later)) = integers.split_first() else { return Ok(true) };
    // Negative where a number is not from -QUARTER to QUARTER - 1, or its difference to the one before it is below 1.
    let mut signs = first.wrapping_add(QUARTER);
    for (before, after) in integers.chunks(BLOCK).zip(later.chunks(BLOCK)) {
        interrupt.pass(after.len())?;
        signs |= before.iter().zip(after).fold(0, |signs, (before, after)| {
            signs | after.wrapping_add(QUARTER) | after.wrapping_sub(*before).wrapping_sub(1)
        });
    }
    Ok(signs >= 0)
}

/// Whether all numbers of a column are proper, and all neighbours pass.
fn pass<T: Measured>(
    column: &[T],
    neighbours_pass: impl Fn(T, T) -> bool,
    interrupt: &mut Interrupt<'_>,
) -> Result<bool, Error> {
    let Some((first, later)) = column.split_first() else { return Ok(true) };
    let mut passed = first.is_proper();
    for (before, after) in column.chunks(BLOCK).zip(later.chunks(BLOCK)) {
        interrupt.pass(after.len())?;
        // That no pair ends the loop lets the compiler look at many in one step.
        passed &= before
            .iter()
            .zip(after)
            .fold(true, |all, (before, after)| all & neighbours_pass(*before, *after) & after.is_proper());
    }
    Ok(passed)
}
