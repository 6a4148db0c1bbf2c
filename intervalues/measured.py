"""Measured: what is asked of a step function about its levels and their lengths. Statistics and resampling."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, overload

from . import algebra, lengths, lookup, statistics, steps
from .columns import Column, Segments, set_once
from .coordinates import quoted
from .interval import C_co, Interval, V_co
from .region import IntervalSet
from .steps import Steps
from .stepwise import Stepwise
from .values import refuse_rows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from decimal import Decimal
    from fractions import Fraction
    from typing import Literal, Never, SupportsIndex

    from .parameters import Asked, Inside, Number, P, Step, Time


class Measured(Stepwise[C_co, V_co]):
    """The statistics of a step function, over all of it or within windows."""

    __slots__ = ("_index",)  # made when windows are first asked for, and no part of the value
    _index: Any

    # Statistics

    @overload  # the first, as of all that have such a one, is for values, or coordinates, of which nothing is known
    def integral(self: Measured[Any, Never], *, within: Inside[Any] | None = None, unit: Any = None) -> Any: ...
    @overload
    def integral(
        self: Measured[Any, Decimal], *, within: Inside[Any] | None = None, unit: dt.timedelta | None = None
    ) -> Decimal: ...
    @overload
    def integral(self: Measured[Never, Any], *, within: Inside[Any] | None = None, unit: Any = None) -> Any: ...
    @overload
    def integral(self: Measured[int, int], *, within: Inside[int] | None = None, unit: None = None) -> int: ...
    @overload
    def integral(
        self: Measured[float | Time, float],
        *,
        within: Inside[float | Time] | None = None,
        unit: dt.timedelta | None = None,
    ) -> float: ...
    @overload
    def integral(self, *, within: Inside[Any] | None = None, unit: Any = None) -> Any: ...
    def integral(self, *, within: Inside[Any] | None = None, unit: Any = None) -> Any:
        """Give the exact sum of level times length, rounded once. O(n).

        `within` is (a, b), an Interval or an IntervalSet, without it the span. Over times the length is counted in
        `unit`, a timedelta: one second by default, one day for dates. ValueError where a level that is not zero
        reaches to infinity.

        >>> IntervalCollection([(2, 4, 3), (1, 3, 2)]).integral()
        10
        """
        if within is None and not len(self._steps.points) and self._steps.levels[0] == 0:
            if unit is not None:
                lengths.checked_unit(unit)
            return self._steps.kind.decode(self._steps.levels[0])
        return statistics.integral(self._steps, self._within(within), unit)

    @overload
    def mean(self: Measured[Any, Never], *, within: Inside[Any] | None = None) -> Any: ...
    @overload
    def mean(self: Measured[Any, float], *, within: Inside[Any] | None = None) -> float: ...
    @overload
    def mean(self: Measured[Any, Decimal], *, within: Inside[Any] | None = None) -> Decimal: ...
    @overload
    def mean(self: Measured[Any, Fraction], *, within: Inside[Any] | None = None) -> Fraction | float: ...
    @overload
    def mean(self, *, within: Inside[Any] | None = None) -> Any: ...
    def mean(self, *, within: Inside[Any] | None = None) -> Any:
        """Give the time-weighted mean: the integral over the length, gaps counted as 0. O(n).

        ValueError over zero length or an unbounded window, as with all statistics that weigh by length.

        >>> IntervalCollection([(0, 1, 3), (2, 4, 3)]).mean()
        2.25
        """
        return statistics.mean(self._steps, self._within(within))

    @overload
    def var(self: Measured[Any, Never], *, within: Inside[Any] | None = None) -> Any: ...
    @overload
    def var(self: Measured[Any, float], *, within: Inside[Any] | None = None) -> float: ...
    @overload
    def var(self: Measured[Any, Decimal], *, within: Inside[Any] | None = None) -> Decimal: ...
    @overload
    def var(self: Measured[Any, Fraction], *, within: Inside[Any] | None = None) -> Fraction | float: ...
    @overload
    def var(self, *, within: Inside[Any] | None = None) -> Any: ...
    def var(self, *, within: Inside[Any] | None = None) -> Any:
        """Give the time-weighted variance, the population's, exact and rounded once. O(n). Raises as `mean` does.

        >>> IntervalCollection([(0, 2, 3), (2, 4, 5)]).var()
        1.0
        """
        return statistics.variance(self._steps, self._within(within))

    @overload
    def std(self: Measured[Any, Never], *, within: Inside[Any] | None = None) -> Any: ...
    @overload
    def std(self: Measured[Any, float], *, within: Inside[Any] | None = None) -> float: ...
    @overload
    def std(self: Measured[Any, Decimal], *, within: Inside[Any] | None = None) -> Decimal: ...
    @overload
    def std(self: Measured[Any, Fraction], *, within: Inside[Any] | None = None) -> float: ...
    @overload
    def std(self, *, within: Inside[Any] | None = None) -> Any: ...
    def std(self, *, within: Inside[Any] | None = None) -> Any:
        """Give the correctly rounded root of the exact variance: a Decimal of Decimals, else a float. O(n).

        Raises as `mean` does.

        >>> IntervalCollection([(0, 2, 3), (2, 4, 7)]).std()
        2.0
        """
        return statistics.deviation(self._steps, self._within(within))

    def max(self, *, within: Inside[Any] | None = None) -> V_co:
        """Give the highest level, gaps counted as 0. O(n).

        The window may be unbounded. ValueError over zero length, and without breakpoints unless `within` is given.

        >>> planes = IntervalCollection([(2, 4, 3), (1, 3, 2)])
        >>> planes.max(), planes.max(within=(3, 9))
        (5, 3)
        """
        found: V_co = self._steps.kind.decode(statistics.extreme(self._steps, self._within(within), max))
        return found

    def min(self, *, within: Inside[Any] | None = None) -> V_co:
        """Give the lowest level, gaps counted as 0. O(n). Raises as `max` does.

        >>> planes = IntervalCollection([(2, 4, 3), (1, 3, 2)])
        >>> planes.min(), planes.min(within=(3, 9))
        (2, 0)
        """
        found: V_co = self._steps.kind.decode(statistics.extreme(self._steps, self._within(within), min))
        return found

    @overload
    def argmax(self) -> IntervalSet[C_co]: ...
    @overload
    def argmax(self, *, within: Inside[P]) -> IntervalSet[C_co | P]: ...
    @overload
    def argmax(self, *, within: Inside[Any] | None) -> IntervalSet[Any]: ...
    def argmax(self, *, within: Inside[Any] | None = None) -> IntervalSet[Any]:
        """Give the region where the level is highest. O(n). Raises as `max` does.

        >>> IntervalCollection([(2, 4, 3), (1, 3, 2)]).argmax()
        IntervalSet([(2, 3)])
        """
        return IntervalSet._of(statistics.argextreme(self._steps, self._within(within), max))

    @overload
    def argmin(self) -> IntervalSet[C_co]: ...
    @overload
    def argmin(self, *, within: Inside[P]) -> IntervalSet[C_co | P]: ...
    @overload
    def argmin(self, *, within: Inside[Any] | None) -> IntervalSet[Any]: ...
    def argmin(self, *, within: Inside[Any] | None = None) -> IntervalSet[Any]:
        """Give the region where the level is lowest. O(n). Raises as `max` does.

        >>> IntervalCollection([(2, 4, 3), (1, 3, 2)]).argmin()
        IntervalSet([(1, 2)])
        """
        return IntervalSet._of(statistics.argextreme(self._steps, self._within(within), min))

    @overload
    def quantile(self, q: Iterable[Any], *, within: Inside[Any] | None = None) -> list[V_co]: ...
    @overload
    def quantile(self, q: Number, *, within: Inside[Any] | None = None) -> V_co: ...
    def quantile(self, q: Any, *, within: Inside[Any] | None = None) -> Any:
        """Give the smallest level that, with all lower ones, holds for a share `q` of the length or more. O(n log n).

        Nothing is interpolated. A float `q` means the decimal that it prints; many of them give a list. ValueError
        unless q is from 0 to 1; else raises as `mean` does.

        >>> load = IntervalCollection([(0, 90, 2), (90, 99, 5), (99, 100, 40)])
        >>> load.quantile(0.95), load.quantile([0, 0.5, 1])
        (5, [2, 2, 40])
        """
        return statistics.quantiles(self._steps, self._within(within), q)

    def median(self, *, within: Inside[Any] | None = None) -> V_co:
        """Give `quantile(0.5)`. O(n log n). Raises as `mean` does.

        >>> IntervalCollection([(0, 1, 3), (2, 4, 5)]).median()
        3
        """
        return self.quantile(0.5, within=within)

    def mode(self, *, within: Inside[Any] | None = None) -> V_co:
        """Give the level that holds for longest, the lowest where several do. O(n log n).

        The window may be unbounded. ValueError over zero length.

        >>> IntervalCollection([(0, 1, 3), (2, 4, 5)]).mode()
        5
        """
        found: V_co = statistics.mode(self._steps, self._within(within))
        return found

    def distribution(self, *, within: Inside[Any] | None = None) -> dict[V_co, Any]:
        """Give for how long each level holds, zero included, by ascending level. O(n log n).

        Lengths are numbers or timedeltas, `inf` in an unbounded window. ValueError over zero length.

        >>> IntervalCollection([(0, 1, 3), (2, 4, 3)]).distribution()
        {0: 1, 3: 3}
        """
        return statistics.distribution(self._steps, self._within(within))

    @overload
    def nlargest(self, n: SupportsIndex) -> list[Interval[C_co, V_co]]: ...
    @overload
    def nlargest(self, n: SupportsIndex, *, within: Inside[P]) -> list[Interval[C_co | P, V_co]]: ...
    @overload
    def nlargest(self, n: SupportsIndex, *, within: Inside[Any] | None) -> list[Interval[Any, V_co]]: ...
    def nlargest(self, n: SupportsIndex, *, within: Inside[Any] | None = None) -> list[Interval[Any, V_co]]:
        """Give the n highest segments, the earlier first where they are equally high. O(m log n) for m segments.

        A window cuts those at its ends. TypeError unless n is an int, ValueError over zero length.

        >>> IntervalCollection([(2, 4, 3), (1, 3, 2)]).nlargest(1)
        [Interval(start=2, stop=3, value=5)]
        """
        if isinstance(n, bool) or not hasattr(n, "__index__"):
            raise TypeError(f"n is {quoted(n)}; it must be an int")
        region = self._within(within)
        if not any(region.levels):
            raise ValueError("over zero length there are no largest segments")
        inside = self._steps if within is None else algebra.restricted(self._steps, region)
        return [steps.segment(inside, index) for index in statistics.largest(inside, operator.index(n))]

    def _within(self, within: Any) -> Steps:
        refuse_rows(self._steps.kind)
        return lookup.region_within(self._steps, within)

    def to_scipy(self, *, unit: Any = None) -> Any:
        """Give the random coordinate whose density is this function over its integral: a `scipy.stats.rv_histogram`.

        It has probabilities, quantiles, moments and samples: `c.to_scipy().rvs(size=10)` are ten points, where there is
        much more often. Over timedeltas (what `wrap` gives) it counts in `unit`, seconds by default. O(n).
        TypeError over other than numbers and timedeltas, ValueError for a level that is negative, or not zero out to
        infinity, and for the zero function. It needs SciPy: ImportError without.

        >>> arrivals = IntervalCollection([(0, 10, 3), (10, 20, 1)]).to_scipy()
        >>> print(arrivals.cdf(10), arrivals.ppf(0.5))
        0.75 6.666666666666667
        """
        from . import distributions  # late, as all that leads elsewhere

        return distributions.histogram(self._steps, unit)

    # Resampling

    @overload
    def bin(
        self, step_or_edges: Never, how: Asked = "mean", within: Inside[Any] | None = None, unit: Any = None
    ) -> Segments[Any, Any]: ...
    @overload  # edges between Fractions may be ints
    def bin(
        self: Measured[Fraction, Any], step_or_edges: int, how: Asked = "mean", within: Inside[Any] | None = None
    ) -> Segments[Any, Any]: ...
    @overload
    def bin(
        self: Measured[C_co, Never],
        step_or_edges: Any,
        how: Asked = "mean",
        within: Inside[Any] | None = None,
        unit: Any = None,
    ) -> Segments[Any, Any]: ...
    @overload
    def bin(
        self: Measured[C_co, float], step_or_edges: Step, how: Literal["mean"] = "mean"
    ) -> Segments[C_co, float]: ...
    @overload
    def bin(
        self: Measured[C_co, Decimal], step_or_edges: Step, how: Literal["mean"] = "mean"
    ) -> Segments[C_co, Decimal]: ...
    @overload
    def bin(self, step_or_edges: Step, how: Literal["max", "min"]) -> Segments[C_co, V_co]: ...
    @overload
    def bin(
        self, step_or_edges: Any, how: Literal["max", "min"], within: Inside[Any] | None = None
    ) -> Segments[Any, V_co]: ...
    @overload
    def bin(
        self, step_or_edges: Any, how: Asked = "mean", within: Inside[Any] | None = None, unit: Any = None
    ) -> Segments[Any, Any]: ...
    def bin(
        self, step_or_edges: Any, how: Asked = "mean", within: Inside[Any] | None = None, unit: Any = None
    ) -> Segments[Any, Any]:
        """Give one value per bin, as columns `starts`, `stops` and `values`; zeros too. O(n), and O(log n) a bin.

        A step is a length, a number or timedelta (elapsed time), or "day", "week" or "month" by the clock on the wall
        in the shown zone: days of 23 and 25 hours, weeks from Monday. Its bins start at 0, or at midnight of the
        first day covered (of dates, on that day), and cover the span or `within`, whole: (a, b), an Interval or the
        span of an IntervalSet. Or hand over edges, coordinates that strictly increase.
        `how`: "mean", "max", "min" or "integral", of the whole bin, gaps counted as 0; `unit` is that of an
        integral over times.

        ValueError without bounds or for a step or edges that lead nowhere; over 2**25 bins are too many.

        >>> planes = IntervalCollection([(2, 4, 3), (1, 3, 2)])
        >>> planes.bin(2)
        Segments(starts=Column([0, 2]), stops=Column([2, 4]), values=Column([1.0, 4.0]))
        >>> planes.bin([0, 3, 10], how="max").values
        Column([5, 3])
        """
        from . import bins, rolling  # late, as all that moves or cuts the axis: importing shall be quick

        return bins.binned(rolling.Index(self._steps), step_or_edges, how, within, unit)

    @overload
    def windows(
        self: Measured[Any, Never],
        starts: Iterable[Any],
        stops: Iterable[Any],
        *,
        how: Asked = "mean",
        unit: Any = None,
    ) -> Column[Any]: ...
    @overload
    def windows(
        self: Measured[Any, float], starts: Iterable[Any], stops: Iterable[Any], *, how: Literal["mean"] = "mean"
    ) -> Column[float]: ...
    @overload
    def windows(
        self: Measured[Any, Decimal], starts: Iterable[Any], stops: Iterable[Any], *, how: Literal["mean"] = "mean"
    ) -> Column[Decimal]: ...
    @overload
    def windows(self, starts: Iterable[Any], stops: Iterable[Any], *, how: Literal["max", "min"]) -> Column[V_co]: ...
    @overload
    def windows(
        self, starts: Iterable[Any], stops: Iterable[Any], *, how: Asked = "mean", unit: Any = None
    ) -> Column[Any]: ...
    def windows(self, starts: Any, stops: Any, *, how: Asked = "mean", unit: Any = None) -> Column[Any]:
        """Give one value per window, however they overlap, equal to the single statistic within=(start, stop).

        `starts` and `stops` are columns as `combine_intervals` takes them; a column of ints and floats is one of
        floats. `how`: "mean", "max", "min" or "integral"; `unit` is that of an integral over times.
        O(log n) a window, after an index is made in O(n) and kept; O(n) where Decimals leave 64 bits. Errors name the
        row: ValueError for a reversed or missing window, one of zero length (whose integral is 0), or an unbounded one
        where there is no answer.

        >>> IntervalCollection([(2, 4, 3), (1, 3, 2)]).windows([0, 1, 2], [2, 3, 4])    # a rolling mean
        Column([1.0, 3.5, 4.0])
        """
        from . import rolling

        index = getattr(self, "_index", None)
        if index is None:
            index = rolling.Index(self._steps)
            set_once(self, "_index", index)
        return rolling.windows_of(index, starts, stops, how, unit)
