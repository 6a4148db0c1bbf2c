//! Interruption: long loops ask now and then whether to stop.

use std::fmt;

use crate::error::Error;

/// How many items pass between two questions: about a tenth of a millisecond.
pub(crate) const STRIDE: usize = 1 << 16;

/// A callback that answers whether to stop, asked about every 65,536 items.
///
/// ```
/// use intervalues_core::{Aggregation, Ends, Error, Interrupt};
///
/// let rows = (0..100_000).map(|start| (start, start + 2, 1));
/// let mut impatient = || true;
/// let ends = Ends::read(&rows, Aggregation::Sum, &mut Interrupt::new(&mut impatient));
/// assert_eq!(ends.err(), Some(Error::Interrupted));
/// ```
pub struct Interrupt<'a> {
    requested: &'a mut dyn FnMut() -> bool,
    passed: usize,
}

impl fmt::Debug for Interrupt<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Interrupt").field("passed", &self.passed).finish_non_exhaustive()
    }
}

impl<'a> Interrupt<'a> {
    /// Asks `requested` and stops with [`Error::Interrupted`] once it answers `true`.
    pub fn new(requested: &'a mut dyn FnMut() -> bool) -> Self {
        Interrupt { requested, passed: 0 }
    }

    /// Asks now.
    #[inline(never)]
    pub(crate) fn check(&mut self) -> Result<(), Error> {
        self.passed = 0;
        if (self.requested)() { Err(Error::Interrupted) } else { Ok(()) }
    }

    /// Counts some items, and asks when it is time.
    ///
    /// # Errors
    ///
    /// [`Error::Interrupted`].
    #[inline]
    pub fn pass(&mut self, items: usize) -> Result<(), Error> {
        self.passed = self.passed.saturating_add(items);
        if self.passed >= STRIDE { self.check() } else { Ok(()) }
    }
}
