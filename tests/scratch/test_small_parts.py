"""Features, softmax and evaluation: small functions with sharp edges."""

import numpy as np
import pytest
from jaxtyping import TypeCheckError

from scratch.evaluation import confusion, predict
from scratch.features import features, features_with_bias, weights_on_pixels
from scratch.models import Model, logistic_regression_model, mlp_model, perceptron_model
from scratch.softmax import cross_entropy, log_sum_exp, softmax


def test_features_are_pixels_over_256() -> None:
    pixels = np.array([[0, 1, 255]], np.uint8)
    assert np.array_equal(features(pixels), [[0.0, 1 / 256, 255 / 256]])
    assert np.array_equal(features_with_bias(pixels), [[0.0, 1 / 256, 255 / 256, 1.0]])


def test_softmax_of_huge_scores() -> None:
    """Differences of a thousand neither overflow nor turn a loss into infinity."""
    scores = np.array([1000.0, 0.0, -1000.0])
    assert np.array_equal(softmax(scores), [1.0, 0.0, 0.0])
    assert log_sum_exp(scores) == 1000.0
    assert cross_entropy(scores, 2) == 2000.0


def test_cross_entropy_of_even_odds() -> None:
    assert cross_entropy(np.zeros(6), 3) == pytest.approx(np.log(6), rel=1e-15)


def test_softmax_does_not_see_a_common_shift() -> None:
    scores = np.array([0.25, -1.5, 3.0])
    np.testing.assert_allclose(softmax(scores + 512), softmax(scores), rtol=1e-13)


@pytest.mark.parametrize("threads", [1, 2, 3, 40])
@pytest.mark.parametrize("chunk_size", [1, 3, 5, 64])
@pytest.mark.parametrize("bias_column", [False, True])
def test_predictions_do_not_depend_on_chunks(
    chunk_size: int, bias_column: bool, threads: int
) -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (11, 4), dtype=np.uint8)
    W = rng.normal(size=(3, 4 + bias_column))
    prepared = features_with_bias(pixels) if bias_column else features(pixels)
    scaled = weights_on_pixels(W, n_biases=int(bias_column))
    predicted = predict(lambda x: x @ scaled.T, pixels, bias_column, chunk_size, threads)
    assert np.array_equal(predicted, (prepared @ W.T).argmax(axis=1))


@pytest.mark.parametrize(
    "model",
    [perceptron_model(6), logistic_regression_model(6, 0.1, 0.0), mlp_model(6, 4, 0.1)],
    ids=["perceptron", "logistic regression", "MLP"],
)
def test_scores_of_pixels_are_those_of_features_bit_for_bit(model: Model) -> None:
    rng = np.random.RandomState(0)
    pixels = rng.randint(0, 256, (9, 12)).astype(np.uint8)
    params = model.initial(rng, 12)
    if model.bias_column:
        params = rng.normal(size=params.shape)
        x, raw = features_with_bias(pixels), np.column_stack([pixels, np.ones(9)])
    else:
        params = params._replace(b1=rng.normal(size=4), b2=rng.normal(size=6))
        x, raw = features(pixels), pixels.astype(float)
    expected = model.scores(params, x)
    assert np.array_equal(model.scores(model.on_pixels(params), raw), expected)
    assert not np.array_equal(model.scores(params, raw), expected)


def test_ties_go_to_the_lowest_class() -> None:
    pixels = np.ones((4, 2), np.uint8)
    assert not predict(lambda x: np.zeros((len(x), 6)), pixels, True, 3).any()


def test_confusion_counts_true_by_predicted() -> None:
    table = confusion(np.array([0, 0, 1, 2]), np.array([0, 2, 1, 0]), 3)
    assert table.tolist() == [[1, 0, 1], [0, 1, 0], [1, 0, 0]]


@pytest.mark.parametrize(
    "wrong",
    [np.zeros((2, 3)), np.zeros(3, np.float32), [0.0, 1.0]],
    ids=["two axes", "float32", "a list"],
)
def test_shapes_and_types_are_enforced_in_the_test_run(wrong: object) -> None:
    """The signature says `Float64[ndarray, "c"]`; without enforcement these would compute."""
    with pytest.raises(TypeCheckError):
        softmax(wrong)  # type: ignore[arg-type]


def test_axes_of_one_name_have_one_length() -> None:
    with pytest.raises(TypeCheckError):
        confusion(np.zeros(3, int), np.zeros(4, int), 6)
