"""Groups: every group is what its own rows combine into, and whatever is asked is asked of every group."""

from __future__ import annotations

import datetime as dt
import inspect
import math
import operator
import pickle
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import outcome, refused, shown, spelled
from strategies import COORDINATES, rows

from intervalues import (
    Interval,
    IntervalCollection,
    IntervalGroups,
    IntervalSet,
    combine_intervals,
    dispatch,
)

KEYS = st.sampled_from(["A", "B", "C", None, 1, (2, "x")])
STAYS = [(8, 12), (9, 11), (10, 13)]
gates = combine_intervals(STAYS, by=["A", "B", "A"])
A, B = combine_intervals([STAYS[0], STAYS[2]]), combine_intervals([STAYS[1]])


def by_key(made, keys):
    """Give the rows of each key."""
    return {key: [row for row, own in zip(made, keys, strict=True) if own == key] for key in dict.fromkeys(keys)}


@st.composite
def keyed_rows(draw, domain, kinds):
    made = draw(rows(domain, kinds=kinds, max_size=9))
    return made, draw(st.lists(KEYS, min_size=len(made), max_size=len(made)))


def median_row(values):
    return values[len(values) // 2]


# In columns of one kind, since all rows decide the kind of the levels.
ONE_KIND = ("ints", "huge ints", "floats", "Decimals", "Fractions")


@pytest.mark.parametrize("domain", COORDINATES)
@given(st.data(), st.sampled_from(["sum", "count", "max", "min", "mean", "any", median_row]))
def test_every_group_is_what_its_own_rows_combine_into(domain, data, how):
    kind = data.draw(st.sampled_from(ONE_KIND))
    made, keys = data.draw(keyed_rows(domain, (kind,)))
    own = by_key(made, keys)
    expected = {key: outcome(lambda key=key: combine_intervals(own[key], how=how)) for key in own}
    refused = [error for error in expected.values() if error[0] is OverflowError]
    if refused:
        with pytest.raises(OverflowError, match=r"^group .*: the level on .* is beyond the largest float$"):
            combine_intervals(made, by=keys, how=how)
        return
    groups = combine_intervals(made, by=keys, how=how)
    assert groups == {key: combine_intervals(own[key], how=how) for key in own}
    assert list(groups) == list(own)
    columns = {name: [row[i] for row in made] for i, name in enumerate(("start", "stop", "value"))}
    assert combine_intervals(**columns, by=iter(keys), how=how) == groups


SUMMARIES = ["integral", "mean", "max", "min"]


@pytest.mark.parametrize("domain", COORDINATES)
@given(st.data(), st.sampled_from(SUMMARIES))
def test_what_is_asked_of_all_groups_at_once_is_what_each_tells(domain, data, how):
    made, keys = data.draw(keyed_rows(domain, (data.draw(st.sampled_from(ONE_KIND)),)))
    try:
        groups = combine_intervals(made, by=keys)
    except (TypeError, OverflowError):
        return
    ends = COORDINATES[data.draw(st.sampled_from([domain, domain, domain, "floats", "ints"]))] | st.just(math.inf)
    within = data.draw(st.none() | st.tuples(ends, ends) | st.tuples(st.just(-math.inf), ends))  # some are reversed
    units = [{}, {}, {"unit": dt.timedelta(seconds=data.draw(st.integers(-1, 90)))}]
    unit = data.draw(st.sampled_from(units)) if how == "integral" else {}
    each = IntervalGroups(dict(groups))
    asked = [lambda g=g: getattr(g, how)(within=within, **unit) for g in (groups, each)]
    assert outcome(asked[0]) == outcome(asked[1])


@given(st.sampled_from(list(COORDINATES)).flatmap(lambda domain: keyed_rows(domain, ("ints",))))
def test_rows_of_groups_are_positions_in_the_whole_input(made_and_keys):
    made, keys = made_and_keys
    groups = combine_intervals(made, by=keys, how="rows")
    for key, own in by_key(range(len(made)), keys).items():
        expected = combine_intervals([made[row] for row in own], how="rows")
        assert groups[key].breakpoints == expected.breakpoints
        assert list(groups[key].levels) == [tuple(own[i] for i in level) for level in expected.levels]


@given(keyed_rows("ints", ("ints", "floats", "Decimals", "Fractions")))
def test_groups_are_the_same_in_pure_python(made_and_keys):
    made, keys = made_and_keys

    def told():
        try:
            return {key: shown(c) for key, c in combine_intervals(made, by=keys).items()}
        except OverflowError as error:
            return str(error)

    found = told()
    active, dispatch._extension = dispatch._extension, None
    try:
        assert told() == found
    finally:
        dispatch._extension = active


@given(keyed_rows("ints", ("ints", "Fractions")))
def test_the_total_of_groups_is_what_all_rows_combine_into(made_and_keys):
    made, keys = made_and_keys
    assert combine_intervals(made, by=keys).total() == combine_intervals(made)


@pytest.mark.parametrize("far", [1, 2**40, 2**62, 2**63 - 1, 2**70])
def test_coordinates_may_be_so_far_apart_that_no_machine_holds_them_and_a_group(far):
    made = [(-far, far, 1), (0, far, 2), (-math.inf, 3, 4), (5, math.inf, 8), (-math.inf, math.inf, 16), (0, 0, 1)]
    keys = ["a", "b", "a", "b", "c", "d"]
    groups = combine_intervals(made, by=keys)
    assert groups == {key: combine_intervals(own) for key, own in by_key(made, keys).items()}


def test_groups_share_machine_columns():
    made = [(x, x + 2, 1) for x in range(100)]
    groups = combine_intervals(made, by=[x // 50 for x, _, _ in made])
    assert groups[0]._steps.points.obj is groups[1]._steps.points.obj
    assert groups[0]._steps.levels.obj is groups[1]._steps.levels.obj


# Keys


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["b", "a", "b"], ["b", "a"]),
        ([1, 1.0, True], [1]),
        ([5, 2**70, 5], [5, 2**70]),
        ([5, -math.inf, 5], [5, -math.inf]),
        ([None, math.nan, pd.NaT], [None]),
        ([pd.NA, Decimal("NaN"), 0], [None, 0]),
        (("x", 1, (1, 2)), ["x", 1, (1, 2)]),
        (tuple("xyx"), ["x", "y"]),
        (np.array([3, 1, 3]), [3, 1]),
        (np.array([0.5, math.nan, 0.5]), [0.5, None]),
        (np.array(["u", "v", "u"]), ["u", "v"]),
        (np.array(["u", None, 2], dtype=object), ["u", None, 2]),
        (pd.Series(["u", None, "u"]), ["u", None]),
        (pd.Series(["u", None, "u"], dtype="string"), ["u", None]),
        (pd.Series([1, None, 1], dtype="Int64"), [1, None]),
        ([np.int64(2), np.int64(1), np.int64(2)], [2, 1]),
        (pd.Series(["u", "v", None], dtype="category"), ["u", "v", None]),
        (np.array(["2024-01-01", "NaT", "2024-01-01"], dtype="datetime64[D]"), [dt.datetime(2024, 1, 1), None]),
        ([dt.date(2024, 1, 1), None, Fraction(1, 2)], [dt.date(2024, 1, 1), None, Fraction(1, 2)]),
    ],
)
def test_keys_are_those_of_a_dict_in_order_of_first_appearance(keys, expected):
    groups = combine_intervals(STAYS, by=keys)
    assert list(map(spelled, groups)) == list(map(spelled, expected))


@pytest.mark.parametrize("key", [[], {}, {1}, (1, [])])
def test_a_key_that_cannot_be_hashed_is_refused_with_its_row(key):
    with pytest.raises(TypeError, match=r"^row 2: by is .*, of type .*: unhashable type: "):
        combine_intervals([(1, 2), (None, 3), (3, 4)], by=["a", key, key], missing="drop")


def test_a_key_whose_comparison_raises_lets_that_through():
    class Odd:
        def __hash__(self):
            return 0

        def __eq__(self, other):
            raise TypeError("mine")

    with pytest.raises(TypeError, match=r"^mine$"):
        combine_intervals(STAYS, by=[Odd(), Odd(), 3])


@pytest.mark.parametrize(
    ("handed", "message"),
    [
        ({"data": STAYS, "by": ["a"]}, "data has 3 rows, by has 1"),
        ({"start": [1, 2], "stop": [2, 3], "by": ["a"]}, "start has 2 rows, by has 1"),
        ({"start": [1, 2], "stop": [2, 3], "value": [1], "by": ["a", "b"]}, "start has 2 rows, value has 1"),
        ({"data": STAYS, "by": np.zeros((3, 1))}, "by has the shape"),
        ({"data": [(2, 1)], "by": ["a"]}, "row 0: start 2 is after stop 1"),
        ({"data": [(None, 1)], "by": ["a"]}, "row 0: start is missing"),
        ({"data": IntervalCollection([(1, 2)], closed="right"), "by": ["a"]}, "the collection is closed on the right"),
    ],
)
def test_columns_that_do_not_go_together_are_refused(handed, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        combine_intervals(**handed)


@pytest.mark.parametrize("by", ["abc", 3, {"a": 1}, {"a", "b"}, pd.DataFrame({"a": [1]})])
def test_by_must_be_a_column(by):
    with pytest.raises(TypeError, match=r"^by is "):
        combine_intervals(STAYS, by=by)


def test_by_may_name_a_field():
    made = np.array([(1, 3, "x"), (2, 4, "y"), (3, 5, "x")], dtype=[("start", "i8"), ("stop", "i8"), ("gate", "U1")])
    assert combine_intervals(made, by="gate") == combine_intervals(start=[1, 2, 3], stop=[3, 4, 5], by=["x", "y", "x"])
    with pytest.raises(KeyError, match="there is no field 'port'; the fields are start, stop, gate"):
        combine_intervals(made, by="port")


def test_keys_of_rows_that_are_dropped_are_no_groups():
    groups = combine_intervals([(1, 2), (None, 3), (5, 5)], by=["a", "b", "c"], missing="drop")
    assert groups == {"a": combine_intervals([(1, 2)]), "c": IntervalCollection()}


@pytest.mark.parametrize("nothing", [{}, {"data": []}, {"data": iter(())}, {"start": [], "stop": []}])
def test_no_rows_are_no_groups(nothing):
    groups = combine_intervals(**nothing, by=[])
    assert (len(groups), groups.max(), groups.total()) == (0, {}, IntervalCollection())
    assert repr(groups + 1) == repr(1 / groups) == repr(groups / IntervalCollection()) == "IntervalGroups({})"
    refused(ZeroDivisionError, "division of a collection by zero", lambda: groups / 0)
    refused(TypeError, "unsupported operand", lambda: groups / "a", lambda: groups + None)
    refused(ValueError, "start 1 is after stop 0", lambda: groups.where((1, 0)))


def test_options_work_with_groups():
    keys = ["a", "b", "a"]
    made = [(0.1 + 0.2, 1.0, 0.1), (0.3, 1.0, 0.2), (0.3, 1.0, 0.2)]
    assert combine_intervals(made, by=keys, digits=2)["a"] == combine_intervals(made[::2], digits=2)
    days = [(1, 3), (3, 3), (4, 4)]
    assert combine_intervals(days, by=keys, closed="both", step=1)["a"] == combine_intervals([(1, 5)])
    right = combine_intervals([(1, 3), (2, 4)], by=["a", "b"], closed="right")
    assert right["a"] == combine_intervals([(1, 3)], closed="right")
    assert combine_intervals([(1, None)], by=["a"], missing="open")["a"] == combine_intervals([(1, math.inf)])
    assert combine_intervals(B, by=["k"])["k"] == B


# A mapping


def test_groups_are_an_immutable_mapping():
    assert isinstance(gates, Mapping)
    assert (dict(gates), list(gates), len(gates), "A" in gates, "C" in gates) == (
        {"A": A, "B": B},
        ["A", "B"],
        2,
        True,
        False,
    )
    assert (list(gates.items()), list(gates.values()), gates.get("C")) == ([("A", A), ("B", B)], [A, B], None)
    with pytest.raises(KeyError, match="'C'"):
        gates["C"]
    with pytest.raises(AttributeError, match="immutable"):
        gates.x = 1
    with pytest.raises(TypeError):
        gates["A"] = A


def test_groups_are_equal_and_hash_alike_by_content():
    other = IntervalGroups({"B": B, "A": A})
    assert (gates == other, hash(gates) == hash(other), gates == {"A": A, "B": B}) == (True, True, True)
    assert gates != {"A": A}
    assert gates != A


def test_groups_can_be_made_of_collections_only():
    with pytest.raises(TypeError, match=r"^group 'A' is 3; it must be an IntervalCollection$"):
        IntervalGroups({"A": 3})
    for bad in (None, 0, "", [("A", A)], A, IntervalCollection()):
        with pytest.raises(TypeError, match=r"^groups is .*; it must be a mapping from key to IntervalCollection$"):
            IntervalGroups(bad)
    assert IntervalGroups() == IntervalGroups({})


def test_few_groups_evaluate_back_and_many_are_abbreviated():
    assert eval(repr(gates)) == gates
    many = combine_intervals([(x, x + 1) for x in range(11)], by=list(range(11)))
    assert repr(many) == "<IntervalGroups of 11 groups: 0, 1, 2, ...>"
    long = combine_intervals([(x, x + 1) for x in range(0, 40, 2)], by=["A"] * 20)
    assert repr(long) == "<IntervalGroups of 1 groups: 'A'>"


def test_groups_pickle():
    assert pickle.loads(pickle.dumps(gates)) == gates
    remake, _ = gates.__reduce__()
    with pytest.raises(pickle.UnpicklingError, match=r"no pickled mapping of collections: group 'A' is 3"):
        remake({"A": 3})


# What every group gives

STATISTICS = {
    "integral": (), "mean": (), "var": (), "std": (), "max": (), "min": (), "argmax": (), "argmin": (),
    "quantile": (0.5,), "median": (), "mode": (), "distribution": (), "nlargest": (1,), "at": ([8, 10],),
    "limit": (10, "left"), "next_change": (9,), "previous_change": (9,), "first_fit": (2,), "level_set": (1,),
    "bin": (2,), "windows": ([8, 9], [9, 12]), "segments": (),
}  # fmt: skip
MADE = {
    "where": (IntervalSet([(9, 11)]),),
    "map": (lambda level: level * 2,),
    "excess": (1,),
    "shift": (3,),
    "scale": (0.5,),
    "wrap": (5,),
}
OF_ONE = {
    *("breakpoints", "closed", "from_changes", "from_levels", "from_json", "levels", "span", "support", "to_json"),
}


def test_every_method_of_collections_is_one_of_groups():
    public = {name for name in dir(IntervalCollection) if not name.startswith("_")}
    assert public == {*STATISTICS, *MADE, "astimezone", "to_scipy", "to_frame", "plot", *OF_ONE}


@pytest.mark.parametrize(("name", "given_args"), STATISTICS.items())
def test_a_statistic_of_groups_is_a_dict(name, given_args):
    found = getattr(gates, name)(*given_args)
    assert type(found) is dict
    assert found == {key: getattr(c, name)(*given_args) for key, c in gates.items()}


@pytest.mark.parametrize("options", [{}, {"within": (9, 30)}, {"within": (9.0, 30.0)}, {"within": None}])
@pytest.mark.parametrize("name", SUMMARIES)
def test_groups_with_shared_columns_are_asked_at_once(name, options, backend, monkeypatch):
    one_by_one = []
    each = IntervalGroups._each
    monkeypatch.setattr(IntervalGroups, "_each", lambda *args: one_by_one.append(args) or each(*args))
    found = getattr(combine_intervals(STAYS, by=["A", "B", "A"]), name)(**options)
    assert spelled(found) == spelled({key: getattr(c, name)(**options) for key, c in gates.items()})
    assert len(one_by_one) == (backend == "python")


@pytest.mark.parametrize("name", SUMMARIES)
def test_a_group_in_which_nothing_is_left_takes_the_coordinates_of_the_window(name):
    groups = combine_intervals([(0.5, 1.5, 2), (2.5, 3.5, 4), (2.5, 3.5, -4)], by=["A", "B", "B"])
    expected = {key: getattr(c, name)(within=(1, 3)) for key, c in groups.items()}
    assert spelled(getattr(groups, name)(within=(1, 3))) == spelled(expected)
    if name == "integral":
        assert spelled(expected) == spelled({"A": 1.0, "B": 0})


WRONG = [{"unit": 3}, {"color": 3}, {"within": 3}, {"within": (3, 1)}, {"within": ("a", "b")}]


@pytest.mark.parametrize("name", SUMMARIES)
@pytest.mark.parametrize("options", WRONG)
def test_errors_of_all_groups_are_those_of_the_first(name, options):
    refused_by_one = outcome(lambda: getattr(A, name)(**options))
    assert isinstance(refused_by_one[1], str)
    assert outcome(lambda: getattr(gates, name)(**options)) == refused_by_one


@pytest.mark.parametrize("name", ["mean", "max", "min"])
def test_only_an_integral_takes_a_unit(name):
    with pytest.raises(TypeError, match="unexpected keyword argument 'unit'"):
        getattr(gates, name)(unit=None)


@pytest.mark.parametrize(("name", "given_args"), MADE.items())
def test_what_makes_collections_makes_groups(name, given_args):
    found = getattr(gates, name)(*given_args)
    assert type(found) is IntervalGroups
    assert found == {key: getattr(c, name)(*given_args) for key, c in gates.items()}


def test_what_every_group_covers_is_a_dict():
    assert gates.support == {key: c.support for key, c in gates.items()}
    assert gates.span == {key: c.span for key, c in gates.items()}


def test_groups_are_no_array():
    with pytest.raises(TypeError, match="IntervalGroups is no array"):
        np.asarray(gates)


def test_several_fields_of_an_array_make_keys_of_tuples():
    fields = [("start", "i8"), ("stop", "i8"), ("gate", "U1"), ("day", "i8")]
    found = combine_intervals(np.array([(1, 2, "A", 7), (1, 3, "B", 7)], dtype=fields), by=["gate", "day"])
    assert dict(found) == {("A", 7): combine_intervals([(1, 2)]), ("B", 7): combine_intervals([(1, 3)])}


def test_the_mean_of_a_group_does_not_see_the_digits_of_others():
    third = [(0, 1, Decimal(10)), (0, 1, Decimal(0)), (0, 1, Decimal(0))]
    long = (5, 6, Decimal("1.2345678901234567890123456789012"))
    assert combine_intervals([*third, long], by=list("xxxy"), how="mean")["x"] == combine_intervals(third, how="mean")


def test_a_total_of_groups_does_not_mind_one_that_is_empty():
    some = combine_intervals([(1, 3, 2.5), (2, 4, 1.5), (5, 5, 1.0)], by=["A", "B", "C"])
    assert some.total() == combine_intervals([(1, 3, 2.5), (2, 4, 1.5)])
    assert type(some.total()[0]) is float


def test_groups_over_times_are_shown_in_another_zone():
    noon = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
    tokyo = dt.timezone(dt.timedelta(hours=9))
    shown_there = combine_intervals([(noon, noon + dt.timedelta(1))], by=["A"]).astimezone(tokyo)
    assert [str(x) for x in shown_there["A"].breakpoints] == ["2026-07-01 21:00:00+09:00", "2026-07-02 21:00:00+09:00"]


def test_arguments_reach_every_group():
    assert gates.mean(within=(8, 12)) == {"A": A.mean(within=(8, 12)), "B": B.mean(within=(8, 12))}
    assert gates.at(iter([8, 10])) == gates.at([8, 10])
    assert gates.windows(starts=iter([8]), stops=iter([12])) == gates.windows([8], [12])
    assert inspect.signature(IntervalGroups.first_fit) == inspect.signature(IntervalCollection.first_fit)
    assert IntervalGroups.mean.__doc__.startswith("Give, as a dict from key to result, what `IntervalCollection.mean`")
    assert "time-weighted" in IntervalGroups.mean.__doc__
    assert "\n " not in IntervalGroups.mean.__doc__  # no paragraph is set in


@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.mul, operator.truediv])
@pytest.mark.parametrize("other", [2, 0.5, np.int64(3), Interval(0, 20), combine_intervals([(0, 20, 3)])])
def test_an_operator_applies_to_every_group(operation, other):
    found = operation(gates, other)
    assert type(found) is IntervalGroups
    assert found == {"A": operation(A, other), "B": operation(B, other)}
    shifted = gates + 5
    assert operation(other, shifted) == {"A": operation(other, A + 5), "B": operation(other, B + 5)}


@pytest.mark.parametrize("operation", [operator.neg, operator.pos, operator.abs])
def test_a_sign_applies_to_every_group(operation):
    assert operation(gates - 1) == {"A": operation(A - 1), "B": operation(B - 1)}


@pytest.mark.parametrize("other", [{"B": A, "C": B}, IntervalGroups({"B": A, "C": B})])
def test_operators_align_by_key_and_what_is_absent_is_zero(other):
    assert gates + other == {"A": A, "B": B + A, "C": B}
    assert gates - other == {"A": A, "B": B - A, "C": -B}
    assert other - gates == {"B": A - B, "C": B, "A": -A}
    assert gates * other == {"A": IntervalCollection(), "B": B * A, "C": IntervalCollection()}
    assert (gates > other) == {"A": A > 0, "B": B > A, "C": B < 0}
    assert (other >= gates) == {"A": A <= 0, "B": A >= B, "C": B >= 0}
    assert gates.excess(other) == {"A": A, "B": B.excess(A), "C": IntervalCollection()}
    assert gates.excess(capacity=other) == gates.excess(other)
    assert gates.where(gates >= 1) == gates
    assert gates.where(region={"B": (9, 10)}) == {"A": IntervalCollection(), "B": B[9:10]}
    with pytest.raises(ZeroDivisionError) as raised:
        gates / other
    assert raised.value.__notes__ == ["in group 'A'"]


@pytest.mark.parametrize("comparison", [operator.gt, operator.ge, operator.lt, operator.le])
def test_a_comparison_gives_a_dict_of_regions(comparison):
    assert comparison(gates, 1) == {"A": comparison(A, 1), "B": comparison(B, 1)}
    assert comparison(gates, {"A": 2, "B": B}) == {"A": comparison(A, 2), "B": comparison(B, B)}


@pytest.mark.parametrize("other", ["x", None, [1], A.support])
def test_operators_do_not_know_what_is_no_number(other):
    with pytest.raises(TypeError, match=r"unsupported operand|not supported between"):
        gates + other
    with pytest.raises(TypeError, match=r"unsupported operand|not supported between"):
        _ = gates > other
    with pytest.raises(TypeError, match=r"^group 'A' does not go with "):
        gates - {"A": other}


def test_an_error_in_a_group_names_it():
    with pytest.raises(ZeroDivisionError) as raised:
        gates.map(lambda level: 1 // (level - 2))
    assert raised.value.__notes__ == ["in group 'A'"]


def test_the_total_of_groups_that_do_not_mix_is_refused():
    with pytest.raises(TypeError, match="do not mix"):
        IntervalGroups({"A": A, "B": combine_intervals([("x", "y")])}).total()
    with pytest.raises(ValueError, match="closed on the"):
        IntervalGroups({"A": A, "B": combine_intervals([(1, 2)], closed="right")}).total()


def test_a_level_beyond_all_floats_names_its_group_and_segment():
    made = [(0, 1, 1.0), (2, 4, 1e308), (3, 5, 1e308)]
    with pytest.raises(OverflowError, match=r"^group 'b': the level on \[3, 4\) is beyond the largest float$"):
        combine_intervals(made, by=["a", "b", "b"])
    assert combine_intervals(made, by=["a", "b", "c"])["c"] == combine_intervals(made[2:])


def test_rows_that_keys_change_are_refused():
    rows = [(i, i + 2) for i in range(6)]

    def keys():
        for i in range(6):
            if i == 3:
                rows.pop()
            yield i % 2

    with pytest.raises(ValueError, match=r"^data has 5 rows, by has 6$"):
        combine_intervals(rows, by=keys())
