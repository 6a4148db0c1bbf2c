"""The extension merges, looks up and checks columns as an obvious model does, or says "not mine" where it must."""

from __future__ import annotations

import importlib
import math
import operator
from array import array
from bisect import bisect_left, bisect_right
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


EXACT = 2**53  # beyond it not every int is a float
ints = st.integers(-3, 3) | near_extremes.filter(lambda x: -(2**63) < x < 2**63) | st.integers(1 - 2**63, 2**63 - 1)
floats = (finite | st.integers(-3, 3).map(float) | st.sampled_from([2.0**53, 2.0**63, 1e308, 5e-324])).map(
    (0.0).__add__
)
NUMBERS = {"q": ints, "d": floats}
kinds = st.sampled_from("qd")


# What machine columns come in.
def of_array(kind, numbers):
    return memoryview(array(kind, numbers)).toreadonly()


def of_bytes(kind, numbers):
    return memoryview(array(kind, numbers).tobytes()).cast(kind)


def of_cut(kind, numbers):
    return of_array(kind, [*numbers[:1], *numbers[:1], *numbers, *numbers[:1]])[len(numbers[:1]) * 2 :][: len(numbers)]


def of_every_other(kind, numbers):
    return of_array(kind, [x for number in numbers for x in (number, 7)])[::2]


def of_numpy(kind, numbers):
    return memoryview(np.array(numbers, dtype=kind))


def of_buffer(kind, numbers):
    where = range(len(numbers))
    levels = array(kind, numbers) or array(kind, [7])
    return memoryview(rust.at(of_array("q", where[1:]), levels, of_array("q", where), True))


def of_cut_buffer(kind, numbers):
    return of_buffer(kind, [7, 7, 7, *numbers, 7])[3:-1]


def of_every_other_of_a_buffer(kind, numbers):
    return of_buffer(kind, [x for number in numbers for x in (7, number)])[1::2]


WAYS = [of_array, of_bytes, of_cut, of_every_other, of_numpy, of_buffer, of_cut_buffer, of_every_other_of_a_buffer]


@st.composite
def functions(draw, level_numbers=None):
    """The breakpoints and levels of a step function, as lists and as columns."""
    kind, level_kind = draw(kinds), "q" if level_numbers is not None else draw(kinds)
    points = sorted(draw(st.lists(NUMBERS[kind], unique=True, max_size=8)))
    count = len(points) + 1
    levels = draw(
        st.lists(NUMBERS[level_kind] if level_numbers is None else level_numbers, min_size=count, max_size=count)
    )
    levels = [x for i, x in enumerate(levels) if not i or levels[i - 1] != x]
    points = points[: len(levels) - 1]
    way = st.sampled_from(WAYS)
    return (kind, points, level_kind, levels), (draw(way)(kind, points), draw(way)(level_kind, levels))


def exactly(kind, numbers):
    """All that can be told of a column."""
    return kind, array(kind, numbers).tobytes()


def told(buffer):
    column = memoryview(buffer)
    assert (column.readonly, column.ndim, column.strides) == (True, 1, (8,))
    return column.format, column.tobytes()


def divided(x, y):
    return x / y if x else 0.0


def restricted(x, inside):
    return x if inside else type(x)(0)


def without(x, y):
    return x & ~y


ARITHMETIC = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "maximum": max,
    "minimum": min,
    "divide": divided,
}
COMPARISONS = {name: getattr(operator, name) for name in ("gt", "ge", "lt", "le", "eq")}
LOGIC = {"and": operator.and_, "or": operator.or_, "xor": operator.xor, "without": without}
OPERATIONS = {**ARITHMETIC, **COMPARISONS, **LOGIC, "where": restricted}


def merged(a, b, name):
    """Give kinds, points and levels of an operation of both; None if the extension must not answer."""
    (a_kind, a_points, x_kind, xs), (b_kind, b_points, y_kind, ys) = a, b
    if a_points and b_points and a_kind != b_kind:
        return None
    if name in LOGIC and ("d" in x_kind + y_kind or not {*xs, *ys} <= {0, 1}):
        return None
    if name == "divide" or (name != "where" and x_kind != y_kind):
        if any(type(x) is int and abs(x) > EXACT for x in xs + ys):
            return None
        xs, ys, x_kind = list(map(float, xs)), list(map(float, ys)), "d"
    points = sorted({*a_points, *b_points})
    try:
        pairs = [(xs[0], ys[0])]
        pairs += [(xs[bisect_right(a_points, x)], ys[bisect_right(b_points, x)]) for x in points]
        levels = [OPERATIONS[name](x, y) for x, y in pairs]
        if name in COMPARISONS:
            x_kind, levels = "q", list(map(int, levels))
        levels = [x + 0 if x_kind == "q" else x + 0.0 for x in levels]
        array(x_kind, levels)  # OverflowError beyond 64 bits
    except (ZeroDivisionError, OverflowError):
        return None
    if not all(map(math.isfinite, levels)):
        return None
    kept = [i for i, (before, after) in enumerate(pairwise(levels)) if before != after]
    return (
        a_kind if a_points else b_kind,
        [points[i] for i in kept],
        x_kind,
        [levels[0], *(levels[i + 1] for i in kept)],
    )


def check_merged(a, b, name):
    (a_listed, a_columns), (b_listed, b_columns) = a, b
    expected = merged(a_listed, b_listed, name)
    found = rust.merge(*a_columns, *b_columns, name)
    if expected is None:
        assert found is None
        return
    kind, points, level_kind, levels = expected
    found_points, found_levels = found
    assert told(found_levels) == exactly(level_kind, levels)
    if isinstance(found_points, int):
        shared = (a_listed, b_listed)[found_points]
        assert shared[1] == points
    else:
        assert told(found_points) == exactly(kind, points)


@pytest.mark.parametrize("name", [*ARITHMETIC, *COMPARISONS, "where"])
@given(a=functions(), b=functions())
def test_a_merge_is_the_operation_at_every_point(name, a, b):
    check_merged(a, b, name)


@pytest.mark.parametrize("name", [*LOGIC, "where", "divide"])
@given(a=functions(st.integers(0, 1)), b=functions(st.integers(0, 1)))
def test_regions_merge_as_their_points_do(name, a, b):
    check_merged(a, b, name)


@pytest.mark.parametrize("name", LOGIC)
@given(a=functions(), b=functions(st.integers(-1, 2)))
def test_the_logic_of_other_levels_than_0_and_1_is_not_its(name, a, b):
    check_merged(a, b, name)


@given(
    a=functions(), x=ints | floats, name=st.sampled_from([*ARITHMETIC, *COMPARISONS, "where"]), swapped=st.booleans()
)
def test_a_number_shares_the_breakpoints_that_stay(a, x, name, swapped):
    kind = "q" if type(x) is int else "d"
    number = ("q", [], kind, [x]), (of_array("q", []), of_array(kind, [x]))
    pair = [number, a] if swapped else [a, number]
    check_merged(*pair, name)
    found = rust.merge(*pair[0][1], *pair[1][1], name)
    if found is not None and a[0][1]:
        assert isinstance(found[0], int) == (len(memoryview(found[1])) == len(a[0][3]))
        assert not isinstance(found[0], int) or found[0] == swapped


def test_columns_that_are_none_are_not_its():
    points, levels = of_array("q", [1]), of_array("q", [0, 1])
    for no_column in (None, (), [1], "a", 1, np.array(1), np.array([[1]]), np.array([True]), np.array(["a"])):
        assert rust.merge(no_column, levels, points, levels, "add") is None
        assert rust.merge(points, levels, points, no_column, "add") is None
        assert rust.at(points, levels, no_column, True) is None
        assert rust.at(no_column, levels, points, True) is None
        assert rust.position(no_column, 1, True) is None
        assert rust.proper(no_column, levels) is None
    assert rust.merge(points, points, points, levels, "add") is None
    assert rust.merge(levels, points, points, levels, "add") is None
    with pytest.raises(ValueError, match='no operation "modulo"'):
        rust.merge(points, levels, points, levels, "modulo")
    with pytest.raises(TypeError):
        rust.merge(points, levels, points, levels, None)


@pytest.mark.parametrize("first", [0, 3])
def test_floats_made_of_grid_points_are_columns_too(first):
    starts = np.arange(0, 30) / 10
    points, levels, *_ = rust.combine_columns(starts, starts + 0.1, np.arange(1.0, 31) / 4, "sum", 2, 0, 0, None)
    points, levels = memoryview(points)[first:], memoryview(levels)[first:]
    found = rust.merge(points, levels, of_array("d", [0.35]), of_array("d", [2, 4]), "multiply")
    levels = list(map(operator.mul, levels, [2, 2, 2, 2, 2, *[4] * 28][first:]))
    levels.insert(5 - first, levels[4 - first] * 2)
    assert list(map(told, found)) == [exactly("d", sorted([*points, 0.35])), exactly("d", levels)]


# Lookup
points_of = {kind: st.lists(NUMBERS[kind], unique=True, max_size=9).map(sorted) for kind in "qd"}


@st.composite
def questions(draw):
    kind, level_kind, x_kind = draw(kinds), draw(kinds), draw(kinds)
    points = draw(points_of[kind])
    count = len(points) + 1
    levels = draw(st.lists(NUMBERS[level_kind], min_size=count, max_size=count))
    near = [y for x in points for y in (x, x - 1, x + 1) if type(x) is float or -(2**63) <= y < 2**63]
    near = [int(y) if x_kind == "q" and abs(y) < 2**63 else float(y) for y in near]
    near = [y for x in near for y in ([x] if x_kind == "q" else [x, math.nextafter(x, 9e99), math.nextafter(x, -9e99)])]
    near = [y for y in near if type(y) is (int if x_kind == "q" else float)]
    extra = st.just(-(2**63)) if x_kind == "q" else st.sampled_from([math.inf, -math.inf, -0.0, -(2.0**63), math.nan])
    usual = st.sampled_from(near) | NUMBERS[x_kind] if near else NUMBERS[x_kind]
    xs = draw(st.lists(usual | extra if draw(st.booleans()) else usual, max_size=9))
    way = st.sampled_from(WAYS)
    return (kind, points), (level_kind, levels), (x_kind, xs), [draw(way) for _ in range(3)]


def counted(points, x, right):
    return bisect_right(points, x) if right else bisect_left(points, x)


@given(questions(), st.booleans(), st.sampled_from([1, 100]))
def test_a_lookup_counts_the_breakpoints_before_each_point(asked, right, times):
    (kind, points), (level_kind, levels), (x_kind, xs), ways = asked
    xs *= times  # many points are looked up by an index
    listed = (kind, points), (level_kind, levels), (x_kind, xs)
    found = rust.at(*(way(*column) for way, column in zip(ways, listed, strict=True)), right)
    if any(map(math.isnan, xs)) or (kind == "d" and x_kind == "q" and any(abs(x) > EXACT for x in xs)):
        assert found is None
    else:
        assert told(found) == exactly(level_kind, [levels[counted(points, x, right)] for x in xs])


@given(questions(), st.booleans())
@example((("d", []), ("d", [1.0]), ("q", [2**53 + 1]), [of_array] * 3), True)
def test_a_position_is_what_bisect_finds(asked, right):
    (kind, points), _, (_, xs), (way, *_) = asked
    for x in xs:
        found = rust.position(way(kind, points), x, right)
        if math.isnan(x) or (kind == "d" and type(x) is int and abs(x) > EXACT):
            assert found is None
        else:
            assert found == counted(points, x, right)
            assert type(found) is int


@pytest.mark.parametrize("x", [2**63, -(2**63) - 1, 10**400, True, None, "1", np.int64(1), np.float64(1), math.nan])
@pytest.mark.parametrize("kind", "qd")
def test_the_position_of_anything_but_a_machine_number_is_not_its(kind, x):
    assert rust.position(of_array(kind, [1, 2]), x, True) is None


@pytest.mark.parametrize("dtype", list("bBhHiIlLqQfd"))
@pytest.mark.parametrize("step", [1, 3, -1])
@pytest.mark.parametrize("kind", "qd")
def test_points_of_every_machine_format_are_looked_up(kind, dtype, step):
    xs = np.arange(100).astype(dtype)[::step]
    found = rust.at(of_array(kind, [3, 7, 50]), of_array("q", [5, 6, 7, 8]), xs, False)
    assert told(found) == exactly("q", [5 + bisect_left([3, 7, 50], x) for x in xs])


def test_points_beyond_64_bits_and_truth_values_are_not_its():
    for xs in ([2**63], [True], ["1"], [1j]):
        assert rust.at(of_array("q", [1]), of_array("q", [0, 1]), np.array(xs), True) is None
    assert rust.at(of_array("q", [-(2**63), 1]), of_array("q", [0, 1, 2]), of_array("q", [1]), True) is None


# The check of columns
def is_proper(points, levels):
    plain = all(math.isfinite(x) and str(x) != "-0.0" for x in [*points, *levels])
    rises = all(a < b for a, b in pairwise(points)) and all(a != b for a, b in pairwise(levels))
    return plain and rises and len(levels) == len(points) + 1


any_floats = st.sampled_from([0.0, -0.0, 1.0, math.nan, math.inf, -math.inf]) | floats
ANY = {"q": ints, "d": floats | any_floats}


anything = kinds.flatmap(lambda kind: st.tuples(st.just(kind), st.lists(ANY[kind], max_size=4), st.sampled_from(WAYS)))


@given(anything, anything)
def test_columns_are_proper_if_they_keep_every_promise(points, levels):
    columns = [way(kind, numbers) for kind, numbers, way in (points, levels)]
    assert rust.proper(*columns) is is_proper(points[1], levels[1])


@given(functions())
def test_a_step_function_is_proper(function):
    assert rust.proper(*function[1]) is True


@pytest.mark.parametrize("kind", "qd")
@pytest.mark.parametrize("slip", [1, 4094, 4095, 4096, 4097, 8190, 8191, 9998])
@pytest.mark.parametrize("count", [10_000, 300_000])
def test_one_slip_in_long_columns_is_seen(kind, count, slip):
    points, levels = np.arange(count - 1).astype(kind), np.arange(count).astype(kind)
    assert rust.proper(points, levels) is True
    for column in (points, levels):
        column[slip] = column[slip - 1]
        assert rust.proper(points, levels) is False
        column[slip] += 1


@given(functions())
def test_segments_are_the_pieces_that_are_not_zero(function):
    (kind, points, level_kind, levels), columns = function
    pieces = [piece for piece in zip(points, points[1:], levels[1:], strict=False) if piece[2]]
    found = rust.segments(*columns)
    if levels[0] or levels[-1]:
        assert found is None
    else:
        starts, stops, worth = ([piece[part] for piece in pieces] for part in range(3))
        wanted = [exactly(kind, starts), exactly(kind, stops), exactly(level_kind, worth)]
        assert list(map(told, found)) == wanted
    assert rust.count_segments(columns[1]) == sum(map(bool, levels))


@given(anything)
def test_a_column_increases_as_the_points_of_a_function_do(column):
    kind, numbers, way = column
    assert rust.increases(way(kind, numbers)) is is_proper(numbers, range(len(numbers) + 1))


def test_columns_of_far_integers_increase_as_others_do():
    far = sorted(sign * 2**power + d for sign in (-1, 1) for power in (0, 61, 62, 63) for d in (-1, 0, 1))
    fitting = [x for x in far if -(2**63) <= x < 2**63]
    for first in fitting:
        for second in fitting:
            assert rust.increases(of_array("q", [first, second])) is (first < second)


# Large columns: an index, a second thread
def random_function(seed, kind, count, step=1000):
    generator = np.random.default_rng(seed)
    points = np.unique(generator.integers(0, step * count, count))
    return points.astype(kind), generator.permutation(len(points) + 1).astype(kind)


@pytest.mark.parametrize("counts", [(300_000, 300_000), (500_000, 900), (900, 500_000), (400_000, 1), (1, 400_000)])
@pytest.mark.parametrize("kind", "qd")
def test_large_functions_merge_as_numpy_merges_them(kind, counts):
    steps = [1000 * max(counts) // count for count in counts]
    a, b = (random_function(seed, kind, count, step) for seed, count, step in zip((1, 2), counts, steps, strict=True))
    points = np.union1d(a[0], b[0])
    xs, ys = (levels[np.searchsorted(at, points, "right")] for at, levels in (a, b))
    for name, operation in {"add": np.add, "maximum": np.maximum, "gt": np.greater, "eq": np.equal}.items():
        levels = np.concatenate([operation(a[1][:1], b[1][:1]), operation(xs, ys)])
        changes = levels[1:] != levels[:-1]
        found_points, found_levels = rust.merge(*map(memoryview, (*a, *b)), name)
        assert np.array_equal(np.asarray(found_points), points[changes])
        assert np.array_equal(np.asarray(found_levels), levels[np.concatenate([[True], changes])])
        assert rust.proper(found_points, found_levels) is True


@pytest.mark.parametrize("spread", ["even", "one far away", "most in one place", "every magnitude"])
@pytest.mark.parametrize("kind", "qd")
@pytest.mark.parametrize("right", [True, False])
def test_many_lookups_find_what_numpy_finds(kind, spread, right):
    generator = np.random.default_rng(3)
    points = np.unique(generator.integers(-(10**9), 10**9, 300_000)).astype(kind)
    if spread == "one far away":
        points[-1] = 2**62
    elif spread == "most in one place":
        points[2000:] = 10**15 + np.arange(len(points) - 2000)
    elif spread == "every magnitude":
        points = np.unique(np.round(np.exp(generator.uniform(0, 43, 300_000)))).astype(kind)
    levels = generator.permutation(len(points) + 1)
    xs = generator.choice(np.concatenate([points, points - 1, points + 1]), 300_000)
    xs[:2] = [-(2**63) + 1, 2**62 + 2**50]
    for asked in (xs, np.sort(xs), xs[:1000]):
        expected = levels[np.searchsorted(points, asked, "right" if right else "left")]
        assert np.array_equal(np.asarray(rust.at(points, levels, asked, right)), expected)


def test_breakpoints_too_far_apart_for_an_index_are_looked_up():
    points = np.array([-1.5e308, *range(1000), 1.5e308])
    xs = np.arange(-500, 1500) + 0.5
    expected = np.searchsorted(points, xs, "right")
    assert np.array_equal(np.asarray(rust.at(points, np.arange(1003), xs, True)), expected)
