"""Ticks: round places on the axis of a picture, and on its scale of levels, and what to write there."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from contextlib import suppress
from decimal import Context
from fractions import Fraction
from typing import Any

from . import calendars
from .coordinates import EPOCH_DAY, MICRO, Dates, Datetimes, Decimals, Domain, Numbers
from .lengths import power_of_ten
from .text import spoken
from .values import INT, ROWS, Kind
from .view import View

MOST = 6  # on an axis
CLOCK_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200)  # seconds
DAY = 86_400
DAY_STEPS = (DAY, 2 * DAY, 7 * DAY, 14 * DAY)
MONTH = 30  # days, about
MONTH_STEPS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 2_400, 6_000, 12_000, 24_000)
FIRST_DAY, LAST_DAY = dt.date.min.toordinal() + 1, dt.date.max.toordinal() - 1  # there is a day on either side of them
MIDNIGHT = re.compile(r"(, | )0?0:00:00$")  # of a timedelta of whole days
DIGITS = (12, 20, 40)  # of a number: more of them where fewer do not tell one from the next
SHORT = 16

Tick = tuple[Any, str]  # in the numbers of a view, and what to write


def axis_ticks(view: View) -> list[Tick]:
    """Give some round coordinates of a view; where there are none, the ends."""
    if view.line is not None:
        step = -(-len(view.line) // MOST)
        return [(place, short(spoken(view.line[place]))) for place in range(0, len(view.line), step)]
    domain = view.domain
    try:
        if isinstance(domain, Numbers | Decimals):
            unit = power_of_ten(getattr(domain, "exponent", 0))
            return round_ticks(view.left, view.right, unit, MOST, domain.flavour is int)
        return list(dated(view)) if isinstance(domain, Dates | Datetimes) else list(lasting(view))
    except OverflowError:  # Decimals that nobody can write out
        return ends(view)


def ends(view: View) -> list[Tick]:
    """Give the first and the last breakpoint of a view."""
    return [(x, short(spoken(view.domain.decode(x)))) for x in (*view.points[:1], *view.points[1:][-1:])]


def level_ticks(low: Fraction, high: Fraction, kind: Kind) -> list[Tick]:
    """Give some round levels between two codes."""
    try:
        unit = power_of_ten(getattr(kind, "exponent", 0))
    except OverflowError:  # Decimals that nobody can write out
        return [(x, short(spoken(kind.decode(int(x))))) for x in (low, high)]
    return round_ticks(low, high, unit, 4, kind is INT or kind is ROWS)


def round_ticks(low: Fraction, high: Fraction, unit: Fraction, most: int, whole: bool) -> list[Tick]:
    """Give some round numbers between two codes of a unit; only the first if none can be told from the next."""
    numbers = round_numbers(low * unit, high * unit, most, whole)
    labels: list[str] = []
    for digits in DIGITS:
        labels = [written(x, digits) for x in numbers]
        if len(set(labels)) == len(labels):
            break
    else:
        labels = labels[:1]
    return [(x / unit, label) for x, label in zip(numbers, labels, strict=False)]


def round_numbers(low: Fraction, high: Fraction, most: int, whole: bool = False) -> list[Fraction]:
    """Give the multiples of 1, 2 or 5 times a power of ten between two numbers, about `most` of them."""
    step = round_step((high - low) / most)
    if whole:
        step = max(step, Fraction(1))
    return [index * step for index in range(math.ceil(low / step), math.floor(high / step) + 1)]


def round_step(length: Fraction) -> Fraction:
    """Give the smallest of 1, 2 and 5 times a power of ten that is not below a length."""
    exponent = math.floor(math.log10(length.numerator) - math.log10(length.denominator))
    power = Fraction(10) ** exponent
    return next(power * digit for digit in (1, 2, 5, 10, 20) if power * digit >= length)


def written(x: Fraction, digits: int) -> str:
    """Write a round number with so many digits at most."""
    if x.denominator == 1 and abs(x) < 10**digits:
        return f"{x.numerator:,}"
    context = Context(prec=digits)
    above, below = (context.create_decimal(number) for number in x.as_integer_ratio())
    return str(context.normalize(context.divide(above, below)))


def short(text: str) -> str:
    """Cut a label short."""
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


def dated(view: View) -> Iterator[Tick]:
    """Give round dates, or times of the clock on the wall, as far as years go."""
    domain = view.domain
    per_second = getattr(domain, "unit", Fraction(1, DAY))  # of dates codes are days
    seconds = (view.right - view.left) / per_second / MOST
    first, last = (calendars.day_of(domain, code) + EPOCH_DAY for code in (view.left, view.right))
    days = range(max(first, FIRST_DAY) - EPOCH_DAY, min(last, LAST_DAY) - EPOCH_DAY + 1)
    if seconds > DAY_STEPS[-1]:
        letters, found = months(domain, days)
    elif isinstance(domain, Dates) or seconds > CLOCK_STEPS[-1]:
        step = next(step for step in DAY_STEPS if step >= seconds) // DAY
        letters, found = 10, (calendars.beginning(domain, day) for day in days if (day - calendars.MONDAY) % step == 0)
    elif seconds > 1:
        step = next(step for step in CLOCK_STEPS if step >= seconds)
        letters, found = 16 if step >= 60 else 19, clock(view, step * MICRO)
    else:
        midnight = calendars.beginning(domain, days[0])
        round_ticks = round_numbers(view.left - midnight, view.right - midnight, MOST, whole=True)
        letters, found = 29, (midnight + int(ticks) for ticks in round_ticks)
    for code in found:
        if view.left <= code <= view.right:
            yield code, str(domain.decode(code)).replace("T", " ")[:letters]


def months(domain: Domain, days: range) -> tuple[int, Iterator[int]]:
    """Give how many letters of a date matter, and where months, years or more of them begin."""
    step = next((step for step in MONTH_STEPS if step * MONTH * MOST >= len(days)), MONTH_STEPS[-1])
    first, last = (dt.date.fromordinal(day + EPOCH_DAY) for day in (days[0], days[-1]))
    numbers = range(-(-(first.year * 12 + first.month - 1) // step) * step, last.year * 12 + last.month, step)
    begins = (dt.date(number // 12, number % 12 + 1, 1).toordinal() - EPOCH_DAY for number in numbers)
    return 4 if step % 12 == 0 else 7, (calendars.beginning(domain, day) for day in begins)


def clock(view: View, step: int) -> Iterator[int]:
    """Give where the clock on the wall first shows multiples of a step, in microseconds, unless it skips them."""
    domain: Any = view.domain
    ends = [int(code * MICRO // domain.unit) for code in (view.left, view.right)]
    walls = ends if domain.zone is None else [calendars.on_the_wall(domain.zone, micros) for micros in ends]
    change = abs(walls[1] - walls[0] - (ends[1] - ends[0]))  # where it is set back it shows more than at both ends
    for wall in range(-(-min(walls) // step) * step, max(walls) + change + 1, step):
        code = calendars.instant(domain, wall)
        if domain.zone is None or calendars.on_the_wall(domain.zone, code * MICRO // domain.unit) == wall:
            yield code


def lasting(view: View) -> Iterator[Tick]:
    """Give round timedeltas, as far as these go; what is negative has a minus, not a day before it."""
    per_second = view.domain.unit  # type: ignore[attr-defined]
    seconds = (view.right - view.left) / per_second / MOST
    if 1 < seconds <= CLOCK_STEPS[-1]:
        unit = next(step for step in CLOCK_STEPS if step >= seconds) * per_second
        found = list(map(Fraction, range(math.ceil(view.left / unit), math.floor(view.right / unit) + 1)))
    else:
        unit = DAY * per_second if seconds > 1 else 1
        found = round_numbers(view.left / unit, view.right / unit, MOST, whole=True)
    for number in found:
        with suppress(OverflowError):
            text = str(view.domain.decode(int(abs(number) * unit)))
            yield number * unit, ("-" if number < 0 else "") + MIDNIGHT.sub("", text)
