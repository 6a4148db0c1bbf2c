"""What the package must survive (38, 42 to 45): signals, threads, forks, and what else the host may set."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from decimal import Decimal, Inexact, localcontext
from importlib.util import find_spec

import numpy as np
import pytest
from outcomes import shown

from intervalues import combine_intervals

if hasattr(signal, "setitimer"):

    def test_ctrl_c_ends_a_long_combine_soon(backend):
        size = 150_000 if backend == "python" else 5_000_000
        starts = np.random.default_rng(1).random(size)
        stops, values = starts + 1, np.full(size, 0.1)

        def seconds(interrupted_after=0.0):
            began = time.monotonic()
            signal.setitimer(signal.ITIMER_REAL, interrupted_after)
            try:
                combine_intervals(start=starts, stop=stops, value=values)
                signal.setitimer(signal.ITIMER_REAL, 0)
            except KeyboardInterrupt:
                assert interrupted_after
            return time.monotonic() - began

        before, tracer = signal.signal(signal.SIGALRM, signal.default_int_handler), sys.gettrace()
        sys.settrace(None)  # where coverage is interrupted it may keep its lock, and wait for it for ever
        try:
            whole = min(seconds(), seconds())
            # A call that hears nothing until it is done takes as long as a whole one; a busy machine may do so once.
            assert any(seconds(interrupted_after=whole / 10) < whole / 2 for _ in range(5))
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
            sys.settrace(tracer)
        assert list(combine_intervals(start=starts[:1] * 0, stop=stops[:1] * 0 + 1)) == [(0.0, 1.0, 1)]


def test_ten_threads_get_equal_results():
    rows = [(i % 97, i % 97 + i % 13, i % 7 - 3) for i in range(2000)]
    arrays = np.array(rows, dtype=float)
    c = combine_intervals(rows)
    start = threading.Barrier(10)

    def work(_):
        start.wait()
        return [
            shown(combine_intervals(rows)),
            shown(combine_intervals(arrays)),
            shown(combine_intervals(arrays, how="max")),
            shown(c + c),
            (c.max(), c.integral(), hash(c), c[50]),
        ]

    with ThreadPoolExecutor(10) as pool:
        results = list(pool.map(work, range(10)))
    assert all(result == results[0] for result in results)
    assert results[0][0] == shown(c)


if hasattr(os, "fork"):

    def test_a_forked_process_goes_on_alike(run_python):
        done = run_python(
            "import os, intervalues as iv\n"
            "rows = [(i % 97, i % 97 + i % 13, 0.1 * i) for i in range(5000)]\n"
            "c = iv.combine_intervals(rows)\n"
            "child = os.fork()\n"
            "same = iv.combine_intervals(rows) == c and (c - c).integral() == 0\n"
            "if child == 0:\n"
            "    os._exit(0 if same else 1)\n"
            "print(same, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
        )
        assert (done.stdout, done.stderr) == ("True 0\n", "")


SCRIPT = """
import math, datetime as dt
from decimal import Decimal
from fractions import Fraction
import intervalues as iv
c = iv.combine_intervals([(2, 4, 3), (1, 3, 0.1)])
tries = [
    lambda: c, lambda: c + 1, lambda: c / 3, lambda: c.mean(), lambda: c.integral(), lambda: c[1.5:3],
    lambda: iv.combine_intervals([(Decimal("0.1"), 1, Decimal("1E-40")), (Decimal(0), 3, Decimal("1.1"))]) / 7,
    lambda: iv.combine_intervals([(2, 1)]), lambda: iv.combine_intervals([(1, 2, math.nan)]),
    lambda: iv.combine_intervals([(1, 2), "ab"]), lambda: iv.combine_intervals([(1, 2)], how="x"),
    lambda: iv.combine_intervals(5), lambda: c["a"], lambda: c + None, lambda: c / 0, lambda: c * 1e999,
    lambda: iv.combine_intervals([(0, 1, 1e308)] * 2), lambda: iv.IntervalCollection.from_levels([2, 1], [1, 1]),
    lambda: iv.IntervalCollection._unpickled(1, 2), lambda: setattr(c, "closed", 1), lambda: c.max(within=(1, 1)),
    lambda: iv.combine_intervals([(dt.date(2024, 1, 1), dt.datetime(2024, 1, 1))]),
]
for attempt in tries:
    try:
        print(repr(attempt()))
    except Exception as error:
        print(type(error).__name__, error)
print(__debug__)
"""


def test_optimised_python_behaves_the_same(run_python):
    plain, optimised = run_python(SCRIPT), run_python(SCRIPT, "-OO")
    assert (plain.stderr, optimised.stderr) == ("", "")
    assert plain.stdout.splitlines()[:-1] == optimised.stdout.splitlines()[:-1]
    assert (plain.stdout.splitlines()[-1], optimised.stdout.splitlines()[-1]) == ("True", "False")
    assert len(plain.stdout.splitlines()) == 23


@pytest.mark.parametrize("locale", ["C", "de_DE.UTF-8", "tr_TR.UTF-8", "ja_JP.SJIS"])
def test_another_locale_or_hash_seed_changes_nothing(run_python, locale):
    prologue = "import locale\ntry:\n    locale.setlocale(locale.LC_ALL, '')\nexcept locale.Error:\n    pass\n"
    other = run_python(prologue + SCRIPT, LC_ALL=locale, LANG=locale, PYTHONHASHSEED="7")
    assert (other.stdout, other.stderr) == (run_python(SCRIPT).stdout, "")


def test_another_error_state_of_numpy_changes_nothing():
    values = np.array([1e308, 1e308, -1e308, 5e-324], dtype="f8")

    def calls():
        c = combine_intervals(start=np.zeros(4), stop=np.ones(4, "f2"), value=values)
        return shown(c), shown(c * 1e-320), shown(np.float64(0.5) * c), c.at(np.array([0.5], "f4")), c.integral()

    wanted = calls()
    for state in ("ignore", "raise"):
        with np.errstate(all=state):
            assert calls() == wanted


def test_another_decimal_context_changes_nothing():
    def call():
        with localcontext() as context:
            context.prec = 2
            context.traps[Inexact] = True
            c = combine_intervals([(Decimal("0.123"), 3, Decimal("1.2345")), (1, 2, 5)])
            return shown(c), shown(c * Decimal("1.234")), shown(c / 7), c.mean(), c.integral(), hash(c)

    with localcontext() as context:
        context.prec = 50
        c = combine_intervals([(Decimal("0.123"), 3, Decimal("1.2345")), (1, 2, 5)])
        wanted = shown(c), shown(c * Decimal("1.234")), shown(c / 7), c.mean(), c.integral(), hash(c)
    assert call() == wanted


def test_memory_does_not_grow_over_many_calls():
    rows = [(i, i + 3, i % 5) for i in range(8)]
    columns = [np.array(column, dtype=float) for column in zip(*rows, strict=True)]
    c = combine_intervals(rows)

    def calls(times):
        for _ in range(times):
            combine_intervals(rows)
            combine_intervals(start=columns[0], stop=columns[1], value=columns[2])
            combine_intervals(start=columns[0], stop=columns[1], value=columns[2], how="max")
            _ = c + c, c[2:5], c.mean(), c[4], c.breakpoints[0], hash(c)
            for bad in ([(2, 1)], [(1, 2, "a")], 5):
                with suppress(TypeError, ValueError):
                    combine_intervals(bad)

    calls(200)
    gc.collect()
    tracemalloc.start()
    try:
        calls(50)
        gc.collect()
        before, blocks = tracemalloc.get_traced_memory()[0], sys.getallocatedblocks()
        calls(400)
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] - before < 20_000
        assert sys.getallocatedblocks() - blocks < 500
    finally:
        tracemalloc.stop()


if find_spec("resource"):

    def test_the_process_does_not_grow_over_large_calls(run_python):
        done = run_python(
            "import resource, sys, numpy as np, intervalues as iv\n"
            "starts = np.arange(60_000) * 7919 % 60_013\n"
            "def calls(times):\n"
            "    for _ in range(times):\n"
            "        iv.combine_intervals(start=starts, stop=starts + 5, value=starts * 0.5)\n"
            "        try:\n"
            "            iv.combine_intervals(start=starts, stop=starts[::-1])\n"
            "        except ValueError:\n"
            "            pass\n"
            "def peak():\n"
            "    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
            "    return used if sys.platform == 'darwin' else used * 1024\n"
            "calls(5)\n"
            "before = peak()\n"
            "calls(30)\n"
            "print((peak() - before) // 10**6)\n"
        )
        assert done.stderr == ""
        assert int(done.stdout) < 20
