"""Ways out: iteration block by block, and columns that go to NumPy without being copied."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from intervalues import IntervalCollection, IntervalSet, columns, combine_intervals, steps

MORNING = dt.datetime(2024, 2, 28, 8)
COORDINATES = {
    "ints": int,
    "floats": float,
    "Decimals": lambda i: Decimal(i) / 4,
    "Fractions": lambda i: Fraction(i, 7),
    "datetimes": lambda i: MORNING + dt.timedelta(hours=i),
    "strings": "{:03}".format,
}


@pytest.fixture
def small_blocks(monkeypatch):
    for module in (columns, steps):
        monkeypatch.setattr(module, "BLOCK", 4)


def spelled(rows):
    return [(*row, *map(type, row)) for row in rows]


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("count", range(1, 14))
@pytest.mark.parametrize("coordinate", COORDINATES.values(), ids=COORDINATES)
def test_blocks_are_walked_one_after_the_other(coordinate, count):
    rows = [(coordinate(2 * i), coordinate(2 * i + 1 + i % 2), Decimal(i + 1)) for i in range(count)]
    for open_rows in (rows, [(-math.inf, *rows[0][1:]), *rows[1:]], [*rows[:-1], (rows[-1][0], math.inf, rows[-1][2])]):
        found = combine_intervals(open_rows)
        assert spelled(found) == spelled(open_rows) == spelled(found.segments())
        assert spelled(reversed(found)) == spelled(reversed(open_rows))
        assert len(found) == count
        assert list(found.breakpoints) == [found.breakpoints[i] for i in range(len(found.breakpoints))]
        assert list(IntervalSet(found)) == list(IntervalSet(open_rows))


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("level", [0, 2])
def test_what_has_no_breakpoints_is_walked_too(level):
    found = IntervalCollection() + level
    assert list(found) == list(reversed(found)) == [(-math.inf, math.inf, level)] * bool(level)
    assert len(found) == bool(level)
    assert list(found.breakpoints) == []


@pytest.mark.parametrize("coordinate", [int, float, COORDINATES["datetimes"]])
@pytest.mark.parametrize("value", [int, float])
def test_columns_go_to_numpy_without_being_copied(coordinate, value):
    found = combine_intervals([(coordinate(i), coordinate(i + 3), value(i % 5)) for i in range(40)])
    for column, codes in ((found.breakpoints, found._steps.points), (found.levels, found._steps.levels)):
        array = np.asarray(column)
        assert array.tolist() == list(column)
        assert not array.flags.writeable
        assert not array.flags.owndata
        assert array.ctypes.data == np.frombuffer(codes, dtype=np.int64).ctypes.data
        assert np.shares_memory(array, np.asarray(column))
        assert np.shares_memory(array[3:7], np.asarray(column[2:9]))
