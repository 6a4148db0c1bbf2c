"""`combine_intervals`, the front door: a collection of valued intervals, or groups of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from . import door
from .collection import IntervalCollection
from .groups import IntervalGroups
from .options import Options

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable
    from typing import Literal, Never, Unpack

    from .interval import C, V
    from .parameters import (
        AnyReading,
        Closed,
        Counted,
        G,
        How,
        Kept,
        M,
        Missing,
        N,
        P,
        Pairs,
        Reading,
        Rows,
        T,
        Triples,
    )


@overload  # the first, as of all that have such a one, is for what nothing is known of
def combine_intervals(
    data: Iterable[Never],
    *,
    start: Any = None,
    stop: Any = None,
    value: Any = None,
    by: None = None,
    how: How | Callable[[list[Any]], Any] = "sum",
    **options: Unpack[AnyReading],
) -> IntervalCollection[Any, Any]: ...
@overload
def combine_intervals(
    data: Iterable[Never],
    *,
    start: Any = None,
    stop: Any = None,
    value: Any = None,
    by: Any,
    how: How | Callable[[list[Any]], Any] = "sum",
    **options: Unpack[AnyReading],
) -> IntervalGroups[Any, Any, Any]: ...
@overload
def combine_intervals(
    data: IntervalCollection[C, V],
    *,
    start: None = None,
    stop: None = None,
    by: None = None,
    how: Kept = "sum",
    **options: Unpack[Reading],
) -> IntervalCollection[C, V]: ...
@overload
def combine_intervals(
    data: Pairs[P] | None = None,
    *,
    start: Iterable[P] | None = None,
    stop: Iterable[P] | None = None,
    by: None = None,
    how: Kept = "sum",
    **options: Unpack[Reading],
) -> IntervalCollection[P, int]: ...
@overload
def combine_intervals(
    data: Triples[P, N] | None = None,
    *,
    start: Iterable[P] | None = None,
    stop: Iterable[P] | None = None,
    value: Iterable[N] | N | None = None,
    by: None = None,
    how: Kept = "sum",
    **options: Unpack[Reading],
) -> IntervalCollection[P, N]: ...
@overload
def combine_intervals(
    data: Rows[P, N] | None = None,
    *,
    start: Iterable[P] | None = None,
    stop: Iterable[P] | None = None,
    by: None = None,
    how: Kept = "sum",
    **options: Unpack[Reading],
) -> IntervalCollection[P, N | int]: ...
@overload
def combine_intervals(
    data: Pairs[T | float | None] | None = None,
    *,
    start: Iterable[T | float | None] | None = None,
    stop: Iterable[T | float | None] | None = None,
    by: None = None,
    how: Kept = "sum",
    **options: Unpack[AnyReading],
) -> IntervalCollection[T | float, int]: ...
@overload
def combine_intervals(
    data: Triples[T | float | None, N] | None = None,
    *,
    start: Iterable[T | float | None] | None = None,
    stop: Iterable[T | float | None] | None = None,
    value: Iterable[N] | N | None = None,
    by: None = None,
    how: Kept = "sum",
    **options: Unpack[AnyReading],
) -> IntervalCollection[T | float, N]: ...
@overload
def combine_intervals(
    data: Rows[P, Any] | None = None,
    *,
    start: Iterable[P] | None = None,
    stop: Iterable[P] | None = None,
    value: Any = None,
    by: None = None,
    how: Counted,
    **options: Unpack[Reading],
) -> IntervalCollection[P, int]: ...
@overload
def combine_intervals(
    data: Any = None,
    *,
    start: Any = None,
    stop: Any = None,
    value: Any = None,
    by: None = None,
    how: Counted,
    **options: Unpack[AnyReading],
) -> IntervalCollection[Any, int]: ...
@overload
def combine_intervals(
    data: Rows[P, Any] | None = None,
    *,
    start: Iterable[P] | None = None,
    stop: Iterable[P] | None = None,
    value: Any = None,
    by: None = None,
    how: Literal["rows"],
    **options: Unpack[Reading],
) -> IntervalCollection[P, tuple[int, ...]]: ...
@overload
def combine_intervals(
    data: Any = None,
    *,
    start: Any = None,
    stop: Any = None,
    value: Any = None,
    by: None = None,
    how: Literal["rows"],
    **options: Unpack[AnyReading],
) -> IntervalCollection[Any, tuple[int, ...]]: ...
@overload
def combine_intervals(
    data: Pairs[P] | None = None,
    *,
    start: Iterable[P] | None = None,
    stop: Iterable[P] | None = None,
    by: None = None,
    how: Literal["mean"],
    **options: Unpack[Reading],
) -> IntervalCollection[P, float]: ...
@overload
def combine_intervals(
    data: Triples[P, M] | None = None,
    *,
    start: Iterable[P] | None = None,
    stop: Iterable[P] | None = None,
    value: Iterable[M] | M | None = None,
    by: None = None,
    how: Literal["mean"],
    **options: Unpack[Reading],
) -> IntervalCollection[P, M]: ...
@overload
def combine_intervals(
    data: Rows[P, float] | None = None,
    *,
    start: Iterable[P] | None = None,
    stop: Iterable[P] | None = None,
    value: Iterable[float] | float | None = None,
    by: None = None,
    how: Literal["mean"],
    **options: Unpack[Reading],
) -> IntervalCollection[P, float]: ...
@overload
def combine_intervals(
    data: Rows[P, Any] | None = None,
    *,
    start: Iterable[P] | None = None,
    stop: Iterable[P] | None = None,
    value: Any = None,
    by: None = None,
    how: Callable[[list[Any]], N],
    **options: Unpack[Reading],
) -> IntervalCollection[P, N]: ...
@overload
def combine_intervals(
    data: Any = None,
    *,
    start: Any = None,
    stop: Any = None,
    value: Any = None,
    by: None = None,
    how: Callable[[list[Any]], N],
    **options: Unpack[AnyReading],
) -> IntervalCollection[Any, N]: ...
@overload
def combine_intervals(
    data: Any = None,
    *,
    start: Any = None,
    stop: Any = None,
    value: Any = None,
    by: None = None,
    how: How | Callable[[list[Any]], Any] = "sum",
    **options: Unpack[AnyReading],
) -> IntervalCollection[Any, Any]: ...
@overload
def combine_intervals(  # type: ignore[overload-overlap]
    data: Pairs[P] | None = None,
    *,
    start: Iterable[P] | None = None,
    stop: Iterable[P] | None = None,
    by: Iterable[G],
    how: Kept = "sum",
    **options: Unpack[Reading],
) -> IntervalGroups[G, P, int]: ...
@overload
def combine_intervals(
    data: Triples[P, N] | None = None,
    *,
    start: Iterable[P] | None = None,
    stop: Iterable[P] | None = None,
    value: Iterable[N] | N | None = None,
    by: Iterable[G],
    how: Kept = "sum",
    **options: Unpack[Reading],
) -> IntervalGroups[G, P, N]: ...
@overload
def combine_intervals(
    data: Rows[P, Any] | None = None,
    *,
    start: Iterable[P] | None = None,
    stop: Iterable[P] | None = None,
    value: Any = None,
    by: Iterable[G],
    how: Counted,
    **options: Unpack[Reading],
) -> IntervalGroups[G, P, int]: ...
@overload
def combine_intervals(
    data: Any = None,
    *,
    start: Any = None,
    stop: Any = None,
    value: Any = None,
    by: Any,
    how: Counted,
    **options: Unpack[AnyReading],
) -> IntervalGroups[Any, Any, int]: ...
@overload
def combine_intervals(
    data: Any = None,
    *,
    start: Any = None,
    stop: Any = None,
    value: Any = None,
    by: Any,
    how: Literal["rows"],
    **options: Unpack[AnyReading],
) -> IntervalGroups[Any, Any, tuple[int, ...]]: ...
@overload
def combine_intervals(
    data: Any = None,
    *,
    start: Any = None,
    stop: Any = None,
    value: Any = None,
    by: Any,
    how: How | Callable[[list[Any]], Any] = "sum",
    **options: Unpack[AnyReading],
) -> IntervalGroups[Any, Any, Any]: ...
def combine_intervals(
    data: Any = None,
    *,
    start: Any = None,
    stop: Any = None,
    value: Any = None,
    by: Any = None,
    how: How | Callable[[list[Any]], Any] = "sum",
    closed: Closed = "left",
    step: int | dt.timedelta | None = None,
    digits: int | None = None,
    missing: Missing = "raise",
) -> IntervalCollection[Any, Any] | IntervalGroups[Any, Any, Any]:
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
