"""Arrays: NumPy and pandas columns, read into codes without a look at single items.

Neither library is imported here: who hands over an array has done so.
"""

import math
import sys
from operator import attrgetter
from typing import Any, NamedTuple

from .columns import HIGHEST, LOWEST
from .coordinates import FIRST_TICK, FLOATS, INTS, LAST_TICK, MICRO, NANO, Datetimes, Domain, Timedeltas

TICKS = {
    "W": 604_800 * MICRO,
    "D": 86_400 * MICRO,
    "h": 3_600 * MICRO,
    "m": 60 * MICRO,
    "s": MICRO,
    "ms": 1000,
    "us": 1,
}
FARTHEST = 200_000  # months or years from 1970; what no datetime can hold is seen after conversion to days
PARTS = {"ps": 1000, "fs": 10**6, "as": 10**9}


class Missing(str):
    """A reason why there is no value, in the place of the value."""


NOTHING = Missing("is missing")
NAN = Missing("is NaN")
NAT = Missing("is NaN (NaT)")


class Coded(NamedTuple):
    """A column read as codes of a domain, in machine memory or in a list where floats among ints are open ends.

    `missing` rows have no code, and tell why, or have an open end instead. `given` is the list or the pandas column
    of what was encoded, if there is one, and needed for nothing but messages and other domains.
    """

    codes: memoryview | list[Any]
    domain: Domain
    missing: dict[int, Any]
    given: Any = None


def numpy_array(x: Any) -> Any:
    """Give `x` back if it is a NumPy array, else None."""
    numpy = sys.modules.get("numpy")
    return x if numpy is not None and isinstance(x, numpy.ndarray) else None


def array_column(name: str, column: Any) -> Coded | list[Any] | None:
    """Read a NumPy array of one dimension; None if its type is none of ours. One copy."""
    if column.ndim != 1:
        raise ValueError(f"{name} has the shape {column.shape}; it must have one dimension")
    if hasattr(column, "mask"):
        return masked_column(name, column)
    kind, width = column.dtype.kind, column.dtype.itemsize
    if kind in "mM":
        return time_column(name, column)
    if kind in "OUSTb":
        return column.tolist()  # type: ignore[no-any-return]
    return number_column(column) if kind in "iuf" and width <= 8 else None


def masked_column(name: str, column: Any) -> Coded | list[Any] | None:
    """Read a masked NumPy array. What is under the mask is never read."""
    numpy = sys.modules["numpy"]
    hidden = numpy.ma.getmaskarray(column)
    shown = numpy.zeros(len(column), column.dtype)
    shown[~hidden] = column.data[~hidden]
    read = array_column(name, shown)
    return None if read is None else without(read, hidden)


def without(column: Coded | list[Any], hidden: Any) -> Coded | list[Any]:
    """Take the rows that a NumPy array of bools tells out of a column."""
    rows = hidden.nonzero()[0].tolist()
    if isinstance(column, Coded):
        return column._replace(missing={**column.missing, **dict.fromkeys(rows, NOTHING)})
    for row in rows:
        column[row] = NOTHING
    return column


def number_column(column: Any) -> Coded | list[Any]:
    """Read a NumPy array of integers or floats of at most 64 bits; a list of ints if those are too few."""
    numpy = sys.modules["numpy"]
    if column.dtype.kind == "f":
        with numpy.errstate(all="ignore"):
            codes = column.astype("d")
        return Coded(
            memoryview(codes).toreadonly(), FLOATS, dict.fromkeys(numpy.isnan(codes).nonzero()[0].tolist(), NAN)
        )
    if column.dtype.kind == "u" and len(column) and column.max() > HIGHEST:
        return column.tolist()  # type: ignore[no-any-return]
    return Coded(memoryview(column.astype("q")).toreadonly(), INTS, {})


def scalar_column(column: list[Any]) -> Coded | list[Any] | None:
    """Read a list of NumPy scalars of one type; None if they are none, or only the items tell what is wrong."""
    numpy = sys.modules.get("numpy")
    if numpy is None or not isinstance(column[0], numpy.generic):
        return None
    types = set(map(attrgetter("dtype"), column))
    if len(types) > 1 or types.pop().kind not in "iufmM":
        return None
    try:
        return array_column("", numpy.array(column))
    except (OverflowError, TypeError):
        return None


def time_column(name: str, column: Any) -> Coded:
    """Read a NumPy array of datetime64 or timedelta64 in microseconds, or nanoseconds if they are as fine; exactly."""
    numpy = sys.modules["numpy"]
    absolute = column.dtype.kind == "M"
    column = column.astype(column.dtype.newbyteorder("="))
    unit, count = numpy.datetime_data(column.dtype)
    if unit in ("Y", "M") and absolute:
        if outside(column.view("q"), -(FARTHEST // count), FARTHEST // count).any():
            raise OverflowError(f"{name} holds {column.dtype} beyond what a datetime can hold")
        column = column.astype("datetime64[D]")
        unit, count = "D", 1
    make = (lambda per_second: Datetimes(per_second, None)) if absolute else Timedeltas
    if unit != "ns" and unit not in TICKS and unit not in PARTS:
        raise TypeError(f"{name} holds {column.dtype}, which has no fixed length")
    if unit == "ns" or unit in PARTS:
        domain, factor, divisor = make(NANO), count, PARTS.get(unit, 1)
        first, last = LOWEST + 1, HIGHEST
    else:
        domain, factor, divisor = make(MICRO), count * TICKS[unit], 1
        first, last = (FIRST_TICK, LAST_TICK) if absolute else (LOWEST + 1, HIGHEST)
    shared = math.gcd(factor, divisor)
    factor, divisor = factor // shared, divisor // shared
    codes = column.view("q")
    wrong = outside(codes, -(-first * divisor // factor), last * divisor // factor)
    if divisor > 1:
        wrong |= (codes % divisor != 0) & (codes != LOWEST)
    if wrong.any():
        row = int(wrong.argmax())
        raise OverflowError(f"row {row}: {name} {column[row]} fits neither a datetime nor whole nanoseconds")
    missing = dict.fromkeys((codes == LOWEST).nonzero()[0].tolist(), NAT)
    ticks = codes if factor == divisor == 1 else codes // divisor * factor
    return Coded(memoryview(ticks.view("q")).toreadonly(), domain, missing)


def outside(codes: Any, first: int, last: int) -> Any:
    """Tell which codes of times, NaT aside, are beyond two bounds: a NumPy array of bools."""
    return (codes > min(last, HIGHEST)) | ((codes < max(first, LOWEST)) & (codes != LOWEST))


def is_of_pandas(x: Any) -> bool:
    """Tell whether the type of `x` is one of pandas'."""
    return str(type(x).__module__).partition(".")[0] == "pandas"


def pandas_column(name: str, column: Any) -> Coded | list[Any] | None:
    """Read a pandas column of numbers, times or texts; None if it is none, or only its items tell what is wrong."""
    if not is_of_pandas(column):
        return None
    pandas = sys.modules["pandas"]
    columns = pandas.Series | pandas.Index | pandas.api.extensions.ExtensionArray
    if not isinstance(column, columns) or not len(column):
        return None
    numpy, dtype = sys.modules["numpy"], column.dtype
    if isinstance(dtype, pandas.DatetimeTZDtype):
        instants = pandas_times(name, column, column.to_numpy(dtype=f"datetime64[{dtype.unit}]"))
        return instants and instants._replace(domain=Datetimes(NANO if dtype.unit == "ns" else MICRO, dtype.tz))
    if isinstance(dtype, numpy.dtype):
        if dtype.kind in "mM":
            return pandas_times(name, column, column.to_numpy())
        return array_column(name, column.to_numpy()) if dtype.kind in "iuf" else None
    if isinstance(dtype, pandas.StringDtype):
        return column.to_numpy(dtype=object).tolist()  # type: ignore[no-any-return]
    inner = getattr(dtype, "numpy_dtype", None)  # of a type with a mask, or of Arrow's
    if isinstance(inner, numpy.dtype) and inner.kind in "iuf" and dtype.na_value is pandas.NA:
        return without(number_column(column.to_numpy(dtype=inner, na_value=0)), numpy.asarray(column.isna()))
    unit = getattr(getattr(dtype, "pyarrow_dtype", None), "unit", None)  # of Arrow's times, but not its dates
    if unit is not None and isinstance(inner, numpy.dtype) and inner.kind in "mM":
        return arrow_times_of_pandas(name, column)
    return None


def pandas_texts(column: Any) -> tuple[Any, list[Any]] | None:
    """Give the number of each text or category of a pandas column, -1 if missing, and what is numbered; None if not."""
    if not is_of_pandas(column):
        return None
    pandas = sys.modules["pandas"]
    if not isinstance(getattr(column, "dtype", None), pandas.StringDtype | pandas.CategoricalDtype):
        return None
    codes, texts = column.factorize()
    return codes, list(texts)


def arrow_times_of_pandas(name: str, column: Any) -> Coded | list[Any] | None:
    """Read the times of a pandas column that Arrow holds; None if one is beyond what can be held."""
    kind, inner, pandas = column.dtype.pyarrow_dtype, column.dtype.numpy_dtype, sys.modules["pandas"]
    held = getattr(column, "array", column).__arrow_array__()
    times = pandas_times(name, column, held.cast("int64").fill_null(LOWEST).to_numpy().view(inner))
    zone = getattr(kind, "tz", None)
    if times is not None and zone is not None:
        shown = pandas.DatetimeTZDtype(kind.unit, zone).tz
        times = times._replace(domain=Datetimes(NANO if kind.unit == "ns" else MICRO, shown))
    return times and without(times, sys.modules["numpy"].asarray(column.isna()))


def pandas_times(name: str, column: Any, times: Any) -> Coded | None:
    """Read the times of a pandas column; None if one is beyond what can be held."""
    try:
        return time_column(name, times)._replace(given=column)
    except OverflowError:
        return None
