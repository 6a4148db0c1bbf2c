"""The command complains in one line that names file, line and column."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from intervalues import files, writing
from intervalues import schedule as schedules
from intervalues.command import main

BOM = b"\xef\xbb\xbf"


def written(name: str) -> str:
    return Path(name).read_bytes().decode()


THREE = "start,stop,value,gate\n2,4,3,A\n1,3,2,B\n8,9,1,A\n"


def test_a_missing_column_is_named_with_those_there_are(refusal):
    for option in ("--start", "--stop", "--value", "--by"):
        message = refusal(THREE, option, "arr", "--how", "count")
        assert message == (
            "stays.csv: line 1, column 'arr': there is no such column; there are 'start', 'stop', 'value', 'gate'"
        )


def test_a_column_of_two_is_refused(refusal):
    message = refusal("start,stop,start\n1,2,3\n")
    assert message == "stays.csv: line 1, column 'start': there are 2 columns of that name; which is meant?"


def test_a_ragged_row_is_refused(refusal):
    message = refusal("start,stop,gate\n1,2,A\n1,2\n")
    assert message == "stays.csv: line 3, column 'gate': there is no cell: the row has 2 cells, the header 3"
    message = refusal("start,stop\n1,2\n1\n")
    assert message == "stays.csv: line 3, column 'stop': there is no cell: the row has 1 cell, the header 2"
    message = refusal("start,stop\n1,2\n1,2,3\n")
    assert message == "stays.csv: line 3, column 3: the column has no name: the row has 3 cells, the header 2"


@pytest.mark.parametrize("content", [b"", BOM, b"\n\n"])
def test_an_empty_file_is_refused(refusal, content):
    assert refusal(content) == "stays.csv: line 1: the file is empty; its first line must name the columns"


def test_a_folder_is_refused(refusal, schedule):
    Path("folder.csv").mkdir()
    assert refusal(None, name="folder.csv").startswith("folder.csv: ")


def test_a_file_that_is_not_there_is_refused(refusal, schedule):
    assert refusal(None, name="none.csv") == f"none.csv: {os.strerror(errno.ENOENT)}"


def test_a_file_that_may_not_be_read_is_refused(refusal, monkeypatch):
    def forbidden(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(files, "open", forbidden, raising=False)
    assert refusal(THREE) == "stays.csv: Permission denied"


def test_what_is_not_utf_8_is_refused(refusal):
    message = refusal("start,stop,ort\n1,2,Bern\n1,2,Zürich\n".encode("latin-1"))
    assert message == "stays.csv: line 3, column 'ort': the text is not UTF-8"
    message = refusal("von,bis,Größe\n1,2,3\n".encode("latin-1"))
    assert message == "stays.csv: line 1, column 3: the text is not UTF-8"
    assert refusal(THREE.encode("utf-16")) == "stays.csv: line 1, column 1: the text is not UTF-8"


def test_a_bad_date_in_line_70001_is_named(refusal):
    lines = ["arr,dep", *["2026-01-01,2026-01-02"] * 70_000]
    lines[70_000] = "2026-01-01,2026-02-30"
    message = refusal("\n".join(lines), "--start", "arr", "--stop", "dep", "--output", "out.csv")
    assert message == "stays.csv: line 70001, column 'dep': '2026-02-30' is no ISO date, as the cells before it are"
    assert os.listdir() == ["stays.csv"]


def test_lines_count_on_in_cells_of_several_lines(refusal):
    message = refusal('start,stop,remark\n1,2,"a\nb\nc"\n\n1,x,\n')
    assert message.startswith("stays.csv: line 6, column 'stop': 'x' is no number")
    message = refusal('start,stop,remark\r\n1,x,"a\r\nb"\r\n')
    assert message.startswith("stays.csv: line 2, column 'stop': 'x' is no number")


@pytest.mark.parametrize(
    "cell",
    [
        "tomorrow",
        "9.7.2026",
        "1,5",
        "1_000",
        "٣",
        "nan",
        "inf",
        "1e99999999999999999999",
        "2026-01-01T10:00:00.1234567",
    ],
)
def test_a_cell_of_no_kind_is_refused(refusal, cell):
    message = refusal(f'start,stop\n"{cell}",2\n')
    kinds = "number, ISO date or ISO datetime (microseconds at most)"
    assert message == f"stays.csv: line 2, column 'start': {cell!r} is no {kinds}"
    message = refusal(f'start,stop,value\n1,2,"{cell}"\n', "--value", "value")
    assert message == f"stays.csv: line 2, column 'value': {cell!r} is no number"


def test_digits_beyond_microseconds_may_be_zeros(answer):
    assert answer("start,stop\n2026-01-01T10:00:00.000000000,2026-01-01T10:00:01.500000000\n")[3].endswith("1.5 s 1.00")


KINDS = ["1", "2026-01-01", "2026-01-01T10:00", "2026-01-01T10:00Z"]


@pytest.mark.parametrize(("first", "other"), [(a, b) for a in KINDS for b in KINDS if a != b])
def test_kinds_do_not_mix_in_a_schedule(refusal, first, other):
    message = refusal(f"start,stop\n{first},{other}\n")
    assert message.startswith(f"stays.csv: line 2, column 'stop': {other!r} is no ")
    assert message.endswith(", as the cells before it are")


def test_an_empty_cell_is_refused_with_what_may_be_done(refusal):
    message = refusal("start,stop\n1,2\n1,\n")
    assert message == (
        "stays.csv: line 3, column 'stop': the cell is empty; "
        "--missing drop leaves such rows out, --missing open opens the end"
    )
    message = refusal("start,stop,value\n1,,\n", "--missing", "open", "--value", "value")
    assert message == "stays.csv: line 2, column 'value': the cell is empty; --missing drop leaves such rows out"


def test_a_reversed_row_is_refused(refusal):
    message = refusal("arr,dep\n1,2\n\n3,1.5\n", "--start", "arr", "--stop", "dep")
    assert message == "stays.csv: line 4, column 'arr': 3 is after 1.5 in column 'dep'"
    message = refusal("start,stop\n2026-01-01T10:00Z,2026-01-01T10:30+01:00\n")
    ends = "2026-01-01T10:00:00Z is after 2026-01-01T10:30:00+01:00"
    assert message == f"stays.csv: line 2, column 'start': {ends} in column 'stop'"


def test_a_row_that_the_library_refuses_is_named_by_its_line(refusal):
    message = refusal("start,stop\n\n2026-01-01T00:00Z,2026-01-02T00:00Z\n0001-01-01T00:00+14:00,2026-01-01T00:00Z\n")
    assert message.startswith("stays.csv: line 4, column 'start': ")
    assert message.endswith("beyond what a datetime can hold")


@pytest.mark.parametrize("error", [ValueError, TypeError, OverflowError])
@pytest.mark.parametrize("part", ["extend", "collect", "combine_intervals"])
def test_whatever_else_the_library_refuses_is_one_line(refusal, monkeypatch, error, part):
    def refuse(*_, **__):
        raise error("no row\nis to blame")

    monkeypatch.setattr(schedules, "MOST_WAITING", 1)
    where = schedules if part == "combine_intervals" else schedules.IntervalAccumulator
    monkeypatch.setattr(where, part, refuse)
    assert refusal(THREE, *(["--how", "max"] if where is schedules else [])) == "stays.csv: no row is to blame"


def test_an_open_quote_is_refused_where_its_row_begins(refusal):
    message = refusal('start,stop,gate\n1,2,A\n1,2,"B\n1,2,C\n')
    assert message == "stays.csv: line 3: unexpected end of data"


@pytest.mark.parametrize("name", ["out.xlsx", "out", "-"])
def test_an_unknown_extension_is_refused_before_anything_is_read(refusal, schedule, name):
    extension = os.path.splitext(name)[1]
    message = refusal(None, "--output", name)
    assert message == f"{name}: the extension is {extension!r}; it must be .csv, .json, .jsonl, .parquet or .arrow"


def test_an_output_that_cannot_be_written_is_refused(refusal):
    assert refusal(THREE, "--output", "none/out.csv") == f"none/out.csv: {os.strerror(errno.ENOENT)}"
    Path("folder.csv").mkdir()
    assert refusal(THREE, "--output", "folder.csv").startswith("folder.csv: ")
    assert sorted(os.listdir()) == ["folder.csv", "stays.csv"]


def test_a_full_disk_leaves_the_older_file_as_it_was(refusal, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writing, "json_text", full)
    Path("out.json").write_text("old", encoding="utf-8")
    assert refusal(THREE, "--output", "out.json") == "out.json: No space left on device"
    assert written("out.json") == "old"


def test_a_group_column_that_output_would_have_twice_is_refused(refusal):
    content = "start,end,stop\n1,2,Central\n"
    options = ("--stop", "end", "--by", "stop")
    message = refusal(content, *options, "--output", "out.csv")
    assert message == "out.csv: there would be two columns 'stop'; rename the one of --by"
    assert main(["stays.csv", *options]) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: FILE"),
        (["stays.csv", "--how", "rows"], "argument --how: invalid choice: 'rows'"),
        (["stays.csv", "--at-least", "many"], "argument --at-least: invalid number value: 'many'"),
        (["stays.csv", "--outp", "x.csv"], "unrecognized arguments: --outp x.csv"),
    ],
)
def test_wrong_arguments_are_one_line(capsys, arguments, message):
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"intervalues: {message}")
    assert err.endswith("; see intervalues --help\n")
    assert err.count("\n") == 1
