"""What the private Rust extension offers; `dispatch.py` alone uses it."""

from datetime import tzinfo
from typing import Any, final

__version__: str

@final
class Buffer:
    """A read-only column of int64 ("q") or float64 ("d"): `memoryview(buffer)` copies nothing."""

    def __len__(self) -> int: ...

Meaning = int | tuple[str, tzinfo | None] | None
Combined = tuple[Buffer, Buffer, Meaning, int | None]

def combine_columns(
    starts: Any,
    stops: Any,
    values: Any,
    how: str,
    digits: int | None,
    start_step: int,
    stop_step: int,
    *,
    open_ends: bool = False,
) -> Combined | None: ...
def combine_lists(
    starts: list[Any] | tuple[Any, ...],
    stops: list[Any] | tuple[Any, ...],
    values: list[Any] | tuple[Any, ...] | None,
    how: str,
    digits: int | None,
    start_step: int,
    stop_step: int,
) -> Combined | None: ...
def combine_rows(
    rows: list[Any] | tuple[Any, ...],
    interval_type: type,
    how: str,
    digits: int | None,
    start_step: int,
    stop_step: int,
) -> Combined | None: ...
