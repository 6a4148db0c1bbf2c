"""Laws that hold for every input, on every domain and for every kind of value."""

from __future__ import annotations

import datetime as dt
import math
import operator
import pickle
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from model import (
    AFTER,
    BEFORE,
    HOW,
    as_kind,
    canonical,
    clipped,
    combined,
    integral,
    kind_of,
    level_at,
    pieces_of,
    place,
)
from outcomes import outcome, outcome_in_python, shown, spelled
from strategies import COORDINATES, NUMBERS, TIMES, VALUES, anything, rows

from intervalues import Interval, IntervalCollection, IntervalSet, combine_intervals

pytestmark = pytest.mark.fuzz

domains = pytest.mark.parametrize("domain", COORDINATES)
EXACT_KINDS = [kind for kind in VALUES if "floats" not in kind]
any_domain = st.sampled_from(list(COORDINATES))
hows = st.sampled_from(list(HOW))
numbers = st.one_of(*VALUES.values())


def expected(made, how):
    """Give what the model says, or the error it must be."""
    try:
        return combined(made, how)
    except OverflowError:
        return OverflowError


@domains
@given(st.data(), hows)
def test_combining_is_what_the_model_says(domain, data, how):
    made = data.draw(rows(domain))
    pieces = expected(made, how)
    if pieces is OverflowError:
        with pytest.raises(OverflowError, match="beyond the largest float"):
            combine_intervals(made, how=how)
        return
    c = combine_intervals(made, how=how)
    assert pieces_of(c) == pieces
    kind = int if how == "count" else kind_of([value for _, _, value in made])
    assert {type(level) for level in c.levels} == {kind}
    assert not any(spelled(x) == (float, "-0.0") for x in [*c.levels, *c.breakpoints])


@domains
@given(st.data(), hows)
def test_every_way_in_gives_the_same_and_pure_python_too(domain, data, how):
    made = data.draw(rows(domain))
    starts, stops, worth = ([row[i] for row in made] for i in range(3))
    python = outcome_in_python(lambda: combine_intervals(made, how=how))
    assert outcome(lambda: combine_intervals(made, how=how)) == python
    assert outcome(lambda: combine_intervals(map(list, made), how=how)) == python
    assert outcome(lambda: combine_intervals([Interval(*row) for row in made], how=how)) == python
    assert outcome(lambda: combine_intervals(start=starts, stop=iter(stops), value=tuple(worth), how=how)) == python


@domains
@given(st.data())
def test_order_of_rows_does_not_matter(domain, data):
    made = data.draw(rows(domain))
    shuffled = data.draw(st.permutations(made))
    assert outcome(lambda: combine_intervals(made)) == outcome(lambda: combine_intervals(shuffled))


@given(
    st.lists(st.lists(anything, min_size=2, max_size=3).map(tuple), max_size=4),
    hows,
    st.sampled_from(["raise", "drop", "open"]),
    st.sampled_from([None, 0, 2, 15]),
    st.sampled_from(["left", "right"]),
)
def test_hostile_rows_get_the_same_answer_or_error_as_in_pure_python(made, how, missing, digits, closed):
    def call():
        return combine_intervals(made, how=how, missing=missing, digits=digits, closed=closed)

    python = outcome_in_python(call)
    assert outcome(call) == python
    if python[0] is not IntervalCollection:
        kind, message = python
        assert kind in (TypeError, ValueError, OverflowError)
        assert message.startswith(("row ", "digits ", "the level "))


EXTREMES = [0, 1, 2, 3, 7, 2**15, 2**31, 2**53, 2**53 + 1, 2**62, 2**63 - 2, 2**63 - 1, 2**63, 2**64 - 1, -1, -(2**63)]
ODD_FLOATS = [0.0, -0.0, 0.1, 0.3, 0.1 + 0.2, 2.5, 1e16, 1e308, 5e-324, 65504.0, math.inf, -math.inf, math.nan]


@st.composite
def machine_column(draw, size):
    """A column of machine numbers of any width and byte order, often of extremes; sometimes of another length."""
    dtype = np.dtype(draw(st.sampled_from(["i1", "u1", "i4", ">i8", "i8", "u8", "?", "f2", "f4", "f8", ">f8"])))
    items = draw(
        st.lists(
            st.sampled_from([*EXTREMES, *ODD_FLOATS] if dtype.kind == "f" else EXTREMES), min_size=size, max_size=size
        )
    )
    if dtype.kind in "iu":
        items = [x if np.iinfo(dtype).min <= x <= np.iinfo(dtype).max else x % 100 for x in items]
    with np.errstate(over="ignore"):
        column = np.array(items, dtype=dtype)
    return draw(st.sampled_from([column, np.repeat(column, 2)[::2], column[::-1], column[: size - 1]]))


@given(
    st.integers(1, 5).flatmap(lambda size: st.tuples(*[machine_column(size)] * 3)),
    st.booleans(),
    hows,
    st.sampled_from(["raise", "drop", "open"]),
    st.sampled_from([None, None, 0, 1, 15]),
    st.sampled_from([("left", None), ("right", None), ("both", 1), ("neither", 2**62), ("both", 2**63)]),
)
def test_hostile_arrays_get_the_same_answer_or_error_as_in_pure_python(columns, worth, how, missing, digits, side):
    starts, stops, values = columns

    def call():
        return combine_intervals(
            start=starts,
            stop=stops,
            value=values if worth else None,
            how=how,
            missing=missing,
            digits=digits,
            closed=side[0],
            step=side[1],
        )

    python = outcome_in_python(call)
    assert outcome(call) == python
    if python[0] is not IntervalCollection:
        assert python[0] in (TypeError, ValueError, OverflowError)
        return
    listed = [list(column) for column in columns]  # NumPy's scalars are read on another way
    starts, stops, values = listed
    assert outcome(call) == python


@given(st.lists(st.tuples(st.integers(-4, 4), st.integers(-4, 4), st.integers(-3, 3)), max_size=5), hows)
def test_inclusive_steps_are_half_open_ones_that_reach_a_step_further(made, how):
    both = outcome(lambda: combine_intervals(made, how=how, closed="both", step=1))
    plain = outcome(lambda: combine_intervals(made, how=how))
    if plain[0] is ValueError:
        assert both == plain
    else:
        wider = [(start, stop + 1, value) for start, stop, value in made]
        assert both == outcome(lambda: combine_intervals(wider, how=how))
        narrower = [(start + 1, max(start + 1, stop), value) for start, stop, value in made]
        neither = outcome(lambda: combine_intervals(made, how=how, closed="neither", step=1))
        assert neither == outcome(lambda: combine_intervals(narrower, how=how))


@given(rows("ints and floats", ["floats", "ints", "ints and floats"]), st.integers(0, 15))
def test_digits_snap_as_round_does_and_add_exactly_on_that_grid(made, digits):
    def snapped(x):
        return round(x, digits) if type(x) is float and math.isfinite(x) else x

    def on_grid(x):
        exact = Fraction(round(Fraction(x) * 10**digits), 10**digits)
        assert type(x) is int or as_kind(exact, float) == round(x, digits)
        return exact

    worth = [on_grid(value) for _, _, value in made]
    fractions = [(snapped(start), snapped(stop), x) for (start, stop, _), x in zip(made, worth, strict=True)]
    kind = kind_of([value for _, _, value in made])
    try:
        pieces = canonical([(start, as_kind(level, kind)) for start, level in combined(fractions)])
    except OverflowError:
        assert outcome(lambda: combine_intervals(made, digits=digits))[0] is OverflowError
        return
    assert pieces_of(combine_intervals(made, digits=digits)) == pieces


@given(any_domain, st.data())
def test_a_lookup_finds_the_level_of_its_piece(domain, data):
    c = combine_intervals(data.draw(rows(domain, EXACT_KINDS)), closed=data.draw(st.sampled_from(["left", "right"])))
    xs = [*c.breakpoints, *data.draw(st.lists(COORDINATES[domain], max_size=3)), math.inf, -math.inf]
    found = [level_at(pieces_of(c), place(x), c.closed) for x in xs]
    assert [c[x] for x in xs] == found == list(c.at(xs))
    assert [x in c.support for x in xs] == list(map(bool, found))


@given(any_domain, st.data())
def test_segments_combine_into_the_collection_they_come_from(domain, data):
    c = combine_intervals(data.draw(rows(domain, EXACT_KINDS)), closed=data.draw(st.sampled_from(["left", "right"])))
    assert combine_intervals(c, closed=c.closed) == c
    assert list(c) == list(c.segments()) == list(reversed(list(reversed(c))))
    assert len(c) == len(list(c))
    assert all(interval.value for interval in c)


@given(any_domain, st.data())
def test_breakpoints_and_levels_make_the_collection_again(domain, data):
    c = combine_intervals(data.draw(rows(domain, EXACT_KINDS)))
    again = IntervalCollection.from_levels(c.breakpoints, c.levels[1:], c.levels[0])
    assert again == c
    assert hash(again) == hash(c)


@given(any_domain, st.data())
def test_changes_make_the_collection_again(domain, data):
    c = combine_intervals(data.draw(rows(domain, EXACT_KINDS)))
    deltas = [Fraction(after) - Fraction(before) for before, after in pairwise(c.levels)]
    changes = data.draw(st.permutations(list(zip(c.breakpoints, deltas, strict=True))))
    again = IntervalCollection.from_changes([x for x, _ in changes], [d for _, d in changes], Fraction(c.levels[0]))
    assert again == c


@domains
@given(st.data())
def test_pickles_come_back_the_same_bit_for_bit(domain, data):
    made = data.draw(rows(domain))
    assume(expected(made, "sum") is not OverflowError)
    c = combine_intervals(made)
    assert shown(pickle.loads(pickle.dumps(c))) == shown(c)
    assert shown(pickle.loads(pickle.dumps(c.support))) == shown(c.support)


@given(any_domain, st.data())
def test_the_pickle_is_the_same_bytes_in_pure_python(domain, data):
    made = data.draw(rows(domain, EXACT_KINDS))
    c = combine_intervals(made)
    kept = []
    outcome_in_python(lambda: kept.append(combine_intervals(made)) or kept[0])
    assert pickle.dumps(c.__reduce__()[1]) == pickle.dumps(kept[0].__reduce__()[1])


@given(any_domain, st.data())
def test_sums_form_a_group(domain, data):
    kind = [data.draw(st.sampled_from(["ints", "huge ints", "Fractions", "Decimals"]))]
    a, b = (combine_intervals(data.draw(rows(domain, kind, max_size=4))) for _ in range(2))
    if domain == "aware datetimes":  # zones are no part of identity
        assert (a + b).breakpoints == (b + a).breakpoints
    assert a + b == b + a
    assert a + b - b == a
    assert a - b == -(b - a)
    assert not len(a - a)
    assert hash(a - a) == hash(IntervalCollection())
    for x in [*a.breakpoints, *b.breakpoints]:
        assert (a + b)[x] == Fraction(a[x]) + Fraction(b[x])


@given(any_domain, st.data())
def test_adding_collections_is_combining_their_rows(domain, data):
    kind = [data.draw(st.sampled_from(["ints", "huge ints", "ints and Fractions", "ints and Decimals"]))]
    first, second = (data.draw(rows(domain, kind, max_size=4)) for _ in range(2))
    assert combine_intervals(first) + combine_intervals(second) == combine_intervals(first + second)


@given(rows("small ints"), numbers, st.sampled_from([operator.add, operator.sub, operator.mul, operator.truediv]))
def test_arithmetic_with_a_number_is_exact_or_rounded_once(made, number, operation):
    assume(expected(made, "sum") is not OverflowError)
    c = combine_intervals(made)
    kinds = {type(c.levels[0]), type(number)}
    if Decimal in kinds and kinds & {float, Fraction}:
        with pytest.raises(TypeError):
            operation(c, number)
        return
    if operation is operator.truediv and not number:
        with pytest.raises(ZeroDivisionError):
            operation(c, number)
        return
    exact = [operation(Fraction(level), Fraction(number)) for level in c.levels]
    kind = float if operation is operator.truediv and kinds <= {int, bool} else kind_of([c.levels[0], number])
    try:
        wanted = [as_kind(level, kind) for level in exact]
    except OverflowError:
        with pytest.raises(OverflowError, match="beyond the largest float"):
            operation(c, number)
        return
    result = operation(c, number)
    points = [BEFORE, *map(place, c.breakpoints)]
    assert {type(level) for level in result.levels} == {kind}
    if kind is Decimal and operation in (operator.mul, operator.truediv):
        digits = max(28, *(len(x.as_tuple().digits) for x in map(Decimal, [*c.levels, number])))
        for x in c.breakpoints:
            error = abs(Fraction(result[x]) - operation(Fraction(c[x]), Fraction(number)))
            assert error <= abs(Fraction(result[x])) * Fraction(10) ** (1 - digits)
        return
    assert pieces_of(result) == canonical(list(zip(points, wanted, strict=True)))
    assert not any(spelled(level) == (float, "-0.0") for level in result.levels)


@given(rows("ints and floats"), numbers, st.sampled_from([operator.lt, operator.le, operator.gt, operator.ge]))
def test_comparing_with_a_number_is_comparing_every_level(made, number, comparison):
    assume(expected(made, "sum") is not OverflowError)
    c = combine_intervals(made)
    kinds = {type(c.levels[0]), type(number)}
    if Decimal in kinds and kinds & {float, Fraction}:
        with pytest.raises(TypeError):
            comparison(c, number)
        return
    region = comparison(c, number)
    points = [BEFORE, *map(place, c.breakpoints)]
    inside = [int(comparison(Fraction(level), Fraction(number))) for level in c.levels]
    made_of = [(BEFORE, 0)] if not len(region.segments()) else None
    if made_of is None:
        indicator = combine_intervals([(start, stop) for start, stop, _ in region])
        assert pieces_of(indicator) == canonical(list(zip(points, inside, strict=True)))
    else:
        assert not any(inside)


def kind_of_integral(c, domain):
    """Say what kind an integral over plain lengths is; None if the two do not mix."""
    values, lengths = type(c.levels[0]), COORDINATE_KIND[domain]
    if values is int:
        return lengths
    if lengths is float:
        return None if values is Decimal else float
    return values


COORDINATE_KIND = {
    "small ints": int,
    "ints": int,
    "floats": float,
    "ints and floats": float,
    "Decimals": Decimal,
    "Fractions": Fraction,
    "ints and Fractions": Fraction,
}


@pytest.mark.parametrize("domain", ["small ints", "floats", "Fractions"])
@given(st.data())
def test_an_integral_is_exact_and_rounded_once(domain, data):
    made = data.draw(rows(domain, ["ints", "huge ints", "floats", "Fractions", "Decimals"], open_ends=False))
    assume(made)
    assume(expected(made, "sum") is not OverflowError)
    c = combine_intervals(made)
    window = sorted(data.draw(st.tuples(COORDINATES[domain], COORDINATES[domain])))
    kind = kind_of_integral(c, domain)
    if kind is None:
        with pytest.raises(TypeError, match="Decimal"):
            c.integral(within=tuple(window))
        return
    exact = integral(clipped(pieces_of(c), *map(place, window)))
    try:
        wanted = as_kind(exact, kind)
    except OverflowError:
        with pytest.raises(OverflowError, match="beyond the largest float"):
            c.integral(within=tuple(window))
        return
    found = c.integral(within=tuple(window))
    if kind is Decimal:  # to 28 digits at least
        assert abs(Fraction(found) - exact) <= abs(exact) * Fraction(1, 2 * 10**27)
    else:
        assert found == wanted
    if len(c.breakpoints):
        assert type(found) is kind


@pytest.mark.parametrize("domain", TIMES)
@given(st.data())
def test_an_integral_over_time_is_exact_and_rounded_once(domain, data):
    made = data.draw(rows(domain, ["ints", "floats", "Fractions"], open_ends=False))
    assume(expected(made, "sum") is not OverflowError)
    c = combine_intervals(made)
    assume(len(c.breakpoints))
    unit = data.draw(st.sampled_from([None, dt.timedelta(hours=1), dt.timedelta(microseconds=1)]))
    ticks = unit // dt.timedelta(microseconds=1) if unit else 10**6
    per_unit = Fraction(ticks, 86_400 * 10**6) if domain == "dates" else Fraction(ticks)
    if domain == "dates" and unit is None:
        per_unit = Fraction(1)
    exact = integral(clipped(pieces_of(c), BEFORE, AFTER)) / per_unit
    kind = type(c.levels[0])
    fine = "time" in domain and hasattr(c.breakpoints[0], "as_unit")
    is_tick = (domain == "dates" and unit is None) or (
        domain in ("naive datetimes", "aware datetimes", "timedeltas") and ticks == 1
    )
    assume(abs(exact) < Fraction(10) ** 308)
    wanted = as_kind(exact, float if kind is int and not is_tick else kind)
    assert spelled(c.integral(unit=unit)) == spelled(int(wanted) if kind is int and is_tick else wanted), fine


@pytest.mark.parametrize("domain", ["small ints", "floats", "Fractions", "timedeltas", "timestamps", "dates"])
@given(st.data())
def test_a_mean_is_the_integral_over_the_length_rounded_once(domain, data):
    made = data.draw(rows(domain, ["ints", "huge ints", "floats", "Fractions"], open_ends=False))
    assume(expected(made, "sum") is not OverflowError)
    c = combine_intervals(made)
    assume(len(c.breakpoints))
    pieces = clipped(pieces_of(c), place(c.breakpoints[0]), place(c.breakpoints[-1]))
    exact = integral(pieces) / (pieces[-1][1][1] - pieces[0][0][1])
    kind = type(c.levels[0])
    kind = float if kind is int or domain == "floats" else kind
    assume(abs(exact) < Fraction(10) ** 308)
    assert spelled(c.mean()) == spelled(as_kind(exact, kind))


@given(any_domain, st.data())
def test_extremes_are_those_of_the_levels_inside(domain, data):
    c = combine_intervals(data.draw(rows(domain, EXACT_KINDS)))
    start, stop = sorted(data.draw(st.tuples(COORDINATES[domain], COORDINATES[domain])), key=place)
    levels = [level for _, _, level in clipped(pieces_of(c), place(start), place(stop))]
    if not levels:
        with pytest.raises(ValueError, match="zero length"):
            c.max(within=(start, stop))
        return
    assert (c.max(within=(start, stop)), c.min(within=(start, stop))) == (max(levels), min(levels))
    peak = c.argmax(within=(start, stop))
    inside = [x for x in [start, *c.breakpoints] if place(start) <= place(x) < place(stop)]
    assert [x in peak for x in inside] == [c[x] == max(levels) for x in inside]


@given(any_domain, st.data(), st.integers(0, 4))
def test_the_highest_segments_come_first_and_of_equals_the_earlier(domain, data, n):
    c = combine_intervals(data.draw(rows(domain, EXACT_KINDS)))
    assume(len(c.breakpoints))
    assert c.nlargest(n) == sorted(c, key=lambda interval: Fraction(interval.value), reverse=True)[:n]


@pytest.mark.parametrize("domain", NUMBERS)
@given(st.data())
def test_spelling_is_no_part_of_identity(domain, data):
    made = data.draw(rows(domain, ["ints", "floats", "Decimals", "Fractions"]))
    assume(expected(made, "sum") is not OverflowError)
    a = combine_intervals(made)
    points = [BEFORE, *map(place, a.breakpoints)]
    b = IntervalCollection.from_levels(
        [x[1] for x in points[1:]], [Fraction(x) for x in a.levels[1:]], Fraction(a.levels[0])
    )
    assert a == b
    assert hash(a) == hash(b)


@given(any_domain, st.data())
def test_regions_follow_membership(domain, data):
    a, b = (IntervalSet(data.draw(rows(domain, ["ones"], max_size=4))) for _ in range(2))
    xs = [end for interval in [*a, *b] for end in interval[:2]]
    for x in xs:
        assert (x in a | b) == (x in a or x in b)
        assert (x in a & b) == (x in a and x in b)
        assert (x in a ^ b) == ((x in a) != (x in b))
        assert (x in a - b) == (x in a and x not in b)
        assert (x in ~a) == (x not in a)
    assert (a | b) - b == a - b
    assert a ^ b ^ b == a
    assert ~(a | b) == ~a & ~b


UNITS = {"D": 86_400_000_000, "h": 3_600_000_000, "m": 60_000_000, "s": 10**6, "ms": 1000, "us": 1}


@pytest.mark.parametrize("kind", ["M8", "m8"])
@given(
    st.sampled_from(list(UNITS)),
    st.sampled_from(list(UNITS)),
    st.sampled_from("<>"),
    st.lists(st.tuples(st.integers(-9000, 9000), st.integers(-9000, 9000)).map(sorted), max_size=5),
)
def test_arrays_of_different_time_units_are_read_exactly(kind, unit, other, order, made):
    starts, stops = (np.array([row[i] for row in made], dtype="i8") for i in range(2))
    wide, narrow = (unit, other) if UNITS[unit] >= UNITS[other] else (other, unit)
    ratio = UNITS[wide] // UNITS[narrow]
    columns = (
        starts.astype(f"{kind}[{wide}]"),
        (stops * ratio).astype(f"{kind}[{narrow}]").astype(f"{order}{kind}[{narrow}]"),
    )
    epoch = dt.datetime(1970, 1, 1) if kind == "M8" else dt.timedelta(0)
    plain = [
        (epoch + dt.timedelta(microseconds=a * UNITS[wide]), epoch + dt.timedelta(microseconds=b * UNITS[wide]))
        for a, b in made
    ]
    assert shown(combine_intervals(start=columns[0], stop=columns[1])) == shown(combine_intervals(plain))


@pytest.mark.parametrize("kind", ["M8", "m8"])
@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)).map(sorted), min_size=1, max_size=5))
def test_nanoseconds_come_out_as_those_of_pandas(kind, made):
    array = np.array(made, dtype="i8").astype(f"{kind}[ns]")
    scalar = pd.Timestamp if kind == "M8" else lambda n: pd.Timedelta(n, "ns")
    plain = [tuple(map(scalar, row)) for row in made]
    assert shown(combine_intervals(array)) == shown(combine_intervals(plain))
    assert all(type(x) is type(scalar(0)) for x in combine_intervals(array).breakpoints)
