"""A finished run as one function of pixels, whichever question it is of."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float64, UInt8
from numpy.typing import NDArray

from experiments.cli.errors import RunFolderError
from experiments.configs.q1 import Q1Config
from experiments.configs.q2 import Q2Config
from experiments.plots.classes import class_names, image_shape
from experiments.runs.reader import Run
from experiments.runs.titles import configuration

CHUNK = 256


class TrainedModel(NamedTuple):
    """A trained model: its scores, for uint8 pixels `[n, d]`, are in the order of the class names.

    `weights` are those of a linear model's pixels. Of all but the perceptron the softmax of the
    scores are probabilities.
    """

    class_names: list[str]
    scores: Callable[[UInt8[np.ndarray, "n d"]], Float64[np.ndarray, "n c"]]
    weights: Float64[np.ndarray, "c d"] | None
    probabilistic: bool


def trained_model(run: Run) -> TrainedModel:
    """Return the model of a finished run of question 1 or 2.

    Raises:
        RunFolderError: it is another run, or its weights are not those of the configuration.
    """
    names, config = class_names(run), configuration(run.path, run.config)
    sizes = len(names), math.prod(image_shape(run))
    try:
        if isinstance(config, Q1Config):
            logits, weights = _scratch(run, config, *sizes)
        else:
            logits, weights = _jax(run, config, *sizes)
    except (KeyError, TypeError, ValueError) as error:
        raise RunFolderError(
            f"{run.path}: got weights that do not fit the configuration ({error}), expected a "
            "run's own; train it again"
        ) from None

    def scores(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
        chunks = (pixels[k : k + CHUNK] for k in range(0, len(pixels), CHUNK))
        return np.concatenate([np.asarray(logits(chunk), np.float64) for chunk in chunks])

    probabilistic = not isinstance(config, Q1Config) or config.probabilistic
    return TrainedModel(names, scores, weights, probabilistic)


def _scratch(run: Run, config: Q1Config, n_classes: int, n_pixels: int) -> tuple[Any, Any]:
    """Return question 1's scores as a function of pixels, and a linear model's weights."""
    from experiments.training.q1.models import make_model
    from scratch.features import features, features_with_bias
    from scratch.mlp import MLPParams

    model = make_model(config, n_classes)
    arrays, hidden = run.weights(), config.hidden_size
    if config.model != "mlp":
        W = _checked(arrays["W"], (n_classes, n_pixels + 1))
        return lambda pixels: model.scores(W, features_with_bias(pixels)), W[:, :-1]
    shapes = [(hidden, n_pixels), (hidden,), (n_classes, hidden), (n_classes,)]
    named = zip(MLPParams._fields, shapes, strict=True)
    params = MLPParams(*(_checked(arrays[name], shape) for name, shape in named))
    return lambda pixels: model.scores(params, features(pixels)), None


def _jax(run: Run, config: Q2Config, n_classes: int, n_pixels: int) -> tuple[Any, Any]:
    """Return the same of question 2, computed in float32 as in training."""
    import jax
    import jax.numpy as jnp

    from experiments.environment.jax_setup import prepare_jax
    from jaxmodels.models import Architecture, network

    prepare_jax()
    shape = (config.hidden_size, config.layers, config.activation)
    own = shape if config.model == "mlp" else ()
    net = network(Architecture(config.model, n_pixels, n_classes, *own))
    expected = jax.eval_shape(net.initial, jax.random.key(0))
    paths, structure = jax.tree_util.tree_flatten_with_path(expected)
    arrays = run.weights()
    leaves = [
        jnp.asarray(_checked(arrays[".".join(str(step.key) for step in path)], leaf.shape))
        for path, leaf in paths
    ]
    params = jax.tree.unflatten(structure, leaves)
    linear = config.model == "logistic_regression"
    weights = np.asarray(arrays["output.weight"], np.float64) if linear else None
    return jax.jit(lambda pixels: net.logits(params, pixels, None)), weights


def _checked(array: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    if array.shape != shape or array.dtype.kind != "f":
        raise ValueError(f"{array.dtype} {list(array.shape)} for {list(shape)}")
    return array


def probabilities(scores: Float64[np.ndarray, "n c"]) -> Float64[np.ndarray, "n c"]:
    """`exp(s_k) / sum_j exp(s_j)`, a row per example."""
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)
