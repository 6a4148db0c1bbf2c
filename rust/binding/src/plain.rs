//! Plain numbers out of lists and tuples, many at a time, without taking references: what makes rows fast.
//!
//! Reading an `int` or a `float` runs no Python code and never lets go of the interpreter, so that nobody can change
//! a list meanwhile, and its items may be borrowed. In a free-threaded interpreter somebody can. There, and for all
//! other objects, `rows.rs` takes references.
#![allow(unsafe_code)]

use std::mem::{self, MaybeUninit};
use std::ptr;

use intervalues_core::kernels::exact_float;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::intervals::is_open;
use crate::number::open_end;
use crate::objects::{self, AT_ONCE, Cut, Object, ROOM, prefetch};
use crate::rows::Sequence;

/// Whether anything can be borrowed.
pub(crate) const BORROWING: bool = cfg!(not(Py_GIL_DISABLED));

/// How many rows are on their way into the cache while as many are read. The prefetches of more get in each other's
/// way.
const BATCH: usize = 16;

/// A column that numbers are appended to, which has room for them: it is never moved.
pub(crate) enum Plain<'a> {
    /// Whole coordinates, and infinities as open ends.
    IntegerEnds(&'a mut Vec<i64>),
    /// Coordinates, NaN included.
    FloatEnds(&'a mut Vec<f64>),
    /// Whole values, 1 where there is none.
    Integers(&'a mut Vec<i64>),
    /// Values, whole ones among them, 1 where there is none.
    Floats(&'a mut Vec<f64>),
    /// Rows without a value.
    Ones(&'a mut usize),
    /// Values that nobody looks at.
    Ignored,
}

/// Reads rows from `first` on, at most [`AT_ONCE`], and gives how many it read. It ends before the first row that
/// is not a tuple, a list or of a row type, or does not hold what goes into the columns.
pub(crate) fn read_rows(
    rows: Sequence<'_, '_>,
    first: usize,
    row_types: [Option<&Bound<'_, PyType>>; 2],
    columns: &mut [Plain<'_>; 3],
) -> usize {
    let row_types = row_types.map(|row_type| row_type.map_or(ptr::null_mut(), Bound::as_type_ptr));
    let mut room = [ptr::null_mut(); ROOM];
    // SAFETY: until the end of this function nothing runs Python code.
    let rows = unsafe { objects::items(rows.as_ptr(), first, &mut room) };
    let mut read = 0_usize;
    // Of the rows, one batch is fetched, the items of the one before it are, and those of the one before that read.
    let mut batches = [[[ptr::null_mut(); BATCH]; 3]; 2];
    let [mut batch, mut before] = batches.each_mut();
    let mut waiting = 0;
    let mut whole = true;
    let mut chunks = rows.chunks(BATCH).peekable();
    fetch(chunks.peek());
    loop {
        // Nothing more after a row that could not be taken apart.
        let chunk = chunks.next().filter(|_| whole).unwrap_or_default();
        fetch(chunks.peek());
        // SAFETY: they are the rows of a list that nobody changes.
        let found = unsafe { take_apart(chunk, row_types, batch) };
        // SAFETY: the items of rows, no value being null; and there is room for as many items as there are rows.
        let taken = unsafe { take(columns, before.each_ref().map(|items| &items[..]), waiting) };
        read = read.saturating_add(taken);
        if taken < waiting || found == 0 {
            return read;
        }
        waiting = found;
        whole = found == chunk.len();
        mem::swap(&mut batch, &mut before);
    }
}

/// Reads rows from columns, as [`read_rows`] does from rows. A column that is not there has no values.
pub(crate) fn read_columns(
    sequences: [Option<Sequence<'_, '_>>; 3],
    first: usize,
    columns: &mut [Plain<'_>; 3],
) -> usize {
    let [starts, stops, values] = sequences;
    let mut rooms = [[ptr::null_mut(); ROOM]; 3];
    let [start_room, stop_room, value_room] = &mut rooms;
    let items = |sequence: Option<Sequence<'_, '_>>, room| match sequence {
        // SAFETY: until the end of this function nothing runs Python code.
        Some(sequence) => unsafe { objects::items(sequence.as_ptr(), first, room) },
        None => &[ptr::null_mut(); AT_ONCE],
    };
    let mut starts = items(starts, start_room).chunks(BATCH).peekable();
    let mut stops = items(stops, stop_room).chunks(BATCH).peekable();
    let mut values = items(values, value_room).chunks(BATCH).peekable();
    let mut read = 0_usize;
    while let (Some(start), Some(stop), Some(value)) = (starts.next(), stops.next(), values.next()) {
        for column in [&mut starts, &mut stops, &mut values] {
            fetch(column.peek());
        }
        let count = start.len().min(stop.len()).min(value.len());
        // SAFETY: the items of columns, no value being null.
        let taken = unsafe { take(columns, [start, stop, value], count) };
        read = read.saturating_add(taken);
        if taken < BATCH {
            break;
        }
    }
    read
}

fn fetch(objects: Option<&&[Object]>) {
    for &object in objects.copied().unwrap_or_default() {
        prefetch(object);
    }
}

/// Takes rows apart into columns, as far as they are rows, and has the items fetched.
///
/// # Safety
///
/// The rows are objects, the types are subclasses of tuple, and nobody changes a list before the items are used.
unsafe fn take_apart(
    rows: &[Object],
    row_types: [*mut ffi::PyTypeObject; 2],
    into: &mut [[Object; BATCH]; 3],
) -> usize {
    let [starts, stops, values] = into;
    let mut found = 0_usize;
    for (((&row, start), stop), value) in rows.iter().zip(starts).zip(stops).zip(values) {
        // SAFETY: the caller's promise.
        let Some(cut): Option<Cut> = (unsafe { objects::cut(row, row_types) }) else { break };
        // To look for what is at no address takes long.
        cut.into_iter().filter(|item| !item.is_null()).for_each(prefetch);
        [*start, *stop, *value] = cut;
        found = found.saturating_add(1);
    }
    found
}

/// Appends so many rows, as far as all their items go into the columns.
///
/// # Safety
///
/// As for [`Plain::take`].
#[inline(always)]
unsafe fn take(columns: &mut [Plain<'_>; 3], items: [&[Object]; 3], count: usize) -> usize {
    let mut fewest = count;
    let mut taken = [0; 3];
    for ((column, items), taken) in columns.iter_mut().zip(items).zip(&mut taken) {
        // SAFETY: the caller's promise.
        *taken = unsafe { column.take(items.get(..count).unwrap_or_default()) };
        fewest = fewest.min(*taken);
    }
    for (column, taken) in columns.iter_mut().zip(taken) {
        column.give_back(taken.saturating_sub(fewest));
    }
    fewest
}

impl Plain<'_> {
    /// Appends items, as far as they are what the column holds.
    ///
    /// # Safety
    ///
    /// The items are objects. Those of values may be null.
    unsafe fn take(&mut self, items: &[Object]) -> usize {
        // SAFETY: the caller's promise; null is told apart where it can be.
        unsafe {
            match self {
                Plain::IntegerEnds(column) => append(column, items, |item| integer_end(item)),
                Plain::FloatEnds(column) => append(column, items, |item| objects::float(item)),
                Plain::Integers(column) => {
                    append(
                        column,
                        items,
                        |item| {
                            if item.is_null() { Some(1) } else { objects::integer(item) }
                        },
                    )
                }
                Plain::Floats(column) => {
                    append(
                        column,
                        items,
                        |item| {
                            if item.is_null() { Some(1.0) } else { float_or_integer(item) }
                        },
                    )
                }
                Plain::Ones(count) => {
                    let taken = items.iter().take_while(|item| item.is_null()).count();
                    **count = count.saturating_add(taken);
                    taken
                }
                Plain::Ignored => items.len(),
            }
        }
    }

    /// Removes the last so many items.
    fn give_back(&mut self, count: usize) {
        match self {
            Plain::IntegerEnds(column) | Plain::Integers(column) => shorten(column, count),
            Plain::FloatEnds(column) | Plain::Floats(column) => shorten(column, count),
            Plain::Ones(rows) => **rows = rows.saturating_sub(count),
            Plain::Ignored => {}
        }
    }
}

fn shorten<T>(column: &mut Vec<T>, count: usize) {
    column.truncate(column.len().saturating_sub(count));
}

/// Appends what is read of items up to the first that is nothing for the column, or for which there is no room.
#[inline(always)]
fn append<T: Copy>(column: &mut Vec<T>, items: &[Object], read: impl Fn(Object) -> Option<T>) -> usize {
    let mut taken = 0_usize;
    let room: &mut [MaybeUninit<T>] = column.spare_capacity_mut();
    for (slot, &item) in room.iter_mut().zip(items) {
        let Some(number) = read(item) else { break };
        slot.write(number);
        taken = taken.saturating_add(1);
    }
    let length = column.len().saturating_add(taken);
    // SAFETY: so many more were written, where there was room.
    unsafe { column.set_len(length) };
    taken
}

/// Reads an `int` strictly between the two that stand for open ends, or an infinity as one of those.
///
/// # Safety
///
/// `item` is an object.
#[inline(always)]
unsafe fn integer_end(item: Object) -> Option<i64> {
    // SAFETY: the caller's promise.
    let (integer, float) = unsafe { (objects::integer(item), || objects::float(item)) };
    match integer {
        Some(integer) => Some(integer).filter(|integer| !is_open(integer)),
        None => open_end(float()?),
    }
}

/// Reads a `float`, or an `int` that equals one.
///
/// # Safety
///
/// `item` is an object.
#[inline(always)]
unsafe fn float_or_integer(item: Object) -> Option<f64> {
    // SAFETY: the caller's promise.
    unsafe { objects::float(item).or_else(|| exact_float(objects::integer(item)?)) }
}
