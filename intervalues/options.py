"""The options of `combine_intervals`: their choices, their defaults, and the checks of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from .aggregations import NAMED, Aggregation, aggregation_of
from .columns import HIGHEST
from .coordinates import quoted
from .interval import Interval
from .steps import SIDES

HOWS = tuple(NAMED)
CLOSED = (*SIDES, "both", "neither")
MISSING = ("raise", "drop", "open")


class Options:
    """How to read and combine, checked when it is made; see `combine_intervals`.

    `names` are those of the columns, in error messages. `side` is the one on which the result is closed, and
    `steps` is what is added to whole starts and stops, None where no machine integer can be. `how` becomes an
    `aggregation`, and `kernel` names the kernel that makes it, None if that takes more than one.
    """

    __slots__ = ("aggregation", "closed", "digits", "how", "kernel", "missing", "names", "side", "step", "steps")

    def __init__(
        self,
        how: Any = "sum",
        closed: str = "left",
        step: Any = None,
        digits: int | None = None,
        missing: str = "raise",
        names: tuple[str, str, str] = Interval._fields,
    ) -> None:
        aggregation = aggregation_of(how)
        if aggregation is None:
            raise no_choice("how", how, (*HOWS, "a function of the covering values"))
        if not isinstance(closed, str) or closed not in CLOSED:
            raise no_choice("closed", closed, CLOSED)
        if not isinstance(missing, str) or missing not in MISSING:
            raise no_choice("missing", missing, MISSING)
        if (step is None) != (closed in SIDES):
            raise ValueError("step goes with closed='both' and closed='neither', which need it: an int, or a timedelta")
        self.steps: tuple[int, int] | None = (0, 0) if step is None else whole_steps(closed, step)
        if digits is not None:
            check_digits(digits)
        self.how: Any = how
        self.aggregation: Aggregation = aggregation
        self.kernel: str | None = aggregation.kernel
        self.closed = closed
        self.step: Any = step
        self.digits: int | None = digits
        self.missing = missing
        self.names: tuple[str, str, str] = names
        self.side = closed if step is None else "left"

    @property
    def plain(self) -> bool:
        """Whether combining what is combined already changes nothing."""
        return self.how == "sum" and self.step is None and self.digits is None and self.missing == "raise"


def check_side(closed: str) -> None:
    """Raise ValueError unless `closed` is a side, where no step makes one of "both" and "neither"."""
    if not isinstance(closed, str) or closed not in SIDES:
        raise no_choice("closed", closed, SIDES)


def no_choice(name: str, given: Any, choices: tuple[str, ...]) -> ValueError:
    """Give the error of an option that is none of its choices."""
    return ValueError(f"{name} is {quoted(given)}; it must be one of {', '.join(choices)}")


def check_digits(digits: Any) -> None:
    """Raise unless floats can be rounded to so many digits."""
    if type(digits) is not int:
        raise TypeError(f"digits is {quoted(digits)}; it must be an int from 0 to 15")
    if not 0 <= digits <= 15:
        raise ValueError(f"digits is {quoted(digits)}; it must be from 0 to 15")


def whole_steps(closed: str, step: Any) -> tuple[int, int] | None:
    """Give what a step adds to whole starts and stops, None if it is no machine integer; raise if it is no step."""
    if type(step) is not int and not isinstance(step, dt.timedelta):
        raise TypeError(f"step is {quoted(step)}; it must be an int, or a datetime.timedelta for times")
    none: Any = dt.timedelta(0) if isinstance(step, dt.timedelta) else 0
    if step <= none:
        raise ValueError(f"step is {quoted(step)}; it must be positive")
    if type(step) is not int or step > HIGHEST:
        return None
    return (0, step) if closed == "both" else (step, 0)
