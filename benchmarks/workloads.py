"""The workloads: intervals as columns, each a pure function of its size."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np


class Columns(NamedTuple):
    """Intervals as columns; `values` is None if each is worth 1."""

    starts: Any
    stops: Any
    values: Any
    digits: int | None = None

    def rows(self) -> list[tuple[Any, ...]]:
        """Give the same intervals as tuples."""
        columns = (column if isinstance(column, list) else column.tolist() for column in self[:3] if column is not None)
        return list(zip(*columns, strict=True))

    def arguments(self) -> dict[str, Any]:
        """Give the columns as arguments of `combine_intervals`."""
        return {"start": self.starts, "stop": self.stops, "value": self.values, "digits": self.digits}


def ten_ends(n: int) -> Columns:
    """W1: ends in 0..10."""
    random = np.random.default_rng(1)
    ends = np.sort(random.integers(0, 11, (2, n)), axis=0)
    return Columns(ends[0].copy(), ends[1].copy(), None)


def week(n: int) -> Columns:
    """W4: a week's schedule in minutes."""
    random = np.random.default_rng(4)
    starts = random.integers(0, 10_000, n)
    return Columns(starts, starts + random.integers(1, 80, n), None)


def scattered(n: int) -> Columns:
    """W2: starts uniform in 0..1e9 for a million, lengths up to 1e4."""
    random = np.random.default_rng(2)
    starts = random.integers(0, 1000 * n, n)
    return Columns(starts, starts + random.integers(1, 10_000, n), None)


def valued(n: int) -> Columns:
    """W2v: the same, with values 1..100."""
    values = np.random.default_rng(3).integers(1, 101, n)
    return scattered(n)._replace(values=values)


def presorted(n: int) -> Columns:
    """W5: W2 sorted by start."""
    starts, stops, *_ = scattered(n)
    order = np.argsort(starts, kind="stable")
    return Columns(starts[order], stops[order], None)


def floats(n: int) -> Columns:
    """W3: float64 ends and values of two decimals."""
    random = np.random.default_rng(5)
    starts = np.round(random.uniform(0, 10.0 * n, n), 2)
    return Columns(starts, np.round(starts + random.uniform(0.01, 100, n), 2), np.round(random.uniform(0, 100, n), 2))


def hundredths(n: int) -> Columns:
    """W3d: the same with `digits=2`."""
    return floats(n)._replace(digits=2)


def decimals(n: int) -> Columns:
    """Lists of `Decimal`s of two decimals: W3 as it was meant."""
    return Columns(*([Decimal(round(number * 100)).scaleb(-2) for number in column] for column in floats(n)[:3]))


def datetimes(n: int) -> Columns:
    """A year in seconds: `datetime64` columns, rows of `datetime`."""
    random = np.random.default_rng(6)
    starts = np.datetime64("2024-01-01", "us") + random.integers(0, 366 * 86_400, n).astype("m8[s]")
    return Columns(starts, starts + random.integers(60, 86_400, n).astype("m8[s]"), None)


WORKLOADS: dict[str, Callable[[int], Columns]] = {
    "W1": ten_ends,
    "W4": week,
    "W2": scattered,
    "W2v": valued,
    "W5": presorted,
    "W3": floats,
    "W3d": hundredths,
    "decimals": decimals,
    "datetimes": datetimes,
}
