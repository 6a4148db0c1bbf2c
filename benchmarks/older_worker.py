"""Runs in an environment with the older `intervalues` 0.4.0: combines what it is told to, and times itself.

Each line of the input is a list of JSON: `["load", FILE]` of pickled rows, `["run", "rust" or "python", digits]`, which
answers with seconds, or `["save", FILE]` of the last answer.
"""

import gc
import json
import pickle
import sys
import time

from intervalues.combine_intervals import combine_intervals, combine_via_rust

from intervalues import BaseInterval

intervals, meter = [], None
for line in sys.stdin:
    order, *arguments = json.loads(line)
    meter, answer = (meter if order == "save" else None), None
    if order == "load":
        with open(arguments[0], "rb") as file:
            intervals = [BaseInterval(row) for row in pickle.load(file)]
        gc.collect()
        gc.freeze()
        gc.disable()
    elif order == "run":
        path, digits = arguments
        before = time.perf_counter()
        meter = combine_via_rust(intervals, digits) if path == "rust" else combine_intervals(intervals)
        answer = time.perf_counter() - before
    else:
        segments = sorted((interval.start, interval.stop, value) for interval, value in meter.data.items())
        with open(arguments[0], "wb") as file:
            pickle.dump(segments, file)
    print(json.dumps(answer), flush=True)
