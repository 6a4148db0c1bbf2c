#![allow(clippy::arithmetic_side_effects)]

use super::*;
use crate::number::float::exact_float;

/// A function with breakpoints that are multiples of `step`, and levels that change.
fn function(seed: u64, count: usize, step: i64) -> (Vec<i64>, Vec<i64>) {
    let mut state = seed;
    let mut next = |below: i64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        i64::try_from(state >> 33).unwrap() % below
    };
    let (mut points, mut levels) = (Vec::new(), vec![next(3)]);
    let mut point = -100;
    for _ in 0..count {
        point += step * (1 + next(3));
        points.push(point);
        levels.push((levels.last().unwrap() + 1 + next(2)) % 3);
    }
    (points, levels)
}

fn level_at((points, levels): &(Vec<i64>, Vec<i64>), place: i64) -> i64 {
    levels[points.partition_point(|&point| point <= place)]
}

/// Asks both functions at every breakpoint.
fn model(
    a: &(Vec<i64>, Vec<i64>),
    b: &(Vec<i64>, Vec<i64>),
    operation: impl Fn(i64, i64) -> i64,
) -> (Vec<i64>, Vec<i64>) {
    let mut all: Vec<i64> = a.0.iter().chain(&b.0).copied().collect();
    all.sort_unstable();
    all.dedup();
    let (mut points, mut levels) = (Vec::new(), vec![operation(a.1[0], b.1[0])]);
    for point in all {
        let level = operation(level_at(a, point), level_at(b, point));
        if Some(&level) != levels.last() {
            points.push(point);
            levels.push(level);
        }
    }
    (points, levels)
}

fn steps<T>((points, levels): &(Vec<T>, Vec<i64>)) -> StepColumns<'_, T, i64>
where
    T: Copy,
{
    StepColumns::new(points, levels).unwrap()
}

fn check(a: &(Vec<i64>, Vec<i64>), b: &(Vec<i64>, Vec<i64>), operation: impl Fn(i64, i64) -> i64 + Copy) {
    let (points, levels) =
        merge(steps(a), steps(b), |x, y| (operation(x, y), false), &mut Interrupt::new(&mut || false))
            .unwrap();
    let expected = model(a, b, operation);
    assert!(levels == expected.1);
    match points {
        Points::First => assert!(b.0.is_empty() && a.0 == expected.0),
        Points::Second => assert!(a.0.is_empty() && b.0 == expected.0),
        Points::Own(points) => assert!(points == expected.0),
    }
    let as_floats =
        |points: &[i64]| points.iter().map(|&point| exact_float(point).unwrap()).collect::<Vec<f64>>();
    let (fa, fb) = ((as_floats(&a.0), a.1.clone()), (as_floats(&b.0), b.1.clone()));
    let merged =
        merge(steps(&fa), steps(&fb), |x, y| (operation(x, y), false), &mut Interrupt::new(&mut || false))
            .unwrap();
    assert!(merged.1 == expected.1);
    if let Points::Own(points) = merged.0 {
        assert!(points == as_floats(&expected.0));
    }
}

#[test]
fn every_point_has_the_operation_of_both_levels() {
    let counts = [0, 1, 2, LONG - 1, LONG, LONG + 1, STEPS, 3 * STEPS + 1];
    for (seed, count) in (0..).zip(counts) {
        for (other_seed, other_count) in (0..).zip(counts) {
            for steps in [[1, 1], [1, 3], [1, 60], [2000, 1]] {
                let a = function(88_172_645 + seed, count, steps[0]);
                let b = function(77_172_645 + other_seed, other_count, steps[1]);
                check(&a, &b, |x, y| x + y);
                check(&a, &b, |x, y| i64::from(x > y));
                check(&a, &b, |x, y| if y == 0 { 0 } else { x });
                check(&a, &b, |_, _| 7);
            }
        }
    }
}

#[test]
fn functions_apart_and_runs_of_any_length_merge() {
    for length in [1, LONG - 1, LONG, LONG + 1, STEPS - 1, STEPS, STEPS + 1, 5 * STEPS] {
        let a = function(1 << 40, length, 1);
        let gap = a.0.last().unwrap() + 1;
        let later = |(points, levels): (Vec<i64>, Vec<i64>), by| {
            (points.into_iter().map(|point: i64| point + by).collect(), levels)
        };
        let b = later(function(1 << 41, 2 * length, 1), gap + 100);
        check(&a, &b, |x, y| x - y);
        check(&b, &a, |x, y| x - y);
        check(&a, &a, |x, y| x - y);
        check(&a, &a, |x, y| x + y);
    }
}

#[test]
fn a_constant_shares_breakpoints_that_all_stay() {
    let (a, one) = (function(1 << 42, 2 * STEPS, 1), (vec![], vec![1]));
    let never = &mut || false;
    let never = &mut Interrupt::new(never);
    assert_eq!(merge(steps(&a), steps(&one), i64::overflowing_add, never).unwrap().0, Points::First);
    assert_eq!(merge(steps(&one), steps(&a), i64::overflowing_add, never).unwrap().0, Points::Second);
    assert_eq!(
        merge(steps(&one), steps(&one), i64::overflowing_add, never).unwrap(),
        (Points::First, vec![2])
    );
    let zero = merge(steps(&a), steps(&(vec![], vec![0])), i64::overflowing_mul, never).unwrap();
    assert_eq!(zero, (Points::Own(vec![]), vec![0]));
}

#[test]
fn an_operation_that_fails_anywhere_fails() {
    let never = &mut || false;
    let never = &mut Interrupt::new(never);
    let long = function(1 << 43, 2 * STEPS, 2);
    for place in [0, 1, STEPS, 2 * STEPS] {
        let mut a = long.clone();
        a.1[place] = i64::MAX;
        for b in [(vec![], vec![1]), (vec![0], vec![1, 2]), (long.0.clone(), vec![1; long.1.len()])] {
            assert_eq!(merge(steps(&a), steps(&b), i64::overflowing_add, never), Err(Error::Overflow));
            assert_eq!(merge(steps(&b), steps(&a), i64::overflowing_add, never), Err(Error::Overflow));
        }
    }
}

#[test]
fn columns_of_other_lengths_are_no_function() {
    assert!(StepColumns::new(&[1], &[0]).is_err());
    assert!(StepColumns::new(&[1], &[0, 1, 2]).is_err());
    assert!(StepColumns::<i64, i64>::new(&[], &[]).is_err());
}

#[test]
fn a_merge_can_be_stopped() {
    let (a, b) = (function(1 << 44, 1 << 17, 1), function(1 << 45, 1 << 17, 1));
    let far = (vec![i64::MAX], vec![0, 1]);
    for other in [&b, &far, &(vec![], vec![5])] {
        let stopped = merge(steps(&a), steps(other), i64::overflowing_add, &mut Interrupt::new(&mut || true));
        assert_eq!(stopped, Err(Error::Interrupted));
    }
}
