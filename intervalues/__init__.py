"""Combine valued intervals: how much there is at every point. See `combine_intervals`."""

from ._version import __version__
from .accumulator import IntervalAccumulator
from .collection import IntervalCollection
from .columns import Column, Segments
from .combining import combine_intervals
from .dispatch import Backend, backend
from .groups import IntervalGroups
from .interval import Interval
from .pointwise import maximum, minimum, total
from .region import IntervalSet

__all__ = [
    "Backend",
    "Column",
    "Interval",
    "IntervalAccumulator",
    "IntervalCollection",
    "IntervalGroups",
    "IntervalSet",
    "Segments",
    "__version__",
    "backend",
    "combine_intervals",
    "maximum",
    "minimum",
    "total",
]
