//! Places and coordinates against a model that looks at one number at a time.
#![allow(clippy::arithmetic_side_effects)]

use super::*;
use crate::model::Random;

const OPEN: [i64; 2] = [i64::MIN, i64::MAX];

/// Rows of groups; ends from -reach to reach, and open ones.
fn rows(random: &mut Random, count: usize, groups: u64, reach: u64) -> (Vec<i64>, [Vec<i64>; 2]) {
    let numbers = (0..count).map(|_| i64::try_from(random.next() % groups).unwrap()).collect();
    let mut ends = || {
        let end = |bits: u64| match bits >> 60 {
            0 => i64::MIN,
            1 => i64::MAX,
            _ => i64::try_from((bits << 4 >> 4) % (2 * reach + 1)).unwrap() - i64::try_from(reach).unwrap(),
        };
        (0..count).map(|_| end(random.next())).collect::<Vec<i64>>()
    };
    (numbers, [ends(), ends()])
}

#[test]
fn places_become_the_coordinates_that_they_came_from() {
    let never = &mut || false;
    let never = &mut Interrupt::new(never);
    let mut random = Random(2);
    for count in [0, 1, 5, 300, 20_000] {
        for reach in [0, 3, 1 << 40] {
            for groups in [1, 2, 7, 200] {
                let (numbers, [starts, stops]) = rows(&mut random, count, groups, reach);
                let ends = [&*starts, &*stops];
                let groups = i64::try_from(groups).unwrap();
                let mut places = [starts.clone(), stops.clone()];
                let [first, last] = &mut places;
                let line = compose(&numbers, [first, last], groups, never).unwrap().unwrap();
                let (ranks, by_rank, ranked) = compose_ranks(&numbers, ends, OPEN, groups, never).unwrap();
                let of_rank = |rank| match &*ranked {
                    [] => 0,
                    ranked => ranked[usize::try_from(rank).unwrap()],
                };
                for (line, places, ranked) in [(line, places, false), (ranks, by_rank, true)] {
                    let mut points = places.concat();
                    points.sort_unstable();
                    points.dedup();
                    let (firsts, lasts) = split(&mut points, line, never).unwrap();
                    let found: Vec<i64> =
                        if ranked { points.iter().map(|&rank| of_rank(rank)).collect() } else { points };
                    for (group, (first, last)) in firsts.iter().zip(&lasts).enumerate() {
                        let rows = numbers
                            .iter()
                            .enumerate()
                            .filter(|(_, number)| **number == i64::try_from(group).unwrap());
                        let mut own: Vec<i64> = rows.flat_map(|(row, _)| [starts[row], stops[row]]).collect();
                        own.retain(|end| !OPEN.contains(end));
                        own.sort_unstable();
                        own.dedup();
                        let bounds = usize::try_from(*first).unwrap()..usize::try_from(*last).unwrap();
                        assert_eq!(found[bounds], own);
                    }
                }
            }
        }
    }
}

#[test]
fn ends_are_counted_in_the_largest_unit() {
    let never = &mut || false;
    let never = &mut Interrupt::new(never);
    let mut random = Random(3);
    for (count, size, origin) in
        [(0, 5, 0), (1, 5, 7), (2, 1, -1), (300, 1 << 20, i64::MIN + 3), (20_000, 1_000_000, -7)]
    {
        let mut ends = || {
            let end = |bits: u64| match bits % 9 {
                0 => i64::MIN,
                1 => i64::MAX,
                _ => origin + i64::try_from(bits >> 40).unwrap() * size,
            };
            (0..count).map(|_| end(random.next())).collect::<Vec<i64>>()
        };
        let (starts, stops) = (ends(), ends());
        let (mut first, mut last) = (starts.clone(), stops.clone());
        let unit = Unit::largest([&mut first, &mut last], never).unwrap();
        if count >= 300 {
            let counts = || first.iter().chain(&last).filter(|end| !OPEN.contains(end));
            assert_eq!((counts().min(), counts().any(|&count| count > 1 << 24)), (Some(&0), false));
        }
        for (counts, ends) in [(first, starts), (last, stops)] {
            for (mut count, end) in counts.into_iter().map(|count| [count]).zip(ends) {
                if !OPEN.contains(&end) {
                    unit.restore(&mut count, never).unwrap();
                }
                assert_eq!(count, [end]);
            }
        }
    }
}

#[test]
fn ranks_have_coordinates() {
    let never = &mut || false;
    let never = &mut Interrupt::new(never);
    let ranked: Vec<i64> = (0..20_000).map(|rank| rank * rank).collect();
    let ranks: Vec<i64> = (0..40_000).map(|index| (index * 7) % 20_000).collect();
    let coordinates: Vec<i64> = ranks.iter().map(|rank| rank * rank).collect();
    assert_eq!(of_ranks(&ranks, &ranked, never), Ok(coordinates));
    for missing in [-1, 20_000] {
        assert_eq!(of_ranks(&[0, missing], &ranked, never), Err(Error::Refused));
    }
    assert_eq!(of_ranks(&[0, 3], &[0.5; 0], never), Ok(vec![0.0; 2]));
}

#[test]
fn points_beyond_the_line_are_refused() {
    let never = &mut || false;
    let never = &mut Interrupt::new(never);
    let line = Line { count: 2, width: 3, lowest: 0, highest: 0 };
    assert_eq!(split(&mut [1, 6], line, never), Err(Error::Refused));
    assert_eq!(split(&mut [1], Line { width: 2, ..line }, never), Err(Error::Refused));
    assert_eq!(split(&mut [1], Line { count: -1, ..line }, never), Err(Error::Refused));
}

#[test]
fn ends_far_apart_have_no_places_but_ranks() {
    let never = &mut || false;
    let never = &mut Interrupt::new(never);
    let (mut starts, mut stops) = ([i64::MIN + 1, 5], [i64::MAX - 1, 5]);
    assert_eq!(compose(&[0, 1], [&mut starts, &mut stops], 2, never), Ok(None));
    assert_eq!((starts, stops), ([i64::MIN + 1, 5], [i64::MAX - 1, 5]));
    let (line, places, ranked) = compose_ranks(&[0, 1], [&starts, &stops], OPEN, 2, never).unwrap();
    assert_eq!((line.width, ranked), (5, vec![i64::MIN + 1, 5, i64::MAX - 1]));
    assert_eq!(places, [[1, 7], [3, 7]]);
}

#[test]
fn open_ends_next_to_the_extremes_are_cut_to_the_coordinates() {
    let never = &mut || false;
    let never = &mut Interrupt::new(never);
    let line = Line { count: 2, width: 3, lowest: i64::MAX - 1, highest: i64::MAX - 1 };
    let mut points = [0, 1, 2, 3, 4, 5];
    let (firsts, lasts) = split(&mut points, line, never).unwrap();
    assert_eq!((points, firsts, lasts), ([i64::MAX - 1; 6], vec![1, 4], vec![2, 5]));
}

#[test]
fn columns_that_do_not_go_together_are_refused() {
    let never = &mut || false;
    let never = &mut Interrupt::new(never);
    assert_eq!(compose(&[0], [&mut [1, 2], &mut [3, 4]], 1, never), Err(Error::Refused));
    for group in [-1, 1] {
        assert_eq!(compose(&[group], [&mut [1], &mut [3]], 1, never), Err(Error::Refused));
    }
    assert_eq!(compose_ranks(&[0], [&[f64::NAN], &[3.0]], [0.0, 1.0], 1, never), Err(Error::NotANumber));
}

#[test]
fn many_rows_can_be_interrupted() {
    let mut always = || true;
    let keys = vec![0; STRIDE];
    let [starts, stops] = &mut [keys.clone(), keys.clone()];
    let outcome = compose(&keys, [starts, stops], 1, &mut Interrupt::new(&mut always));
    assert_eq!(outcome.err(), Some(Error::Interrupted));
}
