"""Columns: how a step function's coordinates and levels are stored, and the sequences that users see of them.

A stored column holds codes: a read-only memoryview of int64 ("q") or float64 ("d") where the machine can hold them,
a tuple of Python numbers or objects where it cannot. `Column` and `Segments` decode them only when asked.
"""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any, Generic, NoReturn, TypeAlias, overload

from .interval import C_co, Interval, V_co

Codes: TypeAlias = memoryview | tuple[Any, ...]

BLOCK = 2**12  # items that become objects at once, where a column is walked

# In a column of machine integers the two extremes stand for the open ends.
LOWEST = -(2**63)
HIGHEST = 2**63 - 1


def ends_of(typecode: str) -> tuple[float, float]:
    """Give the codes that stand for -inf and inf in a machine column."""
    return (LOWEST, HIGHEST) if typecode == "q" else (-math.inf, math.inf)


def machine(numbers: Iterable[Any], typecode: str) -> memoryview:
    """Store numbers in a machine column; OverflowError or TypeError where one does not fit. O(n)."""
    return memoryview(array(typecode, numbers)).toreadonly()


def code_column(codes: Sequence[Any], typecode: str) -> Codes:
    """Store codes in a machine column if each of them is a number that fits exactly, else in a tuple. O(n)."""
    if set(map(type, codes)) <= {float if typecode == "d" else int}:
        try:
            return machine(codes, typecode)
        except OverflowError:
            pass
    return tuple(codes)


def chained(columns: Iterable[Any], typecode: str) -> memoryview:
    """Give machine columns one after the other. O(n)."""
    found: memoryview = memoryview(b"".join(columns)).cast(typecode)  # type: ignore[call-overload]
    return found


def objects(codes: Codes | list[Any]) -> Sequence[Any]:
    """Give the codes as a sequence of Python objects, at the speed of C."""
    return codes.tolist() if isinstance(codes, memoryview) else codes


def in_blocks(codes: Codes) -> Iterator[Any]:
    """Iterate over the codes at the speed of C, without a list as long as the column."""
    return chain.from_iterable(objects(codes[first : first + BLOCK]) for first in range(0, len(codes), BLOCK))


set_once: Callable[[object, str, Any], None] = object.__setattr__


class Immutable:
    """What never changes once it is made; while it is made, `set_once` sets its attributes."""

    __slots__ = ()
    __array_ufunc__ = None

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is immutable: {name} cannot be set")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is immutable: {name} cannot be deleted")


class Column(Immutable, Sequence[V_co]):
    """An immutable sequence: the breakpoints or the levels of a step function, decoded when asked for.

    Equal to another column or tuple with the same items. Machine columns go to NumPy without copying:
    `numpy.asarray(column)` is a read-only view (times as datetime64 or timedelta64).
    """

    __slots__ = ("_codes", "_decode", "_dtype")
    _codes: Codes
    _decode: Callable[[Any], Any] | None
    _dtype: str | None

    def __init__(self, codes: Codes, decode: Callable[[Any], Any] | None = None, dtype: str | None = None) -> None:
        set_once(self, "_codes", codes)
        set_once(self, "_decode", decode)
        set_once(self, "_dtype", dtype)

    def __len__(self) -> int:
        return len(self._codes)

    @overload
    def __getitem__(self, index: int) -> V_co: ...
    @overload
    def __getitem__(self, index: slice) -> Column[V_co]: ...
    def __getitem__(self, index: int | slice) -> Any:
        picked: Any = self._codes[index]
        if isinstance(index, slice):
            return Column(picked, self._decode, self._dtype)
        return picked if self._decode is None else self._decode(picked)

    def __iter__(self) -> Iterator[V_co]:
        codes = in_blocks(self._codes)
        return codes if self._decode is None else map(self._decode, codes)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Column | tuple):
            return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))
        return NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        if len(self) <= 20:
            return f"Column({list(self)!r})"
        first, last = ", ".join(map(repr, self[:5])), ", ".join(map(repr, self[-5:]))
        return f"<Column of {len(self):,}: {first}, ..., {last}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return Column, (tuple(self),)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        numpy = sys.modules["numpy"]  # only NumPy calls this
        shared = isinstance(self._codes, memoryview) and (self._decode is None or self._dtype is not None)
        if shared:
            found = numpy.asarray(self._codes).view(self._dtype or self._codes.format)  # type: ignore[union-attr]
        else:
            found = numpy.empty(len(self), dtype=object)
            for index, x in enumerate(self):
                found[index] = x
        wanted = found if dtype is None else found.astype(dtype, copy=False)
        if copy is False and not (shared and wanted is found):
            raise ValueError("these items have to be copied into such an array")
        return wanted.copy() if copy and shared and wanted is found else wanted


interval_of: Callable[[Any], Interval[Any, Any]] = partial(tuple.__new__, Interval)


class Segments(Immutable, Sequence[Interval[C_co, V_co]], Generic[C_co, V_co]):
    """Segments as three columns, `starts`, `stops` and `values`, and as a sequence of `Interval`.

    >>> from intervalues import combine_intervals
    >>> segments = combine_intervals([(2, 4, 3), (1, 3, 2)]).segments()
    >>> segments.starts, segments[0]
    (Column([1, 2, 3]), Interval(start=1, stop=2, value=2))
    """

    __slots__ = ("starts", "stops", "values")
    starts: Column[C_co]
    stops: Column[C_co]
    values: Column[V_co]

    def __init__(self, starts: Column[C_co], stops: Column[C_co], values: Column[V_co]) -> None:
        set_once(self, "starts", starts)
        set_once(self, "stops", stops)
        set_once(self, "values", values)

    def to_frame(self, library: Any) -> Any:
        """Give a dataframe of "pandas", "polars" or "pyarrow" with the columns start, stop and value. O(n).

        What is said of `IntervalCollection.to_frame` goes for it, too.

        >>> from intervalues import combine_intervals
        >>> combine_intervals([(1, 3), (2, 5)]).bin(2, how="max").to_frame("pyarrow").to_pydict()
        {'start': [0, 2, 4], 'stop': [2, 4, 6], 'value': [1, 2, 1]}
        """
        from . import tables

        return tables.frame(library, self._fields)

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """Give what `to_frame("pyarrow")` holds as a stream of Arrow. ImportError without PyArrow."""
        from . import tables

        return tables.stream(self._fields, requested_schema)

    def _fields(self) -> list[Any]:
        from . import tables

        return tables.fields_of([tables.parts_of_segments(self)])

    def __reduce__(self) -> tuple[Any, ...]:
        return Segments, (self.starts, self.stops, self.values)

    def __len__(self) -> int:
        return len(self.values)

    @overload
    def __getitem__(self, index: int) -> Interval[C_co, V_co]: ...
    @overload
    def __getitem__(self, index: slice) -> Segments[C_co, V_co]: ...
    def __getitem__(self, index: int | slice) -> Any:
        picked: tuple[Any, Any, Any] = self.starts[index], self.stops[index], self.values[index]
        return Segments(*picked) if isinstance(index, slice) else Interval(*picked)

    def __iter__(self) -> Iterator[Interval[C_co, V_co]]:
        return map(interval_of, zip(self.starts, self.stops, self.values, strict=True))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Segments):
            return (self.starts, self.stops, self.values) == (other.starts, other.stops, other.values)
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self.starts, self.stops, self.values))

    def __repr__(self) -> str:
        return f"Segments(starts={self.starts!r}, stops={self.stops!r}, values={self.values!r})"
