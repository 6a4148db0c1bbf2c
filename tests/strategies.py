"""Hypothesis strategies: coordinates of every domain, values of every kind, and rows made of them."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pandas as pd
from hypothesis import strategies as st
from model import place

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
FOLDS = [
    dt.datetime(2024, 10, 27, 2, 30, fold=fold, tzinfo=BERLIN) + dt.timedelta(minutes=minutes)
    for fold in (0, 1)
    for minutes in (-60, 0, 15, 60)
]
DIGITS = st.integers(-(10**20), 10**20) | st.integers(-9, 9)

finite = st.floats(allow_nan=False, allow_infinity=False)
near_extremes = st.builds(int.__add__, st.sampled_from([-(2**63), 2**63, -(2**53), 2**53, 10**400]), st.integers(-2, 2))
decimals = st.builds(lambda digits, exponent: Decimal(digits).scaleb(exponent), DIGITS, st.integers(-25, 25))
nanoseconds = st.integers(-(2**62), 2**62) | st.integers(-2000, 2000)

COORDINATES = {
    "small ints": st.integers(-3, 3),
    "ints": st.integers(-3, 3) | near_extremes | st.integers(),
    "floats": finite | st.sampled_from([0.0, -0.0, 0.1, 0.2, 0.30000000000000004, 1e308, 5e-324]),
    "ints and floats": finite | st.integers(-3, 3) | near_extremes | st.sampled_from([1.0, 2.0**53, -0.0]),
    "Decimals": decimals,
    "ints and Decimals": decimals | st.integers(-3, 3) | near_extremes,
    "Fractions": st.fractions(max_denominator=50),
    "ints and Fractions": st.fractions() | st.integers(-3, 3) | near_extremes,
    "dates": st.dates(),
    "naive datetimes": st.datetimes() | st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 2)),
    "aware datetimes": st.sampled_from(FOLDS)
    | st.datetimes(
        dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1), timezones=st.sampled_from([BERLIN, NEW_YORK, dt.UTC])
    ),
    "timedeltas": st.timedeltas() | st.timedeltas(dt.timedelta(-1), dt.timedelta(1)),
    "timestamps": nanoseconds.map(lambda n: pd.Timestamp(n, unit="ns")),
    "aware timestamps": nanoseconds.map(lambda n: pd.Timestamp(n, unit="ns", tz="Europe/Berlin")),
    "timestamps and datetimes": nanoseconds.map(lambda n: pd.Timestamp(n, unit="ns"))
    | st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1)),
    "fine timedeltas": nanoseconds.map(lambda n: pd.Timedelta(n, "ns")),
    "strings": st.text("ab\u00e9\U0001f6e9", max_size=3),
    "tuples": st.tuples(st.integers(-2, 2), st.integers(-2, 2)),
}
NUMBERS = ["small ints", "ints", "floats", "ints and floats", "Decimals", "Fractions", "ints and Fractions"]
TIMES = ["dates", "naive datetimes", "aware datetimes", "timedeltas", "timestamps", "fine timedeltas"]

VALUES = {
    "ones": st.just(1),
    "ints": st.integers(-3, 3),
    "bools": st.booleans(),
    "huge ints": near_extremes | st.integers(),
    "floats": finite | st.sampled_from([0.1, -0.1, 1e16, -1e16, 1.0, 5e-324, -5e-324, 1e308, -1e308]),
    "ints and floats": finite | st.integers(-3, 3) | st.integers(-(2**70), 2**70),
    "Decimals": decimals,
    "ints and Decimals": decimals | st.integers(-3, 3) | near_extremes,
    "Fractions": st.fractions(),
    "ints and Fractions": st.fractions(max_denominator=9) | st.integers(-3, 3) | near_extremes,
    "floats and Fractions": st.floats(-10, 10) | st.fractions(),
}


@st.composite
def rows(draw, domain, kinds=tuple(VALUES), max_size=6, open_ends=True):
    """Rows (start, stop, value) whose ends often meet."""
    pool = draw(st.lists(COORDINATES[domain], min_size=1, max_size=6))
    ends = st.sampled_from([*pool, -math.inf, math.inf] if open_ends else pool)
    values = VALUES[draw(st.sampled_from(kinds))]
    made = draw(st.lists(st.tuples(ends, ends, values), max_size=max_size))
    return [(*sorted(row[:2], key=place), row[2]) for row in made]


# Whatever may turn up where a number is expected.
JUNK = st.sampled_from(
    [
        *(None, pd.NaT, pd.NA, math.nan, Decimal("NaN"), Decimal("sNaN"), math.inf, -math.inf, Decimal("Infinity")),
        *(True, "a", b"x", (), 1j, dt.date(2024, 1, 1), dt.timedelta(1), dt.datetime(2024, 1, 1), Fraction(1, 3)),
        *(-0.0, 2**63, -(2**63), 2**64, 10**400, 1e308, -1e308, 5e-324, Decimal("0.5")),
    ]
)
anything = st.integers(-3, 3) | st.floats(-3, 3) | JUNK
