"""`IntervalCollection`: looking at it, its algebra, and that it stays what it is."""

from __future__ import annotations

import copy
import datetime as dt
import math
import operator
import pickle
import sys
from array import array
from collections.abc import Sequence
from decimal import Context, Decimal
from fractions import Fraction
from itertools import permutations
from pickle import UnpicklingError
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from outcomes import shown, spelled

from intervalues import Column, Interval, IntervalCollection, IntervalSet, Segments, combine_intervals

INF = math.inf
PLANES = combine_intervals([(2, 4, 3), (1, 3, 2)])  # [1,2; 2] [2,3; 5] [3,4; 3]
BERLIN = ZoneInfo("Europe/Berlin")
DAY = dt.timedelta(1)
NEW_YEAR = dt.date(2024, 1, 1)

# A collection of every domain and of every kind of level, open ends included.
EVERY = {
    "ints": PLANES,
    "nothing": IntervalCollection(),
    "a constant": IntervalCollection() + 5,
    "right": combine_intervals([(1, 3), (2, 4)], closed="right"),
    "huge ints": combine_intervals([(10**400, 10**401, 10**402), (-(2**63), 2**63 - 1)]),
    "floats": combine_intervals([(0.1, 0.3, 0.2), (0.2, INF, 1e308)]),
    "ints and floats": combine_intervals([(1, 2.5, 0.5), (2**53 + 1, INF, 3)]),
    "Decimals": combine_intervals([(Decimal("0.1"), Decimal("0.30"), Decimal("1.10"))]),
    "huge Decimals": combine_intervals([(Decimal("0.1"), Decimal("1E+30"), Decimal("1E+40"))]),
    "Fractions": combine_intervals([(Fraction(1, 3), Fraction(1, 2), Fraction(2, 7)), (1, 2, 1)]),
    "dates": combine_intervals([(NEW_YEAR, NEW_YEAR + DAY, 2), (NEW_YEAR, INF)]),
    "naive datetimes": combine_intervals([(dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 2))]),
    "aware datetimes": combine_intervals(
        [(dt.datetime(2024, 10, 27, 2, 30, fold=fold, tzinfo=BERLIN), INF) for fold in (0, 1)]
    ),
    "timedeltas": combine_intervals([(DAY, dt.timedelta.max)]),
    "timestamps": combine_intervals([(pd.Timestamp(1, unit="ns"), pd.Timestamp(3, unit="ns"))]),
    "strings": combine_intervals([("Ada", "Linus"), ("Grace", INF)]),
    "tuples": combine_intervals([((1, 2), (1, 3)), (-INF, (2,))]),
}
every = pytest.mark.parametrize("c", EVERY.values(), ids=EVERY)
NAMES = {
    "IntervalCollection": IntervalCollection,
    "IntervalSet": IntervalSet,
    "Column": Column,
    "Segments": Segments,
    "Decimal": Decimal,
    "Fraction": Fraction,
    "Timestamp": pd.Timestamp,
    "datetime": dt,
    "zoneinfo": sys.modules["zoneinfo"],
}


# Making


def test_a_collection_is_made_as_combine_intervals_makes_it():
    assert IntervalCollection([(2, 4, 3), (1, 3, 2)]) == PLANES
    assert IntervalCollection([(1, 3)], closed="right").closed == "right"
    assert IntervalCollection() == combine_intervals([]) == combine_intervals()


def test_changes_need_no_order_and_may_repeat():
    changes = [(1, 2), (2, 3), (3, -2), (4, -3), (2, 1), (2, -1)]
    for order in list(permutations(changes))[::29]:
        assert IntervalCollection.from_changes(*zip(*order, strict=True)) == PLANES
    c = IntervalCollection.from_changes([3, 1], [-2, 2], 5, closed="right")
    assert list(c) == [(-INF, 1, 5), (1, 3, 7), (3, INF, 5)]
    assert c.closed == "right"


def test_changes_of_floats_are_added_exactly():
    c = IntervalCollection.from_changes([1, 1, 2, 3, 3], [0.1, 0.2, 1e16, -1e16, -0.3])
    assert c[2] == float(Fraction(0.1) + Fraction(0.2) + Fraction(1e16))
    assert c[3] == float(Fraction(0.1) + Fraction(0.2) - Fraction(0.3))
    kinds = [IntervalCollection.from_changes([1], [x], y)[0] for x, y in ((1, 0.5), (0.5, 1), (1, Decimal("0.5")))]
    assert list(map(spelled, kinds)) == list(map(spelled, [0.5, 1.0, Decimal("0.5")]))


def test_no_changes_leave_the_initial_level():
    assert IntervalCollection.from_changes([], []) == IntervalCollection()
    assert IntervalCollection.from_changes([], [], 3) == IntervalCollection() + 3
    assert IntervalCollection.from_changes(iter([1]), (1,)) == combine_intervals([(1, INF)])


def test_levels_hold_from_their_breakpoints_on():
    c = IntervalCollection.from_levels([1, 2, 3, 4], [2, 5, 3, 0])
    assert c == PLANES
    assert IntervalCollection.from_levels(np.array([1, 2, 3, 4]), np.array([2.0, 5, 3, 0])) == PLANES
    d = IntervalCollection.from_levels([1, 2], [0.5, 1], 3, closed="right")
    assert list(map(spelled, d.levels)) == list(map(spelled, [3.0, 0.5, 1.0]))
    assert (d.closed, d[1], d[2]) == ("right", 3, 0.5)


def test_equal_neighbouring_levels_are_one():
    assert IntervalCollection.from_levels([0, 1, 1.5, 2, 3, 4], [0, 2, 2, 5, 3, 0]) == PLANES
    assert IntervalCollection.from_levels([1, 2], [0, 0]) == IntervalCollection()
    assert IntervalCollection.from_levels([], [], 3) == IntervalCollection() + 3


def test_levels_are_ints_where_they_are_booleans():
    for large in (2, 10**30):
        c = IntervalCollection.from_levels([1, 2, 3], [True, large, False])
        assert list(map(spelled, c.levels)) == list(map(spelled, [0, 1, large, 0]))


@pytest.mark.parametrize("make", [IntervalCollection.from_changes, IntervalCollection.from_levels])
@pytest.mark.parametrize(
    ("at", "numbers", "error", "message"),
    [
        ([1, 2], [1], ValueError, "at has 2 rows, (deltas|levels) has 1"),
        ([1, None], [1, 2], ValueError, "row 1: at is missing"),
        ([1, math.nan], [1, 2], ValueError, "row 1: at is NaN"),
        (np.array([1, "NaT"], "m8[us]"), [1, 2], ValueError, r"row 1: at is NaN \(NaT\)"),
        ([1, 2], [1, math.nan], ValueError, "row 1: (deltas|levels) is NaN"),
        ([1, 2], [1, None], ValueError, "row 1: (deltas|levels) is missing"),
        ([1, 2], [1, INF], ValueError, "row 1: (deltas|levels) is inf; values must be finite"),
        ([1, 2], [1, "a"], TypeError, "row 1: (deltas|levels) is 'a'"),
        ([1, 2], [1.5, Decimal(1)], TypeError, "row 1: (deltas|levels) is Decimal"),
        ([1, 2], [Decimal("1E+200000"), Decimal("0.1")], OverflowError, "row 0: (deltas|levels) Decimal"),
        ([1, "a"], [1, 2], TypeError, "row 1: at 'a' does not mix with ints"),
        ([1, True], [1, 2], TypeError, "row 1: at True is of type bool"),
        (5, [1], TypeError, "at is of type int"),
        ("ab", [1, 2], TypeError, "at is of type str"),
        ({1}, [1], TypeError, "at is of type set"),
        ([1], {1: 2}, TypeError, "(deltas|levels) is of type dict"),
    ],
)
def test_bad_columns_are_refused_by_name_and_row(make, at, numbers, error, message):
    with pytest.raises(error, match=f"^{message}"):
        make(at, numbers)


@pytest.mark.parametrize("make", [IntervalCollection.from_changes, IntervalCollection.from_levels])
def test_a_bad_initial_level_or_side_is_refused(make):
    for initial in (math.nan, Decimal("NaN"), np.float32("nan")):
        with pytest.raises(ValueError, match=r"^initial is NaN"):
            make([1], [1], initial)
    for initial in (INF, -INF):
        with pytest.raises(ValueError, match=r"^initial is -?inf; it must be finite"):
            make([1], [1], initial)
    for initial in (None, pd.NA, "a", [0]):
        with pytest.raises(TypeError, match=r"^initial is"):
            make([1], [1], initial)
    with pytest.raises(TypeError, match=r"^initial is Decimal"):
        make([1], [0.5], Decimal(1))
    for closed in ("both", "up", None, []):
        with pytest.raises(ValueError, match="closed"):
            make([1], [1], 0, closed)


def test_levels_start_at_strictly_increasing_finite_points():
    for at in ([2, 1], [1, 1], [1, 1.0], ["b", "a"]):
        with pytest.raises(ValueError, match=r"row 1: at .* does not lie after"):
            IntervalCollection.from_levels(at, [1, 2])
    for at in ([-INF, 1], [INF, 1]):
        with pytest.raises(ValueError, match=r"row 0: at is -?inf"):
            IntervalCollection.from_levels(at, [1, 2])


def test_a_zero_is_never_negative():
    c = IntervalCollection.from_levels([-0.0, 1.0], [-0.0, -1.0], -0.0)
    assert repr((-combine_intervals([(-1.0, -0.0, -1.0)])).breakpoints) == "Column([-1.0, 0.0])"
    for d in (c, -c, c * -1, c - c, c + 0.0, c * 0, c[0:0.5], c / -3):
        assert not any(math.copysign(1, x) < 0 and x == 0 for x in [*d.levels, *d.breakpoints])
    assert spelled((c * Fraction(1, 10**400))[1]) == (float, "0.0")


# Looking


@every
def test_breakpoints_and_levels_are_all_there_is(c):
    assert len(c.levels) == len(c.breakpoints) + 1
    assert [c[x] for x in c.breakpoints] == list(c.levels[1:] if c.closed == "left" else c.levels[:-1])
    assert (c[-INF], c[INF]) == (c.levels[0], c.levels[-1])
    assert [c.limit(x, "left") for x in c.breakpoints] == list(c.levels[:-1])
    assert [c.limit(x, "right") for x in c.breakpoints] == list(c.levels[1:])
    assert list(map(spelled, c.at(c.breakpoints))) == [spelled(c[x]) for x in c.breakpoints]


@every
def test_iterating_walks_the_segments_either_way(c):
    segments = c.segments()
    assert list(c) == list(segments) == list(reversed(list(reversed(c))))
    assert len(c) == len(segments) == len(list(c))
    assert bool(c) == bool(list(c))
    assert list(zip(segments.starts, segments.stops, segments.values, strict=True)) == list(c)
    assert all(type(interval) is Interval and interval.value for interval in c)
    assert combine_intervals(c, closed=c.closed) == c


@every
def test_the_support_is_where_the_level_is_not_zero(c):
    assert c.support == IntervalSet([interval[:2] for interval in c], closed=c.closed)
    assert all((x in c) == (x in c.support) == bool(c[x]) for x in c.breakpoints)


@every
def test_the_span_goes_from_the_first_to_the_last_breakpoint(c):
    if not len(c.breakpoints):
        assert c.span is None
        return
    start = -INF if c.levels[0] else c.breakpoints[0]
    stop = INF if c.levels[-1] else c.breakpoints[-1]
    assert c.span == Interval(start, stop)


def test_windows_restrict_to_a_stretch():
    assert list(PLANES[1.5:3]) == [(1.5, 2, 2), (2, 3, 5)]
    assert PLANES[:] == PLANES[None:None] == PLANES[-INF:INF] == PLANES
    assert PLANES[2:] == PLANES[2:99] == PLANES[2:INF]
    assert PLANES[:2] == PLANES[-INF:2]
    assert PLANES[2:2] == PLANES[7:8] == IntervalCollection()
    assert list((PLANES + 1)[0:1]) == [(0, 1, 1)]
    right = combine_intervals([(1, 3)], closed="right")[2:9]
    assert (list(right), right.closed) == ([(2, 3, 1)], "right")
    assert list((IntervalCollection() + 2)[NEW_YEAR : NEW_YEAR + DAY]) == [(NEW_YEAR, NEW_YEAR + DAY, 2)]


def test_windows_keep_the_kind():
    for one in (1, 1.0, Fraction(1), Decimal("1.0")):
        c = combine_intervals([(0, 4, one)])[1:2]
        assert list(map(spelled, c.levels)) == list(map(spelled, [one - one, one, one - one]))


def test_bad_windows_are_refused():
    with pytest.raises(TypeError, match=r"a window c\[a:b\] has no step"):
        PLANES[1:2:1]
    with pytest.raises(ValueError, match="window: start 3 is after stop 1"):
        PLANES[3:1]
    with pytest.raises(ValueError, match="window: start is NaN"):
        PLANES[math.nan :]
    for stop in ("a", NEW_YEAR, True):
        with pytest.raises(TypeError):
            PLANES[1:stop]
    with pytest.raises(TypeError, match="do not mix"):
        PLANES["a":"b"]


@pytest.mark.parametrize("x", [2, 2.0, Fraction(2), Decimal(2), np.int8(2), np.float32(2), np.uint64(2)])
def test_ints_are_found_by_numbers_of_every_kind(x):
    assert PLANES[x] == PLANES.limit(x, "right") == 5
    assert PLANES.limit(x, "left") == 2
    assert x in PLANES
    assert list(PLANES.at([x, 2])) == [5, 5]


def test_numbers_are_found_exactly():
    c = combine_intervals([(2**53, 2**53 + 1)])
    assert (c[float(2**53)], c[2**53 + 1], c[2**53 - Fraction(1, 10**30)]) == (1, 0, 0)
    d = combine_intervals([(Decimal("0.1"), Decimal("0.2"))])
    for x, level in (("0.1", 1), ("0.0999999999999", 0), ("0.19999999999999", 1), ("0.2", 0), ("1E+999999", 0)):
        assert d[Decimal(x)] == level
        assert d[Decimal(x).copy_negate()] == 0
    assert (d[0], d[1], d[10**30]) == (0, 0, 0)
    signed = combine_intervals([(Decimal(-1), Decimal(1))])
    for zero in ("0", "-0", "0E+25", "0E-25", "-0E+999"):
        assert signed[Decimal(zero)] == 1
    for tiny in ("1E-30", "-1E-30", "1E-999999"):
        assert signed[Decimal(tiny)] == 1


def test_aware_datetimes_are_found_by_instant():
    c = combine_intervals(
        [(dt.datetime(2024, 10, 27, 0, 30, tzinfo=dt.UTC), dt.datetime(2024, 10, 27, 1, 30, tzinfo=dt.UTC))]
    )
    first = dt.datetime(2024, 10, 27, 2, 30, tzinfo=BERLIN)
    assert (c[first], c[first.replace(fold=1)]) == (1, 0)
    assert c[pd.Timestamp(first)] == 1


@pytest.mark.parametrize(
    ("c", "x", "error"),
    [
        (PLANES, "a", TypeError),
        (PLANES, NEW_YEAR, TypeError),
        (PLANES, True, TypeError),
        (PLANES, 1j, TypeError),
        (PLANES, [1], TypeError),
        (PLANES, None, ValueError),
        (PLANES, math.nan, ValueError),
        (PLANES, pd.NaT, ValueError),
        (PLANES, np.datetime64("NaT", "s"), ValueError),
        (EVERY["floats"], Decimal(1), TypeError),
        (EVERY["floats"], Fraction(1), TypeError),
        (EVERY["Decimals"], 1.0, TypeError),
        (EVERY["dates"], dt.datetime(2024, 1, 1), TypeError),
        (EVERY["naive datetimes"], NEW_YEAR, TypeError),
        (EVERY["naive datetimes"], dt.datetime(2024, 1, 1, tzinfo=BERLIN), TypeError),
        (EVERY["aware datetimes"], dt.datetime(2024, 1, 1), TypeError),
        (EVERY["strings"], 1, TypeError),
        (EVERY["strings"], b"a", TypeError),
        (IntervalCollection(), True, TypeError),
        (IntervalCollection(), {1}, TypeError),
        (IntervalCollection(), None, ValueError),
    ],
)
def test_a_coordinate_of_another_domain_is_refused(c, x, error):
    for look in (lambda: c[x], lambda: x in c, lambda: c.limit(x, "left"), lambda: x in c.support):
        with pytest.raises(error):
            look()
    with pytest.raises(error, match="row 1: "):
        c.at([c.breakpoints[0] if len(c.breakpoints) else 1, x])


def test_many_points_may_come_in_any_column():
    for xs in ([0, 2, 3], (0, 2, 3), iter([0, 2, 3]), np.array([0, 2, 3]), array("d", [0, 2, 3]), pd.Series([0, 2, 3])):
        assert list(PLANES.at(xs)) == [0, 5, 3]
    times = np.array(["2024-01-01", "2024-01-02"], "M8[D]")
    assert list(EVERY["naive datetimes"].at(times)) == [1, 0]
    assert PLANES.at([]) == ()
    assert type(PLANES.at([1])) is Column
    with pytest.raises(TypeError, match="xs is of type int"):
        PLANES.at(3)
    with pytest.raises(ValueError, match=r"row 1: the coordinate is NaN \(NaT\)"):
        EVERY["naive datetimes"].at(np.array(["2024-01-01", "NaT"], "M8[us]"))
    with pytest.raises(ValueError, match="row 0: the coordinate is missing"):
        PLANES.at(np.ma.array([1], mask=[True]))


def test_a_limit_has_a_side():
    for side in ("both", "up", None, 1):
        with pytest.raises(ValueError, match=r"side is .*; it must be left or right"):
            PLANES.limit(1, side)
    assert (PLANES.limit(-INF, "left"), PLANES.limit(INF, "right")) == (0, 0)


def test_what_is_constant_has_that_level_everywhere():
    c = IntervalCollection() + 5
    assert [c[x] for x in (0, -INF, INF, "a", NEW_YEAR, Decimal("1E+99"), dt.datetime(2024, 1, 1, tzinfo=BERLIN))] == [
        5
    ] * 7
    assert (len(c), bool(c), list(c)) == (1, True, [(-INF, INF, 5)])
    assert list(c.levels) == [5]


# Columns


@every
def test_columns_are_immutable_sequences(c):
    for column in (c.breakpoints, c.levels, c.segments().starts, c.segments().values):
        items = list(column)
        assert isinstance(column, Sequence)
        assert list(map(spelled, (column[i] for i in range(len(column))))) == list(map(spelled, items))
        assert list(column[::-1]) == list(reversed(column)) == items[::-1]
        assert list(column[1:3]) == items[1:3]
        assert column == tuple(items) == column[:]
        assert column != [*items, 1]
        assert column != (*items, 1)
        assert hash(column) == hash(tuple(items))
        assert all(x in column for x in items)
        for again in (pickle.loads(pickle.dumps(column)), copy.copy(column), copy.deepcopy(column)):
            assert again == column
            assert type(again) is Column
        with pytest.raises(AttributeError, match="immutable"):
            column._codes = ()
        with pytest.raises(TypeError):
            column[0] = 1
        with pytest.raises(IndexError):
            column[len(items)]


def test_columns_show_themselves_abbreviated():
    assert repr(PLANES.levels) == "Column([0, 2, 5, 3, 0])"
    long = IntervalCollection.from_levels(range(3000), [1, 2] * 1500)
    assert repr(long.breakpoints) == "<Column of 3,000: 0, 1, 2, 3, 4, ..., 2995, 2996, 2997, 2998, 2999>"


@every
def test_segments_are_immutable_columns_of_intervals(c):
    segments = c.segments()
    assert isinstance(segments, Sequence)
    assert segments == c.segments() == segments[:]
    assert hash(segments) == hash(c.segments())
    assert segments != list(segments)
    assert list(segments[::-1]) == list(segments)[::-1]
    for again in (pickle.loads(pickle.dumps(segments)), copy.copy(segments), copy.deepcopy(segments)):
        assert again == segments
        assert type(again) is Segments
    if len(segments):
        assert segments[0] == next(iter(segments))
        assert type(segments[-1]) is Interval
    with pytest.raises(AttributeError, match="immutable"):
        segments.starts = ()
    with pytest.raises(AttributeError, match="immutable"):
        del segments.values
    assert (
        repr(PLANES.segments())
        == "Segments(starts=Column([1, 2, 3]), stops=Column([2, 3, 4]), values=Column([2, 5, 3]))"
    )


@pytest.mark.parametrize(
    ("name", "dtype", "first"),
    [
        ("ints", "int64", 1),
        ("dates", "datetime64[D]", np.datetime64("2024-01-01")),
        ("naive datetimes", "datetime64[us]", np.datetime64("2024-01-01")),
        ("aware datetimes", "datetime64[us]", np.datetime64("2024-10-27T00:30")),
        ("timestamps", "datetime64[ns]", np.datetime64(1, "ns")),
    ],
)
def test_machine_columns_go_to_numpy_without_copying(name, dtype, first):
    points = EVERY[name].breakpoints
    array = np.asarray(points)
    assert (array.dtype, array[0]) == (np.dtype(dtype), first)
    assert np.shares_memory(array, np.asarray(points))
    assert not array.flags.writeable
    assert np.array(points).flags.writeable
    assert np.asarray(EVERY[name].levels).dtype == np.int64


def test_machine_floats_and_timedeltas_go_to_numpy_without_copying():
    c = combine_intervals([(0.5, 1.5, 2.5)])
    for column in (c.breakpoints, c.levels, c.segments().starts):
        array = np.asarray(column)
        assert array.dtype == np.float64
        assert np.shares_memory(array, column.__array__(copy=False))
        assert list(array) == list(column)
    fine = combine_intervals([(pd.Timedelta(1, "ns"), pd.Timedelta(2, "ns"))])
    assert np.asarray(fine.breakpoints).dtype == np.dtype("m8[ns]")
    coarse = combine_intervals([(dt.timedelta(0), DAY)])
    assert list(np.asarray(coarse.breakpoints)) == [np.timedelta64(0, "us"), np.timedelta64(DAY)]


def test_columns_of_objects_are_arrays_of_objects():
    for name in ("huge ints", "ints and floats", "Decimals", "Fractions", "strings", "tuples"):
        points = EVERY[name].breakpoints
        array = np.asarray(points)
        assert array.dtype == object
        assert array.shape == (len(points),)
        assert list(array) == list(points)
        with pytest.raises(ValueError, match="have to be copied"):
            points.__array__(copy=False)
    assert np.asarray(PLANES.levels, dtype=float).tolist() == [0.0, 2.0, 5.0, 3.0, 0.0]
    assert np.asarray(EVERY["Decimals"].levels, dtype=float).tolist() == [0.0, 1.1, 0.0]


# Identity


@every
def test_a_collection_equals_what_is_the_same_function(c):
    again = combine_intervals(list(c)[::-1], closed=c.closed)
    assert c == again
    assert hash(c) == hash(again)
    assert c != c + 1
    assert c != list(c)
    assert c != c.support


def test_identity_follows_the_numbers_of_python():
    spelling = [
        combine_intervals([(kind(1), kind(2), worth(3))])
        for kind in (int, float, Fraction, Decimal)
        for worth in (int, float, Fraction, Decimal, Decimal("1.0").__mul__)
    ]
    assert len(set(spelling)) == 1
    assert all(a == b for a in spelling for b in spelling)
    assert combine_intervals([(1, 2, 0.1)]) != combine_intervals([(1, 2, Fraction(1, 10))])
    assert combine_intervals([(0.5, 2)]) == combine_intervals([(Decimal("0.5"), 2)])
    assert combine_intervals([(0.1, 2)]) != combine_intervals([(Decimal("0.1"), 2)])


def test_unit_and_zone_are_no_part_of_identity():
    days = dt.datetime(2024, 1, 1, tzinfo=dt.UTC), dt.datetime(2024, 1, 2, tzinfo=dt.UTC)
    utc = combine_intervals([days])
    berlin = combine_intervals([[x.astimezone(BERLIN) for x in days]])
    fine = combine_intervals([[pd.Timestamp(x).as_unit("ns") for x in days]])
    assert utc == berlin == fine == utc
    assert len({utc, berlin, fine}) == 1
    naive = combine_intervals([[x.replace(tzinfo=None) for x in days]])
    assert utc != naive
    assert combine_intervals([(dt.timedelta(0), DAY)]) == combine_intervals([(pd.Timedelta(0, "ns"), DAY)])


def test_domains_and_sides_are_part_of_identity_where_there_are_breakpoints():
    day = dt.date(1970, 1, 2)
    assert combine_intervals([(day, day + DAY)]) != combine_intervals([(1, 2)])
    assert combine_intervals([(1, 2)], closed="right") != combine_intervals([(1, 2)])
    assert IntervalCollection(closed="right") == IntervalCollection() == combine_intervals([(day, day)])
    assert hash(IntervalCollection(closed="right")) == hash(IntervalCollection())
    assert combine_intervals([(-INF, INF, 2.0)], closed="right") == IntervalCollection() + 2
    assert combine_intervals([("a", "b")]) != combine_intervals([(b"a", b"b")])


@every
def test_a_repr_evaluates_back(c):
    again = eval(repr(c), NAMES)
    assert again == c
    assert again.closed == c.closed
    assert list(map(spelled, again.breakpoints)) == list(map(spelled, c.breakpoints))


def test_a_repr_shows_ten_segments_and_abbreviates_more():
    c = IntervalCollection.from_levels(range(11), [*range(1, 11), 0])
    assert eval(repr(c), NAMES) == c
    d = c + combine_intervals([(11, 12, 7)])
    assert repr(d) == "<IntervalCollection of 11 intervals: (0, 1, 1), (1, 2, 2), (2, 3, 3), ...>"
    assert repr(IntervalCollection(closed="right")) == "IntervalCollection([], closed='right')"


@every
def test_pickles_and_copies_are_the_same_bit_for_bit(c):
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert shown(pickle.loads(pickle.dumps(c, protocol))) == shown(c)
    assert shown(copy.copy(c)) == shown(copy.deepcopy(c)) == shown(c)


def test_a_pickle_takes_16_bytes_a_segment():
    c = IntervalCollection.from_levels(range(10_000), [1, 2] * 5000)
    assert len(pickle.dumps(c)) < 16 * 10_000 + 500


@every
def test_a_truncated_or_forged_pickle_makes_no_object(c):
    make, state = c.__reduce__()
    assert make(*state) == c
    for short in range(len(state)):
        with pytest.raises(UnpicklingError, match="no pickled collection"):
            make(*state[:short])
    for place in range(len(state)):
        for junk in (None, 7, "x", (), ("q", b"1"), ("q", b"12345678" * 9), ("x", b""), object):
            if (place, junk) == (2, ()) and not len(c.breakpoints):
                continue  # no breakpoints in another form
            with pytest.raises(UnpicklingError, match="no pickled collection"):
                make(*state[:place], junk, *state[place + 1 :])
    data = pickle.dumps(c)
    for length in range(0, len(data), 3):
        with pytest.raises((UnpicklingError, EOFError)):
            pickle.loads(data[:length])


INTS, ONES = ("q", array("q", [1, 2]).tobytes()), ("q", array("q", [0, 1, 0]).tobytes())
NUMBERS, INT = ("Numbers", int), ("int",)
TIMES = ("Datetimes", 10**6, None)


@pytest.mark.parametrize(
    "state",
    [
        (2, NUMBERS, INTS, INT, ONES, "left"),
        (1, NUMBERS, INTS, INT, ONES, "both"),
        (1, NUMBERS, INTS, INT, ("q", ONES[1][:16]), "left"),
        (1, NUMBERS, ("q", array("q", [2, 1]).tobytes()), INT, ONES, "left"),
        (1, NUMBERS, ("q", array("q", [1, 1]).tobytes()), INT, ONES, "left"),
        (1, NUMBERS, INTS, INT, ("q", array("q", [0, 0, 1]).tobytes()), "left"),
        (1, NUMBERS, INTS, INT, ("d", array("d", [0, 1, 0]).tobytes()), "left"),
        (1, NUMBERS, ("d", array("d", [0, 1]).tobytes()), INT, ONES, "left"),
        (1, ("Numbers", float), ("d", array("d", [0, math.inf]).tobytes()), INT, ONES, "left"),
        (1, ("Numbers", float), ("d", array("d", [0, math.nan]).tobytes()), INT, ONES, "left"),
        (1, ("Numbers", float), ("d", array("d", [-0.0, 1]).tobytes()), INT, ONES, "left"),
        (1, ("Numbers", bool), (False, True), INT, ONES, "left"),
        (1, ("Numbers", str), ("a", "b"), INT, ONES, "left"),
        (1, ("Numbers", int, 3), INTS, INT, ONES, "left"),
        (1, ("Numbers",), INTS, INT, ONES, "left"),
        (1, ("Domain",), INTS, INT, ONES, "left"),
        (1, ("Decimals", "x"), INTS, INT, ONES, "left"),
        (1, ("Decimals", 10**30), INTS, INT, ONES, "left"),
        (1, ("Decimals", True), INTS, INT, ONES, "left"),
        (1, ("Dates",), ("q", array("q", [0, 10**10]).tobytes()), INT, ONES, "left"),
        (1, ("Datetimes", 7, None), INTS, INT, ONES, "left"),
        (1, ("Datetimes", 10**6, "x"), ("q", b""), INT, ("q", bytes(8)), "left"),
        (1, TIMES, ("q", array("q", [0, 2**62]).tobytes()), INT, ONES, "left"),
        (1, TIMES, (0, 2**70), INT, ONES, "left"),
        (1, ("Timedeltas", 10**6), (0, 10**30), INT, ONES, "left"),
        (1, ("Timedeltas", 10), INTS, INT, ONES, "left"),
        (1, ("Ordered", str), ("a", 1), INT, ONES, "left"),
        (1, ("Ordered", "str"), ("a", "b"), INT, ONES, "left"),
        (1, ("Ordered", str), ("b", "a"), INT, ONES, "left"),
        (1, NUMBERS, INTS, ("float",), ONES, "left"),
        (1, NUMBERS, INTS, ("float",), ("d", array("d", [0, math.inf, 0]).tobytes()), "left"),
        (1, NUMBERS, INTS, ("float",), ("d", array("d", [-0.0, 1, 0]).tobytes()), "left"),
        (1, NUMBERS, INTS, INT, (0, True, 0), "left"),
        (1, NUMBERS, INTS, INT, (0, Fraction(1, 2), 0), "left"),
        (1, NUMBERS, INTS, ("Decimal", "x"), ONES, "left"),
        (1, NUMBERS, INTS, ("Decimal", 10**30), ONES, "left"),
        (1, NUMBERS, INTS, ("Decimal",), ONES, "left"),
        (1, NUMBERS, INTS, ("complex",), ONES, "left"),
    ],
)
def test_a_pickle_that_breaks_an_invariant_makes_no_object(state):
    with pytest.raises(UnpicklingError, match="no pickled collection"):
        IntervalCollection._unpickled(*state)


def test_the_pickle_of_today_is_read_for_ever():
    assert IntervalCollection._unpickled(1, NUMBERS, INTS, INT, ONES, "left") == combine_intervals([(1, 2)])
    assert IntervalCollection._unpickled(1, TIMES, INTS, ("Decimal", -1), ONES, "right") == combine_intervals(
        [(dt.datetime(1970, 1, 1, 0, 0, 0, 1), dt.datetime(1970, 1, 1, 0, 0, 0, 2), Decimal("0.1"))], closed="right"
    )


def test_the_pickle_of_a_collection_is_none_of_a_region():
    region = IntervalSet([(1, 2)]).__reduce__()
    assert region[0](*region[1]) == IntervalSet([(1, 2)])
    for levels, kind in (
        (("q", array("q", [0, 2, 0]).tobytes()), INT),
        (("d", array("d", [0, 1, 0]).tobytes()), ("float",)),
        (ONES, ("Fraction",)),
        (ONES, ("Decimal", 0)),
    ):
        with pytest.raises(UnpicklingError):
            region[0](1, NUMBERS, INTS, kind, levels, "left")


def test_a_collection_cannot_be_changed():
    before = shown(PLANES)
    with pytest.raises(AttributeError, match="IntervalCollection is immutable: levels cannot be set"):
        PLANES.levels = ()
    with pytest.raises(AttributeError, match="IntervalCollection is immutable: _steps cannot be deleted"):
        del PLANES._steps
    with pytest.raises(AttributeError):
        PLANES.name = "x"
    with pytest.raises(TypeError):
        PLANES[1] = 2
    c = PLANES
    c += 1
    c *= 2
    assert shown(PLANES) == before
    assert +PLANES is PLANES


def test_what_it_was_made_from_may_change_afterwards():
    rows = [[1, 2, 3]]
    starts, stops = np.array([1]), np.array([2])
    c, d = combine_intervals(rows), combine_intervals(start=starts, stop=stops)
    e = IntervalCollection.from_levels(starts, starts)
    rows[0][0] = rows[0][2] = 99
    starts[:] = stops[:] = 99
    assert (list(c), list(d), list(e)) == ([(1, 2, 3)], [(1, 2, 1)], [(1, INF, 1)])


# Algebra


def test_collections_add_and_subtract_pointwise():
    a, b = combine_intervals([(0, 2, 5)]), combine_intervals([(1, 3, 2)])
    assert list(a + b) == [(0, 1, 5), (1, 2, 7), (2, 3, 2)]
    assert list(a - b) == [(0, 1, 5), (1, 2, 3), (2, 3, -2)]
    assert a - a == IntervalCollection()
    assert list(-a) == [(0, 2, -5)]
    assert a + b - b == a


def test_a_number_added_reaches_to_both_infinities():
    assert list(PLANES[1:2] + 1) == [(-INF, 1, 1), (1, 2, 3), (2, INF, 1)]
    assert 1 + PLANES == PLANES + 1
    assert 1 - PLANES == -(PLANES - 1)
    assert sum([PLANES, PLANES]) == PLANES * 2


@pytest.mark.parametrize("two", [2, 2.0, Fraction(2), Decimal(2), np.float64(2), np.int16(2), np.float32(2)])
def test_numbers_of_every_kind_work_from_either_side(two):
    number = two.item() if isinstance(two, np.generic) else two
    kind = type(number)
    assert two * PLANES == PLANES * two == PLANES + PLANES
    assert two + PLANES == PLANES + two
    assert two - PLANES == -(PLANES - two)
    assert {type(level) for level in (two * PLANES).levels} == {kind}
    half = PLANES / two
    assert list(half) == [(1, 2, 1), (2, 3, kind(5) / 2), (3, 4, kind(3) / 2)]
    assert {type(level) for level in half.levels} == {float if kind is int else kind}
    assert (two < PLANES) == (PLANES > 2)
    assert (two < PLANES) == (PLANES > 2)


def test_booleans_count_as_ints():
    assert PLANES + True == PLANES + 1
    assert PLANES * np.bool_(False) == IntervalCollection()


def test_kinds_of_levels_mix_as_values_do():
    half, third, tenth = (combine_intervals([(0, 1, x)]) for x in (0.5, Fraction(1, 3), Decimal("0.1")))
    assert spelled((half + third)[0]) == spelled(float(Fraction(1, 2) + Fraction(1, 3)))
    assert spelled((PLANES + third)[2]) == spelled(Fraction(5))
    assert spelled((PLANES + tenth)[0]) == spelled(Decimal("0.1"))
    for other in (half, third, 0.5, Fraction(1, 3)):
        for call in (operator.add, operator.sub):
            with pytest.raises(TypeError, match="do not mix"):
                call(tenth, other)
            with pytest.raises(TypeError, match="do not mix"):
                call(other, tenth)
    for call in (operator.mul, operator.truediv, operator.lt, operator.ge):
        with pytest.raises(TypeError, match="do not mix"):
            call(tenth, 0.5)


def test_sums_of_decimals_are_exact_and_products_rounded_to_the_longest():
    a, b = (combine_intervals([(0, 1, Decimal(x))]) for x in ("1E+40", "1E-40"))
    assert (a + b)[0] == Decimal("1" + "0" * 40 + "." + "0" * 39 + "1")
    assert (a - b - a + b)[0] == 0
    third = combine_intervals([(0, 1, Decimal(1))]) / 3
    assert third[0] == Decimal("0." + "3" * 28)
    longest = combine_intervals([(0, 1, Decimal("1" * 40))]) * Decimal("1.5")
    assert longest[0] == Context(prec=40).multiply(Decimal("1" * 40), Decimal("1.5"))
    assert (combine_intervals([(0, 1, Decimal(1))]) * (10**39 + 1))[0] == 10**39 + 1
    with pytest.raises(OverflowError, match="a level needs over 100,000 digits"):
        combine_intervals([(0, 1, Decimal("1E+60000"))]) + combine_intervals([(0, 1, Decimal("1E-60000"))])
    with pytest.raises(OverflowError):
        combine_intervals([(0, 1, Decimal("1E+900000000000000000"))]) * Decimal("1E+900000000000000000")


def test_floats_of_collections_are_added_as_the_machine_does():
    a, b = combine_intervals([(0, 1, 0.1)]), combine_intervals([(0, 1, 0.2)])
    assert (a + b)[0] == 0.1 + 0.2
    assert (a + b - b)[0] == 0.1 + 0.2 - 0.2
    assert (combine_intervals([(0, 1, 2**53 + 1)]) + 0.5)[0] == float(2**53 + 2)
    assert (combine_intervals([(0, 1, 10**400)]) * 1e-300)[0] == float(Fraction(10**400) * Fraction(1e-300))


def test_a_level_beyond_the_largest_float_is_an_overflow_that_names_the_segment():
    c = combine_intervals([(0, 1, 1e308), (1, 2, 1.0)])
    for call in (lambda: c * 10, lambda: 10 * c, lambda: c + c, lambda: -c - c, lambda: c / 1e-10, lambda: c + 10**400):
        with pytest.raises(OverflowError, match=r"the level on \[.*\) is beyond the largest float"):
            call()
    assert list(c) == [(0, 1, 1e308), (1, 2, 1.0)]


def test_division_by_zero_always_raises():
    for zero in (0, 0.0, Fraction(0), Decimal(0), np.int8(0), False):
        for c in (PLANES, IntervalCollection()):
            with pytest.raises(ZeroDivisionError, match="division of a collection by zero"):
                c / zero
    assert IntervalCollection() == (PLANES * 0)


def test_division_of_ints_gives_the_nearest_floats():
    c = combine_intervals([(0, 1, 10**400), (1, 2, 1), (2, 3, -(2**53) - 1)])
    assert list(map(spelled, (c / 10**399).levels)) == list(map(spelled, [0.0, 10.0, 0.0]))
    assert spelled((c[2:3] / 3)[2]) == spelled((-(2**53) - 1) / 3)
    assert list(map(spelled, (PLANES / 4).levels)) == list(map(spelled, [0.0, 0.5, 1.25, 0.75, 0.0]))
    assert spelled((combine_intervals([(0, 1, Fraction(1, 3))]) / 2)[5]) == spelled(Fraction(0))


@pytest.mark.parametrize("other", [None, "a", [1], (1, 2), {1}, 1j, np.array([1, 2]), np.longdouble(1), pd.NaT, DAY])
def test_operators_refuse_what_is_no_number(other):
    for call in (
        operator.add,
        operator.sub,
        operator.mul,
        operator.truediv,
        operator.lt,
        operator.le,
        operator.gt,
        operator.ge,
    ):
        with pytest.raises(TypeError):
            call(PLANES, other)
        with pytest.raises(TypeError):
            call(other, PLANES)


@pytest.mark.parametrize("number", [math.nan, INF, -INF, Decimal("NaN"), Decimal("-Infinity"), np.float32("inf")])
def test_operators_refuse_numbers_that_are_not_finite(number):
    for call in (operator.add, operator.sub, operator.mul, operator.truediv, operator.lt, operator.ge):
        with pytest.raises(ValueError, match="is no finite number"):
            call(PLANES, number)


MIXED = [
    ("ints", "dates"),
    ("ints", "strings"),
    ("floats", "Decimals"),
    ("floats", "Fractions"),
    ("Decimals", "Fractions"),
    ("dates", "naive datetimes"),
    ("naive datetimes", "aware datetimes"),
    ("timestamps", "aware datetimes"),
    ("timedeltas", "naive datetimes"),
    ("timedeltas", "ints"),
    ("strings", "tuples"),
]


@pytest.mark.parametrize(("one", "other"), MIXED)
def test_collections_of_different_domains_do_not_mix(one, other):
    for a, b in permutations((EVERY[one], EVERY[other])):
        for call in (operator.add, operator.sub):
            with pytest.raises(TypeError, match=r"do not mix with .* as coordinates"):
                call(a, b)
        assert a != b


def test_errors_tell_naive_datetimes_from_aware_ones():
    naive, aware = EVERY["naive datetimes"], EVERY["aware datetimes"]
    with pytest.raises(TypeError, match=r"^naive datetimes do not mix with aware datetimes as coordinates$"):
        naive + aware
    with pytest.raises(TypeError, match=r"does not mix with aware datetimes$"):
        aware[naive.breakpoints[0]]


def test_collections_of_different_sides_do_not_mix():
    for a, b in permutations((EVERY["ints"], EVERY["right"])):
        with pytest.raises(ValueError, match="does not mix with one closed on the"):
            a + b


def test_strings_mix_with_their_subclasses():
    class Name(str):
        __slots__ = ()

    a, b = combine_intervals([("a", "c")]), combine_intervals([(Name("b"), Name("d"))])
    assert list(a + b) == list(b + a) == [("a", "b", 1), ("b", "c", 2), ("c", "d", 1)]
    assert b["b"] == a[Name("b")] == 1


def test_times_of_different_units_and_zones_mix():
    noon = dt.datetime(2024, 7, 1, 12, tzinfo=dt.UTC)
    utc, berlin = (
        combine_intervals([(noon, noon + DAY)]),
        combine_intervals([(noon.astimezone(BERLIN), noon.astimezone(BERLIN) + DAY)]),
    )
    assert list(utc + berlin) == list(berlin + utc) == [(noon, noon + DAY, 2)]
    assert {x.tzinfo for x in (utc + berlin).breakpoints} == {dt.UTC}
    assert {x.tzinfo for x in (berlin + berlin).breakpoints} == {BERLIN}
    fine = combine_intervals(
        [(pd.Timestamp(noon).as_unit("ns") + pd.Timedelta(1, "ns"), pd.Timestamp(noon).as_unit("ns") + DAY)]
    )
    assert [x.value for x in (utc + fine).breakpoints][1] - pd.Timestamp(noon).as_unit("ns").value == 1
    assert utc + fine == fine + utc


def test_decimals_on_different_grids_mix():
    a, b = combine_intervals([(Decimal("0.1"), Decimal(5))]), combine_intervals([(Decimal("0.01"), Decimal("1E+18"))])
    assert list(a + b) == [(Decimal("0.01"), Decimal("0.1"), 1), (Decimal("0.1"), 5, 2), (5, Decimal("1E+18"), 1)]
    assert a + b == b + a
    fine, coarse = (combine_intervals([(Decimal(x), Decimal(y))]) for x, y in (("1E-18", "2E-18"), ("1", "1E+18")))
    assert list(fine + coarse) == [(Decimal("1E-18"), Decimal("2E-18"), 1), (1, 10**18, 1)]
    c = combine_intervals([(0, 3)])
    assert list(a + c) == [(0, Decimal("0.1"), 1), (Decimal("0.1"), 3, 2), (3, 5, 1)]


def test_what_has_no_breakpoints_mixes_with_every_domain_and_side():
    for c in EVERY.values():
        kind = type(c.levels[0])
        for empty in (IntervalCollection(), IntervalCollection(closed="right"), combine_intervals([("a", "a")])):
            assert c + empty == empty + c == c
            assert not len(c.breakpoints) or (c + empty).closed == (empty + c).closed == c.closed
        assert {type(level) for level in (c + IntervalCollection()).levels} == {kind}


def test_comparing_with_a_number_gives_a_region():
    assert (PLANES >= 3) == IntervalSet([(2, 4)])
    assert (PLANES > 3) == IntervalSet([(2, 3)])
    assert (PLANES < 3) == IntervalSet([(-INF, 2), (4, INF)])
    assert (PLANES <= 3) == IntervalSet([(-INF, 2), (3, INF)])
    assert (PLANES >= 3) == (PLANES >= 3)
    assert (combine_intervals([(1, 2)], closed="right") > 0).closed == "right"
    assert (combine_intervals([(1, 2, 2**53 + 1)]) > float(2**53)) == IntervalSet([(1, 2)])


def test_products_and_orders_of_a_collection_and_a_region_are_left_to_python_to_refuse():
    for call in (operator.mul, operator.truediv, operator.lt, operator.le, operator.gt, operator.ge):
        with pytest.raises(TypeError):
            call(PLANES, PLANES.support)


def test_numpy_leaves_operators_to_us_and_reads_no_array():
    assert np.float64(3) * PLANES == PLANES * 3
    assert type(np.int64(3) + PLANES) is IntervalCollection
    assert (np.float64(3) <= PLANES) == (PLANES >= 3)
    for thing in (IntervalCollection, IntervalSet, Interval, Column, Segments):
        assert thing.__array_ufunc__ is None
    for call in (np.asarray, np.array, lambda c: np.asarray(c, dtype=float)):
        with pytest.raises(TypeError, match=r"IntervalCollection is no array: .*segments\(\)"):
            call(PLANES)
    with pytest.raises(TypeError):
        np.array([1, 2]) * PLANES
    with pytest.raises(TypeError):
        np.add(PLANES, 1)


def test_subclasses_keep_working():
    class Load(IntervalCollection):
        __slots__ = ()

    load = Load([(2, 4, 3), (1, 3, 2)])
    assert type(load) is Load
    assert type(load[1:2]) is Load
    assert load + 1 == PLANES + 1
    assert load != PLANES
    assert repr(load).startswith("Load(")
