"""What one would use instead: each tool in the best form that a user of it would write.

The input is at hand in the tool's own form, a table or columns; what is measured ends with breakpoints and levels in
the tool's own form, neighbours of one level merged, as ours are. `digits=2` is written as each tool would: by
whole hundredths.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, NamedTuple

import numpy as np
from exact import Answer, canonical
from workloads import Columns


class Rival(NamedTuple):
    """A tool, prepared for one workload: `combine` is measured, `read` brings its answer into a common form."""

    name: str
    combine: Callable[[], Any]
    read: Callable[[Any], Answer]


def rivals(columns: Columns) -> list[Rival]:
    """Prepare every tool that is installed and can do this."""
    found = [*_numpy(columns)]
    for name, prepare in {
        "polars": _polars,
        "duckdb": _duckdb,
        "pandas": _pandas,
        "staircase": _staircase,
        "runlength": _runlength,
    }.items():
        if importlib.util.find_spec(name) is not None:
            rival = prepare(f"{name} {version(name)}", columns)
            if rival is not None:
                found.append(rival)
    return found


def _narrow(columns: Columns) -> bool:
    """Tell whether the ends lie so close together that counting at each beats sorting."""
    return columns.starts.dtype.kind == "i" and columns.stops.max() - columns.starts.min() < len(columns.starts)


def _scaled(columns: Columns, column: Any) -> Any:
    return column if columns.digits is None else np.rint(column * 10**columns.digits).astype(np.int64)


def _unscaled(columns: Columns, breakpoints: Any, levels: Any) -> Answer:
    """Read columns of a tool, in the units of the workload."""
    breakpoints, levels = np.asarray(breakpoints), np.asarray(levels)
    if columns.digits is not None:
        return canonical(breakpoints / 10**columns.digits, levels / 10**columns.digits)
    return canonical(breakpoints, levels)


def _last_of_each(at: Any, levels: Any) -> tuple[Any, Any]:
    """Keep the level behind the last of equal ends, and merge neighbours of one level."""
    last = np.flatnonzero(np.append(at[1:] != at[:-1], True))
    at, levels = at[last], levels[last]
    changes = np.flatnonzero(np.diff(levels, prepend=0))
    return at[changes], levels[changes]


def _numpy(columns: Columns) -> list[Rival]:
    starts, stops, values, _ = columns
    count = len(starts)

    def argsort() -> tuple[Any, Any]:
        at = np.concatenate([_scaled(columns, starts), _scaled(columns, stops)])
        worth = None if values is None else _scaled(columns, values)
        changes = np.repeat([1, -1], count) if worth is None else np.concatenate([worth, -worth])
        order = np.argsort(at)
        return _last_of_each(at[order], np.cumsum(changes[order]))

    def bincount() -> tuple[Any, Any]:
        length = stops.max() + 1
        changes = np.bincount(starts, minlength=length) - np.bincount(stops, minlength=length)
        at = np.flatnonzero(changes)
        return at, np.cumsum(changes[at])

    def packed() -> tuple[Any, Any]:
        codes = np.concatenate([starts << 1, stops << 1 | 1])
        codes.sort()
        return _last_of_each(codes >> 1, np.cumsum(1 - (codes << 1 & 2)))

    def packed_values() -> tuple[Any, Any]:
        bits = int(values.max()).bit_length()
        codes = np.concatenate([starts << bits + 1 | values << 1, stops << bits + 1 | values << 1 | 1])
        codes.sort()
        worth = codes >> 1 & (1 << bits) - 1
        return _last_of_each(codes >> bits + 1, np.cumsum(np.where(codes & 1, -worth, worth)))

    def read(result: tuple[Any, Any]) -> Answer:
        return _unscaled(columns, *result)

    name = f"NumPy {np.__version__}"
    found = [Rival(f"{name} argsort, cumsum", argsort, read)]
    if _narrow(columns) and values is None:
        found.append(Rival(f"{name} bincount", bincount, read))
    elif starts.dtype.kind == "i":
        found.append(Rival(f"{name} sort of packed ends", packed if values is None else packed_values, read))
    return found


def _polars(name: str, columns: Columns) -> Rival:
    import polars as pl

    data = {"start": columns.starts, "stop": columns.stops, "value": columns.values}
    frame = pl.DataFrame({key: column for key, column in data.items() if column is not None})

    def scaled(key: str) -> pl.Expr:
        return pl.col(key) if columns.digits is None else (pl.col(key) * 10**columns.digits).round().cast(pl.Int64)

    worth = pl.lit(1, pl.Int64) if columns.values is None else scaled("value")
    changes = pl.concat(
        [frame.lazy().select(at=scaled("start"), change=worth), frame.lazy().select(at=scaled("stop"), change=-worth)]
    )
    level = pl.col("change").cum_sum().alias("level")
    if _narrow(columns):
        sums = changes.group_by("at").agg(pl.col("change").sum()).filter(pl.col("change") != 0)
        query = sums.sort("at").select("at", level)
    else:
        # Beats grouping by three to two where nearly all ends differ.
        levels = changes.sort("at").select("at", level)
        last = (pl.col("at") != pl.col("at").shift(-1)).fill_null(True)
        query = levels.filter(last).filter(pl.col("level") != pl.col("level").shift(1).fill_null(0))

    return Rival(name, query.collect, lambda result: _unscaled(columns, result["at"], result["level"]))


def _duckdb(name: str, columns: Columns) -> Rival:
    import duckdb
    import pandas as pd

    data = {"start": columns.starts, "stop": columns.stops, "value": columns.values}
    frame = pd.DataFrame({key: column for key, column in data.items() if column is not None})
    database = duckdb.connect()
    database.register("frame", frame)
    database.execute("create table intervals as select * from frame")

    def scaled(key: str) -> str:
        return key if columns.digits is None else f"cast(round({key} * {10**columns.digits}) as bigint)"

    worth = "1" if columns.values is None else scaled("value")
    kind = "double" if columns.starts.dtype.kind == "f" and columns.digits is None else "bigint"
    query = f"""
        select point, cast(sum(change) over (order by point) as {kind}) as level
        from (
            select point, cast(sum(change) as {kind}) as change
            from (
                select {scaled("start")} as point, {worth} as change from intervals
                union all
                select {scaled("stop")}, -{worth} from intervals
            )
            group by point
            having sum(change) <> 0
        )
        order by point
    """
    return Rival(
        name,
        lambda: database.execute(query).fetchnumpy(),
        lambda result: _unscaled(columns, result["point"], result["level"]),
    )


def _pandas(name: str, columns: Columns) -> Rival:
    import pandas as pd

    data = {"start": columns.starts, "stop": columns.stops, "value": columns.values}
    frame = pd.DataFrame({key: column for key, column in data.items() if column is not None})

    def scaled(key: str) -> pd.Series:
        column = frame[key]
        return column if columns.digits is None else (column * 10**columns.digits).round().astype("int64")

    def count() -> pd.Series:
        starts, stops = (frame[key].value_counts(sort=False) for key in ("start", "stop"))
        changes = starts.sub(stops, fill_value=0)
        return changes[changes != 0].sort_index().cumsum()

    def sort() -> pd.Series:
        ends = pd.concat([scaled("start"), scaled("stop")])
        if columns.values is None:
            changes = pd.Series(np.repeat([1, -1], len(frame)), index=ends)
        else:
            worth = scaled("value")
            changes = pd.Series(pd.concat([worth, -worth]).to_numpy(), index=ends)
        levels = changes.sort_index().cumsum()
        levels = levels[~levels.index.duplicated(keep="last")]
        return levels[levels != levels.shift(fill_value=0)]

    def read(result: pd.Series) -> Answer:
        return _unscaled(columns, result.index, result)

    return Rival(name, count if _narrow(columns) and columns.values is None else sort, read)


def _staircase(name: str, columns: Columns) -> Rival | None:
    import pandas as pd
    import staircase

    if columns.digits is not None:
        return None  # it knows floats only
    data = {"start": columns.starts, "stop": columns.stops, "value": columns.values}
    frame = pd.DataFrame({key: column for key, column in data.items() if column is not None})
    value = None if columns.values is None else "value"

    def combine() -> Any:
        return staircase.Stairs(frame, start="start", end="stop", value=value).step_values

    return Rival(name, combine, lambda result: _unscaled(columns, result.index, result))


def _runlength(name: str, columns: Columns) -> Rival | None:
    import runlength

    if columns.starts.dtype.kind != "i":
        return None  # it knows whole coordinates only
    arguments = [column for column in columns[:3] if column is not None]

    def read(result: Any) -> Answer:
        stops = np.cumsum(np.asarray(result.runs))
        return canonical(np.append(0, stops), np.append(np.asarray(result.values), 0))

    return Rival(name, lambda: runlength.coverage(*arguments), read)
