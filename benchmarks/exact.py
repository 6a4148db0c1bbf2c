"""The exact answer, by Python's whole numbers, and how far another is from it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from workloads import Columns


class Answer(NamedTuple):
    """Breakpoints, and the level from each to the next; before the first it is 0."""

    breakpoints: Any
    levels: Any

    def segments(self) -> tuple[Any, Any, Any]:
        """Give starts, stops and levels where the level is not 0."""
        covered = np.flatnonzero(self.levels[:-1])
        return self.breakpoints[:-1][covered], self.breakpoints[1:][covered], self.levels[:-1][covered]


def canonical(breakpoints: Any, levels: Any) -> Answer:
    """Leave out the breakpoints at which the level does not change."""
    changes = np.flatnonzero(np.diff(levels, prepend=0))
    return Answer(breakpoints[changes], levels[changes])


def exact_answer(columns: Columns) -> Answer:
    """Combine by a dict of exact changes: slow, and hard to get wrong."""
    starts, stops = columns.starts.tolist(), columns.stops.tolist()
    values = [1] * len(starts) if columns.values is None else columns.values.tolist()
    if columns.digits is not None:
        unit = 10**columns.digits
        starts, stops, values = ([round(number * unit) for number in column] for column in (starts, stops, values))
    else:
        # Every float is a whole multiple of a power of two: those of the finest add exactly.
        ratios = [value.as_integer_ratio() for value in values]
        unit = max(below for _, below in ratios)
        values = [above * (unit // below) for above, below in ratios]
    changes: dict[Any, int] = dict.fromkeys(starts, 0) | dict.fromkeys(stops, 0)
    for start, stop, value in zip(starts, stops, values, strict=True):
        changes[start] += value
        changes[stop] -= value
    sums, total = [], 0
    breakpoints = sorted(changes)
    for breakpoint in breakpoints:
        total += changes[breakpoint]
        sums.append(total)
    if unit == 1:
        return canonical(np.array(breakpoints), np.array(sums))
    # Whole numbers divide to the nearest float.
    points = breakpoints if columns.digits is None else [point / unit for point in breakpoints]
    return canonical(np.array(points), np.array([total / unit for total in sums]))


class Errors(NamedTuple):
    """How an answer differs from the exact one, in segments."""

    invented: int
    missing: int
    off: int
    largest: float

    def __bool__(self) -> bool:
        return any(self)

    def __str__(self) -> str:
        text = f"invents {self.invented:,} segments, misses {self.missing:,}"
        return text + (f", {self.off:,} levels are off by up to {self.largest:.0e}" if self.off else "")


def errors(answer: Answer, exact: Answer) -> Errors:
    """Compare an answer with the exact one, segment by segment."""
    starts, stops, levels = answer.segments()
    true_starts, true_stops, true_levels = exact.segments()
    if len(true_starts) == 0:
        return Errors(len(starts), 0, 0, 0.0)
    place = np.searchsorted(true_starts, starts).clip(max=len(true_starts) - 1)
    known = (true_starts[place] == starts) & (true_stops[place] == stops)
    distance = np.abs(levels[known] - true_levels[place[known]])
    count = int(np.count_nonzero(known))
    off = int(np.count_nonzero(distance))
    return Errors(len(starts) - count, len(true_starts) - count, off, float(distance.max(initial=0)))
