"""Threads (35, 42): what many ask at once, with a lock around the interpreter or without; each test is a race."""

from __future__ import annotations

import os
import sys
import sysconfig
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

import numpy as np
import pytest
from outcomes import shown
from test_bad_orders import keeps_its_invariants

from intervalues import IntervalAccumulator, IntervalCollection, combine_intervals

ROWS = [(i * 7919 % 1009, i * 7919 % 1009 + i % 13, i % 7 - 3) for i in range(3000)]


@pytest.fixture(autouse=True)
def taking_turns_often():
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def at_once(call, threads=10):
    """Call in many threads at the same moment; the answers."""
    start = threading.Barrier(threads)

    def work(number):
        start.wait()
        return call(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, range(threads)))


def while_changing(change, call, times=20):
    """Call again and again while another thread changes something; the answers, and what was raised."""
    stop = threading.Event()

    def keep_changing():
        while not stop.is_set():
            change()

    def work(_):
        found = []
        for _ in range(times):
            try:
                found.append(call())
            except (TypeError, ValueError) as error:
                found.append(error)
        return found

    changing = threading.Thread(target=keep_changing)
    changing.start()
    try:
        return [answer for answers in at_once(work, 3) for answer in answers]
    finally:
        stop.set()
        changing.join()


def test_the_package_takes_no_lock_where_the_interpreter_has_none(run_python):
    done = run_python("import sys, intervalues\nprint(getattr(sys, '_is_gil_enabled', lambda: True)())", "-W", "error")
    assert (done.stdout, done.stderr) == (f"{not sysconfig.get_config_var('Py_GIL_DISABLED')}\n", "")


def test_an_index_is_the_same_whoever_makes_it():
    starts, stops = np.arange(0, 900, 9), np.arange(50, 950, 9)
    hows = ("mean", "max", "min", "integral")
    for values in ([1, 2, -1], [0.1, 0.2, 1e300]):
        rows = [(start, stop, value) for (start, stop, _), value in zip(ROWS, cycle(values))]
        wanted = [combine_intervals(rows).windows(starts, stops, how=how) for how in hows]
        for _ in range(5):
            c = combine_intervals(rows)
            for first, found in enumerate(at_once(lambda i, c=c: c.windows(starts, stops, how=hows[i % 4]))):
                assert found == wanted[first % 4]


# Where the interpreter has no lock, slices of one memoryview in many threads break it: docs/limits.md tells of it.
@pytest.mark.xfail(bool(sysconfig.get_config_var("Py_GIL_DISABLED")), reason="python/cpython#155606", strict=False)
def test_groups_are_found_by_all_who_look_them_up_first():
    keys = [f"key {stop % 90}" for _, stop, _ in ROWS]
    starts, stops, values = zip(*ROWS, strict=True)
    wanted = None
    for _ in range(10):
        groups = combine_intervals(start=starts, stop=stops, value=values, by=keys)
        found = at_once(lambda _, g=groups: ("key 7" in g, shown(g["key 89"]), g.max(), g.total().integral(), hash(g)))
        wanted = wanted or found[0]
        assert found == [wanted] * 10


def test_each_thread_has_its_own_accumulator():
    def collected(number):
        accumulator = IntervalAccumulator()
        for row in ROWS[number::10]:
            accumulator.add(*row)
        return accumulator

    whole = IntervalAccumulator()
    for accumulator in at_once(collected):
        whole.merge(accumulator)
    assert shown(whole.collect()) == shown(combine_intervals(ROWS))


@pytest.mark.parametrize("how", ["sum", "max", "rows"])
def test_a_list_that_another_thread_changes_gives_what_it_held_or_an_error(how):
    rows = ROWS[:]
    changes = cycle(
        [
            rows.clear,
            lambda: rows.extend(ROWS),
            rows.reverse,
            lambda: rows.append([5, 4, 1]),
            lambda: rows.append((1, 2.5)),
        ]
    )
    for found in while_changing(lambda: next(changes)(), lambda: combine_intervals(rows, how=how)):
        assert keeps_its_invariants(found) if isinstance(found, IntervalCollection) else "row" in str(found)


def test_rows_that_another_thread_changes_give_what_they_held_or_an_error():
    rows = [list(row) for row in ROWS]

    def change():
        for row in rows[::100]:
            row.clear()
            row.extend((1, 2, 3.5))
            row.append(9)
            del row[2:]

    for found in while_changing(change, lambda: combine_intervals(rows)):
        assert keeps_its_invariants(found) if isinstance(found, IntervalCollection) else "row" in str(found)


def test_columns_that_another_thread_changes_give_what_they_held_or_an_error():
    starts, stops, values = map(list, zip(*ROWS, strict=True))
    keys = [str(stop % 10) for stop in stops]

    def change():
        for column in (starts, stops, values, keys):
            last = column.pop()
            column.append(last)

    for found in while_changing(change, lambda: combine_intervals(start=starts, stop=stops, value=values)):
        assert keeps_its_invariants(found) if isinstance(found, IntervalCollection) else "row" in str(found)
    for found in while_changing(change, lambda: combine_intervals(start=starts, stop=stops, value=values, by=keys)):
        assert "row" in str(found) if isinstance(found, Exception) else all(map(keeps_its_invariants, found.values()))


def test_an_array_that_another_thread_writes_gives_what_it_held_or_an_error(backend):
    size = 200_000 if backend == "rust" else 2000  # two threads share the one
    starts = np.arange(size) * 7919 % 100_003
    stops, values = starts + 5.0, np.full(size, 0.1)

    def change():
        values[::3] *= -1
        stops[::97] += 1
        stops[5] = np.nan
        stops[5] = 1e300

    calls = [{"value": values}, {"value": values, "how": "max"}, {}]
    for options in calls:
        for found in while_changing(change, lambda o=options: combine_intervals(start=starts, stop=stops, **o), 2):
            assert keeps_its_invariants(found) if isinstance(found, IntervalCollection) else "row" in str(found)


if hasattr(os, "fork"):

    def test_a_process_forked_while_threads_combine_goes_on_alike(run_python):
        pytest.importorskip("numpy")
        done = run_python(
            "import os, threading, numpy as np, intervalues as iv\n"
            "size = 3000 if iv.backend().name == 'python' else 300_000\n"
            "starts = np.arange(size) * 7919 % 100_003\n"
            "def combined():\n"
            "    return iv.combine_intervals(start=starts, stop=starts + 5, value=starts * 0.1)\n"
            "wanted, done = combined(), threading.Event()\n"
            "def work():\n"
            "    while not done.is_set():\n"
            "        combined()\n"
            "threads = [threading.Thread(target=work) for _ in range(3)]\n"
            "[thread.start() for thread in threads]\n"
            "ends = []\n"
            "for _ in range(5):\n"
            "    child = os.fork()\n"
            "    if child == 0:\n"
            "        os._exit(0 if combined() == wanted else 1)\n"
            "    ends.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
            "done.set()\n"
            "[thread.join() for thread in threads]\n"
            "print(ends)\n",
            *("-W", "ignore::DeprecationWarning"),  # Python warns of forks beside threads
        )
        assert (done.stdout, done.stderr) == ("[0, 0, 0, 0, 0]\n", "")
