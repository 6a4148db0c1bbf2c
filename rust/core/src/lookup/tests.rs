#![allow(clippy::arithmetic_side_effects)]

use super::*;
use crate::number::float::exact_float;

fn random(count: usize, seed: u64) -> impl Iterator<Item = u64> {
    let mut state = seed;
    (0..count).map(move |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    })
}

/// Breakpoints spread in all the ways that matter to an index.
fn spreads(count: usize) -> Vec<Vec<i64>> {
    let whole = |bits: u64, shift: u32| i64::try_from(bits >> shift).unwrap();
    let even = random(count, 1 << 40).map(|bits| whole(bits, 40) - 1000);
    let wide = random(count, 1 << 41).map(|bits| i64::from_ne_bytes(bits.to_ne_bytes()));
    let skewed = random(count, 1 << 42).map(|bits| whole(bits >> (bits % 50), 12));
    let crowded = random(count, 1 << 43).map(|bits| whole(bits, 58)).chain([1 << 50]);
    let row = 0..i64::try_from(count).unwrap();
    let spreads: [Vec<i64>; 5] =
        [even.collect(), wide.collect(), skewed.collect(), crowded.collect(), row.collect()];
    spreads.into_iter().map(sorted).collect()
}

fn sorted(mut points: Vec<i64>) -> Vec<i64> {
    points.sort_unstable();
    points.dedup();
    points
}

/// Each breakpoint and its neighbours, again and again, in no order.
fn questions(points: &[i64], count: usize) -> Vec<i64> {
    let usual = random(count, 1 << 44).map(|bits| {
        let near = points.get(usize::try_from(bits % 10_007).unwrap() % points.len().max(1)).unwrap_or(&5);
        near.saturating_add(i64::try_from(bits >> 33).unwrap() % 3 - 1)
    });
    usual.chain([i64::MIN + 1, i64::MAX]).collect()
}

#[test]
fn a_lookup_finds_what_a_search_finds() {
    let never = &mut || false;
    let never = &mut Interrupt::new(never);
    for count in [0, 1, 2, 100, 5000] {
        for points in spreads(count) {
            let levels: Vec<usize> = (0..=points.len()).collect();
            for asked in [0, 1, TOGETHER, TOGETHER + 1, 3 * TOGETHER, 2 * count, 1 << 15] {
                let xs = questions(&points, asked);
                let found = levels_at(&points, &levels, &xs, |x| (x, false), never).unwrap();
                assert!(found.iter().zip(&xs).all(|(&found, &x)| found == position(&points, x)));
                let before = levels_at(&points, &levels, &xs, |x| (x.previous(), false), never).unwrap();
                let expected = |x: i64| points.partition_point(|&point| point < x);
                assert!(before.iter().zip(&xs).all(|(&found, &x)| found == expected(x)));
            }
        }
    }
}

#[test]
fn a_lookup_of_floats_finds_what_a_search_finds() {
    let never = &mut || false;
    let never = &mut Interrupt::new(never);
    for integers in spreads(5000) {
        let mut points: Vec<f64> = integers.iter().filter_map(|&point| exact_float(point)).collect();
        points.extend([-f64::MAX / 4.0, -f64::from_bits(1), 0.25, f64::MAX / 4.0]);
        points.sort_unstable_by(f64::total_cmp);
        points.dedup();
        let edges = if integers.len() % 2 == 0 { 0..points.len() } else { 1..points.len() - 1 };
        let points = &points[edges];
        let levels: Vec<usize> = (0..=points.len()).collect();
        let next = |x: f64| [x, x.previous(), -(-x).previous(), x + 0.5, -x];
        let mut xs: Vec<f64> = points.iter().copied().flat_map(next).collect();
        xs.extend([0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN]);
        for xs in [&xs[..], &xs[xs.len() - 10..]] {
            let found = levels_at(points, &levels, xs, |x| (x, false), never).unwrap();
            assert!(found.iter().zip(xs).all(|(&found, &x)| found == position(points, x)));
            let before = levels_at(points, &levels, xs, |x| (x.previous(), false), never).unwrap();
            let expected = |x: f64| points.partition_point(|&point| point < x);
            assert!(before.iter().zip(xs).all(|(&found, &x)| found == expected(x)));
        }
    }
}

#[test]
fn nothing_lies_between_a_float_and_the_one_before_it() {
    for float in [1.0, -1.0, 0.1, f64::MIN_POSITIVE, f64::from_bits(1), 1e300, f64::MAX, f64::INFINITY] {
        for float in [float, -float] {
            let previous = float.previous();
            assert!(previous < float || float == f64::NEG_INFINITY);
            assert!(f64::midpoint(previous, float) == previous || f64::midpoint(previous, float) == float);
        }
    }
    assert_eq!([0.0, -0.0].map(|zero: f64| zero.previous().to_bits()), [(-f64::from_bits(1)).to_bits(); 2]);
    assert_eq!(f64::NEG_INFINITY.previous(), f64::NEG_INFINITY);
}

#[test]
fn the_last_integer_up_to_a_float_is_the_one_that_counts() {
    let edges = [0, 1, -1, 5, (1 << 51) - 1, 1 << 51, 1 << 52, (1 << 53) - 1, 1 << 53, -(1 << 53)];
    for integer in edges {
        let float = exact_float(integer).unwrap();
        assert_eq!(last_integer(float, true), Some(integer));
        assert_eq!(last_integer(float, false), Some(integer - 1));
        if integer.unsigned_abs() < 1 << 51 {
            assert_eq!(
                [true, false].map(|included| last_integer(float + 0.25, included)),
                [Some(integer); 2]
            );
            assert_eq!(
                [true, false].map(|included| last_integer(float - 0.25, included)),
                [Some(integer - 1); 2]
            );
        }
    }
    let limit = 9_223_372_036_854_775_808.0; // 2 ** 63
    for included in [true, false] {
        assert_eq!(last_integer(limit, included), Some(i64::MAX));
        assert_eq!(last_integer(f64::INFINITY, included), Some(i64::MAX));
        assert_eq!(last_integer(limit.previous(), included), Some(i64::MAX - 1023 - i64::from(!included)));
        assert_eq!(last_integer(-limit.previous(), included), Some(i64::MIN + 1024 - i64::from(!included)));
        assert_eq!(last_integer((-limit).previous(), included), None);
        assert_eq!(last_integer(f64::NEG_INFINITY, included), None);
        assert_eq!(last_integer(f64::NAN, included), None);
    }
    assert_eq!([true, false].map(|included| last_integer(-limit, included)), [Some(i64::MIN), None]);
}

#[test]
fn a_point_without_a_place_is_refused() {
    let never = &mut || false;
    let never = &mut Interrupt::new(never);
    for points in [&[][..], &[1.0], &[1.0, 2.0]] {
        let levels = vec![7; points.len() + 1];
        for (count, place) in [(1, 0), (1000, 999), (1 << 15, 0), (1 << 15, (1 << 15) - 1)] {
            let mut xs = vec![1.5; count];
            assert!(levels_at(points, &levels, &xs, |x: f64| (x, x.is_nan()), never).is_ok());
            xs[place] = f64::NAN;
            let refused = levels_at(points, &levels, &xs, |x: f64| (x, x.is_nan()), never);
            assert_eq!(refused, Err(Error::Refused));
        }
    }
}

#[test]
fn too_few_levels_are_a_bug() {
    let never = &mut || false;
    let never = &mut Interrupt::new(never);
    assert_eq!(levels_at(&[1], &[7], &[5], |x| (x, false), never), Err(Error::Internal));
    assert_eq!(levels_at(&[1], &[7; 0], &[0], |x| (x, false), never), Err(Error::Internal));
}

#[test]
fn a_lookup_can_be_stopped() {
    let points: Vec<i64> = (0..1 << 17).collect();
    let many = vec![5; 1 << 17];
    for (points, xs) in [(&points[..], &many[..]), (&points, &many[..1 << 13]), (&points[..9], &many)] {
        let mut asked = 0;
        let mut ask = || {
            asked += 1;
            true
        };
        let levels = vec![7; points.len() + 1];
        let stopped = levels_at(points, &levels, xs, |x| (x, false), &mut Interrupt::new(&mut ask));
        assert_eq!(stopped, Err(Error::Interrupted));
        assert_eq!(asked, 1);
    }
}
