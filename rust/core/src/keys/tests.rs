//! Numbered keys against a model that looks at all that came before.
#![allow(clippy::arithmetic_side_effects)]

use super::*;
use crate::model::Random;

/// The numbers of keys by looking at all that came before.
fn numbered(keys: &[i64]) -> (Vec<i64>, Vec<i64>) {
    let mut distinct: Vec<i64> = Vec::new();
    let numbers = keys.iter().map(|key| {
        let known = distinct.iter().position(|other| other == key);
        let number = known.unwrap_or(distinct.len());
        if known.is_none() {
            distinct.push(*key);
        }
        i64::try_from(number).unwrap()
    });
    (numbers.collect(), distinct)
}

#[test]
fn keys_have_numbers_in_the_order_of_their_first_appearance() {
    let never = &mut || false;
    let never = &mut Interrupt::new(never);
    let mut random = Random(1);
    for count in [0, 1, 2, 100, 5000, 20_000] {
        // Looking at all that came before takes long where there are many.
        for shift in [0, 20, 50, 54, 60, 63].into_iter().filter(|&shift| count <= 5000 || shift >= 54) {
            let keys: Vec<i64> =
                (0..count).map(|_| i64::from_ne_bytes(random.next().to_ne_bytes()) >> shift).collect();
            let mut numbers = keys.clone();
            let distinct = number_keys(&mut numbers, never).unwrap();
            assert_eq!((numbers, distinct), numbered(&keys), "{count} keys >> {shift}");
        }
    }
    assert_eq!(number_keys(&mut [i64::MAX, i64::MIN, i64::MAX], never).unwrap(), [i64::MAX, i64::MIN]);
}

#[test]
fn many_keys_can_be_interrupted() {
    let mut always = || true;
    let outcome = number_keys(&mut vec![0; STRIDE], &mut Interrupt::new(&mut always));
    assert_eq!(outcome.err(), Some(Error::Interrupted));
}
