"""What questions are asked about: the coordinates, windows and regions that callers name."""

from __future__ import annotations

import math
from typing import Any

from . import coordinates, dispatch, sources
from .arrays import Coded, Missing
from .columns import Codes, code_column, machine, objects
from .coordinates import Domain, Numbers, is_open, join, quoted
from .door import combine
from .interval import Interval
from .options import Options
from .steps import Steps, level_index, of_lists
from .values import INT

INSIDE = machine([0, 1, 0], "q")  # levels of a region that is one bounded window


def code_at(steps: Steps, x: Any) -> Any:
    """Give a coordinate as a code to look up; TypeError if it is none of the domain, ValueError if it is missing."""
    kind = type(x)
    if (kind is int or kind is float) and x == x:
        domain = steps.domain
        if type(domain) is Numbers and (domain.flavour is int or domain.flavour is float):
            return x
    plain_x = sources.plain(x)
    if isinstance(plain_x, Missing):
        raise ValueError(f"the coordinate {plain_x}")
    if is_open(plain_x):
        return plain_x
    own = coordinates.domain_of(plain_x)
    if not len(steps.points):
        return math.inf  # the level is the same everywhere
    if coordinates.join(steps.domain, own) is None:
        raise TypeError(f"{quoted(x)} does not mix with {steps.domain.name}")
    return steps.domain.encode(plain_x)


def levels_at(steps: Steps, xs: Any) -> Codes:
    """Give the codes of the levels at a column of coordinates; an error names the row. O(m log n)."""
    codes = codes_at(steps, xs)
    quick = dispatch.at(steps.points, steps.levels, codes, steps.closed == "left")
    if quick is not None:
        return quick
    found = [steps.levels[level_index(steps, code)] for code in objects(codes)]
    return code_column(found, steps.kind.typecode)


def codes_at(steps: Steps, xs: Any) -> Codes:
    """Give a column of coordinates as codes to look up, in a machine column if there is one for them. O(m)."""
    source = sources.read_column("xs", xs)
    coded = source if isinstance(source, Coded) else sources.plain_column(source)[0]
    if isinstance(coded, Coded) and not coded.missing and len(steps.points) and alike(steps.domain, coded.domain):
        return coded.codes if isinstance(coded.codes, memoryview) else code_column(coded.codes, coded.domain.typecode)
    codes: list[Any] = []
    try:
        codes.extend(code_at(steps, x) for x in sources.as_objects(source))
    except (TypeError, ValueError, OverflowError) as error:
        raise type(error)(f"row {len(codes)}: {error}") from None
    return tuple(codes)


def alike(a: Domain, b: Domain) -> bool:
    """Tell whether codes of both domains compare as their coordinates do."""
    if isinstance(a, Numbers) and isinstance(b, Numbers):
        return join(a, b) is not None
    return a == b or (join(a, b) is not None and getattr(a, "unit", None) == getattr(b, "unit", 0))


def window(closed: str, start: Any, stop: Any) -> Steps:
    """Give the region from `start` to `stop`; ValueError if they are reversed or missing.

    An empty window keeps its end, a breakpoint at which nothing changes, so that it mixes only with what that does.
    """
    try:
        found = combine(None, [start], [stop], None, Options(how="count", closed=closed))
    except (TypeError, ValueError, OverflowError) as error:
        own = str(error).startswith("row 0: ")
        text = str(error)[7:].partition("; missing=")[0]
        raise type(error)(f"window: {text}") if own else error from None
    if len(found.points) or found.levels[0] or is_open(sources.plain(start)):
        return found
    end = code_column([found.domain.encode(sources.plain(start))], found.domain.typecode)
    return found._replace(points=end, levels=machine([0, 0], "q"))


def whole_span(steps: Steps) -> Steps:
    """Give the region from the first to the last breakpoint, or to infinity where the outer level is not zero. O(1)."""
    first, last = bool(steps.levels[0]), bool(steps.levels[-1])
    if not first and not last:  # then there are two breakpoints at least
        ends = code_column((steps.points[0], steps.points[-1]), steps.domain.typecode)
        return Steps(steps.domain, ends, INT, INSIDE, steps.closed)
    points = [*([] if first else steps.points[:1]), *([] if last else steps.points[-1:])]
    levels = [*([] if first else [0]), 1, *([] if last else [0])]
    return of_lists(steps.domain, points, INT, levels, steps.closed)


def region_within(steps: Steps, within: Any) -> Steps:
    """Give the region that a statistic is of: `within` as (a, b), Interval or IntervalSet; None is the span."""
    if within is not None:
        return region_of(steps, within, "within")
    if not len(steps.points):
        raise ValueError("without breakpoints there is no span: pass within=(a, b)")
    return whole_span(steps)


def region_of(steps: Steps, given: Any, name: str) -> Steps:
    """Give a region that a caller named by (a, b), an Interval or an IntervalSet."""
    inside = getattr(given, "_region", None)
    if isinstance(inside, Steps):
        return inside
    if not isinstance(given, Interval) and (not isinstance(given, tuple) or len(given) != 2):
        raise TypeError(f"{name} is {quoted(given)}; it must be (a, b), an Interval or an IntervalSet")
    return window(steps.closed, given[0], given[1])
