"""The command `intervalues`: how many, how much, in a schedule file, without writing code."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, NoReturn

from . import cells, files, summary, writing
from ._version import __version__
from .calendars import PERIODS
from .collection import IntervalCollection
from .coordinates import FLOATS, is_open, quoted
from .dispatch import backend
from .options import MISSING
from .schedule import HOWS, KEPT, Question, Schedule, read_schedule
from .steps import SIDES
from .summary import NOWHERE, Answer
from .values import FLOAT
from .zones import zone_of

EXAMPLES = """\
examples:
  How many planes are in the air at the peak, from each airport and from all together?
      intervalues flights.csv --start departure --stop arrival --by origin

  How many seats, and when are there at least 21000 of them?
      intervalues flights.csv --start departure --stop arrival --value seats --at-least 21000

  Every level, as a table to plot or to load elsewhere: .csv, .json, .jsonl, .parquet or .arrow
      intervalues flights.csv --start departure --stop arrival --output levels.jsonl

  How many planes on average, day by day on the clocks of New York? And every quarter of an hour, in a table?
      intervalues flights.csv --start departure --stop arrival --tz America/New_York --bin day
      intervalues flights.csv --start departure --stop arrival --by origin --bin 15min --output quarters.csv

  Where do two hours fit in which at most 20 planes are in the air?
      intervalues flights.csv --start departure --stop arrival --first-fit 2h --at-most 20

  The same as a picture, one row for each airport (.svg; .png and .pdf need matplotlib):
      intervalues flights.csv --start departure --stop arrival --by origin --plot airports.svg

  When was anything in the air at all, and which was the largest plane?
      intervalues flights.csv --start departure --stop arrival --how any --at-least 1
      intervalues flights.csv --start departure --stop arrival --value seats --how max

  What it reads is CSV, JSON Lines, Parquet or Arrow, from standard input, too. A stay without an end has not ended:
      intervalues - --start departure --stop arrival --missing open --closed right < flights.csv

  Columns are numbers, dates or times by their first cell, unless you tell:
      intervalues flights.csv --start departure --stop arrival --type departure=datetime --type arrival=datetime

The first line of CSV names its columns, the members of its objects are those of JSON Lines. Starts and stops are
numbers, ISO dates or ISO datetimes, values numbers; decimals stay exact. An interval holds its start and not its stop:
9 to 10 and 10 to 11 do not overlap. A length is a number, or one with a unit: w, d, h, min, s, ms, us, as in 1h30min.

Of a time that the clocks of --tz show twice the first is meant, one that they skip is as much later as they skip.

Files may be larger than memory: with --how sum, count and any rows are added up as they come, and what is kept grows
with the levels. All other ways keep all rows, and so do starts and stops that are decimal fractions.
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
    except (ValueError, TypeError, OverflowError, ImportError, MemoryError) as error:
        return refusal(error)
    return 0


def refusal(error: Exception) -> int:
    """Print an error as one line and give the exit status."""
    print("intervalues:", " ".join(str(error).split()) or "there is not enough memory", file=sys.stderr)
    return 2


def parser() -> Parser:
    """Make the parser of the command's arguments."""
    made = Parser(
        prog="intervalues",
        description="Combine the intervals in a file: how many, or how much, there is at every point.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = made.add_argument
    add("file", metavar="FILE", help="CSV or JSON Lines in UTF-8, Parquet or Arrow IPC, or - for standard input")
    add("--start", metavar="COL", default="start", help="the column of starts (default: %(default)s)")
    add("--stop", metavar="COL", default="stop", help="the column of stops (default: %(default)s)")
    add("--value", metavar="COL", help="the column of what each row is worth (default: each is worth 1)")
    add("--by", metavar="COL", help="answer for each group of rows with the same key in this column, and for all")
    how = f"how values that overlap combine (default: %(default)s; {', '.join(KEPT)} keep all rows in memory)"
    add("--how", choices=HOWS, default="sum", help=how)
    add("--missing", choices=MISSING, default="raise", help="refuse empty cells, drop their rows, or open the end")
    add("--closed", choices=SIDES, default="left", help="the end that intervals contain (default: %(default)s)")
    kinds = ", ".join(cells.TOLD)
    add("--type", metavar="COL=KIND", type=told, action="append", default=[], help=f"what a column holds: {kinds}")
    add("--tz", metavar="ZONE", type=zone, help="times without an offset are of this zone; all are shown in it")
    add("--at-least", metavar="K", type=cells.number, help="also tell when the level is at least K")
    add("--bin", metavar="LENGTH", type=step, help=f"also tell the means of bins: a length, or {', '.join(PERIODS)}")
    add("--first-fit", metavar="LENGTH", type=cells.length, help="also tell the first slot of this length that is free")
    add("--at-most", metavar="K", type=cells.number, help="how high the level may be in that slot (default: 0)")
    what = "all levels, or the times of --at-least, or the bins"
    add("--output", metavar="FILE", help=f"also write {what}, as {', '.join(writing.TABLES)}")
    add("--plot", metavar="FILE", help=f"also draw the levels, as {', '.join(writing.PICTURES)}")
    chosen = backend()
    version = f"intervalues {__version__} (backend {chosen.name}: {chosen.reason})"
    add("--version", action="version", version=version)
    return made


def told(text: str) -> tuple[str, str]:
    """Read what a column is told to hold."""
    column, _, kind = text.rpartition("=")
    if not column or kind not in cells.TOLD:
        choices = ", ".join(cells.TOLD)
        raise argparse.ArgumentTypeError(f"{quoted(text)} is not COLUMN=KIND, with one of {choices} as the kind")
    return column, kind


def zone(text: str) -> Any:
    """Read the name of a time zone, or an offset from UTC."""
    try:
        return zone_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def step(text: str) -> Any:
    """Read the length of bins."""
    return text if text in PERIODS else cells.length(text)


def run(options: argparse.Namespace) -> None:
    """Read the file, combine it, write what is to be written and print the summary."""
    question = asked(options)
    schedule = read_schedule(options.file, question)
    shown = files.shown(options.file)
    try:
        answers = answered(schedule, options)
        # before the files, so that failing leaves nothing behind
        text = summary.summary(shown, schedule, question, answers, titles(options))
    except (ValueError, TypeError, OverflowError) as error:
        raise ValueError(f"{shown}: {error}") from error
    writing.write_whole(writings(schedule, answers, options))
    say(text)


def asked(options: argparse.Namespace) -> Question:
    """Give the question that the options ask of the file; ValueError for those that do not go together."""
    if options.output is not None:
        writing.check_extension(options.output, writing.TABLES)
        if options.bin is not None and options.at_least is not None:
            raise ValueError(f"{options.output}: it holds bins, or times of --at-least: leave --bin or --at-least out")
    if options.plot is not None:
        writing.check_extension(options.plot, writing.PICTURES)
    if options.at_most is not None and options.first_fit is None:
        raise ValueError("--at-most goes with --first-fit")
    kinds = {column: cells.TOLD[kind] for column, kind in options.type}
    for column in kinds:
        if column not in (options.start, options.stop, options.value):
            raise ValueError(f"--type is about {quoted(column)}, which none of --start, --stop and --value names")
    if kinds.get(options.value, cells.NUMBERS) is not cells.NUMBERS:
        raise ValueError(f"--type: values are numbers, so {quoted(options.value)} can be of no other kind")
    names = options.start, options.stop, options.value, options.by
    return Question(*names, options.how, options.closed, options.missing, kinds, options.tz)


def answered(schedule: Schedule, options: argparse.Namespace) -> list[Answer]:
    """Answer for each group, and for all together."""
    span = schedule.together.span
    if span is not None and options.bin is not None and (is_open(span.start) or is_open(span.stop)):
        raise ValueError("--bin: an interval is open, and bins need an end")
    if span is not None and options.first_fit is not None and is_open(span.start):
        raise ValueError("--first-fit: there is no first slot, since an interval has no start")

    in_floats = schedule.together._steps.domain == FLOATS

    def answer(name: str, number: int, levels: IntervalCollection[Any, Any]) -> Answer:
        worth_floats = levels._steps.kind is FLOAT
        enough = None if options.at_least is None else levels >= fitting(options.at_least, worth_floats)
        bins = fit = None
        if span is not None and options.bin is not None:
            with naming("--bin", options.bin, span.start):
                bins = levels.bin(fitting(options.bin, in_floats), within=(span.start, span.stop))
        if span is not None and options.first_fit is not None:
            with naming("--first-fit", options.first_fit, span.start):
                most = fitting(options.at_most or 0, worth_floats)
                found = levels.first_fit(fitting(options.first_fit, in_floats), most, after=span.start)
                fit = NOWHERE if found is None else found
        return Answer(name, number, levels, enough, bins, fit)

    groups = [answer(summary.printable_label(key), schedule.counts[key], own) for key, own in schedule.groups.items()]
    return [*groups, answer("(all)", schedule.number, schedule.together)]


@contextmanager
def naming(option: str, given: Any, start: Any) -> Iterator[None]:
    """Name the option whose argument does not fit what the file holds, and that argument."""
    text = f"{option} {given if isinstance(given, str) else summary.lasting(given)}"
    if isinstance(given, dt.timedelta) and isinstance(start, cells.NUMBER_TYPES):
        raise ValueError(f"{text}: starts and stops are numbers, and so must a length be")
    if isinstance(given, cells.NUMBER_TYPES) and not isinstance(start, cells.NUMBER_TYPES):
        raise ValueError(f"{text}: starts and stops are times, so a length needs a unit, as in 15min")
    try:
        yield
    except (ValueError, TypeError, OverflowError) as error:
        raise ValueError(f"{text}: {str(error).partition('; ')[2] or error}") from error


def fitting(x: Any, in_floats: bool) -> Any:
    """Give a number as a float where it meets floats, with which Decimals do not mix."""
    return float(x) if in_floats and isinstance(x, Decimal) else x


def titles(options: argparse.Namespace) -> list[str]:
    """Give the titles of what else was asked: regions, bins and slots; an empty one for what was not."""
    given = options.first_fit
    each = options.bin if isinstance(options.bin, str) else summary.lasting(options.bin)
    return [
        "" if options.at_least is None else f"at least {options.at_least}:",
        "" if options.bin is None else f"means by {each}:",
        "" if given is None else f"first {summary.lasting(given)} with at most {options.at_most or 0}:",
    ]


def writings(schedule: Schedule, answers: Sequence[Answer], options: argparse.Namespace) -> list[writing.Writing]:
    """Give the files to write: with groups these, else all together."""
    found = []
    if options.output is not None:
        keys = [None] if options.by is None else list(schedule.groups)
        parts = [(key, segments(answer, options)) for key, answer in zip(keys, answers, strict=options.by is None)]
        found.append(writing.table_writer(options.output, options.by, parts, options.at_least is None))
    if options.plot is not None:
        found.append(writing.picture_writer(options.plot, schedule.together, schedule.groups))
    return found


def segments(answer: Answer, options: argparse.Namespace) -> Any:
    """Give what --output writes of a group: bins, the times of --at-least, or else all levels."""
    if options.bin is not None:
        return IntervalCollection().segments() if answer.bins is None else answer.bins
    return answer.levels.segments() if answer.enough is None else answer.enough.segments()


def say(text: str) -> None:
    """Print, whatever characters standard output can take."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding))
