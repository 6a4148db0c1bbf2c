//! Sources that show something else at each look: an error, or the sound result of one of the looks, never a panic.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

mod model;

use std::cell::Cell;
use std::fmt::Debug;

use intervalues_core::{
    Aggregation, Coordinate, Ends, Error, Interrupt, One, Source, StepFunction, Value, aggregate_intervals,
};
use model::{Random, assert_canonical};
use rust_decimal::Decimal;

const ALL: [Aggregation; 3] = [Aggregation::Sum, Aggregation::Max, Aggregation::Min];

/// Shows one set of rows after another, and stays with the last.
struct Changing<'a, C, V> {
    looks: &'a [Vec<(C, C, V)>],
    look: Cell<usize>,
}

impl<C: Copy, V: Copy> Source<C, V> for Changing<'_, C, V> {
    fn count(&self) -> usize {
        self.looks[0].len()
    }

    fn visit(
        &self,
        interrupt: &mut Interrupt<'_>,
        each: impl FnMut(&[C], &[C], &[V]) -> Result<(), Error>,
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

/// An error, or what one of the looks alone would give. Whether it was the latter.
fn is_sound<C, V>(looks: &[Vec<(C, C, V)>], aggregation: Aggregation) -> bool
where
    C: Coordinate + Debug + PartialOrd,
    V: Value<Level: PartialEq> + Debug,
{
    let Ok(function) = combine(looks, aggregation) else { return false };
    assert_canonical(&function);
    let alone = |rows: &Vec<(C, C, V)>| aggregate_intervals(rows.iter().copied(), aggregation);
    assert!(
        looks.iter().any(|rows| alone(rows).is_ok_and(|alone| alone == function)),
        "{aggregation:?} of {:?}",
        looks.iter().map(|rows| &rows[..rows.len().min(5)]).collect::<Vec<_>>()
    );
    true
}

/// Rows too far apart for differences, so that there are a survey, a count and a copy.
fn far_rows(count: i64, far: i64) -> Vec<(i64, i64, i64)> {
    (0..count).map(|i| (i * 7_919 % 1_009 * far, i * 104_729 % 1_013 * far, i % 5 - 2)).collect()
}

fn assert_changed<C, V>(looks: &[Vec<(C, C, V)>], aggregation: Aggregation)
where
    C: Coordinate + Debug + PartialEq,
    V: Value<Level: Debug + PartialEq>,
{
    assert_eq!(combine(looks, aggregation), Err(Error::Changed));
}

#[test]
fn more_or_fewer_intervals_are_an_error() {
    for rows in [vec![(0, 9, 1_i64), (1, 1_i64 << 40, 1)], far_rows(3_000, 1 << 20), far_rows(3_000, 1 << 52)]
    {
        for others in [vec![], rows[1..].to_vec(), [&rows[..], &rows[..1]].concat(), rows.repeat(2)] {
            for aggregation in ALL {
                assert_changed(&[rows.clone(), others.clone()], aggregation);
            }
            assert_changed(&[rows.clone(), rows.clone(), others.clone()], Aggregation::Sum);
            assert_changed(&[rows.clone(), others, rows.clone()], Aggregation::Sum);
        }
    }
}

#[test]
fn intervals_outside_the_survey_are_an_error() {
    // Of several layouts; close together they are copied at the first look, and nobody looks again.
    for far in [100_i64, 1 << 20, 1 << 40, i64::MAX / 2] {
        for high in [3, 1 << 40, i64::MAX] {
            let rows = vec![(0, far, 1_i64), (5, far, high)];
            for stranger in
                [(-1, far, 1), (0, far + 1, 1), (i64::MIN, i64::MAX, 1), (1, 2, 0), (1, 2, i64::MIN)]
            {
                assert_changed(&[rows.clone(), rows.clone(), vec![rows[0], stranger]], Aggregation::Sum);
            }
            assert_changed(&[rows.clone(), vec![(-1, far, 1); 2]], Aggregation::Sum);
        }
    }
    let units = vec![(0.0, 1.0, One), (0.5, 2.0, One)];
    assert_changed(&[units.clone(), units.clone(), vec![(0.0, 3.0, One); 2]], Aggregation::Sum);
    assert_changed(&[units, vec![(f64::NEG_INFINITY, 3.0, One); 2]], Aggregation::Sum);
}

#[test]
fn close_keys_too_many_for_one_look_are_checked_at_the_next() {
    // So many different keys that they are only added up once all are known.
    let rows: Vec<_> = (0..50_000).map(|i| (i * 7_919 % 90_001, i * 7_907 % 90_007, i % 5 - 2)).collect();
    let mut random = Random(23);
    let mut mixed = rows.clone();
    random.shuffle(&mut mixed);
    assert!(is_sound(&[rows.clone(), mixed.clone()], Aggregation::Sum));
    mixed[0] = rows[1];
    assert!(is_sound(&[rows.clone(), mixed], Aggregation::Sum));
    for others in [vec![], rows[1..].to_vec(), [&rows[..], &rows[..1]].concat()] {
        assert_changed(&[rows.clone(), others], Aggregation::Sum);
    }
    for stranger in
        [(-1, 5, 1), (0, 90_008, 1), (7, 6, 1), (i64::MIN, i64::MAX, 1), (1, 2, 3), (1, 2, i64::MIN)]
    {
        let mut strange: Vec<_> =
            rows.iter().map(|&(start, stop, value)| (start, stop.max(start), value)).collect();
        let before = strange.clone();
        strange[40_000] = stranger;
        assert_changed(&[before, strange], Aggregation::Sum);
    }
}

#[test]
fn values_beyond_the_surveyed_exponents_are_an_error() {
    let floats = vec![(0.0, 1.0, 0.5), (0.0, 1.0, 1.5)];
    for stranger in [1e300, 1e-300, -2.0, 0.25] {
        let strangers = vec![(0.0, 1.0, stranger); 2];
        assert_changed(&[floats.clone(), floats.clone(), strangers.clone()], Aggregation::Sum);
        assert_changed(&[floats.clone(), strangers], Aggregation::Sum);
    }
    for stranger in [f64::NAN, f64::INFINITY] {
        for aggregation in ALL {
            let looks = [floats.clone(), vec![(0.0, 1.0, stranger); 2]];
            let looks = [&looks[..], &looks[1..]].concat();
            assert_eq!(combine(&looks, aggregation), Err(Error::NotFinite));
            let looks = [floats.clone(), vec![(f64::NAN, 1.0, 1.5); 2]];
            assert_eq!(combine(&looks, aggregation), Err(Error::NotANumber));
        }
    }
}

#[test]
fn numbers_off_the_frame_are_looked_at_again_or_an_error() {
    let tenth = vec![(Decimal::new(1, 1), Decimal::new(2, 1), Decimal::ONE)];
    let finer = vec![(Decimal::new(11, 2), Decimal::new(2, 1), Decimal::new(1_000, 3))];
    for aggregation in ALL {
        // The first look guesses the frame. Where the guess was wrong, all are looked at once more.
        assert!(is_sound(&[tenth.clone(), finer.clone()], aggregation));
        assert!(is_sound(&[finer.clone(), tenth.clone()], aggregation));
        assert_changed(&[tenth.clone(), finer.clone(), tenth.clone(), finer.clone()], aggregation);
    }
}

#[test]
fn a_frame_that_only_later_intervals_show_is_found() {
    let early: Vec<_> =
        (0..600).map(|i| (Decimal::new(i, 1), Decimal::new(i + 5, 1), Decimal::ONE)).collect();
    let late = [(Decimal::new(3_005, 3), Decimal::new(4, 0), Decimal::new(25, 2))];
    for aggregation in ALL {
        let function = aggregate_intervals(early.iter().chain(&late).copied(), aggregation).unwrap();
        let again = aggregate_intervals(late.iter().chain(&early).copied(), aggregation).unwrap();
        assert_eq!(function, again);
        assert!(function.breakpoints().iter().all(|breakpoint| breakpoint.scale() == 3));
        assert!(function.levels().iter().all(|level| level.scale() == 2));
    }
}

#[test]
fn a_key_beyond_the_last_one_does_not_come_back_as_the_first() {
    // The distance from the lowest key wraps around, and needs no more bits than those of the others.
    let rows = vec![(i64::MAX - 500, i64::MAX - 1, 1_i64), (i64::MAX - 400, i64::MAX - 100, 1)];
    let around = vec![rows[0], (i64::MIN, i64::MIN + 5, 1)];
    assert_changed(&[rows.clone(), around.clone()], Aggregation::Sum);
    assert_changed(&[rows.clone(), rows, around], Aggregation::Sum);
}

#[test]
fn sums_planned_for_64_bits_do_not_wrap() {
    // Four of these fit, and four of the others do not, though they need no more bits.
    let rows = |value: i64| -> Vec<_> { (0..4).map(|i| (i, 1 << 40, value - i % 2)).collect() };
    let looks = [rows((1 << 60) + 1), rows((1 << 60) + 1), rows((1 << 61) + 1)];
    assert_changed(&looks, Aggregation::Sum);
    let more = [looks[0].clone(), looks[0].repeat(3), looks[0].repeat(3)];
    assert_changed(&more, Aggregation::Sum);
}

#[test]
fn an_interval_that_is_reversed_later_is_empty_or_an_error() {
    for far in [1_i64 << 20, 1 << 40, 1 << 62] {
        let rows = vec![(0, far, 1_i64), (7, far, 3)];
        let reversed = vec![(0, far, 1), (far, 7, 3)];
        is_sound(&[rows.clone(), reversed.clone()], Aggregation::Sum);
        is_sound(&[rows.clone(), rows.clone(), reversed.clone()], Aggregation::Sum);
        for aggregation in ALL {
            is_sound(&[reversed.clone(), rows.clone()], aggregation);
            is_sound(&[rows.clone(), reversed.clone()], aggregation);
        }
    }
}

#[test]
fn rows_that_move_from_bucket_to_bucket_are_counted_again_or_an_error() {
    let mut random = Random(22);
    for far in [1_i64 << 20, 1 << 50] {
        let rows = far_rows(5_000, far);
        let mut moved = rows.clone();
        for _ in 0..3 {
            // A few rows elsewhere, many, and the same in another order.
            for changes in [1, 100, 5_000] {
                for _ in 0..changes {
                    let (from, to) = (random.between(0, 4_999) as usize, random.between(0, 4_999) as usize);
                    moved[to] = rows[from];
                }
                is_sound(&[rows.clone(), rows.clone(), moved.clone()], Aggregation::Sum);
                is_sound(&[rows.clone(), moved.clone(), rows.clone()], Aggregation::Sum);
            }
            moved.clone_from(&rows);
            random.shuffle(&mut moved);
            assert!(is_sound(&[rows.clone(), moved.clone()], Aggregation::Sum));
            assert!(is_sound(&[rows.clone(), rows.clone(), moved.clone()], Aggregation::Sum));
        }
    }
}

#[test]
fn whatever_comes_is_an_error_or_sound() {
    let mut random = Random(21);
    let mut sound = 0;
    for round in 0..6_000 {
        let count = if round % 500 == 0 { 1_200 } else { random.between(1, 4) };
        let places = [8, 1 << 30, i64::MAX / 4];
        let (mut base, reach) =
            (random.between(-1, 1) * (i64::MAX / 2), places[random.between(0, 2) as usize]);
        if random.between(0, 3) == 0 {
            base = i64::MAX - reach;
        }
        let looks: Vec<_> = (0..3)
            .map(|_| {
                let values = [1, 100, i64::MAX / 4][random.between(0, 2) as usize];
                let mut rows = random.rows(count, reach, values);
                rows.iter_mut()
                    .for_each(|row| (row.0, row.1) = (row.0.wrapping_add(base), row.1.wrapping_add(base)));
                rows
            })
            .collect();
        // Often only one row differs.
        let mut slightly = looks.clone();
        for look in 1..slightly.len() {
            slightly[look].clone_from(&looks[0]);
            slightly[look][0] = looks[look][0];
        }
        // Or all numbers are some that were there before.
        let mut mixed = looks.clone();
        for (look, rows) in mixed.iter_mut().enumerate().skip(1) {
            for (index, row) in rows.iter_mut().enumerate() {
                let other = |shift: usize| looks[0][(index + shift) % looks[0].len()];
                *row = (other(look).0, other(look + 1).1, other(look + 2).2);
            }
        }
        let aggregation = ALL[round % 3];
        let float =
            |&(start, stop, value): &(i64, i64, i64)| (start as f64, stop as f64, value as f64 * 1e-5);
        for looks in [looks, slightly, mixed] {
            sound += i32::from(is_sound(&looks, aggregation));
            let looks: Vec<Vec<_>> = looks.iter().map(|rows| rows.iter().map(float).collect()).collect();
            sound += i32::from(is_sound(&looks, aggregation));
        }
    }
    assert!(sound > 5_000, "{sound}");
}

/// Shows its rows in blocks of these lengths, again and again.
struct Blocks(Vec<(i8, i8, i64)>, [usize; 4]);

impl Source<i8, i64> for Blocks {
    fn count(&self) -> usize {
        0
    }

    fn visit(
        &self,
        interrupt: &mut Interrupt<'_>,
        mut each: impl FnMut(&[i8], &[i8], &[i64]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let (mut starts, mut stops, mut values) = (vec![], vec![], vec![]);
        self.0.iter().for_each(|row| (starts.push(row.0), stops.push(row.1), values.push(row.2)).0);
        let mut first = 0;
        for length in self.1 {
            let last = (first + length).min(starts.len());
            interrupt.pass(length)?;
            each(&starts[first..last], &stops[first..last], &values[first..last])?;
            first = last;
        }
        Ok(())
    }
}

/// Refuses reversed rows, and places beyond 100.
struct Strict(Vec<(i64, i64, i64)>);

impl Source<i64, i64> for Strict {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn reversed(&self) -> Result<(), Error> {
        Err(Error::Refused)
    }

    fn accept(&self, lowest: &i64, highest: &i64) -> Result<(), Error> {
        if *lowest < -100 || *highest > 100 { Err(Error::Refused) } else { Ok(()) }
    }

    fn visit(
        &self,
        interrupt: &mut Interrupt<'_>,
        each: impl FnMut(&[i64], &[i64], &[i64]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.0.iter().copied().visit(interrupt, each)
    }
}

#[test]
fn what_the_source_refuses_is_refused_wherever_it_stands() {
    let mut never = || false;
    let mut interrupt = Interrupt::new(&mut never);
    let good: Vec<_> = (0..1_500).map(|i| (i % 60 - 100, 100 - i % 30, 1)).collect();
    for aggregation in ALL {
        let mut outcome = |rows| Ends::read(&Strict(rows), aggregation, &mut interrupt).err();
        assert_eq!(outcome(good.clone()), None);
        for bad in [(5, 4, 1), (-101, 4, 1), (4, 101, 1)] {
            for place in [0, 511, 512, 1_499] {
                let mut rows = good.clone();
                rows[place] = bad;
                assert_eq!(outcome(rows), Some(Error::Refused));
            }
        }
    }
}

#[test]
fn blocks_may_be_empty() {
    let rows = vec![(0, 100, 1), (3, 4, 2), (-90, 7, 5)];
    let mut never = || false;
    let mut interrupt = Interrupt::new(&mut never);
    for lengths in [[0, 0, 0, 0], [0, 1, 0, 2], [3, 0, 0, 0], [1, 1, 0, 1]] {
        for aggregation in ALL {
            let source = Blocks(rows.clone(), lengths);
            let shown = rows.iter().copied().take(lengths.iter().sum());
            let function = Ends::read(&source, aggregation, &mut interrupt).unwrap().combine(&mut interrupt);
            assert_eq!(function, aggregate_intervals(shown, aggregation));
        }
    }
}

#[test]
fn a_block_that_is_too_long_is_an_error() {
    let mut never = || false;
    let source = Blocks(vec![(0, 100, 1); 513], [513, 0, 0, 0]);
    for aggregation in ALL {
        let read = Ends::read(&source, aggregation, &mut Interrupt::new(&mut never));
        assert_eq!(read.err(), Some(Error::Internal));
    }
}
