"""The dispatch: Rust or Python. The only module that knows about the extension.

The extension answers "not mine" (None) to whatever it cannot do exactly as the Python kernels do, and to everything
that must raise: then Python reads the input again and words the error, so that there is one answer and one message.
"""

from __future__ import annotations

import importlib
import os
import warnings
from types import ModuleType
from typing import Any, NamedTuple

from ._version import __version__
from .columns import Codes
from .interval import Interval
from .kernels import sweep

CHOICES = ("auto", "python", "rust")
EXTENSION = "intervalues._rust"


class Backend(NamedTuple):
    """Which backend is active, `name` "rust" or "python", and why."""

    name: str
    reason: str


def backend() -> Backend:
    """Tell which backend is active and why.

    The environment variable INTERVALUES_BACKEND (auto, python or rust), read at import, chooses it.

    >>> import intervalues
    >>> intervalues.backend().name in ("python", "rust")
    True
    """
    return _active


def choose(setting: str) -> tuple[ModuleType | None, Backend]:
    """Load what `setting` asks for; ImportError if that is the extension and it cannot be used."""
    if setting not in CHOICES:
        raise ValueError(f"INTERVALUES_BACKEND is {setting!r}; it must be one of {', '.join(CHOICES)}")
    if setting == "python":
        return None, Backend("python", "INTERVALUES_BACKEND=python")
    cause: BaseException | None = None
    try:
        extension = importlib.import_module(EXTENSION)
        found = getattr(extension, "__version__", "unknown")
        if found == __version__:
            return extension, Backend("rust", f"{EXTENSION} {found}")
        reason = f"{EXTENSION} is of version {found}, the package of {__version__}: install it again"
        silent = False
    except Exception as error:
        cause = error
        silent = isinstance(error, ModuleNotFoundError) and error.name == EXTENSION
        reason = f"{EXTENSION} is not installed" if silent else f"{EXTENSION} cannot be loaded: {error!r}"
    if setting == "rust":
        raise ImportError(f"INTERVALUES_BACKEND=rust, but {reason}") from cause
    if not silent:
        warnings.warn(f"intervalues runs in pure Python: {reason}", RuntimeWarning, stacklevel=2)
    return None, Backend("python", reason)


_extension, _active = choose(os.environ.get("INTERVALUES_BACKEND", "auto"))


def extended() -> bool:
    """Tell whether the extension is active."""
    return _extension is not None


Quick = tuple[memoryview, memoryview, "int | None", "int | None"]


def combine_rows(rows: Any, how: str, digits: int | None, steps: tuple[int, int]) -> Quick | None:
    """Combine a list or tuple of rows without making lists of their columns; None if that cannot be done.

    Gives breakpoints, levels, and for either the number of decimals if they are Decimals.
    """
    if _extension is None:
        return None
    return _viewed(_extension.combine_rows(rows, Interval, how, digits, *steps))


def combine_buffers(
    starts: memoryview,
    stops: memoryview,
    values: memoryview | None,
    how: str,
    digits: int | None,
    steps: tuple[int, int],
) -> Quick | None:
    """Combine unchecked buffers of numbers as `combine_rows` does rows; None if that cannot be done."""
    if _extension is None:
        return None
    return _viewed(_extension.combine_columns(starts, stops, values, how, digits, *steps, open_ends=False))


def combine(starts: memoryview, stops: memoryview, values: Codes | list[Any] | None, how: str) -> tuple[Codes, Codes]:
    """Combine checked machine columns: see `kernels.sweep.combine`, which has the same signature."""
    if _extension is not None and not isinstance(values, list | tuple):
        swept = _viewed(_extension.combine_columns(starts, stops, values, how, None, 0, 0, open_ends=True))
        if swept is not None:
            return swept[:2]
    return sweep.combine(starts, stops, values, how)


def _viewed(result: tuple[Any, Any, int | None, int | None] | None) -> Quick | None:
    return None if result is None else (memoryview(result[0]), memoryview(result[1]), result[2], result[3])
