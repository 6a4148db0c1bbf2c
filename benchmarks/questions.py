"""What is asked of finished functions: ours beside what one would write by hand with NumPy, staircase and runlength.

Each question is asked of the same functions, f and g, of about a million segments with integer coordinates and levels.
The answers are compared before anything is timed.
"""

from __future__ import annotations

import importlib.util
import pickle
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from turns import Contestant, figure, race, table
from workloads import valued

import intervalues as iv

MICRO, MILLI = 1e-6, 1e-3


class Reach(NamedTuple):
    """How long is good enough: so many seconds for a million, or so many times the idiom."""

    seconds: float | None = None
    times_idiom: float | None = None

    def __str__(self) -> str:
        if self.times_idiom is not None:
            return f"{self.times_idiom:g} times the idiom"
        return f"{self.seconds / MICRO:g} us" if self.seconds < MILLI else f"{self.seconds / MILLI:g} ms"


class Question(NamedTuple):
    """A question, and who answers it: `idiom` is NumPy by hand, which gives what `read` makes of our answer."""

    name: str
    reach: Reach
    ours: Callable[[], Any]
    idiom: Callable[[], Any] | None = None
    read: Callable[[Any], Any] = lambda answer: answer
    staircase: Callable[[], Any] | None = None
    runlength: Callable[[], Any] | None = None
    calls: int = 1  # made in a row, where one is too short to time


def columns(collection: iv.IntervalCollection) -> tuple[Any, Any]:
    """Give breakpoints and levels as arrays."""
    return np.asarray(collection.breakpoints), np.asarray(collection.levels)


def regions(region: iv.IntervalSet) -> tuple[Any, Any]:
    """Give starts and stops of bounded regions as arrays."""
    segments = region.segments()
    return np.asarray(segments.starts), np.asarray(segments.stops)


def merged(operation: Callable[[Any, Any], Any], f: tuple[Any, Any], g: tuple[Any, Any]) -> tuple[Any, Any]:
    """Merge two functions as one does with NumPy."""
    points = np.union1d(f[0], g[0])
    levels = operation(f[1][np.searchsorted(f[0], points, "right")], g[1][np.searchsorted(g[0], points, "right")])
    kept = np.append(levels[:1] != 0, levels[1:] != levels[:-1])
    return points[kept], np.append(0, levels[kept])


def where_at_least(k: int, f: tuple[Any, Any]) -> tuple[Any, Any]:
    """Give starts and stops of where a function is at least k."""
    mask = f[1] >= k
    edges = f[0][mask[1:] != mask[:-1]]
    return edges[::2], edges[1::2]


def window(start: int, stop: int, f: tuple[Any, Any]) -> tuple[Any, Any]:
    """Give a window of a function, zero outside."""
    first, last = np.searchsorted(f[0], start, "right"), np.searchsorted(f[0], stop, "left")
    points = np.concatenate([[start], f[0][first:last], [stop]])
    return points, np.concatenate([[0], f[1][first : last + 1], [0]])


def quantile(q: float, f: tuple[Any, Any]) -> Any:
    """Give the smallest level that holds, with all lower ones, for a share of the span."""
    order = np.argsort(f[1][1:-1], kind="stable")
    held = np.cumsum(np.diff(f[0])[order])
    return f[1][1:-1][order][np.searchsorted(held, q * held[-1])]


def largest(n: int, f: tuple[Any, Any]) -> Any:
    """Give the levels of the n highest segments."""
    return np.sort(np.partition(f[1], len(f[1]) - n)[-n:])[::-1]


def bin_means(edges: Any, f: tuple[Any, Any]) -> Any:
    """Give the mean in each bin: differences of the running integral."""
    running = np.append(0, np.cumsum(f[1][1:-1] * np.diff(f[0])))
    at = np.clip(edges, f[0][0], f[0][-1])
    index = np.clip(np.searchsorted(f[0], at, "right") - 1, 0, len(f[0]) - 2)
    return np.diff(running[index] + f[1][1:-1][index] * (at - f[0][index])) / np.diff(edges)


def questions(n: int) -> Iterator[Question]:
    """Ask everything of two functions of about n segments."""
    data, other = valued(n // 2), valued(n // 2)
    first = {"start": data.starts, "stop": data.stops, "value": data.values}
    second = {"start": other.starts + 37, "stop": other.stops + 41, "value": other.values[::-1].copy()}
    c, d = iv.combine_intervals(**first), iv.combine_intervals(**second)
    f, g = columns(c), columns(d)
    k = int(np.median(f[1]))
    low, high = int(f[0][len(f[0]) // 8]) + 1, int(f[0][-len(f[0]) // 8]) + 1
    edges = np.linspace(0, int(f[0][-1]) + 1, 1001).astype(int)
    xs = np.random.default_rng(3).integers(int(f[0][0]), int(f[0][-1]), n)
    in_order = np.sort(xs)
    some = xs[:1000].tolist()
    s, t = stairs(first), stairs(second)
    r, q = runs(first), runs(second)

    def look_up_all() -> None:
        for x in some:
            c[x]

    def bisect_all() -> None:
        for x in some:
            f[1][f[0].searchsorted(x, "right")]

    yield Question("`c[x]`", Reach(MICRO), look_up_all, bisect_all, calls=len(some))
    for name, queries, reach in (("random", xs, 25), ("sorted", in_order, 20)):
        yield Question(
            f"`c.at(xs)`, a million, {name}",
            Reach(reach * MILLI),
            lambda queries=queries: c.at(queries),
            lambda queries=queries: f[1][np.searchsorted(f[0], queries, "right")],
            np.asarray,
            lambda queries=queries: s(queries),
        )
    yield Question(
        "`f + g`", Reach(15 * MILLI), lambda: c + d, lambda: merged(np.add, f, g), columns, lambda: s + t, lambda: r + q
    )
    yield Question(
        "`f * g`",
        Reach(15 * MILLI),
        lambda: c * d,
        lambda: merged(np.multiply, f, g),
        columns,
        lambda: s * t,
        lambda: r * q,
    )
    yield Question(
        "`maximum(f, g)`", Reach(15 * MILLI), lambda: iv.maximum(c, d), lambda: merged(np.maximum, f, g), columns
    )
    yield Question(
        "`f * 2`", Reach(times_idiom=2), lambda: c * 2, lambda: (f[0], f[1] * 2), columns, lambda: s * 2, lambda: r * 2
    )
    yield Question(
        "`f >= k`",
        Reach(times_idiom=2),
        lambda: c >= k,
        lambda: where_at_least(k, f),
        regions,
        lambda: s >= k,
        lambda: r >= k,
    )
    yield Question(
        "`f[a:b]`, three quarters of it",
        Reach(times_idiom=2),
        lambda: c[low:high],
        lambda: window(low, high, f),
        columns,
        lambda: s.clip(low, high),
        lambda: r[low:high],
    )
    yield Question(
        "`integral()`",
        Reach(times_idiom=2),
        lambda: c.integral(),
        lambda: np.dot(f[1][1:-1], np.diff(f[0])),
        int,
        lambda: s.copy().integral(),
        lambda: r.sum(),
    )
    yield Question(
        "`mean()`",
        Reach(times_idiom=2),
        lambda: c.mean(),
        lambda: np.dot(f[1][1:-1], np.diff(f[0])) / (f[0][-1] - f[0][0]),
        float,
        lambda: s.copy().mean(),
        lambda: r.mean(),
    )
    yield Question(
        "`max()`",
        Reach(times_idiom=2),
        lambda: c.max(),
        lambda: f[1].max(),
        int,
        lambda: s.copy().max(),
        lambda: r.max(),
    )
    yield Question(
        "`median()`", Reach(5 * MILLI), lambda: c.median(), lambda: quantile(0.5, f), int, lambda: s.copy().median()
    )
    yield Question(
        "`nlargest(10)`",
        Reach(5 * MILLI),
        lambda: c.nlargest(10),
        lambda: largest(10, f),
        lambda found: [segment.value for segment in found],
    )
    yield Question(
        "a thousand bins of means",
        Reach(2 * MILLI),
        lambda: c.bin(edges),
        lambda: bin_means(edges, f),
        lambda bins: np.asarray(bins.values),
        None,
        lambda: r.slice_agg(edges[:-1], edges[1:], "mean"),
    )
    yield Question(
        "pickle and back",
        Reach(3 * MILLI),
        lambda: pickle.loads(pickle.dumps(c, 5)),
        lambda: pickle.loads(pickle.dumps(f, 5)),
        columns,
        lambda: pickle.loads(pickle.dumps(s, 5)),
    )


def size_of_pickle(n: int) -> float:
    """Give the bytes of a pickle for each breakpoint."""
    data = valued(n // 2)
    c = iv.combine_intervals(start=data.starts, stop=data.stops, value=data.values)
    return len(pickle.dumps(c)) / len(c.breakpoints)


def stairs(columns: dict[str, Any]) -> Any:
    """Make the same function in staircase, if that is installed."""
    if not is_installed("staircase"):
        return None
    import pandas as pd
    import staircase

    return staircase.Stairs(pd.DataFrame(columns), start="start", end="stop", value="value")


def runs(columns: dict[str, Any]) -> Any:
    """Make the same function in runlength, if that is installed."""
    if not is_installed("runlength"):
        return None
    import runlength

    return runlength.coverage(*columns.values())


OURS, IDIOM, STAIRCASE, RUNLENGTH = "ours", "NumPy by hand", "staircase", "runlength"


def asking(n: int, rounds: int, budget: float) -> str:
    """Ask everybody everything."""
    lines = []
    for question in questions(n):
        agree(question)
        known = {OURS: question.ours, IDIOM: question.idiom}
        known |= {STAIRCASE: question.staircase, RUNLENGTH: question.runlength}
        known = {who: answer for who, answer in known.items() if answer is not None and can_answer(who)}
        contestants = [Contestant(who, answer, None) for who, answer in known.items()]
        medians = {who: taken / question.calls for who, taken in race(contestants, rounds, budget).items()}
        reached = is_reached(question.reach, medians)
        shown = figure if question.calls == 1 else micro
        times = [shown(medians.get(who)) for who in (OURS, IDIOM, STAIRCASE, RUNLENGTH)]
        lines.append([question.name, *times, str(question.reach), "yes" if reached else "**no**"])
    head = ["question", "ours, ms", IDIOM, STAIRCASE, RUNLENGTH, "reach for a million", "met"]
    pickled = f"A pickle takes {size_of_pickle(n):.1f} bytes a segment, as do the columns themselves.\n"
    return f"### Questions to functions of {n:,} segments\n\n" + table(head, lines) + "\n" + pickled


def can_answer(who: str) -> bool:
    """Tell whether somebody takes part."""
    return who in (OURS, IDIOM) or is_installed(who)


def is_installed(library: str) -> bool:
    """Tell whether a library can be imported."""
    return importlib.util.find_spec(library) is not None


def micro(seconds: float | None) -> str:
    """Write a time that is too short for milliseconds."""
    return "" if seconds is None else f"{figure(seconds, 1e6)} us"


def agree(question: Question) -> None:
    """Compare our answer with the idiom's."""
    if question.idiom is None or question.calls > 1:
        return
    ours, theirs = question.read(question.ours()), question.idiom()
    both = zip(ours, theirs, strict=True) if isinstance(theirs, tuple) else [(ours, theirs)]
    if not all(np.allclose(np.asarray(x), np.asarray(y), rtol=1e-12, atol=0) for x, y in both):
        raise AssertionError(f"{question.name}: {ours!r} is not {theirs!r}")


def is_reached(reach: Reach, medians: dict[str, float]) -> bool:
    """Tell whether ours is fast enough."""
    limit = reach.seconds if reach.times_idiom is None else reach.times_idiom * medians[IDIOM]
    return medians[OURS] <= limit
