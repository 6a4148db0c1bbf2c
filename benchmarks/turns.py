"""Contestants that take turns, and tables of how long they took."""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from exact import Answer


class Contestant:
    """Somebody who combines one workload: `run` gives seconds, `answer` what came out."""

    def __init__(self, name: str, combine: Callable[[], Any], read: Callable[[Any], Answer] | None) -> None:
        self.name, self._combine, self._read = name, combine, read

    def run(self) -> float:
        before = time.perf_counter()
        result = self._combine()
        taken = time.perf_counter() - before
        del result
        return taken

    def answer(self) -> Answer | None:
        result = self._combine()
        return None if self._read is None else self._read(result)


def race(contestants: Iterable[Contestant], rounds: int, budget: float) -> dict[str, float]:
    """Let all take turns, and give the median seconds of each; who has used up the budget drops out.

    Each round has another order: caches are left to whom comes next as somebody else needed them.
    """
    gc.collect()
    gc.freeze()
    gc.disable()
    order = list(contestants)
    times: dict[str, list[float]] = {contestant.name: [] for contestant in order}
    shuffle = random.Random(1).shuffle
    for _ in range(rounds):
        shuffle(order)
        for contestant in order:
            taken = times[contestant.name]
            if sum(taken) < budget:
                taken.append(contestant.run())
    gc.enable()
    gc.unfreeze()
    return {name: statistics.median(taken) for name, taken in times.items()}


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Write a table in Markdown."""
    ruled = [head, ["---", *("--:" for _ in head[1:])], *lines]
    return "\n".join("| " + " | ".join(line) + " |" for line in ruled) + "\n"


def figure(seconds: float | None, unit: float = 1e3) -> str:
    """Write a time, in milliseconds if not told otherwise, with three digits."""
    if seconds is None:
        return ""
    number = seconds * unit
    return f"{number:,.0f}" if number >= 99.95 else f"{number:.{2 if number < 9.995 else 1}f}"
