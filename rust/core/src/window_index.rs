//! An index for many windows: totals of the pieces so far, and a pyramid of extremes.

use crate::allocation::room;
use crate::error::Error;
use crate::exact_sum::{LOWEST, ProductSum};
use crate::interrupt::{Interrupt, STRIDE};
use crate::measure::{Measure, Summary, product_places};
use crate::number::{Measured, Places};
use crate::step_function::StepColumns;
use crate::totals::{FAR, NEAR, Sum, Whole, add_inside};
use crate::windows::{Windows, wholes};

/// So many pieces lie between two totals that are kept: adding them costs about what fetching a total does.
const BLOCK: usize = 64;
/// So many levels lie under each stone of a pyramid.
const FAN: usize = 16;

/// Answers about windows in O(log n) each, whatever they cover.
///
/// ```
/// use intervalues_core::kernels::{StepColumns, WindowIndex, Windows};
/// use intervalues_core::{Interrupt, Measure, Summary};
///
/// let steps = StepColumns::new(&[1_i64, 2, 3, 4], &[0_i64, 2, 5, 3, 0])?;
/// let mut never = || false;
/// let mut interrupt = Interrupt::new(&mut never);
/// let index = WindowIndex::new(&steps, &mut interrupt)?;
/// let windows = Windows::new(&[0, 2], &[2, 6])?;
/// let peaks = index.summarize(&steps, &windows, Measure::Max, &mut interrupt)?;
/// assert_eq!(peaks, Summary::Levels(vec![2, 5]));
/// # Ok::<(), intervalues_core::Error>(())
/// ```
pub struct WindowIndex<L> {
    totals: Totals,
    /// Of the highest levels, and of the lowest.
    pyramids: [Pyramid<L>; 2],
}

/// The totals that are kept.
enum Totals {
    Wholes(Prefixes<Whole<1>>),
    /// Beside them the places of the levels.
    Near(Prefixes<ProductSum<NEAR>>, Places),
    /// None: then all pieces of a window are added up.
    None,
}

impl<L: Measured> WindowIndex<L> {
    /// Looks at all pieces once. O(n), and about two bytes for each of them.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfMemory`], [`Error::Interrupted`].
    pub fn new<C: Measured>(
        steps: &StepColumns<'_, C, L>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<Self, Error> {
        let totals = match wholes(steps, &Windows::new(&[], &[])?) {
            Some((steps, _)) => Totals::Wholes(Prefixes::new(Whole(0), &steps, interrupt)?),
            None => {
                let levels = L::places(steps.levels);
                let products = levels.times(C::places_of_sorted(steps.points));
                match ProductSum::covering(products.low, products.high) {
                    Some(zero) => Totals::Near(Prefixes::new(zero, steps, interrupt)?, levels),
                    // Floats whose magnitudes are very far apart.
                    None => Totals::None,
                }
            }
        };
        let highest = Pyramid::new(steps.levels, higher, interrupt)?;
        let lowest = Pyramid::new(steps.levels, lower, interrupt)?;
        Ok(WindowIndex { totals, pyramids: [highest, lowest] })
    }

    /// An index that keeps nothing: then all pieces of a window are looked at.
    pub(crate) fn none() -> Self {
        WindowIndex { totals: Totals::None, pyramids: [Pyramid(Vec::new()), Pyramid(Vec::new())] }
    }

    /// One answer for each window, the same as from [`summarize`](crate::kernels::summarize). `steps` are those of which this is
    /// the index. O(log n) for each window; O(n) for integrals and means of floats whose magnitudes, or those of the ends
    /// of windows, are very far apart.
    ///
    /// # Errors
    ///
    /// Those of [`summarize`](crate::kernels::summarize).
    pub fn summarize<C: Measured>(
        &self,
        steps: &StepColumns<'_, C, L>,
        windows: &Windows<'_, C>,
        measure: Measure,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<Summary<L>, Error> {
        let [highest, lowest] = &self.pyramids;
        match measure {
            Measure::Max => highest.extremes(steps, windows, higher, interrupt).map(Summary::Levels),
            Measure::Min => lowest.extremes(steps, windows, lower, interrupt).map(Summary::Levels),
            Measure::Integral(_) | Measure::Mean => match wholes(steps, windows) {
                Some((steps, windows)) => self.of_wholes(&steps, &windows, measure, interrupt),
                None => self.of_products(steps, windows, measure, interrupt).map(Summary::Floats),
            },
        }
    }

    /// Integrals and means of whole numbers.
    fn of_wholes(
        &self,
        steps: &StepColumns<'_, i64, i64>,
        windows: &Windows<'_, i64>,
        measure: Measure,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<Summary<L>, Error> {
        let none = Prefixes::none(Whole(0))?;
        let prefixes = if let Totals::Wholes(prefixes) = &self.totals { prefixes } else { &none };
        if measure == Measure::Integral(None) {
            let whole = |total: &Whole<1>, _, _| total.0.try_into().map_err(|_| Error::Overflow);
            return prefixes.each(steps, windows, interrupt, whole).map(Summary::Wholes);
        }
        prefixes.floats(steps, windows, measure, interrupt).map(Summary::Floats)
    }

    /// Integrals and means of floats, or of floats and whole numbers.
    fn of_products<C: Measured>(
        &self,
        steps: &StepColumns<'_, C, L>,
        windows: &Windows<'_, C>,
        measure: Measure,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<Vec<f64>, Error> {
        if let Totals::Near(prefixes, levels) = &self.totals {
            let Places { low, high } = levels.times(windows.places());
            if prefixes.zero()?.reaches(low, high) {
                return prefixes.floats(steps, windows, measure, interrupt);
            }
        }
        let steps = &steps.around(windows);
        let Places { low, high } = product_places(L::places(steps.levels), steps, windows);
        if let Some(near) = ProductSum::<NEAR>::covering(low, high) {
            return Prefixes::none(near)?.floats(steps, windows, measure, interrupt);
        }
        let far = ProductSum::<FAR>::covering(low, high).ok_or(Error::Internal)?;
        Prefixes::none(far)?.floats(steps, windows, measure, interrupt)
    }
}

/// The totals of all pieces from the first breakpoint to the first, the 64th and so on, as far as they are kept.
struct Prefixes<T>(Vec<T>);

impl<T: Clone> Prefixes<T> {
    /// None but the first: then all pieces of a window are added up.
    fn none(zero: T) -> Result<Self, Error> {
        let mut kept = room(1)?;
        kept.push(zero);
        Ok(Prefixes(kept))
    }

    fn new<C: Measured, L: Measured>(
        zero: T,
        steps: &StepColumns<'_, C, L>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<Self, Error>
    where
        T: Sum<C, L>,
    {
        let pieces = steps.points.len().saturating_sub(1);
        let mut kept = room((pieces / BLOCK).saturating_add(1))?;
        let mut total = zero;
        kept.push(total.clone());
        for last in (BLOCK..=pieces).step_by(BLOCK) {
            add_inside(&mut total, steps, last.saturating_sub(BLOCK), last, interrupt)?;
            kept.push(total.clone());
        }
        Ok(Prefixes(kept))
    }

    fn zero(&self) -> Result<&T, Error> {
        self.0.first().ok_or(Error::Internal)
    }

    /// Adds the pieces from one breakpoint to another: whole blocks at once.
    fn add<C: Measured, L: Measured>(
        &self,
        total: &mut T,
        steps: &StepColumns<'_, C, L>,
        [first, last]: [usize; 2],
        interrupt: &mut Interrupt<'_>,
    ) -> Result<(), Error>
    where
        T: Sum<C, L>,
    {
        // first |    low      high  | last
        // ──────┼─────┼─────────┼───┼─────
        let (low, high) = (first.div_ceil(BLOCK), last / BLOCK);
        match (self.0.get(low), self.0.get(high)) {
            (Some(below), Some(above)) if low < high => {
                add_inside(total, steps, first, low.saturating_mul(BLOCK), interrupt)?;
                total.add_difference(below, above)?;
                add_inside(total, steps, high.saturating_mul(BLOCK), last, interrupt)
            }
            _ => add_inside(total, steps, first, last, interrupt),
        }
    }

    /// What each window adds up to, as `finish` makes it of the total, the start and the stop.
    fn each<C: Measured, L: Measured, A>(
        &self,
        steps: &StepColumns<'_, C, L>,
        windows: &Windows<'_, C>,
        interrupt: &mut Interrupt<'_>,
        finish: impl Fn(&T, C, C) -> Result<A, Error>,
    ) -> Result<Vec<A>, Error>
    where
        T: Sum<C, L>,
    {
        let zero = self.zero()?;
        let mut answers = room(windows.len())?;
        steps.each(windows, interrupt, |pieces, interrupt| {
            let mut total = zero.clone();
            for (level, start, stop) in pieces.edges.into_iter().flatten() {
                total.add(level, start, stop)?;
            }
            self.add(&mut total, steps, [pieces.first, pieces.last.saturating_sub(1)], interrupt)?;
            answers.push(finish(&total, pieces.start, pieces.stop)?);
            Ok(())
        })?;
        Ok(answers)
    }

    /// The integral or the mean of each window, rounded once.
    fn floats<C: Measured, L: Measured>(
        &self,
        steps: &StepColumns<'_, C, L>,
        windows: &Windows<'_, C>,
        measure: Measure,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<Vec<f64>, Error>
    where
        T: Sum<C, L>,
    {
        let over =
            |total: &T, divisor, exponent| total.numerator().over(divisor, exponent).ok_or(Error::Overflow);
        match measure {
            Measure::Integral(divisor) => {
                let divisor = divisor.map_or(1, |divisor| divisor.get().into());
                self.each(steps, windows, interrupt, |total, _, _| over(total, divisor, 0))
            }
            _ => self.each(steps, windows, interrupt, |total, start, stop| {
                let (length, exponent) = length(start, stop).ok_or(Error::Refused)?;
                over(total, length, exponent)
            }),
        }
    }
}

/// The length of a window, a whole number of at most 126 bits times two to an exponent, if there is such.
fn length<C: Measured>(start: C, stop: C) -> Option<(u128, i32)> {
    let unit = C::places(&[start, stop]).low;
    let length = stop.units(unit)?.checked_sub(start.units(unit)?)?;
    Some((length.unsigned_abs(), LOWEST.saturating_add_unsigned(unit)))
}

/// The best levels of every sixteen, of every sixteen of those and so on, as far as they are kept.
struct Pyramid<L>(Vec<Vec<L>>);

impl<L: Measured> Pyramid<L> {
    fn new(
        levels: &[L],
        better: impl Fn(L, L) -> L + Copy,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<Self, Error> {
        let mut floors: Vec<Vec<L>> = room(usize::BITS.div_ceil(FAN.ilog2()).try_into().unwrap_or_default())?;
        loop {
            let below = floors.last().map_or(levels, Vec::as_slice);
            if below.len() < FAN {
                return Ok(Pyramid(floors));
            }
            let mut floor = room(below.len() / FAN)?;
            for sixteen in below.chunks_exact(FAN) {
                interrupt.pass(FAN)?;
                floor.extend(sixteen.iter().copied().reduce(better));
            }
            floors.push(floor);
        }
    }

    /// The best level of each window.
    fn extremes<C: Measured>(
        &self,
        steps: &StepColumns<'_, C, L>,
        windows: &Windows<'_, C>,
        better: impl Fn(L, L) -> L + Copy,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<Vec<L>, Error> {
        let mut answers = room(windows.len())?;
        steps.each(windows, interrupt, |pieces, interrupt| {
            answers.push(self.extreme(steps.levels, [pieces.first, pieces.last], better, interrupt)?);
            Ok(())
        })?;
        Ok(answers)
    }

    /// The best of the levels from `first` to `last`, both included.
    fn extreme(
        &self,
        levels: &[L],
        [first, last]: [usize; 2],
        better: impl Fn(L, L) -> L + Copy,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<L, Error> {
        let mut found = *levels.get(first).ok_or(Error::Internal)?;
        let (mut floor, mut start, mut end) = (levels, first, last.saturating_add(1));
        let mut above = self.0.iter();
        loop {
            // start |    low      high  | end
            // ──────┼─────┼─────────┼───┼────
            let (low, high) = (start.div_ceil(FAN), end / FAN);
            let next = above.next().filter(|_| low < high);
            let split =
                if next.is_some() { [low.saturating_mul(FAN), high.saturating_mul(FAN)] } else { [end, end] };
            let [left, right] = split;
            for part in [start..left, right..end] {
                for stride in floor.get(part).ok_or(Error::Internal)?.chunks(STRIDE) {
                    interrupt.pass(stride.len())?;
                    found = best_of(found, stride, better);
                }
            }
            let Some(next) = next else { return Ok(found) };
            (floor, start, end) = (next, low, high);
        }
    }
}

fn higher<L: Measured>(a: L, b: L) -> L {
    if b > a { b } else { a }
}

fn lower<L: Measured>(a: L, b: L) -> L {
    if b < a { b } else { a }
}

/// The best of one level and more: several at a time, so that none waits for the one before.
fn best_of<L: Measured>(found: L, levels: &[L], better: impl Fn(L, L) -> L + Copy) -> L {
    const LANES: usize = 8;

    let mut lanes = [found; LANES];
    let chunks = levels.chunks_exact(LANES);
    let rest = chunks.remainder().iter().copied().fold(found, better);
    for chunk in chunks {
        for (lane, level) in lanes.iter_mut().zip(chunk) {
            *lane = better(*lane, *level);
        }
    }
    lanes.into_iter().fold(rest, better)
}
