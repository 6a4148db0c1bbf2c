"""Partial results: accumulators merge, and pickle small, the same on both backends."""

from __future__ import annotations

import copy
import datetime as dt
import math
import pickle
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import outcome, shown
from strategies import BERLIN, COORDINATES, rows

from intervalues import IntervalAccumulator, IntervalCollection, combine_intervals, dispatch

DAY = dt.date(2024, 1, 1)
NOON = dt.datetime(2024, 1, 1, 12)
ROWS = [(1, 4, 2), (3, 6, 3)]


def accumulated(rows, **options):
    """Give an accumulator that holds rows."""
    accumulator = IntervalAccumulator(**options)
    accumulator.extend(rows)
    return accumulator


def test_merging_adds_what_the_other_holds_and_leaves_it_as_it_is():
    one, other = IntervalAccumulator(), IntervalAccumulator()
    one.add(1, 4, 2)
    other.add(3, 6, 3)
    one.merge(other)
    assert one.collect() == combine_intervals(ROWS)
    assert other.collect() == combine_intervals(ROWS[1:])


def test_merging_with_itself_doubles():
    accumulator = IntervalAccumulator()
    accumulator.extend(ROWS)
    accumulator.merge(accumulator)
    assert accumulator.collect() == combine_intervals(ROWS) * 2


def test_what_is_merged_may_be_empty():
    one, other = IntervalAccumulator(), IntervalAccumulator()
    one.merge(other)
    assert one.collect() == IntervalCollection()
    other.add(DAY, DAY)
    one.merge(other)
    with pytest.raises(TypeError, match="row 0: start 1 does not mix with dates"):
        one.add(1, 2)


@pytest.mark.parametrize(
    "options",
    [{"how": "count"}, {"closed": "right"}, {"closed": "both", "step": 1}, {"digits": 2}, {"missing": "drop"}],
)
def test_accumulators_with_different_options_do_not_merge(options):
    one, other = IntervalAccumulator(), IntervalAccumulator(**options)
    for a, b in ((one, other), (other, one)):
        with pytest.raises(ValueError, match=f"do not merge: {next(iter(options))} is .* here, .* there"):
            a.merge(b)


@pytest.mark.parametrize("other", [None, ROWS, combine_intervals(ROWS)])
def test_only_accumulators_merge(other):
    with pytest.raises(TypeError, match="merge takes an IntervalAccumulator, not "):
        IntervalAccumulator().merge(other)


@pytest.mark.parametrize(
    ("row", "other", "message"),
    [
        ((1, 2), (DAY, DAY), "ints do not mix with dates as coordinates"),
        ((1, 2), (1, 2, Decimal(1)), None),
        ((1, 2, 0.5), (1, 2, Decimal(1)), "values of type float do not mix with values of type Decimal"),
    ],
)
def test_accumulators_that_do_not_mix_do_not_merge(row, other, message):
    one, two = IntervalAccumulator(), IntervalAccumulator()
    one.add(*row)
    two.add(*other)
    if message is None:
        one.merge(two)
        assert one.collect() == combine_intervals([row, other])
    else:
        with pytest.raises(TypeError, match=message):
            one.merge(two)
        assert one.collect() == combine_intervals([row])


def test_of_two_watermarks_the_later_one_holds():
    for marks in [(5, 3), (3, 5), (5, None), (None, 5), (5, 5)]:
        one, other = (accumulated([(1, 3), (6, 8)][half:]) for half in (0, 1))
        for accumulator, mark in zip((one, other), marks, strict=True):
            accumulator.collect_before(-math.inf if mark is None else mark)
        if marks[0] is None:
            one.collect_before(4)
        one.merge(other)
        assert one.collect() == combine_intervals([(6, 8), (6, 8)])
        with pytest.raises(ValueError, match="begins before the watermark 5"):
            one.add(4, 8)


@pytest.mark.parametrize("row", [(1, 8), (-math.inf, 8)])
def test_what_begins_before_the_watermark_of_another_does_not_merge(row):
    one, other = accumulated([row]), accumulated([(6, 7)])
    other.collect_before(5)
    for a, b in ((one, other), (other, one)):
        with pytest.raises(ValueError, match=r"begins before the watermark 5: collect_before\(5\) hands that out"):
            a.merge(b)
    one.collect_before(5)
    one.merge(other)
    assert one.collect() == combine_intervals([(5, 8), (6, 7)])


# Pickles


@pytest.mark.fuzz
@pytest.mark.parametrize("domain", COORDINATES)
@given(st.data())
def test_merging_is_associative_and_commutative(domain, data):
    parts = [data.draw(rows(domain, max_size=3)) for _ in range(3)]

    def merged(order, grouped):
        one, two, three = (accumulated(parts[index]) for index in order)
        if grouped:
            two.merge(three)
            one.merge(two)
        else:
            one.merge(two)
            one.merge(three)
        return one.collect()

    try:
        expected = shown(merged((0, 1, 2), False))
    except (TypeError, OverflowError) as error:  # kinds that do not mix, or beyond the largest float
        expected = type(error)
    for order, grouped in [((0, 1, 2), True), ((2, 0, 1), True), ((1, 2, 0), False)]:
        found = outcome(lambda order=order, grouped=grouped: merged(order, grouped))
        assert expected in (found, found[0])


@pytest.mark.fuzz
@pytest.mark.parametrize("domain", COORDINATES)
@given(st.data())
def test_a_pickle_is_the_same_on_both_backends(domain, data):
    made = data.draw(rows(domain))
    here = pickle.dumps(accumulated(made))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dispatch, "_extension", None)
        assert pickle.dumps(accumulated(made)) == here


def test_a_pickle_takes_24_bytes_a_segment_however_many_rows_there_were():
    accumulator = accumulated([(i, i + 2, 0.5) for i in range(0, 3000, 3)] * 10)
    assert len(pickle.dumps(accumulator)) < 24 * 1000 + 500


def forged(**parts):
    """Give the state in the pickle of an accumulator, with parts of it replaced."""
    names = "version", "options", "domain", "kind", "columns", "watermark"
    return tuple({**dict(zip(names, accumulated(ROWS).__reduce__()[1], strict=True)), **parts}.values())


def one(starts, stops, values, grid=1):
    """Give the columns of one batch."""
    return {"columns": [(tuple(starts), tuple(stops), tuple(values), grid)]}


FORGED = [
    (),
    (1, 2, 3),
    *(forged(version=2), forged(version=None)),
    *(forged(options=("max", "left", None, None, "raise")), forged(options=None), forged(options=("sum",))),
    *(forged(domain=("Nothing",)), forged(domain=("Datetimes", 7, None)), forged(domain=("Decimals", "a"))),
    *(forged(domain=None), forged(kind=("complex",)), forged(kind=None), forged(kind=("Decimal", 10**30))),
    *(
        forged(columns=None),
        forged(columns=[1]),
        forged(watermark=2),
        forged(watermark="a"),
        forged(watermark=None, x=1),
    ),
    *(forged(watermark=math.nan), forged(watermark=DAY), forged(columns=[], watermark=object())),
    *(forged(**one([1], [2], [1, 2])), forged(**one([1], [2, 3], [1])), forged(**one([2], [1], [1]))),
    *(forged(**one([True], [2], [1])), forged(**one([1], [2], [True])), forged(**one([1], [2], [0.5]))),
    *(forged(**one([1], [2], [Fraction(1, 2)])), forged(**one([1.5], [2.5], [1])), forged(**one(["a"], ["b"], [1]))),
    *(forged(**one([1], [2], [1], 2)), forged(**one([1], [2], [1], 0)), forged(**one([1], [2], [1], 1.0))),
    forged(**one([math.inf], [1], [1])),
    forged(kind=("float",), **one([1], [2], [0.5])),
    forged(domain=("Numbers", float), **one([math.nan], [2.0], [1])),
    forged(domain=("Decimals", 0), **one([Decimal("0.5")], [Decimal(2)], [1])),
    forged(domain=("Decimals", 0), **one([Decimal("NaN")], [Decimal(2)], [1])),
    forged(domain=("Numbers", Decimal), **one([Decimal("sNaN")], [Decimal(2)], [1])),
    forged(domain=("Dates",), **one([1], [10**10], [1])),
    forged(domain=("Ordered", str), **one([1], [2], [1])),
]


@pytest.mark.parametrize("state", FORGED)
def test_a_forged_pickle_makes_no_accumulator(state):
    with pytest.raises(pickle.UnpicklingError, match="this is no pickled accumulator of intervals: "):
        IntervalAccumulator._unpickled(*state)


def test_a_truncated_pickle_makes_no_accumulator():
    whole = pickle.dumps(accumulated(ROWS))
    for size in range(len(whole)):
        with pytest.raises((pickle.UnpicklingError, EOFError, AttributeError, ValueError)):
            pickle.loads(whole[:size])


def test_the_pickle_of_today_is_read_for_ever():
    state = (
        *(1, ("count", "right", None, None, "raise"), ("Datetimes", 10**6, BERLIN), ("int",)),
        [(("q", bytes(8)), (math.inf,), ("q", b"\x02" + bytes(7)), 1)],
        dt.datetime(1970, 1, 1, tzinfo=dt.UTC),
    )
    accumulator = IntervalAccumulator._unpickled(*state)
    start = dt.datetime(1970, 1, 1, 1, tzinfo=BERLIN)
    assert shown(accumulator.collect()) == shown(combine_intervals([(start, math.inf, 2)], closed="right"))
    assert accumulator.__reduce__()[1] == state


# The object


def test_it_tells_what_it_is():
    accumulator = IntervalAccumulator()
    assert repr(accumulator) == "<IntervalAccumulator() of 0 rows and segments>"
    accumulator = IntervalAccumulator(how="count", closed="both", step=1)
    accumulator.extend(ROWS)
    accumulator.collect_before(3)
    accumulator.add(5, 6)
    text = "<IntervalAccumulator(how='count', closed='both', step=1) of 3 rows and segments from 3 on>"
    assert repr(accumulator) == text


def test_it_has_no_hash_no_order_and_is_only_itself():
    accumulator = IntervalAccumulator()
    with pytest.raises(TypeError, match="unhashable"):
        hash(accumulator)
    with pytest.raises(TypeError, match="not supported"):
        accumulator < IntervalAccumulator()  # noqa: B015
    assert accumulator == accumulator != IntervalAccumulator()
    with pytest.raises(TypeError, match="unsupported operand"):
        np.float64(3) * accumulator


def test_a_copy_is_one_of_its_own():
    accumulator = IntervalAccumulator()
    accumulator.extend(ROWS)
    other = copy.copy(accumulator)
    other.add(0, 1)
    assert accumulator.collect() == combine_intervals(ROWS) != other.collect()


def test_a_subclass_stays_one():
    assert type(pickle.loads(pickle.dumps(Counter(how="count")))) is Counter


class Counter(IntervalAccumulator):
    pass
