#![doc = include_str!("../README.md")]
//! # Where to look
//!
//! [`combine_intervals`] adds, [`aggregate_intervals`] takes the largest or the smallest, [`count_intervals`] counts.
//! All give a [`StepFunction`], which is looked up, merged with others and summarised over windows. [`Ends`] is for
//! callers whose intervals are not in an iterator ([`Source`]), or who must be able to stop in between ([`Interrupt`]).
//!
//! To add a type of numbers, implement [`Coordinate`] or [`Value`]; both ask for a 64-bit view of the number and
//! nothing else.
//!
//! # How it works
//!
//! Every coordinate becomes a key of 64 bits that is ordered as the coordinates are, every value a payload that
//! adds without error. [`Ends::read`] looks at all intervals once and chooses the layout of their ends: a slot for
//! each key if they lie close together, filled at once; else key and payload packed in one word if both are small,
//! pairs otherwise, put into a thousand buckets of rising keys. [`Ends::combine`] sorts each bucket in the caches and
//! sweeps over it at once; from 130,000 intervals on a second thread takes the later buckets.
//!
//! # What is promised
//!
//! Semantic versioning covers what this documentation shows. Items that it hides (the module `kernels`, hidden items of
//! the traits) are there for the Python extension, which is built from the same commit; they may change in any release.
//!
//! The crate needs `std`, and will go on doing so: it starts threads, waits for them with a time limit, asks the system
//! for a random seed and rounds floats down. A feature that left all of this out would be a second way through sorting,
//! lookup and grouping, with tests of its own, and so far nobody has asked for it.

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
mod keys;
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
pub use ends::Ends;
pub use error::Error;
pub use interrupt::Interrupt;
pub use lookup::Place;
pub use measure::{Measure, Summary};
pub use number::{Coordinate, DecimalScale, Digits, Measured, Number, One, Value};
pub use payload::Payload;
pub use source::{BLOCK, Source};
pub use step_function::StepFunction;

/// What the Python extension calls: borrowed columns in, columns out, and interrupts on the way.
///
/// Public for its sake alone. Semantic versioning does not cover it.
#[doc(hidden)]
pub mod kernels {
    pub use crate::distribution::{distribution, largest};
    pub use crate::ends::KeySpread;
    pub use crate::grid::Grid;
    pub use crate::groups::{Line, Unit, compose, compose_ranks, of_ranks, split};
    pub use crate::keys::number_keys;
    pub use crate::lookup::{last_integer, levels_at, position};
    pub use crate::measure::{moments, summarize, summarize_groups};
    pub use crate::merge::{Points, merge, window};
    pub use crate::number::float::exact_float;
    pub use crate::segments::{count_segments, segments};
    pub use crate::source::Conversion;
    pub use crate::step_function::{StepColumns, increases};
    pub use crate::window_index::WindowIndex;
    pub use crate::windows::Windows;
}
