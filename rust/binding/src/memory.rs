//! Memory shared with Python, ours going out and theirs coming in: all `unsafe` but the allocator's is here.
#![allow(unsafe_code)]

use std::ffi::{CStr, c_int};
use std::ops::Range;
use std::{ptr, slice};

use intervalues_core::Error;
use pyo3::buffer::PyUntypedBuffer;
use pyo3::exceptions::PyBufferError;
use pyo3::ffi;
use pyo3::prelude::*;

use crate::objects::prefetch;

/// A finished column.
pub(crate) enum Numbers {
    Integers(Vec<i64>),
    Floats(Vec<f64>),
    /// The bits of floats, in native order.
    FloatBits(Vec<i64>),
}

impl From<Vec<i64>> for Numbers {
    fn from(integers: Vec<i64>) -> Self {
        Numbers::Integers(integers)
    }
}

impl From<Vec<f64>> for Numbers {
    fn from(floats: Vec<f64>) -> Self {
        Numbers::Floats(floats)
    }
}

impl Numbers {
    fn len(&self) -> usize {
        match self {
            Numbers::Integers(numbers) | Numbers::FloatBits(numbers) => numbers.len(),
            Numbers::Floats(numbers) => numbers.len(),
        }
    }

    /// All of them.
    pub(crate) fn slice(&self) -> Slice<'_> {
        match self {
            Numbers::Integers(integers) => Slice::Integers(integers),
            Numbers::Floats(floats) => Slice::Floats(floats),
            Numbers::FloatBits(bits) => Slice::Floats(floats_of(bits)),
        }
    }
}

/// Some numbers of a column.
#[derive(Clone, Copy)]
pub(crate) enum Slice<'a> {
    Integers(&'a [i64]),
    Floats(&'a [f64]),
}

/// A column of machine numbers that exports a read-only buffer: `memoryview(buffer)` copies nothing.
#[pyclass(frozen, module = "intervalues._rust")]
pub(crate) struct Buffer {
    numbers: Numbers,
    // An exported view points to these two.
    shape: [ffi::Py_ssize_t; 1],
    strides: [ffi::Py_ssize_t; 1],
}

const ITEM_SIZE: ffi::Py_ssize_t = 8;

impl Buffer {
    /// Takes a column over. Its length fits: no vector of 8-byte items is longer than `isize` counts.
    pub(crate) fn new(numbers: Numbers) -> Result<Self, Error> {
        let length = numbers.len().try_into().map_err(|_| Error::Internal)?;
        Ok(Buffer { numbers, shape: [length], strides: [ITEM_SIZE] })
    }

    /// Some of the numbers; none of them if there are no such rows.
    pub(crate) fn slice(&self, rows: Range<usize>) -> Slice<'_> {
        match self.numbers.slice() {
            Slice::Integers(integers) => Slice::Integers(integers.get(rows).unwrap_or_default()),
            Slice::Floats(floats) => Slice::Floats(floats.get(rows).unwrap_or_default()),
        }
    }

    /// Which rows a view of this buffer shows as they are: not every other one, nor in another type.
    pub(crate) fn rows_of(&self, view: &ForeignMemory<'_>) -> Option<Range<usize>> {
        let (start, format) = match &self.numbers {
            Numbers::Integers(integers) => (integers.as_ptr().addr(), c"q"),
            Numbers::Floats(floats) => (floats.as_ptr().addr(), c"d"),
            Numbers::FloatBits(bits) => (bits.as_ptr().addr(), c"d"),
        };
        view.rows_from(start, self.numbers.len()).filter(|_| view.format() == format)
    }
}

/// The floats that bits in native order are.
fn floats_of(bits: &[i64]) -> &[f64] {
    const { assert!(size_of::<f64>() == size_of::<i64>() && align_of::<f64>() <= align_of::<i64>()) };
    // SAFETY: as many numbers of the same size and alignment, of which every pattern of bits is one, borrowed as long.
    unsafe { slice::from_raw_parts(bits.as_ptr().cast(), bits.len()) }
}

/// Some of the numbers that bytes in native order are; none of them if they do not lie as numbers must.
pub(crate) fn slice_of(bytes: &[u8], are_floats: bool, rows: Range<usize>) -> Slice<'_> {
    // SAFETY: every pattern of bits is an integer.
    let (before, integers, _) = unsafe { bytes.align_to::<i64>() };
    let integers = if before.is_empty() { integers.get(rows).unwrap_or_default() } else { &[] };
    if are_floats { Slice::Floats(floats_of(integers)) } else { Slice::Integers(integers) }
}

#[pymethods]
impl Buffer {
    fn __len__(&self) -> usize {
        self.numbers.len()
    }

    /// # Safety
    ///
    /// Called by the interpreter only, with a view to fill. The view holds a reference to this object, which is
    /// frozen: neither the numbers nor the shape move or change while any view is alive.
    unsafe fn __getbuffer__(slf: Bound<'_, Self>, view: *mut ffi::Py_buffer, flags: c_int) -> PyResult<()> {
        if view.is_null() {
            return Err(PyBufferError::new_err("no view to fill"));
        }
        if flags & ffi::PyBUF_WRITABLE == ffi::PyBUF_WRITABLE {
            // SAFETY: the view is not null, and the protocol asks for a null object beside an error.
            unsafe { (*view).obj = ptr::null_mut() };
            return Err(PyBufferError::new_err("a Buffer is read-only"));
        }
        let buffer = slf.get();
        let (start, format): (*const u8, &CStr) = match &buffer.numbers {
            Numbers::Integers(integers) => (integers.as_ptr().cast(), c"q"),
            Numbers::Floats(floats) => (floats.as_ptr().cast(), c"d"),
            Numbers::FloatBits(bits) => (bits.as_ptr().cast(), c"d"),
        };
        let asked = |flag: c_int| flags & flag == flag;
        let [length] = buffer.shape;
        let shape = if asked(ffi::PyBUF_ND) { buffer.shape.as_ptr() } else { ptr::null() };
        let strides = if asked(ffi::PyBUF_STRIDES) { buffer.strides.as_ptr() } else { ptr::null() };
        let format = if asked(ffi::PyBUF_FORMAT) { format.as_ptr() } else { ptr::null() };
        // SAFETY: the view is not null. All pointers lead into the object, or to static text; the reference given
        // away keeps the object alive until the view is released, and PyBUF_WRITABLE was refused.
        unsafe {
            (*view).buf = start.cast_mut().cast();
            (*view).len = length.saturating_mul(ITEM_SIZE);
            (*view).readonly = 1;
            (*view).itemsize = ITEM_SIZE;
            (*view).format = format.cast_mut();
            (*view).ndim = 1;
            (*view).shape = shape.cast_mut();
            (*view).strides = strides.cast_mut();
            (*view).suboffsets = ptr::null_mut();
            (*view).internal = ptr::null_mut();
            (*view).obj = slf.into_any().into_ptr();
        }
        Ok(())
    }
}

/// A type of which every pattern of bits is a number.
///
/// # Safety
///
/// Neither padding nor forbidden values.
pub(crate) unsafe trait Plain: Copy + Default {}

macro_rules! plain {
    ($($number:ty),*) => {$(
        // SAFETY: a machine number.
        unsafe impl Plain for $number {}
    )*};
}

plain!(i8, i16, i32, i64, u8, u16, u32, u64, f32, f64);

/// The one-dimensional buffer of a foreign object, of any stride.
///
/// Reading copies, so that what was checked is what is used. PyO3's slices of cells are deprecated: they promise
/// that nobody writes meanwhile, which no exporter can. The interpreter stays attached as long as this lives
/// (hence the token), but a thread that works without it may still write; then a number read is some mixture,
/// never memory beyond the buffer.
pub(crate) struct ForeignMemory<'py> {
    buffer: PyUntypedBuffer,
    rows: usize,
    stride: isize,
    _attached: Python<'py>,
}

impl<'py> ForeignMemory<'py> {
    /// The buffer of an object, unless it has another shape.
    pub(crate) fn open(object: &Bound<'py, PyAny>) -> PyResult<Option<Self>> {
        let buffer = PyUntypedBuffer::get(object)?;
        let (&[rows], &[stride]) = (buffer.shape(), buffer.strides()) else { return Ok(None) };
        if buffer.suboffsets().is_some() {
            return Ok(None);
        }
        Ok(Some(ForeignMemory { buffer, rows, stride, _attached: object.py() }))
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    pub(crate) fn item_size(&self) -> usize {
        self.buffer.item_size()
    }

    /// The type of the items, as the `struct` module writes it.
    pub(crate) fn format(&self) -> &CStr {
        self.buffer.format()
    }

    /// Which of so many 8-byte numbers, the first of them at an address, these rows are.
    fn rows_from(&self, start: usize, numbers: usize) -> Option<Range<usize>> {
        let offset = self.buffer.buf_ptr().addr().checked_sub(start)?;
        let first = offset.checked_div(size_of::<i64>())?;
        let rows = first..first.checked_add(self.rows)?;
        let aligned = offset.checked_rem(size_of::<i64>()) == Some(0);
        (self.stride == ITEM_SIZE && aligned && rows.end <= numbers).then_some(rows)
    }

    /// Which of the 8-byte numbers in bytes, if these lie as numbers must, these rows are.
    pub(crate) fn rows_within(&self, bytes: &[u8]) -> Option<Range<usize>> {
        let start = bytes.as_ptr();
        let numbers = bytes.len().checked_div(size_of::<i64>())?;
        start.cast::<i64>().is_aligned().then(|| self.rows_from(start.addr(), numbers)).flatten()
    }

    /// Converts the rows from `first` on, as many as `into` has room for, if they lie next to each other. That an error
    /// is not returned at once lets the compiler do many rows in one step.
    #[inline]
    pub(crate) fn convert<T: Plain, U>(
        &self,
        first: usize,
        into: &mut [U],
        convert: impl Fn(T) -> Result<U, Error>,
    ) -> Option<Result<(), Error>> {
        let size = isize::try_from(size_of::<T>()).ok()?;
        let last = first.checked_add(into.len()).filter(|&last| last <= self.rows);
        if self.stride != size || size_of::<T>() != self.item_size() || last.is_none() {
            return None;
        }
        let start: *const T = self.buffer.buf_ptr().cast_const().cast();
        let start = start.wrapping_add(first);
        let mut outcome = Ok(());
        for (index, slot) in into.iter_mut().enumerate() {
            // SAFETY: the row exists, its item is as large as a T, possibly unaligned, and any bytes are a T.
            match convert(unsafe { start.wrapping_add(index).read_unaligned() }) {
                Ok(converted) => *slot = converted,
                Err(error) => outcome = Err(error),
            }
        }
        prefetch_lines(start.wrapping_add(into.len()).cast(), into.len().saturating_mul(size_of::<T>()));
        Some(outcome)
    }

    /// Copies the rows from `first` on, as many as `into` has room for.
    pub(crate) fn read<T: Plain>(&self, first: usize, into: &mut [T]) -> Result<(), Error> {
        let end = first.checked_add(into.len()).ok_or(Error::Internal)?;
        if end > self.rows || size_of::<T>() != self.item_size() {
            return Err(Error::Internal);
        }
        let size = isize::try_from(size_of::<T>()).map_err(|_| Error::Internal)?;
        let first = isize::try_from(first).map_err(|_| Error::Internal)?;
        let mut offset = first.checked_mul(self.stride).ok_or(Error::Internal)?;
        let start: *const u8 = self.buffer.buf_ptr().cast_const().cast();
        if self.stride == size {
            // SAFETY: the rows exist, their items are as large as a T, next to each other, and any bytes are a T.
            // The target is ours alone.
            unsafe {
                ptr::copy_nonoverlapping(start.offset(offset), into.as_mut_ptr().cast(), size_of_val(into));
            }
            prefetch_lines(start.wrapping_offset(offset).wrapping_add(size_of_val(into)), size_of_val(into));
            return Ok(());
        }
        for item in into {
            // SAFETY: the row exists, its item is as large as a T, possibly unaligned, and any bytes are a T.
            *item = unsafe { start.offset(offset).cast::<T>().read_unaligned() };
            offset = offset.wrapping_add(self.stride);
        }
        Ok(())
    }
}

/// Asks for memory that will be read next, while what was read is worked on: the processor's own foresight ends with
/// each page.
fn prefetch_lines(start: *const u8, size: usize) {
    const LINE: usize = 64;

    for line in (0..size).step_by(LINE) {
        prefetch(start.wrapping_add(line).cast_mut().cast());
    }
}
