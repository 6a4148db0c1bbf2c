//! Where intervals come from: anything that can be read twice.

use crate::error::Error;
use crate::interrupt::Interrupt;

/// Intervals `(start, stop, value)` that can be visited more than once, in the same order.
///
/// Combining looks first (how many, how far apart, how large) and copies second, so that it needs no memory
/// for a copy of the input. A source that shows something else at the second look ends in [`Error::Changed`].
/// Every iterator that can be cloned is a source; columns that must be checked on the way implement it
/// themselves and pass their refusals through.
///
/// ```
/// use intervalues_core::{Error, Interrupt, Source};
///
/// let rows = [(0, 2, 1.5), (1, 3, 2.5)];
/// let mut stops = Vec::new();
/// let mut never = || false;
/// rows.into_iter().visit(&mut Interrupt::new(&mut never), |_, stop, _| {
///     stops.push(stop);
///     Ok(())
/// })?;
/// assert_eq!(stops, [2, 3]);
/// # Ok::<(), Error>(())
/// ```
pub trait Source<C, V> {
    /// Calls `each` with every interval, and lets them [pass](Interrupt::pass), alone or by the block. Stops at the
    /// first error, which it returns.
    ///
    /// # Errors
    ///
    /// What `each` returned, [`Error::Interrupted`], or the source's own error, usually [`Error::Refused`].
    fn visit(
        &self,
        interrupt: &mut Interrupt<'_>,
        each: impl FnMut(C, C, V) -> Result<(), Error>,
    ) -> Result<(), Error>;
}

impl<C, V, I> Source<C, V> for I
where
    I: Iterator<Item = (C, C, V)> + Clone,
{
    #[inline]
    fn visit(
        &self,
        interrupt: &mut Interrupt<'_>,
        mut each: impl FnMut(C, C, V) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.clone().try_for_each(|(start, stop, value)| {
            interrupt.pass(1)?;
            each(start, stop, value)
        })
    }
}
