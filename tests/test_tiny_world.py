"""Everything there is in a tiny world, against the model."""

from __future__ import annotations

import math
import operator
from itertools import combinations_with_replacement, pairwise, product

import pytest
from model import HOW, combined, level_at, pieces_of, place

from intervalues import IntervalCollection, IntervalSet, combine_intervals

ENDS = (-math.inf, 0, 1, 2, math.inf)
SPANS = [*((a, b) for a in ENDS for b in ENDS if a < b), (1, 1)]
ROWS = [(*span, value) for span in SPANS for value in (-1, 0, 2)]
PLACES = [-1, 0, 0.5, 1, 1.5, 2, 3]  # a point inside each piece, and each breakpoint
STEPS = [IntervalCollection.from_levels([0, 1, 2], levels[1:], levels[0]) for levels in product((-1, 0, 1), repeat=4)]
REGIONS = [
    IntervalSet([span for span, inside in zip(pairwise((-math.inf, 0, 1, 2, math.inf)), kept, strict=True) if inside])
    for kept in product((False, True), repeat=4)
]
SIDES = ("left", "right")


@pytest.mark.parametrize("how", HOW)
def test_up_to_three_intervals_combine_as_the_model_says(how):
    for count in range(4):
        for rows in combinations_with_replacement(ROWS, count):
            assert pieces_of(combine_intervals(rows, how=how)) == combined(rows, how), rows


@pytest.mark.parametrize("how", HOW)
def test_floats_combine_as_ints_do(how):
    for rows in combinations_with_replacement(ROWS[::2], 2):
        floats = [(float(start), float(stop), float(value)) for start, stop, value in rows]
        assert combine_intervals(floats, how=how) == combine_intervals(rows, how=how), rows


@pytest.mark.parametrize("closed", SIDES)
def test_a_level_at_a_breakpoint_is_that_of_the_closed_side(closed):
    for rows in combinations_with_replacement(ROWS, 2):
        c = combine_intervals(rows, closed=closed)
        pieces = pieces_of(c)
        levels = [level_at(pieces, place(x), closed) for x in PLACES]
        assert [c[x] for x in PLACES] == levels == list(c.at(PLACES)), rows
        assert [x in c for x in PLACES] == list(map(bool, levels)), rows
        for side in SIDES:  # right of a point holds what a left-closed function has at it
            opposite = "left" if side == "right" else "right"
            assert [c.limit(x, side) for x in PLACES] == [level_at(pieces, place(x), opposite) for x in PLACES]


@pytest.mark.parametrize("operation", [operator.add, operator.sub])
def test_sums_and_differences_are_those_of_the_levels_everywhere(operation):
    for a, b in product(STEPS, STEPS):
        c = operation(a, b)
        assert [c[x] for x in PLACES] == [operation(a[x], b[x]) for x in PLACES], (a, b)
        assert all(before != after for before, after in pairwise(c.levels)), (a, b)


def test_equal_is_what_has_equal_levels_everywhere():
    for (i, a), (j, b) in product(enumerate(STEPS), enumerate(STEPS)):
        assert (a == b) == (i == j), (a, b)
        assert (hash(a) == hash(b)) == (i == j), (a, b)


@pytest.mark.parametrize("operation", [operator.lt, operator.le, operator.gt, operator.ge])
def test_comparing_with_a_number_gives_the_region_where_it_holds(operation):
    for c, limit in product(STEPS, (-2, -1, 0, 0.5, 1)):
        region = operation(c, limit)
        assert [x in region for x in PLACES] == [operation(c[x], limit) for x in PLACES], (c, limit)


def test_a_window_keeps_the_function_inside_and_is_zero_outside():
    for c, (a, b) in product(STEPS, SPANS):
        assert [c[a:b][x] for x in PLACES] == [c[x] if a <= x < b else 0 for x in PLACES], (c, a, b)


@pytest.mark.parametrize(
    ("operation", "of_bools"),
    [
        (operator.or_, operator.or_),
        (operator.and_, operator.and_),
        (operator.xor, operator.xor),
        (operator.sub, lambda p, q: p and not q),
    ],
)
def test_operators_of_regions_are_those_of_membership(operation, of_bools):
    for a, b in product(REGIONS, REGIONS):
        region = operation(a, b)
        assert [x in region for x in PLACES] == [of_bools(x in a, x in b) for x in PLACES], (a, b)
        assert list(region) == list(IntervalSet(list(region))), (a, b)


def test_the_complement_holds_what_the_region_does_not():
    for region in REGIONS:
        assert [x in ~region for x in PLACES] == [x not in region for x in PLACES]
        assert ~~region == region


def test_the_length_of_a_region_is_that_of_its_intervals():
    for region in REGIONS:
        assert region.length == sum(interval.length for interval in region)
        assert len(region) == len(list(region))


def test_the_gaps_of_a_region_are_what_its_span_holds_beside_it():
    for region in REGIONS[1:-1]:
        span = region.span
        gaps = region.gaps()
        assert [x in gaps for x in PLACES] == [x in span and x not in region for x in PLACES], region


def test_the_gaps_within_a_window_are_what_the_window_holds_beside_the_region():
    for region, (a, b) in product(REGIONS, SPANS):
        gaps = region.gaps(within=(a, b))
        assert [x in gaps for x in PLACES] == [a <= x < b and x not in region for x in PLACES], (region, a, b)


def test_highest_and_lowest_levels_are_those_of_the_span():
    for c in STEPS:
        if c.span is None:
            continue
        levels = [c[x] for x in PLACES if x in c.span]
        assert (c.max(), c.min()) == (max(levels), min(levels)), c
        assert [x in c.argmax() for x in PLACES] == [x in c.span and c[x] == max(levels) for x in PLACES], c


def test_sums_of_three_do_not_depend_on_the_order():
    for a, b, c in combinations_with_replacement(STEPS[::5], 3):
        assert (a + b) + c == a + (b + c) == (c + b) + a


def test_regions_are_distributive():
    for a, b, c in product(REGIONS[::3], REGIONS, REGIONS):
        assert a & (b | c) == (a & b) | (a & c)
        assert a - (b | c) == (a - b) & (a - c)
