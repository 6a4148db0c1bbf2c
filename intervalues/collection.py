"""IntervalCollection: an immutable step function, and `combine_intervals`, which makes one."""

from __future__ import annotations

import heapq
import math
import operator
from collections.abc import Iterable
from typing import Any, Self

from . import algebra, door, lookup, statistics, steps, values
from .columns import Column, Segments, code_column, in_blocks
from .coordinates import quoted
from .interval import Interval
from .options import Options, check_side
from .region import IntervalSet
from .steps import Steps
from .stepwise import Stepwise
from .text import abbreviated


def combine_intervals(
    data: Any = None,
    *,
    start: Any = None,
    stop: Any = None,
    value: Any = None,
    how: str = "sum",
    closed: str = "left",
    step: Any = None,
    digits: int | None = None,
    missing: str = "raise",
) -> IntervalCollection:
    """Combine valued intervals into what they add up to at every point. O(n log n).

    Hand over rows: `data` is any iterable of `(start, stop)`, `(start, stop, value)` or `Interval`s, or an array of
    shape (n, 2) or (n, 3), or one with fields `start`, `stop` and perhaps `value`. Or hand over columns: `start`,
    `stop` and `value` are sequences, arrays or anything with the buffer protocol; a number as `value` goes for every
    row, without it each is worth 1.

    `how`: "sum", or "count" (of the intervals, whatever their values), or "max" or "min" of the covering values.
    `closed`: the side on which intervals contain their end, "left" or "right". "both" and "neither" need `step`, the
    distance of neighbouring coordinates: an int, or a timedelta for times; inclusive days become half-open here.
    `digits`: round float coordinates and values as `round(x, digits)` does, and add them exactly on that grid.
    `missing`: "raise", "drop" the rows, or "open": a missing start is -inf, a missing stop inf.

    Raises ValueError for a reversed row, missing data or a value that is not finite, TypeError for coordinates or
    values that do not mix, OverflowError for a float level beyond the largest float; each names the row or segment.

    >>> planes = combine_intervals([(2, 4, 3), (1, 3, 2)])
    >>> planes
    IntervalCollection([(1, 2, 2), (2, 3, 5), (3, 4, 3)])
    >>> planes[2.5], planes.max(), planes >= 3
    (5, 5, IntervalSet([(2, 4)]))
    >>> combine_intervals(start=[1, 2], stop=[3, math.inf], how="count")
    IntervalCollection([(1, 2, 1), (2, 3, 2), (3, float('inf'), 1)])
    """
    return IntervalCollection._of(door.combine(data, start, stop, value, Options(how, closed, step, digits, missing)))


class IntervalCollection(Stepwise):
    """A step function: a level at every point of the line, zero where nothing covers; immutable.

    `IntervalCollection(rows)` is `combine_intervals(rows)`. Iterating gives the segments, maximal runs of one
    non-zero level, as `Interval`s; `len` counts them. Equal functions are equal and hash alike, however they were
    made. n breakpoints and n + 1 levels are stored, 16 bytes a segment for machine numbers.
    """

    __slots__ = ()
    __module__ = "intervalues"

    def __new__(cls, rows: Iterable[Any] = (), *, closed: str = "left") -> Self:
        """Combine rows; the same as `combine_intervals(rows, closed=closed)`."""
        check_side(closed)
        return cls._of(door.combine(rows, None, None, None, Options(closed=closed)))

    @classmethod
    def from_changes(cls, at: Any, deltas: Any, initial: Any = 0, closed: str = "left") -> IntervalCollection:
        """Make the function that is `initial` at first and changes by `deltas[i]` at `at[i]`. O(n log n).

        `at` needs no order and may repeat.

        >>> IntervalCollection.from_changes([3, 1], [-2, 2])
        IntervalCollection([(1, 3, 2)])
        """
        return cls._of(door.of_changes(at, deltas, initial, closed))

    @classmethod
    def from_levels(cls, at: Any, levels: Any, initial: Any = 0, closed: str = "left") -> IntervalCollection:
        """Make the function that is `initial` at first and `levels[i]` from `at[i]` on. O(n).

        `at` must strictly increase.

        >>> IntervalCollection.from_levels([1, 2, 4], [2, 5, 0])
        IntervalCollection([(1, 2, 2), (2, 4, 5)])
        """
        return cls._of(door.of_levels(at, levels, initial, closed))

    # Looking

    @property
    def breakpoints(self) -> Column:
        """The coordinates at which the level changes, strictly increasing. O(1)."""
        domain = self._steps.domain
        return Column(self._steps.points, domain.decoder, domain.dtype)

    @property
    def levels(self) -> Column:
        """The levels between breakpoints, one more than there are of them: the outer two reach to infinity. O(1)."""
        return Column(self._steps.levels, self._steps.kind.decoder)

    @property
    def support(self) -> IntervalSet:
        """The region where the level is not zero. O(n)."""
        return IntervalSet._of(algebra.region(self._steps, bool))

    def segments(self) -> Segments:
        """Give the segments as columns `starts`, `stops` and `values`. O(n)."""
        return steps.segments(self._steps)

    def __len__(self) -> int:
        """Count the segments. O(n)."""
        return len(self._steps.levels) - operator.countOf(in_blocks(self._steps.levels), 0)

    def __getitem__(self, x: Any) -> Any:
        """Give the level at a coordinate, O(log n); or for `c[a:b]` the function inside a window, 0 outside, O(n).

        >>> planes = IntervalCollection([(2, 4, 3), (1, 3, 2)])
        >>> planes[2], planes[4], planes[2:]
        (5, 0, IntervalCollection([(2, 3, 5), (3, 4, 3)]))
        """
        if not isinstance(x, slice):
            return self._level(steps.level_index(self._steps, lookup.code_at(self._steps, x)))
        if x.step is not None:
            raise TypeError("a window c[a:b] has no step")
        start = -math.inf if x.start is None else x.start
        stop = math.inf if x.stop is None else x.stop
        return type(self)._of(algebra.restricted(self._steps, lookup.window(self.closed, start, stop)))

    def _level(self, index: int) -> Any:
        return self._steps.kind.decode(self._steps.levels[index])

    def at(self, xs: Any) -> Column:
        """Give the levels at many coordinates, any column of them. O(m log n)."""
        codes = lookup.codes_at(self._steps, xs)
        found = [self._steps.levels[steps.level_index(self._steps, code)] for code in codes]
        kind = self._steps.kind
        return Column(code_column(found, kind.typecode), kind.decoder)

    def limit(self, x: Any, side: str) -> Any:
        """Give the level just left or right of a coordinate, whichever side is closed. O(log n)."""
        if side not in steps.SIDES:
            raise ValueError(f"side is {quoted(side)}; it must be left or right")
        return self._level(steps.position(self._steps, lookup.code_at(self._steps, x), side))

    def __contains__(self, x: object) -> bool:
        """Tell whether the level at a coordinate is not zero. O(log n)."""
        return bool(self[x])

    def __repr__(self) -> str:
        return abbreviated(self, tuple)

    # Algebra

    def _with(self, other: Any, operation: values.Operation, swapped: bool = False) -> Any:
        right = operand(other)
        if right is None:
            return NotImplemented
        pair = (right, self._steps) if swapped else (self._steps, right)
        return IntervalCollection._of(algebra.combine(*pair, operation))

    def __add__(self, other: Any) -> IntervalCollection:
        """Add a collection, an Interval, or a number at every point of the line. Exact but for floats. O(n + m)."""
        return self._with(other, operator.add)  # type: ignore[no-any-return]

    def __radd__(self, other: Any) -> IntervalCollection:
        return self._with(other, operator.add, swapped=True)  # type: ignore[no-any-return]

    def __sub__(self, other: Any) -> IntervalCollection:
        """Subtract a collection, an Interval or a number. O(n + m)."""
        return self._with(other, operator.sub)  # type: ignore[no-any-return]

    def __rsub__(self, other: Any) -> IntervalCollection:
        return self._with(other, operator.sub, swapped=True)  # type: ignore[no-any-return]

    def _by(self, other: Any, operation: Any) -> Any:
        number = None if isinstance(other, Stepwise | Interval) else algebra.constant(other)
        return NotImplemented if number is None else operation(self._steps, number)

    def _scaled(self, number: Steps) -> IntervalCollection:
        return IntervalCollection._of(algebra.combine(self._steps, number, operator.mul))

    def __mul__(self, other: Any) -> IntervalCollection:
        """Multiply every level by a number. O(n)."""
        return self._by(other, lambda _, number: self._scaled(number))  # type: ignore[no-any-return]

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> IntervalCollection:
        """Divide every level by a number: ints give floats. ZeroDivisionError for zero. O(n)."""
        return self._by(other, lambda own, number: IntervalCollection._of(algebra.divided(own, number)))  # type: ignore[no-any-return]

    def __neg__(self) -> IntervalCollection:
        return IntervalCollection._of(algebra.negative(self._steps))

    def __pos__(self) -> IntervalCollection:
        return self

    def _where(self, other: Any, comparison: values.Operation) -> Any:
        return self._by(other, lambda own, number: IntervalSet._of(algebra.compared(own, number, comparison)))

    def __gt__(self, other: Any) -> IntervalSet:
        """Give the region where the level is above a number. O(n)."""
        return self._where(other, operator.gt)  # type: ignore[no-any-return]

    def __ge__(self, other: Any) -> IntervalSet:
        return self._where(other, operator.ge)  # type: ignore[no-any-return]

    def __lt__(self, other: Any) -> IntervalSet:
        return self._where(other, operator.lt)  # type: ignore[no-any-return]

    def __le__(self, other: Any) -> IntervalSet:
        return self._where(other, operator.le)  # type: ignore[no-any-return]

    # Statistics

    def integral(self, *, within: Any = None, unit: Any = None) -> Any:
        """Give the exact sum of level times length, rounded once. O(n).

        `within` is (a, b), an Interval or an IntervalSet, without it the span. Over times the length is counted in
        `unit`, a timedelta: one second by default, one day for dates. ValueError where a level that is not zero
        reaches to infinity.

        >>> IntervalCollection([(2, 4, 3), (1, 3, 2)]).integral()
        10
        """
        if within is None and not len(self._steps.points) and not self._steps.levels[0]:
            return self._level(0)
        return statistics.integral(self._steps, self._within(within), unit)

    def mean(self, *, within: Any = None) -> Any:
        """Give the time-weighted mean: the integral over the length, gaps counted as 0. O(n).

        >>> IntervalCollection([(0, 1, 3), (2, 4, 3)]).mean()
        2.25
        """
        return statistics.mean(self._steps, self._within(within))

    def max(self, *, within: Any = None) -> Any:
        """Give the highest level, gaps counted as 0. O(n)."""
        return statistics.extreme(self._steps, self._within(within), max)

    def min(self, *, within: Any = None) -> Any:
        """Give the lowest level, gaps counted as 0. O(n)."""
        return statistics.extreme(self._steps, self._within(within), min)

    def argmax(self, *, within: Any = None) -> IntervalSet:
        """Give the region where the level is highest. O(n).

        >>> IntervalCollection([(2, 4, 3), (1, 3, 2)]).argmax()
        IntervalSet([(2, 3)])
        """
        return IntervalSet._of(statistics.argextreme(self._steps, self._within(within), max))

    def nlargest(self, n: int, *, within: Any = None) -> list[Interval]:
        """Give the n highest segments, the earlier first where they are equally high. O(m log n) for m segments."""
        if not isinstance(n, int) or isinstance(n, bool):
            raise TypeError(f"n is {quoted(n)}; it must be an int")
        inside = steps.segments(algebra.restricted(self._steps, self._within(within)))
        return heapq.nlargest(n, inside, key=operator.attrgetter("value"))

    def _within(self, within: Any) -> Steps:
        return lookup.region_within(self._steps, within)


def operand(other: Any) -> Steps | None:
    """Give what can be added to a collection as a step function, None if it cannot."""
    if isinstance(other, IntervalCollection):
        return other._steps
    if isinstance(other, Interval):
        return IntervalCollection([other])._steps
    return None if isinstance(other, Stepwise) else algebra.constant(other)
