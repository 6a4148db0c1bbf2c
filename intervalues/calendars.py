"""Calendars: days, weeks and months of the clock on the wall, in the zone that a collection is shown in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from .coordinates import (
    EPOCH,
    EPOCH_DAY,
    EPOCH_UTC,
    FIRST_TICK,
    LAST_TICK,
    MICRO,
    MICROSECOND,
    Datetimes,
    Domain,
)

DAY = 86_400 * MICRO  # ticks of a day
MONDAY = dt.date(2001, 1, 1).toordinal() - EPOCH_DAY  # from which weeks are counted, in winter time
PERIODS = ("day", "week", "month")


def day_of(domain: Domain, code: Any) -> int:
    """Give the day on the wall, in days since 1970, of a date or instant."""
    if not isinstance(domain, Datetimes):
        return int(code)
    micros = code * MICRO // domain.unit
    return int((micros if domain.zone is None else on_the_wall(domain.zone, micros)) // DAY)


def beginning(domain: Domain, day: int) -> int:
    """Give the code of the first instant of a day on the wall; OverflowError if no coordinate holds it."""
    return instant(domain, day * DAY) if isinstance(domain, Datetimes) else day


def instant(domain: Datetimes, wall: int) -> int:
    """Give the code of the first instant at which the clock on the wall shows a time, or a later one if it skips it."""
    micros = wall if domain.zone is None else first_instant(domain.zone, wall)
    return micros * (domain.unit // MICRO)


def on_the_wall(zone: dt.tzinfo, micros: int) -> int:
    """Give what the clock on the wall shows at an instant, as if it were UTC; at the ends of time its nearest."""
    instant = EPOCH_UTC + min(max(micros, FIRST_TICK + DAY), LAST_TICK - DAY) * MICROSECOND
    shown = instant.astimezone(zone).replace(tzinfo=None) - EPOCH
    return shown // MICROSECOND + micros - (instant - EPOCH_UTC) // MICROSECOND


def first_instant(zone: dt.tzinfo, wall: int) -> int:
    """Give the first instant at which the clock on the wall shows a time, or, if it skips it, a later one."""
    #    clock set back:   earlier) [earlier ... later)  [later      it shows some times twice: the first is meant
    #    clock set ahead:  earlier)                      [later      it skips some: where it jumps is meant
    earlier, later = (2 * wall - on_the_wall(zone, wall + side) + side for side in (-DAY, DAY))
    for micros in sorted((earlier, later)):
        if on_the_wall(zone, micros) == wall:
            return micros
    return first_of(later, earlier, lambda micros: on_the_wall(zone, micros) >= wall)


def first_of(start: int, stop: int, reached: Callable[[int], bool]) -> int:
    """Give the first instant that has reached what all later ones have, or `stop`."""
    while start < stop:  # no bisect: where an index has 32 bits, a range is no longer than 35 minutes
        middle = (start + stop) // 2
        start, stop = (start, middle) if reached(middle) else (middle + 1, stop)
    return start


def offset(zone: dt.tzinfo, micros: int) -> int:
    """Give by how much the clock on the wall is ahead of UTC."""
    return on_the_wall(zone, micros) - micros


def offsets(zone: dt.tzinfo, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Give `start` and the instants before `stop` at which a zone changes its offset, each with the new one. O(days).

    A change that is undone within a day is not seen.
    """
    now = offset(zone, start)
    yield start, now
    for day in range(start, stop, DAY):
        end = min(day + DAY, stop)
        if (then := offset(zone, end)) != now:
            yield first_change(zone, day, end), then
            now = then


def first_change(zone: dt.tzinfo, start: int, stop: int) -> int:
    """Give the first instant with another offset than at `start`, up to `stop`."""
    old = offset(zone, start)
    return first_of(start, stop, lambda micros: offset(zone, micros) != old)


def edges(domain: Domain, period: str, first: Any, last: Any) -> Iterator[int]:
    """Give the codes at which days, weeks or months begin, from that of `first` up to `last` or beyond. O(bins)."""
    day = day_of(domain, first)
    if period == "week":
        day -= (day - MONDAY) % 7
    if period == "month":
        day -= dt.date.fromordinal(day + EPOCH_DAY).day - 1
    edge = beginning(domain, day)
    yield edge
    while edge < last:
        if period == "month":
            begun = dt.date.fromordinal(day + EPOCH_DAY)
            day += ((begun.replace(day=28) + dt.timedelta(4)).replace(day=1) - begun).days
        else:
            day += 7 if period == "week" else 1
        after = beginning(domain, day)
        if after > edge:  # some zones have skipped a whole day
            yield after
        edge = after
