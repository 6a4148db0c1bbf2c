"""The version is in one file, and everything that tells it reads that file."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

import pytest

import intervalues
from intervalues import dispatch
from intervalues._version import read_version

PACKAGE = Path(intervalues.__file__).parent
FILES = [path for path in (PACKAGE / "VERSION", PACKAGE.parent / "VERSION") if path.exists()]


def test_the_version_is_that_of_the_file():
    assert FILES
    assert intervalues.__version__ == FILES[0].read_text(encoding="ascii").strip()
    assert re.fullmatch(r"\d+\.\d+\.\d+", intervalues.__version__)


def test_an_installation_and_an_extension_are_of_the_same_version():
    told = [found.version for found in metadata.distributions(name="intervalues", path=[str(PACKAGE.parent)])]
    if dispatch._extension is not None:
        told.append(dispatch._extension.__version__)
    assert set(told) <= {intervalues.__version__}


def test_it_is_read_inside_an_installed_package_and_above_one_in_a_checkout(tmp_path):
    package = tmp_path / "intervalues"
    package.mkdir()
    (tmp_path / "VERSION").write_text("1.2.3\n")
    assert read_version(str(package)) == "1.2.3"
    (package / "VERSION").write_text("4.5.6\n")
    assert read_version(str(package)) == "4.5.6"


def test_an_installation_without_the_file_says_so(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no file VERSION in .*: the installation is incomplete"):
        read_version(str(tmp_path / "intervalues"))
