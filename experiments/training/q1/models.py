"""The models of question 1 with the hyperparameters that a configuration gives them."""

from collections.abc import Callable

from experiments.configs.q1 import ModelName, Q1Config
from scratch.models import Model, logistic_regression_model, mlp_model, perceptron_model


def perceptron(_config: Q1Config, n_classes: int, _threads: int) -> Model:
    """Make question 1.1's model; it has no hyperparameter."""
    return perceptron_model(n_classes)


def logistic_regression(config: Q1Config, n_classes: int, _threads: int) -> Model:
    """Make question 1.2's model."""
    return logistic_regression_model(n_classes, config.learning_rate, config.l2_penalty)


def mlp(config: Q1Config, n_classes: int, threads: int) -> Model:
    """Make question 1.3's model; `threads` share its products."""
    return mlp_model(n_classes, config.hidden_size, config.learning_rate, threads=threads)


# Each model has its own function, of its name: from there the sources that decide its numbers are
# found (`experiments.training.describe`).
MODELS: dict[ModelName, Callable[[Q1Config, int, int], Model]] = {
    "perceptron": perceptron,
    "logistic_regression": logistic_regression,
    "mlp": mlp,
}


def make_model(config: Q1Config, n_classes: int, threads: int = 1) -> Model:
    """Make the model that a configuration asks for; `threads` share the MLP's products."""
    return MODELS[config.model](config, n_classes, threads)
