"""Puts the file VERSION into what is built, and no trace of when and by whom; everything else is in pyproject.toml."""

import gzip
import os
import shutil
import tarfile
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

# The date of all files in a wheel, too: the first that a zip file can tell.
DATE = int(os.environ.setdefault("SOURCE_DATE_EPOCH", "315532800"))


class BuildWithVersion(build_py):
    """Copies VERSION beside the modules, where an installed package reads it."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:  # a checkout has the file already, one folder up
            shutil.copy("VERSION", Path(self.build_lib, "intervalues", "VERSION"))


class ReproducibleSdist(sdist):
    """Makes the same archive of the same files, wherever and whenever (with modes of POSIX, and one zlib)."""

    def make_archive(self, base_name, format, root_dir=None, base_dir=None, owner=None, group=None):
        def without_traces(entry):
            entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = DATE, 0, 0, "", ""
            entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
            return entry

        path = f"{base_name}.tar.gz"
        with (
            open(path, "wb") as file,
            gzip.GzipFile("", "wb", fileobj=file, mtime=DATE) as packed,
            tarfile.open(fileobj=packed, mode="w") as archive,
        ):
            archive.add(base_dir, filter=without_traces)
        return path


setup(cmdclass={"build_py": BuildWithVersion, "sdist": ReproducibleSdist})
