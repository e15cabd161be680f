"""One step of each model, worked on paper."""

import numpy as np

from scratch import logistic_regression, mlp, perceptron


def test_perceptron_step() -> None:
    """Two classes tie at 0, class 0 is predicted, class 1 is right: `W_1 += x, W_0 -= x`."""
    x = np.array([0.5, 0.25, 1.0])
    W = perceptron.update(np.zeros((2, 3)), x, 1)
    assert np.array_equal(W, [[-0.5, -0.25, -1.0], [0.5, 0.25, 1.0]])
    # Now class 1 scores 1.3125 against -1.3125: right, so nothing moves.
    assert np.array_equal(perceptron.update(W, x, 1), W)


def test_logistic_regression_step() -> None:
    """From zero weights p = 1/2 each, so the step is `-rate * (-1/2, 1/2) x^T` without penalty.

    With W = (0, 0; 0, log 3) and x = (0, 1) the probabilities are 1/4 and 3/4; for class 0 the
    gradient's second column is (-3/4, 3/4) + l2 * (0, log 3).
    """
    step = logistic_regression.update(np.zeros((2, 2)), np.array([0.5, 1.0]), 0, 0.1, 7.0)
    np.testing.assert_allclose(step, [[0.025, 0.05], [-0.025, -0.05]], rtol=1e-15)

    W = np.array([[0.0, 0.0], [0.0, np.log(3)]])
    step = logistic_regression.update(W, np.array([0.0, 1.0]), 0, 0.1, 0.5)
    expected = [[0.0, 0.075], [0.0, np.log(3) - 0.1 * (0.75 + 0.5 * np.log(3))]]
    np.testing.assert_allclose(step, expected, rtol=1e-14)


def test_mlp_step() -> None:
    """Unit 0 fires with h = 2, unit 1 is silent; s = (log 3, 0), so p = (3/4, 1/4), and class 1.

    d2 = (3/4, -3/4). Back through W2, d1 = (3/4 * log(3)/2, silent): its second entry is 0.
    """
    half = np.log(3) / 2
    params = mlp.MLPParams(
        np.array([[1.0, 1.0], [-1.0, -1.0]]),
        np.array([1.0, 0.0]),
        np.array([[half, 5.0], [0.0, 7.0]]),
        np.zeros(2),
    )
    stepped, loss = mlp.update(params, np.array([0.5, 0.5]), 1, 0.1)
    assert loss == np.float64(np.log(4))
    np.testing.assert_allclose(stepped.b2, [-0.075, 0.075], rtol=1e-14)
    np.testing.assert_allclose(stepped.W2, [[half - 0.15, 5.0], [0.15, 7.0]], rtol=1e-14)
    d1 = 0.75 * half
    np.testing.assert_allclose(stepped.b1, [1 - 0.1 * d1, 0.0], rtol=1e-14)
    np.testing.assert_allclose(stepped.W1, [[1 - 0.05 * d1] * 2, [-1.0, -1.0]], rtol=1e-14)


def test_a_unit_at_exactly_zero_is_silent() -> None:
    """`[z > 0]`: z = 0 counts as off, in the definition and in the block engine alike."""
    params = mlp.MLPParams(
        np.array([[1.0, -1.0]]), np.zeros(1), np.array([[2.0], [0.0]]), np.zeros(2)
    )
    x = np.array([0.5, 0.5])
    _, slopes = mlp.backpropagate(params, x, 1)
    assert np.array_equal(slopes.b1, [0.0])
    assert np.array_equal(slopes.W1, [[0.0, 0.0]])
    top = mlp.OutputLayer(params, [1], 0.1)
    assert np.array_equal(top(0, np.zeros(1)), [0.0])
    # A unit just above zero is on: d1 = W2' d2 = 2 * 1/2, up to z itself.
    on = mlp.OutputLayer(params, [1], 0.1)(0, np.array([1e-12]))
    np.testing.assert_allclose(on, [-0.1], rtol=1e-9)
