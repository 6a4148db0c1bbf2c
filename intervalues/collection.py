"""IntervalCollection: an immutable step function."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Self, overload

from . import algebra, changes, door, lookup, scheduling, steps
from .columns import Column, Segments
from .coordinates import quoted
from .interval import C_co, Interval, V_co
from .measured import Measured
from .operations import (
    ABOVE,
    ADD,
    AT_LEAST,
    AT_MOST,
    BELOW,
    EQUAL,
    MAXIMUM,
    MULTIPLY,
    SUBTRACT,
    Operation,
)
from .options import Options, check_side
from .region import IntervalSet
from .steps import ZERO, Steps
from .stepwise import Stepwise
from .text import abbreviated, pictured

if TYPE_CHECKING:
    import datetime as dt
    from decimal import Decimal
    from typing import Literal, Never

    from .interval import C, V
    from .parameters import D, Inside, N, Number, Operand, P, Pairs, Rows, Side, T, Triples, W


class IntervalCollection(Measured[C_co, V_co]):
    """A step function: a level at every point of the line, zero where nothing covers; immutable.

    `IntervalCollection(rows)` is `combine_intervals(rows)`. Iterating gives the segments, maximal runs of one
    non-zero level, as `Interval`s; `len` counts them. Equal functions are equal and hash alike, however they were
    made. n breakpoints and n + 1 levels are stored, 16 bytes a segment for machine numbers.

    >>> planes = IntervalCollection([(2, 4, 3), (1, 3, 2)])
    >>> list(planes)
    [Interval(start=1, stop=2, value=2), Interval(start=2, stop=3, value=5), Interval(start=3, stop=4, value=3)]
    >>> len(planes), planes == IntervalCollection(planes)
    (3, True)
    """

    __slots__ = ()
    __module__ = "intervalues"

    @overload
    def __new__(cls, rows: Iterable[Never], *, closed: Side = "left") -> IntervalCollection[Any, Any]: ...
    @overload
    def __new__(cls, rows: IntervalCollection[C, V], *, closed: Side = "left") -> IntervalCollection[C, V]: ...
    @overload
    def __new__(cls, rows: Pairs[P], *, closed: Side = "left") -> IntervalCollection[P, int]: ...  # type: ignore[overload-overlap]
    @overload
    def __new__(cls, rows: Triples[P, N], *, closed: Side = "left") -> IntervalCollection[P, N]: ...  # type: ignore[overload-overlap]
    @overload
    def __new__(cls, rows: Rows[P, N], *, closed: Side = "left") -> IntervalCollection[P, N | int]: ...
    @overload
    def __new__(cls, rows: Pairs[T | float], *, closed: Side = "left") -> IntervalCollection[T | float, int]: ...  # type: ignore[overload-cannot-match]
    @overload
    def __new__(cls, rows: Triples[T | float, N], *, closed: Side = "left") -> IntervalCollection[T | float, N]: ...  # type: ignore[overload-cannot-match]
    @overload
    def __new__(cls, rows: Iterable[Any] = (), *, closed: Side = "left") -> IntervalCollection[Any, Any]: ...
    def __new__(cls, rows: Iterable[Any] = (), *, closed: Side = "left") -> Any:
        """Combine rows; the same as `combine_intervals(rows, closed=closed)`, and raises as it does. O(n log n)."""
        check_side(closed)
        if rows is None:
            raise TypeError("rows is None; it must be an iterable of (start, stop, value)")
        return cls._of(door.combine(rows, None, None, None, Options(closed=closed)))

    @overload
    @classmethod
    def from_changes(
        cls, at: Iterable[P], deltas: Iterable[N], initial: int = 0, closed: Side = "left"
    ) -> IntervalCollection[P | float, N]: ...
    @overload
    @classmethod
    def from_changes(
        cls, at: Iterable[Any], deltas: Iterable[Any], initial: Number = 0, closed: Side = "left"
    ) -> IntervalCollection[Any, Any]: ...
    @classmethod
    def from_changes(
        cls, at: Any, deltas: Any, initial: Any = 0, closed: Side = "left"
    ) -> IntervalCollection[Any, Any]:
        """Make the function that is `initial` at first and changes by `deltas[i]` at `at[i]`. O(n log n).

        `at` needs no order and may repeat. ValueError for columns of different length and what is missing, TypeError
        for coordinates or values that do not mix; both name the row.

        >>> IntervalCollection.from_changes([3, 1], [-2, 2])
        IntervalCollection([(1, 3, 2)])
        """
        return cls._of(changes.of_changes(at, deltas, initial, closed))

    @overload
    @classmethod
    def from_levels(
        cls, at: Iterable[P], levels: Iterable[N], initial: int = 0, closed: Side = "left"
    ) -> IntervalCollection[P | float, N]: ...
    @overload
    @classmethod
    def from_levels(
        cls, at: Iterable[Any], levels: Iterable[Any], initial: Number = 0, closed: Side = "left"
    ) -> IntervalCollection[Any, Any]: ...
    @classmethod
    def from_levels(cls, at: Any, levels: Any, initial: Any = 0, closed: Side = "left") -> IntervalCollection[Any, Any]:
        """Make the function that is `initial` at first and `levels[i]` from `at[i]` on. O(n).

        `at` must strictly increase. ValueError if it does not, for columns of different length and what is missing,
        TypeError for coordinates or values that do not mix; both name the row.

        >>> IntervalCollection.from_levels([1, 2, 4], [2, 5, 0])
        IntervalCollection([(1, 2, 2), (2, 4, 5)])
        """
        return cls._of(changes.of_levels(at, levels, initial, closed))

    # Looking

    @property
    def breakpoints(self) -> Column[C_co]:
        """The coordinates at which the level changes, strictly increasing. O(1).

        >>> IntervalCollection([(2, 4, 3), (1, 3, 2)]).breakpoints
        Column([1, 2, 3, 4])
        """
        domain = self._steps.domain
        return Column(self._steps.points, domain.decoder, domain.dtype)

    @property
    def levels(self) -> Column[V_co]:
        """The levels between breakpoints, one more than there are of them: the outer two reach to infinity. O(1).

        >>> IntervalCollection([(2, 4, 3), (1, 3, 2)]).levels
        Column([0, 2, 5, 3, 0])
        """
        return Column(self._steps.levels, self._steps.kind.decoder)

    @property
    def support(self) -> IntervalSet[C_co]:
        """The region where the level is not zero. O(n).

        >>> IntervalCollection([(2, 4, 3), (1, 3, 2), (7, 8)]).support
        IntervalSet([(1, 4), (7, 8)])
        """
        return IntervalSet._of(algebra.support(self._steps))

    def segments(self) -> Segments[C_co, V_co]:
        """Give the segments as columns `starts`, `stops` and `values`. O(n).

        >>> IntervalCollection([(2, 4, 3), (1, 3, 2)]).segments().values
        Column([2, 5, 3])
        """
        return steps.segments(self._steps)

    def __len__(self) -> int:
        """Count the segments. O(n)."""
        return steps.count_segments(self._steps)

    @overload
    def __getitem__(self, x: slice[P | None, P | None, None]) -> IntervalCollection[C_co | P, V_co]: ...
    @overload
    def __getitem__(self, x: slice[Any, Any, None]) -> IntervalCollection[Any, V_co]: ...
    @overload
    def __getitem__(self, x: Any) -> V_co: ...
    def __getitem__(self, x: Any) -> Any:
        """Give the level at a coordinate, O(log n); or for `c[a:b]` the function inside a window, 0 outside, O(n).

        TypeError for what is no coordinate of this domain, ValueError for a missing one and a reversed window. `None`
        in a window is no end.

        >>> planes = IntervalCollection([(2, 4, 3), (1, 3, 2)])
        >>> planes[2], planes[4], planes[2:]
        (5, 0, IntervalCollection([(2, 3, 5), (3, 4, 3)]))
        """
        if not isinstance(x, slice):
            own = self._steps
            return own.kind.decode(own.levels[steps.level_index(own, lookup.code_at(own, x))])
        if x.step is not None:
            raise TypeError("a window c[a:b] has no step")
        start = -math.inf if x.start is None else x.start
        stop = math.inf if x.stop is None else x.stop
        return type(self)._of(algebra.restricted(self._steps, lookup.window(self.closed, start, stop)))

    def _level(self, index: int) -> Any:
        return self._steps.kind.decode(self._steps.levels[index])

    def at(self, xs: Iterable[Any]) -> Column[V_co]:
        """Give the levels at many coordinates, any column of them. O(m log n) for m of them.

        TypeError for what is no coordinate of this domain, ValueError for a missing one; both name the row.

        >>> IntervalCollection([(2, 4, 3), (1, 3, 2)]).at([0, 2, 3.5])
        Column([0, 5, 3])
        """
        return Column(lookup.levels_at(self._steps, xs), self._steps.kind.decoder)

    def limit(self, x: Any, side: Side) -> V_co:
        """Give the level just left or right of a coordinate, whichever side is closed. O(log n).

        `side` is "left" or "right"; ValueError for any other. Raises for coordinates as `c[x]` does.

        >>> planes = IntervalCollection([(2, 4, 3), (1, 3, 2)])
        >>> planes.limit(2, "left"), planes.limit(2, "right")
        (2, 5)
        """
        if side not in steps.SIDES:
            raise ValueError(f"side is {quoted(side)}; it must be left or right")
        level: V_co = self._level(steps.position(self._steps, lookup.code_at(self._steps, x), side == "right"))
        return level

    def __contains__(self, x: object) -> bool:
        """Tell whether the level at a coordinate is not zero. O(log n). Raises as `c[x]` does."""
        return bool(self[x])

    def __repr__(self) -> str:
        return abbreviated(self, tuple)

    def __str__(self) -> str:
        """Show what there is in a line, and a sparkline of the levels under it. O(n).

        A character stands for a stretch of the axis, as high as the level there that is furthest from zero, and blank
        for zero; without lengths each piece is one. Where a level has no end, the line goes beyond the breakpoints.

        >>> print(IntervalCollection([(8, 12), (9, 11), (14, 16)]))
        IntervalCollection: 4 segments from 8 to 16, levels from 0 to 2
        ▄▄▄▄▄▄▄▄███████████████▄▄▄▄▄▄▄▄               ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄
        """
        return pictured("IntervalCollection", "segment", self._steps)

    def _repr_html_(self) -> str:
        """Give what notebooks show: a picture of the step function, and a table of the first segments. O(n)."""
        from . import notebook  # late: few look, and the modules of pictures need not be loaded by the others

        return notebook.pictured("IntervalCollection", "segment", self._steps)

    def plot(self, ax: Any = None) -> Any:
        """Draw the steps with matplotlib, into `ax` or the current axes, which are given back. O(n).

        Where a level has no end, it goes to the edge of whatever is shown. Times are on a date axis, in the shown
        zone; what has no lengths stands at 0, 1, 2 and so on. Over 8,000 breakpoints are drawn as the lowest and
        highest level of each of 4,000 columns. ImportError without matplotlib, the extra `plot`; TypeError if `ax` are
        no axes; OverflowError for numbers with which matplotlib cannot reckon.

        >>> axes = IntervalCollection([(8, 12), (9, 11), (14, 16)]).plot()
        >>> axes.get_xlim()[0] < 8 < 16 < axes.get_xlim()[1]
        True
        """
        from . import plotting

        return plotting.plotted(self._steps, ax, region=False)

    # Algebra

    def _with(self, other: Any, operation: Operation, swapped: bool = False) -> Any:
        right = operand(other, self.closed)
        if right is None:
            return NotImplemented
        pair = (right, self._steps) if swapped else (self._steps, right)
        return IntervalCollection._of(algebra.combine(*pair, operation))

    @overload
    def __add__(self, other: int) -> IntervalCollection[C_co | float, V_co]: ...
    @overload
    def __add__(self, other: N) -> IntervalCollection[C_co | float, V_co | N]: ...
    @overload
    def __add__(self, other: Operand[D, Never]) -> IntervalCollection[C_co | D, Any]: ...
    @overload
    def __add__(self, other: Operand[D, int]) -> IntervalCollection[C_co | D, V_co]: ...
    @overload
    def __add__(self, other: Operand[D, W]) -> IntervalCollection[C_co | D, V_co | W]: ...
    @overload
    def __add__(self, other: Number) -> IntervalCollection[C_co | float, Any]: ...
    def __add__(self, other: Any) -> IntervalCollection[Any, Any]:
        """Add a collection, an Interval, or a number at every point of the line. Exact but for floats. O(n + m)."""
        return self._with(other, ADD)  # type: ignore[no-any-return]

    __radd__ = __add__

    @overload
    def __sub__(self, other: int) -> IntervalCollection[C_co | float, V_co]: ...
    @overload
    def __sub__(self, other: N) -> IntervalCollection[C_co | float, V_co | N]: ...
    @overload
    def __sub__(self, other: Operand[D, Never]) -> IntervalCollection[C_co | D, Any]: ...
    @overload
    def __sub__(self, other: Operand[D, int]) -> IntervalCollection[C_co | D, V_co]: ...
    @overload
    def __sub__(self, other: Operand[D, W]) -> IntervalCollection[C_co | D, V_co | W]: ...
    @overload
    def __sub__(self, other: Number) -> IntervalCollection[C_co | float, Any]: ...
    def __sub__(self, other: Any) -> IntervalCollection[Any, Any]:
        """Subtract a collection, an Interval or a number. O(n + m)."""
        return self._with(other, SUBTRACT)  # type: ignore[no-any-return]

    @overload
    def __rsub__(self, other: int) -> IntervalCollection[C_co | float, V_co]: ...
    @overload
    def __rsub__(self, other: N) -> IntervalCollection[C_co | float, V_co | N]: ...
    @overload
    def __rsub__(self, other: Number) -> IntervalCollection[C_co | float, Any]: ...
    def __rsub__(self, other: Any) -> IntervalCollection[Any, Any]:
        return self._with(other, SUBTRACT, swapped=True)  # type: ignore[no-any-return]

    @overload
    def __mul__(self, other: int) -> IntervalCollection[C_co, V_co]: ...
    @overload
    def __mul__(self, other: N) -> IntervalCollection[C_co, V_co | N]: ...
    @overload
    def __mul__(self, other: Operand[D, Never]) -> IntervalCollection[C_co | D, Any]: ...
    @overload
    def __mul__(self, other: Operand[D, int]) -> IntervalCollection[C_co | D, V_co]: ...
    @overload
    def __mul__(self, other: Operand[D, W]) -> IntervalCollection[C_co | D, V_co | W]: ...
    @overload
    def __mul__(self, other: Number) -> IntervalCollection[C_co, Any]: ...
    def __mul__(self, other: Any) -> IntervalCollection[Any, Any]:
        """Multiply levels, by those of a collection or by a number. Floats and long Decimals round. O(n + m)."""
        return self._with(other, MULTIPLY)  # type: ignore[no-any-return]

    __rmul__ = __mul__

    @overload
    def __truediv__(
        self: IntervalCollection[C_co, Never], other: Number | Operand[D, Any]
    ) -> IntervalCollection[C_co | D, Any]: ...
    @overload
    def __truediv__(self: IntervalCollection[C_co, float], other: float) -> IntervalCollection[C_co, float]: ...
    @overload
    def __truediv__(
        self: IntervalCollection[C_co, Decimal], other: Decimal | int
    ) -> IntervalCollection[C_co, Decimal]: ...
    @overload
    def __truediv__(self, other: Number) -> IntervalCollection[C_co, Any]: ...
    @overload
    def __truediv__(self, other: Operand[D, Never]) -> IntervalCollection[C_co | D, Any]: ...
    @overload
    def __truediv__(
        self: IntervalCollection[C_co, float], other: Operand[D, float]
    ) -> IntervalCollection[C_co | D, float]: ...
    @overload
    def __truediv__(
        self: IntervalCollection[C_co, Decimal], other: Operand[D, Decimal | int]
    ) -> IntervalCollection[C_co | D, Decimal]: ...
    @overload
    def __truediv__(self, other: Operand[D, Any]) -> IntervalCollection[C_co | D, Any]: ...
    def __truediv__(self, other: Any) -> IntervalCollection[Any, Any]:
        """Divide levels, by those of a collection or by a number: ints give floats, 0 over 0 is 0. O(n + m).

        ZeroDivisionError for the number 0, and, naming the segment, where a divisor is 0 and the level is not.

        >>> IntervalCollection([(0, 4, 6), (2, 4, 3)]) / IntervalCollection([(0, 4, 2)])
        IntervalCollection([(0, 2, 3.0), (2, 4, 4.5)])
        """
        right = operand(other, self.closed)
        if right is None:
            return NotImplemented
        if not isinstance(other, IntervalCollection | Interval) and not right.levels[0]:
            raise ZeroDivisionError("division of a collection by zero")
        return IntervalCollection._of(algebra.divided(self._steps, right))

    @overload
    def __rtruediv__(self: IntervalCollection[C_co, Never], other: Number) -> IntervalCollection[C_co, Any]: ...
    @overload
    def __rtruediv__(self: IntervalCollection[C_co, float], other: float) -> IntervalCollection[C_co, float]: ...
    @overload
    def __rtruediv__(
        self: IntervalCollection[C_co, Decimal], other: Decimal | int
    ) -> IntervalCollection[C_co, Decimal]: ...
    @overload
    def __rtruediv__(self, other: Number) -> IntervalCollection[C_co, Any]: ...
    def __rtruediv__(self, other: Any) -> IntervalCollection[Any, Any]:
        left = operand(other, self.closed)
        return NotImplemented if left is None else IntervalCollection._of(algebra.divided(left, self._steps))

    def __neg__(self) -> IntervalCollection[C_co, V_co]:
        return IntervalCollection._of(algebra.negative(self._steps))

    def __pos__(self) -> Self:
        return self

    def __abs__(self) -> IntervalCollection[C_co, V_co]:
        return IntervalCollection._of(algebra.extreme([self._steps, algebra.negative(self._steps)], MAXIMUM))

    def _where(self, other: Any, comparison: Operation) -> Any:
        right = operand(other, self.closed)
        return NotImplemented if right is None else IntervalSet._of(algebra.combine(self._steps, right, comparison))

    @overload
    def __gt__(self, other: Number) -> IntervalSet[C_co | float]: ...
    @overload
    def __gt__(self, other: Operand[D, Any]) -> IntervalSet[C_co | D]: ...
    def __gt__(self, other: Any) -> IntervalSet[Any]:
        """Give the region where the level is above a number, or above that of a collection. O(n + m).

        TypeError or ValueError if the two do not mix, as with all operators.

        >>> IntervalCollection([(2, 4, 3), (1, 3, 2)]) > 2
        IntervalSet([(2, 4)])
        """
        return self._where(other, ABOVE)  # type: ignore[no-any-return]

    @overload
    def __ge__(self, other: Number) -> IntervalSet[C_co | float]: ...
    @overload
    def __ge__(self, other: Operand[D, Any]) -> IntervalSet[C_co | D | float]: ...
    def __ge__(self, other: Any) -> IntervalSet[Any]:
        return self._where(other, AT_LEAST)  # type: ignore[no-any-return]

    @overload
    def __lt__(self, other: Number) -> IntervalSet[C_co | float]: ...
    @overload
    def __lt__(self, other: Operand[D, Any]) -> IntervalSet[C_co | D]: ...
    def __lt__(self, other: Any) -> IntervalSet[Any]:
        return self._where(other, BELOW)  # type: ignore[no-any-return]

    @overload
    def __le__(self, other: Number) -> IntervalSet[C_co | float]: ...
    @overload
    def __le__(self, other: Operand[D, Any]) -> IntervalSet[C_co | D | float]: ...
    def __le__(self, other: Any) -> IntervalSet[Any]:
        return self._where(other, AT_MOST)  # type: ignore[no-any-return]

    @overload
    def level_set(self, level: Number) -> IntervalSet[C_co | float]: ...
    @overload
    def level_set(self, level: Operand[D, Any]) -> IntervalSet[C_co | D | float]: ...
    def level_set(self, level: Any) -> IntervalSet[Any]:
        """Give the region where the level is a number, or that of another collection. O(n + m).

        >>> IntervalCollection([(2, 4, 3), (1, 3, 2)]).level_set(5)
        IntervalSet([(2, 3)])
        """
        region = self._where(level, EQUAL)
        if region is NotImplemented:
            raise TypeError(f"level is {quoted(level)}; it must be a number or a collection")
        return region  # type: ignore[no-any-return]

    @overload
    def where(self, region: Inside[P]) -> IntervalCollection[C_co | P, V_co]: ...
    @overload
    def where(self, region: Inside[Any]) -> IntervalCollection[Any, V_co]: ...
    def where(self, region: Inside[Any]) -> IntervalCollection[Any, V_co]:
        """Give the function inside a region, zero outside. O(n + m).

        `region` is an IntervalSet, an Interval or (a, b); TypeError for anything else, or another domain.

        >>> IntervalCollection([(0, 10, 3)]).where(IntervalSet([(2, 3), (8, 12)]))
        IntervalCollection([(2, 3, 3), (8, 10, 3)])
        """
        return IntervalCollection._of(algebra.restricted(self._steps, lookup.region_of(self._steps, region, "region")))

    @overload
    def map(self, function: Callable[[V_co], N]) -> IntervalCollection[C_co | float, N]: ...
    @overload
    def map(self, function: Callable[[V_co], Number]) -> IntervalCollection[C_co | float, Any]: ...
    def map(self, function: Callable[[V_co], Any]) -> IntervalCollection[Any, Any]:
        """Apply a function to every level, the outer ones too, which are 0 outside coverage. O(n).

        What it gives must be finite numbers: TypeError or ValueError if not, and what it raises comes through.

        >>> IntervalCollection([(0, 2, 3), (5, 6, 50)]).map(lambda level: min(level, 10))
        IntervalCollection([(0, 2, 3), (5, 6, 10)])
        """
        return IntervalCollection._of(algebra.mapped(self._steps, function))

    @overload
    def excess(self, capacity: int) -> IntervalCollection[C_co | float, V_co]: ...
    @overload
    def excess(self, capacity: N) -> IntervalCollection[C_co | float, V_co | N]: ...
    @overload
    def excess(self, capacity: Operand[D, Never]) -> IntervalCollection[C_co | D, Any]: ...
    @overload
    def excess(self, capacity: Operand[D, int]) -> IntervalCollection[C_co | D, V_co]: ...
    @overload
    def excess(self, capacity: Operand[D, W]) -> IntervalCollection[C_co | D, V_co | W]: ...
    @overload
    def excess(self, capacity: Number) -> IntervalCollection[C_co | float, Any]: ...
    def excess(self, capacity: Any) -> IntervalCollection[Any, Any]:
        """Give by how much the level exceeds a capacity, a number or a collection: `max(c - capacity, 0)`. O(n + m).

        Raises as `c - capacity` does.

        >>> IntervalCollection([(2, 4, 3), (1, 3, 2)]).excess(3)
        IntervalCollection([(2, 3, 2)])
        """
        above = self._with(capacity, SUBTRACT)
        if above is NotImplemented:
            raise TypeError(f"capacity is {quoted(capacity)}; it must be a number or a collection")
        return IntervalCollection._of(algebra.extreme([above._steps, ZERO], MAXIMUM))

    # The axis

    @overload
    def shift(self, d: int | dt.timedelta) -> IntervalCollection[C_co, V_co]: ...
    @overload
    def shift(self: IntervalCollection[float, V_co], d: float) -> IntervalCollection[float, V_co]: ...
    @overload
    def shift(self, d: Any) -> IntervalCollection[Any, V_co]: ...
    def shift(self, d: Any) -> IntervalCollection[Any, V_co]:
        """Move along the axis by a length: a number, a timedelta (elapsed time; of dates whole days). O(n).

        Each coordinate is rounded once; an interval that becomes empty vanishes. OverflowError beyond what coordinates
        can hold.

        >>> IntervalCollection([(2, 4, 3)]).shift(10)
        IntervalCollection([(12, 14, 3)])
        """
        from . import axis

        return IntervalCollection._of(axis.shifted(self._steps, d))

    @overload
    def scale(self: IntervalCollection[Never, V_co], k: Number) -> IntervalCollection[Any, V_co]: ...
    @overload
    def scale(self: IntervalCollection[dt.timedelta, V_co], k: Number) -> IntervalCollection[dt.timedelta, V_co]: ...
    @overload
    def scale(self, k: int) -> IntervalCollection[C_co, V_co]: ...
    @overload
    def scale(self: IntervalCollection[float, V_co], k: float) -> IntervalCollection[float, V_co]: ...
    @overload
    def scale(self, k: Number) -> IntervalCollection[Any, V_co]: ...
    def scale(self, k: Any) -> IntervalCollection[Any, V_co]:
        """Multiply coordinates, numbers or timedeltas, by a positive number. O(n).

        Each is rounded once, timedeltas half to even; an interval that becomes empty vanishes. OverflowError beyond
        what coordinates can hold.

        >>> IntervalCollection([(2, 4, 3)]).scale(0.5)
        IntervalCollection([(1.0, 2.0, 3)])
        """
        from . import axis

        return IntervalCollection._of(axis.scaled(self._steps, k))

    @overload
    def wrap(
        self, period: dt.timedelta | Literal["day", "week"], origin: Any = None
    ) -> IntervalCollection[dt.timedelta, V_co]: ...
    @overload
    def wrap(
        self: IntervalCollection[Never, V_co], period: Any, origin: Any = None
    ) -> IntervalCollection[Any, V_co]: ...
    @overload
    def wrap(
        self: IntervalCollection[int, V_co], period: int, origin: int | None = None
    ) -> IntervalCollection[int, V_co]: ...
    @overload
    def wrap(
        self: IntervalCollection[float, V_co], period: float, origin: float | None = None
    ) -> IntervalCollection[float, V_co]: ...
    @overload
    def wrap(self, period: Any, origin: Any = None) -> IntervalCollection[Any, V_co]: ...
    def wrap(self, period: Any, origin: Any = None) -> IntervalCollection[Any, V_co]:
        """Fold onto one period: coordinates become `(x - origin) mod period`, levels add up exactly. O(n log n).

        `period` is a length, a number or timedelta, or "day" or "week" by the clock on the wall in the shown zone: the
        hour that comes twice adds up, the one that is skipped is missing. The origin is 0, over times the midnight of
        Monday 2001-01-01 in the shown zone. The result is over numbers or timedeltas, and keeps the integral.
        ValueError if a level that is not zero reaches to infinity.

        >>> IntervalCollection([(1, 3), (11, 12), (18, 41)]).wrap(10)
        IntervalCollection([(0, 1, 3), (1, 2, 4), (2, 3, 3), (3, 8, 2), (8, 10, 3)])
        """
        from . import wrap

        return IntervalCollection._of(wrap.wrapped(self._steps, period, origin))

    # Scheduling

    def next_change(self, x: Any) -> C_co | None:
        """Give the smallest breakpoint after a coordinate, None without one. O(log n). Raises as `c[x]` does.

        >>> gate = IntervalCollection([(8, 12), (9, 11)])
        >>> gate.next_change(9), gate.previous_change(9), gate.next_change(12)
        (11, 9, None)
        """
        index = steps.position(self._steps, lookup.code_at(self._steps, x), right=True)
        return self.breakpoints[index] if index < len(self._steps.points) else None

    def previous_change(self, x: Any) -> C_co | None:
        """Give the largest breakpoint up to a coordinate, itself included; None without one. O(log n).

        Raises as `c[x]` does.

        >>> gate = IntervalCollection([(8, 12), (9, 11)])
        >>> gate.previous_change(9), gate.previous_change(10.5), gate.previous_change(7)
        (9, 9, None)
        """
        index = steps.position(self._steps, lookup.code_at(self._steps, x), right=True)
        return self.breakpoints[index - 1] if index else None

    @overload
    def first_fit(self, length: Any, at_most: Number = 0) -> C_co | None: ...
    @overload
    def first_fit(
        self, length: Any, at_most: Number = 0, after: P | None = None, within: Inside[P] | None = None
    ) -> C_co | P | None: ...
    @overload
    def first_fit(
        self,
        length: Any,
        at_most: Number | Operand[Any, Any] = 0,
        after: Any = None,
        within: Inside[Any] | None = None,
    ) -> Any: ...
    def first_fit(self, length: Any, at_most: Any = 0, after: Any = None, within: Inside[Any] | None = None) -> Any:
        """Give the earliest x from which the level is at most `at_most` for a whole length; None without one. O(n).

        `length` is what coordinates differ by: a number, a timedelta; `at_most` a number or a collection. The slot
        lies inside `within`, (a, b), an Interval or an IntervalSet (working hours, say), and begins at or after
        `after`, by default the start of the span. ValueError if nothing tells where to begin.

        >>> gate = IntervalCollection([(8, 12), (9, 11), (14, 16)])
        >>> gate.first_fit(2), gate.first_fit(3, at_most=1), gate.first_fit(3, after=9, within=(8, 18))
        (12, 11, None)
        """
        free = self._where(at_most, AT_MOST)
        if free is NotImplemented:
            raise TypeError(f"at_most is {quoted(at_most)}; it must be a number or a collection")
        return scheduling.first_fit(self._steps, free._steps, length, after, within)


def operand(other: Any, closed: Side = "left") -> Steps | None:
    """Give what can be combined with a collection of a side as a step function, None if it cannot."""
    if isinstance(other, IntervalCollection):
        return other._steps
    if isinstance(other, Interval):
        return IntervalCollection([other], closed=closed)._steps
    return None if isinstance(other, Stepwise) else algebra.constant(other)
