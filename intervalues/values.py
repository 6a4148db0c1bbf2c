"""Value kinds: int, float, Fraction and Decimal; how they are stored, mixed, added and given back.

Levels of Decimals are stored as whole numbers on one grid, the finest of their column; the codes of the other kinds
are the numbers themselves.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation
from fractions import Fraction
from typing import Any

from . import coordinates
from .columns import Codes, code_column, machine, objects
from .coordinates import EXACT, Domain, decimal_exponent, quoted
from .kernels.exact import rounded
from .operations import DIVIDE, MAXIMUM, MINIMUM, MULTIPLY, ON_GRID, REGIONS, Operation

PRECISION = 28  # significant digits of a rounded Decimal, at least
MOST_DIGITS = 100_000  # of an exact Decimal sum
LARGEST_WHOLE = 2**53  # up to here every int is a float
MOST_PLACES = 18  # by which codes of 64 bits can move

Number = int | float | Fraction | Decimal
Function = Callable[[Any, Any], Any]
NUMBER = (int, float, Fraction, Decimal)
EXACT_SUM = Context(prec=MOST_DIGITS, Emin=EXACT.Emin, Emax=EXACT.Emax, traps=[Inexact, InvalidOperation])


class Kind:
    """A kind of number. `name` is its Python type's."""

    __slots__ = ("name", "typecode", "zero")

    def __init__(self, type: type, typecode: str) -> None:
        self.name: str = type.__name__
        self.zero = 0 if type is Decimal else type()  # its code
        self.typecode: str = typecode

    decoder: Callable[[Any], Any] | None = None

    def decode(self, code: Any) -> Any:
        """Give the number that a code stands for."""
        return code

    def numbers(self, codes: Codes) -> Sequence[Any]:
        """Give the numbers that codes stand for. O(n)."""
        plain = objects(codes)
        return plain if self.decoder is None else list(map(self.decoder, plain))


class Decimals(Kind):
    """Decimals on the grid of `10**exponent`."""

    __slots__ = ("exponent",)

    def __init__(self, exponent: int) -> None:
        super().__init__(Decimal, "q")
        self.exponent: int = exponent

    def decode(self, code: Any) -> Any:
        return Decimal(code).scaleb(self.exponent, EXACT)

    @property
    def decoder(self) -> Any:  # type: ignore[override]
        return self.decode

    def encode(self, number: Any) -> int:
        """Give a Decimal or int of this grid as its code; OverflowError if that has too many digits."""
        exact = Decimal(number)
        if exact and exact.adjusted() - self.exponent >= MOST_DIGITS:
            raise OverflowError(f"{quoted(number)} needs over {MOST_DIGITS:,} digits beside the other values")
        return int(exact.scaleb(-self.exponent, EXACT))


INT = Kind(int, "q")
FLOAT = Kind(float, "d")
FRACTION = Kind(Fraction, "q")
ROWS = Kind(tuple, "q")  # levels that are tuples of row numbers: stored, shown and compared, but not reckoned with
PLAIN_KINDS: dict[type, Kind] = {int: INT, float: FLOAT, Fraction: FRACTION, bool: INT}


def kind_of(number: Any) -> Kind:
    """Give the kind of one plain number."""
    kind = PLAIN_KINDS.get(type(number))
    return Decimals(decimal_exponent(number)) if kind is None else kind


def join(a: Kind, b: Kind) -> Kind:
    """Give the kind of numbers of both kinds together; TypeError if they do not mix."""
    refuse_rows(a)
    refuse_rows(b)
    if a is b or (b is INT and not isinstance(a, Decimals)):
        return a
    if a is INT and not isinstance(b, Decimals):
        return b
    if isinstance(a, Decimals) or isinstance(b, Decimals):
        if a is FLOAT or b is FLOAT or a is FRACTION or b is FRACTION:
            raise TypeError(f"values of type {a.name} do not mix with values of type {b.name}")
        return Decimals(min(getattr(a, "exponent", 0), getattr(b, "exponent", 0)))
    return FLOAT


def refuse_rows(kind: Kind) -> None:
    """Raise TypeError for levels that are no numbers."""
    if kind is ROWS:
        raise TypeError("the levels are tuples of row numbers (how='rows'), and this needs numbers")


def kind_of_column(values: Sequence[Any], name: Callable[[int], str]) -> Kind:
    """Give the kind of plain values together; an error names the row with `name(index)`. O(n)."""
    kind = INT
    seen = set()
    for index, value in enumerate(values):
        own = type(value)
        sign = decimal_exponent(value) if own is Decimal else own
        if sign in seen:
            continue
        if not isinstance(value, NUMBER):
            raise TypeError(f"{name(index)} is {quoted(value)}, of type {own.__name__}; it must be a number")
        seen.add(sign)
        try:
            kind = join(kind, kind_of(value)) if index or own is not Decimal else kind_of(value)
        except TypeError:
            before = f"values before it are of type {kind.name}"
            raise TypeError(f"{name(index)} is {quoted(value)}, of type {own.__name__}; {before}") from None
    return kind


def encode(values: Sequence[Any], kind: Kind, name: Callable[[int], str]) -> Codes | list[Any]:
    """Store plain finite values in the form that kernels add exactly: machine numbers, or ints and Fractions. O(n)."""
    if isinstance(kind, Decimals):
        codes: list[int] = []
        try:
            for value in values:
                codes.append(kind.encode(value))
        except OverflowError as error:
            raise OverflowError(f"{name(len(codes))} {error}") from None
        return code_column(codes, "q")
    if kind is FLOAT:
        if all(type(x) is float or (type(x) is int and -LARGEST_WHOLE <= x <= LARGEST_WHOLE) for x in values):
            return machine(values, "d")
        return list(map(Fraction, values))
    return code_column(list(map(Fraction if kind is FRACTION else int, values)), "q")


def floats(exact: Iterable[Any], grid: int) -> list[float]:
    """Give exact levels, counted in `1 / grid`, as the nearest floats; an infinity where there is none."""
    ratios = (level.as_integer_ratio() for level in exact)
    return [rounded(numerator, denominator * grid) for numerator, denominator in ratios]


def domain_of_levels(kind: Kind) -> Domain | None:
    """Give the domain whose codes levels of this kind are, None for Fractions."""
    if isinstance(kind, Decimals):
        return coordinates.Decimals(kind.exponent)
    return {INT: coordinates.INTS, FLOAT: coordinates.FLOATS}.get(kind)


def refuse_long_levels(kind: Kind, codes: Codes) -> None:
    """Raise OverflowError if a Decimal level has too many digits. O(n) where the machine is too small for them."""
    long = isinstance(kind, Decimals) and not isinstance(codes, memoryview)
    if long and Decimal(max(map(abs, codes))).adjusted() >= MOST_DIGITS:
        raise OverflowError(f"a level needs over {MOST_DIGITS:,} digits")


def column(numbers: Sequence[Any], kind: Kind) -> Codes:
    """Store levels of this kind, given as numbers. O(n)."""
    return code_column(list(map(kind.encode, numbers)) if isinstance(kind, Decimals) else numbers, kind.typecode)


def decimal_kind(numbers: Iterable[Decimal]) -> Decimals:
    """Give the kind of Decimals that were computed: the finest grid among them, zeros apart."""
    return Decimals(min((decimal_exponent(x) for x in numbers if x), default=0))


def context(*operands: Sequence[Any]) -> Context:
    """Give the context that rounds results of these Decimals: 28 digits, or as many as the longest operand has."""
    rounding = rounding_context(max((len(Decimal(x).as_tuple().digits) for xs in operands for x in xs), default=0))
    rounding.traps[DivisionByZero] = True
    return rounding


def significant_digits(x: Any) -> int:
    """Count the digits of an int, a Decimal or a decimal fraction, zeros at its end aside: whatever grid it lies on."""
    if isinstance(x, Fraction):
        x = int(x * 10 ** x.denominator.bit_length())  # as many places as leave a whole number, at least
    return len(bytes(Decimal(x).as_tuple().digits).rstrip(b"\0"))


def rounding_context(digits: int) -> Context:
    """Give a context that rounds half to even, to so many digits, but to no fewer than 28."""
    rounding = EXACT.copy()
    rounding.prec = max(PRECISION, digits)
    return rounding


def give(exact: Fraction | int, kind: Kind, digits: int = PRECISION) -> Any:
    """Round an exact result once, to what its kind holds; an int stays one only if it is whole."""
    if kind is INT:
        return int(exact)
    if kind is FRACTION:
        return Fraction(exact)
    numerator, denominator = exact.as_integer_ratio()
    if kind is FLOAT:
        nearest = rounded(numerator, denominator)
        if math.isinf(nearest):
            raise OverflowError("the result is beyond the largest float")
        return nearest
    return rounding_context(digits).divide(Decimal(numerator), Decimal(denominator))


def exact_difference(a: Decimal | int, b: Decimal | int) -> Decimal:
    """Give `a - b` whatever the ambient context; OverflowError if it needs too many digits."""
    try:
        return EXACT_SUM.subtract(Decimal(a), Decimal(b))
    except Inexact:
        raise OverflowError(f"the difference needs over {MOST_DIGITS:,} digits") from None


def near_floats(numbers: Sequence[Any]) -> list[Any]:
    """Give ints that are floats as such, so that arithmetic with floats is that of the machine. O(n)."""
    whole = -LARGEST_WHOLE, LARGEST_WHOLE
    return [float(x) if type(x) is int and whole[0] <= x <= whole[1] else x for x in numbers]


def operands(a: Kind, xs: Codes, b: Kind, ys: Codes, operation: Operation) -> tuple[Kind, Codes, Codes]:
    """Give the kind of an operation's results, and levels whose codes it turns into theirs, if the machine holds them.

    TypeError if the kinds do not mix. O(1), or O(n) for Decimals of different exponents.
    """
    kind = join(a, b)
    if isinstance(kind, Decimals):
        if operation is MULTIPLY:
            kind = Decimals(getattr(a, "exponent", 0) + getattr(b, "exponent", 0))
        else:
            xs, ys = regridded(a, xs, kind), regridded(b, ys, kind)
        if operation is DIVIDE or abs(kind.exponent) > MOST_DIGITS:
            xs = ys = ()  # not exact, or beyond what a Decimal can hold: only numbers tell
    if operation in REGIONS:
        return INT, xs, ys
    return (FLOAT if kind is INT and operation is DIVIDE else kind), xs, ys


def regridded(own: Kind, codes: Codes, kind: Decimals) -> Codes:
    """Give codes of ints or Decimals on a finer grid; none if the machine cannot hold them. O(1) on their own grid."""
    places = getattr(own, "exponent", 0) - kind.exponent
    if places == 0 or places > MOST_PLACES:
        return () if places else codes
    return code_column([code * 10**places for code in objects(codes)], "q")


def arithmetic(operation: Operation, a: Kind, b: Kind, xs: Sequence[Any], ys: Sequence[Any]) -> Function:
    """Give the function of two levels, out of `xs` and `ys`, whose result is rounded once, in the kind of both.

    Sums and differences of ints, Fractions and Decimals are exact. A float beyond the largest comes out infinite.
    """
    apply = operation.apply
    if operation in REGIONS:
        return lambda x, y: int(apply(x, y))
    kind = join(a, b)
    if isinstance(kind, Decimals):
        return decimal_arithmetic(operation, xs, ys)
    if operation is DIVIDE:
        kind, apply = (FLOAT if kind is INT else kind), divided
    if kind is not FLOAT:
        return apply

    def rounded_once(x: Any, y: Any) -> float:
        if type(x) is float and type(y) is float:
            return apply(x, y) + 0.0  # type: ignore[no-any-return]
        return rounded(*apply(Fraction(x), Fraction(y)).as_integer_ratio())

    return rounded_once


def decimal_arithmetic(operation: Operation, xs: Sequence[Any], ys: Sequence[Any]) -> Function:
    """Give the function of two levels of Decimals or ints, exact but for products and quotients."""
    if operation in (MAXIMUM, MINIMUM):
        return lambda x, y: operation.apply(Decimal(x), Decimal(y))
    method = getattr(EXACT_SUM if operation in ON_GRID else context(xs, ys), operation.name)
    if operation is DIVIDE:
        return lambda x, y: divided(Decimal(x), Decimal(y), method)
    return lambda x, y: method(Decimal(x), Decimal(y))


def divided(x: Any, y: Any, division: Function = operator.truediv) -> Any:
    """Divide; 0 over 0 is 0, since both are 0 outside coverage."""
    return division(x, y) if x or y else x
