"""Both ends of intervals: columns of coordinates in one domain, checked, snapped, moved and stored for the kernels."""

import math
from array import array
from collections.abc import Sequence
from decimal import Decimal
from itertools import chain
from operator import gt
from typing import Any, NamedTuple

from . import coordinates, dispatch, sources
from .arrays import Coded
from .columns import HIGHEST, LOWEST, Codes, code_column, ends_of, machine, objects
from .coordinates import FLOATS, INTS, Datetimes, Decimals, Domain, Numbers, Timedeltas, is_open, join, quoted
from .options import Options
from .sources import Source
from .uniform import MOST_PLACES, near_floats


class Alike(NamedTuple):
    """Columns of starts and stops as codes of one domain; the ints among them, if that is one of floats."""

    domain: Domain
    starts: memoryview | list[Any]
    stops: memoryview | list[Any]
    ints: dict[Any, int]


def alike_ends(starts: Source, stops: Source) -> Alike | None:
    """Give both columns in one domain, None if they are not coded or do not mix exactly. O(n)."""
    if not (isinstance(starts, Coded) and isinstance(stops, Coded)):
        return None
    domain = common_domain(starts, stops)
    first, last = (None if domain is None else recoded(source, domain) for source in (starts, stops))
    if domain is None or first is None or last is None:
        return None
    ints = ints_among(starts) | ints_among(stops) if domain == FLOATS else {}
    return Alike(domain, first, last, ints)


def ints_among(source: Coded) -> dict[Any, int]:
    """Give the ints of a column of ints, or of ints and floats, each to find by its float."""
    if source.domain == FLOATS and (source.given is None or source.given is source.codes):
        return {}
    column = objects(source.codes) if source.given is None else source.given
    ints = column if source.domain == INTS else [x for x in column if type(x) is int]
    return dict(zip(ints, ints, strict=True))


def common_domain(a: Coded, b: Coded) -> Domain | None:
    """Give the domain that holds both columns, None if only the careful way tells. Open ends belong to every one."""
    if not len(a.codes):
        return a.domain if a.domain == b.domain else None
    for own, other in ((a, b), (b, a)):
        if own.domain == FLOATS and all(map(math.isinf, own.codes)):
            return other.domain
    first_zone, other_zone = (getattr(domain, "zone", None) for domain in (a.domain, b.domain))
    if first_zone is not other_zone and is_open(a.codes[0]):
        return None  # of equal zones that of the first row is shown
    return join(a.domain, b.domain)


def recoded(source: Coded, domain: Domain) -> memoryview | list[Any] | None:
    """Give the codes of a column in a domain that holds its own; None where 64 bits or floats do not hold them."""
    own, codes = source.domain, source.codes
    if own in (domain, FLOATS):  # floats in another domain are open ends
        return codes
    if isinstance(own, Decimals) and isinstance(domain, Decimals):
        places = own.exponent - domain.exponent
        return scaled(codes, 10**places) if places < MOST_PLACES else None
    if isinstance(own, Datetimes | Timedeltas) and isinstance(domain, Datetimes | Timedeltas):
        return codes if own.unit == domain.unit else scaled(codes, domain.unit // own.unit)
    if own == INTS and domain == FLOATS:
        return near_floats(objects(codes))
    return None


def scaled(codes: memoryview | list[Any], factor: int) -> list[Any] | None:
    """Give multiples of codes, None if 64 bits do not hold them."""
    multiples = [code * factor for code in codes]
    finite = [code for code in multiples if type(code) is int]
    return multiples if not finite or (min(finite) > -(2**63) and max(finite) < 2**63 - 1) else None


class Ends(NamedTuple):
    """Encoded coordinates: machine columns of codes, or of ranks into `shown`; `ints` are those among floats."""

    domain: Domain
    starts: memoryview
    stops: memoryview
    shown: list[Any] | None
    ints: dict[Any, int]

    def points(self, found: Codes) -> Codes:
        """Give breakpoints, found in these columns, as codes."""
        if self.shown is None:
            return with_ints(found, self.ints)
        return code_column([self.shown[rank] for rank in objects(found)], self.domain.typecode)


def with_ints(points: Codes, ints: dict[Any, int]) -> Codes:
    """Show breakpoints that came as ints as such."""
    if not ints:
        return points
    floats = objects(points)
    return code_column(list(map(ints.get, floats, floats)), "d")


def encode_ends(alike: Alike | None, starts: Source, stops: Source, rows: Sequence[int], options: Options) -> Ends:
    """Encode both columns of coordinates in one domain; refuse reversed rows; then apply `digits` and `step`."""
    first: Sequence[Any]
    last: Sequence[Any]
    if alike is not None and options.digits is options.step is None and (ends := as_they_are(alike)) is not None:
        return ends
    if alike is None:
        first, last = sources.as_objects(starts), sources.as_objects(stops)
        columns = (options.names[0], first), (options.names[1], last)
        domain = coordinates.domain_of_columns(columns, rows)
        domain, (first, last) = coordinates.encode_columns(domain, columns, rows)
        ends = stored(domain, first, last)
        refuse_reversed(domain, (ends.starts, ends.stops), (first, last), rows)
    else:
        domain, first, last = alike.domain, objects(alike.starts), objects(alike.stops)
        shown = (sources.as_objects(starts), sources.as_objects(stops)) if alike.ints else (first, last)
        refuse_reversed(domain, (first, last), shown, rows)
        ends = fitted(alike, first, last)
    if options.digits is not None:
        if not isinstance(domain, Numbers) or domain.flavour not in (int, float):
            raise TypeError(f"digits is for floats, and the coordinates are {domain.name}")
        snapped_ends = stored(domain, snapped(first, options.digits), snapped(last, options.digits))
        ends = snapped_ends._replace(ints=ends.ints)
    if options.step is not None and not all(map(is_open, chain(first, last))):
        step = domain.step(options.step)
        if options.closed == "both":
            last = [x if is_open(x) else x + step for x in last]
        else:
            first = [x if is_open(x) else x + step for x in first]
        refuse_beyond(domain, first, last, rows)
        ends = stored(domain, first, last)
    return ends


def as_they_are(alike: Alike) -> Ends | None:
    """Give machine columns that need nothing done, without a look at single items; None if only that tells. O(n)."""
    starts, stops = alike.starts, alike.stops
    if not isinstance(starts, memoryview) or not isinstance(stops, memoryview):
        return None
    extent = dispatch.extent(starts, stops)
    if extent is None or (alike.domain.typecode == "q" and (extent[0] <= LOWEST or extent[1] >= HIGHEST)):
        return None
    return Ends(alike.domain, starts, stops, None, alike.ints)


def fitted(alike: Alike, first: Sequence[Any], last: Sequence[Any]) -> Ends:
    """Store codes, no row of which is reversed, in machine columns if they fit as they are. O(n)."""
    kind = alike.domain.typecode
    # Since no row is reversed, this tells all extremes and open ends, too.
    if kind == "q" and first and (min(first) <= LOWEST or max(last) >= HIGHEST):
        return stored(alike.domain, first, last)
    return Ends(alike.domain, machine_column(alike.starts, kind), machine_column(alike.stops, kind), None, alike.ints)


def machine_column(codes: memoryview | list[Any], typecode: str) -> memoryview:
    """Give codes in a machine column; OverflowError or TypeError where it cannot hold one. O(n)."""
    return codes if isinstance(codes, memoryview) else machine(codes, typecode)


def snapped(codes: Sequence[Any], digits: int) -> list[Any]:
    """Round the floats among coordinates."""
    return [round(x, digits) if type(x) is float else x for x in codes]


def stored(domain: Domain, starts: Sequence[Any], stops: Sequence[Any]) -> Ends:
    """Store codes in machine columns, as ranks where the machine cannot hold them. O(n log n) for ranks."""
    if isinstance(starts, memoryview) and isinstance(stops, memoryview):
        own = starts.format == stops.format == domain.typecode  # not ints among floats
        if own and are_finite(starts, stops):
            return Ends(domain, starts, stops, None, {})
    kinds = set(map(type, starts)) | set(map(type, stops))
    if domain.typecode == "d" and kinds <= {float}:
        return Ends(domain, machine(starts, "d"), machine(stops, "d"), None, {})
    columns = starts, stops
    if domain.typecode == "q" and kinds <= {int, float}:
        if any(LOWEST in codes or HIGHEST in codes for codes in columns):
            return ranked(domain, starts, stops)
        if float in kinds:  # then they are open ends
            columns = tuple([x if type(x) is int else closed_end(x) for x in codes] for codes in columns)  # type: ignore[assignment]
        try:
            return Ends(domain, machine(columns[0], "q"), machine(columns[1], "q"), None, {})
        except OverflowError:
            pass
    return ranked(domain, starts, stops)


def are_finite(starts: memoryview, stops: memoryview) -> bool:
    """Tell whether no code of machine columns is known to be one that stands for an open end, or infinite. O(n)."""
    extent = dispatch.extent(starts, stops)
    lowest, highest = ends_of(str(starts.format))
    return extent is not None and extent[0] > lowest and extent[1] < highest


def closed_end(x: float) -> int:
    """Give the machine integer of an open end."""
    return HIGHEST if x > 0 else LOWEST


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
    return Ends(domain, view[: len(starts)], view[len(starts) :], shown, {})


def spelling(x: Any) -> float:
    """Give what decides which of two equal coordinates is shown: the lowest."""
    if type(x) is Decimal:
        return coordinates.decimal_exponent(x)
    return -math.inf if type(x) is int else math.inf


def refuse_reversed(
    domain: Domain, ends: tuple[Sequence[Any], ...], codes: tuple[Sequence[Any], ...], rows: Sequence[int]
) -> None:
    """Raise ValueError for the first row that ends before it starts, by `ends`; its `codes` are shown."""
    if not any(map(gt, *ends)):
        return
    index = list(map(gt, *ends)).index(True)
    start, stop = (quoted(domain.shown(column[index])) for column in codes)
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
