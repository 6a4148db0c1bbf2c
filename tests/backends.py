"""Which backends there are to be tested.

INTERVALUES_EXPECT_RUST=1: the extension must load, else nothing runs at all. INTERVALUES_EXPECT_RUST=0: only pure
Python, and the extension, should there be one, is blocked. Without it: both if the extension is there, and then it
must load.
"""

from __future__ import annotations

import importlib.util
import os
import sys

import pytest

from intervalues import dispatch

EXPECTED = os.environ.get("INTERVALUES_EXPECT_RUST")
if EXPECTED not in (None, "0", "1"):
    raise pytest.UsageError(f"INTERVALUES_EXPECT_RUST is {EXPECTED!r}; it must be 0 or 1")
if EXPECTED == "0":
    sys.modules[dispatch.EXTENSION] = None
    dispatch._extension, dispatch._active = dispatch.choose("auto")

BACKENDS = ["python"]
if EXPECTED == "1" or (EXPECTED is None and importlib.util.find_spec(dispatch.EXTENSION) is not None):
    dispatch.choose("rust")  # an ImportError here stops the session: what is expected must not go untested
    BACKENDS.append("rust")

# For modules whose tests ask pure Python themselves, too: once is enough.
once = pytest.mark.parametrize("backend", BACKENDS[-1:], indirect=True)
