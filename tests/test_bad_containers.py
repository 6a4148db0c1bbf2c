"""What the package must survive (26 to 31): hostile containers, rows and columns, and hostile arguments."""

from __future__ import annotations

import datetime as dt
import math
from array import array
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from every import BERLIN, EVERY, PLANES
from outcomes import OddError, outcome_in_python, refused, spelled

from intervalues import (
    Interval,
    IntervalAccumulator,
    IntervalCollection,
    IntervalGroups,
    IntervalSet,
    combine_intervals,
)

INF, NAN = math.inf, math.nan

DAY = dt.timedelta(1)

NEW_YEAR = dt.date(2024, 1, 1)


NOTHINGS = {
    "no argument": combine_intervals,
    "list": lambda: combine_intervals([]),
    "tuple": lambda: combine_intervals(()),
    "set": lambda: combine_intervals(set()),
    "iterator": lambda: combine_intervals(iter(())),
    "dict view": lambda: combine_intervals({}.values()),
    "collection": lambda: combine_intervals(IntervalCollection()),
    "region": lambda: combine_intervals(IntervalSet()),
    "array": lambda: combine_intervals(np.array([])),
    "array of two columns": lambda: combine_intervals(np.empty((0, 2))),
    "array of three columns": lambda: combine_intervals(np.empty((0, 3), dtype="M8[us]")),
    "structured array": lambda: combine_intervals(np.empty(0, dtype=[("start", "f8"), ("stop", "f8")])),
    "lists": lambda: combine_intervals(start=[], stop=[], value=[]),
    "arrays": lambda: combine_intervals(start=np.array([]), stop=np.array([], "i8"), value=np.array([])),
    "arrays of integers and floats": lambda: combine_intervals(
        start=np.array([], "i1"), stop=np.array([], "i8"), value=np.array([], "f4")
    ),
    "arrays of times": lambda: combine_intervals(start=np.array([], "M8[D]"), stop=np.array([], "M8[ns]"), value=1),
    "arrays of the standard library": lambda: combine_intervals(start=array("q"), stop=array("d")),
    "bytes": lambda: combine_intervals(start=b"", stop=b""),
    "dropped rows": lambda: combine_intervals([(None, 1), (1, None)], missing="drop"),
    "inclusive days": lambda: combine_intervals([], closed="both", step=DAY),
    "inclusive days, dropped": lambda: combine_intervals([(None, NEW_YEAR)], closed="both", step=DAY, missing="drop"),
    "exclusive days": lambda: combine_intervals([(INF, INF)], closed="neither", step=DAY),
    "digits": lambda: combine_intervals([], digits=2),
    "right": lambda: combine_intervals([], closed="right"),
    "no changes": lambda: IntervalCollection.from_changes([], []),
    "no levels": lambda: IntervalCollection.from_levels(np.array([]), ()),
}


@pytest.mark.parametrize("make", NOTHINGS.values(), ids=NOTHINGS)
@pytest.mark.parametrize("how", ["sum", "count"])
def test_nothing_of_any_kind_is_the_empty_collection_and_everything_works_on_it(make, how):
    c = make()
    assert c == IntervalCollection()
    assert hash(c) == hash(IntervalCollection())
    assert [spelled(x) for x in c.levels] == [(int, "0")]  # no rows are ints, whatever array they are not in
    assert (len(c), bool(c), list(c), list(reversed(c)), c.span) == (0, False, [], [], None)
    assert (list(c.breakpoints), list(c.levels), len(c.segments())) == ([], [0], 0)
    assert (c[0], c["a"], c[INF], c.limit(0, "left"), 5 in c, list(c.at([1, 2]))) == (0, 0, 0, 0, False, [0, 0])
    assert c[1:2] == c + c == c - c == -c == c * 2 == c / 2 == c
    assert c.support == IntervalSet()
    assert (c >= 0) == ~IntervalSet()
    assert (c.integral(), c.mean(within=(0, 1)), c.max(within=(0, 1)), c.nlargest(2, within=(0, 1))) == (0, 0, 0, [])
    assert c + combine_intervals([(1, 2)], closed=c.closed, how=how) == combine_intervals([(1, 2)], closed=c.closed)
    assert eval(repr(c)) == c


@pytest.mark.parametrize(
    "data",
    ["", "ab", b"", b"ab", {}, {"start": [1], "stop": [2]}, 5, object(), len, 1.5, NAN, dt.UTC],
    ids=lambda x: type(x).__name__,
)
def test_no_unknown_container_is_read_as_empty(data):
    message = "^the rows are of type .*; they must be an iterable of"
    refused(
        TypeError, message, lambda: combine_intervals(data), lambda: IntervalCollection(data), lambda: IntervalSet(data)
    )


@pytest.mark.parametrize(
    "column", ["", "ab", {}, set(), {1}, 5, object(), {1: 2}.keys()], ids=lambda x: type(x).__name__
)
def test_no_unknown_column_is_read_as_empty(column):
    for name in ("start", "stop"):
        other = {"start": "stop", "stop": "start"}[name]
        refused(
            TypeError,
            f"^{name} is of type ",
            lambda name=name, other=other: combine_intervals(**{name: column, other: [1]}),
        )
    if column != 5:
        refused(TypeError, "^value is of type ", lambda: combine_intervals(start=[1], stop=[2], value=column))


def test_a_column_that_is_not_given_is_named():
    refused(TypeError, "^stop is missing", lambda: combine_intervals(start=[1]))
    refused(TypeError, "^start is missing", lambda: combine_intervals(stop=[1]), lambda: combine_intervals(value=[1]))


def test_rows_and_columns_are_not_given_together():
    for column in ([1], np.array([1, 2]), "a", np.array(1)):
        for name in ("start", "stop", "value"):
            refused(
                TypeError,
                "^intervals come as rows .* not as both$",
                lambda name=name, column=column: combine_intervals([(1, 2)], **{name: column}),
                lambda name=name, column=column: combine_intervals(np.array([[1, 2]]), **{name: column}),
            )


def test_an_error_of_a_generator_comes_through_as_itself():
    error = OddError(1, 2)

    def half(items):
        yield from items
        raise error

    for call in (
        lambda: combine_intervals(half([(1, 2), (2, 3)])),
        lambda: combine_intervals(half([])),
        lambda: combine_intervals([(1, 2), half([1, 2])]),
        lambda: combine_intervals(start=half([1]), stop=[2]),
        lambda: combine_intervals(start=[1], stop=half([2])),
        lambda: combine_intervals(start=[1], stop=[2], value=half([3])),
        lambda: IntervalSet(half([(1, 2)])),
        lambda: IntervalCollection.from_levels(half([1]), [1]),
        lambda: combine_intervals([(1, 2)]).at(half([1])),
    ):
        with pytest.raises(OddError) as raised:
            call()
        assert raised.value is error


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("ab", TypeError),
        (b"ab", TypeError),
        (bytearray(b"ab"), TypeError),
        ({"start": 1, "stop": 2}, TypeError),
        ({1, 2}, TypeError),
        (frozenset((1, 2)), TypeError),
        ({1: 2, 3: 4}.keys(), TypeError),
        (5, TypeError),
        (None, TypeError),
        (NAN, TypeError),
        ((), ValueError),
        ((1,), ValueError),
        ((1, 2, 3, 4), ValueError),
        ([1, 2, 3, 4], ValueError),
        (range(9), ValueError),
        (np.array([1]), ValueError),
    ],
    ids=lambda x: type(x).__name__,
)
def test_a_row_that_is_none_is_refused_by_number(row, error):
    for good in ((1, 2), (1, 2, 3), Interval(1, 2)):
        refused(
            error,
            r"^row 2: (.* is no row|has \d items); it must be \(start, stop\) or \(start, stop, value\)$",
            lambda good=good: combine_intervals([good, good, row]),
            lambda good=good: combine_intervals(iter([good, good, row, "x"])),
            lambda good=good: IntervalSet([good, good, row]),
        )
    refused(error, "^row 0: ", lambda: combine_intervals([row, (1, 2)]), lambda: combine_intervals([row, row]))


def test_columns_of_different_length_are_refused():
    for make in (list, np.array, tuple, iter, lambda xs: array("q", xs)):
        refused(
            ValueError,
            "^start has 3 rows, stop has 2$",
            lambda make=make: combine_intervals(start=make([1, 2, 3]), stop=make([2, 3])),
        )
        for how in ("sum", "count"):
            refused(
                ValueError,
                "^start has 2 rows, value has 3$",
                lambda make=make, how=how: combine_intervals(
                    start=make([1, 2]), stop=make([2, 3]), value=make([1, 2, 3]), how=how
                ),
            )
    refused(
        ValueError, "^start has 1 rows, stop has 0$", lambda: combine_intervals(start=np.array([1]), stop=np.array([]))
    )


@pytest.mark.parametrize("shape", [(), (3,), (1, 1), (2, 4), (2, 3, 1), (1, 2, 3), (0, 7), (5, 0), (0, 2, 2)])
def test_arrays_of_other_shapes_are_refused(shape):
    for dtype in ("i8", "f8", "M8[us]"):
        rows = np.zeros(shape, dtype)
        refused(
            ValueError,
            r"^an array of intervals has the shape \(n, 2\) or \(n, 3\), not \(",
            lambda rows=rows: combine_intervals(rows),
        )
        if len(shape) != 1:
            refused(
                ValueError,
                r"^stop has the shape .*; it must have one dimension$",
                lambda rows=rows: combine_intervals(start=[1], stop=rows),
            )


def test_arrays_of_every_layout_are_read_alike():
    rows = np.array([[2, 4, 3], [1, 3, 2], [1, 2, -7]])
    wanted = combine_intervals(rows.tolist())
    wide = np.zeros((6, 7), rows.dtype)
    wide[::2, 1:6:2] = rows
    read_only = rows.copy()
    read_only.flags.writeable = False
    packed = np.frombuffer(bytes(1) + rows.tobytes(), "u1")[1:].view("i8").reshape(3, 3)  # not aligned
    for layout in (
        np.asfortranarray(rows),
        rows[::-1],
        rows[::-1, :].copy(order="F")[::-1],
        wide[::2, 1:6:2],
        read_only,
        rows.astype(">i8"),
        rows.astype(">f4"),
        np.broadcast_to(rows, (3, 3)),
        packed,
    ):
        assert combine_intervals(layout) == wanted
        assert combine_intervals(start=layout[:, 0], stop=layout[:, 1], value=layout[:, 2]) == wanted
    assert combine_intervals(start=np.broadcast_to(1, 3), stop=np.broadcast_to(2, 3)) == combine_intervals([(1, 2, 3)])


# No crash: whatever a method is handed, it answers or raises what is promised, and the same without the extension

PROMISED = (TypeError, ValueError, OverflowError, ZeroDivisionError, KeyError)


def accumulated(c):
    accumulator = IntervalAccumulator()
    accumulator.extend(c)
    return accumulator


MAKERS = {
    IntervalCollection: lambda c: c,
    IntervalSet: lambda c: c.support,
    IntervalAccumulator: accumulated,
    IntervalGroups: lambda c: IntervalGroups({"a": c, None: c + c}),
}
METHODS = [
    (thing, name) for thing in MAKERS for name in dir(thing) if name[0] != "_" and callable(getattr(thing, name))
]
METHODS += [(thing, "__contains__") for thing in MAKERS if thing is not IntervalAccumulator]
METHODS += [(thing, "__getitem__") for thing in (IntervalCollection, IntervalGroups)]
HOSTILE = [*(None, NAN, INF, -INF, -0.0, 10**400, 1e308, 5e-324, True, 1j, "a", "day", "mean", b"x", (), (1,), (3, 1))]
HOSTILE += [[], [1, 2], [2, None], {1: 2}, {1}, object(), len, slice(2, 1), range(3), Fraction(1, 3), PLANES.support]
HOSTILE += [Decimal("NaN"), Decimal("1E+99999999"), Decimal("1E-99999999"), Decimal("0.5"), PLANES, EVERY["right"]]
HOSTILE += [Interval(2, 1, "x"), DAY, dt.timedelta.max, NEW_YEAR, dt.datetime.max, BERLIN, pd.NaT, pd.NA]
HOSTILE += [np.float64("nan"), np.datetime64("NaT", "ns"), np.array([1.5, INF]), np.array([[1, 2]])]


@pytest.mark.parametrize(("thing", "name"), METHODS)
def test_whatever_is_handed_over_the_answer_or_error_is_one_that_is_promised(thing, name):
    for c in (EVERY["ints"], EVERY["floats"], EVERY["aware datetimes"], EVERY["strings"]):
        for junk in HOSTILE:
            for arguments in ((junk,), (junk, junk)):

                def call(c=c, arguments=arguments):
                    try:
                        return repr(getattr(MAKERS[thing](c), name)(*arguments))
                    except PROMISED as error:
                        return f"{type(error).__name__}: {error}"

                assert spelled(call()) == outcome_in_python(call)
