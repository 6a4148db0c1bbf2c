"""Files: schedules read from CSV, with complaints that name file, line and column; results written as CSV or JSON."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import json
import math
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import IO, Any, NamedTuple

from .coordinates import is_aware, quoted

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
CLOCK = re.compile("[:T]")
BEYOND_MICROSECONDS = re.compile(r"[.,]\d{6}0*[1-9]")
EXTENSIONS = (".csv", ".json")


class Names(NamedTuple):
    """The names of the columns that are asked for; None for those that are not."""

    start: str
    stop: str
    value: str | None = None
    key: str | None = None


class Row(NamedTuple):
    """One valued interval of a file, the line it began in, and its group's key."""

    line: int
    key: str | None
    start: Any
    stop: Any
    value: int | Decimal = 1


class Schedule(NamedTuple):
    """What was read: the rows kept, and how many were dropped because something is missing in them."""

    rows: list[Row]
    dropped: int


class Cells(NamedTuple):
    """The cells of one column as text, and the name of the column."""

    column: str
    texts: list[str]


class Place(NamedTuple):
    """Where cells come from: tells file, line and column of a row."""

    path: str
    lines: list[int]

    def of(self, row: int, column: str) -> str:
        """Give the place of a cell, for an error message."""
        return f"{self.path}: line {self.lines[row]}, column {quoted(column)}"


def read_schedule(path: str, names: Names, missing: str = "raise", how: str = "sum") -> Schedule:
    """Read the intervals of a CSV file, "-" for standard input.

    Start and stop become ints, Decimals, dates, or naive or aware datetimes, all of one kind; values ints or Decimals.
    `missing` and `how` are those of `combine_intervals`: with "open" a missing start or stop is None, with "count"
    values are not looked at.

    Raises ValueError naming file, line (from 1, with the header) and column; OSError if the file cannot be read.
    """
    with opened(path) as file:
        place, columns = read_cells(shown(path), file, [name for name in names if name is not None])
    start, stop, *others = columns
    keys = others.pop().texts if names.key is not None else None
    starts, stops = typed([start, stop], place, KINDS, missing != "raise")
    worthless = [[1] * len(place.lines)]
    (values,) = typed(others, place, KINDS[:1], missing == "drop") if others and how != "count" else worthless
    rows = []
    for index, (line, *interval) in enumerate(zip(place.lines, starts, stops, values, strict=True)):
        if missing != "drop" or None not in interval:
            refuse_reversed(place, index, names, *interval[:2])
            rows.append(Row(line, keys[index] or None if keys else None, *interval))
    return Schedule(rows, len(place.lines) - len(rows))


def shown(path: str) -> str:
    """Give the name of a file for people."""
    return "standard input" if path == "-" else path


def opened(path: str) -> IO[str]:
    """Open a file or standard input, with or without a byte order mark.

    What is not UTF-8 passes as lone surrogates at first: only among the cells are its line and column known.
    """
    standard = path == "-"
    return open(
        sys.stdin.fileno() if standard else path,
        encoding="utf-8-sig",
        errors="surrogateescape",
        newline="",
        closefd=not standard,
    )


def refuse_reversed(place: Place, row: int, names: Names, start: Any, stop: Any) -> None:
    """Raise ValueError for an interval that ends before it starts."""
    if start is not None and stop is not None and start > stop:
        ends = f"{cell_text(start)} is after {cell_text(stop)} in column {quoted(names.stop)}"
        raise ValueError(f"{place.of(row, names.start)}: {ends}")


def read_cells(path: str, file: Iterable[str], names: Sequence[str]) -> tuple[Place, list[Cells]]:
    """Give the lines at which rows begin, and the cells of some columns."""
    found = read_rows(path, file)
    top, header = next(found, (1, list[str]()))
    if not header:
        raise ValueError(f"{path}: line 1: the file is empty; its first line must name the columns")
    header = [name.strip() for name in header]
    refuse_undecoded(path, top, header, range(1, len(header) + 1))
    picked = [position(f"{path}: line {top}, column {quoted(name)}", header, name) for name in names]
    lines: list[int] = []
    columns = [Cells(name, []) for name in names]
    for line, row in found:
        refuse_ragged(f"{path}: line {line}", header, row)
        refuse_undecoded(path, line, row, header)
        lines.append(line)
        for cells, index in zip(columns, picked, strict=True):
            cells.texts.append(row[index])
    return Place(path, lines), columns


def read_rows(path: str, file: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Give the rows that are not blank and the lines at which they begin."""
    reader = csv.reader(file, skipinitialspace=True, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise ValueError(f"{path}: line {line}: {error}") from None
        if row is None:
            return
        if row:
            yield line, row


def position(place: str, header: list[str], column: str) -> int:
    """Find a column in the header."""
    if column not in header:
        raise ValueError(f"{place}: there is no such column; there are {', '.join(map(quoted, header))}")
    if header.count(column) > 1:
        raise ValueError(f"{place}: there are {header.count(column)} columns of that name; which is meant?")
    return header.index(column)


def refuse_ragged(place: str, header: list[str], row: list[str]) -> None:
    """Raise ValueError for a row with fewer or more cells than the header."""
    if len(row) < len(header):
        count = f"the row has {len(row)} cell{'s' * (len(row) != 1)}, the header {len(header)}"
        raise ValueError(f"{place}, column {quoted(header[len(row)])}: there is no cell: {count}")
    if len(row) > len(header):
        count = f"the row has {len(row)} cells, the header {len(header)}"
        raise ValueError(f"{place}, column {len(header) + 1}: the column has no name: {count}")


def refuse_undecoded(path: str, line: int, row: Sequence[str], columns: Sequence[Any]) -> None:
    """Raise ValueError for a cell that is not UTF-8."""
    for cell, column in zip(row, columns, strict=True):
        if not cell.isascii():
            try:
                cell.encode()
            except UnicodeEncodeError:
                raise ValueError(f"{path}: line {line}, column {quoted(column)}: the text is not UTF-8") from None


def number(text: str) -> int | Decimal:
    """Read a whole number or a decimal, exactly; ValueError if it is neither."""
    if not NUMBER.fullmatch(text):
        raise ValueError("no number")
    if WHOLE.fullmatch(text):
        with contextlib.suppress(ValueError):  # of thousands of digits, more than Python reads as an int
            return int(text)
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError("beyond what a Decimal holds") from None


def naive(text: str) -> dt.datetime:
    """Read an ISO datetime without an offset from UTC."""
    return date_time(text, aware=False)


def aware(text: str) -> dt.datetime:
    """Read an ISO datetime with its offset from UTC."""
    return date_time(text, aware=True)


def date_time(text: str, aware: bool) -> dt.datetime:
    """Read an ISO datetime; ValueError for a mere date too, and for what a datetime cannot hold exactly."""
    x = dt.datetime.fromisoformat(text)
    if is_aware(x) != aware or not CLOCK.search(text) or BEYOND_MICROSECONDS.search(text):
        raise ValueError("another kind")
    return x


class Kind(NamedTuple):
    """What a column may hold, and how a cell of it is read."""

    name: str
    read: Callable[[str], Any]


KINDS = (
    Kind("number", number),
    Kind("ISO date", dt.date.fromisoformat),
    Kind("ISO datetime without an offset from UTC (microseconds at most)", naive),
    Kind("ISO datetime with an offset from UTC (microseconds at most)", aware),
)
ANY_KIND = "number, ISO date or ISO datetime (microseconds at most)"


def typed(columns: Sequence[Cells], place: Place, kinds: Sequence[Kind], may_lack: bool) -> list[list[Any]]:
    """Read the cells of columns that must be of one kind: the one that fits the first cell. Empty cells are None."""
    kind: Kind | None = None
    read: list[list[Any]] = [[] for _ in columns]
    for row in range(len(place.lines)):
        for (column, texts), items in zip(columns, read, strict=True):
            text = texts[row].strip()
            if not text:
                if not may_lack:
                    raise ValueError(f"{place.of(row, column)}: the cell is empty{remedies(kinds)}")
                items.append(None)
                continue
            try:
                kind = kind or kind_of(text, kinds)
            except ValueError as error:
                raise ValueError(f"{place.of(row, column)}: {quoted(text)} {error}") from None
            try:
                items.append(kind.read(text))
            except ValueError:
                like = f"is no {kind.name}, as the cells before it are"
                raise ValueError(f"{place.of(row, column)}: {quoted(text)} {like}") from None
    if any(isinstance(x, Decimal) for items in read for x in items):
        return [[Decimal(x) if isinstance(x, int) else x for x in items] for items in read]
    return read


def remedies(kinds: Sequence[Kind]) -> str:
    """Say what may be done about an empty cell."""
    opening = ", --missing open opens the end" if kinds is KINDS else ""
    return f"; --missing drop leaves such rows out{opening}"


def kind_of(text: str, kinds: Sequence[Kind]) -> Kind:
    """Find the kind that fits a cell."""
    for kind in kinds:
        with contextlib.suppress(ValueError):
            kind.read(text)
            return kind
    raise ValueError(f"is no {ANY_KIND if kinds is KINDS else kinds[0].name}")


def cell_text(x: Any) -> str:
    """Give the text of a cell: empty for an open end, ISO 8601 for times."""
    if x is None or x in (-math.inf, math.inf):
        return ""
    return x.isoformat().replace("+00:00", "Z") if isinstance(x, dt.date) else str(x)


def json_text(x: Any) -> str:
    """Give a cell as JSON: a Decimal as the number that it is, digit for digit, which the module json cannot."""
    text = cell_text(x)
    if x is None or x in (-math.inf, math.inf):
        return "null"
    return text if isinstance(x, int | Decimal) else json.dumps(text, ensure_ascii=False)


def check_output(path: str) -> None:
    """Raise ValueError unless the name of a file to write says that it is CSV or JSON."""
    extension = os.path.splitext(path)[1]
    if extension.lower() not in EXTENSIONS:
        raise ValueError(f"{path}: the extension is {quoted(extension)}; it must be {' or '.join(EXTENSIONS)}")


def write_table(path: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write CSV, or a JSON list of objects, as the extension says. The file appears whole or not at all."""
    check_output(path)
    partial = f"{path}.{os.getpid()}.partial"  # in the same folder, so that it can take the place of another
    with contextlib.ExitStack() as failed:
        with open(partial, "x", encoding="utf-8", newline="") as file:
            failed.callback(os.remove, partial)
            (write_json if path.lower().endswith(".json") else write_csv)(file, header, rows)
        os.replace(partial, path)
        failed.pop_all()


def write_csv(file: IO[str], header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows under their header."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(map(cell_text, row) for row in rows)


def write_json(file: IO[str], header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a list of objects, one a line."""
    names = [json.dumps(name, ensure_ascii=False) for name in header]
    separator = "[\n"
    for row in rows:
        pairs = (f"{name}: {json_text(x)}" for name, x in zip(names, row, strict=True))
        file.write(f"{separator}{{{', '.join(pairs)}}}")
        separator = ",\n"
    file.write("[]\n" if separator == "[\n" else "\n]\n")
