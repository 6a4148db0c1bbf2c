"""The pickled form of step functions: plain names and columns, checked in full when it comes back.

Version 1 is (1, domain, points, kind, levels, closed): `domain` and `kind` are a name and its arguments, a machine
column is its type code with its bytes in little-endian order, any other a tuple. Every version stays readable.
"""

from __future__ import annotations

import math
import sys
from array import array
from datetime import tzinfo
from decimal import Decimal
from fractions import Fraction
from itertools import chain, pairwise
from operator import lt, ne
from pickle import UnpicklingError
from typing import Any

from . import values
from .columns import Codes, code_column
from .coordinates import MICRO, NANO, Dates, Datetimes, Decimals, Domain, Numbers, Ordered, Timedeltas
from .steps import SIDES, Steps

DOMAINS: dict[str, type[Domain]] = {
    kind.__name__: kind for kind in (Numbers, Decimals, Dates, Datetimes, Timedeltas, Ordered)
}
KINDS = {kind.name: kind for kind in (values.INT, values.FLOAT, values.FRACTION, values.ROWS)}


def pack(steps: Steps) -> tuple[Any, ...]:
    """Give what a pickle holds. O(n), 16 bytes a segment in machine columns."""
    kind = steps.kind
    kind_state = (kind.name, kind.exponent) if isinstance(kind, values.Decimals) else (kind.name,)
    domain_state = (type(steps.domain).__name__, *steps.domain._key())
    return 1, domain_state, _packed(steps.points), kind_state, _packed(steps.levels), steps.closed


def unpack(state: Any) -> Steps:
    """Give the step function back; UnpicklingError if the state is none."""
    try:
        version, (domain_name, *domain_parts), points, (kind_name, *kind_parts), levels, closed = state
        if version != 1:
            raise ValueError(f"version {version!r} is not known to this release")
        kind = KINDS[kind_name] if kind_name in KINDS else values.Decimals(*kind_parts)
        domain = DOMAINS[domain_name](*domain_parts)
        columns = _unpacked(points, domain.typecode), _unpacked(levels, kind.typecode)
        steps = Steps(domain, columns[0], kind, columns[1], closed)
        check(steps)
    except Exception as error:
        raise UnpicklingError(f"this is no pickled collection of intervals: {error}") from error
    return steps


def check(steps: Steps) -> None:
    """Raise ValueError unless the columns keep every invariant of a step function. O(n)."""
    domain, points, kind, levels, closed = steps
    level_types = {values.FLOAT: (float,), values.FRACTION: (int, Fraction), values.ROWS: (tuple,)}.get(kind, (int,))
    point_types: tuple[type, ...] = (int,)
    exponents = [part.exponent for part in (domain, kind) if hasattr(part, "exponent")]
    if not all(type(exponent) is int for exponent in exponents):
        raise ValueError("an exponent is no int")
    if isinstance(domain, Datetimes | Timedeltas) and domain.unit not in (MICRO, NANO):
        raise ValueError("the unit of time is unknown")
    if not isinstance(getattr(domain, "zone", None), tzinfo | None):
        raise ValueError("the zone is no time zone")
    if isinstance(domain, Numbers):
        if domain.flavour not in (int, float, Decimal, Fraction):
            raise ValueError("the coordinates are of an unknown type")
        point_types = (int, domain.flavour)
    elif isinstance(domain, Ordered):
        point_types = (domain.type,)
    if closed not in SIDES or len(levels) != len(points) + 1:
        raise ValueError("a side or a number of levels is wrong")
    if not all(isinstance(x, point_types) and type(x) is not bool for x in points):
        raise ValueError("a breakpoint is not of its domain")
    if not all(isinstance(x, level_types) and type(x) is not bool for x in levels):
        raise ValueError("a level is not of its kind")
    if kind is values.ROWS and not all(map(are_rows, levels)):
        raise ValueError("a level is no tuple of row numbers")
    if any(isinstance(x, float) and not is_proper(x) for x in chain(points, levels)):
        raise ValueError("a breakpoint or level is not finite, or a negative zero")
    if not all(lt(*pair) for pair in pairwise(points)) or not all(ne(*pair) for pair in pairwise(levels)):
        raise ValueError("breakpoints do not increase, or neighbouring levels are equal")
    for code in chain(points[:1], points[-1:]):
        domain.decode(code)  # raises for a time that no datetime can hold
    for code in (min(levels), max(levels)):
        kind.decode(code)  # raises for an exponent that no Decimal can have


def are_rows(level: tuple[Any, ...]) -> bool:
    """Tell whether a level is a tuple of row numbers in increasing order."""
    return all(type(row) is int and row >= 0 for row in level) and all(lt(*pair) for pair in pairwise(level))


def is_proper(x: float) -> bool:
    """Tell whether a float is finite and no negative zero."""
    return math.isfinite(x) and (x != 0 or math.copysign(1, x) > 0)


def _packed(codes: Codes) -> Any:
    if not isinstance(codes, memoryview):
        return codes
    return codes.format, _little_endian(array(str(codes.format), codes.tobytes())).tobytes()


def _unpacked(packed: tuple[Any, ...], typecode: str) -> Codes:
    if len(packed) == 2 and packed[0] in ("q", "d") and isinstance(packed[1], bytes):
        return memoryview(_little_endian(array(packed[0], packed[1]))).toreadonly()
    return code_column(packed, typecode)


def _little_endian(column: array[Any]) -> array[Any]:
    if sys.byteorder == "big":  # pragma: no cover (no such machine runs the tests)
        column.byteswap()
    return column
