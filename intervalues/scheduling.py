"""Scheduling: where a slot of some length fits."""

from __future__ import annotations

import math
from itertools import compress
from typing import Any

from . import lengths, lookup
from .algebra import restricted
from .coordinates import is_open, quoted
from .steps import Steps, bounds, common
from .windows import unit_of_codes


def first_fit(steps: Steps, free: Steps, length: Any, after: Any, within: Any) -> Any:
    """Give the earliest start of a slot of some length in the region `free` of a function, None without one. O(n)."""
    if within is not None:
        region = lookup.region_within(free, within)
        common(steps, region)  # they must mix even if nothing is free
        free = restricted(free, region)
    if after is None:
        after = -math.inf if not len(steps.points) or steps.levels[0] else steps.domain.decode(steps.points[0])
    else:
        refuse_coordinate(steps, after)
    free = restricted(free, lookup.window(free.closed, after, math.inf))
    domain, needed = lengths.length_code(free.domain, length, "length")
    if needed <= 0:
        raise ValueError(f"length is {quoted(length)}; it must be positive")
    needed *= unit_of_codes(domain) / unit_of_codes(free.domain)
    for start, stop in zip(*(compress(ends, free.levels) for ends in bounds(free)), strict=True):
        if is_open(start):
            raise ValueError("the slot has no earliest start: pass after=, or within=(a, b)")
        if is_open(stop) or is_at_least(start, stop, needed):
            return free.domain.decode(start)
    return None


def refuse_coordinate(steps: Steps, after: Any) -> None:
    """Raise TypeError or ValueError unless a slot can begin after this."""
    try:
        lookup.code_at(steps, after)
    except (TypeError, ValueError) as error:
        if type(error) not in (TypeError, ValueError):  # of the caller's own making
            raise
        raise type(error)(f"after: {error}") from None


def is_at_least(start: Any, stop: Any, length: Any) -> bool:
    """Tell whether two codes are so far apart, exactly."""
    (first, last), denominator = lengths.numerators([start, stop])
    return bool(last - first >= length * denominator)
