"""What a run of question 1 is made of."""

from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple, get_args

from experiments.cli.ranges import EPOCHS, PENALTY, RATE, SIZE
from experiments.configs.fields import Hyperparameter, RunConfig

ModelName = Literal["perceptron", "logistic_regression", "mlp"]
EngineName = Literal["block", "definition"]
MODELS: tuple[ModelName, ...] = get_args(ModelName)
ENGINES: tuple[EngineName, ...] = get_args(EngineName)

HYPERPARAMETERS = {
    "epochs": Hyperparameter(EPOCHS, "passes through the training set", "e"),
    "hidden_size": Hyperparameter(SIZE, "hidden units of the mlp", "h"),
    "learning_rate": Hyperparameter(RATE, "step size of logistic_regression and mlp", "lr"),
    "l2_penalty": Hyperparameter(
        PENALTY, "lambda in W -= rate * (gradient + lambda * W), logistic_regression", "l2_"
    ),
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
class Q1Config(RunConfig):
    """One run of question 1.

    Attributes:
        seed: of the order of examples and of the MLP's first weights.
        engine: "block", or "definition" for the textbook's loop; the iterates are the same.
    """

    hyperparameters = HYPERPARAMETERS
    choices: ClassVar = {"model": MODELS, "engine": ENGINES}

    model: ModelName
    epochs: int = 20
    hidden_size: int = 100
    learning_rate: float = 0.001
    l2_penalty: float = 0.0
    seed: int = 42
    engine: EngineName = "block"

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
        engine = [] if self.engine == "block" else [self.engine]
        return "-".join([self.model, *self.parts(self.effective), *engine, f"s{self.seed}"])
