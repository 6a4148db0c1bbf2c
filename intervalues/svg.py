"""SVG: pictures of step functions and regions in text that every browser shows, on light and on dark ground."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from html import escape
from itertools import pairwise
from typing import Any, NamedTuple

from .ticks import Tick, axis_ticks, level_ticks
from .values import Kind
from .view import View, outline, scale, share, share_an_axis

WIDTH = 640  # pixels, as all of these
TALL, LOW, FLAT = 150, 56, 22  # of a function alone, of one among others, of a region
LEFT, RIGHT, TOP, FOOT, GAP = 8, 12, 8, 20, 8
LETTER, LINE = 7, 15  # of a character of text
MOST = 290  # columns in which a function is drawn, if it is long
COLOUR = "#3b82d6"  # seen on black and on white
FAINT = 'stroke="currentColor" opacity=".12"'
STYLE = "max-width:100%;height:auto;font:11px sans-serif"


class Row(NamedTuple):
    """What is drawn in one row: a function, or, without a kind of levels, a region."""

    name: str
    kind: Kind | None
    view: View


class Frame(NamedTuple):
    """Where a row lies, in pixels from the left and from the top, and what its edges stand for."""

    left: float
    top: float
    bottom: float
    view: View
    low: Fraction
    high: Fraction

    def x(self, place: Any) -> float:
        """Give where a number of the axis is drawn."""
        return self.left + (WIDTH - RIGHT - self.left) * share(place, self.view.left, self.view.right)

    def y(self, level: Any) -> float:
        """Give where a level is drawn."""
        return self.bottom - (self.bottom - self.top) * share(level, self.low, self.high)


def pictures(rows: Sequence[Row]) -> str:
    """Draw functions one under the other if they share an axis, else each by itself. O(n)."""
    if share_an_axis([row.view for row in rows]):
        return picture(rows)
    return "".join(picture([row]) for row in rows)


def picture(rows: Sequence[Row]) -> str:
    """Draw functions one under the other, on one axis and one scale. O(n)."""
    drawn = [outline(view, MOST) for _, _, view in rows]
    low, high = scale([level for _, levels in drawn for level in levels])
    scales = [[] if kind is None else level_ticks(low, high, kind) for _, kind, _ in rows]
    left = LEFT + max((len(text) for ticks in scales for _, text in ticks), default=0) * LETTER
    parts, bottom = [], 0.0
    for (name, kind, view), (edges, levels), ticks in zip(rows, drawn, scales, strict=True):
        top = bottom + TOP + (LINE if name else 0)
        bottom = top + (FLAT if kind is None else TALL if len(rows) == 1 else LOW)
        frame = Frame(left, top, bottom, view, low, high)
        if name:
            parts.append(text(left, top - 4, name, "start"))
        parts += scale_lines(frame, ticks)
        parts += shape(frame, edges, levels, region=kind is None, alone=len(rows) == 1)
    placed = any(len(view.points) for _, _, view in rows)
    across = axis(Frame(left, TOP, bottom, rows[0].view, low, high)) if placed else ()
    height = number(bottom + FOOT)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" style="{STYLE}" fill="currentColor">{"".join([*across, *parts])}</svg>'
    )


def shape(frame: Frame, edges: Sequence[Any], levels: Sequence[Any], region: bool, alone: bool) -> Iterator[str]:
    """Draw levels as a filled area, and, on that of a function alone, a line that has no end where they have none."""
    zero = number(frame.y(0))
    stops = list(map(number, map(frame.x, edges)))
    path = "".join(f"V{number(frame.y(level))}H{stop}" for level, stop in zip(levels, stops[1:], strict=True))
    lined = alone and not region
    yield f'<path d="M{stops[0]} {zero}{path}V{zero}Z" fill="{COLOUR}" fill-opacity="{0.3 if lined else 0.7}"/>'
    if lined:
        begins, ends = "" if frame.view.levels[0] else f"{zero}V", "" if frame.view.levels[-1] else f"V{zero}"
        line = f"M{stops[0]} {begins}{path[1:]}{ends}"
        yield f'<path d="{line}" fill="none" stroke="{COLOUR}" stroke-width="1.2"/>'


def scale_lines(frame: Frame, ticks: Sequence[Tick]) -> Iterator[str]:
    """Draw what tells how high levels are, and zero."""
    for level, label in ticks:
        y = frame.y(level)
        yield f'<path d="M{number(frame.left)} {number(y)}H{WIDTH - RIGHT}" {FAINT}/>'
        yield text(frame.left - 4, min(max(y + 4, 10), frame.bottom + 4), label, "end")
    yield f'<path d="M{number(frame.left)} {number(frame.y(0))}H{WIDTH - RIGHT}" stroke="currentColor" opacity=".5"/>'


def axis(frame: Frame) -> Iterator[str]:
    """Draw what tells where on the axis one is; where labels would touch, only every second or third is written."""
    labels = []
    for place, label in axis_ticks(frame.view):
        x, half = frame.x(place), len(label) * LETTER / 2
        labels.append((min(max(x, half), WIDTH - half), half, label))
        yield f'<path d="M{number(x)} {number(frame.top)}V{number(frame.bottom + 4)}" {FAINT}/>'
    every = 1
    while any(a + half + LETTER > b - other for (a, half, _), (b, other, _) in pairwise(labels[::every])):
        every += 1
    for middle, _, label in labels[::every]:
        yield text(middle, frame.bottom + FOOT - 4, label, "middle")


def text(x: float, y: float, label: str, anchor: str) -> str:
    """Write a label."""
    return f'<text x="{number(x)}" y="{number(y)}" text-anchor="{anchor}">{harmless(label)}</text>'


def harmless(label: str) -> str:
    """Give text that means nothing to a browser, whatever is in it."""
    return escape("".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in label))


def number(x: float) -> str:
    """Write a number of pixels."""
    return f"{x:.1f}".removesuffix(".0")
