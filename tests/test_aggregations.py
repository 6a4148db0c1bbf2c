"""Aggregations beside sum, count, max and min: mean, any, rows and functions of the covering values."""

from __future__ import annotations

import math
import pickle
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from model import AFTER, BEFORE, as_kind, canonical, kind_of, pieces_of, place
from outcomes import outcome, outcome_in_python, spelled
from strategies import COORDINATES, rows

from intervalues import IntervalCollection, IntervalSet, combine_intervals, maximum, minimum, total

PLANES = [(2, 4, 3), (1, 3, 2)]
THIRD = Decimal("0.3333333333333333333333333333")


def covering(made):
    """Give the pieces (place where it starts, numbers of the rows that cover it)."""
    placed = [(place(start), place(stop)) for start, stop, _ in made]
    ends = sorted({BEFORE, *(end for row in placed if row[0] < row[1] for end in row)} - {AFTER})
    return [(end, tuple(i for i, (start, stop) in enumerate(placed) if start <= end < stop)) for end in ends]


def combined(made, level_of):
    """Give the pieces that a function of the numbers of the covering rows tells, 0 where none does."""
    return canonical([(end, level_of(found)) for end, found in covering(made)])


def mean_of(values, kind):
    """Give the mean of covering values, rounded once."""
    exact = sum(map(Fraction, values), Fraction()) / max(len(values), 1)
    if kind is Decimal:
        with localcontext(prec=28, Emin=-(10**6), Emax=10**6):
            return Decimal(exact.numerator) / Decimal(exact.denominator)
    return as_kind(exact, float if kind is int else kind)


@pytest.mark.parametrize("domain", COORDINATES)
@given(st.data())
def test_rows_are_those_that_cover(domain, data):
    made = data.draw(rows(domain))
    c = combine_intervals(made, how="rows")
    assert pieces_of(c) == combined(made, tuple)


@pytest.mark.parametrize("domain", COORDINATES)
@given(st.data())
def test_any_is_one_where_something_covers(domain, data):
    made = data.draw(rows(domain))
    c = combine_intervals(made, how="any")
    assert pieces_of(c) == combined(made, lambda found: int(bool(found)))
    assert {type(level) for level in c.levels} == {int}
    assert c.support == IntervalSet(row[:2] for row in made)


@pytest.mark.parametrize("domain", COORDINATES)
@given(st.data())
def test_a_function_gets_the_values_that_cover_in_the_order_of_the_rows(domain, data):
    made = data.draw(rows(domain))
    seen = []
    c = combine_intervals(made, how=lambda values: seen.append(list(values)) or len(values))
    pieces = [found for _, found in covering(made)]
    expected = [[spelled(int(made[i][2]) if made[i][2] is True else made[i][2] + 0) for i in found] for found in pieces]
    assert [[spelled(x + 0) for x in values] for values in seen] == list(filter(None, expected))
    assert c == combine_intervals(made, how="count")


KINDS = ["ints", "huge ints", "floats", "ints and floats", "Decimals", "Fractions", "floats and Fractions"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("domain", ["small ints", "floats", "dates"])
@given(st.data())
def test_the_mean_is_exact_and_rounded_once(domain, kind, data):
    made = data.draw(rows(domain, kinds=(kind,)))
    column = kind_of([value for _, _, value in made])

    try:
        pieces = combined(made, lambda found: mean_of([made[i][2] for i in found], column))
    except OverflowError:
        with pytest.raises(OverflowError, match="beyond the largest float"):
            combine_intervals(made, how="mean")
        return
    c = combine_intervals(made, how="mean")
    assert pieces_of(c) == pieces
    assert {type(level) for level in c.levels} == {float if column is int else column}


def largest(values):
    return max(values)


@pytest.mark.parametrize("how", ["mean", "any", "rows", len, largest])
@given(st.sampled_from(list(COORDINATES)).flatmap(rows))
def test_every_way_in_gives_the_same_aggregation_and_pure_python_too(how, made):
    starts, stops, worth = ([row[i] for row in made] for i in range(3))
    python = outcome_in_python(lambda: combine_intervals(made, how=how))
    assert outcome(lambda: combine_intervals(made, how=how)) == python
    assert outcome(lambda: combine_intervals(iter(made), how=how)) == python
    assert outcome(lambda: combine_intervals(start=starts, stop=iter(stops), value=tuple(worth), how=how)) == python


@given(rows("ints", kinds=("ints",)))
def test_a_function_of_the_values_is_what_the_kernel_of_that_name_gives(made):
    for how, function in {"sum": sum, "count": len, "max": max, "min": min}.items():
        assert combine_intervals(made, how=function) == combine_intervals(made, how=how)


@pytest.mark.parametrize(
    ("values", "mean"),
    [
        ([1, 2], 1.5),
        ([2**70, 2**70 + 1], 2.0**70),
        ([0.1, 0.2], (Fraction(0.1) + Fraction(0.2)) / 2),
        ([5e-324, 0.0], 0.0),
        ([1e308, 1e308], 1e308),
        ([1e16, 1.0, -1e16], 1 / 3),
        ([Decimal(1), Decimal(0), Decimal(0)], THIRD),
        ([Decimal("1." + 38 * "0" + "1")], Decimal("1." + 38 * "0" + "1")),
        ([Decimal(1), Decimal(2)], Decimal("1.5")),
        ([Decimal(2) / 2, 1, Decimal(2)], 4 * THIRD + Decimal("1E-28")),
        ([Fraction(1, 3), 1], Fraction(2, 3)),
    ],
)
def test_means_of_every_kind(values, mean):
    c = combine_intervals([(0, 9, value) for value in values], how="mean")
    with localcontext(prec=60):
        assert c[1] == (float(mean) if isinstance(c[1], float) else mean)


def test_the_mean_is_zero_where_nothing_covers_and_where_values_cancel():
    c = combine_intervals([(0, 2, 5), (1, 2, -5), (3, 4, Fraction(1))], how="mean")
    assert list(c.levels) == [0, 5, 0, 1, 0]
    assert {type(level) for level in c.levels} == {Fraction}
    assert combine_intervals([], how="mean").levels == (0.0,)


@pytest.mark.parametrize("how", ["any", "rows", "count"])
def test_values_are_ignored_whatever_they_are(how):
    odd = [(1, 3, "x"), (2, 4, None), (2, 4, math.nan)]
    assert combine_intervals(odd, how=how) == combine_intervals([row[:2] for row in odd], how=how)


def test_row_numbers_are_positions_in_the_input():
    rows_of = combine_intervals([(1, 3), (None, 5), (2, 2), (2, 9)], how="rows", missing="drop")
    assert list(rows_of.levels) == [(), (0,), (0, 3), (3,), ()]
    assert rows_of[2] == (0, 3)


def test_ends_closed_step_and_missing_work_with_rows():
    made = [(1, 3), (None, 2)]
    assert list(combine_intervals(made, how="rows", missing="open")) == [
        (-math.inf, 1, (1,)),
        (1, 2, (0, 1)),
        (2, 3, (0,)),
    ]
    right = combine_intervals([(1, 3)], how="rows", closed="right")
    assert (right[1], right[3]) == ((), (0,))
    assert list(combine_intervals([(1, 3), (3, 3)], how="rows", closed="both", step=1)) == [
        (1, 3, (0,)),
        (3, 4, (0, 1)),
    ]
    assert list(combine_intervals([(0.1 + 0.2, 1.0), (0.3, 1.0)], how="rows", digits=2)) == [(0.3, 1.0, (0, 1))]


def test_functions_and_means_get_values_as_digits_round_them():
    made = [(0.0, 1.0, 0.1 + 0.2), (0.0, 1.0, 3), (0.0, 1.0, 1e20)]
    seen = []
    c = combine_intervals(made, how=lambda values: seen.extend(values) or 0, digits=2)
    assert [list(map(spelled, seen)), c.levels] == [list(map(spelled, [0.3, 3, 1e20])), (0,)]
    assert combine_intervals(made[:1] * 3, how="mean", digits=2).levels == (0.0, 0.3, 0.0)


# Looking at levels that are rows

LOOK = combine_intervals(PLANES, how="rows")


def test_collections_of_rows_can_be_looked_at():
    assert (LOOK[2], LOOK.at([0, 1, 3]), len(LOOK), 1 in LOOK, 4 in LOOK) == ((0, 1), ((), (1,), (0,)), 3, True, False)
    assert list(LOOK[:2]) == [(1, 2, (1,))]
    assert LOOK[2.5:] == LOOK[2.5:9]
    assert (LOOK.support, LOOK.span[:2], LOOK.limit(1, "left")) == (IntervalSet([(1, 4)]), (1, 4), ())
    assert list(LOOK.segments().values) == [(1,), (0, 1), (0,)]
    assert list(reversed(LOOK)) == list(LOOK)[::-1]
    assert (LOOK.shift(5)[7], LOOK.scale(2)[4], LOOK.where((2, 3))[2]) == ((0, 1), (0, 1), (0, 1))
    assert (LOOK.next_change(2), LOOK.map(len).max()) == (3, 2)


def test_collections_of_rows_are_equal_and_hash_alike_by_content():
    same = combine_intervals(PLANES, how="rows")
    assert (same == LOOK, hash(same) == hash(LOOK)) == (True, True)
    assert combine_intervals(PLANES[::-1], how="rows") != LOOK
    assert combine_intervals([], how="rows") != IntervalCollection()


def test_collections_of_rows_pickle():
    assert pickle.loads(pickle.dumps(LOOK)) == LOOK
    assert pickle.loads(pickle.dumps(combine_intervals([], how="rows"))).levels == ((),)


@pytest.mark.parametrize("level", [(0, 0), (1, 0), (-1,), (0.0,), ("a",), 0])
def test_a_forged_pickle_of_rows_is_refused(level):
    remake, (version, domain, points, kind, levels, closed) = LOOK.__reduce__()
    forged = version, domain, points, kind, (*levels[:-2], level, levels[-1]), closed
    with pytest.raises(pickle.UnpicklingError, match=r"a level is|not supported between"):
        remake(*forged)


def test_the_repr_of_rows_does_not_look_as_if_it_evaluated_back():
    assert repr(LOOK) == "<IntervalCollection of 3 intervals: (1, 2, (1,)), (2, 3, (0, 1)), (3, 4, (0,))>"
    assert repr(combine_intervals([], how="rows")) == "<IntervalCollection of 0 intervals: none>"
    many = combine_intervals([(0, 1)] * 99, how="rows")
    assert len(repr(many)) < 150
    apart = combine_intervals([(2 * x, 2 * x + 1) for x in range(11)], how="rows")
    assert repr(apart) == "<IntervalCollection of 11 intervals: (0, 1, (0,)), (2, 3, (1,)), (4, 5, (2,)), ...>"


@pytest.mark.parametrize("c", [LOOK, combine_intervals([], how="rows")])
@pytest.mark.parametrize(
    "ask",
    [
        *(lambda c: c + 1, lambda c: 1 - c, lambda c: c + c, lambda c: c * 2, lambda c: c / 2, lambda c: -c, abs),
        *(lambda c: c > 0, lambda c: c <= IntervalCollection(), lambda c: c.level_set(0), lambda c: c.excess(1)),
        *(lambda c: c.max(), lambda c: c.min(), lambda c: c.argmax(), lambda c: c.argmin(), lambda c: c.nlargest(1)),
        *(lambda c: c.mean(), lambda c: c.integral(), lambda c: c.var(), lambda c: c.std(), lambda c: c.quantile(0.5)),
        *(lambda c: c.median(), lambda c: c.mode(), lambda c: c.distribution(), lambda c: c.max(within=(1, 2))),
        *(lambda c: c.first_fit(1), lambda c: c.bin(1), lambda c: c.bin([0, 5], how="max"), lambda c: c.wrap(3)),
        *(lambda c: c.windows([1], [2], how="max"), lambda c: c.windows([1], [2]), lambda c: c.windows([], [])),
        *(lambda c: maximum(c, 1), lambda c: minimum(c, c), lambda c: total(c, 1)),
    ],
)
def test_what_needs_numbers_says_so(c, ask):
    with pytest.raises(TypeError, match=r"row numbers|it must be a number"):
        ask(c)


# Functions


def test_a_function_is_called_once_for_each_piece_where_something_covers():
    seen = []
    combine_intervals(
        [(1, 3, 2), (2, 4, 3), (6, 6, 9), (6, 7, 4), (7, 8, 4)], how=lambda values: seen.append(values) or 1
    )
    assert seen == [[2], [2, 3], [3], [4], [4]]


@pytest.mark.parametrize(
    ("given_back", "kind"),
    [
        *((True, int), (2, int), (2.5, float), (Decimal("0.5"), Decimal), (Fraction(1, 3), Fraction), (2**70, int)),
        *((np.float32(0.5), float), (np.int8(3), int), (np.bool_(True), int)),
    ],
)
def test_a_function_may_return_any_number(given_back, kind):
    c = combine_intervals(PLANES, how=lambda values: given_back)
    assert list(c.levels) == [0, given_back, 0]
    assert {type(level) for level in c.levels} == {kind}


@pytest.mark.parametrize("given_back", [None, "3", (), 1j, [1], np.array([1, 2]), PLANES])
def test_a_function_that_returns_no_number_is_refused(given_back):
    with pytest.raises(TypeError, match=r"^how gave .* of the values of row 1; it must be a number$"):
        combine_intervals(PLANES, how=lambda values: given_back)


@pytest.mark.parametrize("given_back", [math.nan, math.inf, -math.inf, np.float64("nan"), Decimal("NaN")])
def test_a_function_that_returns_no_finite_number_is_refused(given_back):
    with pytest.raises(ValueError, match=r"^how gave .* of the values of rows 0, 1, 2, 3, 4, ...; it must be finite$"):
        combine_intervals([(1, 2)] * 7, how=lambda values: given_back)


def test_what_a_function_returns_must_mix():
    with pytest.raises(
        TypeError, match=r"^result 2 of how is 0.5, of type float; values before it are of type Decimal$"
    ):
        combine_intervals(PLANES, how=lambda values: Decimal(1) if len(values) == 1 else 0.5)


def test_floats_and_ints_of_a_function_become_floats_and_too_large_ones_are_refused():
    c = combine_intervals(PLANES, how=lambda values: 1 if len(values) == 1 else 1.0)
    assert list(map(spelled, c.levels)) == list(map(spelled, [0.0, 1.0, 0.0]))
    with pytest.raises(OverflowError, match=r"^the level on \[1, 2\) is beyond the largest float$"):
        combine_intervals(PLANES, how=lambda values: 10**400 if len(values) == 1 else 1.0)


def test_what_a_function_raises_comes_through():
    error = LookupError("mine")

    def raising(values):
        raise error

    with pytest.raises(LookupError) as raised:
        combine_intervals(PLANES, how=raising)
    assert raised.value is error


def test_a_function_gets_ones_where_there_are_no_values():
    assert combine_intervals([(1, 3), (2, 4)], how=sum) == combine_intervals([(1, 3), (2, 4)])
    assert combine_intervals([], how=sum).levels == (0,)


def test_a_function_cannot_change_what_others_get():
    c = combine_intervals([(1, 3, 1), (1, 4, 2)], how=lambda values: values.pop() + len(values))
    assert list(c) == [(1, 3, 3), (3, 4, 2)]


def test_neighbouring_levels_differ_whatever_a_function_returns():
    c = combine_intervals([(x, x + 3) for x in range(20)], how=lambda values: len(values) // 2)
    assert all(before != after for before, after in pairwise(c.levels))


def test_tuples_of_row_numbers_are_no_values():
    with pytest.raises(TypeError, match="it must be a number"):
        combine_intervals(combine_intervals([(1, 3), (2, 4)], how="rows"))
