"""Laws that rounded floats break, one counterexample each, and what holds instead; docs/laws.md lists them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from test_laws import FLOATS, functions

from intervalues import combine_intervals, maximum, minimum, total

pytestmark = pytest.mark.fuzz


def levels(*numbers, start=0, stop=1):
    return [combine_intervals([(start, stop, number)]) for number in numbers]


def exact(*collections):
    return [c.map(Fraction) for c in collections]


def test_sums_of_three_depend_on_brackets_and_totals_do_not():
    a, b, c = levels(0.1, 0.2, 0.3)
    assert (a + b) + c != a + (b + c)
    assert total(a, b, c) == total(c, b, a)
    assert a + b - b != a
    assert total(a, b, -b) == a


def test_combining_parts_and_adding_rounds_twice_and_totals_of_single_rows_do_not():
    rows = [(0, 1, 1e16), (0, 1, 1.0), (0, 1, -1e16)]
    assert combine_intervals(rows[:2]) + combine_intervals(rows[2:]) != combine_intervals(rows)
    assert total(combine_intervals([row]) for row in rows) == combine_intervals(rows)


def test_products_depend_on_brackets_and_those_of_fractions_do_not():
    a, b, c = levels(0.1, 0.2, 0.3)
    assert (a * b) * c != a * (b * c)
    assert c * (a + b) != c * a + c * b
    a, b, c = exact(a, b, c)
    assert (a * b) * c == a * (b * c)
    assert c * (a + b) == c * a + c * b


def test_a_quotient_times_the_divisor_is_not_the_dividend_unless_of_fractions():
    a, b = levels(1.0, 49.0)
    assert a / b * b != a
    a, b = exact(a, b)
    assert a / b * b == a
    a, b = levels(1, 49)  # quotients of ints are floats
    assert a / b * b != a


def test_a_product_of_tiny_floats_has_no_support():
    (a,) = levels(1e-200)
    assert not (a * a).support
    assert a.support & a.support == a.support
    (a,) = exact(a)
    assert (a * a).support == a.support


def test_integrals_are_rounded_each():
    a, b = levels(0.1, 0.2, stop=5)
    assert (a + b).integral() != a.integral() + b.integral()
    a, b = exact(a, b)
    assert (a + b).integral() == a.integral() + b.integral()


def test_decimals_are_rounded_in_products_and_quotients_only():
    a, b, c = levels(Decimal("0.1"), Decimal("0.2"), Decimal(3))
    assert (a + b) + c == a + (b + c)
    assert a + b - b == a
    assert c * (a + b) == c * a + c * b
    assert a / c * c != a
    assert total(levels(Decimal("1E+40"), 1, Decimal("-1E+40"))) == combine_intervals([(0, 1)])
    a, c = exact(a, c)
    assert a / c * c == a


@given(functions(2, [FLOATS, ("floats and Fractions",)]))
def test_sums_of_two_floats_commute_cancel_and_have_the_sign_of_the_comparison(two):
    a, b = (function + 0.0 for function in two)  # ints may be all that was drawn
    nothing = combine_intervals([])
    assert a - a == a + -a == nothing
    assert a + 0 == a * 1 == a / 1 == -1 * -a == a
    try:
        both, difference = a + b, a - b
    except OverflowError:
        assume(False)
    assert both == b + a == total(a, b)
    assert difference == -(b - a) == total(a, -b)
    assert (a > b) == (difference > 0)
    assert a.level_set(b) == ~difference.support


def test_a_maximum_rounds_fractions_that_meet_floats_as_a_sum_does():
    third, nothing = combine_intervals([(0, 1, Fraction(1, 3))]), combine_intervals([(5, 5, 0.5)])
    assert maximum(third, nothing)[0] == (third + nothing)[0] == 1 / 3 != Fraction(1, 3)
    assert minimum(third, maximum(third, nothing)) != third
