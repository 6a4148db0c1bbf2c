"""Cells: text read as numbers, dates and times, a column at a time, and such objects written as text again."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import math
import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from operator import attrgetter
from typing import Any, NamedTuple, NoReturn

from .coordinates import EPOCH_UTC, MICROSECOND, is_aware, quoted

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
LETTERS_OF_NUMBERS = re.compile(r"[\d.eE+-]*", re.ASCII)
BEYOND_MICROSECONDS = re.compile(r"[.,]\d{6}0*[1-9]")
LONGEST_DATE = 10  # letters: 2026-07-01
SHORTEST_BEYOND = 23  # letters of a time finer than microseconds: 20260701T120000.1234567
NUMBER_TYPES = (int, float, Decimal)
LENGTH = re.compile(r"(\d+(?:\.\d+)?|\.\d+)(w|d|h|min|s|ms|us)", re.ASCII)
SECOND = 1_000_000  # microseconds
UNITS = {"w": 604_800 * SECOND, "d": 86_400 * SECOND, "h": 3_600 * SECOND, "min": 60 * SECOND, "s": SECOND}
UNITS |= {"ms": 1_000, "us": 1}


# Single cells


def number(text: str) -> int | Decimal:
    """Read a whole number or a decimal, exactly; ValueError if it is neither."""
    if not NUMBER.fullmatch(text):
        raise ValueError("no number")
    if WHOLE.fullmatch(text):
        with contextlib.suppress(ValueError):  # of thousands of digits, more than Python reads as an int
            return int(text)
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError("beyond what a Decimal holds") from None


def length(text: str) -> int | Decimal | dt.timedelta:
    """Read a length: a number, or numbers with units of time; ValueError for what is none, or not positive.

    >>> length("1h30min"), length("0.5")
    (datetime.timedelta(seconds=5400), Decimal('0.5'))
    """
    if NUMBER.fullmatch(text):
        found: Any = number(text)
    else:
        parts = LENGTH.findall(text)
        micros = sum((Fraction(amount) * UNITS[unit] for amount, unit in parts), Fraction(0))
        if "".join(map("".join, parts)) != text or micros.denominator != 1:
            raise ValueError("no length")
        try:
            found = dt.timedelta(microseconds=int(micros))
        except OverflowError:
            raise ValueError("beyond what a timedelta holds") from None
    if found <= found * 0:
        raise ValueError("not positive")
    return found  # type: ignore[no-any-return]


def naive(text: str) -> dt.datetime:
    """Read an ISO datetime without an offset from UTC."""
    return date_time(text, aware=False)


def aware(text: str) -> dt.datetime:
    """Read an ISO datetime with its offset from UTC."""
    return date_time(text, aware=True)


def date_time(text: str, aware: bool) -> dt.datetime:
    """Read an ISO datetime; ValueError for a mere date too, and for what a datetime cannot hold exactly."""
    x = dt.datetime.fromisoformat(text)
    if is_aware(x) != aware or len(text) <= LONGEST_DATE or BEYOND_MICROSECONDS.search(text):
        raise ValueError("another kind")
    return x


def any_time(text: str) -> dt.datetime:
    """Read an ISO datetime, with or without an offset from UTC; a mere date is its midnight."""
    x = dt.datetime.fromisoformat(text)
    if BEYOND_MICROSECONDS.search(text):
        raise ValueError("too fine")
    return x


def seconds_since_1970(text: str) -> dt.datetime:
    """Read a number of seconds since 1970, in UTC, as an instant."""
    return since_1970(text, SECOND)


def milliseconds_since_1970(text: str) -> dt.datetime:
    """Read a number of milliseconds since 1970, in UTC, as an instant."""
    return since_1970(text, 1000)


def since_1970(text: str, unit: int) -> dt.datetime:
    """Read a number of `unit` microseconds since 1970."""
    given = number(text)
    if not -(10**15) < given < 10**15:
        raise ValueError("beyond the year 9999")
    micros = Fraction(given) * unit
    if micros.denominator != 1:
        raise ValueError("finer than microseconds")
    try:
        return EPOCH_UTC + int(micros) * MICROSECOND
    except OverflowError:
        raise ValueError("beyond the year 9999") from None


# Whole columns


def numbers(texts: list[str]) -> list[Any] | None:
    """Read numbers at once, all as Decimals if one may be; None for what needs a closer look."""
    letters = "".join(texts)
    if not LETTERS_OF_NUMBERS.fullmatch(letters):
        return None
    try:
        return list(map(Decimal if {".", "e", "E"} & set(letters) else int, texts))
    except (ValueError, InvalidOperation):
        return None


def naive_times(texts: list[str]) -> list[Any] | None:
    """Read naive datetimes at once, None for what needs a closer look."""
    found = times(texts)
    return None if found is None or any(map(attrgetter("tzinfo"), found)) else found


def aware_times(texts: list[str]) -> list[Any] | None:
    """Read aware datetimes at once, None for what needs a closer look."""
    found = times(texts)
    return None if found is None or not all(map(attrgetter("tzinfo"), found)) else found


def times(texts: list[str]) -> list[Any] | None:
    """Read datetimes at once, None for what needs a closer look."""
    letters = list(map(len, texts))
    if min(letters) <= LONGEST_DATE or (
        max(letters) >= SHORTEST_BEYOND and any(map(BEYOND_MICROSECONDS.search, texts))
    ):
        return None
    return quickly(dt.datetime.fromisoformat, texts)


def dates(texts: list[str]) -> list[Any] | None:
    """Read dates at once, None for what needs a closer look."""
    return quickly(dt.date.fromisoformat, texts)


def quickly(read: Callable[[str], Any], texts: list[str]) -> list[Any] | None:
    """Read each cell, None if one cannot be read."""
    try:
        return list(map(read, texts))
    except ValueError:
        return None


class Kind(NamedTuple):
    """What a column may hold, how a cell of it is read, and how many at once."""

    name: str
    read: Callable[[str], Any]
    read_all: Callable[[list[str]], list[Any] | None]


NUMBERS = Kind("number", number, numbers)
DATES = Kind("ISO date", dt.date.fromisoformat, dates)
GUESSED = (
    NUMBERS,
    DATES,
    Kind("ISO datetime without an offset from UTC (microseconds at most)", naive, naive_times),
    Kind("ISO datetime with an offset from UTC (microseconds at most)", aware, aware_times),
)
TOLD = {
    "number": NUMBERS,
    "date": DATES,
    "datetime": Kind("ISO date or datetime (microseconds at most)", any_time, lambda texts: quickly(any_time, texts)),
    "epoch": Kind("number of seconds since 1970", seconds_since_1970, lambda texts: quickly(seconds_since_1970, texts)),
    "epoch-ms": Kind(
        "number of milliseconds since 1970",
        milliseconds_since_1970,
        lambda texts: quickly(milliseconds_since_1970, texts),
    ),
}  # by the names that --type has for them
ANY_KIND = "number, ISO date or ISO datetime (microseconds at most)"


class Reading:
    """Reads columns of one kind: that of the first cell that is not empty, unless it is told."""

    def __init__(self, kinds: Sequence[Kind], told: Kind | None = None) -> None:
        self.kinds = kinds
        self.kind = told
        self.is_told: bool = told is not None

    def read(self, cells: Sequence[str | None], complain: Callable[[int, str], NoReturn], may_lack: bool) -> list[Any]:
        """Read a column, None where a cell is empty. `complain` is called with a row and what is wrong there."""
        texts = [cell.strip() if cell else "" for cell in cells]
        present = list(filter(None, texts))
        if len(present) < len(texts) and not may_lack:
            self.read(texts[: texts.index("")], complain, True)  # something may be wrong before it
            opening = ", --missing open opens the end" if self.kinds is GUESSED else ""
            complain(texts.index(""), f"the cell is empty; --missing drop leaves such rows out{opening}")
        if not present:
            return [None] * len(texts)
        guessed = self.kind is None
        kind = self.kind = self.kind or self.kind_of(present[0]) or Kind("", number, numbers)
        found = kind.read_all(present)
        if found is None:
            found = []
            for row, text in enumerate(texts):
                if text:
                    try:
                        found.append(kind.read(text))
                    except (ValueError, OverflowError):
                        complain(row, f"{quoted(text)} is no {self.wanted(guessed and not found)}")
        if len(present) == len(texts):
            return found
        rest = iter(found)
        return [next(rest) if text else None for text in texts]

    def kind_of(self, text: str) -> Kind | None:
        """Find the kind that fits a cell."""
        for kind in self.kinds:
            with contextlib.suppress(ValueError):
                kind.read(text)
                return kind
        return None

    def wanted(self, first: bool) -> str:
        """Tell what a cell should have been."""
        if first:
            return ANY_KIND if self.kinds is GUESSED else NUMBERS.name
        name = self.kind.name if self.kind else ""
        return name if self.is_told else f"{name}, as the cells before it are"


def in_zone(times: Sequence[Any], zone: dt.tzinfo) -> list[Any]:
    """Read naive datetimes off clocks of a zone, and give all datetimes in UTC; what is none stays.

    Of a time that the clocks show twice the first is meant; one that they skip is as much later as they skip.
    """
    return [
        (x if is_aware(x) else x.replace(tzinfo=zone)).astimezone(dt.UTC) if isinstance(x, dt.datetime) else x
        for x in times
    ]


# Out again


def cell_text(x: Any) -> str:
    """Give the text of a cell: empty for an open end, ISO 8601 for times."""
    if x is None or x in (-math.inf, math.inf):
        return ""
    return x.isoformat().replace("+00:00", "Z") if isinstance(x, dt.date) else str(x)


def json_text(x: Any) -> str:
    """Give a cell as JSON: a Decimal as the number that it is, digit for digit, which the module json cannot."""
    if x is None or x in (-math.inf, math.inf):
        return "null"
    if isinstance(x, bool):
        return str(x).lower()
    text = cell_text(x)
    return text if isinstance(x, int | float | Decimal) else json.dumps(text, ensure_ascii=False)
