"""A contender in a process of its own, with memory and threads of its own, that waits for its turn.

`Running` is this process's side, `serve` the other's. `benchmarks.q1_contenders` and
`q2_contenders` have what is done there.
"""

import multiprocessing
import os
import signal
import statistics
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing, suppress
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any, Literal, NamedTuple, get_args

from benchmarks.machine import peak_mb
from experiments.cli.errors import CommandError
from experiments.cli.text import one_line
from experiments.configs.q1 import Q1Config
from experiments.configs.q2 import Q2Config

SweepMode = Literal["sequential", "vmap"]
SWEEP_MODES: tuple[SweepMode, ...] = get_args(SweepMode)
Found = dict[str, Any]
Arrays = dict[str, Any]


class Job(NamedTuple):
    """What a contender is to do.

    Attributes:
        contender: a key of its question's `CONTENDERS`.
        configs: what it trains; several are the columns of question 2's sweep.
        data: what `--data` names.
        mode: how the columns run.
        weights: PyTorch's first weights, which are ours, so that their losses can be told from
            those of a contender that trains wrongly.
        repeats: how often a turn does it, in a row as a command does: the first epoch after a pause
            takes longer, by 15 % where an epoch takes .06 s.
    """

    contender: str
    configs: tuple[Q1Config | Q2Config, ...]
    data: str | None = None
    mode: SweepMode = "sequential"
    weights: Arrays | None = None
    repeats: int = 1


class Contender(NamedTuple):
    """What is timed, ready to begin.

    Attributes:
        again: does its thing once more, an epoch as a rule, and gives what it found.
        threads: how many it computes on.
        compile_seconds: tracing and compiling anew ("cold") and with the compiled program on disk
            ("cached"); None for a contender that compiles nothing.
        weights: gives its weights as they are now, by name, where they are asked for.
    """

    again: Callable[[], Found]
    threads: int
    compile_seconds: dict[str, float] | None = None
    weights: Callable[[], Arrays] = dict


class Running:
    """A contender's process.

    Attributes:
        job: what it does.
        ready: `threads` and `compile_seconds`, as `Contender` has them.
        found: what the last of each round's repeats gave so far, with `peak_mb` and the `seconds`
            of one.
    """

    def __init__(self, job: Job, environment: Mapping[str, str] | None = None) -> None:
        """Start the process and wait until it is ready.

        Args:
            job: what it does.
            environment: variables to set for it.

        Raises:
            CommandError: it ended instead.
        """
        self.job = job
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=serve, args=(dict(environment or {}), theirs), daemon=True
        )
        self._process.start()
        theirs.close()
        self._tell(job)
        self.found: list[Found] = []
        self.ready: Found = self._answer()

    @property
    def seconds(self) -> list[float]:
        """What one of each round's repeats took."""
        return [found["seconds"] for found in self.found]

    @property
    def median_seconds(self) -> float:
        """The median of what the rounds took."""
        return statistics.median(self.seconds)

    def begin(self) -> None:
        """Tell the contender to do a round."""
        self._tell("again")

    def end(self) -> None:
        """Wait for the round's end; what it gave is then the last of `found`.

        Raises:
            CommandError: the contender ended.
        """
        self.found.append(self._answer())

    def weights(self) -> Arrays:
        """Return the contender's weights as they are now, by name."""
        self._tell("weights")
        return self._answer()

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def _tell(self, what: object) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):  # `_answer` says why
            self._pipe.send(what)

    def _answer(self) -> Found:
        try:
            answer = self._pipe.recv()
        except (EOFError, ConnectionResetError):
            self._process.join()
            answer = f"ended with exit code {self._process.exitcode}"
        if isinstance(answer, str):
            self.close()
            raise CommandError(f"{self.job.contender}: {answer}")
        found: Found = answer
        return found


def start(stack: ExitStack, job: Job, environment: Mapping[str, str] | None = None) -> Running:
    """Start a contender whose process ends with the stack; see `Running`."""
    return stack.enter_context(closing(Running(job, environment)))


def serve(environment: Mapping[str, str], pipe: Connection) -> None:
    """Be a contender: get ready for the job that comes first, then do what is told.

    NumPy loads only behind the variables: it reads them then.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one ends it
    os.environ.update(environment)
    try:
        job = pipe.recv()
        contender = _get_ready(job)
        pipe.send({"threads": contender.threads, "compile_seconds": contender.compile_seconds})
        while True:
            asked = pipe.recv()
            pipe.send(contender.weights() if asked == "weights" else _timed(contender, job.repeats))
    except EOFError:
        pass  # no more turns
    except Exception as error:
        pipe.send(one_line(traceback.format_exception_only(error)[-1]))


def _get_ready(job: Job) -> Contender:
    from experiments.data.load import load

    question = "q1" if isinstance(job.configs[0], Q1Config) else "q2"
    contenders = import_module(f"benchmarks.{question}_contenders").CONTENDERS
    contender: Contender = contenders[job.contender](job, load(job.data))
    return contender


def _timed(contender: Contender, repeats: int) -> Found:
    began = time.perf_counter()
    for _ in range(repeats):
        found = contender.again()
    seconds = (time.perf_counter() - began) / repeats
    return {"seconds": seconds, **found, "peak_mb": round(peak_mb())}
