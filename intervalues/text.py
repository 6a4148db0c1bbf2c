"""Text: how collections and sets show themselves."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import islice
from typing import Any

from .interval import Interval

SHOWN_IN_FULL = 10
SHOWN_OF_MORE = 3


def literal(x: Any) -> str:
    """Give a repr that evaluates back, open ends included."""
    return f"float({str(x)!r})" if isinstance(x, float) and math.isinf(x) else repr(x)


def abbreviated(whole: Any, row_of: Callable[[Interval], tuple[Any, ...]]) -> str:
    """Give the repr of a collection or set: up to ten rows it evaluates back, more are cut short."""
    name = type(whole).__name__
    rows = [f"({', '.join(map(literal, row_of(interval)))})" for interval in islice(whole, SHOWN_IN_FULL + 1)]
    if len(rows) > SHOWN_IN_FULL:
        return f"<{name} of {len(whole):,} intervals: {', '.join(rows[:SHOWN_OF_MORE])}, ...>"
    return f"{name}([{', '.join(rows)}]{f', closed={whole.closed!r}' if whole.closed != 'left' else ''})"
