"""The extension composes rows of groups, splits them, numbers keys and checks columns as Python does, bit for bit."""

from __future__ import annotations

import importlib
import math
import operator
import random
from array import array
from itertools import chain

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from outcomes import shown, spelled
from strategies import finite, near_extremes

from intervalues import combine_intervals, dispatch
from intervalues.kernels import groups

rust = importlib.import_module("intervalues._rust")


@pytest.fixture(autouse=True)
def backend(monkeypatch):
    """Ask the extension, and compare with the kernels in Python: once, whatever the backend."""
    monkeypatch.setattr(dispatch, "_extension", rust)
    return "rust"


LOWEST, HIGHEST = -(2**63), 2**63 - 1
machine_ints = near_extremes.filter(lambda x: LOWEST <= x <= HIGHEST) | st.integers(LOWEST, HIGHEST)
ENDS = {
    "q": st.integers(-3, 3) | machine_ints,
    "near": st.integers(-3, 3) | st.sampled_from([LOWEST, HIGHEST]),
    "d": finite | st.sampled_from([0.0, -0.0, -math.inf, math.inf, 5e-324, -1e308]),
}


def column(kind, numbers):
    return memoryview(array("d" if kind == "d" else "q", numbers)).toreadonly()


@st.composite
def grouped_rows(draw):
    """Numbers of groups, starts and stops as columns, and how many groups there are; some may have no rows."""
    kind = draw(st.sampled_from(list(ENDS)))
    rows = draw(st.lists(st.tuples(st.integers(0, 4), ENDS[kind], ENDS[kind]), max_size=9))
    numbers = column("q", [row[0] for row in rows])
    starts, stops = (column(kind, [row[i] for row in rows]) for i in (1, 2))
    return numbers, starts, stops, max(numbers, default=-1) + 1 + draw(st.integers(0, 2))


def told(found):
    """All that can be told of columns and numbers."""
    return [(x.format, x.tobytes()) if isinstance(x, memoryview) else (type(x), x) for x in found]


def spread(places, count):
    """Give all places of ends, and of open ends."""
    ends = (range(first, count * places.width, places.width) for first in (0, places.width - 1))
    return sorted({*places.starts, *places.stops, *chain(*ends)})


@given(grouped_rows())
@example((column("q", []), column("q", []), column("q", []), 0))
@example((column("q", [0]), column("q", [LOWEST]), column("q", [HIGHEST]), 1))
@example((column("q", [0, 0]), column("q", [LOWEST + 1, 2]), column("q", [HIGHEST - 1, 3]), 1))
@example((column("q", [1, 0]), column("q", [0, 2**62 - 3]), column("q", [0, 2**62 - 3]), 2))
@example((column("q", [1, 0]), column("q", [0, 2**62 - 4]), column("q", [0, 2**62 - 4]), 2))
@example((column("q", [0]), column("d", [-math.inf]), column("d", [math.inf]), 1))
@example((column("q", [0, 1]), column("d", [-0.0, 0.0]), column("d", [0.0, -0.0]), 2))
def test_places_are_those_of_python(rows):
    assert told(dispatch.compose(*rows)) == told(groups.compose(*rows))


@given(grouped_rows(), st.data())
def test_what_is_swept_is_split_as_in_python(rows, data):
    count = rows[-1]
    places = groups.compose(*rows)
    points = spread(places, count)
    kept = data.draw(st.lists(st.booleans(), min_size=len(points), max_size=len(points)))
    for found in (points, [point for point, keep in zip(points, kept, strict=True) if keep]):
        assert told(dispatch.split(column("q", found), places, count)) == told(
            groups.split(column("q", found), places, count)
        )


@given(st.lists(machine_ints | st.integers(-5, 5), max_size=20))
def test_keys_are_numbered_as_by_a_dict(keys):
    distinct = list(dict.fromkeys(keys))
    numbers, found = dispatch.number_keys(column("q", keys))
    assert (numbers.tolist(), found) == (list(map(distinct.index, keys)), distinct)


@pytest.mark.parametrize("width", [1, 1 << 12, 1 << 14, 1 << 30, 1 << 62])
def test_many_keys_are_numbered_however_far_they_spread(width):
    keys = random.Random(width).choices([(x * width) % 2**63 - 2**62 for x in range(3000)], k=10_000)
    numbers, distinct = dispatch.number_keys(column("q", keys))
    assert distinct == list(dict.fromkeys(keys))
    assert [distinct[number] for number in numbers] == keys


@given(st.lists(st.text(max_size=3) | st.sampled_from(["", "a", "\ud800", "\U0001f6e9"]), max_size=20))
def test_texts_are_numbered_as_by_a_dict(keys):
    keys = [str(key.encode("utf-8", "surrogatepass"), "utf-8", "surrogatepass") for key in keys]  # equal, not the same
    distinct = list(dict.fromkeys(keys))
    numbers, found = dispatch.number_keys(keys)
    assert (numbers.tolist(), found) == (list(map(distinct.index, keys)), distinct)
    assert all(map(operator.is_, found, distinct))


@pytest.mark.parametrize("other", [None, 1, b"a", type("Text", (str,), {})("a")])
def test_keys_of_several_types_are_left_to_a_dict(other):
    assert dispatch.number_keys(["a", other]) is None
    assert dispatch.number_keys([other, "a"]) is None


def test_many_texts_are_numbered():
    keys = random.Random(1).choices([f"key {x}" for x in range(30_000)], k=100_000)
    numbers, distinct = dispatch.number_keys(keys)
    assert distinct == list(dict.fromkeys(keys))
    assert [distinct[number] for number in numbers] == keys


@pytest.mark.parametrize("kind", ["q", "d"])
def test_many_rows_of_many_groups_are_composed_and_split_as_in_python(kind):
    drawn = random.Random(1)
    numbers = column("q", [drawn.randrange(1000) for _ in range(20_000)])
    starts = column(kind, [drawn.randrange(10**9) for _ in numbers])
    stops = column(kind, [start + drawn.randrange(10**6) for start in starts])
    places = dispatch.compose(numbers, starts, stops, 1000)
    assert told(places) == told(groups.compose(numbers, starts, stops, 1000))
    points = column("q", sorted({*places.starts, *places.stops}))
    assert told(dispatch.split(points, places, 1000)) == told(groups.split(points, places, 1000))


DRAWN = random.Random(2)
NUMBERS = {
    "near": [DRAWN.randrange(1000) for _ in range(300)],
    "far": [DRAWN.randrange(-(2**62), 2**62) for _ in range(300)],
    "far in a larger unit": [DRAWN.randrange(-(2**22), 2**22) * 2**40 + 7 for _ in range(300)],
    "next to the extremes": [DRAWN.choice([LOWEST + 1, LOWEST + 2, 0, HIGHEST - 2, HIGHEST - 1]) for _ in range(300)],
    "the same": [2**62] * 300,
    "cents": [DRAWN.randrange(10**6) / 100 for _ in range(300)],
    "cents, and others later": [DRAWN.randrange(10**6) / (100 if i < 290 else 3) for i in range(300)],
    "cents, and a huge one later": [*(DRAWN.randrange(10**6) / 100 for i in range(299)), 1e300],
    "floats": [DRAWN.uniform(-1, 1) * 10 ** DRAWN.randrange(-300, 300) for _ in range(300)],
    "zeros": [DRAWN.choice([0.0, -0.0, 0.25, 5e-324]) for _ in range(300)],
    "open": [DRAWN.choice([-math.inf, math.inf, 0.5, 1.5]) for _ in range(300)],
    "only open": [DRAWN.choice([-math.inf, math.inf]) for _ in range(300)],
    "ints and open": [DRAWN.choice([-math.inf, math.inf, 1, 2**40]) for _ in range(300)],
}
GIVEN = {"rows": None, "lists": list, "arrays": np.array}


def told_twice(monkeypatch, handed):
    """Tell groups as the extension combines them in one call, and as Python does."""

    def told():
        return [(spelled(key), shown(c)) for key, c in combine_intervals(**handed).items()]

    with monkeypatch.context() as patched:
        patched.setattr(dispatch, "compose", None)  # what is left to other kernels is not tested here
        found = told()
    monkeypatch.setattr(dispatch, "_extension", None)
    return found, told()


@pytest.mark.parametrize("how", ["sum", "count", "max", "min"])
@pytest.mark.parametrize("given_as", GIVEN)
@pytest.mark.parametrize("numbers", NUMBERS)
def test_groups_are_combined_as_in_python(numbers, given_as, how, monkeypatch):
    ends = NUMBERS[numbers]
    rows = [(min(pair), max(pair)) for pair in zip(ends, [*ends[7:], *ends[:7]], strict=True)]
    values, keys = [DRAWN.randrange(-9, 9) / 4 for _ in rows], [DRAWN.choice([5, -7, 2**40]) for _ in rows]
    handed = {"data": [(*row, value) for row, value in zip(rows, values, strict=True)], "by": keys}
    if (container := GIVEN[given_as]) is not None:
        starts, stops = zip(*rows, strict=True)
        handed = {name: container(column) for name, column in (("start", starts), ("stop", stops), ("value", values))}
        handed["by"] = container(keys)
    found, wanted = told_twice(monkeypatch, {**handed, "how": how})
    assert found == wanted


@pytest.mark.parametrize(
    ("numbers", "options"),
    [
        ("near", {"closed": "both", "step": 3}),
        ("near", {"closed": "neither", "step": 1}),
        ("far", {"closed": "both", "step": 5}),
        ("cents", {"digits": 1}),
        ("floats", {"digits": 0}),
        ("open", {"digits": 0}),
        ("near", {"closed": "right"}),
    ],
)
def test_options_of_groups_are_those_of_python(numbers, options, monkeypatch):
    ends = [x for x in NUMBERS[numbers] if abs(x) < 1e18 or math.isinf(x) or numbers == "far"]
    starts, stops = zip(*((min(pair), max(pair) + 4) for pair in zip(ends, ends[::-1], strict=True)), strict=True)
    values, keys = [DRAWN.uniform(-9, 9) for _ in starts], [DRAWN.choice("abc") for _ in starts]
    handed = {"start": np.array(starts), "stop": np.array(stops), "value": np.array(values), "by": keys}
    found, wanted = told_twice(monkeypatch, {**handed, **options})
    assert found == wanted


@pytest.mark.parametrize("code", [np.int8, np.uint16, np.uint64, np.float32])
def test_narrow_columns_of_groups_are_read_as_they_are(code, monkeypatch):
    starts = np.array([DRAWN.randrange(100) for _ in range(300)], code)
    handed = {"start": starts[::2], "stop": starts[::2] + code(20), "by": np.arange(150, dtype="u1") % 7}
    found, wanted = told_twice(monkeypatch, handed)
    assert found == wanted


@given(st.lists(machine_ints | st.integers(-5, 5), min_size=1, max_size=20))
def test_keys_in_lists_are_numbered_as_by_a_dict(keys):
    distinct = list(dict.fromkeys(keys))
    numbers, found = dispatch.number_keys(keys)
    assert (numbers.tolist(), found) == (list(map(distinct.index, keys)), distinct)


@pytest.mark.parametrize("other", [None, True, 2**63, 1.0, "a", type("Number", (int,), {})(1)])
def test_integer_keys_of_several_types_are_left_to_a_dict(other):
    assert dispatch.number_keys([1, other]) is None
    assert dispatch.number_keys([other, 1]) is None
    assert dispatch.number_keys([*range(10_000), other]) is None


def test_columns_that_are_not_of_this_machine_are_left_to_python():
    numbers, starts, stops = column("q", [0]), column("q", [1]), column("q", [2])
    assert rust.compose([0], starts, stops, 1) is None
    assert rust.compose(starts, starts, stops, 1) is None
    assert rust.compose(numbers, starts, column("d", [2]), 1) is None
    assert rust.compose(numbers, starts, column("q", [2, 3]), 1) is None
    assert rust.compose(column("d", [0]), starts, stops, 1) is None
    assert rust.split(column("d", [1]), 3, 0, 0, None, 1) is None
    assert rust.split(starts, 2, 0, 0, None, 1) is None
    assert rust.split(starts, 3, 0, 0, None, -1) is None
    assert rust.split(starts, 4, 0, 1, [7], 1) is None
    assert rust.split(column("q", [2]), 4, 0, 1, starts, 1) is None
    assert rust.number_keys(column("d", [1])) is None
    assert rust.number_keys([1]) is None
    assert rust.number_objects(("a", "b")) is None
    assert rust.extent([1], stops) is None
    assert rust.extent(starts, column("d", [2])) is None
    assert rust.extent(starts, column("q", [2, 3])) is None
    assert rust.extent(np.array([True]), np.array([True])) is None
    assert rust.finite([1.0]) is None


@given(st.sampled_from("qd"), st.data())
def test_the_extent_of_rows_is_told_if_none_is_reversed(kind, data):
    rows = data.draw(st.lists(st.tuples(ENDS[kind], ENDS[kind]).map(sorted), max_size=6))
    reversed_rows = data.draw(st.lists(st.tuples(ENDS[kind], ENDS[kind]), max_size=1))
    rows = data.draw(st.permutations([*rows, *reversed_rows]))
    starts, stops = (column(kind, [row[i] for row in rows]) for i in (0, 1))
    known = bool(rows) and all(start <= stop for start, stop in rows)
    assert dispatch.extent(starts, stops) == ((min(starts), max(stops)) if known else None)


@pytest.mark.parametrize("count", [1, 1000, 5000])
def test_one_number_that_is_not_finite_is_found_anywhere(count):
    for row in {0, count // 2, count - 1}:
        for x in (math.inf, -math.inf, math.nan):
            numbers = [1e308] * count
            assert dispatch.finite(column("d", numbers))
            numbers[row] = x
            assert not dispatch.finite(column("d", numbers))
    assert dispatch.finite(column("q", range(count)))


KINDS = ["q", "d"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value_kind", KINDS)
def test_arrays_are_grouped_as_lists_are(kind, value_kind):
    drawn = np.random.default_rng(1)
    starts = drawn.integers(0, 1000, 500).astype(kind)
    stops = starts + drawn.integers(0, 9, 500).astype(kind)
    worth, keys = drawn.integers(-3, 3, 500).astype(value_kind), drawn.integers(0, 40, 500) * 10**12
    found = combine_intervals(start=starts, stop=stops, value=worth, by=keys)
    expected = combine_intervals(start=starts.tolist(), stop=stops.tolist(), value=worth.tolist(), by=keys.tolist())
    assert found == expected
    assert list(found) == list(expected)


def test_what_is_wrong_in_arrays_is_worded_by_python():
    keys = np.array([1, 2])
    with pytest.raises(ValueError, match=r"^row 1: start 5 is after stop 2$"):
        combine_intervals(start=np.array([1, 5]), stop=np.array([2, 2]), by=keys)
    with pytest.raises(ValueError, match=r"^row 1: value is inf; values must be finite$"):
        combine_intervals(start=np.array([1, 1]), stop=np.array([2, 2]), value=np.array([1, math.inf]), by=keys)
    with pytest.raises(OverflowError, match=r"^group 2: the level on \[1, 2\) is beyond the largest float$"):
        combine_intervals(
            start=np.array([1, 1]), stop=np.array([2, 2]), value=np.array([1e308] * 2), by=np.array([2, 2])
        )


def test_lowest_and_highest_integers_in_arrays_are_coordinates():
    ends = np.array([LOWEST, 5, HIGHEST])
    found = combine_intervals(start=ends[:2], stop=ends[1:], by=np.array([7, 7]))
    assert list(found[7]) == [(LOWEST, HIGHEST, 1)]
