"""Groups: the columns of many step functions composed into those of one, swept at once, and split again.

A coordinate of group g becomes a place: g * width + 1 + what it is above the lowest coordinate. The first and the
last place of each group are those of its open ends, so that groups never touch, and each begins and ends at level 0.

    group 0: -inf  a  b  ...  inf | group 1: -inf  a  b  ...  inf | group 2: ...
"""

from bisect import bisect_left
from itertools import chain, repeat
from operator import add, sub
from typing import Any, NamedTuple

from ..columns import HIGHEST, Codes, ends_of, machine, objects


class Places(NamedTuple):
    """Ends as places: the columns, how many places each group has, and the lowest and the highest coordinate.

    `ranked` are the coordinates in order, if ranks among them were composed instead; `format` is that of coordinates.
    """

    starts: memoryview
    stops: memoryview
    width: int
    lowest: int
    highest: int
    ranked: memoryview | None
    format: str


def compose(groups: Codes | list[int], starts: memoryview, stops: memoryview, count: int) -> Places:
    """Turn ends into places; `groups` are the numbers, below `count`, of the groups that rows belong to.

    O(n), or O(n log n) for floats, and for ints where places would leave 63 bits: then ranks are composed.
    """
    kind = str(starts.format)
    opening, closing = ends_of(kind)
    first, last = starts.tolist(), stops.tolist()
    lowest, highest = (min(min(first), min(last)), max(max(first), max(last))) if first else (0, 0)
    has_open = lowest == opening or highest == closing
    if has_open:
        finite = [x for x in chain(first, last) if opening < x < closing]
        lowest, highest = min(finite, default=0), max(finite, default=0)
    ranked: memoryview | None = None
    place: dict[Any, Any] = {opening: lowest - 1, closing: highest + 1}
    if kind == "d" or (highest - lowest + 3) * count > HIGHEST:  # which is no place: it stands for an open end
        rising = sorted({*first, *last} - {opening, closing})
        lowest, highest = 0, max(len(rising) - 1, 0)
        place = dict(zip(rising, range(len(rising)), strict=True))
        place[opening], place[closing] = -1, highest + 1
        ranked = machine([x + 0 for x in rising], kind)  # -0.0 is 0.0
    if has_open or ranked is not None:
        first, last = list(map(place.get, first, first)), list(map(place.get, last, last))
    width = highest - lowest + 3
    shifts = [group * width + 1 - lowest for group in range(count)]
    by_row = list(map(shifts.__getitem__, objects(groups)))
    composed = [machine(list(map(add, by_row, column)), "q") for column in (first, last)]
    return Places(composed[0], composed[1], width, lowest, highest, ranked, kind)


def split(points: Codes, places: Places, count: int) -> tuple[memoryview, memoryview, memoryview]:
    """Give swept breakpoints as coordinates, and where in that column each group begins and where it stops.

    Levels of a group begin where its breakpoints do, and there is one more. O(n + count log n). In between lie
    breakpoints at open ends, which belong to no group.
    """
    found = objects(points)
    firsts = list(map(bisect_left, repeat(found), range(1, count * places.width, places.width)))
    lasts = list(map(bisect_left, repeat(found), range(places.width - 1, count * places.width, places.width)))
    bounds = [0, *firsts[1:], len(found)]
    shifts = (group * places.width + 1 - places.lowest for group in range(count))
    by_point = chain.from_iterable(map(repeat, shifts, map(sub, bounds[1:], bounds)))
    coordinates = list(map(sub, found, by_point))
    if coordinates and (min(coordinates) < places.lowest or max(coordinates) > places.highest):
        coordinates = [min(max(x, places.lowest), places.highest) for x in coordinates]
    if places.ranked is not None:
        coordinates = list(map((objects(places.ranked) or [0]).__getitem__, coordinates))
    return machine(coordinates, places.format), machine(firsts, "q"), machine(lasts, "q")
