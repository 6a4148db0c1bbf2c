"""Summaries: what the command prints about a schedule, how high the level is, when, and for how long."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from .cells import cell_text
from .collection import IntervalCollection
from .columns import Segments
from .region import IntervalSet
from .schedule import Question, Schedule
from .writing import label

Line: TypeAlias = "tuple[str, ...]"
PEAKS_SHOWN = 3
ALL_BINS = 12  # so many are all shown
BINS_SHOWN = 5  # of more
NOWHERE = object()  # where no slot fits


class Answer(NamedTuple):
    """What was asked of one group: what is None was not."""

    name: str
    number: int
    levels: IntervalCollection[Any, Any]
    enough: IntervalSet[Any] | None = None
    bins: Segments[Any, Any] | None = None
    fit: Any = None


def summary(file: str, schedule: Schedule, question: Question, answers: Sequence[Answer], titles: Sequence[str]) -> str:
    """Tell of each group, and of all together. The titles are those of the parts about bins, regions and slots."""
    first = 0 if question.key is not None else 1  # without --by there are no names to show
    key = printable(question.key or "")
    rows: list[Line] = [(key, "intervals", "peak", "from", "to", "lasting", "mean")]
    rows += [row for answer in answers for row in peak(answer)]
    lines = [heading(file, schedule, question), "", *aligned("<>><<>>"[first:], rows, first)]
    enough, bins, fits = titles
    if enough:
        rows = [(key, "from", "to", "lasting")]
        rows += [row for answer in answers for row in stretches(answer)]
        lines += ["", enough, "", *aligned("<<<>"[first:], rows, first)]
    if bins:
        rows = [(key, "from", "to", "mean")]
        rows += [row for answer in answers for row in means(answer)]
        lines += ["", bins, "", *aligned("<<<>"[first:], rows, first)]
    if fits:
        rows = [(key, "from"), *((answer.name, slot(answer.fit)) for answer in answers)]
        lines += ["", fits, "", *aligned("<<"[first:], rows, first)]
    return "\n".join(lines)


def heading(file: str, schedule: Schedule, question: Question) -> str:
    """Tell what was read, and what the level is."""
    number, together = schedule.number, schedule.together
    text = f"{file}: {number} interval{'s' * (number != 1)}"
    if together.span is not None:
        text += f" from {end(together.span.start)} to {end(together.span.stop)}"
    if schedule.dropped:
        text += f", {schedule.dropped} row{'s' * (schedule.dropped != 1)} with empty cells dropped"
    counted = question.how == "count" or (question.how == "sum" and question.value is None)
    valueless = counted or question.how == "any" or question.value is None
    worth = "" if valueless else f" of {printable(question.value or '')}"
    return f"{text}; level: {'count' if counted else question.how}{worth}"


def peak(answer: Answer) -> Iterator[Line]:
    """Give the lines about one group: its peak with the first stretches of it, and its mean."""
    name, number, levels = answer[:3]
    span = levels.span
    if span is None:
        yield name, str(number), cell_text(levels.levels[0]), "", "", "", ""
        return
    mean = "" if span.start == -math.inf or span.stop == math.inf else rounded(levels.mean())
    highest = levels.argmax()
    for index, stretch in enumerate(islice(highest, PEAKS_SHOWN)):
        told = (name, str(number), cell_text(levels.max())) if index == 0 else ("", "", "")
        yield *told, end(stretch.start), end(stretch.stop), lasting(stretch.length), mean if index == 0 else ""
    if len(highest) > PEAKS_SHOWN:
        yield "", "", "", f"and {len(highest) - PEAKS_SHOWN} more", "in all", lasting(highest.length), ""


def stretches(answer: Answer) -> Iterator[Line]:
    """Give the lines about one group: how many stretches of the region there are, how long in all, and each."""
    region = answer.enough or IntervalSet()
    number = f"{len(region)} stretch{'es' * (len(region) != 1)}"
    yield (answer.name, number, "in all", lasting(region.length)) if region else (answer.name, "never", "", "")
    for stretch in region:
        yield "", end(stretch.start), end(stretch.stop), lasting(stretch.length)


def means(answer: Answer) -> Iterator[Line]:
    """Give the lines about one group: its bins, or, of many, those with the highest means, in their order."""
    bins = answer.bins or ()
    if not bins:
        yield answer.name, "never", "", ""
    shown = list(bins)
    if len(shown) > ALL_BINS:
        highest = sorted(range(len(shown)), key=lambda index: shown[index].value, reverse=True)
        shown = [shown[index] for index in sorted(highest[:BINS_SHOWN])]
    for index, (start, stop, mean) in enumerate(shown):
        yield "" if index else answer.name, end(start), end(stop), rounded(mean)
    if len(shown) < len(bins):
        yield "", f"the {len(shown)} highest of {len(bins)}", "", ""


def slot(fit: Any) -> str:
    """Give where a slot begins."""
    return "nowhere" if fit is NOWHERE else "any time" if fit is None else end(fit)


def aligned(sides: str, rows: Sequence[Line], first: int) -> Iterator[str]:
    """Lay out a table from its column `first` on; a side for each column, "<" or ">", is where its cells stand."""
    columns = list(zip(*rows, strict=True))[first:]
    widths = [max(map(len, column)) for column in columns]
    for row in zip(*columns, strict=True):
        cells = (f"{cell:{side}{width}}" for cell, side, width in zip(row, sides, widths, strict=True))
        yield "  ".join(cells).rstrip()


def printable_label(key: Any) -> str:
    """Give the name of a group to print."""
    return printable(label(key))


def printable(text: str) -> str:
    """Give text without what would break the lines of a table."""
    return text if text.isprintable() else ascii(text)


def end(x: Any) -> str:
    """Give a coordinate to show: times to the minute if that says all."""
    if x in (-math.inf, math.inf):
        return "open"
    if isinstance(x, dt.datetime):
        precise = "auto" if x.second or x.microsecond or getattr(x, "nanosecond", 0) else "minutes"
        return x.isoformat(" ", precise).replace("+00:00", "Z")
    return cell_text(x)


def lasting(length: Any) -> str:
    """Give a length to show, a timedelta as days, hours, minutes and seconds."""
    if length == math.inf:
        return "endless"
    if not isinstance(length, dt.timedelta):
        return str(length)
    minutes, seconds = divmod(length.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    nanoseconds = length.microseconds * 1000 + getattr(length, "nanoseconds", 0)
    exact_seconds = Decimal(nanoseconds).scaleb(-9).normalize() + seconds
    parts = ((length.days, "d"), (hours, "h"), (minutes, "min"), (exact_seconds, "s"))
    return " ".join(f"{amount} {unit}" for amount, unit in parts if amount)


def rounded(mean: Any) -> str:
    """Give a mean to show."""
    return f"{mean:.2f}" if mean == 0 or 1 <= abs(mean) < 10**15 else f"{mean:.3g}"
