"""The one representation: a step function as breakpoints b0 < b1 < ... and one more level than there are of them.

`levels[i]` holds from `points[i - 1]` to `points[i]`; the outer two reach to infinity, so that no open end is stored.
Both columns hold codes: the domain and the kind tell what they stand for.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, compress, pairwise
from operator import countOf, eq
from typing import Any, NamedTuple

from . import dispatch
from .columns import BLOCK, Codes, Column, Segments, code_column, in_blocks, interval_of, objects
from .coordinates import INTS, Decimals, Domain, Numbers, comparable, encoded, is_open, join, quoted
from .interval import Interval
from .values import FLOAT, INT, Kind

SIDES = ("left", "right")


class Steps(NamedTuple):
    """A step function in columns; `closed` is the side on which its intervals are closed.

    Machine columns are read-only, and of the type code of their domain or kind.
    """

    domain: Domain
    points: Codes
    kind: Kind
    levels: Codes
    closed: str


ZERO = Steps(INTS, memoryview(b"").cast("q"), INT, memoryview(bytes(8)).cast("q"), "left")


def of_lists(domain: Domain, points: Sequence[Any], kind: Kind, levels: Sequence[Any], closed: str) -> Steps:
    """Store breakpoints and level codes, leaving out breakpoints at which the level stays. O(n)."""
    kept = [True, *(before != after for before, after in pairwise(levels))]
    if not all(kept):
        points, levels = list(compress(points, kept[1:])), list(compress(levels, kept))
    if kind is FLOAT:
        refuse_infinite(domain, points, levels)
    return Steps(domain, code_column(points, domain.typecode), kind, code_column(levels, kind.typecode), closed)


def refuse_infinite(domain: Domain, points: Codes | Sequence[Any], levels: Codes | Sequence[Any]) -> None:
    """Raise OverflowError, naming the segment, if a level is beyond the largest float."""
    for index, level in enumerate(levels):
        if math.isinf(level):
            start = points[index - 1] if index else -math.inf
            stop = points[index] if index < len(points) else math.inf
            where = f"[{quoted(domain.shown(start))}, {quoted(domain.shown(stop))})"
            raise OverflowError(f"the level on {where} is beyond the largest float")


def joint(a: Steps, b: Steps) -> tuple[Domain, Codes, Codes, str]:
    """Give one domain and side, and the breakpoints of both as codes in it.

    TypeError or ValueError if the two do not mix; what has no breakpoints mixes with everything.
    """
    domain, closed = common(a, b)
    if not len(a.points) or not len(b.points):
        return domain, a.points, b.points, closed
    first, second = recode(a, domain), recode(b, domain)
    in_machine = isinstance(first, memoryview) and isinstance(second, memoryview)
    if isinstance(domain, Decimals) and not in_machine:  # over 64 bits
        domain = Numbers(domain.flavour)
        first, second = recode(a, domain), recode(b, domain)
    if isinstance(domain, Numbers) and not (in_machine and first.format == second.format):  # type: ignore[union-attr]
        first, second = with_ints_shown(first, second)
    return domain, first, second, closed


def common(a: Steps, b: Steps) -> tuple[Domain, str]:
    """Give the one domain and side of two functions; TypeError or ValueError if they do not mix."""
    if not len(b.points) or not len(a.points):
        chosen = a if len(a.points) or not len(b.points) else b
        return chosen.domain, chosen.closed
    if a.closed != b.closed:
        raise ValueError(f"a collection closed on the {a.closed} does not mix with one closed on the {b.closed}")
    domain = join(a.domain, b.domain)
    if domain is None:
        raise TypeError(f"{a.domain.name} do not mix with {b.domain.name} as coordinates")
    return domain, a.closed


def with_ints_shown(a: Codes, b: Codes) -> tuple[Codes, Codes]:
    """Show numbers of both columns that are equal alike: as ints if one of them is. O(n)."""
    ints = {x: x for x in chain(objects(a), objects(b)) if type(x) is int}
    return tuple(ints.get(x, x) for x in objects(a)), tuple(ints.get(x, x) for x in objects(b))


def recode(steps: Steps, domain: Domain) -> Codes:
    """Give the breakpoints as codes of another domain that holds them. O(1) where these are the same codes."""
    own = steps.domain
    if own == domain or getattr(own, "unit", None) == getattr(domain, "unit", 0):
        return steps.points  # only the shown zone differs, if anything
    if isinstance(own, Numbers) and isinstance(domain, Numbers):
        return steps.points
    if isinstance(domain, Numbers):
        return tuple(map(own.decode, objects(steps.points)))
    return code_column([encoded(domain, own.decode(code)) for code in objects(steps.points)], domain.typecode)


def position(steps: Steps, code: Any, right: bool) -> int:
    """Count the breakpoints left of `code`, itself included if the level right of it is asked. O(log n)."""
    found = dispatch.position(steps.points, code, right)
    if found is not None:
        return found
    if is_open(code):
        return 0 if code < 0 else len(steps.points)
    return bisect_right(steps.points, code) if right else bisect_left(steps.points, code)


def level_index(steps: Steps, code: Any) -> int:
    """Find the level that holds at `code`. O(log n)."""
    return position(steps, code, steps.closed == "left")


def bounds(steps: Steps) -> tuple[Iterator[Any], Iterator[Any]]:
    """Iterate over the codes at which levels start, and at which they stop."""
    points = objects(steps.points)
    return chain((-math.inf,), points), chain(points, (math.inf,))


def segments(steps: Steps) -> Segments[Any, Any]:
    """Give the runs of non-zero level as columns. O(n)."""
    quick = dispatch.segments(steps.points, steps.levels)
    if quick is not None:
        starts: Column[Any]
        stops: Column[Any]
        first, last, kept_levels = quick
        starts, stops = (Column(codes, steps.domain.decoder, steps.domain.dtype) for codes in (first, last))
        return Segments(starts, stops, Column(kept_levels, steps.kind.decoder))
    levels = objects(steps.levels)
    starts, stops = (_ends(steps.domain, list(compress(ends, levels))) for ends in bounds(steps))
    kept = code_column([level for level in levels if level], steps.kind.typecode)
    return Segments(starts, stops, Column(kept, steps.kind.decoder))


def count_segments(steps: Steps) -> int:
    """Count the runs of non-zero level. O(n)."""
    quick = dispatch.count_segments(steps.levels)
    return len(steps.levels) - countOf(in_blocks(steps.levels), steps.kind.zero) if quick is None else quick


def _ends(domain: Domain, codes: list[Any]) -> Column[Any]:
    stored = code_column(codes, domain.typecode)
    if isinstance(stored, memoryview):
        return Column(stored, domain.decoder, domain.dtype)
    return Column(stored, None if domain.decoder is None else domain.shown)


def segment(steps: Steps, index: int) -> Interval[Any, Any]:
    """Give the piece that has the level of this index. O(1)."""
    start = steps.domain.decode(steps.points[index - 1]) if index else -math.inf
    stop = steps.domain.decode(steps.points[index]) if index < len(steps.points) else math.inf
    return Interval(start, stop, steps.kind.decode(steps.levels[index]))


def intervals(steps: Steps, backwards: bool = False) -> Iterator[Interval[Any, Any]]:
    """Iterate over the segments; only a block of them at once is made."""
    firsts = range(0, len(steps.levels), BLOCK)
    if backwards:
        return chain.from_iterable(reversed(list(_intervals(steps, first))) for first in reversed(firsts))
    return chain.from_iterable(_intervals(steps, first) for first in firsts)


def _intervals(steps: Steps, first: int) -> Iterator[Interval[Any, Any]]:
    """Give those of the segments whose level is in the block of levels that begins with `first`."""
    last = first + BLOCK
    ends = decoded(steps.points[max(first - 1, 0) : last], steps.domain.decoder)
    if first == 0:
        ends.insert(0, -math.inf)
    if last > len(steps.points):
        ends.append(math.inf)
    levels = objects(steps.levels[first:last])
    shown = decoded(list(filter(None, levels)), steps.kind.decoder)
    return map(interval_of, zip(compress(ends, levels), compress(ends[1:], levels), shown, strict=True))


def decoded(codes: Codes | list[Any], decode: Callable[[Any], Any] | None) -> list[Any]:
    """Give what codes stand for, as a list of its own."""
    return list(objects(codes) if decode is None else map(decode, objects(codes)))


def span(steps: Steps) -> Interval[Any, Any] | None:
    """Give the interval from the first to the last breakpoint, open where the outer level is not zero."""
    if not len(steps.points):
        return None
    start = -math.inf if steps.levels[0] else steps.domain.decode(steps.points[0])
    stop = math.inf if steps.levels[-1] else steps.domain.decode(steps.points[-1])
    return Interval(start, stop)


def same(a: Steps, b: Steps) -> bool:
    """Tell whether both are the same function. O(n)."""
    if len(a.points) != len(b.points):
        return False
    if len(a.points) and (a.closed != b.closed or not comparable(a.domain, b.domain)):
        return False
    if a.domain == b.domain and isinstance(a.points, memoryview) and isinstance(b.points, memoryview):
        if a.points != b.points:
            return False
    elif not all(map(eq, map(a.domain.canonical, a.points), map(b.domain.canonical, b.points))):
        return False
    in_machine = isinstance(a.levels, memoryview) and isinstance(b.levels, memoryview)
    if in_machine and (a.kind is b.kind or getattr(a.kind, "exponent", None) == getattr(b.kind, "exponent", 0)):
        return a.levels == b.levels
    return all(map(eq, a.kind.numbers(a.levels), b.kind.numbers(b.levels)))


def digest(steps: Steps) -> int:
    """Give a hash that agrees with `same`. O(n)."""
    levels = tuple(steps.kind.numbers(steps.levels))
    if not len(steps.points):
        return hash(levels)
    return hash((tuple(map(steps.domain.canonical, objects(steps.points))), levels, steps.closed))
