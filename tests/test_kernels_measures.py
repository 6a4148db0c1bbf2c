"""The extension measures step functions as an obvious model in Fractions does, or says "not mine" where it may."""

from __future__ import annotations

import importlib
from array import array
from bisect import bisect_right
from collections import Counter
from fractions import Fraction
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import finite, near_extremes

rust = importlib.import_module("intervalues._rust")


@pytest.fixture(autouse=True)
def backend():
    """Ask the extension itself: once, whatever the backend."""
    return "rust"


# Columns and windows, and which of them must be answered.
ints = st.integers(-3, 3) | st.integers(-(2**40), 2**40) | near_extremes.filter(lambda x: -(2**63) <= x < 2**63)
cents = st.integers(-(10**8), 10**8).map(lambda x: x / 100)
floats = (cents | finite | st.integers(-3, 3).map(float) | st.sampled_from([1e308, -1e308, 5e-324, 0.1])).map(
    (0.0).__add__
)
NUMBERS = {"q": ints, "d": floats}
COMMON = {"q": st.integers(-(2**40), 2**40), "d": cents}
kinds = st.sampled_from("qd")


@st.composite
def functions(draw, numbers, least_windows=0):
    points_kind, levels_kind = draw(kinds), draw(kinds)
    ends = numbers[points_kind]
    points = sorted(set(draw(st.lists(ends, max_size=8))))
    levels = draw(st.lists(numbers[levels_kind], min_size=len(points) + 1, max_size=len(points) + 1))
    some = ends | st.sampled_from(points) if points else ends
    window = st.tuples(some, some).filter(lambda ends: ends[0] != ends[1]).map(sorted)
    windows = draw(st.lists(window, min_size=least_windows, max_size=5))
    starts, stops = [start for start, _ in windows], [stop for _, stop in windows]
    return array(points_kind, points), array(levels_kind, levels), array(points_kind, starts), array(points_kind, stops)


def frozen(column):
    """Give a column as a buffer of the extension's own, which it looks at in place."""
    where = array("q", range(len(column)))
    return memoryview(rust.at(where[1:], column, where, True)) if column else memoryview(column)


def of_bytes(column, before=b""):
    """Give a column as it comes out of a pickle, or with some bytes before it."""
    return memoryview(before + column.tobytes())[len(before) :].cast(column.typecode)


anything, common = functions(NUMBERS), functions(COMMON)
hows = st.sampled_from(["integral", "mean", "max", "min"])
divisors = st.none() | st.sampled_from([1, 3, 3600 * 10**6, 2**63]) | st.integers(1, 2**63)


# The model.
def pieces(points, levels, start, stop):
    """Give level, start and stop of what lies in a window."""
    cuts = [start, *(point for point in points if start < point < stop), stop]
    return [(levels[bisect_right(points, a)], a, b) for a, b in pairwise(cuts)]


def moment(found, power=1):
    """Give the sum of level to a power times length."""
    return sum((Fraction(level) ** power * (Fraction(b) - Fraction(a)) for level, a, b in found), Fraction(0))


def value(points, levels, start, stop, how, divisor):
    """Give the one value of a window."""
    found = pieces(points, levels, start, stop)
    if how in ("max", "min"):
        return (max if how == "max" else min)(level for level, _, _ in found)
    total = moment(found)
    if how == "mean":
        return float(total / (Fraction(stop) - Fraction(start)))
    if divisor is None and points.typecode == levels.typecode == "q":
        return int(total)
    return float(total / (divisor or 1))


def summary(points, levels, starts, stops, how, divisor):
    """Give the values of all windows as a column, or None if some fit none."""
    whole = how == "integral" and divisor is None and points.typecode == levels.typecode == "q"
    kind = levels.typecode if how in ("max", "min") else "q" if whole else "d"
    try:
        values = [value(points, levels, a, b, how, divisor) for a, b in zip(starts, stops, strict=True)]
        return array(kind, [x + 0 for x in values])
    except OverflowError:
        return None


def held(points, levels, starts, stops):
    """Give how long each level holds, ascending."""
    lengths = Counter()
    for start, stop in zip(starts, stops, strict=True):
        for level, a, b in pieces(points, levels, start, stop):
            lengths[level] += Fraction(b) - Fraction(a)
    return sorted(lengths.items())


def same(buffer, column):
    """Tell whether a buffer holds a column: the same type, the same bits."""
    view = memoryview(buffer)
    return view.readonly and (view.format, view.tobytes()) == (column.typecode, column.tobytes())


# What is promised.
@given(anything, st.sampled_from([1, 2]))
def test_moments_are_exact(columns, power):
    points, levels, starts, stops = columns
    numerator, shift = rust.moments(*columns, power)
    assert type(numerator) is type(shift) is int
    windows = zip(starts, stops, strict=True)
    found = [piece for start, stop in windows for piece in pieces(points, levels, start, stop)]
    assert Fraction(numerator, 2**shift) == moment(found, power)


@given(anything, hows, divisors)
@example((array("d"), array("d", [0.1]), array("d", [0.0]), array("d", [1e-300])), "mean", None)
@example((array("d", [0.0]), array("d", [1e308, -1e308]), array("d", [-1e308]), array("d", [1e308])), "mean", None)
def test_summaries_are_rounded_once(columns, how, divisor):
    found, expected = rust.summarize(*columns, how, divisor), summary(*columns, how, divisor)
    if found is not None:
        assert same(found, expected)
    # Only the means over windows whose ends are of all too different magnitude need not be found.
    assert found is not None or expected is None or how == "mean"


@given(common, hows, divisors)
def test_common_columns_are_always_measured(columns, how, divisor):
    found, expected = rust.summarize(*columns, how, divisor), summary(*columns, how, divisor)
    assert found is None if expected is None else same(found, expected)
    index = rust.window_index(*columns[:2])
    found = index.summarize(*columns[2:], how, divisor)
    assert found is None if expected is None else same(found, expected)
    assert rust.distribution(*columns) is not None


@given(anything, hows, divisors)
def test_an_index_answers_the_same(columns, how, divisor):
    found = rust.window_index(*columns[:2]).summarize(*columns[2:], how, divisor)
    plain = rust.summarize(*columns, how, divisor)
    assert found is plain is None or bytes(found) == bytes(plain)


@given(anything)
@example((array("q"), array("q", [2**63 - 1]), array("q", [-(2**63)]), array("q", [2**63 - 1])))
def test_distributions_are_exact(columns):
    found = rust.distribution(*columns)
    if found is not None:
        levels, lengths, shift = found
        expected = held(*columns)
        assert same(levels, array(columns[1].typecode, [level for level, _ in expected]))
        assert set(map(type, lengths)) <= {int}
        assert [Fraction(length, 2**shift) for length in lengths] == [length for _, length in expected]


@given(kinds.flatmap(lambda kind: st.lists(NUMBERS[kind]).map(lambda xs: array(kind, xs))), st.integers(0, 9))
def test_the_largest_come_first_and_the_earliest_of_equals(levels, count):
    places = [place for place, level in enumerate(levels) if level]
    expected = sorted(places, key=lambda place: levels[place], reverse=True)
    for most in (count, 2**62):
        assert rust.largest(levels, most) == expected[:most]
        assert rust.largest(frozen(levels), most) == expected[:most]
    assert rust.largest(levels, 2**64) is None


@given(common)
def test_columns_are_looked_at_in_place_with_the_same_answer(columns):
    others, *other_lengths = rust.distribution(*columns)
    for way in (frozen, of_bytes, lambda column: of_bytes(column, b"odd")):
        own = tuple(map(way, columns))
        assert rust.moments(*own, 1) == rust.moments(*columns, 1)
        for how in ("mean", "max"):
            assert bytes(rust.summarize(*own, how)) == bytes(rust.summarize(*columns, how))
        levels, *lengths = rust.distribution(*own)
        assert (memoryview(levels).tobytes(), lengths) == (memoryview(others).tobytes(), other_lengths)


@cache
def many(kind, count):
    """Give the columns of a large step function, and of windows onto it."""
    random = np.random.default_rng(count)
    points = np.unique(random.integers(-(10**9), 10**9, count))
    levels = (
        random.integers(-50, 50, len(points) + 1)
        if kind == "few"
        else random.integers(-(2**40), 2**40, len(points) + 1)
    )
    starts = random.integers(-(10**9), 10**9, 2_000)
    return points, levels, starts, starts + random.integers(1, 10**8, 2_000)


@pytest.mark.parametrize("kind", ["few", "wide"])
def test_large_columns_agree_with_numpy(kind):
    points, levels, _, _ = many(kind, 200_000)
    start, stop = array("q", [int(points[0])]), array("q", [int(points[-1])])
    lengths, inner = np.diff(points), levels[1:-1]
    products = (inner.astype(object) * lengths).cumsum()
    assert rust.moments(points, levels, start, stop, 1) == (products[-1], 0)
    assert rust.moments(points, levels, start, stop, 2) == ((inner.astype(object) ** 2 * lengths).sum(), 0)
    found, held_for, _ = rust.distribution(points, levels, start, stop)
    distinct, which = np.unique(inner, return_inverse=True)
    assert memoryview(found).tolist() == distinct.tolist()
    assert held_for == np.bincount(which, weights=lengths).astype(int).tolist()
    order = np.lexsort((np.arange(len(levels)), -levels))
    order = order[levels[order] != 0]
    for count in (10, 5_000, 10**6):
        assert rust.largest(levels, count) == order[:count].tolist()


@pytest.mark.parametrize("power", [1, 2])
@pytest.mark.parametrize("of", [np.int64, lambda x: x / 100])
def test_two_threads_add_up_to_what_one_does(of, power):
    points, levels, _, _ = map(of, many("few", 2_400_000))
    ends = np.append(points[::200_000], points[-1])
    windows = [(ends[:1], ends[-1:]), *((ends[i : i + 1], ends[i + 1 : i + 2]) for i in range(len(ends) - 1))]
    sums = [rust.moments(points, levels, *window, power) for window in windows]
    whole, *parts = (Fraction(numerator, 2**shift) for numerator, shift in sums)
    assert whole == sum(parts)


@pytest.mark.parametrize("of", [np.int64, lambda x: x / 100])
@pytest.mark.parametrize("kind", ["few", "wide"])
def test_many_windows_are_answered_as_each_by_itself(kind, of):
    points, levels, starts, stops = map(of, many(kind, 20_000))
    index = rust.window_index(points, levels)
    for how, divisor in [("integral", 3), ("mean", None), ("max", None), ("min", None)]:
        together = memoryview(index.summarize(starts, stops, how, divisor)).tolist()
        assert together == memoryview(rust.summarize(points, levels, starts, stops, how, divisor)).tolist()
        for i in range(99):
            one = rust.summarize(points, levels, starts[i : i + 1], stops[i : i + 1], how, divisor)
            assert memoryview(one).tolist() == together[i : i + 1]


@pytest.mark.parametrize("columns", [
    ([1.5], [0, 1, 0], [0], [1]),  # windows in other coordinates
    ([1], [0, 1, 0], [0], [1]),  # a level too many
    ([1], [0, 1], [0, 0], [1]),  # a start too many
    ([1], [0, 1], [1], [1]),  # an empty window
    ([1], [0, 1], [2], [1]),  # a reversed one
])  # fmt: skip
def test_columns_that_do_not_fit_are_not_taken(columns):
    points, levels, starts, stops = (array("d" if 1.5 in column else "q", column) for column in columns)
    assert rust.moments(points, levels, starts, stops, 1) is None
    assert rust.summarize(points, levels, starts, stops, "mean") is None
    assert rust.distribution(points, levels, starts, stops) is None
    assert rust.summarize(array("q"), array("q", [1]), array("q"), array("q"), "integral", 0) is None
    assert rust.summarize(array("q"), array("q", [1]), array("q"), array("q"), "integral", 2**64) is None
    with pytest.raises(ValueError, match="how must be integral, mean, max or min"):
        rust.summarize(points, levels, starts, stops, "sum")


POINTS, LEVELS, NONE = array("q", [1, 3, 2, 4]), array("q", [0, 5, 0, 7, 0]), array("q")  # of two groups


@pytest.mark.parametrize(("window", "expected"), [(([], []), [5, 7]), (([0], [2]), [5, 0]), (([-9], [9]), [5, 7])])
def test_groups_in_shared_columns_are_asked_in_a_window_or_their_spans(window, expected):
    starts, stops = (array("q", column) for column in window)
    bounds = array("q", [0, 2]), array("q", [2, 4])
    assert memoryview(rust.summarize_groups(POINTS, LEVELS, *bounds, starts, stops, "max", None)).tolist() == expected


@pytest.mark.parametrize("bounds", [
    ([], []),  # no groups
    ([0], [2, 4]),
    ([0, 2], [2]),
    ([0, -1], [2, 4]),
    ([0, 2], [2, -4]),
    ([0, 2], [2, 5]),
    ([0, 4], [2, 2]),
    ([0, 2], [2, 2]),  # a group without a span
    ([0, 1], [2, 4]),  # one that reaches to infinity
])  # fmt: skip
def test_bounds_that_are_none_of_groups_are_not_taken(bounds):
    firsts, lasts = (array("q", column) for column in bounds)
    assert rust.summarize_groups(POINTS, LEVELS, firsts, lasts, NONE, NONE, "max", None) is None


def test_groups_are_asked_in_one_window_at_most():
    bounds = array("q", [0, 2]), array("q", [2, 4])
    two = array("q", [1, 2]), array("q", [3, 4])
    assert rust.summarize_groups(POINTS, LEVELS, *bounds, *two, "max", None) is None
    assert rust.summarize_groups(POINTS, LEVELS, *bounds, NONE, NONE, "integral", 0) is None
    nothing = array("q", [0, 2]), array("q", [2, 2])
    assert rust.summarize_groups(POINTS, LEVELS, *nothing, two[0][:1], two[1][:1], "max", None) is None
    floats = array("d", [0, 2]), array("d", [2, 4])
    assert rust.summarize_groups(POINTS, LEVELS, *floats, NONE, NONE, "max", None) is None
    assert rust.summarize_groups(POINTS, LEVELS, "firsts", bounds[1], NONE, NONE, "max", None) is None
    assert rust.summarize_groups(POINTS, "levels", *bounds, NONE, NONE, "max", None) is None
    assert rust.summarize_groups(POINTS, LEVELS, *bounds, "starts", NONE, "max", None) is None
