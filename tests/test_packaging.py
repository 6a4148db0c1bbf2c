"""What must hold in a source tree so that what is built of it installs everywhere, and tells one version."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

PROJECT = Path(__file__).parent.parent


def text(path: str) -> str:
    return (PROJECT / path).read_text(encoding="utf-8")


PYPROJECT = tomllib.loads(text("pyproject.toml"))
CARGO = {
    path: tomllib.loads(text(path)) for path in ("rust/Cargo.toml", "rust/core/Cargo.toml", "rust/binding/Cargo.toml")
}
WORKSPACE = CARGO["rust/Cargo.toml"]["workspace"]
LOCK = tomllib.loads(text("rust/Cargo.lock"))
VERSION = text("VERSION").strip()
OLDEST = "3.11"


@pytest.fixture(autouse=True)
def backend():
    """Nothing runs here, on whatever backend."""


# One version


def test_the_version_is_spelled_as_both_python_and_cargo_do():
    assert re.fullmatch(r"\d+\.\d+\.\d+", VERSION)


def test_the_crates_are_of_the_version():
    assert WORKSPACE["package"]["version"] == VERSION
    assert WORKSPACE["dependencies"]["intervalues-core"]["version"] == VERSION
    ours = {package["name"]: package["version"] for package in LOCK["package"] if "source" not in package}
    assert ours == {"intervalues-core": VERSION, "intervalues-python": VERSION}
    assert all(CARGO[path]["package"]["version"] == {"workspace": True} for path in CARGO if path != "rust/Cargo.toml")


def test_the_extension_and_the_distribution_read_the_file():
    assert 'include_str!("../../../VERSION")' in text("rust/binding/src/lib.rs")
    assert PYPROJECT["project"]["dynamic"] == ["version"]
    assert PYPROJECT["tool"]["setuptools"]["dynamic"]["version"] == {"file": "VERSION"}


def test_the_changelog_begins_with_the_version():
    heading = re.search(r"^## (\S+) \((unreleased|\d{4}-\d\d-\d\d)\)$", text("CHANGELOG.md"), re.MULTILINE)
    assert heading is not None
    assert heading[1] == VERSION
    assert heading.start() == text("CHANGELOG.md").index("## ")


# The extension


def test_the_stable_abi_is_asked_for_when_release_wheels_are_built_only():
    # Written down, it breaks builds on PyPy and on Pythons without a lock, although the extension is optional.
    for path in ("pyproject.toml", "setup.py", "setup.cfg"):
        if (PROJECT / path).exists():
            assert not re.search("py[-_]limited[-_]api", text(path), re.IGNORECASE)
    for path in CARGO:
        assert "abi3-py" not in text(path)
    asked = {found for path in ("build-wheels.sh", ".github/workflows/wheels.yml") for found in re.findall(
        r"py-limited-api=(\w+)", text(path)
    )}  # fmt: skip
    oldest = f"cp{OLDEST.replace('.', '')}"
    assert asked == {oldest}
    # Of newer Pythons the module has a name that older ones do not look for.
    assert re.findall(r"CIBW_BUILD: (\S+)\n", text(".github/workflows/wheels.yml")) == [f"{oldest}-*"]
    assert "sys.version_info[:2] != (3, 11)" in text("build-wheels.sh")


def test_pyo3_has_no_feature_that_stops_a_build():
    wanted = [WORKSPACE["dependencies"]["pyo3"], CARGO["rust/binding/Cargo.toml"]["dependencies"]["pyo3"]]
    features = {feature for one in wanted if isinstance(one, dict) for feature in one.get("features", [])}
    assert features <= {"abi3t"}


def test_the_extension_is_optional_and_built_of_locked_crates_that_the_sdist_holds():
    (extension,) = PYPROJECT["tool"]["setuptools-rust"]["ext-modules"]
    assert extension["target"] == "intervalues._rust"
    assert extension["binding"] == "PyO3"
    assert extension["optional"] is True
    assert extension["cargo-manifest-args"] == ["--locked"]
    manifest = text("MANIFEST.in")
    assert re.search(r"^graft rust$", manifest, re.MULTILINE)
    assert re.search(r"^prune rust/target$", manifest, re.MULTILINE)
    assert not re.search(r"exclude.*(\.lock|\*\.\*)", manifest)
    assert {"*.so", "*.pyd", "*.dylib"} <= set(re.search(r"^global-exclude (.*)$", manifest, re.MULTILINE)[1].split())


def test_builds_take_tools_from_a_version_on():
    # Older versions of setuptools refuse `license = "MIT"`; a pin would keep out those that new Pythons need.
    needs = {need.name: need.specifier for need in map(Requirement, PYPROJECT["build-system"]["requires"])}
    assert set(needs) == {"setuptools", "setuptools-rust"}
    assert all([bound.operator for bound in specifier] == [">="] for specifier in needs.values())
    (bound,) = needs["setuptools"]
    assert Version(bound.version) >= Version("80.9")


# Pythons and platforms


def test_the_oldest_python_is_the_same_everywhere():
    assert PYPROJECT["project"]["requires-python"] == f">={OLDEST}"
    assert PYPROJECT["tool"]["ruff"]["target-version"] == f"py{OLDEST.replace('.', '')}"
    assert PYPROJECT["tool"]["mypy"]["python_version"] == OLDEST
    assert f"Python {OLDEST} or later" in text("README.md")
    assert f"Python {OLDEST} or later" in text("CONTRIBUTING.md")


def test_the_classifiers_name_the_pythons_that_are_tested():
    (row,) = re.findall(r"^ +python: \[(.*pypy.*)\]$", text(".github/workflows/tests.yml"), re.MULTILINE)
    tested = re.findall(r'"([^"]+)"', row)
    prefix = "Programming Language :: Python :: "
    named = {line.removeprefix(prefix) for line in PYPROJECT["project"]["classifiers"] if line.startswith(prefix)}
    assert {name for name in named if re.fullmatch(r"3\.\d+", name)} == {
        one for one in tested if one[-1].isdigit() and one[0] == "3"
    }
    assert any(name.startswith("Free Threading") for name in named) == any(one.endswith("t") for one in tested)
    implementations = {"Implementation :: CPython"} | {
        "Implementation :: PyPy" for one in tested if one.startswith("pypy")
    }
    assert {name for name in named if name.startswith("Implementation")} == implementations


def test_the_oldest_rust_is_told():
    assert f"Rust {WORKSPACE['package']['rust-version']} or later" in text("CONTRIBUTING.md")
    assert all(
        CARGO[path]["package"]["rust-version"] == {"workspace": True} for path in CARGO if path != "rust/Cargo.toml"
    )


@pytest.mark.parametrize("platform", ["win32", "emscripten"])
def test_time_zones_are_there_for_tests_where_the_system_has_none(platform):
    groups = PYPROJECT["dependency-groups"]
    assert {"include-group": "bare"} in groups["test"]
    needs = [Requirement(need) for need in groups["bare"]]
    (zones,) = [need for need in needs if need.name == "tzdata"]
    assert zones.marker is None or zones.marker.evaluate({"sys_platform": platform})


def test_nothing_is_needed_at_run_time():
    assert "dependencies" not in PYPROJECT["project"]


# The workflows


def test_the_workflows_run_sessions_that_there_are():
    texts = [path.read_text(encoding="utf-8") for path in PROJECT.glob(".github/workflows/*.yml")]
    run = {name for found in texts for name in re.findall(r"(?:nox -s|session:|matrix.session \|\|) '?(\w+)", found)}
    there = set(re.findall(r"^@nox.session.*\ndef (\w+)\(", text("noxfile.py"), re.MULTILINE))
    assert {"tests", "bare", "docs", "release"} <= run <= there


# The manual


def test_the_examples_of_the_readme_run_by_what_knows_fences():
    # --doctest-glob would read the closing fence as output.
    settings = PYPROJECT["tool"]["pytest"]["ini_options"]
    assert not any("doctest-glob" in option for option in settings["addopts"])
    assert {"README.md", "docs"} <= set(settings["testpaths"])
    assert re.search(r'PythonCodeBlockParser\(\)\], patterns=\["README\.md", ', text("conftest.py"))


def test_the_readme_says_how_to_install_again_after_rust():
    # Without these options pip takes what it built and kept before.
    assert "pip install --no-cache-dir --no-binary intervalues --force-reinstall intervalues\n" in text("README.md")
