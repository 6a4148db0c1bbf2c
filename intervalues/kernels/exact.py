"""Exact arithmetic on floats: every finite float is a whole number over a power of two."""

from __future__ import annotations

import math
from collections.abc import Iterable


def whole(floats: Iterable[float]) -> tuple[list[int], int]:
    """Give `floats` as whole numbers over one common denominator, a power of two. O(n)."""
    ratios = [x.as_integer_ratio() for x in floats]
    denominator = max((ratio[1] for ratio in ratios), default=1)
    return [numerator * (denominator // own) for numerator, own in ratios], denominator


def rounded(numerator: int, denominator: int) -> float:
    """Give the float nearest to `numerator / denominator`, an infinity where no float is large enough.

    Dividing two ints in Python is correctly rounded, half to even, however large they are.
    """
    try:
        return numerator / denominator + 0.0  # what is too small is 0.0, never -0.0
    except OverflowError:
        return math.inf if numerator > 0 else -math.inf
