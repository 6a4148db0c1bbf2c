//! Machine numbers going out: finished columns of integers or floats, grid points written as floats.

use intervalues_core::kernels::Grid;
use intervalues_core::{Error, Interrupt, StepFunction};

use crate::intervals::OPEN;
use crate::memory::Numbers;

/// An `i64`, which may count units of a grid, or an `f64`.
pub(crate) trait MachineNumber: Copy + PartialEq {
    /// What stands for -inf and inf.
    const OPEN: [Self; 2];

    /// A column of coordinates.
    fn coordinates(
        numbers: Vec<Self>,
        grid: Option<Grid>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<Numbers, Error>;

    /// The breakpoints, and a column of the levels. Levels that a grid makes equal are merged.
    fn levels<C>(
        function: StepFunction<C, Self>,
        grid: Option<Grid>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<(Vec<C>, Numbers), Error>;
}

impl MachineNumber for i64 {
    const OPEN: [i64; 2] = OPEN;

    fn coordinates(
        numbers: Vec<i64>,
        grid: Option<Grid>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<Numbers, Error> {
        let Some(grid) = grid else { return Ok(Numbers::Integers(numbers)) };
        // Different grid points of one call stay different floats: where floats are sparser than the grid, the
        // nearest float to a snapped float is that float itself.
        float_bits(numbers, grid, interrupt)
    }

    fn levels<C>(
        function: StepFunction<C, i64>,
        grid: Option<Grid>,
        interrupt: &mut Interrupt<'_>,
    ) -> Result<(Vec<C>, Numbers), Error> {
        let Some(grid) = grid else {
            let (breakpoints, levels) = function.into_columns();
            return Ok((breakpoints, Numbers::Integers(levels)));
        };
        if function.levels().iter().all(|level| level.unsigned_abs() <= DISTINCT) {
            let (breakpoints, levels) = function.into_columns();
            return Ok((breakpoints, float_bits(levels, grid, interrupt)?));
        }
        let (breakpoints, levels) =
            function.map_levels(|base| interrupt.pass(1).map(|()| grid.float(base)))?.into_columns();
        Ok((breakpoints, Numbers::Floats(levels)))
    }
}

/// Whole numbers up to here have different floats on every grid.
const DISTINCT: u64 = 1 << 53;

/// Writes grid points as floats, in place.
fn float_bits(mut numbers: Vec<i64>, grid: Grid, interrupt: &mut Interrupt<'_>) -> Result<Numbers, Error> {
    grid.float_bits(&mut numbers, interrupt)?;
    Ok(Numbers::FloatBits(numbers))
}

impl MachineNumber for f64 {
    const OPEN: [f64; 2] = [f64::NEG_INFINITY, f64::INFINITY];

    fn coordinates(
        numbers: Vec<f64>,
        _grid: Option<Grid>,
        _interrupt: &mut Interrupt<'_>,
    ) -> Result<Numbers, Error> {
        Ok(Numbers::Floats(numbers))
    }

    fn levels<C>(
        function: StepFunction<C, f64>,
        _grid: Option<Grid>,
        _interrupt: &mut Interrupt<'_>,
    ) -> Result<(Vec<C>, Numbers), Error> {
        let (breakpoints, levels) = function.into_columns();
        Ok((breakpoints, Numbers::Floats(levels)))
    }
}
