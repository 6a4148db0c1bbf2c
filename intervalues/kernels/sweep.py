"""The sweep: interval columns in, breakpoints and levels out.

Columns of coordinates are machine columns: int64, in which the two extremes stand for the open ends, or float64, in
which the infinities do. Values are a machine column, a list of exact numbers (int or Fraction), or None: 1 each.
A level that no float can hold comes out as an infinity, for the caller to refuse.
"""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Iterable
from itertools import repeat
from operator import itemgetter
from typing import Any

from ..columns import Codes, code_column, ends_of, objects
from .exact import rounded, whole

Swept = tuple[list[Any], list[Any]]


def combine(starts: memoryview, stops: memoryview, values: Codes | list[Any] | None, how: str) -> tuple[Codes, Codes]:
    """Combine interval columns into the breakpoints and the levels of a step function.

    `how` is "sum", "count", "max" or "min". There is one more level than there are breakpoints; breakpoints strictly
    increase and neighbouring levels differ. An interval with `start >= stop` contributes nothing. O(n log n).
    """
    is_float = isinstance(values, memoryview) and values.format == "d"
    worth = repeat(1, len(starts)) if values is None else objects(values)
    if how in ("sum", "count"):
        points, levels = _sums(starts.tolist(), stops.tolist(), worth, is_float)
    else:
        points, levels = _extremes(starts.tolist(), stops.tolist(), worth, -1 if how == "max" else 1, is_float)
    kind = str(starts.format)
    _open_ends(points, levels, *ends_of(kind))
    if kind == "d":
        points = [x + 0.0 for x in points]  # -0.0 is 0.0
    return memoryview(array(kind, points)).toreadonly(), code_column(levels, "d" if is_float else "q")


def _sums(starts: list[Any], stops: list[Any], values: Iterable[Any], is_float: bool) -> Swept:
    """Each level is the sum of the values that cover it: one pass over the sorted changes."""
    denominator = 1
    if is_float:
        values, denominator = whole(values)
    changes: dict[Any, Any] = {}
    get = changes.get
    for start, stop, value in zip(starts, stops, values, strict=True):
        if start < stop:
            changes[start] = get(start, 0) + value
            changes[stop] = get(stop, 0) - value
    zero: Any = 0.0 if is_float else 0
    points, levels = [], [zero]
    exact: Any = 0
    level = zero
    for x in sorted(changes):
        change = changes[x]
        if change:
            exact += change
            before, level = level, rounded(exact, denominator) if is_float else exact
            if level != before:
                points.append(x)
                levels.append(level)
    return points, levels


def _extremes(starts: list[Any], stops: list[Any], values: Iterable[Any], sign: int, is_float: bool) -> Swept:
    """Each level is the largest (`sign` -1) or smallest (`sign` 1) value that covers it, 0 where none does.

    A heap holds what has begun, best value first; what has ended leaves it only once it reaches the top.
    """
    rows = [row for row in zip(starts, stops, values, strict=True) if row[0] < row[1]]
    rows.sort(key=itemgetter(0))
    zero: Any = 0.0 if is_float else 0
    points: list[Any] = []
    levels = [zero]
    begun: list[tuple[Any, Any, Any]] = []
    upcoming = 0
    for x in sorted({end for row in rows for end in row[:2]}):
        while upcoming < len(rows) and rows[upcoming][0] == x:
            _, stop, value = rows[upcoming]
            heapq.heappush(begun, (sign * value, stop, value + zero))
            upcoming += 1
        while begun and begun[0][1] <= x:
            heapq.heappop(begun)
        level = begun[0][2] if begun else zero
        if level != levels[-1]:
            points.append(x)
            levels.append(level)
    return points, levels


def _open_ends(points: list[Any], levels: list[Any], lowest: Any, highest: Any) -> None:
    """Let the outer levels reach to infinity: a breakpoint at an open end is none."""
    if points and points[0] == lowest:
        del points[0], levels[0]
    if points and points[-1] == highest:
        del points[-1], levels[-1]
