"""The dispatch: Rust or Python. The only module that knows about the extension.

The extension answers "not mine" (None) to whatever it cannot do exactly as the Python kernels do, and to everything
that must raise: then Python reads the input again and words the error, so that there is one answer and one message.
"""

import importlib
import math
import os
import warnings
from datetime import tzinfo
from types import ModuleType
from typing import Any, NamedTuple

from ._version import __version__
from .columns import Codes, objects
from .interval import Interval
from .kernels import groups, sweep
from .kernels.groups import Places

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

# Buffers of breakpoints and of levels; how many decimals breakpoints have if they are Decimals, or of times the name of
# their class and their zone; how many decimals levels have if they are Decimals; and of groups where the breakpoints of
# each begin and stop.
Meaning = int | tuple[str, tzinfo | None] | None
Quick = tuple[Any, Any, Meaning, int | None, tuple[Any, Any] | None]

# The number of the group that each row belongs to, and how many groups there are.
Numbered = tuple[memoryview, int]


def extended() -> bool:
    """Tell whether the extension is active."""
    return _extension is not None


def combine_rows(
    rows: Any, how: str, digits: int | None, start_step: int, stop_step: int, groups: Numbered | None
) -> Quick | None:
    """Combine a list or tuple of rows without making lists of their columns; None if that cannot be done.

    If groups of rows are given those of each are combined on their own.
    """
    if _extension is None:
        return None
    quick: Quick | None = _extension.combine_rows(rows, Interval, how, digits, start_step, stop_step, groups)
    return quick


def combine_lists(
    starts: Any,
    stops: Any,
    values: Any,
    how: str,
    digits: int | None,
    start_step: int,
    stop_step: int,
    groups: Numbered | None,
) -> Quick | None:
    """Combine lists or tuples that are columns as `combine_rows` does rows; None if that cannot be done."""
    if _extension is None:
        return None
    quick: Quick | None = _extension.combine_lists(starts, stops, values, how, digits, start_step, stop_step, groups)
    return quick


def combine_buffers(
    starts: memoryview,
    stops: memoryview,
    values: memoryview | None,
    how: str,
    digits: int | None,
    start_step: int,
    stop_step: int,
    groups: Numbered | None,
) -> Quick | None:
    """Combine unchecked buffers of numbers as `combine_rows` does rows; None if that cannot be done."""
    if _extension is None:
        return None
    steps = start_step, stop_step
    quick: Quick | None = _extension.combine_columns(
        starts, stops, values, how, digits, *steps, groups, open_ends=False
    )
    return quick


def combine(starts: memoryview, stops: memoryview, values: Codes | list[Any] | None, how: str) -> tuple[Codes, Codes]:
    """Combine checked machine columns: see `kernels.sweep.combine`, which has the same signature."""
    if _extension is not None and not isinstance(values, list | tuple):
        swept = _extension.combine_columns(starts, stops, values, how, None, 0, 0, None, open_ends=True)
        if swept is not None:
            return memoryview(swept[0]), memoryview(swept[1])
    return sweep.combine(starts, stops, values, how)


def merge(
    a_points: Codes, a_levels: Codes, b_points: Codes, b_levels: Codes, operation: str
) -> tuple[Codes, Codes] | None:
    """Merge machine columns as `kernels.merge` does, leaving out breakpoints at which the level stays; None if not."""
    columns = a_points, a_levels, b_points, b_levels
    if _extension is None or not in_machine(*columns):
        return None
    merged = _extension.merge(*columns, operation)
    if merged is None:
        return None
    points, levels = merged
    shared = {0: a_points, 1: b_points}  # those of one function, where all of them stay
    return shared[points] if type(points) is int else memoryview(points), memoryview(levels)


def in_machine(*columns: Codes) -> bool:
    """Tell whether all columns are machine columns."""
    return all(isinstance(column, memoryview) for column in columns)


# Machine columns of breakpoints, levels, and starts and stops of windows.
Columns = tuple[memoryview, memoryview, memoryview, memoryview]


def moments(columns: Columns, power: int) -> tuple[int, int] | None:
    """Give the exact sum of level to a power times length, in all windows: a numerator and a power of two under it."""
    found: tuple[int, int] | None = None if _extension is None else _extension.moments(*columns, power)
    return found


def summarize(columns: Columns, how: str, divisor: int | None = None) -> memoryview | None:
    """Give one value per window: "max", "min", or "integral" (over a divisor) or "mean", rounded once; None if not."""
    found = None if _extension is None else _extension.summarize(*columns, how, divisor)
    return None if found is None else memoryview(found)


def summarize_groups(columns: Columns, window: tuple[memoryview, memoryview], how: str, divisor: int | None) -> Any:
    """Answer as `summarize` does, once per group: in the one window, or if there is none in its span; None if not.

    The columns are the breakpoints and the levels of all groups, and where among them each begins and stops.
    """
    return None if _extension is None else _extension.summarize_groups(*columns, *window, how, divisor)


def distribution(columns: Columns) -> tuple[memoryview, list[int], int] | None:
    """Give the levels in the windows, ascending, and for how long each holds, over a power of two; None if not."""
    found = None if _extension is None else _extension.distribution(*columns)
    return None if found is None else (memoryview(found[0]), found[1], found[2])


def largest(levels: Codes, n: int) -> list[int] | None:
    """Give which of the levels are the n highest that are not zero, highest and then earliest first; None if not."""
    if _extension is None or not in_machine(levels):
        return None
    found: list[int] | None = _extension.largest(levels, min(max(n, 0), len(levels)))
    return found


def at(points: Codes, levels: Codes, xs: Codes, right: bool) -> memoryview | None:
    """Give the level right (or left) of each of the coordinates; None if not."""
    if _extension is None or not in_machine(points, levels, xs):
        return None
    found = _extension.at(points, levels, xs, right)
    return None if found is None else memoryview(found)


def position(points: Codes, x: Any, right: bool) -> int | None:
    """Count the breakpoints that are not after `x` (or before it); None if not."""
    if _extension is None or not isinstance(points, memoryview):
        return None
    found: int | None = _extension.position(points, x, right)
    return found


def proper(points: Codes, levels: Codes) -> bool:
    """Tell whether machine columns are known to be those of a step function: strictly increasing, finite and so on."""
    return _extension is not None and in_machine(points, levels) and _extension.proper(points, levels) is True


def increases(numbers: Codes) -> bool:
    """Tell whether a machine column is known to increase strictly, with proper numbers in it."""
    return _extension is not None and in_machine(numbers) and _extension.increases(numbers) is True


def segments(points: Codes, levels: Codes) -> tuple[memoryview, memoryview, memoryview] | None:
    """Give the starts, stops and levels of the pieces whose level is not zero; None if not, or if one has no end."""
    found = _extension.segments(points, levels) if _extension is not None and in_machine(points, levels) else None
    return None if found is None else (memoryview(found[0]), memoryview(found[1]), memoryview(found[2]))


def count_segments(levels: Codes) -> int | None:
    """Count the levels that are not zero; None if not."""
    found: int | None = _extension.count_segments(levels) if _extension is not None and in_machine(levels) else None
    return found


def window_index(points: Codes, levels: Codes) -> Any:
    """Give what answers about windows as `summarize` does, in O(log n) each; None if the extension cannot."""
    if _extension is None or not in_machine(points, levels):
        return None
    index = _extension.window_index(points, levels)
    return None if index is None else index.summarize


def number_keys(keys: memoryview | list[Any]) -> tuple[memoryview, list[Any]] | None:
    """Give the number of each key, in the order of their first appearance, and the distinct ones; None if not."""
    if _extension is None:
        return None
    if isinstance(keys, list):
        found = _extension.number_objects(keys)
        return None if found is None else (memoryview(found[0]), found[1])
    found = _extension.number_keys(keys)
    return None if found is None else (memoryview(found[0]), memoryview(found[1]).tolist())


def compose(numbers: Codes, starts: memoryview, stops: memoryview, count: int) -> Places:
    """Turn ends into places: see `kernels.groups.compose`, which has the same signature."""
    found = None if _extension is None else _extension.compose(numbers, starts, stops, count)
    if found is None:
        return groups.compose(numbers, starts, stops, count)
    first, last, width, lowest, highest, ranked = found
    shown = None if ranked is None else memoryview(ranked)
    return Places(memoryview(first), memoryview(last), width, lowest, highest, shown, str(starts.format))


def split(points: Codes, places: Places, count: int) -> tuple[memoryview, memoryview, memoryview]:
    """Turn swept places into coordinates: see `kernels.groups.split`, which has the same signature."""
    found = None
    if _extension is not None and in_machine(points):
        line = places.width, places.lowest, places.highest, places.ranked
        found = _extension.split(points, *line, count)
    if found is None:
        return groups.split(points, places, count)
    return memoryview(found[0]), memoryview(found[1]), memoryview(found[2])


def extent(starts: memoryview, stops: memoryview) -> tuple[Any, Any] | None:
    """Give the lowest start and the highest stop of rows none of which is reversed; None if one is, or if not."""
    found: tuple[Any, Any] | None = None if _extension is None else _extension.extent(starts, stops)
    return found


def finite(numbers: Codes) -> bool:
    """Tell whether all floats of a column are finite; False may be wrong where their sum is not. O(n)."""
    found = _extension.finite(numbers) if _extension is not None and in_machine(numbers) else None
    return math.isfinite(sum(objects(numbers))) if found is None else bool(found)
