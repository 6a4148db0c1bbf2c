"""Bins: the edges of a histogram over the axis, from a step, a calendar or a list, and one value for each of them."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import islice, pairwise
from operator import lt
from typing import Any, NoReturn

from . import calendars, dispatch, door, lookup, sources, values
from .arrays import Missing
from .axis import as_column, domain_with, finite, holds, in_ticks, on_one_grid
from .columns import Codes, Column, Segments, code_column, objects
from .coordinates import FLOATS, Dates, Datetimes, Decimals, Domain, Numbers, is_open, quoted
from .ends import alike_ends, encode_ends
from .kernels.exact import rounded
from .lengths import numerators, refuse_lengthless
from .options import Options
from .rolling import Index, Measure, check_how, codes_of, in_own_codes, summaries
from .steps import Steps, common, recode
from .values import INT

MOST_BINS = 2**25  # a year of seconds; each takes some 40 bytes while it is made


def binned(index: Index, step_or_edges: Any, how: str, within: Any, unit: Any) -> Segments[Any, Any]:
    """Give one value per bin, zeros too. O(n), and O(log n) a bin."""
    check_how(how, unit)
    steps = index.steps
    given = sources.plain(step_or_edges)
    if isinstance(given, Iterable) and not isinstance(given, str | bytes):
        if within is not None:
            raise ValueError("within goes with a step: edges tell by themselves what they cover")
        shown, domain, edges = read_edges(steps, step_or_edges)
    else:
        shown, edges = grid(steps, given, lookup.region_within(steps, within))
        domain = shown
    measure = Measure(steps, domain, how, unit)
    codes = in_own_codes(steps, shown, edges)
    column: Column[Any] = Column(edges, shown.decoder, shown.dtype)
    return Segments(column[:-1], column[1:], summaries(measure, index, codes[:-1], codes[1:], quickly(steps)))


def quickly(steps: Steps) -> Any:
    """Give what answers about bins in the extension, None for what is not in machine columns."""
    points, levels = steps.points, steps.levels
    if not isinstance(points, memoryview) or not isinstance(levels, memoryview):
        return None
    return lambda starts, stops, how, divisor: dispatch.summarize((points, levels, starts, stops), how, divisor)


def read_edges(steps: Steps, edges: Any) -> tuple[Domain, Domain, Codes]:
    """Read strictly increasing edges: how they are shown, in which domain they are measured, and their codes."""
    source, missing = door.plain(sources.read_column("edges", edges))
    for row, reason in missing.items():
        raise ValueError(f"row {row}: edges {reason}")
    if sources.length(source) < 2:
        raise ValueError(f"edges has {sources.length(source)} rows; bins lie between two edges or more")
    options = Options(closed=steps.closed, names=("edges", "edges", "values"))
    ends = encode_ends(alike_ends(source, source), source, source, range(sources.length(source)), options)
    codes = codes_of(ends, ends.starts)
    if is_open(codes[0]) or is_open(codes[-1]) or not all(map(lt, codes, islice(codes, 1, None))):
        refuse_edges(ends.domain, codes)
    domain, _ = common(steps, Steps(ends.domain, tuple(codes[:1]), INT, (), steps.closed))
    shown = ends.points(ends.starts)
    return ends.domain, domain, without_negative_zero(shown) if ends.domain == FLOATS else shown


def without_negative_zero(edges: Codes) -> Codes:
    """Show an edge that is `-0.0` as `0.0`. O(log n), or O(n) if an edge is zero."""
    place = bisect_left(edges, 0.0)
    if place == len(edges) or edges[place] != 0:
        return edges
    return code_column([*edges[:place], edges[place] + 0, *edges[place + 1 :]], "d")


def refuse_edges(domain: Domain, codes: Sequence[Any]) -> NoReturn:
    """Raise ValueError for the first edge that is open or does not lie after the one before."""
    row = next(row for row, code in enumerate(codes) if is_open(code) or (row and not codes[row - 1] < code))
    if is_open(codes[row]):
        raise ValueError(f"row {row}: edges is {codes[row]}; edges must be finite")
    before, after = (quoted(domain.decode(x)) for x in codes[row - 1 : row + 1])
    raise ValueError(f"row {row}: edge {after} does not lie after {before}")


def grid(steps: Steps, step: Any, within: Steps) -> tuple[Domain, Codes]:
    """Lay bins of a step over a window, in the zone of the function; give their domain and the codes of the edges."""
    domain, _ = common(steps, within)
    refuse_lengthless(domain)
    if isinstance(domain, Datetimes) and isinstance(steps.domain, Datetimes):
        domain = Datetimes(domain.unit, steps.domain.zone)
    if within.levels[0] or within.levels[-1]:
        raise ValueError("bins over an unbounded window have no end: pass within=(a, b) with finite ends")
    if len(within.points) < 2:
        raise ValueError("over zero length there are no bins")
    named = isinstance(step, str) and not isinstance(step, Missing)
    if not named and isinstance(domain, Numbers | Decimals):
        domain, edges = number_grid(domain, within, step)
    else:
        lay = calendar_grid if named else tick_grid
        domain, edges = lay(within._replace(domain=domain, points=recode(within, domain)), step)
    if not holds(domain, edges[0]) or not holds(domain, edges[-1]):
        raise beyond(within, domain)
    return as_column(domain, edges)


def beyond(within: Steps, domain: Domain) -> OverflowError:
    """Give the error of bins that no coordinates hold."""
    start, stop = (quoted(within.domain.decode(within.points[index])) for index in (0, -1))
    return OverflowError(f"the bins that cover {start} to {stop} reach beyond what {domain.name} hold")


def calendar_grid(within: Steps, period: str) -> tuple[Domain, list[Any]]:
    """Lay days, weeks or months over dates or datetimes. O(bins)."""
    if period not in calendars.PERIODS:
        raise ValueError(f"step is {quoted(period)}; it must be a length, edges, 'day', 'week' or 'month'")
    if not isinstance(within.domain, Dates | Datetimes):
        raise TypeError(f"step is {quoted(period)}; that is for dates and datetimes, not for {within.domain.name}")
    try:
        return within.domain, list(calendars.edges(within.domain, period, within.points[0], within.points[-1]))
    except (OverflowError, ValueError):
        raise beyond(within, within.domain) from None


def tick_grid(within: Steps, step: Any) -> tuple[Domain, Sequence[Any]]:
    """Lay bins of elapsed time, from 0 or the midnight before the window on. O(bins)."""
    length = finite(step, "step", dt.timedelta, "it must be a timedelta, edges, 'day', 'week' or 'month'")
    domain, points, (ticks,) = in_ticks(within, length)
    if type(ticks) is not int:
        raise ValueError(f"step is {quoted(step)}; over {domain.name} it must be whole days")
    refuse_not_positive(step, ticks)
    origin = 0
    if isinstance(domain, Dates | Datetimes):
        origin = calendars.beginning(domain, calendars.day_of(domain, points[0]))
    first, last = numbers_of_edges(points[0] - origin, points[-1] - origin, ticks)
    return domain, range(origin + first * ticks, origin + last * ticks + 1, ticks)


def number_grid(domain: Any, within: Steps, step: Any) -> tuple[Domain, Sequence[Any]]:
    """Lay bins whose edges are the multiples of a number, a float each rounded once. O(bins)."""
    number = finite(step, "step", values.NUMBER, "it must be a number or edges")
    refuse_not_positive(step, number)
    domain = domain_with(domain, "step", number)
    if domain.flavour is Decimal:
        domain, points, (number,) = on_one_grid(within.domain, within.points, number)
    else:
        points = objects(within.points)
    (start, stop, length), _ = numerators([points[0], points[-1], number])
    first, last = numbers_of_edges(start, stop, length)
    if domain.flavour is not float:
        return domain, [index * number for index in range(first, last + 1)]
    numerator, denominator = Fraction(number).as_integer_ratio()

    def edge(index: int) -> float:
        return rounded(index * numerator, denominator)

    # Rounded, an edge may lie on the other side of an end of the window.
    first += (edge(first + 1) <= points[0]) - (edge(first) > points[0])
    last += (edge(last) < points[-1]) - (edge(last - 1) >= points[-1])
    edges = list(map(edge, range(first, last + 1)))
    for before, after in pairwise(edges):
        if before == after:
            raise ValueError(f"step is {quoted(step)}: near {before} that is finer than floats are")
    return domain, edges


def refuse_not_positive(step: Any, length: Any) -> None:
    """Raise ValueError unless a step leads on."""
    if length <= 0:
        raise ValueError(f"step is {quoted(step)}; it must be positive")


def numbers_of_edges(start: Any, stop: Any, step: Any) -> tuple[int, int]:
    """Give the multiples of a step, the last up to `start` and the first from `stop` on; ValueError if too many."""
    first, last = start // step, -(-stop // step)
    if last - first > MOST_BINS:
        raise ValueError(f"there would be {quoted(last - first)} bins, and at most there may be {MOST_BINS:,}")
    return first, last
