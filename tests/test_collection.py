"""`IntervalCollection`: making one, and looking at it."""

from __future__ import annotations

import datetime as dt
import math
from array import array
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from every import BERLIN, DAY, EVERY, INF, NEW_YEAR, PLANES, every
from hypothesis import given
from hypothesis import strategies as st
from outcomes import outcome, outcome_in_python, spelled

from intervalues import Column, Interval, IntervalCollection, IntervalSet, combine_intervals

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
    with pytest.raises(OverflowError, match=r"beyond the largest float"):
        IntervalCollection.from_changes([1, 1], [1e308, 1e308])
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


def test_no_array_that_is_given_away_can_be_written_to():
    edges = np.array([1, 2, 3])
    for c in (
        IntervalCollection.from_levels(edges, np.array([1, 2, 0])),
        IntervalCollection.from_levels(edges.astype("M8[us]"), np.array([1.0, 2.0, 0.0])),
        IntervalCollection.from_changes(edges / 2, np.array([1, 2, 0])),
    ):
        for column in (c.breakpoints, c.levels, c.shift(c.breakpoints[1] - c.breakpoints[0]).breakpoints):
            assert not np.asarray(column).flags.writeable
    assert not np.asarray(PLANES.bin(edges).starts).flags.writeable


changing = st.lists(st.integers(-3, 3) | st.sampled_from([-(2**63), 2**63 - 1, 2**63, 0.5, -0.0, INF, -INF, math.nan]))
measured = st.lists(st.integers(-2, 2) | st.sampled_from([2**63 - 1, 2**70, 0.5, -0.0, 1e308, INF, math.nan]))
typed = st.sampled_from([list, np.array, lambda xs: np.array(xs, float), lambda xs: np.array(sorted(set(xs)), float)])


@pytest.mark.parametrize("make", [IntervalCollection.from_changes, IntervalCollection.from_levels])
@given(at=changing, numbers=measured, form=typed, level_form=typed, initial=st.sampled_from([0, 0.0, 1, 0.5, 2**63]))
def test_columns_of_changes_and_levels_are_read_as_their_items_are(make, at, numbers, form, level_form, initial):
    places, levels = form(at), level_form((numbers * 9)[: len(form(at))])

    def call():
        return make(places, levels, initial)

    assert outcome(call) == outcome_in_python(call)


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
    for step in (1, 0):
        with pytest.raises(TypeError, match=r"a window c\[a:b\] has no step"):
            PLANES[1:2:step]
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
