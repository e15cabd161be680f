"""Variants trained until one explains the numbers, question 1's or question 2's."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from experiments.assignment import Config
from experiments.checking.training.lazy_data import LazyData
from experiments.checking.training.train_variant import Result
from experiments.checking.verdict import NEAR_DEVIATIONS, TELLING_DIGITS, Claims, judge, tells
from experiments.cli.console import Console
from experiments.configs.q1 import Q1Config
from experiments.environment.provenance import cores

Say = Callable[[str], None]


class Wanted(NamedTuple):
    """What numbers are compared with.

    Attributes:
        part: the assignment's.
        config: what it asks for, with all its epochs.
        claims: the numbers given.
        epochs: after how many the last of them were taken.
        every_epoch: whether every epoch is compared, or the last alone.
        everything: whether to go on when one variant agrees.
        minutes: how long it may take.
    """

    part: str
    config: Config
    claims: Claims
    epochs: int
    every_epoch: bool
    everything: bool
    minutes: float


def trained_results(wanted: Wanted, lazy: LazyData, say: Say) -> list[Result]:
    """Train variants until the numbers are explained, or the minutes are over.

    Args:
        wanted: the numbers and what they are of.
        lazy: what to train on.
        say: prints a line of what goes on.
    """
    part, config, claims, epochs = wanted[:4]
    sizes = lazy.description.sizes
    telling = tells(claims, sizes) >= TELLING_DIGITS

    def enough(known: list[Result]) -> bool:
        if wanted.everything:
            return False
        verdict = judge(claims, known, sizes)
        if telling and isinstance(config, Q1Config):
            return bool(verdict.ranking) and verdict.ranking[0].exact
        # Few digits tell no mistake from another seed: where they are noise, no more is trained.
        near = max(map(abs, verdict.deviations.values()), default=0.0) <= NEAR_DEVIATIONS
        return verdict.kind == "equal" or (verdict.good and verdict.over_seeds and near)

    found: list[Result] = []
    if not isinstance(config, Q1Config):
        from experiments.checking.training.jax_jobs import run as run_jax

        shorter = replace(config, epochs=epochs)
        for some in run_jax(part, shorter, lazy, wanted.minutes, enough, say):
            found += some
        return found
    from experiments.checking.training.pairs import run_pairs
    from experiments.checking.training.scratch_jobs import Setup, jobs, run

    setup = Setup(part, replace(config, epochs=epochs), wanted.every_epoch, epochs == config.epochs)
    todo = jobs(part)
    began = time.perf_counter()
    with Console(epochs * len(todo)) as console:
        for some in run(todo, setup, lazy, console, enough, 60 * wanted.minutes):
            if not found and len(some) < len(todo):
                say(_estimate(todo, setup, lazy, epochs))
            found += some
        left = 60 * wanted.minutes - (time.perf_counter() - began)
        first = {key: given for key, given in claims.items() if key[0] <= 1}
        explained = judge(claims, found, sizes)
        if telling and any(epoch == 1 for epoch, _ in first) and explained.kind == "unlike":
            say("no single mistake agrees: trying two at once")

            def agrees(result: Result) -> bool:
                return judge(first, [result]).ranking[0].exact

            for some in run_pairs(setup, lazy, console, agrees, enough, left):
                found += some
    return found


def _estimate(todo: Sequence[object], setup: Any, lazy: LazyData, epochs: int) -> str:
    from experiments.checking.training.scratch_jobs import seconds_per_epoch

    seconds = seconds_per_epoch(setup.config, lazy.data) * epochs * len(todo) / cores()
    each = "1 epoch" if epochs == 1 else f"{epochs} epochs"
    spent = f"{seconds / 60:.0f} minutes" if seconds >= 90 else f"{max(seconds, 1):.0f} s"
    return f"{len(todo)} trainings of {each} on {cores()} cores: about {spent}, less if one agrees"
