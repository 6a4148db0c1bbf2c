"""What the private Rust extension offers; `dispatch.py` alone uses it."""

from typing import Any, final

__version__: str

@final
class Buffer:
    """A read-only column of int64 ("q") or float64 ("d"): `memoryview(buffer)` copies nothing."""

    def __len__(self) -> int: ...

Combined = tuple[Buffer, Buffer, int | None, int | None]

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
def combine_rows(
    rows: list[Any] | tuple[Any, ...],
    interval_type: type,
    how: str,
    digits: int | None,
    start_step: int,
    stop_step: int,
) -> Combined | None: ...
