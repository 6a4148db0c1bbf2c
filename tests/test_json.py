"""JSON: what comes back is equal and of the same types, and hostile text is a ValueError."""

from __future__ import annotations

import datetime as dt
import json
import math
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from every import BERLIN, EVERY
from hypothesis import given
from hypothesis import strategies as st
from outcomes import shown, spelled
from strategies import COORDINATES, rows

from intervalues import IntervalCollection, IntervalGroups, IntervalSet, combine_intervals

NOON = dt.datetime(2024, 3, 31, 12)
WRITTEN = sorted({*COORDINATES} - {"tuples"})


class Nameless(dt.tzinfo):
    """A zone of one's own."""

    def utcoffset(self, _):
        return dt.timedelta(hours=1)


def of(*given_rows, **options):
    return combine_intervals(given_rows, **options)


def there_and_back(thing):
    return type(thing).from_json(thing.to_json())


def held(found):
    """Give what a text holds, as one that reads it without us sees it."""
    return json.loads(found.to_json())


@pytest.mark.parametrize("name", [name for name in EVERY if name != "tuples"])
def test_everything_comes_back_as_it_was(name):
    c = EVERY[name]
    for thing in (c, c.support, -c, c + 1 if c.levels[0] == 0 else c):
        assert shown(there_and_back(thing)) == shown(thing)
        assert there_and_back(thing) == thing


@pytest.mark.parametrize("domain", WRITTEN)
@given(data=st.data())
def test_whatever_was_combined_comes_back(domain, data):
    try:
        c = combine_intervals(data.draw(rows(domain)))
    except OverflowError:  # beyond the largest float
        return
    assert shown(there_and_back(c)) == shown(c)
    assert c.to_json() == there_and_back(c).to_json()


def test_the_form_is_read_without_us():
    assert held(of((2, 4, 3), (1, 3, 2))) == {
        "intervalues": 1,
        "type": "IntervalCollection",
        "closed": "left",
        "coordinates": "int",
        "values": "int",
        "breakpoints": [1, 2, 3, 4],
        "levels": [0, 2, 5, 3, 0],
    }
    stay = of((NOON.replace(tzinfo=BERLIN), math.inf, Decimal("1.50")))
    assert held(stay) == {
        "intervalues": 1,
        "type": "IntervalCollection",
        "closed": "left",
        "coordinates": "datetime",
        "unit": "us",
        "zone": "Europe/Berlin",
        "values": "Decimal",
        "breakpoints": ["2024-03-31T12:00:00+02:00"],
        "levels": ["0.00", "1.50"],
    }
    assert held(IntervalSet([(Fraction(1, 3), 2)]))["breakpoints"] == ["1/3", 2]
    assert held(of((dt.timedelta(hours=-1), dt.timedelta(seconds=1.5))))["breakpoints"] == ["-PT3600S", "PT1.5S"]
    assert held(of((dt.date(2024, 2, 29), math.inf)))["breakpoints"] == ["2024-02-29"]
    assert held(of((1, 3), (2, 4), how="rows"))["levels"] == [[], [0], [0, 1], [1], []]


def test_nanoseconds_have_nine_digits():
    first, last = pd.Timestamp("2024-01-01T00:00:00.000000001"), pd.Timestamp("2024-01-01T00:00:01")
    assert held(of((first, last)))["breakpoints"] == ["2024-01-01T00:00:00.000000001", "2024-01-01T00:00:01.000000000"]
    long = of((pd.Timedelta(-1, "ns"), pd.Timedelta(1, "s")))
    assert held(long)["breakpoints"] == ["-PT0.000000001S", "PT1S"]
    zoned = of((first.tz_localize("America/New_York"), last.tz_localize("America/New_York")))
    assert held(zoned)["breakpoints"][0] == "2024-01-01T00:00:00.000000001-05:00"
    for c in (long, zoned):
        assert shown(there_and_back(c)) == shown(c)


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        (dt.UTC, "UTC"),
        (ZoneInfo("UTC"), "UTC"),
        (BERLIN, "Europe/Berlin"),
        (dt.timezone(dt.timedelta(hours=5, minutes=30)), "+05:30"),
        (dt.timezone(-dt.timedelta(minutes=1, seconds=2, microseconds=3), "odd"), "-00:01:02.000003"),
    ],
)
def test_zones_come_back_by_name_or_offset(zone, name):
    c = of((NOON.replace(tzinfo=zone), NOON.replace(tzinfo=zone, hour=13)))
    assert held(c)["zone"] == name
    again = there_and_back(c)
    assert (again, [str(x) for x in again.breakpoints]) == (c, [str(x) for x in c.breakpoints])


def test_both_hours_of_a_night_come_back_as_the_instants_they_are():
    first = dt.datetime(2024, 10, 27, 2, 30, tzinfo=BERLIN)
    c = of((first, first.replace(fold=1)))
    assert held(c)["breakpoints"] == ["2024-10-27T02:30:00+02:00", "2024-10-27T02:30:00+01:00"]
    assert shown(there_and_back(c)) == shown(c)


def test_long_numbers_are_no_slower_to_read_than_to_write():
    long = 7**9_000
    for value in (long, -long, Fraction(long, 2), Fraction(1, long)):
        for c in (of((0, 1, value)), of((-abs(value), value if value > 0 else 1))):
            assert there_and_back(c) == c
            assert list(map(type, there_and_back(c).levels)) == list(map(type, c.levels))
    assert held(of((0, 1, long)))["levels"][1] == hex(long)


def test_what_has_no_form_is_refused():
    for c, message in (
        (of(((1, 2), (3, 4))), "objects of type tuple have no form in JSON"),
        (of((NOON.replace(tzinfo=Nameless()), math.inf)), r"has no name to write.*astimezone"),
    ):
        with pytest.raises(TypeError, match=message):
            c.to_json()
    assert (of(((1, 2), (1, 2))) + 1).to_json() == (IntervalCollection() + 1).to_json()


# Groups


KEYS = [
    *(None, True, 0, -1.5, 2**70, "", "gate", ("a", 1), (None, (1.0,)), (), Decimal("1.50"), Fraction(1, 3)),
    *(dt.date(2024, 1, 1), NOON, NOON.replace(tzinfo=BERLIN), dt.timedelta(hours=1), pd.Timestamp(1, unit="ns")),
]


def test_groups_come_back_with_keys_of_the_same_types_in_the_same_order():
    groups = IntervalGroups({key: of((0, index + 1)) for index, key in enumerate(KEYS)})
    again = there_and_back(groups)
    assert again == groups
    assert list(map(spelled, again)) == list(map(spelled, groups))
    combined = combine_intervals(start=[1, 2], stop=[3, 4], value=[0.5, 1], by=["A", "B"])
    assert {key: shown(c) for key, c in there_and_back(combined).items()} == {k: shown(c) for k, c in combined.items()}
    assert there_and_back(IntervalGroups()) == IntervalGroups()


def test_keys_that_have_no_form_are_refused():
    for key in (b"gate", frozenset(), object):
        with pytest.raises(TypeError):
            IntervalGroups({key: IntervalCollection()}).to_json()
    with pytest.raises(ValueError, match="not JSON compliant"):
        IntervalGroups({math.inf: IntervalCollection()}).to_json()


# Hostile text


def spoilt(**changes):
    """Give the text of a collection in which something is changed, or, if it becomes None, missing."""
    found = {**held(of((2, 4, 3), (1, 3, 2))), **changes}
    return json.dumps({name: x for name, x in found.items() if x is not None})


HOSTILE = {
    "nothing": "",
    "no object": "[1, 2]",
    "a number": "3",
    "truncated": EVERY["ints"].to_json()[:-5],
    "deep": pytest.param(
        "[" * 100_000, marks=pytest.mark.skipif("sys.platform == 'emscripten'", reason="Python itself crashes there")
    ),
    "no UTF-8": b"\xff",
    "a set": IntervalSet([(1, 2)]).to_json(),
    "of another version": spoilt(intervalues=2),
    "without a version": spoilt(intervalues=None),
    "of another type": spoilt(type="Interval"),
    "of another side": spoilt(closed="both"),
    "without levels": spoilt(levels=None),
    "levels that are a text": spoilt(levels="02530"),
    "too few levels": spoilt(levels=[0, 2, 5, 3]),
    "equal neighbours": spoilt(levels=[0, 2, 2, 3, 0]),
    "a level that is a bool": spoilt(levels=[0, True, 5, 3, 0]),
    "a level that is a text": spoilt(levels=[0, "two", 5, 3, 0]),
    "a float among ints": spoilt(levels=[0, 2.5, 5, 3, 0]),
    "NaN": spoilt(levels=[0, math.nan, 5, 3, 0]),
    "an infinity": spoilt(levels=[0, 1e300, 5, 3, 0], values="float").replace("1e+300", "1e999"),
    "levels of ints that are to be floats": spoilt(values="float"),
    "unknown values": spoilt(values="complex"),
    "values that are a list": spoilt(values=[]),
    "rows that do not rise": spoilt(values="rows", levels=[[], [1, 0], [2], [3], []]),
    "rows that are none": spoilt(values="rows", levels=[[], [-1], ["a"], [3], []]),
    "unknown coordinates": spoilt(coordinates="complex"),
    "breakpoints that fall": spoilt(breakpoints=[1, 3, 2, 4]),
    "a breakpoint twice": spoilt(breakpoints=[1, 2, 2, 4]),
    "texts among ints": spoilt(breakpoints=[1, 2, 3, "x"]),
    "ints among texts": spoilt(coordinates="str", breakpoints=["a", "b", "c", 4]),
    "a negative zero": spoilt(coordinates="float", breakpoints=[-0.0, 2, 3, 4]),
    "no Decimal": spoilt(coordinates="Decimal", breakpoints=["1", "2", "3", "four"]),
    "a Decimal that is NaN": spoilt(coordinates="Decimal", breakpoints=["1", "2", "3", "NaN"]),
    "an endless Decimal": spoilt(values="Decimal", levels=["0", "1", "1E+99999999", "0", "1"]),
    "a denominator of zero": spoilt(coordinates="Fraction", breakpoints=["1/1", "2/1", "3/1", "4/0"]),
    "half a Fraction": spoilt(coordinates="Fraction", breakpoints=["1/1", "2/1", "3/1", "4"]),
    "no date": spoilt(coordinates="date", breakpoints=["2024-01-01", "2024-01-02", "2024-01-03", "2024-13-01"]),
    "times of an unknown unit": spoilt(coordinates="timedelta", unit="fs", breakpoints=["PT1S"] * 4),
    "no length of time": spoilt(coordinates="timedelta", unit="us", breakpoints=["1", "2", "3", "4"]),
    "too fine a time": spoilt(coordinates="timedelta", unit="us", breakpoints=["PT0.000000001S"] * 4),
    "a time without a fine end": spoilt(coordinates="datetime", unit="ns", breakpoints=["2024-01-01T00:00:00"] * 4),
    "a time without an offset": spoilt(coordinates="datetime", unit="us", zone="UTC", breakpoints=["2024-01-01"] * 4),
    "a time with an offset": spoilt(coordinates="datetime", unit="us", breakpoints=["2024-01-01T00:00+01:00"] * 4),
    "a number for a time": spoilt(coordinates="datetime", unit="us", breakpoints=[1, 2, 3, 4]),
    "an unknown zone": spoilt(coordinates="datetime", unit="us", zone="Mars/Olympus", breakpoints=[]),
    "a zone that is a path": spoilt(coordinates="datetime", unit="us", zone="../../etc/passwd", breakpoints=[]),
    "a zone that is a folder": spoilt(coordinates="datetime", unit="us", zone="Europe", breakpoints=[]),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_a_value_error(text):
    with pytest.raises(ValueError, match=r"^this is no JSON of an IntervalCollection: "):
        IntervalCollection.from_json(text)


def test_sets_hold_ones_and_zeros_only():
    with pytest.raises(ValueError, match=r"^this is no JSON of an IntervalSet: "):
        IntervalSet.from_json(spoilt(type="IntervalSet"))


@pytest.mark.parametrize(
    "pair", [[], 3, ["A"], ["A", 3], [{"coordinates": "int"}, {}], [[{}], held(IntervalCollection())]]
)
def test_hostile_groups_are_value_errors(pair):
    text = json.dumps({"intervalues": 1, "type": "IntervalGroups", "groups": [pair]})
    with pytest.raises(ValueError, match=r"^this is no JSON of an IntervalGroups: "):
        IntervalGroups.from_json(text)


def test_what_is_no_text_is_a_type_error():
    for bad in (None, 3, [], {}):
        with pytest.raises(TypeError, match=r"^text is of type .*; it must be str or bytes$"):
            IntervalCollection.from_json(bad)
    assert IntervalCollection.from_json(EVERY["dates"].to_json().encode()) == EVERY["dates"]
