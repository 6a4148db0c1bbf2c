"""The merge: two step functions in, level by level an operation of both out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


def merge(
    a_points: Sequence[Any],
    a_levels: Sequence[Any],
    b_points: Sequence[Any],
    b_levels: Sequence[Any],
    operation: Callable[[Any, Any], Any],
) -> tuple[list[Any], list[Any]]:
    """Apply `operation` to both levels at every point; breakpoints of one domain. O(n + m).

    Gives one level more than breakpoints; neighbouring levels may be equal.
    """
    points = []
    levels = [operation(a_levels[0], b_levels[0])]
    i = j = 0
    while i < len(a_points) and j < len(b_points):
        x, y = a_points[i], b_points[j]
        if x < y:
            i += 1
        elif y < x:
            j += 1
            x = y
        else:
            i += 1
            j += 1
        points.append(x)
        levels.append(operation(a_levels[i], b_levels[j]))
    points += a_points[i:]
    points += b_points[j:]
    levels += [operation(level, b_levels[j]) for level in a_levels[i + 1 :]]
    levels += [operation(a_levels[-1], level) for level in b_levels[j + 1 :]]
    return points, levels
