# What public methods take, for checkers of types; docs/types.md tells more.

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, SupportsFloat, TypeAlias, TypedDict, TypeVar

from .collection import IntervalCollection
from .interval import C, Interval, V
from .region import IntervalSet

D = TypeVar("D")  # coordinates of another operand
W = TypeVar("W")  # values of another operand

# What is handed over comes out as one of these, also if it was of a class made from it: a bool comes out as an int,
# a number of NumPy as Python's. So these have constraints, and all else is Any.
P = TypeVar("P", int, float, Decimal, Fraction, dt.date, dt.datetime, dt.timedelta, str)  # coordinates
T = TypeVar("T", float, Decimal, Fraction, dt.date, dt.datetime, dt.timedelta, str)  # those of rows with open ends
N = TypeVar("N", int, float, Decimal, Fraction)  # values
M = TypeVar("M", Decimal, Fraction)  # values whose mean is of their own kind
G = TypeVar("G", int, str, dt.date, dt.datetime, str | None, int | None)  # keys

Time: TypeAlias = dt.date | dt.timedelta
Number: TypeAlias = SupportsFloat  # ints, floats, Decimals, Fractions, and the scalars of NumPy
Pairs: TypeAlias = Iterable[tuple[C, C]]
Triples: TypeAlias = Iterable[tuple[C, C, V]]
Rows: TypeAlias = Iterable[tuple[C, C] | tuple[C, C, V]]
Operand: TypeAlias = IntervalCollection[C, V] | Interval[C, V]
Inside: TypeAlias = IntervalSet[C] | Interval[C, Any] | tuple[C, C]  # what `within` and `where` take

Side: TypeAlias = Literal["left", "right"]
Closed: TypeAlias = Literal["left", "right", "both", "neither"]
Missing: TypeAlias = Literal["raise", "drop", "open"]
Step: TypeAlias = int | dt.timedelta | Literal["day", "week", "month"]  # of bins, that keeps the coordinates
Asked: TypeAlias = Literal["mean", "max", "min", "integral"]
Kept: TypeAlias = Literal["sum", "max", "min"]  # what combines values to one of their own kind
Counted: TypeAlias = Literal["count", "any"]
How: TypeAlias = Literal["sum", "count", "max", "min", "mean", "any", "rows"]

# The options of `combine_intervals`; of Reading, those that open no end.
class Reading(TypedDict, total=False):
    closed: Closed
    step: int | dt.timedelta | None
    digits: int | None
    missing: Literal["raise", "drop"]

class AnyReading(TypedDict, total=False):
    closed: Closed
    step: int | dt.timedelta | None
    digits: int | None
    missing: Missing
