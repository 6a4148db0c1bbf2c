"""Cells read many at once are what they are one by one, and what is refused alone is refused among others."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intervalues import cells

numbers = st.one_of(
    st.integers().map(str),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.text("0123456789.eE+-_ ", min_size=1, max_size=6),
)
times = st.one_of(
    st.datetimes().map(dt.datetime.isoformat),
    st.datetimes(timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=-4))])).map(dt.datetime.isoformat),
    st.dates().map(dt.date.isoformat),
    st.sampled_from(["20260701T10", "20260701 10", "2026-W27-3", "2026-W27-3T10:00Z", "2026-07-01T10:00:00.1234567"]),
)
KINDS = [*cells.GUESSED, *cells.TOLD.values()]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@given(texts=st.lists(st.one_of(numbers, times), min_size=1, max_size=3))
def test_many_cells_at_once_are_what_they_are_one_by_one(kind, texts):
    alone = []
    for text in texts:
        try:
            alone.append(kind.read(text))
        except ValueError:
            assert kind.read_all(texts) is None
            return
    together = kind.read_all(texts)
    if together is not None:  # else they are read one by one
        assert together == alone
        assert {*map(type, together)} <= {*map(type, alone)}


@given(hours=st.integers(0, 999), minutes=st.integers(0, 999), micros=st.integers(1, 10**9))
def test_lengths_add_up(hours, minutes, micros):
    whole = dt.timedelta(hours=hours, minutes=minutes, microseconds=micros)
    assert cells.length(f"{hours}h{minutes}min{micros}us") == whole
    assert cells.length(f"{Decimal(micros).scaleb(-3)}ms") == dt.timedelta(microseconds=micros)
    assert Fraction(cells.length(str(micros))) == micros
