"""The pieces of a step function that lie in windows: what every statistic is a sum over, or the extreme of."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple


class Pieces(NamedTuple):
    """Runs of one level inside windows, as columns; neighbouring levels differ but where a window ends."""

    starts: list[Any]
    stops: list[Any]
    levels: list[Any]


def pieces(
    points: Sequence[Any], levels: Sequence[Any], starts: Sequence[Any], stops: Sequence[Any]
) -> tuple[Pieces, list[int]]:
    """Cut a step function into the pieces that lie in bounded windows, and count those of each window.

    A window has `start < stop`; windows may overlap. O(log n) a window, and O(1) a piece.
    """
    found = Pieces([], [], [])
    counts = []
    for start, stop in zip(starts, stops, strict=True):
        #    points  p0      p1      p2           the window has two pieces:
        #    levels      v1      v2      v3       [start, p1; v1] and [p1, stop; v2]
        #               [start      stop)
        first, last = bisect_right(points, start), bisect_left(points, stop)
        inner = points[first:last]
        found.starts.extend(chain((start,), inner))
        found.stops.extend(chain(inner, (stop,)))
        found.levels.extend(levels[first : last + 1])
        counts.append(last - first + 1)
    return found, counts
