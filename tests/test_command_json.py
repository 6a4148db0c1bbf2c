"""The command reads JSON Lines exactly, and names what is wrong in them."""

from __future__ import annotations

import pytest

from intervalues import textfiles


def test_json_numbers_are_exact(answer):
    lines = '{"start": 1, "stop": 2.50, "value": 0.1}\n{"value": 0.2, "start": 1e0, "stop": "2.5"}\n'
    assert answer(lines, "--value", "value")[3] == "2 0.3 1.00 2.50 1.50 0.3"


def test_blank_lines_are_no_rows(answer, monkeypatch):
    monkeypatch.setattr(textfiles, "ROWS", 1)
    assert answer('{"start": 1, "stop": 2}\n \n\n{"start": 3, "stop": 4}\n')[0].startswith("stays.csv: 2 intervals")
    assert answer("start,stop\n\n\n1,2\n")[0].startswith("stays.csv: 1 interval from 1 to 2")


def test_a_bad_cell_after_empty_ones_is_named(refusal):
    message = refusal("start,stop\n1,2\n,3\nx,4\n", "--missing", "open")
    assert message == "stays.csv: line 4, column 'start': 'x' is no number, as the cells before it are"


def test_absent_members_and_nulls_are_empty_cells(answer, refusal):
    lines = '\ufeff{"start": 1, "stop": null, "key": 1}\n\n{"start": 2, "key": "1"}\n{"start": 3, "stop": 4}\n'
    found = answer(lines, "--missing", "open", "--by", "key")
    assert [line.split()[:2] for line in found[3:]] == [["1", "2"], ["(none)", "1"], ["(all)", "3"]]
    assert answer(lines, "--missing", "drop")[0].startswith(
        "stays.csv: 1 interval from 3 to 4, 2 rows with empty cells"
    )
    assert refusal(lines).startswith("stays.csv: line 1, column 'stop': the cell is empty; --missing drop")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('{"start": 1, "stop": 2}\n{"start": 1, "stop": 2\n', "line 2: this is no JSON: Expecting ','"),
        ('{"start": 1, "stop": 2}\n\n[1, 2]\n', "line 3: each line must be a JSON object, one row: {...}"),
        ('{"start": 1, "stop": true}\n', "line 1, column 'stop': 'true' is no number"),
        ('{"start": 1, "stop": [2]}\n', "line 1, column 'stop': '[\"2\"]' is no number"),
        ('{"start": NaN, "stop": 2}\n', "line 1, column 'start': 'NaN' is no number"),
        ('{"start": 1, "end": 2}\n', "line 1, column 'stop': the cell is empty"),
        pytest.param(
            '{"a":' * 100_000 + "\n", "line 1: this JSON is too deep",
            marks=pytest.mark.skipif("sys.platform == 'emscripten'", reason="Python itself crashes there"),
        ),
        ("{}\n", "line 1, column 'start': the cell is empty"),
    ],
)  # fmt: skip
def test_a_bad_json_line_is_named(refusal, lines, message):
    assert refusal(lines).startswith(f"stays.csv: {message}")


def test_a_member_that_no_object_has_is_named(refusal):
    lines = '{"start": 1, "end": 2}\n{"start": 1, "end": 2}\n'
    message = "stays.csv: line 1, column 'stop': there is no such column; there are 'start', 'end'"
    assert refusal(lines, "--missing", "open") == message
    assert refusal("{}\n", "--missing", "open").endswith("there are none")


def test_json_that_is_not_utf_8_is_named(refusal):
    good = b'{"start": 1, "stop": 2, "ort": "Bern"}\n'
    for bad, place in (
        (b'{"start": 1, "stop": 2, "ort": "Z\xfcrich"}\n', "line 2, column 'ort'"),
        (b'{"start": 1, "stop": 2, "more": {"ort": "Z\xfcrich"}}\n', "line 2"),
        (b'{"start": 1, "stop": \xfc}\n', "line 2"),
    ):
        assert refusal(good + bad) == f"stays.csv: {place}: the text is not UTF-8"
