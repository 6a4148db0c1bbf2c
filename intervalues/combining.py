"""`combine_intervals`, the front door: a collection of valued intervals, or groups of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, overload

from . import door
from .collection import IntervalCollection
from .groups import IntervalGroups
from .options import Options


@overload
def combine_intervals(
    data: Any = None,
    *,
    start: Any = None,
    stop: Any = None,
    value: Any = None,
    by: None = None,
    how: str | Callable[[list[Any]], Any] = "sum",
    closed: str = "left",
    step: Any = None,
    digits: int | None = None,
    missing: str = "raise",
) -> IntervalCollection: ...
@overload
def combine_intervals(
    data: Any = None,
    *,
    start: Any = None,
    stop: Any = None,
    value: Any = None,
    by: Any,
    how: str | Callable[[list[Any]], Any] = "sum",
    closed: str = "left",
    step: Any = None,
    digits: int | None = None,
    missing: str = "raise",
) -> IntervalGroups: ...
def combine_intervals(
    data: Any = None,
    *,
    start: Any = None,
    stop: Any = None,
    value: Any = None,
    by: Any = None,
    how: str | Callable[[list[Any]], Any] = "sum",
    closed: str = "left",
    step: Any = None,
    digits: int | None = None,
    missing: str = "raise",
) -> IntervalCollection | IntervalGroups:
    """Combine valued intervals into what they add up to at every point. O(n log n).

    Hand over rows: `data` is any iterable of `(start, stop)`, `(start, stop, value)` or `Interval`s, or an array of
    shape (n, 2) or (n, 3), or one with fields `start`, `stop` and perhaps `value`. Or hand over columns: `start`,
    `stop` and `value` are sequences, arrays or anything with the buffer protocol; a number as `value` goes for every
    row, without it each is worth 1. Or hand over a dataframe: `data` is one of pandas or, with the extra `frames`, of
    polars, PyArrow, Modin or DuckDB, or has an Arrow stream, and `start`, `stop`, `value` and `by` name its columns, by
    default start, stop and, if there is such a one, value; `by` may list several, and then the keys are tuples.

    `by`: a column of keys, one for each row: the result is an `IntervalGroups`, a mapping from key to the collection of
    its rows, made in one sweep. None and what is missing are one group, of the key None.
    `how`: "sum", "max", "min" or "mean" of the covering values; or, whatever the values, "count", "any" (1 where
    something covers) or "rows", the tuple of the numbers of the rows that cover, from 0, `()` outside: such levels can
    be looked at, not reckoned with. Or a function that takes the list of covering values, in the order of the rows,
    and returns a number: it is called once for each piece between neighbouring ends where something covers. All but
    "rows" and functions, whose cost grows with the rows that cover each piece, take O(n log n).
    `closed`: the side on which intervals contain their end, "left" or "right". "both" and "neither" need `step`, the
    distance of neighbouring coordinates: an int, or a timedelta for times; inclusive days become half-open here.
    `digits`: round float coordinates and values as `round(x, digits)` does, and add them exactly on that grid.
    `missing`: "raise", "drop" the rows, or "open": a missing start is -inf, a missing stop inf.

    Raises ValueError for a reversed row, missing data or a value that is not finite, TypeError for coordinates or
    values that do not mix, OverflowError for a float level beyond the largest float; each names the row or segment.
    TypeError for a key that cannot be hashed, KeyError for a column that a frame has not. What a function raises comes
    through.

    >>> planes = combine_intervals([(2, 4, 3), (1, 3, 2)])
    >>> planes
    IntervalCollection([(1, 2, 2), (2, 3, 5), (3, 4, 3)])
    >>> planes[2.5], planes.max(), planes >= 3
    (5, 5, IntervalSet([(2, 4)]))
    >>> import math
    >>> combine_intervals(start=[1, 2], stop=[3, math.inf], how="count")
    IntervalCollection([(1, 2, 1), (2, 3, 2), (3, float('inf'), 1)])
    >>> combine_intervals([(2, 4, 3), (1, 3, 2)], how="rows")[2]
    (0, 1)
    >>> combine_intervals([(2, 4), (1, 3), (3, 5)], by=["A", "B", "A"])["A"]
    IntervalCollection([(2, 3, 1), (3, 4, 2), (4, 5, 1)])
    """
    options = Options(how, closed, step, digits, missing)
    if by is None:
        return IntervalCollection._of(door.combine(data, start, stop, value, options))
    return IntervalGroups._combined(data, start, stop, value, by, options)
