//! The slow obvious model that the sweeps are compared with, and random worlds to compare them in.
#![allow(dead_code, clippy::arithmetic_side_effects, clippy::as_conversions, clippy::indexing_slicing)]

use intervalues_core::{Aggregation, StepFunction};

pub(crate) type Row = (i64, i64, i64);

/// A small generator of random numbers (xorshift), the same on every machine.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.next() % (high - low + 1) as u64) as i64
    }

    pub(crate) fn rows(&mut self, count: i64, reach: i64, values: i64) -> Vec<Row> {
        let row = |random: &mut Random| {
            let (start, stop) = (random.between(-reach, reach), random.between(-reach, reach));
            (start, stop, random.between(-values, values))
        };
        (0..count).map(|_| row(self)).collect()
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.between(0, last as i64) as usize);
        }
    }
}

/// The level at one point, from its definition.
pub(crate) fn dense_level(rows: &[Row], point: i64, aggregation: Aggregation) -> i64 {
    let covering = rows.iter().filter(|row| row.0 <= point && point < row.1).map(|row| row.2);
    match aggregation {
        Aggregation::Sum => covering.sum(),
        Aggregation::Max => covering.max().unwrap_or(0),
        other => {
            assert_eq!(other, Aggregation::Min);
            covering.min().unwrap_or(0)
        }
    }
}

/// Whether the columns keep the promises of a step function.
pub(crate) fn assert_canonical<C: PartialOrd, L: PartialEq>(function: &StepFunction<C, L>) {
    let (breakpoints, levels) = (function.breakpoints(), function.levels());
    assert_eq!(levels.len(), breakpoints.len() + 1);
    assert!(breakpoints.windows(2).all(|pair| pair[0] < pair[1]), "breakpoints strictly increase");
    assert!(levels.windows(2).all(|pair| pair[0] != pair[1]), "neighbouring levels differ");
}
