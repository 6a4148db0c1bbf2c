"""The door: checks every row that comes in and encodes it for the kernels. What passes is a step function."""

import math
from array import array
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import chain, compress
from operator import gt
from typing import Any, NamedTuple

from . import coordinates, dispatch, sources, values
from .columns import HIGHEST, LOWEST, machine, objects
from .coordinates import FLOATS, INTS, Decimals, Domain, Numbers, is_open, quoted
from .options import Options, check_side
from .sources import Machine, Missing, Rows, Source
from .steps import ZERO, Steps, of_lists

LISTS = {list, tuple}


def combine(data: Any, start: Any, stop: Any, value: Any, options: Options) -> Steps:
    """Combine intervals, handed over as rows or columns, into a step function."""
    by_columns = not start is stop is value is None
    if data is None:
        if not by_columns:
            return ZERO._replace(closed=options.side)
        return quick_columns(start, stop, value, options) or checked(sources.read_columns(start, stop, value), options)
    rows = data
    if by_columns or type(data) is not list:
        if isinstance(steps := getattr(data, "_steps", None), Steps):
            if len(steps.points) and steps.closed != options.side:
                raise ValueError(f"the collection is closed on the {steps.closed}; pass closed={steps.closed!r}")
            if options.plain and not by_columns:
                return steps._replace(closed=options.side)
        if by_columns or isinstance(data, memoryview) or sources.numpy_array(data) is not None:
            return checked(sources.read_rows(data, (start, stop, value)), options)
        rows = sources.listed_rows(data)
    return quick_rows(rows, options) or checked(sources.read_rows(rows), options)


def quick_rows(rows: Sequence[Any], options: Options) -> Steps | None:
    """Combine rows in the extension, unless they need what only `checked` does."""
    if options.steps is None:
        return None
    if not rows:
        return ZERO._replace(closed=options.side)
    start_step, stop_step = options.steps
    return quick_result(dispatch.combine_rows(rows, options.how, options.digits, start_step, stop_step), options)


def quick_columns(start: Any, stop: Any, value: Any, options: Options) -> Steps | None:
    """Combine buffers or lists in the extension, unless they need what only `checked` does."""
    if options.steps is None:
        return None
    if type(start) in LISTS and type(stop) in LISTS and (value is None or type(value) in LISTS):
        if not start:
            return None
        return quick_result(
            dispatch.combine_lists(start, stop, value, options.how, options.digits, *options.steps), options
        )
    starts, stops = sources.buffer_of(start), sources.buffer_of(stop)
    worth = None if value is None else sources.buffer_of(value)
    if starts is None or stops is None or (worth is None) != (value is None):
        return None
    if not len(starts) or len(starts if worth is None else worth) != len(starts):  # even if values are not looked at
        return None
    return quick_result(
        dispatch.combine_buffers(starts, stops, worth, options.how, options.digits, *options.steps), options
    )


def quick_result(result: dispatch.Quick | None, options: Options) -> Steps | None:
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
    return Steps(domain, points, kind, levels, options.side)


def checked(rows: Rows, options: Options) -> Steps:
    """Check and encode columns, combine them, and give the step function back."""
    rows, kept = without_missing(rows, options)
    ends = encode_ends(rows.starts, rows.stops, kept, options)
    kind, worth, grid = encode_values(rows.values, kept, options)
    points, levels = dispatch.combine(ends.starts, ends.stops, worth, options.how)
    if kind is values.FRACTION:
        levels = tuple(map(Fraction, levels))
    if kind is values.FLOAT and not (isinstance(levels, memoryview) and levels.format == "d"):
        levels = tuple(values.floats(levels, grid))
    elif ends.shown is None and kind is not values.FLOAT:
        return Steps(ends.domain, points, kind, levels, options.side)
    shown = objects(points) if ends.shown is None else [ends.shown[rank] for rank in objects(points)]
    return of_lists(ends.domain, shown, kind, objects(levels), options.side)


def without_missing(rows: Rows, options: Options) -> tuple[Rows, Sequence[int]]:
    """Raise for missing data, or drop or open it; give the columns as plain objects and the rows that are kept."""
    starts, no_start = plain(rows.starts)
    stops, no_stop = plain(rows.stops)
    given, no_value = (None, {}) if rows.values is None or options.how == "count" else plain(rows.values)
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
    if isinstance(source, Machine):
        return source, sources.missing_codes(source)
    return sources.plain_column(source)


def opened(source: Source, missing: dict[int, Missing], end: float) -> Source:
    """Put an open end where a coordinate is missing."""
    if not missing:
        return source
    return [end if row in missing else x for row, x in enumerate(sources.as_objects(source))]


def picked(source: Source, keep: list[bool]) -> Source:
    """Give the rows to keep of a column."""
    if isinstance(source, Machine):
        return source._replace(codes=memoryview(array(str(source.codes.format), compress(source.codes, keep))))
    return list(compress(source, keep))


class Ends(NamedTuple):
    """Encoded coordinates: machine columns of codes, or of ranks into `shown`."""

    domain: Domain
    starts: memoryview
    stops: memoryview
    shown: list[Any] | None


def encode_ends(starts: Source, stops: Source, rows: Sequence[int], options: Options) -> Ends:
    """Encode both columns of coordinates in one domain; refuse reversed rows; then apply `digits` and `step`."""
    if isinstance(starts, Machine) and isinstance(stops, Machine) and starts.domain == stops.domain:
        domain = starts.domain
        ends = Ends(domain, starts.codes, stops.codes, None)
        first: Sequence[Any] = starts.codes.tolist()
        last: Sequence[Any] = stops.codes.tolist()
        if domain.typecode == "q" and not {LOWEST, HIGHEST}.isdisjoint(chain(first, last)):
            ends = stored(domain, first, last)
    else:
        first, last = sources.as_objects(starts), sources.as_objects(stops)
        columns = (options.names[0], first), (options.names[1], last)
        domain = coordinates.domain_of_columns(columns, rows)
        domain, (first, last) = coordinates.encode_columns(domain, columns, rows)
        ends = stored(domain, first, last)
    refuse_reversed(ends, first, last, rows)
    if options.digits is not None:
        if not isinstance(domain, Numbers) or domain.flavour not in (int, float):
            raise TypeError(f"digits is for floats, and the coordinates are {domain.name}")
        ends = stored(domain, snapped(first, options.digits), snapped(last, options.digits))
    if options.step is not None and not all(map(is_open, chain(first, last))):
        step = domain.step(options.step)
        if options.closed == "both":
            last = [x if is_open(x) else x + step for x in last]
        else:
            first = [x if is_open(x) else x + step for x in first]
        refuse_beyond(domain, first, last, rows)
        ends = stored(domain, first, last)
    return ends


def snapped(codes: Sequence[Any], digits: int) -> list[Any]:
    """Round the floats among coordinates."""
    return [round(x, digits) if type(x) is float else x for x in codes]


def stored(domain: Domain, starts: Sequence[Any], stops: Sequence[Any]) -> Ends:
    """Store codes in machine columns, as ranks where the machine cannot hold them. O(n log n) for ranks."""
    kinds = set(map(type, starts)) | set(map(type, stops))
    if domain.typecode == "d" and kinds <= {float}:
        return Ends(domain, machine(starts, "d"), machine(stops, "d"), None)
    columns = starts, stops
    if domain.typecode == "q" and kinds <= {int, float}:
        if float in kinds:  # then they are open ends
            columns = tuple([closed_end(x) for x in codes] for codes in columns)  # type: ignore[assignment]
        elif any(LOWEST in codes or HIGHEST in codes for codes in columns):
            return ranked(domain, starts, stops)
        try:
            return Ends(domain, machine(columns[0], "q"), machine(columns[1], "q"), None)
        except OverflowError:
            pass
    return ranked(domain, starts, stops)


def closed_end(x: Any) -> int:
    """Give the machine integer of a code or open end; one that cannot be stored for a code taken by an open end."""
    if is_open(x):
        return HIGHEST if x > 0 else LOWEST
    return 2 * x if x in (LOWEST, HIGHEST) else x  # type: ignore[no-any-return]


def ranked(domain: Domain, starts: Sequence[Any], stops: Sequence[Any]) -> Ends:
    """Replace codes by their ranks, so that kernels only ever see machine numbers. Only `<` is asked of them.

    Where 1 and 1.0 meet the int is shown, and of equal Decimals the one with the most digits.
    """
    codes = [*starts, *stops]
    finite = [index for index, x in enumerate(codes) if not is_open(x)]
    finite.sort(key=codes.__getitem__)
    ranks = array("q", (0 if not is_open(x) else HIGHEST if x > 0 else LOWEST for x in codes))
    shown: list[Any] = []
    for index in finite:
        code = codes[index]
        if type(code) is float:
            code += 0.0  # -0.0 is 0.0
        if not shown or shown[-1] < code:
            shown.append(code)
        elif spelling(code) < spelling(shown[-1]):
            shown[-1] = code
        ranks[index] = len(shown) - 1
    view = memoryview(ranks).toreadonly()
    return Ends(domain, view[: len(starts)], view[len(starts) :], shown)


def spelling(x: Any) -> float:
    """Give what decides which of two equal coordinates is shown: the lowest."""
    if type(x) is Decimal:
        return coordinates.decimal_exponent(x)
    return -math.inf if type(x) is int else math.inf


def refuse_reversed(ends: Ends, starts: Sequence[Any], stops: Sequence[Any], rows: Sequence[int]) -> None:
    """Raise ValueError for the first row that ends before it starts."""
    if not any(map(gt, ends.starts, ends.stops)):
        return
    index = next(index for index, pair in enumerate(zip(ends.starts, ends.stops, strict=True)) if pair[0] > pair[1])
    start, stop = (quoted(ends.domain.shown(codes[index])) for codes in (starts, stops))
    raise ValueError(f"row {rows[index]}: start {start} is after stop {stop}")


def refuse_beyond(domain: Domain, starts: Sequence[Any], stops: Sequence[Any], rows: Sequence[int]) -> None:
    """Raise OverflowError for the first row that a step moves beyond what its type can hold."""
    for name, codes in (("start", starts), ("stop", stops)):
        farthest = max((code for code in codes if not is_open(code)), default=None)
        try:
            if farthest is not None:
                domain.decode(farthest)
        except (OverflowError, ValueError):
            row = rows[codes.index(farthest)]
            raise OverflowError(f"row {row}: {name} and a step are beyond the last of {domain.name}") from None


def encode_values(source: Source | None, rows: Sequence[int], options: Options) -> tuple[values.Kind, Any, int]:
    """Give the kind of a column of values, the values as kernels add them, and the grid that they are counted on."""
    if source is None:
        return values.INT, None, 1
    if isinstance(source, Machine):
        if source.codes.format == "q":
            return values.INT, source.codes, 1
        items: list[Any] = source.codes.tolist()
    else:
        items = source

    def where(index: int) -> str:
        return f"row {rows[index]}: {options.names[2]}"

    refuse_infinite(items, where)
    kind = values.kind_of_column(items, where)
    if options.digits is not None and kind is not values.INT:
        if kind is not values.FLOAT or any(type(x) is Fraction for x in items):
            found = kind.name if kind is not values.FLOAT else "Fraction"
            raise TypeError(f"digits is for floats, and there are values of type {found}")
        grid = 10**options.digits
        return kind, [on_grid(x, options.digits, grid) for x in items], grid
    return kind, values.encode(items, kind, where), 1


def refuse_infinite(items: Sequence[Any], where: Callable[[int], str]) -> None:
    """Raise ValueError for the first infinite value."""
    for index, x in enumerate(items):
        if is_open(x):
            raise ValueError(f"{where(index)} is {x}; values must be finite")


def on_grid(x: int | float, digits: int, grid: int) -> int:
    """Give `round(x, digits)` as a whole number of `1 / grid`."""
    if type(x) is int:
        return x * grid
    near = round(x, digits) * grid
    # Below 2**50 the product is off by less than a half.
    return round(near) if abs(near) < 2**50 else round(Fraction(x) * grid)


def whole_columns(closed: str, initial: Any, **columns: Any) -> list[list[Any]]:
    """Give columns of equal length as plain objects, none of them missing; check the side and the initial level."""
    check_side(closed)
    number = sources.plain(initial)
    if number is sources.NAN:
        raise ValueError(f"initial {number}; it must be finite")
    if not isinstance(number, values.NUMBER):
        raise TypeError(f"initial is {quoted(initial)}; it must be a number")
    if is_open(number):
        raise ValueError(f"initial is {number}; it must be finite")
    found = []
    for name, column in columns.items():
        plain_objects, missing = sources.plain_column(sources.listed(name, column))
        for row, reason in missing.items():
            raise ValueError(f"row {row}: {name} {reason}")
        found.append(plain_objects)
    counts = {f"{name} has {len(column)}": len(column) for name, column in zip(columns, found, strict=True)}
    if len(set(counts.values())) > 1:
        raise ValueError(" rows, ".join(counts))
    return found


def of_changes(at: Any, deltas: Any, initial: Any, closed: str) -> Steps:
    """Add up changes, in any order."""
    points, changes = whole_columns(closed, initial, at=at, deltas=deltas)
    # Each change is an interval that never ends, the initial level one that never began.
    starts, stops = [*points, -math.inf], [math.inf] * (len(points) + 1)
    numbers = [*changes, sources.plain(initial)]
    values.kind_of_column(numbers, lambda index: f"row {index}: deltas" if index < len(points) else "initial")
    options = Options(closed=closed, names=("at", "at", "deltas"))
    return combine(None, starts, stops, numbers, options)


def of_levels(points: Any, levels: Any, initial: Any, closed: str) -> Steps:
    """Check and encode strictly increasing breakpoints and the levels that hold from them on."""
    at, numbers = whole_columns(closed, initial, at=points, levels=levels)
    numbers = [*numbers, sources.plain(initial)]
    rows = range(len(numbers))
    columns = [("at", at)]
    domain, (codes,) = coordinates.encode_columns(coordinates.domain_of_columns(columns, rows), columns, rows)
    ends = stored(domain, codes, [])
    for row, code in enumerate(codes):
        if is_open(code):
            raise ValueError(f"row {row}: at is {code}; the level before the first breakpoint is initial=")
        if row and ends.starts[row - 1] >= ends.starts[row]:
            raise ValueError(f"row {row}: at {quoted(at[row])} does not lie after {quoted(at[row - 1])}")

    def where(index: int) -> str:
        return f"row {index}: levels" if index < len(at) else "initial"

    refuse_infinite(numbers, where)
    kind = values.kind_of_column(numbers, where)
    encoded = values.floats(numbers, 1) if kind is values.FLOAT else objects(values.encode(numbers, kind, where))
    codes = [code + 0.0 if type(code) is float else code for code in codes]  # -0.0 is 0.0
    return of_lists(domain, codes, kind, [encoded[-1], *encoded[:-1]], closed)
