//! Measures agree with a slow obvious model: every piece of every window, one after the other.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

mod model;

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use intervalues_core::kernels::{
    StepColumns, WindowIndex, Windows, distribution, largest, moments, summarize,
};
use intervalues_core::{Error, Interrupt, Measure, Summary};
use model::Random;

/// Columns of small whole numbers: breakpoints, levels, starts and stops.
struct World {
    points: Vec<i64>,
    levels: Vec<i64>,
    starts: Vec<i64>,
    stops: Vec<i64>,
}

impl World {
    fn new(random: &mut Random, count: i64, windows: i64) -> Self {
        let reach = 2 * count + 1;
        let mut points: Vec<i64> = (0..count).map(|_| random.between(-reach, reach)).collect();
        points.sort_unstable();
        points.dedup();
        let levels = (0..=points.len()).map(|_| random.between(-5, 5)).collect();
        let starts: Vec<i64> = (0..windows).map(|_| random.between(-reach - 1, reach)).collect();
        let stops = starts.iter().map(|start| start + random.between(1, reach)).collect();
        World { points, levels, starts, stops }
    }

    /// The level and the length of each piece of a window.
    fn pieces(&self, window: usize) -> Vec<(i64, i64)> {
        let (start, stop) = (self.starts[window], self.stops[window]);
        let inside = self.points.iter().copied().filter(|&point| start < point && point < stop);
        let cuts: Vec<i64> = [start].into_iter().chain(inside).chain([stop]).collect();
        let level = |place: i64| self.levels[self.points.iter().filter(|&&point| point <= place).count()];
        cuts.windows(2).map(|cut| (level(cut[0]), cut[1] - cut[0])).collect()
    }

    fn integral(&self, window: usize) -> i64 {
        self.pieces(window).into_iter().map(|(level, length)| level * length).sum()
    }

    fn mean(&self, window: usize) -> f64 {
        self.integral(window) as f64 / (self.stops[window] - self.starts[window]) as f64
    }

    fn all(&self) -> Vec<(i64, i64)> {
        (0..self.starts.len()).flat_map(|window| self.pieces(window)).collect()
    }

    fn floats(numbers: &[i64]) -> Vec<f64> {
        // Moved down by a power of two, so that they are no whole numbers.
        numbers.iter().map(|&number| number as f64 / 8.0).collect()
    }
}

fn never<T>(ask: impl FnOnce(&mut Interrupt<'_>) -> Result<T, Error>) -> T {
    ask(&mut Interrupt::new(&mut || false)).unwrap()
}

/// A small whole number from its bytes.
fn whole((bytes, exponent): (Vec<u8>, i32)) -> f64 {
    let negative = bytes.last().is_some_and(|byte| byte & 0x80 != 0);
    let digits = bytes.iter().enumerate().map(|(place, byte)| {
        let digit = if negative { !byte } else { *byte };
        f64::from(digit) * 256_f64.powi(place as i32)
    });
    let magnitude: f64 = digits.sum::<f64>() + f64::from(u8::from(negative));
    magnitude * 2_f64.powi(exponent) * if negative { -1.0 } else { 1.0 }
}

const MEASURES: [Measure; 5] = [
    Measure::Integral(None),
    Measure::Integral(NonZeroU64::new(3)),
    Measure::Mean,
    Measure::Max,
    Measure::Min,
];

/// Worlds of a few pieces, and of so many that an index keeps some totals and several floors.
fn worlds() -> impl Iterator<Item = World> {
    let mut random = Random(88_172_645_463_325_252);
    (0..400).map(move |turn| {
        let count = random.between(0, if turn % 40 == 0 { 1_000 } else { 12 });
        World::new(&mut random, count, turn % 5)
    })
}

#[test]
fn summaries_of_whole_numbers_are_those_of_the_model() {
    for world in worlds() {
        let steps = StepColumns::new(&world.points, &world.levels).unwrap();
        let windows = Windows::new(&world.starts, &world.stops).unwrap();
        let index = never(|interrupt| WindowIndex::new(&steps, interrupt));
        let all = 0..world.starts.len();
        let extreme = |best: fn(i64, i64) -> i64| {
            let levels = |window| world.pieces(window).into_iter().map(|piece| piece.0);
            all.clone().map(|window| levels(window).reduce(best).unwrap()).collect()
        };
        for measure in MEASURES {
            let expected = match measure {
                Measure::Integral(None) => {
                    Summary::Wholes(all.clone().map(|window| world.integral(window)).collect())
                }
                Measure::Integral(_) => {
                    Summary::Floats(all.clone().map(|window| world.integral(window) as f64 / 3.0).collect())
                }
                Measure::Mean => Summary::Floats(all.clone().map(|window| world.mean(window)).collect()),
                Measure::Max => Summary::Levels(extreme(i64::max)),
                other => {
                    assert_eq!(other, Measure::Min);
                    Summary::Levels(extreme(i64::min))
                }
            };
            assert_eq!(never(|interrupt| summarize(&steps, &windows, measure, interrupt)), expected);
            assert_eq!(never(|interrupt| index.summarize(&steps, &windows, measure, interrupt)), expected);
        }
    }
}

#[test]
fn floats_are_measured_as_the_whole_numbers_that_they_stand_for() {
    for world in worlds() {
        let [points, levels, starts, stops] =
            [&world.points, &world.levels, &world.starts, &world.stops].map(|column| World::floats(column));
        // A level far below the others makes the sums wide, but reaches no window.
        for first in [levels[0], 1e-300] {
            let mut levels = levels.clone();
            let mut points = points.clone();
            points.insert(0, -1e6);
            levels.insert(0, first);
            let steps = StepColumns::new(&points, &levels).unwrap();
            let windows = Windows::new(&starts, &stops).unwrap();
            let index = never(|interrupt| WindowIndex::new(&steps, interrupt));
            let means: Vec<f64> = (0..starts.len()).map(|window| world.mean(window) / 8.0).collect();
            let integrals = (0..starts.len()).map(|window| world.integral(window) as f64 / 64.0).collect();
            for (measure, expected) in [
                (Measure::Mean, Summary::Floats(means)),
                (Measure::Integral(None), Summary::Floats(integrals)),
            ] {
                assert_eq!(never(|interrupt| summarize(&steps, &windows, measure, interrupt)), expected);
                assert_eq!(
                    never(|interrupt| index.summarize(&steps, &windows, measure, interrupt)),
                    expected
                );
            }
        }
    }
}

#[test]
fn moments_add_up_all_windows() {
    for world in worlds() {
        let steps = StepColumns::new(&world.points, &world.levels).unwrap();
        let windows = Windows::new(&world.starts, &world.stops).unwrap();
        let (points, levels) = (World::floats(&world.points), World::floats(&world.levels));
        let (starts, stops) = (World::floats(&world.starts), World::floats(&world.stops));
        let floats = StepColumns::new(&points, &levels).unwrap();
        let float_windows = Windows::new(&starts, &stops).unwrap();
        for power in [1, 2] {
            let pieces = world.all();
            let expected: i64 = pieces.iter().map(|(level, length)| level.pow(power) * length).sum();
            let found = never(|interrupt| moments(&steps, &windows, power, interrupt));
            assert_eq!(whole(found), expected as f64);
            let found = never(|interrupt| moments(&floats, &float_windows, power, interrupt));
            assert_eq!(whole(found) * 8_f64.powi(power as i32 + 1), expected as f64);
        }
    }
}

#[test]
fn sums_that_128_bits_do_not_hold_are_added_up_all_the_same() {
    let steps = StepColumns::new(&[i64::MIN, 0], &[0, i64::MIN, 0]).unwrap();
    let (starts, stops) = (vec![i64::MIN; 5], vec![i64::MAX; 5]);
    let windows = Windows::new(&starts, &stops).unwrap();
    let found = never(|interrupt| moments(&steps, &windows, 1, interrupt));
    assert_eq!(whole(found), -5.0 * 2_f64.powi(126));
    let found = never(|interrupt| moments(&steps, &windows, 2, interrupt));
    assert_eq!(whole(found), 5.0 * 2_f64.powi(189));
    let overflow = summarize(&steps, &windows, Measure::Integral(None), &mut Interrupt::new(&mut || false));
    assert_eq!(overflow, Err(Error::Overflow));
}

#[test]
fn distributions_are_those_of_the_model() {
    for world in worlds() {
        let mut expected: BTreeMap<i64, u128> = BTreeMap::new();
        for (level, length) in world.all() {
            *expected.entry(level).or_default() += u128::from(length.unsigned_abs());
        }
        let windows = Windows::new(&world.starts, &world.stops).unwrap();
        // Levels that are far apart, or no whole numbers, are sorted.
        let far: Vec<i64> = world.levels.iter().map(|level| level << 50).collect();
        let floats = World::floats(&world.levels);
        let lengths: Vec<u128> = expected.values().copied().collect();
        for (columns, factor) in [(&world.levels, 1), (&far, 1 << 50)] {
            let steps = StepColumns::new(&world.points, columns).unwrap();
            let found = never(|interrupt| distribution(&steps, &windows, interrupt));
            let levels: Vec<i64> = expected.keys().map(|level| level * factor).collect();
            assert_eq!(found, (levels, lengths.clone(), 0));
        }
        let steps = StepColumns::new(&world.points, &floats).unwrap();
        let found = never(|interrupt| distribution(&steps, &windows, interrupt));
        assert_eq!(
            (found.0, found.1),
            (World::floats(&expected.keys().copied().collect::<Vec<_>>()), lengths)
        );
    }
}

#[test]
fn windows_that_overlap_ever_again_need_no_more_room() {
    let world = World::new(&mut Random(1), 500, 400);
    let levels: Vec<i64> = world.levels.iter().map(|level| level << 50).collect();
    let steps = StepColumns::new(&world.points, &levels).unwrap();
    let windows = Windows::new(&world.starts, &world.stops).unwrap();
    let (_, lengths, _) = never(|interrupt| distribution(&steps, &windows, interrupt));
    let total: i64 = world.all().into_iter().map(|piece| piece.1).sum();
    assert_eq!(lengths.iter().sum::<u128>(), u128::from(total.unsigned_abs()));
}

#[test]
fn the_largest_are_those_of_a_stable_sort() {
    let mut random = Random(2);
    for (length, reach) in [(0, 1), (1, 1), (50, 3), (5_000, 2), (5_000, 1 << 60)] {
        let levels: Vec<i64> = (0..length).map(|_| random.between(-reach, reach)).collect();
        let mut expected: Vec<usize> = (0..levels.len()).filter(|&index| levels[index] != 0).collect();
        expected.sort_by_key(|&index| std::cmp::Reverse(levels[index]));
        for count in [0, 1, 10, 600, 4_000, usize::MAX] {
            let found = never(|interrupt| largest(&levels, count, interrupt));
            assert_eq!(found, expected[..count.min(expected.len())], "{count} of {length}");
        }
    }
}

#[test]
fn columns_that_do_not_fit_are_refused() {
    assert!(StepColumns::new(&[1], &[1]).is_err());
    assert!(StepColumns::<i64, i64>::new(&[], &[]).is_err());
    assert!(Windows::new(&[1], &[1]).is_err());
    assert!(Windows::new(&[1, 2], &[2]).is_err());
    let steps = StepColumns::new(&[1], &[1, 2]).unwrap();
    let windows = Windows::new(&[0], &[2]).unwrap();
    assert_eq!(moments(&steps, &windows, 3, &mut Interrupt::new(&mut || false)), Err(Error::Refused));
}

#[test]
fn every_measure_can_be_stopped() {
    let world = World::new(&mut Random(3), 400_000, 3);
    let steps = StepColumns::new(&world.points, &world.levels).unwrap();
    let (starts, stops) = (vec![-800_001; 3], vec![800_001; 3]);
    let windows = Windows::new(&starts, &stops).unwrap();
    let mut impatient = || true;
    let mut interrupt = Interrupt::new(&mut impatient);
    assert_eq!(moments(&steps, &windows, 1, &mut interrupt).err(), Some(Error::Interrupted));
    for measure in MEASURES {
        assert_eq!(summarize(&steps, &windows, measure, &mut interrupt).err(), Some(Error::Interrupted));
    }
    assert_eq!(distribution(&steps, &windows, &mut interrupt).err(), Some(Error::Interrupted));
    assert_eq!(largest(&world.levels, 5, &mut interrupt).err(), Some(Error::Interrupted));
    assert_eq!(WindowIndex::new(&steps, &mut interrupt).err(), Some(Error::Interrupted));
}
