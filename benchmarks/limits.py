"""The physical floor: kernels in Rust written for one workload each, compiled and called in this process."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from workloads import Columns

SOURCE = Path(__file__).with_name("limits.rs")
KERNELS = {"W1": 1, "W4": 4, "W2": 2, "W2v": 12, "W5": 2, "W3": 3, "W3d": 13}
SMALLEST, LARGEST = 10_000, 10_000_000  # where a bucket is neither nearly empty nor larger than the cache


class _Answer(ctypes.Structure):
    _fields_ = [
        ("breakpoints", ctypes.c_void_p),
        ("levels", ctypes.c_void_p),
        ("count", ctypes.c_size_t),
        ("capacity", ctypes.c_size_t),
    ]


class _Columns(ctypes.Structure):
    _fields_ = [
        ("starts", ctypes.c_void_p),
        ("stops", ctypes.c_void_p),
        ("values", ctypes.c_void_p),
        ("count", ctypes.c_size_t),
        ("key_bits", ctypes.c_uint32),
    ]


class Limits:
    """The compiled kernels. What a call returns holds fresh memory until it is let go of."""

    def __init__(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder, "limits.so")
            options = ["--edition=2024", "-Copt-level=3", "-Ccodegen-units=1", "-Cpanic=abort", "--crate-type=cdylib"]
            subprocess.run(["rustc", *options, f"-o{target}", str(SOURCE)], check=True)
            self._library = ctypes.CDLL(str(target))

    def of_columns(self, name: str, columns: Columns) -> Callable[[], LimitAnswer]:
        """Prepare to combine columns."""
        known = _describe(columns)
        kernel, combine = KERNELS[name], self._library.combine_columns

        def call() -> LimitAnswer:
            answer = LimitAnswer(self._library, columns)
            combine(kernel, ctypes.byref(known), ctypes.byref(answer.memory))
            return answer

        return call

    def of_rows(self, name: str, columns: Columns, rows: list[tuple[Any, ...]]) -> Callable[[], LimitAnswer]:
        """Prepare to combine a list of tuples, read as CPython keeps them in memory."""
        known = _describe(columns)
        kernel, combine = KERNELS[name], self._library.combine_rows
        size_shift = 0 if sys.version_info < (3, 12) else 3

        def call() -> LimitAnswer:
            answer = LimitAnswer(self._library, columns)
            address = ctypes.c_void_p(id(rows))
            combine(kernel, address, ctypes.byref(known), size_shift, ctypes.byref(answer.memory))
            return answer

        return call


class LimitAnswer:
    """Breakpoints and levels in memory of the kernels."""

    def __init__(self, library: ctypes.CDLL, columns: Columns) -> None:
        self.memory = _Answer()
        self._library = library
        self._kind = np.float64 if columns.starts.dtype.kind == "f" else np.int64

    def columns(self) -> tuple[Any, Any]:
        """Give breakpoints and the levels right of them."""
        count = self.memory.count

        def copy(address: int, skipped: int) -> Any:
            kept = (ctypes.c_char * (8 * (count + skipped))).from_address(address)
            return np.frombuffer(kept, self._kind)[skipped:].copy()

        return copy(self.memory.breakpoints, 0), copy(self.memory.levels, 1)

    def __del__(self) -> None:
        if self.memory.breakpoints:
            self._library.free_answer(ctypes.byref(self.memory))


def available() -> bool:
    """Tell whether there is a compiler, and a Python whose objects are laid out as the kernels expect."""
    layout = sys.implementation.name == "cpython" and (3, 11) <= sys.version_info < (3, 14) and sys.maxsize > 2**32
    return layout and shutil.which("rustc") is not None


def _describe(columns: Columns) -> _Columns:
    """Tell the kernels where the columns lie, and what they may take for granted."""
    highest = round(float(columns.stops.max()) * (100 if columns.starts.dtype.kind == "f" else 1))
    starts, stops, values = (None if column is None else column.ctypes.data for column in columns[:3])
    return _Columns(starts, stops, values, len(columns.starts), highest.bit_length())
