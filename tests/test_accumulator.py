"""IntervalAccumulator: what it collects is one `combine_intervals` of everything, bit for bit."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import outcome, shown
from strategies import COORDINATES, VALUES, rows

from intervalues import IntervalAccumulator, IntervalCollection, batches, combine_intervals

pytestmark = pytest.mark.fuzz

domains = pytest.mark.parametrize("domain", COORDINATES)
hows = st.sampled_from(["sum", "count"])


def negated(row):
    """Give the row that takes one away."""
    start, stop, value = row
    return start, stop, -value


def columns(made):
    """Give rows as columns."""
    starts, stops, values = zip(*made, strict=True)
    return {"start": list(starts), "stop": list(stops), "value": list(values)}


def collected(data, made, how="sum"):
    """Collect rows, in any order, in calls of every kind, on accumulators that are pickled and merged on the way."""
    parts = [IntervalAccumulator(how=how)]
    left = data.draw(st.permutations(made))
    while left:
        part = parts[data.draw(st.integers(0, len(parts) - 1))]
        call = data.draw(st.sampled_from(["add", "rows", "columns", "subtract", "collection", "new", "pickle", "merge"]))
        count = data.draw(st.integers(1, 3)) if call in ("rows", "columns") else 1
        some = left[:count]
        if call == "new":
            parts.append(IntervalAccumulator(how=how))
        elif call == "pickle":
            parts.append(pickle.loads(pickle.dumps(parts.pop())))
        elif call == "merge" and len(parts) > 1:
            parts[0].merge(parts.pop())
        elif call == "rows":
            part.extend(some)
        elif call == "columns":
            part.extend(**columns(some))
        elif call == "subtract" and how == "sum":
            part.subtract(*negated(some[0]))
        elif call == "add":
            part.add(*some[0])
        if call in ("rows", "columns", "add") or (call == "subtract" and how == "sum"):
            left = left[count:]
    while len(parts) > 1:
        parts[0].merge(parts.pop())
    return pickle.loads(pickle.dumps(parts[0])) if data.draw(st.booleans()) else parts[0]


@domains
@given(st.data(), hows)
def test_what_is_collected_is_one_combination_of_everything(domain, data, how):
    made = data.draw(rows(domain))
    accumulator = collected(data, made, how)
    expected = outcome(lambda: combine_intervals(made, how=how))
    assert outcome(accumulator.collect) == expected
    assert outcome(accumulator.collect) == expected  # nothing is forgotten
