//! Intervals in columns: checked, shifted and snapped block by block on their way into the core.

use std::cell::Cell;

use intervalues_core::kernels::{Conversion, Grid};
use intervalues_core::{BLOCK, Error, Interrupt, One, Source};

use crate::column::{Column, room};

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

    /// Whether ends are read as they are. Moved ones may be reversed where those that came in are not.
    fn as_they_are(&self) -> bool;

    /// Whether columns may have this lowest start and this highest stop.
    fn accept(&self, _lowest: &Self::Number, _highest: &Self::Number) -> bool {
        true
    }

    /// Converts both ends of rows on the way in, if that can be done without a copy in between.
    fn convert(
        &self,
        _first: usize,
        _starts: &mut [u64],
        _stops: &mut [u64],
        _convert: impl Fn(Self::Number) -> Result<u64, Error>,
    ) -> Option<Result<(), Error>> {
        None
    }

    /// Starts and stops of so many rows where they lie, if nothing is to be done with them.
    fn where_they_lie(&self, first: usize, count: usize) -> Option<[&[Self::Number]; 2]>;

    /// Reads a block of rows; refuses the unreadable ones and, on request, reversed ones that it moves.
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

    /// Converts values on the way in, if that can be done without a copy in between.
    fn convert<T>(
        &self,
        _first: usize,
        _into: &mut [T],
        _convert: impl Fn(Self::Number) -> Result<T, Error>,
    ) -> Option<Result<(), Error>> {
        None
    }

    /// The values of so many rows where they lie, if they were read before.
    fn where_they_lie(&self, first: usize, count: usize) -> Option<&[Self::Number]>;

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

impl<E: ReadEnds, V: ReadValues> Intervals<E, V> {
    /// Reads and converts the ends, block by block.
    #[inline]
    fn visit_keys<T: Conversion<E::Number, V::Number>>(
        &self,
        conversion: &T,
        interrupt: &mut Interrupt<'_>,
        mut each: impl FnMut(usize, &mut [u64], &mut [u64]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let check = !self.checked.get();
        let (mut start_keys, mut stop_keys) = ([0; BLOCK], [0; BLOCK]);
        let (mut starts, mut stops) = ([E::Number::default(); BLOCK], [E::Number::default(); BLOCK]);
        for first in (0..self.rows).step_by(BLOCK) {
            let count = self.rows.saturating_sub(first).min(BLOCK);
            interrupt.pass(count)?;
            let (Some(start_keys), Some(stop_keys), Some(starts), Some(stops)) = (
                start_keys.get_mut(..count),
                stop_keys.get_mut(..count),
                starts.get_mut(..count),
                stops.get_mut(..count),
            ) else {
                return Err(Error::Internal);
            };
            match self.ends.convert(first, start_keys, stop_keys, |end| conversion.end(end)) {
                Some(outcome) => outcome?,
                None => {
                    let [starts, stops] = match self.ends.where_they_lie(first, count) {
                        Some(ends) => ends,
                        None => {
                            self.ends.read(first, starts, stops, check)?;
                            [&*starts, &*stops]
                        }
                    };
                    convert(starts, start_keys, |end| conversion.end(end))?;
                    convert(stops, stop_keys, |end| conversion.end(end))?;
                }
            }
            each(first, start_keys, stop_keys)?;
        }
        self.checked.set(true);
        Ok(())
    }

    /// Reads and converts the values of a block.
    #[inline]
    fn payloads<T>(
        &self,
        first: usize,
        into: &mut [T],
        room: &mut [V::Number; BLOCK],
        payload: impl Fn(V::Number) -> Result<T, Error>,
    ) -> Result<(), Error> {
        if let Some(outcome) = self.values.convert(first, into, &payload) {
            return outcome;
        }
        if let Some(values) = self.values.where_they_lie(first, into.len()) {
            return convert(values, into, payload);
        }
        let values = room.get_mut(..into.len()).ok_or(Error::Internal)?;
        self.values.read(first, values)?;
        convert(values, into, payload)
    }
}

/// Converts a block. That an error is not returned at once lets the compiler do many items in one step.
#[inline]
fn convert<F: Copy, T>(
    from: &[F],
    into: &mut [T],
    convert: impl Fn(F) -> Result<T, Error>,
) -> Result<(), Error> {
    let mut outcome = Ok(());
    for (slot, &item) in into.iter_mut().zip(from) {
        match convert(item) {
            Ok(converted) => *slot = converted,
            Err(error) => outcome = Err(error),
        }
    }
    outcome
}

impl<E: ReadEnds, V: ReadValues> Source<E::Number, V::Number> for Intervals<E, V> {
    fn count(&self) -> usize {
        self.rows
    }

    fn accept(&self, lowest: &E::Number, highest: &E::Number) -> Result<(), Error> {
        if self.ends.accept(lowest, highest) { Ok(()) } else { Err(Error::Refused) }
    }

    fn reversed(&self) -> Result<(), Error> {
        if self.ends.as_they_are() && !self.checked.get() { Err(Error::Refused) } else { Ok(()) }
    }

    /// Numbers that are not framed are only ever visited converted.
    fn visit(
        &self,
        _interrupt: &mut Interrupt<'_>,
        _each: impl FnMut(&[E::Number], &[E::Number], &[V::Number]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        Err(Error::Internal)
    }

    #[inline]
    fn visit_converted<T: Conversion<E::Number, V::Number>>(
        &self,
        conversion: &T,
        interrupt: &mut Interrupt<'_>,
        mut each: impl FnMut(&mut [u64], &mut [u64], &[T::Payload]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let (mut values, mut payloads) = ([V::Number::default(); BLOCK], [T::Payload::default(); BLOCK]);
        let mut alike = 0;
        self.visit_keys(conversion, interrupt, |first, starts, stops| {
            let payloads = payloads.get_mut(..starts.len()).ok_or(Error::Internal)?;
            if !T::ALIKE || payloads.len() > alike {
                alike = payloads.len();
                self.payloads(first, payloads, &mut values, |value| conversion.payload(value))?;
            }
            each(starts, stops, payloads)
        })
    }

    #[inline]
    fn visit_converted_ends<T: Conversion<E::Number, V::Number>>(
        &self,
        conversion: &T,
        interrupt: &mut Interrupt<'_>,
        mut each: impl FnMut(&mut [u64], &mut [u64]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.visit_keys(conversion, interrupt, |_, starts, stops| each(starts, stops))
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

    #[inline]
    fn convert(
        &self,
        first: usize,
        starts: &mut [u64],
        stops: &mut [u64],
        convert: impl Fn(i64) -> Result<u64, Error>,
    ) -> Option<Result<(), Error>> {
        if !self.as_they_are() {
            return None;
        }
        let read = self.columns.starts.convert_integers(first, starts, &convert)?;
        let stops = self.columns.stops.convert_integers(first, stops, &convert)?;
        Some(read.and(stops))
    }

    fn as_they_are(&self) -> bool {
        self.steps == [0, 0]
    }

    /// Without open ends those numbers are some that only Python can tell from them. In rows that are not reversed no
    /// other end can be one without these two.
    fn accept(&self, lowest: &i64, highest: &i64) -> bool {
        self.open || !(is_open(lowest) || is_open(highest))
    }

    fn where_they_lie(&self, first: usize, count: usize) -> Option<[&[i64]; 2]> {
        let Columns { starts, stops, .. } = self.columns;
        let there = self.open && self.as_they_are();
        if there { Some([starts.integers(first, count)?, stops.integers(first, count)?]) } else { None }
    }

    fn read(&self, first: usize, starts: &mut [i64], stops: &mut [i64], check: bool) -> Result<(), Error> {
        self.columns.starts.read_integers(first, starts)?;
        self.columns.stops.read_integers(first, stops)?;
        if self.as_they_are() {
            return Ok(());
        }
        if check && starts.iter().zip(&*stops).any(|(start, stop)| start > stop) {
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

/// Reads all ends into columns of their own. Refuses unreadable rows, reversed ones that are moved, and
/// what is not accepted.
pub(crate) fn all_ends<E: ReadEnds>(
    ends: &E,
    rows: usize,
    interrupt: &mut Interrupt<'_>,
) -> Result<[Vec<E::Number>; 2], Error> {
    let (mut starts, mut stops) = (room(rows)?, room(rows)?);
    for first in (0..rows).step_by(BLOCK) {
        let last = rows.min(first.saturating_add(BLOCK));
        interrupt.pass(BLOCK)?;
        starts.resize(last, E::Number::default());
        stops.resize(last, E::Number::default());
        let starts_here = starts.get_mut(first..).ok_or(Error::Internal)?;
        let stops_here = stops.get_mut(first..).ok_or(Error::Internal)?;
        ends.read(first, starts_here, stops_here, true)?;
        if !starts_here.iter().chain(&*stops_here).fold(true, |all, end| all & ends.accept(end, end)) {
            return Err(Error::Refused);
        }
    }
    Ok([starts, stops])
}

/// Ends in columns of floats.
pub(crate) struct FloatEnds<'a, 'py>(pub(crate) &'a Columns<'py>);

impl ReadEnds for FloatEnds<'_, '_> {
    type Number = f64;

    #[inline]
    fn convert(
        &self,
        first: usize,
        starts: &mut [u64],
        stops: &mut [u64],
        convert: impl Fn(f64) -> Result<u64, Error>,
    ) -> Option<Result<(), Error>> {
        let read = self.0.starts.convert_floats(first, starts, &convert)?;
        let stops = self.0.stops.convert_floats(first, stops, &convert)?;
        Some(read.and(stops))
    }

    fn as_they_are(&self) -> bool {
        true
    }

    fn where_they_lie(&self, first: usize, count: usize) -> Option<[&[f64]; 2]> {
        let Columns { starts, stops, .. } = self.0;
        Some([starts.floats(first, count)?, stops.floats(first, count)?])
    }

    /// The core refuses NaN.
    fn read(&self, first: usize, starts: &mut [f64], stops: &mut [f64], _check: bool) -> Result<(), Error> {
        self.0.starts.read_floats(first, starts)?;
        self.0.stops.read_floats(first, stops)
    }
}

/// Columns of floats snapped to a grid and counted in units of it: integers. -inf and inf become open ends. Refuses
/// reversed rows, which might meet on the grid.
pub(crate) fn snapped_ends<'py>(
    columns: &Columns<'_>,
    grid: Grid,
    interrupt: &mut Interrupt<'_>,
) -> Result<[Column<'py>; 2], Error> {
    let floats = FloatEnds(columns);
    let rows = columns.starts.rows();
    let (mut starts, mut stops) = (room(rows)?, room(rows)?);
    let (mut start_floats, mut stop_floats) = ([0.0; BLOCK], [0.0; BLOCK]);
    for first in (0..rows).step_by(BLOCK) {
        let count = rows.saturating_sub(first).min(BLOCK);
        interrupt.pass(count)?;
        let start_floats = start_floats.get_mut(..count).ok_or(Error::Internal)?;
        let stop_floats = stop_floats.get_mut(..count).ok_or(Error::Internal)?;
        floats.read(first, start_floats, stop_floats, false)?;
        if start_floats.iter().zip(&*stop_floats).fold(false, |any, (start, stop)| any | (start > stop)) {
            return Err(Error::Refused);
        }
        snap(start_floats, &mut starts, grid, snapped_end)?;
        snap(stop_floats, &mut stops, grid, snapped_end)?;
    }
    Ok([starts.into(), stops.into()])
}

/// Ends counted in units of a grid on which all of them lie, if there is one of few digits; and that grid. -inf and inf
/// become open ends.
#[expect(clippy::type_complexity, reason = "two columns and a grid, or none")]
pub(crate) fn ends_on_grid(
    [starts, stops]: [&[f64]; 2],
    interrupt: &mut Interrupt<'_>,
) -> Result<Option<([Vec<i64>; 2], Grid)>, Error> {
    // Some of them, from all over the columns, tell which grid it must be.
    let some = starts.iter().chain(stops).step_by(starts.len().div_ceil(BLOCK).max(1));
    let Some(grid) = Grid::of(some) else { return Ok(None) };
    let mut counted = [room(starts.len())?, room(stops.len())?];
    for (ends, bases) in [starts, stops].into_iter().zip(&mut counted) {
        for block in ends.chunks(BLOCK) {
            interrupt.pass(block.len())?;
            let first = bases.len();
            if snap(block, bases, grid, snapped_end).is_err() {
                return Ok(None);
            }
            let bases = bases.get(first..).ok_or(Error::Internal)?;
            let on_grid = |(&end, &base): (&f64, &i64)| is_open(&base) | (grid.float(base) == end);
            if !block.iter().zip(bases).map(on_grid).fold(true, |all, on_grid| all & on_grid) {
                return Ok(None);
            }
        }
    }
    Ok(Some((counted, grid)))
}

/// A column of floats snapped to a grid and counted in units of it: integers.
pub(crate) fn snapped_values<'py>(
    values: &Column<'_>,
    grid: Grid,
    interrupt: &mut Interrupt<'_>,
) -> Result<Column<'py>, Error> {
    let rows = values.rows();
    let mut snapped = room(rows)?;
    let mut floats = [0.0; BLOCK];
    for first in (0..rows).step_by(BLOCK) {
        let count = rows.saturating_sub(first).min(BLOCK);
        interrupt.pass(count)?;
        let floats = floats.get_mut(..count).ok_or(Error::Internal)?;
        values.read_floats(first, floats)?;
        snap(floats, &mut snapped, grid, |float, grid| grid.base(float))?;
    }
    Ok(snapped.into())
}

/// Appends the grid points of a block, for which there is room; one by one if not all of them are ordinary.
fn snap(
    floats: &[f64],
    into: &mut Vec<i64>,
    grid: Grid,
    base: impl Fn(f64, Grid) -> Option<i64>,
) -> Result<(), Error> {
    let known = into.len();
    into.resize(known.saturating_add(floats.len()), 0);
    let bases = into.get_mut(known..).ok_or(Error::Internal)?;
    if !grid.bases(floats, bases) || bases.iter().fold(false, |any, base| any | is_open(base)) {
        for (slot, &float) in bases.iter_mut().zip(floats) {
            *slot = base(float, grid).ok_or(Error::Refused)?;
        }
    }
    Ok(())
}

#[inline]
fn snapped_end(float: f64, grid: Grid) -> Option<i64> {
    let [lowest, highest] = OPEN;
    if float.is_infinite() {
        Some(if float > 0.0 { highest } else { lowest })
    } else {
        grid.base(float).filter(|base| !is_open(base))
    }
}

/// Rows without a value.
pub(crate) struct Ones;

impl ReadValues for Ones {
    type Number = One;

    fn where_they_lie(&self, _first: usize, count: usize) -> Option<&[One]> {
        [One; BLOCK].get(..count)
    }

    fn read(&self, _first: usize, _values: &mut [One]) -> Result<(), Error> {
        Ok(())
    }
}

/// Values in a column of integers.
pub(crate) struct IntegerValues<'a, 'py>(pub(crate) &'a Column<'py>);

impl ReadValues for IntegerValues<'_, '_> {
    type Number = i64;

    #[inline]
    fn convert<T>(
        &self,
        first: usize,
        into: &mut [T],
        convert: impl Fn(i64) -> Result<T, Error>,
    ) -> Option<Result<(), Error>> {
        self.0.convert_integers(first, into, convert)
    }

    fn where_they_lie(&self, first: usize, count: usize) -> Option<&[i64]> {
        self.0.integers(first, count)
    }

    fn read(&self, first: usize, values: &mut [i64]) -> Result<(), Error> {
        self.0.read_integers(first, values)
    }
}

/// Values in a column of floats.
pub(crate) struct FloatValues<'a, 'py>(pub(crate) &'a Column<'py>);

impl ReadValues for FloatValues<'_, '_> {
    type Number = f64;

    #[inline]
    fn convert<T>(
        &self,
        first: usize,
        into: &mut [T],
        convert: impl Fn(f64) -> Result<T, Error>,
    ) -> Option<Result<(), Error>> {
        self.0.convert_floats(first, into, convert)
    }

    fn where_they_lie(&self, first: usize, count: usize) -> Option<&[f64]> {
        self.0.floats(first, count)
    }

    fn read(&self, first: usize, values: &mut [f64]) -> Result<(), Error> {
        self.0.read_floats(first, values)
    }
}
