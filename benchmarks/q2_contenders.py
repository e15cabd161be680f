"""Question 2's contenders: each does one thing again and again, an epoch as a rule, and is timed.

ours       what `hw1-q2` does for an epoch: its compiled program, called as the command calls it
PyTorch    the eager script of `benchmarks.torch_script`, from the same first weights
training   our epoch without validation, for the share of the peak that the steps reach
peak       a large float32 matrix product in NumPy and in JAX: what this machine can do at most
"""

import tempfile
import time
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from benchmarks.rounds import Job
from experiments.data.dataset import Dataset

Found = dict[str, Any]

PEAK_SIZE = 3072
"""Rows and columns of the peak's factors: 58 GFLOP a product, 38 MB a matrix."""
PEAK_REPEATS = 3


class Contender(NamedTuple):
    """A contender that is ready to be timed.

    Attributes:
        again: does its thing once more, to the end, and gives what it found.
        compile_seconds: tracing and compiling anew ("cold") and with the compiled program on disk
            ("cached"); None for a contender that compiles nothing.
    """

    again: Callable[[], Found]
    compile_seconds: dict[str, float] | None = None


def timed(contender: Contender) -> Found:
    """Return what the contender finds, and how many seconds it took."""
    began = time.perf_counter()
    found = contender.again()
    return {"seconds": time.perf_counter() - began, **found}


def ours(job: Job, data: Dataset) -> Contender:
    """Whole epochs of `hw1-q2`; several configurations make the columns of a sweep."""
    jax = _jax()

    from experiments.training.q2.programs import Programs
    from jaxmodels.models import named_arrays
    from jaxmodels.sweep import sweep_epoch

    with tempfile.TemporaryDirectory() as folder:
        _keep_programs_in(folder)
        programs = Programs(data, job.mode)
        spec = programs.spec(job.configs)
        hyper, states = programs.start(job.configs)
        arguments = (hyper, states, programs.splits["train"], programs.splits["val"])
        began = time.perf_counter()
        jitted: Any = sweep_epoch(spec, job.mode)
        jitted.lower(*arguments).compile()
        cold = time.perf_counter() - began
        jax.clear_caches()
        programs.ready("epoch", spec, sweep_epoch, arguments)
    if job.first_weights:
        first = named_arrays(states.params)
        np.savez(
            job.first_weights,
            allow_pickle=False,
            **{name: np.asarray(array[0]) for name, array in first.items()},
        )

    def again() -> Found:
        nonlocal states
        states, metrics = jax.block_until_ready(programs.epoch(spec, hyper, states))
        return {
            "train": metrics.train_loss.tolist(),
            "val": metrics.val_loss.tolist(),
            "correct": metrics.val_correct.tolist(),
        }

    return Contender(again, {"cold": cold, "cached": programs.compile_seconds})


def _jax() -> Any:
    """JAX, imported here because PyTorch's process is to do without; much of it is not typed."""
    import jax

    return jax


def _keep_programs_in(folder: str) -> None:
    for option, value in (
        ("jax_compilation_cache_dir", folder),
        ("jax_persistent_cache_min_compile_time_secs", 0.0),
        ("jax_persistent_cache_min_entry_size_bytes", -1),
    ):
        _jax().config.update(option, value)


def pytorch(job: Job, data: Dataset) -> Contender:
    """Whole epochs of the eager script, for one configuration."""
    from benchmarks import torch_script

    (config,) = job.configs
    script = torch_script.start(config, data.train, data.val, len(data.class_names))
    if job.first_weights:
        with np.load(job.first_weights) as arrays:
            torch_script.set_weights(script.model, arrays)

    def again() -> Found:
        train, val, correct = torch_script.run_epoch(script)
        return {"train": [train], "val": [val], "correct": [correct]}

    return Contender(again)


def training(job: Job, data: Dataset) -> Contender:
    """Our epoch's steps alone, for one configuration."""
    jax = _jax()

    from experiments.training.q2.programs import Programs
    from jaxmodels.training import train_epoch

    programs = Programs(data, "sequential")
    spec = programs.spec(job.configs)
    hyper, states = jax.tree.map(lambda leaf: leaf[0], programs.start(job.configs))
    program = jax.jit(partial(train_epoch, spec), donate_argnums=1)
    program = program.lower(hyper, states, programs.splits["train"]).compile()

    def again() -> Found:
        nonlocal states
        states, loss = jax.block_until_ready(program(hyper, states, programs.splits["train"]))
        return {"train": [float(loss)]}

    return Contender(again)


def peak(_: Job, __: Dataset) -> Contender:
    """Return the best of a few products of two large float32 matrices, in GFLOP/s, on all cores."""
    jax = _jax()
    rng = np.random.default_rng(0)
    A, B = rng.random((2, PEAK_SIZE, PEAK_SIZE), dtype=np.float32)
    product = jax.jit(partial(jax.numpy.matmul, precision="highest"))
    on_device = (jax.numpy.asarray(A), jax.numpy.asarray(B))

    def again() -> Found:
        return {
            "jax": best_gflops(lambda: product(*on_device).block_until_ready()),
            "numpy": best_gflops(lambda: A @ B),
        }

    again()
    return Contender(again)


def best_gflops(multiply: Callable[[], object]) -> float:
    """Return the best rate of a few calls, each a product of `PEAK_SIZE`."""
    best = np.inf
    for _ in range(PEAK_REPEATS):
        began = time.perf_counter()
        multiply()
        best = min(best, time.perf_counter() - began)
    return float(2 * PEAK_SIZE**3 / best / 1e9)


CONTENDERS: dict[str, Callable[[Job, Dataset], Contender]] = {
    "ours": ours,
    "PyTorch": pytorch,
    "training": training,
    "peak": peak,
}
