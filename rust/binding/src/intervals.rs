//! Intervals in columns: checked, shifted and snapped block by block on their way into the core.

use std::cell::Cell;

use intervalues_core::{Error, Grid, Interrupt, One, Source};

use crate::column::{BLOCK, Column};

/// The integers that stand for -inf and inf.
pub(crate) const OPEN: [i64; 2] = [i64::MIN, i64::MAX];

/// Whether an integer stands for -inf or inf.
#[inline]
pub(crate) fn is_open(integer: &i64) -> bool {
    let [lowest, highest] = OPEN;
    *integer == lowest || *integer == highest
}

/// The columns of a call.
pub(crate) struct Columns<'py> {
    pub(crate) starts: Column<'py>,
    pub(crate) stops: Column<'py>,
    /// Worth one each, without.
    pub(crate) values: Option<Column<'py>>,
}

/// A way to read both ends of rows.
pub(crate) trait ReadEnds {
    type Number: Copy + Default;

    /// Reads a block of rows; refuses the unreadable ones, and the reversed ones on request.
    fn read(
        &self,
        first: usize,
        starts: &mut [Self::Number],
        stops: &mut [Self::Number],
        check: bool,
    ) -> Result<(), Error>;
}

/// A way to read the values of rows.
pub(crate) trait ReadValues {
    type Number: Copy + Default;

    /// Reads a block of rows.
    fn read(&self, first: usize, values: &mut [Self::Number]) -> Result<(), Error>;
}

/// The rows of columns, as the core visits them.
pub(crate) struct Intervals<E, V> {
    rows: usize,
    ends: E,
    values: V,
    checked: Cell<bool>,
}

impl<E, V> Intervals<E, V> {
    pub(crate) fn new(rows: usize, ends: E, values: V) -> Self {
        Intervals { rows, ends, values, checked: Cell::new(false) }
    }
}

impl<E: ReadEnds, V: ReadValues> Source<E::Number, V::Number> for Intervals<E, V> {
    fn visit(
        &self,
        interrupt: &mut Interrupt<'_>,
        mut each: impl FnMut(E::Number, E::Number, V::Number) -> Result<(), Error>,
    ) -> Result<(), Error> {
        // Once is enough: what another thread writes in between, the core refuses or takes for an empty interval.
        let check = !self.checked.get();
        let mut starts = [E::Number::default(); BLOCK];
        let mut stops = [E::Number::default(); BLOCK];
        let mut values = [V::Number::default(); BLOCK];
        for first in (0..self.rows).step_by(BLOCK) {
            let count = self.rows.saturating_sub(first).min(BLOCK);
            interrupt.pass(count)?;
            let starts = starts.get_mut(..count).ok_or(Error::Internal)?;
            let stops = stops.get_mut(..count).ok_or(Error::Internal)?;
            let values = values.get_mut(..count).ok_or(Error::Internal)?;
            self.ends.read(first, starts, stops, check)?;
            self.values.read(first, values)?;
            for ((&start, &stop), &value) in starts.iter().zip(&*stops).zip(&*values) {
                each(start, stop, value)?;
            }
        }
        self.checked.set(true);
        Ok(())
    }
}

/// Ends in columns of integers. `closed="both"` and `"neither"` move them by a step.
pub(crate) struct IntegerEnds<'a, 'py> {
    pub(crate) columns: &'a Columns<'py>,
    pub(crate) steps: [i64; 2],
    /// Whether the integers of [`OPEN`] are meant as open ends. Else they are numbers that only Python can tell
    /// from those.
    pub(crate) open: bool,
}

impl ReadEnds for IntegerEnds<'_, '_> {
    type Number = i64;

    fn read(&self, first: usize, starts: &mut [i64], stops: &mut [i64], check: bool) -> Result<(), Error> {
        self.columns.starts.read_integers(first, starts)?;
        self.columns.stops.read_integers(first, stops)?;
        let [lowest, highest] = OPEN;
        let wrong = |(&start, &stop): (&i64, &i64)| {
            // In a row that is not reversed no other end can be an open one without one of these.
            start > stop || (!self.open && (start == lowest || stop == highest))
        };
        if check && starts.iter().zip(&*stops).any(wrong) {
            return Err(Error::Refused);
        }
        let [start_step, stop_step] = self.steps;
        for (ends, step) in [(starts, start_step), (stops, stop_step)] {
            if step != 0 {
                for end in ends.iter_mut().filter(|end| !is_open(end)) {
                    let moved = end.checked_add(step).filter(|moved| !is_open(moved));
                    *end = moved.ok_or(Error::Refused)?;
                }
            }
        }
        Ok(())
    }
}

/// Ends in columns of floats.
pub(crate) struct FloatEnds<'a, 'py>(pub(crate) &'a Columns<'py>);

impl ReadEnds for FloatEnds<'_, '_> {
    type Number = f64;

    fn read(&self, first: usize, starts: &mut [f64], stops: &mut [f64], check: bool) -> Result<(), Error> {
        self.0.starts.read_floats(first, starts)?;
        self.0.stops.read_floats(first, stops)?;
        let wrong = |(start, stop): (&f64, &f64)| (start > stop) | start.is_nan() | stop.is_nan();
        if check && starts.iter().zip(&*stops).any(wrong) { Err(Error::Refused) } else { Ok(()) }
    }
}

/// Ends in columns of floats, snapped to a grid and counted in units of it.
pub(crate) struct SnappedEnds<'a, 'py>(pub(crate) FloatEnds<'a, 'py>, pub(crate) Grid);

impl ReadEnds for SnappedEnds<'_, '_> {
    type Number = i64;

    fn read(&self, first: usize, starts: &mut [i64], stops: &mut [i64], check: bool) -> Result<(), Error> {
        let mut raw_starts = [0.0; BLOCK];
        let mut raw_stops = [0.0; BLOCK];
        let raw_starts = raw_starts.get_mut(..starts.len()).ok_or(Error::Internal)?;
        let raw_stops = raw_stops.get_mut(..stops.len()).ok_or(Error::Internal)?;
        self.0.read(first, raw_starts, raw_stops, check)?;
        for (raw, bases) in [(raw_starts, starts), (raw_stops, stops)] {
            for (&mut float, base) in raw.iter_mut().zip(bases) {
                *base = snapped_end(float, self.1).ok_or(Error::Refused)?;
            }
        }
        Ok(())
    }
}

fn snapped_end(float: f64, grid: Grid) -> Option<i64> {
    let [lowest, highest] = OPEN;
    if float == f64::NEG_INFINITY {
        Some(lowest)
    } else if float == f64::INFINITY {
        Some(highest)
    } else {
        grid.base(float).filter(|base| !is_open(base))
    }
}

/// Rows without a value.
pub(crate) struct Ones;

impl ReadValues for Ones {
    type Number = One;

    fn read(&self, _first: usize, _values: &mut [One]) -> Result<(), Error> {
        Ok(())
    }
}

/// Values in a column of integers.
pub(crate) struct IntegerValues<'a, 'py>(pub(crate) &'a Column<'py>);

impl ReadValues for IntegerValues<'_, '_> {
    type Number = i64;

    fn read(&self, first: usize, values: &mut [i64]) -> Result<(), Error> {
        self.0.read_integers(first, values)
    }
}

/// Values in a column of floats.
pub(crate) struct FloatValues<'a, 'py>(pub(crate) &'a Column<'py>);

impl ReadValues for FloatValues<'_, '_> {
    type Number = f64;

    fn read(&self, first: usize, values: &mut [f64]) -> Result<(), Error> {
        self.0.read_floats(first, values)
    }
}

/// Values in a column of floats, snapped to a grid and counted in units of it.
pub(crate) struct SnappedValues<'a, 'py>(pub(crate) &'a Column<'py>, pub(crate) Grid);

impl ReadValues for SnappedValues<'_, '_> {
    type Number = i64;

    fn read(&self, first: usize, values: &mut [i64]) -> Result<(), Error> {
        let mut raw = [0.0; BLOCK];
        let raw = raw.get_mut(..values.len()).ok_or(Error::Internal)?;
        self.0.read_floats(first, raw)?;
        for (base, &mut float) in values.iter_mut().zip(raw) {
            *base = self.1.base(float).ok_or(Error::Refused)?;
        }
        Ok(())
    }
}
