//! `Decimal` and `IntFloat`: exact on the grid of their column, or an error.
#![allow(clippy::unwrap_used)]

use intervalues_core::{Aggregation, Error, aggregate_intervals, combine_intervals};
use intfloat::IntFloat;
use rust_decimal::Decimal;

fn decimal(text: &str) -> Decimal {
    Decimal::from_str_exact(text).unwrap()
}

fn cents(base: isize) -> IntFloat {
    IntFloat::new(base, 2)
}

#[test]
fn decimals_of_different_scales_are_one_coordinate() {
    let rows = [("0.10", "1", "0.1"), ("0.1", "1.000", "0.20")];
    let rows = rows.map(|(start, stop, value)| (decimal(start), decimal(stop), decimal(value)));
    let function = combine_intervals(rows).unwrap();
    assert_eq!(function.breakpoints(), [decimal("0.1"), decimal("1")]);
    assert_eq!(function.levels(), [decimal("0"), decimal("0.3"), decimal("0")]);
    assert_eq!(function.levels().first().map(Decimal::scale), Some(2), "the finest scale of the values");
    assert_eq!(
        function.breakpoints().first().map(Decimal::scale),
        Some(3),
        "the finest scale of the coordinates"
    );
}

#[test]
fn sums_of_decimals_do_not_round() {
    // Added as Decimals these would lose the last place.
    let (large, small) = (decimal("9000000000.000000001"), decimal("0.000000001"));
    let function = combine_intervals([(0, 1, large), (0, 1, small), (0, 1, -large)]).unwrap();
    assert_eq!(function.level_at(&0), Some(&small));
    let many = combine_intervals(vec![(0, 1, large); 1000]).unwrap();
    assert_eq!(many.level_at(&0), Some(&decimal("9000000000000.000001")));
}

#[test]
fn decimals_that_do_not_fit_their_grid_are_an_error() {
    let one = decimal("1");
    let fine = decimal("0.0000000000000000000000000001");
    assert_eq!(combine_intervals([(0, 1, one), (0, 1, fine)]), Err(Error::Range));
    assert_eq!(combine_intervals([(fine, one, 1_i64)]), Err(Error::Range));
    assert_eq!(combine_intervals([(one, Decimal::MAX, 1_i64)]), Err(Error::Range));
    assert_eq!(
        combine_intervals([(0, 1, fine)]).map(|function| function.level_at(&0).copied()),
        Ok(Some(fine))
    );
}

#[test]
fn extremes_of_decimals() {
    let rows = [(1, 3, decimal("-2.5")), (2, 4, decimal("-2.25"))];
    let highest = aggregate_intervals(rows, Aggregation::Max).unwrap();
    assert_eq!(highest.levels(), ["0", "-2.5", "-2.25", "0"].map(decimal));
    let lowest = aggregate_intervals(rows, Aggregation::Min).unwrap();
    assert_eq!(lowest.levels(), ["0", "-2.5", "-2.25", "0"].map(decimal));
    assert_eq!(lowest.breakpoints(), [1, 3, 4]);
}

#[test]
fn int_floats_of_one_digits_add_exactly() {
    let function =
        combine_intervals([(cents(0), cents(30), cents(10)), (cents(10), cents(20), cents(20))]).unwrap();
    assert_eq!(function.breakpoints(), [0, 10, 20, 30].map(cents));
    assert_eq!(function.levels(), [0, 10, 30, 10, 0].map(cents));
}

#[test]
fn int_floats_of_different_digits_are_refused() {
    let (coarse, fine) = (IntFloat::new(1, 1), cents(30));
    assert_eq!(combine_intervals([(coarse, fine, 1_i64)]), Err(Error::MixedDigits));
    assert_eq!(combine_intervals([(0, 1, coarse), (2, 3, fine)]), Err(Error::MixedDigits));
    // Coordinates and values need not have the same.
    assert!(combine_intervals([(coarse, IntFloat::new(2, 1), fine)]).is_ok());
}

#[test]
fn int_floats_beyond_their_base_are_an_error() {
    let rows = [(0, 1, cents(isize::MAX)), (0, 1, cents(1))];
    assert_eq!(combine_intervals(rows), Err(Error::Overflow));
}
