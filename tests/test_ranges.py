"""The sweep goes range by range: however the line is split, the answer is that of the model."""

from __future__ import annotations

import math
import random

import hypothesis
import model
import pytest
from hypothesis import strategies as st
from model import pieces_of
from strategies import rows

from intervalues import combine_intervals, dispatch
from intervalues.kernels import sweep

HOWS = ("sum", "count", "max", "min")


@pytest.fixture(autouse=True)
def backend(monkeypatch):
    """Sweep in Python only, and split even the smallest inputs."""
    monkeypatch.setattr(dispatch, "_extension", None)
    monkeypatch.setattr(sweep, "BLOCK", 1)
    monkeypatch.setattr(sweep, "isqrt", lambda count: 1)
    return "python"


@pytest.mark.fuzz
@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("domain", ["small ints", "ints", "floats"])
@hypothesis.given(data=st.data())
def test_ranges_do_not_change_the_answer(domain, how, data):
    kinds = ["ints", "floats", "Fractions"] if how == "sum" else ["ints", "ints and floats"]
    given_rows = data.draw(rows(domain, kinds, max_size=12))
    try:
        wanted = model.combined(given_rows, how)
    except OverflowError:
        with pytest.raises(OverflowError):
            combine_intervals(given_rows, how=how)
        return
    assert pieces_of(combine_intervals(given_rows, how=how)) == wanted


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("longest", [50, 10_000])
@pytest.mark.parametrize("kind", [int, float])
def test_many_ranges_of_rows_in_any_order(how, longest, kind):
    drawn = random.Random(f"{how} {longest}")
    starts = [drawn.randrange(10_000) for _ in range(70)]
    made = [(kind(start), kind(start + drawn.randrange(longest)), kind(drawn.randrange(-3, 9))) for start in starts]
    made += [(-math.inf, kind(5000), kind(2)), (kind(5001), math.inf, kind(3))]
    wanted = model.combined(made, how)
    for order in (made, sorted(made), sorted(made, reverse=True), sorted(made, key=lambda row: row[1])):
        assert pieces_of(combine_intervals(order, how=how)) == wanted


def test_ranges_that_start_at_one_place_are_one():
    stays = [(9, 9 + hour, 1) for hour in range(1, 50)]
    assert pieces_of(combine_intervals(stays)) == model.combined(stays)


@pytest.mark.parametrize("how", HOWS)
def test_rows_that_steps_have_reversed_contribute_nothing(how):
    rows_of_points = [(x, x, 7) for x in range(100)]
    assert not combine_intervals(rows_of_points, how=how, closed="neither", step=3).breakpoints


@pytest.mark.parametrize("tiny", [5e-324, 1e-300, 0.1])
@pytest.mark.parametrize("huge", [1.7e308, 1e16, 1.0])
def test_floats_of_any_size_are_added_exactly(tiny, huge):
    made = [(0, 4, huge), (1, 3, tiny), (2, 4, -huge)]
    assert pieces_of(combine_intervals(made)) == model.combined(made)
    assert combine_intervals(made)[2] == tiny
