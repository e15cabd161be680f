"""A contender of question 2 in a process of its own, which does an epoch whenever it is told to.

`python -m benchmarks.q2_child JOB`, called by `benchmarks.rounds`, JOB being a `Job` as JSON. It
prints a line of JSON when it is ready, then another for every line that it reads.
"""

import json
import sys

from benchmarks.rounds import Job
from experiments.environment.variables import set_jax_variables


def main(job: Job) -> None:
    """Get ready, say so, and serve until standard input ends."""
    # As `hw1-q2` sets them.
    set_jax_variables()

    from benchmarks.memory import peak_mb
    from benchmarks.q2_contenders import CONTENDERS, timed
    from experiments.data.load import load

    contender = CONTENDERS[job.contender](job, load(job.data))
    print(json.dumps({"compile_seconds": contender.compile_seconds}), flush=True)
    for _ in sys.stdin:
        found = timed(contender)
        print(json.dumps({**found, "peak_mb": round(peak_mb())}), flush=True)


if __name__ == "__main__":
    main(Job.from_json(sys.argv[1]))
