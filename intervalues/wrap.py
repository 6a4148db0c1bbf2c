"""Wrapping: a function folded onto one period, each level the exact sum of all turns, rounded once."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import islice, repeat
from operator import sub
from typing import Any, NamedTuple

from . import sources, values
from .arrays import Missing
from .axis import as_column, domain_with, finite, holds, in_ticks, on_one_grid
from .calendars import DAY, MONDAY, beginning, offset, offsets
from .columns import objects
from .coordinates import (
    MICRO,
    Dates,
    Datetimes,
    Decimals,
    Domain,
    Numbers,
    Timedeltas,
    domain_of,
    is_open,
    join,
    quoted,
)
from .kernels.exact import rounded
from .kernels.merge import merge
from .lengths import numerators, refuse_lengthless
from .steps import Steps, of_lists, recode
from .values import FLOAT, FRACTION

PERIODS = {"day": DAY, "week": 7 * DAY}


class Turns(NamedTuple):
    """Changes of the level, and the period and origin by which they are folded, in exact numbers.

    `scale` of these are one code of `domain`, the domain of offsets.
    """

    domain: Domain
    points: Sequence[Any]
    changes: Sequence[Any]
    period: Any
    origin: Any
    scale: int = 1


def wrapped(steps: Steps, period: Any, origin: Any) -> Steps:
    """Fold a function onto one period. O(n log n), however many turns a piece takes."""
    values.refuse_rows(steps.kind)
    refuse_lengthless(steps.domain)
    for level in filter(None, (steps.levels[0], steps.levels[-1])):
        raise ValueError(f"the level {quoted(steps.kind.decode(level))} reaches to infinity: it has no end of turns")
    if isinstance(period, str) and period not in PERIODS:
        raise ValueError(f"period is {quoted(period)}; it must be a length, 'day' or 'week'")
    if not len(steps.points):
        if not isinstance(period, str):
            kinds = (*values.NUMBER, dt.timedelta)
            positive(period, finite(period, "period", kinds, "it must be a number or a timedelta"))
        return steps
    if isinstance(period, str) and not isinstance(steps.domain, Dates | Datetimes):
        raise TypeError(f"period is {quoted(period)}; that is for dates and datetimes, not for {steps.domain.name}")
    levels, scale = numerators(objects(steps.levels))
    if isinstance(steps.domain, Numbers | Decimals):
        turns = turns_of_numbers(steps, levels, period, origin)
    else:
        turns = turns_of_times(steps, levels, period, origin)
    points, sums = folded(turns)
    values.refuse_long_levels(steps.kind, tuple(sums))
    domain, column = as_column(turns.domain, points)
    if steps.kind is FLOAT:
        sums = values.floats(sums, scale)
    if steps.kind is FRACTION:
        sums = list(map(Fraction, sums))
    return of_lists(domain, objects(column), steps.kind, sums, steps.closed)


def positive(given: Any, length: Any) -> Any:
    """Give the length of a period; ValueError unless it is one."""
    if length <= type(length)(0):
        raise ValueError(f"period is {quoted(given)}; it must be positive")
    return length


def turns_of_numbers(steps: Steps, levels: Sequence[Any], period: Any, origin: Any) -> Turns:
    """Prepare a function over numbers. O(n)."""
    needed = f"over {steps.domain.name} it must be a number"
    length = positive(period, finite(period, "period", values.NUMBER, needed))
    zero = 0 if origin is None else finite(origin, "origin", values.NUMBER, needed)
    domain = domain_with(domain_with(steps.domain, "period", length), "origin", zero)
    points: Sequence[Any] = objects(steps.points)
    if domain.flavour is Decimal:
        domain, points, (length, zero) = on_one_grid(steps.domain, steps.points, length, zero)
    numbers = [*points, length, zero]
    numbers, scale = numerators(values.near_floats(numbers) if domain.flavour is float else numbers)  # type: ignore[assignment]
    return Turns(domain, numbers[:-2], differences(levels), numbers[-2], numbers[-1], scale)


def differences(levels: Sequence[Any]) -> list[Any]:
    """Give by how much each level differs from the one before. O(n)."""
    return list(map(sub, islice(levels, 1, None), levels))


def turns_of_times(steps: Steps, levels: Sequence[Any], period: Any, origin: Any) -> Turns:
    """Prepare a function over times, whose offsets are timedeltas. O(n), and O(days) for days of a zone."""
    steps, moment = with_origin(steps, origin)
    domain: Any = steps.domain
    if isinstance(period, str):
        points: Sequence[Any] = objects(steps.points)
        ticks = PERIODS[period] * (domain.unit // MICRO)
    else:
        length = finite(period, "period", dt.timedelta, f"over {domain.name} it must be a timedelta")
        domain, codes, (ticks,) = in_ticks(steps, length)
        points = objects(codes)
        moment = moment and moment * (domain.unit // steps.domain.unit)  # type: ignore[attr-defined]
    if moment is None:
        moment = beginning(domain, MONDAY) if isinstance(domain, Datetimes) else 0
    changes = differences(levels)
    if isinstance(period, str) and domain.zone is not None:
        fine = domain.unit // MICRO
        moment += offset(domain.zone, moment // fine) * fine
        points, changes = on_the_clock(domain.zone, fine, points, levels)
    return Turns(Timedeltas(domain.unit), points, changes, positive(period, ticks), moment)


def with_origin(steps: Steps, origin: Any) -> tuple[Steps, Any]:
    """Give times as datetimes or timedeltas in one unit with an origin, and its code, None without one. O(n)."""
    zone, moment = getattr(steps.domain, "zone", None), None
    if origin is not None:
        plain = sources.plain(origin)
        if isinstance(plain, Missing) or is_open(plain):
            raise ValueError(f"origin is {quoted(origin)}; it must be a coordinate")
        domain = join(steps.domain, domain_of(plain))
        if domain is None:
            raise TypeError(f"origin is {quoted(origin)}, which does not mix with {steps.domain.name}")
        steps = steps._replace(domain=domain, points=recode(steps, domain))
        moment = domain.encode(plain)
    if isinstance(steps.domain, Datetimes):
        steps = steps._replace(domain=Datetimes(steps.domain.unit, zone))
    if isinstance(steps.domain, Dates):
        steps = steps._replace(domain=Datetimes(MICRO, None), points=tuple(x * DAY for x in steps.points))
        moment = moment and moment * DAY
    return steps, moment


def on_the_clock(
    zone: dt.tzinfo, fine: int, points: Sequence[Any], levels: Sequence[Any]
) -> tuple[list[Any], list[Any]]:
    """Give times that the clock on the wall shows when the level changes or it is set, and the changes seen at them.

    When it is set, a level ends at one time and goes on at another. `fine` ticks are a microsecond.
    """
    settings = list(offsets(zone, points[0] // fine, -(-points[-1] // fine)))
    at, ahead = [micros * fine for micros, _ in settings[1:]], [by * fine for _, by in settings]
    cut, pairs = merge(points, levels, at, ahead, lambda level, by: (level, by))
    begun = [(x + by, level) for x, (level, by) in zip(cut, islice(pairs, 1, None), strict=True)]
    ended = [(x + by, -level) for x, (level, by) in zip(cut, pairs, strict=False)]
    shown, changes = zip(*begun, *ended, strict=True)
    return list(shown), list(changes)


def folded(turns: Turns) -> tuple[list[Any], list[Any]]:
    """Give offsets and the exact sums of levels between them. O(n log n).

    A piece that begins in one turn and ends k turns later covers all of the period k times, and what lies between its
    two offsets once more, or, if they are reversed, once less. So each change counts by itself: at its offset, and
    before all of them as often as turns lie between the origin and it, the other way round.
    """
    period, origin = turns.period, turns.origin
    base: Any = 0
    changes: dict[Any, Any] = {}
    places = map(divmod, map(sub, turns.points, repeat(origin)), repeat(period))
    for (turn, place), change in zip(places, turns.changes, strict=True):
        base -= change * turn
        changes[place] = changes.get(place, 0) + change
    end = offset_code(turns, period)
    if not holds(turns.domain, end):
        raise OverflowError(f"the period is beyond what {turns.domain.name} hold")
    points, sums = [offset_code(turns, 0)], [0, base]
    for x in sorted(changes):
        base += changes[x]
        code = offset_code(turns, x)
        if code == points[-1]:
            sums[-1] = base
        elif code < end:  # it may have been rounded up to the end
            points.append(code)
            sums.append(base)
    return [*points, end], [*sums, 0]


def offset_code(turns: Turns, x: Any) -> Any:
    """Give the code of an exact offset, a float rounded once."""
    flavour = getattr(turns.domain, "flavour", None)
    if flavour is float:
        numerator, denominator = x.as_integer_ratio()
        return rounded(numerator, denominator * turns.scale)
    return Fraction(x) if flavour is Fraction else x
