//! Measures of a step function in windows: exact sums of level times length, their quotients, and extremes.

use std::num::NonZeroU64;
use std::slice;

use crate::error::Error;
use crate::exact_sum::{LOWEST, ProductSum};
use crate::interrupt::Interrupt;
use crate::number::{Measured, Places};
use crate::radix;
use crate::step_function::StepColumns;
use crate::totals::{FAR, NEAR, PLACE_ZERO, Squares, Total, Whole, add_inside};
use crate::window_index::WindowIndex;
use crate::windows::{Windows, wholes};

/// What is asked about each window: see [`StepFunction::summarize`](crate::StepFunction::summarize).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
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

/// One answer for each window: see [`StepFunction::summarize`](crate::StepFunction::summarize).
#[derive(Clone, Debug, PartialEq)]
pub enum Summary<L> {
    /// Exact sums.
    Wholes(Vec<i64>),
    /// Exact quotients, each rounded once.
    Floats(Vec<f64>),
    /// Levels, as they are.
    Levels(Vec<L>),
}

impl<L> Summary<L> {
    /// Makes room for so many answers.
    fn reserve(&mut self, answers: usize) -> Result<(), Error> {
        match self {
            Summary::Wholes(wholes) => wholes.try_reserve(answers)?,
            Summary::Floats(floats) => floats.try_reserve(answers)?,
            Summary::Levels(levels) => levels.try_reserve(answers)?,
        }
        Ok(())
    }
}

/// The places that products of levels and lengths have.
pub(crate) fn product_places<C: Measured, L: Measured>(
    levels: Places,
    steps: &StepColumns<'_, C, L>,
    windows: &Windows<'_, C>,
) -> Places {
    levels.times(C::places_of_sorted(steps.points).and(windows.places()))
}

/// The exact sum, over all windows, of the level to a power of 1 or 2 times the length: a whole number times a power of
/// two. Gives the bytes of the one in two's complement, lowest first, and the exponent of the other. O(n) for each
/// window that covers n breakpoints.
///
/// ```
/// use intervalues_core::kernels::{StepColumns, Windows, moments};
/// use intervalues_core::Interrupt;
///
/// let steps = StepColumns::new(&[1_i64, 2, 3, 4], &[0_i64, 2, 5, 3, 0])?;
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
    steps: &StepColumns<'_, C, L>,
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
    steps: &StepColumns<'_, C, L>,
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
    steps: &StepColumns<'_, C, L>,
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

/// Adds up all windows.
fn add_windows<C: Measured, L: Measured, T: Total<C, L>>(
    mut total: T,
    steps: &StepColumns<'_, C, L>,
    windows: &Windows<'_, C>,
    interrupt: &mut Interrupt<'_>,
) -> Result<T, Error> {
    steps.each(windows, interrupt, |pieces, interrupt| {
        for (level, start, stop) in pieces.edges.into_iter().flatten() {
            total.add(level, start, stop)?;
        }
        add_inside(&mut total, steps, pieces.first, pieces.last.saturating_sub(1), interrupt)
    })?;
    Ok(total)
}

/// One answer for each window. O(n) for a window that covers n breakpoints: see [`WindowIndex`] for many of them.
///
/// ```
/// use intervalues_core::kernels::{StepColumns, Windows, summarize};
/// use intervalues_core::{Interrupt, Measure, Summary};
///
/// let steps = StepColumns::new(&[1_i64, 2, 3, 4], &[0_i64, 2, 5, 3, 0])?;
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
    steps: &StepColumns<'_, C, L>,
    windows: &Windows<'_, C>,
    measure: Measure,
    interrupt: &mut Interrupt<'_>,
) -> Result<Summary<L>, Error> {
    WindowIndex::none().summarize(&steps.around(windows), windows, measure, interrupt)
}

/// One answer for each of many groups whose functions share columns, as [`split`](crate::kernels::split) leaves them: group `i` has
/// the breakpoints from `firsts[i]` to `lasts[i]`, and one level more. `window` holds one for all of them, or none: then
/// each is asked from its first breakpoint to its last one, beyond which it must be zero. O(n).
///
/// ```
/// use intervalues_core::kernels::{StepColumns, Windows, summarize_groups};
/// use intervalues_core::{Interrupt, Measure, Summary};
///
/// let both = StepColumns::new(&[1_i64, 3, 2, 4], &[0_i64, 5, 0, 7, 0])?;
/// let (bounds, own) = ([&[0, 2][..], &[2, 4]], Windows::new(&[], &[])?);
/// let peaks = summarize_groups(&both, bounds, &own, Measure::Max, &mut Interrupt::new(&mut || false))?;
/// assert_eq!(peaks, Summary::Levels(vec![5, 7]));
/// # Ok::<(), intervalues_core::Error>(())
/// ```
///
/// # Errors
///
/// Those of [`summarize`], and [`Error::Refused`] if there are no groups, one has no breakpoints or, without a window,
/// no span, or columns do not go together.
pub fn summarize_groups<C: Measured, L: Measured>(
    columns: &StepColumns<'_, C, L>,
    [firsts, lasts]: [&[i64]; 2],
    window: &Windows<'_, C>,
    measure: Measure,
    interrupt: &mut Interrupt<'_>,
) -> Result<Summary<L>, Error> {
    if firsts.len() != lasts.len() || window.len() > 1 {
        return Err(Error::Refused);
    }
    let mut all = None;
    for (&first, &last) in firsts.iter().zip(lasts) {
        let group = columns.part(first, last)?;
        if group.points.is_empty() {
            return Err(Error::Refused);
        }
        let answer = if window.len() == 1 {
            summarize(&group, window, measure, interrupt)?
        } else {
            let (start, stop) = group.span().ok_or(Error::Refused)?;
            let own = Windows::new(slice::from_ref(&start), slice::from_ref(&stop))?;
            summarize(&group, &own, measure, interrupt)?
        };
        match (&mut all, answer) {
            (None, mut first) => {
                first.reserve(firsts.len())?;
                all = Some(first);
            }
            (Some(Summary::Wholes(all)), Summary::Wholes(answer)) => all.extend(answer),
            (Some(Summary::Floats(all)), Summary::Floats(answer)) => all.extend(answer),
            (Some(Summary::Levels(all)), Summary::Levels(answer)) => all.extend(answer),
            _ => return Err(Error::Internal),
        }
    }
    all.ok_or(Error::Refused)
}
