"""Question 2's variants trained in turn, as many as the minutes allow."""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from functools import lru_cache, partial
from typing import Any

import jax
import jax.numpy as jnp

from experiments.assignment import Measure
from experiments.checking.catalogue import OTHER_SEEDS, RIGHT, variants
from experiments.checking.catalogue.jax_change import JaxChange
from experiments.checking.catalogue.readouts import Numbers
from experiments.checking.catalogue.variant import Variant
from experiments.checking.training.cache import key_of, read_cached, write_cached
from experiments.checking.training.jax_variant import (
    changed_epoch,
    drawn_params,
    evaluated_network,
)
from experiments.checking.training.lazy_data import LazyData
from experiments.checking.training.train_variant import Result
from experiments.cli.text import duration
from experiments.configs.q2 import Q2Config
from experiments.environment.jax_setup import prepare_jax
from experiments.environment.provenance import LIBRARIES
from experiments.training.q2.programs import Programs
from jaxmodels.evaluation import Evaluation, Split, evaluate
from jaxmodels.models import Params
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.training import CompiledSpec, start

# PyTorch draws other numbers than JAX: no seed is its 42, and noise is what there is to compare
# with. The seeds come first.
FIRST = (RIGHT, *OTHER_SEEDS[:4])
NO_CHANGE = JaxChange()

Program = Callable[..., Any]


def run(
    part: str,
    config: Q2Config,
    lazy: LazyData,
    minutes: float,
    enough: Callable[[list[Result]], bool],
    say: Callable[[str], None],
) -> Iterator[list[Result]]:
    """Train until the minutes are over or what is known is enough; each result as it comes.

    Args:
        part: the assignment's.
        config: what it asks for, with as many epochs as are compared.
        lazy: what to train on.
        minutes: no training begins that would not end in so many.
        enough: told all that is known after the seeds and after every mistake.
        say: prints a line.
    """
    rest = [v for v in variants(part) if v not in FIRST]
    todo = [*FIRST, *(v for v in rest if not v.right), *(v for v in rest if v.right)]
    programs: Programs | None = None
    known: list[Result] = []

    def tell(seconds: float) -> None:
        say(
            f"one training of {config.epochs} epochs takes about {duration(seconds)}; --minutes is "
            f"{minutes:g}, --epochs N or --log FILE compares fewer"
        )

    began, trained = time.perf_counter(), 0
    for variant in todo:
        name = key_of(LIBRARIES, variant.key, asdict(config), lazy.description.sha256)
        epochs: list[Numbers] | None = read_cached(name)
        if epochs is None:
            spent = time.perf_counter() - began
            if trained == 1:
                _estimate(len(todo), spent, minutes, say)
            if trained and spent * (trained + 1) / trained > 60 * minutes:
                return
            if programs is None:
                prepare_jax()
                programs = Programs(lazy.data)
            epochs = train_variant(variant, config, programs, None if trained else tell)
            trained += 1
            write_cached(name, epochs)
        known.append(Result((variant.key,), "", epochs))
        yield [known[-1]]
        if len(known) >= len(FIRST) and enough(known):
            return


def _estimate(n: int, seconds: float, minutes: float, say: Callable[[str], None]) -> None:
    fit = min(n, max(1, int(60 * minutes / max(seconds, 1e-9))))
    say(
        f"{n} trainings, the first took {duration(seconds)}: about {fit} of them in the minutes "
        f"that --minutes allows ({minutes:g})"
    )


def train_variant(
    variant: Variant,
    config: Q2Config,
    programs: Programs,
    tell: Callable[[float], None] | None = None,
) -> list[Numbers]:
    """Return what every epoch of one variant shows; the last has train and test accuracy too.

    `tell` is told how many seconds a long training takes, as soon as that is known.
    """
    change = variant.jax or NO_CHANGE
    config = replace(change.config(config), seed=variant.seed)
    spec = programs.spec([config])
    numbers = (config.learning_rate, config.momentum, config.l2_decay, config.dropout)
    hyper = Hyperparameters(*map(jnp.float32, numbers))
    state = start(spec, hyper, jnp.asarray(config.seed, jnp.uint32))
    if change.draw is not None:
        drawn = drawn_params(change.draw, state.params, jax.random.key(config.seed))
        state = state._replace(params=drawn)
    # What configuration and first weights say is no part of the programs: they are shared.
    epoch, evaluation = _compiled(spec, replace(change, config=NO_CHANGE.config, draw=None))
    train, val = programs.splits["train"], programs.splits["val"]
    shown: list[Numbers] = [{}]
    began = 0.0
    for number in range(1, config.epochs + 1):
        state, metrics = epoch(hyper, state, train, val)
        found = jax.device_get(metrics)
        losses: Numbers = {"loss": float(found.train_loss), "val_loss": float(found.val_loss)}
        shown.append(losses | {"val": float(found.val_correct) / len(val.labels)})
        if number == 1:
            began = time.perf_counter()  # the first epoch's time is the compiler's
        if tell and number == 2 and config.epochs > 10:
            tell((time.perf_counter() - began) * config.epochs)
    evaluated: tuple[Measure, ...] = ("train", "test")
    for name in evaluated:
        split = programs.splits[name]
        shown[-1][name] = float(evaluation(hyper, state.params, split).correct) / len(split.labels)
    return shown


@lru_cache(maxsize=64)
def _compiled(spec: CompiledSpec, change: JaxChange) -> tuple[Program, Program]:
    """Return the epoch and the evaluation with a change, one of each for all seeds."""

    def evaluation(hyper: Hyperparameters, params: Params, split: Split) -> Evaluation:
        return evaluate(evaluated_network(spec, change, hyper), params, split)

    return jax.jit(partial(changed_epoch, spec, change)), jax.jit(evaluation)
