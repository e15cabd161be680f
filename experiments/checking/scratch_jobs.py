"""Question 1's variants trained in waves, two at a time on two cores, until one agrees."""

import math
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from experiments.checking.catalogue import variants
from experiments.checking.perceptrons import distinct_tie_orders
from experiments.checking.recipes import N_CLASSES, recipe
from experiments.checking.trace import Result, read_off, train
from experiments.configs.q1 import Q1Config
from experiments.data.dataset import Dataset
from experiments.data.load import load
from experiments.environment.provenance import cores
from experiments.parallel.pool import Output
from experiments.parallel.side_by_side import side_by_side

# Steps that are worth a process of their own, which takes two seconds to begin.
WORTH_A_PROCESS = 400_000


class Job:
    """One training that a wave can hold: a variant, or one of several with its name.

    Attributes:
        key: the variant's.
        recipe: what `experiments.checking.recipes` calls the training.
        detail: which of several with this key.
    """

    def __init__(self, key: str, recipe_key: str = "", detail: str = "") -> None:
        self.key, self.recipe, self.detail = key, recipe_key or key, detail


def jobs(question: str, data: Dataset) -> list[Job]:
    """All trainings of a question, the assignment's first and then what is common.

    Args:
        question: which.
        data: their training set decides how many perceptrons the ties make.
    """
    found: list[Job] = []
    for variant in variants(question):
        if variant.kind == "readout":
            continue
        if variant.key == "release v1":
            order = np.random.RandomState(42).permutation(len(data.train))
            orders = distinct_tie_orders(data.train.pixels, data.train.labels, order, N_CLASSES)
            first = sorted({o[0] for o in orders} - {0})
            names = data.class_names
            found += [Job(variant.key, f"ties {k}", f"class 0 is {names[k]}") for k in first]
        else:
            found.append(Job(variant.key))
            if question == "1.3" and variant.kind == "right":
                found.append(Job(variant.key, "plain loop", "example by example"))
    return found


def seconds_per_epoch(config: Q1Config, data: Dataset) -> float:
    """What one epoch of the assignment's loop takes here, measured on a part of it."""
    n = min(len(data.train), 1300)
    model = recipe("seed 0", config).model
    params = model.initial(np.random.RandomState(0), data.train.pixels.shape[1])
    began = time.perf_counter()
    model.epoch_in_blocks(params, data.train.pixels, data.train.labels, np.arange(n))
    return (time.perf_counter() - began) * len(data.train) / n


def run(
    todo: Sequence[Job],
    config: Q1Config,
    data: Dataset,
    source: str | None,
    every_epoch: bool,
    question_epochs: int,
    output: Output,
    enough: Callable[[list[Result]], bool],
) -> Iterator[list[Result]]:
    """Train the jobs, and hand over what each wave gave.

    Args:
        todo: what to train, in this order.
        config: what the question asks for, with as many epochs as are compared.
        data: what to train on.
        source: where other processes load it from.
        every_epoch: whether every epoch is compared, or the last alone.
        question_epochs: how many epochs the question has.
        output: where progress goes.
        enough: told what a wave gave; whether to stop there.

    Yields:
        The results of each wave.
    """
    steps = config.epochs * len(data.train)
    at_once = cores()
    if at_once == 1 or steps * len(todo) < WORTH_A_PROCESS:
        for job in todo:
            results = _train(job, config, data, every_epoch, question_epochs, output)
            yield results
            if enough(results):
                return
        return
    if steps < WORTH_A_PROCESS:  # the assignment's own may be enough, and costs no process
        results = _train(todo[0], config, data, every_epoch, question_epochs, output)
        yield results
        if enough(results):
            return
        todo = todo[1:]
    per_process = math.ceil(WORTH_A_PROCESS / steps)
    wave = at_once * per_process
    for start in range(0, len(todo), wave):
        some = todo[start : start + wave]
        shares = [some[k::at_once] for k in range(min(at_once, len(some)))]
        arguments = [(share, config, source, every_epoch, question_epochs) for share in shares]
        results = [r for rs in side_by_side(train_jobs, arguments, at_once, output) for r in rs]
        yield results
        if enough(results):
            return


def train_jobs(
    share: list[Job],
    config: Q1Config,
    source: str | None,
    every_epoch: bool,
    question_epochs: int,
    output: Output,
) -> list[Result]:
    """Several trainings in a process of their own."""
    data = load(source)
    return [
        result
        for job in share
        for result in _train(job, config, data, every_epoch, question_epochs, output)
    ]


def _train(
    job: Job,
    config: Q1Config,
    data: Dataset,
    every_epoch: bool,
    question_epochs: int,
    output: Output,
) -> list[Result]:
    made = recipe(job.recipe, config)
    watched = made.watch is not None
    shown = train(
        made, data, config.epochs, every_epoch or watched, lambda: output.advance(job.key)
    )
    if job.recipe.startswith("ties "):
        # Ties before the first step fall to the class that has the number 0 there.
        first = int(job.recipe.split()[1])
        for name, split in data.splits.items():
            shown[0][name] = float(np.mean(split.labels == first))
    found = [Result(job.key, job.detail, shown)]
    return found + (read_off(shown, question_epochs) if watched else [])
