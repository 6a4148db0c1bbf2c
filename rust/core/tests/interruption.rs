//! Interruption: whenever the callback says so, and never with a result that is half done.
#![allow(clippy::arithmetic_side_effects, clippy::as_conversions)]

use std::cell::Cell;
use std::fmt::Debug;

use intervalues_core::{Aggregation, Coordinate, Ends, Error, Interrupt, One, StepFunction, Value};
use rust_decimal::Decimal;

fn combine<C: Coordinate, V: Value>(
    rows: &[(C, C, V)],
    aggregation: Aggregation,
    ask: &mut dyn FnMut() -> bool,
) -> Result<StepFunction<C, V::Level>, Error> {
    let mut interrupt = Interrupt::new(ask);
    Ends::read(&rows.iter().copied(), aggregation, &mut interrupt)?.combine(&mut interrupt)
}

/// How often a call asks whether to stop. It must stop at whichever question says so.
fn questions_of<C: Coordinate + Debug + PartialEq, V: Value<Level: Debug + PartialEq>>(
    rows: &[(C, C, V)],
    aggregation: Aggregation,
) -> usize {
    let asked = Cell::new(0);
    let whole = combine(rows, aggregation, &mut || {
        asked.set(asked.get() + 1);
        false
    });
    assert!(whole.is_ok());
    let questions = asked.get();
    for patience in 0..questions {
        asked.set(0);
        let outcome = combine(rows, aggregation, &mut || {
            asked.set(asked.get() + 1);
            asked.get() > patience
        });
        // Waiting for another thread may take fewer questions than it did before.
        let told = asked.get() > patience;
        assert!(outcome == if told { Err(Error::Interrupted) } else { whole.clone() });
    }
    questions
}

const COUNT: i64 = 70_000;

/// Rows so far apart, worth so much.
fn rows(far: i64, high: i64) -> Vec<(i64, i64, i64)> {
    let key = |number: i64| number % 100_003 * far;
    (0..COUNT).map(|i| (key(i * 7_919), key(i * 77_003), i % 5 * high)).collect()
}

#[test]
fn differences_can_be_interrupted_at_every_question() {
    let close: Vec<_> = (0..COUNT).map(|i| (i % 1_000, i % 1_000 + 5, 1_i64)).collect();
    // While it is read, and while it is swept over.
    assert!(questions_of(&close, Aggregation::Sum) >= 2);
    let wide: Vec<_> = (0..COUNT).map(|i| (i * 2 % 139_999, i, 1_i64)).collect();
    assert!(questions_of(&wide, Aggregation::Sum) >= 4);
}

#[test]
fn sorted_layouts_can_be_interrupted_at_every_question() {
    // Words of 32 and of 64 bits, pairs, and ends whose payload has no opposite.
    for (far, high) in [(1 << 9, 1), (1 << 30, 1), (1 << 45, 1 << 40)] {
        assert!(questions_of(&rows(far, high), Aggregation::Sum) >= 5);
    }
    let mut lowest = rows(1 << 30, 1);
    lowest.push((0, 0, i64::MIN));
    assert!(questions_of(&lowest, Aggregation::Sum) >= 5);
}

#[test]
fn one_large_bucket_can_be_interrupted_at_every_question() {
    let mut rows = rows(1, 1);
    rows.extend([(0, i64::MAX, 1), (1, i64::MAX, 1)]);
    assert!(questions_of(&rows, Aggregation::Sum) >= 6);
}

#[test]
fn floats_and_other_numbers_can_be_interrupted_at_every_question() {
    let floats: Vec<_> =
        rows(3, 1).iter().map(|row| (row.0 as f64, row.1 as f64, row.2 as f64 / 7.0)).collect();
    assert!(questions_of(&floats, Aggregation::Sum) >= 5);
    let units: Vec<_> = floats.iter().map(|row| (row.0, row.1, One)).collect();
    assert!(questions_of(&units, Aggregation::Sum) >= 5);
    // One look more, for the frame.
    let decimals: Vec<_> = rows(3, 1).iter().map(|row| (row.0, row.1, Decimal::new(row.2, 2))).collect();
    assert!(questions_of(&decimals, Aggregation::Sum) >= 3);
}

#[test]
fn extremes_can_be_interrupted_at_every_question() {
    for aggregation in [Aggregation::Max, Aggregation::Min] {
        assert!(questions_of(&rows(1 << 20, 1 << 20), aggregation) >= 3);
    }
}

#[test]
fn two_threads_can_be_interrupted_at_every_question() {
    let twice = [rows(1 << 9, 1), rows(1 << 9, 3)].concat();
    assert!(questions_of(&twice, Aggregation::Sum) >= 10);
}
