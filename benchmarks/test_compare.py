"""The comparison still runs, and ours is exact: whatever is installed takes part, on a few intervals."""

from __future__ import annotations

import compare


def test_comparison(capsys):
    compare.main(["--n", "1000", "--rounds", "1"])
    written = capsys.readouterr().out
    assert "ours, from columns" in written
    assert "NumPy" in written
