"""A collection of every domain and of every kind of level, to try on all what holds for all."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from intervalues import IntervalCollection, combine_intervals

INF = math.inf
PLANES = combine_intervals([(2, 4, 3), (1, 3, 2)])  # [1,2; 2] [2,3; 5] [3,4; 3]
BERLIN = ZoneInfo("Europe/Berlin")
DAY = dt.timedelta(1)
NEW_YEAR = dt.date(2024, 1, 1)

EVERY = {
    "ints": PLANES,
    "nothing": IntervalCollection(),
    "a constant": IntervalCollection() + 5,
    "right": combine_intervals([(1, 3), (2, 4)], closed="right"),
    "huge ints": combine_intervals([(10**400, 10**401, 10**402), (-(2**63), 2**63 - 1)]),
    "floats": combine_intervals([(0.1, 0.3, 0.2), (0.2, INF, 1e308)]),
    "ints and floats": combine_intervals([(1, 2.5, 0.5), (2**53 + 1, INF, 3)]),
    "Decimals": combine_intervals([(Decimal("0.1"), Decimal("0.30"), Decimal("1.10"))]),
    "huge Decimals": combine_intervals([(Decimal("0.1"), Decimal("1E+30"), Decimal("1E+40"))]),
    "Fractions": combine_intervals([(Fraction(1, 3), Fraction(1, 2), Fraction(2, 7)), (1, 2, 1)]),
    "dates": combine_intervals([(NEW_YEAR, NEW_YEAR + DAY, 2), (NEW_YEAR, INF)]),
    "naive datetimes": combine_intervals([(dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 2))]),
    "aware datetimes": combine_intervals(
        [(dt.datetime(2024, 10, 27, 2, 30, fold=fold, tzinfo=BERLIN), INF) for fold in (0, 1)]
    ),
    "timedeltas": combine_intervals([(DAY, dt.timedelta.max)]),
    "timestamps": pd.DataFrame({"start": [pd.Timestamp(1)], "stop": [pd.Timestamp(3)]}).pipe(combine_intervals),
    "strings": combine_intervals([("Ada", "Linus"), ("Grace", INF)]),
    "tuples": combine_intervals([((1, 2), (1, 3)), (-INF, (2,))]),
}
every = pytest.mark.parametrize("c", EVERY.values(), ids=EVERY)
