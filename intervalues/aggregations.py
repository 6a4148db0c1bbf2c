"""Aggregations: what the values that cover a piece combine into. To add one, add a class here, and name it in `NAMED`.

Each gets checked machine columns and gives breakpoints and levels as the kernels do: breakpoints strictly increase,
neighbouring levels differ, and where nothing covers the level is the kind's zero.
"""

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import compress, islice
from operator import ne
from typing import Any, NamedTuple

from . import dispatch, sources, values
from .arrays import NAN, Coded
from .columns import Codes, code_column, objects
from .coordinates import quoted
from .kernels import sweep
from .kernels.exact import rounded, whole
from .kernels.merge import merge
from .operations import DIVIDE, NOT_EQUAL
from .steps import ZERO, Steps, of_lists
from .values import FLOAT, FRACTION, INT, ROWS, Decimals, Kind

Swept = tuple[Codes, Kind, Codes]


class Worth(NamedTuple):
    """Checked values: their kind, their codes as kernels add them, counted in `1 / grid`, and the values as given.

    Codes None are 1 each.
    """

    kind: Kind
    codes: Any
    grid: int
    given: Coded | list[Any] | None

    @property
    def in_floats(self) -> bool:
        """Whether the codes are machine floats."""
        return isinstance(self.codes, memoryview) and self.codes.format == "d"


class Aggregation:
    """What covering values combine into: by itself what the kernel of this name gives.

    `kernel` names the one whose levels `finished` turns into those of this aggregation, None if there is none.
    """

    name: str
    kernel: str | None
    needs_values = True

    def finished(self, steps: Steps) -> Steps:
        """Give the step function of what the kernel made."""
        return steps

    def sweep(self, starts: memoryview, stops: memoryview, worth: Worth, rows: Sequence[int]) -> Swept:
        """Combine columns; `rows` are the numbers of the rows that they hold."""
        points, levels = dispatch.combine(starts, stops, worth.codes, self.name)
        values.refuse_long_levels(worth.kind, levels)
        if worth.kind is FLOAT and not worth.in_floats:
            return canonical(points, FLOAT, values.floats(levels, worth.grid), starts)
        return points, worth.kind, tuple(map(Fraction, levels)) if worth.kind is FRACTION else levels


class Sum(Aggregation):
    """The sum."""

    name = "sum"
    kernel: str | None = "sum"


class Count(Aggregation):
    """How many cover, whatever they are worth."""

    name = "count"
    kernel: str | None = "count"
    needs_values = False


class Max(Aggregation):
    """The largest value."""

    name = "max"
    kernel: str | None = "max"


class Min(Aggregation):
    """The smallest value."""

    name = "min"
    kernel: str | None = "min"


class Presence(Aggregation):
    """1 where something covers, whatever it is worth."""

    name = "any"
    kernel: str | None = "count"
    needs_values = False

    def finished(self, steps: Steps) -> Steps:
        quick = presence(steps.points, steps.levels)
        if quick is not None:
            return steps._replace(points=quick[0], levels=quick[1])
        covered = list(map(int, map(bool, objects(steps.levels))))
        return of_lists(steps.domain, objects(steps.points), INT, covered, steps.closed)

    def sweep(self, starts: memoryview, stops: memoryview, worth: Worth, rows: Sequence[int]) -> Swept:
        points, levels = dispatch.combine(starts, stops, None, "count")
        quick = presence(points, levels)
        if quick is not None:
            return quick[0], INT, quick[1]
        return canonical(points, INT, list(map(int, map(bool, objects(levels)))), starts)


def presence(points: Codes, counts: Codes) -> tuple[Codes, Codes] | None:
    """Give 1 where a count is not zero, and the breakpoints of that; None if the extension cannot."""
    return dispatch.merge(points, counts, ZERO.points, ZERO.levels, NOT_EQUAL.name)


class Mean(Aggregation):
    """The exact sum over the count, rounded once."""

    name = "mean"
    kernel: str | None = None

    def sweep(self, starts: memoryview, stops: memoryview, worth: Worth, rows: Sequence[int]) -> Swept:
        codes, grid = worth.codes, worth.grid
        if worth.in_floats:
            numerators, grid = whole(objects(codes))
            codes = code_column(numerators, "q")
        kind = FLOAT if worth.kind is INT else worth.kind
        points, totals = dispatch.combine(starts, stops, codes, "sum")
        ends, counts = dispatch.combine(starts, stops, None, "count")
        if worth.kind is INT and (quick := dispatch.merge(points, totals, ends, counts, DIVIDE.name)) is not None:
            return quick[0], FLOAT, quick[1]
        found, pairs = merge(objects(points), objects(totals), objects(ends), objects(counts), lambda *pair: pair)
        if isinstance(kind, Decimals):
            ends, digits = longest(starts, stops, objects(codes))
            found, levels = merge(found, pairs, objects(ends), objects(digits), decimal_division(kind))
            kind = values.decimal_kind(levels)
            levels = list(map(kind.encode, levels))
        else:
            divided = division(kind, grid)
            levels = [divided(*pair) for pair in pairs]
        return canonical(found, kind, levels, starts)


def division(kind: Kind, grid: int) -> Callable[[Any, int], Any]:
    """Give the function that divides an exact sum of codes by a count, rounding once; 0 over 0 is 0."""
    if kind is FRACTION:
        return lambda total, count: Fraction(total) / (count or 1)

    def nearest(total: Any, count: int) -> float:
        numerator, denominator = total.as_integer_ratio()
        return rounded(numerator, denominator * grid * (count or 1))

    return nearest


def decimal_division(kind: Decimals) -> Callable[[tuple[int, int], int], Decimal]:
    """Give the same for Decimals, to 28 digits or so many as are given beside the sum and the count."""

    def divided(pair: tuple[int, int], digits: int) -> Decimal:
        return values.rounding_context(digits).divide(kind.decode(pair[0]), Decimal(pair[1] or 1))

    return divided


def longest(starts: memoryview, stops: memoryview, codes: Sequence[int]) -> tuple[Codes, Codes]:
    """Give how many digits the longest covering value has, zeros at its end aside; 0 everywhere if all are short."""
    if max(map(abs, codes), default=0) < 10**values.PRECISION:
        return (), (0,)
    digits = code_column(list(map(values.significant_digits, codes)), "q")
    return dispatch.combine(starts, stops, digits, "max")


class Rows(Aggregation):
    """The numbers of the rows that cover, a tuple in increasing order."""

    name = "rows"
    kernel: str | None = None
    needs_values = False

    def sweep(self, starts: memoryview, stops: memoryview, worth: Worth, rows: Sequence[int]) -> Swept:
        points, levels = sweep.gather(starts, stops, lambda found: tuple(map(rows.__getitem__, found)), ())
        return points, ROWS, tuple(levels)


class Function(Aggregation):
    """What a function of the caller's gives of the list of covering values, in the order of the rows."""

    name = "function"
    kernel: str | None = None

    def __init__(self, function: Callable[[list[Any]], Any]) -> None:
        self.function = function

    def sweep(self, starts: memoryview, stops: memoryview, worth: Worth, rows: Sequence[int]) -> Swept:
        numbers = as_given(worth, len(starts))

        def level_of(found: list[int]) -> Any:
            return finite_number(self.function([numbers[index] for index in found]), [rows[index] for index in found])

        points, levels = sweep.gather(starts, stops, level_of, 0)
        kind = values.kind_of_column(levels, lambda index: f"result {index} of how")
        if kind is FLOAT:
            return canonical(points, kind, values.floats(levels, 1), starts)
        return canonical(points, kind, objects(values.encode(levels, kind, str)), starts)


def as_given(worth: Worth, count: int) -> list[Any]:
    """Give values as they came, but floats on the grid of `digits`, and bools as ints."""
    if worth.given is None:
        return [1] * count
    numbers = [int(x) if type(x) is bool else x for x in sources.as_objects(worth.given)]
    if worth.grid == 1 and not isinstance(worth.codes, list):
        return numbers
    on_grid = zip(numbers, worth.codes, strict=True)
    return [values.floats([code], worth.grid)[0] if type(x) is float else x for x, code in on_grid]


def finite_number(result: Any, rows: Sequence[int]) -> Any:
    """Give what a caller's function returned as a plain number; raise, naming the rows that cover, if it is none."""
    number = sources.plain(result)
    if isinstance(number, bool):
        return int(number)
    if isinstance(number, values.NUMBER) and not (isinstance(number, float) and math.isinf(number)):
        return number
    named = f"row{'s' * (len(rows) > 1)} {', '.join(map(str, rows[:5]))}{', ...' * (len(rows) > 5)}"
    text = f"how gave {quoted(result)} of the values of {named}"
    if isinstance(number, float) or number is NAN:
        raise ValueError(f"{text}; it must be finite")
    raise TypeError(f"{text}; it must be a number")


def canonical(points: Codes | list[Any], kind: Kind, levels: Sequence[Any], ends: memoryview) -> Swept:
    """Store levels, leaving out breakpoints at which they stay, in columns like that of the ends."""
    differ = list(map(ne, levels, islice(levels, 1, None)))
    kept = compress(objects(points), differ), compress(levels, [True, *differ])
    return code_column(list(kept[0]), str(ends.format)), kind, code_column(list(kept[1]), kind.typecode)


NAMED = {own.name: own for own in (Sum(), Count(), Max(), Min(), Mean(), Presence(), Rows())}


def aggregation_of(how: Any) -> Aggregation | None:
    """Give the aggregation of this name, or that a function makes; None if there is none."""
    if isinstance(how, str):
        return NAMED.get(how)
    return Function(how) if callable(how) else None
