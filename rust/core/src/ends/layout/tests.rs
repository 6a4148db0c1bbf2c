//! Every layout of whole numbers forced on the same intervals, at its limits and beyond.
#![allow(clippy::arithmetic_side_effects)]

use super::super::model::{Function, Row, chosen, differences, encoded, model};
use super::*;
use crate::model::Random;
use crate::payload::WholeSurvey;

/// What each layout that can hold the rows makes of them.
fn by_every_layout(rows: &[Row]) -> [Option<Function>; 5] {
    [
        differences(rows),
        encoded::<Packed<u32>>(rows),
        encoded::<Packed<u64>>(rows),
        encoded::<Pair<i64>>(rows),
        encoded::<Triple<i64>>(rows),
    ]
}

/// Whether each layout can hold the rows. Those that can must agree with the model.
fn holding(rows: &[Row]) -> [bool; 5] {
    let expected = model(rows);
    assert_eq!(chosen(rows).1, expected);
    by_every_layout(rows).map(|function| {
        function.is_some_and(|function| {
            assert!(function == expected, "{} rows, such as {:?}", rows.len(), rows.first());
            true
        })
    })
}

/// So many rows with keys and payloads up to these, the lowest key being `base`.
fn random_rows(random: &mut Random, count: usize, base: u64, range: u64, payloads: u64) -> Vec<Row> {
    let mut row = || {
        let key = |number: u64| base + number.checked_rem(range.saturating_add(1)).unwrap_or(number);
        let payload = i64::try_from(random.next() % payloads).unwrap() - i64::try_from(payloads / 2).unwrap();
        (key(random.next()), key(random.next()), payload)
    };
    let mut rows: Vec<Row> = (0..count).map(|_| row()).collect();
    // Both ends of the range are used.
    rows.push((base, base + range, 1));
    rows
}

#[test]
fn layouts_agree_wherever_they_apply() {
    let mut random = Random(31);
    let mut held = [0; 5];
    for round in 0..1_500 {
        let count = match round % 100 {
            0 => 3_000,
            1..10 => 600,
            _ => usize::try_from(random.between(0, 12)).unwrap(),
        };
        let (base, range) = [
            (0, 30),
            (u64::MAX - 60, 60),
            (5, 1 << 20),
            (7, 1 << 45),
            (1 << 63, u64::MAX >> 1),
            (0, u64::MAX),
        ][round % 6];
        let payloads = [1, 3, 1 << 20, 1 << 50, 1 << 63][round / 6 % 5];
        let rows = random_rows(&mut random, count, base, range, payloads);
        for (held, holds) in held.iter_mut().zip(holding(&rows)) {
            *held += usize::from(holds);
        }
    }
    assert!(held.iter().all(|&rounds| rounds > 100), "{held:?}");
}

#[test]
fn no_and_one_interval_are_held_by_all_layouts() {
    for rows in [&[(5, 9, 1)][..], &[(5, 5, 1)], &[(9, 5, 1)], &[(0, 1, -1)], &[(u64::MAX, u64::MAX, 3)]] {
        assert_eq!(holding(rows), [true; 5], "{rows:?}");
    }
    // Of nothing, no payload is the lowest.
    assert_eq!(holding(&[]), [true, false, false, true, true]);
    assert_eq!(holding(&[(0, u64::MAX, 1)]), [false, false, false, true, true]);
}

#[test]
fn the_first_layout_that_can_hold_the_rows_is_chosen() {
    let far = 1 << 40;
    for (row, layout) in [
        ((0, 50, 1), 0),
        ((0, 1 << 29, 1), 1),
        ((0, far, 1), 2),
        ((0, far, 1 << 40), 3),
        ((0, far, i64::MIN), 4),
    ] {
        // Another payload, so that all bits of both matter.
        let (chosen, _) = chosen(&[row, (0, 1, 0)]);
        let number = match chosen {
            WholeLayout::Differences(_) => 0,
            WholeLayout::Words(_) => 1,
            WholeLayout::LongWords(_) => 2,
            WholeLayout::Pairs(_) => 3,
            WholeLayout::Triples(_) => 4,
        };
        assert_eq!(number, layout, "{row:?}");
    }
}

/// Rows that need so many bits for a key and so many for a payload.
fn rows_of_bits(count: usize, key_bits: u32, payload_bits: u32) -> Vec<Row> {
    let mut random = Random(u64::from(key_bits * 100 + payload_bits + 1));
    let top = u64::MAX.checked_shr(u64::BITS - key_bits).unwrap_or(0);
    let payloads = 1_u64.checked_shl(payload_bits).unwrap();
    let lowest = -5_i64;
    let base = if key_bits < u64::BITS { 3 } else { 0 };
    let mut rows: Vec<Row> = (0..count.saturating_sub(2))
        .map(|_| {
            let payload = lowest.checked_add_unsigned(random.next() % payloads).unwrap();
            (base + (random.next() & top), base + (random.next() & top), payload)
        })
        .collect();
    rows.push((base, base + top, lowest));
    rows.push((base, base + top / 2, lowest.checked_add_unsigned(payloads - 1).unwrap()));
    rows
}

#[test]
fn words_of_32_bits_are_used_to_the_last_bit() {
    // Below 1024 intervals there is one bucket; each doubling tells one bit more by the bucket.
    for (count, bucket_bits) in [(2, 0), (1_023, 0), (1_024, 1), (2_047, 1), (2_048, 2), (4_096, 3)] {
        for payload_bits in [0, 1, 12, 20] {
            let key_bits = 31 - payload_bits + bucket_bits;
            let fits = rows_of_bits(count, key_bits, payload_bits);
            assert!(holding(&fits)[1], "{count} rows, {payload_bits} bits of payload");
            for more in [
                rows_of_bits(count, key_bits + 1, payload_bits),
                rows_of_bits(count, key_bits, payload_bits + 1),
            ] {
                assert!(!holding(&more)[1], "{count} rows, more than {payload_bits} bits of payload");
                assert!(holding(&more)[2]);
            }
        }
    }
}

#[test]
fn words_of_64_bits_are_used_to_the_last_bit() {
    for count in [2, 1_023, 1_024, 4_096] {
        for payload_bits in [0, 1, 30, 57, 61] {
            let key_bits = 63 - payload_bits;
            assert!(holding(&rows_of_bits(count, key_bits, payload_bits))[2], "{payload_bits} bits");
            for more in [
                rows_of_bits(count, key_bits, payload_bits + 1),
                rows_of_bits(count, key_bits + 1, payload_bits),
            ] {
                let [.., words, pairs, triples] = holding(&more);
                assert!(!words && pairs && triples, "{payload_bits} bits");
            }
        }
    }
    // Payloads that are all the same need no bits, even the lowest ones.
    assert!(holding(&[(0, u64::MAX >> 1, i64::MIN), (1, 2, i64::MIN)])[2]);
    assert!(!holding(&[(0, (u64::MAX >> 1) + 1, i64::MIN), (1, 2, i64::MIN)])[2]);
    // One key needs none, but the bits of 62 payloads are as many as there can be beside it.
    assert!(holding(&[(8, 8, 0), (8, 8, (1 << 62) - 1)])[2]);
    assert!(!holding(&[(8, 8, 0), (8, 8, 1 << 62)])[2]);
}

#[test]
fn payloads_at_the_limits_are_taken_away_exactly() {
    for stop in [3, 1 << 20, 1 << 40, u64::MAX >> 1, u64::MAX] {
        for payloads in [
            [i64::MIN; 2],
            [i64::MAX; 2],
            [i64::MIN, i64::MAX],
            [-i64::MAX, i64::MAX],
            [i64::MIN, -1],
            [i64::MIN, 0],
        ] {
            let rows = [(0, stop, payloads[0]), (1, 2, payloads[1]), (1, 1, payloads[0])];
            let [.., pairs, triples] = holding(&rows);
            assert_eq!((pairs, triples), (payloads[0] > i64::MIN, true));
        }
    }
}

#[test]
fn sums_just_below_and_just_above_64_bits_are_exact() {
    let most = i64::MAX / 7;
    for (payload, fits) in
        [(most, true), (most + 1, false), (-most, true), (-most - 1, false), (i64::MAX, false)]
    {
        let survey = WholeSurvey { lowest: payload, highest: payload };
        assert_eq!(i64::narrow_sum(&survey, 7).is_some(), fits);
        for stop in [9, 1 << 20, 1 << 40, u64::MAX] {
            let rows: Vec<Row> = (0..7).map(|start| (start, stop, payload)).collect();
            assert_eq!(holding(&rows)[0], fits && stop == 9);
        }
    }
}

#[test]
fn two_threads_give_what_one_gives() {
    let mut random = Random(32);
    // Words of 32 bits, words of 64 bits, pairs, wide sums; all payloads the same; nearly all ends in one bucket.
    for (range, payloads) in
        [(1 << 25, 3), (1 << 45, 3), (1 << 55, 1 << 30), (1 << 55, 1 << 62), (1 << 30, 1)]
    {
        let rows = random_rows(&mut random, 10_000, 7, range, payloads);
        holding(&rows);
    }
    for base in [0, (1 << 50) - (1 << 20)] {
        let mut rows = random_rows(&mut random, 10_000, base, 1 << 20, 100);
        rows.push((0, 1 << 50, 3));
        holding(&rows);
    }
    let lowest: Vec<Row> = (0..10_000).map(|i| (i << 20, (10_000 - i) << 21, i64::MIN)).collect();
    assert!(holding(&lowest)[4]);
}
