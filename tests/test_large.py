"""Columns large enough for what the extension does only then: buckets, a second thread, blocks that are kept."""

from __future__ import annotations

import numpy as np
import pytest

from intervalues import combine_intervals

BLOCKS = """
import gc, os
from array import array
from intervalues import backend, combine_intervals

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

ends = array("q", range(0, 10**9, 3000))

def run(times):
    for turn in range(times):
        count = 270_000 + turn * 7919 % 60_000
        combine_intervals(start=ends[:count], stop=ends[9 : count + 9])
    gc.collect()
    return resident()

few, many = (12, 40) if backend().name == "rust" else (1, 2)
before = run(few)
assert (grew := run(many) - before) < 40 * 2**20, grew  # one result that is not freed takes 4 times 2**20
"""


def summed(starts, stops, values):
    """Give breakpoints and levels by a stable sort of all ends."""
    points, places = np.unique(np.concatenate([starts, stops]), return_inverse=True)
    changes = np.zeros(len(points), dtype="q")
    np.add.at(changes, places, np.concatenate([values, -values]))
    return points[changes != 0], np.cumsum(changes)[changes != 0]


@pytest.mark.parametrize("count", [2**17 - 1, 2**17])
@pytest.mark.parametrize("longest", [50, 10**9])
@pytest.mark.parametrize("scale", [1, 2.0**-20])
def test_many_intervals_are_what_their_ends_add_up_to(count, longest, scale):
    random = np.random.default_rng(count)
    starts = random.integers(-(10**9), 10**9, count)
    stops = starts + random.integers(1, longest, count)
    values = random.integers(-1000, 1000, count)
    points, levels = summed(starts, stops, values)
    made = combine_intervals(start=starts * scale, stop=stops * scale, value=values * scale)
    assert np.array_equal(made.breakpoints, points * scale)
    assert np.array_equal(made.levels, np.concatenate([[0], levels * scale]))


@pytest.mark.skipif("sys.platform != 'linux'", reason="tells how much memory is in use")
def test_large_calls_leave_nothing_behind(run_python):
    done = run_python(BLOCKS)
    assert (done.returncode, done.stderr) == (0, "")
