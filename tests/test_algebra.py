"""Algebra: operators on collections and numbers, and what they refuse."""

from __future__ import annotations

import datetime as dt
import math
import operator
from decimal import MAX_EMAX, Context, Decimal
from fractions import Fraction
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from every import BERLIN, DAY, EVERY, INF, PLANES
from outcomes import spelled

from intervalues import (
    Column,
    Interval,
    IntervalCollection,
    IntervalGroups,
    IntervalSet,
    Segments,
    combine_intervals,
    maximum,
    minimum,
    total,
)


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
        combine_intervals([(0, 1, Decimal(f"1E+{MAX_EMAX}"))]) * Decimal(f"1E+{MAX_EMAX}")


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


def test_an_interval_takes_the_side_of_what_it_meets():
    c = combine_intervals([(1, 2)], closed="right")
    assert c + Interval(2, 3) == Interval(2, 3) + c == combine_intervals([(1, 3)], closed="right")
    assert Interval(2, 3) - c == -(c - Interval(2, 3))
    assert (c >= Interval(1, 2)).closed == "right"
    assert maximum(c, Interval(2, 3)) == minimum(Interval(1, 3), c + Interval(2, 3)) == total(Interval(2, 3), c)
    groups = IntervalGroups({"A": c})
    assert Interval(2, 3) + groups == groups + Interval(2, 3) == {"A": combine_intervals([(1, 3)], closed="right")}
    assert (groups + {"B": Interval(2, 3)}).total() == c + Interval(2, 3)


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
