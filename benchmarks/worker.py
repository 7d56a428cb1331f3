"""One program in a process of its own: told what to run, it answers with seconds and its peak memory."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path

# whatever is asked to use one thread must not use more
for variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TBB_NUM_THREADS"):
    os.environ[variable] = "1"
sys.path.insert(0, str(Path(__file__).parent))

from programs import PROGRAMS  # noqa: E402 - the environment comes first


def timed(task: object, *arguments: object) -> tuple[float, object]:
    """Return the seconds that a call takes, and its result."""
    start = time.perf_counter()
    result = task(*arguments)
    return time.perf_counter() - start, result


def main(name: str) -> None:
    """Answer one line of JSON for each line `step rows seed` on stdin."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what programs print is not an answer
    program = PROGRAMS[name]()
    print(json.dumps({"ready": True}), file=answers, flush=True)
    for line in sys.stdin:
        step, rows, seed = line.split()
        if step == "summarise":
            outputs = program.outputs(int(rows), int(seed))
            seconds, _ = timed(program.summarise, outputs)
            del outputs
        else:
            seconds, result = timed(getattr(program, step), int(rows), int(seed))
            del result
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "peak": peak}), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
