"""IntervalAccumulator: combine intervals that keep coming; the one thing here that changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Set
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NoReturn, Self

from . import batches, sources, values
from .batches import State
from .collection import IntervalCollection
from .coordinates import FLOATS, INTS, MICRO, Dates, Datetimes, Timedeltas, is_open, quoted
from .door import refuse_other_side
from .interval import C, V
from .options import Options
from .sources import Rows
from .steps import Steps

if TYPE_CHECKING:
    from typing import Literal

    from .parameters import Closed, Missing

NUMBERS = frozenset({int, float})


class IntervalAccumulator(Generic[C, V]):
    """Collects intervals that come one by one, or in lots, and combines them when asked.

    What it collects equals one `combine_intervals` of everything, bit for bit, whatever the order, and however it was
    split, merged and pickled: sums stay exact inside, and float levels are rounded once, when they are handed out.
    The options are those of `combine_intervals`; `how` is "sum" or "count".

    It holds the segments of the function, and at most as many rows, or a thousand, that wait to be folded into them:
    on a stream `collect_before` keeps both few. What has cancelled is forgotten: if that was much, and a float comes
    where an int was, 1.0 may be shown for the equal 1. A method that raises changes nothing, and counts rows within
    its call. One thread at a time may use it: give each its own, and merge them.

    >>> stays = IntervalAccumulator()
    >>> stays.add(9, 12)
    >>> stays.extend([(10, 11, 2), (8, 9)])
    >>> stays.collect()
    IntervalCollection([(8, 10, 1), (10, 11, 3), (11, 12, 1)])
    >>> stays.subtract(9, 12)
    >>> stays.collect()
    IntervalCollection([(8, 9, 1), (10, 11, 2)])
    """

    __slots__ = ("_options", "_quick", "_rows", "_state")
    __module__ = "intervalues"
    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # it changes
    __array_ufunc__ = None

    def __array__(self, dtype: Any = None, copy: Any = None) -> NoReturn:
        raise TypeError("IntervalAccumulator is no array: collect() gives a collection, whose columns go to NumPy")

    def __init__(
        self,
        *,
        how: Literal["sum", "count"] = "sum",
        closed: Closed = "left",
        step: int | dt.timedelta | None = None,
        digits: int | None = None,
        missing: Missing = "raise",
    ) -> None:
        self._options = batches.chosen(how, closed, step, digits, missing)
        self._set(State())

    _rows: list[tuple[Any, Any, Any]]  # let in, but not yet entered

    def _set(self, state: State) -> None:
        quick = quick_types(state, self._options)
        self._state, self._rows, self._quick = state, [], quick  # nothing can come in between

    def add(self, start: C, stop: C, value: V | int = 1) -> None:
        """Add one interval. Amortised O(log n): some microseconds for ints, floats, dates, and times naive or in UTC.

        Raises as `combine_intervals([(start, stop, value)])` does; TypeError for what does not mix with the intervals
        before, ValueError for one that begins before the watermark.

        >>> stays = IntervalAccumulator()
        >>> stays.add(9, 12, 2)
        >>> stays.collect()
        IntervalCollection([(9, 12, 2)])
        """
        if self._is_quick(start, stop, value):
            self._wait((start, stop, value))
        else:
            self._enter(sources.read_rows([(start, stop, value)]))

    def subtract(self, start: C, stop: C, value: V | int = 1) -> None:
        """Take away one interval: what was added with the same ends and value is gone. Costs and raises as `add`.

        It need not have been added: the level may fall below zero.

        >>> stays = IntervalAccumulator()
        >>> stays.add(9, 12)
        >>> stays.subtract(10, 13)
        >>> stays.collect()
        IntervalCollection([(9, 10, 1), (12, 13, -1)])
        """
        if self._options.how == "sum" and self._is_quick(start, stop, value):
            self._wait((start, stop, -value))  # type: ignore[operator]
        else:
            self._enter(sources.read_rows([(start, stop, value)]), -1)

    def extend(self, data: Any = None, *, start: Any = None, stop: Any = None, value: Any = None) -> None:
        """Add all that `combine_intervals` would take: rows, columns or a frame. Amortised O(m log n) for m intervals.

        Raises as `combine_intervals` and `add` do, and then has added none.

        >>> stays = IntervalAccumulator()
        >>> stays.extend(start=[1, 2], stop=[3, 4], value=[2, 3])
        >>> stays.collect()
        IntervalCollection([(1, 2, 2), (2, 3, 5), (3, 4, 3)])
        """
        if sources.is_frame(data):
            data, (start, stop, value, _) = None, sources.read_frame(data, start, stop, value)
        if data is None:
            if not start is stop is value is None:
                self._enter(sources.read_columns(start, stop, value))
            return
        if isinstance(steps := getattr(data, "_steps", None), Steps):
            refuse_other_side(steps, self._options)
        self._enter(sources.read_rows(data, (start, stop, value)))

    def merge(self, other: IntervalAccumulator[C, V]) -> None:
        """Add all that another accumulator holds, which stays as it is. O(m log n), amortised, for its m segments.

        The order of merges does not matter. Of two watermarks the later one holds from now on: ValueError if one
        accumulator holds what lies before the watermark of the other. ValueError if their options differ, TypeError
        if their coordinates or values do not mix.

        >>> here, there = IntervalAccumulator(), IntervalAccumulator()
        >>> here.add(9, 12)
        >>> there.add(10, 11, 2)
        >>> here.merge(there)
        >>> here.collect()
        IntervalCollection([(9, 10, 1), (10, 11, 3), (11, 12, 1)])
        """
        if not isinstance(other, IntervalAccumulator):
            raise TypeError(f"merge takes an IntervalAccumulator, not {quoted(other)}")
        for name in ("how", "closed", "step", "digits", "missing"):
            own, its = getattr(self._options, name), getattr(other._options, name)
            if own != its:
                raise ValueError(
                    f"accumulators with different options do not merge: {name} is {own!r} here, {its!r} there"
                )
        self._set(batches.merged(self._entered(), other._entered()))

    def collect(self) -> IntervalCollection[C, V | int]:
        """Give what all intervals combine into; nothing is forgotten. O(n log n).

        OverflowError for a float level beyond the largest float, naming the segment.

        >>> stays = IntervalAccumulator(how="count")
        >>> stays.extend([(9, 12, 5), (10, 11, 7)])
        >>> stays.collect()
        IntervalCollection([(9, 10, 1), (10, 11, 2), (11, 12, 1)])
        """
        state = self._entered()
        return IntervalCollection._of(batches.steps_of(state, batches.swept(state), self._options.side))

    def collect_before(self, x: C) -> IntervalCollection[C, V | int]:
        """Give what is final before the watermark `x`, with zero from there on, and forget it. O(n log n).

        From now on `collect` gives zero before x, and an interval that begins before x is a ValueError. An x before
        an earlier watermark gives nothing new. The results of all calls, and of `collect` at the end, add up to what
        all intervals combine into. Raises ValueError if x is missing, TypeError if it is of another domain,
        OverflowError as `collect` does; then nothing is forgotten.

        >>> arrivals = IntervalAccumulator()
        >>> arrivals.extend([(1, 4), (2, 6)])
        >>> arrivals.collect_before(3)
        IntervalCollection([(1, 2, 1), (2, 3, 2)])
        >>> arrivals.collect()
        IntervalCollection([(3, 4, 2), (4, 6, 1)])
        >>> arrivals.add(2, 5)
        Traceback (most recent call last):
        ValueError: row 0: start 2 begins before the watermark 3
        """
        final, rest = batches.split(self._entered(), x, self._options)
        self._set(rest)
        return IntervalCollection._of(final)

    def _is_quick(self, start: Any, stop: Any, value: Any) -> bool:
        """Tell whether the door would let a row in, without asking it."""
        quick = self._quick
        if type(start) not in quick or type(stop) not in quick or type(value) not in NUMBERS:
            return False
        if type(start) is dt.datetime and not start.tzinfo is stop.tzinfo is self._state.domain.zone:  # type: ignore[union-attr]
            return False
        limit = self._state.watermark
        return bool(start <= stop and value - value == 0 and (limit is None or start >= limit))

    def _wait(self, row: tuple[Any, Any, Any]) -> None:
        if len(self._rows) >= batches.FOLDED_AT:
            self._entered()
        self._rows.append(row)

    def _enter(self, rows: Rows, sign: int = 1) -> None:
        self._set(batches.entered(self._entered(), rows, self._options, sign))

    def _entered(self) -> State:
        """Give the state once the rows that wait have entered it."""
        if self._rows:
            self._set(batches.entered(self._state, sources.read_rows(self._rows), self._options))
        return self._state

    def __repr__(self) -> str:
        options = self._options
        chosen = [("how", "sum"), ("closed", "left"), ("step", None), ("digits", None), ("missing", "raise")]
        given = ", ".join(
            f"{name}={getattr(options, name)!r}" for name, usual in chosen if getattr(options, name) != usual
        )
        state = self._state
        since = "" if state.watermark is None else f" from {quoted(state.watermark)} on"
        return f"<IntervalAccumulator({given}) of {state.size + len(self._rows):,} rows and segments{since}>"

    def __reduce__(self) -> tuple[Any, ...]:
        from .pickling import pack_state  # late: the module pickle takes a while to load, and few need it

        return self._unpickled, pack_state(self._entered(), self._options)

    @classmethod
    def _unpickled(cls, *packed: Any) -> Self:
        from .pickling import unpack_state

        state, options = unpack_state(packed)
        self = cls.__new__(cls)
        self._options = options
        self._set(state)
        return self


def quick_types(state: State, options: Options) -> Set[type]:
    """Give the types of ends that need no more than a comparison, once some of them have come through the door."""
    domain = state.domain
    if domain is None or isinstance(state.kind, values.Decimals) or is_open(state.watermark):
        return frozenset()
    if domain == INTS:
        return frozenset({int})
    if options.step is not None:
        return frozenset()
    if domain == FLOATS:
        return NUMBERS
    if isinstance(domain, Dates):
        return frozenset({dt.date})
    if isinstance(domain, Datetimes) and domain.unit == MICRO and domain.zone in (None, dt.UTC):
        return frozenset({dt.datetime})
    return frozenset({dt.timedelta}) if isinstance(domain, Timedeltas) and domain.unit == MICRO else frozenset()
