"""Laws of what is moved, stretched, cut into bins and folded: lengths and integrals go with it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import VALUES, rows

from intervalues import combine_intervals

EXACT = {
    **{kind: VALUES[kind] for kind in ("ints", "bools", "huge ints", "Fractions")},
    "cents": st.integers(-999, 999).map(lambda cents: Decimal(cents).scaleb(-2)),
}
ends = st.integers(-9, 9)


def collections(kind):
    """Collections of one kind of values, so that nothing is rounded."""
    spans = st.tuples(ends, ends).map(sorted)
    return st.lists(st.tuples(spans, EXACT[kind]), max_size=6).map(
        lambda found: combine_intervals([(*span, value) for span, value in found])
    )


kinds = st.sampled_from(list(EXACT))
made = kinds.flatmap(collections)
pairs = kinds.flatmap(lambda kind: st.tuples(collections(kind), collections(kind)))
whole = st.integers(-9, 9)
positive = st.integers(1, 9) | st.fractions(Fraction(1, 9), 9)

pytestmark = pytest.mark.fuzz


def integral(collection):
    """Give the exact integral."""
    return Fraction(collection.integral())


def total(numbers):
    """Add up exactly: whatever the decimal context is."""
    return sum(map(Fraction, numbers))


@given(made, whole, whole)
def test_moving_is_an_action_of_the_group_of_lengths(c, d, e):
    assert c.shift(d).shift(e) == c.shift(d + e)
    assert c.shift(0) == c
    assert c.shift(d).shift(-d) == c


@given(made, whole)
def test_what_is_moved_keeps_its_levels_and_its_integral(c, d):
    moved = c.shift(d)
    assert integral(moved) == integral(c)
    assert list(moved.levels) == list(c.levels)
    assert [x - d for x in moved.breakpoints] == list(c.breakpoints)


@given(made, positive, positive)
def test_stretching_is_an_action_of_the_positive_numbers(c, j, k):
    assert c.scale(j).scale(k) == c.scale(j * k)
    assert c.scale(k).scale(1 / Fraction(k)) == c


@given(
    st.sampled_from(["ints", "Fractions"]).flatmap(lambda kind: rows("Fractions", (kind,), open_ends=False)), positive
)
def test_what_is_stretched_has_so_many_times_the_integral(intervals, k):
    c = combine_intervals(intervals)
    assert integral(c.scale(k)) == k * integral(c)
    if len(c.breakpoints):
        assert c.scale(k).max() == c.max()
        assert c.scale(k).median() == c.median()


@given(pairs, whole)
def test_sums_move_as_their_parts_do(pair, d):
    a, b = pair
    assert (a + b).shift(d) == a.shift(d) + b.shift(d)


@given(made, st.integers(1, 4))
def test_the_integrals_of_bins_add_up_to_the_integral(c, step):
    if len(c.breakpoints):
        assert total(c.bin(step, how="integral").values) == integral(c)


@given(made, st.integers(1, 7), whole)
def test_folding_keeps_the_integral(c, period, origin):
    assert integral(c.wrap(period, origin)) == integral(c)


@given(pairs, st.integers(1, 7))
def test_folding_is_linear(pair, period):
    a, b = pair
    assert (a + b).wrap(period) == a.wrap(period) + b.wrap(period)
    assert (-a).wrap(period) == -a.wrap(period)


@given(made, st.integers(1, 7), whole)
def test_folding_does_not_see_whole_turns(c, period, turns):
    assert c.shift(turns * period).wrap(period) == c.wrap(period)


@given(rows("naive datetimes", ("ints",), open_ends=False), st.timedeltas(dt.timedelta(-9), dt.timedelta(9)))
def test_times_move_with_their_integral(intervals, d):
    c = combine_intervals(intervals)
    try:
        moved = c.shift(d)
    except OverflowError:
        return
    assert moved.shift(-d) == c
    tick = dt.timedelta(microseconds=1)
    if len(c.breakpoints):
        assert moved.integral(unit=tick) == c.integral(unit=tick)


@given(made)
def test_windows_that_cut_the_span_share_its_integral(c):
    points = list(c.breakpoints)
    assert total(c.windows(points[:-1], points[1:], how="integral")) == integral(c)
