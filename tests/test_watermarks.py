"""Watermarks of accumulators: what is final is handed out and forgotten, so that memory stays bounded."""

from __future__ import annotations

import datetime as dt
import math
import pickle
import random
from decimal import Decimal
from fractions import Fraction
from itertools import compress
from operator import not_

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from model import place
from outcomes import shown
from strategies import BERLIN, COORDINATES, NEW_YORK, VALUES, rows

from intervalues import IntervalAccumulator, IntervalCollection, batches, combine_intervals

domains = pytest.mark.parametrize("domain", COORDINATES)
hows = st.sampled_from(["sum", "count"])
EXACT_KINDS = [kind for kind in VALUES if "floats" not in kind]
DAY = dt.date(2024, 1, 1)
NOON = dt.datetime(2024, 1, 1, 12)


def accumulated(rows, **options):
    """Give an accumulator that holds rows."""
    accumulator = IntervalAccumulator(**options)
    accumulator.extend(rows)
    return accumulator


@pytest.mark.fuzz
@domains
@given(st.data(), hows)
def test_what_watermarks_hand_out_and_the_rest_are_the_whole(domain, data, how):
    made = data.draw(rows(domain, kinds=EXACT_KINDS))
    marks = sorted(data.draw(st.lists(COORDINATES[domain], max_size=3)), key=place)
    whole = combine_intervals(made, how=how)
    accumulator = IntervalAccumulator(how=how)
    before, handed_out = -math.inf, IntervalCollection()
    for mark in [*marks, math.inf]:
        late = [place(row[0]) >= place(mark) and data.draw(st.booleans()) for row in made]
        due = list(compress(made, map(not_, late)))
        made = list(compress(made, late))
        accumulator.extend(due)
        if data.draw(st.booleans()):
            accumulator = pickle.loads(pickle.dumps(accumulator))
        piece = accumulator.collect_before(mark)
        assert piece == whole[before:mark]
        before, handed_out = mark, handed_out + piece
    accumulator.extend(made)  # open at both ends, or nothing
    assert handed_out + accumulator.collect() == whole


def test_memory_stays_bounded_on_a_stream():
    chance = random.Random(1)
    stays = [
        (i + chance.randrange(10), i + 10 + chance.randrange(100), chance.choice([1, 0.1])) for i in range(100_000)
    ]
    accumulator = IntervalAccumulator()
    pieces, most = [], 0
    for i, stay in enumerate(stays):
        accumulator.add(*stay)
        if i % 1000 == 0:
            pieces.append(accumulator.collect_before(i))
        most = max(most, accumulator._state.size + len(accumulator._rows))
    assert most < 1500
    pieces.append(accumulator.collect())
    found = [interval for piece in pieces for interval in piece]
    assert combine_intervals(found) == combine_intervals(stays)


def test_memory_stays_bounded_where_breakpoints_come_back():
    accumulator = IntervalAccumulator()
    for i in range(5000):
        accumulator.add(i % 10, 10 + i % 7)
        accumulator.extend([(i % 3, 20.5, 0.1)])
        assert accumulator._state.size + len(accumulator._rows) <= 2 * batches.FOLDED_AT
    assert len(pickle.dumps(accumulator)) < 2000


def test_a_row_that_begins_before_the_watermark_is_refused_and_so_are_those_with_it():
    accumulator = accumulated([(1, 9)])
    accumulator.collect_before(5)
    message = "row 1: start 4 begins before the watermark 5"
    with pytest.raises(ValueError, match=message):
        accumulator.extend([(6, 7), (4, 8)])
    for row in [(4, 8), (-math.inf, 8), (4, 4)]:
        for change in (accumulator.add, accumulator.subtract):
            with pytest.raises(ValueError, match=r"row 0: start .* begins before the watermark 5"):
                change(*row)
    accumulator.add(5, 6)
    accumulator.add(math.inf, math.inf)
    assert accumulator.collect() == combine_intervals([(5, 9), (5, 6)])


@pytest.mark.parametrize(
    ("early", "late", "mark"),
    [
        (DAY, DAY + dt.timedelta(2), DAY + dt.timedelta(1)),
        (NOON, NOON + dt.timedelta(2), NOON + dt.timedelta(1)),
        (NOON.replace(tzinfo=dt.UTC), NOON.replace(year=2025, tzinfo=BERLIN), NOON.replace(month=2, tzinfo=NEW_YORK)),
        (NOON, NOON + dt.timedelta(2), pd.Timestamp(NOON) + pd.Timedelta(1, "ns")),
        (pd.Timestamp(1), pd.Timestamp(3), np.datetime64(2, "ns")),
        ("a", "c", "b"),
        (Decimal("1.5"), Decimal("2.5"), Decimal("1.75")),
        (1, 2, 1.5),
        (1, 3, Fraction(3, 2)),
        (1.5, 3.5, 2),
    ],
)
def test_a_watermark_is_a_coordinate_of_any_domain(early, late, mark):
    accumulator = accumulated([(early, late)])
    whole = accumulator.collect()
    assert accumulator.collect_before(mark) == whole[:mark]
    accumulator = pickle.loads(pickle.dumps(accumulator))
    assert accumulator.collect() == whole[mark:]
    with pytest.raises(ValueError, match="begins before the watermark"):
        accumulator.add(early, late)
    accumulator.add(late, math.inf)
    accumulator.add(mark, late)
    assert accumulator.collect() == combine_intervals([(mark, late), (mark, math.inf)])


def test_a_watermark_before_an_earlier_one_hands_out_nothing():
    accumulator = accumulated([(1, 9)])
    accumulator.collect_before(5)
    for mark in (5, 3, -math.inf):
        assert accumulator.collect_before(mark) == IntervalCollection()
    with pytest.raises(ValueError, match="begins before the watermark 5"):
        accumulator.add(4, 8)
    assert accumulator.collect() == combine_intervals([(5, 9)])


def test_a_watermark_at_infinity_hands_out_everything():
    accumulator = accumulated([(-math.inf, 3), (1, math.inf)])
    assert accumulator.collect_before(-math.inf) == IntervalCollection()
    assert accumulator.collect_before(math.inf) == combine_intervals([(-math.inf, 3), (1, math.inf)])
    assert accumulator.collect() == IntervalCollection()
    with pytest.raises(ValueError, match="row 0: start 5 begins before the watermark inf"):
        accumulator.add(5, 6)


def test_the_result_keeps_kind_side_and_zone():
    row = NOON.replace(tzinfo=BERLIN), NOON.replace(tzinfo=BERLIN, month=3), Decimal("1.50")
    accumulator = accumulated([row], closed="right")
    piece = accumulator.collect_before(NOON.replace(month=2, tzinfo=dt.UTC))
    assert repr(piece.levels) == "Column([Decimal('0.00'), Decimal('1.50'), Decimal('0.00')])"
    assert (piece.closed, {x.tzinfo for x in piece.breakpoints}) == ("right", {BERLIN})
    assert {x.tzinfo for x in accumulator.collect().breakpoints} == {BERLIN}


def test_the_zone_of_a_watermark_is_not_that_of_the_rows():
    accumulator = IntervalAccumulator()
    accumulator.collect_before(NOON.replace(tzinfo=dt.UTC))
    accumulator.add(NOON.replace(tzinfo=BERLIN, month=3), math.inf)
    assert accumulator.collect().breakpoints[0].tzinfo is BERLIN


def test_digits_apply_to_the_watermark():
    accumulator = accumulated([(0.5, 2.0)], digits=1)
    assert shown(accumulator.collect_before(1.04)) == shown(combine_intervals([(0.5, 1.0)]))
    accumulator.add(1.041, 2)
    assert accumulator.collect() == combine_intervals([(1.0, 2.0, 2)])


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (None, ValueError, "the watermark is missing"),
        (math.nan, ValueError, "the watermark is NaN"),
        (DAY, TypeError, "does not mix with ints"),
        ("a", TypeError, "the watermark 'a' does not mix with ints"),
        (True, TypeError, "which is no coordinate"),
    ],
)
def test_a_bad_watermark_is_refused_and_nothing_forgotten(x, error, message):
    accumulator = accumulated([(1, 9)])
    with pytest.raises(error, match=message):
        accumulator.collect_before(x)
    assert accumulator.collect() == combine_intervals([(1, 9)])


def test_a_level_beyond_the_largest_float_is_not_forgotten():
    accumulator = accumulated([(0, 2, 1e308), (1, 3, 1e308)])
    with pytest.raises(OverflowError, match="beyond the largest float"):
        accumulator.collect_before(5)
    assert accumulator.collect_before(1) == combine_intervals([(0, 1, 1e308)])


def test_rows_mix_with_the_watermark_that_came_before_them():
    accumulator = IntervalAccumulator()
    assert accumulator.collect_before(5) == IntervalCollection()
    with pytest.raises(TypeError, match="row 0: start 'a' does not mix with ints"):
        accumulator.add("a", "b")
    assert accumulator.collect() == IntervalCollection()
