//! A second thread, for what is worth one.

use std::sync::OnceLock;
use std::thread;

/// Below so many items starting a thread costs more than it saves. Unit tests need not wait for so many.
const MANY: usize = if cfg!(test) { 1 << 14 } else { 1 << 18 };

/// Whether so many items are sorted sooner by two threads.
pub(crate) fn pay(items: usize) -> bool {
    static TWO: OnceLock<bool> = OnceLock::new();
    items >= MANY
        && *TWO.get_or_init(|| thread::available_parallelism().is_ok_and(|threads| threads.get() > 1))
}
