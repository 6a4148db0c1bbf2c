"""Nothing grows, however often the library is called, and what walks a collection keeps little of it."""

from __future__ import annotations

import tracemalloc
from collections import deque

import pytest

from intervalues import IntervalCollection, IntervalSet

CALLS = """
import datetime as dt, gc, os, pickle, tracemalloc
from array import array
from decimal import Decimal
from itertools import cycle, islice
from intervalues import Interval, combine_intervals

def rows_of(make, count):
    return [(make(17 * i % 91), make(17 * i % 91 + i % 7), i % 5 - 2) for i in range(count)]

def columns_of(kind, count):
    starts, stops, values = (array(kind, column) for column in zip(*rows_of(int, count)))
    return {"start": starts, "stop": stops, "value": values}

def reversed_row(rows=((3, 1),)):
    try:
        combine_intervals(rows)
    except ValueError:
        return
    raise AssertionError

def resident():
    if not os.path.exists("/proc/self/statm"):
        return 0
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

ten = rows_of(int, 10)
c = combine_intervals(ten)
small = [
    lambda: combine_intervals(ten),
    lambda: combine_intervals(rows_of(float, 10), digits=2),
    lambda: combine_intervals([(Decimal(start), Decimal(stop), value) for start, stop, value in ten]),
    lambda: combine_intervals(ten, how="max", closed="both", step=1),
    lambda: combine_intervals(**columns_of("q", 10)),
    lambda: combine_intervals(**columns_of("d", 10), how="count"),
    lambda: combine_intervals([Interval(dt.date(2024, 1, 1), dt.date(2024, 1, day)) for day in range(1, 9)]),
    reversed_row,
    lambda: pickle.loads(pickle.dumps(c)),
    lambda: (list(c), c + 1, c >= 1, c[3], c[2:5], repr(c), c.integral()),
]
many = [
    lambda rows=rows_of(int, 4000): combine_intervals(rows),
    lambda columns=columns_of("d", 4000): list(combine_intervals(**columns)),
]

def run(calls, times):
    for call in islice(cycle(calls), times):
        call()

def grown(measure, calls, times):
    run(calls, times // 4)
    gc.collect()
    before = measure()
    run(calls, times)
    gc.collect()
    return measure() - before

times = 10_000
traced = lambda: tracemalloc.get_traced_memory()[0]
assert (grew := grown(resident, small, times)) < 64 * times, grew
assert (grew := grown(resident, many, 40)) < 40 * 16_000, grew
tracemalloc.start()
assert (grew := grown(traced, small, 500)) < 500 * 64, grew
assert (grew := grown(traced, many, 8)) < 8 * 500, grew
"""


def test_ten_thousand_calls_leave_nothing_behind(run_python):
    done = run_python(CALLS)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "walk",
    [
        lambda found: deque(found, 0),
        lambda found: deque(reversed(found), 0),
        lambda found: next(iter(found)),
        len,
        repr,
        str,
    ],
)
@pytest.mark.parametrize("made", [IntervalCollection, IntervalSet])
def test_walking_makes_no_list_as_long_as_the_collection(made, walk):
    found = made([(10 * i, 10 * i + 3) for i in range(30_000)])
    tracemalloc.start()
    try:
        walk(found)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 1_000_000  # the shortest such list takes 2,000,000
