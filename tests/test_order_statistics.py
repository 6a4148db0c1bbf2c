"""Statistics that weigh levels by how long they hold: variance, deviation, quantiles, mode and distribution."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Context, Decimal, localcontext
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from model import clipped, pieces_of, place
from outcomes import spelled
from strategies import COORDINATES, rows

from intervalues import Interval, IntervalCollection, IntervalSet, combine_intervals

pytestmark = pytest.mark.fuzz

INF = math.inf
LOAD = combine_intervals([(0, 90, 2), (90, 99, 5), (99, 100, 40)])
NOON = dt.datetime(2024, 7, 1, 12)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(1)
WEIGHING = [
    lambda c, **within: c.var(**within),
    lambda c, **within: c.std(**within),
    lambda c, **within: c.median(**within),
    lambda c, **within: c.mean(**within),
    lambda c, **within: c.quantile([0.1, 0.9], **within),
    lambda c, **within: c.mode(**within),
    lambda c, **within: c.distribution(**within),
]


def held(c, start, stop):
    """Give for how long each level holds, exactly, by ascending level."""
    found = {}
    for first, last, level in clipped(pieces_of(c), start, stop):
        found[Fraction(level)] = found.get(Fraction(level), 0) + last[1] - first[1]
    return dict(sorted(found.items()))


def variance(held):
    length = sum(held.values())
    mean = sum(level * share for level, share in held.items()) / length
    return sum((level - mean) ** 2 * share for level, share in held.items()) / length


def is_root(root, square):
    """Tell whether a float is the nearest to a root: `square` lies between those of the middles to its neighbours."""
    low, high = ((Fraction(root) + Fraction(math.nextafter(root, end))) / 2 for end in (0.0, INF))
    return low**2 <= square <= high**2 if root else square < Fraction(5e-324) ** 2 / 4


measured = st.sampled_from(["small ints", "ints", "floats", "ints and floats", "Fractions", "timedeltas", "dates"])


def moderate(domain, kinds):
    """Rows whose sums, squares and lengths are no larger than floats are."""
    drawn = rows(domain, kinds, open_ends=False)
    return drawn.filter(lambda made: all(abs(x) < 10**150 for row in made for x in row if isinstance(x, int | float)))


def has_floats(made):
    """Tell whether lengths are floats: whether a coordinate is one."""
    return any(type(x) is float and math.isfinite(x) for row in made for x in row[:2])


@given(measured, st.data())
def test_variance_and_deviation_are_exact_and_rounded_once(domain, data):
    made = data.draw(moderate(domain, ["ints", "huge ints", "floats", "Fractions"]))
    c = combine_intervals(made)
    assume(len(c.breakpoints))
    exact = variance(held(c, place(c.breakpoints[0]), place(c.breakpoints[-1])))
    kind = Fraction if type(c.levels[0]) is Fraction and not has_floats(made) else float
    wanted = exact if kind is Fraction else exact.numerator / exact.denominator
    assert spelled(c.var()) == spelled(wanted)
    assert type(c.std()) is float
    assert is_root(c.std(), exact)


@given(st.data())
def test_variance_and_deviation_of_decimals_have_28_digits(data):
    levels = st.decimals(-1000, 1000, places=3)
    made = data.draw(st.lists(st.tuples(st.integers(0, 5), st.integers(6, 9), levels), min_size=1))
    c = combine_intervals(made)
    assume(len(c.breakpoints))
    exact = variance(held(c, place(c.breakpoints[0]), place(c.breakpoints[-1])))
    many = Context(prec=90)
    quotient = many.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    assert c.var() == Context(prec=28).plus(quotient)
    assert c.std() == Context(prec=28).plus(many.sqrt(quotient))


def test_a_deviation_is_the_correctly_rounded_root_where_floats_lose_it():
    tiny = 2.0**-30
    for low, high in ((1.0, 1.0 + tiny), (1e16, 1e16 + 2), (-1e-320, 1e-320), (1e150, 1e151)):
        c = combine_intervals([(0, 1, low), (1, 2, high)])
        half = (Fraction(high) - Fraction(low)) / 2
        assert spelled(c.std()) == spelled(half.numerator / half.denominator)
    assert spelled(combine_intervals([(0, 3, 7)]).std()) == (float, "0.0")
    assert spelled(combine_intervals([(0, 3, 0.1)]).var()) == (float, "0.0")
    huge = combine_intervals([(0, 1, 1e308), (1, 2, -1e308)])
    assert huge.std() == 1e308
    with pytest.raises(OverflowError, match="the result is beyond the largest float"):
        huge.var()
    assert combine_intervals([(0, 1, 10**400), (1, 2, 10**400 + 2)]).std() == 1.0


def test_a_deviation_of_decimals_has_as_many_digits_as_the_longest_operand():
    long = Decimal("1." + "3" * 39)
    c = combine_intervals([(0, 1, long), (1, 3, Decimal(2))])
    mean = (Fraction(long) + 4) / 3
    exact = ((Fraction(long) - mean) ** 2 + 2 * (2 - mean) ** 2) / 3
    many = Context(prec=200)
    quotient = many.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    assert spelled(c.var()) == spelled(Context(prec=40).plus(quotient))
    assert spelled(c.std()) == spelled(Context(prec=40).plus(many.sqrt(quotient)))
    with localcontext(Context(prec=3)):
        assert c.std() == Context(prec=40).plus(many.sqrt(quotient))


@pytest.mark.parametrize(
    ("rows", "var", "std"),
    [
        ([(0, 2, 3), (2, 4, 5)], 1.0, 1.0),
        ([(0, 2, Fraction(3)), (2, 4, 5)], Fraction(1), 1.0),
        ([(0.0, 2.0, Fraction(3)), (2, 4, 5)], 1.0, 1.0),
        ([(0, 2, Decimal(3)), (2, 4, 5)], Decimal(1), Decimal(1)),
        ([(0, 2, Decimal(3)), (2, 4, 3)], Decimal(0), Decimal(0)),
        ([(NOON, NOON + HOUR, 3), (NOON + HOUR, NOON + 2 * HOUR, 5)], 1.0, 1.0),
        ([(Decimal("0.1"), Decimal("0.3"), 3), (Decimal("0.3"), Decimal("0.5"), 5)], 1.0, 1.0),
    ],
)
def test_variance_and_deviation_have_the_kind_of_the_levels(rows, var, std):
    c = combine_intervals(rows)
    assert (spelled(c.var()), type(c.std()), c.std()) == (spelled(var), type(std), std)


# Order


@given(
    measured,
    st.data(),
    st.lists(st.sampled_from([0, 1, 0.5, 0.1, 0.25, 0.9, Fraction(1, 3), Decimal("0.3")]), min_size=1),
)
def test_a_quantile_is_the_smallest_level_that_holds_with_all_lower_ones_for_that_share(domain, data, wanted):
    c = combine_intervals(data.draw(moderate(domain, ["ints", "floats", "Fractions", "Decimals"])))
    assume(len(c.breakpoints) and not (type(c.levels[0]) is Decimal and "float" in domain))
    shares = held(c, place(c.breakpoints[0]), place(c.breakpoints[-1]))
    length = sum(shares.values())
    found = c.quantile(wanted)
    for q, level in zip(wanted, found, strict=True):
        exact = Fraction(str(q)) if isinstance(q, float) else Fraction(q)
        enough = [x for x in shares if sum(shares[y] for y in shares if y <= x) >= exact * length]
        assert Fraction(level) == enough[0]
        assert type(level) is type(c.levels[0])
        assert spelled(c.quantile(q)) == spelled(level)
    assert spelled(c.median()) == spelled(c.quantile(0.5))


@given(measured, st.data())
def test_the_distribution_tells_for_how_long_each_level_holds(domain, data):
    made = data.draw(moderate(domain, ["ints", "floats", "Fractions", "Decimals"]))
    c = combine_intervals(made)
    assume(len(c.breakpoints))
    shares = held(c, place(c.breakpoints[0]), place(c.breakpoints[-1]))
    found = c.distribution()
    assert list(map(Fraction, found)) == list(shares)
    lengths = [place(length)[1] for length in found.values()]
    exact = list(shares.values())
    if domain == "dates":
        exact = [days * 86_400 * 10**6 for days in exact]
    assert lengths == (exact if not has_floats(made) else [Fraction(x.numerator / x.denominator) for x in exact])
    longest = max(shares.values())
    assert Fraction(c.mode()) == min(level for level in shares if shares[level] == longest)


def test_a_float_q_means_the_decimal_that_it_prints():
    tenths = combine_intervals([(i, i + 1, i) for i in range(1, 11)])
    for q, level in ((0.1, 1), (0.3, 3), (0.7, 7), (np.float64(0.3), 3), (Fraction(0.3), 3), (Fraction(0.1), 2)):
        assert tenths.quantile(q) == level
    assert tenths.quantile(Decimal("0.30000000000000000000000000001")) == 4
    assert (tenths.quantile(0), tenths.quantile(1), tenths.quantile(True)) == (1, 10, 10)


def test_many_quantiles_are_a_list():
    for many in ([0.95, 0], (0.95, 0), iter([0.95, 0]), np.array([0.95, 0]), pd.Series([0.95, 0])):
        assert LOAD.quantile(many) == [5, 2]
    assert LOAD.quantile([]) == []
    assert LOAD.median() == LOAD.mode() == 2


@pytest.mark.parametrize(
    ("q", "error"),
    [
        (-0.1, ValueError),
        (1.1, ValueError),
        (INF, ValueError),
        (math.nan, ValueError),
        (Decimal("NaN"), ValueError),
        (None, ValueError),
        ([0.5, 2], ValueError),
        ("0.5", TypeError),
        (b"0.5", TypeError),
        (1j, TypeError),
        (["a"], TypeError),
        (NOON, TypeError),
        (Decimal("1E-99999999"), OverflowError),
    ],
)
def test_a_q_is_a_number_from_0_to_1(q, error):
    with pytest.raises(error, match=r"^q .* from 0 to 1|100,000 digits"):
        LOAD.quantile(q)


def test_levels_that_hold_equally_long_have_the_lowest_as_mode():
    assert combine_intervals([(0, 1, 5), (1, 2, 3), (2, 3, 4)]).mode() == 3
    assert combine_intervals([(0, 1, 5), (2, 3, -4)]).mode() == -4
    assert combine_intervals([(0, 1, 5), (1, 2, 3), (5, 6, 5)]).mode() == 0
    assert combine_intervals([(0, 1, 5), (1, 2, 3), (2, 3, 5)]).mode() == 5


def test_the_distribution_is_ascending_with_zero_and_in_lengths():
    assert list(combine_intervals([(0, 1, 3), (2, 4, -3)]).distribution().items()) == [(-3, 2), (0, 1), (3, 1)]
    parked = combine_intervals([(NOON, NOON + 3 * HOUR, 2), (NOON + HOUR, NOON + 2 * HOUR)])
    assert parked.distribution() == {2: 2 * HOUR, 3: HOUR}
    days = combine_intervals([(NOON.date(), NOON.date() + 3 * DAY, 0.5)])
    assert [*map(spelled, days.distribution())] == [(float, "0.5")]
    assert days.distribution() == {0.5: 3 * DAY}
    fine = combine_intervals([(pd.Timestamp(1, unit="ns"), pd.Timestamp(3, unit="ns"))])
    assert [*map(spelled, fine.distribution().values())] == [spelled(pd.Timedelta(2, "ns"))]
    for start, stop in ((0.5, 2), (Fraction(1, 2), 2), (Decimal("0.5"), 2)):
        (length,) = combine_intervals([(start, stop)]).distribution().values()
        assert (type(length), length) == (type(start), stop - start)
    assert combine_intervals([(0.5, 2, Decimal(1))]).distribution() == {Decimal(1): 1.5}


# Windows


def test_statistics_look_inside_a_window():
    for within in ((80, 100), Interval(80, 100), IntervalSet([(80, 100)]), IntervalSet([(80, 90), (90, 100)])):
        assert LOAD.quantile([0.5, 0.95, 1], within=within) == [2, 5, 40]
        assert LOAD.distribution(within=within) == {2: 10, 5: 9, 40: 1}
        assert LOAD.mode(within=within) == 2
        assert LOAD.var(within=within) == float(variance({Fraction(2): 10, Fraction(5): 9, Fraction(40): 1}))
    holes = IntervalSet([(95, 97), (99, 101)])
    assert LOAD.distribution(within=holes) == {0: 1, 5: 2, 40: 1}
    assert (LOAD.median(within=holes), LOAD.mode(within=holes), LOAD.quantile(0, within=holes)) == (5, 5, 0)
    right = combine_intervals([(0, 1, 2), (1, 4, 5)], closed="right")
    assert right.distribution(within=(0, 2)) == {2: 1, 5: 1}
    with pytest.raises(ValueError, match="closed on the right"):
        right.var(within=IntervalSet([(0, 2)]))


@pytest.mark.parametrize("statistic", WEIGHING)
def test_what_weighs_by_length_needs_one(statistic):
    for within in ((2, 2), IntervalSet(), (INF, INF)):
        with pytest.raises(ValueError, match="over zero length there is no"):
            statistic(LOAD, within=within)
    with pytest.raises(ValueError, match=r"without breakpoints there is no span: pass within=\(a, b\)"):
        statistic(IntervalCollection())
    with pytest.raises(TypeError, match="objects of type str have no lengths"):
        statistic(combine_intervals([("a", "b")]))
    with pytest.raises(TypeError, match=r"within is \[1, 2\]"):
        statistic(LOAD, within=[1, 2])


@pytest.mark.parametrize("statistic", WEIGHING[:5])
def test_what_divides_by_the_length_needs_a_bounded_window(statistic):
    for c, within in ((LOAD, (0, INF)), (LOAD, (-INF, 3)), (combine_intervals([(0, INF)]), None), (LOAD + 1, None)):
        with pytest.raises(ValueError, match="over an unbounded window there is no"):
            statistic(c, within=within)


def test_what_holds_without_end_holds_for_longest():
    c = combine_intervals([(0, INF, 2), (5, 9, 1)])
    assert (c.mode(), c.distribution()) == (2, {2: INF, 3: 4})
    assert c.mode(within=(-INF, INF)) == 0
    assert c.distribution(within=(-INF, INF)) == {0: INF, 2: INF, 3: 4}
    assert c.distribution(within=(-INF, -3)) == {0: INF}
    assert (IntervalCollection() + 3).distribution(within=(7, INF)) == {3: INF}
    assert (IntervalCollection() + 3).mode(within=(7, INF)) == 3
    dates = combine_intervals([(NOON.date(), INF)])
    assert dates.distribution() == {1: INF}


@pytest.mark.parametrize("statistic", WEIGHING[:5])
def test_decimal_levels_over_float_lengths_have_no_mean(statistic):
    c = combine_intervals([(0.5, 1, Decimal(1)), (1, 2, Decimal(2))])
    if statistic in WEIGHING[:2] or statistic is WEIGHING[3]:
        with pytest.raises(TypeError, match="Decimal levels over float lengths do not mix"):
            statistic(c)
    else:  # these only compare lengths
        assert statistic(c) in (Decimal(2), [Decimal(1), Decimal(2)])


@given(st.sampled_from(list(COORDINATES)), st.data())
def test_statistics_of_one_level_are_that_level(domain, data):
    start, stop = sorted(data.draw(st.tuples(COORDINATES[domain], COORDINATES[domain])), key=place)
    assume(place(start) < place(stop) and domain not in ("strings", "tuples"))
    c = combine_intervals([(start, stop, 7)])
    assert c.median() == c.mode() == c.mean() == c.max() == c.min() == 7
    assert c.var() == c.std() == 0
