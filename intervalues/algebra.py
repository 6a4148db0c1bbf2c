"""The algebra of step functions: an operation on the levels of one, of two merged, or of many added up."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from decimal import Inexact
from fractions import Fraction
from itertools import chain
from typing import Any

from . import dispatch, door, sources, values
from .arrays import NAN, Coded
from .columns import Codes, chained, code_column, objects
from .coordinates import INTS, Datetimes, Domain, quoted
from .kernels.merge import merge
from .operations import DIVIDE, NOT_EQUAL, ON_GRID, SUBTRACT, WITHOUT, Operation
from .options import Options
from .sources import Rows
from .steps import ZERO, Steps, bounds, common, decoded, intervals, joint, of_lists
from .values import FLOAT, FRACTION, INT, ROWS, Kind


def constant(number: Any) -> Steps | None:
    """Give a number as the function that has this level everywhere; None if it is no number."""
    plain = sources.plain(number)
    if isinstance(plain, bool):
        plain = int(plain)
    if plain is NAN or (isinstance(plain, float) and math.isinf(plain)):
        raise ValueError(f"{quoted(number)} is no finite number")
    if not isinstance(plain, values.NUMBER):
        return None
    kind = values.kind_of(plain)
    return ZERO._replace(kind=kind, levels=values.column([plain or 0.0 if kind is FLOAT else plain], kind))


def combine(a: Steps, b: Steps, operation: Operation) -> Steps:
    """Give an operation of both levels at every point. O(n + m)."""
    domain, a_points, b_points, closed = joint(a, b)
    kind, xs, ys = values.operands(a.kind, a.levels, b.kind, b.levels, operation)
    quick = dispatch.merge(a_points, xs, b_points, ys, operation.name)
    if quick is not None:
        return of_codes(domain, quick[0], kind, quick[1], closed)
    numbers = [steps.kind.numbers(steps.levels) for steps in (a, b)]
    if kind is FLOAT:
        numbers = list(map(values.near_floats, numbers))
    compute = values.arithmetic(operation, a.kind, b.kind, *numbers)
    try:
        points, levels = merge(objects(a_points), numbers[0], objects(b_points), numbers[1], compute)
    except Inexact:
        raise OverflowError(f"a level needs over {values.MOST_DIGITS:,} digits") from None
    return of_numbers(domain, points, kind, levels, closed, on_grid=operation in ON_GRID)


def of_codes(domain: Domain, points: Codes, kind: Kind, levels: Codes, closed: str) -> Steps:
    """Store canonical columns; a Decimal zero that is everywhere is a plain one."""
    if isinstance(kind, values.Decimals) and not len(points) and not levels[0]:
        kind = values.Decimals(0)
    return Steps(domain, points, kind, levels, closed)


def of_numbers(domain: Domain, points: Any, kind: Kind, levels: Any, closed: str, on_grid: bool) -> Steps:
    """Store levels given as numbers: Decimals on the grid of their kind, or on the finest that is among them."""
    if isinstance(kind, values.Decimals):
        kind = kind if on_grid and any(levels) else values.decimal_kind(levels)
        levels = list(map(kind.encode, levels))
    elif kind is FRACTION:
        levels = list(map(Fraction, levels))
    return of_lists(domain, points, kind, levels, closed)


def divided(a: Steps, b: Steps) -> Steps:
    """Divide levels; ZeroDivisionError where a divisor is 0 and the level is not."""
    try:
        return combine(a, b, DIVIDE)
    except ZeroDivisionError:
        where = combine(support(a), support(b), WITHOUT)
    start, stop = (quoted(end) for end in next(intervals(where))[:2])
    raise ZeroDivisionError(f"the divisor is 0 on [{start}, {stop}), where the level is not")


def negative(a: Steps) -> Steps:
    """Give the function of opposite levels. O(n)."""
    zero = code_column([a.kind.zero], a.kind.typecode)
    return combine(ZERO._replace(kind=a.kind, levels=zero), a, SUBTRACT)


def extreme(operands: Sequence[Steps], operation: Operation) -> Steps:
    """Give the maximum or minimum of functions, by merging pairs, then pairs of these. O(n log k)."""
    values.refuse_rows(operands[0].kind)
    while len(operands) > 1:
        pairs = zip(operands[::2], operands[1::2], strict=False)
        operands = [*(combine(a, b, operation) for a, b in pairs), *operands[len(operands) & ~1 :]]
    return operands[0]


def total(operands: Sequence[Steps]) -> Steps:
    """Give the exact sum of functions, rounded once: one sweep over the pieces of all. O(n log n)."""
    like, kind = operands[0], INT
    for other in operands:
        kind = values.join(kind, other.kind)
        domain, _ = common(like, other)
        like = (like if len(like.points) else other)._replace(domain=domain)
    options = Options(closed=like.closed)
    grid = values.domain_of_levels(like.kind)
    operands = [steps for steps in operands if not is_nothing(steps, grid)] or [like]
    machine = all(steps.domain == like.domain and values.domain_of_levels(steps.kind) == grid for steps in operands)
    if grid is None or not machine or not all(map(is_machine_segments, operands)):
        rows = chain.from_iterable(map(pieces_shown, operands))
        try:
            return door.combine(list(rows), None, None, None, options)
        except OverflowError as error:
            raise OverflowError(str(error).partition("row ")[2].partition(": ")[2] or str(error)) from None
    starts = Coded(chained((steps.points[:-1] for steps in operands), like.domain.typecode), like.domain, {})
    stops = Coded(chained((steps.points[1:] for steps in operands), like.domain.typecode), like.domain, {})
    worth = Coded(chained((steps.levels[1:-1] for steps in operands), like.kind.typecode), grid, {})
    return door.checked(Rows(starts, stops, worth), options)


def is_nothing(steps: Steps, grid: Domain | None) -> bool:
    """Tell whether a function adds neither levels to others on a grid nor another kind."""
    return not len(steps.points) and not steps.levels[0] and values.domain_of_levels(steps.kind) in (INTS, grid)


def is_machine_segments(steps: Steps) -> bool:
    """Tell whether a function is stored in machine columns, has segments, and none of them reaches to infinity."""
    machine = isinstance(steps.points, memoryview) and isinstance(steps.levels, memoryview)
    return machine and len(steps.points) > 0 and not steps.levels[0] and not steps.levels[-1]


def pieces_shown(steps: Steps) -> Iterator[tuple[Any, Any, Any]]:
    """Give every piece, zero ones too, as a row (start, stop, level)."""
    starts, stops = bounds(steps)
    shown = steps.domain.shown
    return zip(map(shown, starts), map(shown, stops), steps.kind.numbers(steps.levels), strict=True)


def support(a: Steps) -> Steps:
    """Give the region where the level is not zero. O(n)."""
    if a.kind is ROWS:  # no number to compare with
        return of_lists(a.domain, objects(a.points), INT, list(map(int, map(bool, a.levels))), a.closed)
    return combine(a, ZERO, NOT_EQUAL)


def restricted(a: Steps, within: Steps) -> Steps:
    """Give the function inside a region, 0 outside, in the zone in which it is shown. O(n + m)."""
    domain, a_points, b_points, closed = joint(a, within)
    if isinstance(domain, Datetimes) and isinstance(a.domain, Datetimes):
        domain = Datetimes(domain.unit, a.domain.zone)
    quick = dispatch.merge(a_points, a.levels, b_points, within.levels, "where")
    if quick is not None:
        return Steps(domain, quick[0], a.kind, quick[1], closed)
    zero = a.kind.zero

    def inside(level: Any, is_in: int) -> Any:
        return level if is_in else zero

    points, levels = merge(objects(a_points), objects(a.levels), objects(b_points), objects(within.levels), inside)
    return of_lists(domain, points, a.kind, levels, closed)


def mapped(a: Steps, function: Callable[[Any], Any]) -> Steps:
    """Give the function whose levels are what `function` makes of them. O(n)."""
    numbers = [sources.plain(function(level)) for level in decoded(a.levels, a.kind.decoder)]
    kind, levels = door.level_codes(numbers, lambda index: f"level {index}: what the function gave")
    return of_lists(a.domain, objects(a.points), kind, levels, a.closed)
