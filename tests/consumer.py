"""What users write, and the types that checkers find in it: `nox -s types` checks them, test_types.py runs it.

Each `type: ignore` stands where there is an error; checkers also tell where one is lost.
"""
# pyright: strict, reportUnnecessaryTypeIgnoreComment=true

import datetime as dt
import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, assert_type

import intervalues as iv
from intervalues import Column, Interval, IntervalAccumulator, IntervalCollection, IntervalGroups, IntervalSet, Segments

noon = dt.datetime(2026, 7, 1, 12)
hour = dt.timedelta(hours=1)
day = dt.date(2026, 7, 1)

# Rows and columns

gate = iv.combine_intervals([(8, 12), (9, 11)])
planes = iv.combine_intervals([(2, 4, 3), (1, 3, 2)])
price = iv.combine_intervals([(noon, noon + hour, Decimal(1))])
parked = iv.combine_intervals(start=[noon, noon + hour], stop=[noon + 2 * hour, noon + 3 * hour], value=[0.5, 2.5])
share = iv.combine_intervals([(Fraction(1), Fraction(3), Fraction(1, 3))])

assert_type(gate, IntervalCollection[int, int])
assert_type(planes, IntervalCollection[int, int])
assert_type(price, IntervalCollection[dt.datetime, Decimal])
assert_type(parked, IntervalCollection[dt.datetime, float])
assert_type(share, IntervalCollection[Fraction, Fraction])
assert_type(iv.combine_intervals([(8.5, 12.0, 3)]), IntervalCollection[float, int])
assert_type(iv.combine_intervals([(noon, noon + hour)]), IntervalCollection[dt.datetime, int])
assert_type(iv.combine_intervals([(noon, noon + hour, True)]), IntervalCollection[dt.datetime, int])
assert_type(iv.combine_intervals([("Ada", "Linus")]), IntervalCollection[str, int])
assert_type(iv.combine_intervals([Interval(8, 12), Interval(9, 11)]), IntervalCollection[int, int])
assert_type(iv.combine_intervals((x, x + 6) for x in (1, 2, 3)), IntervalCollection[int, int])
assert_type(iv.combine_intervals(price), IntervalCollection[dt.datetime, Decimal])
assert_type(iv.combine_intervals(start=[1, 2], stop=[3, 4]), IntervalCollection[int, int])
assert_type(
    iv.combine_intervals(start=[1, 2], stop=[3, 4], value=Decimal(2), how="max"), IntervalCollection[int, Decimal]
)
assert_type(
    iv.combine_intervals([(day, day)], closed="both", step=dt.timedelta(days=1)), IntervalCollection[dt.date, int]
)

# What has no end is inf, a float

assert_type(iv.combine_intervals([(noon, math.inf)]), IntervalCollection[dt.datetime | float, int])
assert_type(iv.combine_intervals([(noon, math.inf, Decimal(1))]), IntervalCollection[dt.datetime | float, Decimal])
assert_type(iv.combine_intervals([(1, 3), (2, None)], missing="open"), IntervalCollection[float, int])
assert_type(iv.combine_intervals([(noon, None)], missing="open"), IntervalCollection[dt.datetime | float, int])

# What they combine to

stays = [(8, 12, Decimal(5)), (9, 11, Decimal(2))]
assert_type(iv.combine_intervals(stays, how="min"), IntervalCollection[int, Decimal])
assert_type(iv.combine_intervals(stays, how="count"), IntervalCollection[int, int])
assert_type(iv.combine_intervals(stays, how="any"), IntervalCollection[int, int])
assert_type(iv.combine_intervals(stays, how="rows"), IntervalCollection[int, tuple[int, ...]])
assert_type(iv.combine_intervals(stays, how="mean"), IntervalCollection[int, Decimal])
assert_type(iv.combine_intervals([(8, 12, 5)], how="mean"), IntervalCollection[int, float])
assert_type(iv.combine_intervals([(8, 12)], how="mean"), IntervalCollection[int, float])


def spread(values: list[Decimal]) -> Fraction:
    """Give the distance of the extremes."""
    return Fraction(max(values) - min(values))


assert_type(iv.combine_intervals(stays, how=spread), IntervalCollection[int, Fraction])
assert_type(iv.combine_intervals(stays, how="rows")[10], tuple[int, ...])

# Making

assert_type(IntervalCollection([(8, 12)]), IntervalCollection[int, int])
assert_type(IntervalCollection([(8, 12, 0.5)]), IntervalCollection[int, float])
assert_type(IntervalCollection(price), IntervalCollection[dt.datetime, Decimal])
assert_type(IntervalCollection.from_levels([8, 9, 11], [1, 2, 0]), IntervalCollection[int | float, int])
assert_type(IntervalCollection.from_changes([noon], [Decimal(1)]), IntervalCollection[dt.datetime | float, Decimal])
assert_type(IntervalCollection[int, int].from_json(gate.to_json()), IntervalCollection[int, int])
nothing: IntervalCollection[dt.datetime, int] = IntervalCollection()

# Looking

assert_type(planes[2.5], int)
assert_type(price[noon], Decimal)
assert_type(price.at([noon]), Column[Decimal])
assert_type(planes.limit(2, "left"), int)
assert_type(2 in planes, bool)
assert_type(len(planes), int)
assert_type(price.breakpoints, Column[dt.datetime])
assert_type(price.levels, Column[Decimal])
assert_type(price.levels[1], Decimal)
assert_type(price.levels[1:], Column[Decimal])
assert_type(price.segments(), Segments[dt.datetime, Decimal])
assert_type(price.segments().starts, Column[dt.datetime])
assert_type(price.segments()[0], Interval[dt.datetime, Decimal])
assert_type(price.segments()[:1], Segments[dt.datetime, Decimal])
assert_type(list(price), list[Interval[dt.datetime, Decimal]])
assert_type(list(reversed(price)), list[Interval[dt.datetime, Decimal]])
assert_type(price.support, IntervalSet[dt.datetime])
assert_type(price.span, Interval[dt.datetime, int] | None)
assert_type(price[noon:], IntervalCollection[dt.datetime, Decimal])
assert_type(planes[1:3], IntervalCollection[int, int])
assert_type(planes[1.5:3], IntervalCollection[int | float, int])
for start, stop, level in price:
    assert_type(stop - start, dt.timedelta)
    assert_type(level.quantize(Decimal(1)), Decimal)

# Algebra: a number reaches to both infinities

assert_type(planes + gate, IntervalCollection[int, int])
assert_type(price + price, IntervalCollection[dt.datetime, Decimal])
assert_type(price + 1, IntervalCollection[dt.datetime | float, Decimal])
assert_type(1 - price, IntervalCollection[dt.datetime | float, Decimal])
assert_type(price * 2, IntervalCollection[dt.datetime, Decimal])
assert_type(2 * price, IntervalCollection[dt.datetime, Decimal])
assert_type(planes * 0.5, IntervalCollection[int, int | float])
assert_type(planes * Decimal(2), IntervalCollection[int, int | Decimal])
assert_type(planes - Interval(1, 3), IntervalCollection[int, int])
assert_type(planes / 2, IntervalCollection[int, float])
assert_type(planes / iv.combine_intervals([(0, 9)]), IntervalCollection[int, float])
assert_type(price / 2, IntervalCollection[dt.datetime, Decimal])
assert_type(share / 2, IntervalCollection[Fraction, Any])
assert_type(-price, IntervalCollection[dt.datetime, Decimal])
assert_type(abs(price), IntervalCollection[dt.datetime, Decimal])
assert_type(price.where((noon, noon + hour)), IntervalCollection[dt.datetime, Decimal])
assert_type(planes.where(gate.support), IntervalCollection[int, int])
assert_type(planes.map(float), IntervalCollection[int | float, float])
assert_type(planes.excess(3), IntervalCollection[int | float, int])
assert_type(planes.excess(gate), IntervalCollection[int, int])
assert_type(iv.maximum(planes, gate), IntervalCollection[int, int])
assert_type(iv.minimum([planes, gate]), IntervalCollection[int, int])
assert_type(iv.maximum(price, 1), IntervalCollection[dt.datetime | float, Decimal])
assert_type(iv.total(price, price), IntervalCollection[dt.datetime, Decimal])

# Regions

assert_type(price > 3, IntervalSet[dt.datetime | float])
assert_type(planes < 3, IntervalSet[int | float])
assert_type(planes > gate, IntervalSet[int])
assert_type(planes >= gate, IntervalSet[int | float])
assert_type(planes.level_set(5), IntervalSet[int | float])
region = IntervalSet([(8, 12), (14, 16)])
assert_type(region, IntervalSet[int])
assert_type(IntervalSet([(noon, math.inf)]), IntervalSet[dt.datetime | float])
assert_type(region | region, IntervalSet[int])
assert_type(region & IntervalSet([(9.5, 11.0)]), IntervalSet[int | float])
assert_type(~region, IntervalSet[int | float])
assert_type(region.union([(1, 2)], [(3, 4)]), IntervalSet[int])
assert_type(region.difference(planes.support), IntervalSet[int])
assert_type(region.gaps(), IntervalSet[int])
assert_type(region.gaps((0, 24)), IntervalSet[int])
assert_type(region <= ~region, bool)
assert_type(region.isdisjoint([(1, 2)]), bool)
assert_type(list(region), list[Interval[int, int]])
assert_type(region.segments(), Segments[int, int])
assert_type(region.span, Interval[int, int] | None)
assert_type(9 in region, bool)
bounds: list[tuple[dt.datetime, dt.datetime]] = [
    (stretch.start, stretch.stop)
    for stretch in price > 0
    if isinstance(stretch.start, dt.datetime) and isinstance(stretch.stop, dt.datetime)
]

# Statistics

assert_type(planes.integral(), int)
assert_type(planes.integral(within=(1, 2.5)), float)
assert_type(gate.integral(within=region), int)
assert_type(parked.integral(unit=hour), float)
assert_type(price.integral(unit=hour), Decimal)
assert_type(planes.mean(), float)
assert_type(planes.mean(within=(0, 10)), float)
assert_type(price.mean(), Decimal)
assert_type(share.mean(), Fraction | float)
assert_type(share.std(), float)
assert_type(price.std(), Decimal)
assert_type(planes.var(), float)
assert_type(price.max(), Decimal)
assert_type(planes.min(within=region), int)
assert_type(price.argmax(), IntervalSet[dt.datetime])
assert_type(planes.argmin(within=(0, 10)), IntervalSet[int])
assert_type(planes.argmin(within=(0.5, 10)), IntervalSet[int | float])
assert_type(price.quantile(0.5), Decimal)
assert_type(price.quantile([0.05, 0.95]), list[Decimal])
assert_type(price.median(), Decimal)
assert_type(price.mode(), Decimal)
assert_type(planes.distribution(), dict[int, Any])
assert_type(price.nlargest(1), list[Interval[dt.datetime, Decimal]])

# Bins, windows, the axis, scheduling

assert_type(planes.bin(2), Segments[int, float])
assert_type(price.bin(hour), Segments[dt.datetime, Decimal])
assert_type(parked.bin("day", how="max"), Segments[dt.datetime, float])
assert_type(planes.bin(2, how="max"), Segments[int, int])
assert_type(planes.bin([0, 3, 10], how="max").values, Column[int])
assert_type(planes.windows([0, 1], [2, 3]), Column[float])
assert_type(planes.windows([0, 1], [2, 3], how="max"), Column[int])
assert_type(planes.wrap(2), IntervalCollection[int, int])
assert_type(price.wrap("day"), IntervalCollection[dt.timedelta, Decimal])
assert_type(price.shift(hour), IntervalCollection[dt.datetime, Decimal])
assert_type(planes.shift(0.5), IntervalCollection[float, int])
assert_type(planes.scale(2), IntervalCollection[int, int])
assert_type(planes.scale(0.5), IntervalCollection[float, int])
assert_type(price.wrap("day").scale(1.5), IntervalCollection[dt.timedelta, Decimal])
assert_type(price.next_change(noon), dt.datetime | None)
assert_type(planes.first_fit(2), int | None)
assert_type(planes.first_fit(2, after=0.5), int | float | None)

# Groups

gates = iv.combine_intervals([(8, 12), (9, 11), (10, 13)], by=["A", "B", "A"])
assert_type(gates, IntervalGroups[str, int, int])
assert_type(iv.combine_intervals([(1, 2, Decimal(1))], by=[7]), IntervalGroups[int, int, Decimal])
assert_type(iv.combine_intervals([(1, 2, Decimal(1))], by=[7], how="count"), IntervalGroups[int, int, int])
assert_type(IntervalGroups({"A": price}), IntervalGroups[str, dt.datetime, Decimal])
assert_type(gates["A"], IntervalCollection[int, int])
assert_type(list(gates), list[str])
assert_type(gates.max(), dict[str, int])
assert_type(gates.mean(), dict[str, float])
assert_type(gates.argmax(), dict[str, IntervalSet[int]])
assert_type(gates.quantile([0.5]), dict[str, list[int]])
assert_type(gates >= 2, dict[str, IntervalSet[int | float]])
assert_type(gates + 1, IntervalGroups[str, int | float, int])
assert_type(gates.bin(2, how="max"), dict[str, Segments[int, int]])
assert_type(gates.segments(), dict[str, Segments[int, int]])
assert_type(gates.support, dict[str, IntervalSet[int]])
assert_type(gates.span, dict[str, Interval[int, int] | None])
assert_type(gates.total(), IntervalCollection[int, int])

# Intervals that keep coming

coming: IntervalAccumulator[int, int] = IntervalAccumulator()
coming.add(9, 12)
coming.extend([(10, 14, 2), (8, 9)])
assert_type(coming.collect(), IntervalCollection[int, int])
costs = IntervalAccumulator[dt.datetime, Decimal](how="sum")
costs.add(noon, noon + hour, Decimal("0.5"))
assert_type(costs.collect_before(noon + hour), IntervalCollection[dt.datetime, Decimal | int])

# Intervals, and the rest

assert_type(Interval(9, 12), Interval[int, int])
assert_type(Interval(noon, noon + hour, Decimal(1)), Interval[dt.datetime, Decimal])
assert_type(Interval(9, 12).start, int)
assert_type(Interval(9, 12, "late").value, str)
assert_type(iv.backend(), iv.Backend)
assert_type(iv.backend().name, str)
assert_type(iv.__version__, str)


def peak(schedule: IntervalCollection[dt.datetime | float, float]) -> float:
    """Give the highest level: a collection of datetimes and ints will do, since collections never change."""
    return schedule.max()


assert_type(peak(iv.combine_intervals([(noon, noon + hour)])), float)

if TYPE_CHECKING:
    iv.combine_intervals([(1, 2)], how="middle")  # type: ignore[call-overload]
    iv.combine_intervals([(1, 2)], closed="open")  # type: ignore[call-overload]
    iv.combine_intervals([(1, 2)], missing="ignore")  # type: ignore[call-overload]
    IntervalCollection([(1, 2)], closed="both")  # type: ignore[call-overload]
    planes.limit(2, "middle")  # type: ignore[arg-type]
    planes.mean(within=[1, 2])  # type: ignore[call-overload]
    planes.bin(2, how="mode")  # type: ignore[call-overload]
    planes + "a"  # type: ignore[operator]
    _ = planes > "a"  # type: ignore[operator]
    planes & gate  # type: ignore[operator]
    region + region  # type: ignore[operator]
    region | [(1, 2)]  # type: ignore[operator]
    planes.max().quantize(Decimal(1))  # type: ignore[attr-defined]
    _ = price.argmax().span.start  # type: ignore[union-attr]
    costs.add(9, 12)  # type: ignore[arg-type]
    costs.merge(coming)  # type: ignore[arg-type]
    IntervalAccumulator[int, int](how="max")  # type: ignore[arg-type]
    planes.breakpoints[0] = 1  # type: ignore[index]
    late: IntervalCollection[dt.datetime, int] = planes  # type: ignore[assignment]
