//! Python objects looked at one by one, as directly as the build allows: macros if it is for one version of Python,
//! functions of the stable interface if it is for all of them.
//!
//! Nothing here runs Python code or lets go of the interpreter.
#![allow(unsafe_code)]

use std::ptr;

use pyo3::ffi;

/// A borrowed reference, or null where there is nothing.
pub(crate) type Object = *mut ffi::PyObject;

/// The items of a row: start, stop, and the value or null.
pub(crate) type Cut = [Object; 3];

pub(crate) use direct::{AT_ONCE, ROOM, items};

/// Takes a row apart, unless it is something else than a tuple, an instance of a row type, or a list, of two or three
/// items.
///
/// # Safety
///
/// `row` is an object, the row types are subclasses of tuple, and nobody changes a list before the items are used.
#[inline(always)]
pub(crate) unsafe fn cut(row: Object, row_types: [*mut ffi::PyTypeObject; 2]) -> Option<Cut> {
    let [one, other] = row_types;
    // SAFETY: the type of the row is known where its items are asked for, and that there are so many.
    unsafe {
        let row_type = ffi::Py_TYPE(row);
        if row_type == &raw mut ffi::PyTuple_Type || row_type == one || row_type == other {
            match ffi::Py_SIZE(row) {
                2 => Some([direct::of_tuple(row, 0), direct::of_tuple(row, 1), ptr::null_mut()]),
                3 => Some([direct::of_tuple(row, 0), direct::of_tuple(row, 1), direct::of_tuple(row, 2)]),
                _ => None,
            }
        } else if row_type == &raw mut ffi::PyList_Type {
            match direct::size_of_list(row) {
                2 => Some([direct::of_list(row, 0), direct::of_list(row, 1), ptr::null_mut()]),
                3 => Some([direct::of_list(row, 0), direct::of_list(row, 1), direct::of_list(row, 2)]),
                _ => None,
            }
        } else {
            None
        }
    }
}

/// Reads an `int` that fits. `bool` is another type.
///
/// # Safety
///
/// `item` is an object.
#[inline(always)]
pub(crate) unsafe fn integer(item: Object) -> Option<i64> {
    // SAFETY: an exact int.
    unsafe {
        if ffi::Py_TYPE(item) != &raw mut ffi::PyLong_Type {
            return None;
        }
        direct::integer(item)
    }
}

/// Reads a `float`, NaN and infinities included.
///
/// # Safety
///
/// `item` is an object.
#[inline(always)]
pub(crate) unsafe fn float(item: Object) -> Option<f64> {
    // SAFETY: an exact float.
    unsafe {
        if ffi::Py_TYPE(item) != &raw mut ffi::PyFloat_Type {
            return None;
        }
        Some(direct::float(item))
    }
}

/// Asks for an object that will be looked at soon: rows that lie scattered in memory are waited for together.
#[inline(always)]
pub(crate) fn prefetch(object: Object) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: only a hint, whatever the address.
    unsafe {
        use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(object.cast_const().cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = object;
}

/// Reads an exact int, if it fits.
///
/// # Safety
///
/// `item` is an int.
#[inline]
unsafe fn integer_of_any_size(item: Object) -> Option<i64> {
    let mut overflow = 0;
    // SAFETY: of an int, this reads the digits, and tells of an overflow in the flag only.
    let integer = unsafe { ffi::PyLong_AsLongLongAndOverflow(item, &raw mut overflow) };
    if overflow == 0 { Some(integer) } else { None }
}

#[cfg(not(any(Py_LIMITED_API, PyPy, GraalPy)))]
mod direct {
    use std::slice;

    use pyo3::ffi;

    use super::{Object, integer_of_any_size};

    /// How many items [`items`] shows, at most.
    pub(crate) const AT_ONCE: usize = 4096;
    /// For how many items it needs room: none, it shows them where they are.
    pub(crate) const ROOM: usize = 0;

    /// Digits of an int have 30 bits, unless this Python was built otherwise on purpose.
    const DIGIT: ffi::Py_ssize_t = 4;

    /// The tags of ints of one digit are less than this, and those of negative ones hold that.
    #[cfg(Py_3_12)]
    const TWO_DIGITS: usize = 2 << 3;
    #[cfg(Py_3_12)]
    const NEGATIVE: usize = 2;

    /// What stands in for the digit that zero does not have.
    #[cfg(not(Py_3_12))]
    static NO_DIGIT: u32 = 0;

    /// The items of a list or tuple from `first` on, at most [`AT_ONCE`].
    ///
    /// # Safety
    ///
    /// `sequence` is a list or a tuple, which nobody changes as long as the items are used.
    pub(crate) unsafe fn items(sequence: Object, first: usize, _room: &mut [Object; ROOM]) -> &[Object] {
        // SAFETY: both have so many items next to each other. An empty list has no array.
        let (start, size): (*const Object, _) = unsafe {
            if ffi::Py_TYPE(sequence) == &raw mut ffi::PyList_Type {
                let list: *mut ffi::PyListObject = sequence.cast();
                ((*list).ob_item.cast_const(), ffi::PyList_GET_SIZE(sequence))
            } else {
                let tuple: *mut ffi::PyTupleObject = sequence.cast();
                ((&raw const (*tuple).ob_item).cast(), ffi::PyTuple_GET_SIZE(sequence))
            }
        };
        let size = usize::try_from(size).unwrap_or_default();
        if first >= size {
            return &[];
        }
        let count = size.saturating_sub(first).min(AT_ONCE);
        // SAFETY: within the items.
        unsafe { slice::from_raw_parts(start.add(first), count) }
    }

    /// # Safety
    ///
    /// `tuple` is one, and has such an item.
    #[inline(always)]
    pub(super) unsafe fn of_tuple(tuple: Object, index: ffi::Py_ssize_t) -> Object {
        // SAFETY: the caller's promise.
        unsafe { ffi::PyTuple_GET_ITEM(tuple, index) }
    }

    /// # Safety
    ///
    /// `list` is one.
    #[inline(always)]
    pub(super) unsafe fn size_of_list(list: Object) -> ffi::Py_ssize_t {
        // SAFETY: the caller's promise.
        unsafe { ffi::PyList_GET_SIZE(list) }
    }

    /// # Safety
    ///
    /// `list` is one, and has such an item.
    #[inline(always)]
    pub(super) unsafe fn of_list(list: Object, index: ffi::Py_ssize_t) -> Object {
        // SAFETY: the caller's promise.
        unsafe { ffi::PyList_GET_ITEM(list, index) }
    }

    /// A number of one digit. Nothing branches on its sign, which nobody can foresee.
    #[inline(always)]
    fn signed(digit: u32, negative: bool) -> i64 {
        let sign = i64::from(negative).wrapping_neg();
        (i64::from(digit) ^ sign).wrapping_sub(sign)
    }

    /// # Safety
    ///
    /// `item` is an int.
    #[inline(always)]
    pub(super) unsafe fn integer(item: Object) -> Option<i64> {
        // SAFETY: an int is a size, of which the sign is that of the number, and so many digits. The head is as
        // large as `tp_basicsize` says, a digit as `tp_itemsize` does.
        #[cfg(not(Py_3_12))]
        unsafe {
            let number: *mut ffi::PyVarObject = item.cast();
            let size = (*number).ob_size;
            if (-1..=1).contains(&size) && ffi::PyLong_Type.tp_itemsize == DIGIT {
                let digits: *const u32 = number.add(1).cast_const().cast();
                let digit = *if size == 0 { &raw const NO_DIGIT } else { digits };
                return Some(signed(digit, size < 0));
            }
        }
        // SAFETY: an int is a tag (in the lowest two bits 0, 1 or 2 for a positive number, zero or a negative one, and
        // above the third, which tells of something else, the number of digits), and so many digits, at least one.
        #[cfg(Py_3_12)]
        unsafe {
            let tag: *const usize = item.cast::<ffi::PyObject>().add(1).cast_const().cast();
            if *tag < TWO_DIGITS && ffi::PyLong_Type.tp_itemsize == DIGIT {
                let digits: *const u32 = tag.add(1).cast();
                return Some(signed(*digits, *tag & NEGATIVE != 0));
            }
        }
        // SAFETY: the caller's promise.
        unsafe { integer_of_any_size(item) }
    }

    /// # Safety
    ///
    /// `item` is a float.
    #[inline(always)]
    pub(super) unsafe fn float(item: Object) -> f64 {
        // SAFETY: the caller's promise.
        unsafe { ffi::PyFloat_AS_DOUBLE(item) }
    }
}

#[cfg(any(Py_LIMITED_API, PyPy, GraalPy))]
mod direct {
    use pyo3::ffi;

    use super::Object;

    pub(super) use super::integer_of_any_size as integer;

    /// How many items [`items`] shows, at most.
    pub(crate) const AT_ONCE: usize = 128;
    /// For how many items it needs room.
    pub(crate) const ROOM: usize = AT_ONCE;

    /// The items of a list or tuple from `first` on, as many as there is room for.
    ///
    /// # Safety
    ///
    /// `sequence` is a list or a tuple, which nobody changes as long as the items are used.
    pub(crate) unsafe fn items(sequence: Object, first: usize, room: &mut [Object; ROOM]) -> &[Object] {
        let mut found = 0_usize;
        // SAFETY: the items asked for are there, so that no call fails.
        unsafe {
            let is_list = ffi::Py_TYPE(sequence) == &raw mut ffi::PyList_Type;
            let size = if is_list { ffi::PyList_Size(sequence) } else { ffi::PyTuple_Size(sequence) };
            for (item, index) in room.iter_mut().zip((0..size).skip(first)) {
                *item = if is_list { of_list(sequence, index) } else { of_tuple(sequence, index) };
                found = found.saturating_add(1);
            }
        }
        room.get(..found).unwrap_or_default()
    }

    /// # Safety
    ///
    /// `tuple` is one, and has such an item.
    #[inline(always)]
    pub(super) unsafe fn of_tuple(tuple: Object, index: ffi::Py_ssize_t) -> Object {
        // SAFETY: the caller's promise.
        unsafe { ffi::PyTuple_GetItem(tuple, index) }
    }

    /// # Safety
    ///
    /// `list` is one.
    #[inline(always)]
    pub(super) unsafe fn size_of_list(list: Object) -> ffi::Py_ssize_t {
        // SAFETY: the caller's promise.
        unsafe { ffi::PyList_Size(list) }
    }

    /// # Safety
    ///
    /// `list` is one, and has such an item.
    #[inline(always)]
    pub(super) unsafe fn of_list(list: Object, index: ffi::Py_ssize_t) -> Object {
        // SAFETY: the caller's promise.
        unsafe { ffi::PyList_GetItem(list, index) }
    }

    /// # Safety
    ///
    /// `item` is a float.
    #[inline(always)]
    pub(super) unsafe fn float(item: Object) -> f64 {
        // SAFETY: of a float, this only reads the number.
        unsafe { ffi::PyFloat_AsDouble(item) }
    }
}
