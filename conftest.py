"""The examples of the manual and of the docstrings are tests."""

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

import intervalues

pytest_collect_file = Sybil(parsers=[PythonCodeBlockParser()], patterns=["README.md", "docs/*.md"]).pytest()


@pytest.fixture(autouse=True)
def public_names(doctest_namespace):
    """Let each docstring show collections, in whichever module it stands."""
    doctest_namespace["IntervalCollection"] = intervalues.IntervalCollection
