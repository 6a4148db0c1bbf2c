"""Tables: segments as dataframes of pandas and polars, and as tables and streams of Arrow.

A column becomes a `Field`, codes of one domain; a writer for each library turns fields into its own columns.
"""

import datetime as dt
import math
import sys
from array import array
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from importlib import import_module
from itertools import chain, repeat
from types import ModuleType
from typing import Any, NamedTuple

from . import coordinates, values
from .columns import LOWEST, Codes, Column, Segments, chained, code_column, machine, objects
from .coordinates import FLOATS, INTS, MICRO, Dates, Datetimes, Decimals, Domain, Numbers, Ordered, Timedeltas, is_open
from .options import no_choice
from .steps import Steps, segments
from .uniform import near_floats
from .zones import zone_name

EXTRAS = {"pandas": "pandas", "polars": "polars", "pyarrow": "'intervalues[arrow]'"}  # what pip installs for each
NAMES = ("start", "stop", "value")
MOST_UNSIGNED = 2**64
INFERRED = (str, bytes, bool, tuple, dt.time)  # types that polars has types for


class Field(NamedTuple):
    """A column to write: codes of a domain, or objects if that is None; in the rows of `holes` there is nothing."""

    name: str
    domain: Domain | None
    codes: memoryview | list[Any]
    holes: list[int]

    @property
    def items(self) -> list[Any]:
        """What the codes stand for, None where there is nothing. O(n)."""
        decode = None if self.domain is None else self.domain.decoder
        found = list(objects(self.codes) if decode is None else map(decode, objects(self.codes)))
        for row in self.holes:
            found[row] = None
        return found


Part = tuple[Domain | None, Codes]  # of a column: codes, infinite for open ends; objects without a domain
Parts = tuple[list[Part], list[Part], list[Part]]  # of starts, stops and values


# From segments to fields


def fields_of(parts: Sequence[Parts], names: Sequence[str] = NAMES) -> list[Field]:
    """Give the columns start, stop and value of all parts, one after the other."""
    columns = [list(chain.from_iterable(column)) for column in zip(*parts, strict=True)] or [[], [], []]
    return [field(name, column) for name, column in zip(names, columns, strict=False)]


def parts_of_segments(found: Segments[Any, Any]) -> Parts:
    """Give the columns of segments that somebody holds."""
    starts, stops, worth = ([meaning(column)] for column in (found.starts, found.stops, found.values))
    return starts, stops, worth


def parts_of_steps(steps: Steps) -> Parts:
    """Give the columns of a function's segments; those without an end on their own, so that machine columns stay."""
    domain, points, levels = steps.domain, steps.points, steps.levels
    worth = values.domain_of_levels(steps.kind)
    begun, endless = bool(levels[0]), bool(levels[-1])
    if not len(points):
        return ([(domain, (-math.inf,))], [(domain, (math.inf,))], [(worth, levels)]) if begun else ([], [], [])
    inner = segments(steps._replace(levels=ending(levels, steps.kind.zero)) if begun or endless else steps)
    starts: list[Part] = [(domain, inner.starts._codes)]
    stops: list[Part] = [(domain, inner.stops._codes)]
    kept: list[Part] = [(worth, inner.values._codes)]
    if begun:
        starts.insert(0, (domain, (-math.inf,)))
        stops.insert(0, (domain, points[:1]))
        kept.insert(0, (worth, levels[:1]))
    if endless:
        starts.append((domain, points[-1:]))
        stops.append((domain, (math.inf,)))
        kept.append((worth, levels[-1:]))
    return starts, stops, kept


def ending(levels: Codes, zero: Any) -> Codes:
    """Give levels that are zero outside. O(n)."""
    if not isinstance(levels, memoryview):
        return (zero, *levels[1:-1], zero)
    closed = array(str(levels.format), levels.tobytes())
    closed[0] = closed[-1] = zero
    return memoryview(closed).toreadonly()


def meaning(column: Column[Any]) -> Part:
    """Give the domain of a column and its codes in it; None and the items where only those tell."""
    codes, owner = column._codes, getattr(column._decode, "__self__", None)
    if isinstance(owner, values.Decimals):
        return Decimals(owner.exponent), codes
    if isinstance(owner, Domain):
        return owner, codes
    return ({"q": INTS, "d": FLOATS}[str(codes.format)] if isinstance(codes, memoryview) else None), codes


def field(name: str, parts: Sequence[Part]) -> Field:
    """Give parts of a column as one; TypeError if they do not mix. O(n), fast for machine columns."""
    told = [part for part in parts if len(part[1])] or parts[:1] or [(INTS, memoryview(b"").cast("q"))]
    domain = told[0][0]
    if domain is None or any(other != domain for other, _ in told):
        items = list(chain.from_iterable(map(shown, told)))
        domain = coordinates.domain_of_columns([(name, items)], range(len(items)))
        domain, (codes,) = coordinates.encode_columns(domain, [(name, items)], range(len(items)))
        return filled(name, domain, list(codes))
    if in_objects(domain) or not all(isinstance(codes, memoryview) or all(map(is_open, codes)) for _, codes in told):
        return filled(name, domain, list(chain.from_iterable(objects(codes) for _, codes in told)))
    columns: list[memoryview] = []
    ends: dict[int, float] = {}
    count = 0
    for _, codes in told:
        if isinstance(codes, memoryview):
            columns.append(codes if codes.c_contiguous else memoryview(codes.tobytes()).cast(domain.typecode))  # type: ignore[call-overload]
        elif domain == FLOATS:
            columns.append(machine(codes, "d"))
        else:
            columns.append(machine([0] * len(codes), domain.typecode))
            ends.update(enumerate(codes, count))
        count += len(codes)
    whole: memoryview = columns[0] if len(columns) == 1 else chained(columns, domain.typecode)
    return with_ends(name, domain, whole, ends)


def shown(part: Part) -> Iterable[Any]:
    """Give what the codes of a part stand for, infinite floats for open ends. O(n)."""
    domain, codes = part
    return objects(codes) if domain is None or domain.decoder is None else map(domain.shown, objects(codes))


def filled(name: str, domain: Domain, codes: list[Any]) -> Field:
    """Give a list of codes, infinite for open ends, as a field. O(n)."""
    ends = {row: code for row, code in enumerate(codes) if is_open(code)} if domain != FLOATS else {}
    for row in ends:
        codes[row] = 0
    return with_ends(name, domain, codes, ends)


def with_ends(name: str, domain: Domain, codes: memoryview | list[Any], ends: dict[int, float]) -> Field:
    """Give codes with open ends as a field: nothing is in their place, but infinite floats among ints and floats."""
    if domain not in (INTS, FLOATS) or (domain == INTS and not ends):
        return Field(name, domain, stored(codes, domain), list(ends))
    if isinstance(codes, memoryview) and not ends:
        return Field(name, FLOATS, codes, [])
    given = objects(codes)
    small = isinstance(codes, memoryview) and min(given) >= -values.LARGEST_WHOLE and max(given) <= values.LARGEST_WHOLE
    floats = list(map(float, given)) if small else near_floats(given)
    if floats is None:
        remedy = "cut them off with c[a:b], or take the columns of segments()"
        raise OverflowError(f"{name} holds ints that are no floats beside floats or open ends: {remedy}")
    for row, end in ends.items():
        floats[row] = end
    return Field(name, FLOATS, machine(floats, "d"), [])


def stored(codes: memoryview | list[Any], domain: Domain | None) -> memoryview | list[Any]:
    """Store a list of codes in a machine column, if each of them fits."""
    if isinstance(codes, memoryview) or domain is None or in_objects(domain):
        return codes
    found = code_column(codes, domain.typecode)
    return found if isinstance(found, memoryview) else codes


def in_objects(domain: Domain | None) -> bool:
    """Tell whether the codes are the objects themselves; ints among Fractions and Decimals are no column of ints."""
    return domain is None or (isinstance(domain, Numbers | Ordered) and domain not in (INTS, FLOATS))


# Keys


def key_fields(keys: Sequence[Any], counts: Sequence[int]) -> list[Field]:
    """Give the columns of keys, each repeated: one named key, or for tuples of one length key_0, key_1 and so on."""
    widths = {len(key) if type(key) is tuple else 0 for key in keys}
    if len(widths) == 1 and 0 not in widths:
        columns = {f"key_{place}": column for place, column in enumerate(zip(*keys, strict=True))}
    else:
        columns = {"key": tuple(keys)}
    return [key_field(name, column, counts) for name, column in columns.items()]


def key_field(name: str, keys: Sequence[Any], counts: Sequence[int]) -> Field:
    """Give a column of keys, each repeated, nothing for None."""
    present = [key for key in keys if key is not None]
    domain, codes = key_codes(present)
    found = iter(codes)
    nothing = None if domain is None else 0.0 if domain == FLOATS else 0
    each = [nothing if key is None else next(found) for key in keys]
    gone = chain.from_iterable(map(repeat, [key is None for key in keys], counts))
    holes = [row for row, is_gone in enumerate(gone) if is_gone]
    return Field(name, domain, stored(list(chain.from_iterable(map(repeat, each, counts))), domain), holes)


def key_codes(keys: Sequence[Any]) -> tuple[Domain | None, Sequence[Any]]:
    """Give the domain of keys and their codes; None and the keys if they are of no domain, or of several types."""
    try:
        domain = coordinates.domain_of_columns([("key", keys)], range(len(keys)))
        domain, (codes,) = coordinates.encode_columns(domain, [("key", keys)], range(len(keys)))
    except (TypeError, OverflowError):
        return None, keys
    alike = domain != FLOATS or set(map(type, keys)) <= {float}
    if isinstance(domain, Ordered) or not alike or (domain != FLOATS and any(map(is_open, codes))):
        return None, keys
    return domain, codes


# Libraries


def frame(library: Any, fields: Callable[[], list[Field]]) -> Any:
    """Write fields as a frame of a library, given as its name or the module itself."""
    name = library.__name__ if isinstance(library, ModuleType) else library
    if not isinstance(name, str) or name not in EXTRAS:
        raise no_choice("library", library, tuple(EXTRAS))
    try:
        module = import_module(name)
    except ImportError as error:
        raise ImportError(f"to_frame({name!r}) needs {name}: pip install {EXTRAS[name]}") from error
    return WRITERS[name](module, fields())


def stream(fields: Callable[[], list[Field]], requested_schema: Any) -> Any:
    """Write fields as a stream of Arrow."""
    try:
        import_module("pyarrow")
    except ImportError as error:
        raise ImportError("an Arrow stream is made by pyarrow: pip install 'intervalues[arrow]'") from error
    return frame("pyarrow", fields).__arrow_c_stream__(requested_schema)


def pandas_frame(pandas: Any, fields: Iterable[Field]) -> Any:
    """Write fields as a frame of pandas."""
    return pandas.DataFrame({x.name: pandas_column(pandas, x) for x in fields})


def pandas_column(pandas: Any, column: Field) -> Any:
    """Write a field for pandas: dates, Decimals, Fractions and ints beyond 64 bits as objects."""
    numpy = import_module("numpy")
    domain, codes, holes = column.domain, column.codes, column.holes
    if not isinstance(codes, memoryview) and domain == INTS and not holes and fits_unsigned(codes):
        return pandas.Series(numpy.array(codes, dtype="uint64"))
    if not isinstance(codes, memoryview) or isinstance(domain, Dates | Decimals):
        items = column.items
        return pandas.Series(items, dtype=None if set(map(type, items)) <= {str, type(None)} else object)
    numbers = numpy.array(codes)
    if domain == INTS:
        hidden = numpy.zeros(len(numbers), dtype=bool)
        hidden[holes] = True
        return pandas.Series(pandas.arrays.IntegerArray(numbers, hidden) if holes else numbers)
    numbers[holes] = LOWEST if numbers.dtype == "q" else numpy.nan
    if domain == FLOATS:
        return pandas.Series(numbers)
    times = pandas.Series(numbers.view(getattr(domain, "dtype", None)))
    zone = getattr(domain, "zone", None)
    return times if zone is None else times.dt.tz_localize("UTC").dt.tz_convert(zone)


def polars_frame(polars: Any, fields: Iterable[Field]) -> Any:
    """Write fields as a frame of polars."""
    return polars.DataFrame([polars_column(polars, x) for x in fields])


def polars_column(polars: Any, column: Field) -> Any:
    """Write a field for polars: Fractions and what else it has no type for as its objects."""
    name, domain, codes, holes = column
    if flavour(domain) is Decimal:
        items, _, after = decimals(column, 38)
        return polars.Series(name, items, dtype=polars.Decimal(38, after))
    if isinstance(codes, memoryview):
        numbers = codes.tolist() if "numpy" not in sys.modules else sys.modules["numpy"].asarray(codes)
        given = polars.Series(name, numbers, dtype=polars.Float64 if codes.format == "d" else polars.Int64)
        whole = given.scatter(holes, None) if holes else given
        return (whole.cast(polars.Int32) if isinstance(domain, Dates) else whole).cast(polars_type(polars, domain))
    if domain == INTS:
        if min(codes) < -(2**127) or max(codes) >= 2**127:
            raise OverflowError(f"{name} holds ints beyond 128 bits, which polars has no type for")
        return polars.Series(name, column.items, dtype=polars.Int128)
    items = column.items
    kinds = set(map(type, items)) - {type(None)}
    inferred = len(kinds) <= 1 and all(issubclass(kind, INFERRED) for kind in kinds)
    return polars.Series(name, items, dtype=None if inferred else polars.Object)


def polars_type(polars: Any, domain: Domain | None) -> Any:
    """Give the type in polars of what machine codes stand for."""
    if isinstance(domain, Dates):
        return polars.Date
    if isinstance(domain, Datetimes):
        return polars.Datetime(unit_name(domain), polars_zone(domain.zone))
    if isinstance(domain, Timedeltas):
        return polars.Duration(unit_name(domain))
    return polars.Float64 if domain == FLOATS else polars.Int64


def polars_zone(zone: dt.tzinfo | None) -> str | None:
    """Give the name of a zone that polars knows: of offsets only those of whole hours have one, the others are UTC."""
    if not isinstance(zone, dt.timezone):
        return None if zone is None else zone_name(zone)
    hours, rest = divmod(zone.utcoffset(None), dt.timedelta(hours=1))
    return f"Etc/GMT{-hours:+}" if hours and not rest and -12 <= hours <= 14 else "UTC"


def arrow_table(pyarrow: Any, fields: Iterable[Field]) -> Any:
    """Write fields as a table of PyArrow. Machine columns of numbers and times are not copied."""
    return pyarrow.table({x.name: arrow_column(pyarrow, x) for x in fields})


def arrow_column(pyarrow: Any, column: Field) -> Any:
    """Write a field for PyArrow; TypeError for what Arrow has no type for, OverflowError for what is too large."""
    name, domain, codes, holes = column
    if flavour(domain) is Decimal:
        numbers, digits, after = decimals(column, 76)
        kind = pyarrow.decimal128(38, after) if digits <= 38 else pyarrow.decimal256(76, after)
        return pyarrow.array(numbers, kind)
    if isinstance(codes, memoryview):
        of_codes = pyarrow.float64() if codes.format == "d" else pyarrow.int64()
        valid = pyarrow.py_buffer(validity(len(codes), holes)) if holes else None
        given = pyarrow.Array.from_buffers(of_codes, len(codes), [valid, pyarrow.py_buffer(codes)])
        if isinstance(domain, Dates):
            return given.cast(pyarrow.int32()).view(pyarrow.date32())
        if isinstance(domain, Datetimes):
            zone = None if domain.zone is None else zone_name(domain.zone)
            return given.view(pyarrow.timestamp(unit_name(domain), zone))
        return given.view(pyarrow.duration(unit_name(domain))) if isinstance(domain, Timedeltas) else given
    try:
        kind = None if domain != INTS else pyarrow.uint64() if fits_unsigned(codes) else pyarrow.int64()
        return pyarrow.array(column.items, kind)
    except OverflowError:
        raise OverflowError(f"{name} holds ints beyond 64 bits, which Arrow has no type for") from None
    except pyarrow.ArrowException as error:
        held = "such objects" if domain is None else domain.name
        raise TypeError(f"{name} holds {held}, which Arrow has no type for: {error}") from error


def validity(count: int, holes: Iterable[int]) -> bytes:
    """Give the bits that tell Arrow where something is."""
    bits = bytearray(b"\xff") * -(-count // 8)
    for row in holes:
        bits[row // 8] &= ~(1 << row % 8)
    return bytes(bits)


WRITERS: dict[str, Callable[[Any, Iterable[Field]], Any]] = {
    "pandas": pandas_frame,
    "polars": polars_frame,
    "pyarrow": arrow_table,
}


def unit_name(domain: Datetimes | Timedeltas) -> str:
    """Give the unit of times as libraries call it."""
    return "us" if domain.unit == MICRO else "ns"


def flavour(domain: Domain | None) -> type | None:
    """Give the type of numbers, None for all else."""
    return getattr(domain, "flavour", None)


def fits_unsigned(codes: Sequence[int]) -> bool:
    """Tell whether ints, some of which do not fit 64 bits with a sign, fit those without one."""
    return min(codes) >= 0 and max(codes) < MOST_UNSIGNED


def decimals(column: Field, most: int) -> tuple[list[Any], int, int]:
    """Give a column of Decimals, the digits that they need together, and how many of them are after the point.

    OverflowError if they are too many.
    """
    found = [None if x is None else Decimal(x) for x in column.items]
    present = [x for x in found if x is not None]
    after = max(0, *(-coordinates.decimal_exponent(x) for x in present), 0)
    digits = max(after, *(x.adjusted() + 1 + after for x in present if x), 1)
    if digits > most:
        raise OverflowError(f"{column.name} holds Decimals that need {digits:,} digits in one column, over {most}")
    return found, digits, after
