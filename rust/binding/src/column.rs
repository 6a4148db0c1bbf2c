//! Columns coming in: foreign buffers of any machine format, or numbers already read.

use std::ops::Range;

use intervalues_core::{BLOCK, Error};
use pyo3::exceptions::PyException;
use pyo3::prelude::*;

use crate::memory::{Buffer, ForeignMemory, Plain};

/// An empty vector with room for so many items, or an error where there is no memory.
pub(crate) fn room<T>(count: usize) -> Result<Vec<T>, Error> {
    let mut vector = Vec::new();
    vector.try_reserve_exact(count)?;
    Ok(vector)
}

/// What the items of a foreign buffer are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    Bool,
    F32,
    F64,
}

impl Format {
    /// Native formats only: other byte orders, characters, halves and records are not for machine columns.
    fn of(memory: &ForeignMemory<'_>) -> Option<Self> {
        let (b'@', code) = (match memory.format().to_bytes() {
            [code] => (b'@', *code),
            [order, code] => (*order, *code),
            _ => return None,
        }) else {
            return None;
        };
        Some(match (code, memory.item_size()) {
            (b'b' | b'h' | b'i' | b'l' | b'q', 1) => Format::I8,
            (b'b' | b'h' | b'i' | b'l' | b'q', 2) => Format::I16,
            (b'b' | b'h' | b'i' | b'l' | b'q', 4) => Format::I32,
            (b'b' | b'h' | b'i' | b'l' | b'q', 8) => Format::I64,
            (b'B' | b'H' | b'I' | b'L' | b'Q', 1) => Format::U8,
            (b'B' | b'H' | b'I' | b'L' | b'Q', 2) => Format::U16,
            (b'B' | b'H' | b'I' | b'L' | b'Q', 4) => Format::U32,
            (b'B' | b'H' | b'I' | b'L' | b'Q', 8) => Format::U64,
            (b'?', 1) => Format::Bool,
            (b'f', 4) => Format::F32,
            (b'd', 8) => Format::F64,
            _ => return None,
        })
    }
}

/// A column of machine integers or floats.
pub(crate) struct Column<'py>(Storage<'py>);

enum Storage<'py> {
    Foreign(ForeignMemory<'py>, Format),
    Integers(Vec<i64>),
    Floats(Vec<f64>),
}

impl From<Vec<i64>> for Column<'_> {
    fn from(integers: Vec<i64>) -> Self {
        Column(Storage::Integers(integers))
    }
}

impl From<Vec<f64>> for Column<'_> {
    fn from(floats: Vec<f64>) -> Self {
        Column(Storage::Floats(floats))
    }
}

impl<'py> Column<'py> {
    /// The column that an object exports, if it is one of ours.
    pub(crate) fn open(object: &Bound<'py, PyAny>) -> PyResult<Option<Self>> {
        match ForeignMemory::open(object) {
            Ok(Some(memory)) => {
                let format = Format::of(&memory);
                Ok(format.map(|format| Column(Storage::Foreign(memory, format))))
            }
            Ok(None) => Ok(None),
            // No buffer, or one that cannot be exported: the package knows what to say about it.
            Err(error) if error.is_instance_of::<PyException>(object.py()) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn rows(&self) -> usize {
        match &self.0 {
            Storage::Foreign(memory, _) => memory.rows(),
            Storage::Integers(integers) => integers.len(),
            Storage::Floats(floats) => floats.len(),
        }
    }

    pub(crate) fn is_float(&self) -> bool {
        matches!(self.0, Storage::Foreign(_, Format::F32 | Format::F64) | Storage::Floats(_))
    }

    pub(crate) fn is_bool(&self) -> bool {
        matches!(self.0, Storage::Foreign(_, Format::Bool))
    }

    /// Which rows of a buffer of ours this shows as they are, if it does.
    pub(crate) fn rows_of(&self, buffer: &Buffer) -> Option<Range<usize>> {
        match &self.0 {
            Storage::Foreign(memory, _) => buffer.rows_of(memory),
            Storage::Integers(_) | Storage::Floats(_) => None,
        }
    }

    /// Which rows of numbers in bytes this shows as they are, if it does.
    pub(crate) fn rows_within(&self, bytes: &[u8]) -> Option<Range<usize>> {
        match &self.0 {
            Storage::Foreign(memory, Format::I64 | Format::F64) => memory.rows_within(bytes),
            _ => None,
        }
    }

    /// The integers that were already read, from `first` on.
    pub(crate) fn integers(&self, first: usize, count: usize) -> Option<&[i64]> {
        match &self.0 {
            Storage::Integers(integers) => part(integers, first, count),
            _ => None,
        }
    }

    /// The floats that were already read, from `first` on.
    pub(crate) fn floats(&self, first: usize, count: usize) -> Option<&[f64]> {
        match &self.0 {
            Storage::Floats(floats) => part(floats, first, count),
            _ => None,
        }
    }

    /// Converts the 64-bit integers of a foreign buffer on the way in, if there are such next to each other.
    #[inline]
    pub(crate) fn convert_integers<U>(
        &self,
        first: usize,
        into: &mut [U],
        convert: impl Fn(i64) -> Result<U, Error>,
    ) -> Option<Result<(), Error>> {
        match &self.0 {
            Storage::Foreign(memory, Format::I64) => memory.convert(first, into, convert),
            _ => None,
        }
    }

    /// Converts the 64-bit floats of a foreign buffer on the way in, if there are such next to each other.
    #[inline]
    pub(crate) fn convert_floats<U>(
        &self,
        first: usize,
        into: &mut [U],
        convert: impl Fn(f64) -> Result<U, Error>,
    ) -> Option<Result<(), Error>> {
        match &self.0 {
            Storage::Foreign(memory, Format::F64) => memory.convert(first, into, convert),
            _ => None,
        }
    }

    /// Copies integers, at most a block of them, widened to 64 bits; refuses those that do not fit.
    pub(crate) fn read_integers(&self, first: usize, into: &mut [i64]) -> Result<(), Error> {
        let (memory, format) = match &self.0 {
            Storage::Foreign(memory, format) => (memory, format),
            Storage::Integers(integers) => return copy(integers, first, into),
            Storage::Floats(_) => return Err(Error::Internal),
        };
        match format {
            Format::I8 => widen(memory, first, into, |number: i8| Ok(number.into())),
            Format::I16 => widen(memory, first, into, |number: i16| Ok(number.into())),
            Format::I32 => widen(memory, first, into, |number: i32| Ok(number.into())),
            Format::I64 => memory.read(first, into),
            Format::U8 => widen(memory, first, into, |number: u8| Ok(number.into())),
            Format::U16 => widen(memory, first, into, |number: u16| Ok(number.into())),
            Format::U32 => widen(memory, first, into, |number: u32| Ok(number.into())),
            Format::U64 => {
                widen(memory, first, into, |number: u64| number.try_into().map_err(|_| Error::Refused))
            }
            Format::Bool => widen(memory, first, into, |byte: u8| Ok((byte != 0).into())),
            Format::F32 | Format::F64 => Err(Error::Internal),
        }
    }

    /// Copies floats, at most a block of them, widened to 64 bits.
    pub(crate) fn read_floats(&self, first: usize, into: &mut [f64]) -> Result<(), Error> {
        match &self.0 {
            Storage::Foreign(memory, Format::F32) => {
                widen(memory, first, into, |number: f32| Ok(number.into()))
            }
            Storage::Foreign(memory, Format::F64) => memory.read(first, into),
            Storage::Floats(floats) => copy(floats, first, into),
            Storage::Foreign(..) | Storage::Integers(_) => Err(Error::Internal),
        }
    }
}

fn part<T>(column: &[T], first: usize, count: usize) -> Option<&[T]> {
    column.get(first..first.checked_add(count)?)
}

fn copy<T: Copy>(from: &[T], first: usize, into: &mut [T]) -> Result<(), Error> {
    into.copy_from_slice(part(from, first, into.len()).ok_or(Error::Internal)?);
    Ok(())
}

fn widen<T: Plain, N>(
    memory: &ForeignMemory<'_>,
    first: usize,
    into: &mut [N],
    convert: impl Fn(T) -> Result<N, Error>,
) -> Result<(), Error> {
    let mut narrow = [T::default(); BLOCK];
    let narrow = narrow.get_mut(..into.len()).ok_or(Error::Internal)?;
    memory.read(first, narrow)?;
    for (wide, number) in into.iter_mut().zip(narrow) {
        *wide = convert(*number)?;
    }
    Ok(())
}
