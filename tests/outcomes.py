"""What a call did, in full: values with their types, or the error with its message; here and in pure Python."""

from __future__ import annotations

import re

from intervalues import combine_intervals, dispatch


def spelled(x):
    """Give a value so that equal means the same type and the same bits."""
    return type(x), repr(x)


def shown(result):
    """Give everything there is to see of a collection or set; anything else as it is spelled."""
    if not hasattr(result, "segments"):
        return spelled(result)
    points = list(map(spelled, result.segments().starts)), list(map(spelled, result.segments().stops))
    for codes, kept in ((result._steps.points, result._steps.domain), (result._steps.levels, result._steps.kind)):
        assert not isinstance(codes, memoryview) or (codes.readonly, codes.format) == (True, kept.typecode)
    if hasattr(result, "levels"):
        points = list(map(spelled, result.breakpoints)), list(map(spelled, result.levels))
    return type(result), points, result.closed, spelled(result)


def outcome(call):
    """Give what a call shows, or what it raises."""
    try:
        result = call()
    except Exception as error:
        return type(error), str(error)
    return shown(result)


def outcome_in_python(call):
    """Give the same in pure Python."""
    active = dispatch._extension
    dispatch._extension = None
    try:
        return outcome(call)
    finally:
        dispatch._extension = active


def plain(collection):
    """Give the segments as plain tuples."""
    return [tuple(interval) for interval in collection]


def refused(error, message, *calls):
    """Check that every call raises just this, and the same in pure Python."""
    for call in calls:
        kind, text = outcome(call)[:2]
        assert (kind, bool(re.search(message, str(text)))) == (error, True), (kind, text)
        assert outcome_in_python(call) == (kind, text)


def ways_in(rows, **options):
    """Give calls that combine the same rows in every form that takes any object."""
    columns = dict(zip(("start", "stop", "value"), map(list, zip(*rows, strict=True)), strict=False))
    return (
        lambda: combine_intervals(rows, **options),
        lambda: combine_intervals(tuple(map(list, rows)), **options),
        lambda: combine_intervals(iter(rows), **options),
        lambda: combine_intervals(**columns, **options),
    )


class OddError(ValueError):
    """An error that cannot be made from a message alone."""

    def __init__(self, one, other):
        super().__init__(one, other)
