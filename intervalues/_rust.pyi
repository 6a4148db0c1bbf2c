"""What the private Rust extension offers; `dispatch.py` alone uses it. None is its answer "not mine"."""

import sys
from datetime import tzinfo
from typing import Any, Literal, TypeAlias, final

__all__ = [
    "Buffer",
    "WindowIndex",
    "__version__",
    "at",
    "combine_columns",
    "combine_lists",
    "combine_rows",
    "compose",
    "count_segments",
    "distribution",
    "extent",
    "finite",
    "increases",
    "largest",
    "merge",
    "moments",
    "number_keys",
    "number_objects",
    "position",
    "proper",
    "segments",
    "split",
    "summarize",
    "summarize_groups",
    "window_index",
]

__version__: str

@final
class Buffer:
    """A read-only column of int64 ("q") or float64 ("d"): `memoryview(buffer)` copies nothing."""

    def __len__(self) -> int: ...
    if sys.version_info >= (3, 12):
        def __buffer__(self, flags: int, /) -> memoryview: ...

@final
class WindowIndex:
    """An index of a step function: it answers about windows as `summarize` does, in O(log n) each."""

    def summarize(self, starts: _Column, stops: _Column, how: str, divisor: int | None = None) -> Buffer | None: ...

_Column: TypeAlias = Buffer | memoryview | bytes
_Objects: TypeAlias = list[Any] | tuple[Any, ...]
_Meaning: TypeAlias = int | tuple[str, tzinfo | None] | None
_Combined: TypeAlias = tuple[Buffer, Buffer, _Meaning, int | None, tuple[Buffer, Buffer] | None]
_Groups: TypeAlias = tuple[_Column, int]

# Rows and columns that become step functions

def combine_columns(
    starts: _Column,
    stops: _Column,
    values: _Column | None,
    how: str,
    digits: int | None,
    start_step: int,
    stop_step: int,
    groups: _Groups | None,
    *,
    open_ends: bool = False,
) -> _Combined | None: ...
def combine_lists(
    starts: _Objects,
    stops: _Objects,
    values: _Objects | None,
    how: str,
    digits: int | None,
    start_step: int,
    stop_step: int,
    groups: _Groups | None,
) -> _Combined | None: ...
def combine_rows(
    rows: _Objects,
    interval_type: type[tuple[Any, ...]],
    how: str,
    digits: int | None,
    start_step: int,
    stop_step: int,
    groups: _Groups | None,
) -> _Combined | None: ...

# Step functions: breakpoints, and one more level

def at(points: _Column, levels: _Column, xs: _Column, right: bool, /) -> Buffer | None: ...
def count_segments(levels: _Column, /) -> int | None: ...
def increases(column: _Column, /) -> bool | None: ...
def merge(
    a_points: _Column, a_levels: _Column, b_points: _Column, b_levels: _Column, operation: str, /
) -> tuple[Buffer | Literal[0, 1], Buffer] | None: ...
def position(points: _Column, x: Any, right: bool, /) -> int | None: ...
def proper(points: _Column, levels: _Column, /) -> bool | None: ...
def segments(points: _Column, levels: _Column, /) -> list[Buffer] | None: ...

# Measures over windows

def distribution(
    points: _Column, levels: _Column, starts: _Column, stops: _Column
) -> tuple[Buffer, list[int], int] | None: ...
def largest(levels: _Column, count: int) -> list[int] | None: ...
def moments(
    points: _Column, levels: _Column, starts: _Column, stops: _Column, power: int
) -> tuple[int, int] | None: ...
def summarize(
    points: _Column, levels: _Column, starts: _Column, stops: _Column, how: str, divisor: int | None = None
) -> Buffer | None: ...
def summarize_groups(
    points: _Column,
    levels: _Column,
    firsts: _Column,
    lasts: _Column,
    starts: _Column,
    stops: _Column,
    how: str,
    divisor: int | None,
) -> Buffer | None: ...
def window_index(points: _Column, levels: _Column) -> WindowIndex | None: ...

# Groups

def compose(
    groups: _Column, starts: _Column, stops: _Column, count: int, /
) -> tuple[Buffer, Buffer, int, int, int, Buffer | None] | None: ...
def extent(starts: _Column, stops: _Column, /) -> tuple[Any, Any] | None: ...
def finite(column: _Column, /) -> bool | None: ...
def number_keys(keys: _Column, /) -> tuple[Buffer, Buffer] | None: ...
def number_objects(keys: list[Any], /) -> tuple[Buffer, list[str] | list[int]] | None: ...
def split(
    points: _Column, width: int, lowest: int, highest: int, ranked: _Column | None, count: int, /
) -> tuple[Buffer, Buffer, Buffer] | None: ...
