"""`Interval`: a named tuple that checks nothing and never does tuple arithmetic."""

from __future__ import annotations

import copy
import datetime as dt
import math
import pickle
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import product
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from intervalues import Interval, IntervalCollection, IntervalSet, combine_intervals

INF = math.inf


def test_it_is_the_tuple_that_it_shows():
    interval = Interval(9, 12, 2)
    start, stop, value = interval
    assert (start, stop, value) == interval == (9, 12, 2)
    assert (interval.start, interval.stop, interval.value) == interval
    assert Interval(9, 12) == (9, 12, 1)
    assert hash(interval) == hash((9, 12, 2))
    assert eval(repr(interval)) == interval
    assert sorted([Interval(2, 3), Interval(1, 3, 2), Interval(1, 3)]) == [(1, 3, 1), (1, 3, 2), (2, 3, 1)]


def test_it_survives_pickle_and_copy():
    interval = Interval(dt.date(2024, 1, 1), INF, Fraction(1, 3))
    for again in (pickle.loads(pickle.dumps(interval)), copy.copy(interval), copy.deepcopy(interval)):
        assert again == interval
        assert type(again) is Interval


def test_it_cannot_be_changed():
    with pytest.raises(AttributeError):
        Interval(1, 2).start = 0


def test_it_checks_nothing():
    assert Interval(5, 1, "x") == (5, 1, "x")
    assert Interval(None, math.nan).start is None


@pytest.mark.parametrize(
    ("interval", "length"),
    [
        (Interval(9, 12), 3),
        (Interval(0.5, 2), 1.5),
        (Interval(Decimal("0.1"), Decimal("0.3")), Decimal("0.2")),
        (Interval(dt.date(2024, 2, 28), dt.date(2024, 3, 1)), dt.timedelta(2)),
        (Interval(-INF, 3), INF),
        (Interval(dt.date(2024, 2, 28), INF), INF),
        (Interval(-INF, INF), INF),
        (Interval(INF, INF), 0),
        (Interval(-INF, -INF), 0),
    ],
)
def test_its_length_is_what_its_ends_are_apart(interval, length):
    assert interval.length == length
    assert type(interval.length) is type(length)


@pytest.mark.parametrize("start", [-INF, 0, 1, 2, INF])
def test_it_holds_its_start_and_not_its_stop(start):
    for stop, x in product([-INF, 0, 1, 2, INF], [-1, 0, 0.5, 1, 1.5, 2, 3]):
        assert (x in Interval(start, stop)) == (start <= x < stop), (start, stop, x)


def test_open_ends_hold_times_and_strings_too():
    assert dt.date(2024, 1, 1) in Interval(-INF, INF)
    assert dt.date(2024, 1, 1) in Interval(dt.date(2024, 1, 1), INF)
    assert dt.date(2024, 1, 1) not in Interval(-INF, dt.date(2024, 1, 1))
    assert "b" in Interval("a", INF)
    assert "a" not in Interval("b", INF)
    with pytest.raises(TypeError):
        assert 1 in Interval("a", "b")


def test_intervals_overlap_where_some_point_lies_in_both():
    # [a )b  [b )c touch, and what is empty holds no point
    ends = [-INF, 0, 1, 2, INF]
    for a, b, c, d in product(ends, repeat=4):
        shared = any(a <= x < b and c <= x < d for x in (-9, 0, 0.5, 1, 1.5, 2, 9))
        assert Interval(a, b).overlaps(Interval(c, d)) == shared, (a, b, c, d)
    march = Interval(dt.date(2024, 3, 1), dt.date(2024, 4, 1))
    assert march.overlaps(Interval(-INF, INF))
    assert Interval(dt.date(2024, 3, 31), INF).overlaps(march)
    assert not Interval(dt.date(2024, 4, 1), INF).overlaps(march)


def test_arithmetic_builds_collections():
    a, b = Interval(1, 3, 2), Interval(2, 4)
    assert a + b == combine_intervals([a, b])
    assert a - b == combine_intervals([a, (2, 4, -1)])
    assert a * 3 == 3 * a == combine_intervals([(1, 3, 6)])
    assert -a == combine_intervals([(1, 3, -2)])
    assert a + 1 == 1 + a == combine_intervals([a]) + 1
    assert 1 - a == 1 - combine_intervals([a])
    assert a - 1 == combine_intervals([a]) - 1
    assert sum([a, b]) == a + b
    assert a + combine_intervals([b]) == combine_intervals([a]) + b == a + b
    assert combine_intervals([b]) - a == b - a
    assert type(a + b) is IntervalCollection


@pytest.mark.parametrize("other", [(1, 2), [1], "a", None, {1}, np.array([1, 2])])
def test_no_tuple_arithmetic_happens_by_accident(other):
    for call in (
        lambda a, b: a + b,
        lambda a, b: b + a,
        lambda a, b: a - b,
        lambda a, b: b - a,
        lambda a, b: a * b,
        lambda a, b: b * a,
    ):
        with pytest.raises(TypeError):
            call(Interval(1, 2), other)


def test_only_intervals_overlap():
    with pytest.raises(TypeError, match="is no Interval"):
        Interval(2, 3).overlaps((2, 4))


def test_a_product_of_intervals_is_where_both_are():
    assert Interval(1, 3, 2) * Interval(2, 4, 5) == combine_intervals([(2, 3, 10)])


@pytest.mark.parametrize("three", [3, 3.0, Fraction(3), Decimal(3), np.float64(3), np.int8(3)])
def test_numbers_of_every_kind_multiply_from_either_side(three):
    assert three * Interval(1, 2) == Interval(1, 2) * three == combine_intervals([(1, 2, 3)])
    assert three + Interval(1, 2) == Interval(1, 2) + three


def test_arithmetic_on_what_cannot_combine_says_why():
    with pytest.raises(ValueError, match="row 0: start 2 is after stop 1"):
        Interval(2, 1) + 1
    with pytest.raises(TypeError, match="row 0: value is 'x'"):
        -Interval(1, 2, "x")


def test_an_interval_of_aware_times_is_as_long_as_its_support():
    berlin = ZoneInfo("Europe/Berlin")
    night = Interval(dt.datetime(2024, 3, 30, 22, tzinfo=berlin), dt.datetime(2024, 3, 31, 6, tzinfo=berlin))
    assert night.length == IntervalSet([night]).length == dt.timedelta(hours=7)
    fold = Interval(*(dt.datetime(2024, 10, 27, 2, 30, fold=fold, tzinfo=berlin) for fold in (0, 1)))
    assert fold.length == dt.timedelta(hours=1)
    assert fold.start in fold
    assert fold.stop not in fold


def test_an_interval_of_decimals_is_as_long_in_every_context():
    with localcontext(prec=3):
        assert Interval(Decimal("1.0001"), Decimal("3.00005")).length == Decimal("1.99995")
    for start in (1, Decimal(1)):
        with pytest.raises(OverflowError, match=r"^the difference needs over 100,000 digits$"):
            assert Interval(start, Decimal("1E+99999999")).length
