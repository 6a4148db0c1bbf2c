"""Rows and lists of Python objects: whatever they are of, both backends read the same, and the extension reads most."""

from __future__ import annotations

import datetime as dt
import math
import sys
from collections import namedtuple
from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from backends import once
from outcomes import outcome, outcome_in_python, shown, spelled

from intervalues import Interval, combine_intervals, dispatch

pytestmark = once  # `read` asks pure Python, too
INF, NAN = math.inf, math.nan
LOWEST, HIGHEST = -(2**63), 2**63 - 1
MIDNIGHT = dt.datetime(2024, 1, 1)
BERLIN, NEW_YORK, LORD_HOWE = map(ZoneInfo, ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe"))
FIXED = dt.timezone(dt.timedelta(hours=-7, microseconds=3))

# Just below, at and above what is taken apart, prefetched and checked for signals at a time.
LENGTHS = [1, 2, 15, 16, 17, 31, 32, 33, 127, 128, 129, 1040, 2047, 2048, 2049, 4095, 4096, 4097, 8193]
PLACES = [(1040, place) for place in (0, 1, 14, 15, 16, 17, 31, 32, 33, 127, 128, 1039)]
PLACES += [(9000, place) for place in (0, 4095, 4096, 8191, 8192, 8999)]


class Booking(NamedTuple):
    """A named tuple as callers have them."""

    start: object
    stop: object
    value: object = 1


class Extension:
    """The extension, which counts what it was asked to combine, and what of it it declined."""

    def __init__(self, extension):
        self.extension, self.asked, self.declined = extension, 0, 0

    def __getattr__(self, name):
        def call(*arguments, **options):
            answer = getattr(self.extension, name)(*arguments, **options)
            if name.startswith("combine"):
                self.asked += 1
                self.declined += answer is None
            return answer

        return call


def ways_in(rows, **options):
    """Give calls that combine the same rows as tuples, lists, named tuples and columns."""
    columns = dict(zip(("start", "stop", "value"), map(list, zip(*rows, strict=True)), strict=False))
    return [
        lambda: combine_intervals(list(map(tuple, rows)), **options),
        lambda: combine_intervals(tuple(map(list, rows)), **options),
        lambda: combine_intervals([Interval(*row) for row in rows], **options),
        lambda: combine_intervals([Booking(*row) for row in rows], **options),
        lambda: combine_intervals(**columns, **options),
        lambda: combine_intervals(**{name: tuple(column) for name, column in columns.items()}, **options),
    ]


@pytest.fixture
def read(monkeypatch):
    """Check that a call does the same in pure Python, and whether the extension read it (None: either way)."""

    def check(call, reads=True):
        if dispatch._extension is None:
            return outcome(call)
        extension = Extension(dispatch._extension)
        with monkeypatch.context() as patch:
            patch.setattr(dispatch, "_extension", extension)
            done = outcome(call)
        assert done == outcome_in_python(call)
        if extension.asked and reads is not None:
            assert (extension.declined == 0) == reads
        return done

    return check


def refused_or_read(read, rows, reads, **options):
    for call in ways_in(rows, **options):
        read(call, reads)


# Numbers


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("width", [2, 3])
@pytest.mark.parametrize("kind", [int, float, Decimal])
def test_numbers_are_read_whatever_their_number(read, length, width, kind):
    rows = [(kind(i * 7 % 97), kind(i * 7 % 97 + i % 13), kind(i % 5 - 2))[:width] for i in range(length)]
    refused_or_read(read, rows, True)
    refused_or_read(read, rows, True, how="count")


ODD = {
    "an open end": (2, INF, 3),
    "no value": (2, 5),
    "a float among values": (2, 5, 0.5),
    "an empty row": (5, 5, 3),
    "a list": [2, 5, 3],
    "an Interval": Interval(2, 5, 3),
    "a named tuple": Booking(2, 5, 3),
    "a large value": (2, 5, 2**62),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize(("length", "place"), PLACES)
def test_an_odd_row_among_others_is_read_where_it_is(read, length, place, odd):
    rows = [(i % 97, i % 97 + i % 13, i % 5 - 2) for i in range(length)]
    rows[place] = odd
    read(lambda: combine_intervals(rows))
    read(lambda: combine_intervals(tuple(rows), how="count"))


NOT_MINE = {
    "a reversed row": (5, 2, 1),
    "a float": (2.5, 5, 1),
    "NaN": (NAN, 5, 1),
    "a bool": (True, 5, 1),
    "a value that is a bool": (2, 5, True),
    "an int beyond 64 bits": (2, 2**63, 1),
    "the lowest int": (LOWEST, 5, 1),
    "the highest int": (2, HIGHEST, 1),
    "a value beyond 64 bits": (2, 5, 2**64),
    "a NumPy int": (np.int64(2), 5, 1),
    "a NumPy float as value": (2, 5, np.float64(0.5)),
    "NaN as value": (2, 5, NAN),
    "an infinite value": (2, 5, INF),
    "None": (None, 5, 1),
    "a missing value": (2, 5, None),
    "a Decimal": (Decimal(2), 5, 1),
    "a date": (dt.date(2024, 1, 1), 5, 1),
    "a string": ("a", 5, 1),
    "one item": (5,),
    "four items": [2, 5, 1, 1],
    "no row": 5,
    "nothing": (),
}


@pytest.mark.parametrize("odd", NOT_MINE.values(), ids=NOT_MINE)
@pytest.mark.parametrize(("length", "place"), PLACES)
def test_what_python_must_decide_is_declined_wherever_it_is(read, length, place, odd):
    rows = [(i % 97, i % 97 + i % 13, i % 5 - 2) for i in range(length)]
    rows[place] = odd
    read(lambda: combine_intervals(rows), False)
    if isinstance(odd, tuple | list) and len(odd) == 3:
        starts, stops, values = map(list, zip(*rows, strict=True))
        read(lambda: combine_intervals(start=starts, stop=stops, value=values), False)


@pytest.mark.parametrize("how", ["sum", "count", "max"])
def test_thousands_of_close_rows_add_up_whatever_follows(read, how):
    close = [(i % 97 - 40, i % 97 + i % 13 - 40) for i in range(9000)]
    valued = [(*row, i % 5 - 2) for i, row in enumerate(close)]
    for rows in (close, valued, close + valued, valued + close):
        read(lambda rows=rows: combine_intervals(rows, how=how), True)
        read(lambda rows=rows: combine_intervals(rows, how=how, digits=2), True)
        read(lambda rows=rows: combine_intervals(rows, how=how, closed="both", step=1), True)
        for last in ((10, 70_000), (-(2**40), 3), (3, INF), (3, 5, 2**61), (3, 5, 0.5)):
            read(lambda rows=rows, last=last: combine_intervals([*rows, last], how=how), True)
            read(lambda rows=rows, last=last: combine_intervals([last, *rows], how=how), True)


INTS = [0, 1, -1, 255, 256, 2**15, 2**30 - 1, 2**30, 2**31, 2**53, 2**53 + 1, 2**60, 2**62, HIGHEST - 1]


@pytest.mark.parametrize("value", [1, -3, 2**30, -(2**40), 2**62, LOWEST, HIGHEST])
def test_ints_of_every_size_are_read(read, value):
    ends = sorted([*INTS, *(-x for x in INTS)])
    read(lambda: combine_intervals([(*ends, value) for ends in pairwise(ends)]))
    read(lambda: combine_intervals([(start, start + 1, start) for start in ends[:-1]]))


def test_whole_values_that_are_no_floats_are_declined_beside_floats(read):
    for values, reads in (([2**53, 0.5], True), ([2**53 + 1, 0.5], False), ([0.5, 2**53 + 1], False)):
        read(lambda values=values: combine_intervals([(0, 9, values[0]), (3, 4, values[1])]), reads)


def test_rows_of_open_ends_only_are_read(read):
    for rows in ([(-INF, INF, 2)], [(INF, INF)], [(-INF, INF), (3, INF)], [(-INF, INF), (MIDNIGHT, INF)]):
        refused_or_read(read, rows, True)


class Lying(tuple):
    """Iterates over something else than it holds."""

    def __iter__(self):
        return iter((1, 2))


class Long(tuple):
    """Says that it has another length."""

    def __len__(self):
        return 7


class Table(tuple):
    """Passes for a mapping."""


Mapping.register(Table)


class Plain(tuple):
    """Just a tuple of another name."""


@pytest.mark.parametrize(("kind", "reads"), [(Plain, True), (Lying, False), (Long, False), (Table, False)])
def test_a_subclass_of_tuple_is_read_as_it_iterates(read, kind, reads):
    for place in (0, 20):
        rows = [(1, 3, 2)] * 40
        rows[place] = kind((2, 4, 3))
        read(lambda rows=rows: combine_intervals(rows), reads)


def test_named_tuples_of_two_types_are_left_to_python(read):
    other = namedtuple("other", "start stop value")
    read(lambda: combine_intervals([Booking(1, 3, 2), other(2, 4, 3), (1, 5, 1)]), False)


def test_columns_of_different_length_are_refused_alike(read):
    for columns in (([1], [2, 3], None), ([1, 2], [3], None), ([1], [2], [3, 4]), ([1], [2], []), ([], [], [1])):
        for how in ("sum", "count"):
            starts, stops, values = columns
            kind, message = read(
                lambda how=how, starts=starts, stops=stops, values=values: combine_intervals(
                    start=starts, stop=stops, value=values, how=how
                ),
                None,
            )
            assert (kind, message[:9]) == (ValueError, "start has")


# Decimals


def test_decimals_are_counted_in_the_finest_place_wherever_it_comes(read):
    for places in ([0, 2, 1], [2, 0, 5], [5, 2, 2], [1, 1, 1]):
        rows = [
            (Decimal(i).scaleb(-p), Decimal(i + 9).scaleb(-p), Decimal(3 * i - 4).scaleb(-p))
            for i, p in enumerate(places * 30)
        ]
        refused_or_read(read, rows, True)
        refused_or_read(read, [(i, i + 1, row[2] if i else 7) for i, row in enumerate(rows)], True)


@pytest.mark.parametrize(
    ("odd", "reads"),
    [
        ("-0.00", True),
        ("0.000001", True),
        ("1E-7", False),
        ("1E+3", False),
        ("0E-9", False),
        ("NaN", False),
        ("Infinity", False),
        ("92233720368547758.05", True),
        ("92233720368547758.07", False),
        ("-92233720368547758.08", False),
        ("9223372036854775807", False),
        ("123456789012345678901234567890.5", False),
    ],
)
def test_decimals_of_uncommon_digits_are_left_to_python(read, odd, reads):
    read(lambda: combine_intervals([(Decimal(odd), INF)]), reads)
    read(lambda: combine_intervals([(Decimal("-1.5"), INF), (-INF, Decimal(odd))]), reads)
    read(lambda: combine_intervals([(1, 3, Decimal("1.25")), (5, 6, Decimal(odd))]), reads)


def test_decimals_have_open_ends(read):
    rows = [(Decimal("0.5"), INF, 1), (-INF, Decimal("1.25"), 2), (-INF, INF, 3), (Decimal(7), Decimal("7.125"), 4)]
    refused_or_read(read, rows, True)


def test_decimals_do_not_mix_with_ints_or_floats_in_the_extension(read):
    for rows in ([(Decimal(1), 2)], [(1, Decimal(2))], [(Decimal(1), 2.5)], [(1, 2, 0.5), (1, 2, Decimal(1))]):
        read(lambda rows=rows: combine_intervals(rows), False)


# Times

TIMES = {
    "dates": [dt.date.min, dt.date(1970, 1, 1), dt.date(2000, 2, 29), dt.date(2024, 3, 1), dt.date.max],
    "naive datetimes": [dt.datetime.min, MIDNIGHT, MIDNIGHT.replace(fold=1, microsecond=1), dt.datetime.max],
    "UTC": [x.replace(tzinfo=dt.UTC) for x in (dt.datetime.min, MIDNIGHT, dt.datetime.max)],
    "a fixed zone": [x.replace(tzinfo=FIXED) for x in (dt.datetime(2, 1, 1), MIDNIGHT, dt.datetime(9998, 12, 31))],
    "timedeltas": [dt.timedelta(-(10**8)), dt.timedelta(0), dt.timedelta(0, 1, 1), dt.timedelta(10**8)],
}
for _zone in (BERLIN, NEW_YORK, LORD_HOWE):
    _night = [dt.datetime(2024, month, day, tzinfo=_zone) for month, day in ((3, 31), (4, 7), (10, 6), (10, 27))]
    TIMES[f"nights of {_zone}"] = [
        (night + dt.timedelta(minutes=30 * i)).replace(fold=fold)
        for night in _night
        for i in range(3, 8)
        for fold in (0, 1)
    ]


def pairs(times):
    """Give every pair of times that is not reversed."""
    instants = [x.astimezone(dt.UTC) if isinstance(x, dt.datetime) and x.tzinfo else x for x in times]
    order = sorted(range(len(times)), key=instants.__getitem__)
    return [(times[i], times[j]) for k, i in enumerate(order) for j in order[k:]]


@pytest.mark.parametrize("times", TIMES.values(), ids=TIMES)
def test_times_are_read_as_the_instants_they_are(read, times):
    rows = pairs(times)
    read(lambda: combine_intervals(rows))
    for value in (3, 0.25, Decimal("1.5")):
        read(lambda value=value: combine_intervals([(*row, value) for row in rows]))
    read(lambda: combine_intervals([*rows, (-INF, times[-1]), (times[0], INF)], how="count"))
    refused_or_read(read, [(*row, 2) for row in rows], True, how="max")
    *_, last = combine_intervals(rows)
    assert [type(x) for x in last[:2]] == [type(times[0])] * 2
    if isinstance(times[0], dt.datetime):
        assert last.stop.tzinfo is times[0].tzinfo


class Zone(dt.tzinfo):
    """A zone with an offset of one's own."""

    def __init__(self, offset):
        self.offset = offset

    def utcoffset(self, time):
        return self.offset(time) if callable(self.offset) else self.offset

    def dst(self, time):
        return dt.timedelta(0)


class Span(dt.timedelta):
    """A subclass."""


HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("offset", "reads"),
    [
        (HOUR, True),
        (dt.timedelta(1) - dt.timedelta.resolution, True),
        (dt.timedelta(1), False),
        (-dt.timedelta(1), False),
        (None, False),
        (5, False),
        (Span(hours=1), False),
        (lambda time: 1 // 0, False),
    ],
)
def test_a_zone_is_asked_for_its_offset_as_python_asks(read, offset, reads):
    zone = Zone(offset)
    rows = [
        (dt.datetime(2024, 1, day, tzinfo=zone), dt.datetime(2024, 1, day + 1, tzinfo=zone)) for day in range(1, 29)
    ]
    read(lambda: combine_intervals(rows), reads)
    read(lambda: combine_intervals(start=[row[0] for row in rows], stop=[row[1] for row in rows]), reads)


def test_times_that_are_special_are_left_to_python(read):
    class Day(dt.date):
        pass

    class Moment(dt.datetime):
        pass

    day, here = dt.date(2024, 1, 1), MIDNIGHT.replace(tzinfo=BERLIN)
    for good, odds in {
        MIDNIGHT: [
            pd.Timestamp(MIDNIGHT),
            Moment(2024, 1, 1),
            np.datetime64(MIDNIGHT),
            pd.NaT,
            None,
            NAN,
            5,
            day,
            here,
        ],
        day: [Day(2024, 1, 1), MIDNIGHT, np.datetime64(day), 5, 2.5, "a"],
        here: [here.astimezone(NEW_YORK), here.astimezone(dt.UTC), MIDNIGHT, pd.Timestamp(here)],
        HOUR: [Span(hours=1), pd.Timedelta(HOUR), np.timedelta64(1, "h"), dt.timedelta.max, 3600],
    }.items():
        for odd in odds:
            for rows in ([(good, odd)], [(odd, good)], [(good, good)] * 20 + [(odd, odd)]):
                refused_or_read(read, rows, False)


def test_times_at_the_limits_of_utc_are_refused_alike(read):
    east, west = dt.timezone(HOUR), dt.timezone(-HOUR)
    for rows in (
        [(dt.datetime.min.replace(tzinfo=east), MIDNIGHT.replace(tzinfo=east))],
        [(MIDNIGHT.replace(tzinfo=west), dt.datetime.max.replace(tzinfo=west))],
    ):
        kind, message = read(lambda rows=rows: combine_intervals(rows), False)
        assert kind is OverflowError
        assert "in UTC is beyond what a datetime can hold" in message


def test_times_take_no_int_as_step_and_no_digits(read):
    for times in TIMES.values():
        rows = pairs(times)
        for options in ({"closed": "both", "step": 1}, {"digits": 2}):
            kind, _ = read(lambda rows=rows, options=options: combine_intervals(rows, **options), None)
            assert kind is TypeError


# Lists that change, and interrupts


@pytest.mark.parametrize("change", ["clear", "shorten", "lengthen", "replace"])
@pytest.mark.parametrize("kind", [tuple, list])
def test_a_zone_may_change_the_rows_while_they_are_read(change, kind):
    rows = []

    def changing(time):
        if time is not None and time.day == 20 and time.month == 2:
            if change == "clear":
                rows.clear()
            elif change == "shorten":
                del rows[5:]
            elif change == "lengthen":
                rows.extend(rows[:5])
            else:
                rows[:] = [kind((1, 2))] * len(rows)
        return HOUR

    first = dt.datetime(2024, 1, 1, tzinfo=Zone(changing))
    rows += [kind((first + dt.timedelta(i), first + dt.timedelta(i + 1))) for i in range(3000)]
    kind, *_ = outcome(lambda: combine_intervals(rows))
    assert kind in (TypeError, ValueError) or len(shown(combine_intervals(rows))[1][0]) <= 3001


def test_an_interrupt_inside_a_zone_comes_through():
    def interrupted(time):
        raise KeyboardInterrupt

    row = [dt.datetime(2024, 1, 1, tzinfo=Zone(interrupted))] * 2
    with pytest.raises(KeyboardInterrupt):
        combine_intervals([row])


def test_reading_takes_no_references():
    rows = [[1000 + i, 2000 + i, 5000 + i] for i in range(2500)]
    # No small ints among them: those are everybody's.
    rows += [[2.5, 3.5, 1.5], [MIDNIGHT, MIDNIGHT, 7001], [Decimal("1.5"), Decimal("2.5"), 7001]]
    objects = [x for row in rows for x in (row, *row)]
    before = list(map(sys.getrefcount, objects))
    for _ in range(3):
        for part in (rows[:2500], rows[:2501], rows[2500:2501], rows[2501:2502], rows[2502:], rows):
            outcome(lambda part=part: combine_intervals(part))
    assert list(map(sys.getrefcount, objects)) == before


def test_levels_keep_their_kind_as_values_widen():
    for values, wanted in (
        ([None, 2], [1, 3]),
        ([2, 0.5], [2.0, 2.5]),
        ([2, Decimal("0.5")], [Decimal("2.0"), Decimal("2.5")]),
    ):
        rows = [(0, 9, *([] if values[0] is None else values[:1])), (3, 9, values[1])]
        assert list(map(spelled, combine_intervals(rows).levels))[1:3] == list(map(spelled, wanted))


def test_a_row_type_that_is_no_tuple_is_refused():
    if dispatch._extension is not None:
        with pytest.raises(TypeError, match=r"^interval_type must be a subclass of tuple$"):
            dispatch._extension.combine_rows([(1, 2), 2**40], int, "sum", None, 0, 0, None)
