"""The algebra of step functions: an operation on the levels of one, or of two merged."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from decimal import Inexact
from fractions import Fraction
from typing import Any

from . import sources, values
from .arrays import NAN
from .columns import code_column, objects
from .coordinates import Domain, quoted
from .kernels.merge import merge
from .steps import ZERO, Steps, bounds, joint, of_lists
from .values import FLOAT, FRACTION, INT, Kind, Operation


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
    return ZERO._replace(kind=kind, levels=values.column([plain], kind))


def combine(a: Steps, b: Steps, operation: Operation) -> Steps:
    """Give `operation`, of Python's `operator` module, of both levels at every point. O(n + m)."""
    domain, a_points, b_points, closed = joint(a, b)
    xs, ys = a.kind.numbers(a.levels), b.kind.numbers(b.levels)
    kind = result_kind(a.kind, b.kind, operation)
    if kind is FLOAT:
        xs, ys = values.near_floats(xs), values.near_floats(ys)
    compute = values.arithmetic(operation, a.kind, b.kind, xs, ys)
    try:
        points, levels = merge(objects(a_points), xs, objects(b_points), ys, compute)
    except Inexact:
        raise OverflowError(f"a level needs over {values.MOST_DIGITS:,} digits") from None
    return of_numbers(domain, points, kind, levels, closed)


def result_kind(a: Kind, b: Kind, operation: Operation) -> Kind:
    """Give the kind of what an operation of levels of two kinds gives; TypeError if they do not mix."""
    kind = values.join(a, b)
    return FLOAT if kind is INT and operation is operator.truediv else kind


def of_numbers(domain: Domain, points: Any, kind: Kind, levels: Any, closed: str) -> Steps:
    """Store levels given as numbers; Decimals on the finest grid among them."""
    if isinstance(kind, values.Decimals):
        kind = values.decimal_kind(levels)
        levels = list(map(kind.encode, levels))
    elif kind is FRACTION:
        levels = list(map(Fraction, levels))
    return of_lists(domain, points, kind, levels, closed)


def divided(a: Steps, divisor: Steps) -> Steps:
    """Divide by a constant; ZeroDivisionError if that is zero, whatever is divided."""
    if not divisor.levels[0]:
        raise ZeroDivisionError("division of a collection by zero")
    return combine(a, divisor, operator.truediv)


def negative(a: Steps) -> Steps:
    """Give the function of opposite levels. O(n)."""
    levels = [a.kind.zero - level for level in objects(a.levels)]
    return a._replace(levels=code_column(levels, a.kind.typecode))


def region(a: Steps, inside: Callable[[Any], bool]) -> Steps:
    """Give the region where a test of the level holds, as levels 0 and 1. O(n)."""
    levels = [int(inside(level)) for level in a.kind.numbers(a.levels)]
    return of_lists(a.domain, objects(a.points), INT, levels, a.closed)


def compared(a: Steps, b: Steps, comparison: Operation) -> Steps:
    """Give the region where a comparison with a constant holds; TypeError if their kinds do not mix."""
    values.join(a.kind, b.kind)
    limit = b.kind.numbers(b.levels)[0]
    return region(a, lambda level: bool(comparison(level, limit)))


def merged_regions(a: Steps, b: Steps, operation: Operation) -> Steps:
    """Give the region that an operation on the levels 0 and 1 of two regions tells. O(n + m)."""
    domain, a_points, b_points, closed = joint(a, b)
    points, levels = merge(objects(a_points), objects(a.levels), objects(b_points), objects(b.levels), operation)
    return of_lists(domain, points, INT, levels, closed)


def restricted(a: Steps, within: Steps) -> Steps:
    """Give the function inside a region, 0 outside. O(n + m)."""
    domain, a_points, b_points, closed = joint(a, within)
    zero = a.kind.zero

    def inside(level: Any, is_in: int) -> Any:
        return level if is_in else zero

    points, levels = merge(objects(a_points), objects(a.levels), objects(b_points), objects(within.levels), inside)
    return of_lists(domain, points, a.kind, levels, closed)


def pieces(a: Steps, within: Steps) -> tuple[Domain, list[tuple[Any, Any, Any]]]:
    """Give the domain and the pieces (start, stop, level), in codes, of the function inside a region. O(n + m)."""
    domain, a_points, b_points, _ = joint(a, within)

    def paired(level: Any, is_in: int) -> Any:
        return (level,) if is_in else None

    points, levels = merge(objects(a_points), objects(a.levels), objects(b_points), objects(within.levels), paired)
    starts, stops = bounds(a._replace(points=tuple(points)))
    found = zip(starts, stops, levels, strict=True)
    return domain, [(start, stop, level[0]) for start, stop, level in found if level is not None]
