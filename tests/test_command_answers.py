"""The command tells of zones, bins and slots, draws pictures and writes tables, each as its help shows."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import matplotlib.image
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

import intervalues
from intervalues import cells, command, files, writing
from intervalues.command import EXAMPLES, main

ROOT = Path(__file__).parent.parent
FLIGHTS = ROOT / "examples" / "flights.csv"
TIMES = ("--start", "departure", "--stop", "arrival")


@pytest.fixture
def flights(tmp_path, monkeypatch, capsys):
    """Ask of the real flights; what is printed, in words, a list for each line."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(FLIGHTS, "flights.csv")

    def ask(*options: str) -> list[str]:
        code = main(["flights.csv", *TIMES, *options])
        out, err = capsys.readouterr()
        assert code == 0, err
        assert err == ""
        return [" ".join(line.split()) for line in out.splitlines()]

    return ask


@pytest.fixture(scope="module")
def planes():
    frame = pyarrow.csv.read_csv(FLIGHTS)
    groups = intervalues.combine_intervals(frame, start="departure", stop="arrival", by="origin")
    return intervalues.combine_intervals(frame, start="departure", stop="arrival"), groups


# Zones


def test_a_zone_shows_the_same_instants_on_its_clocks(flights):
    found = flights("--tz", "America/New_York")
    assert found[0].startswith("flights.csv: 5486 intervals from 2013-07-08 04:59-04:00 to 2013-07-15 04:28-04:00;")
    assert found[3] == "5486 145 2013-07-11 20:18-04:00 2013-07-11 20:20-04:00 2 min 81.21"


def test_naive_times_are_on_the_clocks_of_the_zone(answer):
    content = "start,stop\n2026-07-01T10:00,2026-07-01T12:00\n"
    assert answer(content, "--tz", "Europe/Berlin")[3].startswith("1 1 2026-07-01 10:00+02:00 2026-07-01 12:00+02:00")
    assert answer(content, "--tz", "+05:30")[3].startswith("1 1 2026-07-01 10:00+05:30")


def test_of_a_time_that_is_twice_the_first_is_meant_and_one_that_is_skipped_is_later(answer):
    # in Berlin, 2026-10-25 02:30 came twice, and 2026-03-29 02:30 never
    twice = answer("start,stop\n2026-10-25T02:30,2026-10-25T03:30\n", "--tz", "Europe/Berlin")
    assert twice[3] == "1 1 2026-10-25 02:30+02:00 2026-10-25 03:30+01:00 2 h 1.00"
    never = answer("start,stop\n2026-03-29T02:30,2026-03-29T04:00\n", "--tz", "Europe/Berlin")
    assert never[3] == "1 1 2026-03-29 03:30+02:00 2026-03-29 04:00+02:00 30 min 1.00"
    told = answer("start,stop\n2026-10-25T02:30+02:00,2026-10-25T02:30+01:00\n", "--tz", "Europe/Berlin")
    assert told[3] == "1 1 2026-10-25 02:30+02:00 2026-10-25 02:30+01:00 1 h 1.00"


def test_naive_times_of_parquet_are_on_the_clocks_of_the_zone_too(answer):
    times = pa.array([dt.datetime(2026, 10, 25, 2, 30), None], pa.timestamp("us"))
    stops = pa.array([dt.datetime(2026, 10, 25, 3, 30), None], pa.timestamp("us"))
    sink = pa.BufferOutputStream()
    pyarrow.parquet.write_table(pa.table({"start": times, "stop": stops}), sink)
    content = sink.getvalue().to_pybytes()
    found = answer(content, "--tz", "Europe/Berlin", "--missing", "drop")
    assert found[3] == "1 1 2026-10-25 02:30+02:00 2026-10-25 03:30+01:00 2 h 1.00"
    sink = pa.BufferOutputStream()
    aware = pa.array([dt.datetime(2026, 10, 25, 2, 30)], pa.timestamp("us", "UTC"))
    pyarrow.parquet.write_table(pa.table({"start": aware, "stop": aware}), sink)
    assert answer(sink.getvalue().to_pybytes(), "--tz", "Europe/Berlin")[3] == "1 0"


def test_a_zone_that_cannot_be_is_refused(refusal):
    content = "start,stop\n1,2\n"
    assert refusal(content, "--tz", "Mars/Base").startswith(
        "argument --tz: the zone 'Mars/Base' is not known here; see intervalues --help"
    )
    assert refusal(content, "--tz", "UTC") == "stays.csv: --tz: ints are shown in no time zone"
    content = "start,stop\n2026-01-01T00:00,\n0001-01-01T00:00,2026-01-01T00:00\n"
    far = refusal(content, "--tz", "+10:00", "--missing", "open")
    assert far == ("stays.csv: line 3, column 'start': '0001-01-01T00:00:00' in UTC is beyond what a datetime can hold")


# Bins and slots


def test_bins_by_the_calendar_are_those_of_the_zone(flights, planes):
    found = flights("--tz", "America/New_York", "--bin", "day")
    together = planes[0].astimezone(cells.dt.timezone(dt.timedelta(hours=-4)))
    days = list(together.bin("day"))
    assert found[-len(days) - 3 : -len(days)] == ["means by day:", "", "from to mean"]
    assert found[-len(days)] == f"2013-07-08 00:00-04:00 2013-07-09 00:00-04:00 {days[0].value:.2f}"
    assert len(days) == 8


def test_of_many_bins_the_highest_are_told_in_their_order(flights, planes):
    found = flights("--by", "origin", "--bin", "15min")
    at = found.index("means by 15 min:")
    assert [line.split()[0] for line in found[at + 2 :: 6]][:4] == ["origin", "the", "the", "the"]
    bins = list(planes[1]["JFK"].bin(dt.timedelta(minutes=15), within=planes[0].span))
    highest = sorted(sorted(bins, key=lambda one: -one.value)[:5])
    mine = [line.split()[-1] for line in found[at + 3 : at + 8]]
    assert mine == [f"{one.value:.2f}" for one in highest]
    assert found[at + 8] == f"the 5 highest of {len(bins)}"


def test_bins_over_numbers_are_numbers(answer):
    found = answer("start,stop\n0,1\n1.5,3\n", "--bin", "1.5")
    assert found[5:] == ["", "means by 1.5:", "", "from to mean", "0.0 1.5 0.667", "1.5 3.0 1.00"]
    sink = pa.BufferOutputStream()
    pyarrow.parquet.write_table(pa.table({"start": [0.0], "stop": [2.0], "v": [0.5]}), sink)
    options = ("--value", "v", "--bin", "0.5", "--first-fit", "0.5", "--at-most", "0.1", "--at-least", "0.25")
    found = answer(sink.getvalue().to_pybytes(), *options)
    assert "0.0 0.5 0.5" in found
    assert found[-1] == "2.0"


def test_output_writes_the_bins_of_all_groups_on_one_grid(flights, planes):
    flights("--by", "origin", "--bin", "1d", "--output", "days.jsonl")
    rows = [json.loads(line) for line in Path("days.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["origin"] for row in rows] == ["JFK"] * 8 + ["LGA"] * 8 + ["EWR"] * 8
    assert len({row["start"] for row in rows}) == 8
    own = planes[1]["LGA"].bin(dt.timedelta(days=1), within=planes[0].span)
    assert [row["value"] for row in rows[8:16]] == list(own.values)


def test_bins_of_nothing_are_none(answer):
    assert answer("start,stop\n", "--bin", "day", "--first-fit", "1h", "--output", "out.csv")[5:] == [
        *("means by day:", "", "from to mean", "never", "", "first 1 h with at most 0:", "", "from", "any time")
    ]
    assert Path("out.csv").read_text(encoding="utf-8") == "start,stop,value\n"


@pytest.mark.parametrize("length", ["90min", "1h30min", "1.5h", "5400s"])
def test_the_first_slot_is_told_of_each_group(flights, planes, length):
    found = flights("--by", "origin", "--first-fit", length, "--at-most", "20")
    at = found.index("first 1 h 30 min with at most 20:")
    slots = planes[1].first_fit(dt.timedelta(minutes=90), 20, after=planes[0].span.start)
    slots["(all)"] = planes[0].first_fit(dt.timedelta(minutes=90), 20)
    shown = {line.split()[0]: line.split(maxsplit=1)[1] for line in found[at + 3 :]}
    assert shown == {key: f"{slot:%Y-%m-%d %H:%M}Z" for key, slot in slots.items()}


def test_where_no_slot_fits_is_nowhere(answer):
    assert answer("start,stop\n1,\n", "--missing", "open", "--first-fit", "2")[-1] == "nowhere"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--bin", "15min"], "stays.csv: --bin 15 min: starts and stops are numbers, and so must a length be"),
        (["--bin", "day"], "stays.csv: --bin day: that is for dates and datetimes, not for ints"),
        (["--bin", "0"], "argument --bin: invalid step value: '0'"),
        (["--bin", "1 h"], "argument --bin: invalid step value: '1 h'"),
        (["--bin", "0.0001ms"], "argument --bin: invalid step value"),
        (["--bin", "999999999999d"], "argument --bin: invalid step value"),
        (["--first-fit", "2h"], "stays.csv: --first-fit 2 h: starts and stops are numbers, and so must a length be"),
        (["--first-fit", "-2"], "argument --first-fit: "),
        (["--at-most", "2"], "--at-most goes with --first-fit"),
        (
            ["--bin", "1", "--at-least", "1", "--output", "o.csv"],
            "o.csv: it holds bins, or times of --at-least: leave --bin or --at-least out",
        ),
    ],
)
def test_bins_and_slots_that_cannot_be_are_refused(refusal, options, message):
    assert refusal("start,stop\n1,2\n", *options).startswith(message)


def test_lengths_that_do_not_suit_times_are_refused(refusal):
    content = "start,stop\n2026-01-01,2026-02-01\n"
    message = "stays.csv: --bin 15: starts and stops are times, so a length needs a unit, as in 15min"
    assert refusal(content, "--bin", "15") == message
    assert refusal(content, "--bin", "36h") == "stays.csv: --bin 1 d 12 h: over dates it must be whole days"
    content = "start,stop\n2000-01-01T00:00,2026-02-01T00:00\n"
    message = "stays.csv: --bin 0.001 s: there would be 823219200000 bins, and at most there may be 33,554,432"
    assert refusal(content, "--bin", "1ms") == message


@pytest.mark.parametrize("row", ["1,", ",1"])
def test_bins_of_open_ends_are_refused(refusal, row):
    message = refusal(f"start,stop\n{row}\n", "--missing", "open", "--bin", "1", "--output", "out.csv")
    assert message == "stays.csv: --bin: an interval is open, and bins need an end"
    assert not Path("out.csv").exists()


def test_the_first_slot_of_what_has_no_start_is_refused(refusal):
    message = refusal("start,stop\n,1\n", "--missing", "open", "--first-fit", "1")
    assert message == "stays.csv: --first-fit: there is no first slot, since an interval has no start"


# Tables


@pytest.mark.parametrize("extension", [".parquet", ".arrow"])
def test_tables_keep_types_and_zones(flights, planes, extension):
    flights("--by", "origin", "--tz", "America/New_York", "--output", f"out{extension}")
    read = pyarrow.parquet.read_table if extension == ".parquet" else lambda name: pa.ipc.open_file(name).read_all()
    found = read(f"out{extension}")
    assert found.schema.field("start").type == pa.timestamp("us", "America/New_York")
    assert found.column_names == ["origin", "start", "stop", "value"]
    again = intervalues.combine_intervals(found, by="origin")
    assert again == planes[1]


@pytest.mark.parametrize("extension", [".parquet", ".arrow", ".jsonl", ".csv"])
def test_regions_and_nothing_are_tables_too(answer, extension):
    content = "start,stop,gate\n1,2,A\n1,3,\n"
    options = ("--by", "gate", "--at-least", "1", "--output", f"out{extension}")
    answer(content, *options)
    found = Path(f"out{extension}").read_bytes()
    if extension == ".jsonl":
        assert found == b'{"gate": "A", "start": 1, "stop": 2}\n{"gate": null, "start": 1, "stop": 3}\n'
    if extension == ".parquet":
        rows = pyarrow.parquet.read_table("out.parquet").to_pylist()
        assert rows == [{"gate": "A", "start": 1, "stop": 2}, {"gate": None, "start": 1, "stop": 3}]
    answer("start,stop,gate\n", *options)
    if extension == ".arrow":
        assert pa.ipc.open_file("out.arrow").read_all().column_names == ["gate", "start", "stop"]
    answer("start,stop\n1,2\n", "--output", f"out{extension}")
    answer("start,stop\n", "--output", f"out{extension}")


def test_json_of_other_keys_and_floats_is_json(answer):
    sink = pa.BufferOutputStream()
    pyarrow.parquet.write_table(pa.table({"start": [0.5], "stop": [2.0], "k": [True]}), sink)
    answer(sink.getvalue().to_pybytes(), "--by", "k", "--output", "out.json")
    assert json.loads(Path("out.json").read_text(encoding="utf-8")) == [
        {"k": True, "start": 0.5, "stop": 2.0, "value": 1}
    ]


def test_what_arrow_has_no_type_for_is_refused_with_a_remedy(refusal):
    content = f"start,stop\n1,{10**30}\n"
    message = refusal(content, "--output", "out.parquet")
    assert message.startswith(
        "out.parquet: stop holds ints beyond 64 bits, which Arrow has no type for; .csv and .json"
    )
    assert os.listdir() == ["stays.csv"]


@pytest.mark.parametrize(("name", "kind"), [("out.parquet", "Parquet"), ("out.arrow", "Arrow")])
def test_tables_that_need_pyarrow_say_so(refusal, monkeypatch, name, kind):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert refusal("start,stop\n1,2\n", "--output", name) == (
        f"{name}: {kind} needs pyarrow: pip install 'intervalues[arrow]'"
    )


# Pictures


def test_svg_shows_groups_under_each_other(flights):
    flights("--by", "origin", "--plot", "planes.svg")
    text = Path("planes.svg").read_text(encoding="utf-8")
    labels = [node.text for node in ElementTree.fromstring(text).iter("{http://www.w3.org/2000/svg}text")]
    assert [label for label in labels if label in ("JFK", "LGA", "EWR")] == ["JFK", "LGA", "EWR"]
    flights("--plot", "planes.svg")
    assert ElementTree.parse("planes.svg").getroot().get("height") == "178"


@pytest.mark.parametrize("name", ["planes.png", "planes.pdf"])
@pytest.mark.parametrize("groups", [(), ("--by", "origin")])
def test_matplotlib_draws_the_other_pictures(flights, name, groups):
    flights(*groups, "--plot", name, "--output", "planes.csv")
    assert Path(name).read_bytes()[:4] in (b"\x89PNG", b"%PDF")
    if name.endswith(".png"):
        pixels = matplotlib.image.imread(name)
        assert pixels.shape[1] == 9 * writing.DOTS
        assert pixels[..., :3].std() > 0.05
    assert sorted(os.listdir()) == sorted(["flights.csv", "planes.csv", name])


def test_a_picture_of_nothing_and_of_a_group_without_a_name_is_one(answer):
    answer("start,stop,k\n1,2,\n", "--by", "k", "--plot", "out.svg")
    assert "(none)" in Path("out.svg").read_text(encoding="utf-8")
    answer("start,stop\n", "--plot", "out.svg")
    answer("start,stop\n", "--plot", "out.png")


def test_pictures_that_cannot_be_are_refused(refusal, monkeypatch):
    content = "start,stop,k\n" + "".join(f"1,2,{key}\n" for key in range(51))
    message = refusal(content, "--by", "k", "--plot", "out.svg", "--output", "out.csv")
    assert message == "out.svg: there are 51 groups; at most 50 can be drawn"
    assert refusal(content, "--plot", "out.gif") == ("out.gif: the extension is '.gif'; it must be .svg, .png or .pdf")
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    message = refusal(content, "--plot", "out.png", "--output", "out.csv")
    assert message == "out.png: this needs matplotlib: pip install 'intervalues[plot]'; .svg does not"
    assert os.listdir() == ["stays.csv"]


def test_neither_file_is_written_if_one_cannot_be(refusal):
    content = "start,stop\n1,2\n"
    assert refusal(content, "--output", "out.csv", "--plot", "none/out.svg").startswith("none/out.svg: ")
    assert os.listdir() == ["stays.csv"]
    Path("folder.svg").mkdir()
    assert refusal(content, "--output", "out.csv", "--plot", "folder.svg").startswith("folder.svg: ")
    assert not list(Path().glob("*.partial"))


# Help, and how it ends


def told(text: str) -> list[str]:
    return re.findall(r"^ +(intervalues .*)$", text, re.MULTILINE)


def test_every_option_has_an_example():
    options = {word for line in told(EXAMPLES) for word in line.split() if word.startswith("--")}
    known = {option for action in command.parser()._actions for option in action.option_strings if option[1] == "-"}
    assert known - options == {"--help", "--version"}


@pytest.mark.parametrize("line", told(EXAMPLES))
def test_the_examples_of_the_help_run(flights, monkeypatch, capsys, line):
    words = shlex.split(line)[1:]
    if "<" in words:
        with open(words.pop(), encoding="utf-8") as file:
            monkeypatch.setattr("sys.stdin", file)
            assert main(words[:-1]) == 0
    else:
        assert main(words) == 0
    assert "5486 intervals from 2013-07-08" in capsys.readouterr().out


def test_the_page_about_the_command_shows_what_it_prints(flights, monkeypatch, capsys):
    page = ROOT / "docs" / "command.md"
    if not page.exists():  # beside an installed package there are no pages
        return
    shutil.copy(ROOT / "examples" / "flights_raw.csv", ".")
    blocks = [block.split("```")[0] for block in page.read_text(encoding="utf-8").split("```console\n")[1:]]
    runs = [run for block in blocks for run in block.split("$ ")[1:]]
    assert len(runs) >= 8
    for run in runs:
        line, shown = run.split("\n", 1)
        name, *words = shlex.split(line)
        if name == "head":
            with open(words[-1], encoding="utf-8") as file:
                printed = "".join(file.readlines()[: int(words[0][1:])])
        else:
            main(words)
            printed = "".join(capsys.readouterr())
        assert printed.strip() == shown.strip()


def test_an_interrupted_command_leaves_nothing_behind(tmp_path, monkeypatch, backend):
    monkeypatch.chdir(tmp_path)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "INTERVALUES_BACKEND": backend}
    arguments = [sys.executable, "-m", "intervalues", "-", "--output", "out.csv"]
    with subprocess.Popen(arguments, stdin=-1, stdout=-1, stderr=-1, env=environment) as process:
        process.stdin.write(b"start,stop\n" + b"1,2\n" * 300_000)
        process.stdin.flush()  # it has read most of this, and waits for more
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"")
    assert os.listdir() == []


def test_an_interrupt_while_writing_leaves_nothing_behind(schedule, monkeypatch):
    def interrupted(*_):
        assert list(Path().glob("*.partial"))
        raise KeyboardInterrupt

    monkeypatch.setattr(writing, "json_text", interrupted)
    assert main([schedule("start,stop\n1,2\n"), "--output", "out.json"]) == 130
    assert os.listdir() == ["stays.csv"]


def test_too_little_memory_is_one_line(refusal, monkeypatch):
    def full(*_):
        raise MemoryError

    monkeypatch.setattr(files.textfiles, "csv_batches", full)
    assert refusal("start,stop\n1,2\n") == "there is not enough memory"
