//! Where intervals come from: anything that can be read more than once.

use crate::error::Error;
use crate::interrupt::Interrupt;

/// How many intervals are handed over at a time, at most. A few columns of so many fit the nearest cache.
pub const BLOCK: usize = 512;

/// Intervals in columns of starts, stops and values that can be visited more than once, in the same order.
///
/// Combining looks first (how many, how far apart, how large) and copies later, so that it needs no memory for a
/// copy of the input. A source that shows something else at a later look ends in [`Error::Changed`]. Every iterator
/// of `(start, stop, value)` that can be cloned is a source; columns that must be checked on the way implement it
/// themselves and pass their refusals through.
///
/// ```
/// use intervalues_core::{Error, Interrupt, Source};
///
/// let rows = [(0, 2, 1.5), (1, 3, 2.5)];
/// let mut seen = Vec::new();
/// let mut never = || false;
/// rows.into_iter().visit(&mut Interrupt::new(&mut never), |_, stops, _| {
///     seen.extend_from_slice(stops);
///     Ok(())
/// })?;
/// assert_eq!(seen, [2, 3]);
/// # Ok::<(), Error>(())
/// ```
pub trait Source<C, V> {
    /// How many intervals there are, if that is known; at least so many otherwise. Only speed depends on it.
    fn count(&self) -> usize;

    /// What it means that an interval starts after it stops: by default that it is empty.
    ///
    /// # Errors
    ///
    /// The source's own, if it allows no such intervals.
    fn reversed(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Hears of the lowest start and the highest stop that the first look found.
    ///
    /// # Errors
    ///
    /// The source's own, if it allows none as low or as high.
    fn accept(&self, _lowest: &C, _highest: &C) -> Result<(), Error> {
        Ok(())
    }

    /// As [`visit`](Source::visit), but what the values are does not matter: sources that can save the work do.
    ///
    /// # Errors
    ///
    /// As for [`visit`](Source::visit).
    fn visit_ends(
        &self,
        interrupt: &mut Interrupt<'_>,
        mut each: impl FnMut(&[C], &[C]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.visit(interrupt, |starts, stops, _| each(starts, stops))
    }

    /// Calls `each` with the columns of one block of intervals after another, of equal lengths up to [`BLOCK`], and
    /// lets them [pass](Interrupt::pass). Stops at the first error, which it returns.
    ///
    /// # Errors
    ///
    /// What `each` returned, [`Error::Interrupted`], or the source's own error, usually [`Error::Refused`].
    fn visit(
        &self,
        interrupt: &mut Interrupt<'_>,
        each: impl FnMut(&[C], &[C], &[V]) -> Result<(), Error>,
    ) -> Result<(), Error>;
}

impl<C: Copy, V: Copy, I> Source<C, V> for I
where
    I: Iterator<Item = (C, C, V)> + Clone,
{
    fn count(&self) -> usize {
        self.size_hint().0
    }

    #[inline]
    fn visit(
        &self,
        interrupt: &mut Interrupt<'_>,
        mut each: impl FnMut(&[C], &[C], &[V]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut rows = self.clone();
        // Without one interval there is nothing to fill the block with.
        let Some((start, stop, value)) = rows.clone().next() else { return Ok(()) };
        let (mut starts, mut stops, mut values) = ([start; BLOCK], [stop; BLOCK], [value; BLOCK]);
        loop {
            let mut filled = 0_usize;
            let slots = starts.iter_mut().zip(&mut stops).zip(&mut values);
            for (((start, stop), value), row) in slots.zip(&mut rows) {
                (*start, *stop, *value) = row;
                filled = filled.saturating_add(1);
            }
            let (Some(starts), Some(stops), Some(values)) =
                (starts.get(..filled), stops.get(..filled), values.get(..filled))
            else {
                return Err(Error::Internal);
            };
            if filled == 0 {
                return Ok(());
            }
            interrupt.pass(filled)?;
            each(starts, stops, values)?;
        }
    }
}
