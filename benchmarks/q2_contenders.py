"""Question 2's contenders: each does one thing again and again, an epoch as a rule, and is timed.

ours       what `hw1-q2` does for an epoch: its compiled program, called as the command calls it
PyTorch    the eager script of `benchmarks.torch_script`, from the same first weights
training   our epoch without validation, for the share of the peak that the steps reach
peak       a large float32 matrix product in NumPy and in JAX: what this machine can do at most
"""

import os
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np

from benchmarks.running import Arrays, Contender, Found, Job
from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Dataset
from experiments.environment.provenance import cores
from experiments.environment.variables import set_jax_variables

PEAK_SIZE = 3072
"""Rows and columns of the peak's factors: 58 GFLOP a product, 38 MB a matrix."""
PEAK_REPEATS = 3


def ours(job: Job, data: Dataset) -> Contender:
    """Whole epochs of `hw1-q2`; several configurations make the columns of a sweep."""
    jax = _jax()

    from experiments.environment.compiled_programs import use_compiled_programs
    from experiments.training.q2.programs import Programs
    from jaxmodels.models import named_arrays
    from jaxmodels.sweep import sweep_epoch

    with tempfile.TemporaryDirectory() as folder:
        use_compiled_programs(Path(folder))
        programs, configs = Programs(data, job.mode), _configs(job)
        spec = programs.spec(configs)
        hyper, states = programs.start(configs)
        arguments = (hyper, states, programs.splits["train"], programs.splits["val"])
        began = time.perf_counter()
        jitted: Any = sweep_epoch(spec, job.mode)
        jitted.lower(*arguments).compile()
        cold = time.perf_counter() - began
        jax.clear_caches()
        programs.ready("epoch", spec, sweep_epoch, arguments)

    def again() -> Found:
        nonlocal states
        states, metrics = jax.block_until_ready(programs.epoch(spec, hyper, states))
        return {
            "train": metrics.train_loss.tolist(),
            "val": metrics.val_loss.tolist(),
            "correct": metrics.val_correct.tolist(),
        }

    def weights() -> Arrays:
        return {name: np.asarray(array)[0] for name, array in named_arrays(states.params).items()}

    compiling = {"cold": cold, "cached": programs.compile_seconds}
    return Contender(again, _xla_threads(), compiling, weights)


def _jax() -> Any:
    """JAX, as `hw1-q2` loads it, and here because PyTorch's process is to do without."""
    set_jax_variables()
    import jax

    return jax


def _xla_threads() -> int:
    """On how many threads XLA computes, by its own rule."""
    return int(os.environ.get("NPROC") or cores())


def _configs(job: Job) -> list[Q2Config]:
    return cast(list[Q2Config], list(job.configs))


def pytorch(job: Job, data: Dataset) -> Contender:
    """Whole epochs of the eager script, for one configuration."""
    import torch

    from benchmarks import torch_script

    (config,) = _configs(job)
    script = torch_script.start(config, data.train, data.val, len(data.class_names))
    if job.weights is not None:
        torch_script.set_weights(script.model, job.weights)

    def again() -> Found:
        train, val, correct = torch_script.run_epoch(script)
        return {"train": [train], "val": [val], "correct": [correct]}

    return Contender(again, torch.get_num_threads())


def training(job: Job, data: Dataset) -> Contender:
    """Our epoch's steps alone, for one configuration."""
    jax = _jax()

    from experiments.training.q2.programs import Programs
    from jaxmodels.training import train_epoch

    programs, configs = Programs(data, "sequential"), _configs(job)
    spec = programs.spec(configs)
    hyper, states = jax.tree.map(lambda leaf: leaf[0], programs.start(configs))
    program = jax.jit(partial(train_epoch, spec), donate_argnums=1)
    program = program.lower(hyper, states, programs.splits["train"]).compile()

    def again() -> Found:
        nonlocal states
        states, loss = jax.block_until_ready(program(hyper, states, programs.splits["train"]))
        return {"train": [float(loss)]}

    return Contender(again, _xla_threads())


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
    return Contender(again, cores())


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
