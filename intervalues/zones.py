"""Time zones by name: what JSON and dataframes keep of them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from zoneinfo import ZoneInfo

from .coordinates import quoted

OFFSET = re.compile(r"[+-]\d\d:\d\d(:\d\d(\.\d{1,6})?)?", re.ASCII)


def zone_name(zone: dt.tzinfo) -> str:
    """Give the name of a time zone, or its offset; TypeError if it has neither."""
    if isinstance(zone, dt.timezone):
        return "UTC" if zone == dt.UTC else dt.datetime(2000, 1, 1, tzinfo=zone).isoformat()[19:]
    name = getattr(zone, "key", None) or getattr(zone, "zone", None)
    if not isinstance(name, str):
        raise TypeError(f"the zone {quoted(zone)} has no name to write: show another by astimezone(...)")
    return name


def zone_of(name: Any) -> dt.tzinfo | None:
    """Give the time zone of a name or offset."""
    if name is None or name == "UTC":
        return name and dt.UTC
    if OFFSET.fullmatch(name):
        return dt.datetime.fromisoformat(f"2000-01-01T00:00:00{name}").tzinfo
    try:
        return ZoneInfo(name)
    except (KeyError, OSError) as error:
        raise ValueError(f"the zone {quoted(name)} is not known here") from error
