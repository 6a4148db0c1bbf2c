//! When differences are taken, when they are given up, and how they grow.
#![allow(clippy::arithmetic_side_effects)]

use super::super::model::{Row, Whole, chosen, differences, model, source};
use super::super::{Frames, Keyed};
use super::*;

fn assert_taken(rows: &[Row]) {
    assert_eq!(differences(rows), Some(model(rows)));
}

fn assert_given_up(rows: &[Row]) {
    assert_eq!(differences(rows), None);
    assert_eq!(chosen(rows).1, model(rows));
}

#[test]
fn a_few_slots_are_always_worth_it() {
    for base in [0, 10, u64::MAX - 64] {
        let rows = |range: u64| [(base, base + range, 1), (base + 1, base + 2, 1)];
        assert_taken(&rows(FEW_SLOTS - 1));
        assert_given_up(&rows(FEW_SLOTS));
    }
}

#[test]
fn more_slots_are_worth_it_for_more_intervals() {
    for count in [33, 1_000, 5_000] {
        let slots = count * SLOTS_PER_INTERVAL;
        let rows =
            |range: u64| -> Vec<Row> { (0..count).map(|i| (5 + i % 9, 5 + range - i % 7, 2)).collect() };
        assert_taken(&rows(slots - 1));
        assert_given_up(&rows(slots));
    }
}

#[test]
fn all_sums_must_fit_64_bits() {
    let rows = |payload: i64| [(0, 9, payload), (1, 5, payload), (0, 1, 0)];
    assert_taken(&rows(i64::MAX / 3));
    assert_taken(&rows(-i64::MAX / 3));
    assert_given_up(&rows(i64::MAX / 3 + 1));
    assert_given_up(&rows(-i64::MAX / 3 - 1));
    assert_given_up(&[(0, 9, i64::MIN)]);
}

/// Some blocks of rows.
const ROWS: u64 = 512;

/// Blocks of rows around these places, one after another.
fn blocks(places: &[u64]) -> Vec<Row> {
    let payloads = (1..=3).cycle();
    let block = |&place: &u64| (0..ROWS).map(move |i| (place + i % 50, place + i % 70));
    places
        .iter()
        .flat_map(block)
        .zip(payloads)
        .map(|((start, stop), payload)| (start, stop, payload))
        .collect()
}

#[test]
fn differences_grow_to_both_sides() {
    for base in [0, 1, 100, 1 << 40, u64::MAX - 1_069] {
        for places in [
            [0, 100, 200, 1_000],
            [1_000, 900, 300, 0],
            [500, 0, 1_000, 250],
            [500, 1_000, 0, 750],
            [0, 1_000, 1, 999],
            [1_000, 0, 999, 1],
            [300; 4],
        ] {
            assert_taken(&blocks(&places.map(|place| base + place)));
        }
    }
}

#[test]
fn the_first_key_beyond_the_slots_has_a_slot_of_its_own() {
    for range in [50, 62, 63, 64, 600] {
        for (start, stop) in [(9, 10 + range + 1), (10, 10 + range + 1), (9, 10 + range)] {
            let mut rows: Vec<Row> = (0..ROWS).map(|i| (10 + i % 7, 10 + range - i % 5, 2)).collect();
            rows.extend([(start, stop, 3), (10, 10 + range, 4)]);
            assert_taken(&rows);
        }
    }
}

#[test]
fn differences_reach_both_ends_of_the_line() {
    assert_taken(&[(u64::MAX - 10, u64::MAX, 2), (u64::MAX, u64::MAX, 5)]);
    assert_taken(&[(0, 10, 2), (0, 0, 5)]);
    for block in [blocks(&[5, 0]), blocks(&[u64::MAX - 200, u64::MAX - 69])] {
        assert_taken(&block);
        assert_taken(&block.into_iter().rev().collect::<Vec<_>>());
    }
}

#[test]
fn differences_are_given_up_in_a_later_block() {
    for far in [3_000, 1 << 30, 1 << 50] {
        let mut rows = blocks(&[far, far + 100]);
        rows.push((0, far, 4));
        assert_given_up(&rows);
        let mut rows = blocks(&[0, 100]);
        rows.push((50, far, 4));
        assert_given_up(&rows);
    }
    for payload in [i64::MIN, i64::MAX] {
        let mut rows = blocks(&[0, 100]);
        rows.push((50, 60, payload));
        assert_given_up(&rows);
    }
}

#[test]
fn an_unknown_count_is_no_worse_than_a_low_one() {
    // Nobody knows how many rows a filter leaves.
    let rows = blocks(&[500, 0, 1_000, 250]);
    let unknown = source(&rows).filter(|_| true);
    assert_eq!(unknown.size_hint().0, 0);
    let keyed = Keyed::<_, u64, Whole>::new(&unknown, Frames::default());
    let mut never = || false;
    let (survey, taken) = Differences::read(&keyed, &mut Interrupt::new(&mut never)).unwrap();
    assert_eq!((survey.count, survey.lowest, survey.highest), (2_048, 0, 1_069));
    assert!(taken.is_some());
}

#[test]
fn longer_columns_than_one_stride_are_swept_whole() {
    let slots = u64::try_from(STRIDE).unwrap();
    for range in [slots - 1, slots, slots + 1, 3 * slots] {
        let count = range / SLOTS_PER_INTERVAL + 1;
        // Ends on both sides of each border, and a level that spans all.
        let mut rows: Vec<Row> = (0..count).map(|i| (i % 2, range - i % 2, 1)).collect();
        rows.extend((0..range / slots).map(|stride| (stride * slots, (stride + 1) * slots, -3)));
        rows.extend((1..=range / slots).map(|stride| (stride * slots - 1, stride * slots, 5)));
        rows.retain(|row| row.1 <= range);
        assert_taken(&rows);
    }
}

#[test]
fn one_look_is_enough_or_is_not() {
    let once = |rows: &[Row]| {
        let rows = source(rows);
        let keyed = Keyed::<_, u64, Whole>::new(&rows, Frames::default());
        let mut never = || false;
        Differences::read_once(&keyed, &mut Interrupt::new(&mut never)).unwrap().is_some()
    };
    let few = EARLY_SLOTS - 1;
    let mut rows: Vec<Row> = (0..few).map(|i| (i % 9, i % 9 + 3, 2)).collect();
    assert!(once(&rows));
    rows.push((0, few, 1));
    assert!(once(&rows));
    rows.push((1, few + 1, 1));
    assert!(!once(&rows) && differences(&rows).is_some());
    assert!(!once(&blocks(&[0, 3_000])));
}

/// Adds rows, `rows_at_a_time` of them, to slots from 1000 on, then to more of them.
fn changes(slots: u64, rows: &[(u64, u64, i64)], rows_at_a_time: usize) -> (u64, Vec<i64>) {
    let mut differences = Differences::default();
    let mut survey = Survey::<i64> { lowest: 1000, highest: 1000 + slots - 1, ..Survey::default() };
    for rows in rows.chunks(rows_at_a_time) {
        differences.reach(&survey).unwrap();
        let starts: Vec<_> = rows.iter().map(|row| row.0).collect();
        let stops: Vec<_> = rows.iter().map(|row| row.1).collect();
        let payloads: Vec<_> = rows.iter().map(|row| row.2).collect();
        differences.add(Block { starts: &starts, stops: &stops, payloads: &payloads }).unwrap();
        // From pairs to single slots, on both sides.
        survey.lowest -= 7;
        survey.highest += 9;
    }
    differences.unpair();
    (differences.lowest, differences.changes)
}

#[test]
#[allow(clippy::as_conversions, clippy::indexing_slicing)]
fn however_many_slots_and_rows_the_changes_are_the_same() {
    for slots in [1, 2, 45, PAIRED_SLOTS as u64, PAIRED_SLOTS as u64 + 1, 2000] {
        let rows: Vec<_> = (0..101_u64)
            .map(|i| {
                let start = i * i % slots;
                (1000 + start, 1000 + (start + i % 3).min(slots - 1), 1 + i as i64)
            })
            .collect();
        for rows_at_a_time in [1, 2, 7, 50, 101] {
            let (lowest, changes) = changes(slots, &rows, rows_at_a_time);
            let mut expected = vec![0; changes.len()];
            for (start, stop, payload) in &rows {
                expected[(start - lowest) as usize] += payload;
                expected[(stop - lowest) as usize] -= payload;
            }
            assert_eq!(changes, expected, "{slots} slots, {rows_at_a_time} rows at a time");
        }
    }
}
