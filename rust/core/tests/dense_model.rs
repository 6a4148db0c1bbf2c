//! Sweeps against the dense model, in small worlds that are stretched until each layout has its turn.
#![allow(clippy::arithmetic_side_effects, clippy::as_conversions, clippy::unwrap_used)]

mod model;

use std::fmt::Debug;

use intervalues_core::{
    Aggregation, Coordinate, One, Value, aggregate_intervals, combine_intervals, count_intervals,
};
use intfloat::IntFloat;
use model::{Random, Row, assert_canonical, dense_level};
use rust_decimal::Decimal;

const REACH: i64 = 8;
const ALL: [Aggregation; 3] = [Aggregation::Sum, Aggregation::Max, Aggregation::Min];

/// Factors for coordinates and values: nothing to sort, packed ends, pairs.
const STRETCHES: [(i64, i64); 4] = [(1, 1), (1 << 40, 1), (1 << 40, 1 << 40), (1 << 59, 1 << 50)];

fn assert_like_the_model(rows: &[Row], aggregation: Aggregation) {
    for (wide, high) in STRETCHES {
        let stretched = rows.iter().map(|&(start, stop, value)| (start * wide, stop * wide, value * high));
        let function = aggregate_intervals(stretched, aggregation).unwrap();
        assert_canonical(&function);
        for point in -REACH - 1..=REACH {
            let expected = dense_level(rows, point, aggregation) * high;
            assert_eq!(
                function.level_at(&(point * wide)),
                Some(&expected),
                "{aggregation:?} of {rows:?} at {point}"
            );
        }
    }
}

#[test]
fn small_worlds_are_like_the_model() {
    let mut random = Random(1);
    for world in 0..4_000 {
        let count = random.between(0, 9);
        let rows = random.rows(count, REACH, world % 4 + 1);
        ALL.iter().for_each(|&aggregation| assert_like_the_model(&rows, aggregation));
    }
}

#[test]
fn crowded_worlds_are_like_the_model() {
    let mut random = Random(2);
    for count in [1_023, 1_024, 1_025, 5_000] {
        let rows = random.rows(count, REACH, 1);
        ALL.iter().for_each(|&aggregation| assert_like_the_model(&rows, aggregation));
    }
}

#[test]
fn wide_worlds_are_like_the_model() {
    let mut random = Random(3);
    for values in [0, 100, 1 << 40] {
        let rows: Vec<Row> = random.rows(3_000, i64::MAX / 4, values);
        for aggregation in ALL {
            let function = aggregate_intervals(rows.iter().copied(), aggregation).unwrap();
            assert_canonical(&function);
            for &breakpoint in function.breakpoints().iter().step_by(101) {
                for point in [breakpoint - 1, breakpoint] {
                    let expected = dense_level(&rows, point, aggregation);
                    assert_eq!(function.level_at(&point), Some(&expected));
                }
            }
        }
    }
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let mut random = Random(4);
    for _ in 0..200 {
        let mut rows = random.rows(50, 1 << 30, 1 << 30);
        for aggregation in ALL {
            let before = aggregate_intervals(rows.clone(), aggregation).unwrap();
            random.shuffle(&mut rows);
            assert_eq!(aggregate_intervals(rows.clone(), aggregation).unwrap(), before);
        }
    }
}

#[test]
fn a_function_combined_again_is_itself() {
    let mut random = Random(5);
    for _ in 0..200 {
        let function = combine_intervals(random.rows(30, 20, 5)).unwrap();
        let segments: Vec<Row> =
            function.segments().map(|(&start, &stop, &level)| (start, stop, level)).collect();
        for aggregation in ALL {
            assert_eq!(aggregate_intervals(segments.clone(), aggregation).unwrap(), function);
        }
    }
}

#[test]
fn intervals_and_their_opposites_are_nothing() {
    let mut random = Random(6);
    for reach in [10, 1 << 50] {
        let rows = random.rows(2_000, reach, 1 << 40);
        let opposites = rows.iter().map(|&(start, stop, value)| (start, stop, -value));
        let nothing = combine_intervals(rows.iter().copied().chain(opposites)).unwrap();
        assert_eq!((nothing.breakpoints(), nothing.levels()), (&[][..], &[0][..]));
    }
}

#[test]
fn counting_is_summing_ones() {
    let mut random = Random(7);
    let rows = random.rows(500, 100, 0);
    let counted = count_intervals(rows.iter().map(|&(start, stop, _)| (start, stop))).unwrap();
    assert_eq!(
        combine_intervals(rows.into_iter().map(|(start, stop, _)| (start, stop, 1_i64))).unwrap(),
        counted
    );
}

#[test]
fn empty_and_reversed_intervals_contribute_nothing() {
    let rows = [(5, 5, 3_i64), (9, 1, 4), (1, 2, 1)];
    for aggregation in ALL {
        let function = aggregate_intervals(rows, aggregation).unwrap();
        assert_eq!((function.breakpoints(), function.levels()), (&[1, 2][..], &[0, 1, 0][..]));
    }
    // Far apart, reversed ones below and above all others do not matter either.
    for far in [1_i64 << 20, 1 << 40, i64::MAX] {
        for empty in [(0, i64::MIN, 4), (9, 1, 4), (far, 0, 4), (far, i64::MIN, 4), (far, far, 4)] {
            for aggregation in ALL {
                let function = aggregate_intervals([(10, far, 1_i64), empty], aggregation).unwrap();
                assert_eq!((function.breakpoints(), function.levels()), (&[10, far][..], &[0, 1, 0][..]));
            }
        }
    }
    let nothing = combine_intervals([(0, 0, 0_i64); 0]).unwrap();
    assert_eq!((nothing.breakpoints(), nothing.levels()), (&[][..], &[0][..]));
}

/// The levels of rows in other numbers at some breakpoints, against the model of the rows in whole numbers.
fn assert_converted<C, V>(
    rows: &[Row],
    coordinate: impl Fn(i64) -> C,
    value: impl Fn(i64) -> V,
    level: impl Fn(i64) -> V::Level,
) where
    C: Coordinate + PartialOrd + Debug,
    V: Value<Level: PartialEq + Debug>,
{
    let converted: Vec<_> =
        rows.iter().map(|row| (coordinate(row.0), coordinate(row.1), value(row.2))).collect();
    for aggregation in ALL {
        let function = aggregate_intervals(converted.iter().copied(), aggregation).unwrap();
        assert_canonical(&function);
        // Places throughout the line, and those next to them.
        for row in rows.iter().step_by(rows.len() / 15 + 1) {
            for point in [row.0, row.1, row.0 - 1, row.1 + 1] {
                let expected = level(dense_level(rows, point, aggregation));
                assert_eq!(
                    function.level_at(&coordinate(point)),
                    Some(&expected),
                    "{aggregation:?} at {point}"
                );
            }
        }
    }
}

/// Lengths around those from which on there are more buckets, and a long one.
const LENGTHS: [i64; 8] = [1, 2, 1_023, 1_024, 2_047, 2_048, 4_100, 20_000];

#[test]
fn large_worlds_of_every_number_are_like_the_model() {
    let mut random = Random(8);
    for count in LENGTHS {
        let rows = random.rows(count, 1 << 29, 1_000);
        assert_converted(&rows, |x| i32::try_from(x).unwrap(), |v| i16::try_from(v).unwrap(), |v| v);
        assert_converted(&rows, |x| (x + (1 << 30)) as u32, |v| v as i32, |v| v);
        assert_converted(&rows, |x| x << 30, |v| v << 20, |v| v << 20);
        assert_converted(&rows, |x| x << 33, |v| v << 36, |v| v << 36);
        assert_converted(&rows, |x| (x << 33).wrapping_add(i64::MIN) as u64, |v| v, |v| v);
        assert_converted(&rows, |x| x as f64 / 64.0, |v| v as f64 / 8.0, |v| v as f64 / 8.0);
        // Curved: floats close to zero, far beyond, and of both signs.
        assert_converted(
            &rows,
            |x| (x as f64).powi(33),
            |v| v as f64 * 2_f64.powi(900),
            |v| v as f64 * 2_f64.powi(900),
        );
        let decimal = |places| move |x| Decimal::new(x, places);
        assert_converted(&rows, decimal(3), decimal(2), decimal(2));
        let int_float = |digits| move |x| IntFloat::new(isize::try_from(x).unwrap(), digits);
        assert_converted(&rows, int_float(5), int_float(1), int_float(1));
    }
}

#[test]
fn large_worlds_of_small_numbers_are_like_the_model() {
    let mut random = Random(9);
    for count in LENGTHS {
        let rows = random.rows(count, 100, 50);
        assert_converted(&rows, |x| x as i8, |v| v as i8, |v| v);
        let rows: Vec<Row> = rows.into_iter().map(|row| (row.0 + 101, row.1 + 101, row.2.abs())).collect();
        assert_converted(&rows, |x| x as u8, |v| v as u8, |v| v);
        assert_converted(&rows, |x| x as u16, |v| v as u16, |v| v);
        assert_converted(&rows, |x| x as i16, |v| v as u32, |v| v);
        assert_converted(&rows, |x| x as u64, |v| v as u64, |v| v);
        let ones: Vec<Row> = rows.iter().map(|row| (row.0, row.1, 1)).collect();
        assert_converted(&ones, |x| x << 40, |_| One, |v| v);
        assert_converted(&ones, |x| -1.0 / (x + 1) as f64, |_| One, |v| v);
        assert_converted(&ones, |x| x as f64, |_| One, |v| v);
    }
}
