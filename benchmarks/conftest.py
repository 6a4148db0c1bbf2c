"""Both backends in one run, and the sizes that are measured."""

from __future__ import annotations

import importlib.util

import pytest
from backends import use

from intervalues import dispatch

collect_ignore = ["older_worker.py"]  # it needs the older package
BACKENDS = ["rust", "python"] if importlib.util.find_spec(dispatch.EXTENSION) is not None else ["python"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--sizes", default="10,1e3,1e5", help="how many intervals, up to 1e7: 10,1e3,1e5 if not told")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "n" in metafunc.fixturenames:
        sizes = [int(float(size)) for size in metafunc.config.getoption("--sizes").split(",")]
        metafunc.parametrize("n", sizes)


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Measure on one backend; its name."""
    with use(request.param):
        yield request.param
