"""Grouping: reads the column of keys, and combines the rows of all groups in one sweep."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import count as counter
from typing import Any, NamedTuple

from . import dispatch
from .arrays import Coded, numpy_array
from .columns import Codes, machine, objects
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
    read_texts,
)
from .steps import Steps, refuse_infinite
from .values import FLOAT, Kind


class Keys(NamedTuple):
    """The key of each row, None where one is missing; with `distinct` keys the number of one of these, -1 for None."""

    rows: memoryview | list[Any]
    distinct: list[Any] | None = None

    def listed(self) -> Sequence[Any]:
        """Give the keys themselves. O(n)."""
        return objects(self.rows) if self.distinct is None else self.named(objects(self.rows))

    def named(self, keys: Iterable[Any]) -> list[Any]:
        """Give the keys that were numbered, if they were."""
        return list(keys) if (known := self.distinct) is None else [None if key < 0 else known[key] for key in keys]


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
) -> tuple[list[Any], Grouped]:
    """Combine the intervals of each group in one sweep; give the keys of the groups, and their functions."""
    first = "data" if data is not None else "start"
    several = False
    if is_frame(data):
        several = isinstance(by, list)
        data, (start, stop, value, by) = None, read_frame(data, start, stop, value, by)
    rows = read(data, (start, stop, value), options)
    count = length(rows.starts)
    columns = [group_keys(data, column, f"{first} has {count}", count) for column in (by if several else [by])]
    keys = Keys(list(zip(*(column.listed() for column in columns), strict=True))) if several else columns[0]
    rows, kept = without_missing(rows, options)
    groups, distinct = numbered(keys, kept)
    ends = encode_ends(alike_ends(rows.starts, rows.stops), rows.starts, rows.stops, kept, options)
    worth = encode_values(rows.values, kept, options)
    places = dispatch.compose(groups, ends.starts, ends.stops, len(distinct))
    found, kind, levels = options.aggregation.sweep(places.starts, places.stops, worth, kept)
    points, firsts, lasts = dispatch.split(found, places, len(distinct))
    grouped = Grouped(ends.domain, ends.points(points), kind, levels, options.side, firsts, lasts)
    if kind is FLOAT and not dispatch.finite(levels):
        for number, key in enumerate(distinct):
            refuse_infinite_levels(key, grouped.steps(number))
    return distinct, grouped


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


def group_keys(data: Any, by: Any, counted: str, rows: int) -> Keys:
    """Read the column of keys; in an array with fields `by` names one, or a list of some."""
    fields = getattr(numpy_array(data), "dtype", None)
    if isinstance(by, str) and fields is not None and fields.names:
        if by not in fields.names:
            raise KeyError(f"there is no field {by!r}; the fields are {', '.join(fields.names)}")
        by = data[by]
    elif isinstance(by, list) and by and fields is not None and all(name in (fields.names or ()) for name in by):
        by = list(zip(*(group_keys(data, name, counted, rows).listed() for name in by), strict=True))
    texts = read_texts(by)
    source = read_column("by", by) if texts is None else []
    count = length(source) if texts is None else len(texts[0])
    if count != rows:
        raise ValueError(f"{counted} rows, by has {count}")
    if texts is not None:
        return Keys(*texts)
    if isinstance(source, Coded) and source.domain == INTS and not source.missing:
        return Keys(source.codes)
    source, missing = plain_column(as_objects(source))
    keys = as_objects(source)
    if isinstance(source, Coded) and source.domain == INTS and dispatch.extended():
        with suppress(OverflowError, TypeError):  # over 64 bits, or infinite
            return Keys(machine(keys, "q"))
    for row in missing:
        keys[row] = None
    return Keys(keys)


def numbered(keys: Keys, kept: Sequence[int]) -> tuple[memoryview, list[Any]]:
    """Give the number of each row's key, and the distinct keys, in the order of their first appearance. O(n)."""
    rows = keys.rows
    if len(kept) < len(rows):
        rows = [rows[row] for row in kept]
    if (quick := dispatch.number_keys(rows)) is not None:
        return quick[0], keys.named(quick[1])
    numbers: dict[Any, int] = defaultdict(counter().__next__)
    try:
        return machine(list(map(numbers.__getitem__, objects(rows))), "q"), keys.named(numbers)
    except TypeError:
        for row, key in zip(kept, rows, strict=True):
            refuse_unhashable(row, key)
        raise


def refuse_unhashable(row: int, key: Any) -> None:
    """Raise TypeError for a key that no dict can hold."""
    try:
        hash(key)
    except TypeError as error:
        raise TypeError(f"row {row}: by is {quoted(key)}, of type {type(key).__name__}: {error}") from None
