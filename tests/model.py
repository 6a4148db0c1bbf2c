"""The slow obvious model: a level is what all rows that cover the piece give, in Fractions, rounded to its kind."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

EPOCH = dt.datetime(1970, 1, 1)
MICROSECOND = dt.timedelta(microseconds=1)
BEFORE, AFTER = (-1,), (1,)  # where open ends lie, beside the places (0, x) of coordinates
HOW = {"sum": sum, "count": len, "max": lambda xs: max(xs, default=0), "min": lambda xs: min(xs, default=0)}


def place(x):
    """Say where a coordinate lies: something to compare exactly."""
    if isinstance(x, float) and math.isinf(x):
        return AFTER if x > 0 else BEFORE
    if isinstance(x, dt.datetime):
        plain = x.to_pydatetime(warn=False) if hasattr(x, "nanosecond") else x
        since = plain - (EPOCH if plain.utcoffset() is None else EPOCH.replace(tzinfo=dt.UTC))
        return 0, since // MICROSECOND + Fraction(getattr(x, "nanosecond", 0), 1000)
    if isinstance(x, dt.date):
        return 0, Fraction(x.toordinal())
    if isinstance(x, dt.timedelta):
        whole = (x.days * 86_400 + x.seconds) * 10**6 + x.microseconds
        return 0, whole + Fraction(getattr(x, "nanoseconds", 0), 1000)
    return 0, Fraction(x) if isinstance(x, int | float | Decimal | Fraction) else x


def kind_of(values):
    """Say which kind of number a column of values is."""
    return next((kind for kind in (float, Decimal, Fraction) if any(type(x) is kind for x in values)), int)


def as_kind(exact, kind):
    """Round an exact level; OverflowError if no float is near it."""
    return exact.numerator / exact.denominator + 0.0 if kind is float else Fraction(exact)


def canonical(pieces):
    """Leave out pieces whose level is that of the piece before."""
    return pieces[:1] + [after for before, after in pairwise(pieces) if before[1] != after[1]]


def combined(rows, how="sum"):
    """Give the pieces (place where it starts, level) of rows (start, stop, value)."""
    kind = int if how == "count" else kind_of([value for _, _, value in rows])
    ends = sorted({BEFORE, *(place(end) for row in rows for end in row[:2])} - {AFTER})
    placed = [(place(start), place(stop), Fraction(value)) for start, stop, value in rows]
    covering = [[value for start, stop, value in placed if start <= end < stop] for end in ends]
    return canonical([(end, as_kind(HOW[how](found), kind)) for end, found in zip(ends, covering, strict=True)])


def pieces_of(collection):
    """Give the pieces of a collection; its breakpoints and levels are all that is looked at."""
    points = [BEFORE, *map(place, collection.breakpoints)]
    return list(zip(points, collection.levels, strict=True))


def level_at(pieces, x, closed="left"):
    """Give the level at a place."""
    return [level for start, level in pieces if (start <= x if closed == "left" else start < x or start == BEFORE)][-1]


def clipped(pieces, start, stop):
    """Give the pieces (start, stop, level) between two places."""
    stops = [start for start, _ in pieces[1:]] + [AFTER]
    found = [(max(own, start), min(end, stop), level) for (own, level), end in zip(pieces, stops, strict=True)]
    return [piece for piece in found if piece[0] < piece[1]]


def integral(clipped_pieces):
    """Give the exact sum of level times length."""
    return sum((stop[1] - start[1]) * Fraction(level) for start, stop, level in clipped_pieces if level)
