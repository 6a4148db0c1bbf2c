"""Uniform columns: lists whose items are all of exactly one type, encoded at the speed of C.

What is mixed, subclassed, missing or wrong is left to the careful way of `sources.plain` and `coordinates`, which words
the errors. Both give the same codes. Ints among floats, and open ends among times and Decimals, are uniform, too.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Sequence, Set
from decimal import Decimal
from itertools import repeat
from operator import attrgetter, eq, sub
from typing import Any

from .arrays import NAN, Coded, Missing
from .coordinates import (
    EPOCH,
    EPOCH_DAY,
    EPOCH_UTC,
    EXACT,
    FIRST_TICK,
    FLOATS,
    INTS,
    LAST_TICK,
    MICRO,
    MICROSECOND,
    Dates,
    Datetimes,
    Decimals,
    Timedeltas,
    decimal_exponents,
    same_zone,
)

MOST_PLACES = 18  # of a code that is sure to fit 64 bits


Encoder = Callable[[list[Any]], Coded | None]


def coded(column: list[Any], kinds: Set[type]) -> Coded | None:
    """Give the codes of a column of items of these types, None if it is not uniform. O(n)."""
    if kinds == {int, float}:
        return mixed(column)
    closed = kinds - {float} or kinds
    encode = ENCODERS.get(next(iter(closed))) if len(closed) == 1 else None
    if encode is None:
        return None
    return encode(column) if closed == kinds else with_open_ends(column, encode)


def integers(column: list[Any]) -> Coded:
    """Ints are their own codes."""
    return Coded(column, INTS, {}, column)


def floats(column: list[Any]) -> Coded:
    """Floats are their own codes."""
    return Coded(column, FLOATS, nan_rows(column), column)


def nan_rows(column: Sequence[float]) -> dict[int, Missing]:
    """Tell which floats are NaN. O(n), fast without."""
    total = sum(column)
    return {} if total == total else {row: NAN for row, x in enumerate(column) if x != x}


def mixed(column: list[Any]) -> Coded | None:
    """Encode ints and floats: as floats if each int is one, as ints if all floats are open ends."""
    if all(math.isinf(x) for x in column if type(x) is float):
        return Coded(column, INTS, {}, column)
    near = near_floats(column)
    return None if near is None else Coded(near, FLOATS, {}, column)


def near_floats(column: Sequence[Any]) -> list[float] | None:
    """Give ints and floats as floats, None if they are not equal, as neither NaN is."""
    try:
        near = list(map(float, column))
    except OverflowError:
        return None
    return near if all(map(eq, column, near)) else None


def dates(column: list[Any]) -> Coded:
    """Encode dates as days."""
    return Coded([x.toordinal() - EPOCH_DAY for x in column], Dates(), {}, column)


def timedeltas(column: list[Any]) -> Coded:
    """Encode timedeltas as microseconds."""
    return Coded([x // MICROSECOND for x in column], Timedeltas(MICRO), {}, column)


def datetimes(column: list[Any]) -> Coded | None:
    """Encode naive or aware datetimes as microseconds since 1970."""
    zones = list(map(attrgetter("tzinfo"), column))
    zone = zones[0]
    alone = len(set(map(id, zones))) == 1  # not every zone can be hashed
    if zone is None and alone:
        return Coded([(x - EPOCH) // MICROSECOND for x in column], Datetimes(MICRO, None), {}, column)
    try:
        since = since_epoch(column, zone) if alone and zone is not dt.UTC else map(sub, column, repeat(EPOCH_UTC))
        ticks = [span // MICROSECOND for span in since]
    except TypeError:  # naive ones among them
        return None
    if min(ticks) < FIRST_TICK or max(ticks) > LAST_TICK:
        return None
    if not alone and not all(same_zone(zone, other) for other in {id(other): other for other in zones}.values()):
        zone = dt.UTC
    return Coded(ticks, Datetimes(MICRO, zone), {}, column)


def since_epoch(column: list[Any], zone: dt.tzinfo) -> Iterable[dt.timedelta]:
    """Give the time since 1970 of datetimes of one zone: the difference of their clocks, less their offsets."""
    clocks = map(sub, column, repeat(EPOCH.replace(tzinfo=zone)))
    return map(sub, clocks, map(dt.datetime.utcoffset, column))


def decimals(column: list[Any]) -> Coded | None:
    """Encode finite Decimals as whole numbers of their finest place."""
    if not all(map(Decimal.is_finite, column)):
        return None
    finest = min(decimal_exponents(column))
    if max(map(Decimal.adjusted, column)) - finest >= MOST_PLACES:
        return None
    codes = [int(x) for x in map(EXACT.scaleb, column, repeat(-finest))]
    unsigned = column if all(column) else [x or x.copy_abs() for x in column]
    return Coded(codes, Decimals(finest), {}, unsigned)


def with_open_ends(column: list[Any], encode: Encoder) -> Coded | None:
    """Encode times or Decimals among open ends."""
    if not all(math.isinf(x) for x in column if type(x) is float):
        return None
    inner = encode([x for x in column if type(x) is not float])
    if inner is None:
        return None
    codes, given = iter(inner.codes), iter(inner.given)
    both = [(x, x) if type(x) is float else (next(codes), next(given)) for x in column]
    return Coded([code for code, _ in both], inner.domain, {}, [x for _, x in both])


ENCODERS: dict[type, Encoder] = {
    int: integers,
    float: floats,
    Decimal: decimals,
    dt.date: dates,
    dt.datetime: datetimes,
    dt.timedelta: timedeltas,
}
