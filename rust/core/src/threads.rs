//! A second thread, for what is worth one.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock};
use std::thread::{self, ScopedJoinHandle};
use std::time::Duration;

use crate::error::Error;
use crate::interrupt::Interrupt;

/// Below so many items starting a thread costs more than it saves. Unit tests need not wait for so many.
const MANY: usize = if cfg!(test) { 1 << 14 } else { 1 << 18 };

/// Whether so many items are worked on sooner by two threads.
pub(crate) fn pay(items: usize) -> bool {
    static TWO: OnceLock<bool> = OnceLock::new();
    items >= MANY
        && *TWO.get_or_init(|| thread::available_parallelism().is_ok_and(|threads| threads.get() > 1))
}

/// Does one thing here and another in a thread of its own, or after it if there is none to be had.
pub(crate) fn both<T, U: Send>(
    here: impl FnOnce(&mut Interrupt<'_>) -> Result<T, Error>,
    there: impl Fn(&mut Interrupt<'_>) -> Result<U, Error> + Sync,
    interrupt: &mut Interrupt<'_>,
) -> Result<(T, U), Error> {
    let stop = AtomicBool::new(false);
    let waiting = thread::current();
    thread::scope(|scope| {
        let worker = thread::Builder::new().spawn_scoped(scope, || {
            let mut asked = || stop.load(Ordering::Relaxed);
            let outcome = there(&mut Interrupt::new(&mut asked));
            waiting.unpark();
            outcome
        });
        let outcome = here(interrupt);
        stop.store(outcome.is_err(), Ordering::Relaxed);
        let Ok(worker) = worker else { return Ok((outcome?, there(interrupt)?)) };
        let waited = outcome.and_then(|done| wait(&worker, interrupt).map(|()| done));
        stop.store(waited.is_err(), Ordering::Relaxed);
        let other = worker.join().unwrap_or(Err(Error::Internal));
        Ok((waited?, other?))
    })
}

/// Does the same to two things: to the second one in a thread of its own if so many `items` are worth one.
pub(crate) fn each<T: Send>(
    items: usize,
    [first, second]: [T; 2],
    work: impl Fn(T, &mut Interrupt<'_>) -> Result<(), Error> + Sync,
    interrupt: &mut Interrupt<'_>,
) -> Result<(), Error> {
    if !pay(items) {
        work(first, interrupt)?;
        return work(second, interrupt);
    }
    let second = Mutex::new(Some(second));
    let there = |interrupt: &mut Interrupt<'_>| {
        let taken = second.lock().map_err(|_| Error::Internal)?.take();
        work(taken.ok_or(Error::Internal)?, interrupt)
    };
    both(|interrupt| work(first, interrupt), there, interrupt).map(|_| ())
}

/// Waits for a thread, asking now and then; it may wake this one when it is done.
pub(crate) fn wait<T>(worker: &ScopedJoinHandle<'_, T>, interrupt: &mut Interrupt<'_>) -> Result<(), Error> {
    const TURN: Duration = Duration::from_micros(50);

    while !worker.is_finished() {
        interrupt.check()?;
        thread::park_timeout(TURN);
    }
    Ok(())
}
