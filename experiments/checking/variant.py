"""What a variant is: one way to get other numbers, with the theory that explains them."""

from typing import Literal, NamedTuple

Kind = Literal["right", "seed", "training", "readout"]

LINEAR = ("1.1a", "1.2a", "1.2b")
LOGISTIC = ("1.2a", "1.2b")
SCRATCH = (*LINEAR, "1.3")
NETWORKS = ("2.2a", "2.2b", "2.2c")
JAX = ("2.1", *NETWORKS)

NOISE_SEEDS = (43, 44, 45, 46)
OTHER_SEEDS = (0, 1, 123)


class Variant(NamedTuple):
    """One way to get other numbers.

    Attributes:
        key: its name.
        says: what was done.
        theory: why it matters.
        questions: where it can happen.
        kind: the assignment's loop itself, its noise, another training, or the same training with
            other numbers read off.
    """

    key: str
    says: str
    theory: str
    questions: tuple[str, ...]
    kind: Kind = "training"
