"""Two mistakes at once, and the three that are seen together, in the linear models.

Pairs are tried on the first epoch alone; those that agree there are trained as far as the numbers
go. Of each pair one changes features or order, which are the common ones, and cheap.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations

from experiments.checking.catalogue import variants
from experiments.checking.catalogue.shared_mistakes import FEATURES, ORDERS
from experiments.checking.catalogue.variant import LINEAR, Variant
from experiments.checking.training.lazy_data import LazyData
from experiments.checking.training.recipe import recipe
from experiments.checking.training.scratch_jobs import Job, Setup, run
from experiments.checking.training.train_variant import Result
from experiments.parallel.pool import Output

COMMON = (*FEATURES, *(variant for variant in ORDERS if variant.seed_like))


def pairs(part: str, setup: Setup) -> list[Job]:
    """Return every pair, and every order with both changes of the features."""
    own = [v for v in variants(part) if (v.linear or v.order) and not v.harmless]
    tried = [pair for pair in combinations(own, 2) if any(v in COMMON for v in pair)]
    triples = [(*FEATURES, v) for v in COMMON if v.order]
    return [
        Job(tuple(v.key for v in chosen))
        for chosen in (*tried, *triples)
        if _compatible(chosen, setup)
    ]


def run_pairs(
    setup: Setup,
    lazy: LazyData,
    output: Output,
    agrees_at_first: Callable[[Result], bool],
    enough: Callable[[list[Result]], bool],
    seconds: float,
) -> Iterator[list[Result]]:
    """Train the pairs whose first epoch agrees.

    Args:
        setup: what the single variants were trained with.
        lazy: what to train on.
        output: where progress goes.
        agrees_at_first: whether the numbers of the first epoch are those that were given.
        enough: whether to stop.
        seconds: no wave begins after so many.

    Yields:
        The results of the pairs that agree at first, trained as far as the numbers go.
    """
    if setup.part not in LINEAR:
        return
    first = replace(setup, config=replace(setup.config, epochs=1), every_epoch=True, whole=False)
    agreeing: list[Job] = []
    for results in run(pairs(setup.part, setup), first, lazy, output, lambda _: False, seconds):
        agreeing += [Job(tuple(v.key for v in r.chosen)) for r in results if agrees_at_first(r)]
    yield from run(agreeing, setup, lazy, output, enough, seconds)


def _compatible(chosen: tuple[Variant, ...], setup: Setup) -> bool:
    """Whether the variants change different things, which the block engine can step together."""
    try:
        recipe(chosen, setup.config)
    except ValueError:
        return False
    slow = [v for v in chosen if v.linear and not v.linear.in_blocks(setup.config.l2_penalty)]
    averaged = any(v.linear and v.linear.averaged for v in chosen)
    batch = any(v.order and v.order.batch for v in chosen)
    return not (slow or averaged or batch)
