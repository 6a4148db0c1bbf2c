"""Scheduling: the next change, the first slot that is free, what exceeds a capacity, and where a level holds."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from model import place
from outcomes import spelled
from strategies import COORDINATES, rows

from intervalues import IntervalCollection, IntervalSet, combine_intervals, maximum

INF = math.inf
GATE = combine_intervals([(8, 12), (9, 11), (14, 16)])  # [8,9; 1] [9,11; 2] [11,12; 1] [14,16; 1]
HOUR = dt.timedelta(hours=1)
NOON = dt.datetime(2024, 7, 1, 12)
any_domain = st.sampled_from(list(COORDINATES))


# Changes


@given(any_domain, st.data())
def test_the_next_change_is_the_smallest_breakpoint_after_a_point_and_the_previous_the_largest_up_to_it(domain, data):
    c = combine_intervals(data.draw(rows(domain, ["ones", "ints"])))
    for x in [data.draw(COORDINATES[domain]), *c.breakpoints]:
        after = [p for p in c.breakpoints if place(p) > place(x)]
        before = [p for p in c.breakpoints if place(p) <= place(x)]
        assert c.next_change(x) == (after[0] if after else None)
        assert c.previous_change(x) == (before[-1] if before else None)


@pytest.mark.parametrize("closed", ["left", "right"])
def test_changes_are_the_same_whichever_side_is_closed(closed):
    c = combine_intervals([(8, 12), (9, 11)], closed=closed)
    assert [c.next_change(x) for x in (7, 8, 8.5, 11, 12)] == [8, 9, 9, 12, None]
    assert [c.previous_change(x) for x in (7, 8, 8.5, 11, 12)] == [None, 8, 8, 11, 12]


def test_changes_lie_between_both_infinities():
    assert (GATE.next_change(-INF), GATE.next_change(INF)) == (8, None)
    assert (GATE.previous_change(-INF), GATE.previous_change(INF)) == (None, 16)
    for constant in (IntervalCollection(), IntervalCollection() + 5):
        assert constant.next_change(3) is constant.previous_change("a") is constant.next_change(-INF) is None


def test_a_change_is_a_coordinate_as_it_came():
    c = combine_intervals([(Decimal("0.1"), Decimal("0.30"))])
    assert spelled(c.next_change(0)) == spelled(c.breakpoints[0])
    assert spelled(combine_intervals([(NOON, NOON + HOUR)]).next_change(NOON)) == spelled(NOON + HOUR)


@pytest.mark.parametrize(
    ("x", "error"), [("a", TypeError), (NOON, TypeError), (True, TypeError), (None, ValueError), (math.nan, ValueError)]
)
def test_a_point_of_another_domain_has_no_changes(x, error):
    for ask in (GATE.next_change, GATE.previous_change):
        with pytest.raises(error):
            ask(x)


# The first slot


def fits(c, x, length, at_most, after, within):
    """Tell whether a slot fits at x, looking at every point where anything changes, in Fractions."""
    stop = Fraction(x) + length
    edges = [*c.breakpoints, *(end for row in within for end in row[:2])]
    points = [Fraction(x), *(Fraction(p) for p in edges if x < p < stop)]
    return x >= after and all(c[p] <= at_most and any(a <= p < b for a, b, _ in within) for p in points)


@pytest.mark.parametrize("domain", ["small ints", "Fractions", "ints and Fractions"])
@given(st.data(), st.integers(-1, 3), st.sampled_from([1, 2, Fraction(1, 3), Fraction(5, 2)]))
def test_the_first_slot_is_the_earliest_that_fits(domain, data, at_most, length):
    c = combine_intervals(data.draw(rows(domain, ["ints"], open_ends=False)))
    within = IntervalSet(data.draw(rows(domain, ["ones"], open_ends=False)))
    after = data.draw(COORDINATES[domain])
    ends = sorted({after, *c.breakpoints, *within.segments().starts}, key=Fraction)
    wanted = next((x for x in ends if fits(c, x, length, at_most, after, within)), None)
    assert c.first_fit(length, at_most=at_most, after=after, within=within) == wanted


def test_slots_lie_in_working_hours():
    hours = IntervalSet([(8, 12), (13, 18)])
    assert GATE.first_fit(1, within=hours) == 13
    assert GATE.first_fit(2, within=hours) == 16
    assert GATE.first_fit(3, within=hours) is None
    assert GATE.first_fit(3, at_most=1, within=hours) == 13
    assert GATE.first_fit(3, at_most=1, within=hours, after=14) == 14
    assert GATE.first_fit(1, within=(10, 14)) == 12
    assert GATE.first_fit(2, within=(15, 99), after=3) == 16


def test_a_slot_may_end_where_the_next_begins():
    assert GATE.first_fit(2) == 12
    assert GATE.first_fit(2.5) == 16
    assert GATE.first_fit(INF) == 16
    assert GATE.first_fit(2, after=11) == 12
    assert GATE.first_fit(1, after=12.5) == 12.5
    assert GATE.first_fit(100, after=100) == 100
    assert GATE.first_fit(1, after=INF) is None


def test_without_after_slots_begin_in_the_span():
    assert GATE.first_fit(1, at_most=9) == 8
    assert GATE.first_fit(1, at_most=9, within=(0, 24)) == 8
    assert GATE.first_fit(1, at_most=9, within=(0, 24), after=-INF) == 0
    assert IntervalCollection().first_fit(1, within=(3, 9)) == 3
    assert IntervalCollection().first_fit(1, after=4) == 4


class OddZone(dt.tzinfo):
    """A zone whose offset nobody can tell."""

    def utcoffset(self, _):
        raise UnicodeDecodeError("utf-8", b"", 0, 1, "no offset")


def test_what_no_slot_begins_after_is_named():
    with pytest.raises(ValueError, match=r"^after: the coordinate is NaN$"):
        GATE.first_fit(1, after=math.nan)
    with pytest.raises(TypeError, match=r"^after: 'a' does not mix with ints$"):
        GATE.first_fit(1, after="a")
    with pytest.raises(UnicodeDecodeError):
        GATE.first_fit(1, after=dt.datetime(2024, 1, 1, tzinfo=OddZone()))
    with pytest.raises(TypeError, match=r"^length is True; over ints it must be a number$"):
        GATE.first_fit(True)


def test_what_is_free_from_ever_has_no_first_slot():
    for call in (
        lambda: IntervalCollection().first_fit(1),
        lambda: GATE.first_fit(1, after=-INF),
        lambda: combine_intervals([(-INF, 3)]).first_fit(1, at_most=1),
        lambda: GATE.first_fit(1, within=(-INF, INF), after=-INF),
    ):
        with pytest.raises(ValueError, match=r"no earliest start: pass after=, or within=\(a, b\)"):
            call()
    assert combine_intervals([(-INF, 3)]).first_fit(1) == 3
    assert combine_intervals([(3, INF)]).first_fit(1) is None


def test_the_limit_may_be_a_collection():
    staff = combine_intervals([(8, 10, 2), (10, 20, 1)])
    assert GATE.first_fit(2, at_most=staff) == 8
    assert GATE.first_fit(3, at_most=staff) == 11
    assert GATE.first_fit(3, at_most=staff, within=(8, 12), after=8) is None
    right = combine_intervals([(0, 3, -1)], closed="right")
    assert IntervalCollection().first_fit(1, at_most=right, within=(0, 10)) == 3


@pytest.mark.parametrize("closed", ["left", "right"])
def test_a_slot_of_either_side_has_the_same_start(closed):
    c = combine_intervals([(8, 12), (14, 16)], closed=closed)
    assert c.first_fit(2) == 12
    assert c.first_fit(1, within=IntervalSet([(13, 18)], closed=closed)) == 13
    other = "left" if closed == "right" else "right"
    with pytest.raises(ValueError, match="does not mix"):
        c.first_fit(1, within=IntervalSet([(13, 18)], closed=other))


@pytest.mark.parametrize(
    ("start", "stop", "longest", "longer"),
    [
        (Decimal("0.1"), Decimal("0.6"), Decimal("0.5"), Decimal("0.51")),
        (Decimal("0.1"), Decimal("0.6"), Decimal("0.25"), 1),
        (Decimal("0.1"), Decimal("2.6"), 2, 3),
        (Decimal(1), Decimal("1E+30"), 10**30 - 1, 10**30),
        (1, 2, Decimal("0.99"), Decimal("1.01")),
        (1, 2, Decimal("1.00"), Fraction(4, 3)),
        (1, 2, 1.0, 1.0000000000000002),
        (1, 2**53 + 2, 2.0**53, 2.0**53 + 2),
        (0.1, 0.3, 0.19999999999999998, 0.2),  # the gap is a little shorter than the float 0.2
        (NOON, NOON + HOUR, HOUR, HOUR + dt.timedelta.resolution),
        (NOON, NOON + HOUR, np.timedelta64(60, "m"), pd.Timedelta(HOUR) + pd.Timedelta(1, "ns")),
        (dt.date(2024, 1, 2), dt.date(2024, 1, 4), 48 * HOUR, 49 * HOUR),
        (dt.date(2024, 1, 2), dt.date(2024, 1, 4), 47 * HOUR, dt.timedelta(days=2, microseconds=1)),
        (pd.Timestamp(1, unit="ns"), pd.Timestamp(3, unit="ns"), pd.Timedelta(2, "ns"), dt.timedelta.resolution),
        (pd.Timestamp(1, unit="ns"), pd.Timestamp(3, unit="ns"), np.timedelta64(2, "ns"), np.timedelta64(3, "ns")),
    ],
)
def test_a_length_is_compared_exactly_with_what_coordinates_differ_by(start, stop, longest, longer):
    c = combine_intervals([(-INF, start), (stop, INF)])
    assert spelled(c.first_fit(longest)) == spelled(c.breakpoints[0])
    assert c.first_fit(longer) is None


@pytest.mark.parametrize(
    ("length", "error", "message"),
    [
        (0, ValueError, "length is 0; it must be positive"),
        (-1, ValueError, "length is -1; it must be positive"),
        (-INF, ValueError, "must be positive"),
        (math.nan, ValueError, "length is NaN"),
        (None, ValueError, "length is missing"),
        ("a", TypeError, "length is 'a'; over ints it must be a number"),
        (HOUR, TypeError, "over ints it must be a number"),
        (1j, TypeError, "must be a number"),
        (Decimal("1E+99999999"), OverflowError, "100,000 digits"),
        (Decimal("1E-99999999"), OverflowError, "100,000 digits"),
    ],
)
def test_a_bad_length_is_refused(length, error, message):
    with pytest.raises(error, match=message):
        GATE.first_fit(length)


def test_a_length_that_does_not_mix_with_the_coordinates_is_refused():
    with pytest.raises(TypeError, match="over naive datetimes it must be a timedelta"):
        combine_intervals([(NOON, NOON + HOUR)]).first_fit(1)
    with pytest.raises(TypeError, match=r"length is Decimal\('1'\), which does not mix with floats"):
        combine_intervals([(0.5, 1.5)]).first_fit(Decimal(1))
    with pytest.raises(TypeError, match="objects of type str have no lengths"):
        combine_intervals([("a", "b")]).first_fit("a")


def test_other_bad_arguments_are_refused():
    for bad in (
        {"at_most": "a"},
        {"at_most": None},
        {"at_most": IntervalSet()},
        {"at_most": combine_intervals([("a", "b")])},
        {"within": 5},
        {"within": GATE},
        {"within": ("a", "b")},
        {"after": "a"},
        {"after": NOON},
    ):
        with pytest.raises(TypeError):
            GATE.first_fit(1, **bad)
    busy = combine_intervals([(-INF, 5, 1), (5, INF, 2)])
    for within in (IntervalSet([("a", "b")]), ("a", "b")):
        with pytest.raises(TypeError, match="ints do not mix with objects of type str"):
            busy.first_fit(1, within=within)
    for bad in ({"at_most": math.nan}, {"within": (3, 1)}, {"after": math.nan}):
        with pytest.raises(ValueError, match=r"NaN|nan|after stop"):
            GATE.first_fit(1, **bad)
    assert GATE.first_fit(1, 1) == GATE.first_fit(1, at_most=1)


# What exceeds a capacity, and where a level holds


def test_the_excess_is_what_is_above_a_capacity():
    assert GATE.excess(1) == combine_intervals([(9, 11)])
    assert GATE.excess(2) == IntervalCollection()
    assert GATE.excess(0) == GATE
    assert list(GATE.excess(-1)) == [
        (-INF, 8, 1),
        (8, 9, 2),
        (9, 11, 3),
        (11, 12, 2),
        (12, 14, 1),
        (14, 16, 2),
        (16, INF, 1),
    ]
    staff = combine_intervals([(8, 10, 2), (10, 20, 1)])
    assert GATE.excess(staff) == combine_intervals([(10, 11)]) == maximum(GATE - staff, 0)
    assert spelled(GATE.excess(0.5)[9]) == (float, "1.5")
    for bad in (None, "a", IntervalSet()):
        with pytest.raises(TypeError, match=r"^capacity is .*; it must be a number or a collection$"):
            GATE.excess(bad)
        with pytest.raises(TypeError, match=r"^at_most is .*; it must be a number or a collection$"):
            GATE.first_fit(1, at_most=bad)
    with pytest.raises(ValueError, match="no finite number"):
        GATE.excess(INF)


def test_a_level_set_is_where_the_level_is_a_number_or_that_of_another():
    assert GATE.level_set(1) == IntervalSet([(8, 9), (11, 12), (14, 16)])
    assert GATE.level_set(0) == ~GATE.support
    assert GATE.level_set(1.0) == GATE.level_set(Decimal(1)) == GATE.level_set(Fraction(1)) == GATE.level_set(True)
    assert GATE.level_set(1.5) == IntervalSet()
    assert GATE.level_set(GATE) == ~IntervalSet()
    assert combine_intervals([(0, 1)], closed="right").level_set(1) == IntervalSet([(0, 1)], closed="right")
    for bad in (None, "a", IntervalSet()):
        with pytest.raises(TypeError, match=r"level is .*; it must be a number or a collection"):
            GATE.level_set(bad)
    with pytest.raises(ValueError, match="no finite number"):
        GATE.level_set(math.nan)
    with pytest.raises(TypeError, match="do not mix"):
        combine_intervals([(0, 1, 0.5)]).level_set(Decimal(1))
