"""What collections and regions share: they hold one step function and never change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NoReturn, Self

from . import steps as step_functions
from .columns import Immutable, set_once
from .coordinates import Datetimes, quoted
from .interval import C_co, Interval, V_co
from .steps import Steps

if TYPE_CHECKING:
    from .parameters import Side


class Stepwise(Immutable, Generic[C_co, V_co]):
    """An immutable holder of one step function."""

    __slots__ = ("_steps",)
    _steps: Steps
    _valued: ClassVar[bool] = True  # whether segments have values of their own

    @classmethod
    def _of(cls, steps: Steps) -> Self:
        self = object.__new__(cls)
        set_once(self, "_steps", steps)
        return self

    @property
    def closed(self) -> Side:
        """The side, "left" or "right", on which the intervals contain their end. O(1)."""
        return self._steps.closed  # type: ignore[return-value]

    @property
    def span(self) -> Interval[C_co, int] | None:
        """The interval from the first to the last breakpoint, None without any.

        It reaches to infinity where the outer level is not zero. O(1).

        >>> from intervalues import combine_intervals
        >>> combine_intervals([(2, 4, 3), (1, 3, 2)]).span
        Interval(start=1, stop=4, value=1)
        """
        return step_functions.span(self._steps)

    def astimezone(self, tz: dt.tzinfo) -> Self:
        """Show aware datetimes in another zone: the same instants, and an equal object. O(1).

        TypeError for coordinates that are no aware datetimes.

        >>> from datetime import datetime, timedelta, timezone
        >>> from intervalues import IntervalSet
        >>> noon = datetime(2026, 7, 1, 12, tzinfo=timezone.utc)
        >>> IntervalSet([(noon, noon + timedelta(hours=1))]).astimezone(timezone(timedelta(hours=2))).span.start.hour
        14
        """
        if not isinstance(tz, dt.tzinfo):
            raise TypeError(f"tz is {quoted(tz)}; it must be a datetime.tzinfo")
        domain = self._steps.domain
        if not len(self._steps.points):
            return self
        if not isinstance(domain, Datetimes) or domain.zone is None:
            raise TypeError(f"{domain.name} are shown in no time zone")
        return self._of(self._steps._replace(domain=Datetimes(domain.unit, tz)))

    def __bool__(self) -> bool:
        """Tell whether there is any segment. O(1)."""
        return len(self._steps.points) > 0 or bool(self._steps.levels[0])

    def __iter__(self) -> Iterator[Interval[C_co, V_co]]:
        return step_functions.intervals(self._steps)

    def __reversed__(self) -> Iterator[Interval[C_co, V_co]]:
        return step_functions.intervals(self._steps, backwards=True)

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return step_functions.same(self._steps, other._steps)

    def __hash__(self) -> int:
        return hash((type(self).__name__, step_functions.digest(self._steps)))

    @classmethod
    def _unpickled(cls, *state: Any) -> Self:
        from .pickling import unpack  # late: the module pickle takes a while to load, and few need it

        return cls._of(unpack(state))

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        from .pickling import pack

        return self._unpickled, pack(self._steps, protocol)

    def __reduce__(self) -> tuple[Any, ...]:
        return self.__reduce_ex__(2)

    def to_frame(self, library: Any) -> Any:
        """Give the segments as a dataframe of "pandas", "polars" or "pyarrow", the name or the module. O(n).

        The columns are `start`, `stop` and, of a collection, `value`, in the types that the library has for them: times
        keep their unit and zone. Open ends are null, but infinite where coordinates are ints or floats. docs/frames.md
        tells more. ValueError for another library, ImportError without it, OverflowError or TypeError for what it
        cannot hold.

        >>> from intervalues import IntervalSet
        >>> IntervalSet([(9, 12), (13, 17)]).to_frame("pyarrow").to_pydict()
        {'start': [9, 13], 'stop': [12, 17]}
        """
        from . import tables  # late: few want one

        return tables.frame(library, self._fields)

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """Give what `to_frame("pyarrow")` holds as a stream of Arrow. ImportError without PyArrow."""
        from . import tables

        return tables.stream(self._fields, requested_schema)

    def _fields(self) -> list[Any]:
        from . import tables

        return tables.fields_of([tables.parts_of_steps(self._steps)], tables.NAMES[: 2 + self._valued])

    def to_json(self) -> str:
        """Give the JSON form: a version, what the columns are of, breakpoints and levels. O(n).

        docs/json.md describes it. `from_json` gives an equal object back, of the same types and zone. TypeError for
        coordinates of a type of your own, and for zones without a name.

        >>> from intervalues import IntervalSet
        >>> IntervalSet.from_json(IntervalSet([(9, 12)]).to_json())
        IntervalSet([(9, 12)])
        """
        from . import jsonform

        return jsonform.dump(type(self).__name__, self._steps)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read the JSON form, and check it in full. O(n). ValueError if the text is none of this class."""
        from . import jsonform

        return cls._of(jsonform.load(cls.__name__, text))

    def __array__(self, dtype: Any = None, copy: Any = None) -> NoReturn:
        raise TypeError(f"{type(self).__name__} is no array: hand the columns of segments() to NumPy")
