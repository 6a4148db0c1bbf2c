//! Layouts forced on intervals, and the slow obvious model that they are compared with.
#![allow(clippy::arithmetic_side_effects)]

use std::collections::BTreeMap;

use super::differences::Differences;
use super::encoding::Encoding;
use super::layout::Layout;
use super::sorted::Sorted;
use super::{Ends, Keyed, Survey};
use crate::aggregation::Aggregation;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::number::{Coordinate, Number, Value};
use crate::outline::{Columns, Frames};
use crate::payload::Payload;
use crate::source::Source;
use crate::step_function::StepFunction;

/// A whole number whose sums have no limit to watch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Whole(pub(super) i64);

impl Number for Whole {
    type Frame = ();
}

impl Value for Whole {
    type Payload = i64;
    type Level = i128;

    fn payload(self, (): ()) -> Result<i64, Error> {
        Ok(self.0)
    }

    fn level(sum: i128, (): ()) -> Result<i128, Error> {
        Ok(sum)
    }
}

pub(super) type Row = (u64, u64, i64);
pub(super) type Function = StepFunction<u64, i128>;

/// The rows as a source.
pub(super) fn source(rows: &[Row]) -> impl Iterator<Item = (u64, u64, Whole)> + Clone {
    rows.iter().map(|&(start, stop, payload)| (start, stop, Whole(payload)))
}

/// All changes at a key added up, then all sums that differ from the one before.
pub(super) fn model(rows: &[Row]) -> Function {
    let mut changes: BTreeMap<u64, i128> = BTreeMap::new();
    for &(start, stop, payload) in rows.iter().filter(|row| row.0 < row.1) {
        *changes.entry(start).or_default() += i128::from(payload);
        *changes.entry(stop).or_default() -= i128::from(payload);
    }
    changes.retain(|_, change| *change != 0);
    let sums = changes.values().scan(0, |sum, change| {
        *sum += change;
        Some(*sum)
    });
    let levels = std::iter::once(0).chain(sums).collect();
    StepFunction::new(changes.into_keys().collect(), levels)
}

/// The encoding forced on a source; none if it cannot hold the intervals.
pub(super) fn sorted_by<C: Coordinate, V: Value, E: Encoding<Payload = V::Payload>>(
    source: &impl Source<C, V>,
) -> Option<StepFunction<C, V::Level>> {
    let keyed = Keyed::<_, C, V>::new(source, Frames::default());
    let mut never = || false;
    let mut interrupt = Interrupt::new(&mut never);
    let survey = Survey::of(&keyed, &mut interrupt).unwrap();
    let layout = Sorted::<E>::read(&keyed, &survey, &mut interrupt).unwrap()?;
    let mut columns = Columns::<C, V>::new(Frames::default());
    layout.sweep(&mut columns, &mut interrupt).unwrap();
    Some(columns.finish(&mut interrupt).unwrap())
}

/// Rows through an encoding.
pub(super) fn encoded<E: Encoding<Payload = i64>>(rows: &[Row]) -> Option<Function> {
    sorted_by::<u64, Whole, E>(&source(rows))
}

/// Rows through differences, if those suit them.
pub(super) fn differences(rows: &[Row]) -> Option<Function> {
    let rows = source(rows);
    let keyed = Keyed::<_, u64, Whole>::new(&rows, Frames::default());
    let mut never = || false;
    let mut interrupt = Interrupt::new(&mut never);
    let (_, layout) = Differences::read(&keyed, &mut interrupt).unwrap();
    let mut columns = Columns::<u64, Whole>::new(Frames::default());
    layout?.sweep(&mut columns, &mut interrupt).unwrap();
    Some(columns.finish(&mut interrupt).unwrap())
}

/// Rows through the layout that is chosen for them.
pub(super) fn chosen(rows: &[Row]) -> (<i64 as Payload>::Layout, Function) {
    let rows = source(rows);
    let mut never = || false;
    let mut interrupt = Interrupt::new(&mut never);
    let keyed = Keyed::<_, u64, Whole>::new(&rows, Frames::default());
    let layout = Layout::read(&keyed, &mut interrupt).unwrap();
    let ends = Ends::<u64, Whole>::read(&rows, Aggregation::Sum, &mut interrupt).unwrap();
    (layout, ends.combine(&mut interrupt).unwrap())
}
