"""Binary files: batches of columns from Parquet and Arrow IPC, read with pyarrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import IO, Any

from .coordinates import quoted
from .textfiles import ROWS, Batch, position

PARQUET = b"PAR1"
ARROW_FILE = b"ARROW1"
ARROW_STREAM = b"\xff\xff\xff\xff"
MAGIC = {PARQUET: "Parquet", ARROW_FILE: "Arrow", ARROW_STREAM: "Arrow"}


def needed_pyarrow(path: str, name: str) -> ModuleType:
    """Import pyarrow, and narwhals, through which its columns are read; ImportError that names the extra."""
    try:
        import_module("narwhals.stable.v2")
        return import_module("pyarrow")
    except ImportError as error:
        raise ImportError(f"{path}: {name} needs pyarrow: pip install 'intervalues[arrow]'") from error


@contextmanager
def opened(path: str, magic: bytes, file: IO[bytes]) -> Iterator[tuple[list[str], Any, int | None]]:
    """Give the names of the columns, what iterates over record batches of those chosen, and how many rows there are."""
    pyarrow = needed_pyarrow(path, MAGIC[magic])
    with reworded(path, pyarrow):
        if magic == PARQUET:
            table = import_module("pyarrow.parquet").ParquetFile(file)
            schema, total = table.schema_arrow, table.metadata.num_rows
        else:
            table = (pyarrow.ipc.open_file if magic == ARROW_FILE else pyarrow.ipc.open_stream)(file)
            schema, total = table.schema, None

    def batches(names: Sequence[str]) -> Iterator[Any]:
        if magic == PARQUET:
            # a name may lead into a nested column: those are picked again, by their place, from what is read
            yield from table.iter_batches(ROWS, columns=list(dict.fromkeys(names)))
        elif magic == ARROW_FILE:
            yield from map(table.get_batch, range(table.num_record_batches))
        else:
            yield from table

    yield schema.names, batches, total


def record_batches(path: str, names: Sequence[str], there: Sequence[str], batches: Any) -> Iterator[Batch]:
    """Give columns as arrays of pyarrow; those of text as lists of texts. Rows count from 0."""
    for name in names:
        position(f"{path}: column {quoted(name)}", there, name)
    pyarrow = import_module("pyarrow")
    found = iter(batches(names))
    count = 0
    while True:
        with reworded(f"{path}: row {count}", pyarrow):
            batch = next(found, None)
            if batch is None:
                return
            batch.validate(full=True)
            columns = [plain(pyarrow, batch.column(batch.schema.names.index(name))) for name in names]
        yield Batch(range(count, count + batch.num_rows), columns)
        count += batch.num_rows


@contextmanager
def reworded(place: str, pyarrow: Any) -> Iterator[None]:
    """Turn what pyarrow raises about a file into a ValueError that tells where."""
    try:
        yield
    except (pyarrow.ArrowException, OSError) as error:
        raise ValueError(f"{place}: {error}") from None


def plain(pyarrow: Any, column: Any) -> Any:
    """Give a column without a dictionary; text as a list."""
    kind = column.type
    if pyarrow.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    return column.to_pylist() if is_text(pyarrow, kind) else column


def is_text(pyarrow: Any, kind: Any) -> bool:
    """Tell whether a type of Arrow is one of text."""
    types = pyarrow.types
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def as_texts(column: Any) -> list[str | None]:
    """Give a column of an array as texts, to be read as another kind; what is text already stays."""
    items = column if isinstance(column, list) else column.to_pylist()
    return [None if x is None else str(x) for x in items]


def as_objects(column: Any) -> Any:
    """Give a column of naive times as datetimes, where a zone tells what they mean; every other column as it is."""
    pyarrow = import_module("pyarrow")
    kind = column.type
    if not pyarrow.types.is_timestamp(kind) or kind.tz is not None:
        return column
    return column.cast(pyarrow.timestamp("us")).to_pylist()
