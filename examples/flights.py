"""How many planes, and how many seats, were in the air at the peak: from each airport and from all together.

python flights.py [FILE]
"""

import csv
import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path

from intervalues import IntervalCollection, combine_intervals

AIRPORTS = {"JFK": "Kennedy", "LGA": "LaGuardia", "EWR": "Newark"}
LAYOUT = "{:<13} {:>7} {:>6}  {:<17} {:<10} {:>8}"


def read_flights(path: Path) -> list[dict[str, str]]:
    """Read the flights, a dict for each line."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def in_the_air(flights: list[dict[str, str]], seats: bool) -> IntervalCollection:
    """Count planes, or the seats in them, in the air at every moment."""
    return combine_intervals(
        start=[dt.datetime.fromisoformat(flight["departure"]) for flight in flights],
        stop=[dt.datetime.fromisoformat(flight["arrival"]) for flight in flights],
        value=[int(flight["seats"]) for flight in flights] if seats else None,
    )


def peak(name: str, flights: list[dict[str, str]], seats: bool) -> Iterator[str]:
    """Tell the peak, and each stretch of time for which it lasts."""
    level = in_the_air(flights, seats)
    for index, stretch in enumerate(level.argmax()):
        first = (name, len(flights), level.max()) if index == 0 else ("", "", "")
        minutes = f"{stretch.length // dt.timedelta(minutes=1)} min"
        yield LAYOUT.format(*first, f"{stretch.start:%a %d %b %H:%M}", f"until {stretch.stop:%H:%M}", minutes)


def main() -> None:
    """Print the peaks of planes and of seats."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("flights.csv")
    flights = read_flights(path)
    for unit in ("planes", "seats"):
        print(f"\nMost {unit} in the air (times are UTC)\n")
        print(LAYOUT.format("from", "flights", unit, "peak", "", "lasting"))
        for code, name in AIRPORTS.items():
            own = [flight for flight in flights if flight["origin"] == code]
            print(*peak(f"{code} {name}", own, unit == "seats"), sep="\n")
        print(*peak("all together", flights, unit == "seats"), sep="\n")


if __name__ == "__main__":
    main()
