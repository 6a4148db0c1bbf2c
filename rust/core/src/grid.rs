//! The decimal grid: floats snapped to whole numbers of `10 ** -digits`, and back.

use std::thread;

use intfloat::IntFloat;

use crate::error::Error;
use crate::exact_sum::{Dyadic, half_even_shift, round};
use crate::interrupt::Interrupt;
use crate::source::BLOCK;
use crate::threads;

/// The powers of ten that a grid can have: ten to the number of its digits.
const POWERS: [u64; 16] = [
    1,
    10,
    100,
    1_000,
    10_000,
    100_000,
    1_000_000,
    10_000_000,
    100_000_000,
    1_000_000_000,
    10_000_000_000,
    100_000_000_000,
    1_000_000_000_000,
    10_000_000_000_000,
    100_000_000_000_000,
    1_000_000_000_000_000,
];

/// Whole numbers up to here are floats themselves.
const EXACT: u64 = 1 << 53;

/// Adding this float rounds to a whole number, which then stands in the lowest bits of the sum.
const TO_WHOLE: f64 = 6_755_399_441_055_744.0; // 1.5 * 2 ** 52

/// The multiples of `10 ** -digits`, for `digits` from 0 to 15.
///
/// ```
/// use intervalues_core::kernels::Grid;
///
/// let cents = Grid::new(2).ok_or("0 to 15 digits")?;
/// assert_eq!(cents.base(0.1 + 0.2), Some(30));
/// assert_eq!(cents.base(2.675), Some(267)); // The float lies just below 2.675.
/// assert_eq!(cents.float(30), 0.3);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    digits: u8,
    scale: u64,
    float_scale: f64,
}

impl Grid {
    /// The grid of so many decimal digits; none for more than 15.
    #[must_use]
    pub fn new(digits: u8) -> Option<Self> {
        let scale = *POWERS.get(usize::from(digits))?;
        Some(Grid { digits, scale, float_scale: exact_float(scale) })
    }

    /// The nearest grid point, counted in units of the grid; a tie of the exact binary value goes to the even
    /// one, as in Python's `round`. None for NaN, infinities and what does not fit 64 bits. O(1).
    #[must_use]
    #[inline]
    pub fn base(self, float: f64) -> Option<i64> {
        let (clear, base) = self.near_base(float);
        if clear { Some(base) } else { self.exact_base(float) }
    }

    /// The nearest grid point, and whether no exact look is needed: the product is off by less than a thousandth, and
    /// the next tie is farther away.
    #[inline]
    fn near_base(self, float: f64) -> (bool, i64) {
        const NEAR: f64 = 4_398_046_511_104.0; // 2 ** 42
        const CLEAR: f64 = 0.499;

        let product = float * self.float_scale;
        let sum = product + TO_WHOLE;
        let clear = (product.abs() <= NEAR) & ((product - (sum - TO_WHOLE)).abs() <= CLEAR);
        let bits = |float: f64| i64::from_ne_bytes(float.to_ne_bytes());
        (clear, bits(sum).wrapping_sub(bits(TO_WHOLE)))
    }

    #[cold]
    fn exact_base(self, float: f64) -> Option<i64> {
        if !float.is_finite() {
            return None;
        }
        let Dyadic { mantissa, exponent } = Dyadic::of(float);
        // 53 bits times 50 bits: the product is exact.
        let product = u128::from(mantissa.unsigned_abs()).checked_mul(self.scale.into())?;
        let magnitude = if exponent < 0 {
            half_even_shift(product, exponent.unsigned_abs())
        } else if exponent.unsigned_abs() < product.leading_zeros() {
            product.checked_shl(exponent.unsigned_abs())?
        } else {
            return None;
        };
        let magnitude = i128::try_from(magnitude).ok()?;
        let base = if mantissa < 0 { magnitude.checked_neg()? } else { magnitude };
        base.try_into().ok()
    }

    /// The nearest grid points of many floats, as [`base`](Grid::base) gives them; `into` is as long as `floats`.
    /// False if one of them has none: then what was written means nothing. O(n).
    ///
    /// ```
    /// use intervalues_core::kernels::Grid;
    ///
    /// let cents = Grid::new(2).ok_or("0 to 15 digits")?;
    /// let mut bases = [0; 2];
    /// assert!(cents.bases(&[0.1 + 0.2, 2.675], &mut bases));
    /// assert_eq!(bases, [30, 267]);
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn bases(self, floats: &[f64], into: &mut [i64]) -> bool {
        // Without a way out in between, so that the compiler can do several in one step.
        let clear = floats.iter().zip(&mut *into).fold(true, |all, (&float, base)| {
            let (clear, near) = self.near_base(float);
            *base = near;
            all & clear
        });
        clear
            || floats
                .iter()
                .zip(into)
                .all(|(&float, base)| self.base(float).map(|exact| *base = exact).is_some())
    }

    /// The coarsest grid, of at most six digits, on which these floats lie, infinite ones aside.
    ///
    /// ```
    /// use intervalues_core::kernels::Grid;
    ///
    /// assert_eq!(Grid::of([0.25, 3.5, f64::INFINITY].iter()), Grid::new(2));
    /// assert_eq!(Grid::of([1.0 / 3.0].iter()), None);
    /// ```
    #[must_use]
    pub fn of<'a>(floats: impl Iterator<Item = &'a f64> + Clone) -> Option<Self> {
        const MOST: u8 = 6;

        (0..=MOST).filter_map(Grid::new).find(|grid| {
            let mut finite = floats.clone().filter(|float| !float.is_infinite());
            finite.all(|&float| grid.base(float).is_some_and(|base| grid.float(base) == float))
        })
    }

    /// Turns many grid points into the bits of their floats, as [`float`](Grid::float) gives them, in place. O(n).
    ///
    /// ```
    /// use intervalues_core::kernels::Grid;
    /// use intervalues_core::Interrupt;
    ///
    /// let cents = Grid::new(2).ok_or("0 to 15 digits")?;
    /// let mut numbers = [30, 267];
    /// cents.float_bits(&mut numbers, &mut Interrupt::new(&mut || false))?;
    /// assert_eq!(numbers.map(|bits| f64::from_ne_bytes(bits.to_ne_bytes())), [0.3, 2.67]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Interrupted`]: then some of them are turned.
    pub fn float_bits(self, numbers: &mut [i64], interrupt: &mut Interrupt<'_>) -> Result<(), Error> {
        let here = if threads::pay(numbers.len()) { numbers.len() / 2 } else { numbers.len() };
        let (first, second) = numbers.split_at_mut(here);
        let there = thread::scope(|scope| {
            let second = &mut *second;
            let there = second.is_empty()
                || thread::Builder::new().spawn_scoped(scope, move || self.turn(second)).is_ok();
            self.turn_blocks(first, interrupt).map(|()| there)
        })?;
        if there { Ok(()) } else { self.turn_blocks(second, interrupt) }
    }

    /// Turns grid points into the bits of their floats block by block, and lets them pass.
    fn turn_blocks(self, numbers: &mut [i64], interrupt: &mut Interrupt<'_>) -> Result<(), Error> {
        for block in numbers.chunks_mut(BLOCK) {
            interrupt.pass(block.len())?;
            self.turn(block);
        }
        Ok(())
    }

    /// Turns grid points into the bits of their floats.
    fn turn(self, numbers: &mut [i64]) {
        let bits = |float: f64| i64::from_ne_bytes(float.to_ne_bytes());
        if numbers.iter().fold(true, |all, number| all & is_near(*number)) {
            numbers.iter_mut().for_each(|number| *number = bits(self.near_float(*number)));
        } else {
            numbers.iter_mut().for_each(|number| *number = bits(self.float(*number)));
        }
    }

    /// The grid point as a number of its own. O(1).
    ///
    /// ```
    /// use intervalues_core::kernels::Grid;
    /// use intervalues_core::combine_intervals;
    ///
    /// let tenths = Grid::new(1).ok_or("0 to 15 digits")?;
    /// let snap = |float| tenths.snap(float).ok_or("too large");
    /// let rows = [(snap(0.1 + 0.2)?, snap(1.0)?, 1), (snap(0.0)?, snap(0.3)?, 1)];
    /// assert_eq!(combine_intervals(rows)?.breakpoints().len(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn snap(self, float: f64) -> Option<IntFloat> {
        Some(IntFloat::new(self.base(float)?.try_into().ok()?, self.digits.into()))
    }

    /// The float nearest to a grid point given in units of the grid. O(1).
    #[must_use]
    #[inline]
    pub fn float(self, base: i64) -> f64 {
        if is_near(base) { self.near_float(base) } else { self.far_float(base) }
    }

    /// The float of a grid point that is near.
    #[inline]
    fn near_float(self, base: i64) -> f64 {
        // As a whole number in the lowest bits it is a float once what was added is gone.
        let sum = i64::from_ne_bytes(TO_WHOLE.to_ne_bytes()).wrapping_add(base);
        // Both sides are floats without error, so the one division is the one rounding.
        (f64::from_ne_bytes(sum.to_ne_bytes()) - TO_WHOLE) / self.float_scale
    }

    fn far_float(self, base: i64) -> f64 {
        let magnitude = base.unsigned_abs();
        if magnitude <= EXACT {
            // Both sides are floats without error, so the one division is the one rounding.
            let float = exact_float(magnitude) / exact_float(self.scale);
            return if base < 0 { -float } else { float };
        }
        // More than 66 bits of the quotient, and whether anything lies below them, tell which float is nearest.
        let wide = u128::from(magnitude) << 64;
        let scale = u128::from(self.scale);
        let quotient = wide.checked_div(scale).unwrap_or_default();
        let inexact = wide.checked_rem(scale).is_some_and(|rest| rest != 0);
        round(base < 0, quotient | u128::from(inexact), -64).unwrap_or_default()
    }
}

/// Whether a whole number has at most 50 bits and a sign.
#[inline]
fn is_near(base: i64) -> bool {
    const NEAR: u64 = 1 << 50;

    u64::from_ne_bytes(base.wrapping_add(1 << 50).to_ne_bytes()) < 2 * NEAR
}

/// A whole number of at most 53 bits as a float, without rounding.
#[inline]
fn exact_float(whole: u64) -> f64 {
    let half = |half: u64| u32::try_from(half & u64::from(u32::MAX)).map_or(0.0, f64::from);
    half(whole >> 32) * 4_294_967_296.0 + half(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(digits: u8, float: f64) -> Option<i64> {
        Grid::new(digits).unwrap().base(float)
    }

    #[test]
    fn ties_of_the_exact_value_go_to_even() {
        assert_eq!([0.5, 1.5, 2.5, -0.5, -1.5, -2.5].map(|x| base(0, x).unwrap()), [0, 2, 2, 0, -2, -2]);
        // 0.125 and 0.375 are ties; all the others lie just below what they print.
        assert_eq!([0.125, 0.375, 2.675, 1.005].map(|x| base(2, x).unwrap()), [12, 38, 267, 100]);
        assert_eq!([0.145, 0.285, 0.615, 1.115].map(|x| base(2, x).unwrap()), [14, 28, 61, 111]);
        assert_eq!(base(1, 0.25), Some(2));
        assert_eq!(base(1, 0.35), Some(3));
    }

    #[test]
    fn the_short_way_agrees_with_the_exact_one() {
        let mut state = 88_172_645_463_325_252_u64;
        for digits in 0..=15 {
            let grid = Grid::new(digits).unwrap();
            for _ in 0..20_000 {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                // Of all magnitudes that matter, and beside ties.
                let magnitude = f64::from_bits((state & 0x800F_FFFF_FFFF_FFFF) | ((state >> 58) + 960) << 52);
                let tie = grid.float(i64::try_from(state >> 40).unwrap()) + 0.5 / exact_float(grid.scale);
                for float in [magnitude, tie, tie + tie * f64::EPSILON, tie - tie * f64::EPSILON] {
                    assert_eq!(grid.base(float), grid.exact_base(float), "{float} to {digits} digits");
                }
            }
        }
    }

    #[test]
    fn the_range_is_that_of_64_bits() {
        let two_to_63 = 9_223_372_036_854_775_808.0;
        assert_eq!(base(0, -two_to_63), Some(i64::MIN));
        assert_eq!(base(0, two_to_63), None);
        assert_eq!(base(0, two_to_63 - 1024.0), Some(i64::MAX - 1023));
        assert_eq!(base(15, 1e4), None);
        assert_eq!(base(0, f64::MAX), None);
        assert_eq!(base(0, f64::INFINITY), None);
        assert_eq!(base(0, f64::NAN), None);
    }

    #[test]
    fn the_smallest_floats_are_zero() {
        for float in [f64::from_bits(1), f64::MIN_POSITIVE, -1e-300, -0.0, 4.9e-16] {
            assert_eq!(base(15, float), Some(0));
        }
    }

    #[test]
    fn there_and_back_is_what_was_written() {
        for digits in 0..=15 {
            let grid = Grid::new(digits).unwrap();
            for whole in [0, 1, -1, 3, 12_345, -99_999, (1 << 53) + 1, (1 << 60) + 7, i64::MAX, i64::MIN] {
                let written: f64 = format!("{whole}e-{digits}").parse().unwrap();
                assert_eq!(grid.float(whole).to_bits(), (written + 0.0).to_bits());
                if whole.unsigned_abs() < 1 << 53 {
                    assert_eq!(grid.base(written), Some(whole));
                }
            }
        }
    }

    #[test]
    fn however_many_grid_points_are_turned_into_floats() {
        for digits in [0, 2, 15] {
            let grid = Grid::new(digits).unwrap();
            for far in [1, i64::MAX >> 14] {
                for count in [0, 1, BLOCK + 1, (1 << 14) - 1, 1 << 14, (1 << 14) + 1] {
                    let numbers: Vec<i64> = (0..).map(|i| i * far).take(count).collect();
                    let mut bits = numbers.clone();
                    grid.float_bits(&mut bits, &mut Interrupt::new(&mut || false)).unwrap();
                    let floats = numbers
                        .into_iter()
                        .map(|number| i64::from_ne_bytes(grid.float(number).to_ne_bytes()));
                    assert!(floats.eq(bits), "{digits} digits, {count} times {far}");
                }
            }
        }
    }

    #[test]
    fn turning_many_can_be_stopped() {
        let grid = Grid::new(2).unwrap();
        let mut numbers = vec![1; 1 << 18];
        let stopped = grid.float_bits(&mut numbers, &mut Interrupt::new(&mut || true));
        assert_eq!(stopped, Err(Error::Interrupted));
    }

    #[test]
    fn there_are_sixteen_grids() {
        assert!(Grid::new(15).is_some());
        assert!(Grid::new(16).is_none());
    }
}
