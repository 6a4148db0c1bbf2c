"""Text files: batches of cells from CSV and from JSON Lines, with complaints that name line and column."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, islice
from operator import itemgetter
from typing import Any, NamedTuple

from .coordinates import quoted

ROWS = 50_000  # in a batch
BREAKS = re.compile("\r\n|\r|\n")


class Batch(NamedTuple):
    """Some rows of a file: the line or the number of each, and the columns that were asked for."""

    rows: Sequence[int]
    columns: list[Any]


# CSV


def csv_batches(path: str, file: Iterable[str], names: Sequence[str]) -> Iterator[Batch]:
    """Give columns of CSV as texts."""
    found = csv_rows(path, file)
    top, header = next(((lines[0], rows[0]) for lines, rows in found), (1, list[str]()))
    if not header:
        raise ValueError(f"{path}: line 1: the file is empty; its first line must name the columns")
    header = [name.strip() for name in header]
    refuse_undecoded(path, [top], [header], range(1, len(header) + 1))
    picked = [position(f"{path}: line {top}, column {quoted(name)}", header, name) for name in names]
    for lines, rows in found:
        if set(map(len, rows)) != {len(header)}:
            refuse_ragged(path, lines, rows, header)
        refuse_undecoded(path, lines, rows, header)
        yield Batch(lines, [list(map(itemgetter(index), rows)) for index in picked])


def csv_rows(path: str, file: Iterable[str]) -> Iterator[tuple[Sequence[int], list[list[str]]]]:
    """Give the rows that are not blank, many at a time but the first, and the lines at which they begin."""
    reader = csv.reader(file, skipinitialspace=True, strict=True)
    size = 1
    while True:
        begin, rows, wrong = reader.line_num + 1, list[list[str]](), None
        try:
            rows.extend(islice(reader, size))
        except csv.Error as error:  # of the row after those that were read
            wrong = str(error)
        lines: Sequence[int] = range(begin, begin + len(rows))
        if wrong is not None or reader.line_num >= begin + len(rows):  # some go over several lines
            many = [1 + sum(len(BREAKS.findall(cell)) for cell in row) for row in rows]
            lines = list(accumulate(many, initial=begin))
        if rows and not all(rows):
            kept = [(line, row) for line, row in zip(lines, rows, strict=False) if row]
            filled, full = [line for line, _ in kept], [row for _, row in kept]
        else:
            filled, full = lines[: len(rows)], rows  # type: ignore[assignment]
        if full:
            yield filled, full
            size = ROWS
        if wrong is not None:
            raise ValueError(f"{path}: line {lines[len(rows)]}: {wrong}")
        if not rows:
            return


def position(place: str, header: Sequence[str], column: str) -> int:
    """Find a column in the header."""
    if column not in header:
        raise ValueError(f"{place}: there is no such column; there are {', '.join(map(quoted, header))}")
    times = header.count(column)
    if times > 1:
        raise ValueError(f"{place}: there are {times} columns of that name; which is meant?")
    return header.index(column)


def refuse_ragged(path: str, lines: Sequence[int], rows: Sequence[list[str]], header: list[str]) -> None:
    """Raise ValueError for the first row with fewer or more cells than the header."""
    line, row = next((line, row) for line, row in zip(lines, rows, strict=True) if len(row) != len(header))
    place = f"{path}: line {line}"
    if len(row) < len(header):
        count = f"the row has {len(row)} cell{'s' * (len(row) != 1)}, the header {len(header)}"
        raise ValueError(f"{place}, column {quoted(header[len(row)])}: there is no cell: {count}")
    count = f"the row has {len(row)} cells, the header {len(header)}"
    raise ValueError(f"{place}, column {len(header) + 1}: the column has no name: {count}")


def refuse_undecoded(path: str, lines: Sequence[int], rows: Sequence[Sequence[str]], columns: Sequence[Any]) -> None:
    """Raise ValueError for the first cell that is not UTF-8."""
    if is_encodable("".join(chain.from_iterable(rows))):
        return
    cells = ((line, *cell) for line, row in zip(lines, rows, strict=True) for cell in zip(row, columns, strict=True))
    line, _, column = next(found for found in cells if not is_encodable(found[1]))
    raise ValueError(f"{path}: line {line}, column {quoted(column)}: the text is not UTF-8")


def is_encodable(text: str) -> bool:
    """Tell whether text was UTF-8: what was not has become lone surrogates."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


# JSON Lines


def json_batches(path: str, file: Iterable[str], names: Sequence[str]) -> Iterator[Batch]:
    """Give members of the objects in JSON Lines as texts, None where they are null or absent.

    Numbers stay the text that they are, to be read exactly. ValueError, at the end, for a name that no object has.
    """
    decode = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str).decode
    never = set(names)
    first: list[str] = []
    for lines, texts in numbered(file):
        objects = list[dict[str, Any]]()
        encodable = is_encodable("".join(texts))
        for line, text in zip(lines, texts, strict=True):
            try:
                found = decode(text)
            except (ValueError, RecursionError) as error:
                raise ValueError(f"{path}: line {line}: {json_trouble(text, error)}") from None
            if type(found) is not dict:
                raise ValueError(f"{path}: line {line}: each line must be a JSON object, one row: {{...}}")
            if not encodable:
                refuse_undecoded_members(path, line, text, found)
            objects.append(found)
        first = first or list(objects[0])
        if never:
            never.difference_update(*objects)
        yield Batch(lines, [[cell_of(row.get(name)) for row in objects] for name in names])
    for name in names:
        if name in never:
            raise ValueError(
                f"{path}: line 1, column {quoted(name)}: there is no such column; there are "
                f"{', '.join(map(quoted, first)) or 'none'}"
            )


def numbered(file: Iterable[str]) -> Iterator[tuple[Sequence[int], list[str]]]:
    """Give the lines that are not blank, many at a time, and their numbers."""
    lines = iter(file)
    begin = 1
    while texts := list(islice(lines, ROWS)):
        numbers: Sequence[int] = range(begin, begin + len(texts))
        begin += len(texts)
        if any(map(str.isspace, texts)):
            numbers = [line for line, text in zip(numbers, texts, strict=True) if not text.isspace()]
            texts = [text for text in texts if not text.isspace()]
        if texts:
            yield numbers, texts


def json_trouble(text: str, error: Exception) -> str:
    """Say what is wrong with a line that is no JSON."""
    if not is_encodable(text):
        return "the text is not UTF-8"
    if isinstance(error, json.JSONDecodeError):
        return f"this is no JSON: {error.msg} at character {error.pos + 1}"
    return "this JSON is too deep"


def refuse_undecoded_members(path: str, line: int, text: str, found: dict[str, Any]) -> None:
    """Raise ValueError if a line is not UTF-8, naming the member if it is one by itself."""
    if is_encodable(text):
        return
    column = next((f", column {quoted(name)}" for name, cell in found.items() if not is_encodable(f"{name}{cell}")), "")
    raise ValueError(f"{path}: line {line}{column}: the text is not UTF-8")


def cell_of(found: Any) -> str | None:
    """Give a member of an object as the text of a cell."""
    return found if found is None or type(found) is str else json.dumps(found)
