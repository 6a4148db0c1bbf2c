//! Combining in one call, for those who hold all intervals and need not let go of anything in between.

use crate::aggregation::Aggregation;
use crate::ends::Ends;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::number::{Coordinate, One, Value};
use crate::step_function::StepFunction;

/// Combines intervals `(start, stop, value)`, each worth `value` from `start`, included, to `stop`, excluded, into
/// the exact sum at every point.
///
/// Where nothing covers, the level is zero. Intervals with `start >= stop` are empty and contribute nothing. O(n)
/// for most columns, O(n log n) at worst; the intervals are visited twice.
///
/// Integers never wrap:
///
/// ```
/// use intervalues_core::{Error, combine_intervals};
///
/// let planes = combine_intervals([(2, 4, 3_i64), (1, 3, 2)])?;
/// assert_eq!(planes.breakpoints(), [1, 2, 3, 4]);
/// assert_eq!(planes.levels(), [0, 2, 5, 3, 0]);
///
/// assert_eq!(combine_intervals([(0, 1, i64::MAX), (0, 1, 1)]), Err(Error::Overflow));
/// # Ok::<(), Error>(())
/// ```
///
/// Floats are summed exactly and rounded once:
///
/// ```
/// use intervalues_core::combine_intervals;
///
/// let loads = combine_intervals([(0.0, 3.0, 1e16), (1.0, 3.0, 1.0), (2.0, 3.0, -1e16)])?;
/// assert_eq!(loads.breakpoints(), [0.0, 2.0, 3.0]); // At 1.0 nothing changes: 1e16 + 1 rounds to 1e16.
/// assert_eq!(loads.levels(), [0.0, 1e16, 1.0, 0.0]);
/// # Ok::<(), intervalues_core::Error>(())
/// ```
///
/// Decimals are added as whole numbers of the finest place in the column:
///
/// ```
/// use intervalues_core::combine_intervals;
/// use rust_decimal::Decimal;
///
/// let (tenth, fifth) = (Decimal::new(1, 1), Decimal::new(20, 2));
/// let prices = combine_intervals([(tenth, fifth, tenth), (tenth, fifth, fifth)])?;
/// assert_eq!(prices.level_at(&tenth), Some(&Decimal::new(3, 1)));
/// # Ok::<(), intervalues_core::Error>(())
/// ```
///
/// `IntFloat`s need one `digits` throughout a column:
///
/// ```
/// use intervalues_core::combine_intervals;
/// use intfloat::IntFloat;
///
/// let cents = |base| IntFloat::new(base, 2);
/// let prices = combine_intervals([(cents(0), cents(30), cents(10)), (cents(10), cents(20), cents(20))])?;
/// assert_eq!(prices.level_at(&cents(15)), Some(&cents(30)));
/// # Ok::<(), intervalues_core::Error>(())
/// ```
///
/// # Errors
///
/// See [`Error`]: nothing is half done.
pub fn combine_intervals<C: Coordinate, V: Value>(
    intervals: impl IntoIterator<Item = (C, C, V), IntoIter: Clone>,
) -> Result<StepFunction<C, V::Level>, Error> {
    aggregate_intervals(intervals, Aggregation::Sum)
}

/// Combines intervals `(start, stop, value)` into the aggregation of the values that cover each point, as
/// [`combine_intervals`] does for the sum. O(n log n) for the maximum and the minimum.
///
/// ```
/// use intervalues_core::{Aggregation, aggregate_intervals};
///
/// // [---- 5 ----)
/// //    [-- 2 --------)
/// let lowest = aggregate_intervals([(0, 4, 5_i64), (1, 6, 2)], Aggregation::Min)?;
/// assert_eq!(lowest.breakpoints(), [0, 1, 6]);
/// assert_eq!(lowest.levels(), [0, 5, 2, 0]);
/// # Ok::<(), intervalues_core::Error>(())
/// ```
///
/// # Errors
///
/// See [`Error`]: nothing is half done.
pub fn aggregate_intervals<C: Coordinate, V: Value>(
    intervals: impl IntoIterator<Item = (C, C, V), IntoIter: Clone>,
    aggregation: Aggregation,
) -> Result<StepFunction<C, V::Level>, Error> {
    let mut never = || false;
    let mut interrupt = Interrupt::new(&mut never);
    Ends::read(&intervals.into_iter(), aggregation, &mut interrupt)?.combine(&mut interrupt)
}

/// Counts how many intervals `(start, stop)` cover each point. O(n) for most columns, O(n log n) at worst.
///
/// ```
/// use intervalues_core::count_intervals;
///
/// let planes = count_intervals([(2.0, 4.0), (1.0, 3.0)])?;
/// assert_eq!(planes.levels(), [0, 1, 2, 1, 0]);
/// # Ok::<(), intervalues_core::Error>(())
/// ```
///
/// # Errors
///
/// See [`Error`]: nothing is half done.
pub fn count_intervals<C: Coordinate>(
    intervals: impl IntoIterator<Item = (C, C), IntoIter: Clone>,
) -> Result<StepFunction<C, i64>, Error> {
    let ones = intervals.into_iter().map(|(start, stop)| (start, stop, One));
    combine_intervals(ones)
}
