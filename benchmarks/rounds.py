"""Contenders that alternate: A B A B, so that whatever else the machine does hits all of them.

Each lives in a process of its own from the first round to the last, with memory and threads of its
own, and waits while the others have their turn.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import IO, Any, Literal, NamedTuple, cast, get_args

from benchmarks import child_environment
from experiments.cli.commands import CommandError
from experiments.configs.q2 import Q2Config

SweepMode = Literal["sequential", "vmap"]
SWEEP_MODES: tuple[SweepMode, ...] = get_args(SweepMode)
Found = dict[str, Any]


class Job(NamedTuple):
    """What a contender is to do.

    Attributes:
        contender: a key of `benchmarks.q2_contenders.CONTENDERS`.
        configs: what it trains; several are the columns of a sweep.
        data: what `--data` names.
        mode: how it runs the columns.
        first_weights: the file in which ours leaves its first weights and PyTorch finds them, so
            that their losses can be told from those of a contender that trains wrongly.
    """

    contender: str
    configs: tuple[Q2Config, ...] = ()
    data: str | None = None
    mode: SweepMode = "sequential"
    first_weights: str | None = None

    def to_json(self) -> str:
        """Return the job as text for a command line."""
        configs = [config.as_dict() for config in self.configs]
        return json.dumps({**self._asdict(), "configs": configs})

    @staticmethod
    def from_json(text: str) -> "Job":
        """Return the job that `to_json` wrote."""
        fields = json.loads(text)
        configs = tuple(Q2Config(**config) for config in fields.pop("configs"))
        return Job(configs=configs, **fields)


class Running:
    """A contender's process.

    Attributes:
        job: what it does.
        ready: what it said when it was ready.
        found: what its rounds gave so far.
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
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115  # closed by __exit__
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "benchmarks.q2_child", job.to_json()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            env={**child_environment(), **(environment or {})},
        )
        self._told = cast(IO[str], self._process.stdin)
        self._said = cast(IO[str], self._process.stdout)
        self.found: list[Found] = []
        self.ready = self._answer()

    def begin(self) -> None:
        """Tell the contender to do a round."""
        try:
            self._told.write("\n")
            self._told.flush()
        except BrokenPipeError:
            pass  # `end` says why

    def end(self) -> Found:
        """Wait for the round's end; what it gave.

        Raises:
            CommandError: the contender ended.
        """
        self.found.append(self._answer())
        return self.found[-1]

    def _answer(self) -> Found:
        line = self._said.readline()
        if not line:
            self._process.wait()
            self._errors.seek(0)
            *_, why = ["ended", *self._errors.read().splitlines()]
            self.close()
            raise CommandError(f"{self.job.contender}: {why}")
        return json.loads(line)

    def __enter__(self) -> "Running":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()
        self._errors.close()


def alternate(contenders: Sequence[Running], rounds: int) -> None:
    """Give every contender its turn, so many times; what they found is in their `found`."""
    for _ in range(rounds):
        for contender in contenders:
            contender.begin()
            contender.end()
