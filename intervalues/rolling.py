"""Rolling: one value for each of many windows, however they overlap, equal to the single statistic of each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import chain, compress, repeat
from operator import eq, mul, not_, sub
from typing import Any

from . import dispatch, sources, values
from .columns import HIGHEST, LOWEST, Column, code_column, objects
from .coordinates import Domain, Numbers, is_open, quoted
from .door import without_missing
from .ends import Ends, alike_ends, encode_ends
from .grouping import Grouped
from .kernels.exact import rounded
from .kernels.window_index import WindowIndex
from .lengths import integral_kind, numerators, power_of_ten, ratio_kind, simple
from .lookup import region_of
from .options import Options, no_choice
from .sources import Rows
from .steps import Steps, common, recode
from .values import FLOAT, INT, Kind
from .windows import Windows, as_machine, cut, digits, exact_total, unit_of_codes

HOWS = ("mean", "max", "min", "integral")


class Index:
    """What is kept of a step function to answer about many windows; each part is built when it is first needed."""

    __slots__ = ("_extension", "_python", "steps")

    def __init__(self, steps: Steps) -> None:
        values.refuse_rows(steps.kind)
        self.steps: Steps = steps
        self._python: WindowIndex | None = None
        self._extension: Any = NotImplemented  # not asked yet

    @property
    def python(self) -> WindowIndex:
        """The index in plain Python, which answers everything."""
        if self._python is None:
            self._python = WindowIndex(objects(self.steps.points), objects(self.steps.levels), numerators)
        return self._python

    @property
    def extension(self) -> Any:
        """The index of the extension, which answers about machine columns; None if it cannot."""
        if self._extension is NotImplemented:
            self._extension = dispatch.window_index(self.steps.points, self.steps.levels)
        return self._extension


class Measure:
    """What is asked of windows, checked when it is made: `how`, and of which `kind` answers are.

    `unit` is what a length of one code, in the function's own domain, is worth in an integral.
    """

    __slots__ = ("how", "kind", "unit")

    def __init__(self, steps: Steps, domain: Domain, how: str, unit: Any) -> None:
        values.refuse_rows(steps.kind)
        self.how: str = how
        self.kind: Kind = steps.kind
        self.unit: Fraction = Fraction(1)
        if how == "integral":
            self.kind, ticks = integral_kind(steps.kind, domain, unit)
            self.unit = unit_of_codes(domain) / codes_per_code(steps, domain) / ticks
        elif how == "mean":
            self.kind = ratio_kind(steps.kind, domain)


def check_how(how: Any, unit: Any) -> None:
    """Raise unless `how` is one of ours, and goes with the unit."""
    if not isinstance(how, str) or how not in HOWS:
        raise no_choice("how", how, HOWS)
    if unit is not None and how != "integral":
        raise TypeError("unit is for how='integral'")


def windows_of(index: Index, starts: Any, stops: Any, how: str, unit: Any) -> Column[Any]:
    """Give one value per window, in the order of the windows. O(m log n), and O(n) once."""
    check_how(how, unit)
    steps, domain, first, last = read_windows(index.steps, starts, stops)
    index = index if steps is index.steps else Index(steps)
    if not len(first):
        return column((), steps.kind)
    measure = Measure(steps, domain, how, unit)
    empty = list(map(eq, first, last))
    if any(empty) and how != "integral":
        raise ValueError(f"row {empty.index(True)}: over zero length there is no {how}")
    unbounded = [] if is_bounded(first) and is_bounded(last) else open_rows(first, last)
    if unbounded and how == "mean":
        raise ValueError(f"row {unbounded[0]}: over an unbounded window there is no mean")
    if unbounded and how == "integral":
        first, last = bounded(steps, first, last)
        empty = list(map(eq, first, last))
    quick = None if unbounded else index.extension
    if not any(empty):
        return summaries(measure, index, first, last, quick)
    some = list(map(not_, empty))
    found = iter(summaries(measure, index, list(compress(first, some)), list(compress(last, some)), quick))
    nothing = values.give(0, measure.kind)
    return column([nothing if none else next(found) for none in empty], measure.kind)


def of_groups(grouped: Grouped, how: str, within: Any, unit: Any) -> Column[Any] | None:
    """Give one value per group, in one window or in the span of each, by the extension; None if it cannot. O(n)."""
    check_how(how, unit)
    steps = Steps(grouped.domain, grouped.points, grouped.kind, grouped.levels, grouped.closed)
    points, levels, domain = steps.points, steps.levels, steps.domain
    if not isinstance(points, memoryview) or not isinstance(levels, memoryview):
        return None
    starts: Sequence[Any] = ()
    stops: Sequence[Any] = ()
    if within is not None:
        region = region_of(steps, within, "within")
        domain, _ = common(steps, region)
        ends = recode(region, domain)
        if len(ends) != 2 or region.levels[0] or recode(steps, domain) is not points:
            return None
        starts, stops = ends[:1], ends[1:]

    def quick(starts: memoryview, stops: memoryview, how: str, divisor: int | None) -> Any:
        columns = points, levels, grouped.firsts, grouped.lasts
        return dispatch.summarize_groups(columns, (starts, stops), how, divisor)

    measure = Measure(steps, domain, how, unit)
    found = in_extension(measure, steps, starts, stops, quick)
    return None if found is None else Column(memoryview(found), measure.kind.decoder)


def read_windows(steps: Steps, starts: Any, stops: Any) -> tuple[Steps, Domain, Sequence[Any], Sequence[Any]]:
    """Read columns of windows: the function, the domain of both, and codes of the function's own, `inf` if open.

    The function is stored in Decimals where grids are too far apart for codes. Errors name the row. O(m).
    """
    first, last = sources.read_column("starts", starts), sources.read_column("stops", stops)
    if sources.length(first) != sources.length(last):
        raise ValueError(f"starts has {sources.length(first)} rows, stops has {sources.length(last)}")
    options = Options(closed=steps.closed, names=("starts", "stops", "values"))
    try:
        rows, kept = without_missing(Rows(first, last, None), options)
    except ValueError as error:
        raise ValueError(str(error).partition("; missing=")[0]) from None
    ends = encode_ends(alike_ends(rows.starts, rows.stops), rows.starts, rows.stops, kept, options)
    codes = codes_of(ends, ends.starts), codes_of(ends, ends.stops)
    finite = next((x for x in chain(*codes) if not is_open(x)), None)
    domain, _ = common(steps, Steps(ends.domain, () if finite is None else (finite,), INT, (), steps.closed))
    if len(steps.points) and are_far(steps.domain, ends.domain):
        domain = Numbers(Decimal)
        steps = steps._replace(domain=domain, points=recode(steps, domain))
        codes = tuple([x if is_open(x) else ends.domain.decode(x) for x in column] for column in codes)  # type: ignore[assignment]
        return steps, domain, *codes
    own = (in_own_codes(steps, ends.domain, column) for column in codes)
    return steps, domain, *own  # type: ignore[return-value]


def are_far(a: Domain, b: Domain) -> bool:
    """Tell whether the grids of two domains are so far apart that codes of one are too long in the other."""
    return bool(abs(getattr(a, "exponent", 0) - getattr(b, "exponent", 0)) > values.MOST_DIGITS)


def codes_of(ends: Ends, column: memoryview) -> Sequence[Any]:
    """Give an encoded column as codes, with infinities for open ends. O(n)."""
    if ends.shown is not None:
        return [open_end(rank, None) or ends.shown[rank] for rank in column]
    if column.format == "d" or not len(column) or (min(column) > LOWEST and max(column) < HIGHEST):
        return column
    return [open_end(code, code) for code in column]


def open_end(code: int, otherwise: Any) -> Any:
    """Give the infinity that a machine integer stands for."""
    return -math.inf if code == LOWEST else math.inf if code == HIGHEST else otherwise


def is_bounded(codes: Sequence[Any]) -> bool:
    """Tell that a machine column has no open ends. O(m), fast."""
    if not isinstance(codes, memoryview):
        return False
    return codes.format == "q" or not len(codes) or -math.inf < min(codes) <= max(codes) < math.inf


def open_rows(starts: Sequence[Any], stops: Sequence[Any]) -> list[int]:
    """Tell which windows are unbounded. O(m)."""
    return [row for row, ends in enumerate(zip(starts, stops, strict=True)) if any(map(is_open, ends))]


def bounded(steps: Steps, starts: Sequence[Any], stops: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """Cut unbounded windows down to the breakpoints; ValueError where a level that is not zero is cut off. O(m)."""
    found: tuple[list[Any], list[Any]] = [], []
    for row, (start, stop) in enumerate(zip(starts, stops, strict=True)):
        if start != stop:
            for end, level in ((start, steps.levels[0]), (stop, steps.levels[-1])):
                if is_open(end) and level:
                    shown = quoted(steps.kind.decode(level))
                    raise ValueError(f"row {row}: the level {shown} reaches to infinity, and so its integral")
            inner = [x for x in (start, stop, *steps.points[:1], *steps.points[-1:]) if not is_open(x)] or [0]
            start, stop = min(inner) if is_open(start) else start, max(inner) if is_open(stop) else stop
        found[0].append(start)
        found[1].append(stop)
    return found


def summaries(measure: Measure, index: Index, starts: Sequence[Any], stops: Sequence[Any], quick: Any) -> Column[Any]:
    """Give one value per window `start < stop`, in the function's own codes; only extremes may be unbounded.

    `quick` is what answers about machine columns in the extension, None if it cannot. O(m log n), and O(n) once.
    """
    steps = index.steps
    found = None if quick is None else in_extension(measure, steps, starts, stops, quick)
    if found is not None:
        return Column(memoryview(found), measure.kind.decoder)
    if measure.how in ("max", "min"):
        levels = index.python.extremes(starts, stops, measure.how)
        return Column(code_column(levels, steps.kind.typecode), steps.kind.decoder)
    sums, scale, lengths, lengths_scale = exact_sums(index, starts, stops)
    factor = unit_of_codes(steps.kind) / scale
    divisors: Sequence[Any] = [1] * len(sums)
    if measure.how == "mean":
        divisors = lengths
        factor *= lengths_scale
    places = digits_of_rows(measure, steps, starts, stops)
    return column(rounded_rows(measure.kind, sums, divisors, factor * measure.unit, places), measure.kind)


def exact_sums(
    index: Index, starts: Sequence[Any], stops: Sequence[Any]
) -> tuple[Sequence[Any], int, Sequence[Any], int]:
    """Give the sums of level times length, and their denominator; the lengths of the windows, and theirs."""
    try:
        ends, scale = numerators([*starts, *stops])
        return *index.python.totals(starts, stops), list(map(sub, ends[len(starts) :], ends)), scale
    except OverflowError:  # Decimals too long to be written out: in some window, or in none
        sums, lengths = sums_apart(index.steps, starts, stops)
        return sums, 1, lengths, 1


def sums_apart(steps: Steps, starts: Sequence[Any], stops: Sequence[Any]) -> tuple[list[Fraction], list[Fraction]]:
    """Give the exact sum of level times length of each window, and its length, in codes. O(pieces)."""
    sums, lengths = [], []
    for row, (start, stop) in enumerate(zip(starts, stops, strict=True)):
        parts = cut(Windows(steps.domain, steps.points, steps.kind, steps.levels, [start], [stop]))
        try:
            sums.append(exact_total(*parts))
            lengths.append(exact_total([start], [stop], [1]))
        except OverflowError as error:
            raise OverflowError(f"row {row}: {error}") from None
    return sums, lengths


def codes_per_code(steps: Steps, domain: Domain) -> Fraction | int:
    """Give how many codes of a function's own domain one of a domain that it mixes with is."""
    if not len(steps.points):
        return 1
    fine, coarse = getattr(domain, "unit", 1), getattr(steps.domain, "unit", 1)
    exponents = [getattr(grid, "exponent", 0) for grid in (domain, steps.domain)]
    return simple(Fraction(coarse, fine) * power_of_ten(exponents[0] - exponents[1]))


def in_own_codes(steps: Steps, domain: Domain, codes: Sequence[Any]) -> Sequence[Any]:
    """Give coordinates of a domain as exact codes of a function's own. O(m), or O(1) where these are the same."""
    ratio = codes_per_code(steps, domain)
    return codes if ratio == 1 else [code if is_open(code) else simple(Fraction(code) * ratio) for code in codes]


def in_extension(measure: Measure, steps: Steps, starts: Sequence[Any], stops: Sequence[Any], quick: Any) -> Any:
    """Give the answers of the extension, None if they are not its. O(m)."""
    divisor = None
    if measure.how in ("mean", "integral"):
        if steps.kind not in (INT, FLOAT) or measure.kind not in (INT, FLOAT) or measure.unit.numerator != 1:
            return None
        divisor = None if measure.kind is INT else measure.unit.denominator
    typecode = str(steps.points.format)  # type: ignore[union-attr]
    if typecode == "d" and measure.kind is INT and measure.how == "integral":
        return None  # zero everywhere, and over ints, although it comes from floats
    columns = [as_machine(codes, typecode) for codes in (starts, stops)]
    return None if columns[0] is None or columns[1] is None else quick(*columns, measure.how, divisor)


def digits_of_rows(measure: Measure, steps: Steps, starts: Sequence[Any], stops: Sequence[Any]) -> Iterable[int]:
    """Count the digits of the longest operand of each Decimal result that may have more than it has anyhow."""
    if not isinstance(measure.kind, values.Decimals):
        return repeat(values.PRECISION)
    each = Windows(steps.domain, steps.points, steps.kind, steps.levels, (), ())
    rows = zip(starts, stops, strict=True)
    return [digits(each._replace(starts=[start], stops=[stop]), measure.kind) for start, stop in rows]


def rounded_rows(
    kind: Kind, sums: Sequence[Any], denominators: Sequence[Any], factor: Fraction, places: Iterable[int]
) -> list[Any]:
    """Round each quotient times a factor once, to what its kind holds; OverflowError naming the row. O(m)."""
    if kind is FLOAT and set(map(type, chain(sums, denominators))) <= {int}:
        over, under = map(mul, sums, repeat(factor.numerator)), map(mul, denominators, repeat(factor.denominator))
        floats = list(map(rounded, over, under))
        if math.inf not in floats and -math.inf not in floats:
            return floats
    found: list[Any] = []
    try:
        for numerator, denominator, most in zip(sums, denominators, places, strict=False):
            found.append(values.give(Fraction(numerator) / denominator * factor, kind, most))
    except OverflowError as error:
        raise OverflowError(f"row {len(found)}: {error}") from None
    return found


def column(found: Sequence[Any], kind: Kind) -> Column[Any]:
    """Give computed numbers of a kind as a column."""
    return Column(code_column(found, kind.typecode))
