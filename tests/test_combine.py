"""`combine_intervals`: exact, canonical, whatever is combined."""

from __future__ import annotations

import datetime as dt
import math
import pickle
import struct
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, permutations
from zoneinfo import ZoneInfo

import dateutil.tz
import numpy as np
import pandas as pd
import pytest
from outcomes import outcome, outcome_in_python, plain, spelled

from intervalues import Interval, IntervalCollection, IntervalSet, combine_intervals

INF = math.inf

ROWS = [(2, 4, 3), (1, 3, 2)]

SEGMENTS = [(1, 2, 2), (2, 3, 5), (3, 4, 3)]

BERLIN = ZoneInfo("Europe/Berlin")


# One example of four coordinates a < b < c < d for every domain.

FOUR = {
    "ints": [1, 2, 3, 4],
    "huge ints": [10**400, 10**400 + 1, 10**400 + 2, 10**401],
    "floats": [0.1, 0.2, 0.30000000000000004, 1e308],
    "ints and floats": [1, 1.5, 2**53, 2.0**60],
    "Decimals": [Decimal("0.10"), Decimal("0.2"), Decimal("1E+3"), Decimal("1E+999999")],
    "ints and Decimals": [1, Decimal("1.5"), 2, Decimal("1E+30")],
    "Fractions": [Fraction(1, 3), Fraction(1, 2), Fraction(2, 3), Fraction(10**30, 7)],
    "ints and Fractions": [0, Fraction(1, 3), 1, Fraction(4, 3)],
    "dates": [dt.date(1, 1, 1), dt.date(1969, 12, 31), dt.date(2024, 2, 29), dt.date(9999, 12, 31)],
    "naive datetimes": [dt.datetime.min, dt.datetime(1969, 12, 31, 23), dt.datetime(2024, 2, 29), dt.datetime.max],
    "aware datetimes": [
        dt.datetime(2024, 10, 27, 2, 30, tzinfo=BERLIN),
        dt.datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=BERLIN),
        dt.datetime(2024, 10, 27, 3, tzinfo=BERLIN),
        dt.datetime(2024, 10, 27, 4, tzinfo=BERLIN),
    ],
    "timedeltas": [dt.timedelta.min, dt.timedelta(0), dt.timedelta(microseconds=1), dt.timedelta.max],
    "timestamps": [pd.Timestamp(n, unit="ns") for n in (-1, 0, 1, 2**62)],
    "aware timestamps": [pd.Timestamp(n, unit="ns", tz="Europe/Berlin") for n in (-1, 0, 1, 2**62)],
    "fine timedeltas": [pd.Timedelta(n, "ns") for n in (-1, 0, 1, 2**62)],
    "strings": ["", "a", "b", "ba"],
    "tuples": [(1,), (1, 2), (2,), (3, "a")],
}

domains = pytest.mark.parametrize("four", FOUR.values(), ids=FOUR)


# Three values of every kind and their sum.

THREE = {
    "ints": [1, -2, 4, 3],
    "huge ints": [2**62, 2**62, 2**62, 3 * 2**62],
    "ints beyond all floats": [10**400, 1, -1, 10**400],
    "bools": [True, True, False, 2],
    "floats": [0.1, 0.2, -0.3, 2.7755575615628914e-17],
    "ints and floats": [2**53, 1.0, 1, float(2**53 + 2)],
    "Decimals": [Decimal("0.1"), Decimal("0.20"), Decimal("-0.3"), Decimal("0.00")],
    "ints and Decimals": [1, Decimal("0.1"), 10**40, Decimal("10000000000000000000000000000000000000001.1")],
    "Fractions": [Fraction(1, 3), Fraction(1, 6), Fraction(1, 2), Fraction(1)],
    "ints and Fractions": [1, Fraction(1, 3), 2, Fraction(10, 3)],
    "floats and Fractions": [0.5, Fraction(1, 3), 1, 1.8333333333333333],
}


# Meaning


def test_overlapping_intervals_add_up():
    assert plain(combine_intervals([(2, 4, 3), (1, 3, 2)])) == SEGMENTS


def test_touching_intervals_do_not_overlap():
    assert plain(combine_intervals([(9, 10), (10, 11)])) == [(9, 11, 1)]
    assert combine_intervals([(9, 10), (10, 11)]).max() == 1


def test_intervals_without_a_value_are_worth_one():
    assert plain(combine_intervals([(1, 3), (2, 4)])) == [(1, 2, 1), (2, 3, 2), (3, 4, 1)]
    assert combine_intervals([(1, 3), (2, 4, 5)]) == combine_intervals([(1, 3, 1), (2, 4, 5)])
    assert combine_intervals(start=[1, 2], stop=[3, 4]) == combine_intervals([(1, 3), (2, 4)])


def test_the_level_is_zero_where_values_cancel_and_counting_tells_them_apart():
    rows = [(0, 2, 5), (1, 3, -5)]
    assert plain(combine_intervals(rows)) == [(0, 1, 5), (2, 3, -5)]
    assert plain(combine_intervals(rows, how="count")) == [(0, 1, 1), (1, 2, 2), (2, 3, 1)]


def test_the_highest_and_lowest_are_of_what_covers_and_zero_elsewhere():
    rows = [(0, 4, -3), (1, 2, 5), (6, 7, -1)]
    assert plain(combine_intervals(rows, how="max")) == [(0, 1, -3), (1, 2, 5), (2, 4, -3), (6, 7, -1)]
    assert plain(combine_intervals(rows, how="min")) == [(0, 4, -3), (6, 7, -1)]


def test_counting_ignores_values_even_those_that_are_none():
    rows = [(0, 2, math.nan), (1, 3, "a"), (1, 3, None), (1, 3, INF)]
    assert plain(combine_intervals(rows, how="count")) == [(0, 1, 1), (1, 2, 4), (2, 3, 3)]
    assert {type(level) for level in combine_intervals([(0, 1, 2.5)], how="count").levels} == {int}


@pytest.mark.parametrize("how", ["sum", "count", "max", "min"])
def test_empty_intervals_contribute_nothing(how):
    assert combine_intervals([(1, 1, 5), (INF, INF), (-INF, -INF)], how=how) == IntervalCollection()
    assert plain(combine_intervals([(0, 2, 1), (1, 1, 1)], how=how)) == [(0, 2, 1)]


def test_breakpoints_increase_and_neighbouring_levels_differ():
    c = combine_intervals([(0, 2, 1), (2, 3, 1), (1, 4, 2), (1, 4, -2), (5, 5, 9)])
    assert plain(c) == [(0, 3, 1)]
    assert all(before < after for before, after in pairwise(c.breakpoints))


@domains
def test_every_domain_combines(four):
    a, b, c, d = four
    combined = combine_intervals([(b, d, 3), (a, c, 2)])
    assert plain(combined) == [(a, b, 2), (b, c, 5), (c, d, 3)]
    assert [combined[x] for x in four] == [2, 5, 3, 0]
    assert [combine_intervals([(b, d, 3), (a, c, 2)], closed="right")[x] for x in four] == [0, 2, 5, 3]


@domains
def test_coordinates_come_back_as_they_were(four):
    c = combine_intervals([(*pair, value) for value, pair in enumerate(pairwise(four), start=1)])
    assert list(map(spelled, c.breakpoints)) == list(map(spelled, four))
    assert list(map(spelled, (c - c[four[1] :]).breakpoints)) == list(map(spelled, four[:2]))


@domains
def test_ends_may_be_open_in_every_domain(four):
    a, b, *_ = four
    c = combine_intervals([(-INF, b, 1), (a, INF, 2)])
    assert plain(c) == [(-INF, a, 1), (a, b, 3), (b, INF, 2)]
    assert (c[-INF], c[a], c[b], c[INF]) == (1, 3, 2, 2)
    assert c.span == Interval(-INF, INF)
    assert plain(combine_intervals([(-INF, INF, 4), (a, b)])) == [(-INF, a, 4), (a, b, 5), (b, INF, 4)]


@domains
def test_a_reversed_row_is_refused_in_every_domain(four):
    with pytest.raises(ValueError, match=r"row 1: start .* is after stop"):
        combine_intervals([(four[0], four[1]), (four[2], four[1])])
    with pytest.raises(ValueError, match=r"row 0: start .* is after stop -inf"):
        combine_intervals([(four[0], -INF), (four[0], four[1])])


@pytest.mark.parametrize("values", THREE.values(), ids=THREE)
def test_sums_of_every_kind_are_exact_in_every_order(values):
    *three, total = values
    for order in permutations(three):
        c = combine_intervals([(0, 2, x) for x in order])
        assert spelled(c[1]) == spelled(total)
        assert combine_intervals([(0, 1, 0), *((0, 2, x) for x in order)]) == c


@pytest.mark.parametrize("values", THREE.values(), ids=THREE)
def test_levels_keep_the_kind_outside_coverage_too(values):
    *three, total = values
    for how in ("sum", "max", "min"):
        assert {type(x) for x in combine_intervals([(0, 2, x) for x in three], how=how).levels} == {type(total)}


def test_the_kind_is_decided_by_empty_rows_too():
    c = combine_intervals([(0, 2, 1), (1, 1, 0.5)])
    assert list(map(spelled, c.levels)) == list(map(spelled, [0.0, 1.0, 0.0]))
    d = combine_intervals([(0, 2, 1), (1, 1, Decimal("0.50"))])
    assert list(map(spelled, d.levels)) == list(map(spelled, [Decimal("0.00"), Decimal("1.00"), Decimal("0.00")]))


def test_decimal_levels_carry_the_finest_exponent_of_the_column():
    c = combine_intervals([(0, 2, Decimal("1.10")), (1, 3, Decimal("2")), (5, 6, 3)])
    assert list(map(str, c.levels)) == ["0.00", "1.10", "3.10", "2.00", "0.00", "3.00", "0.00"]


# Exactness


def test_the_example_of_small_floats_leaves_nothing_in_the_gap():
    c = combine_intervals([(0, 1, 0.1), (0, 1, 0.2), (2, 3, 1)])
    assert plain(c) == [(0, 1, 0.30000000000000004), (2, 3, 1.0)]
    assert spelled(c[1.5]) == (float, "0.0")


def test_a_large_float_does_not_swallow_a_small_one():
    c = combine_intervals([(0, 4, 1.0), (1, 2, 1e16)])
    assert plain(c) == [(0, 1, 1.0), (1, 2, 1e16), (2, 4, 1.0)]
    for order in permutations([1e16, 1.0, -1e16]):
        assert plain(combine_intervals([(0, 1, x) for x in order])) == [(0, 1, 1.0)]


def test_ints_beyond_floats_survive():
    c = combine_intervals([(0, 2, 2**53 + 1), (1, 2, 10**400)])
    assert plain(c) == [(0, 1, 2**53 + 1), (1, 2, 10**400 + 2**53 + 1)]


def test_sums_beyond_64_bits_are_exact():
    c = combine_intervals(start=np.zeros(3, "i8"), stop=np.arange(1, 4), value=np.full(3, 2**62))
    assert plain(c) == [(0, 1, 3 * 2**62), (1, 2, 2**63), (2, 3, 2**62)]


def test_a_sum_of_floats_is_rounded_once():
    values = [1.0, 2.0**-53, 2.0**-106]  # a sum from left to right is 1.0: just above half it must go up
    assert combine_intervals([(0, 1, x) for x in values])[0] == 1.0 + 2.0**-52


def test_whole_ints_among_floats_are_added_exactly_before_rounding():
    assert combine_intervals([(0, 1, 2**60 + 1), (0, 1, -(2.0**60))])[0] == 1.0


def test_unix_seconds_with_fractions_stay_apart():
    start = 1_700_000_000.0
    c = combine_intervals([(start, start + 2**-22), (start + 2**-22, start + 1)], how="sum")
    assert plain(c) == [(start, start + 1, 1)]
    d = combine_intervals([(start, start + 2**-22, 1), (start + 2**-22, start + 1, 2)])
    assert plain(d) == [(start, start + 2**-22, 1), (start + 2**-22, start + 1, 2)]


def test_ints_and_floats_are_compared_exactly_as_coordinates():
    c = combine_intervals([(2**53 + 1, 2**60), (float(2**53), 2**60)])
    assert list(map(spelled, c.breakpoints)) == list(map(spelled, [float(2**53), 2**53 + 1, 2**60]))


def test_where_an_int_and_a_float_meet_the_int_is_shown():
    for rows in ([(1.0, 2), (1, 3.0)], [(1, 3.0), (1.0, 2)]):
        assert list(map(spelled, combine_intervals(rows).breakpoints)) == list(map(spelled, [1, 2, 3.0]))
    both = combine_intervals([(1.0, 2.0)]) + combine_intervals([(1, 3)])
    assert list(map(spelled, both.breakpoints)) == list(map(spelled, [1, 2.0, 3]))


# Two ways to the same


def test_collections_of_collections_are_made_from_their_segments():
    c = combine_intervals(ROWS)
    assert combine_intervals(c) == c
    assert plain(combine_intervals(c, how="count")) == [(1, 4, 1)]
    assert combine_intervals([*c, *c]) == c * 2
    assert plain(combine_intervals(IntervalSet([(1, 2), (4, 5)]))) == [(1, 2, 1), (4, 5, 1)]


def test_a_collection_of_the_other_side_is_not_read_as_if_it_were_of_this():
    c = combine_intervals(ROWS, closed="right")
    for make in (combine_intervals, IntervalCollection, IntervalSet):
        with pytest.raises(ValueError, match="closed on the right; pass closed='right'"):
            make(c)
        assert make(c, closed="right").closed == "right"
    assert combine_intervals(IntervalCollection(closed="right")) == IntervalCollection()


@pytest.mark.parametrize(
    "options",
    [{"how": "average"}, {"closed": "open"}, {"missing": "skip"}, {"how": None}, {"closed": []}, {"how": 3}],
)
def test_an_unknown_option_names_the_choices(options):
    (name,) = options
    with pytest.raises(ValueError, match=f"{name} is .*; it must be one of .*, .*"):
        combine_intervals([(1, 2)], **options)


def test_an_overflow_names_the_segment():
    rows = [(0, 1, 1e308), (0.5, 3, 1e308), (0, 3, -1.0)]
    with pytest.raises(OverflowError, match=r"the level on \[0\.5, 1\) is beyond the largest float"):
        combine_intervals(rows)
    with pytest.raises(OverflowError, match=r"the level on \[datetime.date\(2024, 1, 1\), inf\)"):
        combine_intervals([(dt.date(2024, 1, 1), INF, -1e308)] * 2)


def test_large_columns_give_the_same_as_pure_python():
    random = np.random.default_rng(1)
    starts = random.integers(0, 500, 3000)
    stops = starts + random.integers(0, 50, 3000)
    for values in (None, random.integers(-9, 9, 3000), random.normal(size=3000), random.random(3000).astype("f4")):
        for how in ("sum", "count", "max", "min"):
            for scale in (1, 0.1):

                def call(values=values, how=how, scale=scale):
                    return combine_intervals(start=starts * scale, stop=stops * scale, value=values, how=how)

                assert outcome(call) == outcome_in_python(call)
                assert call().levels[0] == 0


def test_buffers_of_anything_but_numbers_are_refused_by_name():
    with pytest.raises(ValueError, match="start has 2 dimensions"):
        combine_intervals(start=memoryview(bytes(4)).cast("B", (2, 2)), stop=[1, 2])
    with pytest.raises(TypeError, match="start is a buffer of format 'c'"):
        combine_intervals(start=memoryview(b"ab").cast("c"), stop=[1, 2])
    packed = np.frombuffer(struct.pack("<qd", 1, 2.0), dtype=[("a", "i8"), ("b", "f8")])
    with pytest.raises(TypeError, match="start is a buffer of format"):
        combine_intervals(start=packed, stop=[1])


def test_the_last_machine_integers_need_no_integer_after_them():
    last = 2**63 - 2
    assert list(combine_intervals([(last, math.inf, 1)])) == [(last, math.inf, 1)]
    assert list(combine_intervals([(-math.inf, -last, 1), (last - 1, last, 2)])) == [
        (-math.inf, -last, 1),
        (last - 1, last, 2),
    ]


def test_a_dataframe_is_never_read_as_its_names():
    frame = pd.DataFrame({"a": [1], "b": [2]})
    for names in (frame, pd.DataFrame(index=range(5))):
        with pytest.raises(KeyError, match="there is no column 'start'; the columns are"):
            combine_intervals(names)
    with pytest.raises(TypeError, match="start is a dataframe, of type DataFrame; hand over its columns"):
        combine_intervals(start=frame[["a"]], stop=frame[["b"]])


def test_times_that_nanoseconds_cannot_hold_do_not_meet_nanoseconds():
    fine = combine_intervals(start=np.array([0], "M8[ns]"), stop=np.array([1], "M8[ns]"))
    early = combine_intervals([(dt.datetime(1500, 1, 1), dt.datetime(1501, 1, 1))])
    with pytest.raises(OverflowError, match="nanoseconds"):
        fine + early
    with pytest.raises(OverflowError, match=r"^row 0: start .* is beyond what a datetime can hold"):
        combine_intervals([(pd.Timestamp(np.datetime64("20000-01-01", "s")), math.inf)])


def test_a_pickle_of_nanoseconds_loads_where_nothing_is_imported_yet(run_python):
    fine = combine_intervals(start=np.array([0], "M8[ns]"), stop=np.array([1], "M8[ns]"))
    waits = combine_intervals(start=np.array([0], "m8[ns]"), stop=np.array([1], "m8[ns]"))
    loaded = f"import pickle; print([len(pickle.loads(x)) for x in {[pickle.dumps(fine), pickle.dumps(waits)]!r}])"
    done = run_python(loaded)
    assert (done.stdout, done.stderr) == ("[1, 1]\n", "")


def test_an_initial_level_that_does_not_mix_is_named():
    with pytest.raises(TypeError, match=r"^initial is Decimal"):
        IntervalCollection.from_changes([1], [0.5], Decimal(1))


def test_an_empty_value_column_beside_rows_is_refused_even_when_counting():
    ends = np.array([1, 2])
    with pytest.raises(ValueError, match=r"^start has 2 rows, value has 0$"):
        combine_intervals(start=ends, stop=ends, value=np.array([]), how="count")


def test_zones_that_cannot_be_hashed_are_zones():
    berlin = dateutil.tz.gettz("Europe/Berlin")
    c = combine_intervals([(dt.datetime(2024, 1, 1, tzinfo=berlin), dt.datetime(2024, 1, 2, tzinfo=berlin))])
    assert c.support.length == dt.timedelta(days=1)


def test_the_finest_timedelta_decides_wherever_it_stands():
    coarse, fine = pd.Timedelta(0).as_unit("us"), pd.Timedelta(5, "ns").as_unit("ns")
    assert list(combine_intervals([(coarse, fine)])) == [(coarse, fine, 1)]


def test_a_numpy_time_that_nothing_holds_is_named_by_its_own_row():
    years = [np.datetime64("2020", "s"), np.datetime64("20000", "s")]
    with pytest.raises(OverflowError, match=r"^row 1: .* fits neither a datetime nor whole nanoseconds$"):
        combine_intervals(start=[years[0], years[0]], stop=[years[0], years[1]])


def test_fields_of_an_array_are_named_by_text():
    fields = np.array([(1, 2)], [("start", "i8"), ("stop", "i8")])
    with pytest.raises(TypeError, match=r"^start is of type ndarray; beside data it must be the name of a field$"):
        combine_intervals(fields, start=np.array([1]))


@pytest.mark.parametrize("make", [IntervalCollection, IntervalSet])
def test_a_side_that_needs_a_step_is_not_asked_for_one_where_there_is_none(make):
    with pytest.raises(ValueError, match=r"^closed is 'both'; it must be one of left, right$"):
        make([(1, 2)], closed="both")
