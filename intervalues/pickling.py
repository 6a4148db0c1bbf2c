"""The pickled form of step functions: plain names and columns, checked in full when it comes back.

Version 1 is (1, domain, points, kind, levels, closed): `domain` and `kind` are a name and its arguments, a machine
column is its type code with its bytes in little-endian order, any other a tuple. Every version stays readable.
"""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Sequence
from datetime import tzinfo
from decimal import Decimal
from fractions import Fraction
from itertools import chain, pairwise
from operator import lt, ne
from pickle import PickleBuffer, UnpicklingError
from typing import Any

from . import dispatch, sources, values
from .batches import Batch, State, chosen, coordinate_code, folded, precedes
from .columns import Codes, code_column
from .coordinates import (
    FLOATS,
    MICRO,
    NANO,
    Dates,
    Datetimes,
    Decimals,
    Domain,
    Numbers,
    Ordered,
    Timedeltas,
    decimal_exponent,
    domain_of,
    is_open,
    join,
)
from .options import Options
from .steps import SIDES, Steps

DOMAINS: dict[str, type[Domain]] = {
    kind.__name__: kind for kind in (Numbers, Decimals, Dates, Datetimes, Timedeltas, Ordered)
}
KINDS = {kind.name: kind for kind in (values.INT, values.FLOAT, values.FRACTION, values.ROWS)}


def pack(steps: Steps, protocol: int) -> tuple[Any, ...]:
    """Give what a pickle holds. O(n), 16 bytes a segment in machine columns."""
    points, levels = _packed(steps.points, protocol), _packed(steps.levels, protocol)
    return 1, _domain_state(steps.domain), points, _kind_state(steps.kind), levels, steps.closed


def unpack(state: Any) -> Steps:
    """Give the step function back; UnpicklingError if the state is none."""
    try:
        version, domain_state, points, kind_state, levels, closed = state
        if version != 1:
            raise ValueError(f"version {version!r} is not known to this release")
        domain, kind = _domain_from(domain_state), _kind_from(kind_state)
        columns = _unpacked(points, domain.typecode), _unpacked(levels, kind.typecode)
        steps = Steps(domain, columns[0], kind, columns[1], closed)
        check(steps)
    except Exception as error:
        raise UnpicklingError(f"this is no pickled collection of intervals: {error}") from error
    return steps


def _domain_state(domain: Domain) -> tuple[Any, ...]:
    """Give the name of a domain and its arguments."""
    return (type(domain).__name__, *domain._key())


def _domain_from(state: Any) -> Domain:
    """Give the domain back."""
    name, *parts = state
    return DOMAINS[name](*parts)


def _kind_state(kind: values.Kind) -> tuple[Any, ...]:
    """Give the name of a kind and its arguments."""
    return (kind.name, kind.exponent) if isinstance(kind, values.Decimals) else (kind.name,)


def _kind_from(state: Any) -> values.Kind:
    """Give the kind back."""
    name, *parts = state
    return KINDS[name] if name in KINDS else values.Decimals(*parts)


def check_types(domain: Domain, kind: values.Kind | None) -> tuple[type, ...]:
    """Raise ValueError unless a domain and a kind are sound; give the types that coordinates may have."""
    parts: tuple[Any, ...] = domain, kind
    exponents = [part.exponent for part in parts if hasattr(part, "exponent")]
    if not all(type(exponent) is int for exponent in exponents):
        raise ValueError("an exponent is no int")
    if isinstance(domain, Datetimes | Timedeltas) and domain.unit not in (MICRO, NANO):
        raise ValueError("the unit of time is unknown")
    if not isinstance(getattr(domain, "zone", None), tzinfo | None):
        raise ValueError("the zone is no time zone")
    if isinstance(domain, Numbers):
        if domain.flavour not in (int, float, Decimal, Fraction):
            raise ValueError("the coordinates are of an unknown type")
        return int, domain.flavour
    return (domain.type,) if isinstance(domain, Ordered) else (int,)


def check(steps: Steps) -> None:
    """Raise ValueError unless the columns keep every invariant of a step function. O(n)."""
    domain, points, kind, levels, closed = steps
    level_types = {values.FLOAT: (float,), values.FRACTION: (int, Fraction), values.ROWS: (tuple,)}.get(kind, (int,))
    point_types = check_types(domain, kind)
    if closed not in SIDES or len(levels) != len(points) + 1:
        raise ValueError("a side or a number of levels is wrong")
    if not all(isinstance(x, point_types) and type(x) is not bool for x in of_every_type(points)):
        raise ValueError("a breakpoint is not of its domain")
    if not all(isinstance(x, level_types) and type(x) is not bool for x in of_every_type(levels)):
        raise ValueError("a level is not of its kind")
    if kind is values.ROWS and not all(map(are_rows, levels)):
        raise ValueError("a level is no tuple of row numbers")
    if not dispatch.proper(points, levels):
        check_columns(points, levels)
    for code in chain(points[:1], points[-1:]):
        domain.decode(code)  # raises for a time that no datetime can hold
    if isinstance(kind, values.Decimals):
        for code in (min(levels), max(levels)):
            kind.decode(code)  # raises for an exponent that no Decimal can have


def of_every_type(codes: Codes) -> Sequence[Any]:
    """Give codes among which there is one of every type."""
    return codes[:1] if isinstance(codes, memoryview) else codes


def check_columns(points: Codes, levels: Codes) -> None:
    """Raise ValueError unless breakpoints increase and levels differ, and all are proper numbers. O(n)."""
    if any(isinstance(x, float) and not is_proper(x) for x in chain(points, levels)):
        raise ValueError("a breakpoint or level is not finite, or a negative zero")
    if not all(lt(*pair) for pair in pairwise(points)) or not all(ne(*pair) for pair in pairwise(levels)):
        raise ValueError("breakpoints do not increase, or neighbouring levels are equal")


def pack_state(state: State, options: Options) -> tuple[Any, ...]:
    """Give what the pickle of an accumulator holds: its options, and one batch of disjoint segments. O(n log n)."""
    state = folded(state)
    columns = [
        (_packed(batch.starts), _packed(batch.stops), _packed(batch.values), batch.grid) for batch in state.batches
    ]
    given = options.how, options.closed, options.step, options.digits, options.missing
    domain = state.domain and _domain_state(state.domain)
    return 1, given, domain, state.kind and _kind_state(state.kind), columns, state.watermark


def unpack_state(packed: Any) -> tuple[State, Options]:
    """Give the rows and the options back; UnpicklingError if the state is none."""
    try:
        version, options, domain, kind, columns, watermark = packed
        if version != 1:
            raise ValueError(f"version {version!r} is not known to this release")
        checked_options = chosen(*options)
        state = State(domain and _domain_from(domain), kind and _kind_from(kind), watermark=watermark)
        for starts, stops, numbers, grid in columns:
            typecode = (state.domain or FLOATS).typecode
            ends = _unpacked(starts, typecode), _unpacked(stops, typecode)
            batch = Batch(*ends, _unpacked(numbers, "q"), state.kind, grid)  # type: ignore[arg-type]
            state = state._replace(batches=(batch,), size=len(batch.starts), folded=len(batch.starts))
        check_state(state)
    except Exception as error:
        raise UnpicklingError(f"this is no pickled accumulator of intervals: {error}") from error
    return state, checked_options


def check_state(state: State) -> None:
    """Raise ValueError unless a state holds at most one batch of rows that the door would have let in. O(n)."""
    domain, kind, limit = state.domain or FLOATS, state.kind, state.watermark
    point_types = check_types(domain, kind)
    if isinstance(domain, Decimals):
        point_types = (Decimal,)  # as given, not yet on the grid
    if kind is values.ROWS:
        raise ValueError("row numbers do not add up")
    if kind is not None:
        kind.decode(1)  # raises for an exponent that no Decimal can have
    if limit is not None and type(sources.plain(limit)) is not type(limit):
        raise ValueError("the watermark is missing")
    if limit is not None and not is_open(limit) and join(domain_of(limit), domain) is None:
        raise ValueError("the watermark is not of the domain")
    for starts, stops, numbers, _, grid in state.batches:
        points = [x for x in chain(starts, stops) if not is_open(x)]
        if not len(starts) == len(stops) == len(numbers) or kind is None or (points and state.domain is None):
            raise ValueError("columns are of different length, or rows of no kind")
        if not all(isinstance(x, point_types) and type(x) is not bool and x == x for x in points):
            raise ValueError("a coordinate is not of its domain")
        if isinstance(domain, Decimals) and any(decimal_exponent(x) < domain.exponent for x in points):
            raise ValueError("a Decimal is not on its grid")
        level_types = (int, Fraction) if kind in (values.FLOAT, values.FRACTION) else (int,)
        if not all(isinstance(x, level_types) and type(x) is not bool for x in numbers):
            raise ValueError("a value is not of its kind")
        if type(grid) is not int or grid < 1 or (grid > 1 and kind is not values.FLOAT):
            raise ValueError("a grid is wrong")
        if any(map(precedes, stops, starts)):
            raise ValueError("a row is reversed")
        if limit is not None and any(precedes(start, coordinate_code(domain, limit)) for start in starts):
            raise ValueError("a row begins before the watermark")
        for code in (min(points), max(points)) if points else ():
            domain.decode(code)  # raises for a time that no datetime can hold


def are_rows(level: tuple[Any, ...]) -> bool:
    """Tell whether a level is a tuple of row numbers in increasing order."""
    return all(type(row) is int and row >= 0 for row in level) and all(lt(*pair) for pair in pairwise(level))


def is_proper(x: float) -> bool:
    """Tell whether a float is finite and no negative zero."""
    return math.isfinite(x) and (x != 0 or math.copysign(1, x) > 0)


def _packed(codes: Any, protocol: int = 2) -> Any:
    """Give a machine column as its type code and its bytes; from protocol 5 on nothing is copied for them."""
    if not isinstance(codes, memoryview):
        return codes
    if protocol >= 5 and sys.byteorder == "little":
        return codes.format, PickleBuffer(codes)
    return codes.format, _little_endian(codes.tobytes(), str(codes.format))


def _unpacked(packed: tuple[Any, ...], typecode: str) -> Codes:
    if len(packed) == 2 and packed[0] in ("q", "d") and isinstance(packed[1], bytes | bytearray | memoryview):
        own = bytes(packed[1])  # what somebody else holds, out of band, may change; bytes are not copied
        return memoryview(_little_endian(own, packed[0])).cast(packed[0])
    return code_column(packed, typecode)


def _little_endian(numbers: bytes, typecode: str) -> bytes:
    """Swap the bytes of numbers from or to little-endian order where the machine has the other."""
    if sys.byteorder == "big":  # pragma: no cover (no such machine runs the tests)
        column = array(typecode, numbers)
        column.byteswap()
        return column.tobytes()
    return numbers
