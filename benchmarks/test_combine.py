"""How long `combine_intervals` takes, beside the time in which NumPy sorts as many ends."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from workloads import WORKLOADS

from intervalues import combine_intervals


@pytest.mark.parametrize("name", WORKLOADS)
def test_columns(benchmark, backend, name, n):
    arguments = WORKLOADS[name](n).arguments()
    benchmark.group = f"{name}, {n:,} intervals"
    assert len(benchmark(combine_intervals, **arguments).breakpoints) > 0


@pytest.mark.parametrize("name", WORKLOADS)
def test_rows(benchmark, backend, name, n):
    columns = WORKLOADS[name](n)
    benchmark.group = f"{name}, {n:,} intervals"
    assert len(benchmark(combine_intervals, columns.rows(), digits=columns.digits).breakpoints) > 0


@pytest.mark.parametrize("keys", ["ints", "strings"])
def test_groups_of_ten(benchmark, backend, keys, n):
    numbers = np.random.default_rng(6).permutation(np.arange(n) // 10)
    by = numbers if keys == "ints" else [f"k{number}" for number in numbers.tolist()]
    benchmark.group = f"W2, {n:,} intervals"
    assert len(benchmark(combine_intervals, **WORKLOADS["W2"](n).arguments(), by=by)) == n // 10


@pytest.mark.parametrize("how", ["max", "mean"])
def test_a_statistic_of_groups_of_ten(benchmark, backend, how, n):
    groups = combine_intervals(**WORKLOADS["W2"](n).arguments(), by=np.arange(n) // 10)
    benchmark.group = f"{n // 10:,} groups"
    assert len(benchmark(getattr(groups, how))) == n // 10


def test_yardstick_of_sorting_the_ends(benchmark, n):
    columns = WORKLOADS["W2"](n)
    ends = np.concatenate([columns.starts, columns.stops])
    benchmark.group = f"W2, {n:,} intervals"
    benchmark(np.sort, ends)


@pytest.mark.parametrize("code", ["pass", "import intervalues"])
def test_import(benchmark, code):
    benchmark.group = "a new interpreter"
    benchmark(subprocess.run, [sys.executable, "-c", code], check=True)
