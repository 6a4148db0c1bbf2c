"""The door: checks every row that comes in and encodes it for the kernels. What passes is a step function."""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import compress
from typing import Any, NamedTuple

from . import coordinates, dispatch, sources, values
from .aggregations import Worth
from .arrays import Coded, Missing, numpy_array
from .columns import code_column, objects
from .coordinates import FLOATS, INTS, Decimals, Domain, Numbers, is_open
from .ends import Alike, alike_ends, encode_ends, machine_column, with_ints
from .options import Options
from .sources import Rows, Source
from .steps import ZERO, Steps
from .steps import refuse_infinite as refuse_infinite_levels

LISTS: set[type] = {list, tuple}
NO_ROWS = Rows([], [], None)


class Quick(NamedTuple):
    """What the extension combined: the step function; of groups that of all, and where each begins and stops in it."""

    steps: Steps
    bounds: tuple[Any, Any] | None


def combine(data: Any, start: Any, stop: Any, value: Any, options: Options) -> Steps:
    """Combine intervals, handed over as rows or columns, into a step function."""
    if type(data) not in LISTS and data is not None and sources.is_frame(data):
        data, (start, stop, value, _) = None, sources.read_frame(data, start, stop, value)
    by_columns = not start is stop is value is None
    if data is None:
        if not by_columns:
            return checked(NO_ROWS, options)
        quick = quick_columns(start, stop, value, options)
        return checked(sources.read_columns(start, stop, value), options) if quick is None else quick.steps
    rows = data
    if by_columns or type(data) is not list:
        if isinstance(steps := getattr(data, "_steps", None), Steps):
            refuse_other_side(steps, options)
            if options.plain and not by_columns and steps.kind is not values.ROWS:
                return steps._replace(closed=options.side)
        if by_columns or isinstance(data, memoryview) or numpy_array(data) is not None:
            return checked(sources.read_rows(data, (start, stop, value)), options)
        rows = sources.listed_rows(data)
    quick = quick_rows(rows, options)
    return checked(sources.read_rows(rows), options) if quick is None else quick.steps


def refuse_other_side(steps: Steps, options: Options) -> None:
    """Raise ValueError for a collection to combine that is closed on another side."""
    if len(steps.points) and steps.closed != options.side:
        raise ValueError(f"the collection is closed on the {steps.closed}; pass closed={steps.closed!r}")


def quick_rows(rows: Sequence[Any], options: Options, groups: dispatch.Numbered | None = None) -> Quick | None:
    """Combine rows, or those of each group, in the extension, unless they need what only `checked` does."""
    if options.kernel is None or options.steps is None:
        return None
    if not rows:
        return Quick(ZERO._replace(closed=options.side), None)
    return quick_result(dispatch.combine_rows(rows, options.kernel, options.digits, *options.steps, groups), options)


def quick_columns(
    start: Any, stop: Any, value: Any, options: Options, groups: dispatch.Numbered | None = None
) -> Quick | None:
    """Combine buffers or lists, or those of each group, in the extension, unless they need what only `checked` does."""
    if options.kernel is None or options.steps is None:
        return None
    wanted = options.kernel, options.digits, *options.steps, groups
    if type(start) in LISTS and type(stop) in LISTS and (value is None or type(value) in LISTS):
        return quick_result(dispatch.combine_lists(start, stop, value, *wanted), options) if start else None
    starts, stops = sources.buffer_of(start), sources.buffer_of(stop)
    worth = None if value is None else sources.buffer_of(value)
    if starts is None or stops is None or (worth is None) != (value is None):
        return None
    if not len(starts) or len(starts if worth is None else worth) != len(starts):  # even if values are not looked at
        return None
    return quick_result(dispatch.combine_buffers(starts, stops, worth, *wanted), options)


def quick_result(result: dispatch.Quick | None, options: Options) -> Quick | None:
    """Give the step function of what the extension combined."""
    if result is None:
        return None
    points, levels, meaning, level_scale = memoryview(result[0]), memoryview(result[1]), result[2], result[3]
    domain: Domain = FLOATS if points.format == "d" else INTS
    if isinstance(meaning, tuple):
        domain = coordinates.domain_of_times(*meaning)
    elif meaning is not None:
        domain = Decimals(-meaning)
    kind = values.FLOAT if levels.format == "d" else values.INT
    if level_scale is not None:
        kind = values.Decimals(-level_scale)
    return Quick(options.aggregation.finished(Steps(domain, points, kind, levels, options.side)), result[4])


def checked(rows: Rows, options: Options) -> Steps:
    """Check and encode columns, combine them, and give the step function back."""
    rows, kept = without_missing(rows, options)
    alike = alike_ends(rows.starts, rows.stops)
    if alike is not None and (quick := quick_codes(alike, rows.values, options)) is not None:
        return quick.steps
    ends = encode_ends(alike, rows.starts, rows.stops, kept, options)
    worth = encode_values(rows.values, kept, options)
    points, kind, levels = options.aggregation.sweep(ends.starts, ends.stops, worth, kept)
    points = ends.points(points)
    if kind is values.FLOAT and not dispatch.finite(levels):
        refuse_infinite_levels(ends.domain, points, levels)
    return Steps(ends.domain, points, kind, levels, options.side)


def quick_codes(
    ends: Alike, worth: Source | None, options: Options, groups: dispatch.Numbered | None = None
) -> Quick | None:
    """Combine codes, or those of each group, in the extension, which checks them; None if it finds something wrong."""
    kind = values.INT if worth is None else kind_of_codes(worth)
    if not dispatch.extended() or not len(ends.starts) or kind is None:
        return None
    if options.kernel is None or options.steps is None:
        return None
    numbers = isinstance(ends.domain, Numbers) and kind in (values.INT, values.FLOAT)
    if not numbers and (options.digits is not None or options.step is not None):
        return None
    try:
        starts, stops = (machine_column(codes, ends.domain.typecode) for codes in (ends.starts, ends.stops))
        column = None if worth is None else machine_column(worth.codes, kind.typecode)  # type: ignore[union-attr]
    except (OverflowError, TypeError):  # over 64 bits, or open ends among ints
        return None
    wanted = options.kernel, options.digits, *options.steps, groups
    result = dispatch.combine_buffers(starts, stops, column, *wanted)
    if result is None:
        return None
    points, levels = memoryview(result[0]), memoryview(result[1])
    steps = Steps(ends.domain, with_ints(points, ends.ints), kind, levels, options.side)
    return Quick(options.aggregation.finished(steps), result[4])


def kind_of_codes(source: Source) -> values.Kind | None:
    """Give the kind of a column of values by its domain, None if that is not known or not of numbers."""
    domain = source.domain if isinstance(source, Coded) else None
    if isinstance(domain, Decimals):
        return values.Decimals(domain.exponent)
    return {int: values.INT, float: values.FLOAT}.get(domain.flavour) if isinstance(domain, Numbers) else None


def without_missing(rows: Rows, options: Options) -> tuple[Rows, Sequence[int]]:
    """Raise for missing data, or drop or open it; give the columns as plain objects and the rows that are kept."""
    starts, no_start = plain(rows.starts)
    stops, no_stop = plain(rows.stops)
    given, no_value = (None, {}) if rows.values is None or not options.aggregation.needs_values else plain(rows.values)
    everything = range(sources.length(starts))
    if options.missing == "open":
        starts, no_start = opened(starts, no_start, -math.inf), {}
        stops, no_stop = opened(stops, no_stop, math.inf), {}
    gone = {**no_value, **no_stop, **no_start}
    if not gone:
        return Rows(starts, stops, given), everything
    if options.missing != "drop":
        row = min(gone)
        name = "start" if row in no_start else "stop" if row in no_stop else "value"
        remedy = "" if row in no_value else ", missing='open' opens the end"
        raise ValueError(f"row {row}: {name} {gone[row]}; missing='drop' leaves such rows out{remedy}")
    keep = [row not in gone for row in everything]
    columns = (None if source is None else picked(source, keep) for source in (starts, stops, given))
    return Rows(*columns), list(compress(everything, keep))  # type: ignore[arg-type]


def plain(source: Source) -> tuple[Source, dict[int, Missing]]:
    """Give a column of plain objects, and which rows of it are missing and why."""
    if isinstance(source, Coded):
        return source, source.missing
    return sources.plain_column(source)


def opened(source: Source, missing: dict[int, Missing], end: float) -> Source:
    """Put an open end where a coordinate is missing."""
    if not missing:
        return source
    if not isinstance(source, Coded) or len(missing) == len(source.codes):  # all open belong to any domain
        column = [end if row in missing else x for row, x in enumerate(sources.as_objects(source))]
        return sources.plain_column(column)[0]
    codes = list(objects(source.codes))
    for row in missing:
        codes[row] = end
    return source._replace(codes=codes, missing=dict.fromkeys(missing, end))


def picked(source: Source, keep: list[bool]) -> Source:
    """Give the rows to keep of a column."""
    if isinstance(source, Coded) and not isinstance(source.given, list):
        given = None if source.given is None else source.given[keep]
        return Coded(list(compress(source.codes, keep)), source.domain, {}, given)
    return sources.plain_column(list(compress(sources.as_objects(source), keep)))[0]


def encode_values(source: Source | None, rows: Sequence[int], options: Options) -> Worth:
    """Check a column of values, and encode them as kernels add them."""
    if source is None or not sources.length(source):  # no rows are ints, whatever they are not in
        return Worth(values.INT, None, 1, None)
    kind = kind_of_codes(source)
    codes = sources.as_objects(source) if kind is None else source.codes  # type: ignore[union-attr]
    if isinstance(codes, memoryview) and (kind is values.INT or (kind is values.FLOAT and unchanged(codes, options))):
        return Worth(kind, codes, 1, source)
    items = objects(codes)

    def where(index: int) -> str:
        return f"row {rows[index]}: {options.names[2]}"

    refuse_infinite(items, where)
    encoded = kind is not None
    kind = kind or values.kind_of_column(items, where)
    if options.digits is not None and kind is not values.INT:
        if kind is not values.FLOAT or any(type(x) is Fraction for x in items):
            found = kind.name if kind is not values.FLOAT else "Fraction"
            raise TypeError(f"digits is for floats, and there are values of type {found}")
        grid = 10**options.digits
        return Worth(kind, [snapped_number(x, options.digits, grid) for x in items], grid, source)
    if not encoded:
        return Worth(kind, values.encode(items, kind, where), 1, source)
    in_lists = kind is not values.FLOAT and not dispatch.extended()
    return Worth(kind, items if in_lists else code_column(items, kind.typecode), 1, source)


def unchanged(codes: memoryview, options: Options) -> bool:
    """Tell whether the extension takes a column of floats as it is. O(n)."""
    return options.digits is None and dispatch.extended() and dispatch.finite(codes)


def refuse_infinite(items: Sequence[Any], where: Callable[[int], str]) -> None:
    """Raise ValueError for the first infinite value."""
    kinds = set(map(type, items))
    if float not in kinds or (kinds == {float} and all(map(math.isfinite, items))):
        return
    for index, x in enumerate(items):
        if is_open(x):
            raise ValueError(f"{where(index)} is {x}; values must be finite")


def snapped_number(x: int | float, digits: int, grid: int) -> int:
    """Give `round(x, digits)` as a whole number of `1 / grid`."""
    if type(x) is int:
        return x * grid
    near = round(x, digits) * grid
    # Below 2**50 the product is off by less than a half.
    return round(near) if abs(near) < 2**50 else round(Fraction(x) * grid)


def level_codes(numbers: list[Any], where: Callable[[int], str]) -> tuple[values.Kind, Sequence[Any]]:
    """Check plain numbers that are to be levels; give their kind and codes. O(n)."""
    for index, x in enumerate(numbers):
        if isinstance(x, Missing):
            raise ValueError(f"{where(index)} {x}; it must be a finite number")
    refuse_infinite(numbers, where)
    kind = values.kind_of_column(numbers, where)
    return kind, values.floats(numbers, 1) if kind is values.FLOAT else objects(values.encode(numbers, kind, where))
