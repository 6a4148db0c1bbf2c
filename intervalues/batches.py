"""Batches: rows that have passed the door, kept exactly until somebody asks; what an accumulator holds.

Unlike in a step function, numbers stay as they were given, since 1 is shown where 1.0 comes later; and values stay
exact: whole numbers on a grid (of a power of two for floats, of ten for Decimals), else Fractions.
"""

import math
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import chain, compress, repeat
from typing import Any, NamedTuple, NoReturn

from . import coordinates, dispatch, door, sources, values
from .arrays import Missing
from .columns import Codes, chained, code_column, ends_of, objects
from .coordinates import FLOATS, Datetimes, Decimals, Domain, Numbers, Ordered, domain_of, encoded, is_open, quoted
from .ends import Ends, alike_ends, are_finite, encode_ends, stored
from .kernels.exact import all_rounded, whole
from .options import Options, no_choice
from .sources import Rows
from .steps import ZERO, Steps, of_lists
from .values import FLOAT, FRACTION, MOST_DIGITS, Kind

SPELLED = frozenset({int, Decimal})  # types of coordinates that are shown where another type or exponent meets them
HOWS = ("sum", "count")
FOLDED_AT = 1000  # rows that wait, at least, before they are folded into disjoint segments
REMEMBERED = 100  # coordinates that have cancelled, at most
MOST_KNOWN = 100 * REMEMBERED  # among so many coordinates such are looked for
SLACK = 20  # digits that a sum may have more than what was added


class Batch(NamedTuple):
    """Rows as columns: coordinates as codes, but numbers as given; values counted in `1 / grid` of their kind."""

    starts: Codes | list[Any]
    stops: Codes | list[Any]
    values: Codes | list[Any]
    kind: Kind
    grid: int


class State(NamedTuple):
    """All rows there are, `size` in some batches: `folded` were there when they were last folded into one.

    The domain is None without finite coordinates, the kind without rows. No row begins before the watermark.
    """

    domain: Domain | None = None
    kind: Kind | None = None
    batches: tuple[Batch, ...] = ()
    size: int = 0
    folded: int = 0
    watermark: Any = None


class Exact(NamedTuple):
    """The function that a state stands for: breakpoints as in a batch, levels in `1 / grid`, all ends if numbers."""

    points: Codes
    levels: Codes
    grid: int
    known: Sequence[Any]


def chosen(how: Any, closed: Any, step: Any, digits: Any, missing: Any) -> Options:
    """Give the options of an accumulator; raise if one of them is none."""
    if not isinstance(how, str) or how not in HOWS:
        raise no_choice("how", how, HOWS)
    return Options(how, closed, step, digits, missing)


def entered(state: State, rows: Rows, options: Options, sign: int = 1) -> State:
    """Check rows and add them, or with `sign` -1 take them away. O(n), amortised O(n log n)."""
    rows, kept = door.without_missing(rows, options)
    ends = encode_ends(alike_ends(rows.starts, rows.stops), rows.starts, rows.stops, kept, options)
    worth = door.encode_values(rows.values, kept, options)
    if not kept:
        return state
    kind, grid = worth.kind, worth.grid
    numbers = memoryview(array("q", [1]) * len(kept)) if worth.codes is None else worth.codes
    if worth.in_floats:
        numbers, grid = whole(objects(numbers))
    first, last = codes_of(ends, rows)
    if sign < 0:
        numbers = code_column([-x for x in objects(numbers)], "q")
    batch = Batch(first, last, numbers, kind, grid)
    no_end = ends.domain == FLOATS and all(map(is_open, chain(batch.starts, batch.stops)))
    domain = None if no_end else ends.domain
    joined, both = together(state, domain, kind)
    if joined is None and domain is not None:
        refuse_domain(state.domain, rows, kept)
    if both is None:
        refuse_kind(state.kind, rows, kept)
    if domain is not None and unit_of(domain) != unit_of(joined):
        first = coordinates.encode_column(joined, "start", list(map(domain.shown, batch.starts)), kept)  # type: ignore[arg-type]
        last = coordinates.encode_column(joined, "stop", list(map(domain.shown, batch.stops)), kept)  # type: ignore[arg-type]
        batch = batch._replace(starts=first, stops=last)
    if too_long(batch, both):
        refuse_long(batch, both, rows, kept)
    refuse_late(state.watermark, joined, batch, kept)
    state = converted(state, joined, both)
    return compact(state._replace(batches=(*state.batches, batch), size=state.size + len(kept)))


def codes_of(ends: Ends, rows: Rows) -> Sequence[Codes | list[Any]]:
    """Give both columns of coordinates as a batch has them, infinite where an end is open."""
    if isinstance(ends.domain, Decimals):  # codes do not tell how they were spelled
        return [list(map(sources.plain, sources.as_objects(column))) for column in (rows.starts, rows.stops)]
    if ends.shown is None and not ends.ints and are_finite(ends.starts, ends.stops):
        return ends.starts, ends.stops
    return [decoded(column, ends) for column in (ends.starts, ends.stops)]


def decoded(column: memoryview, ends: Ends) -> list[Any]:
    """Give a column of checked ends as codes."""
    codes = column.tolist()
    if column.format == "d":
        return list(map(ends.ints.get, codes, codes)) if ends.ints else codes
    lowest, highest = ends_of("q")
    opened: dict[Any, float] = {lowest: -math.inf, highest: math.inf}
    if ends.shown is not None:
        return [opened[x] if x in opened else ends.shown[x] for x in codes]
    return [opened.get(x, x) for x in codes] if codes and (min(codes) == lowest or max(codes) == highest) else codes


def unit_of(domain: Domain | None) -> Any:
    """Give the ticks per second of times, None for all else."""
    return getattr(domain, "unit", None)


def together(state: State, domain: Domain | None, kind: Kind | None) -> tuple[Domain | None, Kind | None]:
    """Give the domain and the kind of a state with further rows; None for one of them that does not mix.

    Without rows the domain is that of a watermark, whose zone is shown to nobody.
    """
    before = state.domain
    joined = before if domain is None else domain if before is None else coordinates.join(before, domain)
    if isinstance(joined, Datetimes) and domain and before and (kind is None) != (state.kind is None):
        joined = Datetimes(joined.unit, (before if kind is None else domain).zone)  # type: ignore[attr-defined]
    if kind is None or state.kind is None:
        return joined, kind or state.kind
    return joined, values.join(state.kind, kind) if mix(state.kind, kind) else None


def mix(a: Kind, b: Kind) -> bool:
    """Tell whether values of two kinds mix."""
    try:
        values.join(a, b)
    except TypeError:
        return False
    return True


def refuse_domain(before: Any, rows: Rows, kept: Sequence[int]) -> NoReturn:
    """Raise TypeError for the first coordinate that does not mix with those before."""
    columns = (sources.as_objects(column) for column in (rows.starts, rows.stops))
    ends = enumerate(chain.from_iterable(zip(*columns, strict=True)))
    index, x = next((i, x) for i, x in ends if not is_open(x) and coordinates.join(before, domain_of(x)) is None)
    name = ("start", "stop")[index % 2]
    raise TypeError(f"row {kept[index // 2]}: {name} {quoted(x)} does not mix with {before.name} before it")


def refuse_kind(before: Any, rows: Rows, kept: Sequence[int]) -> NoReturn:
    """Raise TypeError for the first value that does not mix with those before."""
    numbers = zip(kept, sources.as_objects(rows.values), strict=True)  # type: ignore[arg-type]
    row, x = next((row, x) for row, x in numbers if not mix(before, values.kind_of(x)))
    what = f"{quoted(x)}, of type {type(x).__name__}"
    raise TypeError(f"row {row}: value is {what}; values before it are of type {before.name}")


def refuse_long(batch: Batch, kind: Any, rows: Rows, kept: Sequence[int]) -> NoReturn:
    """Raise OverflowError for the first value that needs too many digits beside those before."""
    index = next(i for i, x in enumerate(batch.values) if too_long(batch._replace(values=[x]), kind))
    given = quoted(1 if rows.values is None else sources.as_objects(rows.values)[index])
    raise OverflowError(f"row {kept[index]}: value {given} needs over {MOST_DIGITS:,} digits beside the other values")


def refuse_late(watermark: Any, domain: Any, batch: Batch, kept: Sequence[int]) -> None:
    """Raise ValueError for the first row that begins before the watermark."""
    if watermark is None:
        return
    limit = coordinate_code(domain, watermark)
    for row, start in zip(kept, batch.starts, strict=True):
        if precedes(start, limit):
            given = quoted(start if domain is None else domain.shown(start))
            raise ValueError(f"row {row}: start {given} begins before the watermark {quoted(watermark)}")


def coordinate_code(domain: Domain | None, x: Any) -> Any:
    """Give the code, as in a batch, of a coordinate."""
    if domain is None or is_open(x) or isinstance(domain, Numbers | Decimals | Ordered):
        return x
    return domain.encode(x)


def precedes(a: Any, b: Any) -> bool:
    """Tell whether one code lies before another."""
    if is_open(a) or is_open(b):
        return bool(a != b) and (a == -math.inf or b == math.inf)
    return bool(a < b)


def converted(state: State, domain: Domain | None, kind: Kind | None) -> State:
    """Give a state in a domain and a kind that hold its own; OverflowError if they do not hold all of it."""
    own, batches = state.domain, state.batches
    if own is not None and domain is not None and unit_of(own) != unit_of(domain):

        def finer(column: Codes | list[Any]) -> list[Any]:
            return [x if is_open(x) else encoded(domain, own.decode(x)) for x in objects(column)]

        batches = tuple(batch._replace(starts=finer(batch.starts), stops=finer(batch.stops)) for batch in batches)
    if places_to(state.kind, kind) and any(too_long(batch, kind, SLACK) for batch in batches):
        raise OverflowError(f"the values before need over {MOST_DIGITS:,} digits beside these")
    return state._replace(domain=domain, kind=kind, batches=batches)


def too_long(batch: Batch, kind: Kind | None, slack: int = 0) -> bool:
    """Tell whether values need too many digits on the grid of a kind of Decimals."""
    places = places_to(batch.kind, kind)
    longest = max(map(abs, batch.values)) if places else 0
    return bool(longest) and Decimal(longest).adjusted() + places >= MOST_DIGITS + slack


def places_to(own: Kind | None, kind: Kind | None) -> int:
    """Count the places by which the grid of a kind of Decimals is finer than one's own."""
    return getattr(own, "exponent", 0) - kind.exponent if isinstance(kind, values.Decimals) else 0


def fused(batches: Sequence[Batch], kind: Kind) -> Batch:
    """Put batches one after the other, with all values on one grid. O(n)."""
    grid = math.lcm(*(batch.grid for batch in batches))
    numbers: list[Codes | list[Any]] = []
    for batch in batches:
        factor = 10 ** places_to(batch.kind, kind) * (grid // batch.grid)
        same = factor == 1 or not any(objects(batch.values))
        numbers.append(batch.values if same else [x * factor for x in objects(batch.values)])
    starts, stops = [batch.starts for batch in batches], [batch.stops for batch in batches]
    return Batch(joined(starts), joined(stops), joined(numbers), kind, grid)


def joined(columns: Sequence[Codes | list[Any]]) -> Codes | list[Any]:
    """Put columns one after the other. O(n), O(1) for one of them."""
    if len(columns) == 1:
        return columns[0]
    machine_columns = [column for column in columns if isinstance(column, memoryview)]
    if len(machine_columns) == len(columns) and len({column.format for column in machine_columns}) == 1:
        return chained(machine_columns, str(machine_columns[0].format))
    return list(chain.from_iterable(map(objects, columns)))


def compact(state: State) -> State:
    """Fold the rows that wait if they outgrow what is folded; keep the batches few. Amortised O(log n) a row."""
    if state.size - state.folded > max(FOLDED_AT, state.folded):
        return folded(state)
    batches = list(state.batches)
    while len(batches) > 1 and len(batches[-2].starts) <= len(batches[-1].starts):
        batches[-2:] = [fused(batches[-2:], state.kind)]  # type: ignore[arg-type]
    return state._replace(batches=tuple(batches))


def swept(state: State) -> Exact:
    """Sweep all batches at once. O(n log n)."""
    batch = fused(state.batches, state.kind or values.INT)
    domain = state.domain or FLOATS
    if isinstance(domain, Decimals):
        domain = Numbers(Decimal)
    ends = stored(domain, batch.starts, batch.stops)
    numbers = batch.values if isinstance(batch.values, memoryview) else code_column(batch.values, "q")
    points, levels = dispatch.combine(ends.starts, ends.stops, numbers, "sum")
    known: Sequence[Any] = ()
    if isinstance(domain, Numbers) and (ends.shown is not None or is_looked_through(domain, batch)):
        known = [*batch.starts, *batch.stops] if ends.shown is None else ends.shown
    return Exact(ends.points(points), levels, batch.grid, known)


def is_looked_through(domain: Numbers, batch: Batch) -> bool:
    """Tell whether it matters how each end of a batch was spelled: floats are spelled in one way."""
    return domain.flavour is Decimal or (domain.flavour is not float and 2 * len(batch.starts) <= MOST_KNOWN)


def cancelled(function: Exact) -> list[Any]:
    """Give the coordinates at which nothing changes, but as which equal ones may have to be shown; none if many."""
    found = {x for x in function.known if type(x) in SPELLED} if len(function.known) <= MOST_KNOWN else set()
    if found:  # numbers, which can be hashed
        found.difference_update(objects(function.points))
    return sorted(found) if len(found) <= REMEMBERED else []


def segments(state: State, points: Codes, levels: Codes, grid: int, cancelled: list[Any]) -> State:
    """Give the state that holds one exact function, and what has cancelled. O(n)."""
    if not cancelled and (quick := dispatch.segments(points, levels)) is not None and len(quick[2]):
        batch = Batch(*quick, state.kind or values.INT, grid)
        return state._replace(batches=(batch,), size=len(quick[2]), folded=len(quick[2]))
    held, worth = objects(points), objects(levels)
    starts = [*compress(chain((-math.inf,), held), worth), *cancelled]
    stops = [*compress(chain(held, (math.inf,)), worth), *cancelled]
    if not starts:
        return state._replace(batches=(), size=0, folded=0)
    typecode = (state.domain or FLOATS).typecode
    columns = code_column(starts, typecode), code_column(stops, typecode)
    numbers = code_column([*filter(None, worth), *repeat(0, len(cancelled))], "q")
    batch = Batch(*columns, numbers, state.kind or values.INT, grid)
    return state._replace(batches=(batch,), size=len(starts), folded=len(starts))


def folded(state: State) -> State:
    """Fold all batches into one of disjoint segments. O(n log n)."""
    function = swept(state)
    return segments(state, function.points, function.levels, function.grid, cancelled(function))


def steps_of(state: State, function: Exact, side: str) -> Steps:
    """Give the step function that all rows combine into, its levels rounded once."""
    points, levels, grid, known = function
    domain, kind = state.domain or FLOATS, state.kind
    if kind is None:
        return ZERO._replace(closed=side)
    values.refuse_long_levels(kind, levels)
    if isinstance(domain, Decimals):
        everything = [*points, *known]
        domain, (codes,) = coordinates.encode_columns(domain, [("start", everything)], range(len(everything)))
        points = code_column(codes[: len(points)], "q")
    if kind is FLOAT:
        numbers = objects(levels)
        whole_numbers = set(map(type, numbers)) == {int}
        floats = all_rounded(numbers, grid) if whole_numbers else values.floats(numbers, grid)
        return of_lists(domain, objects(points), kind, floats, side)
    return Steps(domain, points, kind, tuple(map(Fraction, levels)) if kind is FRACTION else levels, side)


def split(state: State, x: Any, options: Options) -> tuple[Steps, State]:
    """Give the function before a coordinate, and the state of what lies from there on. O(n log n)."""
    at = sources.plain(x)
    if isinstance(at, Missing):
        raise ValueError(f"the watermark {at}")
    if type(at) is float:
        at = (at if options.digits is None else round(at, options.digits)) + 0.0  # -0.0 is 0.0
    if not is_open(at):
        joined, _ = together(state, domain_of(at), None)
        if joined is None:
            raise TypeError(f"the watermark {quoted(x)} does not mix with {state.domain.name}")  # type: ignore[union-attr]
        state = converted(state, joined, state.kind)
    code = coordinate_code(state.domain, at)
    if state.watermark is None or precedes(coordinate_code(state.domain, state.watermark), code):
        state = state._replace(watermark=at)
    function = swept(state)
    if is_open(code):
        if code > 0:
            return steps_of(state, function, options.side), segments(state, (), (0,), 1, [])
        return steps_of(state, function._replace(points=(), levels=(0,)), options.side), state
    points, levels = list(objects(function.points)), list(objects(function.levels))
    cut = bisect_left(points, code)
    if cut == len(points) or code < points[cut]:
        points.insert(cut, code)
        levels.insert(cut, levels[cut])
    reaches = bool(levels[cut])  # up to the coordinate
    later = [x for x in cancelled(function) if not x < code]
    rest = segments(state, tuple(points[cut:]), (0, *levels[cut + 1 :]), function.grid, later)
    before = function._replace(
        points=code_column(points[: cut + reaches], state.domain.typecode),  # type: ignore[union-attr]
        levels=code_column(levels[: cut + 1] + [0] * reaches, "q"),
    )
    return steps_of(state, before, options.side), rest


def merged(a: State, b: State) -> State:
    """Give the state of the rows of both; the later watermark holds, if the other has nothing before it. O(n + m)."""
    domain, kind = together(a, b.domain, b.kind)
    if domain is None and b.domain is not None:
        raise TypeError(f"{a.domain.name} do not mix with {b.domain.name} as coordinates")  # type: ignore[union-attr]
    if kind is None and b.kind is not None:
        raise TypeError(f"values of type {a.kind.name} do not mix with values of type {b.kind.name}")  # type: ignore[union-attr]
    a, b = converted(a, domain, kind), converted(b, domain, kind)
    early, late = a, b
    if b.watermark is None or (
        a.watermark is not None and precedes(coordinate_code(domain, b.watermark), coordinate_code(domain, a.watermark))
    ):
        early, late = b, a
    if late.watermark is not None:
        function = swept(early)
        begins = -math.inf if function.levels[0] else function.points[0] if len(function.points) else math.inf
        if precedes(begins, coordinate_code(domain, late.watermark)):
            shown = quoted(late.watermark)
            raise ValueError(
                f"what is merged begins before the watermark {shown}: collect_before({shown}) hands that out"
            )
    state = State(domain, kind, a.batches + b.batches, a.size + b.size, max(a.folded, b.folded), late.watermark)
    return compact(state)
