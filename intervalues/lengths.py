"""Lengths: differences of coordinates, in codes and as callers name and see them, and the units of integrals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from . import sources, values
from .arrays import Missing
from .coordinates import (
    DAY,
    Dates,
    Decimals,
    Domain,
    Numbers,
    Ordered,
    decimal_exponent,
    domain_of,
    is_open,
    join,
    quoted,
    ticks_of_timedelta,
)
from .kernels.exact import whole
from .values import FLOAT, FRACTION, INT, Kind

SECOND = dt.timedelta(seconds=1)


def refuse_lengthless(domain: Domain) -> None:
    """Raise TypeError for coordinates that cannot be subtracted."""
    if isinstance(domain, Ordered):
        raise TypeError(f"{domain.name} have no lengths")


def refuse_decimals_over_floats(kind: Kind, domain: Domain) -> None:
    """Raise TypeError: a float length would make a Decimal inexact."""
    if isinstance(kind, values.Decimals) and getattr(domain, "flavour", None) is float:
        raise TypeError("Decimal levels over float lengths do not mix")


def integral_kind(kind: Kind, domain: Domain, unit: Any) -> tuple[Kind, Fraction | int]:
    """Give the kind of an integral, and how many codes its unit of length is."""
    refuse_lengthless(domain)
    if isinstance(domain, Numbers | Decimals):
        if unit is not None:
            raise TypeError("unit is for integrals over time: these coordinates are numbers")
        refuse_decimals_over_floats(kind, domain)
        if domain.flavour is float:
            return FLOAT, 1
        if kind is INT and domain.flavour is not int:
            return (FRACTION if domain.flavour is Fraction else values.Decimals(0)), 1
        return kind, 1
    ticks = ticks_of(domain, (DAY if isinstance(domain, Dates) else SECOND) if unit is None else checked_unit(unit))
    return (FLOAT if kind is INT and ticks != 1 else kind), ticks


def checked_unit(unit: Any) -> Any:
    """Give a unit of time as a plain timedelta; raise if it is none, or not positive."""
    plain = sources.plain(unit)
    if not isinstance(plain, dt.timedelta) and not is_numpy_length(plain, numbers=False):
        raise TypeError(f"unit is {quoted(unit)}; it must be a timedelta")
    if ticks_of_timedelta(plain)[0] <= 0:
        raise ValueError(f"unit is {quoted(unit)}; it must be positive")
    return plain


def ratio_kind(kind: Kind, domain: Domain) -> Kind:
    """Give the kind of what is divided by a length: a mean, a variance."""
    refuse_lengthless(domain)
    refuse_decimals_over_floats(kind, domain)
    inexact = kind is INT or (kind is FRACTION and getattr(domain, "flavour", None) is float)
    return FLOAT if inexact else kind


def ticks_of(domain: Domain, length: dt.timedelta) -> Fraction:
    """Give a timedelta in codes of a domain of times, exactly."""
    count, per_second = ticks_of_timedelta(length)
    return Fraction(count, per_second) * (
        Fraction(1, 86_400) if isinstance(domain, Dates) else getattr(domain, "unit", 0)
    )


def length_code(domain: Domain, length: Any, name: str) -> tuple[Domain, Any]:
    """Give a length that a caller named as an exact number of codes, or inf, and the domain of coordinates moved by it.

    TypeError if it is no length of the domain, ValueError if it is missing.
    """
    refuse_lengthless(domain)
    plain = sources.plain(length)
    if isinstance(plain, Missing):
        raise ValueError(f"{name} {plain}")
    numbers = isinstance(domain, Numbers | Decimals)
    if is_open(plain):
        return domain, plain
    fits = isinstance(plain, values.NUMBER if numbers else dt.timedelta) or is_numpy_length(plain, numbers)
    if not fits or isinstance(plain, bool):
        needed = "a number" if numbers else "a timedelta"
        raise TypeError(f"{name} is {quoted(length)}; over {domain.name} it must be {needed}")
    if not numbers:
        return domain, simple(ticks_of(domain, plain))
    joined = join(domain, domain_of(plain))
    if joined is None:
        raise TypeError(f"{name} is {quoted(length)}, which does not mix with {domain.name}")
    refuse_long_decimals([plain])
    return joined, simple(Fraction(plain) / power_of_ten(getattr(joined, "exponent", 0)))


def is_numpy_length(x: Any, numbers: bool) -> bool:
    """Tell whether `x` is a length of nanoseconds that only NumPy has."""
    return not numbers and type(x).__name__ == "timedelta64"


def simple(exact: Fraction) -> Fraction | int:
    """Give a whole number as an int."""
    return exact.numerator if exact.denominator == 1 else exact


def shown(domain: Domain, length: Any, digits: int = values.PRECISION) -> Any:
    """Give an exact length, a number or ticks of time, as what `stop - start` gives; rounded once, or `inf`."""
    if is_open(length):
        return length
    if not isinstance(domain, Numbers | Decimals):
        return domain.length(int(length))  # type: ignore[attr-defined]
    return values.give(length, integral_kind(INT, domain, None)[0], digits)


def power_of_ten(exponent: int) -> Fraction:
    """Give `10**exponent`, exactly."""
    refuse_long(exponent)
    return Fraction(10**exponent) if exponent >= 0 else Fraction(1, 10**-exponent)


def refuse_long(exponent: int) -> None:
    """Raise OverflowError for a power of ten that would have to be written out for very long."""
    if abs(exponent) > values.MOST_DIGITS:
        raise OverflowError(f"an exact result needs over {values.MOST_DIGITS:,} digits")


def numerators(codes: Sequence[Any]) -> tuple[Sequence[Any], int]:
    """Give codes as ints or Fractions over one denominator. O(n)."""
    kinds = set(map(type, codes))
    if kinds <= {int}:
        return codes, 1
    if kinds == {float}:
        return whole(codes)
    refuse_long_decimals(codes)
    return list(map(Fraction, codes)), 1


def refuse_long_decimals(numbers: Iterable[Any]) -> None:
    """Raise OverflowError if a number is a Decimal that would have to be written out for very long."""
    for number in numbers:
        if type(number) is Decimal and number:
            refuse_long(max(abs(number.adjusted()), abs(decimal_exponent(number))))
