"""A test run per mutant, forked from one process that has imported everything else.

Importing JAX takes longer than most tests, so it is done once; its backend, which has threads and
does not survive a fork, is left for the children to start. The changed text is handed to Python's
import in the child's memory: no file is ever written, and the checkout may be used meanwhile.
"""

import importlib
import importlib.machinery
import multiprocessing
import os
import resource
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import NamedTuple

import pytest

from mutation.watch import Watch

LIBRARIES = ("numpy", "sympy", "jax", "jax.numpy", "flax.nnx", "optax", "chex", "hypothesis",
             "hypothesis.extra.numpy", "jaxtyping", "beartype")  # fmt: skip
WALL = 900  # seconds after which a child is hung, however little it computed
MEMORY = 8 << 30

KILLED, SURVIVED, TIMED_OUT, BROKEN = "killed", "survived", "timed out", "does not import"


def import_libraries() -> None:
    """Import what the packages under test stand on, but nothing of theirs."""
    for name in LIBRARIES:
        importlib.import_module(name)
    from jax._src import xla_bridge

    if xla_bridge._backends:
        raise RuntimeError("a JAX backend is running: children would hang")
    warnings.filterwarnings("ignore", message=r".*os\.fork\(\)")


def replace_source(module: str, text: str) -> None:
    """Make Python's import read `text` where it would read the module's file."""
    changed = str(Path.cwd() / module)
    sys.dont_write_bytecode = True
    loader = importlib.machinery.SourceFileLoader
    read, stats = loader.get_data, loader.path_stats

    def get_data(self: importlib.machinery.SourceFileLoader, path: str) -> bytes:
        return text.encode() if str(path) == changed else read(self, path)

    def path_stats(self: importlib.machinery.SourceFileLoader, path: str) -> dict[str, float]:
        found = dict(stats(self, path))
        return found | {"mtime": 1} if str(path) == changed else found  # no cache is as old

    loader.get_data = get_data  # type: ignore[method-assign, assignment]
    loader.path_stats = path_stats  # type: ignore[method-assign]


def run_pytest(tests: list[str], watch: Watch, *, stop: bool) -> int:
    """Run tests in this process, quietly."""
    quiet = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header", "--tb=line",
             "-W", "ignore::pytest.PytestAssertRewriteWarning"]  # fmt: skip
    return int(pytest.main([*quiet, *(["-x"] if stop else []), *tests], plugins=[watch]))


class Job(NamedTuple):
    """One child to run: its name, its work and its limit of CPU."""

    name: str
    work: Callable[[], str]
    cpu_seconds: float


def run_jobs(jobs: Iterator[Job], processes: int) -> Iterator[tuple[str, str | None]]:
    """Run jobs a few at a time; give each one's answer, None where it died or hung."""
    context = multiprocessing.get_context("fork")
    running: dict[Connection, tuple[str, BaseProcess, float]] = {}
    try:
        while True:
            for job in islice(jobs, processes - len(running)):
                ours, theirs = context.Pipe(duplex=False)
                process = context.Process(target=_do, args=(job, theirs))
                process.start()
                theirs.close()  # so that the end of the process ends the pipe
                running[ours] = job.name, process, time.monotonic()
            if not running:
                return
            ready = wait(list(running), timeout=1)
            for pipe, (name, child, began) in list(running.items()):
                if pipe in ready or time.monotonic() - began > WALL:
                    del running[pipe]
                    yield name, _answer(child, pipe)
    finally:
        for pipe, (_, child, _) in running.items():
            _answer(child, pipe)


def _do(job: Job, pipe: Connection) -> None:
    """In a child: limit its means, and send the answer."""
    os.setsid()
    limit = int(job.cpu_seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if "MUTATION_SHOW" not in os.environ:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
    pipe.send(job.work())


def _answer(child: BaseProcess, pipe: Connection) -> str | None:
    """Return what a child has sent, if anything, and end it with all that it has started."""
    answer = None
    with suppress(EOFError, OSError):
        answer = pipe.recv() if pipe.poll() else None
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)  # type: ignore[arg-type]
    child.kill()  # it may have no group of its own yet
    child.join()
    pipe.close()
    return answer
