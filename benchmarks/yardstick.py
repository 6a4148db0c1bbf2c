"""NumPy at its best on this machine.

Where vector instructions compress into memory by microcode (AVX-512 of Zen 4), NumPy sorts five times slower with them
than without. NumPy decides at import, so that a process that wants it at its best must know before.
"""

from __future__ import annotations

import os
import subprocess
import sys

VARIABLE = "NPY_DISABLE_CPU_FEATURES"
TRIAL = """
import time, numpy
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__
ends = numpy.random.default_rng(0).integers(0, 10**9, 200_000)
times = []
for _ in range(5):
    before = time.perf_counter()
    numpy.sort(ends)
    times.append(time.perf_counter() - before)
wide = [name for name in __cpu_dispatch__ if __cpu_features__[name] and name.startswith(("AVX512", "X86_V4"))]
print(min(times), *wide)
"""


def slow_features() -> str | None:
    """Name the CPU features without which NumPy sorts much faster, if there are any."""
    if VARIABLE in os.environ:
        return None
    usual, *features = _trial()
    if not features:
        return None
    narrow, *_ = _trial(" ".join(features))
    return " ".join(features) if float(narrow) < 0.7 * float(usual) else None


def _trial(features: str | None = None) -> list[str]:
    environment = {**os.environ, **({VARIABLE: features} if features else {})}
    command = [sys.executable, "-W", "ignore", "-c", TRIAL]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()
