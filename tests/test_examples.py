"""The examples run, and print answers that a count minute by minute gave too."""

from __future__ import annotations

import runpy
import shlex
from pathlib import Path

import pytest

from intervalues.command import main

EXAMPLES = Path(__file__).parent.parent / "examples"

PLANES = """\
JFK Kennedy      1911     63  Mon 15 Jul 01:53  until 01:56    3 min
LGA LaGuardia    1389     35  Wed 10 Jul 13:56  until 14:03    7 min
                              Wed 10 Jul 14:05  until 14:08    3 min
EWR Newark       2186     58  Fri 12 Jul 00:27  until 00:28    1 min
                              Fri 12 Jul 13:01  until 13:03    2 min
                              Fri 12 Jul 13:12  until 13:16    4 min
all together     5486    145  Fri 12 Jul 00:18  until 00:20    2 min
                              Fri 12 Jul 00:22  until 00:24    2 min
                              Fri 12 Jul 00:27  until 00:28    1 min
"""
SEATS = """\
JFK Kennedy      1911  11545  Fri 12 Jul 00:02  until 00:06    4 min
LGA LaGuardia    1389   5040  Wed 10 Jul 13:56  until 14:03    7 min
EWR Newark       2186   9759  Fri 12 Jul 00:27  until 00:28    1 min
all together     5486  25057  Fri 12 Jul 00:03  until 00:04    1 min
"""
AIRFIELD = """\
Stands needed: 7; there are 5. On average 1.99 are taken.

When the peak is:
  Mon 08:15 - Mon 08:30   0 h 15 min
  Fri 17:45 - Fri 18:15   0 h 30 min

When planes exceed the 5 stands:
  Mon 07:00 - Mon 07:10   0 h 10 min
  Mon 07:15 - Mon 08:00   0 h 45 min
  Mon 08:15 - Mon 08:45   0 h 30 min
  Tue 08:15 - Tue 08:30   0 h 15 min
  Wed 08:15 - Wed 08:30   0 h 15 min
  Thu 08:15 - Thu 08:30   0 h 15 min
  Fri 17:30 - Fri 18:40   1 h 10 min

Where one more fits, by day and for two hours at least:
  Mon 09:00 - Mon 22:00  13 h 00 min
  Tue 06:00 - Tue 08:15   2 h 15 min
  Tue 08:45 - Tue 22:00  13 h 15 min
  Wed 06:00 - Wed 08:15   2 h 15 min
  Wed 08:45 - Wed 22:00  13 h 15 min
  Thu 06:00 - Thu 08:15   2 h 15 min
  Thu 08:45 - Thu 22:00  13 h 15 min
  Fri 06:00 - Fri 08:15   2 h 15 min
  Fri 08:30 - Fri 17:05   8 h 35 min
  Fri 19:15 - Fri 22:00   2 h 45 min
  Sat 06:00 - Sat 22:00  16 h 00 min
  Sun 06:00 - Sun 22:00  16 h 00 min

The busiest quarters of an hour:
  Mon 08:15 - Mon 08:30  7.00 planes on average
  Fri 17:45 - Fri 18:00  7.00 planes on average
  Fri 18:00 - Fri 18:15  7.00 planes on average
  Mon 07:15 - Mon 07:30  6.00 planes on average
  Mon 07:30 - Mon 07:45  6.00 planes on average
  Mon 07:45 - Mon 08:00  6.00 planes on average
  Mon 08:30 - Mon 08:45  6.00 planes on average
  Tue 08:15 - Tue 08:30  6.00 planes on average
  Wed 08:15 - Wed 08:30  6.00 planes on average
  Thu 08:15 - Thu 08:30  6.00 planes on average

On a day like any other, 5.1 planes are there at 08:20.
"""


def printed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, script: str, *arguments: str) -> str:
    path = str(EXAMPLES / script)
    monkeypatch.setattr("sys.argv", [path, *arguments])
    runpy.run_path(path, run_name="__main__")
    return capsys.readouterr().out


def test_flights_tells_the_peaks_of_planes_and_seats(capsys, monkeypatch):
    out = printed(capsys, monkeypatch, "flights.py")
    assert PLANES in out
    assert SEATS in out


def test_flights_reads_the_file_it_is_given(capsys, monkeypatch, tmp_path):
    lines = (EXAMPLES / "flights.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    few = tmp_path / "few.csv"
    origins = ("JFK", "LGA", "EWR")
    first = [next(line for line in lines if line.startswith(origin)) for origin in origins]
    few.write_text("".join([lines[0], *first]), encoding="utf-8")
    assert "all together        3 " in printed(capsys, monkeypatch, "flights.py", str(few))


def test_airfield_answers_the_questions_of_its_keeper(capsys, monkeypatch):
    assert printed(capsys, monkeypatch, "airfield.py") == AIRFIELD


def test_the_page_about_the_examples_shows_what_the_command_prints(capsys, monkeypatch):
    monkeypatch.chdir(EXAMPLES)
    page = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    blocks = [block.split("```")[0] for block in page.split("```console\n")[1:]]
    runs = [run for block in blocks for run in block.split("$ intervalues ")[1:]]
    assert len(runs) == 3
    for run in runs:
        command, shown = run.split("\n", 1)
        main(shlex.split(command))
        assert "".join(capsys.readouterr()).startswith(shown)
