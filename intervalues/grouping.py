"""Grouping: reads the column of keys, and combines the rows of all groups in one sweep."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import count as counter
from typing import Any, NamedTuple

from . import dispatch
from .arrays import Coded, numpy_array
from .columns import Codes, code_column, machine, objects
from .coordinates import INTS, Domain, quoted
from .door import NO_ROWS, encode_values, refuse_other_side, without_missing
from .ends import alike_ends, encode_ends
from .options import Options
from .sources import (
    Rows,
    as_objects,
    is_frame,
    length,
    plain_column,
    read_column,
    read_columns,
    read_frame,
    read_rows,
)
from .steps import Steps, refuse_infinite
from .values import FLOAT, Kind


class Grouped(NamedTuple):
    """Step functions of groups in shared columns: that of group i has the breakpoints from firsts[i] to lasts[i]."""

    domain: Domain
    points: Codes
    kind: Kind
    levels: Codes
    closed: str
    firsts: memoryview
    lasts: memoryview

    def steps(self, index: int) -> Steps:
        """Give the step function of one group. O(1) in machine columns."""
        first, last = self.firsts[index], self.lasts[index]
        points, levels = self.points[first:last], self.levels[first : last + 1]
        return Steps(self.domain, points, self.kind, levels, self.closed)


def combine_groups(
    data: Any, start: Any, stop: Any, value: Any, by: Any, options: Options
) -> tuple[dict[Any, int], Grouped]:
    """Combine the intervals of each group in one sweep; give the number of the group of each key, and the functions."""
    first = "data" if data is not None else "start"
    several = False
    if is_frame(data):
        several = isinstance(by, list)
        data, (start, stop, value, by) = None, read_frame(data, start, stop, value, by)
    rows = read(data, (start, stop, value), options)
    count = length(rows.starts)
    columns = [group_keys(data, column, f"{first} has {count}", count) for column in (by if several else [by])]
    keys = list(zip(*columns, strict=True)) if several else columns[0]
    rows, kept = without_missing(rows, options)
    groups, numbers = numbered(keys, kept)
    ends = encode_ends(alike_ends(rows.starts, rows.stops), rows.starts, rows.stops, kept, options)
    worth = encode_values(rows.values, kept, options)
    places = dispatch.compose(groups, ends.starts, ends.stops, len(numbers))
    found, kind, levels = options.aggregation.sweep(places.starts, places.stops, worth, kept)
    points, firsts, lasts = dispatch.split(found, places, len(numbers))
    grouped = Grouped(ends.domain, ends.points(points), kind, levels, options.side, firsts, lasts)
    if kind is FLOAT and not dispatch.finite(levels):
        for key, number in numbers.items():
            refuse_infinite_levels(key, grouped.steps(number))
    return numbers, grouped


def refuse_infinite_levels(key: Any, steps: Steps) -> None:
    """Raise OverflowError, naming the group and the segment, if a level is beyond the largest float."""
    try:
        refuse_infinite(steps.domain, steps.points, steps.levels)
    except OverflowError as error:
        raise OverflowError(f"group {quoted(key)}: {error}") from None


def read(data: Any, columns: tuple[Any, Any, Any], options: Options) -> Rows:
    """Read rows or columns, whichever was handed over."""
    if isinstance(steps := getattr(data, "_steps", None), Steps):
        refuse_other_side(steps, options)
    if data is not None:
        return read_rows(data, columns)
    return NO_ROWS if all(column is None for column in columns) else read_columns(*columns)


def group_keys(data: Any, by: Any, counted: str, rows: int) -> memoryview | list[Any]:
    """Read the column of keys, None where one is missing; in an array with fields `by` names one, or a list of some."""
    fields = getattr(numpy_array(data), "dtype", None)
    if isinstance(by, str) and fields is not None and fields.names:
        if by not in fields.names:
            raise KeyError(f"there is no field {by!r}; the fields are {', '.join(fields.names)}")
        by = data[by]
    elif isinstance(by, list) and by and fields is not None and all(name in (fields.names or ()) for name in by):
        by = list(zip(*(group_keys(data, name, counted, rows) for name in by), strict=True))
    source = read_column("by", by)
    if length(source) != rows:
        raise ValueError(f"{counted} rows, by has {length(source)}")
    if isinstance(source, Coded) and source.domain == INTS and not source.missing:
        return source.codes
    source, missing = plain_column(as_objects(source))
    keys = as_objects(source)
    if isinstance(source, Coded) and source.domain == INTS and dispatch.extended():
        codes = code_column(keys, "q")
        return codes if isinstance(codes, memoryview) else keys
    for row in missing:
        keys[row] = None
    return keys


def numbered(keys: memoryview | list[Any], rows: Sequence[int]) -> tuple[memoryview, dict[Any, int]]:
    """Give the number of each row's key, and the numbers of all keys, in the order of their first appearance. O(n)."""
    if len(rows) < len(keys):
        keys = [keys[row] for row in rows]
    if (quick := dispatch.number_keys(keys)) is not None:
        return quick[0], dict(zip(quick[1], range(len(quick[1])), strict=True))
    numbers: dict[Any, int] = defaultdict(counter().__next__)
    try:
        return machine(list(map(numbers.__getitem__, objects(keys))), "q"), dict(numbers)
    except TypeError:
        for row, key in zip(rows, keys, strict=True):
            refuse_unhashable(row, key)
        raise


def refuse_unhashable(row: int, key: Any) -> None:
    """Raise TypeError for a key that no dict can hold."""
    try:
        hash(key)
    except TypeError as error:
        raise TypeError(f"row {row}: by is {quoted(key)}, of type {type(key).__name__}: {error}") from None
