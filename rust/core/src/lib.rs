//! Combines valued intervals exactly: how much there is at every point.
//!
//! "From 2 to 4, worth 3" and "from 1 to 3, worth 2" combine into `[1,2; 2] [2,3; 5] [3,4; 3]`:
//!
//! ```
//! use intervalues_core::combine_intervals;
//!
//! let planes = combine_intervals([(2, 4, 3_i64), (1, 3, 2)])?;
//! assert_eq!(planes.breakpoints(), [1, 2, 3, 4]);
//! assert_eq!(planes.levels(), [0, 2, 5, 3, 0]);
//! # Ok::<(), intervalues_core::Error>(())
//! ```
//!
//! Intervals are half-open, `[start, stop)`. What comes out is a [`StepFunction`]: a level at every point of the
//! line, zero where nothing covers. It is *exact* (integers never wrap, floats are summed exactly and rounded
//! once) and *canonical* (breakpoints strictly increase and neighbouring levels differ), so the order of the
//! intervals never matters.
//!
//! Coordinates and values are [integers](Coordinate), floats, `rust_decimal::Decimal` or `intfloat::IntFloat`.
//! To add a type, implement [`Coordinate`] or [`Value`]; both ask for a 64-bit view of the number and nothing else.
//!
//! Step functions are combined in turn by [`merge`], and looked up at many points by [`levels_at`].
//!
//! # How it works
//!
//! Every coordinate becomes a key of 64 bits that is ordered as the coordinates are, every value a payload that
//! adds without error. [`Ends::read`] looks at all intervals once and chooses the layout of their ends: a slot for
//! each key if they lie close together, filled at once; else key and payload packed in one word if both are small,
//! pairs otherwise, put into a thousand buckets of rising keys. [`Ends::combine`] sorts each bucket in the caches and
//! sweeps over it at once; from 130,000 intervals on a second thread takes the later buckets.

#![forbid(unsafe_code)]

// The model of the integration tests serves the unit tests, too.
#[cfg(test)]
extern crate self as intervalues_core;
#[cfg(test)]
#[path = "../tests/model/mod.rs"]
mod model;

mod aggregation;
mod allocation;
mod combine;
mod distribution;
mod ends;
mod error;
mod exact_sum;
mod grid;
mod groups;
mod interrupt;
mod lookup;
mod measure;
mod merge;
mod number;
mod outline;
mod payload;
mod radix;
mod segments;
mod source;
mod step_function;
mod threads;
mod totals;
mod window_index;
mod windows;

pub use aggregation::Aggregation;
pub use combine::{aggregate_intervals, combine_intervals, count_intervals};
pub use distribution::{distribution, largest};
pub use ends::Ends;
#[doc(hidden)]
pub use ends::KeySpread;
pub use error::Error;
pub use grid::Grid;
pub use groups::{Line, compose, compose_ranks, number_keys, split};
pub use interrupt::Interrupt;
pub use lookup::{Place, last_integer, levels_at, position};
pub use measure::{Measure, Summary, moments, summarize, summarize_groups};
pub use merge::{Points, merge, window};
pub use number::float::exact_float;
pub use number::{Coordinate, DecimalScale, Digits, Measured, Number, One, Value};
pub use payload::Payload;
pub use segments::{count_segments, segments};
#[doc(hidden)]
pub use source::Conversion;
pub use source::{BLOCK, Source};
pub use step_function::{StepColumns, StepFunction, increases};
pub use window_index::WindowIndex;
pub use windows::Windows;
