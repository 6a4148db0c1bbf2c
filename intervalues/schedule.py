"""Schedules: the rows of a file read as intervals and combined, together and by group, in batches where that can be."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from importlib import import_module
from itertools import chain, compress
from operator import gt
from typing import Any, NamedTuple, NoReturn

from . import binaryfiles, files
from .accumulator import IntervalAccumulator
from .batches import HOWS as ADDED
from .cells import GUESSED, NUMBERS, Kind, Reading, cell_text, in_zone
from .collection import IntervalCollection
from .combining import combine_intervals
from .coordinates import quoted
from .files import Source
from .textfiles import Batch

KEPT = ("max", "min", "mean")  # ways to combine that need all rows at once
HOWS = (*ADDED, *KEPT, "any")
MOST_WAITING = 200_000  # rows
MOST_WAITING_EACH = 20  # rows for each group, on average: it takes time to look at all groups
PLACE = re.compile(r"row (\d+): (start|stop|value) ")


class Question(NamedTuple):
    """Which columns of a file are meant, what they hold if that is told, and how to combine them."""

    start: str
    stop: str
    value: str | None = None
    key: str | None = None
    how: Any = "sum"  # this and the next two are checked options of `combine_intervals`
    closed: Any = "left"
    missing: Any = "raise"
    kinds: Mapping[str, Kind] = {}
    zone: dt.tzinfo | None = None


class Schedule(NamedTuple):
    """What a file combines into, how many rows each group has, and how many were dropped as something is missing."""

    together: IntervalCollection[Any, Any]
    groups: dict[Any, IntervalCollection[Any, Any]]
    counts: Counter[Any]
    number: int
    dropped: int


class Lot(NamedTuple):
    """Some intervals: the line or number of each row, and their columns, lists or arrays of pyarrow."""

    rows: Sequence[int]
    starts: Any
    stops: Any
    values: Any
    keys: list[Any] | None

    def picked(self, places: Sequence[int]) -> Lot:
        """Give the rows at some places."""
        columns = (None if column is None else picked(column, places) for column in self[1:])
        return Lot([self.rows[place] for place in places], *columns)


def read_schedule(path: str, question: Question) -> Schedule:
    """Read and combine the intervals of a file, "-" for standard input.

    Raises ValueError naming file, line or row, and column.
    """
    names = [name for name in question[:4] if name is not None]
    with files.opened(path, names) as source:
        reader = Reader(source, question)
        gathered = Gathered(reader)
        counts: Counter[Any] = Counter()
        for batch in source.batches:
            lot = reader.lot(batch)
            if lot.keys is not None:
                counts.update(lot.keys)
            gathered.take(lot, len(counts))
        together, groups = gathered.collected()
        finished = {key: reader.finished(levels) for key, levels in groups.items()}
        return Schedule(reader.finished(together), finished, counts, reader.number, reader.dropped)


def picked(column: Any, places: Sequence[int]) -> Any:
    """Give some rows of a list or of an array of pyarrow."""
    if isinstance(column, list):
        return [column[place] for place in places]
    return column.take(import_module("pyarrow").array(places, "int64"))


# From cells to intervals


class Reader:
    """Reads the columns of batches as the question says."""

    def __init__(self, source: Source, question: Question) -> None:
        start, stop = (question.kinds.get(name) for name in (question.start, question.stop))
        ends = Reading(GUESSED)
        self.source = source
        self.question = question
        both = [start or stop, stop or start]  # what is told of one end goes for both
        self.ends: list[Reading] = [ends if kind is None else Reading(GUESSED, kind) for kind in both]
        self.worth: Reading = Reading(
            (NUMBERS,), None if question.value is None else question.kinds.get(question.value)
        )
        self.kinds: set[type] = set()  # of numbers among the ends
        self.number: int = 0
        self.dropped: int = 0

    def lot(self, batch: Batch) -> Lot:
        """Read a batch; ValueError naming the first cell of a column that cannot be read."""
        question = self.question
        start, stop, *others = batch.columns
        keys = None if question.key is None else self.keys(batch.rows, others.pop())
        opened = question.missing != "raise"
        starts = self.read_ends(batch.rows, question.start, start, self.ends[0], opened)
        stops = self.read_ends(batch.rows, question.stop, stop, self.ends[1], opened)
        values = None
        if others and question.how not in ("count", "any"):
            values = self.read(batch.rows, question.value, others[0], self.worth, question.missing == "drop")
        lot = Lot(batch.rows, *self.alike(starts, stops), values, keys)
        if question.missing == "drop":
            lot = self.complete(lot)
        self.number += len(lot.rows)
        self.refuse_reversed(lot)
        return lot

    def read(self, rows: Sequence[int], name: Any, column: Any, reading: Reading, may_lack: bool) -> Any:
        """Read a column of cells; one of an array that is no text stays, if nothing else is told."""

        def complain(row: int, what: str) -> NoReturn:
            raise ValueError(f"{self.source.place(rows[row], name)}: {what}")

        if not isinstance(column, list) and reading.is_told:
            column = binaryfiles.as_texts(column)
        return reading.read(column, complain, may_lack) if isinstance(column, list) else column

    def read_ends(self, rows: Sequence[int], name: str, column: Any, reading: Reading, may_lack: bool) -> Any:
        """Read a column of starts or stops, on the clocks of the zone if there is one."""
        found = self.read(rows, name, column, reading, may_lack)
        zone = self.question.zone
        if zone is None:
            return found
        items = found if isinstance(found, list) else binaryfiles.as_objects(found)
        if not isinstance(items, list):
            return items
        try:
            return in_zone(items, zone)
        except OverflowError:
            place = next(place for place, x in enumerate(items) if is_beyond(x, zone))
            remark = f"{quoted(cell_text(items[place]))} in UTC is beyond what a datetime can hold"
            raise ValueError(f"{self.source.place(rows[place], name)}: {remark}") from None

    def keys(self, rows: Sequence[int], column: Any) -> list[Any]:
        """Give the keys of groups: empty cells, nulls and NaN are one of them, None."""
        if isinstance(column, list):
            return [key or None for key in column]
        if import_module("pyarrow.types").is_nested(column.type):
            place = self.source.place(rows[0] if rows else 0, str(self.question.key))
            raise ValueError(f"{place}: what is of the type {column.type} cannot be a key")
        return [None if key != key else key for key in column.to_pylist()]

    def alike(self, starts: Any, stops: Any) -> tuple[Any, Any]:
        """Give all numbers as Decimals if one of them is."""
        if not (isinstance(starts, list) and isinstance(stops, list)) or self.ends[0].kind is not NUMBERS:
            return starts, stops
        kinds = {*map(type, starts), *map(type, stops)}
        self.kinds |= kinds
        return (all_decimals(starts), all_decimals(stops)) if Decimal in kinds else (starts, stops)

    def complete(self, lot: Lot) -> Lot:
        """Leave out the rows in which something is missing."""
        gone = set(chain.from_iterable(missing_in(column) for column in lot[1:4] if column is not None))
        self.dropped += len(gone)
        return lot.picked([place for place in range(len(lot.rows)) if place not in gone]) if gone else lot

    def refuse_reversed(self, lot: Lot) -> None:
        """Raise ValueError for an interval that ends before it starts."""
        starts, stops = lot.starts, lot.stops
        if not isinstance(starts, list) or not isinstance(stops, list):
            return
        places: Any = range(len(starts))
        if None in starts or None in stops:
            places = [place for place in places if starts[place] is not None and stops[place] is not None]
            starts, stops = picked(starts, places), picked(stops, places)
        try:
            place = next(compress(places, map(gt, starts, stops)), None)
        except TypeError:  # of kinds that do not mix: the library tells which
            return
        if place is not None:
            start, stop = cell_text(lot.starts[place]), cell_text(lot.stops[place])
            where = self.source.place(lot.rows[place], self.question.start)
            raise ValueError(f"{where}: {start} is after {stop} in column {quoted(self.question.stop)}")

    def finished(self, levels: IntervalCollection[Any, Any]) -> IntervalCollection[Any, Any]:
        """Show a collection in the zone that was asked for; all its coordinates as Decimals, if some were."""
        if self.kinds >= {int, Decimal} and len(levels.breakpoints):
            at = all_decimals(list(levels.breakpoints))
            levels = IntervalCollection.from_levels(at, levels.levels[1:], levels.levels[0], levels.closed)
        if self.question.zone is None:
            return levels
        try:
            return levels.astimezone(self.question.zone)
        except TypeError as error:
            raise ValueError(f"{self.source.path}: --tz: {error}") from None

    def placed(self, error: Exception, rows: Sequence[int]) -> ValueError:
        """Name line and column of the file where an error of the library names the row."""
        message = str(error)
        found = PLACE.match(message)
        if found is None:
            return ValueError(f"{self.source.path}: {message}")
        name = getattr(self.question, found[2])
        what = re.sub("^is ", "it is ", message[found.end() :])
        for option in ("drop", "open"):
            what = what.replace(f"missing='{option}'", f"--missing {option}")
        return ValueError(f"{self.source.place(rows[int(found[1])], name)}: {what}")


def is_beyond(x: Any, zone: dt.tzinfo) -> bool:
    """Tell whether a time on the clocks of a zone is before or after all that UTC has."""
    try:
        in_zone([x], zone)
    except OverflowError:
        return True
    return False


def all_decimals(numbers: Sequence[Any]) -> list[Any]:
    """Give ints as Decimals."""
    return [Decimal(x) if type(x) is int else x for x in numbers]


def missing_in(column: Any) -> list[int]:
    """Tell in which places of a column nothing is."""
    if isinstance(column, list):
        return [place for place, x in enumerate(column) if x is None] if None in column else []
    compute = import_module("pyarrow.compute")
    return compute.indices_nonzero(compute.is_null(column, nan_is_null=True)).to_pylist()  # type: ignore[no-any-return]


# Combining


class Gathered:
    """Combines lots: all at once, or, if that can be, many rows at a time, so that memory grows with the levels."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.adds: bool = reader.question.how not in KEPT
        self.lots: list[Lot] = []
        self.waiting: int = 0
        self.together: IntervalAccumulator[Any, Any] | None = self.accumulator() if self.adds else None
        self.groups: dict[Any, IntervalAccumulator[Any, Any]] = {}
        self.added: bool = False

    def accumulator(self) -> IntervalAccumulator[Any, Any]:
        """Make what adds up the rows of one group."""
        question = self.reader.question
        how: Any = "count" if question.how == "any" else question.how
        return IntervalAccumulator(how=how, closed=question.closed, missing=question.missing)

    def take(self, lot: Lot, groups: int) -> None:
        """Take a lot, of a file that has had so many groups; add up what waits if that is much."""
        self.lots.append(lot)
        self.waiting += len(lot.rows)
        many = self.waiting >= max(MOST_WAITING, MOST_WAITING_EACH * groups)
        if many and self.adds and (self.added or Decimal not in self.reader.kinds):  # those take long to add up
            self.add_up()

    def add_up(self) -> None:
        """Add up what waits; ValueError naming line and column of a row that cannot be added."""
        lot = Lot(*map(chained, zip(*self.lots, strict=True)))
        self.lots, self.waiting, self.added = [], 0, True
        for accumulator, part in self.parts(lot):
            try:
                accumulator.extend(start=part.starts, stop=part.stops, value=part.values)
            except (ValueError, TypeError, OverflowError) as error:
                raise self.reader.placed(error, part.rows) from error

    def parts(self, lot: Lot) -> Iterator[tuple[IntervalAccumulator[Any, Any], Lot]]:
        """Divide a lot among the accumulators of its groups."""
        if lot.keys is None:
            yield self.together, lot  # type: ignore[misc]
            return
        places: dict[Any, list[int]] = {}
        for place, key in enumerate(lot.keys):
            places.setdefault(key, []).append(place)
        for key, own in places.items():
            if key not in self.groups:
                self.groups[key] = self.accumulator()
            yield self.groups[key], lot.picked(own)

    def collected(self) -> tuple[IntervalCollection[Any, Any], Mapping[Any, IntervalCollection[Any, Any]]]:
        """Give what all lots combine into, together and by group."""
        if not self.added:
            return self.combined()
        if self.lots:
            self.add_up()
        together: Any = self.together
        try:
            for accumulator in self.groups.values():
                together.merge(accumulator)
            return self.levels(together), {key: self.levels(own) for key, own in self.groups.items()}
        except (ValueError, TypeError, OverflowError) as error:
            raise self.reader.placed(error, ()) from error

    def levels(self, accumulator: IntervalAccumulator[Any, Any]) -> IntervalCollection[Any, Any]:
        """Give what was added up."""
        found = accumulator.collect()
        return found if self.reader.question.how != "any" else combine_intervals(found, how="any", closed=found.closed)

    def combined(self) -> tuple[IntervalCollection[Any, Any], Mapping[Any, IntervalCollection[Any, Any]]]:
        """Combine the rows of all lots at once; ValueError naming line and column of a bad row."""
        question = self.reader.question
        rows, starts, stops, values, keys = map(chained, zip(*self.lots, strict=True)) if self.lots else [[]] * 5
        ends: dict[str, Any] = {"start": starts, "stop": stops, "closed": question.closed, "missing": question.missing}
        try:
            together = combine_intervals(**ends, value=values, how=question.how)
            if question.key is None:
                return together, {}
            return together, combine_intervals(**ends, value=values, how=question.how, by=keys)
        except (ValueError, TypeError, OverflowError) as error:
            raise self.reader.placed(error, rows) from error


def chained(columns: Sequence[Any]) -> Any:
    """Put columns one after the other."""
    if columns[0] is None:
        return None
    if hasattr(columns[0], "type"):
        return import_module("pyarrow").chunked_array(columns)
    return list(chain.from_iterable(columns))
