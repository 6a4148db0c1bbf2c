"""Pointwise functions of many collections: the maximum, the minimum and the exact sum of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, overload

from . import algebra
from .collection import IntervalCollection, operand
from .coordinates import quoted
from .operations import MAXIMUM, MINIMUM
from .steps import ZERO, Steps

if TYPE_CHECKING:
    from .interval import C, V
    from .parameters import Number, Operand, Side


@overload
def maximum(*collections: IntervalCollection[C, V]) -> IntervalCollection[C, V]: ...
@overload
def maximum(collections: Iterable[IntervalCollection[C, V]], /) -> IntervalCollection[C, V]: ...
@overload
def maximum(*collections: IntervalCollection[C, V] | int) -> IntervalCollection[C | float, V]: ...
@overload
def maximum(*collections: Operand[Any, Any] | Number) -> IntervalCollection[Any, Any]: ...
@overload
def maximum(collections: Iterable[Operand[Any, Any] | Number], /) -> IntervalCollection[Any, Any]: ...
def maximum(*collections: Any) -> IntervalCollection[Any, Any]:
    """Give the highest level at every point, of collections, Intervals and numbers. O(n log k) for k collections.

    They come as several arguments or as one iterable. Outside its coverage a collection is 0. ValueError for none,
    TypeError for anything else, naming the operand, and for what does not mix.

    >>> maximum(IntervalCollection([(1, 3, 2)]), IntervalCollection([(2, 4, -1)]), 1)
    IntervalCollection([(float('-inf'), 1, 1), (1, 3, 2), (3, float('inf'), 1)])
    """
    return IntervalCollection._of(algebra.extreme(_some("maximum", collections), MAXIMUM))


@overload
def minimum(*collections: IntervalCollection[C, V]) -> IntervalCollection[C, V]: ...
@overload
def minimum(collections: Iterable[IntervalCollection[C, V]], /) -> IntervalCollection[C, V]: ...
@overload
def minimum(*collections: IntervalCollection[C, V] | int) -> IntervalCollection[C | float, V]: ...
@overload
def minimum(*collections: Operand[Any, Any] | Number) -> IntervalCollection[Any, Any]: ...
@overload
def minimum(collections: Iterable[Operand[Any, Any] | Number], /) -> IntervalCollection[Any, Any]: ...
def minimum(*collections: Any) -> IntervalCollection[Any, Any]:
    """Give the lowest level at every point; otherwise as `maximum`.

    >>> minimum([IntervalCollection([(1, 3, 2)]), IntervalCollection([(2, 4, 1)])])
    IntervalCollection([(2, 3, 1)])
    """
    return IntervalCollection._of(algebra.extreme(_some("minimum", collections), MINIMUM))


@overload
def total(*collections: IntervalCollection[C, V]) -> IntervalCollection[C, V]: ...
@overload
def total(collections: Iterable[IntervalCollection[C, V]], /) -> IntervalCollection[C, V]: ...
@overload
def total(*collections: IntervalCollection[C, V] | int) -> IntervalCollection[C | float, V]: ...
@overload
def total(*collections: Operand[Any, Any] | Number) -> IntervalCollection[Any, Any]: ...
@overload
def total(collections: Iterable[Operand[Any, Any] | Number], /) -> IntervalCollection[Any, Any]: ...
def total(*collections: Any) -> IntervalCollection[Any, Any]:
    """Give the exact sum at every point, rounded once, of collections, Intervals and numbers. O(n log n).

    Adding them one after the other with `+` rounds floats each time; this does not. The sum of none is the zero
    function. Raises as `maximum` does, and OverflowError for a float level beyond the largest float.

    >>> tiny = [IntervalCollection([(0, 1, value)]) for value in (1e16, 1.0, -1e16)]
    >>> total(tiny)
    IntervalCollection([(0, 1, 1.0)])
    """
    return IntervalCollection._of(algebra.total(_operands(collections) or [ZERO]))


def _operands(collections: tuple[Any, ...]) -> list[Steps]:
    """Read several operands, or one iterable of them."""
    if len(collections) == 1 and operand(collections[0]) is None:
        if isinstance(collections[0], Mapping):
            raise TypeError("a mapping is no iterable of collections: pass its .values()")
        if isinstance(collections[0], str | bytes | bytearray) or not isinstance(collections[0], Iterable):
            raise TypeError(f"{quoted(collections[0])} is neither a collection nor an iterable of collections")
        collections = tuple(collections[0])
    found = []
    closed: Side = next((given.closed for given in collections if isinstance(given, IntervalCollection)), "left")
    for index, given in enumerate(collections):
        steps = operand(given, closed)
        if steps is None:
            raise TypeError(f"operand {index} is {quoted(given)}; it must be a collection, an Interval or a number")
        found.append(steps)
    return found


def _some(name: str, collections: tuple[Any, ...]) -> list[Steps]:
    """Read at least one operand."""
    found = _operands(collections)
    if not found:
        raise ValueError(f"of no collections there is no {name}")
    return found
