"""Question 1's variants trained in waves, two at a time on two cores, until one agrees."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

import numpy as np

from experiments.checking.catalogue import BY_KEY, OTHER_SEEDS, PLAIN_LOOP, RIGHT, variants
from experiments.checking.training.cache import key_of, read_cached, write_cached
from experiments.checking.training.lazy_data import LazyData
from experiments.checking.training.recipe import recipe
from experiments.checking.training.train_variant import Result, train
from experiments.configs.q1 import Q1Config
from experiments.data.dataset import Dataset
from experiments.environment.provenance import cores
from experiments.parallel.pool import Output
from experiments.parallel.side_by_side import side_by_side

STEPS_WORTH_A_PROCESS = 400_000
"""A process of its own takes two seconds to begin."""
FIRST_SEEDS = 2
"""Seeds that are trained before the mistakes: three runs tell roughly what noise is."""


class Job(NamedTuple):
    """One training.

    Attributes:
        keys: of its variants.
        first_class: the class that has the number 0.
    """

    keys: tuple[str, ...]
    first_class: int = 0


@dataclass(frozen=True)
class Setup:
    """What all trainings of one question share.

    Attributes:
        part: the assignment's part.
        config: what it asks for, with as many epochs as are compared.
        every_epoch: whether every epoch is compared, or the last alone.
        whole: whether these are all epochs of the question.
    """

    part: str
    config: Q1Config
    every_epoch: bool
    whole: bool


def jobs(part: str, n_classes: int) -> list[Job]:
    """Return all trainings of a part: the assignment's, two seeds, and then what is common."""
    first = [RIGHT, *([PLAIN_LOOP] if part == "1.3" else []), *OTHER_SEEDS[:FIRST_SEEDS]]
    found = [Job((variant.key,)) for variant in first]
    for variant in variants(part):
        if variant in first or variant.read_out:
            continue
        if variant.order and variant.order.batch and part == "1.3":
            continue  # a minute an epoch, for what a script shows at once
        classes = range(1, n_classes) if variant.other_classes else (0,)
        found += [Job((variant.key,), k) for k in classes]
    return found


def seconds_per_epoch(config: Q1Config, data: Dataset) -> float:
    """Measure what one epoch of the assignment's loop takes here, on a part of it."""
    n = min(len(data.train), 1300)
    model = recipe((OTHER_SEEDS[0],), config, 0, len(data.class_names)).model
    params = model.initial(np.random.RandomState(0), data.train.pixels.shape[1])
    began = time.perf_counter()
    model.epoch_in_blocks(params, data.train.pixels, data.train.labels, np.arange(n))
    return (time.perf_counter() - began) * len(data.train) / n


def run(
    todo: Sequence[Job],
    setup: Setup,
    lazy: LazyData,
    output: Output,
    enough: Callable[[list[Result]], bool],
    seconds: float = math.inf,
) -> Iterator[list[Result]]:
    """Train the jobs, and hand over what each wave gave.

    Args:
        todo: what to train, in this order.
        setup: what they share.
        lazy: what to train on.
        output: where progress goes.
        enough: told all that is known after each wave; whether to stop there.
        seconds: no wave begins after so many.

    Yields:
        The results of each wave; those that are cached come first.
    """
    found = {job: cached for job in todo if (cached := _cached(job, setup, lazy)) is not None}
    known = [result for results in found.values() for result in results]
    if known:
        yield known
        if enough(known):
            return
    began = time.perf_counter()
    for results in _waves([job for job in todo if job not in found], setup, lazy, output):
        known += results
        yield results
        if enough(known) or time.perf_counter() - began > seconds:
            return


def _waves(
    todo: Sequence[Job], setup: Setup, lazy: LazyData, output: Output
) -> Iterator[list[Result]]:
    """Train one job at a time in this process where that is cheaper, else shares for each core."""
    if not todo:
        return
    steps = setup.config.epochs * lazy.description.sizes[0]
    at_once = cores()
    alone = len(todo) if at_once == 1 or steps * len(todo) < STEPS_WORTH_A_PROCESS else 0
    if steps < STEPS_WORTH_A_PROCESS:  # the first ones may be enough, and cost no process
        alone = max(alone, 1 + FIRST_SEEDS)
    for job in todo[:alone]:
        yield _train(job, setup, lazy, output)
    rest = todo[alone:]
    wave = at_once * math.ceil(STEPS_WORTH_A_PROCESS / steps)
    for start in range(0, len(rest), wave):
        some = rest[start : start + wave]
        shares = [some[k::at_once] for k in range(min(at_once, len(some)))]
        arguments = [(share, setup, lazy.source, lazy.description.sha256) for share in shares]
        trained = side_by_side(train_jobs, arguments, at_once, output)
        yield [result for results in trained for result in results]


def train_jobs(
    share: list[Job], setup: Setup, source: str | None, sha256: str, output: Output
) -> list[Result]:
    """Train several jobs in a process of their own, on the data that the first process saw.

    Raises:
        DataError: the file is another one by now.
    """
    lazy = LazyData(source, sha256)
    return [result for job in share for result in _train(job, setup, lazy, output)]


def _train(job: Job, setup: Setup, lazy: LazyData, output: Output) -> list[Result]:
    names = lazy.description.class_names
    chosen = [BY_KEY[key] for key in job.keys]
    made = recipe(chosen, setup.config, job.first_class, len(names))
    label = " + ".join(job.keys)
    every = setup.every_epoch or made.counts is not None
    shown = train(made, lazy.data, setup.config.epochs, every, lambda: output.advance(label))
    detail = f"class 0 is {names[job.first_class]}" if job.first_class else ""
    results = [Result(job.keys, detail, [dict(epoch.numbers) for epoch in shown])]
    for variant in variants(setup.part) if made.counts else ():
        if variant.read_out and (setup.whole or not variant.read_out.last_only):
            read = variant.read_out.read(shown)
            results += [Result((variant.key,), "", read)] if read is not None else []
    write_cached(_key(job, setup, lazy), results)
    return results


def _cached(job: Job, setup: Setup, lazy: LazyData) -> list[Result] | None:
    found = read_cached(_key(job, setup, lazy))
    return None if found is None else [Result(tuple(keys), *others) for keys, *others in found]


def _key(job: Job, setup: Setup, lazy: LazyData) -> str:
    return key_of(["numpy"], job, asdict(setup), lazy.description.sha256)
