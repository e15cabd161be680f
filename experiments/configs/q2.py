"""What a run of question 2 is made of. The same object is the command line and `config.json`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from itertools import product
from typing import Any, Literal, get_args

from experiments.cli.ranges import EPOCHS, FRACTION, PENALTY, RATE, SEED, SIZE, Range

# The names that `jaxmodels` uses, said again: a mistyped flag is answered before JAX loads.
ModelName = Literal["logistic_regression", "mlp"]
ActivationName = Literal["tanh", "relu"]
OptimizerName = Literal["sgd", "adam"]
MODELS: tuple[ModelName, ...] = get_args(ModelName)
LAYERS = Range(1, 1_000, whole=True)

# The assignment's flags, with what a value may be and what it means.
HYPERPARAMETERS: dict[str, tuple[Range | tuple[str, ...], str]] = {
    "epochs": (EPOCHS, "passes through the training set"),
    "batch_size": (SIZE, "examples per step"),
    "hidden_size": (SIZE, "units of each hidden layer of the mlp"),
    "layers": (LAYERS, "hidden layers of the mlp"),
    "learning_rate": (RATE, "step size"),
    "l2_decay": (PENALTY, "lambda; lambda * p joins every gradient, biases included"),
    "dropout": (FRACTION, "probability that a hidden unit of the mlp is dropped"),
    "momentum": (FRACTION, "share of the last step that sgd repeats"),
    "activation": (get_args(ActivationName), "of the mlp"),
    "optimizer": (get_args(OptimizerName), "adam takes no momentum"),
}

MLP_ONLY = ("hidden_size", "layers", "dropout", "activation")


@dataclass(frozen=True)
class Q2Config:
    """One run of question 2, with the assignment's defaults.

    Attributes:
        model: which of the two models.
        epochs: passes through the training set.
        batch_size: examples per step; the last batch of an epoch may be shorter.
        hidden_size: units of each of the MLP's hidden layers.
        layers: how many hidden layers.
        learning_rate: step size.
        l2_decay: lambda; `lambda * p` is added to the gradient of every weight and bias.
        dropout: probability of a hidden unit being dropped in training.
        momentum: of SGD.
        activation: "relu" or "tanh".
        optimizer: "sgd" or "adam".
        seed: of the first weights, the batches and the dropout masks.

    Raises:
        ValueError: a field is out of its range.
    """

    model: ModelName
    epochs: int = 200
    batch_size: int = 64
    hidden_size: int = 200
    layers: int = 2
    learning_rate: float = 0.002
    l2_decay: float = 0.0
    dropout: float = 0.3
    momentum: float = 0.0
    activation: ActivationName = "relu"
    optimizer: OptimizerName = "sgd"
    seed: int = 42

    def __post_init__(self) -> None:
        _one_of("model", self.model, MODELS)
        for name, (allowed, _) in HYPERPARAMETERS.items():
            if isinstance(allowed, Range):
                allowed.check(name, getattr(self, name))
            else:
                _one_of(name, getattr(self, name), allowed)
        SEED.check("seed", self.seed)

    @property
    def effective(self) -> tuple[str, ...]:
        """Those of the hyperparameters that change this run's result."""
        without: tuple[str, ...] = () if self.model == "mlp" else MLP_ONLY
        if self.optimizer == "adam":
            without += ("momentum",)
        return tuple(name for name in HYPERPARAMETERS if name not in without)

    @property
    def slug(self) -> str:
        """Model, seed and what differs from the defaults, as a folder's name."""
        short = {
            "epochs": "e",
            "batch_size": "b",
            "hidden_size": "h",
            "layers": "l",
            "learning_rate": "lr",
            "l2_decay": "l2_",
            "dropout": "d",
            "momentum": "m",
            "activation": "",
            "optimizer": "",
        }
        always = ("epochs", "batch_size", "learning_rate")
        defaults = {field.name: field.default for field in fields(self)}
        parts = [
            f"{short[name]}{_text(getattr(self, name))}"
            for name in self.effective
            if name in always or getattr(self, name) != defaults[name]
        ]
        return "-".join([self.model, *parts, f"s{self.seed}"])

    @classmethod
    def from_dict(cls, fields: Mapping[str, object]) -> "Q2Config":
        """Make one of the fields that `config.json` holds; they are checked."""
        return cls(**fields)  # type: ignore[arg-type]

    def as_dict(self) -> dict[str, Any]:
        """The fields by name, as `config.json` holds them."""
        return asdict(self)


def expand(model: ModelName, values: dict[str, list[Any]], seeds: range) -> list[Q2Config]:
    """All runs of a sweep: the product of the values, and of each element all seeds in a row.

    A value given twice counts once.

    Raises:
        ValueError: a value is out of its range.
    """
    lists = [list(dict.fromkeys(given)) for given in values.values()]
    return [
        Q2Config(model, **dict(zip(values, chosen, strict=True)), seed=seed)
        for chosen in product(*lists)
        for seed in seeds
    ]


def varied(values: dict[str, list[Any]]) -> tuple[str, ...]:
    """The flags that were given more than one value."""
    return tuple(name for name, given in values.items() if len(set(given)) > 1)


def _one_of(name: str, value: object, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{name}: got {value!r}, expected one of {', '.join(allowed)}")


def _text(value: object) -> str:
    return f"{value:.15g}" if isinstance(value, (int, float)) else str(value)
