"""What a run of question 1 is made of. The same object is the command line and `config.json`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple, get_args

from experiments.cli.ranges import EPOCHS, PENALTY, RATE, SEED, SIZE, Range

ModelName = Literal["perceptron", "logistic_regression", "mlp"]
EngineName = Literal["block", "definition"]
MODELS: tuple[ModelName, ...] = get_args(ModelName)
ENGINES: tuple[EngineName, ...] = get_args(EngineName)

# The assignment's flags, with what a value may be and what it means.
HYPERPARAMETERS: dict[str, tuple[Range, str]] = {
    "epochs": (EPOCHS, "passes through the training set"),
    "hidden_size": (SIZE, "hidden units of the mlp"),
    "learning_rate": (RATE, "step size of logistic_regression and mlp"),
    "l2_penalty": (PENALTY, "lambda in W -= rate * (gradient + lambda * W), logistic_regression"),
}


class Traits(NamedTuple):
    """What has to be known of a model where it is not at hand.

    Attributes:
        effective: the hyperparameters that change its result; the others are accepted, as in the
            assignment's script.
        probabilistic: whether the softmax of its scores are probabilities.
    """

    effective: tuple[str, ...]
    probabilistic: bool


TRAITS: dict[ModelName, Traits] = {
    "perceptron": Traits(("epochs",), probabilistic=False),
    "logistic_regression": Traits(("epochs", "learning_rate", "l2_penalty"), probabilistic=True),
    "mlp": Traits(("epochs", "hidden_size", "learning_rate"), probabilistic=True),
}


@dataclass(frozen=True)
class Q1Config:
    """One run of question 1, with the assignment's defaults.

    Attributes:
        model: which of the three models.
        epochs: passes through the training set.
        hidden_size: hidden units of the MLP.
        learning_rate: step size.
        l2_penalty: lambda; the step is `W -= learning_rate * (gradient + l2_penalty * W)`.
        seed: of the order of examples and of the MLP's first weights.
        engine: "block", or "definition" for the textbook's loop; the iterates are the same.

    Raises:
        ValueError: a field is out of its range.
    """

    model: ModelName
    epochs: int = 20
    hidden_size: int = 100
    learning_rate: float = 0.001
    l2_penalty: float = 0.0
    seed: int = 42
    engine: EngineName = "block"

    def __post_init__(self) -> None:
        for name, allowed in (("model", MODELS), ("engine", ENGINES)):
            if getattr(self, name) not in allowed:
                raise ValueError(
                    f"{name}: got {getattr(self, name)!r}, expected one of {', '.join(allowed)}"
                )
        for name, (allowed_range, _) in HYPERPARAMETERS.items():
            allowed_range.check(name, getattr(self, name))
        SEED.check("seed", self.seed)

    @property
    def effective(self) -> tuple[str, ...]:
        """Those of the hyperparameters that change this run's result."""
        return TRAITS[self.model].effective

    @property
    def probabilistic(self) -> bool:
        """Whether the softmax of the model's scores are probabilities."""
        return TRAITS[self.model].probabilistic

    @property
    def slug(self) -> str:
        """Model and configuration as a folder's name, without what has no effect on the model."""
        short = {"epochs": "e", "hidden_size": "h", "learning_rate": "lr", "l2_penalty": "l2_"}
        parts = [f"{short[name]}{getattr(self, name):.15g}" for name in self.effective]
        if self.engine != "block":
            parts.append(self.engine)
        return "-".join([self.model, *parts, f"s{self.seed}"])

    @classmethod
    def from_dict(cls, fields: Mapping[str, object]) -> "Q1Config":
        """Make one of the fields that `config.json` holds; they are checked."""
        return cls(**fields)  # type: ignore[arg-type]

    def as_dict(self) -> dict[str, Any]:
        """The fields by name, as `config.json` holds them."""
        return asdict(self)
