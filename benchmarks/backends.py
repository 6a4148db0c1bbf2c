"""One backend or the other, within one process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from intervalues import dispatch


@contextmanager
def use(name: str) -> Iterator[None]:
    """Combine by one backend for a while."""
    before = dispatch._extension, dispatch._active
    dispatch._extension, dispatch._active = dispatch.choose(name)
    try:
        yield
    finally:
        dispatch._extension, dispatch._active = before
