//! The aggregations: what several intervals over one point are worth together.

/// What the level is where several intervals cover one point. Outside coverage it is zero, always.
///
/// A count is the sum of [`One`](crate::One)s, see [`count_intervals`](crate::count_intervals).
///
/// ```
/// use intervalues_core::{Aggregation, aggregate_intervals};
///
/// let peaks = aggregate_intervals([(1, 3, 2_i64), (2, 4, 3)], Aggregation::Max)?;
/// assert_eq!(peaks.breakpoints(), [1, 2, 4]);
/// assert_eq!(peaks.levels(), [0, 2, 3, 0]);
/// # Ok::<(), intervalues_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Aggregation {
    /// The exact sum of the covering values.
    Sum,
    /// The largest covering value.
    Max,
    /// The smallest covering value.
    Min,
}
