"""What the package must survive (14 and 15): coordinates whose comparison raises or lies."""

from __future__ import annotations

import random
from itertools import count, pairwise

import pytest
from outcomes import OddError, outcome, shown

from intervalues import IntervalCollection, combine_intervals


def keeps_its_invariants(c):
    return len(c.levels) == len(c.breakpoints) + 1 and all(a != b for a, b in pairwise(c.levels))


class Moody:
    """An ordered coordinate that raises at some comparison."""

    left = -1

    def __init__(self, x):
        self.x = x

    def __lt__(self, other):
        Moody.left -= 1
        if Moody.left == 0:
            raise Moody.error
        return self.x < other.x


def raising_at_every_step(error, call):
    """Check that an error at the k-th comparison comes out itself, for every k; give how many there were."""
    Moody.error = error
    for k in count(1):
        Moody.left = k
        try:
            call()
        except type(error) as raised:
            came_through = raised is error
        else:
            assert Moody.left > 0
            return k - 1
        finally:
            Moody.left = -1
        assert came_through
    raise AssertionError


@pytest.mark.parametrize(
    "error", [OddError(1, 2), ZeroDivisionError("!"), MemoryError(), TypeError("mine")], ids=lambda x: type(x).__name__
)
def test_an_error_of_a_comparison_comes_through_as_itself(error):
    xs = [Moody(x) for x in (1, 3, 2, 5, 4)]
    rows = [(xs[0], xs[1], 1), (xs[2], xs[3], 2), (xs[0], xs[4], 3)]
    assert raising_at_every_step(error, lambda: combine_intervals(rows)) > 3
    assert raising_at_every_step(error, lambda: combine_intervals(rows, how="max")) > 3
    c = combine_intervals(rows)
    d = combine_intervals([(xs[2], xs[4], 1)])
    before = shown(c)[1]
    for call in (
        lambda: c[xs[2]],
        lambda: xs[2] in c,
        lambda: c.limit(xs[2], "left"),
        lambda: c.at([xs[0], xs[2]]),
        lambda: c[xs[0] : xs[4]],
        lambda: c + d,
        lambda: c - d,
        lambda: c.max(),
        lambda: c.argmax(within=(xs[0], xs[2])),
        lambda: c.support & d.support,
        lambda: c.support.gaps(),
    ):
        assert raising_at_every_step(error, call) > 0
        assert shown(c)[1] == before


class Liar:
    """A coordinate whose order is none."""

    def __init__(self, answer):
        self.answer = answer

    def __lt__(self, other):
        return self.answer()

    def __repr__(self):
        return "Liar"


@pytest.mark.parametrize("how", ["sum", "count", "max", "min"])
def test_an_order_that_lies_breaks_no_invariant(how):
    choose = random.Random(1)
    for _ in range(300):
        answer = choose.choice([lambda: True, lambda: False, lambda: choose.random() < 0.5])
        rows = [(Liar(answer), Liar(answer), choose.randrange(-2, 3)) for _ in range(choose.randrange(8))]
        result = outcome(lambda rows=rows: combine_intervals(rows, how=how))
        assert result[0] in (ValueError, IntervalCollection)
        if result[0] is IntervalCollection:
            try:
                c = combine_intervals(rows, how=how)
            except ValueError:
                continue
            assert keeps_its_invariants(c)
            assert keeps_its_invariants(c + c)


def test_an_order_that_empties_the_input_does_no_harm():
    rows = []

    def empty():
        rows.clear()
        return False

    for _ in range(20):
        rows[:] = [[Liar(empty), Liar(empty), 1] for _ in range(50)]
        assert combine_intervals(rows) == IntervalCollection()
        assert not rows


def test_an_ordered_coordinate_stays_the_object_it_is():
    class Version(Moody):
        def __index__(self):
            return self.x

    versions = [Version(1), Version(2)]
    c = combine_intervals([versions])
    assert all(found is given for found, given in zip(c.breakpoints, versions, strict=True))
    assert c[versions[0]] == 1
