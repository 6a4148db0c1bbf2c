"""The command reads CSV, JSON Lines, Parquet and Arrow alike, from files and pipes, and names what is wrong in them."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import sys
import threading
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

import intervalues
from intervalues import files, textfiles
from intervalues import schedule as schedules
from intervalues.command import main

FLIGHTS = Path(__file__).parent.parent / "examples" / "flights.csv"
FORMATS = ("csv", "jsonl", "parquet", "arrow", "arrows")
BINARY = ("parquet", "arrow", "arrows")


def written_as(extension: str, table: pa.Table) -> bytes:
    """Write a table in one of the formats."""
    sink = io.BytesIO()
    if extension == "csv":
        pyarrow.csv.write_csv(table, sink)
    elif extension == "jsonl":
        rows = (json.dumps(row, default=lambda time: time.isoformat()) for row in table.to_pylist())
        sink.write("".join(f"{row}\n" for row in rows).encode())
    elif extension == "parquet":
        pyarrow.parquet.write_table(table, sink)
    else:
        with (pa.ipc.new_file if extension == "arrow" else pa.ipc.new_stream)(sink, table.schema) as writer:
            writer.write_table(table, max_chunksize=1000)
    return sink.getvalue()


def piped(monkeypatch, content: bytes) -> None:
    """Let standard input be a pipe."""
    reader, writer = os.pipe()

    def fill():  # in a thread: a pipe holds too little for a whole file
        with open(writer, "wb", buffering=0) as sink:
            for part in (content[:1], content[1:5], content[5:]):
                sink.write(part)

    threading.Thread(target=fill).start()
    monkeypatch.setattr("sys.stdin", open(reader, encoding="utf-8"))  # noqa: SIM115


@pytest.fixture(scope="module")
def flights():
    return pyarrow.csv.read_csv(FLIGHTS)


OPTIONS = ("--start", "departure", "--stop", "arrival", "--value", "seats", "--by", "origin")


@pytest.fixture
def expected(capsys):
    assert main([str(FLIGHTS), *OPTIONS]) == 0
    return capsys.readouterr().out.split("intervals", 1)[1]


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize("way", ["file", "pipe", "redirected"])
def test_every_format_gives_the_same_answer_about_real_flights(
    schedule, capsys, monkeypatch, flights, expected, extension, way
):
    content = written_as(extension, flights)
    name = schedule(content, "data")  # the name does not tell what is in it
    if way == "pipe":
        piped(monkeypatch, content)
    if way == "redirected":
        monkeypatch.setattr("sys.stdin", open(name, encoding="utf-8"))  # noqa: SIM115
    assert main([name if way == "file" else "-", *OPTIONS]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.split("intervals", 1)[1] == expected
    sys.stdin.close() if way != "file" else None


@pytest.mark.parametrize("how", ["sum", "count", "any"])
@pytest.mark.parametrize("extension", FORMATS)
def test_files_read_in_many_batches_give_the_same_levels(schedule, monkeypatch, flights, extension, how):
    name = schedule(written_as(extension, flights), "data")
    question = schedules.Question("departure", "arrival", "seats", "origin", how=how)
    whole = schedules.read_schedule(name, question)
    monkeypatch.setattr(textfiles, "ROWS", 700)
    monkeypatch.setattr(schedules, "MOST_WAITING", 1500)
    parts = schedules.read_schedule(name, question)
    assert parts == whole
    frame = flights.to_pandas()
    columns = {"start": "departure", "stop": "arrival", "value": "seats", "how": how}
    assert whole.together == intervalues.combine_intervals(frame, **columns)
    alone = schedules.read_schedule(name, question._replace(key=None))
    assert alone.together == whole.together
    assert alone.groups == {}


@pytest.mark.parametrize("how", ["max", "min", "mean"])
@pytest.mark.parametrize("extension", ["csv", "parquet"])
def test_ways_to_combine_that_need_all_rows_get_them(schedule, monkeypatch, flights, extension, how):
    name = schedule(written_as(extension, flights), "data")
    question = schedules.Question("departure", "arrival", "seats", "origin", how=how)
    monkeypatch.setattr(textfiles, "ROWS", 700)
    monkeypatch.setattr(schedules, "MOST_WAITING", 1)
    found = schedules.read_schedule(name, question)
    frame = flights.to_pandas()
    columns = {"start": "departure", "stop": "arrival", "value": "seats", "how": how}
    assert found.together == intervalues.combine_intervals(frame, **columns)
    assert found.groups == dict(intervalues.combine_intervals(frame, by="origin", **columns))


def test_what_is_kept_does_not_grow_with_the_rows(schedule, monkeypatch):
    monkeypatch.setattr(textfiles, "ROWS", 50)
    monkeypatch.setattr(schedules, "MOST_WAITING", 100)
    waiting = []
    take = schedules.Gathered.take

    def seen(self, lot, groups):
        take(self, lot, groups)
        waiting.append(self.waiting)

    monkeypatch.setattr(schedules.Gathered, "take", seen)
    rows = "".join(f"{row % 7},{row % 7 + 2},{row % 3}\n" for row in range(1000))
    found = schedules.read_schedule(schedule(f"start,stop,key\n{rows}"), schedules.Question("start", "stop", key="key"))
    assert max(waiting) < 150
    assert found.number == sum(found.counts.values()) == 1000


# What is wrong in any of them


@pytest.mark.parametrize("extension", FORMATS)
def test_a_bad_date_far_down_is_named_in_every_format(refusal, extension):
    texts = ["2026-01-01"] * 70_000
    bad = ["2026-01-02"] * 69_999 + ["2026-02-30"]
    content = written_as(extension, pa.table({"arr": texts, "dep": bad}))
    place = {"csv": "line 70001", "jsonl": "line 70000"}.get(extension, "row 69999")
    message = refusal(content, "--start", "arr", "--stop", "dep", "--output", "out.csv")
    assert message == f"stays.csv: {place}, column 'dep': '2026-02-30' is no ISO date, as the cells before it are"
    assert os.listdir() == ["stays.csv"]


# Parquet and Arrow


@pytest.mark.parametrize("extension", BINARY)
def test_a_missing_column_is_named_in_binary_files(refusal, extension):
    content = written_as(extension, pa.table({"start": [1], "end": [2]}))
    assert refusal(content) == "stays.csv: column 'stop': there is no such column; there are 'start', 'end'"


@pytest.mark.parametrize("extension", BINARY)
def test_a_truncated_binary_file_is_one_line(refusal, flights, extension):
    content = written_as(extension, flights)
    for size in (8, len(content) // 2, len(content) - 100):
        message = refusal(content[:size], *OPTIONS, "--output", "out.csv")
        assert message.startswith("stays.csv: ")
        assert sorted(os.listdir()) == ["stays.csv"]


def test_parquet_whose_pages_are_damaged_is_one_line_that_tells_the_row(refusal):
    content = bytearray(written_as("parquet", pa.table({"start": range(5000), "stop": range(1, 5001)})))
    content[4:2000] = b"\xff" * 1996
    assert refusal(bytes(content)).startswith("stays.csv: row 0: ")


def test_nulls_and_nan_of_binary_files_are_missing(answer, refusal):
    table = pa.table({"start": [1.0, 2.0, float("nan"), 3.5], "stop": [3.0, None, 4.0, 4.0], "key": [1, None, 1, 1]})
    content = written_as("parquet", table)
    message = refusal(content)
    remedies = "--missing drop leaves such rows out, --missing open opens the end"
    assert message == f"stays.csv: row 1, column 'stop': it is missing; {remedies}"
    found = answer(content, "--missing", "drop", "--by", "key")
    assert found[0].startswith("stays.csv: 2 intervals from 1.0 to 4.0, 2 rows with empty cells dropped")
    assert answer(content, "--missing", "open")[3].split()[0] == "4"


def test_keys_of_binary_files_keep_their_types(answer):
    table = pa.table({"start": [1, 1, 1], "stop": [2, 3, 4], "key": [7, None, 7]})
    answer(written_as("arrow", table), "--by", "key", "--output", "out.parquet")
    found = pyarrow.parquet.read_table("out.parquet")
    assert found.column("key").to_pylist() == [7, 7, None]
    assert found.schema.field("key").type == pa.int64()
    floats = pa.table({"start": [1, 1], "stop": [2, 3], "key": [0.5, float("nan")]})
    assert answer(written_as("arrow", floats), "--by", "key")[4].startswith("(none)")


def test_keys_that_cannot_be_told_apart_are_refused(refusal):
    table = pa.table({"start": [1], "stop": [2], "key": [[1]]})
    message = refusal(written_as("parquet", table), "--by", "key")
    assert message == "stays.csv: row 0, column 'key': what is of the type list<element: int64> cannot be a key"


def test_texts_numbers_and_categories_of_binary_files_are_read_as_in_csv(answer):
    texts = pa.array(["2026-01-01", "2026-01-03"]).dictionary_encode()
    table = pa.table({"start": texts, "stop": [dt.date(2026, 1, 2), dt.date(2026, 1, 4)], "value": ["1.5", "2"]})
    assert answer(written_as("parquet", table), "--value", "value")[3] == "2 2.0 2026-01-03 2026-01-04 1 d 1.17"
    table = pa.table({"start": [1, 2], "stop": [3, 4], "value": [Decimal("1.5"), Decimal("2.25")]})
    assert answer(written_as("parquet", table), "--value", "value")[3] == "2 3.75 2 3 1 2.50"


def test_nanoseconds_and_lengths_of_time_are_coordinates(answer):
    times = pa.array([0, 1], pa.timestamp("ns"))
    table = pa.table({"start": times, "stop": pa.array([5, 7], pa.timestamp("ns"))})
    assert answer(written_as("parquet", table))[3].startswith("2 2 1970-01-01 00:00:00.000000001 1970-01-01 00:00")
    table = pa.table({"start": pa.array([0], pa.duration("s")), "stop": pa.array([60], pa.duration("s"))})
    assert answer(written_as("arrow", table))[3] == "1 1 0:00:00 0:01:00 1 min 1.00"


def test_a_row_of_a_binary_file_that_the_library_refuses_is_named(refusal):
    content = written_as("parquet", pa.table({"start": [1, 5], "stop": [2, 4]}))
    assert refusal(content).startswith("stays.csv: row 1, column 'start': ")
    content = written_as("parquet", pa.table({"start": [1, 5], "stop": [True, False]}))
    assert refusal(content).startswith("stays.csv: row 0, column 'stop': ")


def test_rows_of_groups_that_are_added_up_are_named(refusal, monkeypatch):
    monkeypatch.setattr(textfiles, "ROWS", 2)
    monkeypatch.setattr(schedules, "MOST_WAITING", 1)
    monkeypatch.setattr(schedules, "MOST_WAITING_EACH", 1)
    content = written_as("parquet", pa.table({"start": [1, 2, 3, 9], "stop": [2, 3, 4, 8], "key": list("ABBA")}))
    assert refusal(content, "--by", "key").startswith("stays.csv: row 3, column 'start': ")


@pytest.mark.parametrize("missing", ["pyarrow", "narwhals.stable.v2"])
@pytest.mark.parametrize(("extension", "name"), [("parquet", "Parquet"), ("arrow", "Arrow"), ("arrows", "Arrow")])
def test_without_pyarrow_the_remedy_is_named(refusal, monkeypatch, extension, name, missing):
    content = written_as(extension, pa.table({"start": [1], "stop": [2]}))
    monkeypatch.setitem(sys.modules, missing, None)
    assert refusal(content) == f"stays.csv: {name} needs pyarrow: pip install 'intervalues[arrow]'"


def test_csv_and_json_lines_need_no_library(run_python, schedule):
    schedule("start,stop\n2026-01-01,2026-01-02\n")
    schedule('{"start": 1, "stop": 2.5}\n', "stays.jsonl")
    code = (
        "import sys; from intervalues.command import main\n"
        "for name in ('stays.csv', 'stays.jsonl'):\n"
        "    assert main([name, '--output', 'out.json', '--plot', 'out.svg']) == 0\n"
        "print({name.partition('.')[0] for name in sys.modules} & "
        "{'numpy', 'pandas', 'pyarrow', 'narwhals', 'matplotlib', 'tqdm'})\n"
    )
    done = run_python(code)
    assert done.stdout.splitlines()[-1] == "set()"
    assert done.stderr == ""


# Columns whose kind is told


def test_a_column_may_be_told_to_be_a_date(answer):
    content = "start,stop\n20260101,20260103\n"
    assert answer(content)[3] == "1 1 20260101 20260103 2 1.00"
    assert answer(content, "--type", "start=date")[3] == "1 1 2026-01-01 2026-01-03 2 d 1.00"


def test_a_column_may_be_told_to_be_times_some_of_which_are_dates(answer):
    content = "start,stop\n2026-01-01,2026-01-01T12:00\n"
    assert answer(content, "--type", "stop=datetime")[3] == "1 1 2026-01-01 00:00 2026-01-01 12:00 12 h 1.00"


def test_a_column_may_be_told_to_count_from_1970(answer):
    found = answer("start,stop\n0,60.5\n", "--type", "start=epoch")
    assert found[3] == "1 1 1970-01-01 00:00Z 1970-01-01 00:01:00.500000Z 1 min 0.5 s 1.00"
    content = written_as("parquet", pa.table({"start": [0], "stop": ["1970-01-01T00:01Z"]}))
    options = ("--type", "start=epoch-ms", "--type", "stop=datetime")
    assert answer(content, *options)[3] == "1 1 1970-01-01 00:00Z 1970-01-01 00:01Z 1 min 1.00"


@pytest.mark.parametrize(
    ("cell", "kind", "message"),
    [
        ("1e16", "epoch", "'1e16' is no number of seconds since 1970"),
        ("999999999999", "epoch", "'999999999999' is no number of seconds since 1970"),
        ("0.0001", "epoch-ms", "'0.0001' is no number of milliseconds since 1970"),
        ("2026-01-01T10:00:00.1234567", "datetime", "is no ISO date or datetime (microseconds at most)"),
        ("x", "number", "'x' is no number"),
    ],
)
def test_a_cell_that_is_not_what_was_told_is_refused(refusal, cell, kind, message):
    found = refusal(f"start,stop\n{cell},{cell}\n", "--type", f"start={kind}")
    assert found.startswith("stays.csv: line 2, column 'start': ")
    assert found.endswith(message)


def test_ends_of_kinds_that_do_not_mix_are_refused(refusal):
    found = refusal("start,stop\n1,2026-01-01\n", "--type", "start=number", "--type", "stop=date")
    assert found.startswith("stays.csv: line 2, column 'stop': datetime.date(2026, 1, 1) does not mix with ints")
    found = refusal("start,stop\n2026-01-01,2026-01-01T10:00Z\n", "--type", "start=datetime")
    assert found.startswith("stays.csv: line 2, column 'stop': ")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--type", "start=time"], "argument --type: 'start=time' is not COLUMN=KIND, with one of number, date, "),
        (["--type", "date"], "argument --type: 'date' is not COLUMN=KIND"),
        (["--type", "x=date"], "--type is about 'x', which none of --start, --stop and --value names"),
        (["--value", "v", "--type", "v=date"], "--type: values are numbers, so 'v' can be of no other kind"),
    ],
)
def test_what_cannot_be_told_is_refused(refusal, options, message):
    assert refusal("start,stop,v\n1,2,3\n", *options).startswith(message)
    assert main(["stays.csv", "--value", "v", "--type", "v=number"]) == 0


def test_ints_before_decimals_come_out_as_decimals(answer, monkeypatch):
    monkeypatch.setattr(textfiles, "ROWS", 2)
    for most in (1, 1000):
        monkeypatch.setattr(schedules, "MOST_WAITING", most)
        answer("start,stop\n1,2\n3,4\n1.5,3.25\n", "--output", "out.csv")
        lines = Path("out.csv").read_text(encoding="utf-8").split()
        assert lines[1:] == ["1.00,1.50,1", "1.50,2.00,2", "2.00,3.00,1", "3.00,3.25,2", "3.25,4.00,1"]


# Progress


class Bar:
    """What tqdm gives."""

    made: ClassVar[list[Bar]] = []

    def __init__(self, **options):
        self.options, self.n = options, 0
        self.made.append(self)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def update(self, more):
        self.n += more


@pytest.mark.parametrize(
    ("extension", "unit"), [("csv", "B"), ("jsonl", "B"), ("parquet", " rows"), ("arrow", " rows")]
)
def test_a_bar_shows_how_far_a_long_file_is_read(schedule, monkeypatch, flights, extension, unit):
    content = written_as(extension, flights)
    name = schedule(content, "data")
    module = type(sys)("tqdm")
    module.tqdm = Bar
    monkeypatch.setitem(sys.modules, "tqdm", module)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    Bar.made.clear()
    assert main([name, *OPTIONS]) == 0
    (bar,) = Bar.made
    total = {"B": len(content), " rows": len(flights)}[unit]
    assert bar.options["total"] == (None if extension == "arrow" else total)
    assert bar.options["unit"] == unit
    assert bar.n == total
    assert bar.options["delay"] == files.PROGRESS_AFTER


def test_a_closed_standard_input_is_one_line(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    assert main(["-"]) == 2
    assert capsys.readouterr().err == "intervalues: standard input: it is closed\n"


def test_a_pipe_has_no_known_length(schedule, monkeypatch):
    module = type(sys)("tqdm")
    module.tqdm = Bar
    monkeypatch.setitem(sys.modules, "tqdm", module)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    Bar.made.clear()
    piped(monkeypatch, b"start,stop\n1,2\n")
    assert main(["-"]) == 0
    sys.stdin.close()
    assert Bar.made[0].options["total"] is None


@pytest.mark.parametrize("looked_at", [True, False])
def test_there_is_no_bar_without_tqdm_or_a_terminal(answer, monkeypatch, looked_at):
    monkeypatch.setitem(sys.modules, "tqdm", None if looked_at else Bar)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: looked_at)
    assert answer("start,stop\n1,2\n")[3] == "1 1 1 2 1 1.00"
