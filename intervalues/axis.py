"""The axis: coordinates moved and stretched, exactly, and each rounded once to what its domain holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal, Overflow
from fractions import Fraction
from itertools import islice, repeat
from operator import add, lt
from typing import Any

from . import dispatch, sources, values
from .arrays import Missing
from .columns import Codes, code_column, objects
from .coordinates import (
    FLOATS,
    NANO,
    Dates,
    Datetimes,
    Decimals,
    Domain,
    Numbers,
    Timedeltas,
    decimal_exponent,
    domain_of,
    domain_of_columns,
    encode_columns,
    is_open,
    join,
    quoted,
)
from .kernels.exact import rounded
from .lengths import is_numpy_length, numerators, refuse_lengthless, ticks_of
from .operations import ADD, MULTIPLY, Operation
from .steps import ZERO, Steps, of_lists, recode


def shifted(steps: Steps, d: Any) -> Steps:
    """Add a length to every coordinate. O(n)."""
    refuse_lengthless(steps.domain)
    if not len(steps.points):
        finite(d, "d", (*values.NUMBER, dt.timedelta), "it must be a number or a timedelta")
        return steps
    if isinstance(steps.domain, Numbers | Decimals):
        number = finite(d, "d", values.NUMBER, f"over {steps.domain.name} it must be a number")
        return moved(steps, *moved_numbers(steps, number, "d", ADD), f"moved by {quoted(d)}")
    length = finite(d, "d", dt.timedelta, f"over {steps.domain.name} it must be a timedelta")
    domain, points, (ticks,) = in_ticks(steps, length)
    if type(ticks) is not int:
        raise ValueError(f"d is {quoted(d)}; {domain.name} move by whole days")
    shifted_points = moved_at_once(points, ticks, ADD) or list(map(add, objects(points), repeat(ticks)))
    return moved(steps, domain, shifted_points, f"moved by {quoted(d)}")


def scaled(steps: Steps, k: Any) -> Steps:
    """Multiply every coordinate by a positive number. O(n)."""
    refuse_lengthless(steps.domain)
    if isinstance(steps.domain, Dates | Datetimes) and len(steps.points):
        raise TypeError(f"{steps.domain.name} have no zero to scale from; numbers and timedeltas can be scaled")
    number = finite(k, "k", values.NUMBER)
    if number <= 0:
        raise ValueError(f"k is {quoted(k)}; it must be positive")
    if not len(steps.points):
        return steps
    if not isinstance(steps.domain, Timedeltas):
        return moved(steps, *moved_numbers(steps, number, "k", MULTIPLY), f"scaled by {quoted(k)}")
    (numerator,), denominator = numerators([number])
    factor = Fraction(numerator) / denominator
    points: Sequence[Any]
    if factor.denominator == 1:
        whole_factor = factor.numerator
        points = moved_at_once(steps.points, whole_factor, MULTIPLY) or [x * whole_factor for x in steps.points]
    else:
        points = [round(code * factor) for code in objects(steps.points)]  # half to even
    return moved(steps, steps.domain, points, f"scaled by {quoted(k)}")


def finite(x: Any, name: str, kinds: Any, needed: str = "it must be a number") -> Any:
    """Give a plain finite number or timedelta; ValueError if it is missing or infinite, TypeError if it is neither."""
    plain = sources.plain(x)
    if isinstance(plain, Missing):
        raise ValueError(f"{name} {plain}; it must be finite")
    if is_open(plain):
        raise ValueError(f"{name} is {plain}; it must be finite")
    fine = is_numpy_length(plain, kinds is values.NUMBER)
    if isinstance(plain, bool) or not (isinstance(plain, kinds) or fine):
        raise TypeError(f"{name} is {quoted(x)}; {needed}")
    return plain


def moved(steps: Steps, domain: Domain, points: Sequence[Any], how: str) -> Steps:
    """Store a function whose breakpoints have moved, in order; OverflowError if one is beyond what can be held."""
    for index in (0, -1):
        if not holds(domain, points[index]):
            given = quoted(steps.domain.decode(steps.points[index]))
            raise OverflowError(f"{given} {how} is beyond what {domain.name} hold")
    at_once = isinstance(points, memoryview)  # then none has become another
    if at_once or all(map(lt, points, islice(points, 1, None))):
        domain, column = as_column(domain, points)
        return steps._replace(domain=domain, points=column)
    kept, levels = without_empty(points, objects(steps.levels))
    domain, column = as_column(domain, kept)
    return of_lists(domain, objects(column), steps.kind, levels, steps.closed)


def holds(domain: Domain, code: Any) -> bool:
    """Tell whether a domain has a coordinate for a code."""
    if getattr(domain, "unit", None) == NANO and not -(2**63) < code < 2**63:
        return False
    try:
        return not is_open(domain.decode(code))
    except (OverflowError, ValueError):
        return False


def without_empty(points: Sequence[Any], levels: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """Leave out what lies between breakpoints that have become one, or changed places. O(n).

    The last level wins; where 1 and 1.0 meet the int is shown.
    """
    kept: list[Any] = []
    kept_levels = [levels[0]]
    for x, level in zip(points, islice(levels, 1, None), strict=True):
        while kept and not kept[-1] < x:
            other = kept.pop()
            kept_levels.pop()
            if other == x and type(other) is int:
                x = other
        kept.append(x)
        kept_levels.append(level)
    return kept, kept_levels


def as_column(domain: Domain, codes: Sequence[Any]) -> tuple[Domain, Codes]:
    """Store codes; Decimals as such where 64 bits are too few for their codes. O(n)."""
    column = codes if isinstance(codes, memoryview) else code_column(codes, domain.typecode)
    if isinstance(domain, Decimals) and not isinstance(column, memoryview):
        return Numbers(domain.flavour), tuple(map(domain.decode, codes))
    return domain, column


def moved_at_once(points: Codes, number: Any, operation: Operation) -> memoryview | None:
    """Add a number to increasing machine codes, or multiply them by a positive one; None if the extension cannot.

    Nor does it where some of them become one: coordinates differ as neighbouring levels do, and are moved as levels.
    """
    by = code_column([number], "d" if type(number) is float else "q")
    _, found = dispatch.merge(points[1:], points, ZERO.points, by, operation.name) or ((), ())
    return found if isinstance(found, memoryview) and len(found) == len(points) else None


def moved_numbers(steps: Steps, number: Any, name: str, operation: Operation) -> tuple[Domain, Sequence[Any]]:
    """Add a number to all coordinates, or multiply them by it. O(n)."""
    domain = domain_with(steps.domain, name, number)
    if domain.flavour is float:
        return FLOATS, moved_floats(steps.points, number, operation)
    if domain.flavour is not Decimal:
        quick = moved_at_once(steps.points, number, operation)
        return domain, quick or list(map(operation.apply, objects(steps.points), repeat(number)))
    if operation is ADD:
        domain, points, (code,) = on_one_grid(steps.domain, steps.points, number)
        return domain, list(map(add, points, repeat(code)))
    return scaled_decimals(list(map(Decimal, map(steps.domain.decode, objects(steps.points)))), number)


def domain_with(domain: Any, name: str, number: Any) -> Any:
    """Give the domain of numbers that holds a number, too; TypeError if they do not mix."""
    found = join(domain, domain_of(number))
    if found is None:
        raise TypeError(f"{name} is {quoted(number)}, which does not mix with {domain.name}")
    return found


def moved_floats(points: Codes, number: Any, operation: Operation) -> Sequence[Any]:
    """Move ints and floats, to the nearest float but from int by int; beyond the largest it is infinite. O(n)."""
    near = values.near_floats([number])[0]
    if type(near) is float and (quick := moved_at_once(points, near, operation)) is not None:
        return quick
    given, move = objects(points), operation.apply
    ints = int in set(map(type, given))
    whole = max(map(abs, (given[0], given[-1]))) <= values.LARGEST_WHOLE
    if type(near) is float and (not ints or (whole and type(number) is float)):
        return list(map(add, map(move, map(float, given), repeat(near)), repeat(0.0)))  # no -0.0
    return [moved_once(x, number, move) for x in given]


def moved_once(x: Any, number: Any, move: Callable[[Any, Any], Any]) -> Any:
    """Move an int or float by another, exactly, and round it once."""
    if type(x) is int and type(number) is int:
        return move(x, number)
    return rounded(*move(Fraction(x), Fraction(number)).as_integer_ratio())


def on_one_grid(domain: Domain, points: Codes, *numbers: Any) -> tuple[Domain, Sequence[Any], list[Any]]:
    """Give Decimals and ints as whole numbers on their finest grid; OverflowError if these are too long. O(n)."""
    own = {domain.exponent} if isinstance(domain, Decimals) else set(map(exponent_of, objects(points)))
    grid = values.Decimals(min(own.union(map(exponent_of, numbers))))
    if getattr(domain, "exponent", None) == grid.exponent:
        return domain, objects(points), list(map(grid.encode, numbers))
    codes = list(map(grid.encode, map(domain.decode, objects(points))))
    return Decimals(grid.exponent), codes, list(map(grid.encode, numbers))


def exponent_of(x: Any) -> int:
    """Give the exponent of an int or Decimal."""
    return decimal_exponent(x) if isinstance(x, Decimal) else 0


def scaled_decimals(numbers: Sequence[Any], factor: Any) -> tuple[Domain, Sequence[Any]]:
    """Multiply Decimals: exactly, or to 28 digits or those of the longest operand. O(n)."""
    factor = Decimal(factor)
    try:
        points = list(map(values.context(numbers, [factor]).multiply, numbers, repeat(factor)))
    except Overflow:
        raise OverflowError(f"a coordinate scaled by {quoted(factor)} is beyond what Decimals hold") from None
    columns = [("coordinate", points)]
    domain, (codes,) = encode_columns(domain_of_columns(columns, range(len(points))), columns, range(len(points)))
    return domain, codes


def in_ticks(steps: Steps, *lengths: Any) -> tuple[Domain, Codes, list[Any]]:
    """Give times and timedeltas in one unit, the finer where it takes it to hold these lengths exactly. O(n)."""
    domain, points = steps.domain, steps.points
    ticks = [ticks_of(domain, length) for length in lengths]
    if any(count.denominator > 1 for count in ticks) and not isinstance(domain, Dates):
        domain = Datetimes(NANO, domain.zone) if isinstance(domain, Datetimes) else Timedeltas(NANO)
        points = recode(steps, domain)
        ticks = [ticks_of(domain, length) for length in lengths]
    return domain, points, [count.numerator if count.denominator == 1 else count for count in ticks]
