//! The step function: what combined intervals are.

use crate::allocation::room;
use crate::error::Error;

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
    pub fn segments(&self) -> impl Iterator<Item = (&C, &C, &L)> {
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
