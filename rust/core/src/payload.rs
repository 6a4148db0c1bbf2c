//! What is added up: whole numbers on a grid, or floats.

use crate::ends::layout::{FloatLayout, Layout, WholeLayout};
use crate::error::Error;
use crate::exact_sum::{FixedSum, FloatSurvey, WideSum};
use crate::number::{float, integer};

/// What is known of all payloads of a call before the first one is added. Without any it is the default.
pub trait PayloadSurvey: Copy + Default + Send + Sync {
    /// One payload.
    type Payload;

    /// Takes note of payloads.
    fn include(&mut self, payloads: &[Self::Payload]);

    /// Whether what was made ready for the surveyed payloads suits these, too.
    fn holds(&self, payloads: &[Self::Payload]) -> bool;
}

/// A running total that is exact, whatever is added and taken away in whatever order.
pub trait RunningSum<P: Payload>: Clone + Send {
    /// The total as it is kept.
    type Sum: Copy + Default + PartialEq + Into<P::Sum>;

    /// Adds a payload, or takes it away where the level `falls`.
    fn change(&mut self, payload: P, falls: bool) -> Result<(), Error>;

    /// The exact total, rounded once if the type of sums is a float.
    fn sum(&self) -> Result<Self::Sum, Error>;
}

/// What a [`Value`](crate::Value) is worth when it is added: `i64` or `f64`, nothing else.
pub trait Payload: Copy + Default + Send + Sync + sealed::Sealed + 'static {
    /// The type of exact sums; its default is zero.
    type Sum: Copy + Default + PartialEq + Send;

    #[doc(hidden)]
    type Survey: PayloadSurvey<Payload = Self>;

    /// The fast sum, for what it can hold.
    #[doc(hidden)]
    type NarrowSum: RunningSum<Self>;

    /// The sum that can hold everything.
    #[doc(hidden)]
    type WideSum: RunningSum<Self> + Default;

    #[doc(hidden)]
    type Layout: Layout<Payload = Self>;

    /// A total of nothing yet, if all sums of `count` surveyed payloads can be held.
    #[doc(hidden)]
    fn narrow_sum(survey: &Self::Survey, count: usize) -> Option<Self::NarrowSum>;

    /// Whether all surveyed payloads have opposites.
    #[doc(hidden)]
    fn opposites(survey: &Self::Survey) -> bool;

    /// The payload that adds up with this one to nothing.
    #[doc(hidden)]
    fn opposite(self) -> Self;

    /// A key that is ordered as the payloads are.
    #[doc(hidden)]
    fn rank(self) -> u64;

    /// The payload of a rank, as the sum of itself alone.
    #[doc(hidden)]
    fn sum_of_rank(rank: u64) -> Self::Sum;
}

pub(crate) mod sealed {
    pub trait Sealed {}
    impl Sealed for i64 {}
    impl Sealed for f64 {}
}

impl Payload for i64 {
    type Sum = i128;
    type Survey = WholeSurvey;
    type NarrowSum = NarrowSum;
    type WideSum = i128;
    type Layout = WholeLayout;

    fn narrow_sum(survey: &WholeSurvey, count: usize) -> Option<NarrowSum> {
        let largest = survey.lowest.unsigned_abs().max(survey.highest.unsigned_abs());
        let total = u64::try_from(count).ok()?.checked_mul(largest)?;
        i64::try_from(total).ok().map(|_| NarrowSum::default())
    }

    fn opposites(survey: &WholeSurvey) -> bool {
        survey.lowest > i64::MIN
    }

    #[inline]
    fn opposite(self) -> i64 {
        self.wrapping_neg() // only for what has an opposite
    }

    fn rank(self) -> u64 {
        integer::key_of(self)
    }

    fn sum_of_rank(rank: u64) -> i128 {
        integer::whole_of(rank).into()
    }
}

/// The smallest and the largest of whole numbers.
#[derive(Clone, Copy, Debug)]
pub struct WholeSurvey {
    pub(crate) lowest: i64,
    pub(crate) highest: i64,
}

impl Default for WholeSurvey {
    fn default() -> Self {
        WholeSurvey { lowest: i64::MAX, highest: i64::MIN }
    }
}

impl WholeSurvey {
    /// Whether payloads surely lie between those known: then neither distance is negative.
    #[inline]
    fn surely_spans(&self, payloads: &[i64]) -> bool {
        let outside = |payload: i64| payload.wrapping_sub(self.lowest) | self.highest.wrapping_sub(payload);
        let all = payloads.iter().fold(0, |all, &payload| all | outside(payload));
        self.highest.checked_sub(self.lowest).is_some_and(|range| range >= 0) && all >= 0
    }
}

impl PayloadSurvey for WholeSurvey {
    type Payload = i64;

    #[inline]
    fn include(&mut self, payloads: &[i64]) {
        // Most blocks tell nothing new, and to see so takes less than to find the extremes.
        if self.surely_spans(payloads) {
            return;
        }
        for &payload in payloads {
            self.lowest = self.lowest.min(payload);
            self.highest = self.highest.max(payload);
        }
    }

    #[inline]
    fn holds(&self, payloads: &[i64]) -> bool {
        // Where no difference is negative or leaves 63 bits, all are in order. This takes many payloads in one step.
        let differences =
            |payload: i64| payload.wrapping_sub(self.lowest) | self.highest.wrapping_sub(payload);
        let narrow = self.highest.checked_sub(self.lowest).is_some();
        let fits = payloads.iter().fold(0, |all, &payload| all | differences(payload)) >= 0;
        narrow && fits || payloads.iter().all(|payload| (self.lowest..=self.highest).contains(payload))
    }
}

/// A sum of whole numbers that 64 bits are known to hold.
#[derive(Clone, Default)]
pub struct NarrowSum(i64);

impl RunningSum<i64> for NarrowSum {
    type Sum = i64;

    #[inline]
    fn change(&mut self, payload: i64, falls: bool) -> Result<(), Error> {
        let change = if falls { payload.wrapping_neg() } else { payload };
        self.0 = self.0.wrapping_add(change);
        Ok(())
    }

    #[inline]
    fn sum(&self) -> Result<i64, Error> {
        Ok(self.0)
    }
}

/// 128 bits hold any sum of 64-bit numbers that fits into a computer.
impl RunningSum<i64> for i128 {
    type Sum = i128;

    #[inline]
    fn change(&mut self, payload: i64, falls: bool) -> Result<(), Error> {
        let payload = i128::from(payload);
        let change = if falls { payload.saturating_neg() } else { payload };
        *self = self.checked_add(change).ok_or(Error::Overflow)?;
        Ok(())
    }

    #[inline]
    fn sum(&self) -> Result<i128, Error> {
        Ok(*self)
    }
}

impl Payload for f64 {
    type Sum = f64;
    type Survey = FloatSurvey;
    type NarrowSum = FixedSum;
    type WideSum = WideSum;
    type Layout = FloatLayout;

    fn narrow_sum(survey: &FloatSurvey, count: usize) -> Option<FixedSum> {
        survey.fixed_sum(count)
    }

    fn opposites(_survey: &FloatSurvey) -> bool {
        true
    }

    #[inline]
    fn opposite(self) -> f64 {
        -self
    }

    fn rank(self) -> u64 {
        // A finite number has a key; were it not finite, the survey would not have covered it.
        float::key_of(self).unwrap_or_default()
    }

    fn sum_of_rank(rank: u64) -> f64 {
        float::float_of(rank)
    }
}

impl PayloadSurvey for FloatSurvey {
    type Payload = f64;

    #[inline]
    fn include(&mut self, payloads: &[f64]) {
        payloads.iter().for_each(|&payload| self.widen(payload));
    }

    #[inline]
    fn holds(&self, payloads: &[f64]) -> bool {
        let mut own = FloatSurvey::default();
        own.include(payloads);
        self.contains(&own)
    }
}

impl RunningSum<f64> for FixedSum {
    type Sum = f64;

    #[inline]
    fn change(&mut self, payload: f64, falls: bool) -> Result<(), Error> {
        self.accumulate(if falls { -payload } else { payload })
    }

    #[inline]
    fn sum(&self) -> Result<f64, Error> {
        self.rounded().ok_or(Error::Overflow)
    }
}

impl RunningSum<f64> for WideSum {
    type Sum = f64;

    fn change(&mut self, payload: f64, falls: bool) -> Result<(), Error> {
        self.accumulate(if falls { -payload } else { payload })
    }

    fn sum(&self) -> Result<f64, Error> {
        self.rounded().ok_or(Error::Overflow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_survey_finds_the_extremes_whatever_it_knew() {
        let numbers = [i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX - 1, i64::MAX];
        for first in numbers {
            for second in numbers {
                for third in numbers {
                    let mut survey = WholeSurvey::default();
                    survey.include(&[first]);
                    survey.include(&[second, third]);
                    survey.include(&[]);
                    assert_eq!(survey.lowest, first.min(second).min(third));
                    assert_eq!(survey.highest, first.max(second).max(third));
                }
            }
        }
    }
}
