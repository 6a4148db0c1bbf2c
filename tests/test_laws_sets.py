"""Laws of regions: a Boolean algebra with complements, the order of subsets, and what supports make of functions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import COORDINATES, rows
from test_laws import ALIKE, functions

from intervalues import IntervalCollection, IntervalSet, maximum, minimum

pytestmark = pytest.mark.fuzz

NOWHERE = IntervalSet()
EVERYWHERE = ~NOWHERE


@st.composite
def regions(draw, count):
    """Some regions of one domain, whose ends often meet."""
    return [c.support for c in draw(functions(count, [("ones",)]))]


@given(regions(3))
def test_regions_form_a_boolean_algebra(three):
    a, b, c = three
    assert a | b == b | a
    assert a & b == b & a
    assert (a | b) | c == a | (b | c)
    assert (a & b) & c == a & (b & c)
    assert a | (a & b) == a & (a | b) == a
    assert a & (b | c) == (a & b) | (a & c)
    assert a | (b & c) == (a | b) & (a | c)
    assert a | NOWHERE == a & EVERYWHERE == a | a == a & a == a
    assert a & NOWHERE == NOWHERE == a & ~a
    assert a | EVERYWHERE == EVERYWHERE == a | ~a
    assert ~~a == a


@given(regions(3))
def test_differences_are_those_of_sets(three):
    a, b, c = three
    assert ~(a | b) == ~a & ~b
    assert ~(a & b) == ~a | ~b
    assert a - b == a & ~b == a - (a & b)
    assert a - (b - c) == (a - b) | (a & c)
    assert a ^ b == (a | b) - (a & b) == (a - b) | (b - a) == b ^ a
    assert (a ^ b) ^ c == a ^ (b ^ c)
    assert a ^ a == NOWHERE
    assert a ^ EVERYWHERE == ~a


@given(regions(3))
def test_subsets_are_ordered_as_those_of_sets(three):
    a, b, c = three
    assert (a <= b) == (b >= a) == (a | b == b) == (a & b == a) == (not a - b) == a.issubset(b) == b.issuperset(a)
    assert (a < b) == (b > a) == (a <= b and a != b)
    assert (a <= b and b <= a) == (a == b)
    assert (a <= b) == (~b <= ~a)
    assert a & b <= a <= a | c
    assert NOWHERE <= a <= EVERYWHERE
    assert a.isdisjoint(b) == (not a & b) == (a <= ~b)
    if a <= b:
        assert a | c <= b | c
        assert a & c <= b & c


@given(regions(3))
def test_methods_are_operators_of_many_and_read_rows(three):
    a, b, c = three
    for others in ((b, c), ([interval[:2] for interval in b], iter(c))):
        assert a.union(*others) == a | b | c
        assert a.intersection(b, [*c]) == a & b & c
        assert a.difference(b, [*c]) == a - b - c == a - (b | c)
        assert a.symmetric_difference([*b]) == a ^ b
    assert a.union() == a.intersection() == a.difference() == a


@given(st.sampled_from(["small ints", "ints", "Fractions"]), st.data())
def test_lengths_add_up(domain, data):
    a, b = (
        IntervalSet((*row[:2],) for row in data.draw(rows(domain, ["ones"], max_size=4, open_ends=False)))
        for _ in range(2)
    )
    assert (a | b).length + (a & b).length == a.length + b.length
    assert (a - b).length + (a & b).length == a.length
    assert (a ^ b).length == (a | b).length - (a & b).length
    if len(a):
        assert a.length + a.gaps().length == a.span.length


@given(functions(2, [*ALIKE, ("floats", "ints and floats")]))
def test_de_morgan_holds_for_supports(two):
    a, b = (abs(c) for c in two)
    assert maximum(a, b).support == a.support | b.support
    assert minimum(a, b).support == a.support & b.support
    assert ~maximum(a, b).support == ~a.support & ~b.support
    assert ~minimum(a, b).support == ~a.support | ~b.support
    assert a.where(~b.support).support == a.support - b.support
    assert (a.support ^ b.support) == a.support.symmetric_difference(b.support)


@given(st.sampled_from(list(COORDINATES)), st.data())
def test_regions_and_functions_that_are_one_or_zero_are_the_same_thing(domain, data):
    a, b = (IntervalSet(data.draw(rows(domain, ["ones"], max_size=4))) for _ in range(2))
    f, g = IntervalCollection(a), IntervalCollection(b)
    assert f.support == IntervalSet(f) == a
    assert f * g == minimum(f, g) == IntervalCollection(a & b)
    assert maximum(f, g) == f + g - f * g == IntervalCollection(a | b)
    assert f.where(~b) == f - f * g == IntervalCollection(a - b)
    assert abs(f - g) == IntervalCollection(a ^ b)
    assert 1 - f == IntervalCollection(~a)
    assert (a <= b) == ((f <= g) == EVERYWHERE)
