"""Writing: tables in the formats of the command, and pictures; each file appears whole or not at all."""

from __future__ import annotations

import contextlib
import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from . import plotting, svg, tables
from .binaryfiles import needed_pyarrow
from .cells import cell_text, json_text
from .collection import IntervalCollection
from .columns import Segments
from .coordinates import quoted
from .groups import IntervalGroups
from .text import spoken
from .view import views

BINARY = {".parquet": "Parquet", ".arrow": "Arrow"}
TABLES = (".csv", ".json", ".jsonl", *BINARY)
PICTURES = (".svg", ".png", ".pdf")
STYLE = "color:#000;font:11px sans-serif"
DOTS = 150  # an inch, of a picture in dots


def extension_of(path: str) -> str:
    """Give the extension of a file."""
    return os.path.splitext(path)[1].lower()


def check_extension(path: str, allowed: Sequence[str]) -> None:
    """Raise ValueError unless the name of a file to write says what it is to be."""
    extension = os.path.splitext(path)[1]
    if extension.lower() not in allowed:
        ways = f"{', '.join(allowed[:-1])} or {allowed[-1]}"
        raise ValueError(f"{path}: the extension is {quoted(extension)}; it must be {ways}")


Writing = tuple[str, Callable[[str], None]]  # a file, and what writes it under another name


def write_whole(files: Sequence[Writing]) -> None:
    """Write files, each of which appears whole; none does if one of them cannot be written."""
    with contextlib.ExitStack() as failed:
        partial = {path: f"{path}.{os.getpid()}.partial" for path, _ in files}  # beside them, to take their places
        for path, write in files:
            try:
                with open(partial[path], "xb"):
                    failed.callback(Path(partial[path]).unlink, missing_ok=True)
                write(partial[path])
            except OSError as error:
                raise ValueError(f"{path}: {error.strerror or error}") from None
        for path in partial:
            try:
                os.replace(partial[path], path)
            except OSError as error:
                raise ValueError(f"{path}: {error.strerror or error}") from None
        failed.pop_all()


# Tables


def table_writer(path: str, by: str | None, parts: Sequence[tuple[Any, Segments[Any, Any]]], valued: bool) -> Writing:
    """Give what writes segments under the names of their columns: the key, if there are groups, start, stop, value."""
    header = [*([] if by is None else [by]), "start", "stop", *(["value"] if valued else [])]
    if header.count(by or "") > 1:
        raise ValueError(f"{path}: there would be two columns {by!r}; rename the one of --by")
    extension = extension_of(path)
    if extension in BINARY:
        table = arrow_table(path, header, parts)
        return path, lambda partial: write_binary(partial, table, extension)
    first = 0 if by is not None else 1
    rows = ((key, *segment)[first : first + len(header)] for key, segments in parts for segment in segments)
    write = {".csv": write_csv, ".json": write_json, ".jsonl": write_json_lines}[extension]
    return path, lambda partial: write(partial, header, rows)


def arrow_table(path: str, header: Sequence[str], parts: Sequence[tuple[Any, Segments[Any, Any]]]) -> Any:
    """Give segments as a table of Arrow."""
    needed_pyarrow(path, BINARY[extension_of(path)])
    fields = tables.fields_of([tables.parts_of_segments(segments) for _, segments in parts])
    if header[0] != "start" or header.count("start") > 1:
        keys, counts = [key for key, _ in parts], [len(segments) for _, segments in parts]
        fields = [tables.key_field(header[0], keys, counts), *fields]
    try:
        return tables.frame("pyarrow", lambda: fields[: len(header)])
    except (OverflowError, TypeError) as error:
        raise ValueError(f"{path}: {error}; .csv and .json hold everything") from error


def write_binary(path: str, table: Any, extension: str) -> None:
    """Write a table of Arrow as Parquet or Arrow IPC."""
    if extension == ".parquet":
        import_module("pyarrow.parquet").write_table(table, path)
        return
    with import_module("pyarrow.ipc").new_file(path, table.schema) as file:
        file.write_table(table)


def write_csv(path: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows under their header."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(map(cell_text, row) for row in rows)


def write_json(path: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a list of objects, one a line."""
    with open(path, "w", encoding="utf-8") as file:
        separator = "[\n"
        for text in json_objects(header, rows):
            file.write(f"{separator}{text}")
            separator = ",\n"
        file.write("[]\n" if separator == "[\n" else "\n]\n")


def write_json_lines(path: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write objects, one a line."""
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(f"{text}\n" for text in json_objects(header, rows))


def json_objects(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Give rows as JSON objects."""
    names = [json.dumps(name, ensure_ascii=False) for name in header]
    for row in rows:
        pairs = (f"{name}: {json_text(x)}" for name, x in zip(names, row, strict=True))
        yield f"{{{', '.join(pairs)}}}"


# Pictures


def picture_writer(
    path: str, together: IntervalCollection[Any, Any], groups: Mapping[Any, IntervalCollection[Any, Any]]
) -> Writing:
    """Give what draws groups under each other, or all together without groups."""
    if len(groups) > plotting.MOST_GROUPS:
        raise ValueError(f"{path}: there are {len(groups):,} groups; at most {plotting.MOST_GROUPS} can be drawn")
    if extension_of(path) == ".svg":
        text = svg_text(groups or {None: together}, named=bool(groups))
        return path, lambda partial: write_text(partial, text)
    try:
        import_module("matplotlib").use("agg")  # which needs no screen
    except ImportError as error:
        raise ImportError(f"{path}: this needs matplotlib: pip install 'intervalues[plot]'; .svg does not") from error
    figure = drawn(together, groups)
    return path, lambda partial: figure.savefig(partial, format=extension_of(path)[1:], dpi=DOTS)


def svg_text(functions: Mapping[Any, IntervalCollection[Any, Any]], named: bool) -> str:
    """Draw functions as SVG, black on white, since not all that shows a file has a ground, and of a fixed size."""
    found = [levels._steps for levels in functions.values()]
    names = [label(key) if named else "" for key in functions]
    rows = [svg.Row(name, steps.kind, view) for name, steps, view in zip(names, found, views(found), strict=True)]
    begin, middle, rest = svg.picture(rows).replace(svg.STYLE, STYLE, 1).partition(">")
    return f'{begin}{middle}<rect width="100%" height="100%" fill="#fff"/>{rest}\n'


def drawn(together: IntervalCollection[Any, Any], groups: Mapping[Any, IntervalCollection[Any, Any]]) -> Any:
    """Draw functions with matplotlib; give the figure."""
    pyplot = plotting.pyplot()
    if not groups:
        figure, axes = pyplot.subplots(figsize=(9, 4), layout="constrained")
        together.plot(axes)
    else:
        figure = IntervalGroups({label(key): levels for key, levels in groups.items()}).plot()[0].figure
        figure.set_figwidth(9)
    pyplot.close(figure)
    return figure


def write_text(path: str, text: str) -> None:
    """Write text."""
    Path(path).write_text(text, encoding="utf-8")


def label(key: Any) -> str:
    """Give the name of a group to show."""
    return "(none)" if key is None else key if isinstance(key, str) else spoken(key)
