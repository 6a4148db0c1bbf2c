"""A pytest plugin for where libraries, processes or threads are absent: tests that need them are skipped.

`python -m pytest -p tests.absent`: where nothing is absent it changes nothing.
"""

from __future__ import annotations

import builtins
import doctest
import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

LIBRARIES = ("duckdb", "matplotlib", "numpy", "pandas", "polars", "pyarrow", "scipy")
ABSENT = [name for name in LIBRARIES if importlib.util.find_spec(name) is None]
TESTS = Path(__file__).parent
WORDS = re.compile(r"No module named .?'(\w+)|needs (\w+): pip install|absent\.(\w+)")
PAGES: dict[Path, str] = {}  # what the first example that was skipped on a page needs
import_module = builtins.__import__


class Placeholder:
    """Stands for what a test module takes of an absent library while it is read; a test that uses it is skipped."""

    reading = True
    library: str

    def __repr__(self) -> str:
        return f"absent.{self.library}"

    def __call__(self, *arguments: object, **keywords: object) -> Placeholder:
        if not Placeholder.reading:
            pytest.skip(f"needs {self.library}")
        return self

    __getitem__ = __add__ = __radd__ = __sub__ = __mul__ = __rmul__ = __or__ = __ror__ = __neg__ = __call__

    def __iter__(self) -> Iterator[Placeholder]:
        yield self()

    def __getattr__(self, name: str) -> Placeholder:
        if name.startswith("__"):  # which others ask everything for
            raise AttributeError(name)
        return self()


def reading(name, globals=None, locals=None, fromlist=(), level=0):
    """Import as ever, but give test modules placeholders for what is absent."""
    library = name.partition(".")[0]
    if library in ABSENT and globals and TESTS in Path(globals.get("__file__", ".")).parents:
        return type(library, (Placeholder,), {"library": library})()
    return import_module(name, globals, locals, fromlist, level)


def pytest_sessionstart() -> None:
    """Let test modules be read."""
    builtins.__import__ = reading


def pytest_collection_finish() -> None:
    """From here on, what is absent is absent."""
    builtins.__import__ = import_module
    Placeholder.reading = False


def placeholders(value: object) -> Iterator[Placeholder]:
    """Find what stands for something absent in the parameters of a test."""
    if isinstance(value, Placeholder):
        yield value
    elif isinstance(value, dict):
        yield from placeholders([*value, *value.values()])
    elif isinstance(value, list | tuple | set):
        for item in value:
            yield from placeholders(item)


def lacking(error: BaseException | None) -> str | None:
    """Tell what is absent, if the words of this error, or of what caused it, say that this is why."""
    if error is None:
        return None
    if isinstance(error, doctest.UnexpectedException):
        return lacking(error.exc_info[1])
    for names in WORDS.findall(str(error)):
        if name := next((name.lower() for name in names if name.lower() in ABSENT), None):
            return name
    if sys.platform == "emscripten" and "does not support processes" in str(error):
        return "processes"
    if sys.platform == "emscripten" and "can't start new thread" in str(error):
        return "threads"
    return lacking(error.__cause__)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Skip what cannot run here."""
    for placeholder in placeholders(item.callspec.params if hasattr(item, "callspec") else {}):
        placeholder()
    try:
        return (yield)
    except Exception as error:
        if what := lacking(error):
            if item.path.suffix == ".md":
                PAGES.setdefault(item.path, what)
            pytest.skip(f"needs {what}")
        if item.path in PAGES:  # the examples of a page build upon each other
            pytest.skip(f"fails after an example that needs {PAGES[item.path]}")
        raise
