"""The JSON form: step functions and groups as text that people read too, and the same back. See docs/json.md."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any, NoReturn

from . import door, values
from .columns import code_column
from .coordinates import (
    EPOCH,
    EPOCH_UTC,
    INTS,
    MICRO,
    NANO,
    Dates,
    Datetimes,
    Decimals,
    Domain,
    Numbers,
    Ordered,
    Timedeltas,
    decimal_exponent,
    domain_of,
    is_aware,
    quoted,
)
from .pickling import check
from .steps import Steps, decoded
from .zones import zone_name, zone_of

VERSION = 1
LONG = 4000  # digits of an int: more are written to the base of 16, which costs no more than O(n)
UNITS = {"us": MICRO, "ns": NANO}
NO_TRAPS = Context(traps=[])  # what is no Decimal is read as NaN
MICROSECOND = dt.timedelta(microseconds=1)
NANOSECONDS = re.compile(r"(.*\.\d{6})(\d{3})(.*)", re.ASCII)
SECONDS = re.compile(r"(-?)PT(\d+)(?:\.(\d{1,9}))?S", re.ASCII)


def dump(name: str, steps: Steps) -> str:
    """Give the text of a step function of a class of this name. O(n)."""
    return json.dumps({"intervalues": VERSION, "type": name, **form(steps)}, ensure_ascii=False)


def dump_groups(groups: Mapping[Any, Steps]) -> str:
    """Give the text of step functions by key. O(n)."""
    listed = [[key_form(key), form(steps)] for key, steps in groups.items()]
    form_of_all = {"intervalues": VERSION, "type": "IntervalGroups", "groups": listed}
    return json.dumps(form_of_all, ensure_ascii=False, allow_nan=False)


def load(name: str, text: Any) -> Steps:
    """Give the step function back; ValueError if the text is none of a class of this name."""
    steps: Steps = reading(name, text, steps_of)
    return steps


def load_groups(text: Any) -> dict[Any, Steps]:
    """Give the step functions by key back; ValueError if the text is none."""
    groups: dict[Any, Steps] = reading("IntervalGroups", text, lambda found: dict(map(group_of, found["groups"])))
    return groups


def reading(name: str, text: Any, read: Callable[[dict[str, Any]], Any]) -> Any:
    """Read what a text holds, by a function; ValueError if that fails."""
    if not isinstance(text, str | bytes | bytearray):
        raise TypeError(f"text is of type {type(text).__name__}; it must be str or bytes")
    try:
        found = json.loads(text, parse_constant=refuse_constant)
        if found["intervalues"] != VERSION:
            raise ValueError(f"version {quoted(found['intervalues'])} is not known to this release")
        if found["type"] != name:
            raise ValueError(f"it is of type {quoted(found['type'])}")
        return read(found)
    except KeyError as error:
        raise ValueError(f"this is no JSON of an {name}: {error} is missing") from error
    except (ValueError, TypeError, OverflowError, ArithmeticError, AttributeError, RecursionError) as error:
        raise ValueError(f"this is no JSON of an {name}: {error}") from error


def refuse_constant(name: str) -> NoReturn:
    """Raise ValueError: JSON has no NaN and no infinity, though Python would read them."""
    raise ValueError(f"{name} is no number")


def form(steps: Steps) -> dict[str, Any]:
    """Give what JSON holds of a step function."""
    domain, kind = steps.domain if len(steps.points) else INTS, steps.kind
    levels = decoded(steps.levels, kind.decoder)
    return {
        "closed": steps.closed,
        **coordinate_form(domain),
        "values": "rows" if kind is values.ROWS else kind.name,
        "breakpoints": list(map(writer(domain), decoded(steps.points, None))),
        "levels": levels if kind is values.ROWS else list(map(written, levels)),
    }


def coordinate_form(domain: Domain) -> dict[str, Any]:
    """Give what JSON tells of a domain: the name of the type of coordinates, the unit and the zone of times."""
    if isinstance(domain, Numbers | Decimals):
        return {"coordinates": domain.flavour.__name__}
    if isinstance(domain, Dates):
        return {"coordinates": "date"}
    if isinstance(domain, Datetimes | Timedeltas):
        found = {"coordinates": "datetime" if isinstance(domain, Datetimes) else "timedelta"}
        found["unit"] = "us" if domain.unit == MICRO else "ns"
        zone = getattr(domain, "zone", None)
        return found if zone is None else {**found, "zone": zone_name(zone)}
    if isinstance(domain, Ordered) and domain.type is str:
        return {"coordinates": "str"}
    raise TypeError(f"{domain.name} have no form in JSON")


def writer(domain: Domain) -> Callable[[Any], Any]:
    """Give the function that writes codes of a domain."""
    if isinstance(domain, Datetimes):
        return lambda code: written_datetime(domain, code)
    if isinstance(domain, Timedeltas):
        return lambda code: written_seconds(code, domain.unit)
    if isinstance(domain, Dates):
        return lambda code: domain.decode(code).isoformat()
    return written if domain.decoder is None else lambda code: written(domain.decode(code))


def written(x: Any) -> Any:
    """Write a number or text: ints and floats as JSON's numbers, all else as text."""
    if type(x) is int:
        return x if abs(x) < 10**LONG else hex(x)
    if type(x) is Fraction:
        return "/".join(str(part) if abs(part) < 10**LONG else hex(part) for part in (x.numerator, x.denominator))
    return str(x) if type(x) is Decimal else x


def written_datetime(domain: Datetimes, code: int) -> str:
    """Write a moment as ISO 8601 has it, with six digits of a second if any, nine if counted in nanoseconds."""
    if domain.unit == MICRO:
        return domain.decode(code).isoformat()  # type: ignore[no-any-return]
    micros, nanos = divmod(code, NANO // MICRO)
    text = Datetimes(MICRO, domain.zone).decode(micros).isoformat(timespec="microseconds")
    return f"{text[:26]}{nanos:03}{text[26:]}"


def written_seconds(ticks: int, unit: int) -> str:
    """Write a length of time in seconds, as ISO 8601 does."""
    whole, rest = divmod(abs(ticks), unit)
    places = len(str(unit)) - 1
    fraction = f".{rest:0{places}}".rstrip("0") if rest else ""
    return f"{'-' * (ticks < 0)}PT{whole}{fraction}S"


def key_form(key: Any) -> Any:
    """Give what JSON holds of the key of a group: tuples as lists, what it has no word for by type and text."""
    if key is None or isinstance(key, bool | str):
        return key
    if isinstance(key, tuple):
        return list(map(key_form, key))
    domain = domain_of(key)
    if isinstance(domain, Numbers) and domain.flavour is not Fraction:
        return written(key)
    return {**coordinate_form(domain), "value": writer(domain)(domain.encode(key))}


def group_of(pair: Any) -> tuple[Any, Steps]:
    """Read a key and its step function."""
    key, found = pair
    return key_of(key), steps_of(found)


def key_of(found: Any) -> Any:
    """Read the key of a group."""
    if isinstance(found, list):
        return tuple(map(key_of, found))
    if not isinstance(found, dict):
        return found
    domain, (code,) = read_points({**found, "breakpoints": [found["value"]]})
    return domain.decode(code)


def steps_of(found: dict[str, Any]) -> Steps:
    """Read a step function, and check it in full."""
    domain, points = read_points(found)
    kind, levels = read_levels(found["values"], listed(found, "levels"))
    columns = code_column(points, domain.typecode), code_column(levels, kind.typecode)
    steps = Steps(domain, columns[0], kind, columns[1], found["closed"])
    check(steps)
    return steps


def read_levels(name: Any, levels: list[Any]) -> tuple[values.Kind, Sequence[Any]]:
    """Read levels: their kind and codes."""
    if name == "rows":
        return values.ROWS, list(map(tuple, levels))
    kind, codes = door.level_codes([read_number(name, x) for x in levels], lambda index: f"level {index}")
    if kind.name != name:
        raise ValueError(f"levels are of type {kind.name}, values of type {name}")
    return kind, codes


def listed(found: dict[str, Any], name: str) -> list[Any]:
    """Give the list of this name."""
    if not isinstance(found[name], list):
        raise ValueError(f"{name} is {quoted(found[name])}; it must be a list")
    return found[name]  # type: ignore[no-any-return]


def read_points(found: dict[str, Any]) -> tuple[Domain, Sequence[Any]]:
    """Read breakpoints: their domain and codes."""
    name, texts = found["coordinates"], listed(found, "breakpoints")
    if name == "datetime":
        moments = Datetimes(UNITS[found["unit"]], zone_of(found.get("zone")))
        return moments, [read_datetime(moments, text) for text in texts]
    if name == "timedelta":
        unit = UNITS[found["unit"]]
        return Timedeltas(unit), [read_seconds(text, unit) for text in texts]
    if name == "date":
        return Dates(), [Dates().encode(dt.date.fromisoformat(text)) for text in texts]
    if name == "str":
        if not all(isinstance(text, str) for text in texts):
            raise ValueError("a breakpoint is no text")
        return Ordered(str), list(texts)
    points = [read_number(name, x) for x in texts]
    if name in ("int", "float", "Fraction"):
        return Numbers({"int": int, "float": float, "Fraction": Fraction}[name]), points
    exponents = {decimal_exponent(x) if type(x) is Decimal else None for x in points}
    exponent = exponents.pop() if len(exponents) == 1 else None
    codes = points if exponent is None else [Decimals(exponent).encode(x) for x in points]
    grid = exponent is not None and isinstance(code_column(codes, "q"), memoryview)
    return (Decimals(exponent), codes) if grid else (Numbers(Decimal), points)  # type: ignore[arg-type]


def read_number(name: str, x: Any) -> Any:
    """Read a number that is to be of the type of this name, or an int among such."""
    if name not in ("int", "float", "Decimal", "Fraction"):
        raise ValueError(f"numbers of type {quoted(name)} are not known")
    if type(x) is int or (name == "float" and type(x) is float and math.isfinite(x)):
        return x
    if not isinstance(x, str) or name == "float":
        raise ValueError(f"{quoted(x)} is no {name}")
    if name == "Decimal":
        number = Decimal(x, NO_TRAPS)
        if not number.is_finite():
            raise ValueError(f"{quoted(x)} is no finite Decimal")
        return number
    if name == "int":
        return int(x, 16)
    numerator, denominator = (int(part, 0) for part in x.split("/"))
    return Fraction(numerator, denominator)


def read_datetime(domain: Datetimes, text: str) -> int:
    """Read a moment as a code of its domain."""
    nanos = 0
    if domain.unit == NANO:
        parts = NANOSECONDS.fullmatch(text)
        if parts is None:
            raise ValueError(f"{quoted(text)} has no nine digits of a second")
        text, nanos = parts[1] + parts[3], int(parts[2])
    moment = dt.datetime.fromisoformat(text)
    if is_aware(moment) != (domain.zone is not None):
        raise ValueError(f"{quoted(text)} has an offset and no zone, or a zone and no offset")
    micros = (moment - (EPOCH if domain.zone is None else EPOCH_UTC)) // MICROSECOND
    return micros * (domain.unit // MICRO) + nanos


def read_seconds(text: str, unit: int) -> int:
    """Read a length of time as ticks."""
    parts = SECONDS.fullmatch(text)
    if parts is None:
        raise ValueError(f"{quoted(text)} is no length of time such as PT1.5S")
    ticks = Fraction(f"{parts[2]}.{parts[3] or 0}") * unit
    if ticks.denominator > 1:
        raise ValueError(f"{quoted(text)} is finer than its unit")
    return -ticks.numerator if parts[1] else ticks.numerator
