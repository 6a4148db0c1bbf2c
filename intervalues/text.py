"""Text: how collections, sets and groups show themselves."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from . import steps as step_functions
from .coordinates import quoted
from .interval import Interval
from .steps import Steps
from .values import ROWS, Kind

if TYPE_CHECKING:
    from .view import View

SHOWN_IN_FULL = 10
SHOWN_OF_MORE = 3
BLOCKS = "▁▂▃▄▅▆▇█"
WIDTH = 60  # characters of a sparkline
NARROW = 40  # of that of a group
MOST_LETTERS = 60
SPOKEN = (float, Decimal, Fraction, dt.date, dt.timedelta)  # what reads better as its text than as its repr


def literal(x: Any) -> str:
    """Give a repr that evaluates back, open ends included."""
    return f"float({str(x)!r})" if isinstance(x, float) and math.isinf(x) else repr(x)


def abbreviated(whole: Any, row_of: Callable[[Interval[Any, Any]], tuple[Any, ...]]) -> str:
    """Give the repr of a collection or set: up to ten rows it evaluates back, more are cut short.

    That of tuples of row numbers (`how="rows"`) does not: no rows have such values.
    """
    name = type(whole).__name__
    spelled = quoted if whole._steps.kind is ROWS else literal
    rows = [f"({', '.join(map(spelled, row_of(interval)))})" for interval in islice(whole, SHOWN_IN_FULL + 1)]
    if len(rows) > SHOWN_IN_FULL:
        rows[SHOWN_OF_MORE:] = ["..."]
    elif whole._steps.kind is not ROWS:
        return f"{name}([{', '.join(rows)}]{f', closed={whole.closed!r}' if whole.closed != 'left' else ''})"
    return f"<{name} of {len(whole):,} intervals: {', '.join(rows) or 'none'}>"


def spoken(x: Any) -> str:
    """Give a coordinate, a level or a key as a reader wants to see it, cut short."""
    try:
        text = str(x) if isinstance(x, SPOKEN) else ""
    except ValueError:  # too many digits
        text = ""
    return text if 0 < len(text) <= MOST_LETTERS else quoted(x)


def pictured(name: str, noun: str, steps: Steps) -> str:
    """Give the text of a collection or set: a line of what there is, and a sparkline. O(n)."""
    from .view import columns, views  # late, as in all pictures: importing shall be quick

    (view,) = views([steps])
    levels = list(columns(view, characters(view, WIDTH)))
    return f"{name}: {summary(noun, steps, levels)}\n{sparklines([levels])[0]}".rstrip()


def pictured_groups(groups: Mapping[Any, Any]) -> str:
    """Give the text of groups: for each of the first a sparkline, all on one axis and one scale, and what there is."""
    from .view import columns, views

    keys = list(islice(groups, SHOWN_IN_FULL))
    found = [groups[key]._steps for key in keys]
    lines = sparklines([list(columns(view, characters(view, NARROW))) for view in views(found)])
    names = list(map(spoken, keys))
    widest = max(map(len, names), default=0)
    rows = [f"IntervalGroups: {counted(len(groups), 'group')}"]
    for name, steps, line in zip(names, found, lines, strict=True):
        told = summary("segment", steps, columns(views([steps])[0], 1))
        rows.append(f"{name:<{widest}}  {line:<{NARROW}}  {told}")
    if len(groups) > len(keys):
        rows.append(f"... and {len(groups) - len(keys):,} more")
    return "\n".join(rows)


def characters(view: View, width: int) -> int:
    """Tell how long a sparkline is: without lengths each piece has one character, while there is room."""
    return width if view.line is None else min(width, int(view.right - view.left))


def sparklines(columns: Sequence[Sequence[tuple[Any, Any]]]) -> list[str]:
    """Draw functions on one scale, a character for each column: as high as the level furthest from zero; blank is zero.

    Levels that are all above zero stand on it; else the lowest block is the lowest level.
    """
    from .view import scale

    low, high = scale([far for own in columns for _, far in own])
    return ["".join(block((Fraction(far) - low) / (high - low)) if far else " " for _, far in own) for own in columns]


def block(share: Fraction) -> str:
    """Give the character that fills a share of its height, from 0 to 1."""
    return BLOCKS[max(math.ceil(share * len(BLOCKS)) - 1, 0)]


def summary(noun: str, steps: Steps, levels: Iterable[tuple[Any, Any]]) -> str:
    """Tell how many segments there are, over which span, and, but for regions, the lowest and highest of its levels."""
    number = step_functions.count_segments(steps)
    text = counted(number, noun)
    if not number:
        return text
    span = step_functions.span(steps) or Interval(-math.inf, math.inf)
    text += f" from {spoken(span.start)} to {spoken(span.stop)}"
    if noun == "interval":
        return text
    found = sorted(chain.from_iterable(levels))
    low, high = level_text(steps.kind, found[0]), level_text(steps.kind, found[-1])
    return f"{text}, level {low}" if low == high else f"{text}, levels from {low} to {high}"


def level_text(kind: Kind, level: Any) -> str:
    """Give the code of a level as a reader sees it: of tuples of row numbers it is how many they are."""
    return counted(level, "row") if kind is ROWS else spoken(kind.decode(level))


def counted(number: int, noun: str) -> str:
    """Give a number of things in words."""
    return f"{number:,} {noun}{'s' * (number != 1)}"
