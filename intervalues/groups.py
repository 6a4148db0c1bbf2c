"""IntervalGroups: an immutable mapping from key to collection, and what it does to every one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn, Self

from . import algebra
from .collection import IntervalCollection
from .columns import Immutable, set_once
from .coordinates import quoted
from .grouping import Grouped as Shared
from .grouping import combine_groups
from .interval import C_co, Interval, K, V_co
from .options import Options
from .region import IntervalSet
from .steps import ZERO, Steps
from .text import SHOWN_IN_FULL, SHOWN_OF_MORE, pictured_groups

if TYPE_CHECKING:
    from typing import TypeAlias

    from .grouped import Grouped

    AnyGroups: TypeAlias = "IntervalGroups[Any, Any, Any]"
else:
    Grouped = Mapping

NO_GROUPS: Mapping[Any, IntervalCollection[Any, Any]] = {}
NOTHING: IntervalCollection[Any, Any] = IntervalCollection()  # zero everywhere: what there is of a key that is absent
ONE = NOTHING + 1


def described(result: str, method: Callable[..., Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a method the name and the signature of one of `IntervalCollection`, and its text without the example."""

    def describe(own: Callable[..., Any]) -> Callable[..., Any]:
        described = wraps(method)(own)
        text = (method.__doc__ or "").partition(">>>")[0].strip().replace("\n        ", "\n")
        described.__doc__ = f"{result} what `IntervalCollection.{method.__name__}` gives of every group.\n\n{text}"
        return described

    return describe


def statistic(method: Callable[..., Any]) -> Callable[..., dict[Any, Any]]:
    """Make a method that gives what one of `IntervalCollection` does, of every group, in a dict."""

    @described("Give, as a dict from key to result,", method)
    def of_every_group(self: AnyGroups, /, *args: Any, **options: Any) -> dict[Any, Any]:
        return self._each(method, args, options)

    return of_every_group


def summary(method: Callable[..., Any]) -> Callable[..., dict[Any, Any]]:
    """Make a statistic that the extension gives of all groups at once, where their columns are shared."""

    @described("Give, as a dict from key to result,", method)
    def of_every_group(self: AnyGroups, /, *args: Any, **options: Any) -> dict[Any, Any]:
        how = method.__name__
        known = options.keys() <= ({"within", "unit"} if how == "integral" else {"within"})
        quick = self._summaries(how, **options) if known and not args else None
        return self._each(method, args, options) if quick is None else quick

    return of_every_group


def collections(method: Callable[..., IntervalCollection[Any, Any]]) -> Callable[..., AnyGroups]:
    """Make a method that turns every group into what one of `IntervalCollection` makes of it."""

    @described("Give, as groups,", method)
    def of_every_group(self: AnyGroups, /, *args: Any, **options: Any) -> AnyGroups:
        return IntervalGroups(self._each(method, args, options))

    return of_every_group


def operation(method: Callable[..., IntervalCollection[Any, Any]], absent: Any = NOTHING) -> Callable[..., AnyGroups]:
    """Make an operator that gives groups: with a mapping key by key, with anything else of every group."""

    @described("Give, as groups,", method)
    def of_every_group(self: AnyGroups, /, *args: Any, **options: Any) -> Any:
        found = self._aligned(method, args, options, absent)
        return found if found is NotImplemented else IntervalGroups(found)

    return of_every_group


def comparison(method: Callable[..., IntervalSet[Any]]) -> Callable[..., dict[Any, IntervalSet[Any]]]:
    """Make an operator that gives a dict of regions: with a mapping key by key, with anything else of every group."""

    @described("Give, as a dict from key to result,", method)
    def of_every_group(self: AnyGroups, /, *args: Any, **options: Any) -> Any:
        return self._aligned(method, args, options, NOTHING)

    return of_every_group


class IntervalGroups(Immutable, Grouped[K, C_co, V_co]):
    """Collections by key, as `combine_intervals(..., by=column)` makes them; an immutable mapping.

    Keys come in the order of their first appearance. A statistic of groups is a dict from key to result. An operator
    applies to every group, with a number or a collection; with groups, or with any mapping of collections or numbers,
    it aligns by key, and what is absent counts as zero. Each costs what it costs for the collections one by one; but
    `integral`, `mean`, `max` and `min` of groups that were combined together come from the extension all at once.

    A group in which nothing is left has no span, so that its statistics, but for the integral, want `within=`.

    `IntervalGroups(mapping)` makes groups of collections that there are. Collections of groups that were combined
    share their columns, and are made when they are asked for; n breakpoints take 16 bytes each in all.

    >>> from intervalues import combine_intervals
    >>> stays = combine_intervals(start=[8, 9, 10], stop=[12, 11, 13], by=["A", "B", "A"])
    >>> stays["A"], stays.max()
    (IntervalCollection([(8, 10, 1), (10, 12, 2), (12, 13, 1)]), {'A': 2, 'B': 1})
    >>> stays >= {"A": 2, "B": 1}
    {'A': IntervalSet([(10, 12)]), 'B': IntervalSet([(9, 11)])}
    >>> stays.total().max()
    3
    """

    __slots__ = ("_keys", "_numbers", "_shared", "_steps_of")
    __module__ = "intervalues"
    _keys: list[K]
    _shared: Shared | None  # the columns of all groups, if they were combined together
    _steps_of: Callable[[int], Steps]
    _numbers: dict[K, int]  # of the keys, made when first a key is looked up

    def __new__(cls, groups: Mapping[K, IntervalCollection[C_co, V_co]] = NO_GROUPS) -> Self:
        """Make groups of collections by key. O(number of groups). TypeError for what is no collection."""
        if not isinstance(groups, Mapping):
            raise TypeError(f"groups is {quoted(groups)}; it must be a mapping from key to IntervalCollection")
        found = dict(groups)
        for key, collection in found.items():
            if not isinstance(collection, IntervalCollection):
                raise TypeError(f"group {quoted(key)} is {quoted(collection)}; it must be an IntervalCollection")
        steps = [collection._steps for collection in found.values()]
        return cls._of(list(found), steps.__getitem__)

    @classmethod
    def _of(cls, keys: list[Any], steps_of: Callable[[int], Steps], shared: Shared | None = None) -> Self:
        self = object.__new__(cls)
        set_once(self, "_keys", keys)
        set_once(self, "_shared", shared)
        set_once(self, "_steps_of", steps_of)
        return self

    @classmethod
    def _combined(cls, data: Any, start: Any, stop: Any, value: Any, by: Any, options: Options) -> Self:
        keys, grouped = combine_groups(data, start, stop, value, by, options)
        return cls._of(keys, grouped.steps, grouped)

    # A mapping

    def _numbered(self) -> dict[K, int]:
        if not hasattr(self, "_numbers"):
            set_once(self, "_numbers", dict(zip(self._keys, range(len(self._keys)), strict=True)))
        return self._numbers

    def __getitem__(self, key: K) -> IntervalCollection[C_co, V_co]:
        """Give the collection of a key; KeyError without one. O(1), and O(number of groups) once."""
        return IntervalCollection._of(self._steps_of(self._numbered()[key]))

    def __iter__(self) -> Iterator[K]:
        return iter(self._keys)

    def __len__(self) -> int:
        """Count the groups. O(1)."""
        return len(self._keys)

    def __contains__(self, key: object) -> bool:
        return key in self._numbered()

    def __hash__(self) -> int:
        return hash(("IntervalGroups", frozenset(self.items())))

    def __repr__(self) -> str:
        """Show few groups with few segments so that they evaluate back, else the first keys."""
        if len(self) <= SHOWN_IN_FULL and sum(map(len, self.values())) <= SHOWN_IN_FULL:
            return f"IntervalGroups({dict(self)!r})"
        shown = [*map(quoted, list(self)[:SHOWN_OF_MORE]), *["..."] * (len(self) > SHOWN_OF_MORE)]
        return f"<IntervalGroups of {len(self):,} groups: {', '.join(shown)}>"

    def __str__(self) -> str:
        """Show a line for each of the first groups: its sparkline, all on one axis and one scale, and what there is."""
        return pictured_groups(self)

    def _repr_html_(self) -> str:
        """Give what notebooks show of the first groups: a picture of all on one axis, and a table."""
        from . import notebook

        return notebook.pictured_groups(self)

    def plot(self, ax: Any = None) -> Any:
        """Draw the groups with matplotlib, under each other on one axis and one scale; give the array of axes back.

        `ax` may be a sequence of axes, one for each group. ValueError for over 50 groups, or none; else as
        `IntervalCollection.plot`, whose O(n) each takes.

        >>> gates = IntervalGroups({"A": IntervalCollection([(8, 12)]), "B": IntervalCollection([(11, 13)])})
        >>> [axes.get_title(loc="left") for axes in gates.plot()]
        ['A', 'B']
        """
        from . import plotting

        return plotting.plotted_groups(self, ax)

    @classmethod
    def _unpickled(cls, groups: Any) -> Self:
        try:
            return cls(groups)
        except (TypeError, ValueError) as error:
            from pickle import UnpicklingError  # late: the module pickle takes a while to load, and few need it

            raise UnpicklingError(f"this is no pickled mapping of collections: {error}") from error

    def __reduce__(self) -> tuple[Any, ...]:
        return self._unpickled, (dict(self),)

    def to_frame(self, library: Any) -> Any:
        """Give the segments of all groups as a dataframe of "pandas", "polars" or "pyarrow". O(n).

        The columns are `key`, `start`, `stop` and `value`; where all keys are tuples of one length, `key_0`, `key_1`
        and so on come instead of `key`. The key None is null. Raises as `IntervalCollection.to_frame` does, and
        TypeError for groups whose coordinates or values do not mix.

        >>> gates = IntervalGroups({"A": IntervalCollection([(8, 9)]), "B": IntervalCollection([(8, 10, 2)])})
        >>> gates.to_frame("pyarrow").to_pydict()
        {'key': ['A', 'B'], 'start': [8, 8], 'stop': [9, 10], 'value': [1, 2]}
        """
        from . import tables  # late: few want one

        return tables.frame(library, self._fields)

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """Give what `to_frame("pyarrow")` holds as a stream of Arrow. ImportError without PyArrow."""
        from . import tables

        return tables.stream(self._fields, requested_schema)

    def _fields(self) -> list[Any]:
        from . import tables

        parts = [tables.parts_of_steps(steps) for steps in self._all_steps()]
        counts = [sum(len(codes) for _, codes in starts) for starts, _, _ in parts]
        return [*tables.key_fields(list(self), counts), *tables.fields_of(parts)]

    def to_json(self) -> str:
        """Give the JSON form of all groups, with their keys. O(n). Raises as that of a collection does.

        Keys may be None, bools, numbers, texts, dates and times, and tuples of these.
        """
        from . import jsonform  # late, as in the collections

        return jsonform.dump_groups({key: collection._steps for key, collection in self.items()})

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read the JSON form, and check it in full. O(n). ValueError if the text is none of groups.

        >>> gates = IntervalGroups({"A": IntervalCollection([(8, 9)])})
        >>> IntervalGroups.from_json(gates.to_json()) == gates
        True
        """
        from . import jsonform

        found = jsonform.load_groups(text)
        return cls._of(list(found), list(found.values()).__getitem__)

    # All groups

    def _all_steps(self) -> Iterator[Steps]:
        return map(self._steps_of, range(len(self._keys)))

    def _each(self, method: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> dict[Any, Any]:
        args = tuple(map(repeatable, args))
        options = {name: repeatable(option) for name, option in options.items()}
        return {key: noted(key, method, collection, *args, **options) for key, collection in self.items()}

    def _summaries(self, how: str, within: Any = None, unit: Any = None) -> dict[Any, Any] | None:
        """Give a statistic of all groups at once; None if each has to be asked, which words all errors, too."""
        from . import rolling  # late, as in the collections

        found = None
        if self._shared is not None:
            with suppress(TypeError, ValueError, OverflowError):
                found = rolling.of_groups(self._shared, how, within, unit)
        return None if found is None else dict(zip(self._keys, found, strict=True))

    def _aligned(self, method: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any], absent: Any) -> Any:
        other = next((x for x in (*args, *options.values()) if isinstance(x, Mapping)), None)
        if other is None and not self:  # arguments are checked nevertheless
            any_group = ONE if method is IntervalCollection.__rtruediv__ else NOTHING
            return NotImplemented if method(any_group, *args, **options) is NotImplemented else {}
        if other is None:
            found = self._each(method, args, options)
            return NotImplemented if any(x is NotImplemented for x in found.values()) else found
        found = {}
        nothing = IntervalCollection(closed=next((collection.closed for collection in self.values()), "left"))
        for key in dict.fromkeys([*self, *other]):
            right = other.get(key, absent)
            own = [right if x is other else x for x in args]
            named = {name: right if x is other else x for name, x in options.items()}
            found[key] = noted(key, method, self.get(key, nothing), *own, **named)
            if found[key] is NotImplemented:
                raise TypeError(f"group {quoted(key)} does not go with {quoted(right)}, of type {type(right).__name__}")
        return found

    @property
    def support(self) -> dict[K, IntervalSet[C_co]]:
        """The region of every group where its level is not zero, as a dict. O(n).

        >>> IntervalGroups({"A": IntervalCollection([(8, 12), (9, 13)])}).support
        {'A': IntervalSet([(8, 13)])}
        """
        return {key: collection.support for key, collection in self.items()}

    @property
    def span(self) -> dict[K, Interval[C_co, int] | None]:
        """The span of every group, as a dict. O(number of groups).

        >>> IntervalGroups({"A": IntervalCollection([(8, 12), (9, 13)])}).span
        {'A': Interval(start=8, stop=13, value=1)}
        """
        return {key: collection.span for key, collection in self.items()}

    def __array__(self, dtype: Any = None, copy: Any = None) -> NoReturn:
        raise TypeError("IntervalGroups is no array: hand the columns of segments() of its groups to NumPy")

    def total(self) -> IntervalCollection[C_co, V_co]:
        """Give the exact sum of all groups, rounded once. O(n log n).

        TypeError or ValueError if coordinates, values or sides of groups do not mix.

        >>> IntervalGroups({"A": IntervalCollection([(8, 12)]), "B": IntervalCollection([(11, 13)])}).total()
        IntervalCollection([(8, 11, 1), (11, 12, 2), (12, 13, 1)])
        """
        return IntervalCollection._of(algebra.total(list(self._all_steps()) or [ZERO]))

    # What every group gives

    if not TYPE_CHECKING:  # pragma: no branch; grouped.pyi has their signatures
        __add__ = operation(IntervalCollection.__add__)
        __radd__ = operation(IntervalCollection.__radd__)
        __sub__ = operation(IntervalCollection.__sub__)
        __rsub__ = operation(IntervalCollection.__rsub__)
        __mul__ = operation(IntervalCollection.__mul__)
        __rmul__ = operation(IntervalCollection.__rmul__)
        __truediv__ = operation(IntervalCollection.__truediv__)
        __rtruediv__ = operation(IntervalCollection.__rtruediv__)
        __gt__ = comparison(IntervalCollection.__gt__)
        __ge__ = comparison(IntervalCollection.__ge__)
        __lt__ = comparison(IntervalCollection.__lt__)
        __le__ = comparison(IntervalCollection.__le__)
        __neg__ = collections(IntervalCollection.__neg__)
        __pos__ = collections(IntervalCollection.__pos__)
        __abs__ = collections(IntervalCollection.__abs__)
        shift = collections(IntervalCollection.shift)
        scale = collections(IntervalCollection.scale)
        wrap = collections(IntervalCollection.wrap)
        astimezone = collections(IntervalCollection.astimezone)
        where = operation(IntervalCollection.where, absent=IntervalSet())
        map = collections(IntervalCollection.map)
        excess = operation(IntervalCollection.excess)
        level_set = comparison(IntervalCollection.level_set)
        integral = summary(IntervalCollection.integral)
        mean = summary(IntervalCollection.mean)
        var = statistic(IntervalCollection.var)
        std = statistic(IntervalCollection.std)
        max = summary(IntervalCollection.max)
        min = summary(IntervalCollection.min)
        argmax = statistic(IntervalCollection.argmax)
        argmin = statistic(IntervalCollection.argmin)
        quantile = statistic(IntervalCollection.quantile)
        median = statistic(IntervalCollection.median)
        mode = statistic(IntervalCollection.mode)
        distribution = statistic(IntervalCollection.distribution)
        nlargest = statistic(IntervalCollection.nlargest)
        to_scipy = statistic(IntervalCollection.to_scipy)
        bin = statistic(IntervalCollection.bin)
        windows = statistic(IntervalCollection.windows)
        segments = statistic(IntervalCollection.segments)
        at = statistic(IntervalCollection.at)
        limit = statistic(IntervalCollection.limit)
        next_change = statistic(IntervalCollection.next_change)
        previous_change = statistic(IntervalCollection.previous_change)
        first_fit = statistic(IntervalCollection.first_fit)


def repeatable(argument: Any) -> Any:
    """Give what every group can be asked with: a list for an iterator, which only the first could read."""
    return list(argument) if isinstance(argument, Iterator) else argument


def noted(key: Any, method: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Call a method for a group; an error that it raises gets a note that names the group."""
    try:
        return method(*args, **options)
    except Exception as error:
        error.add_note(f"in group {quoted(key)}")
        raise
