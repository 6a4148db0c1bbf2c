"""The command answers a schedule file, and lives with the shell."""

from __future__ import annotations

import errno
import json
import os
import runpy
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

import intervalues
from intervalues import command, summary
from intervalues import schedule as schedules
from intervalues.command import main

BOM = b"\xef\xbb\xbf"


def written(name: str) -> str:
    return Path(name).read_bytes().decode()


THREE = "start,stop,value,gate\n2,4,3,A\n1,3,2,B\n8,9,1,A\n"


# What it answers


def test_the_whole_summary_is_a_table(schedule, capsys):
    assert main([schedule(THREE), "--value", "value", "--by", "gate", "--at-least", "3"]) == 0
    assert capsys.readouterr().out == (
        "stays.csv: 3 intervals from 1 to 9; level: sum of value\n"
        "\n"
        "gate   intervals  peak  from  to  lasting  mean\n"
        "A              2     3  2     4         2  1.00\n"
        "B              1     2  1     3         2  2.00\n"
        "(all)          3     5  2     3         1  1.38\n"
        "\n"
        "at least 3:\n"
        "\n"
        "gate   from       to      lasting\n"
        "A      1 stretch  in all        2\n"
        "       2          4             2\n"
        "B      never\n"
        "(all)  1 stretch  in all        2\n"
        "       2          4             2\n"
    )


def test_without_groups_there_is_one_line_and_each_row_is_worth_1(answer):
    assert answer(THREE) == [
        "stays.csv: 3 intervals from 1 to 9; level: count",
        "",
        "intervals peak from to lasting mean",
        "3 2 2 3 1 0.625",
    ]


@pytest.mark.parametrize(
    ("how", "peak"), [("sum", "5"), ("count", "2"), ("max", "3"), ("min", "3"), ("mean", "3.0"), ("any", "1")]
)
def test_how_chooses_what_overlapping_values_give(answer, how, peak):
    lines = answer(THREE, "--value", "value", "--how", how)
    assert lines[3].split()[1] == peak
    valueless = how in ("count", "any")
    assert lines[0].endswith(f"level: {how}" if valueless else f"level: {how} of value")


def test_the_maximum_of_rows_without_values_is_1(answer):
    lines = answer(THREE, "--how", "max")
    assert lines[0].endswith("; level: max")
    assert lines[3].split()[1] == "1"


def test_a_count_does_not_look_at_values(answer):
    assert answer("start,stop,name\n1,2,Ann\n1,3,\n", "--value", "name", "--how", "count")[3] == "2 2 1 2 1 1.50"


def test_columns_have_the_names_they_are_given(answer):
    assert answer("arr,dep\n1,2\n", "--start", "arr", "--stop", "dep")[3] == "1 1 1 2 1 1.00"


def test_the_first_three_stretches_of_the_peak_are_listed(answer):
    rows = "".join(f"{i},{i + 1}\n" for i in range(0, 10, 2))
    assert answer("start,stop\n" + rows)[3:] == [
        "5 1 0 1 1 0.556",
        "2 3 1",
        "4 5 1",
        "and 2 more in all 5",
    ]


def test_groups_come_in_order_of_first_appearance_and_an_empty_key_is_one(answer):
    content = 'start,stop,gate\n1,2,"west, 2"\n1,2,\n1,2,"a\nb"\n1,2,é\n'
    names = [line.split(" 1 1 ")[0] for line in answer(content, "--by", "gate")[3:-1]]
    assert names == ["west, 2", "(none)", "'a\\nb'", "é"]


def test_a_file_without_rows_is_the_empty_collection(answer):
    lines = answer("start,stop\n", "--at-least", "1")
    assert lines[0] == "stays.csv: 0 intervals; level: count"
    assert lines[3] == "0 0"
    assert lines[-1] == "never"


def test_dates_and_times_show_lengths_in_days_hours_minutes_and_seconds(answer):
    assert answer("start,stop\n2026-01-01,2026-01-31\n")[3] == "1 1 2026-01-01 2026-01-31 30 d 1.00"
    naive = answer("start,stop\n2026-01-01 10:00,2026-01-02T11:01:01.5\n")
    assert naive[3] == "1 1 2026-01-01 10:00 2026-01-02 11:01:01.500000 1 d 1 h 1 min 1.5 s 1.00"
    aware = answer("start,stop\n2026-01-01T10:00Z,2026-01-01T12:00+01:00\n")
    assert aware[3] == "1 1 2026-01-01 10:00Z 2026-01-01 11:00Z 1 h 1.00"


def test_an_empty_interval_is_counted_and_contributes_nothing(answer):
    assert answer("start,stop\n2026-01-01T10:00,2026-01-01T10:00\n")[3] == "1 0"


def test_text_decimals_stay_exact(answer):
    rows = "0,1,0.1\n0,1,.2\n0,1,-0.3\n1,2,1e-30\n"
    assert answer("start,stop,value\n" + rows, "--value", "value")[3].startswith("4 1E-30 1 2 1 1e-30")
    assert answer("start,stop\n0.1,0.3\n1,2\n")[3].startswith("2 1 0.1 0.3 0.2")


def test_small_large_and_middling_means_are_rounded_to_be_read():
    assert [summary.rounded(x) for x in (0, 0.0012345, 1.2345, 1234567.891, 1e300)] == [
        "0.00", "0.00123", "1.23", "1234567.89", "1e+300",
    ]  # fmt: skip


def test_missing_open_lets_a_stay_go_on(answer):
    lines = answer("start,stop\n1,\n,2\n5,6\n", "--missing", "open", "--at-least", "2")
    assert lines[0] == "stays.csv: 3 intervals from open to open; level: count"
    assert lines[3:5] == ["3 2 1 2 1", "5 6 1"]
    assert lines[-4:] == ["from to lasting", "2 stretches in all 2", "1 2 1", "5 6 1"]
    lines = answer("start,stop\n1,\n", "--missing", "open")
    assert lines[3] == "1 1 1 open endless"


def test_missing_drop_leaves_rows_out_and_says_so(answer):
    content = "start,stop,value\n1,,1\n ,2,1\n1,2,\n1,2,7\n"
    lines = answer(content, "--missing", "drop", "--value", "value")
    assert lines[0] == "stays.csv: 1 interval from 1 to 2, 3 rows with empty cells dropped; level: sum of value"
    assert lines[3].startswith("1 7")
    one = answer("start,stop\n1,\n1,2\n", "--missing", "drop")
    assert one[0] == "stays.csv: 1 interval from 1 to 2, 1 row with empty cells dropped; level: count"


def test_a_dropped_row_may_be_reversed(answer):
    assert answer("start,stop,value\n5,2,\n", "--missing", "drop", "--value", "value")[3] == "0 0"


@pytest.mark.parametrize("how", ["sum", "any", "max"])
def test_closed_is_the_side_that_intervals_contain(schedule, how):
    question = schedules.Question("start", "stop", key="gate", how=how)
    for side in ("left", "right"):
        found = schedules.read_schedule(schedule(THREE), question._replace(closed=side))
        assert {levels.closed for levels in (found.together, *found.groups.values())} == {side}


def test_a_level_of_zero_and_below_holds_for_ever(answer):
    assert answer("start,stop\n1,2\n", "--at-least", "0")[-2:] == ["1 stretch in all endless", "open open endless"]
    assert answer("start,stop\n1,2\n", "--at-least", "-1.5")[5] == "at least -1.5:"


# What it writes


def test_output_writes_the_segments_as_csv(answer):
    assert answer(THREE, "--value", "value", "--output", "out.csv")[3].startswith("3 5")
    assert written("out.csv") == "start,stop,value\n1,2,2\n2,3,5\n3,4,3\n8,9,1\n"


def test_output_writes_groups_with_the_name_of_their_column(answer):
    answer('start,stop,gate\n1,2,"a, b"\n1,2,\n2,3,"a, b"\n', "--by", "gate", "--output", "out.csv")
    assert written("out.csv") == 'gate,start,stop,value\n"a, b",1,3,1\n,1,2,1\n'


def test_output_writes_json_with_exact_numbers_and_null_for_open_ends(answer):
    content = "start,stop,value,gate\n1,,0.1,é\n1,2.50,0.2,\n"
    answer(content, "--value", "value", "--by", "gate", "--missing", "open", "--output", "OUT.JSON")
    assert written("OUT.JSON") == (
        '[\n{"gate": "é", "start": 1.00, "stop": null, "value": 0.1},\n'
        '{"gate": null, "start": 1.00, "stop": 2.50, "value": 0.2}\n]\n'
    )
    assert json.loads(written("OUT.JSON"), parse_float=Decimal)[1]["value"] == Decimal("0.2")


def test_output_writes_times_in_iso_8601(answer):
    content = "start,stop\n2026-01-01T10:00:00Z,\n"
    answer(content, "--missing", "open", "--output", "out.csv")
    assert written("out.csv") == "start,stop,value\n2026-01-01T10:00:00Z,,1\n"
    answer(content, "--missing", "open", "--output", "out.json")
    assert written("out.json") == '[\n{"start": "2026-01-01T10:00:00Z", "stop": null, "value": 1}\n]\n'
    answer("start,stop\n2026-01-01,2026-01-02\n", "--output", "out.csv")
    assert written("out.csv") == "start,stop,value\n2026-01-01,2026-01-02,1\n"


def test_output_with_at_least_writes_the_regions(answer):
    answer(THREE, "--value", "value", "--by", "gate", "--at-least", "2", "--output", "out.csv")
    assert written("out.csv") == "gate,start,stop\nA,2,4\nB,1,3\n"
    answer(THREE, "--value", "value", "--at-least", "3", "--output", "out.json")
    assert written("out.json") == '[\n{"start": 2, "stop": 4}\n]\n'


@pytest.mark.parametrize(("name", "text"), [("out.csv", "gate,start,stop\n"), ("out.json", "[]\n")])
def test_output_of_nothing_is_an_empty_table(answer, name, text):
    answer("start,stop,gate\n", "--by", "gate", "--at-least", "0", "--output", name)
    assert written(name) == text


def test_output_takes_the_place_of_an_older_file(answer):
    Path("out.csv").write_text("old", encoding="utf-8")
    answer(THREE, "--output", "out.csv")
    assert written("out.csv").startswith("start,stop,value\n1,2,1\n")
    assert sorted(os.listdir()) == ["out.csv", "stays.csv"]


# What it reads


@pytest.mark.parametrize(
    "content",
    [
        BOM + b"start,stop\n1,2\n",
        b"start,stop\r\n1,2\r\n",
        b"start,stop\r1,2\r",
        b"start,stop\n1,2",
        b"\n\nstart,stop\n\n1,2\n\n",
        b'"start", stop \n 1, "2"\n',
        b'start,stop,remark\n1,2,"commas, quotes "" and\r\nlines"\n',
        "start,stop,ort\n1,2,Zürich\n".encode(),
        b"start,stop,x,x\n1,2,3,4\n",
    ],
)
def test_a_file_is_read_whatever_wrote_it(answer, content):
    assert answer(content)[3] == "1 1 1 2 1 1.00"


def test_a_number_of_thousands_of_digits_is_read(answer):
    assert answer(f"start,stop\n0,{'9' * 5000}\n")[3].startswith("1 1 0 999")


def test_standard_input_is_a_file(schedule, capsys, monkeypatch):
    for content, status in ((THREE, 0), ("start,stop\n1,x\n", 2)):
        with open(schedule(content), encoding="utf-8") as file:
            monkeypatch.setattr("sys.stdin", file)
            assert main(["-"]) == status
            assert not file.closed
    out, err = capsys.readouterr()
    assert out.startswith("standard input: 3 intervals from 1 to 9")
    assert err.startswith("intervalues: standard input: line 2, column 'stop': 'x' is no number")


# How it lives with the shell


def test_help_teaches_by_example(capsys):
    with pytest.raises(SystemExit) as exit:
        main(["--help"])
    assert exit.value.code == 0
    assert "intervalues flights.csv --start departure --stop arrival --by origin" in capsys.readouterr().out


def test_version_tells_the_backend(capsys, backend):
    with pytest.raises(SystemExit) as exit:
        main(["--version"])
    assert exit.value.code == 0
    assert capsys.readouterr().out.startswith(f"intervalues {intervalues.__version__} (backend {backend}: ")


def test_an_interrupt_ends_it_quietly(schedule, capsys, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "read_schedule", interrupted)
    assert main([schedule(THREE)]) == 130
    assert capsys.readouterr() == ("", "")


@pytest.mark.skipif("sys.platform == 'emscripten'", reason="pipes there do not break")
def test_a_reader_that_has_seen_enough_is_no_error(schedule, capsys, monkeypatch):
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w", encoding="utf-8") as pipe:
        monkeypatch.setattr("sys.stdout", pipe)
        assert main([schedule(THREE)]) == 1
    assert capsys.readouterr().err == ""


def test_standard_output_on_a_full_disk_is_one_line(schedule, capsys, monkeypatch, tmp_path):
    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(command, "say", full)
    with open(tmp_path / "out.txt", "w", encoding="utf-8") as file:
        monkeypatch.setattr("sys.stdout", file)
        assert main([schedule(THREE)]) == 2
    assert capsys.readouterr().err == f"intervalues: [Errno {errno.ENOSPC}] No space left on device\n"


def test_a_character_that_standard_output_lacks_is_escaped(schedule, monkeypatch, tmp_path):
    with open(tmp_path / "out.txt", "w", encoding="ascii") as file:
        monkeypatch.setattr("sys.stdout", file)
        assert main([schedule("start,stop,ort\n1,2,Zürich\n"), "--by", "ort"]) == 0
    assert "Z\\xfcrich" in (tmp_path / "out.txt").read_text(encoding="ascii")


def test_python_m_intervalues_is_the_command(schedule, capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["intervalues", schedule(THREE)])
    with pytest.raises(SystemExit) as exit:
        runpy.run_module("intervalues", run_name="__main__")
    assert exit.value.code == 0
    assert capsys.readouterr().out.startswith("stays.csv: 3 intervals")


def test_the_process_ends_with_the_status(schedule, backend):
    package = str(Path(intervalues.__file__).parent.parent)
    environment = {**os.environ, "PYTHONPATH": package, "INTERVALUES_BACKEND": backend}
    for content, status in ((THREE, 0), ("start,stop\n2,1\n", 2)):
        ended = subprocess.run(
            [sys.executable, "-m", "intervalues", schedule(content)],
            env=environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert ended.returncode == status
        assert "Traceback" not in ended.stderr
        assert bool(ended.stdout) == (status == 0)


def test_importing_the_entry_point_runs_nothing(capsys):
    runpy.run_module("intervalues.__main__", run_name="imported")
    assert capsys.readouterr() == ("", "")
