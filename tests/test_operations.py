"""The algebra of collections: every operation is that of the levels at every point, rounded once."""

from __future__ import annotations

import datetime as dt
import math
import operator
from decimal import MAX_EMAX, Context, Decimal, Inexact, localcontext
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from model import as_kind, canonical, kind_of, level_at, pieces_of
from outcomes import outcome, outcome_in_python, spelled
from strategies import COORDINATES, VALUES, anything, rows

from intervalues import Interval, IntervalCollection, IntervalSet, combine_intervals, maximum, minimum, total

pytestmark = pytest.mark.fuzz

INF = math.inf
PLANES = combine_intervals([(2, 4, 3), (1, 3, 2)])  # [1,2; 2] [2,3; 5] [3,4; 3]
NOON = dt.datetime(2024, 7, 1, 12)
BINARY = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "maximum": max,
    "minimum": min,
}
CALLS = {**BINARY, "maximum": maximum, "minimum": minimum}
COMPARISONS = [operator.lt, operator.le, operator.gt, operator.ge]
any_domain = st.sampled_from(list(COORDINATES))


@st.composite
def pairs(draw, count=2):
    """Some collections of one domain and side, of any kinds, whose ends often meet."""
    domain, closed = draw(any_domain), draw(st.sampled_from(["left", "right"]))
    made = draw(rows(domain, max_size=4))
    found = []
    for _ in range(count):
        values = VALUES[draw(st.sampled_from(list(VALUES)))]
        own = [(*row[:2], draw(values)) for row in made if draw(st.booleans())]
        try:
            found.append(combine_intervals(own, closed=closed))
        except OverflowError:
            assume(False)
    return found


def merged(collections, function):
    """Give the pieces of a function of the levels at every point."""
    made = list(map(pieces_of, collections))
    points = sorted({start for pieces in made for start, _ in pieces})
    return canonical([(x, function(*(level_at(pieces, x) for pieces in made))) for x in points])


def mix(kinds):
    return not (Decimal in kinds and kinds & {float, Fraction})


@pytest.mark.parametrize("name", CALLS)
@given(pairs())
def test_an_operation_is_that_of_the_levels_at_every_point_rounded_once(name, two):
    kinds = {type(c.levels[0]) for c in two}
    kind = kind_of([c.levels[0] for c in two])
    if not mix(kinds):
        with pytest.raises(TypeError, match="do not mix"):
            CALLS[name](*two)
        return
    assume(not (kind is Decimal and name in ("multiply", "divide")))  # these are rounded to 28 digits: see below
    kind = float if name == "divide" and kinds == {int} else kind

    def exactly(x, y):
        x, y = Fraction(x), Fraction(y)
        return as_kind(BINARY[name](x, y) if x or y or name != "divide" else x, kind)

    try:
        wanted = merged(two, exactly)
    except (OverflowError, ZeroDivisionError) as error:
        with pytest.raises(type(error), match=r"the level on \[.*\) is beyond|the divisor is 0 on \[.*\), where"):
            CALLS[name](*two)
        return
    found = CALLS[name](*two)
    assert pieces_of(found) == wanted
    assert {type(level) for level in found.levels} == {kind}
    assert not any(spelled(level) == (float, "-0.0") for level in found.levels)
    assert found.closed == two[0].closed or not len(found.breakpoints)


@pytest.mark.parametrize("name", [*CALLS, "total", "where", "excess", *(f.__name__ for f in COMPARISONS), "level_set"])
@given(pairs())
def test_the_answer_or_error_is_that_of_pure_python(name, two):
    a, b = two
    calls = {
        **CALLS,
        **{comparison.__name__: comparison for comparison in COMPARISONS},
        "total": lambda a, b: total(a, b, a),
        "where": lambda a, b: a.where(b.support),
        "excess": IntervalCollection.excess,
        "level_set": IntervalCollection.level_set,
    }
    assert outcome(lambda: calls[name](a, b)) == outcome_in_python(lambda: calls[name](a, b))


@given(rows("small ints"), anything, st.sampled_from([*list(CALLS)[:4], *COMPARISONS]), st.booleans())
def test_anything_on_either_side_has_the_answer_or_error_of_pure_python(made, other, name, swapped):
    try:
        c = combine_intervals(made)
    except OverflowError:
        return
    operation = CALLS.get(name, name)
    call = (lambda: operation(other, c)) if swapped else (lambda: operation(c, other))
    found = outcome(call)
    assert found == outcome_in_python(call)
    errors = (TypeError, ValueError, OverflowError, ZeroDivisionError)
    assert found[0] in (IntervalCollection, IntervalSet, *errors)


@pytest.mark.parametrize("comparison", COMPARISONS)
@given(pairs())
def test_a_comparison_holds_where_it_holds_of_the_levels(comparison, two):
    if not mix({type(c.levels[0]) for c in two}):
        with pytest.raises(TypeError, match="do not mix"):
            comparison(*two)
        return
    wanted = merged(two, lambda x, y: int(comparison(Fraction(x), Fraction(y))))
    assert pieces_of(IntervalCollection(comparison(*two), closed=two[0].closed)) == wanted


# Products and quotients of Decimals


@given(st.data(), st.sampled_from([operator.mul, operator.truediv]))
def test_products_and_quotients_of_decimals_are_rounded_once_to_the_longest_operand(data, operation):
    numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**40), max_value=10**40).filter(bool)
    x, y = data.draw(numbers), data.draw(numbers | st.integers(1, 10**30))
    digits = max(28, *(len(Decimal(z).as_tuple().digits) for z in (x, y)))
    a, b = combine_intervals([(0, 1, x)]), combine_intervals([(0, 1, y)])
    exact = {operator.mul: Context.multiply, operator.truediv: Context.divide}[operation]
    wanted = exact(Context(prec=digits), x, Decimal(y))
    assert operation(a, b)[0] == operation(a, y)[0] == wanted
    assert type(operation(a, b)[0]) is Decimal


def test_decimals_are_divided_whatever_the_ambient_context():
    c = combine_intervals([(0, 1, Decimal(2)), (1, 2, Decimal("0.5"))])
    wanted = [0, Decimal("0." + "6" * 27 + "7"), Decimal("0.1666666666666666666666666667"), 0]
    for ambient in (Context(prec=3), Context(traps=[Inexact])):
        with localcontext(ambient):
            assert list((c / 3).levels) == wanted


# Division


def test_nothing_over_nothing_is_nothing():
    load, capacity = combine_intervals([(0, 4, 6), (2, 4, 3)]), combine_intervals([(0, 4, 2), (7, 9, 5)])
    assert list(load / capacity) == [(0, 2, 3.0), (2, 4, 4.5)]
    nothing = IntervalCollection()
    assert nothing / capacity == nothing / nothing == nothing / (load - load) == 0 / capacity == nothing
    assert spelled((nothing / nothing)[0]) == (float, "0.0")
    for zero in (0.0, Fraction(0), Decimal("0.00"), np.float64(0)):
        assert zero / capacity == nothing


@pytest.mark.parametrize("one", [1, 1.0, Fraction(1), Decimal(1), 10**30, Decimal("1E+30")])
def test_a_level_over_zero_names_the_segment(one):
    c = combine_intervals([(0, 9, one)])
    for divisor, where in (
        (combine_intervals([(0, 3), (5, 9)]), r"\[3, 5\)"),
        (combine_intervals([(0, 9), (5, 6, -1)]), r"\[5, 6\)"),
        (combine_intervals([(0, 8)]) - combine_intervals([(0, 2)]), r"\[0, 2\)"),
        (IntervalCollection(), r"\[0, 9\)"),
    ):
        with pytest.raises(ZeroDivisionError, match=f"^the divisor is 0 on {where}, where the level is not$"):
            c / divisor
    with pytest.raises(ZeroDivisionError, match=r"^the divisor is 0 on \[-inf, 0\), where the level is not$"):
        one / c
    days = combine_intervals([(NOON, NOON + dt.timedelta(1), one)])
    with pytest.raises(ZeroDivisionError, match=r"^the divisor is 0 on \[datetime.datetime\(2024, 7, 1, 12, 0\)"):
        days / (days - days)


def test_quotients_have_the_kind_of_the_levels():
    for levels, wanted in (
        ((6, 4), 1.5),
        ((6.0, 4), 1.5),
        ((Fraction(6), 4), Fraction(3, 2)),
        ((6, Fraction(4)), Fraction(3, 2)),
        ((Fraction(6), 4.0), 1.5),
        ((Decimal(6), 4), Decimal("1.5")),
        ((6, Decimal("4.00")), Decimal("1.5")),
        ((10**400, 10**399), 10.0),
    ):
        a, b = (combine_intervals([(0, 1, level)]) for level in levels)
        for found in (a / b, a / levels[1]):
            assert (type(found[0]), found[0]) == (type(wanted), wanted)
            assert type(found[5]) is type(wanted)
    with pytest.raises(OverflowError, match=r"the level on \[0, 1\) is beyond the largest float"):
        combine_intervals([(0, 1, 10**400)]) / 3


# Numbers on either side


def test_numpy_scalars_work_on_the_left_too():
    for three in (np.float64(3), np.int64(3), np.float32(3), np.uint8(3)):
        for operation in (operator.add, operator.sub, operator.mul):
            assert operation(three, PLANES) == operation(3, PLANES)
            assert operation(PLANES, three) == operation(PLANES, 3)
        assert (three / (PLANES + 1))[2] == 0.5
        assert (three > PLANES) == (PLANES < 3)
        assert (three <= PLANES) == (PLANES >= 3)
    assert spelled((np.float64(3) * PLANES)[2]) == (float, "15.0")


def test_intervals_are_operands():
    stay = Interval(2, 5, 4)
    assert PLANES + stay == stay + PLANES == combine_intervals([*PLANES, stay])
    assert PLANES * stay == stay * PLANES
    assert PLANES.level_set(stay) == IntervalSet([(-INF, 1), (5, INF)])
    assert (stay <= PLANES) == ~(stay > PLANES) == ~IntervalSet([(3, 5)])
    assert maximum(PLANES, stay) == maximum([stay, PLANES])
    assert total(stay, stay) == combine_intervals([stay, stay])
    assert PLANES.excess(stay) == combine_intervals([(1, 2, 2), (2, 3, 1)])


def test_a_negation_keeps_what_was_exact():
    for level in (Decimal("1E+99999999"), Decimal("1E-99999999"), -(2**63), 10**400, Fraction(1, 3)):
        c = combine_intervals([(0, 1, level)])
        assert spelled((-c)[0]) == spelled(level.copy_negate() if isinstance(level, Decimal) else -level)
        assert abs(-c) == abs(c)


def test_decimals_of_any_exponent_end_in_an_answer_or_an_overflow():
    huge, tiny = (combine_intervals([(0, 1, Decimal(text))]) for text in ("1E+999999", "1E-999999"))
    assert (huge > tiny) == (tiny < huge) == IntervalSet([(0, 1)])
    assert (huge * tiny)[0] == (huge / huge)[0] == 1
    for call in (lambda: huge + tiny, lambda: total(huge, tiny), lambda: maximum(huge, tiny), lambda: huge - 1):
        with pytest.raises(OverflowError, match="100,000 digits") as caught:
            call()
        assert "row" not in str(caught.value)
    last = Decimal(f"1E+{MAX_EMAX}")
    with pytest.raises(OverflowError, match="100,000 digits"):
        huge * last
    assert not combine_intervals([(0, 1, 1 / last)]) * (1 / last)


# Where, map, abs


def test_where_keeps_the_function_inside_a_region():
    for region in (IntervalSet([(2, 3)]), Interval(2, 3, 99), (2, 3)):
        assert PLANES.where(region) == combine_intervals([(2, 3, 5)])
    assert PLANES.where(~IntervalSet()) == PLANES
    assert PLANES.where(IntervalSet()) == IntervalCollection()
    assert list((PLANES + 1).where((3.5, INF))) == [(3.5, 4, 4), (4, INF, 1)]
    for one in (1, 1.0, Fraction(1), Decimal("1.0"), 10**400):
        c = combine_intervals([(0, 4, one)])
        assert list(map(spelled, c.where((1, 2)).levels)) == list(map(spelled, [one - one, one, one - one]))
        assert [*map(spelled, c.where((5, 6)).levels)] == [spelled(one - one)]


def test_where_takes_regions_only():
    for bad in (None, 5, [2, 3], PLANES, "ab", (1, 2, 3)):
        with pytest.raises(TypeError, match=r"it must be (an IntervalSet, an Interval or )?\(a, b\)"):
            PLANES.where(bad)
    with pytest.raises(ValueError, match="start 3 is after stop 2"):
        PLANES.where((3, 2))
    with pytest.raises(TypeError, match="do not mix"):
        PLANES.where(("a", "b"))
    with pytest.raises(ValueError, match="closed on the left"):
        PLANES.where(IntervalSet([(1, 2)], closed="right"))


def test_a_function_is_mapped_over_the_outer_levels_too():
    seen = []
    PLANES.map(lambda level: seen.append(level) or level)
    assert seen == [0, 2, 5, 3, 0]
    assert list(PLANES.map(lambda level: level + 1)) == list(PLANES + 1)
    assert PLANES.map(lambda level: 7) == IntervalCollection() + 7
    assert list(PLANES.map(lambda level: min(level, 3))) == [(1, 2, 2), (2, 4, 3)]
    assert combine_intervals([(1, 2)], closed="right").map(bool).closed == "right"


@pytest.mark.parametrize(
    ("function", "wanted"),
    [
        (float, 5.0),
        (Fraction, Fraction(5)),
        (Decimal, Decimal(5)),
        (bool, 1),
        (np.float32, 5.0),
        (np.uint8, 5),
        (lambda level: level / 2 if level else 0, 2.5),
        (lambda level: Fraction(level, 3) if level else 0.5, 5 / 3),
        (lambda level: 10**400, 10**400),
        (lambda level: Decimal("1.50") if level else 0, Decimal("1.50")),
    ],
)
def test_levels_have_the_kind_of_what_the_function_gives(function, wanted):
    found = PLANES.map(function)
    assert spelled(found[2]) == spelled(wanted)
    assert {type(level) for level in found.levels} == {type(wanted)}


def test_what_a_function_gives_must_be_a_finite_number():
    for give, error, message in (
        (None, ValueError, "level 0: what the function gave is missing"),
        (math.nan, ValueError, "level 0: what the function gave is NaN"),
        (pd.NaT, ValueError, "level 0: what the function gave is NaN"),
        (INF, ValueError, "level 0: what the function gave is inf; values must be finite"),
        ("a", TypeError, "level 0: what the function gave is 'a'"),
        ([1], TypeError, "level 0: what the function gave is"),
        (1j, TypeError, "level 0: what the function gave is 1j, of type complex; it must be a number"),
    ):
        with pytest.raises(error, match=message):
            PLANES.map(lambda level, give=give: give)
    with pytest.raises(
        TypeError, match=r"level 1: .* is Decimal\('1'\), of type Decimal; values before it are of type"
    ):
        PLANES.map(lambda level: Decimal(1) if level else 0.5)
    with pytest.raises(OverflowError, match=r"the level on \[1, 4\) is beyond the largest float"):
        PLANES.map(lambda level: 10**400 if level else 0.5)
    with pytest.raises(TypeError, match="not callable"):
        PLANES.map(5)


def test_what_a_function_raises_comes_through():
    error = RuntimeError("mine")

    def fail(level):
        raise error

    with pytest.raises(RuntimeError) as caught:
        PLANES.map(fail)
    assert caught.value is error
    with pytest.raises(ZeroDivisionError):
        PLANES.map(lambda level: 1 / level)


@pytest.mark.parametrize("bad", [None, 3, "day", (1, 2, 3), [1, 2]])
def test_where_names_what_it_needs(bad):
    with pytest.raises(TypeError, match=r"^region is .*; it must be \(a, b\), an Interval or an IntervalSet$"):
        combine_intervals([(1, 2)]).where(bad)


def test_none_is_no_rows():
    with pytest.raises(TypeError, match=r"^rows is None"):
        IntervalCollection(None)
