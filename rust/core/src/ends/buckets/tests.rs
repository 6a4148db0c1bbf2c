//! Buckets of every number and size: all items come back, in order.
#![allow(clippy::arithmetic_side_effects)]

use super::*;
use crate::model::Random;
use crate::number::float::key_of;

/// Counts items at offsets above `lowest`, puts them, and takes them out again: the offsets in the order of keys.
fn through_buckets(offsets: &[u64], lowest: u64, range: u64, keys: KeySpread) -> (Vec<u64>, usize) {
    let highest = lowest + range;
    let survey = Survey::<i64> { count: offsets.len().div_ceil(2), lowest, highest, ..Survey::default() };
    let mut buckets = Buckets::plan(&survey, keys).unwrap();
    buckets.count(offsets).unwrap();
    let mut never = || false;
    let mut interrupt = Interrupt::new(&mut never);
    buckets.open(offsets.len(), &mut interrupt).unwrap();
    let (starts, stops) = offsets.split_at(offsets.len() / 2);
    let (odd, stops) = stops.split_at(offsets.len() % 2);
    buckets.put([(starts, starts), (stops, stops)]).unwrap();
    assert_eq!(buckets.full(), odd.is_empty());
    buckets.put([(odd, odd), (odd, odd)]).unwrap_or(());
    assert!(buckets.full() || !odd.is_empty());

    let (rest_bits, mut seen, mut used) = (buckets.rest_bits(), Vec::new(), 0);
    let each = |leading: u64, bucket: &[u64]| {
        if keys == KeySpread::Even {
            assert!(bucket.iter().all(|offset| offset >> rest_bits << rest_bits == leading));
        }
        used += usize::from(!bucket.is_empty());
        seen.extend_from_slice(bucket);
        Ok(())
    };
    buckets.whole().sorted(|&offset| offset, &mut interrupt, each).unwrap();
    (seen, used)
}

/// How many buckets are used. All items must come back in order.
fn assert_sorts(mut offsets: Vec<u64>, lowest: u64, range: u64, keys: KeySpread) -> usize {
    let (seen, used) = through_buckets(&offsets, lowest, range, keys);
    offsets.sort_unstable();
    assert!(seen == offsets, "{} items, range {range}", offsets.len());
    used
}

/// Offsets for so many intervals, the lowest and the highest included.
fn random_offsets(random: &mut Random, intervals: usize, range: u64) -> Vec<u64> {
    let mut offset = || random.next().checked_rem(range.saturating_add(1)).unwrap_or(0);
    let mut offsets: Vec<u64> = (0..intervals * 2).map(|_| offset()).collect();
    offsets.splice(offsets.len().saturating_sub(2).., [0, range]).for_each(drop);
    offsets
}

#[test]
fn each_doubling_doubles_the_buckets() {
    let mut random = Random(41);
    for (intervals, buckets) in
        [(1, 1), (2, 1), (1_023, 1), (1_024, 2), (2_047, 2), (2_048, 4), (8_191, 8), (8_192, 16)]
    {
        let offsets = random_offsets(&mut random, intervals, (1 << 50) - 1);
        assert_eq!(assert_sorts(offsets, 9, (1 << 50) - 1, KeySpread::Even), buckets.min(intervals * 2));
    }
}

#[test]
fn there_are_a_thousand_buckets_at_most() {
    let mut random = Random(42);
    let offsets = random_offsets(&mut random, 1 << 20, u64::MAX);
    assert_eq!(assert_sorts(offsets, 0, u64::MAX, KeySpread::Even), 1_024);
}

#[test]
fn nothing_is_sorted_into_nothing() {
    for range in [0, 1, u64::MAX] {
        assert_eq!(assert_sorts(vec![], 0, range, KeySpread::Even), 0);
        assert_eq!(assert_sorts(vec![], 0, range, KeySpread::Floats), 0);
    }
}

#[test]
fn every_range_is_divided() {
    let mut random = Random(43);
    for range_bits in 0..=64 {
        let top = u64::MAX.checked_shr(u64::BITS - range_bits).unwrap_or(0);
        for range in [top, top / 2 + 1, top - top / 3] {
            for intervals in [1, 2, 700, 3_000] {
                let offsets = random_offsets(&mut random, intervals, range);
                assert_sorts(offsets, u64::MAX - range, range, KeySpread::Even);
            }
        }
    }
}

#[test]
fn equal_sorted_and_reversed_offsets_come_back() {
    for range in [9_999, u64::MAX] {
        let rising: Vec<u64> = (0..10_000).map(|i| range / 9_999 * i).collect();
        assert_sorts(rising.iter().rev().copied().collect(), 0, range, KeySpread::Even);
        assert!(assert_sorts(rising, 0, range, KeySpread::Even) > 4);
        for equal in [0, range / 2, range] {
            assert_eq!(assert_sorts(vec![equal; 10_000], 0, range, KeySpread::Even), 1);
        }
    }
    assert_eq!(assert_sorts(vec![0; 10_000], 77, 0, KeySpread::Even), 1);
    assert_eq!(assert_sorts([0, u64::MAX].repeat(5_000), 0, u64::MAX, KeySpread::Even), 2);
}

#[test]
fn a_giant_bucket_beside_tiny_ones_is_sorted() {
    let mut random = Random(44);
    // More items than there is scratch for, all but two in one bucket.
    for low_bits in [1, 20, 40] {
        let mut offsets: Vec<u64> = (0..150_000).map(|_| random.next() & ((1 << low_bits) - 1)).collect();
        offsets.extend([1 << 60, u64::MAX - 1]);
        assert_eq!(assert_sorts(offsets.clone(), 0, u64::MAX - 1, KeySpread::Even), 3);
        offsets.iter_mut().for_each(|offset| *offset = u64::MAX - *offset);
        assert_eq!(assert_sorts(offsets, 0, u64::MAX, KeySpread::Even), 3);
    }
}

#[test]
fn offsets_beyond_the_buckets_are_refused() {
    let survey = Survey::<i64> { count: 2_000, lowest: 0, highest: 1_000, ..Survey::default() };
    let mut buckets = Buckets::<u64>::plan(&survey, KeySpread::Even).unwrap();
    assert_eq!(buckets.count(&[2_000]), Err(Error::Changed));
    assert_eq!(buckets.count(&[u64::MAX]), Err(Error::Changed));
    buckets.count(&[5, 1_000]).unwrap();
    assert_eq!(buckets.open(3, &mut Interrupt::new(&mut || false)), Err(Error::Changed));
}

#[test]
fn other_items_than_were_counted_are_refused() {
    let survey = Survey::<i64> { count: 2_000, lowest: 0, highest: 1_000, ..Survey::default() };
    for others in [[5, 5], [600, 600], [1_000, 700]] {
        let mut buckets = Buckets::plan(&survey, KeySpread::Even).unwrap();
        buckets.count(&[5, 600]).unwrap();
        buckets.open(2, &mut Interrupt::new(&mut || false)).unwrap();
        let put = buckets.put([(&others[..1], &others[..1]), (&others[1..], &others[1..])]);
        assert!(put == Err(Error::Changed) || !buckets.full());
    }
}

/// The spread of floats between two, in two to the power of so many buckets.
fn spread(lowest: f64, highest: f64, bucket_bits: u32) -> Spread {
    let (lowest, highest) = (key_of(lowest).unwrap(), key_of(highest).unwrap());
    let survey = Survey::<f64> { lowest, highest, ..Survey::default() };
    Spread::new(&survey, KeySpread::Floats, bucket_bits)
}

#[test]
fn floats_are_spread_along_the_line_where_there_is_one() {
    for (lowest, highest) in [
        (0.0, 1.0),
        (-1.0, 1.0),
        (-1e300, 1e300),
        (1e-300, 2e-300),
        (1.0, 1.0 + f64::EPSILON),
        (0.0, f64::MAX),
    ] {
        assert!(matches!(spread(lowest, highest, 10), Spread::Line { .. }), "{lowest} to {highest}");
        assert!(matches!(spread(lowest, highest, 0), Spread::Bits { .. }));
    }
    let tiny = f64::from_bits(1);
    for (lowest, highest) in [
        (f64::NEG_INFINITY, 1.0),
        (0.0, f64::INFINITY),
        (f64::NEG_INFINITY, f64::INFINITY),
        (f64::INFINITY, f64::INFINITY),
        (f64::MIN, f64::MAX),
        (0.0, tiny),
        (-tiny, tiny),
        (3.0, 3.0),
    ] {
        assert!(matches!(spread(lowest, highest, 10), Spread::Bits { .. }), "{lowest} to {highest}");
    }
}

#[test]
fn the_line_keeps_the_order_and_ends_in_the_spare_bucket() {
    let mut random = Random(45);
    for (lowest, highest) in [(0.0, 1.0), (-3.0, 0.7), (1e-300, 1e300), (-1e9, -1e9 + 1.0), (0.1, 0.3)] {
        for bucket_bits in [1, 5, 10] {
            let Spread::Line { lowest_key, lowest, scale } = spread(lowest, highest, bucket_bits) else {
                panic!("no line")
            };
            let bucket = by_line(lowest_key, lowest, scale);
            let range = key_of(highest).unwrap() - lowest_key;
            let mut offsets: Vec<u64> = (0..5_000).map(|_| random.next() % (range + 1)).collect();
            offsets.extend([0, 1, range - 1, range]);
            offsets.sort_unstable();
            assert!(offsets.is_sorted_by_key(|&offset| bucket(offset)));
            assert_eq!((bucket(0), bucket(range)), (0, 1 << bucket_bits));
        }
    }
}
