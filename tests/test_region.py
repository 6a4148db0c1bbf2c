"""`IntervalSet`: a region, and what can be done with it."""

from __future__ import annotations

import copy
import datetime as dt
import math
import operator
import pickle
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from outcomes import spelled

from intervalues import Interval, IntervalCollection, IntervalSet, combine_intervals

INF = math.inf
OPEN = IntervalSet([(9, 12), (13, 17)])


def test_overlapping_and_touching_intervals_unite():
    for rows in permutations([(1, 3), (2, 4), (4, 5), (7, 8), (6, 6)]):
        assert list(IntervalSet(rows)) == [(1, 5, 1), (7, 8, 1)]


def test_values_are_ignored():
    assert IntervalSet([(1, 3, 0), (2, 4, -5), (6, 7, None)]) == IntervalSet([(1, 4), (6, 7)])
    assert IntervalSet(combine_intervals([(1, 3, -5), (4, 5, 0.5)])) == IntervalSet([(1, 3), (4, 5)])


def test_it_is_read_from_every_form_of_rows():
    for form in ({(9, 12), (13, 17)}, iter([(13, 17), (9, 12)]), np.array([[9, 12], [13, 17]]), OPEN, list(OPEN)):
        assert IntervalSet(form) == OPEN


def test_it_holds_points_of_the_closed_side():
    assert [x in OPEN for x in (9, 10, 12, 12.5, 13, 17)] == [True, True, False, False, True, False]
    right = IntervalSet([(9, 12), (13, 17)], closed="right")
    assert [x in right for x in (9, 10, 12, 12.5, 13, 17)] == [False, True, True, False, False, True]
    assert (right.closed, OPEN.closed) == ("right", "left")


def test_points_of_another_domain_are_a_type_error():
    for x in ("a", dt.date(2024, 1, 1), True, 1j):
        with pytest.raises(TypeError):
            assert x in OPEN
    with pytest.raises(ValueError, match="NaN"):
        assert math.nan in OPEN


def test_iterating_walks_the_intervals_either_way():
    assert list(OPEN) == [Interval(9, 12), Interval(13, 17)]
    assert list(reversed(OPEN)) == [Interval(13, 17), Interval(9, 12)]
    assert len(OPEN) == 2
    assert list(map(bool, (OPEN, ~IntervalSet(), IntervalSet()))) == [True, True, False]
    assert list(OPEN.segments()) == list(OPEN)
    assert (list(OPEN.segments().starts), list(OPEN.segments().stops)) == ([9, 13], [12, 17])
    assert list(OPEN.segments().values) == [1, 1]


def test_the_span_reaches_to_infinity_where_the_region_does():
    assert OPEN.span == Interval(9, 17)
    assert (~OPEN).span == Interval(-INF, INF)
    assert IntervalSet([(1, INF)]).span == Interval(1, INF)
    assert IntervalSet().span is None
    assert (~IntervalSet()).span is None


def test_the_complement_of_nothing_is_everything():
    everything = ~IntervalSet()
    assert list(everything) == [(-INF, INF, 1)]
    assert everything == IntervalSet([(-INF, INF)])
    assert all(x in everything for x in (0, -INF, INF, "a", dt.date(2024, 1, 1)))
    assert ~everything == IntervalSet()


def test_operators():
    b = IntervalSet([(11, 14)])
    assert list(OPEN | b) == [(9, 17, 1)]
    assert list(OPEN & b) == [(11, 12, 1), (13, 14, 1)]
    assert list(OPEN - b) == [(9, 11, 1), (14, 17, 1)]
    assert list(OPEN ^ b) == [(9, 11, 1), (12, 13, 1), (14, 17, 1)]
    assert list(~OPEN) == [(-INF, 9, 1), (12, 13, 1), (17, INF, 1)]


@pytest.mark.parametrize("other", [1, None, "a", (1, 2), Interval(1, 2), combine_intervals([(1, 2)]), {1}])
def test_operators_are_for_regions_only(other):
    for call in (
        lambda a, b: a | b,
        lambda a, b: a & b,
        lambda a, b: a - b,
        lambda a, b: a ^ b,
        lambda a, b: b | a,
        lambda a, b: b & a,
        lambda a, b: b - a,
        lambda a, b: b ^ a,
        lambda a, b: a + b,
    ):
        with pytest.raises(TypeError):
            call(OPEN, other)
    assert other != OPEN


def test_domains_and_sides_do_not_mix():
    days = IntervalSet([(dt.date(2024, 1, 1), dt.date(2024, 2, 1))])
    right = IntervalSet([(9, 12)], closed="right")
    for call in (lambda a, b: a | b, lambda a, b: a & b, lambda a, b: a - b, lambda a, b: a ^ b):
        with pytest.raises(TypeError, match="ints do not mix with dates"):
            call(OPEN, days)
        with pytest.raises(ValueError, match="closed on the left does not mix with one closed on the right"):
            call(OPEN, right)


def test_what_has_no_breakpoints_mixes_with_everything():
    days = IntervalSet([(dt.date(2024, 1, 1), dt.date(2024, 2, 1))], closed="right")
    assert days | IntervalSet() == IntervalSet() | days == days
    assert days & ~IntervalSet() == ~IntervalSet() & days == days
    assert (IntervalSet() | days).closed == "right"


def test_ints_mix_with_other_numbers():
    assert list(OPEN & IntervalSet([(9.5, 12.5)])) == [(9.5, 12, 1)]
    assert list(OPEN & IntervalSet([(Fraction(19, 2), 12)])) == [(Fraction(19, 2), 12, 1)]
    assert list(OPEN & IntervalSet([(Decimal("9.5"), Decimal("9.75"))])) == [(Decimal("9.5"), Decimal("9.75"), 1)]
    fine, coarse = IntervalSet([(Decimal("0.25"), Decimal(1))]), IntervalSet([(Decimal("0.5"), Decimal(10**19))])
    assert list(fine | coarse) == [(Decimal("0.25"), Decimal(10**19), 1)]
    for other in (IntervalSet([(9.5, 12.5)]), IntervalSet([(Fraction(1), Fraction(2))])):
        with pytest.raises(TypeError, match="do not mix"):
            assert other | coarse


@pytest.mark.parametrize(
    ("intervals", "length"),
    [
        ([(9, 12), (13, 17)], 7),
        ([], 0),
        ([(0.1, 0.3), (1, 2**60)], float(2**60)),
        ([(0.1, 0.3), (0.5, 0.7)], 0.3999999999999999),
        ([(Fraction(1, 3), Fraction(1, 2))], Fraction(1, 6)),
        ([(Decimal("0.1"), Decimal("0.3"))], Decimal("0.2")),
        ([(Decimal(1), Decimal("1" * 40))], Decimal("1" * 39 + "0")),
        ([(dt.date(2024, 2, 28), dt.date(2024, 3, 1))], dt.timedelta(2)),
        ([(dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 1, 1))], dt.timedelta(hours=1)),
        ([(dt.timedelta(1), dt.timedelta(2))], dt.timedelta(1)),
        ([(pd.Timestamp(0, unit="ns"), pd.Timestamp(7, unit="ns"))], pd.Timedelta(7, "ns")),
        ([(1, INF), (-5, -4)], INF),
        ([(-INF, INF)], INF),
    ],
)
def test_the_length_is_the_exact_sum_rounded_once(intervals, length):
    region = IntervalSet(intervals)
    if isinstance(length, float) and math.isfinite(length):
        length = float(sum(Fraction(b) - Fraction(a) for a, b in intervals))
    assert spelled(region.length) == spelled(length)


def test_there_is_no_length_without_a_difference():
    for ends in (("1", "2"), ("a", "b")):
        with pytest.raises(TypeError, match="objects of type str have no lengths"):
            assert IntervalSet([ends]).length
    assert IntervalSet([("a", INF)]).length == INF


def test_gaps_lie_between_the_intervals():
    assert OPEN.gaps() == IntervalSet([(12, 13)])
    assert IntervalSet([("a", "b"), ("c", "d")]).gaps() == IntervalSet([("b", "c")])
    assert IntervalSet([(-INF, 1), (2, INF)]).gaps() == IntervalSet([(1, 2)])
    assert IntervalSet().gaps() == (~IntervalSet()).gaps() == IntervalSet()


def test_gaps_within_a_window_are_what_it_has_beside_the_region():
    day = IntervalSet([(8, 12), (14, 18)])
    assert OPEN.gaps(within=(8, 18)) == IntervalSet([(8, 9), (12, 13), (17, 18)])
    assert OPEN.gaps((8, 18)) == OPEN.gaps(within=Interval(8, 18))
    assert OPEN.gaps(day) == day - OPEN
    assert IntervalSet().gaps(within=(1, 2)) == IntervalSet([(1, 2)])
    with pytest.raises(ValueError, match="window: start 3 is after stop 1"):
        OPEN.gaps(within=(3, 1))


def test_equal_regions_hash_alike_however_they_are_spelled():
    for other in (
        IntervalSet([(9.0, 12.0), (13.0, 17.0)]),
        IntervalSet([(Decimal("9.00"), Decimal(12)), (Decimal(13), Decimal("1.7E+1"))]),
        IntervalSet([(Fraction(9), 12), (13, 17)]),
        IntervalSet([(9, 10), (10, 12), (13, 17)]),
    ):
        assert other == OPEN
        assert hash(other) == hash(OPEN)
    assert len({OPEN, IntervalSet([(9.0, 12.0), (13.0, 17.0)]), IntervalSet([(9, 12)])}) == 2
    assert IntervalSet(closed="right") == IntervalSet()


def test_different_regions_are_not_equal():
    for other in (
        IntervalSet([(9, 12), (13, 18)]),
        IntervalSet([(9, 12)]),
        IntervalSet(OPEN - OPEN),
        ~OPEN,
        IntervalSet([(9, 12), (13, 17)], closed="right"),
        combine_intervals([(9, 12), (13, 17)]),
        [(9, 12), (13, 17)],
    ):
        assert other != OPEN


@pytest.mark.parametrize("closed", ["left", "right"])
def test_a_repr_evaluates_back(closed):
    for region in (IntervalSet(OPEN, closed="left"), IntervalSet(), ~OPEN, IntervalSet([(dt.date(2024, 1, 1), INF)])):
        region = IntervalSet(list(region), closed=closed)
        names = {"IntervalSet": IntervalSet, "datetime": dt}
        assert eval(repr(region), names) == region
        assert eval(repr(region), names).closed == closed
    assert repr(OPEN) == "IntervalSet([(9, 12), (13, 17)])"


def test_a_long_repr_is_abbreviated():
    region = IntervalSet([(i, i + 1) for i in range(0, 4000, 2)])
    assert repr(region) == "<IntervalSet of 2,000 intervals: (0, 1), (2, 3), (4, 5), ...>"


def test_it_survives_pickle_and_copy():
    for region in (OPEN, ~OPEN, IntervalSet(), IntervalSet([("a", INF)], closed="right")):
        for again in (pickle.loads(pickle.dumps(region)), copy.copy(region), copy.deepcopy(region)):
            assert again == region
            assert again.closed == region.closed
            assert type(again) is IntervalSet


def test_it_cannot_be_changed():
    with pytest.raises(AttributeError, match="IntervalSet is immutable: closed cannot be set"):
        OPEN.closed = "right"
    with pytest.raises(AttributeError, match="cannot be deleted"):
        del OPEN._steps
    with pytest.raises(AttributeError):
        OPEN.name = "x"
    assert list(OPEN) == [(9, 12, 1), (13, 17, 1)]


def test_numpy_reads_it_as_no_array():
    with pytest.raises(TypeError, match=r"IntervalSet is no array: .*segments\(\)"):
        np.asarray(OPEN)
    assert IntervalSet.__array_ufunc__ is None


def test_sides_are_left_or_right():
    for closed in ("both", "neither", "up", None):
        with pytest.raises(ValueError, match="closed"):
            IntervalSet([(1, 2)], closed=closed)


def test_a_region_is_no_collection():
    assert not isinstance(OPEN, IntervalCollection)
    with pytest.raises(TypeError):
        combine_intervals([(1, 2)]) + OPEN
    with pytest.raises(TypeError):
        combine_intervals([(1, 2)]) * OPEN


# As Python's sets


METHODS = ["union", "intersection", "difference", "symmetric_difference", "issubset", "issuperset", "isdisjoint"]


def points(region):
    return {x for x in range(30) if x in region}


@pytest.mark.parametrize(
    "others",
    [([(11, 14)],), ([(11, 14)], [(0, 10)]), ((), [(9, 30)], {(1, 2), (20, 21)}), (OPEN, OPEN), ([(9, 12)],), ()],
)
def test_methods_do_what_those_of_sets_do_with_any_number_of_iterables(others):
    regions = [IntervalSet(other) for other in others]
    for name in METHODS[:3]:
        wanted = getattr(points(OPEN), name)(*map(points, regions))
        assert points(getattr(OPEN, name)(*others)) == points(getattr(OPEN, name)(*regions)) == wanted
    for other, region in zip(others, regions, strict=True):
        for name in METHODS[3:]:
            wanted = getattr(points(OPEN), name)(points(region))
            for found in (getattr(OPEN, name)(other), getattr(OPEN, name)(region), getattr(OPEN, name)(iter(other))):
                assert (points(found) if isinstance(found, IntervalSet) else found) == wanted


def test_methods_read_whatever_makes_a_region():
    wanted = OPEN | IntervalSet([(11, 13)])
    for form in ([(11, 13)], {(11, 13)}, iter([(11, 13)]), np.array([[11, 13]]), [Interval(11, 13, 7)], [(11, 13, 0)]):
        assert OPEN.union(form) == wanted
    assert OPEN.union(combine_intervals([(11, 13, -2)])) == wanted
    right = IntervalSet([(9, 12)], closed="right")
    assert right.union([(12, 13)]) == IntervalSet([(9, 13)], closed="right")
    assert right.isdisjoint([(12, 13)])


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("bad", [None, 5, "ab", {1: 2}, Interval(1, 2), (1, 2), [1], [(1,)], [("a", "b")], b"ab"])
def test_methods_refuse_what_makes_no_region(name, bad):
    with pytest.raises((TypeError, ValueError)):
        getattr(OPEN, name)(bad)


def test_none_is_no_region():
    with pytest.raises(TypeError, match=r"intervals is None; it must be an iterable of \(start, stop\)"):
        IntervalSet(None)
    with pytest.raises(TypeError, match="intervals is None"):
        OPEN.union(OPEN, None)


@pytest.mark.parametrize("name", METHODS)
def test_methods_do_not_mix_sides_and_domains(name):
    with pytest.raises(ValueError, match="does not mix with one closed on the"):
        getattr(OPEN, name)(IntervalSet([(9, 12)], closed="right"))
    with pytest.raises(ValueError, match="the collection is closed on the right"):
        getattr(OPEN, name)(combine_intervals([(9, 12)], closed="right"))
    with pytest.raises(TypeError, match="do not mix"):
        getattr(OPEN, name)([("a", "b")])


def test_subsets_are_compared_as_sets_are():
    part, other = IntervalSet([(9, 10), (14, 17)]), IntervalSet([(9, 13)])
    assert part <= OPEN
    assert part < OPEN
    assert part <= OPEN
    assert part < OPEN
    same = IntervalSet([(13.0, 17.0), (9.0, 12.0)])
    assert same <= OPEN <= same
    assert not same < OPEN
    assert not same > OPEN
    for unordered in (operator.le, operator.lt, operator.ge, operator.gt):
        assert not unordered(OPEN, other)
    nothing = IntervalSet()
    assert nothing <= nothing <= OPEN <= ~nothing
    assert nothing < OPEN < ~nothing
    assert not nothing < IntervalSet(closed="right")


@pytest.mark.parametrize("comparison", [operator.le, operator.lt, operator.ge, operator.gt])
def test_subsets_are_of_regions_only(comparison):
    for other in (1, None, [(9, 12)], {(9, 12)}, combine_intervals([(9, 12)]), Interval(9, 12)):
        with pytest.raises(TypeError, match="not supported between"):
            comparison(OPEN, other)
        with pytest.raises(TypeError, match="not supported between"):
            comparison(other, OPEN)
    with pytest.raises(ValueError, match="closed on the"):
        comparison(OPEN, IntervalSet([(9, 12)], closed="right"))
    with pytest.raises(TypeError, match="do not mix"):
        comparison(OPEN, IntervalSet([("a", "b")]))


def test_touching_regions_are_disjoint():
    assert OPEN.isdisjoint(OPEN.gaps())
    assert OPEN.isdisjoint([(12, 13), (17, 18)])
    assert not OPEN.isdisjoint([(11, 13)])
    assert OPEN.isdisjoint([])
    assert IntervalSet().isdisjoint(IntervalSet())
    assert not (~IntervalSet()).isdisjoint(OPEN)


def test_a_region_and_its_collection_are_made_of_each_other():
    ones = IntervalCollection(OPEN)
    assert list(ones) == list(OPEN)
    assert ones.support == IntervalSet(ones) == OPEN
    right = IntervalSet([(1, 2)], closed="right")
    assert IntervalCollection(right, closed="right").support == right
    with pytest.raises(ValueError, match="pass closed='right'"):
        IntervalCollection(right)
    with pytest.raises(ValueError, match="pass closed='left'"):
        IntervalSet(OPEN, closed="right")
