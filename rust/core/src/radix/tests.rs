//! Every way through the sort: short, in digits, in runs, divided, interrupted.
#![allow(clippy::arithmetic_side_effects)]

use super::*;
use crate::model::Random;

/// Sorts keys, each with a number beside it that must stay with it.
fn sort(keys: &[u64], scratch: usize, key_bits: u32) -> Vec<(u64, usize)> {
    let mut items: Vec<(u64, usize)> = keys.iter().copied().zip(0..).collect();
    let mut scratch = vec![(u64::MAX, usize::MAX); scratch];
    let mut never = || false;
    sort_by_key(&mut items, &mut scratch, |item| item.0, key_bits, &mut Interrupt::new(&mut never)).unwrap();
    items
}

fn assert_sorts(keys: &[u64], scratch: usize, key_bits: u32) {
    let items = sort(keys, scratch, key_bits);
    assert!(items.is_sorted_by_key(|item| item.0), "{} keys of {key_bits} bits", keys.len());
    assert!(items.iter().all(|&(key, number)| keys[number] == key), "items stay whole");
    let mut numbers: Vec<usize> = items.into_iter().map(|item| item.1).collect();
    numbers.sort_unstable();
    assert!(numbers.into_iter().eq(0..keys.len()), "no item is lost");
}

/// Random keys that differ in the lowest `width` bits only.
fn random_keys(random: &mut Random, count: usize, width: u32) -> Vec<u64> {
    let mask = u64::MAX.checked_shr(u64::BITS - width).unwrap_or(0);
    let above = random.next() & !mask;
    (0..count).map(|_| above | (random.next() & mask)).collect()
}

#[test]
fn keys_of_every_width_are_sorted() {
    let mut random = Random(1);
    for width in 0..=64 {
        for count in [0, 1, 2, SMALL - 1, SMALL, SMALL + 1, 1_000] {
            let keys = random_keys(&mut random, count, width);
            assert_sorts(&keys, count, width);
            assert_sorts(&keys, count, 64);
        }
    }
}

#[test]
fn lengths_around_each_number_of_bits_are_sorted() {
    let mut random = Random(2);
    for length_bits in 6..=14 {
        for count in [(1 << length_bits) - 1, 1 << length_bits, (1 << length_bits) + 1] {
            for width in [0, 1, 9, 10, 11, 19, 20, 21, 22, 64] {
                assert_sorts(&random_keys(&mut random, count, width), count, width);
            }
        }
    }
}

#[test]
fn scratch_may_be_shorter_than_the_items() {
    let mut random = Random(3);
    for scratch in [0, 1, SMALL - 1, SMALL, SMALL + 1, 700, 1_999, 2_000, 5_000] {
        for width in [0, 1, 11, 40, 64] {
            assert_sorts(&random_keys(&mut random, 2_000, width), scratch, width);
        }
        // Each division sets next to nothing apart.
        let halving: Vec<u64> = (0..2_000).map(|i| u64::MAX >> (i % 64)).collect();
        assert_sorts(&halving, scratch, 64);
        assert_sorts(&[vec![u64::MAX], vec![0; 1_999]].concat(), scratch, 64);
        assert_sorts(&[vec![u64::MAX; 1_999], vec![0]].concat(), scratch, 64);
    }
}

#[test]
fn sorted_and_reversed_keys_are_sorted() {
    for step in [1, 1 << 20, 1 << 50] {
        let rising: Vec<u64> = (0..5_000).map(|i| i * step).collect();
        let falling: Vec<u64> = rising.iter().rev().copied().collect();
        for keys in [rising, falling] {
            for scratch in [keys.len(), 1_000] {
                assert_sorts(&keys, scratch, 64);
            }
        }
    }
}

#[test]
fn clusters_far_apart_are_sorted_by_the_bits_below() {
    let mut random = Random(4);
    // One far key leaves all others in one run, again and again.
    for far in [[u64::MAX, 1 << 40], [1 << 63, 1 << 20], [0, 1 << 11]] {
        for width in [10, 30] {
            let mut keys = random_keys(&mut random, 5_000, width);
            keys.iter_mut().for_each(|key| *key &= (1 << width) - 1);
            keys.extend(far);
            assert_sorts(&keys, keys.len(), 64);
            assert_sorts(&keys, 500, 64);
        }
    }
}

#[test]
fn runs_between_keys_in_order_are_sorted() {
    // Pairs that only the lowest bit puts in order, alone and many in a row.
    let pairs = |count: u64| (0..count).flat_map(|i| [i << 50 | 1, i << 50]).collect::<Vec<u64>>();
    assert_sorts(&pairs(1_000), 2_000, 64);
    // Every prefix has a long run, the first and the last included.
    let mut random = Random(5);
    let runs: Vec<u64> = (0..4_000).map(|i| (i % 7) << 60 | random.next() >> 40).collect();
    assert_sorts(&runs, 4_000, 64);
}

#[test]
fn equal_keys_are_left_alone() {
    for key in [0, 7, u64::MAX] {
        for scratch in [5_000, 100, 0] {
            assert_sorts(&[key; 5_000], scratch, 64);
            assert_sorts(&[key; 5_000], scratch, 0);
        }
    }
    let keys: Vec<u64> = (0..5_000).map(|i| (i % 2) << 50 | (i % 3)).collect();
    assert_sorts(&keys, 5_000, 64);
}

#[test]
fn bits_that_differ_are_found() {
    assert_eq!(varying_bits(&[0_u64; 0], |&key| key), 0);
    assert_eq!(varying_bits(&[u64::MAX], |&key| key), 0);
    assert_eq!(varying_bits(&[8_u64, 9, 8], |&key| key), 1);
    assert_eq!(varying_bits(&[0, u64::MAX], |&key| key), 64);
    assert_eq!([0, 1, 2, 3, 4, u64::MAX].map(bits), [0, 1, 2, 2, 3, 64]);
}

#[test]
fn sorting_can_be_interrupted_at_every_question() {
    let keys = random_keys(&mut Random(6), 200_000, 64);
    for scratch in [keys.len(), 60_000] {
        for patience in 0.. {
            let mut items = keys.clone();
            let mut scratch = vec![0; scratch];
            let mut questions = 0;
            let mut ask = || {
                questions += 1;
                questions > patience
            };
            let outcome =
                sort_by_key(&mut items, &mut scratch, |&key| key, 64, &mut Interrupt::new(&mut ask));
            if outcome.is_ok() {
                assert!(patience > 2);
                assert!(items.is_sorted());
                break;
            }
            assert_eq!(outcome, Err(Error::Interrupted));
        }
    }
}
