"""Windows: a step function and the stretches in which it is looked at, with exact sums and extremes over them."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import compress, islice
from operator import eq, mul
from typing import Any, NamedTuple

from . import dispatch, values
from .columns import HIGHEST, LOWEST, Codes, machine
from .coordinates import Decimals, Domain, Numbers, is_open
from .dispatch import Columns
from .kernels.pieces import Pieces, pieces
from .lengths import numerators, power_of_ten
from .steps import Steps, bounds, common, recode
from .values import Kind


class Windows(NamedTuple):
    """A step function and bounded windows of it, `start < stop`, in codes of one domain.

    `outer` holds the levels, in codes, that hold without bound in windows that were cut down to the breakpoints.
    """

    domain: Domain
    points: Codes
    kind: Kind
    levels: Codes
    starts: Sequence[Any]
    stops: Sequence[Any]
    outer: tuple[Any, ...] = ()


def inside(steps: Steps, within: Steps) -> Windows:
    """Look at a step function inside a region; TypeError or ValueError if they do not mix. O(m)."""
    domain, _ = common(steps, within)
    points, ends = recode(steps, domain), recode(within, domain)
    if isinstance(domain, Decimals) and not all(isinstance(codes, memoryview) for codes in (points, ends)):
        domain = Numbers(domain.flavour)  # over 64 bits
        points, ends = recode(steps, domain), recode(within, domain)
    if len(ends) == 2 and not within.levels[0]:  # one bounded window
        return Windows(domain, points, steps.kind, steps.levels, ends[:1], ends[1:])
    starts, stops = (list(compress(side, within.levels)) for side in bounds(within._replace(points=ends)))
    outer = []
    for own, index in ((starts, 0), (stops, -1)):
        if own and is_open(own[index]):
            outer.append(steps.levels[index])
            own[index] = points[index] if len(points) else None
    if outer:
        kept = [None not in ends and ends[0] < ends[1] for ends in zip(starts, stops, strict=True)]
        starts, stops = list(compress(starts, kept)), list(compress(stops, kept))
    return Windows(domain, points, steps.kind, steps.levels, starts, stops, tuple(outer))


def machine_columns(windows: Windows) -> Columns | None:
    """Give breakpoints, levels and windows as machine columns of alike coordinates, None where they are none."""
    points, levels = windows.points, windows.levels
    if not isinstance(points, memoryview) or not isinstance(levels, memoryview):
        return None
    typecode = str(points.format)
    ends = [as_machine(codes, typecode) for codes in (windows.starts, windows.stops)]
    return None if ends[0] is None or ends[1] is None else (points, levels, ends[0], ends[1])


def as_machine(codes: Sequence[Any], typecode: str) -> memoryview | None:
    """Give coordinates as a machine column if it holds them exactly. O(n)."""
    if isinstance(codes, memoryview) and codes.format == typecode:
        return codes
    try:
        if typecode == "q" and codes and not LOWEST <= min(codes) <= max(codes) <= HIGHEST:
            return None  # an int made of a far Decimal takes minutes
        near = list(map(float if typecode == "d" else int, codes))
        return machine(near, typecode) if all(map(eq, near, codes)) else None
    except (TypeError, ValueError, OverflowError):
        return None


def cut(windows: Windows) -> Pieces:
    """Cut the function into its pieces in the windows. O(pieces)."""
    return pieces(windows.points, windows.levels, windows.starts, windows.stops)[0]


def total(windows: Windows, power: int = 1) -> Fraction:
    """Give the exact sum of level, to a power, times length. O(pieces)."""
    columns = machine_columns(windows)
    moments = None if columns is None else dispatch.moments(columns, power)
    if moments is None:
        starts, stops, levels = cut(windows)
        summed = exact_total(starts, stops, levels, power)
    else:
        summed = Fraction(moments[0], 2 ** moments[1])
    return summed * unit_of_codes(windows.domain) * unit_of_codes(windows.kind) ** power


def length(windows: Windows) -> Fraction:
    """Give the exact sum of the lengths, in numbers or ticks of time. O(m)."""
    ones = [1] * len(windows.starts)
    return exact_total(windows.starts, windows.stops, ones) * unit_of_codes(windows.domain)


def exact_total(starts: Sequence[Any], stops: Sequence[Any], levels: Sequence[Any], power: int = 1) -> Fraction:
    """Give the exact sum of level, to a power, times length, in codes. O(n)."""
    (first, first_scale), (last, last_scale), (worth, scale) = map(numerators, (starts, stops, levels))
    if power == 2:
        worth, scale = list(map(mul, worth, worth)), scale * scale
    up, down = sum(map(mul, last, worth)), sum(map(mul, first, worth))
    return Fraction(up, last_scale * scale) - Fraction(down, first_scale * scale)


def unit_of_codes(grid: Domain | Kind) -> Fraction:
    """Give what a code of 1 is worth, 1 but for Decimals."""
    return power_of_ten(getattr(grid, "exponent", 0))


def digits(windows: Windows, kind: Kind) -> int:
    """Count the digits of the longest operand of a Decimal result, if there may be more than it has anyhow."""
    if not isinstance(kind, values.Decimals) or machine_columns(windows) is not None:
        return values.PRECISION
    return max((values.significant_digits(x) for column in cut(windows) for x in column), default=0)


def extremes(windows: Windows, which: Callable[..., Any]) -> Codes | list[Any]:
    """Give the code of the largest or smallest level in each window, `which` being `max` or `min`. O(pieces)."""
    columns = machine_columns(windows)
    quick = None if columns is None else dispatch.summarize(columns, which.__name__)
    if quick is not None:
        return quick
    found, counts = pieces(windows.points, windows.levels, windows.starts, windows.stops)
    levels = iter(found.levels)
    return [which(islice(levels, count)) for count in counts]


def durations(windows: Windows) -> dict[Any, Any]:
    """Give for how long each level holds in the windows, exactly, by its code, ascending. O(n log n)."""
    columns = machine_columns(windows)
    quick = None if columns is None else dispatch.distribution(columns)
    lengths: dict[Any, Any] = {}
    if quick is not None:
        denominator = 2 ** quick[2]
        lengths = dict(zip(*quick[:2], strict=True))
    else:
        starts, stops, levels = cut(windows)
        ends, denominator = numerators([*starts, *stops])
        for level, start, stop in zip(levels, ends, ends[len(starts) :], strict=False):
            lengths[level] = lengths.get(level, 0) + stop - start
        lengths = {level: lengths[level] for level in sorted(lengths)}
    unit = unit_of_codes(windows.domain) / denominator
    return lengths if unit == 1 else {level: length * unit for level, length in lengths.items()}
