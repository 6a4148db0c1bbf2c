"""What a collection is: equality and hash, its repr, its pickle, and that it never changes."""

from __future__ import annotations

import copy
import datetime as dt
import math
import pickle
import sys
from array import array
from decimal import Decimal
from fractions import Fraction
from pickle import UnpicklingError

import numpy as np
import pandas as pd
import pytest
from every import BERLIN, DAY, INF, PLANES, every
from outcomes import shown, spelled

from intervalues import Column, IntervalCollection, IntervalSet, Segments, combine_intervals

NAMES = {
    "IntervalCollection": IntervalCollection,
    "IntervalSet": IntervalSet,
    "Column": Column,
    "Segments": Segments,
    "Decimal": Decimal,
    "Fraction": Fraction,
    "Timestamp": pd.Timestamp,
    "datetime": dt,
    "zoneinfo": sys.modules["zoneinfo"],
}


@every
def test_a_collection_equals_what_is_the_same_function(c):
    again = combine_intervals(list(c)[::-1], closed=c.closed)
    assert c == again
    assert hash(c) == hash(again)
    assert c != c + 1
    assert c != list(c)
    assert c != c.support


def test_identity_follows_the_numbers_of_python():
    spelling = [
        combine_intervals([(kind(1), kind(2), worth(3))])
        for kind in (int, float, Fraction, Decimal)
        for worth in (int, float, Fraction, Decimal, Decimal("1.0").__mul__)
    ]
    assert len(set(spelling)) == 1
    assert all(a == b for a in spelling for b in spelling)
    assert combine_intervals([(1, 2, 0.1)]) != combine_intervals([(1, 2, Fraction(1, 10))])
    assert combine_intervals([(0.5, 2)]) == combine_intervals([(Decimal("0.5"), 2)])
    assert combine_intervals([(0.1, 2)]) != combine_intervals([(Decimal("0.1"), 2)])


def test_unit_and_zone_are_no_part_of_identity():
    days = dt.datetime(2024, 1, 1, tzinfo=dt.UTC), dt.datetime(2024, 1, 2, tzinfo=dt.UTC)
    utc = combine_intervals([days])
    berlin = combine_intervals([[x.astimezone(BERLIN) for x in days]])
    fine = combine_intervals([[pd.Timestamp(x).as_unit("ns") for x in days]])
    assert utc == berlin == fine == utc
    assert len({utc, berlin, fine}) == 1
    naive = combine_intervals([[x.replace(tzinfo=None) for x in days]])
    assert utc != naive
    assert combine_intervals([(dt.timedelta(0), DAY)]) == combine_intervals([(pd.Timedelta(0, "ns"), DAY)])


def test_domains_and_sides_are_part_of_identity_where_there_are_breakpoints():
    day = dt.date(1970, 1, 2)
    assert combine_intervals([(day, day + DAY)]) != combine_intervals([(1, 2)])
    assert combine_intervals([(1, 2)], closed="right") != combine_intervals([(1, 2)])
    assert IntervalCollection(closed="right") == IntervalCollection() == combine_intervals([(day, day)])
    assert hash(IntervalCollection(closed="right")) == hash(IntervalCollection())
    assert combine_intervals([(-INF, INF, 2.0)], closed="right") == IntervalCollection() + 2
    assert combine_intervals([("a", "b")]) != combine_intervals([(b"a", b"b")])


@every
def test_a_repr_evaluates_back(c):
    again = eval(repr(c), NAMES)
    assert again == c
    assert again.closed == c.closed
    assert list(map(spelled, again.breakpoints)) == list(map(spelled, c.breakpoints))


def test_a_repr_shows_ten_segments_and_abbreviates_more():
    c = IntervalCollection.from_levels(range(11), [*range(1, 11), 0])
    assert eval(repr(c), NAMES) == c
    d = c + combine_intervals([(11, 12, 7)])
    assert repr(d) == "<IntervalCollection of 11 intervals: (0, 1, 1), (1, 2, 2), (2, 3, 3), ...>"
    assert repr(IntervalCollection(closed="right")) == "IntervalCollection([], closed='right')"


@every
def test_pickles_and_copies_are_the_same_bit_for_bit(c):
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert shown(pickle.loads(pickle.dumps(c, protocol))) == shown(c)
    assert shown(copy.copy(c)) == shown(copy.deepcopy(c)) == shown(c)


def test_columns_may_travel_beside_the_pickle_and_are_then_our_own():
    c = IntervalCollection.from_levels(range(1000), [1, 2] * 500)
    beside = []
    data = pickle.dumps(c, 5, buffer_callback=beside.append)
    assert len(data) < 500
    received = [bytearray(buffer) for buffer in beside]
    again = pickle.loads(data, buffers=received)
    for buffer in received:
        buffer[:] = bytes(len(buffer))
    assert shown(again) == shown(c)


def test_a_pickle_takes_16_bytes_a_segment():
    c = IntervalCollection.from_levels(range(10_000), [1, 2] * 5000)
    assert len(pickle.dumps(c)) < 16 * 10_000 + 500


@every
def test_a_truncated_or_forged_pickle_makes_no_object(c):
    make, state = c.__reduce__()
    assert make(*state) == c
    for short in range(len(state)):
        with pytest.raises(UnpicklingError, match="no pickled collection"):
            make(*state[:short])
    for place in range(len(state)):
        for junk in (None, 7, "x", (), ("q", b"1"), ("q", b"12345678" * 9), ("x", b""), object):
            if (place, junk) == (2, ()) and not len(c.breakpoints):
                continue  # no breakpoints in another form
            with pytest.raises(UnpicklingError, match="no pickled collection"):
                make(*state[:place], junk, *state[place + 1 :])
    data = pickle.dumps(c)
    for length in range(0, len(data), 3):
        with pytest.raises((UnpicklingError, EOFError)):
            pickle.loads(data[:length])


INTS, ONES = ("q", array("q", [1, 2]).tobytes()), ("q", array("q", [0, 1, 0]).tobytes())
NUMBERS, INT = ("Numbers", int), ("int",)
TIMES = ("Datetimes", 10**6, None)


@pytest.mark.parametrize(
    "state",
    [
        (2, NUMBERS, INTS, INT, ONES, "left"),
        (1, NUMBERS, INTS, INT, ONES, "both"),
        (1, NUMBERS, INTS, INT, ("q", ONES[1][:16]), "left"),
        (1, NUMBERS, ("q", array("q", [2, 1]).tobytes()), INT, ONES, "left"),
        (1, NUMBERS, ("q", array("q", [1, 1]).tobytes()), INT, ONES, "left"),
        (1, NUMBERS, INTS, INT, ("q", array("q", [0, 0, 1]).tobytes()), "left"),
        (1, NUMBERS, INTS, INT, ("d", array("d", [0, 1, 0]).tobytes()), "left"),
        (1, NUMBERS, ("d", array("d", [0, 1]).tobytes()), INT, ONES, "left"),
        (1, ("Numbers", float), ("d", array("d", [0, math.inf]).tobytes()), INT, ONES, "left"),
        (1, ("Numbers", float), ("d", array("d", [0, math.nan]).tobytes()), INT, ONES, "left"),
        (1, ("Numbers", float), ("d", array("d", [-0.0, 1]).tobytes()), INT, ONES, "left"),
        (1, ("Numbers", bool), (False, True), INT, ONES, "left"),
        (1, ("Numbers", str), ("a", "b"), INT, ONES, "left"),
        (1, ("Numbers", int, 3), INTS, INT, ONES, "left"),
        (1, ("Numbers",), INTS, INT, ONES, "left"),
        (1, ("Domain",), INTS, INT, ONES, "left"),
        (1, ("Decimals", "x"), INTS, INT, ONES, "left"),
        (1, ("Decimals", 10**30), INTS, INT, ONES, "left"),
        (1, ("Decimals", True), INTS, INT, ONES, "left"),
        (1, ("Dates",), ("q", array("q", [0, 10**10]).tobytes()), INT, ONES, "left"),
        (1, ("Datetimes", 7, None), INTS, INT, ONES, "left"),
        (1, ("Datetimes", 10**6, "x"), ("q", b""), INT, ("q", bytes(8)), "left"),
        (1, TIMES, ("q", array("q", [0, 2**62]).tobytes()), INT, ONES, "left"),
        (1, TIMES, (0, 2**70), INT, ONES, "left"),
        (1, ("Timedeltas", 10**6), (0, 10**30), INT, ONES, "left"),
        (1, ("Timedeltas", 10), INTS, INT, ONES, "left"),
        (1, ("Ordered", str), ("a", 1), INT, ONES, "left"),
        (1, ("Ordered", "str"), ("a", "b"), INT, ONES, "left"),
        (1, ("Ordered", str), ("b", "a"), INT, ONES, "left"),
        (1, NUMBERS, INTS, ("float",), ONES, "left"),
        (1, NUMBERS, INTS, ("float",), ("d", array("d", [0, math.inf, 0]).tobytes()), "left"),
        (1, NUMBERS, INTS, ("float",), ("d", array("d", [-0.0, 1, 0]).tobytes()), "left"),
        (1, NUMBERS, INTS, INT, (0, True, 0), "left"),
        (1, NUMBERS, INTS, INT, (0, Fraction(1, 2), 0), "left"),
        (1, NUMBERS, INTS, ("Decimal", "x"), ONES, "left"),
        (1, NUMBERS, INTS, ("Decimal", 10**30), ONES, "left"),
        (1, NUMBERS, INTS, ("Decimal",), ONES, "left"),
        (1, NUMBERS, INTS, ("complex",), ONES, "left"),
    ],
)
def test_a_pickle_that_breaks_an_invariant_makes_no_object(state):
    with pytest.raises(UnpicklingError, match="no pickled collection"):
        IntervalCollection._unpickled(*state)


def test_the_pickle_of_today_is_read_for_ever():
    assert IntervalCollection._unpickled(1, NUMBERS, INTS, INT, ONES, "left") == combine_intervals([(1, 2)])
    assert IntervalCollection._unpickled(1, TIMES, INTS, ("Decimal", -1), ONES, "right") == combine_intervals(
        [(dt.datetime(1970, 1, 1, 0, 0, 0, 1), dt.datetime(1970, 1, 1, 0, 0, 0, 2), Decimal("0.1"))], closed="right"
    )


def test_the_pickle_of_a_collection_is_none_of_a_region():
    region = IntervalSet([(1, 2)]).__reduce__()
    assert region[0](*region[1]) == IntervalSet([(1, 2)])
    for levels, kind in (
        (("q", array("q", [0, 2, 0]).tobytes()), INT),
        (("d", array("d", [0, 1, 0]).tobytes()), ("float",)),
        (ONES, ("Fraction",)),
        (ONES, ("Decimal", 0)),
    ):
        with pytest.raises(UnpicklingError):
            region[0](1, NUMBERS, INTS, kind, levels, "left")


def test_a_collection_cannot_be_changed():
    before = shown(PLANES)
    with pytest.raises(AttributeError, match="IntervalCollection is immutable: levels cannot be set"):
        PLANES.levels = ()
    with pytest.raises(AttributeError, match="IntervalCollection is immutable: _steps cannot be deleted"):
        del PLANES._steps
    with pytest.raises(AttributeError):
        PLANES.name = "x"
    with pytest.raises(TypeError):
        PLANES[1] = 2
    c = PLANES
    c += 1
    c *= 2
    assert shown(PLANES) == before
    assert +PLANES is PLANES


def test_what_it_was_made_from_may_change_afterwards():
    rows = [[1, 2, 3]]
    starts, stops = np.array([1]), np.array([2])
    c, d = combine_intervals(rows), combine_intervals(start=starts, stop=stops)
    e = IntervalCollection.from_levels(starts, starts)
    rows[0][0] = rows[0][2] = 99
    starts[:] = stops[:] = 99
    assert (list(c), list(d), list(e)) == ([(1, 2, 3)], [(1, 2, 1)], [(1, INF, 1)])
