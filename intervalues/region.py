"""IntervalSet: an immutable region, held as the step function that is 1 inside and 0 outside."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import Any, Self

from . import door, lookup, statistics, steps
from .algebra import merged_regions, region
from .columns import Segments, in_blocks, objects
from .options import Options, check_side
from .stepwise import Stepwise
from .text import abbreviated
from .values import INT


class IntervalSet(Stepwise):
    """A set of points, as a union of disjoint intervals; immutable.

    `intervals` are rows (start, stop) or `Interval`s, in any order and overlapping at will; O(n log n). `closed` is
    the side, "left" or "right", on which they contain their end. Values are ignored.

    >>> open_hours = IntervalSet([(9, 12), (13, 17)])
    >>> 12 in open_hours, open_hours.length
    (False, 7)
    >>> open_hours & IntervalSet([(11, 14)])
    IntervalSet([(11, 12), (13, 14)])
    """

    __slots__ = ()
    __module__ = "intervalues"

    def __new__(cls, intervals: Iterable[Any] = (), *, closed: str = "left") -> Self:
        """Make the union of the intervals."""
        check_side(closed)
        if isinstance(intervals, IntervalSet) and intervals.closed == closed:
            return cls._of(intervals._steps)
        covering = door.combine(intervals, None, None, None, Options(how="count", closed=closed))
        return cls._of(region(covering, bool))

    @property
    def _region(self) -> steps.Steps:
        """What statistics take as `within`."""
        return self._steps

    @property
    def length(self) -> Any:
        """The sum of the lengths: a number or timedelta, exact and rounded once; `inf` if unbounded. O(n)."""
        return statistics.total_length(self._steps)

    def gaps(self, within: Any = None) -> IntervalSet:
        """Give what lies between the intervals, or outside them in `within`: (a, b), an Interval or IntervalSet. O(n).

        >>> IntervalSet([(9, 12), (13, 17)]).gaps()
        IntervalSet([(12, 13)])
        """
        if within is None and not len(self._steps.points):
            return IntervalSet(closed=self.closed)
        return IntervalSet._of(lookup.region_within(self._steps, within)) - self

    def segments(self) -> Segments:
        """Give the intervals as columns `starts`, `stops` and `values`, the last all 1. O(n)."""
        return steps.segments(self._steps)

    def __contains__(self, x: object) -> bool:
        """Tell whether a point lies in the region. O(log n)."""
        return bool(self._steps.levels[steps.level_index(self._steps, lookup.code_at(self._steps, x))])

    def __len__(self) -> int:
        """Count the intervals. O(n)."""
        return sum(in_blocks(self._steps.levels))

    def _merged(self, other: object, operation: Any) -> Any:
        if not isinstance(other, IntervalSet):
            return NotImplemented
        return IntervalSet._of(merged_regions(self._steps, other._steps, operation))

    def __or__(self, other: object) -> IntervalSet:
        return self._merged(other, operator.or_)  # type: ignore[no-any-return]

    def __and__(self, other: object) -> IntervalSet:
        return self._merged(other, operator.and_)  # type: ignore[no-any-return]

    def __xor__(self, other: object) -> IntervalSet:
        return self._merged(other, operator.xor)  # type: ignore[no-any-return]

    def __sub__(self, other: object) -> IntervalSet:
        return self._merged(other, lambda x, y: x & (1 - y))  # type: ignore[no-any-return]

    def __invert__(self) -> IntervalSet:
        return IntervalSet._of(region(self._steps, operator.not_))

    def __repr__(self) -> str:
        return abbreviated(self, lambda interval: (interval.start, interval.stop))

    @classmethod
    def _unpickled(cls, *state: Any) -> Self:
        unpickled = super()._unpickled(*state)
        if unpickled._steps.kind is not INT or not set(objects(unpickled._steps.levels)) <= {0, 1}:
            from pickle import UnpicklingError  # late, as in `Stepwise`

            raise UnpicklingError("this is no pickled IntervalSet: its levels are not 0 and 1")
        return unpickled
