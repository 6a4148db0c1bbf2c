"""Dataframes: the columns of every frame library that narwhals knows, of pandas without it, and of Arrow streams.

No library is imported here but narwhals, and pyarrow for Arrow streams of objects that neither of them knows.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import Any

from .arrays import Coded, number_column, time_column, without
from .coordinates import EPOCH_DAY, Dates, Datetimes, quoted
from .interval import Interval
from .zones import zone_of

ARROW = ("__arrow_c_stream__", "__arrow_c_array__")
FIRST_DAY, LAST_DAY = (day.toordinal() - EPOCH_DAY for day in (dt.date.min, dt.date.max))
DAY = 86_400_000  # milliseconds
MOST_NAMED = 50  # columns, in a message


def read_frame(frame: Any, start: Any, stop: Any, value: Any, by: Any = None) -> tuple[Any, Any, Any, Any]:
    """Give the named columns of a dataframe: the names default to start, stop and, if there is such a one, value.

    `by` is a name, a list of names, or a column of its own. KeyError for a column that is not there, ValueError for a
    name that several have. Of a lazy frame only these columns are computed.
    """
    source = opened(frame)
    given = dict(zip(Interval._fields, (start, stop, value), strict=True))
    for name, label in given.items():
        if label is not None and not is_label(label):
            raise TypeError(f"{name} is of type {type(label).__name__}; beside a dataframe it must be a column's name")
    wanted = [name if label is None else label for name, label in given.items()]
    if value is None and "value" not in source.names:
        del wanted[2]
    keys = by if isinstance(by, list) else [by] if is_label(by) else []
    if isinstance(by, list) and not by:
        raise ValueError("by is an empty list; it must be a name, or a list of names")
    for label in (*wanted, *keys):
        times = source.names.count(label)
        if not times:
            there = ", ".join(name if isinstance(name, str) else quoted(name) for name in source.names[:MOST_NAMED])
            more = ", ..." if len(source.names) > MOST_NAMED else ""
            raise KeyError(f"there is no column {quoted(label)}; the columns are {there}{more}")
        if times > 1:
            raise ValueError(f"{times} columns are named {quoted(label)}: rename all but one of them")
    columns = source.columns([*wanted, *keys])
    worth = columns[2] if len(wanted) == 3 else None
    found = columns[len(wanted) :]
    return columns[0], columns[1], worth, found if isinstance(by, list) else found[0] if keys else by


def is_label(x: Any) -> bool:
    """Tell whether `x` names a column: pandas has ints and tuples for names, too."""
    return isinstance(x, str | int | tuple) and not isinstance(x, bool)


class PandasFrame:
    """A frame of pandas."""

    def __init__(self, frame: Any) -> None:
        self.frame = frame
        self.names: list[Any] = list(frame.columns)

    def columns(self, labels: Sequence[Any]) -> list[Any]:
        return [self.frame.iloc[:, self.names.index(label)] for label in labels]


class ArrowTable:
    """A table of pyarrow."""

    def __init__(self, table: Any) -> None:
        self.table = table
        self.names: list[Any] = list(table.column_names)

    def columns(self, labels: Sequence[Any]) -> list[Any]:
        return [self.table.column(self.names.index(label)) for label in labels]


class NarwhalsFrame:
    """A frame of any other library, eager or lazy."""

    def __init__(self, frame: Any) -> None:
        self.frame = frame
        self.names: list[Any] = list(frame.columns)

    def columns(self, labels: Sequence[Any]) -> list[Any]:
        found = self.frame.select(*dict.fromkeys(labels))
        if hasattr(found, "collect"):
            try:
                found = found.collect()
            except ImportError as error:
                raise needs_pyarrow(f"a lazy frame of {found.implementation}") from error
        if found.implementation.is_pandas_like():
            return PandasFrame(found.to_pandas()).columns(labels)
        return [found.get_column(label) for label in labels]


Frame = PandasFrame | ArrowTable | NarwhalsFrame


def opened(frame: Any) -> Frame:
    """Give the columns of whatever frame it is; TypeError if it is none that anybody here knows."""
    library = str(type(frame).__module__).partition(".")[0]
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(frame, pandas.DataFrame):
        return PandasFrame(frame)
    narwhals = needed_narwhals(f"a frame of type {type(frame).__name__}")
    if library != "pyarrow":
        known = narwhals.from_native(frame, pass_through=True)
        if known is not frame or library == "narwhals":
            return NarwhalsFrame(known)
    if any(hasattr(frame, name) for name in ARROW):
        return ArrowTable(needed_pyarrow(frame).table(frame))
    remedy = "hand over its columns: start=..., stop=..."
    raise TypeError(f"data is a dataframe, of type {type(frame).__name__}, which narwhals does not know; {remedy}")


def needed_narwhals(what: str) -> ModuleType:
    """Import narwhals."""
    try:
        return import_module("narwhals.stable.v2")
    except ImportError as error:
        raise ImportError(f"{what} is read through narwhals: pip install 'intervalues[frames]'") from error


def needed_pyarrow(stream: Any) -> ModuleType:
    """Import pyarrow, which whoever made a frame of it has done already."""
    try:
        return import_module("pyarrow")
    except ImportError as error:
        raise needs_pyarrow(f"the Arrow stream of an object of type {type(stream).__name__}") from error


def needs_pyarrow(what: str) -> ImportError:
    """Give the error of what cannot be read without pyarrow."""
    return ImportError(f"{what} is read through pyarrow: pip install 'intervalues[arrow]'")


def frame_column(name: str, column: Any) -> Coded | list[Any]:
    """Read one column of a frame library but pandas, or of Arrow. Numbers and times without a look at single items."""
    narwhals = needed_narwhals(f"{name}, of type {type(column).__name__},")
    series = narwhals.from_native(column, series_only=True, pass_through=True)
    if not isinstance(series, narwhals.Series):
        series = narwhals.from_native(needed_pyarrow(column).chunked_array(column), series_only=True)
    holes = series.null_count()
    if holes == len(series):
        return [None] * holes
    dtype = series.dtype
    numeric = dtype.is_float() or (dtype.is_integer() and not isinstance(dtype, narwhals.Int128 | narwhals.UInt128))
    timed = isinstance(dtype, narwhals.Datetime | narwhals.Duration)
    in_nanoseconds = timed and dtype.time_unit == "ns"  # which no Python object holds: this loads NumPy
    quick = numeric or timed or dtype == narwhals.Date
    if not quick or ("numpy" not in sys.modules and not in_nanoseconds):
        items = series.to_list()
        return lengths_of_time(name, items) if dtype == narwhals.Unknown else items
    if dtype == narwhals.Date:
        series = series.cast(narwhals.Datetime("ms"))
    codes = series if numeric else series.cast(narwhals.Int64)
    codes = (codes.fill_null(0) if holes else codes).to_numpy()
    if numeric:
        read = number_column(codes)
    elif dtype == narwhals.Date:
        read = date_column(name, (codes // DAY).astype("q"))
    else:
        kind = "datetime64" if isinstance(dtype, narwhals.Datetime) else "timedelta64"
        read = time_column(name, codes.view(f"{kind}[{dtype.time_unit}]"))
        if getattr(dtype, "time_zone", None) is not None:
            read = read._replace(domain=Datetimes(read.domain.unit, zone_of(dtype.time_zone)))  # type: ignore[attr-defined]
    return without(read, series.is_null().to_numpy()) if holes else read


def lengths_of_time(name: str, items: list[Any]) -> list[Any]:
    """Read Arrow's intervals, which those of DuckDB become, as timedeltas, and all else as it is.

    TypeError for an interval of months, OverflowError for one that no timedelta holds.
    """
    for row, item in enumerate(items):
        if type(item).__name__ == "MonthDayNano":
            months, days, nanoseconds = item
            if months:
                raise TypeError(f"row {row}: {name} is an interval of months, which differ in length")
            microseconds, rest = divmod(nanoseconds, 1000)
            try:
                items[row] = dt.timedelta(days, microseconds=microseconds)
                if rest:
                    items[row] = import_module("numpy").timedelta64(days * DAY * 1_000_000 + nanoseconds, "ns")
            except OverflowError:
                raise OverflowError(f"row {row}: {name} is an interval that no timedelta holds") from None
    return items


def frame_texts(column: Any) -> tuple[Any, list[Any]] | None:
    """Give what `arrays.pandas_texts` gives of any other column; None without pyarrow and NumPy, too."""
    narwhals = needed_narwhals(f"by, of type {type(column).__name__},")
    pyarrow = sys.modules.get("pyarrow")
    series = narwhals.from_native(column, series_only=True, pass_through=True)
    if pyarrow is None or "numpy" not in sys.modules:
        return None
    if isinstance(series, narwhals.Series):
        if not isinstance(series.dtype, narwhals.String | narwhals.Categorical | narwhals.Enum):
            return None
        column = series.to_arrow()
    elif not isinstance(column, pyarrow.Array):
        return None  # a stream, which may be read only once
    texts = pyarrow.chunked_array(column)
    kind, types = getattr(texts.type, "value_type", texts.type), pyarrow.types
    if not (types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)):
        return None
    encoded = texts.dictionary_encode().unify_dictionaries().combine_chunks()
    return encoded.indices.cast("int64").fill_null(-1).to_numpy(), encoded.dictionary.to_pylist()


def date_column(name: str, days: Any) -> Coded:
    """Read days since 1970; OverflowError for one that no date holds."""
    beyond = (days < FIRST_DAY) | (days > LAST_DAY)
    if beyond.any():
        row = int(beyond.argmax())
        raise OverflowError(f"row {row}: {name} is day {days[row]} since 1970, beyond what a date can hold")
    return Coded(memoryview(days).toreadonly(), Dates(), {})
