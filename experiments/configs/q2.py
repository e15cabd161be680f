"""What a run of question 2 is made of, and the runs of a sweep."""

from dataclasses import dataclass, fields
from itertools import product
from typing import Any, ClassVar, Literal, get_args

from experiments.cli.ranges import EPOCHS, FRACTION, PENALTY, RATE, SIZE, Range
from experiments.configs.fields import Hyperparameter, RunConfig

# The names that `jaxmodels` uses, said again: a mistyped flag is answered before JAX loads.
ModelName = Literal["logistic_regression", "mlp"]
ActivationName = Literal["tanh", "relu"]
OptimizerName = Literal["sgd", "adam"]
MODELS: tuple[ModelName, ...] = get_args(ModelName)
LAYERS = Range(1, 1_000, whole=True)

HYPERPARAMETERS = {
    "epochs": Hyperparameter(EPOCHS, "passes through the training set", "e"),
    "batch_size": Hyperparameter(SIZE, "examples per step", "b"),
    "hidden_size": Hyperparameter(SIZE, "units of each hidden layer of the mlp", "h"),
    "layers": Hyperparameter(LAYERS, "hidden layers of the mlp", "l"),
    "learning_rate": Hyperparameter(RATE, "step size", "lr"),
    "l2_decay": Hyperparameter(
        PENALTY, "lambda; lambda * p joins every gradient, biases included", "l2_"
    ),
    "dropout": Hyperparameter(
        FRACTION, "probability that a hidden unit of the mlp is dropped", "d"
    ),
    "momentum": Hyperparameter(FRACTION, "share of the last step that sgd repeats", "m"),
    "activation": Hyperparameter(get_args(ActivationName), "of the mlp"),
    "optimizer": Hyperparameter(get_args(OptimizerName), "adam takes no momentum"),
}

MLP_ONLY = ("hidden_size", "layers", "dropout", "activation")
ALWAYS_NAMED = ("epochs", "batch_size", "learning_rate")


@dataclass(frozen=True)
class Q2Config(RunConfig):
    """One run of question 2; the last batch of an epoch may be shorter than the others.

    Attributes:
        seed: of the first weights, the batches and the dropout masks.
    """

    hyperparameters = HYPERPARAMETERS
    choices: ClassVar = {"model": MODELS}

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
        defaults = {field.name: field.default for field in fields(self)}
        named = [
            name
            for name in self.effective
            if name in ALWAYS_NAMED or getattr(self, name) != defaults[name]
        ]
        return "-".join([self.model, *self.parts(named), f"s{self.seed}"])


def expand(model: ModelName, values: dict[str, list[Any]], seeds: range) -> list[Q2Config]:
    """Return a sweep's runs: the product of the values, and of each element all seeds in a row.

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
    """Return the flags that were given more than one value."""
    return tuple(name for name, given in values.items() if len(set(given)) > 1)
