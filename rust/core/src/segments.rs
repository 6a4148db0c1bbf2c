//! Segments: the pieces of a step function whose level is not zero, in columns.

use crate::allocation::room;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::number::Measured;
use crate::source::BLOCK;
use crate::step_function::StepColumns;

/// How many levels are not zero. O(n).
///
/// # Errors
///
/// [`Error::Interrupted`].
pub fn count_segments<L: Measured>(levels: &[L], interrupt: &mut Interrupt<'_>) -> Result<usize, Error> {
    let mut count = 0_usize;
    for block in levels.chunks(BLOCK) {
        interrupt.pass(block.len())?;
        let zero = L::default();
        // At most as many as levels; that nothing branches lets the compiler look at many in one step.
        count = block.iter().fold(count, |count, level| count.wrapping_add(usize::from(*level != zero)));
    }
    Ok(count)
}

/// The starts, the stops and the levels of all pieces whose level is not zero. O(n).
///
/// ```
/// use intervalues_core::kernels::{StepColumns, segments};
/// use intervalues_core::Interrupt;
///
/// let steps = StepColumns::new(&[1, 2, 5, 6], &[0_i64, 2, 0, 3, 0])?;
/// let (starts, stops, levels) = segments(&steps, &mut Interrupt::new(&mut || false))?;
/// assert_eq!((starts, stops, levels), (vec![1, 5], vec![2, 6], vec![2, 3]));
/// # Ok::<(), intervalues_core::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Refused`] if the first or the last level is not zero: such a piece has no end. [`Error::OutOfMemory`],
/// [`Error::Interrupted`].
#[allow(clippy::type_complexity, reason = "three columns")]
pub fn segments<C: Copy, L: Measured>(
    steps: &StepColumns<'_, C, L>,
    interrupt: &mut Interrupt<'_>,
) -> Result<(Vec<C>, Vec<C>, Vec<L>), Error> {
    let zero = L::default();
    let outer = [steps.levels.first(), steps.levels.last()];
    if outer.into_iter().flatten().any(|level| *level != zero) {
        return Err(Error::Refused);
    }
    let count = count_segments(steps.levels, interrupt)?;
    let (mut starts, mut stops, mut levels) = (room(count)?, room(count)?, room(count)?);
    let inner = steps.levels.get(1..).unwrap_or_default();
    let ends = steps.points.get(1..).unwrap_or_default();
    for ((points, ends), inner) in steps.points.chunks(BLOCK).zip(ends.chunks(BLOCK)).zip(inner.chunks(BLOCK))
    {
        interrupt.pass(ends.len())?;
        starts.extend(points.iter().zip(inner).filter(|(_, level)| **level != zero).map(|(start, _)| *start));
        stops.extend(ends.iter().zip(inner).filter(|(_, level)| **level != zero).map(|(stop, _)| *stop));
        levels.extend(inner.iter().take(ends.len()).filter(|level| **level != zero));
    }
    Ok((starts, stops, levels))
}
