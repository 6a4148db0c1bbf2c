//! Sweeps against the dense model, in small worlds that are stretched until each layout has its turn.
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used)]

mod model;

use intervalues_core::{Aggregation, aggregate_intervals, combine_intervals, count_intervals};
use model::{Random, Row, assert_canonical, dense_level};

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
    let nothing = combine_intervals([(0, 0, 0_i64); 0]).unwrap();
    assert_eq!((nothing.breakpoints(), nothing.levels()), (&[][..], &[0][..]));
}
