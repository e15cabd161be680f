"""The progress line: which run of how many, what share of the work, how much longer."""

import time
from collections.abc import Callable, Sequence

from experiments.cli.console import Console, progress_bar
from experiments.reproduction.estimate import Estimates, in_words, time_left
from experiments.reproduction.plan import Task


class Progress:
    """How far the runs of all jobs are, by the clock of the process that started them.

    A job is a list of tasks that one process does in turn; jobs are started in their order, so many
    at once. The estimates learn from what happens.
    """

    def __init__(
        self,
        jobs: Sequence[Sequence[Task]],
        at_once: int,
        estimates: Estimates,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._jobs, self._at_once, self._estimates, self._clock = jobs, at_once, estimates, clock
        self._started = 0
        self._began: dict[int, float] = {}  # of the jobs that run
        self._last_epoch: dict[int, float] = {}
        self._epochs = [0] * len(jobs)
        self._spent = 0.0
        self.finished = 0

    @property
    def total(self) -> int:
        """How many runs there are in all jobs."""
        return sum(map(len, self._jobs))

    def start(self, job: int) -> None:
        """Note that the job's process has been started."""
        self._began[job] = self._clock()
        self._started += 1

    def epoch(self, job: int) -> None:
        """Note one more epoch of the job; all but its first are timed."""
        now = self._clock()
        # A job of several runs on an accelerator trains them together: no epoch is one run's.
        if job in self._last_epoch and len(self._jobs[job]) == 1:
            self._estimates.learn(self._jobs[job][0].kind, now - self._last_epoch[job])
        self._last_epoch[job] = now
        self._epochs[job] += 1

    def run_done(self) -> None:
        """Note that one run is finished, or has failed."""
        self.finished += 1

    def end(self, job: int) -> float:
        """Note that the job is over, and return the seconds it took."""
        taken = self._clock() - self._began.pop(job)
        self._spent += taken
        if len(self._jobs[job]) == 1 and self._epochs[job] == self._jobs[job][0].epochs:
            self._estimates.learn_run(self._jobs[job][0].kind, self._epochs[job], taken)
        return taken

    def seconds_left(self) -> float:
        """Estimate the seconds until all jobs are done."""
        return time_left(*self._left(), self._at_once)

    def share(self) -> float:
        """Return the share of the work that is done, in process time, from 0 to 1."""
        now = self._clock()
        done = self._spent + sum(now - began for began in self._began.values())
        left = sum(map(sum, self._left()))
        return done / (done + left) if done + left else 1.0

    def text(self) -> str:
        """Write such as "run 7 of 30, 62 %, about 12 min left"."""
        number = min(self.finished + 1, self.total)
        return (
            f"run {number} of {self.total}, {self.share():.0%}, {in_words(self.seconds_left())}"
        ).replace("%", " %")

    def _left(self) -> tuple[list[float], list[float]]:
        """Return the seconds that each job takes yet: of those that run, and of those that wait."""
        waiting = range(self._started, len(self._jobs))
        return [*map(self._remaining, self._began)], [*map(self._whole, waiting)]

    def _whole(self, job: int) -> float:
        return sum(self._estimates.run(task.kind, task.epochs) for task in self._jobs[job])

    def _remaining(self, job: int) -> float:
        """Return what a running job still takes: the epochs it lacks, or the time it had not."""
        if not self._epochs[job]:
            return max(0.0, self._whole(job) - (self._clock() - self._began[job]))
        epochs = sum(task.epochs for task in self._jobs[job])
        whole = sum(task.epochs * self._estimates.per_epoch(task.kind) for task in self._jobs[job])
        return whole * max(0.0, 1 - self._epochs[job] / epochs)


class Display(Console):
    """Lines on stdout; below them, on a terminal, one that is kept up to date on stderr."""

    def __init__(self) -> None:
        self._bar = progress_bar(total=1, bar_format="{desc}")

    def update(self, text: str) -> None:
        """Show the progress line on a terminal; elsewhere nothing."""
        self._bar.set_description_str(text)
