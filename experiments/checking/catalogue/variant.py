"""What a variant is: one way to get other numbers, with the theory that explains them.

The same definition trains the variant beside a log and steps it beside a script. What it is called
and why it matters stands in words.toml.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from experiments.checking.catalogue.jax_change import JaxChange
from experiments.checking.catalogue.linear_change import LinearChange
from experiments.checking.catalogue.network_change import NetworkChange
from experiments.checking.catalogue.orders import OrderChange
from experiments.checking.catalogue.readouts import ReadOut

LINEAR = ("1.1a", "1.2a", "1.2b")
LOGISTIC = ("1.2a", "1.2b")
SCRATCH = (*LINEAR, "1.3")
NETWORKS = ("2.2a", "2.2b", "2.2c")
JAX = ("2.1", *NETWORKS)

SEED = 42


WORDS: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("words.toml").read_text("utf-8")
)


@dataclass(frozen=True, eq=False)
class Variant:
    """One way to get other numbers. What it leaves at None stays as the assignment has it.

    Attributes:
        key: its name in `--list` and JSON, and of its words.
        parts: the assignment's parts where it can happen.
        linear: how a linear model differs.
        network: how question 1.3's network differs.
        jax: how question 2's training differs.
        order: how the order of the examples differs.
        read_out: which other numbers are read off the right training.
        seed: of the generator.
        other_classes: whether the classes may have any other numbers.
        plain_loop: whether the network is summed as a plain loop sums.
        seed_like: whether it trains as well as another seed does, so that it is no mistake unless
            every digit agrees.
        harmless: whether the assignment's numbers are the same with it.
        words: the entry of words.toml that several share, each with the number that its key ends
            in; None for the one under its key.
    """

    key: str
    parts: tuple[str, ...]
    linear: LinearChange | None = None
    network: NetworkChange | None = None
    jax: JaxChange | None = None
    order: OrderChange | None = None
    read_out: ReadOut | None = None
    seed: int = SEED
    other_classes: bool = False
    plain_loop: bool = False
    seed_like: bool = False
    harmless: bool = False
    words: str | None = None

    @property
    def says(self) -> str:
        """What was done."""
        return WORDS[self.words or self.key]["says"].format(self.key.split()[-1])

    @property
    def theory(self) -> str:
        """Why it matters."""
        return WORDS[self.words or self.key]["theory"]

    @property
    def right(self) -> bool:
        """Whether it is the assignment's loop itself, with its seed or another."""
        return (
            not (self.linear or self.network or self.jax or self.order or self.read_out)
            and not self.other_classes
        )

    @property
    def is_seed(self) -> bool:
        """Whether it is the assignment's loop with another seed."""
        return self.right and self.seed != SEED
