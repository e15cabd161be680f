"""A contender that answers at once, in place of a process."""

from typing import ClassVar

import numpy as np

from benchmarks.running import Job, Running


class Scripted:
    """A contender's process that answers at once, with times that are asked of a table."""

    told: tuple[str, ...] = ()
    times: ClassVar = {
        "ours": [0.5], "PyTorch": [0.75], "training": [0.4], "peak": [9.0],
        "engine": [0.25], "plain loop": [1.0],
    }  # fmt: skip

    def __init__(self, job: Job, environment: dict[str, str] | None = None) -> None:
        self.job, self.found = job, []
        self.times = Scripted.times[job.contender]
        self.slow = 1 if not environment or job.contender == "engine" else 2
        compiling = {"cold": 2.0, "cached": 0.5} if job.contender == "ours" else None
        self.ready = {"threads": 2, "compile_seconds": compiling}

    seconds, median_seconds = Running.seconds, Running.median_seconds

    def begin(self) -> None:
        Scripted.told += (self.job.contender,)

    def end(self) -> None:
        n = len(self.found)
        seconds = self.slow * self.times[n % len(self.times)]
        fallen = 0.1 * min(n, 5)
        self.found.append(
            {"seconds": seconds, "train": [1.8 - fallen], "val": [1.7 - fallen],
             "correct": [10, 2], "jax": 150.0, "numpy": 180.0, "peak_mb": 300 + n}
        )  # fmt: skip

    def weights(self) -> dict[str, np.ndarray]:
        return {"W": np.ones(3)}

    def close(self) -> None:
        pass
