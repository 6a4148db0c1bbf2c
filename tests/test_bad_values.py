"""What the package must survive (16 to 25): hostile values."""

from __future__ import annotations

import datetime as dt
import math
from decimal import ROUND_UP, Decimal, FloatOperation, Inexact, Rounded, Subnormal, localcontext
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from outcomes import OddError, refused, shown, spelled, ways_in

from intervalues import IntervalCollection, IntervalSet, combine_intervals

INF, NAN = math.inf, math.nan

DAY = dt.timedelta(1)

NEW_YEAR = dt.date(2024, 1, 1)

LOWEST, HIGHEST = -(2**63), 2**63 - 1


@pytest.mark.parametrize("value", [NAN, np.float32("nan"), Decimal("NaN"), Decimal("sNaN"), None, pd.NA, pd.NaT])
def test_a_value_that_is_nan_or_missing_is_refused(value):
    refused(ValueError, "^row 1: value is (NaN|missing)", *ways_in([(0, 1, 1), (0, 1, value)]))


@pytest.mark.parametrize("value", [INF, -INF, np.float16("inf"), Decimal("Infinity"), Decimal("-Infinity")])
def test_a_value_that_is_infinite_is_refused(value):
    for how in ("sum", "max", "min"):
        refused(
            ValueError, "^row 1: value is -?inf; values must be finite$", *ways_in([(0, 1, 1), (0, 1, value)], how=how)
        )
    column = np.array([1.0, float(value)])
    refused(
        ValueError,
        "^row 1: value is -?inf; values must be finite$",
        lambda: combine_intervals(start=[0, 0], stop=[1, 1], value=column),
        lambda: combine_intervals(start=np.zeros(2), stop=np.ones(2), value=column),
    )


def test_a_sum_may_pass_beyond_the_largest_float_and_come_back():
    for call in ways_in([(0, 1, 1e308), (0, 1, 1e308), (0, 1, -1e308)]):
        assert spelled(call()[0]) == spelled(1e308)
    rows = [(0, 2, 1e308), (1, 3, 1e308), (5, 6, 1.0)]
    refused(OverflowError, r"^the level on \[1, 2\) is beyond the largest float$", *ways_in(rows))
    refused(OverflowError, r"^the level on \[1\.0, 2\.0\)", lambda: combine_intervals(np.array(rows)))
    refused(OverflowError, r"^the level on \[-inf, inf\)", *ways_in([(-INF, INF, 10**400), (0, 0, 0.5)]))


def test_values_that_cancel_leave_nothing():
    for call in ways_in([(0, 1, 1e16), (0, 1, 1.0), (0, 1, -1e16)]):
        assert list(call()) == [(0, 1, 1.0)]
    rows = [(0, 1, x) for _ in range(10) for x in (0.1, -0.1)]
    for call in (*ways_in(rows), lambda: combine_intervals(np.array(rows))):
        assert call() == IntervalCollection()
        assert [spelled(x) for x in call().levels] == [(float, "0.0")]


def test_subnormals_are_rounded_correctly_and_zero_is_positive():
    for call in ways_in([(0, 3, 5e-324), (1, 2, -5e-324), (4, 5, 2.2250738585072014e-308), (4, 5, -5e-324)]):
        assert list(call()) == [(0, 1, 5e-324), (2, 3, 5e-324), (4, 5, 2.225073858507201e-308)]
        assert spelled(call()[1]) == (float, "0.0")
    for call in ways_in([(0, 1, 1.0), (1, 2, Fraction(-1, 2**1100)), (2, 3, 1.0)]):
        assert spelled(call()[1]) == (float, "0.0")
    assert spelled(combine_intervals([(0, 1, -0.0)], how="max").levels[0]) == (float, "0.0")
    assert list(map(spelled, combine_intervals([(0, 1, 1.0), (1, 2, -0.0)], how="min").levels)) == list(
        map(spelled, [0.0, 1.0, 0.0])
    )


def test_ints_beyond_64_bits_stay_exact():
    column = np.full(4, HIGHEST)
    for call in (
        *ways_in([(0, 1, HIGHEST)] * 4),
        lambda: combine_intervals(start=np.zeros(4, "i8"), stop=np.ones(4, "i8"), value=column),
    ):
        c = call()
        assert list(c) == [(0, 1, 4 * HIGHEST)]
        assert c.integral(within=(-(2**70), 2**70)) == 4 * HIGHEST
    lowest = combine_intervals(start=np.array([0]), stop=np.array([1]), value=np.array([LOWEST]))
    assert list(-lowest) == [(0, 1, 2**63)]
    assert list(lowest - lowest - lowest) == [(0, 1, 2**63)]
    for how in ("max", "min"):
        assert list(combine_intervals([(0, 1, LOWEST), (0, 1, LOWEST)], how=how)) == [(0, 1, LOWEST)]


@pytest.mark.parametrize("dtype", ["u1", "i1", "?", "u8", "f2", "f4"])
def test_narrow_columns_are_widened_before_any_arithmetic(dtype):
    values = np.array([1, 1, 1], dtype) * np.array(np.iinfo(dtype).max if dtype[0] in "ui" else 1, dtype)
    number = values[0].item()
    python = combine_intervals([(0, 1, number)] * 3)
    assert list(python) == [(0, 1, 3 * number)]
    for call in (
        lambda: combine_intervals(start=np.zeros(3), stop=np.ones(3), value=values),
        lambda: combine_intervals(start=[0.0] * 3, stop=[1.0] * 3, value=values),
        lambda: combine_intervals([(0.0, 1.0, x) for x in values]),
    ):
        assert call() == python
        assert spelled(call()[0]) == spelled(3 * number)


def test_longdouble_is_refused():
    wide = np.longdouble("0.1")
    refused(TypeError, "^row 1: value is .*longdouble", *ways_in([(0, 1, 1), (0, 1, wide)]))
    columns = {"start": [0], "stop": [1]}
    for name in ("start", "stop", "value"):
        refused(
            TypeError,
            f"^{name} is a buffer of format 'g'",
            lambda name=name: combine_intervals(**{**columns, name: np.array([wide])}),
        )


@pytest.fixture
def hostile_context():
    with localcontext() as context:
        context.clear_flags()
        context.prec = 3
        context.rounding = ROUND_UP
        context.Emax, context.Emin = 5, -5
        for signal_ in (Inexact, Rounded, Subnormal, FloatOperation):
            context.traps[signal_] = True
        yield context


def test_decimals_do_not_depend_on_the_ambient_context(hostile_context):
    forty = Decimal("1234567890123456789012345678901234567.890")
    sevenths = Decimal("0.1428571428571428571428571428571428571428")
    c = combine_intervals([(sevenths, forty, forty), (Decimal(0), forty, sevenths)])
    assert [str(x) for x in c.breakpoints] == ["0", str(sevenths), str(forty)]
    assert str(c[1]) == "1234567890123456789012345678901234568.0328571428571428571428571428571428571428"
    assert c - c == IntervalCollection()
    assert c[Decimal("1E+9")] == c[1]
    third = combine_intervals([(0, 3, Decimal(1))])
    assert str((third / 3)[0]) == str(third.mean(within=(0, 9))) == "0." + "3" * 28
    assert str(third.integral()) == "3"
    assert str((third * Decimal("0.1234567"))[1]) == "0.1234567"
    assert (third + Decimal("1E+20"))[1] == Decimal("100000000000000000001")
    assert (c == third, c > 1, hash(c) == hash(c + 0)) == (False, c >= 2, True)
    assert IntervalSet([(sevenths, forty)]).length == Decimal("1234567890123456789012345678901234567.747")
    assert eval(repr(c)) == c
    assert not any(hostile_context.flags.values())


def test_decimals_with_floats_or_fractions_are_refused():
    for a, b in ((Decimal(1), 0.5), (0.5, Decimal(1)), (Decimal(1), Fraction(1, 2)), (Fraction(1, 2), Decimal(1))):
        for how in ("sum", "max", "min"):
            message = (
                rf"^row 2: value is .*of type {type(b).__name__}; values before it are of type {type(a).__name__}$"
            )
            refused(TypeError, message, *ways_in([(0, 1, a), (0, 1, 1), (0, 1, b)], how=how))


@pytest.mark.parametrize(
    "value", ["1", b"1", (), [1], {1}, 1j, np.complex64(1), object(), DAY, NEW_YEAR, np.datetime64("2024"), len]
)
def test_a_value_that_is_no_number_is_refused(value):
    refused(TypeError, "^row 1: value is .*; it must be a number$", *ways_in([(0, 1, 1), (0, 1, value)]))


@pytest.mark.parametrize("kind", [int, float, Fraction, Decimal])
def test_an_error_of_a_value_is_its_own_or_the_answer_is_right(kind):
    class Bomb(kind):
        left = -1

        def tick(self, name, *arguments):
            Bomb.left -= 1
            if Bomb.left == 0:
                raise OddError(1, 2)
            return getattr(super(), name)(*arguments)

    for name in ("add", "radd", "sub", "rsub", "neg", "eq", "bool", "lt", "mul", "rmul", "abs", "hash"):
        method = f"__{name}__"
        if hasattr(kind, method):
            setattr(Bomb, method, lambda self, *arguments, method=method: Bomb.tick(self, method, *arguments))
    rows = [(0, 2, Bomb(1)), (1, 3, Bomb(2)), (1, 3, Bomb(-2))]
    wanted = shown(
        combine_intervals([(start, stop, kind(value)) for start, stop, value in [(0, 2, 1), (1, 3, 2), (1, 3, -2)]])
    )
    for k in range(1, 40):
        for how in ("sum", "count"):
            Bomb.left = k
            try:
                c = combine_intervals(rows, how=how)
            except OddError:
                continue
            finally:
                Bomb.left = -1
            assert how == "count" or shown(c) == wanted


class Mute:
    """An ordered object that cannot be shown."""

    def __init__(self, x):
        self.x = x

    def __lt__(self, other):
        return self.x < other.x

    def __repr__(self):
        raise RuntimeError("no repr")


def test_a_message_is_made_whatever_is_in_it():
    long = Decimal("9" * 400)
    refused(
        TypeError,
        r"^row 1: value is Decimal\('9{41}\.\.\. \(411 characters\), of type Decimal",
        *ways_in([(0, 1, 0.5), (0, 1, long)]),
    )
    refused(
        ValueError, r"^row 0: start 9{50}\.\.\. \(400 characters\) is after stop 1$", *ways_in([(int("9" * 400), 1)])
    )
    refused(TypeError, "^row 0: value is <an object of type Mute>, of type Mute; ", *ways_in([(0, 1, Mute(1))]))
    refused(
        ValueError,
        "^row 0: start <an object of type Mute> is after stop <an object of type Mute>$",
        *ways_in([(Mute(2), Mute(1))]),
    )
    refused(
        TypeError,
        "^row 1: start <an object of type Mute> does not mix with ints",
        *ways_in([(1, 2), (Mute(1), Mute(2))]),
    )
    refused(ValueError, r"^row 0: start <an object of type int> is after stop 1$", *ways_in([(10**5000, 1)]))
    c = combine_intervals([(Mute(1), Mute(2))])
    assert c[Mute(1)] == 1
    refused(TypeError, "^<an object of type Mute> does not mix with ints", lambda: combine_intervals([(1, 2)])[Mute(1)])
    refused(ValueError, "^closed is <an object of type Mute>; ", lambda: combine_intervals([], closed=Mute(1)))
    refused(
        TypeError, "^step is <an object of type Mute>; ", lambda: combine_intervals([], closed="both", step=Mute(1))
    )
    refused(TypeError, "^digits is <an object of type Mute>; ", lambda: combine_intervals([], digits=Mute(1)))
    refused(TypeError, "^within is <an object of type Mute>; ", lambda: c.max(within=Mute(1)))
