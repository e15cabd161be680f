"""Every variant, in the order in which they are tried: what is common first.

Standard library only, for `--list`.
"""

from experiments.checking.catalogue_jax import JAX_MISTAKES
from experiments.checking.catalogue_linear import LINEAR_MISTAKES
from experiments.checking.catalogue_mlp import MLP_MISTAKES
from experiments.checking.catalogue_shared import READ_OFF, SHARED
from experiments.checking.variant import JAX, NOISE_SEEDS, OTHER_SEEDS, SCRATCH, Variant

_RIGHT = Variant("right", "the assignment's loop", "Nothing to explain.", (*SCRATCH, *JAX), "right")

_SEEDS = tuple(
    Variant(
        f"seed {seed}",
        f"seed {seed} instead of 42",
        "Another order of the examples; the right loop all the same.",
        (*SCRATCH, *JAX),
        "seed",
    )
    for seed in (*NOISE_SEEDS, *OTHER_SEEDS)
)

CATALOGUE = (
    _RIGHT,
    *READ_OFF,
    *LINEAR_MISTAKES,
    *SHARED,
    *MLP_MISTAKES,
    *JAX_MISTAKES,
    *_SEEDS,
)


def variants(question: str) -> list[Variant]:
    """Those of one question, what is common first; each of its names comes once."""
    return [variant for variant in CATALOGUE if question in variant.questions]
