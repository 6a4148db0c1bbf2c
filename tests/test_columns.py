"""Columns and segments: immutable sequences, which NumPy reads without copying."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from every import DAY, EVERY, PLANES, every
from outcomes import spelled

from intervalues import Column, Interval, IntervalCollection, Segments, combine_intervals


@every
def test_columns_are_immutable_sequences(c):
    for column in (c.breakpoints, c.levels, c.segments().starts, c.segments().values):
        items = list(column)
        assert isinstance(column, Sequence)
        assert list(map(spelled, (column[i] for i in range(len(column))))) == list(map(spelled, items))
        assert list(column[::-1]) == list(reversed(column)) == items[::-1]
        assert list(column[1:3]) == items[1:3]
        assert column == tuple(items) == column[:]
        assert column != [*items, 1]
        assert column != (*items, 1)
        assert hash(column) == hash(tuple(items))
        assert all(x in column for x in items)
        for again in (pickle.loads(pickle.dumps(column)), copy.copy(column), copy.deepcopy(column)):
            assert again == column
            assert type(again) is Column
        with pytest.raises(AttributeError, match="immutable"):
            column._codes = ()
        with pytest.raises(TypeError):
            column[0] = 1
        with pytest.raises(IndexError):
            column[len(items)]


def test_columns_show_themselves_abbreviated():
    assert repr(PLANES.levels) == "Column([0, 2, 5, 3, 0])"
    long = IntervalCollection.from_levels(range(3000), [1, 2] * 1500)
    assert repr(long.breakpoints) == "<Column of 3,000: 0, 1, 2, 3, 4, ..., 2995, 2996, 2997, 2998, 2999>"


@every
def test_segments_are_immutable_columns_of_intervals(c):
    segments = c.segments()
    assert isinstance(segments, Sequence)
    assert segments == c.segments() == segments[:]
    assert hash(segments) == hash(c.segments())
    assert segments != list(segments)
    assert list(segments[::-1]) == list(segments)[::-1]
    for again in (pickle.loads(pickle.dumps(segments)), copy.copy(segments), copy.deepcopy(segments)):
        assert again == segments
        assert type(again) is Segments
    if len(segments):
        assert segments[0] == next(iter(segments))
        assert type(segments[-1]) is Interval
    with pytest.raises(AttributeError, match="immutable"):
        segments.starts = ()
    with pytest.raises(AttributeError, match="immutable"):
        del segments.values
    assert (
        repr(PLANES.segments())
        == "Segments(starts=Column([1, 2, 3]), stops=Column([2, 3, 4]), values=Column([2, 5, 3]))"
    )


@pytest.mark.parametrize(
    ("name", "dtype", "first"),
    [
        ("ints", "int64", 1),
        ("dates", "datetime64[D]", np.datetime64("2024-01-01")),
        ("naive datetimes", "datetime64[us]", np.datetime64("2024-01-01")),
        ("aware datetimes", "datetime64[us]", np.datetime64("2024-10-27T00:30")),
        ("timestamps", "datetime64[ns]", np.datetime64(1, "ns")),
    ],
)
def test_machine_columns_go_to_numpy_without_copying(name, dtype, first):
    points = EVERY[name].breakpoints
    array = np.asarray(points)
    assert (array.dtype, array[0]) == (np.dtype(dtype), first)
    assert np.shares_memory(array, np.asarray(points))
    assert not array.flags.writeable
    assert np.array(points).flags.writeable
    assert np.asarray(EVERY[name].levels).dtype == np.int64


def test_machine_floats_and_timedeltas_go_to_numpy_without_copying():
    c = combine_intervals([(0.5, 1.5, 2.5)])
    for column in (c.breakpoints, c.levels, c.segments().starts):
        array = np.asarray(column)
        assert array.dtype == np.float64
        assert np.shares_memory(array, column.__array__(copy=False))
        assert list(array) == list(column)
    fine = combine_intervals([(pd.Timedelta(1, "ns"), pd.Timedelta(2, "ns"))])
    assert np.asarray(fine.breakpoints).dtype == np.dtype("m8[ns]")
    coarse = combine_intervals([(dt.timedelta(0), DAY)])
    assert list(np.asarray(coarse.breakpoints)) == [np.timedelta64(0, "us"), np.timedelta64(DAY)]


def test_columns_of_objects_are_arrays_of_objects():
    for name in ("huge ints", "ints and floats", "Decimals", "Fractions", "strings", "tuples"):
        points = EVERY[name].breakpoints
        array = np.asarray(points)
        assert array.dtype == object
        assert array.shape == (len(points),)
        assert list(array) == list(points)
        with pytest.raises(ValueError, match="have to be copied"):
            points.__array__(copy=False)
    assert np.asarray(PLANES.levels, dtype=float).tolist() == [0.0, 2.0, 5.0, 3.0, 0.0]
    assert np.asarray(EVERY["Decimals"].levels, dtype=float).tolist() == [0.0, 1.1, 0.0]
