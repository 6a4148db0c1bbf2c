"""Distributions: a step function as the density of a random coordinate, in SciPy."""

from __future__ import annotations

import datetime as dt
from typing import Any

from . import lengths
from .columns import objects
from .coordinates import Decimals, Numbers, Timedeltas, quoted
from .steps import Steps
from .values import refuse_rows


def histogram(steps: Steps, unit: Any) -> Any:
    """Give the `scipy.stats.rv_histogram` whose density has this shape. O(n)."""
    refuse_rows(steps.kind)
    domain: Any = steps.domain
    if not isinstance(domain, Numbers | Decimals | Timedeltas):
        raise TypeError(f"{domain.name} are no numbers: wrap('day') gives times of day, whose distribution SciPy knows")
    if isinstance(domain, Numbers | Decimals) and unit is not None:
        raise TypeError(f"unit is {quoted(unit)}; it is for times, and these are {domain.name}")
    if steps.levels[0] or steps.levels[-1]:
        raise ValueError("a level that is not zero reaches to infinity: there is no such density")
    if not len(steps.points):
        raise ValueError("a function that is zero everywhere is no density")
    levels = [float(level) for level in steps.kind.numbers(steps.levels)[1:-1]]
    if min(levels) < 0:
        raise ValueError(f"the level {min(levels)} is below zero: no density is")
    if isinstance(domain, Timedeltas):
        second = dt.timedelta(seconds=1) if unit is None else lengths.checked_unit(unit)
        ticks = lengths.simple(lengths.ticks_of(domain, second))
        edges = [float(code / ticks) for code in objects(steps.points)]
    else:
        edges = [float(domain.decode(code)) for code in objects(steps.points)]
    try:
        from scipy.stats import rv_histogram
    except ImportError as error:
        raise ImportError("to_scipy() needs SciPy: pip install intervalues[scipy]") from error
    return rv_histogram((levels, edges), density=True)
