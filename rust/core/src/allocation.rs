//! Allocation whose size depends on input: it fails with an error, never with an abort.

use crate::error::Error;
use crate::interrupt::{Interrupt, STRIDE};

/// An empty vector with room for exactly so many items.
pub(crate) fn room<T>(items: usize) -> Result<Vec<T>, Error> {
    let mut vector = Vec::new();
    vector.try_reserve_exact(items)?;
    Ok(vector)
}

/// A vector of so many default items.
pub(crate) fn defaults<T: Clone + Default>(items: usize) -> Result<Vec<T>, Error> {
    let mut vector = room(items)?;
    vector.resize(items, T::default());
    Ok(vector)
}

/// The same for many items: the system clears fresh memory meanwhile, which takes a while.
pub(crate) fn many_defaults<T: Clone + Default>(
    items: usize,
    interrupt: &mut Interrupt<'_>,
) -> Result<Vec<T>, Error> {
    let mut vector = room(items)?;
    while vector.len() < items {
        interrupt.pass(STRIDE)?;
        vector.resize(items.min(vector.len().saturating_add(STRIDE)), T::default());
    }
    Ok(vector)
}
