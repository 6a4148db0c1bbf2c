"""Plots with matplotlib: collections as steps, sets as spans, groups as small multiples on one axis."""

import datetime as dt
from collections.abc import Iterable, Mapping
from fractions import Fraction
from importlib import import_module
from itertools import islice
from typing import Any, NamedTuple

from .coordinates import EPOCH, Dates, Datetimes, Timedeltas, quoted
from .lengths import power_of_ten
from .steps import Steps
from .text import spoken
from .ticks import DAY, axis_ticks
from .view import View, nearest, outline, share_an_axis, views

MOST = 4_000  # columns in which a function is drawn, if it is long: finer than a screen
MOST_GROUPS = 50
LARGEST = 1e290
FAR = (
    1_000  # by how many times what is shown an open end goes beyond it: whatever else is drawn, it has no end in sight
)


def pyplot() -> Any:
    """Give matplotlib's pyplot; ImportError, naming the extra, without it."""
    try:
        return import_module("matplotlib.pyplot")
    except ImportError as error:
        raise ImportError("plot() needs matplotlib: pip install 'intervalues[plot]'") from error


def plotted(steps: Steps, ax: Any, region: bool) -> Any:
    """Draw a function, or a region, into axes, or into the current ones; give them back. O(n)."""
    current = pyplot()
    drawing = drawn(steps, views([steps])[0])
    chosen = current.gca() if ax is None else checked(ax)
    alone = region and not chosen.has_data()
    draw(chosen, drawing, region)
    if alone:
        chosen.get_ylim()  # lets matplotlib do now what it would do later, over these limits
        chosen.set_ylim(0, 1, auto=True)
    return chosen


def plotted_groups(groups: Mapping[Any, Any], axes: Any) -> Any:
    """Draw each group into axes of its own, or into new ones under each other; give them back. O(n)."""
    current = pyplot()
    if not 0 < len(groups) <= MOST_GROUPS:
        raise ValueError(
            f"there are {len(groups):,} groups; from 1 to {MOST_GROUPS} can be plotted: choose some of them"
        )
    found = [collection._steps for collection in groups.values()]
    shown = views(found)
    drawings = list(map(drawn, found, shown))
    if axes is None:
        look = {"sharex": share_an_axis(shown), "sharey": True, "squeeze": False, "layout": "constrained"}
        axes = current.subplots(len(found), figsize=(6.4, 1 + 1.2 * len(found)), **look)[1][:, 0]
    each = list(map(checked, islice(axes, len(groups) + 1) if isinstance(axes, Iterable) else [axes]))
    if len(each) != len(groups):
        raise ValueError(f"ax is {quoted(axes)}; it must be a sequence of {len(groups)} axes, one for each group")
    for ax, key, drawing in zip(each, groups, drawings, strict=True):
        draw(ax, drawing, region=False)
        title = key if isinstance(key, str) else spoken(key)
        ax.set_title(title, loc="left", fontsize="medium", parse_math=False)
    return axes


def checked(ax: Any) -> Any:
    """Give axes back; TypeError for anything else."""
    if not isinstance(ax, import_module("matplotlib.axes").Axes):
        raise TypeError(f"ax is {quoted(ax)}, of type {type(ax).__name__}; it must be axes of matplotlib")
    return ax


class Drawing(NamedTuple):
    """What is drawn of a view, in the numbers of matplotlib."""

    view: View
    edges: list[float]
    heights: list[float]


def drawn(steps: Steps, view: View) -> Drawing:
    """Turn what a view shows into numbers of matplotlib. O(n)."""
    places, levels = outline(view, MOST)
    unit, origin = axis_unit(view)
    height = power_of_ten(getattr(steps.kind, "exponent", 0))
    edges = [as_float(place * unit + origin, "coordinates") for place in places]
    return Drawing(view, edges, [as_float(level * height, "levels") for level in levels])


def draw(ax: Any, drawing: Drawing, region: bool) -> None:
    """Draw what a view shows, and dress the axis. What has no breakpoints goes across, wherever the axis is."""
    view, edges, heights = drawing
    if not len(view.points):
        stairs(ax, heights, [0.0, 1.0], region, across=True)
        return
    edges, tight = bounded(view, edges)
    dress(ax, view)  # first: that the axis is one of dates makes matplotlib look at all that is drawn
    far = FAR * (edges[-1] - edges[0])
    ends = edges[0] - far * bool(view.levels[0]), edges[-1] + far * bool(view.levels[-1])
    for part in stairs(ax, heights, edges, region):
        part.sticky_edges.x.extend(edge for edge in edges[:: len(edges) - 1] if tight or edge not in ends)
        part.set_data(edges=[ends[0], *edges[1:-1], ends[1]])  # what autoscaling has seen already stays


def stairs(ax: Any, heights: list[float], edges: list[float], region: bool, across: bool = False) -> list[Any]:
    """Draw levels as an area and, but for regions, a line on it, in the next colour.

    A region has full height, what goes across full width: in that direction limits stay as they are.
    """
    before = ax.dataLim.frozen()
    if region:
        where = {"transform": ax.transAxes if across else ax.get_xaxis_transform()}
        parts = [ax.stairs(heights, edges, fill=True, alpha=0.3, **where)]
        ax.dataLim.intervaly = before.intervaly
    else:
        where = {"transform": ax.get_yaxis_transform() if across else ax.transData}
        line = ax.stairs(heights, edges, **where)
        parts = [line, ax.stairs(heights, edges, fill=True, alpha=0.3, color=line.get_edgecolor(), **where)]
    if across:
        ax.dataLim.intervalx = before.intervalx
    return parts


def bounded(view: View, edges: list[float]) -> tuple[list[float], bool]:
    """Keep times within the years that matplotlib knows; tell whether there must be no margin beside them."""
    if not isinstance(view.domain, Dates | Datetimes):
        return edges, False
    ends = dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31, 23, 59, 59)
    earliest, latest = import_module("matplotlib.dates").date2num(ends).tolist()
    margin = (edges[-1] - edges[0]) / 10
    tight = edges[0] - margin < earliest or edges[-1] + margin > latest
    return [min(max(edge, earliest), latest) for edge in edges], tight


def as_float(x: Any, what: str) -> float:
    """Give a number as a float; OverflowError for those with which matplotlib could not reckon."""
    found = nearest(Fraction(x))
    if abs(found) > LARGEST:
        raise OverflowError(f"{what} beyond {LARGEST} cannot be plotted: scale them")
    return found


def axis_unit(view: View) -> tuple[Fraction, Fraction]:
    """Give what a code is worth on the axis, and what the code 0 is there. Times are in days, lengths in seconds."""
    domain = view.domain
    if view.line is not None:
        return Fraction(1), Fraction(0)
    if isinstance(domain, Dates | Datetimes):
        origin = Fraction(import_module("matplotlib.dates").date2num(EPOCH))
        return Fraction(1) if isinstance(domain, Dates) else Fraction(1, domain.unit * DAY), origin
    if isinstance(domain, Timedeltas):
        return Fraction(1, domain.unit), Fraction(0)
    return power_of_ten(getattr(domain, "exponent", 0)), Fraction(0)


def dress(ax: Any, view: View) -> None:
    """Tell times as such, in the shown zone; write lengths of time, and what has no lengths, where it is."""
    domain = view.domain
    if view.line is None and isinstance(domain, Dates | Datetimes):
        zone = getattr(domain, "zone", None) or dt.UTC
        ax.xaxis_date(zone)
        formatter = import_module("matplotlib.dates").ConciseDateFormatter
        ax.xaxis.set_major_formatter(formatter(ax.xaxis.get_major_locator(), zone))
    elif view.line is not None or isinstance(domain, Timedeltas):
        ticks = axis_ticks(view)
        unit, _ = axis_unit(view)
        ax.set_xticks([float(place * unit) for place, _ in ticks], [label for _, label in ticks], parse_math=False)
