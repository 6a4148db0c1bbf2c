"""The command `intervalues`: how many, how much, in a schedule file, without writing code."""

from __future__ import annotations

import argparse
import datetime as dt
import math
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, NoReturn, TypeAlias

from ._version import __version__
from .collection import IntervalCollection
from .combining import combine_intervals
from .coordinates import quoted
from .dispatch import backend
from .files import Names, Row, Schedule, cell_text, check_output, number, read_schedule, shown, write_table
from .options import MISSING
from .region import IntervalSet
from .steps import SIDES

Groups: TypeAlias = "dict[str | None, IntervalCollection[Any, Any]]"
Line: TypeAlias = "tuple[str, ...]"
HOWS = ("sum", "count", "max", "min")  # those that give numbers
PEAKS_SHOWN = 3

EXAMPLES = """\
examples:
  How many planes are in the air at the peak, from each airport and from all together?
      intervalues flights.csv --start departure --stop arrival --by origin

  How many seats, and when are there at least 21000 of them?
      intervalues flights.csv --start departure --stop arrival --value seats --at-least 21000

  Every level, as a table to plot or to load elsewhere:
      intervalues flights.csv --start departure --stop arrival --output levels.csv

  A stay without an end has not ended; the file comes from another program:
      zcat stays.csv.gz | intervalues - --start arrival --stop departure --missing open

The first line of FILE names its columns. Starts and stops are numbers, ISO dates or ISO datetimes, values numbers;
decimals stay exact. An interval holds its start and not its stop: 9 to 10 and 10 to 11 do not overlap.
"""


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are one line, like all others."""

    def error(self, message: str) -> NoReturn:
        raise ValueError(f"{message}; see intervalues --help")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit status.

    It is 0, or 2 for bad input or arguments, 130 when interrupted, 1 when nobody reads the answer to its end.
    """
    try:
        try:
            run(parser().parse_args(arguments))
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except OSError as error:  # of standard output: what goes wrong with other files names them
        # What is still to be flushed at exit must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1 if isinstance(error, BrokenPipeError) else refusal(error)  # a reader like `head` has seen enough
    except (ValueError, TypeError, OverflowError) as error:
        return refusal(error)
    return 0


def refusal(error: Exception) -> int:
    """Print an error as one line and give the exit status."""
    print("intervalues:", " ".join(str(error).split()), file=sys.stderr)
    return 2


def parser() -> Parser:
    """Make the parser of the command's arguments."""
    made = Parser(
        prog="intervalues",
        description="Combine the intervals in a CSV file: how many, or how much, there is at every point.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = made.add_argument
    add("file", metavar="FILE", help="a CSV file in UTF-8, or - for standard input")
    add("--start", metavar="COL", default="start", help="the column of starts (default: %(default)s)")
    add("--stop", metavar="COL", default="stop", help="the column of stops (default: %(default)s)")
    add("--value", metavar="COL", help="the column of what each row is worth (default: each is worth 1)")
    add("--by", metavar="COL", help="answer for each group of rows with the same text in this column, and for all")
    add("--how", choices=HOWS, default="sum", help="how values that overlap combine (default: %(default)s)")
    add("--missing", choices=MISSING, default="raise", help="refuse empty cells, drop their rows, or open the end")
    add("--at-least", metavar="K", type=number, help="also tell when the level is at least K")
    add("--closed", choices=SIDES, default="left", help="the end that intervals contain (default: %(default)s)")
    add("--output", metavar="FILE", help="also write all levels, or the times of --at-least, as .csv or .json")
    chosen = backend()
    version = f"intervalues {__version__} (backend {chosen.name}: {chosen.reason})"
    add("--version", action="version", version=version)
    return made


def run(options: argparse.Namespace) -> None:
    """Read the file, combine it, write what is to be written and print the summary."""
    if options.output is not None:
        check_output(options.output)
    names = Names(options.start, options.stop, options.value, options.by)
    try:
        schedule = read_schedule(options.file, names, options.missing, options.how)
    except OSError as error:
        raise ValueError(f"{shown(options.file)}: {error.strerror or error}") from None
    try:
        together = combined(schedule.rows, options)  # first: it meets every row that a group may have trouble with
        groups = {} if options.by is None else grouped(schedule.rows, options)
        text = summary(schedule, groups, together, options)  # before the file, so that failing leaves nothing behind
    except (ValueError, TypeError, OverflowError) as error:
        raise ValueError(f"{shown(options.file)}: {placed(str(error), schedule.rows, names)}") from error
    if options.output is not None:
        write({None: together} if options.by is None else groups, options)
    say(text)


def grouped(rows: Sequence[Row], options: argparse.Namespace) -> Groups:
    """Combine the rows of each key, in order of first appearance."""
    groups: dict[str | None, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.key, []).append(row)
    return {key: combined(members, options) for key, members in groups.items()}


def combined(rows: Sequence[Row], options: argparse.Namespace) -> IntervalCollection[Any, Any]:
    """Combine rows as the options say."""
    return combine_intervals(
        start=[row.start for row in rows],
        stop=[row.stop for row in rows],
        value=[row.value for row in rows],
        how=options.how,
        closed=options.closed,
        missing=options.missing,
    )


def placed(message: str, rows: Sequence[Row], names: Names) -> str:
    """Name line and column of the file where an error of the library names the row."""
    found = re.match(r"row (\d+): (start|stop|value) ", message)
    if found is None:
        return message
    column = quoted(getattr(names, found[2]))
    return f"line {rows[int(found[1])].line}, column {column}: {message[found.end() :]}"


def write(groups: Groups, options: argparse.Namespace) -> None:
    """Write the segments of all groups, or with `--at-least` the regions."""
    header = [options.by, "start", "stop"] + (["value"] if options.at_least is None else [])
    if options.by in header[1:]:
        raise ValueError(f"{options.output}: there would be two columns {options.by!r}; rename the one of --by")
    first = 0 if options.by is not None else 1
    rows = (
        (key, *segment)[first : len(header)]
        for key, levels in groups.items()
        for segment in (levels if options.at_least is None else levels >= options.at_least)
    )
    try:
        write_table(options.output, header[first:], rows)
    except OSError as error:
        raise ValueError(f"{options.output}: {error.strerror or error}") from None


def say(text: str) -> None:
    """Print, whatever characters standard output can take."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding))


def summary(
    schedule: Schedule, groups: Groups, together: IntervalCollection[Any, Any], options: argparse.Namespace
) -> str:
    """Tell of each group, and of all together, how high the level is, when, and for how long."""
    counts = Counter(row.key for row in schedule.rows)
    named = [(label(key), counts[key], levels) for key, levels in groups.items()]
    named.append(("(all)", len(schedule.rows), together))
    first = 0 if options.by is not None else 1  # without --by there are no names to show
    key = printable(options.by or "")
    rows: list[Line] = [(key, "intervals", "peak", "from", "to", "lasting", "mean")]
    rows += [row for one in named for row in peak(*one)]
    lines = [heading(schedule, together, options), "", *aligned("<>><<>>"[first:], rows, first)]
    if options.at_least is not None:
        rows = [(key, "from", "to", "lasting")]
        rows += [row for name, _, levels in named for row in stretches(name, levels >= options.at_least)]
        lines += ["", f"at least {options.at_least}:", "", *aligned("<<<>"[first:], rows, first)]
    return "\n".join(lines)


def heading(schedule: Schedule, together: IntervalCollection[Any, Any], options: argparse.Namespace) -> str:
    """Tell what was read, and what the level is."""
    number = len(schedule.rows)
    text = f"{shown(options.file)}: {number} interval{'s' * (number != 1)}"
    if together.span is not None:
        text += f" from {end(together.span.start)} to {end(together.span.stop)}"
    if schedule.dropped:
        text += f", {schedule.dropped} row{'s' * (schedule.dropped != 1)} with empty cells dropped"
    counted = options.how == "count" or (options.how == "sum" and options.value is None)
    worth = "" if counted or options.value is None else f" of {printable(options.value)}"
    return f"{text}; level: {'count' if counted else options.how}{worth}"


def peak(name: str, number: int, levels: IntervalCollection[Any, Any]) -> Iterator[Line]:
    """Give the lines about one group: its peak with the first stretches of it, and its mean."""
    span = levels.span
    if span is None:
        yield name, str(number), cell_text(levels.levels[0]), "", "", "", ""
        return
    mean = "" if span.start == -math.inf or span.stop == math.inf else rounded(levels.mean())
    highest = levels.argmax()
    for index, stretch in enumerate(islice(highest, PEAKS_SHOWN)):
        told = (name, str(number), cell_text(levels.max())) if index == 0 else ("", "", "")
        yield *told, end(stretch.start), end(stretch.stop), lasting(stretch.length), mean if index == 0 else ""
    if len(highest) > PEAKS_SHOWN:
        yield "", "", "", f"and {len(highest) - PEAKS_SHOWN} more", "in all", lasting(highest.length), ""


def stretches(name: str, region: IntervalSet[Any]) -> Iterator[Line]:
    """Give the lines about one group: how many stretches of the region there are, how long in all, and each."""
    number = f"{len(region)} stretch{'es' * (len(region) != 1)}"
    yield (name, number, "in all", lasting(region.length)) if region else (name, "never", "", "")
    for stretch in region:
        yield "", end(stretch.start), end(stretch.stop), lasting(stretch.length)


def aligned(sides: str, rows: Sequence[Line], first: int) -> Iterator[str]:
    """Lay out a table from its column `first` on; a side for each column, "<" or ">", is where its cells stand."""
    columns = list(zip(*rows, strict=True))[first:]
    widths = [max(map(len, column)) for column in columns]
    for row in zip(*columns, strict=True):
        cells = (f"{cell:{side}{width}}" for cell, side, width in zip(row, sides, widths, strict=True))
        yield "  ".join(cells).rstrip()


def label(key: str | None) -> str:
    """Give the name of a group to show."""
    return "(none)" if key is None else printable(key)


def printable(text: str) -> str:
    """Give text without what would break the lines of a table."""
    return text if text.isprintable() else ascii(text)


def end(x: Any) -> str:
    """Give a coordinate to show: times to the minute if that says all."""
    if x in (-math.inf, math.inf):
        return "open"
    if isinstance(x, dt.datetime):
        precise = "auto" if x.second or x.microsecond else "minutes"
        return x.isoformat(" ", precise).replace("+00:00", "Z")
    return cell_text(x)


def lasting(length: Any) -> str:
    """Give a length to show, a timedelta as days, hours, minutes and seconds."""
    if length == math.inf:
        return "endless"
    if not isinstance(length, dt.timedelta):
        return str(length)
    minutes, seconds = divmod(length.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    exact_seconds = Decimal(length.microseconds).scaleb(-6).normalize() + seconds
    parts = ((length.days, "d"), (hours, "h"), (minutes, "min"), (exact_seconds, "s"))
    return " ".join(f"{amount} {unit}" for amount, unit in parts if amount)


def rounded(mean: Any) -> str:
    """Give a mean to show."""
    return f"{mean:.2f}" if mean == 0 or 1 <= abs(mean) < 10**15 else f"{mean:.3g}"
