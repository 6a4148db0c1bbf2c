"""`to_scipy`: the function as the density of a random coordinate."""

from __future__ import annotations

import datetime as dt
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from every import EVERY

from intervalues import IntervalCollection, combine_intervals

HOUR = dt.timedelta(hours=1)


def of(*rows):
    return combine_intervals(rows)


@pytest.mark.parametrize("number", [int, float, Decimal, Fraction])
def test_probabilities_are_shares_of_the_integral(number):
    c = of((number(0), number(10), number(3)), (number(15), number(20), number(2)))
    found = c.to_scipy()
    for x in (-1, 0, 5, 10, 12, 17, 20, 21):
        share = c.integral(within=(number(-2), number(x))) / c.integral()
        assert found.cdf(x) == pytest.approx(float(share), abs=1e-15)
    assert found.ppf(0.5) == pytest.approx(20 / 3)
    assert found.mean() == pytest.approx((10 * 3 * 5 + 5 * 2 * 17.5) / 40)
    assert {float(c[number(int(x))]) for x in found.rvs(size=200, random_state=1)} == {3.0, 2.0}


def test_times_of_day_are_counted_in_a_unit():
    day = of((9 * HOUR, 12 * HOUR), (13 * HOUR, 14 * HOUR))
    assert day.to_scipy().median() == pytest.approx(11 * 3600)
    assert day.to_scipy(unit=HOUR).median() == pytest.approx(11)
    assert day.to_scipy(unit=pd.Timedelta(1, "h")).median() == pytest.approx(11)
    fine = of((pd.Timedelta(1, "ns"), pd.Timedelta(3, "ns")))
    assert fine.to_scipy().median() == pytest.approx(2e-9)
    assert fine.to_scipy(unit=np.timedelta64(1, "ns")).median() == pytest.approx(2)


def test_what_is_no_density_is_refused():
    for c, error, message in (
        (IntervalCollection(), ValueError, "zero everywhere"),
        (IntervalCollection() + 1, ValueError, "reaches to infinity"),
        (of((1, float("inf"))), ValueError, "reaches to infinity"),
        (of((1, 2, 3), (2, 3, -0.5)), ValueError, r"the level -0\.5 is below zero"),
        (EVERY["dates"], TypeError, "dates are no numbers"),
        (EVERY["strings"], TypeError, "objects of type str are no numbers"),
        (combine_intervals([(1, 2)], how="rows"), TypeError, "row"),
        (of((0, 1, 10**400)), OverflowError, "too large"),
    ):
        with pytest.raises(error, match=message):
            c.to_scipy()
    with pytest.raises(TypeError, match="unit is 3; it is for times, and these are ints"):
        of((1, 2)).to_scipy(unit=3)
    with pytest.raises(ValueError, match="must be positive"):
        of((HOUR, 2 * HOUR)).to_scipy(unit=-HOUR)


def test_each_group_has_a_distribution_of_its_own():
    gates = combine_intervals(start=[0, 5], stop=[2, 9], by=["A", "B"])
    assert {key: float(found.median()) for key, found in gates.to_scipy().items()} == {"A": 1, "B": 7}


def test_without_scipy_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.stats", None)
    with pytest.raises(ImportError, match=r"pip install intervalues\[scipy\]"):
        of((1, 2)).to_scipy()
