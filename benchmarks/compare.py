"""Compares this package with what one would use instead, on the same intervals, and writes tables.

All take turns in one process, the garbage collector at rest; only the older `intervalues` 0.4.0, which shares our
import name, runs in a process of its own. Each answer is compared with the exact one.
"""

from __future__ import annotations

import argparse
import datetime
import gc
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

if __name__ == "__main__":
    from yardstick import VARIABLE, slow_features

    if (features := slow_features()) is not None:
        environment = {**os.environ, VARIABLE: features}
        sys.exit(subprocess.run([sys.executable, *sys.argv], env=environment, check=False).returncode)

import numpy as np
from backends import use
from exact import Answer, Errors, canonical, errors, exact_answer
from limits import LARGEST, SMALLEST, Limits, available
from older import Older
from questions import asking
from rivals import rivals
from turns import Contestant, figure, race, table
from workloads import WORKLOADS, Columns

import intervalues
from intervalues import combine_intervals

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- written by compare.py -->\n", "<!-- until here -->\n"
QUESTIONS = "<!-- questions written by compare.py -->\n"


class Goal(NamedTuple):
    """How many times the limit, the time of a kernel written for this workload only, is good enough."""

    columns: float
    rows: float
    noted: tuple[float, float]  # the limits of columns and rows, in ms for a million, where the goals were set


GOALS = {
    "W1": Goal(2.0, 1.5, (1.3, 11)),
    "W4": Goal(2.0, 1.5, (2.0, 14)),
    "W2": Goal(1.5, 1.5, (17, 25)),
    "W2v": Goal(1.5, 1.5, (11.5, 21)),
    "W5": Goal(1.5, 1.5, (8.6, 16)),
    "W3": Goal(1.5, 1.5, (36, 45)),
    "W3d": Goal(1.5, 1.5, (18, 27)),
}
COLUMNS, ROWS = "**ours, from columns**", "**ours, from a list of tuples**"
LIMIT_COLUMNS, LIMIT_ROWS = "limit, columns", "limit, list of tuples"
YARDSTICK = "`np.sort` of the ends"
ORDER = ("**ours", "limit", YARDSTICK, "NumPy", "")  # of the lines of the table


class OlderContestant(Contestant):
    """The older package, by its Rust or its Python path."""

    def __init__(self, older: Older, path: str, digits: int) -> None:
        self.name = f"older `intervalues` 0.4.0, {path.capitalize()}, interval objects"
        self._older, self._path, self._digits = older, path, digits

    def run(self) -> float:
        return self._older.run(self._path, self._digits)

    def answer(self) -> Answer:
        self._older.run(self._path, self._digits)
        return self._older.answer()


def read_ours(collection: intervalues.IntervalCollection) -> Answer:
    """Read a collection as columns."""
    return Answer(np.asarray(collection.breakpoints), np.asarray(collection.levels)[1:])


def contestants_of(name: str, columns: Columns, limits: Limits | None, older: Older | None) -> list[Contestant]:
    """Gather everybody who can combine a workload."""
    arguments, rows, digits = columns.arguments(), columns.rows(), columns.digits
    ends = np.concatenate([columns.starts, columns.stops])
    found = [
        Contestant(COLUMNS, lambda: combine_intervals(**arguments), read_ours),
        Contestant(ROWS, lambda: combine_intervals(rows, digits=digits), read_ours),
        Contestant(YARDSTICK, lambda: np.sort(ends), None),
    ]
    if limits is not None:
        for title, combine in (
            (LIMIT_COLUMNS, limits.of_columns(name, columns)),
            (LIMIT_ROWS, limits.of_rows(name, columns, rows)),
        ):
            found.append(Contestant(title, combine, lambda result: canonical(*result.columns())))
    found += [Contestant(*rival) for rival in rivals(columns)]
    if older is not None:
        older.load(rows)
        whole = columns.starts.dtype.kind == "i"
        # Its Rust rounds floats to so many digits, its Python not at all.
        found.append(OlderContestant(older, "rust", 0 if whole else 2))
        if digits is None:
            found.append(OlderContestant(older, "python", 0))
    return found


def combining(names: Sequence[str], n: int, options: argparse.Namespace) -> str:
    """Compare everybody on the workloads."""
    limits = Limits() if available() and SMALLEST <= n <= LARGEST else None
    older = None if options.older is None else Older(options.older)
    medians: dict[str, dict[str, float]] = {}
    wrong: dict[tuple[str, str], Errors] = {}
    sizes: dict[str, int] = {}
    for name in names:
        print(f"{name} ...", file=sys.stderr, flush=True)
        columns = WORKLOADS[name](n)
        contestants = contestants_of(name, columns, limits, older)
        exact = exact_answer(columns)
        sizes[name] = len(exact.segments()[0])
        for contestant in contestants:
            answer = contestant.answer()  # which is the turn to warm up, too
            if answer is not None and (found := errors(answer, exact)):
                wrong[name, contestant.name] = found
        del exact, answer
        medians[name] = race(contestants, options.rounds, options.budget)
    if older is not None:
        older.close()
    for (name, who), found in wrong.items():
        if who in (COLUMNS, ROWS, LIMIT_COLUMNS, LIMIT_ROWS):
            raise RuntimeError(f"{name}, {who}: {found}")

    lines = []
    everybody = dict.fromkeys(who for known in medians.values() for who in known)
    for who in sorted(everybody, key=lambda who: [who.startswith(start) for start in ORDER], reverse=True):
        cells = [who]
        for name, known in medians.items():
            ratio = f" ({known[who] / known[COLUMNS]:.1f}x)" if who in known else ""
            cells.append(figure(known.get(who)) + ratio + ("!" if (name, who) in wrong else ""))
        lines.append(cells)
    text = f"### {n:,} intervals\n\nMilliseconds, and how many times as long as ours from columns.\n\n"
    text += table(["", *medians], lines)
    if wrong:
        text += "\n`!` marks answers that are not exact:\n\n"
        text += "".join(f"- {name}, {who}: {found}, of {sizes[name]:,}\n" for (name, who), found in wrong.items())
    if limits is not None:
        text += "\n" + goals(medians, n)
    return text + ("\n" + promises(medians["W2v"]) if "W2v" in medians else "")


def promises(known: dict[str, float]) -> str:
    """Tell how many times faster W2v is than by the usual idiom and by the older package."""
    lines = []
    for ours, rival, factor in (
        (COLUMNS, "argsort", 4),
        (COLUMNS, "older", 500),
        (ROWS, "older", 250),
    ):
        times = {who: taken for who, taken in known.items() if rival in who}
        if times:
            who = min(times, key=times.__getitem__)
            ratio = times[who] / known[ours]
            lines.append([f"{ours}, W2v", who, f"{ratio:,.1f}", f"{factor}", "yes" if ratio >= factor else "**no**"])
    return table(["", "than", "times faster", "goal", "met"], lines) if lines else ""


def goals(medians: dict[str, dict[str, float]], n: int) -> str:
    """Tell how far ours is from what the machine can do, and whether that is good enough."""
    lines = []
    for name, known in medians.items():
        goal = GOALS[name]
        for ours, limit, factor, noted in (
            (COLUMNS, LIMIT_COLUMNS, goal.columns, goal.noted[0]),
            (ROWS, LIMIT_ROWS, goal.rows, goal.noted[1]),
        ):
            ratio = known[ours] / known[limit]
            source = "columns" if ours == COLUMNS else "tuples"
            line = [f"{name}, {source}", figure(known[ours]), figure(known[limit]), f"{ratio:.2f}", f"{factor}"]
            line.append("yes" if ratio <= factor else "**no**")
            if n == 1_000_000:
                elsewhere = known[ours] * 1e3 / noted
                line += [f"{noted}", f"{elsewhere:.2f}", "yes" if elsewhere <= factor else "**no**"]
            lines.append(line)
    head = ["from", "ours, ms", "limit here, ms", "ratio", "goal", "met"]
    head += ["limit where the goals were set, ms", "ratio", "met"] if n == 1_000_000 else []
    return (
        "The limit is a kernel that was written for this workload only: Rust over ready columns, without checks or "
        "Python objects.\n\n" + table(head, lines)
    )


def small_calls(rounds: int, sizes: Sequence[int]) -> str:
    """Compare the backends on W2v from few to many."""
    lines = []
    for n in sizes:
        columns = WORKLOADS["W2v"](n)
        arguments, rows = columns.arguments(), columns.rows()
        jobs = {"rows": lambda: combine_intervals(rows), "columns": lambda: combine_intervals(**arguments)}  # noqa: B023
        repeats = max(1, 20_000 // n)
        times: dict[tuple[str, str], list[float]] = {}
        gc.collect()
        gc.disable()
        for _ in range(rounds):
            for backend in ("rust", "python"):
                with use(backend):
                    for source, job in jobs.items():
                        before = time.perf_counter()
                        for _ in range(repeats):
                            job()
                        times.setdefault((source, backend), []).append((time.perf_counter() - before) / repeats)
        gc.enable()
        medians = {key: statistics.median(taken) for key, taken in times.items()}
        order = [(source, backend) for source in jobs for backend in ("rust", "python")]
        lines.append([f"{n:,}", *(figure(medians[key], 1e6) for key in order)])
    head = ["intervals", "tuples, Rust", "tuples, Python", "columns, Rust", "columns, Python"]
    return "### Small calls\n\nMicroseconds for W2v.\n\n" + table(head, lines)


def sum_by_dict(rows: list[tuple[Any, ...]]) -> list[tuple[Any, Any]]:
    """Combine as one would by hand, without any package."""
    changes: dict[Any, Any] = {}
    for start, stop, value in rows:
        changes[start] = changes.get(start, 0) + value
        changes[stop] = changes.get(stop, 0) - value
    level, levels = 0, []
    for breakpoint in sorted(changes):
        change = changes[breakpoint]
        if change:
            level += change
            levels.append((breakpoint, level))
    return levels


def pure_python(n: int, rounds: int, budget: float) -> str:
    """Compare the kernels in plain Python with a dict of changes."""
    lines = []
    for name in ("W2v", "W3"):
        rows = WORKLOADS[name](n).rows()
        contestants = [
            Contestant("ours", lambda: combine_intervals(rows), None),  # noqa: B023
            Contestant("dict", lambda: sum_by_dict(rows), None),  # noqa: B023
        ]
        with use("python"):
            ours, by_dict = race(contestants, rounds, budget).values()
        lines.append([name, figure(ours), figure(by_dict) + (" (inexact)" if name == "W3" else "")])
    head = ["", "ours without the extension", "a dict of changes, sorted"]
    return f"### Pure Python\n\nMilliseconds for {n:,} tuples.\n\n" + table(head, lines)


def other_kinds(n: int, rounds: int, budget: float) -> str:
    """Measure the ends that are no numbers of the machine."""
    lines = []
    for name in ("decimals", "datetimes"):
        columns = WORKLOADS[name](n)
        arguments, rows = columns.arguments(), columns.rows()
        contestants = [
            Contestant("columns", lambda: combine_intervals(**arguments), None),  # noqa: B023
            Contestant("rows", lambda: combine_intervals(rows), None),  # noqa: B023
        ]
        times = race(contestants, rounds, budget)
        lines.append([name, *(figure(taken / n / 2, 1e9) for taken in times.values())])
    head = ["", "columns (lists of `Decimal`, `datetime64`)", "list of tuples (`Decimal`, `datetime`)"]
    return f"### Other coordinates\n\nNanoseconds for each of {2 * n:,} ends.\n\n" + table(head, lines)


def growth(n: int, rounds: int, budget: float) -> str:
    """Measure ten times as many."""
    contestants = []
    for size in (n, 10 * n):
        arguments = WORKLOADS["W2v"](size).arguments()
        contestants.append(Contestant(f"{size:,}", lambda given=arguments: combine_intervals(**given), None))
    once, tenfold = race(contestants, rounds, budget).values()
    return f"Ten times as many intervals, {10 * n:,} of W2v from columns, take {tenfold / once:.1f} times as long.\n"


def importing() -> str:
    """Measure the import in new interpreters, from bytecode, as after the first time."""
    code = "import time; before = time.perf_counter(); import intervalues; print(time.perf_counter() - before)"
    command = [sys.executable, "-c", code]
    settings = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    runs = [float(subprocess.run(command, env=settings, capture_output=True, check=True).stdout) for _ in range(11)]
    return f"Importing the package takes {figure(statistics.median(runs))} ms.\n"


def core() -> str:
    """Compare the Rust core with the crate that was called `intervalues` before."""
    command = ["cargo", "bench", "--quiet", "--locked", "-p", "intervalues-core"]
    folder = README.parent.parent / "rust"
    written = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, check=True).stdout
    return f"### The Rust core and the older crate\n\n{written}"


def machine() -> str:
    """Tell where this was measured, and with what."""
    name = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
        name = names[0].partition(":")[2].strip() if names else name
    text = f"{datetime.date.today()}, {name}, {os.cpu_count()} cores, {platform.system()}, "
    text += f"{platform.python_implementation()} {platform.python_version()}, NumPy {np.__version__}. "
    text += f"intervalues {intervalues.__version__}, {intervalues.backend().name} backend. "
    text += "Medians, all taking turns in one process."
    if features := os.environ.get("NPY_DISABLE_CPU_FEATURES"):
        text += f" NumPy runs without {features}, since it sorts faster so on this machine."
    return text + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=lambda text: int(float(text)), default=1_000_000, help="how many intervals")
    parser.add_argument("--workloads", default=",".join(GOALS), help="names, separated by commas; all if not told")
    parser.add_argument("--rounds", type=int, default=11, help="how often each takes its turn")
    parser.add_argument("--budget", type=float, default=8, help="seconds after which a slow one drops out")
    parser.add_argument("--older", metavar="PYTHON", help="a Python that has intervalues 0.4.0 installed")
    parser.add_argument("--core", action="store_true", help="measure the Rust core, too; needs cargo")
    parser.add_argument("--only-combining", action="store_true", help="leave out the other tables")
    parser.add_argument("--only-asking", action="store_true", help="only what is asked of finished functions")
    parser.add_argument("--write", action="store_true", help="write the tables into benchmarks/README.md")
    options = parser.parse_args(arguments)

    sections = {}
    if not options.only_asking:
        sections[BEGIN] = combined(options)
    if not options.only_combining:
        sections[QUESTIONS] = f"{machine()}\n{asking(options.n, options.rounds, options.budget)}"
    for begin, text in sections.items():
        print(text)
        if options.write:
            before, _, rest = README.read_text(encoding="utf-8").partition(begin)
            README.write_text(before + begin + "\n" + text + "\n" + END + rest.partition(END)[2], encoding="utf-8")


def combined(options: argparse.Namespace) -> str:
    """Compare how intervals are combined."""
    parts = [machine(), combining(options.workloads.split(","), options.n, options)]
    if not options.only_combining:
        print("the other tables ...", file=sys.stderr, flush=True)
        parts += [
            small_calls(options.rounds, [size for size in (10, 100, 1_000, 10_000, 100_000) if size <= options.n]),
            pure_python(options.n, options.rounds, options.budget),
            other_kinds(min(options.n, 200_000), options.rounds, options.budget),
            growth(options.n, options.rounds, options.budget),
            importing(),
        ]
    if options.core:
        parts.append(core())
    return "\n".join(parts)


if __name__ == "__main__":
    main()
