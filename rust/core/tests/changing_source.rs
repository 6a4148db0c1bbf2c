//! Sources that show something else at each look: an error or a sound result, never a panic.
#![allow(clippy::arithmetic_side_effects, clippy::as_conversions, clippy::indexing_slicing)]

mod model;

use std::cell::Cell;

use intervalues_core::{Aggregation, Coordinate, Ends, Error, Interrupt, Source, StepFunction, Value};
use model::{Random, assert_canonical};
use rust_decimal::Decimal;

/// Shows one set of rows after another, and stays with the last.
struct Changing<'a, C, V> {
    looks: &'a [Vec<(C, C, V)>],
    look: Cell<usize>,
}

impl<C: Copy, V: Copy> Source<C, V> for Changing<'_, C, V> {
    fn visit(
        &self,
        interrupt: &mut Interrupt<'_>,
        each: impl FnMut(C, C, V) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let look = self.look.replace((self.look.get() + 1).min(self.looks.len() - 1));
        self.looks[look].iter().copied().visit(interrupt, each)
    }
}

fn combine<C: Coordinate, V: Value>(
    looks: &[Vec<(C, C, V)>],
    aggregation: Aggregation,
) -> Result<StepFunction<C, V::Level>, Error> {
    let source = Changing { looks, look: Cell::new(0) };
    let mut never = || false;
    let mut interrupt = Interrupt::new(&mut never);
    Ends::read(&source, aggregation, &mut interrupt)?.combine(&mut interrupt)
}

#[test]
fn more_or_fewer_intervals_are_an_error() {
    let rows = vec![(0, 9, 1_i64), (1, 1_i64 << 40, 1)];
    for others in [vec![], vec![rows[0]], vec![rows[0]; 3]] {
        for aggregation in [Aggregation::Sum, Aggregation::Max] {
            assert_eq!(combine(&[rows.clone(), others.clone()], aggregation), Err(Error::Changed));
        }
    }
}

#[test]
fn intervals_outside_the_survey_are_an_error() {
    for far in [20_i64, 1 << 40, i64::MAX / 2] {
        let rows = vec![(0, far, 1_i64), (5, far, 3)];
        for stranger in [(-1, far, 1), (0, far + 1, 1), (i64::MIN, i64::MAX, 1)] {
            for aggregation in [Aggregation::Sum, Aggregation::Max] {
                assert_eq!(combine(&[rows.clone(), vec![stranger; 2]], aggregation), Err(Error::Changed));
            }
        }
    }
    let floats = vec![(0.0, 1.0, 0.5), (0.0, 1.0, 1.5)];
    for stranger in [1e300, 1e-300] {
        assert_eq!(
            combine(&[floats.clone(), vec![(0.0, 1.0, stranger); 2]], Aggregation::Sum),
            Err(Error::Changed)
        );
    }
    let tenth = vec![(Decimal::new(1, 1), Decimal::new(2, 1), Decimal::ONE)];
    let finer = vec![(Decimal::new(11, 2), Decimal::new(2, 1), Decimal::ONE)];
    assert_eq!(combine(&[tenth, finer], Aggregation::Sum), Err(Error::Changed));
}

#[test]
fn whatever_comes_is_an_error_or_sound() {
    let mut random = Random(21);
    for round in 0..2_000 {
        let looks: Vec<_> = (0..2)
            .map(|_| {
                let reach = [8, 1 << 30, i64::MAX / 4][random.between(0, 2) as usize];
                let values = [1, 100, i64::MAX / 4][random.between(0, 2) as usize];
                random.rows(4, reach, values)
            })
            .collect();
        let aggregation = [Aggregation::Sum, Aggregation::Max, Aggregation::Min][round % 3];
        if let Ok(function) = combine(&looks, aggregation) {
            assert_canonical(&function);
        }
        let float =
            |&(start, stop, value): &(i64, i64, i64)| (start as f64, stop as f64, value as f64 * 1e-5);
        let looks: Vec<Vec<_>> = looks.iter().map(|rows| rows.iter().map(float).collect()).collect();
        if let Ok(function) = combine(&looks, aggregation) {
            assert_canonical(&function);
        }
    }
}
