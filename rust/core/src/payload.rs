//! What is added up: whole numbers on a grid, or floats.

use crate::ends::layout::{Layout, WholeLayout};
use crate::ends::pairs::Pairs;
use crate::error::Error;
use crate::exact_sum::{Dyadic, FloatSum, FloatSurvey};
use crate::number::{float, integer};

/// What is known of all payloads of a call before the first one is added. Without any it is the default.
pub trait PayloadSurvey: Copy + Default {
    /// One payload.
    type Payload;

    /// Takes note of a payload.
    fn include(&mut self, payload: Self::Payload);

    /// Whether the survey already accounts for a payload: adding it cannot surprise.
    fn covers(&self, payload: Self::Payload) -> bool;
}

/// A running total that is exact, whatever is added and taken away in whatever order.
pub trait RunningSum: Sized {
    /// One payload.
    type Payload: Copy;

    /// The total when it is asked for.
    type Sum;

    /// Adds a payload, or takes it away where the level `falls`.
    fn change(&mut self, payload: Self::Payload, falls: bool) -> Result<(), Error>;

    /// The exact total, rounded once if the type of sums is a float.
    fn sum(&self) -> Result<Self::Sum, Error>;
}

/// What a [`Value`](crate::Value) is worth when it is added: `i64` or `f64`, nothing else.
pub trait Payload: Copy + Default + sealed::Sealed {
    /// The type of exact sums; its default is zero.
    type Sum: Copy + Default + PartialEq;

    #[doc(hidden)]
    type Survey: PayloadSurvey<Payload = Self>;

    #[doc(hidden)]
    type Running: RunningSum<Payload = Self, Sum = Self::Sum>;

    #[doc(hidden)]
    type Layout: Layout<Payload = Self>;

    /// A total of nothing yet, that can take `count` payloads which the survey covers.
    #[doc(hidden)]
    fn running(survey: &Self::Survey, count: usize) -> Self::Running;

    /// A key that is ordered as the payloads are.
    #[doc(hidden)]
    fn rank(self) -> u64;

    /// The payload of a rank, as the sum of itself alone.
    #[doc(hidden)]
    fn sum_of_rank(rank: u64) -> Self::Sum;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for i64 {}
    impl Sealed for f64 {}
}

impl Payload for i64 {
    type Sum = i128;
    type Survey = WholeSurvey;
    type Running = i128;
    type Layout = WholeLayout;

    fn running(_survey: &WholeSurvey, _count: usize) -> i128 {
        0
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

impl PayloadSurvey for WholeSurvey {
    type Payload = i64;

    #[inline]
    fn include(&mut self, payload: i64) {
        self.lowest = self.lowest.min(payload);
        self.highest = self.highest.max(payload);
    }

    #[inline]
    fn covers(&self, payload: i64) -> bool {
        self.lowest <= payload && payload <= self.highest
    }
}

/// 128 bits hold any sum of 64-bit numbers that fits into a computer.
impl RunningSum for i128 {
    type Payload = i64;
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
    type Running = FloatSum;
    type Layout = Pairs<f64>;

    fn running(survey: &FloatSurvey, count: usize) -> FloatSum {
        FloatSum::new(survey, count)
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
    fn include(&mut self, payload: f64) {
        self.widen(Dyadic::of(payload));
    }

    #[inline]
    fn covers(&self, payload: f64) -> bool {
        self.has_room_for(Dyadic::of(payload))
    }
}

impl RunningSum for FloatSum {
    type Payload = f64;
    type Sum = f64;

    #[inline]
    fn change(&mut self, payload: f64, falls: bool) -> Result<(), Error> {
        self.accumulate(Dyadic::of(if falls { -payload } else { payload }))
    }

    #[inline]
    fn sum(&self) -> Result<f64, Error> {
        self.rounded().ok_or(Error::Overflow)
    }
}
