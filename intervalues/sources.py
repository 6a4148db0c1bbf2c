"""What callers hand over: rows, columns, buffers, arrays and single numbers, read into plain lists and codes.

With `arrays`, this is the only module that looks at foreign input. It gives either `Coded` columns or lists of plain
Python objects, in which every scalar of NumPy or pandas has become the Python object that it stands for.
"""

import math
import struct
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence, Set
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import Any, NamedTuple

from .arrays import (
    NAN,
    NAT,
    NOTHING,
    Coded,
    Missing,
    array_column,
    is_of_pandas,
    numpy_array,
    pandas_column,
    pandas_texts,
    scalar_column,
    time_column,
)
from .columns import Immutable
from .coordinates import Numbers, quoted
from .interval import Interval
from .uniform import coded, nan_rows

INTEGERS = frozenset("bBhHiIlLqQnN?")
FLOATS = frozenset("efd")
NUMBERS = INTEGERS | FLOATS

Source = Coded | list[Any]


class Rows(NamedTuple):
    """What was handed over, as columns: `values` is None if no row has one."""

    starts: Source
    stops: Source
    values: Source | None


def buffer_of(x: Any) -> memoryview | None:
    """View `x` as a one-dimensional buffer of numbers, if it is one."""
    try:
        view = memoryview(x)
    except (TypeError, ValueError):
        return None
    if view.ndim != 1 or view.format.lstrip("@=<>!") not in NUMBERS:
        return None
    return None if hasattr(x, "mask") else view  # what is under a mask is never read


def read_rows(data: Any, names: tuple[Any, Any, Any] = (None, None, None)) -> Rows:
    """Read an iterable of rows (start, stop) or (start, stop, value), or an array with a row for each interval.

    `names` tells the fields of a structured array, where they are not start, stop and (if present) value.
    """
    matrix = numpy_array(data)
    if matrix is not None and matrix.dtype.names:
        return read_fields(matrix, names)
    if any(name is not None for name in names):
        raise TypeError("intervals come as rows (data) or as columns (start=, stop=, value=), not as both")
    if matrix is not None and matrix.shape != (0,):
        if matrix.ndim == 1 and matrix.dtype.kind == "O":
            return read_rows(matrix.tolist())
        if matrix.ndim != 2 or matrix.shape[1] not in (2, 3):
            raise ValueError(f"an array of intervals has the shape (n, 2) or (n, 3), not {matrix.shape}")
        return read_columns(*matrix.T)
    rows = listed_rows(data.tolist() if isinstance(data, memoryview) else data)
    kinds = set(map(type, rows))
    if kinds <= {tuple, Interval, list} and (widths := set(map(len, rows))) in ({2}, {3}):
        width = widths.pop()
        items = list(chain.from_iterable(rows))
        return Rows(items[::width], items[1::width], items[2::width] if width == 3 else None)
    cut = [cut_row(index, row) for index, row in enumerate(rows)]
    return Rows([row[0] for row in cut], [row[1] for row in cut], [row[2] for row in cut])


def read_fields(matrix: Any, names: tuple[Any, Any, Any]) -> Rows:
    """Read the fields of a structured array."""
    columns: list[Any] = []
    for name, given in zip(Interval._fields, names, strict=True):
        if given is not None and not isinstance(given, str):
            raise TypeError(f"{name} is of type {type(given).__name__}; beside data it must be the name of a field")
        if given is None and name == "value" and name not in matrix.dtype.names:
            columns.append(None)
        elif (given or name) in matrix.dtype.names:
            columns.append(matrix[given or name])
        else:
            raise KeyError(f"there is no field {given or name!r}; the fields are {', '.join(matrix.dtype.names)}")
    return read_columns(*columns)


def is_frame(x: Any) -> bool:
    """Tell whether `x` is a dataframe, or a stream of Arrow that may be one."""
    kind = type(x)
    return hasattr(kind, "columns") or (is_arrow(x) and not hasattr(kind, "dtype") and not hasattr(kind, "type"))


def is_arrow(x: Any) -> bool:
    """Tell whether `x` is foreign, and offers its data to Arrow."""
    kind = type(x)
    offers = hasattr(kind, "__arrow_c_stream__") or hasattr(kind, "__arrow_c_array__")
    return offers and not isinstance(x, Immutable)


def read_frame(frame: Any, start: Any, stop: Any, value: Any, by: Any = None) -> tuple[Any, Any, Any, Any]:
    """Give the named columns of a dataframe: see `frames.read_frame`, which has the same signature."""
    from . import frames  # late: few have one, and what it reads time zones with takes a while to load

    return frames.read_frame(frame, start, stop, value, by)


def refuse_frame(name: str, x: Any) -> None:
    """Raise TypeError for a dataframe: iterating over one gives its names."""
    if hasattr(type(x), "columns"):
        remedy = "hand over its columns: start=frame['start'], stop=frame['stop']"
        raise TypeError(f"{name} is a dataframe, of type {type(x).__name__}; {remedy}")


def listed_rows(data: Any) -> Sequence[Any]:
    """Give the rows as a list or tuple; TypeError for what holds no rows."""
    if type(data) is list or type(data) is tuple:
        return data
    if isinstance(data, str | bytes | Mapping) or not isinstance(data, Iterable):
        raise TypeError(f"the rows are of type {type(data).__name__}; they must be an iterable of (start, stop, value)")
    return list(data)


def cut_row(index: int, row: Any) -> tuple[Any, ...]:
    """Read one row of any kind."""
    if isinstance(row, str | bytes | bytearray | Mapping | Set) or not isinstance(row, Iterable):
        raise TypeError(f"row {index}: {quoted(row)} is no row; it must be (start, stop) or (start, stop, value)")
    cut = tuple(row)
    if len(cut) not in (2, 3):
        raise ValueError(f"row {index}: has {len(cut)} items; it must be (start, stop) or (start, stop, value)")
    return cut if len(cut) == 3 else (*cut, 1)


def read_columns(start: Any, stop: Any, value: Any = None) -> Rows:
    """Read columns of equal length; a number as `value` is worth it in every row."""
    if start is None or stop is None:
        raise TypeError(f"{'start' if start is None else 'stop'} is missing: columns come as start= and stop=")
    starts, stops = read_column("start", start), read_column("stop", stop)
    count = length(starts)
    if length(stops) != count:
        raise ValueError(f"start has {count} rows, stop has {length(stops)}")
    if value is None:
        return Rows(starts, stops, None)
    if isinstance(number := plain(value), int | float | Decimal | Fraction | Missing):
        return Rows(starts, stops, constant_column(number, count))
    values = read_column("value", value)
    if length(values) != count:
        raise ValueError(f"start has {count} rows, value has {length(values)}")
    return Rows(starts, stops, values)


def constant_column(number: Any, count: int) -> Source:
    """Read a number that stands for a column of it. O(n)."""
    try:
        if type(number) is int or (type(number) is float and math.isfinite(number)):
            kind = type(number)
            codes = memoryview(array("q" if kind is int else "d", [number]) * count)
            return Coded(codes, Numbers(kind), {})
    except OverflowError:  # over 64 bits
        pass
    return [number] * count


def length(source: Source) -> int:
    """Count the rows of a column."""
    return len(source.codes) if isinstance(source, Coded) else len(source)


def read_column(name: str, column: Any) -> Source:
    """Read one column: a sequence, iterable, array or anything with the buffer protocol."""
    if type(column) is list:
        return list(column)
    refuse_frame(name, column)
    if isinstance(column, str | Mapping | Set) or not (isinstance(column, Iterable) or is_arrow(column)):
        raise TypeError(f"{name} is of type {type(column).__name__}; it must be a column of one item per row")
    found = pandas_column(name, column) if numpy_array(column) is None else array_column(name, column)
    if found is not None:
        return found
    if is_arrow(column) and not is_of_pandas(column):
        from . import frames

        return frames.frame_column(name, column)
    view = buffer_of(column)
    if view is not None:
        return number_buffer(view)
    try:
        view = memoryview(column)
    except TypeError:
        return list(column)
    if view.ndim != 1:
        raise ValueError(f"{name} has {view.ndim} dimensions; it must have one")
    raise TypeError(f"{name} is a buffer of format {view.format!r}; it must hold integers or floats")


def read_texts(column: Any) -> tuple[memoryview, list[str]] | None:
    """Give the number of each row's text, -1 where it is missing, and the texts, all different; None if not.

    That is how many columns of texts are stored, and libraries number the others faster than anything in Python does.
    """
    found = pandas_texts(column)
    if found is None and is_arrow(column) and not is_of_pandas(column):
        from . import frames

        found = frames.frame_texts(column)
    if found is None or not set(map(type, found[1])) <= {str} or len(set(found[1])) < len(found[1]):
        return None
    return memoryview(found[0].astype("q")).toreadonly(), found[1]


def listed(name: str, column: Any) -> list[Any]:
    """Read one column into a list of coordinates or numbers."""
    return as_objects(read_column(name, column))


def as_objects(source: Source) -> list[Any]:
    """Give the coordinates or numbers of a column as objects, `Missing` where there are none."""
    if not isinstance(source, Coded):
        return source
    codes, domain, missing, given = source
    if given is None:
        return [missing[row] if row in missing else domain.shown(code) for row, code in enumerate(codes)]
    return [missing.get(row, x) for row, x in enumerate(given)] if missing else list(given)


def number_buffer(view: memoryview) -> Source:
    """Read a buffer of integers or floats of any width, byte order and stride, exactly."""
    kind = view.format.lstrip("@=<>!")
    order = view.format[: -len(kind)]
    numbers = list(struct.unpack(f"{order}{len(view)}{kind}", view.tobytes()))
    if kind == "?":
        return numbers
    missing = nan_rows(numbers) if kind in FLOATS else {}
    return Coded(numbers, Numbers(float if kind in FLOATS else int), missing, numbers)


def plain(x: Any) -> Any:
    """Give the Python object that a scalar stands for, `Missing` where it stands for none.

    NumPy scalars become Python numbers, subclasses of numbers the number itself, infinite Decimals floats.
    """
    kind = type(x)
    if kind is int or kind is str or kind is Fraction:
        return x
    if kind is float:
        return x if x == x else NAN
    if x is None:
        return NOTHING
    if isinstance(x, Decimal):
        if x.is_nan():
            return NAN
        x = x if kind is Decimal else Decimal(x)
        return math.copysign(math.inf, 1 if x > 0 else -1) if x.is_infinite() else (x if x else x.copy_abs())
    if isinstance(x, float):
        return plain(float.__add__(x, 0.0))
    if isinstance(x, int) and kind is not bool:
        return int.__add__(x, 0)
    if isinstance(x, Fraction):
        return Fraction(x.numerator, x.denominator)
    module = str(kind.__module__)
    if module.startswith("pandas.") and kind.__name__ in ("NAType", "NaTType"):
        return NAT if kind.__name__ == "NaTType" else NOTHING
    return numpy_scalar(x) if module.startswith("numpy") else x


def numpy_scalar(x: Any) -> Any:
    """Give the Python object that a NumPy scalar stands for; times in nanoseconds stay."""
    numpy = sys.modules["numpy"]
    if x is numpy.ma.masked:
        return NOTHING
    if isinstance(x, numpy.datetime64 | numpy.timedelta64):
        if numpy.isnat(x):
            return NAT
        try:
            time = time_column("time", numpy.array([x]))
        except OverflowError:
            raise OverflowError(f"{quoted(x)} fits neither a datetime nor whole nanoseconds") from None
        return time.domain.decode(time.codes[0])
    if isinstance(x, numpy.bool_ | numpy.integer) or (isinstance(x, numpy.floating) and x.dtype.itemsize <= 8):
        return plain(x.item())
    return x


def plain_column(column: list[Any]) -> tuple[Source, dict[int, Missing]]:
    """Give a list of plain objects, coded if they are uniform, and which rows of it are missing and why. O(n)."""
    kinds = set(map(type, column))
    uniform = coded(column, kinds) or (scalar_column(column) if len(kinds) == 1 else None)
    if isinstance(uniform, Coded):
        return uniform, uniform.missing
    if kinds <= {int, Fraction, str}:
        return column, {}
    plain_objects: list[Any] = []
    try:
        plain_objects.extend(map(plain, column))
    except OverflowError as error:
        raise OverflowError(f"row {len(plain_objects)}: {error}") from None
    missing = {row: x for row, x in enumerate(plain_objects) if type(x) is Missing}
    return plain_objects, missing
