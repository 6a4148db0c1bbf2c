"""What the package must survive (39 to 41): an extension that is absent, broken, forced or declines."""

from __future__ import annotations

import datetime as dt
import math
import os
import re
import sys
import types
from array import array
from decimal import Decimal

import numpy as np
import pytest
from outcomes import shown, spelled

import intervalues
from intervalues import Interval, combine_intervals, dispatch

DAY = dt.timedelta(1)

EXTENSION = dispatch.choose("auto")[0]

if hasattr(EXTENSION, "panic_now"):

    def test_a_panic_is_a_runtime_error_and_the_next_call_works():
        for _ in range(3):
            with pytest.raises(RuntimeError) as raised:
                EXTENSION.panic_now()
            assert isinstance(raised.value, Exception)
            assert list(combine_intervals([(1, 2)])) == [(1, 2, 1)]


if os.environ.get("INTERVALUES_EXPECT_RUST") == "0":

    def test_where_no_extension_is_expected_an_import_finds_none():
        assert dispatch.choose("auto") == (None, ("python", "intervalues._rust is not installed"))


class Refusing:
    """A finder that fails to load the extension."""

    def __init__(self, error):
        self.error = error

    def find_spec(self, name, path=None, target=None):
        if name == dispatch.EXTENSION:
            raise self.error


@pytest.fixture
def refusing(monkeypatch):
    def refuse(error):
        monkeypatch.delitem(sys.modules, dispatch.EXTENSION, raising=False)
        monkeypatch.setattr(sys, "meta_path", [Refusing(error), *sys.meta_path])

    return refuse


def test_an_absent_extension_falls_back_silently_and_backend_says_why(refusing):
    refusing(ModuleNotFoundError("No module named it", name=dispatch.EXTENSION))
    extension, backend = dispatch.choose("auto")  # a warning would be an error here
    assert extension is None
    assert backend == ("python", "intervalues._rust is not installed")


@pytest.mark.parametrize(
    "error",
    [
        ImportError("undefined symbol: Py_Frobnicate"),
        ModuleNotFoundError("No module named 'other'", name="other"),
        ImportError("module intervalues._rust does not support loading in subinterpreters"),
        RuntimeError("init failed"),
        OSError("bad format"),
    ],
)
def test_a_broken_extension_falls_back_with_one_warning_and_the_reason_kept(refusing, error):
    refusing(error)
    reason = f"intervalues._rust cannot be loaded: {error!r}"
    with pytest.warns(RuntimeWarning, match=f"^{re.escape('intervalues runs in pure Python: ' + reason)}$") as caught:
        extension, backend = dispatch.choose("auto")
    assert len(caught) == 1
    assert (extension, backend) == (None, ("python", reason))


@pytest.mark.parametrize("version", ["0.0.0", None, 3])
def test_an_extension_of_another_version_is_not_used(monkeypatch, version):
    module = types.ModuleType(dispatch.EXTENSION)
    if version is not None:
        module.__version__ = version
    monkeypatch.setitem(sys.modules, dispatch.EXTENSION, module)
    with pytest.warns(
        RuntimeWarning, match=f"of version {version or 'unknown'}, the package of {intervalues.__version__}"
    ):
        extension, backend = dispatch.choose("auto")
    assert (extension, backend.name) == (None, "python")
    with pytest.raises(ImportError, match=r"^INTERVALUES_BACKEND=rust, but .* is of version"):
        dispatch.choose("rust")


@pytest.mark.parametrize("setting", ["auto", "rust"])
def test_an_extension_of_the_same_version_is_used(monkeypatch, setting):
    module = types.ModuleType(dispatch.EXTENSION)
    module.__version__ = intervalues.__version__
    monkeypatch.setitem(sys.modules, dispatch.EXTENSION, module)
    assert dispatch.choose(setting) == (module, ("rust", f"intervalues._rust {intervalues.__version__}"))


def test_pure_python_looks_for_no_extension(refusing):
    refusing(AssertionError("it was looked for"))
    assert dispatch.choose("python") == (None, ("python", "INTERVALUES_BACKEND=python"))


def test_a_forced_extension_that_cannot_load_is_an_import_error(refusing):
    error = ImportError("undefined symbol")
    refusing(error)
    with pytest.raises(
        ImportError, match=r"^INTERVALUES_BACKEND=rust, but intervalues._rust cannot be loaded"
    ) as raised:
        dispatch.choose("rust")
    assert raised.value.__cause__ is error


def test_an_interrupt_while_loading_comes_through(refusing):
    refusing(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        dispatch.choose("auto")


@pytest.mark.parametrize("setting", ["", "Rust", "c", "python "])
def test_a_bad_setting_names_the_choices(setting):
    with pytest.raises(ValueError, match=r"^INTERVALUES_BACKEND is .*; it must be one of auto, python, rust$"):
        dispatch.choose(setting)


def test_the_environment_variable_chooses_at_import(run_python, backend):
    show = "import intervalues as iv; print(*iv.backend(), sep='|')"
    block = "import sys; sys.modules['intervalues._rust'] = None; "
    assert run_python(show).stdout.startswith(f"{backend}|")
    assert run_python(show, INTERVALUES_BACKEND="python").stdout == "python|INTERVALUES_BACKEND=python\n"
    absent = run_python(block + show, INTERVALUES_BACKEND="auto")
    assert (absent.stdout, absent.stderr) == ("python|intervalues._rust is not installed\n", "")
    forced = run_python(block + show, INTERVALUES_BACKEND="rust")
    assert forced.returncode == 1
    last = forced.stderr.splitlines()[-1]
    assert last == "ImportError: INTERVALUES_BACKEND=rust, but intervalues._rust is not installed"
    bad = run_python(show, INTERVALUES_BACKEND="fortran")
    assert bad.stderr.splitlines()[-1].startswith(
        "ValueError: INTERVALUES_BACKEND is 'fortran'; it must be one of auto,"
    )


def test_backend_tells_which_is_active(backend):
    assert intervalues.backend().name == backend
    assert intervalues.backend() is dispatch._active


class Scripted:
    """An extension that answers from a script and keeps what it was asked."""

    def __init__(self, answer):
        self.answer, self.asked = answer, []

    def combine_rows(self, *arguments):
        self.asked.append(arguments)
        return self.answer

    def combine_lists(self, *arguments):
        return None

    def extent(self, *arguments):
        return None

    segments = count_segments = extent

    def combine_columns(self, *arguments, open_ends):
        self.asked.append((*arguments, open_ends))
        return self.answer


def test_what_the_extension_declines_is_done_in_python(monkeypatch):
    def calls():
        rows = [(1, 3, 2), (2, 4, 3)]
        for how in ("sum", "max"):
            yield combine_intervals(rows, how=how)
            yield combine_intervals(np.array(rows), how=how)
            yield combine_intervals(start=np.array([1.5]), stop=array("d", [2.5]), value=np.array([3]), how=how)
        yield combine_intervals([(1, 2, 10**30)])
        yield combine_intervals([(1, 5)], closed="both", step=2**70)
        yield combine_intervals([("a", "b")])

    wanted = list(map(shown, calls()))
    declining = Scripted(None)
    monkeypatch.setattr(dispatch, "_extension", declining)
    assert list(map(shown, calls())) == wanted
    assert declining.asked


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        ((array("q", [1, 2]), array("q", [0, 7, 0]), None, None, None), [(1, 2, 7)]),
        ((array("d", [1.5, 2]), array("q", [0, 7, 0]), None, None, None), [(1.5, 2.0, 7)]),
        ((array("q", [1, 2]), array("d", [0, 0.5, 0]), None, None, None), [(1, 2, 0.5)]),
        ((array("q", [1, 2]), array("q", [0, 7, 0]), 1, 2, None), [(Decimal("0.1"), Decimal("0.2"), Decimal("0.07"))]),
    ],
)
def test_what_the_extension_gives_is_the_collection(monkeypatch, answer, wanted):
    scripted = Scripted(answer)
    monkeypatch.setattr(dispatch, "_extension", scripted)
    c = combine_intervals([(0, 0)], how="max")
    assert [list(map(spelled, interval)) for interval in c] == [list(map(spelled, row)) for row in wanted]
    assert scripted.asked == [([(0, 0)], Interval, "max", None, 0, 0, None)]
    d = combine_intervals(start=np.array([0]), stop=np.array([0]), closed="both", step=3, digits=2)
    assert d == c
    assert scripted.asked[1][2:] == (None, "sum", 2, 0, 3, None, False)
    combine_intervals(start=np.array([0]), stop=np.array([0]), closed="neither", step=3)
    assert scripted.asked[2][2:] == (None, "sum", None, 3, 0, None, False)
    assert combine_intervals([(0, 0)], closed="right").closed == "right"


def test_the_extension_combines_checked_columns_too(monkeypatch):
    scripted = Scripted((array("q", [0, 31]), array("q", [0, 7, 0]), None, None, None))
    monkeypatch.setattr(dispatch, "_extension", scripted)
    epoch = dt.date(1970, 1, 1)
    c = combine_intervals(start=[epoch], stop=[epoch + DAY], how="count")
    assert list(c) == [(epoch, dt.date(1970, 2, 1), 7)]
    starts, stops, *rest = scripted.asked[0]
    assert (starts.tolist(), stops.tolist(), rest) == ([0], [1], [None, "count", None, 0, 0, None, False])
    combine_intervals(start=[-math.inf], stop=[epoch], how="count")  # what is open is checked before
    starts, stops, *rest = scripted.asked[1]
    assert (starts.tolist(), stops.tolist(), rest) == ([-(2**63)], [0], [None, "count", None, 0, 0, None, True])
