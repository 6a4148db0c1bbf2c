"""Statistics of a step function inside a region: exact sums over its pieces, rounded once."""

from __future__ import annotations

import heapq
import math
from bisect import bisect_left
from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import accumulate, compress
from typing import Any

from . import dispatch, lengths, sources, values, windows
from .algebra import combine, restricted
from .arrays import Missing
from .columns import code_column, objects
from .coordinates import INTS, quoted
from .kernels.exact import root
from .lengths import integral_kind, ratio_kind, refuse_lengthless
from .operations import EQUAL
from .steps import ZERO, Steps
from .values import FLOAT, INT
from .windows import Windows, inside


def integral(steps: Steps, within: Steps, unit: Any) -> Any:
    """Give the exact sum of level times length, rounded once."""
    seen = inside(steps, within)
    kind, ticks = integral_kind(steps.kind, seen.domain, unit)
    for level in filter(None, seen.outer):
        raise ValueError(f"the level {quoted(steps.kind.decode(level))} reaches to infinity, and so its integral")
    return values.give(windows.total(seen) / ticks, kind, windows.digits(seen, kind))


def mean(steps: Steps, within: Steps) -> Any:
    """Give the integral over the length, rounded once."""
    seen = measured(steps, within, "mean")
    kind = ratio_kind(steps.kind, seen.domain)
    seen = seen._replace(domain=INTS)  # units of length cancel
    return values.give(windows.total(seen) / windows.length(seen), kind, windows.digits(seen, kind))


def variance(steps: Steps, within: Steps) -> Any:
    """Give the exact population variance, rounded once."""
    seen = measured(steps, within, "variance")
    kind = ratio_kind(steps.kind, seen.domain)
    return values.give(exact_variance(seen), kind, windows.digits(seen, kind))


def deviation(steps: Steps, within: Steps) -> Any:
    """Give the root of the exact variance, rounded once: a Decimal of Decimals, else a float."""
    seen = measured(steps, within, "standard deviation")
    kind = ratio_kind(steps.kind, seen.domain)
    digits = max(values.PRECISION, windows.digits(seen, kind))
    if isinstance(kind, values.Decimals):
        return values.give(root(exact_variance(seen), digits, 10), kind, digits)
    return values.give(root(exact_variance(seen), 53, 2), FLOAT)


def exact_variance(seen: Windows) -> Fraction:
    """Give the mean of the squares less the square of the mean."""
    seen = seen._replace(domain=INTS)  # units of length cancel
    length = windows.length(seen)
    return windows.total(seen, 2) / length - (windows.total(seen) / length) ** 2


def measured(steps: Steps, within: Steps, name: str) -> Windows:
    """Look at a function inside a region that has a length; ValueError if that is zero or infinite."""
    seen = inside(steps, within)
    refuse_lengthless(seen.domain)
    refuse_empty(seen, name)
    if seen.outer:
        raise ValueError(f"over an unbounded window there is no {name}")
    return seen


def refuse_empty(seen: Windows, name: str) -> None:
    """Raise ValueError: over nothing there is no such statistic."""
    if not len(seen.starts) and not seen.outer:
        raise ValueError(f"over zero length there is no {name}")


def extreme(steps: Steps, within: Steps, which: Callable[..., Any]) -> Any:
    """Give the largest or smallest level, `which` being `max` or `min`, as a code."""
    seen = inside(steps, within)
    refuse_empty(seen, which.__name__)
    return which((*seen.outer, *windows.extremes(seen, which)))


def argextreme(steps: Steps, within: Steps, which: Callable[..., Any]) -> Steps:
    """Give the region where the level is the largest or smallest."""
    level = code_column([extreme(steps, within, which)], steps.kind.typecode)
    return restricted(combine(steps, ZERO._replace(kind=steps.kind, levels=level), EQUAL), within)


def quantiles(steps: Steps, within: Steps, q: Any) -> Any:
    """Give the smallest level that, with all lower ones, holds for at least q of the length; a list for many q."""
    wanted = [share(x) for x in q] if is_many(q) else [share(q)]
    held = windows.durations(measured(steps, within, "quantile"))
    levels, reached = list(held), list(accumulate(held.values()))
    found = [steps.kind.decode(levels[bisect_left(reached, x * reached[-1])]) for x in wanted]
    return found if is_many(q) else found[0]


def is_many(q: Any) -> bool:
    """Tell whether many quantiles are asked for."""
    return isinstance(q, Iterable) and not isinstance(q, str | bytes)


def share(q: Any) -> Fraction:
    """Give a share of the length as a Fraction, a float as the decimal that it prints."""
    number = sources.plain(q)
    if isinstance(number, Missing):
        raise ValueError(f"q {number}; it must be from 0 to 1")
    if not isinstance(number, values.NUMBER):
        raise TypeError(f"q is {quoted(q)}; it must be a number from 0 to 1, or many")
    if not 0 <= number <= 1:
        raise ValueError(f"q is {quoted(q)}; it must be from 0 to 1")
    lengths.refuse_long_decimals([number])
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


def distribution(steps: Steps, within: Steps) -> dict[Any, Any]:
    """Give for how long each level holds, zero included, by ascending level."""
    seen = inside(steps, within)
    refuse_lengthless(seen.domain)
    refuse_empty(seen, "distribution")
    held = windows.durations(seen) | dict.fromkeys(seen.outer, math.inf)
    digits = windows.digits(seen, lengths.integral_kind(INT, seen.domain, None)[0])
    decode = steps.kind.decode
    return {decode(level): lengths.shown(seen.domain, held[level], digits) for level in sorted(held)}


def mode(steps: Steps, within: Steps) -> Any:
    """Give the level that holds for longest, the lowest of several."""
    seen = inside(steps, within)
    refuse_lengthless(seen.domain)
    refuse_empty(seen, "mode")
    if seen.outer:
        return steps.kind.decode(min(seen.outer))
    held = windows.durations(seen)
    return steps.kind.decode(max(held, key=held.__getitem__))


def largest(steps: Steps, n: int) -> list[int]:
    """Give which levels are the n highest that are not zero, the earlier first of equal ones."""
    quick = dispatch.largest(steps.levels, n)
    if quick is not None:
        return quick
    levels = objects(steps.levels)
    return heapq.nlargest(n, compress(range(len(levels)), levels), key=levels.__getitem__)


def total_length(region: Steps) -> Any:
    """Give the length of a region as what `stop - start` gives, exact, rounded once; `inf` if it is unbounded."""
    seen = inside(region, region)
    if seen.outer:
        return math.inf
    refuse_lengthless(seen.domain)
    kind, _ = lengths.integral_kind(INT, seen.domain, None)
    return lengths.shown(seen.domain, windows.length(seen), windows.digits(seen, kind))
