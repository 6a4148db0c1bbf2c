"""Exact arithmetic on floats: every finite float is a whole number over a power of two."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import repeat
from operator import truediv


def whole(floats: Sequence[float]) -> tuple[list[int], int]:
    """Give `floats` as whole numbers over one common denominator, a power of two. O(n)."""
    smallest = min(filter(None, map(abs, floats)), default=1.0)
    places = max(0, 53 - math.frexp(smallest)[1])  # of the last bit of the smallest: no other has a lower one
    try:
        scale = math.ldexp(1.0, places)
        return [int(x * scale) for x in floats], 2**places
    except OverflowError:  # the scale, or a product, is beyond the largest float
        ratios = [x.as_integer_ratio() for x in floats]
        return [numerator * (2**places // own) for numerator, own in ratios], 2**places


def rounded(numerator: int, denominator: int) -> float:
    """Give the float nearest to `numerator / denominator`, an infinity where no float is large enough.

    Dividing two ints in Python is correctly rounded, half to even, however large they are.
    """
    try:
        return numerator / denominator + 0.0  # what is too small is 0.0, never -0.0
    except OverflowError:
        return math.inf if numerator > 0 else -math.inf


def all_rounded(numerators: Sequence[int], denominator: int) -> list[float]:
    """Give `rounded` of each numerator. O(n)."""
    try:
        return [x + 0.0 for x in map(truediv, numerators, repeat(denominator))]
    except OverflowError:
        return [rounded(numerator, denominator) for numerator in numerators]


def root(square: Fraction, digits: int, base: int) -> Fraction:
    """Give a number that rounds, to at most so many digits in a base, as the root of `square` does."""
    bits = square.numerator.bit_length() - square.denominator.bit_length()
    places = digits + 2 - int(bits / 2 / math.log2(base))
    scaled = square * Fraction(base) ** (2 * places)
    whole = math.isqrt(scaled.numerator // scaled.denominator)
    # One more digit stands for all that follow, so that no tie is made or broken.
    return (whole * base + (whole * whole != scaled)) / Fraction(base) ** (places + 1)
