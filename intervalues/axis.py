"""The axis: coordinates moved and stretched, exactly, and each rounded once to what its domain holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal, Overflow
from fractions import Fraction
from itertools import islice, repeat
from operator import add, lt, mul
from typing import Any

from . import sources, values
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
from .steps import Steps, of_lists, recode

Move = Callable[[Any, Any], Any]


def shifted(steps: Steps, d: Any) -> Steps:
    """Add a length to every coordinate. O(n)."""
    refuse_lengthless(steps.domain)
    if not len(steps.points):
        finite(d, "d", (*values.NUMBER, dt.timedelta), "it must be a number or a timedelta")
        return steps
    if isinstance(steps.domain, Numbers | Decimals):
        number = finite(d, "d", values.NUMBER, f"over {steps.domain.name} it must be a number")
        return moved(steps, *moved_numbers(steps, number, "d", add), f"moved by {quoted(d)}")
    length = finite(d, "d", dt.timedelta, f"over {steps.domain.name} it must be a timedelta")
    domain, points, (ticks,) = in_ticks(steps, length)
    if type(ticks) is not int:
        raise ValueError(f"d is {quoted(d)}; {domain.name} move by whole days")
    return moved(steps, domain, list(map(add, objects(points), repeat(ticks))), f"moved by {quoted(d)}")


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
        return moved(steps, *moved_numbers(steps, number, "k", mul), f"scaled by {quoted(k)}")
    (numerator,), denominator = numerators([number])
    factor = Fraction(numerator) / denominator
    ticks = objects(steps.points)
    if factor.denominator == 1:
        points = list(map(mul, ticks, repeat(factor.numerator)))
    else:
        points = [round(code * factor) for code in ticks]  # half to even
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
    if all(map(lt, points, islice(points, 1, None))):
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
    column = code_column(codes, domain.typecode)
    if isinstance(domain, Decimals) and not isinstance(column, memoryview):
        return Numbers(domain.flavour), tuple(map(domain.decode, codes))
    return domain, column


def moved_numbers(steps: Steps, number: Any, name: str, move: Move) -> tuple[Domain, Sequence[Any]]:
    """Add a number to all coordinates, or multiply them by it. O(n)."""
    domain = domain_with(steps.domain, name, number)
    if domain.flavour is float:
        return FLOATS, moved_floats(objects(steps.points), number, move)
    if domain.flavour is not Decimal:
        return domain, list(map(move, objects(steps.points), repeat(number)))
    if move is add:
        domain, points, (code,) = on_one_grid(steps.domain, steps.points, number)
        return domain, list(map(add, points, repeat(code)))
    return scaled_decimals(list(map(Decimal, map(steps.domain.decode, objects(steps.points)))), number)


def domain_with(domain: Any, name: str, number: Any) -> Any:
    """Give the domain of numbers that holds a number, too; TypeError if they do not mix."""
    found = join(domain, domain_of(number))
    if found is None:
        raise TypeError(f"{name} is {quoted(number)}, which does not mix with {domain.name}")
    return found


def moved_floats(points: Sequence[Any], number: Any, move: Move) -> list[Any]:
    """Move ints and floats, to the nearest float but from int by int; beyond the largest it is infinite. O(n)."""
    near = values.near_floats([number])[0]
    ints = int in set(map(type, points))
    whole = max(map(abs, (points[0], points[-1]))) <= values.LARGEST_WHOLE
    if type(near) is float and (not ints or (whole and type(number) is float)):
        floats = map(float, points)
        return list(map(add, map(move, floats, repeat(near)), repeat(0.0)))  # no -0.0
    return [moved_once(x, number, move) for x in points]


def moved_once(x: Any, number: Any, move: Move) -> Any:
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
