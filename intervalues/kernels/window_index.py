"""The index of windows: prefix sums and pyramids of extremes, with which any window costs O(log n)."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate, islice, repeat
from operator import mul, sub
from typing import Any

Exact = Callable[[Sequence[Any]], tuple[Sequence[Any], int]]

WIDTH = 16  # levels under one of the next storey of a pyramid


class WindowIndex:
    """Answers about windows of a step function: each part is built when it is first needed, in O(n), and kept.

    `exact` gives numbers as ints or Fractions over one denominator.
    """

    __slots__ = ("_exact", "_levels", "_points", "_pyramids", "_sums")

    def __init__(self, points: Sequence[Any], levels: Sequence[Any], exact: Exact) -> None:
        self._points = points
        self._levels = levels
        self._exact = exact
        self._sums: tuple[Sequence[Any], list[Any], int, int] | None = None
        self._pyramids: dict[str, list[Sequence[Any]]] = {}

    def totals(self, starts: Sequence[Any], stops: Sequence[Any]) -> tuple[list[Any], int]:
        """Give the exact sum of level times length in bounded windows: numerators over one denominator. O(m log n).

        Up to x the sum is `level * x` less, for each breakpoint before x, the change of the level there times the
        breakpoint, but for a constant that no window sees.
        """
        if self._sums is None:
            self._sums = self._prefix_sums()
        levels, before, points_scale, levels_scale = self._sums
        ends, scale = self._exact([*starts, *stops])
        places = map(bisect_right, repeat(self._points), [*starts, *stops])
        reached = [levels[i] * x * points_scale - before[i] * scale for i, x in zip(places, ends, strict=True)]
        count = len(starts)
        return list(map(sub, islice(reached, count, None), reached)), scale * points_scale * levels_scale

    def _prefix_sums(self) -> tuple[Sequence[Any], list[Any], int, int]:
        points, points_scale = self._exact(self._points)
        levels, levels_scale = self._exact(self._levels)
        changes = map(sub, islice(levels, 1, None), levels)
        return levels, list(accumulate(map(mul, changes, points), initial=0)), points_scale, levels_scale

    def extremes(self, starts: Sequence[Any], stops: Sequence[Any], which: str) -> list[Any]:
        """Give the "max" or "min" of the levels in windows, which may be unbounded. O(m log n)."""
        better: Callable[..., Any] = max if which == "max" else min
        pyramid = self._pyramids.get(which) or self._pyramids.setdefault(which, self._pyramid(better))
        found = []
        for start, stop in zip(starts, stops, strict=True):
            first = 0 if is_open(start) else bisect_right(self._points, start)
            last = len(self._points) if is_open(stop) else bisect_left(self._points, stop)
            found.append(better(covering(pyramid, first, last + 1)))
        return found

    def _pyramid(self, better: Callable[..., Any]) -> list[Sequence[Any]]:
        """Put upon the levels the best of each 16 of them, upon those the best of each 16, and so on."""
        storeys = [self._levels]
        while len(below := storeys[-1]) > 2 * WIDTH:
            storeys.append([better(below[first : first + WIDTH]) for first in range(0, len(below), WIDTH)])
        return storeys


def is_open(x: Any) -> bool:
    """Tell whether a window has no such end."""
    return type(x) is float and math.isinf(x)


def covering(pyramid: list[Sequence[Any]], first: int, last: int) -> list[Any]:
    """Give a few items whose best is that of the levels from `first` to `last`. O(log n)."""
    #    storey 1         [      a       )[      b       )
    #    storey 0   ..[   |              |               |    )..     both edges, and what stands upon the rest
    #                first                                  last
    found: list[Any] = []
    storeys = iter(pyramid)
    storey = next(storeys)
    while last - first > 2 * WIDTH:
        above, below = -(-first // WIDTH), last // WIDTH
        found += storey[first : above * WIDTH]
        found += storey[below * WIDTH : last]
        first, last, storey = above, below, next(storeys)
    found += storey[first:last]
    return found
