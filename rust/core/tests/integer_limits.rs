//! Integers at the limits of their types: exact or an error, never a wrap.

use intervalues_core::{Aggregation, Error, aggregate_intervals, combine_intervals};

const LOWEST: i64 = i64::MIN;
const HIGHEST: i64 = i64::MAX;

#[test]
fn levels_beyond_64_bits_are_an_error() {
    for far in [1, 1_i64 << 40] {
        let rows = |count| (0..count).map(move |i| (i * far, 9 * far, 1_i64 << 62));
        assert_eq!(combine_intervals(rows(1)).map(|function| function.levels().len()), Ok(3));
        assert_eq!(combine_intervals(rows(3)), Err(Error::Overflow));
    }
}

#[test]
fn sums_may_leave_the_range_at_a_point_but_not_hold_there() {
    // At 5 one interval takes over from the other: no level ever is the sum of both.
    let relay = combine_intervals([(0, 5, HIGHEST), (5, 9, HIGHEST)]).unwrap();
    assert_eq!((relay.breakpoints(), relay.levels()), (&[0, 9][..], &[0, HIGHEST, 0][..]));
    let both = combine_intervals([(0, 5, HIGHEST), (0, 5, HIGHEST), (0, 5, LOWEST), (0, 5, LOWEST)]).unwrap();
    assert_eq!(both.levels(), [0, -2, 0]);
}

#[test]
fn the_lowest_value_can_be_taken_away() {
    for stop in [2, 1_i64 << 40, HIGHEST] {
        let function = combine_intervals([(0, stop, LOWEST), (1, stop, HIGHEST)]).unwrap();
        assert_eq!(function.breakpoints(), [0, 1, stop]);
        assert_eq!(function.levels(), [0, LOWEST, -1, 0]);
    }
    assert_eq!(combine_intervals([(0, 1, LOWEST), (0, 1, -1)]), Err(Error::Overflow));
}

#[test]
fn the_whole_line_of_64_bits_has_room() {
    let function = combine_intervals([(LOWEST, HIGHEST, 3_i64), (-1, 0, 4)]).unwrap();
    assert_eq!(function.breakpoints(), [LOWEST, -1, 0, HIGHEST]);
    assert_eq!(function.levels(), [0, 3, 7, 3, 0]);
    let lowest = aggregate_intervals([(LOWEST, HIGHEST, LOWEST)], Aggregation::Max).unwrap();
    assert_eq!(lowest.levels(), [0, LOWEST, 0]);
}

#[test]
fn the_ends_of_the_line_are_open_only_when_asked() {
    let function = combine_intervals([(LOWEST, 2, 1_i64), (1, HIGHEST, 2)]).unwrap();
    assert_eq!(function.levels(), [0, 1, 3, 2, 0]);
    let open = function.with_open_ends(&LOWEST, &HIGHEST);
    assert_eq!((open.breakpoints(), open.levels()), (&[1, 2][..], &[1, 3, 2][..]));

    let closed = combine_intervals([(0, 2, 1_i64)]).unwrap();
    assert_eq!(closed.clone().with_open_ends(&LOWEST, &HIGHEST), closed);
}

#[test]
fn every_integer_type_is_a_coordinate_and_a_value() {
    macro_rules! assert_for {
        ($($integer:ty),*) => {$(
            let (low, high) = (<$integer>::MIN, <$integer>::MAX);
            let function = combine_intervals([(low, high, high)]).unwrap();
            assert_eq!(function.breakpoints(), [low, high]);
            assert_eq!(function.levels(), [0, i64::from(high), 0]);
        )*};
    }
    assert_for!(i8, i16, i32, i64, u8, u16, u32);

    let beyond = combine_intervals([(0, u64::MAX, 1_u64)]).unwrap();
    assert_eq!(beyond.breakpoints(), [0, u64::MAX]);
    assert_eq!(combine_intervals([(0, 1, u64::MAX)]), Err(Error::Range));
}

#[test]
fn the_last_integers_need_no_integer_after_them() {
    let last = combine_intervals([(HIGHEST - 1, HIGHEST, 1_i64)]).unwrap();
    assert_eq!((last.breakpoints(), last.levels()), (&[HIGHEST - 1, HIGHEST][..], &[0, 1, 0][..]));
    let first = combine_intervals([(LOWEST, LOWEST + 1, 1_i64)]).unwrap();
    assert_eq!((first.breakpoints(), first.levels()), (&[LOWEST, LOWEST + 1][..], &[0, 1, 0][..]));
}

#[test]
fn payloads_of_63_bits_leave_no_room_for_a_key() {
    let empty = combine_intervals([(0, 0, LOWEST), (0, 0, -1)]).unwrap();
    assert_eq!((empty.breakpoints(), empty.levels()), (&[][..], &[0][..]));
    let narrow = combine_intervals([(0, 1, LOWEST), (0, 0, -1)]).unwrap();
    assert_eq!((narrow.breakpoints(), narrow.levels()), (&[0, 1][..], &[0, LOWEST, 0][..]));
}
