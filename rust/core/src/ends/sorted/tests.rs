//! Ends of floats, spread along the line and by their bits, and sums that need many bits.
#![allow(clippy::arithmetic_side_effects)]

use std::collections::BTreeMap;

use super::super::encoding::{Packed, Pair, Triple};
use super::super::model::sorted_by;
use super::super::{KeySpread, Keyed};
use super::*;
use crate::exact_sum::{FloatSurvey, WideSum};
use crate::interrupt::Interrupt;
use crate::model::Random;
use crate::number::{Coordinate, Number, Value, float};
use crate::outline::Frames;
use crate::step_function::StepFunction;

/// A float that is spread by the bits of its key.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Bitwise(f64);

impl Number for Bitwise {
    type Frame = ();
}

impl Coordinate for Bitwise {
    const SPREAD: KeySpread = KeySpread::Even;

    fn key(self, (): ()) -> Result<u64, Error> {
        self.0.key(())
    }

    fn from_key(key: u64, (): ()) -> Result<Self, Error> {
        f64::from_key(key, ()).map(Bitwise)
    }
}

/// Breakpoints and levels by their bits: `-0.0` is not `0.0`.
type Bits = (Vec<u64>, Vec<u64>);

/// All floats that change something at a key, then all exact sums that differ from the one before.
fn model(rows: &[(f64, f64, f64)]) -> Bits {
    let mut changes: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
    for &(start, stop, value) in rows.iter().filter(|row| row.0 < row.1) {
        changes.entry(start.key(()).unwrap()).or_default().push(value);
        changes.entry(stop.key(()).unwrap()).or_default().push(-value);
    }
    let (mut breakpoints, mut levels) = (vec![], vec![0]);
    let mut sum = WideSum::default();
    for (key, values) in changes {
        values.into_iter().for_each(|value| sum.accumulate(value).unwrap());
        let level = sum.rounded().unwrap().to_bits();
        if levels.last() != Some(&level) {
            breakpoints.push(float::float_of(key).to_bits());
            levels.push(level);
        }
    }
    (breakpoints, levels)
}

fn bits_of<C>(function: StepFunction<C, f64>, float: impl Fn(&C) -> f64) -> Bits {
    let breakpoints = function.breakpoints().iter().map(|breakpoint| float(breakpoint).to_bits()).collect();
    (breakpoints, function.levels().iter().map(|level| level.to_bits()).collect())
}

fn assert_like_the_model(rows: &[(f64, f64, f64)]) {
    let expected = model(rows);
    let spread = sorted_by::<f64, f64, Pair<f64>>(&rows.iter().copied()).unwrap();
    assert_eq!(bits_of(spread, |&float| float), expected);
    let bitwise = rows.iter().map(|&(start, stop, value)| (Bitwise(start), Bitwise(stop), value));
    let spread = sorted_by::<Bitwise, f64, Pair<f64>>(&bitwise).unwrap();
    assert_eq!(bits_of(spread, |float| float.0), expected);
    let triples = sorted_by::<f64, f64, Triple<f64>>(&rows.iter().copied()).unwrap();
    assert_eq!(bits_of(triples, |&float| float), expected);

    // Worth one each, a word has room for the ends unless their exponents are far apart.
    let ones = rows.iter().map(|&(start, stop, _)| (start, stop, 1_i64));
    let pairs = sorted_by::<f64, i64, Pair<i64>>(&ones).unwrap();
    assert_eq!(sorted_by::<f64, i64, Triple<i64>>(&ones), Some(pairs.clone()));
    for words in [sorted_by::<f64, i64, Packed<u64>>(&ones), sorted_by::<f64, i64, Packed<u32>>(&ones)] {
        assert!(words.is_none_or(|words| words == pairs));
    }
}

/// So many rows whose ends are drawn by this.
fn rows(count: usize, random: &mut Random, end: impl Fn(u64) -> f64) -> Vec<(f64, f64, f64)> {
    let halves = |random: &mut Random| f64::from(i32::try_from(random.between(-9, 9)).unwrap()) / 2.0;
    (0..count).map(|_| (end(random.next()), end(random.next()), halves(random))).collect()
}

/// From 0 to 1.
fn unit(random: u64) -> f64 {
    f64::from_bits((random >> 12) | 1.0_f64.to_bits()) - 1.0
}

#[test]
fn floats_are_swept_however_they_are_spread() {
    let tiny = f64::from_bits(1);
    let mut random = Random(51);
    // From one bucket to sixteen.
    for count in [0, 1, 2, 30, 1_023, 1_024, 1_500, 8_200] {
        assert_like_the_model(&rows(count, &mut random, unit));
        assert_like_the_model(&rows(count, &mut random, |draw| (unit(draw) - 0.5) * 1e9));
        // Skewed: most ends close to zero, few far out.
        assert_like_the_model(&rows(count, &mut random, |draw| unit(draw).powi(40) * 1e6));
        // Of all exponents, and both signs.
        assert_like_the_model(&rows(count, &mut random, |draw| {
            let float = f64::from_bits(draw);
            if float.is_finite() { float } else { 0.0 }
        }));
        // Around zero, too small for exponents; next to one another; on few places; on one.
        assert_like_the_model(&rows(count, &mut random, |draw| f64::from_bits(draw % 1_000)));
        assert_like_the_model(&rows(count, &mut random, |draw| {
            f64::from_bits(1.0_f64.to_bits() + draw % 3_000)
        }));
        let places = [-0.0, 0.0, tiny, -tiny, f64::NEG_INFINITY, f64::INFINITY, 1.0, f64::MIN, f64::MAX];
        let place = |draw: u64| places[usize::try_from(draw % 9).unwrap()];
        assert_like_the_model(&rows(count, &mut random, place));
        assert_like_the_model(&rows(count, &mut random, |draw| {
            [-0.0, 0.0][usize::try_from(draw % 2).unwrap()]
        }));
        assert_like_the_model(&rows(count, &mut random, |_| 7.5));
    }
}

#[test]
fn one_float_far_out_leaves_the_others_in_one_bucket() {
    let mut random = Random(52);
    for far in [1e300, f64::INFINITY, -1e300, f64::NEG_INFINITY, f64::MAX] {
        let mut rows = rows(3_000, &mut random, unit);
        rows.push((far, 0.5, 1.5));
        rows.push((0.5, far, 2.5));
        assert_like_the_model(&rows);
    }
}

#[test]
fn units_at_floats_close_together_fit_a_word() {
    let ones = (0..3_000_u32).map(|i| (f64::from(i % 97), f64::from(i % 101), 1_i64));
    assert!(sorted_by::<f64, i64, Packed<u64>>(&ones).is_some());
    assert!(sorted_by::<f64, i64, Packed<u64>>(&ones.chain([(-9.0, 9.0, 1)])).is_none());
}

#[test]
fn sums_beyond_127_bits_are_as_exact_as_those_within() {
    let mut random = Random(53);
    // 53 bits of each, as many as the count has, and what is left for powers of two between them.
    for (count, far, fixed) in [
        (20, 0, true),
        (20, 68, true),
        (20, 69, false),
        (2_000, 62, true),
        (2_000, 63, false),
        (2_000, 900, false),
    ] {
        let mut rows = rows(count, &mut random, unit);
        for (index, row) in rows.iter_mut().enumerate() {
            row.2 = f64::from_bits(random.next() >> 12 | 1.0_f64.to_bits());
            row.2 *= if index % 2 == 0 { 2_f64.powi(far) } else { -1.0 };
        }
        let mut survey = FloatSurvey::default();
        rows.iter().for_each(|row| survey.widen(row.2));
        assert_eq!(survey.fixed_sum(count).is_some(), fixed);
        assert_like_the_model(&rows);
    }
}

#[test]
fn two_threads_give_what_one_gives() {
    let mut random = Random(54);
    for far in [0, 900] {
        let mut rows = rows(10_000, &mut random, |draw| (unit(draw) - 0.5) * 1e6);
        rows.iter_mut().step_by(1_007).for_each(|row| row.2 *= 2_f64.powi(far));
        assert_like_the_model(&rows);
    }
}

/// Reads one set of rows as what another one is surveyed to be.
fn read<V: Value, E: Encoding<Payload = V::Payload>>(
    surveyed: &[(u64, u64, V)],
    shown: &[(u64, u64, V)],
) -> Result<(), Error> {
    let mut never = || false;
    let mut interrupt = Interrupt::new(&mut never);
    let (surveyed, shown) = (surveyed.iter().copied(), shown.iter().copied());
    let survey = Survey::of(&Keyed::<_, u64, V>::new(&surveyed, Frames::default()), &mut interrupt)?;
    let keyed = Keyed::<_, u64, V>::new(&shown, Frames::default());
    Sorted::<E>::read(&keyed, &survey, &mut interrupt)?.map(drop).ok_or(Error::Internal)
}

#[test]
fn intervals_that_were_not_surveyed_are_refused() {
    fn assert_for<E: Encoding<Payload = i64>>() {
        let surveyed = [(10, 20, -1), (11, 15, 4)];
        assert_eq!(read::<i64, E>(&surveyed, &[(10, 20, 4), (12, 12, 3)]), Ok(()));
        let strangers = [
            (9, 15, 1),
            (11, 21, 1),
            (0, u64::MAX, 1),
            (15, 11, 1),
            (11, 15, 5),
            (11, 15, -2),
            (11, 15, i64::MIN),
        ];
        for stranger in strangers {
            assert_eq!(
                read::<i64, E>(&surveyed, &[surveyed[0], stranger]),
                Err(Error::Changed),
                "{stranger:?}"
            );
        }
        // Around the end of the line, and of the numbers of 64 bits.
        let last = [(u64::MAX - 5, u64::MAX - 1, i64::MAX - 5), (u64::MAX - 2, u64::MAX - 1, i64::MAX - 1)];
        assert_eq!(read::<i64, E>(&last, &last), Ok(()));
        for stranger in
            [(0, 1, last[0].2), (u64::MAX - 5, u64::MAX, last[0].2), (u64::MAX - 5, u64::MAX - 4, i64::MIN)]
        {
            assert_eq!(read::<i64, E>(&last, &[last[0], stranger]), Err(Error::Changed), "{stranger:?}");
        }
    }
    assert_for::<Packed<u32>>();
    assert_for::<Packed<u64>>();
    assert_for::<Pair<i64>>();
    assert_for::<Triple<i64>>();

    let surveyed = [(0, 1 << 63, i64::MIN), (0, u64::MAX, i64::MAX - 1)];
    assert_eq!(read::<i64, Triple<i64>>(&surveyed, &[(5, u64::MAX, 0), (0, 0, 7)]), Ok(()));
    for stranger in [(0, 1, i64::MAX), (7, 6, 0), (u64::MAX, 0, 0)] {
        assert_eq!(read::<i64, Triple<i64>>(&surveyed, &[surveyed[0], stranger]), Err(Error::Changed));
    }
}

#[test]
fn floats_that_were_not_surveyed_are_refused() {
    let surveyed = [(10, 20, 1.5), (11, 15, 12.0)];
    assert_eq!(read::<f64, Pair<f64>>(&surveyed, &[(10, 20, -2.0), (12, 12, 0.0)]), Ok(()));
    for stranger in [0.9, -16.0, 1e300, f64::from_bits(1)] {
        assert_eq!(read::<f64, Pair<f64>>(&surveyed, &[(10, 20, stranger); 2]), Err(Error::Changed));
    }
}
