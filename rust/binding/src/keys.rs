//! The entry `number_objects`: keys that are strings or integers in a list, numbered.

use intervalues_core::{Error, kernels};
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyList, PyString};

use crate::column::room;
use crate::guard::guarded;
use crate::memory::{Buffer, Numbers};
use crate::objects::{AT_ONCE, prefetch};
use crate::plain::{self, BORROWING, Plain};
use crate::rows::Sequence;
use crate::signals::Signals;

/// How many keys are looked up at a time: the memory that they and their equals lie in is waited for together.
const TOGETHER: usize = 64;
/// So many slots at first; a power of two.
const SLOTS: usize = 1 << 10;

/// Numbers the strings, or the integers, of a list in the order of their first appearance.
///
/// Returns `(numbers, distinct)`, the number of each and a list of the distinct ones, or `None` for "not mine".
#[pyfunction]
#[pyo3(signature = (keys, /))]
pub(crate) fn number_objects<'py>(
    keys: &Bound<'py, PyAny>,
) -> PyResult<Option<(Buffer, Bound<'py, PyList>)>> {
    guarded(|| {
        let py = keys.py();
        let Ok(keys) = keys.cast_exact::<PyList>() else { return Ok(None) };
        let mut signals = Signals::new();
        let listed = if keys.iter().next().is_some_and(|key| key.is_exact_instance_of::<PyInt>()) {
            let numbered = number_integers(keys, &mut signals);
            signals.settle(numbered)?.map(|(numbers, distinct)| Ok((numbers, PyList::new(py, distinct)?)))
        } else {
            let numbered = number_texts(keys, &mut signals);
            signals.settle(numbered)?.map(|(numbers, distinct)| Ok((numbers, PyList::new(py, distinct)?)))
        };
        listed.transpose()
    })
}

fn number_integers(keys: &Bound<'_, PyList>, signals: &mut Signals) -> Result<(Buffer, Vec<i64>), Error> {
    let mut integers: Vec<i64> = room(keys.len())?;
    while integers.len() < keys.len() {
        if signals.raised() {
            return Err(Error::Interrupted);
        }
        let before = integers.len();
        if BORROWING {
            let mut columns = [Plain::Ignored, Plain::Ignored, Plain::Integers(&mut integers)];
            plain::read_columns([Some(Sequence::List(keys)); 3], before, &mut columns);
        } else {
            for key in keys.iter().skip(before).take(AT_ONCE) {
                integers.push(
                    key.cast_exact::<PyInt>()
                        .ok()
                        .and_then(|key| key.extract().ok())
                        .ok_or(Error::Refused)?,
                );
            }
        }
        if integers.len() == before {
            return Err(Error::Refused);
        }
    }
    let distinct = signals.watch(|interrupt| kernels::number_keys(&mut integers, interrupt))?;
    Ok((Buffer::new(integers.into())?, distinct))
}

fn number_texts<'py>(
    keys: &Bound<'py, PyList>,
    signals: &mut Signals,
) -> Result<(Buffer, Vec<Bound<'py, PyString>>), Error> {
    let mut numbers = room(keys.len())?;
    let mut distinct: Vec<Bound<'py, PyString>> = Vec::new();
    let mut slots = Slots::new(SLOTS)?;
    let mut together = room(TOGETHER)?;
    let mut rest = keys.iter();
    while rest.len() > 0 {
        if signals.raised() {
            return Err(Error::Interrupted);
        }
        for key in rest.by_ref().take(TOGETHER) {
            let text = key.cast_into_exact::<PyString>().map_err(|_| Error::Refused)?;
            // Of strings, hashing and comparing runs no Python code.
            let hash = text.hash().map_err(|_| Error::Refused)?.to_ne_bytes();
            let [a, b, c, d, ..] = hash;
            let hash = u32::from_ne_bytes([a, b, c, d]);
            slots.prefetch(hash);
            together.push((text, hash));
        }
        for &(_, hash) in &together {
            let equal = slots.at(slots.place(hash)).and_then(|slot| distinct.get(slot.index()?));
            if let Some(equal) = equal {
                prefetch(equal.as_ptr());
            }
        }
        for (text, hash) in together.drain(..) {
            let mut place = slots.place(hash);
            let index = loop {
                let slot = slots.at(place).ok_or(Error::Internal)?;
                let Some(index) = slot.index() else {
                    break slots.add(place, hash, text, &mut distinct)?;
                };
                let known = distinct.get(index).ok_or(Error::Internal)?;
                if slot.hash == hash && is_same(known, &text)? {
                    break index;
                }
                place = slots.after(place);
            };
            numbers.push(i64::try_from(index).map_err(|_| Error::Internal)?);
        }
    }
    Ok((Buffer::new(Numbers::Integers(numbers))?, distinct))
}

fn is_same(a: &Bound<'_, PyString>, b: &Bound<'_, PyString>) -> Result<bool, Error> {
    Ok(a.is(b) || a.as_any().eq(b).map_err(|_| Error::Refused)?)
}

/// Where a key is, or may be.
#[derive(Clone, Copy, Default)]
struct Slot {
    hash: u32,
    /// The number of the key and 1; 0 is free.
    number: u32,
}

impl Slot {
    fn index(self) -> Option<usize> {
        usize::try_from(self.number.checked_sub(1)?).ok()
    }
}

/// The numbers of keys, where their hash says or in the next free slot.
struct Slots(Vec<Slot>);

impl Slots {
    /// So many free slots, a power of two.
    fn new(count: usize) -> Result<Self, Error> {
        let mut slots = room(count)?;
        slots.resize(count, Slot::default());
        Ok(Slots(slots))
    }

    fn at(&self, place: usize) -> Option<Slot> {
        self.0.get(place).copied()
    }

    fn place(&self, hash: u32) -> usize {
        usize::try_from(hash).unwrap_or_default() & self.0.len().wrapping_sub(1)
    }

    fn after(&self, place: usize) -> usize {
        place.wrapping_add(1) & self.0.len().wrapping_sub(1)
    }

    fn prefetch(&self, hash: u32) {
        if let Some(slot) = self.0.get(self.place(hash)) {
            prefetch((&raw const *slot).cast_mut().cast());
        }
    }

    /// Takes a new key at a free place; gives its index.
    fn add<'py>(
        &mut self,
        place: usize,
        hash: u32,
        text: Bound<'py, PyString>,
        distinct: &mut Vec<Bound<'py, PyString>>,
    ) -> Result<usize, Error> {
        let index = distinct.len();
        distinct.try_reserve(1)?;
        distinct.push(text);
        let number = u32::try_from(distinct.len()).map_err(|_| Error::Refused)?;
        *self.0.get_mut(place).ok_or(Error::Internal)? = Slot { hash, number };
        if distinct.len() > self.0.len() / 2 {
            self.grow()?;
        }
        Ok(index)
    }

    fn grow(&mut self) -> Result<(), Error> {
        let mut grown = Slots::new(self.0.len().saturating_mul(4))?;
        for slot in self.0.iter().filter(|slot| slot.number > 0) {
            let mut place = grown.place(slot.hash);
            while grown.at(place).is_some_and(|other| other.number > 0) {
                place = grown.after(place);
            }
            *grown.0.get_mut(place).ok_or(Error::Internal)? = *slot;
        }
        *self = grown;
        Ok(())
    }
}
