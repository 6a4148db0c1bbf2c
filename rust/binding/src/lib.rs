//! The private Rust extension of `intervalues`: machine columns in, machine columns out.
//!
//! Each function answers with columns, or with `None`: "not mine". Then the kernels in plain Python take over, and
//! so every error that names a row, a number or a type is raised in one place. What is raised here is memory
//! that ran out, an interrupt, a wrong call of this private interface, or a bug.

mod column;
mod combination;
mod decimals;
mod functions;
mod groups;
mod guard;
mod held;
mod intervals;
mod keys;
mod large_blocks;
mod machine;
mod measures;
mod memory;
mod number;
mod objects;
mod operation;
mod plain;
mod row_ends;
mod row_values;
mod rows;
mod signals;
mod times;

use pyo3::prelude::*;

/// The Rust kernels of intervalues. Private: use the package.
#[pymodule]
mod _rust {
    use super::{Bound, PyModule, PyModuleMethods, PyResult};

    #[pymodule_export]
    use super::memory::Buffer;

    #[pymodule_export]
    use super::combination::{combine_columns, combine_lists, combine_rows};

    #[pymodule_export]
    use super::functions::{at, count_segments, increases, merge, position, proper, segments};

    #[pymodule_export]
    use super::groups::{compose, extent, finite, number_keys, split};

    #[pymodule_export]
    use super::keys::number_objects;

    #[pymodule_export]
    use super::measures::{
        WindowIndex, distribution, largest, moments, summarize, summarize_groups, window_index,
    };

    #[cfg(feature = "faults")]
    #[pymodule_export]
    use super::guard::panic_now;

    /// The package asks for it: an extension of another version is not used.
    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", include_str!("../../../VERSION").trim())
    }
}
