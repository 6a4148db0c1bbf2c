"""Dataframes out: segments in every library's own types, and the same back."""

from __future__ import annotations

import datetime as dt
import math
import pickle
import re
import sys
from decimal import Decimal
from fractions import Fraction
from functools import total_ordering
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import shown
from strategies import COORDINATES as STRATEGIES
from strategies import rows

from intervalues import IntervalCollection, IntervalGroups, IntervalSet, combine_intervals

INF = math.inf
BERLIN, INDIA = ZoneInfo("Europe/Berlin"), dt.timezone(dt.timedelta(hours=5, minutes=30))
NOON = dt.datetime(2024, 10, 26, 22, 30)  # Berlin's clocks go back that night
HOUR = dt.timedelta(hours=1)
LIBRARIES = {"pandas": pd, "polars": pl, "pyarrow": pa}


def in_zone(zone):
    return [(NOON.replace(tzinfo=dt.UTC) + hours * HOUR).astimezone(zone) for hours in range(4)]


COORDINATES = {  # four of each, and the type of such a column in pandas, polars and Arrow
    "int": ([-1, 0, 2, 2**63 - 2], "int64", pl.Int64, pa.int64()),
    "float": ([-0.5, 0.0, 2.5, 1e300], "float64", pl.Float64, pa.float64()),
    "date": ([NOON.date() + dt.timedelta(days) for days in range(4)], "object", pl.Date, pa.date32()),
    "datetime": ([NOON + i * HOUR for i in range(4)], "datetime64[us]", pl.Datetime("us"), pa.timestamp("us")),
    "UTC": (in_zone(dt.UTC), "datetime64[us, UTC]", pl.Datetime("us", "UTC"), pa.timestamp("us", "UTC")),
    "Berlin": (
        in_zone(BERLIN),
        "datetime64[us, Europe/Berlin]",
        pl.Datetime("us", "Europe/Berlin"),
        pa.timestamp("us", "Europe/Berlin"),
    ),
    "ns": (
        [pd.Timestamp(i, unit="ns") for i in range(4)],
        "datetime64[ns]",
        pl.Datetime("ns"),
        pa.timestamp("ns"),
    ),
    "ns in Berlin": (
        [pd.Timestamp(i, unit="ns", tz=BERLIN) for i in range(4)],
        "datetime64[ns, Europe/Berlin]",
        pl.Datetime("ns", "Europe/Berlin"),
        pa.timestamp("ns", "Europe/Berlin"),
    ),
    "timedelta": ([i * HOUR for i in range(4)], "timedelta64[us]", pl.Duration("us"), pa.duration("us")),
    "timedelta ns": (
        [pd.Timedelta(i, "ns") for i in range(4)],
        "timedelta64[ns]",
        pl.Duration("ns"),
        pa.duration("ns"),
    ),
    "Decimal": (
        [Decimal(i).scaleb(-2) for i in range(100, 104)],
        "object",
        pl.Decimal(38, 2),
        pa.decimal128(38, 2),
    ),
    "str": (["Ada", "Grace", "Guido", "Linus"], pd.Series(["a"]).dtype, pl.String, pa.string()),
}
VALUES = {
    "int": ([1, -2, 3], "int64", pl.Int64, pa.int64()),
    "uint64": ([1, 2**64 - 1, 3], "uint64", pl.Int128, pa.uint64()),
    "float": ([0.5, 1e-300, 3.0], "float64", pl.Float64, pa.float64()),
    "Decimal": (
        [Decimal("1.50"), Decimal("0.25"), Decimal("-1.00")],
        "object",
        pl.Decimal(38, 2),
        pa.decimal128(38, 2),
    ),
}


def types_of(frame, names):
    if isinstance(frame, pd.DataFrame):
        return [frame.dtypes[name] for name in names]
    return [
        (frame.schema[name] if isinstance(frame, pl.DataFrame) else frame.schema.field(name).type) for name in names
    ]


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("kind", COORDINATES)
@pytest.mark.parametrize("value", VALUES)
def test_round_trips_keep_every_value_type_unit_and_zone(kind, value, library):
    points, *own = COORDINATES[kind]
    numbers, *types_of_value = VALUES[value]
    c = combine_intervals(zip(points, points[1:], numbers, strict=False))
    place = list(LIBRARIES).index(library)
    for frame in (c.to_frame(library), c.to_frame(LIBRARIES[library]), c.segments().to_frame(library)):
        assert types_of(frame, ["start", "stop", "value"]) == [own[place], own[place], types_of_value[place]]
        assert shown(combine_intervals(frame)) == shown(c)
    region = c.support.to_frame(library)
    assert types_of(region, ["start", "stop"]) == [own[place]] * 2
    assert shown(IntervalSet(region)) == shown(c.support)
    assert len(region.columns) == 2
    gates = IntervalGroups({"A": c, "B": IntervalCollection(), "C": c})
    frame = gates.to_frame(library)
    assert types_of(frame, ["start", "stop", "value"]) == [own[place], own[place], types_of_value[place]]
    again = combine_intervals(frame, by="key")
    assert list(again) == ["A", "C"]
    assert [shown(again[key]) for key in again] == [shown(gates[key]) for key in again]


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("kind", COORDINATES)
def test_open_ends_are_null_but_infinite_among_numbers(kind, library):
    points = COORDINATES[kind][0][:3]
    c = combine_intervals([(-INF, points[0], 1), (points[1], points[2], 2), (points[2], INF, 3)])
    frame = c.to_frame(library)
    starts, stops = list(frame["start"]), list(frame["stop"])
    if kind in ("int", "float"):
        assert float(str(starts[0])) == -INF
        assert float(str(stops[-1])) == INF
        assert combine_intervals(frame) == c
    else:
        of = COORDINATES[kind][list(LIBRARIES).index(library) + 1]
        assert types_of(frame, ["start", "stop"]) == [of, of]
        with pytest.raises(ValueError, match="row 0: start is "):
            combine_intervals(frame)
        assert shown(combine_intervals(frame, missing="open")) == shown(c)


@given(st.data())
def test_what_a_library_takes_it_gives_back(data):
    kind = data.draw(st.sampled_from(sorted(STRATEGIES.keys() - {"tuples"})))  # which come back as lists
    try:
        c = combine_intervals(data.draw(rows(kind)))
    except (TypeError, OverflowError):  # what does not mix, or is no float
        return
    for made in (c, c.support):
        for library in LIBRARIES:
            try:
                frame = made.to_frame(library)
            except (TypeError, OverflowError) as error:
                assert re.search("which (Arrow|polars) has no type for|no floats beside|in one column", str(error))  # noqa: PT017
                continue
            again = combine_intervals(frame, missing="open")
            assert again == c if made is c else again.support == made


def test_levels_of_every_kind_reach_to_infinity():
    for outer in (2**70, Fraction(1, 3), Decimal("1.5"), 1.5):
        c = combine_intervals([(-INF, 1, outer), (1, 2, 3), (2, INF, outer)])
        assert combine_intervals(c.to_frame("pandas")) == c
        everywhere = IntervalCollection() + outer
        assert combine_intervals(everywhere.to_frame("pandas")) == everywhere


@pytest.mark.parametrize("library", LIBRARIES)
def test_ints_that_no_float_holds_do_not_go_beside_open_ends(library):
    with pytest.raises(OverflowError, match="stop holds ints that are no floats beside floats or open ends: cut them"):
        IntervalSet([(2**53 + 1, 2**53 + 3), (2**53 + 5, INF)]).to_frame(library)
    mixed = IntervalSet([(1, 2.5), (3, 4.0)])
    assert IntervalSet(mixed.to_frame(library)) == mixed


@pytest.mark.parametrize("library", LIBRARIES)
def test_what_has_no_segments_is_a_frame_without_rows(library):
    for empty, names in (
        (IntervalCollection(), ["start", "stop", "value"]),
        (IntervalSet(), ["start", "stop"]),
        (IntervalGroups(), ["key", "start", "stop", "value"]),
        (combine_intervals([(NOON, NOON, Decimal("1.5"))]), ["start", "stop", "value"]),
        (IntervalCollection([(NOON, NOON + HOUR)]).segments()[:0], ["start", "stop", "value"]),
    ):
        frame = empty.to_frame(library)
        assert list(frame.column_names if library == "pyarrow" else frame.columns) == names
        assert len(frame) == 0
    assert types_of(frame, ["start"]) == [COORDINATES["datetime"][list(LIBRARIES).index(library) + 1]]


def items(frame, name):
    return frame[name].to_pylist() if isinstance(frame, pa.Table) else list(frame[name])


@pytest.mark.parametrize("library", LIBRARIES)
def test_segments_of_any_kind_are_written(library):
    c = combine_intervals([(8, 12), (9, 11), (14, 16)])
    bins = c.bin(2, how="max")
    for segments in (bins, pickle.loads(pickle.dumps(bins)), bins[::2], bins[::-1]):
        frame = segments.to_frame(library)
        assert [items(frame, name) for name in ("start", "stop", "value")] == [
            list(segments.starts),
            list(segments.stops),
            list(segments.values),
        ]
    who = combine_intervals([(8, 12), (9, 11)], how="rows").to_frame(library)
    assert list(map(tuple, items(who, "value"))) == [(0,), (0, 1), (0,)]
    times = combine_intervals([(NOON.replace(tzinfo=BERLIN), NOON.replace(tzinfo=BERLIN) + 30 * HOUR)])
    days = times.bin("day", how="integral", unit=HOUR)
    for segments in (days, pickle.loads(pickle.dumps(days))):
        frame = segments.to_frame(library)
        again = combine_intervals(frame)
        assert [shown(again[at : at + HOUR]) for at in again.breakpoints[:-1]]
        assert list(again.segments().starts) == list(days.starts)
        assert again.breakpoints[0].tzinfo.key == "Europe/Berlin"


# Keys


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    "keys",
    [
        ["A", "B", None],
        [1, 2, None],
        [1.5, 2.5, None],
        [1.5, -INF, None],
        [True, False],
        [NOON, NOON + HOUR, None],
        [dt.date(2024, 1, 1), None],
        [Decimal("1.5"), None],
        [2**70, None],
        [None],
    ],
    ids=str,
)
def test_keys_come_back(keys, library):
    if keys[0] == 2**70 and library == "pyarrow":
        return
    gates = IntervalGroups({key: IntervalCollection([(i, i + 3), (i + 1, i + 2)]) for i, key in enumerate(keys)})
    again = combine_intervals(gates.to_frame(library), by="key")
    assert again == gates
    assert {type(key) for key in again} <= {type(key) for key in keys} | {pd.Timestamp}


@pytest.mark.parametrize("library", LIBRARIES)
def test_keys_that_are_tuples_are_columns_of_their_own(library):
    gates = combine_intervals([(1, 4), (2, 5), (3, 6)], by=[("A", 1), ("B", 2), ("A", None)])
    frame = gates.to_frame(library)
    names = list(frame.column_names if library == "pyarrow" else frame.columns)
    assert names == ["key_0", "key_1", "start", "stop", "value"]
    assert combine_intervals(frame, by=["key_0", "key_1"]) == gates


def test_keys_of_many_kinds_go_where_columns_hold_objects():
    c = IntervalCollection([(1, 2)])
    gates = IntervalGroups({"A": c, 1: c, (1, 2): c, NOON: c, 2.5: c, Fraction(1, 2): c})
    assert list(combine_intervals(gates.to_frame("pandas"), by="key")) == list(gates)
    assert list(combine_intervals(gates.to_frame("polars"), by="key")) == list(gates)
    with pytest.raises(TypeError, match="key holds such objects, which Arrow has no type for"):
        gates.to_frame("pyarrow")
    numbers = IntervalGroups({1: c, 2.5: c})
    assert list(combine_intervals(numbers.to_frame("pandas"), by="key")) == [1, 2.5]


def test_groups_that_do_not_mix_are_no_one_column():
    gates = IntervalGroups({"A": IntervalCollection([(1, 2)]), "B": IntervalCollection([("a", "b")])})
    with pytest.raises(TypeError, match="row 1: start 'a' does not mix with ints before it"):
        gates.to_frame("pandas")
    zones = IntervalGroups(
        {"A": IntervalCollection([in_zone(BERLIN)[:2]]), "B": IntervalCollection([in_zone(INDIA)[:2]])}
    )
    assert types_of(zones.to_frame("polars"), ["start"]) == [pl.Datetime("us", "UTC")]
    numbers = IntervalGroups({"A": IntervalCollection([(1, 2)]), "B": IntervalCollection([(1.5, INF)])})
    assert types_of(numbers.to_frame("polars"), ["start", "stop"]) == [pl.Float64] * 2


# What does not fit


def test_zones_without_a_name():
    moments = in_zone(INDIA)
    c = combine_intervals([(moments[0], moments[1])])
    assert c.to_frame("pyarrow").schema.field("start").type == pa.timestamp("us", "+05:30")
    assert c.to_frame("polars").schema["start"] == pl.Datetime("us", "UTC")  # polars has no such offsets
    assert c.to_frame("pandas")["start"][0] == moments[0]
    for hours, name in ((2, "Etc/GMT-2"), (-3, "Etc/GMT+3")):
        found = c.astimezone(dt.timezone(dt.timedelta(hours=hours)))
        assert found.to_frame("polars").schema["start"] == pl.Datetime("us", name)
        assert combine_intervals(found.to_frame("polars")) == c

    class Own(dt.tzinfo):
        def utcoffset(self, moment):
            return HOUR

        def dst(self, moment):
            return None

    for library in ("polars", "pyarrow"):
        with pytest.raises(TypeError, match="has no name to write: show another by astimezone"):
            c.astimezone(Own()).to_frame(library)


def test_fractions_go_where_columns_hold_objects():
    c = combine_intervals([(Fraction(1, 3), Fraction(1, 2), Fraction(2, 7))])
    for library in ("pandas", "polars"):
        assert shown(combine_intervals(c.to_frame(library))) == shown(c)
    with pytest.raises(TypeError, match="start holds Fractions, which Arrow has no type for"):
        c.to_frame("pyarrow")


@total_ordering
class Version:
    def __init__(self, number):
        self.number = number

    def __eq__(self, other):
        return self.number == other.number

    def __lt__(self, other):
        return self.number < other.number


def test_objects_of_any_class_go_where_columns_hold_objects():
    c = combine_intervals([(Version(1), Version(2))])
    for library in ("pandas", "polars"):
        assert combine_intervals(c.to_frame(library)) == c
    with pytest.raises(TypeError, match="start holds objects of type Version, which Arrow has no type for"):
        c.to_frame("pyarrow")
    day = combine_intervals([(dt.time(8), dt.time(9)), (dt.time(9), INF, 2)])
    for library in LIBRARIES:
        assert combine_intervals(day.to_frame(library), missing="open") == day


def test_numbers_too_large_for_a_library_are_an_overflow():
    for big, polars_holds in ((2**70, True), (2**130, False), (-(2**70), True)):
        c = combine_intervals([(1, 2, big)])
        assert combine_intervals(c.to_frame("pandas")) == c
        with pytest.raises(OverflowError, match="value holds ints beyond 64 bits, which Arrow has no type for"):
            c.to_frame("pyarrow")
        if polars_holds:
            assert combine_intervals(c.to_frame("polars")) == c
        else:
            with pytest.raises(OverflowError, match="value holds ints beyond 128 bits, which polars has no type for"):
                c.to_frame("polars")
    for exponent, holding in ((37, "polars pyarrow"), (60, "pyarrow"), (90, "")):
        c = combine_intervals([(1, 2, Decimal(f"1E+{exponent}"))])
        assert combine_intervals(c.to_frame("pandas")) == c
        for library in ("polars", "pyarrow"):
            if library in holding:
                assert combine_intervals(c.to_frame(library)) == c
            else:
                with pytest.raises(OverflowError, match=f"value holds Decimals that need {exponent + 1} digits"):
                    c.to_frame(library)
    fine = combine_intervals([(Decimal("1E-30"), Decimal("1E+30"))])
    assert IntervalSet(fine.to_frame("pyarrow")) == fine.support


# Libraries


def test_a_library_is_one_of_three():
    for library in ("panda", "numpy", np, None, 3, pl.DataFrame):
        with pytest.raises(ValueError, match=r"library is .*; it must be one of pandas, polars, pyarrow"):
            IntervalSet([(1, 2)]).to_frame(library)


def test_a_library_that_is_missing_is_named(monkeypatch):
    for library, extra in (("pandas", "pandas"), ("polars", "polars"), ("pyarrow", r"'intervalues\[arrow\]'")):
        monkeypatch.setitem(sys.modules, library, None)
        with pytest.raises(ImportError, match=rf"to_frame\('{library}'\) needs {library}: pip install {extra}"):
            IntervalSet([(1, 2)]).to_frame(library)
    with pytest.raises(ImportError, match=r"an Arrow stream is made by pyarrow: pip install 'intervalues\[arrow\]'"):
        IntervalSet([(1, 2)]).__arrow_c_stream__()


def test_polars_out_needs_no_numpy(monkeypatch):
    c = combine_intervals([(NOON, NOON + HOUR, 1.5), (NOON, NOON + 2 * HOUR, 2.0)])
    wanted = c.to_frame("polars")
    monkeypatch.delitem(sys.modules, "numpy")
    assert c.to_frame("polars").equals(wanted)


def test_arrow_streams_are_read_by_others():
    c = combine_intervals([(8, 12, 5), (9, 11, 2)])
    gates = IntervalGroups({"A": c, "B": c})
    for made in (c, c.support, c.segments(), gates):
        table = pa.table(made)
        assert table == made.to_frame("pyarrow")
        assert pl.DataFrame(table).equals(made.to_frame("polars"))
    wide = pa.schema([("start", pa.int64()), ("stop", pa.int64()), ("value", pa.float64())])
    assert pa.table(c, schema=wide).schema.field("value").type == pa.float64()
    assert duckdb.sql("select max(value) from c").fetchall() == [(7,)]
    assert combine_intervals(c) == c  # ours are read as they are, not as streams
    assert combine_intervals(c.segments()) == c
    with pytest.raises(TypeError, match="the rows are of type IntervalGroups"):
        combine_intervals(gates)


def test_columns_of_numbers_go_to_arrow_without_being_copied():
    segments = combine_intervals([(i, i + 3, i % 5) for i in range(40)]).segments()
    table = segments.to_frame("pyarrow")
    for name, column in (("start", segments.starts), ("value", segments.values)):
        assert table[name].chunk(0).buffers()[1].address == np.asarray(column).ctypes.data
