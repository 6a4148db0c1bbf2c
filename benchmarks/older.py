"""The older `intervalues` 0.4.0, in an environment and a process of its own, since it shares our import name."""

from __future__ import annotations

import json
import pickle
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from exact import Answer, canonical

WORKER = Path(__file__).with_name("older_worker.py")


class Older:
    """A process that combines interval objects of the older package and times itself."""

    def __init__(self, python: str) -> None:
        command = [python, "-I", str(WORKER)]  # isolated from the path by which we were found
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def load(self, rows: list[tuple[Any, ...]]) -> None:
        """Hand over the rows; making interval objects of them is not measured."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "rows")
            path.write_bytes(pickle.dumps(rows))
            self._order("load", str(path))

    def run(self, path: str, digits: int) -> float:
        """Combine by "rust" or "python"; the seconds that it took."""
        return self._order("run", path, digits)

    def answer(self) -> Answer:
        """Give the last answer."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "segments")
            self._order("save", str(path))
            segments = pickle.loads(path.read_bytes())
        starts, stops, levels = (np.array(column) for column in zip(*segments, strict=True))
        # After each segment the level is 0, unless the next follows at once.
        gaps = np.append(starts[1:] != stops[:-1], True)
        breakpoints = np.concatenate([starts, stops[gaps]])
        order = np.argsort(breakpoints, kind="stable")
        return canonical(breakpoints[order], np.concatenate([levels, np.zeros_like(levels[gaps])])[order])

    def close(self) -> None:
        """End the process."""
        self._process.stdin.close()
        self._process.wait()

    def _order(self, *order: Any) -> Any:
        print(json.dumps(order), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the older package ended at {order[0]}")
        return json.loads(line)
