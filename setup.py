"""Puts the file VERSION into the package when it is built; everything else is in pyproject.toml."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithVersion(build_py):
    """Copies VERSION beside the modules, where an installed package reads it."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:  # a checkout has the file already, one folder up
            shutil.copy("VERSION", Path(self.build_lib, "intervalues", "VERSION"))


setup(cmdclass={"build_py": BuildWithVersion})
