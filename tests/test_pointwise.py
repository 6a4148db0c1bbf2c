"""The maximum, the minimum and the exact total of many collections."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from model import as_kind, kind_of, pieces_of
from outcomes import shown, spelled
from test_operations import merged, mix, pairs

from intervalues import IntervalCollection, IntervalSet, combine_intervals, maximum, minimum, total

pytestmark = pytest.mark.fuzz

INF = math.inf
PLANES = combine_intervals([(2, 4, 3), (1, 3, 2)])  # [1,2; 2] [2,3; 5] [3,4; 3]
NOON = dt.datetime(2024, 7, 1, 12)


def test_maximum_minimum_and_total_take_one_iterable_or_several_arguments():
    a, b = combine_intervals([(1, 3, 2)]), combine_intervals([(2, 4, -1)])
    for function, wanted in (
        (maximum, [(1, 3, 2)]),
        (minimum, [(2, 4, -1)]),
        (total, [(1, 2, 2), (2, 3, 1), (3, 4, -1)]),
    ):
        for found in (function(a, b), function([a, b]), function(iter((b, a))), function({a, b}), function(b, a)):
            assert list(found) == wanted
        assert function(a) == function([a]) == a
    assert list(maximum(a, b, 1)) == [(-INF, 1, 1), (1, 3, 2), (3, INF, 1)]
    assert maximum(3) == total([3]) == IntervalCollection() + 3
    assert total(a, True, np.float64(0.5)) == a + 1.5


def test_of_nothing_there_is_a_sum_but_no_maximum():
    assert total() == total([]) == total(iter(())) == IntervalCollection()
    for function, name in ((maximum, "maximum"), (minimum, "minimum")):
        for nothing in ((), ([],), (iter(()),)):
            with pytest.raises(ValueError, match=f"of no collections there is no {name}"):
                function(*nothing)


@pytest.mark.parametrize("function", [maximum, minimum, total])
def test_what_is_no_operand_is_named(function):
    for bad in ("a", None, IntervalSet([(1, 2)]), [1], 1j, NOON):
        with pytest.raises(TypeError, match=r"operand 1 is .*; it must be a collection, an Interval or a number"):
            function(PLANES, bad)
    for bad in (None, 1j, NOON, "", "a", b"ab"):
        with pytest.raises(TypeError, match="is neither a collection nor an iterable of collections"):
            function(bad)
    for mapping in ({}, {1: PLANES}, combine_intervals(start=[1], stop=[2], by=[3])):
        with pytest.raises(TypeError, match=r"^a mapping is no iterable of collections: pass its \.values\(\)$"):
            function(mapping)
    for bad in (math.nan, INF, Decimal("NaN")):
        with pytest.raises(ValueError, match="is no finite number"):
            function(PLANES, bad)
    with pytest.raises(TypeError, match="ints do not mix with objects of type str as coordinates"):
        function(PLANES, combine_intervals([("a", "b")]))
    with pytest.raises(ValueError, match="closed on the left does not mix with one closed on the right"):
        function(PLANES, combine_intervals([(1, 2)], closed="right"))
    for rows in (combine_intervals([(1, 2)], how="rows"), [combine_intervals([(1, 2)], how="rows"), PLANES]):
        with pytest.raises(TypeError, match=r"tuples of row numbers \(how='rows'\), and this needs numbers"):
            function(rows)
    with pytest.raises(TypeError, match=r"^values of type float do not mix with values of type Decimal$"):
        function(combine_intervals([(1, 2, 0.5)]), combine_intervals([(1, 2, Decimal(1))]))


@given(pairs(3))
def test_the_total_is_exact_and_rounded_once(three):
    kinds = {type(c.levels[0]) for c in three}
    if not mix(kinds):
        with pytest.raises(TypeError, match="do not mix"):
            total(three)
        return
    kind = kind_of([c.levels[0] for c in three])
    try:
        wanted = merged(three, lambda *levels: as_kind(sum(map(Fraction, levels)), kind))
    except OverflowError:
        with pytest.raises(OverflowError, match=r"the level on \[.*\) is beyond the largest float"):
            total(three)
        return
    found = total(three)
    assert pieces_of(found) == wanted
    assert {type(level) for level in found.levels} == {kind}


def test_a_total_of_floats_is_that_of_all_at_once():
    tiny = [combine_intervals([(0, 1, value)]) for value in (1e16, 1.0, -1e16)]
    for order in permutations(tiny):
        assert shown(total(order)) == shown(combine_intervals([(0, 1, 1.0)]))
    assert total([combine_intervals([(0, 1, x)]) for x in [0.1, -0.1] * 10]) == IntervalCollection()
    assert total(1e308, 1e308, -1e308) == IntervalCollection() + 1e308
    open_ends = [combine_intervals([(x, INF, 0.1)]) for x in range(3)]
    assert total(open_ends)[5] == float(3 * Fraction(0.1))
    assert total(*open_ends, -0.1)[-5] == -0.1
    with pytest.raises(OverflowError, match=r"the level on \[0, 1\) is beyond the largest float"):
        total(combine_intervals([(0, 1, 1e308)]), combine_intervals([(0, 1, 1e308)]))


def test_a_total_has_the_domain_kind_and_side_of_all():
    right = combine_intervals([(1, 3)], closed="right")
    assert total(right, IntervalCollection(), 2).closed == "right"
    assert total(combine_intervals([(0.5, 2)]), PLANES)[1] == 3
    assert spelled(total(PLANES, combine_intervals([(7, 8, Decimal("0.10"))]))[2]) == spelled(Decimal("5.00"))
    fine = combine_intervals([(pd.Timestamp(5, unit="ns"), INF)])
    assert total(fine, combine_intervals([(NOON, INF)]))[NOON] == 2
    many = [combine_intervals([(i, i + 2, i)]) for i in range(50)]
    assert total(many) == combine_intervals([row for c in many for row in c]) == sum(many)
