"""What a call did, in full: values with their types, or the error with its message; here and in pure Python."""

from __future__ import annotations

from intervalues import dispatch


def spelled(x):
    """Give a value so that equal means the same type and the same bits."""
    return type(x), repr(x)


def shown(result):
    """Give everything there is to see of a collection or set."""
    points = list(map(spelled, result.segments().starts)), list(map(spelled, result.segments().stops))
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
