"""Notebooks: what they show of collections, sets and groups, a picture and a table of the first segments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from . import steps as step_functions
from .steps import Steps
from .svg import Row, harmless, pictures
from .text import counted, spoken, summary
from .view import columns, views

ROWS_SHOWN = 5
GROUPS_SHOWN = 5


def pictured(name: str, noun: str, steps: Steps) -> str:
    """Give the HTML of a collection or set. O(n)."""
    (view,) = views([steps])
    told = f"{name}: {summary(noun, steps, columns(view, 1))}"
    row = Row("", None if noun == "interval" else steps.kind, view)
    heads = ["start", "stop", "value"][: 2 if noun == "interval" else 3]
    rows = [interval[: len(heads)] for interval in islice(step_functions.intervals(steps), ROWS_SHOWN)]
    return shown(told, pictures([row]), table(heads, rows, step_functions.count_segments(steps)))


def pictured_groups(groups: Mapping[Any, Any]) -> str:
    """Give the HTML of groups: the first of them on one axis and one scale. O(n) for these."""
    keys = list(islice(groups, GROUPS_SHOWN))
    found = [groups[key]._steps for key in keys]
    names = list(map(spoken, keys))
    rows = [Row(name, steps.kind, view) for name, steps, view in zip(names, found, views(found), strict=True)]
    told = [summary("segment", steps, columns(views([steps])[0], 1)) for steps in found]
    text = f"IntervalGroups: {counted(len(groups), 'group')}"
    lines = table(["key", ""], list(zip(names, told, strict=True)), len(groups), str)
    return shown(text, pictures(rows) if rows else "", lines)


def table(heads: Sequence[str], rows: Sequence[Iterable[Any]], number: int, spell: Any = spoken) -> str:
    """Give a table of the first rows, and how many more there are."""
    if not rows:
        return ""
    first = "".join(f"<th>{head}</th>" for head in heads)
    lines = ["".join(f"<td>{harmless(spell(cell))}</td>" for cell in row) for row in rows]
    if number > len(rows):
        lines.append(f'<td colspan="{len(heads)}">… and {number - len(rows):,} more</td>')
    return f"<table><tr>{first}</tr>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def shown(told: str, drawn: str, lines: str) -> str:
    """Put a line, a picture and a table under each other."""
    return f"<div><div>{harmless(told)}</div>{drawn}{lines}</div>"
