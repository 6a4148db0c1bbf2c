"""The fine print: rulings that two good implementers would take differently, where no other file keeps them."""

from __future__ import annotations

import datetime as dt
import inspect
import math
import operator
from concurrent.futures import ThreadPoolExecutor
from decimal import Context, Decimal, FloatOperation, Inexact, Rounded, localcontext
from fractions import Fraction
from itertools import permutations
from threading import Barrier
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from every import EVERY
from outcomes import plain, refused, spelled

import intervalues
from intervalues import (
    Interval,
    IntervalAccumulator,
    IntervalCollection,
    IntervalSet,
    combine_intervals,
    maximum,
    minimum,
    total,
)

INF = math.inf
PLANES = combine_intervals([(2, 4, 3), (1, 3, 2)])  # [1,2; 2] [2,3; 5] [3,4; 3]
NOTHING = IntervalCollection()
DAY, HOUR = dt.timedelta(1), dt.timedelta(hours=1)
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
NOON = dt.datetime(2024, 7, 1, 12, tzinfo=dt.UTC)


def of(*rows, **options):
    return combine_intervals(rows, **options)


# Sides and domains: they never mix, whatever is asked

ASKED_OF_TWO = {
    **{f.__name__: f for f in (operator.add, operator.sub, operator.mul, operator.truediv)},
    **{f.__name__: f for f in (operator.lt, operator.le, operator.gt, operator.ge, maximum, minimum, total)},
    "level_set": IntervalCollection.level_set,
    "excess": IntervalCollection.excess,
    "first_fit": lambda a, b: a.first_fit(1, at_most=b),
    "where": lambda a, b: a.where(b.support),
    "mean": lambda a, b: a.mean(within=b.support),
    "max": lambda a, b: a.max(within=b.support),
    "nlargest": lambda a, b: a.nlargest(1, within=b.support),
    "bin": lambda a, b: a.bin(1, within=b.support),
    "gaps": lambda a, b: a.support.gaps(b.support),
    "union": lambda a, b: a.support | b.support,
    "isdisjoint": lambda a, b: a.support.isdisjoint(b.support),
    "merge": lambda a, b: accumulated(a).merge(accumulated(b)),
}


def accumulated(c):
    accumulator = IntervalAccumulator(closed=c.closed)
    accumulator.extend(c)
    return accumulator


@pytest.mark.parametrize("name", ASKED_OF_TWO)
def test_sides_and_domains_do_not_mix_whatever_is_asked(name):
    ask = ASKED_OF_TWO[name]
    for a, b in permutations([PLANES, EVERY["right"]]):
        refused(ValueError, "closed", lambda a=a, b=b: ask(a, b))
    for a, b in permutations([PLANES, EVERY["dates"]]):
        refused(TypeError, "do(es)? not mix", lambda a=a, b=b: ask(a, b))


def test_what_has_no_breakpoints_goes_with_every_side_and_domain_whatever_is_asked():
    nothing, everything = IntervalSet(closed="right"), ~IntervalSet(closed="right")
    assert (PLANES.where(nothing), PLANES.where(everything)) == (NOTHING, PLANES)
    assert PLANES.integral(within=everything) == 10
    assert PLANES.excess(IntervalCollection(closed="right")) == PLANES
    assert (NOTHING + 5).integral(within=IntervalSet([(1, 2)], closed="right")) == 5
    assert (NOTHING + 5).where(IntervalSet([("a", "b")])) == of(("a", "b", 5))
    assert list((NOTHING + 5).bin("day", within=(dt.date(2024, 1, 1), dt.date(2024, 1, 2))).values) == [5.0]


# Rows: what is refused is refused under every `how`, and with groups


@pytest.mark.parametrize("how", ["sum", "count", "max", "min", "mean", "any", "rows", len])
@pytest.mark.parametrize("by", [None, ["a", "b"]])
def test_bad_ends_are_refused_whatever_is_made_of_them(how, by):
    for start, stop, error in (
        (3, 1, ValueError),
        (INF, 1, ValueError),
        (math.nan, 1, ValueError),
        (1, None, ValueError),
        (True, 2, TypeError),
        ("a", "b", TypeError),
    ):
        refused(error, "^row 1: ", lambda row=(start, stop): of((1, 2), row, how=how, by=by))
        columns = {"start": [1, start], "stop": [2, stop]}
        refused(error, "^row 1: ", lambda columns=columns: combine_intervals(**columns, how=how, by=by))


def test_what_misses_both_ends_never_began_and_never_ends():
    for nothing in (None, math.nan, pd.NaT):
        assert of((nothing, nothing, 3), missing="open") == NOTHING + 3


def test_rows_that_are_dropped_decide_neither_zone_nor_domain():
    here = NOON.astimezone(BERLIN)
    there = NOON.astimezone(NEW_YORK)
    kept = of((here, here + DAY), (there, None), ("a", None), missing="drop")
    assert [x.tzinfo for x in kept.breakpoints] == [BERLIN, BERLIN]
    opened = of((here, here + DAY), (there, None), missing="open")
    assert {x.tzinfo for x in opened.breakpoints} == {dt.UTC}


def test_the_rows_of_all_groups_decide_kind_and_zone():
    groups = of((0, 2, 1), (1, 2, Decimal("0.50")), by=["a", "b"])
    assert list(map(str, groups["a"].levels)) == ["0.00", "1.00", "0.00"]
    assert spelled(of((0, 2, 1), (1, 1, 0.5), by=["a", "b"])["a"][0]) == (float, "1.0")
    here, there = NOON.astimezone(BERLIN), NOON.astimezone(NEW_YORK)
    shown = of((here, INF), (there, INF), by=["a", "b"])
    assert {x.tzinfo for c in shown.values() for x in c.breakpoints} == {dt.UTC}


def test_a_total_of_groups_of_floats_is_the_exact_sum_rounded_once():
    for values in permutations([1e16, 1.0, -1e16]):
        groups = of(*((0, 1, x) for x in values), by=list("abc"))
        assert groups.total() == of((0, 1, 1.0))


def test_digits_are_not_remembered():
    c = of((0.1, 0.2, 0.1), digits=1)
    assert (c + 0.2)[0.1] == 0.1 + 0.2 != 0.3
    assert c.shift(0.2).breakpoints[0] == 0.1 + 0.2
    assert (c[0.14], c[0.14:].breakpoints[0]) == (0.1, 0.14)
    assert c + of((0.3, 0.30000000000000004)) != c


@pytest.mark.parametrize("how", ["sum", "max", "min"])
def test_where_a_snapped_float_meets_an_int_the_int_is_shown(how):
    for rows in permutations([(0.96, 2.04, 1), (1, 3, 2)]):
        assert next(map(spelled, of(*rows, digits=1, how=how).breakpoints)) == (int, "1")


@pytest.mark.parametrize("far", [INF, 10, 10**400, Fraction(10), Decimal(10), Decimal("1E+30")])
def test_where_an_int_and_another_number_meet_the_int_is_shown_whatever_else_there_is(far):
    one = Fraction(1) if type(far) is Fraction else Decimal("1.0") if type(far) is Decimal else 1.0
    for rows in permutations([(one, far), (1, far), (one, 5)]):
        assert spelled(of(*rows).breakpoints[0]) == (int, "1")
        assert spelled(sum(map(of, rows)).breakpoints[0]) == spelled(total(map(of, rows)).breakpoints[0]) == (int, "1")


# Decimals: exact whatever the ambient context, up to 100,000 digits


def test_a_sum_of_100_000_digits_is_exact_and_of_more_an_overflow():
    large = Decimal("1E+99999")
    longest = of((0, 1, large), (0, 1, 1))
    assert longest[0].as_tuple().digits == (1, *[0] * 99_998, 1)
    for value in (Decimal("1E+100000"), Decimal("-1E+100000")):
        refused(OverflowError, "100,000 digits", lambda value=value: of((0, 1, 1), (2, 3, value)))
    for number in (1, Decimal("0.1"), of((0, 1))):
        refused(OverflowError, "100,000 digits", lambda number=number: of((0, 1, 10 * large)) + number)
    assert (of((0, 1, large)) + 1)[0] == longest[0]
    rows = [*[(0, 1, 9 * large)] * 2, (0, 1, Decimal(1))]
    accumulator = IntervalAccumulator()
    accumulator.extend(rows)
    folded = of((0, 1, 9 * large), (1, 2, Decimal(1)), (10, 11, 9 * large), (20, 21, Decimal(1)))
    for call in (lambda: of(*rows), accumulator.collect, lambda: folded.wrap(10)):
        refused(OverflowError, "^a level needs over 100,000 digits$", call)


def asked_of_decimals():
    """Give what everything that rounds, adds or compares Decimals gives, as it is spelled."""
    third, long = Decimal("0.33333333"), Decimal("9.8765432109876543210987654321")
    c = of((Decimal("0.1234567"), Decimal("3.7654321"), Decimal("1.2345678")), (third, Decimal("2.22222222"), long))
    within = Decimal("0.1234568"), Decimal("2.9999999")
    accumulator = IntervalAccumulator()
    accumulator.extend(c)
    accumulator.subtract(third, Decimal("0.66666666"), third)
    found = [accumulator.collect(), accumulator.collect_before(Decimal("1.23456789"))]
    found += [c.integral(), c.mean(), c.var(), c.std(), c.median(), c.mode(), c.quantile(third), c.distribution()]
    found += [c.integral(within=within), c.mean(within=within), c.max(), c.argmin(within=within), c.nlargest(2)]
    found += [c.bin(third), c.bin(within, "integral"), c.windows(*([x] for x in within)), c.wrap(third)]
    found += [c.shift(third), c.scale(long), c.next_change(third), c.first_fit(third, at_most=2, after=third)]
    found += [c.excess(third), c.level_set(Decimal("1.2345678")), c.at([third]), c[third:long], c.where(within)]
    found += [c * c, c / 3, abs(c - long), -c, c > third, maximum(c, third), minimum(c, long), total(c, c, third)]
    found += [c.support.length, c.support.gaps((0, long)), Interval(third, long).length, c == c + 0, hash(c)]
    found += [of(*c, by=[1] * len(c)).total(), of(*c, *c, how="mean"), of(*c, how="max")]
    return list(map(repr, found))


@pytest.mark.parametrize("ambient", [Context(prec=2, traps=[Inexact, Rounded, FloatOperation]), Context(2, Emax=2)])
def test_no_answer_depends_on_the_ambient_context(ambient):
    with localcontext(Context(prec=70)):
        wanted = asked_of_decimals()
    with localcontext(ambient):
        assert asked_of_decimals() == wanted


# Windows


@pytest.mark.parametrize("name", ["argmin", "argmax", "max", "min", "mean", "var", "std", "median", "mode", "integral"])
def test_reversed_windows_and_those_without_length_or_span(name):
    statistic = getattr(IntervalCollection, name)
    refused(ValueError, "start 3 is after stop 1", lambda: statistic(PLANES, within=(3, 1)))
    refused(ValueError, r"pass within=\(a, b\)", lambda: statistic(NOTHING + 1))
    for within in ((2, 2), IntervalSet(), (-INF, -INF)):
        if name == "integral":
            assert spelled(statistic(PLANES, within=within)) == (int, "0")
        else:
            refused(ValueError, "over zero length", lambda within=within: statistic(PLANES, within=within))


def test_without_breakpoints_there_are_no_highest_segments_but_in_a_window():
    refused(ValueError, r"pass within=\(a, b\)", lambda: NOTHING.nlargest(1), lambda: (NOTHING + 1).nlargest(1))
    assert (NOTHING + 1).nlargest(1, within=(2, 3)) == [(2, 3, 1)]


@pytest.mark.parametrize("closed", ["left", "right"])
def test_a_window_takes_the_side_of_the_collection_whatever_is_asked(closed):
    c = of((1, 3, 2), (2, 4, 3), closed=closed)
    for found in (c[1:2], c.where((1, 2)), c.where(Interval(1, 2)), c.argmax(within=(1, 2)), c.support.gaps((0, 5))):
        assert found.closed == closed
    assert (c[1:2][1], c[1:2][2]) == ((2, 0) if closed == "left" else (0, 2))
    assert (c[-INF], c[INF], (c + 1)[-INF], (c + 1)[INF]) == (0, 0, 1, 1)


# Times


def test_a_step_of_24_hours_is_elapsed_time_and_a_day_is_one_by_the_clock():
    spring = of((dt.datetime(2024, 3, 30, 12, tzinfo=BERLIN), dt.datetime(2024, 4, 1, 12, tzinfo=BERLIN)))
    assert [x.isoformat() for x in spring.bin(DAY).starts] == [
        "2024-03-30T00:00:00+01:00",
        "2024-03-31T00:00:00+01:00",
        "2024-04-01T01:00:00+02:00",
    ]
    assert [x.hour for x in spring.bin("day").starts] == [0, 0, 0]


def test_a_week_is_wrapped_from_monday_midnight_of_the_shown_zone():
    for monday in (dt.datetime(2024, 1, 1, tzinfo=BERLIN), dt.datetime(2024, 7, 1, tzinfo=BERLIN)):
        assert of((monday, monday + HOUR)).wrap("week") == of((0 * HOUR, HOUR))
        utc = of((monday.astimezone(dt.UTC), monday.astimezone(dt.UTC) + HOUR))
        assert utc.astimezone(BERLIN).wrap("week") == of((0 * HOUR, HOUR))
        assert utc.wrap("week").span.start == 7 * DAY + monday.utcoffset() * -1
    winter = dt.datetime(2024, 1, 1, tzinfo=BERLIN)
    assert of((winter, winter + HOUR)).wrap(7 * DAY) == of((0 * HOUR, HOUR))
    assert of((8 * DAY, 8 * DAY + HOUR)).wrap(7 * DAY) == of((DAY, DAY + HOUR))  # timedeltas are counted from 0


@pytest.mark.parametrize("unit", ["D", "h", "s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "Europe/Berlin"])
def test_timestamps_of_every_source_come_out_as_datetimes(unit, zone):
    scalar, series = np.datetime64("2024-07-01", unit), pd.Series([pd.Timestamp("2024-07-01", tz=zone)])
    stamp = series[0].as_unit(unit if unit not in ("D", "h") else "s")
    wanted = stamp if unit == "ns" else stamp.to_pydatetime()
    columns = [[stamp], series.dt.as_unit(stamp.unit)]
    for column in columns if zone else [*columns, [scalar], np.array([scalar])]:
        (found,) = combine_intervals(start=column, stop=[INF]).breakpoints
        assert (type(found), found, found.tzinfo) == (type(wanted), wanted, wanted.tzinfo)
        assert isinstance(found, dt.datetime)


# Zeros


def test_a_negative_zero_asks_what_zero_asks():
    c = of((-1.0, 0.0, 2), (0.0, 1.0, 3))
    assert c[-0.0] == c.at([-0.0])[0] == c.limit(-0.0, "right") == 3
    assert -0.0 in c[0.0:]
    shown = [c[-0.0:].span.start, c.where((-0.0, 1)).span.start, c.argmax(within=(-0.0, 0.5)).span.start]
    shown += [c.nlargest(1, within=(-0.0, 0.5))[0].start, c.support.gaps((-2.0, 3.0)).span.start + 2.0]
    shown += [of((-2.0, -1.0)).first_fit(0.5, after=-0.0), c.shift(-0.0).breakpoints[1], c.previous_change(-0.0)]
    shown += [IntervalSet([(-0.0, 1.0)]).span.start, IntervalCollection.from_changes([-0.0], [1]).breakpoints[0]]
    shown += [IntervalCollection.from_levels([-0.0], [1]).breakpoints[0]]
    accumulator = accumulated(of((-1.0, 1.0)))
    shown += [accumulator.collect_before(-0.0).span.stop, accumulator.collect().span.start]
    for far in (INF, 10, 10**400):  # as machine numbers, and as ranks of what no machine holds
        shown += [of((-0.0, far), (-1, far)).breakpoints[1]]
    assert set(map(spelled, shown)) == {(float, "0.0")}
    for rows in ([(Decimal("-0.0"), Decimal("1E+999999"))], [(Decimal("-0.0"), 2), (1, 5)]):
        assert str(of(*rows).breakpoints[0]) == "0.0"


def test_no_level_is_a_negative_zero():
    for level in (maximum(-0.0)[0], total(-0.0)[0], (NOTHING - 0.0)[0], (PLANES * -0.0)[2], (PLANES.map(float) * 0)[2]):
        assert spelled(level) == (float, "0.0")
    assert list(map(str, of((0, 1, Decimal("-0.0")), (2, 3, Decimal(1))).levels)) == ["0.0", "1.0", "0.0"]


# Columns, NumPy, text


@pytest.mark.parametrize("name", [name for name in EVERY if name not in ("nothing", "a constant")])
def test_levels_at_many_points_are_a_column_of_what_lookup_gives(name):
    c = EVERY[name]
    points = [-INF, *c.breakpoints, INF]
    levels = c.at(points)
    assert [*map(spelled, levels)] == [spelled(c[x]) for x in points]
    with pytest.raises(TypeError):
        levels[0] = 1
    if isinstance(c._steps.levels, memoryview) and type(levels[0]) in (int, float):
        assert np.shares_memory(np.asarray(levels), np.asarray(levels))
        assert not np.asarray(levels).flags.writeable
    segments = c.segments()
    assert [*map(spelled, segments.values)] == [spelled(interval.value) for interval in c]
    assert [*map(spelled, segments.starts)] == [spelled(interval.start) for interval in c]


@pytest.mark.parametrize("end", [0.5, 1, dt.date(2024, 1, 2), NOON.replace(tzinfo=None), DAY])
def test_columns_of_segments_go_to_numpy_without_being_copied(end):
    step = end if isinstance(end, int | float | dt.timedelta) else DAY
    segments = of((end, end + step, 2), (end + step, end + 2 * step, 3.5)).segments()
    for column in (segments.starts, segments.stops, segments.values):
        assert np.shares_memory(np.asarray(column), np.asarray(column))
        assert not np.asarray(column).flags.writeable


def test_numpy_leaves_operators_of_all_our_classes_to_us():
    public = (getattr(intervalues, name) for name in intervalues.__all__)
    classes = [thing for thing in public if inspect.isclass(thing) and thing is not intervalues.Backend]
    assert {"IntervalGroups", "IntervalAccumulator", "Segments"} <= {thing.__name__ for thing in classes}
    for thing in classes:
        assert thing.__array_ufunc__ is None
    groups = of((1, 2), (3, 4), by=["a", "b"])
    assert np.float64(3) * groups == groups * 3
    assert (np.float64(0) < groups) == groups.support
    assert (np.int64(3) - Interval(1, 2)) == 3 - of((1, 2))


def test_ten_intervals_of_a_region_evaluate_back_and_eleven_are_abbreviated():
    ten, eleven = (IntervalSet([(2 * i, 2 * i + 1) for i in range(n)]) for n in (10, 11))
    assert eval(repr(ten)) == ten
    assert repr(eleven) == "<IntervalSet of 11 intervals: (0, 1), (2, 3), (4, 5), ...>"
    ten, eleven = (of(*((x, x + 1) for x in range(n)), by=list(range(n))) for n in (10, 11))
    assert eval(repr(ten), vars(intervalues)) == ten
    assert repr(eleven) == "<IntervalGroups of 11 groups: 0, 1, 2, ...>"


@pytest.mark.parametrize("dtype", ["i8", "f8", "M8[us]"])
def test_arrays_may_change_after_they_were_handed_over(dtype):
    starts, stops, keys = (np.array(column).astype(dtype) for column in ([1, 2], [3, 4], [7, 8]))
    columns = {"start": starts, "stop": stops}
    accumulator = IntervalAccumulator()
    accumulator.extend(**columns)
    made = [combine_intervals(**columns, how=how) for how in ("sum", "count", "max", "mean", "rows", len)]
    made += [combine_intervals(**columns, by=keys), made[0].bin(keys, how="max"), made[0].bin(starts, how="max")]
    before = [accumulator.collect(), *map(repr, made)]
    for column in (starts, stops, keys):
        column[:] = column[::-1].copy()
    assert [accumulator.collect(), *map(repr, made)] == before


def test_threads_that_build_the_same_index_get_the_same_answers():
    starts, stops = range(500), range(250, 750)
    c = IntervalCollection.from_levels(range(1000), [1, 2] * 500)
    wanted = [1.5] * 500
    ready = Barrier(8)

    def answers(_):
        ready.wait()
        return list(c.windows(starts, stops)), list(c.windows(starts, stops, how="max"))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(answers, range(8))) == [(wanted, [2] * 500)] * 8
    assert plain(c[:2]) == [(0, 1, 1), (1, 2, 2)]
