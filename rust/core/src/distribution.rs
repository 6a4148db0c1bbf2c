//! How long each level holds, and which levels are the highest.

use crate::allocation::{defaults, many_defaults, room};
use crate::error::Error;
use crate::exact_sum::LOWEST;
use crate::interrupt::{Interrupt, STRIDE};

use crate::number::{Coordinate, Measured};
use crate::radix;
use crate::step_function::StepColumns;
use crate::windows::Windows;

/// Levels that are so near one another always have a place each in a table.
const NARROW: usize = 1 << 12;

/// A level and how long it holds.
type Held = (u64, u128);

/// How long each level holds in all windows together: the levels, ascending, and for each the exact length, a whole
/// number of two to the exponent that comes third. O(n) for whole numbers near one another, O(n log n) for others, for
/// each window that covers n breakpoints.
///
/// ```
/// use intervalues_core::kernels::{StepColumns, Windows, distribution};
/// use intervalues_core::Interrupt;
///
/// let steps = StepColumns::new(&[1_i64, 2, 3, 5], &[0_i64, 2, 5, 2, 0])?;
/// let windows = Windows::new(&[0], &[10])?;
/// let (levels, lengths, exponent) = distribution(&steps, &windows, &mut Interrupt::new(&mut || false))?;
/// assert_eq!((levels, lengths, exponent), (vec![0, 2, 5], vec![6, 3, 1], 0));
/// # Ok::<(), intervalues_core::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Refused`] and [`Error::Overflow`] for coordinates whose lengths are too long numbers,
/// [`Error::OutOfMemory`], [`Error::Interrupted`].
pub fn distribution<C: Measured, L: Measured>(
    steps: &StepColumns<'_, C, L>,
    windows: &Windows<'_, C>,
    interrupt: &mut Interrupt<'_>,
) -> Result<(Vec<L>, Vec<u128>, i32), Error> {
    let steps = steps.around(windows);
    let unit = C::places_of_sorted(steps.points).and(windows.places()).low;
    let mut held = match table(&steps) {
        Some((lowest, span)) => by_table(&steps, windows, unit, lowest, span, interrupt)?,
        None => by_sorting(&steps, windows, unit, interrupt)?,
    };
    held.retain(|(_, length)| *length > 0);
    let (mut levels, mut lengths) = (room(held.len())?, room(held.len())?);
    for (key, length) in held {
        levels.push(L::from_key(key, ())?);
        lengths.push(length);
    }
    Ok((levels, lengths, LOWEST.saturating_add_unsigned(unit)))
}

/// The lowest level, and how many there may be, if they are whole numbers near one another.
fn table<C: Measured, L: Measured>(steps: &StepColumns<'_, C, L>) -> Option<(i64, usize)> {
    let levels = L::wholes(steps.levels)?;
    let (lowest, highest) = levels
        .iter()
        .fold((i64::MAX, i64::MIN), |(lowest, highest), level| (lowest.min(*level), highest.max(*level)));
    let span = usize::try_from(highest.checked_sub(lowest)?).ok()?.checked_add(1)?;
    (span <= NARROW.max(levels.len() / 8)).then_some((lowest, span))
}

fn by_table<C: Measured, L: Measured>(
    steps: &StepColumns<'_, C, L>,
    windows: &Windows<'_, C>,
    unit: u32,
    lowest: i64,
    span: usize,
    interrupt: &mut Interrupt<'_>,
) -> Result<Vec<Held>, Error> {
    let mut table: Vec<Held> = defaults(span)?;
    for (slot, level) in table.iter_mut().zip(lowest..=i64::MAX) {
        slot.0 = level.key(())?;
    }
    each_length(steps, windows, unit, interrupt, |level, length, _| {
        let level =
            L::wholes(std::slice::from_ref(&level)).and_then(<[i64]>::first).ok_or(Error::Internal)?;
        let index = usize::try_from(level.wrapping_sub(lowest)).map_err(|_| Error::Internal)?;
        let slot = table.get_mut(index).ok_or(Error::Internal)?;
        slot.1 = slot.1.checked_add(length).ok_or(Error::Overflow)?;
        Ok(())
    })?;
    Ok(table)
}

fn by_sorting<C: Measured, L: Measured>(
    steps: &StepColumns<'_, C, L>,
    windows: &Windows<'_, C>,
    unit: u32,
    interrupt: &mut Interrupt<'_>,
) -> Result<Vec<Held>, Error> {
    // There are no more different levels than half of it: however often windows overlap, it is never full for long.
    let most = steps.levels.len().saturating_mul(2);
    let (mut held, mut scratch): (Vec<Held>, Vec<Held>) = (room(most)?, room(most)?);
    each_length(steps, windows, unit, interrupt, |level, length, interrupt| {
        if held.len() == most {
            add_up(&mut held, &mut scratch, interrupt)?;
        }
        held.push((level.key(())?, length));
        Ok(())
    })?;
    add_up(&mut held, &mut scratch, interrupt)?;
    Ok(held)
}

/// Sorts by level, and adds up how long each holds.
fn add_up(held: &mut Vec<Held>, scratch: &mut Vec<Held>, interrupt: &mut Interrupt<'_>) -> Result<(), Error> {
    let key = |held: &Held| held.0;
    while scratch.len() < held.len() {
        interrupt.pass(STRIDE)?;
        scratch.resize(held.len().min(scratch.len().saturating_add(STRIDE)), Held::default());
    }
    let bits = radix::varying_bits(held, key);
    radix::sort_by_key(held, scratch, key, bits, interrupt)?;
    let mut overflow = false;
    held.dedup_by(|later, earlier| {
        let same = later.0 == earlier.0;
        if same {
            let sum = earlier.1.checked_add(later.1);
            overflow |= sum.is_none();
            earlier.1 = sum.unwrap_or_default();
        }
        same
    });
    if overflow { Err(Error::Overflow) } else { Ok(()) }
}

/// Shows each piece of each window: its level and its length.
fn each_length<C: Measured, L: Measured>(
    steps: &StepColumns<'_, C, L>,
    windows: &Windows<'_, C>,
    unit: u32,
    interrupt: &mut Interrupt<'_>,
    mut show: impl FnMut(L, u128, &mut Interrupt<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let units = |coordinate: C| coordinate.units(unit).ok_or(Error::Refused);
    steps.each(windows, interrupt, |pieces, interrupt| {
        for (level, start, stop) in pieces.edges.into_iter().flatten() {
            show(level, units(stop)?.abs_diff(units(start)?), interrupt)?;
        }
        let (points, levels) = steps.inside(pieces.first, pieces.last.saturating_sub(1))?;
        let Some((first, points)) = points.split_first() else { return Ok(()) };
        let mut start = units(*first)?;
        for (points, levels) in points.chunks(STRIDE).zip(levels.chunks(STRIDE)) {
            interrupt.pass(levels.len())?;
            for (point, level) in points.iter().zip(levels) {
                let stop = units(*point)?;
                show(*level, stop.abs_diff(start), interrupt)?;
                start = stop;
            }
        }
        Ok(())
    })
}

/// Where the `count` highest levels are that are not zero: the highest first, and of equal ones the earliest. O(n) for
/// small counts, O(n log n) for large ones.
///
/// ```
/// use intervalues_core::kernels::largest;
/// use intervalues_core::Interrupt;
///
/// let levels = [0, 2, 5, 2, 7, -1];
/// assert_eq!(largest(&levels, 3, &mut Interrupt::new(&mut || false))?, [4, 2, 1]);
/// # Ok::<(), intervalues_core::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::OutOfMemory`], [`Error::Interrupted`].
pub fn largest<L: Measured>(
    levels: &[L],
    count: usize,
    interrupt: &mut Interrupt<'_>,
) -> Result<Vec<usize>, Error> {
    if count == 0 {
        return Ok(Vec::new());
    }
    // The higher the level the lower the rank.
    let rank = |ranked: &(u64, usize)| *ranked;
    let most = count.saturating_mul(2).max(STRIDE / 64).min(levels.len());
    let mut ranked: Vec<(u64, usize)> = room(most)?;
    // No level up to here is among the highest.
    let mut known: Option<L> = None;
    let mut start = 0_usize;
    for part in levels.chunks(STRIDE) {
        interrupt.pass(part.len())?;
        for (level, index) in part.iter().zip(start..) {
            if *level == L::default() || known.is_some_and(|known| *level <= known) {
                continue;
            }
            if ranked.len() == most {
                ranked.select_nth_unstable_by_key(count.saturating_sub(1), rank);
                ranked.truncate(count);
                known = ranked.last().map(|last| L::from_key(!last.0, ())).transpose()?;
                interrupt.pass(most)?;
                if known.is_some_and(|known| *level <= known) {
                    continue;
                }
            }
            ranked.push((!level.key(())?, index));
        }
        start = start.saturating_add(part.len());
    }
    sort(&mut ranked, interrupt)?;
    let mut places = room(count.min(ranked.len()))?;
    places.extend(ranked.into_iter().take(count).map(|(_, index)| index));
    Ok(places)
}

/// Sorts by rank and, where it is the same, by index.
fn sort(ranked: &mut [(u64, usize)], interrupt: &mut Interrupt<'_>) -> Result<(), Error> {
    let (rank, index) =
        (|item: &(u64, usize)| item.0, |item: &(u64, usize)| u64::try_from(item.1).unwrap_or(u64::MAX));
    let mut scratch = many_defaults(ranked.len(), interrupt)?;
    let bits = radix::varying_bits(ranked, rank);
    radix::sort_by_key(ranked, &mut scratch, rank, bits, interrupt)?;
    for same in ranked.chunk_by_mut(|a, b| a.0 == b.0) {
        let bits = radix::varying_bits(same, index);
        radix::sort_by_key(same, &mut scratch, index, bits, interrupt)?;
    }
    Ok(())
}
