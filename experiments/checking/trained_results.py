"""Variants trained until one explains the numbers; if none does, two mistakes at once.

Pairs are tried in the linear models, on the first epoch alone; those that agree there are trained
as far as the numbers go. Of each pair one changes features or order, which are the common ones, and
cheap.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

from experiments.assignment import Config
from experiments.checking.catalogue import BY_KEY, CATALOGUE, variants
from experiments.checking.catalogue.variant import LINEAR, Variant
from experiments.checking.noise import NEAR_DEVIATIONS, Claims, tells
from experiments.checking.training.lazy_data import LazyData
from experiments.checking.training.recipe import recipe
from experiments.checking.training.scratch_jobs import Job, Setup, jobs, run, seconds_per_epoch
from experiments.checking.training.train_variant import Result
from experiments.checking.verdict import TELLING_DIGITS, judge
from experiments.cli.console import Console
from experiments.configs.q1 import Q1Config
from experiments.environment.provenance import cores
from experiments.parallel.pool import Output

# Prints a line of what goes on.
Say = Callable[[str], None]

FEATURES = (BY_KEY["pixels over 255"], BY_KEY["no bias column"])
COMMON = (*FEATURES, *(v for v in CATALOGUE if v.order and v.seed_like))


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
    """Train variants until the numbers are explained, or the minutes are over."""
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

    if not isinstance(config, Q1Config):
        from experiments.checking.training.jax_jobs import run as run_jax

        shorter = replace(config, epochs=epochs)
        waves = run_jax(part, shorter, lazy, wanted.minutes, enough, say)
        return [result for wave in waves for result in wave]
    found: list[Result] = []
    setup = Setup(part, replace(config, epochs=epochs), wanted.every_epoch, epochs == config.epochs)
    todo = jobs(part, len(lazy.description.class_names))
    began = time.perf_counter()
    with Console(epochs * len(todo)) as console:
        for some in run(todo, setup, lazy, console, enough, 60 * wanted.minutes):
            if not found and len(some) < len(todo):
                say(_estimate(todo, setup, lazy))
            found += some
        left = 60 * wanted.minutes - (time.perf_counter() - began)
        explained = judge(claims, found, sizes)
        if telling and any(epoch == 1 for epoch, _ in claims) and explained.kind == "unlike":
            say("no single mistake agrees: trying two at once")
            for some in run_pairs(setup, lazy, console, claims, enough, left):
                found += some
    return found


def _estimate(todo: Sequence[Job], setup: Setup, lazy: LazyData) -> str:
    epochs = setup.config.epochs
    seconds = seconds_per_epoch(setup.config, lazy.data) * epochs * len(todo) / cores()
    each = "1 epoch" if epochs == 1 else f"{epochs} epochs"
    spent = f"{seconds / 60:.0f} minutes" if seconds >= 90 else f"{max(seconds, 1):.0f} s"
    return f"{len(todo)} trainings of {each} on {cores()} cores: about {spent}, less if one agrees"


def pairs(setup: Setup) -> list[Job]:
    """Return every pair, and every order with both changes of the features."""
    penalty = setup.config.l2_penalty
    own = [v for v in variants(setup.part) if not v.harmless and _in_blocks(v, penalty)]
    tried = [pair for pair in combinations(own, 2) if any(v in COMMON for v in pair)]
    triples = [(*FEATURES, v) for v in COMMON if v.order]
    found = []
    for chosen in (*tried, *triples):
        with suppress(ValueError):  # both change the same thing
            recipe(chosen, setup.config)
            found.append(Job(tuple(v.key for v in chosen)))
    return found


def run_pairs(
    setup: Setup,
    lazy: LazyData,
    output: Output,
    claims: Claims,
    enough: Callable[[list[Result]], bool],
    seconds: float,
) -> Iterator[list[Result]]:
    """Train the pairs whose first epoch agrees; the other arguments are those of `run`."""
    if setup.part not in LINEAR:
        return
    claims_of_first = {key: given for key, given in claims.items() if key[0] <= 1}
    first = replace(setup, config=replace(setup.config, epochs=1), every_epoch=True, whole=False)
    agreeing: list[Job] = []
    for results in run(pairs(setup), first, lazy, output, lambda _: False, seconds):
        agreeing += [Job(r.keys) for r in results if judge(claims_of_first, [r]).ranking[0].exact]
    yield from run(agreeing, setup, lazy, output, enough, seconds)


def _in_blocks(variant: Variant, penalty: float) -> bool:
    """Whether it changes a linear model, and the block engine can step what it changes."""
    linear, order = variant.linear, variant.order
    if linear:
        return linear.in_blocks(penalty) and not linear.averaged
    return order is not None and not order.batch
