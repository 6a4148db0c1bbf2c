"""Statistics of a step function inside a region: exact sums over its pieces, rounded once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from . import values
from .algebra import merged_regions, pieces, region
from .coordinates import (
    DAY,
    Dates,
    Datetimes,
    Decimals,
    Domain,
    Numbers,
    Ordered,
    Timedeltas,
    decimal_exponent,
    is_open,
    quoted,
    ticks_of_timedelta,
)
from .kernels.exact import whole
from .steps import Steps
from .values import FLOAT, FRACTION, INT, Kind

SECOND = dt.timedelta(seconds=1)
Pieces = Sequence[tuple[Any, Any, Any]]


def integral(steps: Steps, within: Steps, unit: Any) -> Any:
    """Give the exact sum of level times length, rounded once."""
    domain, found = pieces(steps, within)
    kind, ticks = integral_kind(steps.kind, domain, unit)
    for start, stop, level in found:
        if level and (is_open(start) or is_open(stop)):
            raise ValueError(f"the level {quoted(steps.kind.decode(level))} reaches to infinity, and so its integral")
    total = total_of([piece for piece in found if piece[2]], domain, steps.kind)
    return values.give(Fraction(total) / ticks, kind, digits_in(found, kind))


def integral_kind(kind: Kind, domain: Domain, unit: Any) -> tuple[Kind, Fraction | int]:
    """Give the kind of an integral, and how many codes its unit of length is."""
    if isinstance(domain, Numbers | Decimals):
        if unit is not None:
            raise TypeError("unit is for integrals over time: these coordinates are numbers")
        flavour = domain.flavour
        refuse_decimals_over_floats(kind, flavour)
        if flavour is float:
            return FLOAT, 1
        if kind is INT and flavour is not int:
            return (FRACTION if flavour is Fraction else values.Decimals(0)), 1
        return kind, 1
    refuse_lengthless(domain)
    unit = (DAY if isinstance(domain, Dates) else SECOND) if unit is None else unit
    if not isinstance(unit, dt.timedelta):
        raise TypeError(f"unit is {quoted(unit)}; it must be a timedelta")
    count, per_second = ticks_of_timedelta(unit)
    if count <= 0:
        raise ValueError(f"unit is {quoted(unit)}; it must be positive")
    own_per_second = Fraction(1, 86_400) if isinstance(domain, Dates) else Fraction(getattr(domain, "unit", 0))
    ticks = Fraction(count, per_second) * own_per_second
    return (FLOAT if kind is INT and ticks != 1 else kind), ticks


def refuse_lengthless(domain: Domain) -> None:
    """Raise TypeError for coordinates that cannot be subtracted."""
    if isinstance(domain, Ordered):
        raise TypeError(f"{domain.name} have no lengths")


def refuse_decimals_over_floats(kind: Kind, flavour: type) -> None:
    """Raise TypeError: a float length would make a Decimal inexact."""
    if isinstance(kind, values.Decimals) and flavour is float:
        raise TypeError("Decimal levels over float lengths do not mix")


def mean(steps: Steps, within: Steps) -> Any:
    """Give the integral over the length, rounded once."""
    domain, found = pieces(steps, within)
    refuse_lengthless(domain)
    flavour = getattr(domain, "flavour", int)
    refuse_decimals_over_floats(steps.kind, flavour)
    refuse_empty(found, "mean")
    if any(is_open(end) for piece in found for end in piece[:2]):
        raise ValueError("over an unbounded window there is no mean")
    total = total_of(found, domain, steps.kind)
    length = total_of([(start, stop, 1) for start, stop, _ in found], domain, INT)
    kind = FLOAT if steps.kind is INT or (steps.kind is FRACTION and flavour is float) else steps.kind
    return values.give(Fraction(total) / length, kind, digits_in(found, kind))


def extreme(steps: Steps, within: Steps, which: Any) -> Any:
    """Give the largest or smallest level, `which` being `max` or `min`, as a number."""
    _, found = pieces(steps, within)
    refuse_empty(found, which.__name__)
    return steps.kind.decode(which(level for _, _, level in found))


def argextreme(steps: Steps, within: Steps, which: Any) -> Steps:
    """Give the region where the level is the largest or smallest."""
    level = extreme(steps, within, which)
    return merged_regions(region(steps, lambda x: bool(x == level)), within, lambda x, y: x & y)


def total_length(steps: Steps) -> Any:
    """Give the length of a region as what `stop - start` gives, exact, rounded once; `inf` if it is unbounded."""
    domain, found = pieces(steps, steps)
    if any(is_open(end) for piece in found for end in piece[:2]):
        return float("inf")
    refuse_lengthless(domain)
    total = total_of(found, domain, INT)
    if isinstance(domain, Dates | Datetimes | Timedeltas):
        return domain.length(int(total))
    kind, _ = integral_kind(INT, domain, None)
    return values.give(total, kind, digits_in(found, kind))


def total_of(found: Pieces, domain: Domain, kind: Kind) -> Fraction | int:
    """Give the exact sum of level times length, in ticks for times. Pieces are bounded."""
    starts, start_scale = exact([start for start, _, _ in found])
    stops, stop_scale = exact([stop for _, stop, _ in found])
    levels, level_scale = exact([level for _, _, level in found])
    up = sum(stop * level for stop, level in zip(stops, levels, strict=True))
    down = sum(start * level for start, level in zip(starts, levels, strict=True))
    total: Fraction = Fraction(up, stop_scale * level_scale) - Fraction(down, start_scale * level_scale)
    for grid in (domain, kind):
        total *= power_of_ten(getattr(grid, "exponent", 0))
    return int(total) if total.denominator == 1 else total


def power_of_ten(exponent: int) -> Fraction:
    """Give `10**exponent`, exactly."""
    refuse_long(exponent)
    return Fraction(10**exponent) if exponent >= 0 else Fraction(1, 10**-exponent)


def exact(codes: list[Any]) -> tuple[list[Any], int]:
    """Give codes as ints or Fractions over one denominator."""
    kinds = set(map(type, codes))
    if kinds <= {int}:
        return codes, 1
    if kinds == {float}:
        return whole(codes)
    for code in codes:
        if type(code) is Decimal and code:
            refuse_long(max(abs(code.adjusted()), abs(decimal_exponent(code))))
    return list(map(Fraction, codes)), 1


def refuse_long(exponent: int) -> None:
    """Raise OverflowError for a power of ten that would have to be written out for very long."""
    if abs(exponent) > values.MOST_DIGITS:
        raise OverflowError(f"an exact result needs over {values.MOST_DIGITS:,} digits")


def digits_in(found: Pieces, kind: Kind) -> int:
    """Count the digits of the longest operand of a Decimal result."""
    if not isinstance(kind, values.Decimals):
        return values.PRECISION
    numbers = (Decimal(x) for piece in found for x in piece if isinstance(x, int | Decimal))
    return max((len(x.as_tuple().digits) for x in numbers), default=0)


def refuse_empty(found: Pieces, name: str) -> None:
    """Raise ValueError: over nothing there is no such statistic."""
    if not found:
        raise ValueError(f"over zero length there is no {name}")
