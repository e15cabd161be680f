"""Question 2's variants trained in turn, as many as the minutes allow."""

import time
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from experiments.checking.catalogue import variants
from experiments.checking.jax_variants import (
    Change,
    changed_epoch,
    changed_network,
    configured,
    flax_weights,
)
from experiments.checking.trace import Result, Shown
from experiments.checking.variant import NOISE_SEEDS
from experiments.checking.verdict import Claims, judge
from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Dataset
from experiments.environment.jax_setup import prepare_jax
from experiments.training.q2.programs import Programs
from jaxmodels.evaluation import evaluate
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.training import CompiledSpec, start

# PyTorch draws other numbers than JAX: no seed is its 42, and noise is what there is to compare
# with. Its seeds come first.
_FIRST = ("right", *(f"seed {seed}" for seed in NOISE_SEEDS))


def results_of_jax(
    question: str,
    config: Q2Config,
    claims: Claims,
    data: Dataset,
    minutes: float,
    everything: bool,
    say: Callable[[str], None],
) -> list[Result]:
    """Train until the minutes are over, or the numbers are within noise.

    Args:
        question: which.
        config: what it asks for, with as many epochs as are compared.
        claims: what is compared.
        data: what to train on.
        minutes: no training begins that would not end in so many.
        everything: whether to go on when the numbers are within noise.
        say: prints a line.
    """
    prepare_jax()
    programs = Programs(data)
    catalogue = variants(question)
    rest = [v.key for v in catalogue if v.kind == "training"]
    others = [v.key for v in catalogue if v.kind == "seed" and v.key not in _FIRST]
    todo = [*_FIRST, *rest, *others]
    results: list[Result] = []
    began = time.perf_counter()
    for done, key in enumerate(todo):
        spent = time.perf_counter() - began
        if done == 1:
            _estimate(len(todo), spent, minutes, say)
        if done and spent * (done + 1) / done > 60 * minutes:
            break
        results.append(Result(key, "", _train(key, config, programs, done == 0, minutes, say)))
        whether_noise = done + 1 == len(_FIRST) and not everything
        if whether_noise and judge(claims, results, catalogue).good:
            break
    return results


def _estimate(n: int, seconds: float, minutes: float, say: Callable[[str], None]) -> None:
    fit = min(n, max(1, int(60 * minutes / seconds)))
    say(
        f"{n} trainings, the first took {seconds:.0f} s: about {fit} of them in the minutes that "
        f"--minutes allows ({minutes:g})"
    )


def _train(
    key: str,
    config: Q2Config,
    programs: Programs,
    first: bool,
    minutes: float,
    say: Callable[[str], None],
) -> list[Shown]:
    """What every epoch of one variant shows; the last has train and test accuracy too."""
    config, change = configured(key, config)
    spec = programs.spec([config])
    numbers = (config.learning_rate, config.momentum, config.l2_decay, config.dropout)
    hyper = Hyperparameters(*(jnp.asarray(number, jnp.float32) for number in numbers))
    state = start(spec, hyper, jnp.asarray(config.seed, jnp.uint32))
    if change.flax_weights:
        state = state._replace(params=flax_weights(state.params, jax.random.key(config.seed)))
    epoch = _compiled(spec, change)
    train, val = programs.splits["train"], programs.splits["val"]
    shown: list[Shown] = [{}]
    began = time.perf_counter()
    for number in range(1, config.epochs + 1):
        state, metrics = epoch(hyper, state, train, val)
        found = jax.device_get(metrics)
        correct = float(found.val_correct) / len(val.labels)
        shown.append(
            {"loss": float(found.train_loss), "val_loss": float(found.val_loss), "val": correct}
        )
        if first and number == 1:
            began = time.perf_counter()  # the first epoch's time is the compiler's
        if first and number == 2 and config.epochs > 10:
            per_run = (time.perf_counter() - began) * config.epochs
            say(
                f"one training of {config.epochs} epochs takes about {per_run / 60:.0f} minutes; "
                f"--minutes is {minutes:g}, --epochs N or --fast LOG compares fewer"
            )
    shown[-1] |= _final(spec, change, state.params, programs)
    return shown


@lru_cache(maxsize=64)
def _compiled(spec: CompiledSpec, change: Change) -> Callable[..., Any]:
    """One program for all seeds of a variant."""
    return jax.jit(partial(changed_epoch, spec, change))


def _final(spec: CompiledSpec, change: Change, params: Any, programs: Programs) -> Shown:
    count = jax.jit(partial(evaluate, changed_network(spec, change)))
    return {
        name: float(np.mean(np.asarray(count(params, programs.splits[name]).predicted) == labels))
        for name, labels in ((n, np.asarray(programs.splits[n].labels)) for n in ("train", "test"))
    }
