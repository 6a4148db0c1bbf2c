"""Views: which stretch of the axis a picture shows, and what it draws there of functions, however long they are."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import chain, groupby
from operator import lt
from typing import Any, NamedTuple

from . import dispatch
from .columns import objects
from .coordinates import INTS, Decimals, Domain, Numbers, Ordered, join
from .kernels.exact import rounded
from .lengths import refuse_long_decimals
from .steps import Steps, recode
from .values import ROWS
from .windows import as_machine

SECONDS_A_DAY = 86_400
MARGIN = Fraction(1, 16)  # of the length between the breakpoints: drawn beyond them where a level has no end


class View(NamedTuple):
    """A step function on the stretch from `left` to `right`, all in numbers that are no further from each other.

    `points` are codes of the domain; where there are no lengths they are places in `line`, the coordinates in order.
    """

    domain: Domain
    points: Sequence[Any]
    levels: Sequence[Any]
    left: Fraction
    right: Fraction
    line: Sequence[Any] | None = None


def views(functions: Sequence[Steps]) -> list[View]:
    """Show functions on one stretch of one axis, or each on its own if their coordinates do not mix. O(n)."""
    domain = joined([steps.domain for steps in functions if len(steps.points)])
    if domain is None:
        return [views([steps])[0] for steps in functions]
    columns = [recode(steps, domain) if len(steps.points) else () for steps in functions]
    if isinstance(domain, Decimals) and not all(isinstance(column, memoryview) for column in columns if len(column)):
        domain = Numbers(domain.flavour)  # over 64 bits
        columns = [recode(steps, domain) if len(steps.points) else () for steps in functions]
    line, numbers = placed(domain, columns)
    left, right = stretch(functions, numbers, None if line is not None else domain)
    levels = [tuple(map(len, steps.levels)) if steps.kind is ROWS else steps.levels for steps in functions]
    return [View(domain, own, worth, left, right, line) for own, worth in zip(numbers, levels, strict=True)]


def share_an_axis(shown: Sequence[View]) -> bool:
    """Tell whether numbers mean the same in all views, and all show the same stretch."""
    first = shown[0]
    return all(
        (view.left, view.right) == (first.left, first.right) and view.domain == first.domain and view.line is first.line
        for view in shown
    )


def joined(domains: Sequence[Domain]) -> Domain | None:
    """Give the domain that holds all coordinates, None if they do not mix."""
    found: Domain | None = domains[0] if domains else INTS
    for domain in domains:
        found = None if found is None else join(found, domain)
    return found


def placed(domain: Domain, columns: Sequence[Any]) -> tuple[Sequence[Any] | None, list[Sequence[Any]]]:
    """Give breakpoints as numbers: codes, or, of what has no lengths, places in one line of all. O(n)."""
    if not isinstance(domain, Ordered):
        try:
            return None, [in_numbers(column) for column in columns]
        except OverflowError:  # Decimals that nobody can write out
            pass
    if len(columns) == 1:
        return columns[0], [range(len(columns[0]))]
    line = [x for x, _ in groupby(sorted(chain.from_iterable(columns)))]
    return line, [[bisect_left(line, x) for x in column] for column in columns]


def in_numbers(column: Any) -> Sequence[Any]:
    """Give a column of numbers as numbers that can be compared with Fractions. O(n), O(1) for a machine column."""
    if isinstance(column, memoryview):
        return column
    refuse_long_decimals(column)
    return list(map(Fraction, column))


def stretch(
    functions: Sequence[Steps], points: Sequence[Sequence[Any]], domain: Domain | None
) -> tuple[Fraction, Fraction]:
    """Give what is shown: all between the breakpoints, and beyond them where a level that is not zero has no end.

    Without lengths, that is, without a domain, it goes one place beyond.
    """
    ends = [Fraction(own[index]) for own in points if len(own) for index in (0, -1)]
    if not ends:
        return Fraction(0), Fraction(1)
    first, last = min(ends), max(ends)
    margin = (last - first) * MARGIN
    if domain is None:
        margin = Fraction(1)
    elif first == last and isinstance(domain, Numbers | Decimals):
        margin = max(Fraction(1), abs(first) * MARGIN)  # so that floats can tell
    elif first == last:
        margin = getattr(domain, "unit", Fraction(1, SECONDS_A_DAY)) * Fraction(SECONDS_A_DAY)  # a day
    opens = [any(steps.levels[index] for steps in functions) for index in (0, -1)]
    return first - margin * opens[0], last + margin * opens[1]


def columns(view: View, count: int) -> Iterator[tuple[Any, Any]]:
    """Give the levels nearest to and furthest from zero in each of so many columns of equal width. O(n).

    So neither a peak nor a trough is lost, however narrow.
    """
    below, above = rounding(view.points)
    edges = cuts(view, count)
    starts, stops = list(map(below, edges[:-1])), list(map(above, edges[1:]))
    for lowest, highest in quick_extremes(view, starts, stops) or extremes(view, starts, stops):
        yield (highest, lowest) if -lowest > highest else (lowest, highest)


def extremes(view: View, starts: Sequence[Any], stops: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Give the lowest and the highest level in each window. O(n)."""
    for start, stop in zip(starts, stops, strict=True):
        first = bisect_right(view.points, start)
        last = max(first, bisect_left(view.points, stop))  # both edges may have been rounded to one breakpoint
        inside = objects(view.levels[first : last + 1])  # type: ignore[arg-type]
        yield min(inside), max(inside)


def quick_extremes(view: View, starts: Sequence[Any], stops: Sequence[Any]) -> Iterator[tuple[Any, Any]] | None:
    """Give what `extremes` does with the extension, None if it cannot."""
    points, levels = view.points, view.levels
    if not isinstance(points, memoryview) or not isinstance(levels, memoryview) or not all(map(lt, starts, stops)):
        return None
    ends = [as_machine(edges, str(points.format)) for edges in (starts, stops)]
    if ends[0] is None or ends[1] is None:
        return None
    found = [dispatch.summarize((points, levels, ends[0], ends[1]), how) for how in ("min", "max")]
    return None if found[0] is None or found[1] is None else zip(*found, strict=True)


def rounding(points: Sequence[Any]) -> tuple[Callable[[Fraction], Any], Callable[[Fraction], Any]]:
    """Give what makes of the edges left and right of a column numbers with which breakpoints are quickly compared."""
    if not isinstance(points, memoryview):
        return Fraction, Fraction
    return (math.floor, math.ceil) if points.format == "q" else (nearest, nearest)


def nearest(x: Fraction) -> float:
    """Give the float nearest to a number, an infinity where none is large enough."""
    return rounded(*x.as_integer_ratio())


def cuts(view: View, count: int) -> list[Fraction]:
    """Give the edges of so many columns of equal width."""
    width = (view.right - view.left) / count
    return [view.left + index * width for index in range(count)] + [view.right]


def scale(levels: Sequence[Any]) -> tuple[Fraction, Fraction]:
    """Give the lowest and the highest of levels and zero, the latter higher than the former."""
    lowest, highest = Fraction(min([0, *levels])), Fraction(max([0, *levels]))
    return lowest, highest if highest > lowest else lowest + 1


def outline(view: View, most: int) -> tuple[list[Any], list[Any]]:
    """Give edges and, between them, levels to draw: all there are, else two for each of `most` columns. O(n)."""
    first, last = bisect_right(view.points, view.left), bisect_left(view.points, view.right)
    if last - first <= 2 * most:
        return [view.left, *view.points[first:last], view.right], list(view.levels[first : last + 1])
    return cuts(view, 2 * most), [level for both in columns(view, most) for level in both]


def share(x: Any, low: Fraction, high: Fraction) -> float:
    """Give where a number lies between two others, from 0 to 1."""
    return float((Fraction(x) - low) / (high - low))
