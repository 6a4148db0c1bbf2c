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
from .door import (
    LISTS,
    NO_ROWS,
    Quick,
    encode_values,
    quick_codes,
    quick_columns,
    quick_rows,
    refuse_other_side,
    without_missing,
)
from .ends import alike_ends, encode_ends, machine_column
from .options import Options
from .sources import (
    Rows,
    as_objects,
    buffer_of,
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
    """The key of each row, None where one is missing; with `distinct` keys the number of one of these, -1 for None.

    `in_order` tells that these come in the order of their first appearance.
    """

    rows: memoryview | list[Any]
    distinct: list[Any] | None = None
    in_order: bool = False

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
    count = quick_length(data, start) if options.missing == "raise" else None
    rows = None
    if count is None:
        rows = read(data, (start, stop, value), options)
        count = length(rows.starts)
    columns = [group_keys(data, column, f"{first} has {count}", count) for column in (by if several else [by])]
    keys = Keys(list(zip(*(column.listed() for column in columns), strict=True))) if several else columns[0]
    if rows is None:
        groups, distinct = numbered(keys, range(count))
        if (quick := quick_groups(data, start, stop, value, options, (groups, len(distinct)))) is not None:
            return distinct, quick
        rows = read(data, (start, stop, value), options)
        if length(rows.starts) != count:  # what gave the keys may have changed the rows
            raise ValueError(f"{first} has {length(rows.starts)} rows, by has {count}")
    rows, kept = without_missing(rows, options)
    groups, distinct = numbered(keys, kept)
    alike = alike_ends(rows.starts, rows.stops)
    if alike is not None and is_kernel(options):
        quick = found_quickly(quick_codes(alike, rows.values, options, (groups, len(distinct))))
        if quick is not None:
            return distinct, quick
    ends = encode_ends(alike, rows.starts, rows.stops, kept, options)
    worth = encode_values(rows.values, kept, options)
    places = dispatch.compose(groups, ends.starts, ends.stops, len(distinct))
    found, kind, levels = options.aggregation.sweep(places.starts, places.stops, worth, kept)
    points, firsts, lasts = dispatch.split(found, places, len(distinct))
    grouped = Grouped(ends.domain, ends.points(points), kind, levels, options.side, firsts, lasts)
    if kind is FLOAT and not dispatch.finite(levels):
        for number, key in enumerate(distinct):
            refuse_infinite_levels(key, grouped.steps(number))
    return distinct, grouped


def quick_length(data: Any, start: Any) -> int | None:
    """Count rows that `quick_groups` may take, None if it takes none."""
    if data is not None:
        return len(data) if type(data) in LISTS else None
    if type(start) in LISTS:
        return len(start)
    starts = buffer_of(start)
    return None if starts is None else len(starts)


def quick_groups(
    data: Any, start: Any, stop: Any, value: Any, options: Options, groups: dispatch.Numbered
) -> Grouped | None:
    """Combine the rows of each group in the extension; None if that takes another look at them."""
    if not is_kernel(options) or not groups[1]:
        return None
    if data is not None:
        by_columns = not start is stop is value is None
        return None if by_columns else found_quickly(quick_rows(data, options, groups))
    return found_quickly(quick_columns(start, stop, value, options, groups))


def is_kernel(options: Options) -> bool:
    """Tell whether what is asked for is what a kernel gives, and nothing has to be made of that."""
    return options.kernel == options.aggregation.name


def found_quickly(quick: Quick | None) -> Grouped | None:
    """Give what the extension found of groups."""
    if quick is None or quick.bounds is None:
        return None
    firsts, lasts = quick.bounds
    return Grouped(*quick.steps, memoryview(firsts), memoryview(lasts))


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
    column = by if type(by) is list else buffer_of(by)
    if column is not None and len(column) == rows and (quick := dispatch.number_keys(column)) is not None:
        return Keys(*quick, in_order=True)
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
    if keys.in_order and keys.distinct is not None and len(kept) == len(rows):
        return machine_column(rows, "q"), keys.distinct
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
