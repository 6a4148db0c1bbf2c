"""IntervalAccumulator: what it collects is one `combine_intervals` of everything, bit for bit."""

from __future__ import annotations

import datetime as dt
import math
import pickle
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import outcome, shown
from strategies import BERLIN, COORDINATES, NEW_YORK, VALUES, rows

from intervalues import IntervalAccumulator, IntervalCollection, batches, combine_intervals

domains = pytest.mark.parametrize("domain", COORDINATES)
hows = st.sampled_from(["sum", "count"])
EXACT_KINDS = [kind for kind in VALUES if "floats" not in kind]
DAY = dt.date(2024, 1, 1)
NOON = dt.datetime(2024, 1, 1, 12)


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
        call = data.draw(
            st.sampled_from(["add", "rows", "columns", "subtract", "collection", "new", "pickle", "merge"])
        )
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


@pytest.mark.fuzz
@domains
@given(st.data(), hows)
def test_what_is_collected_is_one_combination_of_everything(domain, data, how):
    made = data.draw(rows(domain))
    accumulator = collected(data, made, how)
    expected = outcome(lambda: combine_intervals(made, how=how))
    assert outcome(accumulator.collect) == expected
    assert outcome(accumulator.collect) == expected  # nothing is forgotten


@pytest.mark.fuzz
@domains
@given(st.data(), hows)
def test_folding_and_forgetting_keep_the_function(domain, data, how):
    made = data.draw(rows(domain, kinds=EXACT_KINDS, max_size=12))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches, "FOLDED_AT", data.draw(st.integers(0, 3)))
        result = collected(data, made, how).collect()
    expected = combine_intervals(made, how=how)
    assert result == expected
    assert shown(result)[1][1] == shown(expected)[1][1]  # levels of the same kind, on the same grid


@pytest.mark.fuzz
@domains
@given(st.data(), hows)
def test_what_is_subtracted_leaves_nothing_but_its_kind(domain, data, how):
    made = data.draw(rows(domain))
    accumulator = collected(data, made, how)
    for row in data.draw(st.permutations(made)):
        accumulator.subtract(*row)
    empty = combine_intervals([(start, start, value) for start, _, value in made], how=how)
    assert shown(pickle.loads(pickle.dumps(accumulator)).collect()) == shown(empty)


ROWS = [(1, 4, 2), (3, 6, 3)]


def test_a_collection_handed_out_never_changes():
    accumulator = IntervalAccumulator()
    accumulator.extend(ROWS)
    before = accumulator.collect()
    accumulator.add(1, 2)
    assert before == combine_intervals(ROWS)


@pytest.mark.parametrize(
    "make", [list, tuple, iter, combine_intervals, np.array, lambda made: memoryview(np.array(made))]
)
def test_it_takes_what_combine_intervals_takes(make):
    accumulator = IntervalAccumulator()
    accumulator.extend(make(ROWS))
    assert accumulator.collect() == combine_intervals(ROWS)


def test_it_takes_columns():
    accumulator = IntervalAccumulator()
    accumulator.extend(start=np.array([1, 3]), stop=pd.Series([4, 6]), value=Fraction(1, 3))
    accumulator.extend(start=[1], stop=[4])
    assert accumulator.collect() == combine_intervals([(1, 4, Fraction(4, 3)), (3, 6, Fraction(1, 3))])


def test_nothing_adds_nothing():
    accumulator = IntervalAccumulator()
    for nothing in ([], IntervalCollection(), np.array([])):
        accumulator.extend(nothing)
    accumulator.extend()
    accumulator.extend(start=[], stop=[])
    assert outcome(accumulator.collect) == outcome(combine_intervals)


OPTIONS = {
    "right": ({"closed": "right"}, [(1, 3), (2, 4)], [(5, 6, 2.5)]),
    "both": ({"closed": "both", "step": 1}, [(1, 3), (2, 4)], [(5, 5, 2.5)]),
    "neither": ({"closed": "neither", "step": 1}, [(1, 3), (2, 4)], [(5, 6), (-math.inf, 4)]),
    "days": ({"closed": "both", "step": dt.timedelta(1)}, [(DAY, DAY)], [(DAY, math.inf, 3)]),
    "digits": ({"digits": 2}, [(0.1 + 0.2, 1, 0.1), (0, 1)], [(0.3, 1.004, 0.2), (1, 2, 0.004)]),
    "drop": ({"missing": "drop"}, [(1, 2), (None, 3)], [(0, 2, math.nan), (2, 3)]),
    "open": ({"missing": "open"}, [(1, 2), (None, 3)], [(2, pd.NaT)]),
    "count": ({"how": "count"}, [(1, 2, math.nan), (2, 3, "a")], [(2, 5, None)]),
}


@pytest.mark.parametrize(("options", "first", "later"), OPTIONS.values(), ids=OPTIONS)
def test_options_are_those_of_combine_intervals(options, first, later):
    accumulator = IntervalAccumulator(**options)
    accumulator.extend(first)
    for row in later:
        accumulator.add(*row)
        accumulator.add(*row)
        accumulator.subtract(*row)
    again = pickle.loads(pickle.dumps(accumulator))
    assert shown(again.collect()) == shown(combine_intervals(first + later, **options))


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"how": "max"}, ValueError, "how is 'max'; it must be one of sum, count"),
        ({"how": None}, ValueError, "how is None; it must be one of sum, count"),
        ({"closed": "both"}, ValueError, "step goes with closed='both' and closed='neither'"),
        ({"digits": 1.5}, TypeError, "digits is 1.5; it must be an int from 0 to 15"),
        ({"missing": "skip"}, ValueError, "missing is 'skip'; it must be one of raise, drop, open"),
    ],
)
def test_bad_options_are_refused(options, error, message):
    with pytest.raises(error, match=message):
        IntervalAccumulator(**options)


def quick(kind):
    """Give rows of one kind, many of which need no more than a comparison."""
    zones = {"naive": None, "UTC": dt.UTC, "New York": NEW_YORK}
    ends = {"ints": int, "floats": float, "mixed": lambda i: i if i % 3 else float(i), "Decimals": Decimal}
    ends["dates"] = lambda i: DAY + dt.timedelta(i)
    ends["timedeltas"] = dt.timedelta
    ends["strings"] = "{:04}".format
    ends["two zones"] = lambda i: (NOON + dt.timedelta(i)).replace(tzinfo=(dt.UTC, BERLIN)[i % 7 == 6])
    ends["timestamps"] = lambda i: pd.Timestamp(10**9 * i + 1, unit="ns")
    for zone, tzinfo in zones.items():
        ends[zone] = lambda i, tzinfo=tzinfo: (NOON + dt.timedelta(i)).replace(tzinfo=tzinfo)
    return [(ends[kind](i), ends[kind](i + 1 + i % 5), (i % 4, 0.1)[i % 11 == 10]) for i in range(50)]


def test_ints_that_come_to_floats_stay_ints_however_they_come():
    for columns in ({"start": [1, 3], "stop": [5, 9]}, {"start": np.array([1, 3]), "stop": np.array([5, 9])}):
        stays = IntervalAccumulator()
        stays.collect_before(0.5)
        stays.extend(**columns)
        found = stays.collect()
        assert shown(found)[1][0] == [(int, "1"), (int, "3"), (int, "5"), (int, "9")]
        assert (found + IntervalCollection([(0.5, 1.5)])).breakpoints == (0.5, 1, 1.5, 3, 5, 9)
        other = IntervalAccumulator()
        other.add(0.25, 0.75, 2)
        other.subtract(0.25, 0.75, 2)
        other.merge(stays)
        assert shown(other.collect()) == shown(combine_intervals([(1, 5), (3, 9), (0.25, 0.75, 0)]))


QUICK = ["ints", "floats", "mixed", "Decimals", "dates", "timedeltas", "strings", "two zones", "timestamps"]


@pytest.mark.parametrize("kind", [*QUICK, "naive", "UTC", "New York"])
def test_rows_that_come_one_by_one_may_be_wrong_at_any_time(kind, monkeypatch):
    monkeypatch.setattr(batches, "FOLDED_AT", 7)
    made = quick(kind)
    accumulator = IntervalAccumulator()
    accumulator.add(*made[0])
    for start, stop, value in made[1:]:
        wrong = [(stop, start, value), (start, stop, math.nan), (start, stop, math.inf), (start, stop, "a")]
        wrong += [(None, stop), (start, {}), (start, True), (start, b"a"), (stop, math.nan), (start, 1j, value)]
        for row in wrong:
            expected = outcome(lambda row=row: combine_intervals([row]))
            for change in (accumulator.add, accumulator.subtract):
                assert outcome(lambda row=row, change=change: change(*row)) == expected
        accumulator.add(start, stop, value)
        accumulator.subtract(start, stop, 3)
        accumulator.subtract(start, stop, -3)
    assert shown(accumulator.collect()) == shown(combine_intervals(made))


@pytest.mark.parametrize("step", [1, dt.timedelta(1)])
def test_rows_that_come_one_by_one_are_moved_by_a_step(step):
    made = [(x, x) for x in ([1, 5, 3] if step == 1 else [DAY, DAY, DAY + 4 * step])]
    accumulator = IntervalAccumulator(closed="both", step=step)
    for row in made:
        accumulator.add(*row)
    assert accumulator.collect() == combine_intervals(made, closed="both", step=step)


NOT_MIXED = [
    ([(1, 2)], [(1, 2), (DAY, 4)], TypeError, None),
    ([(1, 2)], [(1, 2), ("a", "b")], TypeError, "row 1: start 'a' does not mix with ints before it"),
    (
        [(1, 2.5)],
        [(1, 2), (3, 4), (4, Fraction(9, 2))],
        TypeError,
        "row 2: stop Fraction(9, 2) does not mix with floats",
    ),
    (
        [(DAY, DAY)],
        [(NOON, NOON)],
        TypeError,
        "row 0: start datetime.datetime(2024, 1, 1, 12, 0) does not mix with dates",
    ),
    (
        [(1, 2, 0.5)],
        [(1, 2), (1, 2, Decimal(1))],
        TypeError,
        "row 1: value is Decimal('1'), of type Decimal; values before",
    ),
    ([(1, 2, Decimal(1))], [(1, 2), (1, 2, 0.5)], TypeError, "of type float; values before it are of type Decimal"),
    (
        [(1, 2, Decimal(1))],
        [(1, 2, Fraction(1, 2))],
        TypeError,
        "row 0: value is Fraction(1, 2), of type Fraction; values",
    ),
    (
        [(1, 2, Decimal("1E-90000"))],
        [(1, 2), (1, 2, Decimal("1E+10000"))],
        OverflowError,
        "row 1: value Decimal('1E+10000')",
    ),
    ([(1, 2, Decimal("1E-100000"))], [(1, 2)], OverflowError, "row 0: value 1 needs over 100,000 digits"),
    (
        [(1, 2, Decimal("1E+100100"))],
        [(1, 2)],
        OverflowError,
        "the values before need over 100,000 digits beside these",
    ),
    ([(NOON, NOON)], [("a", "b", "c")], TypeError, None),
    ([(NOON.replace(year=3000), math.inf)], [(pd.Timestamp(1), math.inf)], OverflowError, "beyond what 64 bits"),
    (
        [(pd.Timestamp(1), math.inf)],
        [(NOON, math.inf), (NOON.replace(year=3000), math.inf)],
        OverflowError,
        "row 1: start",
    ),
]


@pytest.mark.parametrize(("first", "later", "error", "message"), NOT_MIXED)
def test_what_does_not_mix_is_refused_and_changes_nothing(first, later, error, message):
    accumulator = IntervalAccumulator()
    accumulator.extend(first)
    before = pickle.dumps(accumulator)
    with pytest.raises(error) as caught:
        accumulator.extend(later)
    assert message is None or message in str(caught.value)
    assert pickle.dumps(accumulator) == before


def test_a_collection_of_the_other_side_is_refused():
    accumulator = IntervalAccumulator(closed="right")
    with pytest.raises(ValueError, match="the collection is closed on the left; pass closed='left'"):
        accumulator.extend(combine_intervals(ROWS))


def test_a_float_level_may_be_beyond_the_largest_float_until_it_is_collected():
    accumulator = IntervalAccumulator()
    accumulator.extend([(0, 2, 1e308), (1, 3, 1e308)])
    with pytest.raises(OverflowError, match=r"the level on \[1, 2\) is beyond the largest float"):
        accumulator.collect()
    accumulator.subtract(0, 2, 1e308)
    assert accumulator.collect() == combine_intervals([(1, 3, 1e308)])


def test_sums_of_floats_stay_exact_whatever_was_folded(monkeypatch):
    monkeypatch.setattr(batches, "FOLDED_AT", 1)
    accumulator = IntervalAccumulator()
    for value in [1e16, 1.0, 5e-324, Fraction(1, 3), 2**70, -1e16, -5e-324, -(2**70)]:
        accumulator.add(0, 1, value)
    assert accumulator.collect()[0] == 4 / 3


def test_the_kind_and_the_zone_are_those_of_all_rows_empty_ones_included():
    accumulator = IntervalAccumulator()
    accumulator.add(NOON.replace(tzinfo=BERLIN), math.inf)
    accumulator.add(NOON.replace(tzinfo=NEW_YORK), NOON.replace(tzinfo=NEW_YORK), 0.5)
    result = pickle.loads(pickle.dumps(accumulator)).collect()
    assert (result.breakpoints[0].tzinfo, type(result.levels[0])) == (dt.UTC, float)


def test_where_ints_and_floats_meet_the_int_is_shown_even_if_it_has_cancelled():
    accumulator = IntervalAccumulator()
    accumulator.add(1, 2)
    accumulator.subtract(1, 2)
    again = pickle.loads(pickle.dumps(accumulator))
    again.extend([(1.0, 2.0), (3.0, 4.5)])
    assert repr(again.collect()) == "IntervalCollection([(1, 2, 1), (3.0, 4.5, 1)])"


def test_what_has_cancelled_is_forgotten_when_it_is_too_much():
    accumulator = IntervalAccumulator()
    accumulator.extend([(i, i + 1) for i in range(10_000)])
    accumulator.extend([(0, 10_000, -1)])
    assert len(pickle.dumps(accumulator)) < 300
    assert accumulator.collect() == IntervalCollection()


class Grade:
    """A coordinate that cannot be hashed, and whose comparisons fail from a certain one on."""

    __hash__ = None
    left = math.inf

    def __init__(self, mark):
        self.mark = mark

    def __eq__(self, other):
        return isinstance(other, Grade) and self.mark == other.mark

    def __lt__(self, other):
        Grade.left -= 1
        if Grade.left < 0:
            raise LookupError
        return self.mark < other.mark

    def __gt__(self, other):
        return other < self


@pytest.mark.parametrize("left", range(0, 30, 3))
def test_coordinates_that_fail_leave_it_as_it_was(left, monkeypatch):
    monkeypatch.setattr(batches, "FOLDED_AT", 2)
    accumulator = IntervalAccumulator()
    accumulator.extend([(Grade(1), Grade(4)), (Grade(2), Grade(3))])
    calls = [
        lambda: accumulator.add(Grade(5), Grade(9)),
        lambda: accumulator.extend([(Grade(5), Grade(7)), (Grade(2), Grade(9))]),
        lambda: accumulator.merge(accumulator),
        lambda: accumulator.collect_before(Grade(2)),
    ]
    for call in calls:
        before = accumulator.collect()
        monkeypatch.setattr(Grade, "left", left)
        try:
            call()
        except LookupError:
            monkeypatch.setattr(Grade, "left", math.inf)
            assert accumulator.collect() == before
        monkeypatch.setattr(Grade, "left", math.inf)
    assert accumulator.collect().levels[-1] == 0


def test_an_accumulator_is_no_array():
    with pytest.raises(TypeError, match="IntervalAccumulator is no array"):
        np.asarray(IntervalAccumulator())
