"""Every test of the library runs on every backend there is: see `backends`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest
from backends import BACKENDS

import intervalues
from intervalues import dispatch
from intervalues.command import main

collect_ignore_glob = [] if "rust" in BACKENDS else ["test_kernels_*.py"]  # which ask the extension itself
if not Path(__file__).parent.with_name("MANIFEST.in").exists():
    collect_ignore_glob.append("test_packaging.py")  # which reads the source tree: here is an installed package

PHASES = [phase for phase in hypothesis.Phase if phase.name not in ("reuse", "explain")]
COMMON = {"deadline": None, "database": None, "phases": PHASES, "suppress_health_check": list(hypothesis.HealthCheck)}
hypothesis.settings.register_profile("quick", derandomize=True, max_examples=10, **COMMON)
FUZZ = os.environ.get("INTERVALUES_FUZZ")  # how many examples of each property, if more than usual
if FUZZ is not None:
    hypothesis.settings.register_profile("fuzz", max_examples=int(FUZZ), print_blob=True, **COMMON)
hypothesis.settings.load_profile("quick" if FUZZ is None else "fuzz")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker where no pyproject.toml does: beside an installed package."""
    config.addinivalue_line("markers", "fuzz: property tests; INTERVALUES_FUZZ=1000 makes them longer")


@pytest.fixture(autouse=True, params=BACKENDS)
def backend(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run the test on one backend; its name."""
    extension, active = dispatch.choose(request.param)
    monkeypatch.setattr(dispatch, "_extension", extension)
    monkeypatch.setattr(dispatch, "_active", active)
    return request.param


@pytest.fixture(autouse=True)
def no_figures():
    """Close what was plotted: matplotlib warns of many open figures."""
    yield
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")


@pytest.fixture
def run_python(backend: str) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run code in a fresh interpreter on the same backend."""

    def run(code: str, *flags: str, **environment: str) -> subprocess.CompletedProcess[str]:
        package = Path(intervalues.__file__).parent.parent
        known = {**os.environ, "PYTHONPATH": str(package), "INTERVALUES_BACKEND": backend, **environment}
        return subprocess.run(
            [sys.executable, *flags, "-c", code], env=known, capture_output=True, text=True, timeout=120, check=False
        )

    return run


# The command


@pytest.fixture
def schedule(tmp_path, monkeypatch):
    """Write a file of this text or these bytes; its name, in the current folder."""
    monkeypatch.chdir(tmp_path)

    def write(content: str | bytes, name: str = "stays.csv") -> str:
        Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return name

    return write


@pytest.fixture
def answer(schedule, capsys):
    """Run the command on a file of this content; what it prints, in words, a list for each line."""

    def run(content: str | bytes, *options: str) -> list[str]:
        code = main([schedule(content), *options])
        out, err = capsys.readouterr()
        assert code == 0, err
        assert err == ""
        return [" ".join(line.split()) for line in out.splitlines()]

    return run


@pytest.fixture
def refusal(schedule, capsys):
    """Run the command on a file that it must refuse; the one line it prints."""

    def run(content: str | bytes | None, *options: str, name: str = "stays.csv") -> str:
        if content is not None:
            schedule(content, name)
        assert main([name, *options]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.endswith("\n")
        assert err.count("\n") == 1
        assert err.startswith("intervalues: ")
        assert not list(Path().glob("*.partial"))
        return err.removeprefix("intervalues: ").rstrip("\n")

    return run
