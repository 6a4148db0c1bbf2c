"""Coordinate domains: how a coordinate becomes a code that sorts and subtracts, and how it comes back.

A domain knows one family of coordinates. Codes of numbers are the numbers, codes of times are ticks (ints), codes of
Decimals are whole numbers on a common grid where those fit 64 bits. In all of them `inf` and `-inf` are the open ends.
"""

from __future__ import annotations

import datetime as dt
import math
import sys
from collections.abc import Mapping, Sequence, Set
from decimal import (
    MAX_EMAX,
    MAX_PREC,
    MIN_EMIN,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    InvalidOperation,
    Overflow,
)
from fractions import Fraction
from importlib import import_module
from itertools import filterfalse
from typing import Any

DAY = dt.timedelta(days=1)
MICROSECOND = dt.timedelta(microseconds=1)
MICRO, NANO = 10**6, 10**9  # ticks per second
EPOCH = dt.datetime(1970, 1, 1)
EPOCH_UTC = EPOCH.replace(tzinfo=dt.UTC)
EPOCH_DAY = dt.date(1970, 1, 1).toordinal()
FIRST_TICK, LAST_TICK = (dt.datetime.min - EPOCH) // MICROSECOND, (dt.datetime.max - EPOCH) // MICROSECOND
HALF = Fraction(1, 2)

# Exact whatever the ambient context says: no division is done in it.
EXACT = Context(
    prec=MAX_PREC, rounding=ROUND_HALF_EVEN, Emin=MIN_EMIN, Emax=MAX_EMAX, capitals=1, clamp=0, flags=[],
    traps=[InvalidOperation, Overflow],
)  # fmt: skip


def is_open(x: Any) -> bool:
    """Tell whether a coordinate is an open end."""
    return isinstance(x, float) and math.isinf(x)


def decimal_exponent(x: Decimal) -> int:
    """Give the exponent of a finite Decimal."""
    return int(x.as_tuple().exponent)


def decimal_exponents(column: Sequence[Decimal]) -> set[int]:
    """Give the exponents of finite Decimals, fast if they are few. O(n)."""
    found: set[int] = set()
    while column and len(found) < 16:  # passes
        found.add(decimal_exponent(column[0]))
        column = list(filterfalse(column[0].same_quantum, column))
    return found.union(map(decimal_exponent, column))


class Domain:
    """One family of coordinates. Domains with equal attributes are equal."""

    __slots__: tuple[str, ...] = ()
    name: str
    typecode = "q"  # of a machine column of its codes
    dtype: str | None = None  # of a machine column in NumPy, where that differs

    def encode(self, x: Any) -> Any:
        """Give the code of a coordinate of this family, exactly: perhaps one that no column of ours holds."""
        return x

    def decode(self, code: Any) -> Any:
        """Give the coordinate back."""
        return code

    @property
    def decoder(self) -> Any:
        """`decode`, or None where codes are the coordinates."""
        return self.decode

    def shown(self, code: Any) -> Any:
        """Give the coordinate back, open ends included."""
        return code if is_open(code) else self.decode(code)

    def canonical(self, code: Any) -> Any:
        """Give what decides equality and hash."""
        return self.decode(code)

    def step(self, step: Any) -> int:
        """Give a step between neighbouring coordinates in codes; TypeError where there is none."""
        raise TypeError(f"closed='both' and closed='neither' need whole steps, and {self.name} have none")

    def _key(self) -> tuple[Any, ...]:
        return tuple(getattr(self, slot) for slot in self.__slots__)

    def __eq__(self, other: object) -> bool:
        return self is other or (type(self) is type(other) and self._key() == other._key())


class Numbers(Domain):
    """int, float, Decimal or Fraction; ints mix with each of the others, those not with each other."""

    __slots__ = ("flavour",)

    def __init__(self, flavour: type) -> None:
        self.flavour: type = flavour

    @property
    def name(self) -> str:  # type: ignore[override]
        return f"{self.flavour.__name__}s"

    @property
    def typecode(self) -> str:  # type: ignore[override]
        return "d" if self.flavour is float else "q"

    @property
    def decoder(self) -> None:
        return None

    def step(self, step: Any) -> int:
        if self.flavour is not int:
            return super().step(step)
        if type(step) is not int:
            raise TypeError(f"step is {quoted(step)}; for ints it must be an int")
        return step


INTS, FLOATS = Numbers(int), Numbers(float)


class Decimals(Domain):
    """Decimals as whole numbers of `10**exponent`."""

    __slots__ = ("exponent",)

    def __init__(self, exponent: int) -> None:
        self.exponent: int = exponent

    name = "Decimals"
    flavour = Decimal

    def encode(self, x: Any) -> Any:
        exact = Decimal(x)
        if not exact:
            return 0
        magnitude = exact.adjusted() - self.exponent
        if magnitude >= 20:  # beyond every code of 64 bits: no need to write out its digits
            return 2**70 if exact > 0 else -(2**70)
        if magnitude < -1:
            return HALF if exact > 0 else -HALF
        scaled = exact.scaleb(-self.exponent, EXACT)
        below = int(scaled.to_integral_value(ROUND_FLOOR, EXACT))
        return below if below == scaled else below + HALF  # between two codes

    def decode(self, code: Any) -> Any:
        return Decimal(code).scaleb(self.exponent, EXACT)


class Dates(Domain):
    """`datetime.date`, in days since 1970."""

    __slots__ = ()
    name = "dates"
    dtype: str | None = "datetime64[D]"

    def encode(self, x: Any) -> Any:
        return x.toordinal() - EPOCH_DAY

    def decode(self, code: Any) -> Any:
        return dt.date.fromordinal(code + EPOCH_DAY)

    def length(self, ticks: Any) -> Any:
        """Give a difference of two codes as what `stop - start` gives."""
        return dt.timedelta(days=ticks)

    def canonical(self, code: Any) -> Any:
        return code

    def step(self, step: Any) -> int:
        days, rest = divmod(needed_timedelta(step), DAY)
        if rest:
            raise ValueError(f"step is {quoted(step)}; for dates it must be whole days")
        return days


class Timedeltas(Domain):
    """`datetime.timedelta`, in `unit` ticks per second."""

    __slots__ = ("unit",)
    name = "timedeltas"

    def __init__(self, unit: int) -> None:
        self.unit: int = unit

    @property
    def dtype(self) -> str:  # type: ignore[override]
        return "timedelta64[us]" if self.unit == MICRO else "timedelta64[ns]"

    def encode(self, x: Any) -> Any:
        return in_unit(*ticks_of_timedelta(x), self.unit)

    def decode(self, code: Any) -> Any:
        if self.unit == MICRO:
            return dt.timedelta(microseconds=code)
        pandas = sys.modules.get("pandas")
        return pandas.Timedelta(code, "ns") if pandas else import_module("numpy").timedelta64(code, "ns")

    def length(self, ticks: Any) -> Any:
        return self.decode(ticks)

    def canonical(self, code: Any) -> Any:
        return code * (NANO // self.unit)

    def step(self, step: Any) -> int:
        ticks = in_unit(*ticks_of_timedelta(needed_timedelta(step)), self.unit)
        if type(ticks) is not int:
            raise ValueError(f"step is {quoted(step)}, finer than these times, which are in microseconds")
        return ticks


class Datetimes(Domain):
    """`datetime.datetime`, in `unit` ticks per second since 1970: naive, or aware and shown in `zone`."""

    __slots__ = ("unit", "zone")

    def __init__(self, unit: int, zone: dt.tzinfo | None) -> None:
        self.unit: int = unit
        self.zone: dt.tzinfo | None = zone

    @property
    def name(self) -> str:  # type: ignore[override]
        return "naive datetimes" if self.zone is None else "aware datetimes"

    @property
    def dtype(self) -> str:  # type: ignore[override]
        return "datetime64[us]" if self.unit == MICRO else "datetime64[ns]"

    def encode(self, x: Any) -> Any:
        return in_unit(*ticks_of_datetime(x), self.unit)

    def decode(self, code: Any) -> Any:
        if self.unit == MICRO:
            if self.zone is None:
                return EPOCH + dt.timedelta(microseconds=code)
            return (EPOCH_UTC + dt.timedelta(microseconds=code)).astimezone(self.zone)
        pandas = sys.modules.get("pandas")
        if pandas is None and self.zone is None:
            return import_module("numpy").datetime64(code, "ns")
        instant = import_module("pandas").Timestamp(code, unit="ns")
        return instant if self.zone is None else instant.tz_localize("UTC").tz_convert(self.zone)

    def length(self, ticks: Any) -> Any:
        return Timedeltas(self.unit).decode(ticks)

    def canonical(self, code: Any) -> Any:
        return code * (NANO // self.unit)

    def step(self, step: Any) -> int:
        return Timedeltas(self.unit).step(step)


class Ordered(Domain):
    """Any other totally ordered type. There are no lengths."""

    __slots__ = ("type",)

    def __init__(self, type: type) -> None:
        self.type: Any = type

    @property
    def name(self) -> str:  # type: ignore[override]
        return f"objects of type {self.type.__name__}"

    @property
    def decoder(self) -> None:
        return None


def domain_of(x: Any) -> Domain:
    """Give the domain of one plain coordinate; TypeError where it cannot be one."""
    kind = type(x)
    if kind is int or kind is float or kind is Fraction:
        return Numbers(kind)
    if kind is Decimal:
        return Decimals(decimal_exponent(x))
    if isinstance(x, dt.datetime):
        return Datetimes(NANO if getattr(x, "unit", None) == "ns" else MICRO, x.tzinfo if is_aware(x) else None)
    if isinstance(x, dt.date):
        return Dates()
    if isinstance(x, dt.timedelta):
        return Timedeltas(NANO if getattr(x, "unit", None) == "ns" else MICRO)
    if kind.__module__ == "numpy" and kind.__name__ in ("datetime64", "timedelta64"):
        return Datetimes(NANO, None) if kind.__name__ == "datetime64" else Timedeltas(NANO)
    foreign = str(kind.__module__).startswith("numpy") and not isinstance(x, str | bytes)
    if foreign or isinstance(x, bool | complex | Set | Mapping) or kind.__lt__ is object.__lt__:  # type: ignore[operator]
        raise TypeError(f"{quoted(x)} is of type {kind.__name__}, which is no coordinate")
    return Ordered(kind)


def domain_of_times(name: str, zone: dt.tzinfo | None) -> Domain:
    """Give the domain of exact instances of a class of `datetime`."""
    if name == "datetime":
        return Datetimes(MICRO, zone)
    return Dates() if name == "date" else Timedeltas(MICRO)


def signature(x: Any) -> Any:
    """Give what decides `domain_of(x)`, cheaply."""
    kind = type(x)
    if kind is Decimal:
        return decimal_exponent(x)
    if isinstance(x, dt.datetime):
        return kind, id(x.tzinfo), getattr(x, "unit", None)  # not every zone can be hashed
    return (kind, getattr(x, "unit", None)) if isinstance(x, dt.timedelta) else kind


def join(a: Domain, b: Domain) -> Domain | None:
    """Give the domain that holds the coordinates of both, None if they do not mix."""
    if a == b:
        return a
    number = (Numbers, Decimals)
    if isinstance(a, Decimals) and isinstance(b, Decimals):
        return Decimals(min(a.exponent, b.exponent))
    if isinstance(a, number) and isinstance(b, number):
        if a.flavour is int or b.flavour is a.flavour:
            return Numbers(b.flavour)
        return Numbers(a.flavour) if b.flavour is int else None
    if isinstance(a, Timedeltas) and isinstance(b, Timedeltas):
        return Timedeltas(max(a.unit, b.unit))
    if isinstance(a, Datetimes) and isinstance(b, Datetimes) and (a.zone is None) == (b.zone is None):
        return Datetimes(max(a.unit, b.unit), a.zone if same_zone(a.zone, b.zone) else dt.UTC)
    if isinstance(a, Ordered) and isinstance(b, Ordered):
        if issubclass(b.type, a.type):
            return a
        return b if issubclass(a.type, b.type) else None
    return None


def comparable(a: Domain, b: Domain) -> bool:
    """Tell whether coordinates of two domains can be equal: numbers of all kinds can, even if they do not mix."""
    return join(a, b) is not None or (isinstance(a, Numbers | Decimals) and isinstance(b, Numbers | Decimals))


def same_zone(a: dt.tzinfo | None, b: dt.tzinfo | None) -> bool:
    """Tell whether two zones are one; pytz makes an object for each offset of a zone."""
    return a == b or getattr(a, "zone", a) == getattr(b, "zone", b)


def is_aware(x: dt.datetime) -> bool:
    """Tell whether a datetime is an instant, as Python's documentation defines it."""
    return x.tzinfo is not None and x.utcoffset() is not None


def ticks_of_datetime(x: Any) -> tuple[int, int]:
    """Give a datetime as exact ticks since 1970 and the ticks per second."""
    if not isinstance(x, dt.datetime):  # numpy.datetime64 in nanoseconds
        return int(x.astype("datetime64[ns]").view("int64")), NANO
    nanosecond = getattr(x, "nanosecond", None)
    if nanosecond is not None:  # pandas.Timestamp
        try:
            x = x.to_pydatetime(warn=False)  # type: ignore[attr-defined]
        except ValueError:
            raise OverflowError(f"{quoted(x)} is beyond what a datetime can hold") from None
    epoch = EPOCH_UTC if is_aware(x) else EPOCH
    ticks = (x if epoch is EPOCH_UTC else x.replace(tzinfo=None)) - epoch
    micros = (ticks.days * 86_400 + ticks.seconds) * MICRO + ticks.microseconds
    if not FIRST_TICK <= micros <= LAST_TICK:
        raise OverflowError(f"{quoted(x)} in UTC is beyond what a datetime can hold")
    return (micros * 1000 + nanosecond, NANO) if nanosecond else (micros, MICRO)


def ticks_of_timedelta(x: Any) -> tuple[int, int]:
    """Give a timedelta as exact ticks and the ticks per second."""
    if not isinstance(x, dt.timedelta):  # numpy.timedelta64 in nanoseconds
        return int(x.astype("timedelta64[ns]").view("int64")), NANO
    nanoseconds = getattr(x, "nanoseconds", 0)
    if abs(x.days) > dt.timedelta.max.days:  # pandas.Timedelta
        raise OverflowError(f"{quoted(x)} is beyond what a timedelta can hold")
    micros = (x.days * 86_400 + x.seconds) * MICRO + x.microseconds
    return (micros * 1000 + nanoseconds, NANO) if nanoseconds else (micros, MICRO)


def in_unit(ticks: int, unit: int, wanted: int) -> Any:
    """Give ticks of one unit in another, exactly."""
    if unit == wanted:
        return ticks
    return ticks * (wanted // unit) if wanted > unit else Fraction(ticks * wanted, unit)


def needed_timedelta(step: Any) -> dt.timedelta:
    """Give the step back if it is a timedelta."""
    if not isinstance(step, dt.timedelta):
        raise TypeError(f"step is {quoted(step)}; for times it must be a datetime.timedelta")
    return step


def quoted(x: Any) -> str:
    """Give a short repr for an error message, whatever the object does."""
    try:
        text = repr(x)
    except Exception:
        text = f"<an object of type {type(x).__name__}>"
    return text if len(text) <= 60 else f"{text[:50]}... ({len(text)} characters)"


Named = tuple[str, Sequence[Any]]


def domain_of_columns(columns: Sequence[Named], rows: Sequence[int]) -> Domain:
    """Give the one domain of named columns of plain coordinates. O(n)."""
    kinds: set[type] = set().union(*(map(type, column) for _, column in columns))
    if kinds <= {int}:
        return INTS
    if kinds == {float}:
        return FLOATS
    domain: Domain | None = None
    seen = set()
    for index, xs in enumerate(zip(*(column for _, column in columns), strict=True)):
        for x, (name, _) in zip(xs, columns, strict=True):
            sign = signature(x)
            if sign in seen or is_open(x):
                continue
            try:
                own = domain_of(x)
            except TypeError as error:
                raise TypeError(f"row {rows[index]}: {name} {error}") from None
            joined = own if domain is None else join(domain, own)
            if joined is None:
                before = "" if domain is None else domain.name
                raise TypeError(f"row {rows[index]}: {name} {quoted(x)} does not mix with {before} before it")
            domain = joined
            seen.add(sign)
    return FLOATS if domain is None else domain


def encode_columns(domain: Domain, columns: Sequence[Named], rows: Sequence[int]) -> tuple[Domain, list[Sequence[Any]]]:
    """Give the domain and the columns as its codes, `inf` for open ends. O(n).

    Decimals stay as they are if 64 bits are too few for their codes.
    """
    as_given = [column for _, column in columns]
    if isinstance(domain, Numbers | Ordered):
        return domain, as_given
    encoded: list[Sequence[Any]] = [encode_column(domain, name, column, rows) for name, column in columns]
    finite = (code for codes in encoded for code in codes if not is_open(code))
    if isinstance(domain, Decimals) and any(abs(code) > 2**63 for code in finite):
        return Numbers(domain.flavour), as_given
    return domain, encoded


def encode_column(domain: Domain, name: str, column: Sequence[Any], rows: Sequence[int]) -> list[Any]:
    """Give the codes of one column; OverflowError naming the row of what cannot be held exactly."""
    codes: list[Any] = []
    try:
        codes.extend(x if is_open(x) else encoded(domain, x) for x in column)
    except OverflowError as error:
        raise OverflowError(f"row {rows[len(codes)]}: {name} {error}") from None
    return codes


def encoded(domain: Domain, x: Any) -> Any:
    """Give the code of a coordinate; OverflowError if times as fine as the domain's cannot hold it."""
    code = domain.encode(x)
    if getattr(domain, "unit", MICRO) == NANO and not -(2**63) < code < 2**63:
        raise OverflowError(f"{quoted(x)} is beyond what 64 bits of nanoseconds hold")
    return code
