"""The version, read from the one file that holds it."""

from __future__ import annotations

import os


def read_version(package: str) -> str:
    """Read the file VERSION: inside an installed package, above the package in a checkout."""
    for folder in (package, os.path.dirname(package)):
        path = os.path.join(folder, "VERSION")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                return file.read().strip()
    raise FileNotFoundError(f"no file VERSION in {package} or above it: the installation is incomplete")


__version__ = read_version(os.path.dirname(os.path.abspath(__file__)))
