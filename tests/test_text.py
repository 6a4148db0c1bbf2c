"""Text: what there is in a line, and a sparkline that loses neither a peak nor a trough."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from fractions import Fraction

import pytest
from every import every
from hypothesis import given
from strategies import COORDINATES, rows

from intervalues import IntervalCollection, IntervalGroups, IntervalSet, combine_intervals

BLOCKS = "▁▂▃▄▅▆▇█"


def of(*given_rows, **options):
    return combine_intervals(given_rows, **options)


def runs(line):
    """Give the characters of a sparkline without what repeats."""
    return "".join(x for x, before in zip(line, " " + line, strict=False) if x != before or x == " ")


def lines(thing):
    told, _, line = str(thing).partition("\n")
    return told, line


def test_a_collection_tells_how_many_segments_over_which_span_between_which_levels():
    assert lines(of((2, 4, 3), (1, 3, 2))) == (
        "IntervalCollection: 3 segments from 1 to 4, levels from 2 to 5",
        "▄" * 20 + "█" * 20 + "▅" * 20,
    )
    assert lines(of((0, 1)))[0] == "IntervalCollection: 1 segment from 0 to 1, level 1"
    noon = dt.datetime(2026, 7, 1, 12)
    assert lines(of((noon, noon + dt.timedelta(hours=1), Decimal("1.50"))))[0] == (
        "IntervalCollection: 1 segment from 2026-07-01 12:00:00 to 2026-07-01 13:00:00, level 1.50"
    )
    assert lines(IntervalSet([(9, 12), (13, 17)])) == (
        "IntervalSet: 2 intervals from 9 to 17",
        "█" * 23 + " " * 7 + "█" * 30,
    )


def test_gaps_are_blank():
    assert lines(of((0, 1, 3), (2, 3, 3)))[1] == "█" * 20 + " " * 20 + "█" * 20
    assert lines(of((0, 1, 3), (2, 3, 3)))[0].endswith("levels from 0 to 3")


def test_troughs_are_low_and_zero_stays_blank():
    told, line = lines(of((0, 1, -4), (2, 3, 4), (3, 4, -1)))
    assert told.endswith("levels from -4 to 4")
    assert line == "▁" * 15 + " " * 15 + "█" * 15 + "▃" * 15
    assert set(lines(of((0, 2, -4), (2, 3, -2)))[1]) == {"▁", "▄"}


def test_what_has_no_end_goes_beyond_the_breakpoints():
    told, line = lines(of((0, math.inf, 2), (1, 2, 2)))
    assert told == "IntervalCollection: 3 segments from 0 to inf, levels from 2 to 4"
    assert runs(line) == "▄█▄"
    assert lines(of((5, math.inf))) == ("IntervalCollection: 1 segment from 5 to inf, level 1", "█" * 60)
    told, line = lines(IntervalCollection.from_levels([5], [2], initial=-2))
    assert (told, line) == ("IntervalCollection: 2 segments from -inf to inf, levels from -2 to 2", "▁" * 30 + "█" * 30)
    assert lines(~IntervalSet([(0, 1)])) == (
        "IntervalSet: 2 intervals from -inf to inf",
        "████" + " " * 52 + "████",
    )


def test_what_has_no_breakpoints_is_told_too():
    assert str(IntervalCollection()) == "IntervalCollection: 0 segments"
    assert str(IntervalSet()) == "IntervalSet: 0 intervals"
    told, line = lines(IntervalCollection() - 5)
    assert (told, line) == ("IntervalCollection: 1 segment from -inf to inf, level -5", "▁" * 60)
    assert str(IntervalGroups()) == "IntervalGroups: 0 groups"


def test_types_without_lengths_have_a_character_for_each_piece():
    assert lines(of(("Ada", "Linus"), ("Grace", math.inf))) == (
        "IntervalCollection: 3 segments from 'Ada' to inf, levels from 1 to 2",
        "▄█▄",
    )
    many = of(*((f"{i:04}", f"{i + 1:04}", 1 + i % 7) for i in range(1000)))
    assert len(lines(many)[1]) == 60


def test_no_peak_is_lost_however_narrow():
    long = of((0, 10**6, 1), *((i, i + 1) for i in range(0, 10**5, 2)), (777_777, 777_778, 9), (5, 6, -30))
    told, line = lines(long)
    assert told.endswith("levels from -29 to 10")
    assert len(line) == 60
    assert (line[0], line[46]) == ("▁", "█")


def test_rows_that_cover_are_counted():
    told, line = lines(of((1, 3), (2, 4), how="rows"))
    assert told == "IntervalCollection: 3 segments from 1 to 4, levels from 1 row to 2 rows"
    assert runs(line) == "▄█▄"


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([(Decimal("1E+999999"), Decimal("2E+999999")), (0, Decimal("1E+999999"), 2)], "█▄"),  # in line, not in scale
        ([(-1e308, 1.7e308), (1.7e308, math.inf, 2)], "▄█"),
        ([(0, 2**63 - 1), (2**63 - 1, math.inf, 2)], "▄█"),
        ([(1.0, math.nextafter(1, 2)), (math.nextafter(1, 2), 1.5, 2)], "█"),
        ([(10**400, 10**401, 10**402), (10**401, 2 * 10**401, 2 * 10**402)], "▄█"),
        ([(Fraction(1, 3), 1, Fraction(1, 7)), (1, Fraction(5, 3), Fraction(2, 7))], "▄█"),
        ([(0, 1, 5e-324), (1, 2, 1e308)], "▁█"),
    ],
)
def test_extreme_numbers_are_drawn(rows, line):
    assert runs(lines(of(*rows))[1]) == line


def test_long_numbers_and_unfriendly_objects_are_cut_short():
    told, _ = lines(of((0, 7**9000, 7**9000), (0, 1, Fraction(1, 7**9000))))
    assert len(told) < 400
    assert len(lines(of(("a" * 1000, "b")))[0]) < 200

    class Unfriendly(str):
        __slots__ = ()

        def __repr__(self):
            raise RuntimeError

    assert "<an object of type Unfriendly>" in str(of((Unfriendly("a"), Unfriendly("b"))))


def test_groups_share_one_axis_and_one_scale():
    stays = combine_intervals(start=[8, 9, 12], stop=[12, 11, 16], by=["A", "Bee", "Bee"])
    assert str(stays).split("\n") == [
        "IntervalGroups: 2 groups",
        f"'A'    {'█' * 20}{' ' * 20}  1 segment from 8 to 12, level 1",
        f"'Bee'  {' ' * 5}{'█' * 10}{' ' * 5}{'█' * 20}  2 segments from 9 to 16, levels from 0 to 1",
    ]
    higher = str(IntervalGroups({"A": of((0, 1, 2)), "B": of((0, 1, 4), (1, math.inf))}))
    assert [line.split()[1] for line in higher.split("\n")[1:]] == ["▄" * 38, "█" * 38 + "▂▂"]


def test_groups_without_lengths_stand_in_one_line():
    groups = IntervalGroups({"A": of(("a", "c")), "B": of(("b", "d", 2)), "C": IntervalCollection() + 1})
    assert [line[5:11].rstrip() for line in str(groups).split("\n")[1:]] == [" ▄▄", "  ██", "▄▄▄▄▄"]


def test_groups_of_different_coordinates_are_drawn_one_by_one():
    groups = IntervalGroups({"A": of(("a", "c")), "B": of((1, 2)), None: IntervalCollection()})
    assert [line[6:].rstrip() for line in str(groups).split("\n")[1:]] == [
        f"█{' ' * 39}  1 segment from 'a' to 'c', level 1",
        f"{'█' * 40}  1 segment from 1 to 2, level 1",
        f"{' ' * 40}  0 segments",
    ]


def test_decimals_of_groups_are_compared_where_no_grid_holds_both():
    large, small = Decimal("1E+10"), Decimal("1E-15")
    groups = IntervalGroups({"A": of((large, 2 * large)), "B": of((small, 2 * small))})
    drawn = [line.split()[1] for line in str(groups).split("\n")[1:]]
    assert drawn == ["█" * 21, "█"]  # the middle is a hair beyond the start of A


def test_of_many_groups_the_first_are_shown():
    many = combine_intervals(start=range(1200), stop=range(1, 1201), by=list(range(1200)))
    shown = str(many).split("\n")
    assert (shown[0], len(shown), shown[-1]) == ("IntervalGroups: 1,200 groups", 12, "... and 1,190 more")


@every
def test_everything_is_told(c):
    for thing in (c, c.support, ~c.support, IntervalGroups({"only": c})):
        told, line = lines(thing)
        assert told
        if not isinstance(thing, IntervalGroups):
            assert set(line) <= {*BLOCKS, " "}
            assert len(line) <= 60


@given(rows=rows("ints"))
def test_the_highest_block_is_where_the_level_is_highest(rows):
    c = abs(combine_intervals(rows))
    if len(c.breakpoints) and c.max():
        assert "█" in lines(c)[1]
    assert (lines(c)[1] == "") == (not c)


@pytest.mark.parametrize("domain", sorted(COORDINATES))
def test_every_domain_is_told(domain):
    @given(rows=rows(domain))
    def check(rows):
        try:
            c = combine_intervals(rows)
        except OverflowError:  # beyond the largest float
            return
        assert bool(lines(c)[1]) == bool(c)

    check()
