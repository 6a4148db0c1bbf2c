//! Measures of a step function in windows: exact sums of level times length, their quotients, and extremes.

use std::num::NonZeroU64;

use crate::error::Error;
use crate::exact_sum::{LOWEST, Numerator, ProductSum, halves};
use crate::interrupt::{Interrupt, STRIDE};
use crate::number::{Measured, Places};
use crate::radix;
use crate::window_index::{Prefixes, Pyramid, Totals, WindowIndex};

/// Limbs of a sum of products of numbers whose places are near one another, as they nearly always are.
pub(crate) const NEAR: usize = 6;
/// Limbs of a sum of products of any three numbers at all.
pub(crate) const FAR: usize = 100;

/// So many breakpoints after a hint are looked at one by one.
const NEARBY: usize = 16;

/// The exponent of place zero of a product of two numbers.
pub(crate) const PLACE_ZERO: i32 = 2 * LOWEST;

/// The columns of a step function, borrowed: `levels[i]` holds from `points[i - 1]` to `points[i]`.
#[derive(Clone, Copy, Debug)]
pub struct Steps<'a, C, L> {
    pub(crate) points: &'a [C],
    pub(crate) levels: &'a [L],
}

impl<'a, C, L> Steps<'a, C, L> {
    /// Columns whose breakpoints strictly increase.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] unless there is one more level than breakpoints.
    pub fn new(points: &'a [C], levels: &'a [L]) -> Result<Self, Error> {
        if points.len().checked_add(1) == Some(levels.len()) {
            Ok(Steps { points, levels })
        } else {
            Err(Error::Refused)
        }
    }
}

/// The columns of some windows, borrowed: each from its start to its stop. They may overlap, in any order.
#[derive(Clone, Copy, Debug)]
pub struct Windows<'a, C> {
    starts: &'a [C],
    stops: &'a [C],
}

impl<'a, C: PartialOrd> Windows<'a, C> {
    /// Windows that are not empty.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] unless there are as many starts as stops, and each start lies before its stop.
    pub fn new(starts: &'a [C], stops: &'a [C]) -> Result<Self, Error> {
        let proper =
            starts.len() == stops.len() && starts.iter().zip(stops).all(|(start, stop)| start < stop);
        if proper { Ok(Windows { starts, stops }) } else { Err(Error::Refused) }
    }
}

impl<C: Measured> Windows<'_, C> {
    pub(crate) fn iter(&self) -> impl Iterator<Item = (C, C)> {
        self.starts.iter().copied().zip(self.stops.iter().copied())
    }

    pub(crate) fn len(&self) -> usize {
        self.starts.len()
    }

    pub(crate) fn starts(&self) -> &[C] {
        self.starts
    }

    pub(crate) fn stops(&self) -> &[C] {
        self.stops
    }
}

/// What is asked about each window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The sum of level times length, over the divisor: without one, a sum of whole numbers is a whole number.
    Integral(Option<NonZeroU64>),
    /// The integral over the length.
    Mean,
    /// The highest level.
    Max,
    /// The lowest level.
    Min,
}

/// One answer for each window.
#[derive(Clone, Debug, PartialEq)]
pub enum Summary<L> {
    /// Exact sums.
    Wholes(Vec<i64>),
    /// Exact quotients, each rounded once.
    Floats(Vec<f64>),
    /// Levels, as they are.
    Levels(Vec<L>),
}

/// The part of a step function in a window `[start, stop)`:
///
/// ```text
///          points[0]  points[1]  points[2]
/// ─levels[0]───┼─levels[1]─┼─levels[2]─┼─levels[3]─
///      [─edge──┼────inside──────────────┼──edge─)
/// ```
pub(crate) struct Pieces<'a, C, L> {
    /// The level, the start and the stop of what lies before the first and after the last breakpoint in the window.
    pub(crate) edges: [Option<(L, C, C)>; 2],
    /// Which breakpoints lie inside.
    pub(crate) first: usize,
    pub(crate) last: usize,
    /// All levels that hold somewhere in the window, from the one at its start on.
    pub(crate) levels: &'a [L],
}

impl<'a, C: Measured, L: Measured> Steps<'a, C, L> {
    /// The pieces of a window; looked for from the breakpoint `hint` on.
    pub(crate) fn pieces(&self, start: C, stop: C, hint: usize) -> Result<Pieces<'a, C, L>, Error> {
        let first = seek(self.points, hint, |point| *point <= start);
        let last = seek(self.points, first, |point| *point < stop);
        let levels = self.levels.get(first..=last).ok_or(Error::Refused)?;
        let inside = self.points.get(first..last).ok_or(Error::Refused)?;
        let [highest, .., lowest] = levels else {
            let edge = levels.first().map(|level| (*level, start, stop));
            return Ok(Pieces { edges: [edge, None], first, last, levels });
        };
        let edges = [
            inside.first().map(|point| (*highest, start, *point)),
            inside.last().map(|point| (*lowest, *point, stop)),
        ];
        Ok(Pieces { edges, first, last, levels })
    }

    /// The part of the columns from the first to the last of all windows.
    pub(crate) fn around(&self, windows: &Windows<'_, C>) -> Self {
        let earliest = |a: C, b: C| if b < a { b } else { a };
        let latest = |a: C, b: C| if b > a { b } else { a };
        let ends =
            windows.starts.iter().copied().reduce(earliest).zip(windows.stops.iter().copied().reduce(latest));
        let part = ends.and_then(|(start, stop)| {
            let Pieces { first, last, levels, .. } = self.pieces(start, stop, 0).ok()?;
            Some(Steps { points: self.points.get(first..last)?, levels })
        });
        part.unwrap_or(*self)
    }

    /// The breakpoints and levels of the pieces from the breakpoint `first` to the breakpoint `last`.
    pub(crate) fn inside(&self, first: usize, last: usize) -> Result<(&'a [C], &'a [L]), Error> {
        if first >= last {
            return Ok((&[], &[]));
        }
        let points = self.points.get(first..=last).ok_or(Error::Refused)?;
        let levels = self.levels.get(first.saturating_add(1)..=last).ok_or(Error::Refused)?;
        Ok((points, levels))
    }
}

/// The number of breakpoints that lie `before`: looked for after `hint`, then everywhere. The middles of the whole are
/// in the caches more often than what lies beside a hint.
pub(crate) fn seek<C>(points: &[C], hint: usize, before: impl Fn(&C) -> bool) -> usize {
    let (below, above) = points.split_at_checked(hint).unwrap_or((points, &[]));
    if below.last().is_none_or(&before) {
        let near = above.get(..NEARBY).unwrap_or(above);
        let found = near.iter().take_while(|point| before(point)).count();
        if found < near.len() || near.len() < NEARBY {
            return below.len().saturating_add(found);
        }
    }
    points.partition_point(before)
}

/// An exact sum of level times length.
pub(crate) trait Total<C: Measured, L: Measured> {
    fn add(&mut self, level: L, start: C, stop: C) -> Result<(), Error>;

    /// Adds pieces that lie next to each other: one more breakpoint than levels.
    fn add_run(&mut self, points: &[C], levels: &[L]) -> Result<(), Error> {
        let starts = points.iter();
        let mut pieces = starts.clone().zip(starts.skip(1)).zip(levels);
        pieces.try_for_each(|((start, stop), level)| self.add(*level, *start, *stop))
    }
}

/// A total of which differences are formed and quotients.
pub(crate) trait Sum<C: Measured, L: Measured>: Total<C, L> + Clone {
    /// Adds what `high` is above `low`.
    fn add_difference(&mut self, low: &Self, high: &Self) -> Result<(), Error>;

    fn numerator(&self) -> Numerator;
}

/// Of whole numbers, to a power of 1 or 2. To a power of 1 over one window, whose length has at most 64 bits, it never
/// needs more than 128.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Whole<const POWER: u32>(pub(crate) i128);

impl<const POWER: u32> Whole<POWER> {
    #[inline]
    fn weight(level: i64) -> i128 {
        i128::from(level).wrapping_pow(POWER)
    }

    fn plus(&mut self, more: Option<i128>) -> Result<(), Error> {
        self.0 = more.and_then(|more| self.0.checked_add(more)).ok_or(Error::Overflow)?;
        Ok(())
    }
}

impl<const POWER: u32> Total<i64, i64> for Whole<POWER> {
    #[inline]
    fn add(&mut self, level: i64, start: i64, stop: i64) -> Result<(), Error> {
        self.plus(Self::weight(level).checked_mul(stop.abs_diff(start).into()))
    }

    fn add_run(&mut self, points: &[i64], levels: &[i64]) -> Result<(), Error> {
        let (Some(first), Some(last)) = (points.first(), points.last()) else { return Ok(()) };
        let starts = points.iter();
        let mut pieces = starts.clone().zip(starts.skip(1)).zip(levels);
        if last.checked_sub(*first).is_none() {
            return pieces.try_for_each(|((start, stop), level)| self.add(*level, *start, *stop));
        }
        self.plus(Some(pieces.fold(0_i128, |sum, ((start, stop), level)| {
            // No length exceeds that of the run.
            sum.wrapping_add(Self::weight(*level).wrapping_mul(stop.wrapping_sub(*start).into()))
        })))
    }
}

impl Sum<i64, i64> for Whole<1> {
    fn add_difference(&mut self, low: &Self, high: &Self) -> Result<(), Error> {
        self.plus(high.0.checked_sub(low.0))
    }

    fn numerator(&self) -> Numerator {
        self.0.into()
    }
}

/// Of floats, or of floats and whole numbers.
impl<C: Measured, L: Measured, const LIMBS: usize> Total<C, L> for ProductSum<LIMBS> {
    #[inline]
    fn add(&mut self, level: L, start: C, stop: C) -> Result<(), Error> {
        let level = level.part();
        for length in stop.above(start) {
            let product = u128::from(level.magnitude).wrapping_mul(length.magnitude.into());
            let place = level.place.saturating_add(length.place);
            self.accumulate(level.negative != length.negative, product, place)?;
        }
        Ok(())
    }
}

impl<C: Measured, L: Measured, const LIMBS: usize> Sum<C, L> for ProductSum<LIMBS> {
    fn add_difference(&mut self, low: &Self, high: &Self) -> Result<(), Error> {
        self.add_difference(low, high);
        Ok(())
    }

    fn numerator(&self) -> Numerator {
        self.numerator(PLACE_ZERO)
    }
}

/// Of squares of levels.
struct Squares<const LIMBS: usize>(ProductSum<LIMBS>);

impl<C: Measured, L: Measured, const LIMBS: usize> Total<C, L> for Squares<LIMBS> {
    #[inline]
    fn add(&mut self, level: L, start: C, stop: C) -> Result<(), Error> {
        let level = level.part();
        let [low, high] = halves(u128::from(level.magnitude).wrapping_mul(level.magnitude.into()));
        for length in stop.above(start) {
            let place = level.place.saturating_mul(2).saturating_add(length.place);
            for (half, place) in [(low, place), (high, place.saturating_add(64))] {
                let product = u128::from(half).wrapping_mul(length.magnitude.into());
                self.0.accumulate(length.negative, product, place)?;
            }
        }
        Ok(())
    }
}

/// Adds the pieces from one breakpoint to another, a stride at a time.
pub(crate) fn add_inside<C: Measured, L: Measured>(
    total: &mut impl Total<C, L>,
    steps: &Steps<'_, C, L>,
    first: usize,
    last: usize,
    interrupt: &mut Interrupt<'_>,
) -> Result<(), Error> {
    let mut first = first;
    while first < last {
        let next = last.min(first.saturating_add(STRIDE));
        let (points, levels) = steps.inside(first, next)?;
        total.add_run(points, levels)?;
        interrupt.pass(levels.len())?;
        first = next;
    }
    Ok(())
}

/// The places that products of levels and lengths have.
fn product_places<C: Measured, L: Measured>(
    levels: Places,
    steps: &Steps<'_, C, L>,
    windows: &Windows<'_, C>,
) -> Places {
    let ends = C::places(windows.starts).and(C::places(windows.stops));
    levels.times(C::places_of_sorted(steps.points).and(ends))
}

/// The exact sum, over all windows, of the level to a power of 1 or 2 times the length: a whole number times a power of
/// two. Gives the bytes of the one in two's complement, lowest first, and the exponent of the other. O(n) for each
/// window that covers n breakpoints.
///
/// ```
/// use intervalues_core::{Interrupt, Steps, Windows, moments};
///
/// let steps = Steps::new(&[1_i64, 2, 3, 4], &[0_i64, 2, 5, 3, 0])?;
/// let windows = Windows::new(&[0], &[10])?;
/// let (bytes, exponent) = moments(&steps, &windows, 1, &mut Interrupt::new(&mut || false))?;
/// assert_eq!((bytes[0], exponent), (2 + 5 + 3, 0));
/// # Ok::<(), intervalues_core::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Refused`] for another power, [`Error::Interrupted`].
pub fn moments<C: Measured, L: Measured>(
    steps: &Steps<'_, C, L>,
    windows: &Windows<'_, C>,
    power: u32,
    interrupt: &mut Interrupt<'_>,
) -> Result<(Vec<u8>, i32), Error> {
    let steps = &steps.around(windows);
    match power {
        1 => first_moment(steps, windows, interrupt),
        2 => second_moment(steps, windows, interrupt),
        _ => Err(Error::Refused),
    }
}

fn first_moment<C: Measured, L: Measured>(
    steps: &Steps<'_, C, L>,
    windows: &Windows<'_, C>,
    interrupt: &mut Interrupt<'_>,
) -> Result<(Vec<u8>, i32), Error> {
    if let Some((steps, windows)) = wholes(steps, windows) {
        match add_windows(Whole::<1>(0), &steps, &windows, interrupt) {
            // So many windows that even 128 bits are too few.
            Err(Error::Overflow) => {}
            sum => return Ok((sum?.0.to_le_bytes().to_vec(), 0)),
        }
    }
    let Places { low, high } = product_places(L::places(steps.levels), steps, windows);
    if let Some(near) = ProductSum::<NEAR>::covering(low, high) {
        return Ok(add_windows(near, steps, windows, interrupt)?.to_whole(PLACE_ZERO));
    }
    let far = ProductSum::<FAR>::covering(low, high).ok_or(Error::Internal)?;
    Ok(add_windows(far, steps, windows, interrupt)?.to_whole(PLACE_ZERO))
}

fn second_moment<C: Measured, L: Measured>(
    steps: &Steps<'_, C, L>,
    windows: &Windows<'_, C>,
    interrupt: &mut Interrupt<'_>,
) -> Result<(Vec<u8>, i32), Error> {
    if let Some((steps, windows)) = wholes(steps, windows) {
        // No sum over one window needs more bits than the highest square and the length of all.
        let magnitudes = steps.levels.iter().fold(0, |all, level| all | level.unsigned_abs());
        let length =
            steps.points.first().zip(steps.points.last()).map_or(0, |(first, last)| last.abs_diff(*first));
        let bits = radix::bits(magnitudes).saturating_mul(2).saturating_add(radix::bits(length));
        let sum = if bits < 127 {
            add_windows(Whole::<2>(0), &steps, &windows, interrupt)
        } else {
            Err(Error::Overflow)
        };
        match sum {
            Err(Error::Overflow) => {}
            sum => return Ok((sum?.0.to_le_bytes().to_vec(), 0)),
        }
    }
    let levels = L::places(steps.levels);
    let Places { low, high } = product_places(levels, steps, windows);
    // The squares of levels, of which the upper half is added apart.
    let (low, high) = (low.saturating_add(levels.low), high.saturating_add(levels.high).saturating_add(64));
    let zero = PLACE_ZERO.saturating_add(LOWEST);
    if let Some(near) = ProductSum::<NEAR>::covering(low.min(high), high) {
        return Ok(add_windows(Squares(near), steps, windows, interrupt)?.0.to_whole(zero));
    }
    let far = ProductSum::<FAR>::covering(low.min(high), high).ok_or(Error::Internal)?;
    Ok(add_windows(Squares(far), steps, windows, interrupt)?.0.to_whole(zero))
}

/// Both as whole numbers, if all are.
pub(crate) fn wholes<'a, C: Measured, L: Measured>(
    steps: &Steps<'a, C, L>,
    windows: &Windows<'a, C>,
) -> Option<(Steps<'a, i64, i64>, Windows<'a, i64>)> {
    let (points, levels) = (C::wholes(steps.points)?, L::wholes(steps.levels)?);
    let (starts, stops) = (C::wholes(windows.starts)?, C::wholes(windows.stops)?);
    Some((Steps { points, levels }, Windows { starts, stops }))
}

/// Adds up all windows.
fn add_windows<C: Measured, L: Measured, T: Total<C, L>>(
    mut total: T,
    steps: &Steps<'_, C, L>,
    windows: &Windows<'_, C>,
    interrupt: &mut Interrupt<'_>,
) -> Result<T, Error> {
    let mut hint = 0;
    for (start, stop) in windows.iter() {
        let pieces = steps.pieces(start, stop, hint)?;
        hint = pieces.last;
        for (level, start, stop) in pieces.edges.into_iter().flatten() {
            total.add(level, start, stop)?;
        }
        interrupt.pass(1)?;
        add_inside(&mut total, steps, pieces.first, pieces.last.saturating_sub(1), interrupt)?;
    }
    Ok(total)
}

/// One answer for each window. O(n) for a window that covers n breakpoints: see [`WindowIndex`] for many of them.
///
/// ```
/// use intervalues_core::{Interrupt, Measure, Steps, Summary, Windows, summarize};
///
/// let steps = Steps::new(&[1_i64, 2, 3, 4], &[0_i64, 2, 5, 3, 0])?;
/// let windows = Windows::new(&[0, 2], &[2, 6])?;
/// let means = summarize(&steps, &windows, Measure::Mean, &mut Interrupt::new(&mut || false))?;
/// assert_eq!(means, Summary::Floats(vec![1.0, 2.0]));
/// # Ok::<(), intervalues_core::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Overflow`] where an answer is beyond the largest number of its type, [`Error::Refused`] where the ends of a
/// window are so far apart that its length is too long a number, [`Error::OutOfMemory`], [`Error::Interrupted`].
pub fn summarize<C: Measured, L: Measured>(
    steps: &Steps<'_, C, L>,
    windows: &Windows<'_, C>,
    measure: Measure,
    interrupt: &mut Interrupt<'_>,
) -> Result<Summary<L>, Error> {
    let steps = &steps.around(windows);
    let pyramids = [Pyramid::none(), Pyramid::none()];
    let (totals, levels) =
        if matches!(measure, Measure::Max | Measure::Min) || wholes(steps, windows).is_some() {
            (Totals::Wholes(Prefixes::none(Whole(0))?), Places::NONE)
        } else {
            let levels = L::places(steps.levels);
            let Places { low, high } = product_places(levels, steps, windows);
            let far = || ProductSum::covering(low, high).ok_or(Error::Internal);
            let totals = match ProductSum::covering(low, high) {
                Some(near) => Totals::Near(Prefixes::none(near)?),
                None => Totals::Far(Prefixes::none(far()?)?),
            };
            (totals, levels)
        };
    WindowIndex { totals, levels, pyramids }.summarize(steps, windows, measure, interrupt)
}
