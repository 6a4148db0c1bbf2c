"""HTML and SVG: well-formed, small, inert, inside the frame, and without losing a peak, a trough or an open end."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import Decimal
from fractions import Fraction
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from every import BERLIN, EVERY, every
from hypothesis import given
from strategies import COORDINATES, rows

from intervalues import IntervalCollection, IntervalGroups, IntervalSet, combine_intervals
from intervalues.ticks import axis_ticks
from intervalues.view import views

SVG = "{http://www.w3.org/2000/svg}"
NOON = dt.datetime(2026, 7, 1, 12)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def of(*given_rows, **options):
    return combine_intervals(given_rows, **options)


class Picture:
    """What is in the HTML of an object; that it is well-formed, small and within the frame is checked."""

    def __init__(self, thing):
        html = thing._repr_html_()
        assert len(html.encode()) < 50_000
        self.tree = ElementTree.fromstring(html)
        self.svgs = self.tree.findall(SVG + "svg")
        self.told = self.tree.find("div").text
        self.cells = [[cell.text for cell in row] for row in self.tree.findall("table/tr")][1:]
        self.areas, self.lines = [], []
        for svg in self.svgs:
            _, _, width, height = map(float, svg.get("viewBox").split())
            for path in svg.findall(SVG + "path"):
                points = corners(path.get("d"))
                assert all(0 <= x <= width and 0 <= y <= height for x, y in points)
                if path.get("fill-opacity"):
                    self.areas.append(points)
                elif path.get("fill") == "none":
                    self.lines.append(points)
            assert all(0 <= float(text.get("x")) <= width for text in svg.findall(SVG + "text"))
            assert all(0 <= float(text.get("y")) <= height for text in svg.findall(SVG + "text"))

    @property
    def labels(self):
        return [text.text for svg in self.svgs for text in svg.findall(SVG + "text")]

    def places(self, anchor):
        """Give the labels of one axis, and where they stand."""
        texts = [text for svg in self.svgs for text in svg.findall(SVG + "text")]
        return {text.text: text for text in texts if text.get("text-anchor") == anchor}

    def heights(self, low, high):
        """Give the levels that the line reaches, if the frame shows all from low to high."""
        return {round(high - (y - 8) / 150 * (high - low), 1) for _, y in self.lines[0]}


def corners(path):
    """Give the points of a path of M, H, V and Z."""
    x = y = None
    found = []
    for command, numbers in re.findall(r"([MHVZ])([-\d. ]*)", path):
        if command == "M":
            x, y = map(float, numbers.split())
        elif command == "H":
            x = float(numbers)
        elif command == "V":
            y = float(numbers)
        found.append((x, y))
    assert re.fullmatch(r"(?:[MHVZ][-\d. ]*)+", path)
    return found


def test_the_line_goes_where_the_function_goes():
    picture = Picture(of((0, 1, -4), (2, 3, 4), (3, 4, -1)))
    assert picture.told == "IntervalCollection: 3 segments from 0 to 4, levels from -4 to 4"
    left, right = 8 + 7 * 2, 640 - 12
    x = [left + (right - left) * share for share in (0, 0.25, 0.5, 0.75, 1)]
    top, zero, below, bottom = 8, 83, 83 + 75 / 4, 158
    expected = [
        *((x[0], zero), (x[0], bottom), (x[1], bottom), (x[1], zero), (x[2], zero), (x[2], top), (x[3], top)),
        *((x[3], below), (x[4], below), (x[4], zero)),
    ]
    assert picture.lines == [[pytest.approx(point, abs=0.06) for point in expected]]
    assert picture.cells == [["0", "1", "-4"], ["2", "3", "4"], ["3", "4", "-1"]]
    assert [*picture.places("middle")] == ["0", "1", "2", "3", "4"]
    assert [*picture.places("end")] == ["-4", "-2", "0", "2", "4"]


def test_open_ends_are_drawn_to_the_edge_and_the_line_does_not_come_down_there():
    (line,) = Picture(of((0, math.inf, 2), (1, 2, 2))).lines
    assert (line[0][1], line[-1]) == (158, (628, 83))
    (line,) = Picture(of((-math.inf, 0, 2), (1, 2, 4))).lines
    assert (line[0][1], line[-1]) == (83, (628, 158))
    assert Picture(IntervalCollection() + 5).lines == [[(15, 8), (628, 8)]]
    (area,) = Picture(~IntervalSet([(9, 12)])).areas
    assert (area[0][0], area[-1][0]) == (8, 628)
    assert max(y for x, y in area[1:4]) < 31


def test_nothing_is_a_line_at_zero():
    picture = Picture(IntervalCollection())
    assert (picture.told, picture.cells) == ("IntervalCollection: 0 segments", [])
    assert {y for _, y in picture.lines[0]} == {158}
    assert picture.labels == ["0", "1"]
    assert Picture(IntervalSet()).labels == []
    assert Picture(IntervalGroups()).svgs == []


def test_of_many_segments_no_peak_and_no_trough_is_lost():
    spikes = {123_456: 40, 600_000: -17, 999_999: 33}
    many = of(*((i, i + 1, 5) for i in range(0, 10**5, 2)), *((x, x + 1, level) for x, level in spikes.items()))
    picture = Picture(many)
    assert picture.heights(-17, 40) >= {-17, 0, 5, 33, 40}
    assert sum(map(len, picture.lines)) < 1200
    assert picture.cells[-1] == [f"… and {len(many) - 5:,} more"]
    peak = min(picture.lines[0], key=lambda point: point[1])[0]
    left = picture.lines[0][0][0]
    assert peak == pytest.approx(left + (628 - left) * 123_456 / 10**6, abs=3)


def test_labels_are_inert():
    hostile = "<script>alert('&')</script>"
    for thing in (of((hostile, hostile + "b")), IntervalGroups({hostile: of((0, 1))}), IntervalSet([("\0", "<b>")])):
        assert "<script" not in thing._repr_html_()
        assert "<b>" not in thing._repr_html_()
        assert Picture(thing).svgs

    class Odd(str):
        __slots__ = ()

        def __repr__(self):
            return f"{self}\0\ud800\n<i>"

    picture = Picture(of((Odd("a"), Odd("b"))))
    assert picture.cells[0][:2] == ["a\ufffd\ufffd\ufffd<i>", "b\ufffd\ufffd\ufffd<i>"]


def test_colours_are_those_of_the_page():
    html = of((0, 1))._repr_html_()
    assert 'fill="currentColor"' in html
    assert set(re.findall(r'(?:fill|stroke)="([^"]*)"', html)) == {"currentColor", "none", "#3b82d6"}


def test_groups_stand_under_each_other_on_one_axis_and_one_scale():
    groups = combine_intervals(start=[8, 9, 12], stop=[12, 11, 16], value=[1, 2, 4], by=["A", "Bee", "Bee"])
    picture = Picture(groups)
    first, second = picture.areas
    assert len(picture.svgs) == 1
    assert first[0][0] == second[0][0]
    assert max(x for x, _ in first) == max(x for x, _ in second) == 628
    assert (first[0][1] - first[1][1]) * 4 == second[0][1] - min(y for _, y in second) == 56
    assert picture.cells == [
        ["'A'", "1 segment from 8 to 12, level 1"],
        ["'Bee'", "2 segments from 9 to 16, levels from 0 to 4"],
    ]
    assert {"'A'", "'Bee'"} <= {*picture.labels}


def test_groups_of_different_coordinates_have_pictures_of_their_own():
    assert len(Picture(IntervalGroups({"A": of(("a", "c")), "B": of((1, 2))})).svgs) == 2
    assert len(Picture(IntervalGroups({"A": of((NOON, NOON + HOUR)), "B": of((1, 2))})).svgs) == 2
    assert len(Picture(IntervalGroups({"A": of(("a", "c")), "B": of(("b", "d"))})).svgs) == 1


def test_of_many_long_groups_the_first_are_shown():
    count = 20_000
    groups = combine_intervals(start=range(count), stop=range(2, count + 2), by=[i % 9 for i in range(count)])
    assert Picture(groups).cells[-1] == ["… and 4 more"]


@pytest.mark.parametrize(
    ("start", "stop", "labels"),
    [
        (0, 10**9, "0|400,000,000|800,000,000"),
        (0.0, 0.7, "0|0.2|0.4|0.6"),
        (Fraction(1, 3), Fraction(2, 3), "0.4|0.5|0.6"),
        (Decimal("0.10"), Decimal("0.30"), "0.1|0.15|0.2|0.25|0.3"),
        (3, 4, "3|4"),
        (0, 10**30, "0|2E+29|4E+29|6E+29|8E+29|1E+30"),
        (10**18, 10**18 + 2, "1,000,000,000,000,000,000|1,000,000,000,000,000,001"),
        (1.0, 1 + 2**-42, "1|1.00000000000005|1.0000000000001|1.00000000000015"),
        (10**60, 10**60 + 5, "1E+60"),
        (Decimal("1E+999999"), Decimal("2E+999999"), "1E+999999|2E+999999"),
        (dt.date(2026, 1, 1), dt.date(2026, 1, 5), "2026-01-01|2026-01-02|2026-01-03|2026-01-04|2026-01-05"),
        (dt.date(2026, 1, 1), dt.date(2026, 1, 9), "2026-01-02|2026-01-04|2026-01-06|2026-01-08"),
        (dt.date(2026, 1, 1), dt.date(2026, 2, 1), "2026-01-05|2026-01-12|2026-01-19|2026-01-26"),
        (dt.date(2026, 1, 1), dt.date(2026, 11, 1), "2026-01|2026-04|2026-07|2026-10"),
        (dt.date(1990, 5, 1), dt.date(2026, 11, 1), "2000|2010|2020"),
        (dt.date.min, dt.date.max, "2000|4000|6000|8000"),
        (NOON, NOON + 7 * DAY, "2026-07-03|2026-07-05|2026-07-07"),
        (NOON, NOON + 2 * DAY, "2026-07-01 12:00|2026-07-02 12:00|2026-07-03 12:00"),
        (NOON, NOON + HOUR, "2026-07-01 12:00|2026-07-01 12:20|2026-07-01 12:40|2026-07-01 13:00"),
        (NOON, NOON + HOUR / 90, "2026-07-01 12:00:00|2026-07-01 12:00:20|2026-07-01 12:00:40"),
        (NOON, NOON + HOUR / 36_000, "2026-07-01 12:00:00|2026-07-01 12:00:00.040000|2026-07-01 12:00:00.080000"),
        (0 * HOUR, 30 * HOUR, "0:00:00|6:00:00|12:00:00|18:00:00|1 day|1 day, 6:00:00"),
        (-3 * HOUR, 2 * HOUR, "-3:00:00|-2:00:00|-1:00:00|0:00:00|1:00:00|2:00:00"),
        (-20 * DAY, -10 * DAY, "-20 days|-18 days"),
        (dt.timedelta.min, dt.timedelta(0), "-800000000 days"),
        (0 * HOUR, 50 * DAY, "0:00:00|10 days|20 days|30 days|40 days|50 days"),
        (0 * HOUR, HOUR / 36_000, "0:00:00|0:00:00.040000|0:00:00.080000"),
        (
            pd.Timestamp(0, unit="ns"),
            pd.Timestamp(2, unit="ns"),
            "1970-01-01 00:00:00|1970-01-01 00:00:00.000000001|1970-01-01 00:00:00.000000002",
        ),
        ("a", "b", "'a'|'b'"),
        ("a" * 100, "b", "'aaaaaaaaaaaaaa…|'b'"),
    ],
)
def test_the_axis_is_readable(start, stop, labels):
    for c in (of((start, stop)), IntervalSet([(start, stop)])):
        found = [*Picture(c).places("middle")]
        assert "|".join(found).startswith(labels)
        assert len(found) <= 8


def test_times_are_those_of_the_clock_on_the_wall():
    midnight = dt.datetime(2026, 3, 28, tzinfo=BERLIN)
    c = of((midnight, midnight + 2 * DAY))
    assert [*Picture(c).places("middle")] == ["2026-03-28 00:00", "2026-03-29 00:00", "2026-03-30 00:00"]
    assert next(iter(Picture(c.astimezone(dt.UTC)).places("middle"))) == "2026-03-28 00:00"
    first, second, third = (float(text.get("x")) for text in Picture(c).places("middle").values())
    assert second - first > third - second  # an hour was skipped
    for month, day, hours in (
        (3, 28, "00 02 04 06 08 10 12"),
        (3, 29, "00 04 06 08 10 12"),
        (10, 25, "00 03 06 09 12"),
    ):
        begun = dt.datetime(2026, month, day, tzinfo=BERLIN)  # of days of 24, 23 and 25 hours
        found = axis_ticks(views([of((begun, begun.replace(hour=12)))._steps])[0])
        assert [label[-5:-3] for _, label in found] == hours.split()
    night = dt.datetime(2026, 10, 25, 1, tzinfo=ZoneInfo("Europe/Berlin"))
    found = axis_ticks(views([of((night, night.replace(hour=4)))._steps])[0])
    assert [label[-5:] for _, label in found] == ["01:00", "02:00", "03:00", "04:00"]  # the first of both


@pytest.mark.parametrize(
    ("level", "labels"),
    [
        (5, "0|2|4"),
        (0.5, "0|0.2|0.4"),
        (Decimal("1E+40"), "0|5E+39|1E+40"),
        (Fraction(1, 3), "0|0.1|0.2|0.3"),
        (Decimal("3E+999999"), "0E+999999|3E+999999"),
        (10**400, "0|5E+399|1E+400"),
        (5e-324, "0|2E-324|4E-324"),
    ],
)
def test_levels_are_told(level, labels):
    assert "|".join(Picture(of((0, 1, level))).places("end")) == labels


def test_rows_that_cover_are_counted():
    picture = Picture(of((1, 3), (2, 4), how="rows"))
    assert picture.heights(0, 2) == {0, 1, 2}
    assert picture.cells[1] == ["2", "3", "(0, 1)"]


@every
def test_everything_has_a_picture(c):
    for thing in (c, c.support, ~c.support, IntervalGroups({"only": c, "other": c})):
        Picture(thing)


def test_all_together_have_pictures():
    assert len(Picture(IntervalGroups(dict(list(EVERY.items())[3:8]))).svgs) >= 1


@pytest.mark.parametrize("domain", sorted(COORDINATES))
def test_every_domain_has_a_picture_with_its_highest_and_lowest_level(domain):
    @given(rows=rows(domain))
    def check(rows):
        try:
            c = combine_intervals(rows)
        except OverflowError:  # beyond the largest float
            return
        picture = Picture(c)
        ys = [y for line in picture.lines for _, y in line]
        if c:
            levels = set(map(Fraction, c.levels))
            assert min(ys) == 8 or max(levels) <= 0
            assert max(ys) == 158 or min(levels) >= 0

    check()
