"""Every variant, in the order in which they are tried: what is common first."""

from experiments.checking.catalogue.mistakes import MISTAKES
from experiments.checking.catalogue.variant import JAX, SCRATCH, Variant

SEEDS = (43, 44, 45, 46, 0, 1, 123)

RIGHT = Variant("right", (*SCRATCH, *JAX))
PLAIN_LOOP = Variant("plain loop", ("1.3",), plain_loop=True)
OTHER_SEEDS = tuple(
    Variant(f"seed {seed}", (*SCRATCH, *JAX), seed=seed, words="seed") for seed in SEEDS
)

CATALOGUE = (RIGHT, PLAIN_LOOP, *MISTAKES, *OTHER_SEEDS)

BY_KEY = {variant.key: variant for variant in CATALOGUE}
"""For what comes back from another process or from the cache."""


def variants(part: str) -> list[Variant]:
    """Return those of one part, what is common first."""
    return [variant for variant in CATALOGUE if part in variant.parts]
