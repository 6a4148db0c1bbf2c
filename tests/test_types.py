"""Types: what annotations say is true of what comes out, can be written when it runs, and costs nothing."""

from __future__ import annotations

import ast
import datetime as dt
import inspect
import runpy
import types
import typing
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from outcomes import shown

import intervalues
from intervalues import (
    Column,
    Interval,
    IntervalAccumulator,
    IntervalCollection,
    IntervalGroups,
    IntervalSet,
    Segments,
    combine_intervals,
)

CONSUMER = Path(__file__).with_name("consumer.py")
SIGNATURES = Path(intervalues.__file__).with_name("grouped.pyi")


def is_of(found, kind):
    """Tell whether something is of a type, and all that it holds of the types in brackets."""
    of, inner = typing.get_origin(kind), typing.get_args(kind)
    if kind is Any:
        return True
    if of in (typing.Union, types.UnionType):
        return any(is_of(found, one) for one in inner)
    if of is None:
        accepted = (int, float) if kind is float else kind or type(None)
        return isinstance(found, accepted) and isinstance(found, bool) == (kind is bool)
    if not isinstance(found, of):
        return False
    if of is dict or of is IntervalGroups:
        key, value = inner if of is dict else (inner[0], IntervalCollection[inner[1:]])
        return all(is_of(x, key) and is_of(y, value) for x, y in found.items())
    if of is Interval:
        return is_of(found.start, inner[0]) and is_of(found.stop, inner[0]) and is_of(found.value, inner[1])
    if of in (IntervalCollection, Segments):
        columns = [(found.levels, inner[1]), (found.breakpoints, inner[0])] if of is IntervalCollection else []
        return all_are(found, Interval[inner]) and all(all_are(column, kind) for column, kind in columns)
    return all_are(found, Interval[inner[0], int] if of is IntervalSet else inner[0])  # list, tuple, Column


def all_are(many, kind):
    return all(is_of(one, kind) for one in many)


def test_what_checkers_find_in_the_code_of_users_is_what_comes_out(monkeypatch):
    checked = []

    def check(found, kind):
        assert is_of(found, kind), (found, kind)
        checked.append(kind)
        return found

    monkeypatch.setattr(typing, "assert_type", check)
    runpy.run_path(str(CONSUMER))
    assert len(checked) >= CONSUMER.read_text(encoding="utf-8").count("assert_type(")


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (combine_intervals([(1, 2)]), IntervalCollection[str, int]),
        (combine_intervals([(1, 2, 0.5)]), IntervalCollection[int, int]),
        (combine_intervals([(1, 2)]) + 1, IntervalCollection[dt.date, int]),
        (combine_intervals([(1, 2)]).segments(), Segments[int, str]),
        (combine_intervals([(1, 2)], by=["A"]), IntervalGroups[int, int, int]),
        (IntervalSet([(1, 2.5)]), IntervalSet[int]),
        (Column((1, None)), Column[int]),
        ({1: True}, dict[int, int]),
    ],
)
def test_the_check_of_that_finds_what_is_not_so(found, kind):
    assert not is_of(found, kind)


@pytest.mark.parametrize("number", [True, np.int64(3), np.float64(0.5), np.float32(0.5), Decimal(1), Fraction(1, 2)])
def test_of_classes_made_of_numbers_come_the_numbers(number):
    plain = {bool: int, np.int64: int, np.float64: float, np.float32: float}.get(type(number), type(number))
    assert {type(level) for level in combine_intervals([(0, 1, number)]).levels} == {plain}
    if plain is not int or type(number) is not bool:
        assert type(combine_intervals([(number, 10)]).breakpoints[0]) is plain


@pytest.mark.parametrize(
    "kind",
    [
        Column[int],
        Interval[int, float],
        IntervalAccumulator[int, int],
        IntervalCollection[dt.datetime, Decimal],
        IntervalGroups[str, int, int],
        IntervalSet[dt.date],
        Segments[int, str | None],
    ],
)
def test_public_classes_take_types_when_it_runs(kind):
    assert typing.get_args(kind)
    assert typing.get_origin(kind) in vars(intervalues).values()


def test_a_class_with_types_makes_what_it_makes_without():
    rows = [(1, 3), (2, 4)]
    assert shown(IntervalCollection[int, int](rows)) == shown(IntervalCollection(rows))
    assert shown(IntervalSet[int](rows)) == shown(IntervalSet(rows))
    assert Interval[int, int](1, 3) == Interval(1, 3, 1)
    accumulator = IntervalAccumulator[int, int]()
    accumulator.extend(rows)
    assert accumulator.collect() == combine_intervals(rows)
    for made in (
        accumulator,
        IntervalCollection(rows),
        IntervalSet(rows),
        Interval(1, 2),
        combine_intervals(rows, by=rows),
    ):
        assert not hasattr(made, "__dict__")


def test_methods_of_groups_have_the_parameters_that_checkers_are_told():
    (declared,) = (
        node for node in ast.parse(SIGNATURES.read_text(encoding="utf-8")).body if isinstance(node, ast.ClassDef)
    )
    told = {}
    for node in declared.body:
        names = [argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)]
        told[node.name] = max(told.get(node.name, []), names, key=len)
    assert told == {name: list(inspect.signature(getattr(IntervalGroups, name)).parameters) for name in told}
    tree = ast.parse(Path(intervalues.__file__).with_name("groups.py").read_text(encoding="utf-8"))
    made = {
        node.targets[0].id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        if getattr(node.value.func, "id", "") in ("statistic", "summary", "collections", "operation", "comparison")
    }
    assert made == set(told)
