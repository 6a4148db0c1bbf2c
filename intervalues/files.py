"""Files: opened, recognised by their first bytes, and read in batches, with a progress bar."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from importlib import import_module
from typing import IO, Any, NamedTuple

from . import binaryfiles, textfiles
from .coordinates import quoted
from .textfiles import Batch

MOST_MAGIC = max(map(len, binaryfiles.MAGIC))
BUFFER = 2**20
BOM = b"\xef\xbb\xbf"
PROGRESS_AFTER = 1  # seconds


class Source(NamedTuple):
    """A file that is being read: its name for people, what its rows are called, and its rows, in batches."""

    path: str
    noun: str
    batches: Iterator[Batch]

    def place(self, row: int, column: str) -> str:
        """Give the place of a cell, for an error message."""
        return f"{self.path}: {self.noun} {row}, column {quoted(column)}"


def shown(path: str) -> str:
    """Give the name of a file for people."""
    return "standard input" if path == "-" else path


@contextlib.contextmanager
def opened(path: str, names: Sequence[str]) -> Iterator[Source]:
    """Open a file, or standard input for "-", of any format, to read columns of these names.

    ValueError naming the file, line or row, and column, if it cannot be read, here and while its batches are read.
    """
    with contextlib.ExitStack() as stack:
        try:
            file: IO[bytes] = open_bytes(path)
            stack.callback(file.close)
            head = file.read(MOST_MAGIC)
            magic = next((magic for magic in binaryfiles.MAGIC if head.startswith(magic)), None)
            whole = rejoined(head, file)
            if magic is None:
                yield text_source(path, head, whole, file, names, stack)
            else:
                if path == "-" and magic != binaryfiles.ARROW_STREAM:  # those must be read from their end
                    whole = stack.enter_context(spooled(whole))
                yield binary_source(path, magic, whole, names, stack)
        except OSError as error:
            raise ValueError(f"{shown(path)}: {error.strerror or error}") from None


def open_bytes(path: str) -> IO[bytes]:
    """Open a file or standard input."""
    if path != "-":
        return open(path, "rb")
    if sys.stdin is None:
        raise OSError("it is closed")
    return open(sys.stdin.fileno(), "rb", closefd=False)


def rejoined(head: bytes, file: IO[bytes]) -> IO[bytes]:
    """Give a file from its beginning on, of which some bytes have been read."""
    if file.seekable():
        file.seek(-len(head), os.SEEK_CUR)
        return file
    return io.BufferedReader(Rejoined(head, file), BUFFER)


class Rejoined(io.RawIOBase):
    """Bytes that were read from a pipe, and what follows."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self.head: bytes = head
        self.rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self.head:
            return self.rest.readinto(buffer)  # type: ignore[attr-defined, no-any-return]
        found, self.head = self.head[: len(buffer)], self.head[len(buffer) :]
        buffer[: len(found)] = found
        return len(found)


@contextlib.contextmanager
def spooled(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """Copy what comes through a pipe to a file without a name, which is gone when it is closed."""
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(file, copy, BUFFER)
        copy.seek(0)
        yield copy


def text_source(
    path: str, head: bytes, whole: IO[bytes], file: IO[bytes], names: Sequence[str], stack: contextlib.ExitStack
) -> Source:
    """Read CSV, or JSON Lines if it begins with a brace, with or without a byte order mark.

    What is not UTF-8 passes as lone surrogates at first: only among the cells are its line and column known.
    """
    is_json = head.removeprefix(BOM).lstrip().startswith(b"{")
    read = textfiles.json_batches if is_json else textfiles.csv_batches
    text = io.TextIOWrapper(whole, encoding="utf-8-sig", errors="surrogateescape", newline="")
    stack.callback(text.close)
    size = os.fstat(file.fileno()).st_size if file.seekable() else None
    batches = watched(read(shown(path), text, names), size, "B", lambda _: file.tell() if size else 0)
    return Source(shown(path), "line", stack.enter_context(contextlib.closing(batches)))


def binary_source(
    path: str, magic: bytes, whole: IO[bytes], names: Sequence[str], stack: contextlib.ExitStack
) -> Source:
    """Read Parquet or Arrow IPC."""
    name = shown(path)
    there, batches, total = stack.enter_context(binaryfiles.opened(name, magic, whole))
    found = binaryfiles.record_batches(name, names, there, batches)
    seen = watched(found, total, " rows", lambda batch: batch.rows.stop)
    return Source(name, "row", stack.enter_context(contextlib.closing(seen)))


def watched(
    batches: Iterator[Batch], total: int | None, unit: str, done: Callable[[Any], int]
) -> Generator[Batch, None, None]:
    """Give batches, with a progress bar if that takes long, somebody looks at it, and tqdm can be imported."""
    try:
        if not sys.stderr.isatty():
            raise ImportError
        tqdm = import_module("tqdm").tqdm
    except ImportError:
        yield from batches
        return
    with tqdm(total=total, unit=unit, unit_scale=True, delay=PROGRESS_AFTER, leave=False) as bar:
        for batch in batches:
            bar.update(done(batch) - bar.n)
            yield batch
