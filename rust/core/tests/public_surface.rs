//! What users of the crate see: types with the usual traits, all widths of numbers, and step functions that are asked.
#![allow(clippy::arithmetic_side_effects, clippy::as_conversions, clippy::unwrap_used)]

mod model;

use std::error;
use std::fmt::Debug;
use std::hash::Hash;

use intervalues_core::{
    Aggregation, Coordinate, DecimalScale, Digits, Ends, Error, Interrupt, Measure, One, StepFunction,
    Summary, Value, aggregate_intervals, combine_intervals,
};
use model::{Random, assert_canonical};

#[test]
fn types_have_the_traits_that_one_expects() {
    fn is_plain<T: Copy + Debug + Eq + Hash + Send + Sync + 'static>() {}
    fn is_data<T: Clone + Debug + PartialEq + Send + Sync>() {}
    fn crosses_threads<T: Debug + Send>() {}
    fn is_an_error<T: error::Error + Send + Sync + 'static>() {}

    is_plain::<Error>();
    is_plain::<Aggregation>();
    is_plain::<Measure>();
    is_plain::<One>();
    is_data::<DecimalScale>();
    is_data::<Digits>();
    is_data::<StepFunction<f64, f64>>();
    is_data::<StepFunction<i64, rust_decimal::Decimal>>();
    is_data::<Summary<f64>>();
    crosses_threads::<Ends<f64, i64>>();
    is_an_error::<Error>();

    let mut never = || false;
    assert_eq!(format!("{:?}", Interrupt::new(&mut never)), "Interrupt { passed: 0, .. }");
    let question_mark = || -> Result<(), Box<dyn error::Error + Send + Sync>> {
        combine_intervals([(f64::NAN, 1.0, 1)])?;
        Ok(())
    };
    assert_eq!(question_mark().unwrap_err().to_string(), "a coordinate is NaN");
}

/// Two intervals from the lowest to the highest number of a type, and one in between.
fn all_of<T: Coordinate + Debug + PartialOrd + Value>(lowest: T, middle: T, highest: T)
where
    T::Level: Debug + PartialEq,
{
    let function = combine_intervals([(lowest, highest, 2_i64), (middle, highest, 3)]).unwrap();
    assert_eq!(
        (function.breakpoints(), function.levels()),
        (&[lowest, middle, highest][..], &[0, 2, 5, 0][..])
    );
    let highest_value = combine_intervals([(0, 1, highest)]).unwrap();
    assert_eq!(
        Some(highest_value.levels()),
        aggregate_intervals([(0, 1, highest)], Aggregation::Max).ok().as_ref().map(StepFunction::levels)
    );
}

#[test]
fn numbers_of_all_widths_are_coordinates_and_values() {
    all_of(i8::MIN, 0, i8::MAX);
    all_of(i16::MIN, 0, i16::MAX);
    all_of(i32::MIN, 0, i32::MAX);
    all_of(i64::MIN, 0, i64::MAX);
    all_of(isize::MIN, 0, isize::MAX);
    all_of(i128::from(i64::MIN), 0, i64::MAX.into());
    all_of(u8::MIN, 7, u8::MAX);
    all_of(u16::MIN, 7, u16::MAX);
    all_of(u32::MIN, 7, u32::MAX);
    all_of(u64::MIN, 7, i64::MAX.unsigned_abs());
    all_of(usize::MIN, 7, isize::MAX.unsigned_abs());
    all_of(u128::MIN, 7, i64::MAX.unsigned_abs().into());
    all_of(f32::MIN, 0.1, f32::MAX);
    all_of(f64::MIN, 0.1, f64::MAX);
    // As coordinates numbers have all 64 bits.
    let far = combine_intervals([(0, u128::from(u64::MAX), 1)]).unwrap();
    assert_eq!(far.breakpoints(), [0, u128::from(u64::MAX)]);
}

#[test]
fn numbers_of_more_than_64_bits_are_an_error() {
    let (high, low) = (i128::from(i64::MAX) + 1, i128::from(i64::MIN) - 1);
    assert_eq!(combine_intervals([(0, high, 1)]), Err(Error::Range));
    assert_eq!(combine_intervals([(low, 0, 1)]), Err(Error::Range));
    assert_eq!(combine_intervals([(0, u128::MAX, 1)]), Err(Error::Range));
    assert_eq!(combine_intervals([(0, 1, high)]), Err(Error::Range));
    assert_eq!(combine_intervals([(0, 1, u128::from(u64::MAX))]), Err(Error::Range));
    assert_eq!(combine_intervals([(0, 1, usize::MAX)]), Err(Error::Range));
}

#[test]
fn wide_integers_have_wide_levels() {
    let most = i128::from(i64::MAX);
    assert_eq!(combine_intervals([(0, 1, most), (0, 1, most)]).unwrap().levels(), [0, 2 * most, 0]);
    assert_eq!(combine_intervals([(0, 1, i64::MAX), (0, 1, 1)]), Err(Error::Overflow));
}

#[test]
fn single_floats_are_doubles_of_the_same_value() {
    let singles = [(0.1_f32, 0.5, 0.1_f32), (f32::NEG_INFINITY, 0.3, 0.2), (-0.0, 0.3, 1e-45)];
    let doubles = singles.map(|(start, stop, value)| (f64::from(start), f64::from(stop), f64::from(value)));
    let (single, double) = (combine_intervals(singles).unwrap(), combine_intervals(doubles).unwrap());
    assert_eq!(single.levels(), double.levels());
    assert!(single.breakpoints().iter().copied().map(f64::from).eq(double.breakpoints().iter().copied()));
    assert_eq!(combine_intervals([(f32::NAN, 1.0, 1)]), Err(Error::NotANumber));
    assert_eq!(combine_intervals([(0, 1, f32::INFINITY)]), Err(Error::NotFinite));
}

#[test]
fn a_merge_has_at_each_point_what_its_operation_gives() {
    let mut random = Random(11);
    for world in 0..500 {
        let (count, values) = (random.between(0, 5), world % 4);
        let [a, b] = [(); 2].map(|()| combine_intervals(random.rows(count, 9, values)).unwrap());
        let sum = a.merge(&b, i64::checked_add).unwrap();
        let higher = a.merge(&b, |a, b| Some(a > b)).unwrap();
        assert_canonical(&sum);
        for point in -10..=10 {
            let (of_a, of_b) = (a.level_at(&point).unwrap(), b.level_at(&point).unwrap());
            assert_eq!(sum.level_at(&point), Some(&(of_a + of_b)));
            assert_eq!(higher.level_at(&point), Some(&(of_a > of_b)));
        }
    }
    let most = combine_intervals([(0, 1, i64::MAX)]).unwrap();
    assert_eq!(most.merge(&most, i64::checked_add), Err(Error::Overflow));
}

#[test]
fn many_points_are_looked_up_as_one_is() {
    let mut random = Random(12);
    let function = combine_intervals(random.rows(300, 1_000, 9)).unwrap();
    let points: Vec<i64> = (0..2_000).map(|_| random.between(-1_100, 1_100)).collect();
    let levels = function.levels_at(&points).unwrap();
    assert!(points.iter().zip(&levels).all(|(point, level)| function.level_at(point) == Some(level)));
    let floats = combine_intervals([(0.5, f64::INFINITY, 2_i64)]).unwrap();
    assert_eq!(floats.levels_at(&[0.4, 0.5, f64::INFINITY]), Ok(vec![0, 2, 0]));
    assert_eq!(floats.levels_at(&[0.4, f64::NAN]), Err(Error::NotANumber));
}

#[test]
fn segments_come_from_both_sides() {
    let function = combine_intervals([(2, 4, 3_i64), (1, 3, 2)]).unwrap();
    assert_eq!(function.segments().len(), 3);
    assert_eq!(function.segments().next_back(), Some((&3, &4, &3)));
    assert_eq!(combine_intervals::<i64, i64>([]).unwrap().segments().count(), 0);
}

#[test]
fn summaries_are_of_finite_numbers_alone() {
    let open = combine_intervals([(f64::NEG_INFINITY, 2.0, 3.0), (1.0, f64::INFINITY, 2.0)]).unwrap();
    let ask = |function: &StepFunction<f64, f64>, stop| function.summarize(&[-0.0], &[stop], Measure::Mean);
    assert_eq!(ask(&open, 4.0), Err(Error::NotFinite));
    let open = open.with_open_ends(&f64::NEG_INFINITY, &f64::INFINITY);
    assert_eq!(ask(&open, 4.0), Ok(Summary::Floats(vec![3.0])));
    assert_eq!(ask(&open, f64::INFINITY), Err(Error::NotFinite));
    assert_eq!(ask(&open, f64::NAN), Err(Error::Refused));
    assert_eq!(ask(&open, -1.0), Err(Error::Refused));
    assert_eq!(open.summarize(&[0.0], &[], Measure::Max), Err(Error::Refused));
    let odd = open.map_levels(|level| Ok(if level > 2.5 { f64::NAN } else { -level })).unwrap();
    assert_eq!(ask(&odd, 4.0), Err(Error::NotFinite));
}
