//! Totals: exact sums of level times length, as wide as they must be.

use crate::error::Error;
use crate::exact_sum::{LOWEST, Numerator, ProductSum, halves};
use crate::interrupt::{Interrupt, STRIDE};
use crate::number::Measured;
use crate::radix::bits;
use crate::step_function::StepColumns;
use crate::threads;

/// Limbs of a sum of products of numbers whose places are near one another, as they nearly always are.
pub(crate) const NEAR: usize = 6;
/// Limbs of a sum of products of any three numbers at all.
pub(crate) const FAR: usize = 100;

/// So many pieces of whole numbers are looked at before they are added up: they stay in the nearest cache.
const TOGETHER: usize = 1 << 10;

/// So many times as many pieces as other items a second thread must have.
const MANY: usize = 8;

/// The exponent of place zero of a product of two numbers.
pub(crate) const PLACE_ZERO: i32 = 2 * LOWEST;

/// An exact sum of level times length.
pub(crate) trait Total<C: Measured, L: Measured>: Send + Sync + Sized {
    /// A sum of nothing yet, counted in the same units.
    fn empty(&self) -> Self;

    /// Adds another sum, counted in the same units.
    fn merge(&mut self, other: &Self) -> Result<(), Error>;

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
    fn empty(&self) -> Self {
        Whole(0)
    }

    fn merge(&mut self, other: &Self) -> Result<(), Error> {
        self.plus(Some(other.0))
    }

    #[inline]
    fn add(&mut self, level: i64, start: i64, stop: i64) -> Result<(), Error> {
        self.plus(Self::weight(level).checked_mul(stop.abs_diff(start).into()))
    }

    fn add_run(&mut self, points: &[i64], levels: &[i64]) -> Result<(), Error> {
        let (starts, stops) = (points.chunks(TOGETHER), points.get(1..).unwrap_or_default().chunks(TOGETHER));
        for ((starts, stops), levels) in starts.zip(stops).zip(levels.chunks(TOGETHER)) {
            let (Some(first), Some(last)) = (starts.first(), stops.last()) else { return Ok(()) };
            let mut pieces = starts.iter().zip(stops).zip(levels);
            // No length exceeds that of all together.
            if signed_bits(levels).saturating_mul(POWER).saturating_add(bits(last.abs_diff(*first))) < 63 {
                let sum = pieces.fold(0_i64, |sum, ((start, stop), level)| {
                    sum.wrapping_add(level.wrapping_pow(POWER).wrapping_mul(stop.wrapping_sub(*start)))
                });
                self.plus(Some(sum.into()))?;
            } else if last.checked_sub(*first).is_some() {
                self.plus(Some(pieces.fold(0_i128, |sum, ((start, stop), level)| {
                    sum.wrapping_add(Self::weight(*level).wrapping_mul(stop.wrapping_sub(*start).into()))
                })))?;
            } else {
                pieces.try_for_each(|((start, stop), level)| self.add(*level, *start, *stop))?;
            }
        }
        Ok(())
    }
}

/// At least as many bits as each of the levels has without its sign.
fn signed_bits(levels: &[i64]) -> u32 {
    // Where a bit differs from the one below. Those above the highest such are the sign.
    let differ = levels.iter().fold(0, |all, level| all | (level ^ level.wrapping_shl(1)));
    bits(u64::from_ne_bytes(differ.to_ne_bytes()))
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
    fn empty(&self) -> Self {
        self.emptied()
    }

    fn merge(&mut self, other: &Self) -> Result<(), Error> {
        self.add_difference(&self.emptied(), other);
        Ok(())
    }

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
pub(crate) struct Squares<const LIMBS: usize>(pub(crate) ProductSum<LIMBS>);

impl<C: Measured, L: Measured, const LIMBS: usize> Total<C, L> for Squares<LIMBS> {
    fn empty(&self) -> Self {
        Squares(self.0.emptied())
    }

    fn merge(&mut self, other: &Self) -> Result<(), Error> {
        Total::<C, L>::merge(&mut self.0, &other.0)
    }

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

/// Adds the pieces from one breakpoint to another, with one thread or two.
pub(crate) fn add_inside<C: Measured, L: Measured, T: Total<C, L>>(
    total: &mut T,
    steps: &StepColumns<'_, C, L>,
    first: usize,
    last: usize,
    interrupt: &mut Interrupt<'_>,
) -> Result<(), Error> {
    // Memory is what a sum waits for: a second thread, which takes a while to wake, pays for many pieces only.
    if !threads::pay(last.saturating_sub(first) / MANY) {
        return add_strides(total, steps, first, last, interrupt);
    }
    let (middle, empty) = (first.midpoint(last), total.empty());
    let ((), later) = threads::both(
        |interrupt| add_strides(total, steps, first, middle, interrupt),
        |interrupt| {
            let mut later = empty.empty();
            add_strides(&mut later, steps, middle, last, interrupt).map(|()| later)
        },
        interrupt,
    )?;
    total.merge(&later)
}

/// Adds the pieces from one breakpoint to another, a stride at a time.
fn add_strides<C: Measured, L: Measured>(
    total: &mut impl Total<C, L>,
    steps: &StepColumns<'_, C, L>,
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
