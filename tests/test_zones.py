"""`astimezone`: the same instants, shown in another zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from intervalues import IntervalSet, combine_intervals

NOON = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
TOKYO = ZoneInfo("Asia/Tokyo")
STAY = combine_intervals([(NOON, NOON + dt.timedelta(hours=1), 2)])


def test_instants_stay_and_only_the_zone_changes():
    shown = STAY.astimezone(TOKYO)
    assert shown == STAY
    assert hash(shown) == hash(STAY)
    assert shown.span.start.isoformat() == "2026-07-01T21:00:00+09:00"
    assert shown[NOON] == 2
    assert STAY.support.astimezone(TOKYO).span.start.tzinfo is TOKYO
    assert type(STAY.support.astimezone(TOKYO)) is IntervalSet


def test_nanoseconds_stay():
    fine = combine_intervals([(pd.Timestamp(1, unit="ns", tz="UTC"), pd.Timestamp(5, unit="ns", tz="UTC"))])
    assert fine.astimezone(TOKYO).breakpoints[0] == pd.Timestamp(1, unit="ns", tz="Asia/Tokyo")


def test_days_are_those_of_the_zone_that_is_shown():
    # Noon in UTC is the evening of that day in Tokyo, and three hours later it is the next one.
    late = combine_intervals([(NOON, NOON + dt.timedelta(hours=5))]).astimezone(TOKYO)
    assert [x.isoformat() for x in late.bin("day").starts] == ["2026-07-01T00:00:00+09:00", "2026-07-02T00:00:00+09:00"]


def test_a_window_in_another_zone_does_not_change_what_is_shown():
    stay, hour = STAY.astimezone(TOKYO), dt.timedelta(hours=1)
    window = NOON, NOON + hour / 2
    for shown in (stay[slice(*window)], stay.where(window), stay.argmax(within=window)):
        assert shown.span.start.tzinfo is TOKYO
    assert stay.nlargest(1, within=window)[0].start.tzinfo is TOKYO
    assert stay.first_fit(hour / 4, at_most=2, within=window).tzinfo is TOKYO


def test_what_has_no_zone_says_so():
    with pytest.raises(TypeError, match="naive datetimes are shown in no time zone"):
        combine_intervals([(dt.datetime(2026, 7, 1), dt.datetime(2026, 7, 2))]).astimezone(TOKYO)
    with pytest.raises(TypeError, match="ints are shown in no time zone"):
        combine_intervals([(1, 2)]).astimezone(TOKYO)
    with pytest.raises(TypeError, match="tz is 'Asia/Tokyo'"):
        STAY.astimezone("Asia/Tokyo")


def test_nothing_at_all_belongs_to_every_zone():
    assert combine_intervals([]).astimezone(TOKYO) == combine_intervals([])
