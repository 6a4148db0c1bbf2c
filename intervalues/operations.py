"""Operations: what merges of step functions are parametrised by, each a function of both levels."""

import operator
from collections.abc import Callable
from typing import Any, NamedTuple


class Operation(NamedTuple):
    """An operation of two levels: its `name` in the extension, and the function of two exact numbers that it is."""

    name: str
    apply: Callable[[Any, Any], Any]


ADD = Operation("add", operator.add)
SUBTRACT = Operation("subtract", operator.sub)
MULTIPLY = Operation("multiply", operator.mul)
DIVIDE = Operation("divide", operator.truediv)
MAXIMUM = Operation("maximum", max)
MINIMUM = Operation("minimum", min)

# These tell where something holds: 1 or 0.
ABOVE = Operation("gt", operator.gt)
AT_LEAST = Operation("ge", operator.ge)
BELOW = Operation("lt", operator.lt)
AT_MOST = Operation("le", operator.le)
EQUAL = Operation("eq", operator.eq)
NOT_EQUAL = Operation("ne", operator.ne)

# These take levels 0 and 1 of regions.
OR = Operation("or", operator.or_)
AND = Operation("and", operator.and_)
XOR = Operation("xor", operator.xor)
WITHOUT = Operation("without", lambda x, y: x & (1 - y))

ON_GRID = frozenset((ADD, SUBTRACT, MAXIMUM, MINIMUM))  # of Decimals: results lie on the finer grid of both operands
REGIONS = frozenset((ABOVE, AT_LEAST, BELOW, AT_MOST, EQUAL, NOT_EQUAL, OR, AND, XOR, WITHOUT))
