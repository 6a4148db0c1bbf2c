//! The four set-ups by which the crate that was called `intervalues` before, 0.3.1, showed itself: a million
//! intervals between 0 and 9. Ours and its take turns on the same intervals; the answers must agree.
//!
//! `cargo bench -p intervalues-core`
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::hint::black_box;
use std::iter::{Sum, repeat_with};
use std::ops::{AddAssign, SubAssign};
use std::time::{Duration, Instant};

use intervalues_core::{Coordinate, StepFunction, Value, combine_intervals};
use intfloat::IntFloat;
use num_traits::{Num, ToPrimitive};
use rust_decimal::Decimal;

const COUNT: usize = 1_000_000;
const ROUNDS: usize = 15;

/// What the older crate asks of a coordinate, and we.
trait End: Coordinate + Num + PartialOrd + Eq + Hash + Display + Debug {}
impl<T: Coordinate + Num + PartialOrd + Eq + Hash + Display + Debug> End for T {}

/// What the older crate asks of a value, and we; as a level it must compare.
trait Worth: Summable + Value<Level: PartialEq + Debug> + Into<<Self as Value>::Level> {}
impl<T: Summable + Value<Level: PartialEq + Debug> + Into<<T as Value>::Level>> Worth for T {}

trait Summable: Num + PartialOrd + Default + AddAssign + SubAssign + ToPrimitive + Sum + Display + Debug {}
impl<T: Num + PartialOrd + Default + AddAssign + SubAssign + ToPrimitive + Sum + Display + Debug> Summable
    for T
{
}

fn main() {
    println!("{COUNT} intervals between 0 and 9, medians of {ROUNDS} rounds\n");
    println!("| ends | values | ours | older crate 0.3.1 | ratio |\n|---|---|---|---|---|");
    let half = Decimal::new(5, 1);
    let worth = Decimal::new(15, 1);
    compare("i32", "i32", i32::from, 1);
    compare("i32", "Decimal", i32::from, worth);
    compare("Decimal", "Decimal", |digit| Decimal::from(digit) + half, worth);
    compare(
        "IntFloat",
        "IntFloat",
        |digit| IntFloat::new(isize::from(digit) * 10 + 5, 1),
        IntFloat::new(15, 1),
    );
}

/// Measures one set-up and prints its line.
fn compare<C: End, V: Worth>(ends: &str, values: &str, end: impl Fn(u8) -> C, worth: V) {
    let mut digits = random_digits();
    let rows: Vec<(C, C, V)> = repeat_with(|| {
        let (one, other) = (digits(), digits());
        (end(one.min(other)), end(one.max(other)), worth)
    })
    .take(COUNT)
    .collect();
    let older_rows: Vec<_> =
        rows.iter().map(|&(start, stop, value)| older::Interval::new(start, stop, value)).collect();

    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (time, function) =
            measure(|| combine_intervals(rows.iter().copied()).expect("the sums are small"));
        ours.push(time);
        // It takes the intervals away; the copy is not measured.
        let taken = older_rows.clone();
        let (time, collection) = measure(|| older::combine_intervals(taken));
        theirs.push(time);
        check(&function, &collection.to_vec());
    }
    let (ours, theirs) = (median(ours), median(theirs));
    let ratio = theirs.as_secs_f64() / ours.as_secs_f64();
    println!("| {ends} | {values} | {} | {} | {ratio:.1} |", milliseconds(ours), milliseconds(theirs));
}

/// Refuses answers that differ.
fn check<C: End, V: Worth>(ours: &StepFunction<C, V::Level>, theirs: &[older::Interval<C, V>]) {
    assert_eq!(ours.segments().count(), theirs.len());
    for ((start, stop, level), older) in ours.segments().zip(theirs) {
        let (older_start, older_stop, older_level) = older.to_tuple();
        assert_eq!((*start, *stop), (older_start, older_stop));
        assert_eq!(*level, older_level.into());
    }
}

fn measure<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let before = Instant::now();
    let answer = black_box(work());
    (before.elapsed(), answer)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

/// Numbers from 0 to 9, the same in every run.
fn random_digits() -> impl FnMut() -> u8 {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        u8::try_from((state >> 32) % 10).expect("a remainder of ten")
    }
}
