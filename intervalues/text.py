"""Text: how collections and sets show themselves."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import islice
from typing import Any

from .coordinates import quoted
from .interval import Interval
from .values import ROWS

SHOWN_IN_FULL = 10
SHOWN_OF_MORE = 3


def literal(x: Any) -> str:
    """Give a repr that evaluates back, open ends included."""
    return f"float({str(x)!r})" if isinstance(x, float) and math.isinf(x) else repr(x)


def abbreviated(whole: Any, row_of: Callable[[Interval], tuple[Any, ...]]) -> str:
    """Give the repr of a collection or set: up to ten rows it evaluates back, more are cut short.

    That of tuples of row numbers (`how="rows"`) does not: no rows have such values.
    """
    name = type(whole).__name__
    spelled = quoted if whole._steps.kind is ROWS else literal
    rows = [f"({', '.join(map(spelled, row_of(interval)))})" for interval in islice(whole, SHOWN_IN_FULL + 1)]
    if len(rows) > SHOWN_IN_FULL:
        rows[SHOWN_OF_MORE:] = ["..."]
    elif whole._steps.kind is not ROWS:
        return f"{name}([{', '.join(rows)}]{f', closed={whole.closed!r}' if whole.closed != 'left' else ''})"
    return f"<{name} of {len(whole):,} intervals: {', '.join(rows) or 'none'}>"
