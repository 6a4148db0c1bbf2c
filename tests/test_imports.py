"""Importing the package: quick, since it loads nothing heavy, and in one order, since modules know what lies below."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import sys
from pathlib import Path
from typing import ForwardRef

import pytest

import intervalues

# Each module imports only what stands before it, as CONTRIBUTING tells.
LAYERS = [
    "_version interval columns",
    "kernels kernels.exact kernels.groups kernels.merge kernels.pieces kernels.sweep kernels.window_index",
    "coordinates operations values",
    "arrays zones frames uniform sources dispatch steps aggregations options ends door changes batches grouping",
    "lengths algebra lookup windows statistics axis calendars rolling bins wrap scheduling pickling",
    "jsonform distributions tables",
    "stepwise view text ticks svg notebook plotting",
    "region measured collection groups combining pointwise accumulator __init__",
    "cells textfiles binaryfiles files schedule writing summary command __main__",
]
ORDER = [module for layer in LAYERS for module in layer.split()]
# Intervals make collections, which are made of intervals. Few pickle, and the module pickle takes a while to load. Not
# all resample, either, or move the axis, or look at pictures.
WHEN_USED = {
    *(("interval", "collection"), ("interval", "values")),
    *(("accumulator", "pickling"), ("stepwise", "pickling"), ("stepwise", "jsonform"), ("groups", "jsonform")),
    *(("sources", "frames"), ("columns", "tables"), ("stepwise", "tables"), ("groups", "tables")),
    *(("collection", "axis"), ("collection", "wrap")),
    *(("measured", module) for module in ("bins", "distributions", "rolling")),
    *(("text", "view"), ("collection", "notebook"), ("region", "notebook"), ("groups", "notebook")),
    ("groups", "rolling"),
    *(("collection", "plotting"), ("region", "plotting"), ("groups", "plotting")),
}
HEAVY = {
    *(
        "argparse",
        "asyncio",
        "ast",
        "concurrent",
        "csv",
        "ctypes",
        "dataclasses",
        "difflib",
        "email",
        "http",
        "inspect",
    ),
    *("json", "logging", "multiprocessing", "pathlib", "pickle", "random", "shutil", "socket", "sqlite3", "statistics"),
    *("subprocess", "tempfile", "tokenize", "traceback", "unittest", "urllib", "uuid", "xml", "zipfile", "zoneinfo"),
}
PACKAGE = Path(intervalues.__file__).parent


def is_for_checkers(block):
    """Tell whether a statement is there for checkers of types, and does not run."""
    return isinstance(block, ast.If) and isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING"


def imported_by(module):
    """Give the modules of the package that one imports, and whether at the top or only when a function runs."""
    path = PACKAGE.joinpath(*module.split(".")).with_suffix(".py")
    tree = ast.parse((path if path.exists() else path.with_suffix("") / "__init__.py").read_text(encoding="utf-8"))
    parents = [*module.split(".")[:-1]]
    checkers = {id(node) for block in tree.body if is_for_checkers(block) for node in ast.walk(block)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not node.level or id(node) in checkers:
            continue
        base = [*parents[: len(parents) - node.level + 1], *(node.module or "").split(".")]
        stem = ".".join(filter(None, base))
        for alias in node.names:
            whole = ".".join(filter(None, [stem, alias.name]))
            yield (whole if whole in ORDER else stem), node in tree.body


def test_every_module_has_its_place():
    found = {name.removeprefix("intervalues.") for _, name, _ in pkgutil.walk_packages([str(PACKAGE)], "intervalues.")}
    assert found - {"_rust"} == set(ORDER) - {"__init__"}


@pytest.mark.parametrize("module", ORDER)
def test_a_module_imports_only_what_stands_before_it(module):
    before = ORDER[: ORDER.index(module)]
    late = set()
    for name, at_top in imported_by(module):
        if at_top:
            assert name in before
        else:
            late.add((module, name))
    assert late == {pair for pair in WHEN_USED if pair[0] == module}


def test_importing_loads_nothing_heavy(run_python):
    code = """
import sys
before = set(sys.modules)
import intervalues
loaded = {name.partition(".")[0] for name in set(sys.modules) - before} - {"intervalues"}
print(*sorted(loaded - sys.stdlib_module_names), "|", *sorted(loaded))
"""
    done = run_python(code)
    foreign, _, loaded = done.stdout.partition("|")
    assert (foreign.split(), done.stderr) == ([], "")
    brought = {"ast"} if sys.version_info >= (3, 14) else set()  # by typing.NamedTuple
    assert not (HEAVY - brought) & set(loaded.split())


def test_named_tuples_that_importing_makes_have_fields_of_types():
    # A type given as text is compiled: for the first of them that takes as long as twenty classes.
    for module in ORDER[: ORDER.index("__init__")]:
        for found in vars(importlib.import_module(f"intervalues.{module}")).values():
            if isinstance(found, type) and issubclass(found, tuple):
                assert not any(isinstance(kind, ForwardRef) for kind in found.__annotations__.values())
