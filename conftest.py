"""The examples of the manual and of the docstrings are tests."""

import re
from collections.abc import Iterator

import pytest
from sybil import Document, Example, Region, Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

import intervalues

CELLS = re.compile(r"(?<!\\)\|")


def rewritten(document: Document) -> Iterator[Region]:
    """Find the code in the second column of tables: what to write here instead of what stands in the first."""
    for row in re.finditer(r"^\|.*\|$", document.text, re.MULTILINE):
        if codes := re.findall(r"`([^`]+)`", CELLS.split(row[0])[2].replace("\\|", "|")):
            yield Region(row.start(), row.end(), codes, run)


def run(example: Example) -> None:
    """Run the code of a row in the namespace of its page."""
    for code in example.parsed:
        exec(code, example.namespace)


MANUAL = Sybil(parsers=[PythonCodeBlockParser()], patterns=["README.md", "docs/*.md", "docs/how-to/*.md"])
COMING_FROM = Sybil(parsers=[PythonCodeBlockParser(), rewritten], patterns=["docs/coming-from/*.md"])
pytest_collect_file = (MANUAL + COMING_FROM).pytest()


@pytest.fixture(autouse=True)
def public_names(doctest_namespace):
    """Let each docstring show collections, in whichever module it stands."""
    doctest_namespace["IntervalCollection"] = intervalues.IntervalCollection


collect_ignore = ["docs/conf.py", "docs/drawing.py"]  # they want Sphinx, which builds the site
