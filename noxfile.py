"""The tasks: `nox -s NAME` runs one, `nox -l` lists them, each in an environment of its own."""

import os
import platform
import re
import shlex
import shutil
import tempfile
from pathlib import Path

import nox

PROJECT = Path(__file__).parent
GROUPS = nox.project.load_toml("pyproject.toml")
TESTS = nox.project.dependency_groups(GROUPS, "test")
PYTHONS = ["3.11", "3.12", "3.13"]
# Which wheel pip takes for a Python to come, another implementation, other systems, an old glibc.
MANYLINUX = f"--platform manylinux_2_17_{platform.machine()}"
TAKEN = {
    f"--python-version 3.19 --implementation cp {MANYLINUX}": "cp311-abi3",
    f"--python-version 3.11 --implementation pp {MANYLINUX}": "py3-none-any",
    f"--python-version 3.12 --platform musllinux_1_2_{platform.machine()}": "py3-none-any",
    "--python-version 3.12 --platform macosx_11_0_arm64": "py3-none-any",
    "--python-version 3.12 --platform win_amd64": "py3-none-any",
    f"--python-version 3.12 --platform manylinux_2_16_{platform.machine()}": "py3-none-any",
}
# On all cores; the examples of one page build upon each other, so a file stays in one process.
PARALLEL = ["-n", "auto", "--dist", "loadfile"]

nox.options.sessions = ["tests", "lint", "types", "rust"]
nox.options.error_on_missing_interpreters = True


def expectation() -> dict[str, str]:
    """Tell the tests whether the extension must be there: where there is a Rust toolchain it must."""
    expected = os.environ.get("INTERVALUES_EXPECT_RUST", "1" if shutil.which("cargo") else "0")
    return {"INTERVALUES_EXPECT_RUST": expected}


def without_cargo(session: nox.Session) -> str:
    """Give the path on which there is no Rust toolchain."""
    folders = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join([session.bin, *(folder for folder in folders if not Path(folder, "cargo").exists())])


def test_installed(session: nox.Session, *packages: str, env: dict[str, str]) -> None:
    """Install built packages and test them from a folder where no source tree can shadow them."""
    session.install(*TESTS, *packages)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("tests", "examples"):
            shutil.copytree(PROJECT / name, Path(folder, name))
        session.chdir(folder)
        session.run(
            "python", "-I", "-c", "import intervalues as iv; print(iv.__file__); assert 'site-packages' in iv.__file__"
        )
        session.run(
            *("pytest", "-q", "-p", "no:cacheprovider", "-W", "error", "-o", "xfail_strict=true", *PARALLEL, "tests"),
            env=env,
        )
        session.chdir(PROJECT)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests on every backend there is."""
    session.install(*TESTS, "-e", ".")
    session.run("pytest", *PARALLEL, *session.posargs, env=expectation())


@nox.session
def coverage(session: nox.Session) -> None:
    """Run the tests with coverage by branches, which takes nearly twice as long."""
    session.install(*TESTS, "-e", ".")
    session.run("pytest", "--cov", "--cov-report=term", *PARALLEL, *session.posargs, env=expectation())


@nox.session
def fuzz(session: nox.Session) -> None:
    """Run the property tests for longer: INTERVALUES_FUZZ examples of each, 1000 if it is not set."""
    examples = os.environ.get("INTERVALUES_FUZZ", "1000")
    session.install(*TESTS, "-e", ".")
    session.run(
        "pytest", "-m", "fuzz", *PARALLEL, *session.posargs, env={**expectation(), "INTERVALUES_FUZZ": examples}
    )


@nox.session
def lint(session: nox.Session) -> None:
    """Check the formatting and the habits of the Python code."""
    session.install("ruff")
    session.run("ruff", "format", "--check", ".")
    session.run("ruff", "check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types of the Python code, of what users write, and that no public name is without."""
    session.install("mypy", "pyright[nodejs]")
    session.run("mypy")
    session.run("mypy", "tests/consumer.py")
    session.run("pyright", "--pythonpath", str(Path(session.bin, "python")), "tests/consumer.py")
    session.install(".", env={"PATH": without_cargo(session)})  # types need no extension
    session.chdir(session.create_tmp())  # where the source tree cannot shadow it
    session.run("pyright", "--verifytypes", "intervalues", "--ignoreexternal")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation into build/site; a warning is an error."""
    session.install(*nox.project.dependency_groups(GROUPS, "docs"))
    shutil.rmtree("build/site", ignore_errors=True)
    session.run(
        *("python", "-m", "sphinx", "-W", "--keep-going", "-n", "-q", "-E", "-c", "docs", ".", "build/site"),
        *session.posargs,
    )


@nox.session(venv_backend="none")
def rust(session: nox.Session) -> None:
    """Check and test the Rust code."""
    session.chdir("rust")
    session.run("cargo", "fmt", "--all", "--check")
    session.run("cargo", "clippy", "--locked", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings")
    session.run("cargo", "test", "--locked", "--workspace")
    session.run("cargo", "doc", "--locked", "--workspace", "--no-deps", env={"RUSTDOCFLAGS": "-D warnings"})


@nox.session(python="3.11")
def dist(session: nox.Session) -> None:
    """Build the sdist, and from it the wheels, and test these; check what is in them, and which one pip takes."""
    session.install("build", "check-manifest", "twine")
    session.run("check-manifest")
    session.run("./build-wheels.sh", "--local", external=True)
    session.run("twine", "check", "--strict", *map(str, Path("dist").iterdir()))
    folder = Path(session.create_tmp(), "taken").resolve()
    for options, tag in TAKEN.items():
        shutil.rmtree(folder, ignore_errors=True)
        offline = ["-q", "--no-index", "--find-links", "dist", "--only-binary", ":all:", "-d", str(folder)]
        session.run("python", "-m", "pip", "download", *offline, *options.split(), "intervalues", silent=True)
        (taken,) = folder.iterdir()
        if f"-{tag}" not in taken.name:
            session.error(f"with {options} pip takes {taken.name}; it must be the wheel for {tag}")


@nox.session(python=PYTHONS)
def wheel(session: nox.Session) -> None:
    """Test what pip takes of the files that `dist` built, and with the oldest Python the wheel for every one, too."""
    session.install("--no-index", "--find-links", "dist", "intervalues")
    tag = f"cp{session.python}".replace(".", "")
    show = "import importlib.metadata as m; print(m.distribution('intervalues').read_text('WHEEL'))"
    if f"Tag: {tag}-{tag}-" not in str(session.run("python", "-I", "-c", show, silent=True)):
        session.error(f"pip did not take the wheel for {tag}")
    kind = "abi3" if session.python == PYTHONS[0] else tag  # `tests` has tested what is compiled for the oldest alone
    (built,) = Path("dist").glob(f"*-{kind}-*.whl")
    test_installed(session, "--force-reinstall", str(built), env={"INTERVALUES_EXPECT_RUST": "1"})


@nox.session(python="3.11")
def fallback(session: nox.Session) -> None:
    """Test that Rust that does not compile gives users pure Python and no release, and what brings Rust in later."""
    (sdist,) = Path("dist").glob("*.tar.gz")
    folder = Path(session.create_tmp(), "fallback").resolve()
    shutil.rmtree(folder, ignore_errors=True)
    shutil.unpack_archive(sdist, folder, filter="data")
    (broken,) = folder.iterdir()
    with Path(broken, "rust/core/src/lib.rs").open("a") as code:
        code.write("this does not compile\n")
    backend = ["python", "-I", "-c", "import sys, intervalues as iv; sys.exit(iv.backend().name != sys.argv[1])"]
    with session.chdir(folder):
        session.install("--no-cache-dir", str(broken))
        session.run(*backend, "python")
        # 124: what xargs says when a job has failed
        said = session.run(str(broken / "build-wheels.sh"), "--local", external=True, silent=True, success_codes=[124])
    if "no ELF executable" not in str(said):
        session.error(f"build-wheels.sh must refuse a wheel without the extension, but said: {said}")

    # Compiled without optimisation, which is quicker.
    env = {
        "PIP_CACHE_DIR": str(folder / "cache"),
        "CARGO_PROFILE_RELEASE_OPT_LEVEL": "0",
        "CARGO_PROFILE_RELEASE_LTO": "off",
    }
    session.install("setuptools", "setuptools-rust")
    offline = ["--no-index", "--find-links", "dist", "--no-build-isolation"]
    session.run("python", "-m", "pip", "uninstall", "-y", "intervalues", silent=True)
    path = {**env, "PATH": without_cargo(session)}
    session.run("python", "-m", "pip", "install", *offline, "--no-binary", "intervalues", "intervalues", env=path)
    session.run(*backend, "python")
    command = re.search(
        r"^pip (install .*--force-reinstall intervalues)$", Path("README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    if command is None:
        session.error("README.md must tell how to install again after installing Rust")
    session.run("python", "-m", "pip", *command[1].split(), *offline, env=env)
    session.run(*backend, "rust")


@nox.session
def pure(session: nox.Session) -> None:
    """Test the sdist that `dist` built, installed where there is no Rust toolchain."""
    (built,) = Path("dist").glob("*.tar.gz")
    session.env["PATH"] = without_cargo(session)
    session.env["PIP_NO_CACHE_DIR"] = "1"
    test_installed(session, str(built), env={"INTERVALUES_EXPECT_RUST": "0"})


@nox.session
def faults(session: nox.Session) -> None:
    """Build the extension with forced faults into a copy of the package, and test that Python survives them."""
    session.install(*TESTS)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(
            "intervalues", Path(folder, "intervalues"), ignore=shutil.ignore_patterns("*.so", "__pycache__")
        )
        shutil.copytree("tests", Path(folder, "tests"))
        shutil.copy("VERSION", folder)
        target = Path(folder, "target")
        build = ["cargo", "build", "--locked", "--manifest-path", "rust/Cargo.toml", "-p", "intervalues-python"]
        python = Path(session.bin, "python")
        env = {"CARGO_TARGET_DIR": str(target), "PYO3_PYTHON": str(python), "PYO3_BUILD_EXTENSION_MODULE": "1"}
        session.run(*build, "--features", "faults", external=True, env=env)
        (library,) = [
            *target.glob("debug/lib_rust.so"),
            *target.glob("debug/lib_rust.dylib"),
            *target.glob("debug/_rust.dll"),
        ]
        shutil.copy(library, Path(folder, "intervalues", "_rust.pyd" if library.suffix == ".dll" else "_rust.so"))
        session.chdir(folder)
        path = {"PYTHONPATH": folder, "INTERVALUES_EXPECT_RUST": "1"}
        hostile = [
            *sorted(map(str, Path("tests").glob("test_bad_*.py"))),
            "tests/test_backends.py",
            "tests/test_host.py",
        ]
        session.run("pytest", "-q", "-p", "no:cacheprovider", *hostile, env=path)


@nox.session
def howtos(session: nox.Session) -> None:
    """Run each how-to by itself, from an empty folder, where only what its first lines name is installed."""
    pages: dict[str, list[str]] = {}
    for page in sorted(Path("docs/how-to").resolve().glob("*.md")):
        if page.stem != "index":
            text = page.read_text(encoding="utf-8")
            needs = re.search(r"`pip install ([^`]+)`", text)
            if needs is None or re.search(r"```python\n(?!>>> )", text):
                session.error(f"{page.name} must tell what to install, and begin each block of code with >>>")
            pages.setdefault(needs[1], []).append(str(page))
    folder = Path(session.create_tmp(), "howtos").resolve()
    shutil.rmtree(folder, ignore_errors=True)
    session.run("python", "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), ".")
    (wheel,) = folder.glob("*.whl")
    for number, (needs, those) in enumerate(pages.items()):
        place = folder / str(number)
        session.run("python", "-m", "venv", str(place))
        python = str(place / ("Scripts" if os.name == "nt" else "bin") / "python")
        packages = [re.sub(r"^intervalues(?![\w-])", str(wheel), package) for package in shlex.split(needs)]
        session.run(python, "-m", "pip", "install", "-q", *packages, external=True)
        (place / "empty").mkdir()
        with session.chdir(place / "empty"):
            for page in those:
                session.run(python, "-I", "-X", "utf8", "-m", "doctest", page, external=True)


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Measure; the numbers are for the machine that they are measured on."""
    session.install(*TESTS, "-e", ".")
    session.run("pytest", "benchmarks", *session.posargs)


@nox.session
def compare(session: nox.Session) -> None:
    """Compare with what one would use instead, and with the limit of the machine; `-- --write` keeps the tables."""
    session.install(*TESTS, *nox.project.dependency_groups(GROUPS, "compare"), "-e", ".")
    older = Path(session.create_tmp(), "older")  # an environment of its own: it shares our import name
    session.run("python", "-m", "venv", str(older))
    python = str(older / ("Scripts" if os.name == "nt" else "bin") / "python")
    session.run(python, "-m", "pip", "install", "intervalues==0.4.0", external=True)
    session.run("python", "benchmarks/compare.py", "--older", python, "--core", *session.posargs)
