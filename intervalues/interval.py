"""One valued interval, as a named tuple."""

import datetime as dt
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, overload

if TYPE_CHECKING:
    from .collection import IntervalCollection

# What the public classes are generic over: docs/types.md tells what the types mean.
C = TypeVar("C")  # of coordinates
V = TypeVar("V")  # of values
K = TypeVar("K")  # of the keys of groups
C_co = TypeVar("C_co", covariant=True)
V_co = TypeVar("V_co", covariant=True)


def difference(start: Any, stop: Any) -> Any:
    """Give `stop - start`, of aware times as instants and of Decimals whatever the ambient context."""
    if Decimal in (type(start), type(stop)) and isinstance(start, Decimal | int) and isinstance(stop, Decimal | int):
        from .values import exact_difference  # numbers are told apart behind the door, which knows of intervals

        return exact_difference(stop, start)
    return instant(stop) - instant(start)


def instant(x: Any) -> Any:
    """Give an aware datetime in UTC, since within one zone Python subtracts and compares clocks; all else as it is."""
    return x.astimezone(dt.UTC) if isinstance(x, dt.datetime) and x.utcoffset() is not None else x


def before(a: Any, b: Any) -> bool:
    """Tell whether one coordinate lies before another, open ends included."""
    if a == -math.inf or b == math.inf:
        return bool(a != b)
    return bool(a != math.inf and b != -math.inf and instant(a) < instant(b))


class Fields(NamedTuple, Generic[C_co, V_co]):
    """What an interval is made of."""

    start: C_co
    stop: C_co
    value: V_co = 1  # type: ignore[assignment]  # as `Interval.__new__` says


class Interval(Fields[C_co, V_co]):
    """A valued interval: worth `value` at every point `start <= x < stop`.

    It unpacks, sorts, hashes and pickles as the tuple it is, and checks nothing: combining does.
    `+`, `-` and `*` build collections, so that no tuple arithmetic happens by accident.

    >>> stay = Interval(9, 12, 2)
    >>> stay.length, 9 in stay, 12 in stay
    (3, True, False)
    >>> stay + Interval(11, 13)
    IntervalCollection([(9, 11, 2), (11, 12, 3), (12, 13, 1)])
    """

    __slots__ = ()
    __array_ufunc__ = None

    if TYPE_CHECKING:  # without a value it is an int; for mypy `Interval` alone is one of Any

        @overload
        def __new__(cls, start: C, stop: C) -> "Interval[C, int]": ...  # type: ignore[misc]
        @overload
        def __new__(cls, start: C, stop: C, value: V) -> "Interval[C, V]": ...  # type: ignore[misc]
        def __new__(cls, start: Any, stop: Any, value: Any = 1) -> Any: ...

    @property
    def length(self) -> Any:
        """What `stop - start` gives: a number, a timedelta; `inf` where an end is open. O(1).

        Raises what the subtraction does; of aware datetimes it is elapsed time.

        >>> Interval(9, 12.5).length
        3.5
        """
        if self.start in (-math.inf, math.inf) or self.stop in (-math.inf, math.inf):
            return math.inf if self.start != self.stop else 0
        return difference(self.start, self.stop)

    def __contains__(self, x: object) -> bool:
        """Tell whether the coordinate `x` lies inside: `start <= x < stop`. O(1). Raises what comparing does."""
        return not before(x, self.start) and before(x, self.stop)

    def overlaps(self, other: "Interval[Any, Any]") -> bool:
        """Tell whether some point lies in both; touching is not overlapping: `[a )b` and `[b )c` do not. O(1).

        TypeError for what is no Interval; else raises what comparing does.

        >>> Interval(9, 12).overlaps(Interval(11, 13)), Interval(9, 12).overlaps(Interval(12, 13))
        (True, False)
        """
        if not isinstance(other, Interval):
            raise TypeError(f"{other!r:.60} is no Interval")
        empty = not before(self.start, self.stop) or not before(other.start, other.stop)
        return not empty and before(self.start, other.stop) and before(other.start, self.stop)

    def _collection(self, other: Any) -> "IntervalCollection[Any, Any]":
        """Make a collection of this interval alone, of the side of what it meets."""
        from .collection import IntervalCollection  # collections are made of intervals, so they come later

        met = next(iter(other.values()), None) if isinstance(other, Mapping) else other
        return IntervalCollection([self], closed=met.closed if isinstance(met, IntervalCollection) else "left")

    def __add__(self, other: Any) -> Any:
        return self._collection(other) + other

    def __radd__(self, other: Any) -> Any:
        return other + self._collection(other)

    def __sub__(self, other: Any) -> Any:
        return self._collection(other) - other

    def __rsub__(self, other: Any) -> Any:
        return other - self._collection(other)

    def __mul__(self, other: Any) -> Any:
        return self._collection(other) * other

    def __rmul__(self, other: Any) -> Any:
        return other * self._collection(other)

    def __neg__(self) -> "IntervalCollection[Any, Any]":
        return -self._collection(None)
