"""The sweep: interval columns in, breakpoints and levels out.

Columns of coordinates are machine columns: int64, in which the two extremes stand for the open ends, or float64, in
which the infinities do. Values are a machine column, a list of exact numbers (int or Fraction), or None: 1 each.
A level that no float can hold comes out as an infinity, for the caller to refuse.

One range of coordinates is swept after the other. What is at work then stays in the cache of the processor, where
one large dict or list is three times as slow; and nothing is sorted that keeps Ctrl-C waiting.
"""

from __future__ import annotations

import heapq
from array import array
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator
from itertools import chain, compress, islice
from math import isqrt
from operator import itemgetter, ne
from typing import Any

from ..columns import Codes, code_column, ends_of, objects
from .exact import all_rounded, whole

Values = Codes | list[Any]
Row = tuple[Any, Any, Any]
Block = tuple["array[Any]", "array[Any]", list[Any]]
Swept = tuple["array[Any]", list[Any]]

BLOCK = 2**12  # rows that are sorted at once, at least
SAMPLE = 2**15  # starts that tell where ranges should end


def combine(starts: memoryview, stops: memoryview, values: Codes | list[Any] | None, how: str) -> tuple[Codes, Codes]:
    """Combine interval columns into the breakpoints and the levels of a step function.

    `how` is "sum", "count", "max" or "min". There is one more level than there are breakpoints; breakpoints strictly
    increase and neighbouring levels differ. An interval with `start >= stop` contributes nothing. O(n log n).
    """
    is_float = isinstance(values, memoryview) and values.format == "d"
    worth: Values = [1] * len(starts) if values is None else values
    if how in ("sum", "count"):
        points, levels = _sums(starts, stops, worth, is_float)
    else:
        points, levels = _extremes(starts, stops, worth, -1 if how == "max" else 1, is_float)
    return _finished(points, levels), code_column(levels, "d" if is_float else "q")


def _sums(starts: memoryview, stops: memoryview, values: Values, is_float: bool) -> Swept:
    """Each level is the sum of the values that cover it: one pass over the sorted changes."""
    denominator = 1
    if is_float:
        values, denominator = whole(objects(values))
    splits, ranges = _ranges(starts, stops, values)
    changes_in: list[dict[Any, Any]] = [{} for _ in range(len(splits) + 1)]
    highest = ends_of(str(starts.format))[1]
    points = array(str(starts.format))
    levels: list[Any] = [0.0 if is_float else 0]
    level: Any = 0
    for rows, split, changes in zip(ranges, [*splits, highest], changes_in, strict=True):
        get = changes.get
        for start, stop, value in rows:
            if start < stop:
                changes[start] = get(start, 0) + value
                if stop < split:
                    changes[stop] = get(stop, 0) - value
                else:
                    later = changes_in[bisect_right(splits, stop)]
                    later[stop] = later.get(stop, 0) - value
        changed, reached = [], []
        for x in sorted(changes):
            change = changes[x]
            if change:
                level += change
                changed.append(x)
                reached.append(level)
        changes.clear()
        points.fromlist(changed)
        levels += all_rounded(reached, denominator) if is_float else reached
    differ = list(map(ne, levels, islice(levels, 1, None))) if is_float else [True]
    if not all(differ):  # what is not the same may be once it is rounded
        points = array(points.typecode, compress(points, differ))
        levels[1:] = compress(levels[1:], differ)
    return points, levels


def _extremes(starts: memoryview, stops: memoryview, values: Values, sign: int, is_float: bool) -> Swept:
    """Each level is the largest (`sign` -1) or smallest (`sign` 1) value that covers it, 0 where none does.

    A heap holds what has begun, best value first; what has ended leaves it only once it reaches the top.
    """
    zero: Any = 0.0 if is_float else 0
    points = array(str(starts.format))
    levels = [zero]
    begun: list[Row] = []
    upcoming = (row for rows in _ranges(starts, stops, values)[1] for row in sorted(rows, key=itemgetter(0)))
    upcoming = (row for row in upcoming if row[0] < row[1])
    row = next(upcoming, None)
    while row or begun:
        x = row[0] if row and not (begun and begun[0][1] < row[0]) else begun[0][1]
        while row and row[0] == x:
            heapq.heappush(begun, (sign * row[2], row[1], row[2] + zero))
            row = next(upcoming, None)
        while begun and begun[0][1] <= x:
            heapq.heappop(begun)
        level = begun[0][2] if begun else zero
        if level != levels[-1]:
            points.append(x)
            levels.append(level)
    return points, levels


def gather(
    starts: memoryview, stops: memoryview, level_of: Callable[[list[int]], Any], zero: Any
) -> tuple[memoryview, list[Any]]:
    """Combine interval columns into what `level_of` gives of the rows that cover, in order, `zero` where none does.

    It is called once for each piece between neighbouring ends. Neighbouring levels may be equal. O(n log n), and as
    much as there are rows in all pieces.
    """
    first, last = starts.tolist(), stops.tolist()
    kept = [row for row, start in enumerate(first) if start < last[row]]
    beginning = iter(sorted(kept, key=first.__getitem__))
    ending = iter(sorted(kept, key=last.__getitem__))
    begins, ends = next(beginning, None), next(ending, None)
    points = array(str(starts.format))
    levels = [zero]
    covering: list[int] = []
    while ends is not None:
        x = last[ends] if begins is None else min(first[begins], last[ends])
        while ends is not None and last[ends] == x:
            del covering[bisect_left(covering, ends)]
            ends = next(ending, None)
        while begins is not None and first[begins] == x:
            insort(covering, begins)
            begins = next(beginning, None)
        points.append(x)
        levels.append(level_of(covering) if covering else zero)
    return _finished(points, levels), levels


def _ranges(*columns: Any) -> tuple[list[Any], Iterator[Iterator[Row]]]:
    """Split the line into ranges [a, b) in which about as many rows start; give the splits, and the rows of each.

    Blocks of rows are sorted by start, and then cut where the ranges end. Blocks and ranges grow alike in number
    and in length. O(n log n). Few rows, and starts that keep coming back, need only one range.
    """
    count = len(columns[0])
    size = max(BLOCK, 4 * isqrt(count))
    sample = columns[0][:: count // SAMPLE + 1].tolist() if count > size else []
    if len(set(sample)) <= len(sample) // 2:
        return [], iter([zip(*map(objects, columns), strict=True)])
    blocks = [_block(*(column[first : first + size] for column in columns)) for first in range(0, count, size)]
    sample.sort()
    share = len(sample) // len(blocks)
    splits = sorted(set(sample[share::share]))
    return splits, _shares(blocks, splits)


def _block(starts: memoryview, stops: memoryview, values: Values) -> Block:
    """Sort a block of rows by start."""
    order = sorted(range(len(starts)), key=starts.tolist().__getitem__)
    first, last = (array(str(ends.format), list(map(ends.tolist().__getitem__, order))) for ends in (starts, stops))
    return first, last, list(map(objects(values).__getitem__, order))


def _shares(blocks: list[Block], splits: list[Any]) -> Iterator[Iterator[Row]]:
    """Give for each range the rows that start in it, from all blocks."""
    begun = [0] * len(blocks)
    for split in [*splits, None]:
        ended = [
            len(starts) if split is None else bisect_left(starts, split, first)
            for (starts, *_), first in zip(blocks, begun, strict=True)
        ]
        yield chain.from_iterable(
            zip(*(column[first:last] for column in block), strict=True)
            for block, first, last in zip(blocks, begun, ended, strict=True)
        )
        begun = ended


def _finished(points: array[Any], levels: list[Any]) -> memoryview:
    """Let the outer levels reach to infinity: a breakpoint at an open end is none. Give the breakpoints that stay."""
    kind = points.typecode
    lowest, highest = ends_of(kind)
    if points and points[0] == lowest:
        del points[0], levels[0]
    if points and points[-1] == highest:
        del points[-1], levels[-1]
    if kind == "d":
        points = array(kind, [x + 0.0 for x in points])  # -0.0 is 0.0
    return memoryview(points).toreadonly()
