"""A week on an airfield: how many stands its timetable needs, when, and where one more plane fits."""

import heapq
from collections.abc import Iterable, Iterator

from intervalues import Interval, IntervalSet, combine_intervals

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY = 24 * 60  # everything is in minutes since Monday 00:00
WEEK = 7 * DAY
STANDS = 5

# Who is on the field every week: days, arrival, departure. A departure before the arrival is on the next day.
TIMETABLE = """
Mon-Fri 05:30 07:10  mail
Mon-Sun 21:40 06:20  ambulance, on call at night
Mon-Fri 06:45 08:30  commuter, first wave
Mon-Fri 07:00 08:45  commuter, first wave
Mon-Fri 07:15 09:00  commuter, first wave
Mon-Sat 08:15 11:30  flying school
Mon-Sat 08:15 12:00  flying school
Tue-Thu 08:00 10:15  survey
Mon-Fri 16:30 18:15  commuter, second wave
Mon-Fri 16:50 18:40  commuter, second wave
Mon-Fri 17:05 19:30  commuter, second wave
Thu-Sat 15:20 20:45  charter
Fri-Fri 14:00 19:15  weekend guests leave
Fri-Sun 17:30 09:30  weekend guests, overnight
Fri-Sun 17:45 10:45  weekend guests, overnight
Sat-Sun 10:00 17:00  gliders' tow
Sat-Sun 13:00 18:30  sightseeing
Sun-Sun 18:00 08:00  freighter, waiting for Monday
"""


def minute(clock: str) -> int:
    """Read "07:30" as minutes since midnight."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def shown(at: int) -> str:
    """Write a minute of the week as "Mon 07:30"."""
    day, rest = divmod(at, DAY)
    return f"{DAYS[day % 7]} {rest // 60:02}:{rest % 60:02}"


def stays(timetable: str) -> Iterator[Interval]:
    """Give every stay that begins in the week."""
    for line in timetable.strip().splitlines():
        days, arrival, departure, _ = line.split(maxsplit=3)
        first, last = (DAYS.index(day) for day in days.split("-"))
        for day in range(first, last + 1):
            start = day * DAY + minute(arrival)
            stop = start + (minute(departure) - minute(arrival)) % DAY
            yield Interval(start, stop)


def listed(title: str, stretches: Iterable[Interval]) -> None:
    """Print stretches of time under a title."""
    print(f"\n{title}")
    for start, stop, _ in stretches:
        print(f"  {shown(start)} - {shown(stop)}  {(stop - start) // 60:2} h {(stop - start) % 60:02} min")


def main() -> None:
    """Answer the questions that the keeper of an airfield has."""
    planes = combine_intervals(stays(TIMETABLE)).wrap(WEEK)  # who stays beyond Sunday is there on Monday
    week = IntervalSet([(0, WEEK)])
    by_day = IntervalSet((day * DAY + minute("06:00"), day * DAY + minute("22:00")) for day in range(7))
    print(f"Stands needed: {planes.max()}; there are {STANDS}. On average {planes.mean(within=week):.2f} are taken.")
    listed("When the peak is:", planes.argmax())
    listed(f"When planes exceed the {STANDS} stands:", planes > STANDS)
    room = (planes < STANDS) & by_day
    listed("Where one more fits, by day and for two hours at least:", (s for s in room if s.length >= 120))
    print("\nThe busiest quarters of an hour:")
    for start, stop, number in heapq.nlargest(10, planes.bin(15), key=lambda quarter: quarter.value):
        print(f"  {shown(start)} - {shown(stop)}  {number:.2f} planes on average")
    print(f"\nOn a day like any other, {planes.wrap(DAY)[minute('08:20')] / 7:.1f} planes are there at 08:20.")


if __name__ == "__main__":
    main()
