"""IntervalSet: an immutable region, held as the step function that is 1 inside and 0 outside."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from functools import reduce
from typing import TYPE_CHECKING, Any, Self, overload

from . import door, lookup, statistics, steps
from .algebra import combine, extreme, support
from .columns import Segments, code_column, objects
from .interval import C_co
from .operations import AND, OR, WITHOUT, XOR, Operation
from .options import Options, check_side
from .stepwise import Stepwise
from .text import abbreviated, pictured
from .values import INT

if TYPE_CHECKING:
    from .parameters import D, Inside, P, Rows, Side, T

EVERYWHERE = steps.ZERO._replace(levels=code_column([1], "q"))


class IntervalSet(Stepwise[C_co, int]):
    """A set of points, as a union of disjoint intervals; immutable.

    `intervals` are rows (start, stop) or `Interval`s, in any order and overlapping at will; O(n log n). `closed` is
    the side, "left" or "right", on which they contain their end. Values are ignored. Raises as `combine_intervals`
    does; regions that differ in domain (TypeError) or side (ValueError) do not mix.

    >>> open_hours = IntervalSet([(9, 12), (13, 17)])
    >>> 12 in open_hours, open_hours.length
    (False, 7)
    >>> open_hours & IntervalSet([(11, 14)])
    IntervalSet([(11, 12), (13, 14)])
    """

    __slots__ = ()
    __module__ = "intervalues"
    _valued = False

    @overload
    def __new__(cls, intervals: IntervalSet[D], *, closed: Side = "left") -> IntervalSet[D]: ...
    @overload
    def __new__(cls, intervals: Rows[P, Any], *, closed: Side = "left") -> IntervalSet[P]: ...
    @overload
    def __new__(cls, intervals: Rows[T | float, Any], *, closed: Side = "left") -> IntervalSet[T | float]: ...  # type: ignore[overload-cannot-match]
    @overload
    def __new__(cls, intervals: Iterable[Any] = (), *, closed: Side = "left") -> IntervalSet[Any]: ...
    def __new__(cls, intervals: Iterable[Any] = (), *, closed: Side = "left") -> Any:
        """Make the union of the intervals. O(n log n)."""
        check_side(closed)
        if intervals is None:
            raise TypeError("intervals is None; it must be an iterable of (start, stop)")
        if isinstance(intervals, IntervalSet) and intervals.closed == closed:
            return cls._of(intervals._steps)
        covering = door.combine(intervals, None, None, None, Options(how="count", closed=closed))
        return cls._of(support(covering))

    @property
    def _region(self) -> steps.Steps:
        """What statistics take as `within`."""
        return self._steps

    @property
    def length(self) -> Any:
        """The sum of the lengths: a number or timedelta, exact and rounded once; `inf` if unbounded. O(n).

        TypeError for coordinates that have no lengths.

        >>> IntervalSet([(9, 12), (13, 17)]).length
        7
        """
        return statistics.total_length(self._steps)

    @overload
    def gaps(self) -> IntervalSet[C_co]: ...
    @overload
    def gaps(self, within: Inside[P]) -> IntervalSet[C_co | P]: ...
    @overload
    def gaps(self, within: Inside[Any] | None) -> IntervalSet[Any]: ...
    def gaps(self, within: Any = None) -> IntervalSet[Any]:
        """Give what lies between the intervals, or outside them in `within`: (a, b), an Interval or IntervalSet. O(n).

        >>> IntervalSet([(9, 12), (13, 17)]).gaps()
        IntervalSet([(12, 13)])
        """
        if within is None and not len(self._steps.points):
            return IntervalSet(closed=self.closed)
        return IntervalSet._of(lookup.region_within(self._steps, within)) - self

    def segments(self) -> Segments[C_co, int]:
        """Give the intervals as columns `starts`, `stops` and `values`, the last all 1. O(n).

        >>> IntervalSet([(9, 12), (13, 17)]).segments().starts
        Column([9, 13])
        """
        return steps.segments(self._steps)

    def __contains__(self, x: object) -> bool:
        """Tell whether a point lies in the region. O(log n).

        TypeError for what is no coordinate of this domain, ValueError for a missing one.
        """
        return bool(self._steps.levels[steps.level_index(self._steps, lookup.code_at(self._steps, x))])

    def __len__(self) -> int:
        """Count the intervals. O(n)."""
        return steps.count_segments(self._steps)

    # Set algebra: operators take regions, methods whatever makes one, as those of Python's sets do

    def _merged(self, other: object, operation: Operation) -> Any:
        if not isinstance(other, IntervalSet):
            return NotImplemented
        return IntervalSet._of(combine(self._steps, other._steps, operation))

    def __or__(self, other: IntervalSet[D]) -> IntervalSet[C_co | D]:
        """Give the points of either region. O(n + m), as all of these."""
        return self._merged(other, OR)  # type: ignore[no-any-return]

    def __and__(self, other: IntervalSet[D]) -> IntervalSet[C_co | D]:
        """Give the points of both regions."""
        return self._merged(other, AND)  # type: ignore[no-any-return]

    def __xor__(self, other: IntervalSet[D]) -> IntervalSet[C_co | D]:
        """Give the points of exactly one region."""
        return self._merged(other, XOR)  # type: ignore[no-any-return]

    def __sub__(self, other: IntervalSet[D]) -> IntervalSet[C_co | D]:
        """Give the points of this region that are not in the other."""
        return self._merged(other, WITHOUT)  # type: ignore[no-any-return]

    def __invert__(self) -> IntervalSet[C_co | float]:
        """Give the complement, to both infinities. O(n).

        >>> ~IntervalSet([(9, 12)])
        IntervalSet([(float('-inf'), 9), (12, float('inf'))])
        """
        return IntervalSet._of(combine(self._steps, EVERYWHERE, XOR))

    def __le__(self, other: IntervalSet[Any]) -> bool:
        """Tell whether every point of this region is in the other. O(n + m), as all of these.

        >>> IntervalSet([(9, 12)]) <= IntervalSet([(8, 18)])
        True
        """
        return NotImplemented if not isinstance(other, IntervalSet) else not self - other

    def __lt__(self, other: IntervalSet[Any]) -> bool:
        """Tell whether this region is part of the other, and not all of it."""
        return NotImplemented if not isinstance(other, IntervalSet) else self <= other and self != other

    def __ge__(self, other: IntervalSet[Any]) -> bool:
        """Tell whether this region holds every point of the other."""
        return NotImplemented if not isinstance(other, IntervalSet) else other <= self

    def __gt__(self, other: IntervalSet[Any]) -> bool:
        """Tell whether this region holds every point of the other, and more."""
        return NotImplemented if not isinstance(other, IntervalSet) else other < self

    @overload
    def union(self, *others: IntervalSet[D]) -> IntervalSet[C_co | D]: ...
    @overload
    def union(self, *others: Rows[P, Any]) -> IntervalSet[C_co | P]: ...
    @overload
    def union(self, *others: Iterable[Any]) -> IntervalSet[Any]: ...
    def union(self, *others: Iterable[Any]) -> IntervalSet[Any]:
        """Give the points of any of these regions, each an IntervalSet or what makes one. O(n log k) for k regions.

        >>> IntervalSet([(9, 12)]).union([(11, 13)], [(20, 21)])
        IntervalSet([(9, 13), (20, 21)])
        """
        return IntervalSet._of(extreme([self._steps, *(self._like(other)._steps for other in others)], OR))

    @overload
    def intersection(self, *others: IntervalSet[D]) -> IntervalSet[C_co | D]: ...
    @overload
    def intersection(self, *others: Rows[P, Any]) -> IntervalSet[C_co | P]: ...
    @overload
    def intersection(self, *others: Iterable[Any]) -> IntervalSet[Any]: ...
    def intersection(self, *others: Iterable[Any]) -> IntervalSet[Any]:
        """Give the points of all of these regions. O(n) for each.

        >>> IntervalSet([(9, 12)]).intersection([(8, 11)], [(10, 20)])
        IntervalSet([(10, 11)])
        """
        return reduce(operator.and_, map(self._like, others), self)

    @overload
    def difference(self, *others: IntervalSet[D]) -> IntervalSet[C_co | D]: ...
    @overload
    def difference(self, *others: Rows[P, Any]) -> IntervalSet[C_co | P]: ...
    @overload
    def difference(self, *others: Iterable[Any]) -> IntervalSet[Any]: ...
    def difference(self, *others: Iterable[Any]) -> IntervalSet[Any]:
        """Give the points of this region that are in none of the others. O(n) for each.

        >>> IntervalSet([(9, 12)]).difference([(10, 11)])
        IntervalSet([(9, 10), (11, 12)])
        """
        return reduce(operator.sub, map(self._like, others), self)

    @overload
    def symmetric_difference(self, other: IntervalSet[D]) -> IntervalSet[C_co | D]: ...
    @overload
    def symmetric_difference(self, other: Rows[P, Any]) -> IntervalSet[C_co | P]: ...
    @overload
    def symmetric_difference(self, other: Iterable[Any]) -> IntervalSet[Any]: ...
    def symmetric_difference(self, other: Iterable[Any]) -> IntervalSet[Any]:
        """Give the points of exactly one of two regions. O(n + m).

        >>> IntervalSet([(9, 12)]).symmetric_difference([(10, 14)])
        IntervalSet([(9, 10), (12, 14)])
        """
        return self ^ self._like(other)

    def issubset(self, other: Iterable[Any]) -> bool:
        """Tell whether every point of this region is in the other. O(n + m).

        >>> IntervalSet([(9, 12)]).issubset([(8, 18)])
        True
        """
        return self <= self._like(other)

    def issuperset(self, other: Iterable[Any]) -> bool:
        """Tell whether this region holds every point of the other. O(n + m).

        >>> IntervalSet([(9, 12)]).issuperset([(9, 10), (11, 13)])
        False
        """
        return self >= self._like(other)

    def isdisjoint(self, other: Iterable[Any]) -> bool:
        """Tell whether no point is in both regions: touching is not overlapping. O(n + m).

        >>> IntervalSet([(9, 12)]).isdisjoint([(12, 13)])
        True
        """
        return not self & self._like(other)

    def _like(self, intervals: Iterable[Any]) -> IntervalSet[Any]:
        return intervals if isinstance(intervals, IntervalSet) else IntervalSet(intervals, closed=self.closed)

    def __repr__(self) -> str:
        return abbreviated(self, lambda interval: (interval.start, interval.stop))

    def __str__(self) -> str:
        """Show what there is in a line, and where in another. O(n).

        >>> print(IntervalSet([(9, 12), (13, 17)]))
        IntervalSet: 2 intervals from 9 to 17
        ███████████████████████        ██████████████████████████████
        """
        return pictured("IntervalSet", "interval", self._steps)

    def _repr_html_(self) -> str:
        """Give what notebooks show: a picture of the region, and a table of the first intervals. O(n)."""
        from . import notebook  # late: few look, and the modules of pictures need not be loaded by the others

        return notebook.pictured("IntervalSet", "interval", self._steps)

    def plot(self, ax: Any = None) -> Any:
        """Draw the intervals with matplotlib as spans of full height, into `ax` or the current axes, given back. O(n).

        So they show where something holds in the plot of a collection. All else is as in `IntervalCollection.plot`.

        >>> axes = IntervalSet([(9, 12), (13, 17)]).plot()
        >>> axes.get_xlim()[1] > 17
        True
        """
        from . import plotting

        return plotting.plotted(self._steps, ax, region=True)

    @classmethod
    def _unpickled(cls, *state: Any) -> Self:
        unpickled = super()._unpickled(*state)
        if not is_region(unpickled._steps):
            from pickle import UnpicklingError  # late, as in `Stepwise`

            raise UnpicklingError("this is no pickled IntervalSet: its levels are not 0 and 1")
        return unpickled

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read the JSON form, and check it in full. O(n). ValueError if the text is none of a region."""
        found = super().from_json(text)
        if not is_region(found._steps):
            raise ValueError("this is no JSON of an IntervalSet: its levels are not 0 and 1")
        return found


def is_region(held: steps.Steps) -> bool:
    """Tell whether levels are 0 and 1."""
    return held.kind is INT and set(objects(held.levels)) <= {0, 1}
