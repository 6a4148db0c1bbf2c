//! Floats: exact sums, rounded once, whatever the order and the magnitudes.
#![allow(clippy::arithmetic_side_effects, clippy::as_conversions, clippy::unwrap_used)]

mod model;

use intervalues_core::{Aggregation, Error, aggregate_intervals, combine_intervals};
use model::{Random, assert_canonical};

/// The level where all these values overlap.
fn together(values: &[f64]) -> Result<f64, Error> {
    let rows: Vec<(i64, i64, f64)> = values.iter().map(|&value| (0, 1, value)).collect();
    let function = combine_intervals(rows)?;
    assert_canonical(&function);
    Ok(function.level_at(&0).copied().unwrap())
}

#[test]
fn small_values_beside_large_ones_are_not_lost() {
    assert_eq!(together(&[1e16, 1.0, -1e16]), Ok(1.0));
    assert_eq!(together(&[1e300, 1e-300, -1e300]), Ok(1e-300));
    assert_eq!(together(&[f64::MAX, f64::from_bits(1), f64::MIN]), Ok(f64::from_bits(1)));
}

#[test]
fn what_cancels_leaves_nothing() {
    let rows = (0..20).map(|i| (0, 1, if i % 2 == 0 { 0.1_f64 } else { -0.1 }));
    let nothing = combine_intervals(rows).unwrap();
    assert_eq!(nothing.breakpoints(), [0; 0]);
    assert_eq!(nothing.levels().first().map(|level| level.to_bits()), Some(0), "zero is +0.0");

    let gap = combine_intervals([(0, 2, 0.1), (1, 2, 0.2), (4, 5, 0.3)]).unwrap();
    assert_eq!(gap.levels(), [0.0, 0.1, 0.1 + 0.2, 0.0, 0.3, 0.0]);
}

#[test]
fn a_sum_may_leave_the_range_on_its_way_but_no_level_may() {
    assert_eq!(together(&[1e308, 1e308, -1e308]), Ok(1e308));
    assert_eq!(together(&[1e308, 1e308]), Err(Error::Overflow));
    assert_eq!(together(&[-1e308, -1e308, 1e-300]), Err(Error::Overflow));
}

#[test]
fn subnormal_levels_are_exact() {
    let smallest = f64::from_bits(1);
    assert_eq!(together(&[smallest, smallest]), Ok(f64::from_bits(2)));
    assert_eq!(together(&[f64::MIN_POSITIVE, -smallest]), Ok(f64::MIN_POSITIVE - smallest));
    assert_eq!(together(&[smallest, 1.0]), Ok(1.0));
}

#[test]
fn levels_that_round_to_the_same_float_are_one() {
    let function = combine_intervals([(0, 3, 1e16), (1, 2, 1.0)]).unwrap();
    assert_eq!((function.breakpoints(), function.levels()), (&[0, 3][..], &[0.0, 1e16, 0.0][..]));
}

#[test]
fn values_that_are_not_finite_are_refused() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for aggregation in [Aggregation::Sum, Aggregation::Max, Aggregation::Min] {
            assert_eq!(aggregate_intervals([(0, 1, value)], aggregation), Err(Error::NotFinite));
        }
    }
    assert_eq!(combine_intervals([(0.0, f64::NAN, 1_i64)]), Err(Error::NotANumber));
    assert_eq!(combine_intervals([(f64::NAN, 0.0, 1_i64)]), Err(Error::NotANumber));
}

#[test]
fn the_two_zeros_are_one_coordinate() {
    let function = combine_intervals([(-0.0_f64, 1.0, 1_i64), (0.0, 1.0, 1)]).unwrap();
    assert_eq!(function.levels(), [0, 2, 0]);
    assert_eq!(function.breakpoints().first().map(|zero| zero.to_bits()), Some(0));
}

#[test]
fn negative_zero_is_no_level_of_its_own() {
    for aggregation in [Aggregation::Sum, Aggregation::Max, Aggregation::Min] {
        let function = aggregate_intervals([(0, 1, -0.0_f64)], aggregation).unwrap();
        assert_eq!(function.levels().iter().map(|level| level.to_bits()).collect::<Vec<_>>(), [0]);
    }
}

/// A sum of floats that are whole numbers of `2 ** unit`, by integers.
fn model_sum(values: &[f64], unit: i32) -> f64 {
    let scale = 2_f64.powi(unit);
    values.iter().map(|value| (value / scale) as i128).sum::<i128>() as f64 * scale
}

#[test]
fn narrow_and_wide_calls_give_the_same_bits() {
    let mut random = Random(11);
    for _ in 0..500 {
        let unit = random.between(-1000, 900) as i32;
        let values: Vec<f64> = (0..random.between(1, 30))
            .map(|_| {
                (random.between(-1 << 53, 1 << 53) as f64) * 2_f64.powi(unit + random.between(0, 8) as i32)
            })
            .collect();
        let narrow = together(&values).unwrap();
        assert_eq!(narrow, model_sum(&values, unit));

        // Far away from the others, two values stretch the call over the whole range of floats.
        let mut rows: Vec<(i64, i64, f64)> = values.iter().map(|&value| (0, 1, value)).collect();
        rows.extend([(5, 6, f64::MAX), (7, 8, f64::from_bits(1))]);
        let wide = combine_intervals(rows).unwrap();
        assert_eq!(wide.level_at(&0).map(|level| level.to_bits()), Some(narrow.to_bits()));
    }
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let mut random = Random(12);
    for spread in [10, 600] {
        let mut rows: Vec<(f64, f64, f64)> = (0..2_000)
            .map(|_| {
                let start = random.between(-1000, 1000) as f64 / 100.0;
                let exponent = random.between(-spread, spread) as f64 / 2.0;
                (start, start + 1.5, random.between(-99, 99) as f64 * 10_f64.powf(exponent))
            })
            .collect();
        let before = combine_intervals(rows.clone()).unwrap();
        assert_canonical(&before);
        for _ in 0..5 {
            random.shuffle(&mut rows);
            assert_eq!(combine_intervals(rows.clone()).unwrap(), before);
        }
    }
}

#[test]
fn open_ends_reach_out() {
    let (lowest, highest) = (f64::NEG_INFINITY, f64::INFINITY);
    let rows = [(lowest, 2.0, 0.5), (1.0, highest, 0.25), (highest, highest, 9.0), (lowest, lowest, 9.0)];
    let function = combine_intervals(rows).unwrap().with_open_ends(&lowest, &highest);
    assert_eq!((function.breakpoints(), function.levels()), (&[1.0, 2.0][..], &[0.5, 0.75, 0.25][..]));

    let everywhere = combine_intervals([(lowest, highest, 3_i64)]).unwrap().with_open_ends(&lowest, &highest);
    assert_eq!((everywhere.breakpoints(), everywhere.levels()), (&[][..], &[3][..]));
}
