//! Every layout forced on the same intervals, at its limits and beyond.

use super::*;
use crate::payload::PayloadSurvey;

/// The steps of a sweep that change something.
#[derive(Default, Debug, PartialEq)]
struct Steps {
    room: usize,
    steps: Vec<(u64, i128)>,
}

impl Outline for Steps {
    type Sum = i128;

    fn reserve(&mut self, steps: usize) -> Result<(), Error> {
        self.room = steps;
        Ok(())
    }

    fn step(&mut self, key: u64, sum: i128) -> Result<(), Error> {
        if self.steps.last().map_or(0, |&(_, last)| last) != sum {
            assert!(self.steps.last().is_none_or(|&(last, _)| last < key), "keys rise");
            self.steps.push((key, sum));
            assert!(self.steps.len() <= self.room, "room was made for all steps");
        }
        Ok(())
    }
}

type Row = (u64, u64, i64);

fn survey_of(rows: &[Row]) -> Survey<i64> {
    let mut survey = Survey::default();
    rows.iter().for_each(|&(start, stop, payload)| survey.include(start, stop, payload));
    survey
}

fn swept(mut layout: impl Layout<Payload = i64>, rows: &[Row]) -> Result<Vec<(u64, i128)>, Error> {
    for &(start, stop, payload) in rows {
        layout.push(start, stop, payload)?;
    }
    let mut steps = Steps::default();
    let mut never = || false;
    layout.sweep(&mut steps, &mut Interrupt::new(&mut never))?;
    Ok(steps.steps)
}

fn all_layouts(rows: &[Row]) -> Vec<Option<WholeLayout>> {
    let survey = survey_of(rows);
    vec![
        Differences::plan(&survey).unwrap().map(WholeLayout::Differences),
        Packed::plan(&survey).unwrap().map(WholeLayout::Packed),
        Pairs::plan(&survey).ok().map(WholeLayout::Pairs),
    ]
}

#[test]
fn layouts_agree_wherever_they_apply() {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    for round in 0..2_000 {
        let count = if round % 100 == 0 { 3_000 } else { random(12) + 1 };
        let (keys, base) = [(30, 0), (60, u64::MAX - 60), (1 << 40, 5), (1 << 62, 7)][round % 4];
        let payloads = [1, 3, 1 << 20, 1 << 40][round / 4 % 4];
        let rows: Vec<Row> = (0..count)
            .map(|_| {
                let (a, b) = (base + random(keys), base + random(keys));
                let payload = i64::try_from(random(payloads)).unwrap() - i64::try_from(payloads / 2).unwrap();
                (a.min(b), a.max(b), payload)
            })
            .collect();
        let expected = swept(Pairs::plan(&survey_of(&rows)).unwrap(), &rows).unwrap();
        for layout in all_layouts(&rows).into_iter().flatten() {
            assert_eq!(swept(layout, &rows).unwrap(), expected);
        }
    }
}

#[test]
fn differences_are_for_keys_close_together() {
    let rows = |far: u64| [(10, 10 + far, 1), (11, 12, 1)];
    assert!(matches!(WholeLayout::plan(&survey_of(&rows(63))), Ok(WholeLayout::Differences(_))));
    assert!(matches!(WholeLayout::plan(&survey_of(&rows(64))), Ok(WholeLayout::Packed(_))));
}

#[test]
fn differences_are_for_payloads_whose_sums_fit() {
    let half = i64::MAX / 2;
    let rows = |payload: i64| [(0, 9, payload), (1, 5, payload)];
    assert!(matches!(WholeLayout::plan(&survey_of(&rows(half))), Ok(WholeLayout::Differences(_))));
    assert!(!matches!(WholeLayout::plan(&survey_of(&rows(half + 1))), Ok(WholeLayout::Differences(_))));
    assert!(!matches!(WholeLayout::plan(&survey_of(&[(0, 9, i64::MIN)])), Ok(WholeLayout::Differences(_))));
}

#[test]
fn packed_ends_use_all_64_bits_and_no_more() {
    // 60 bits of key, 3 of payload, 1 of sign.
    let top = (1 << 60) - 1;
    let rows = [(0, top, -3), (1, top, 4)];
    assert!(matches!(WholeLayout::plan(&survey_of(&rows)), Ok(WholeLayout::Packed(_))));
    let expected = vec![(0, -3), (1, 1), (top, 0)];
    all_layouts(&rows)
        .into_iter()
        .flatten()
        .for_each(|layout| assert_eq!(swept(layout, &rows).unwrap(), expected));

    for beyond in [[(0, top + 1, -3), (1, top, 4)], [(0, top, -3), (1, top, 5)]] {
        assert!(matches!(WholeLayout::plan(&survey_of(&beyond)), Ok(WholeLayout::Pairs(_))));
    }
    // Payloads that are all the same need no bits.
    let alike = [(0, u64::MAX >> 1, i64::MIN), (1, 2, i64::MIN)];
    assert!(matches!(WholeLayout::plan(&survey_of(&alike)), Ok(WholeLayout::Packed(_))));
}

#[test]
fn the_lowest_payload_is_taken_away_exactly() {
    let lowest = i128::from(i64::MIN);
    for stop in [3, u64::MAX >> 1, u64::MAX] {
        let rows = [(0, stop, i64::MIN), (1, 2, i64::MIN)];
        let expected = vec![(0, lowest), (1, 2 * lowest), (2, lowest), (stop, 0)];
        for layout in all_layouts(&rows).into_iter().flatten() {
            assert_eq!(swept(layout, &rows).unwrap(), expected);
        }
    }
}

#[test]
fn intervals_that_were_not_surveyed_are_refused() {
    let near = [(10, 20, 1), (11, 15, 2)];
    let far = [(10, 1 << 40, 1), (11, 1 << 39, 2)];
    let wild = [(1, 15, 1), (11, u64::MAX, 1)];
    for rows in [near, far] {
        for stranger in wild {
            for layout in all_layouts(&rows).into_iter().flatten() {
                assert_eq!(swept(layout, &[stranger]), Err(Error::Changed));
            }
        }
    }
}

#[test]
fn a_survey_covers_what_it_saw() {
    let survey = survey_of(&[(10, 20, -5), (30, 30, 7)]);
    assert_eq!((survey.count, survey.lowest, survey.highest), (2, 10, 30));
    assert!(survey.covers(10, 30, 7) && survey.payloads.covers(0));
    assert!(!survey.covers(9, 30, 7) && !survey.covers(10, 31, 7) && !survey.covers(10, 30, 8));
}
