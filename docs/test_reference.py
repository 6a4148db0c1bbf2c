"""The reference tells of every public name."""

import re
from pathlib import Path

import intervalues

PAGES = Path(__file__).parent / "reference"
OF_TUPLES_AND_MAPPINGS = {"count", "index", "get", "items", "keys", "values"}
FIELDS = {"start", "stop", "value", "starts", "stops", "values", "name", "reason"}  # the class tells of its own


def test_the_reference_has_every_public_name():
    """Each function and class, and each method and property, has a line of its own."""
    pages = "\n".join(path.read_text(encoding="utf-8") for path in PAGES.glob("*.md"))
    told = set(re.findall(r"::\s+intervalues\.([\w.]+)", pages))
    wanted = set(intervalues.__all__)
    for name in intervalues.__all__:
        if isinstance(public := getattr(intervalues, name), type):
            members = {member for member in dir(public) if not member.startswith("_")}
            wanted |= {f"{name}.{member}" for member in members - OF_TUPLES_AND_MAPPINGS - FIELDS}
    assert wanted - told == set()
