"""Changes and levels: checks and encodes what `from_changes` and `from_levels` make a step function of."""

import math
from array import array
from typing import Any

from . import coordinates, dispatch, door, sources, values
from .arrays import NAN, Coded
from .columns import code_column, ends_of
from .coordinates import FLOATS, Domain, is_open, quoted
from .ends import are_finite, stored
from .options import Options, check_side
from .sources import Source
from .steps import ZERO, Steps, of_lists


def checked_columns(closed: str, initial: Any, **columns: Any) -> list[Source]:
    """Check the side, the initial level, and columns of equal length, in which nothing is missing; give these."""
    check_side(closed)
    number = sources.plain(initial)
    if number is NAN:
        raise ValueError(f"initial {number}; it must be finite")
    if not isinstance(number, values.NUMBER):
        raise TypeError(f"initial is {quoted(initial)}; it must be a number")
    if is_open(number):
        raise ValueError(f"initial is {number}; it must be finite")
    found = []
    for name, column in columns.items():
        source: Source = sources.read_column(name, column)
        missing = source.missing if isinstance(source, Coded) else {}
        if not isinstance(source, Coded):
            source, missing = sources.plain_column(source)
        for row, reason in missing.items():
            raise ValueError(f"row {row}: {name} {reason}")
        found.append(source)
    counts = {
        f"{name} has {sources.length(column)}": sources.length(column)
        for name, column in zip(columns, found, strict=True)
    }
    if len(set(counts.values())) > 1:
        raise ValueError(" rows, ".join(counts))
    return found


def of_changes(at: Any, deltas: Any, initial: Any, closed: str) -> Steps:
    """Add up changes, in any order."""
    places, numbers = checked_columns(closed, initial, at=at, deltas=deltas)
    if (quick := changes_at_once(places, numbers, initial, closed)) is not None:
        return quick
    points, changes = map(sources.as_objects, (places, numbers))
    # Each change is an interval that never ends, the initial level one that never began.
    starts, stops = [*points, -math.inf], [math.inf] * (len(points) + 1)
    numbers = [*changes, sources.plain(initial)]
    values.kind_of_column(numbers, lambda index: f"row {index}: deltas" if index < len(points) else "initial")
    options = Options(closed=closed, names=("at", "at", "deltas"))
    return door.combine(None, starts, stops, numbers, options)


def changes_at_once(at: Source, deltas: Source, initial: Any, closed: str) -> Steps | None:
    """Add up changes in machine columns, as intervals that never end; None if that cannot be done."""
    columns = machine_columns(at, deltas)
    if columns is None or not (type(initial) is int and initial == 0):
        return None
    domain, starts, kind, changes = columns
    if not are_finite(starts, starts) or (kind is values.FLOAT and not dispatch.finite(changes)):
        return None
    stops = memoryview(array(domain.typecode, ends_of(domain.typecode)[1:]) * len(starts))
    points, levels = dispatch.combine(starts, stops, changes, "sum")
    if kind is values.FLOAT and not dispatch.finite(levels):
        return None
    return Steps(domain, points, kind, levels, closed)


def machine_columns(at: Source, numbers: Source) -> tuple[Domain, memoryview, values.Kind, memoryview] | None:
    """Give the domain and codes of coordinates, and the kind and codes of ints or floats; None if they are not such."""
    kind = door.kind_of_codes(numbers)
    if not isinstance(at, Coded) or not isinstance(numbers, Coded) or kind not in (values.INT, values.FLOAT):
        return None
    if at.domain == FLOATS and at.given is not None and at.given is not at.codes:  # ints among floats are shown as such
        return None
    places, codes = (
        x.codes if isinstance(x.codes, memoryview) else code_column(x.codes, x.domain.typecode) for x in (at, numbers)
    )
    if not isinstance(places, memoryview) or not isinstance(codes, memoryview) or not len(places):
        return None
    return at.domain, places, kind, codes


def of_levels(points: Any, levels: Any, initial: Any, closed: str) -> Steps:
    """Check and encode strictly increasing breakpoints and the levels that hold from them on."""
    places, given = checked_columns(closed, initial, at=points, levels=levels)
    first = sources.plain(initial)
    if (quick := levels_at_once(places, given, first, closed)) is not None:
        return quick
    at, numbers = sources.as_objects(places), [*sources.as_objects(given), first]
    rows = range(len(numbers))
    named = [("at", at)]
    domain, (codes,) = coordinates.encode_columns(coordinates.domain_of_columns(named, rows), named, rows)
    ends = stored(domain, codes, [])
    for row, code in enumerate(codes):
        if is_open(code):
            raise ValueError(f"row {row}: at is {code}; the level before the first breakpoint is initial=")
        if row and ends.starts[row - 1] >= ends.starts[row]:
            raise ValueError(f"row {row}: at {quoted(at[row])} does not lie after {quoted(at[row - 1])}")

    def where(index: int) -> str:
        return f"row {index}: levels" if index < len(at) else "initial"

    kind, encoded = door.level_codes(numbers, where)
    codes = [code + 0.0 if type(code) is float else code for code in codes]  # -0.0 is 0.0
    return of_lists(domain, codes, kind, [encoded[-1], *encoded[:-1]], closed)


def levels_at_once(at: Source, levels: Source, initial: Any, closed: str) -> Steps | None:
    """Check machine columns of breakpoints and levels, and leave out where a level stays; None if not all is well."""
    columns = machine_columns(at, levels)
    if columns is None or not dispatch.increases(columns[1]):
        return None
    domain, points, kind, codes = columns
    first = code_column(
        [0.0 if kind is values.FLOAT and type(initial) is int and not initial else initial], kind.typecode
    )
    if not isinstance(first, memoryview):
        return None
    column = memoryview(b"".join((first, codes))).cast(kind.typecode)  # type: ignore[call-overload]
    merged = dispatch.merge(points, column, ZERO.points, ZERO.levels, "add")
    return None if merged is None else Steps(domain, merged[0], kind, merged[1], closed)
