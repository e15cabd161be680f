"""A test run per mutant, forked from one process that has imported everything else.

Importing JAX takes longer than most tests, so it is done once; its backend, which has threads and
does not survive a fork, is left for the children to start. The changed text is handed to Python's
import in the child's memory: no file is ever written, and the checkout may be used meanwhile.
"""

import importlib
import importlib.machinery
import os
import resource
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, NoReturn

import pytest

from mutation.watch import Watch

LIBRARIES = ("numpy", "sympy", "jax", "jax.numpy", "flax.nnx", "optax", "chex", "hypothesis",
             "hypothesis.extra.numpy", "jaxtyping", "beartype")  # fmt: skip
WALL = 900  # seconds after which a child is hung, however little it computed
MEMORY = 8 << 30

KILLED, SURVIVED, TIMED_OUT, BROKEN = "killed", "survived", "timed out", "does not import"


class Outcome(NamedTuple):
    """What became of a mutant.

    Attributes:
        verdict: one of the four above.
        test: the first test that failed.
    """

    verdict: str
    test: str


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


def fork(work: Callable[[], str], cpu_seconds: float) -> tuple[int, int]:
    """Start `work` in a child of limited means; give its pid and the end of its pipe."""
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        _in_child(work, write, cpu_seconds)
    os.close(write)
    return pid, read


def _in_child(work: Callable[[], str], write: int, cpu_seconds: float) -> NoReturn:
    code = 1
    try:
        os.setsid()
        limit = int(cpu_seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if "MUTATION_SHOW" not in os.environ:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
        answer = work().encode()
        while answer:
            answer = answer[os.write(write, answer) :]
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


class Job(NamedTuple):
    """One child to run: its name, its work and its limit of CPU."""

    name: str
    work: Callable[[], str]
    cpu_seconds: float


def run_jobs(jobs: Iterator[Job], processes: int) -> Iterator[tuple[str, str | None]]:
    """Run jobs a few at a time; give each one's answer, None where it died or hung."""
    running: dict[int, tuple[str, int, float, bytes]] = {}
    try:
        while True:
            while len(running) < processes and (job := next(jobs, None)) is not None:
                pid, pipe = fork(job.work, job.cpu_seconds)
                os.set_blocking(pipe, False)
                running[pid] = job.name, pipe, time.monotonic(), b""
            if not running:
                return
            for pid in list(running):
                name, pipe, began, answer = running[pid]
                answer += _waiting_in(pipe)
                running[pid] = name, pipe, began, answer
                if time.monotonic() - began > WALL:
                    os.killpg(pid, signal.SIGKILL)
                done, status = os.waitpid(pid, os.WNOHANG)
                if done:
                    answer += _waiting_in(pipe)
                    os.close(pipe)
                    del running[pid]
                    yield name, answer.decode() if status == 0 else None
            time.sleep(0.03)
    finally:
        for pid in running:
            os.killpg(pid, signal.SIGKILL)


def _waiting_in(pipe: int) -> bytes:
    answer = b""
    while True:
        try:
            piece = os.read(pipe, 1 << 16)
        except BlockingIOError:
            return answer
        if not piece:
            return answer
        answer += piece
