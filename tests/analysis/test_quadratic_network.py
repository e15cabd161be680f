"""phi, its coefficients and the network: questions 3.1 and 3.2, and what they refuse."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from quadratic_cases import SIZES, coefficients, fractions, plain_c, repeatable, thetas

from analysis import (
    Theta,
    a_theta,
    c_theta,
    forward,
    join_c,
    n_features,
    n_inputs,
    phi,
    predict,
    split_c,
)

EPS = np.finfo(np.float64).eps


def test_phi_is_the_assignments_order():
    assert phi(np.array([2.0, 3.0, 5.0])).tolist() == [1, 2, 3, 5, 4, 9, 25, 12, 20, 30]


def test_phi_of_a_batch_is_phi_of_each():
    x = np.random.default_rng(0).normal(size=(4, 3, 2))
    one_by_one = [[phi(x[i, j]) for j in range(3)] for i in range(4)]
    assert np.array_equal(phi(x), np.array(one_by_one))


@pytest.mark.parametrize(("inputs", "features"), [(1, 3), (2, 6), (3, 10), (50, 1326)])
def test_numbers_of_features(inputs, features):
    assert n_features(inputs) == features == phi(np.zeros(inputs)).size
    assert n_inputs(features) == inputs


def test_features_are_independent():
    for D in range(1, 7):
        x = np.random.default_rng(D).normal(size=(3 * n_features(D), D))
        assert np.linalg.matrix_rank(phi(x)) == n_features(D)


@repeatable
@given(coefficients())
def test_split_and_join_are_inverse(c):
    c1, l, M = split_c(c)
    assert np.array_equal(M, M.T)
    assert np.array_equal(join_c(c1, l, M), c)


@repeatable
@given(coefficients(), st.integers(0, 2**32 - 1))
def test_triple_and_vector_are_the_same_function(c, seed):
    c1, l, M = split_c(c)
    x = np.random.default_rng(seed).normal(size=len(l))
    size = np.abs(phi(x)) @ np.abs(c)
    assert abs(c1 + l @ x + x @ M @ x - c @ phi(x)) <= 4 * len(c) * EPS * size + 1e-290
    assert abs(predict(c, x) - c @ phi(x)) <= 4 * len(c) * EPS * size + 1e-290


def _layer(theta, x):
    """h and the size of its terms, in fractions from the definition of the network."""
    W, b = fractions(theta.W), fractions(theta.b)
    z = W @ fractions(x) + b
    size = np.abs(theta.W) @ np.abs(x) + np.abs(theta.b)
    return z * (1 - z), size * (1 + size)


@repeatable
@given(thetas(), st.integers(0, 2**32 - 1))
def test_hidden_layer_is_linear_in_phi(theta, seed):
    x = np.random.default_rng(seed).normal(size=theta.W.shape[1])
    h, size = _layer(theta, x)
    gap = np.abs((h - fractions(a_theta(theta) @ phi(x))).astype(float))
    assert (gap <= 4 * (len(phi(x)) + 4) * EPS * size + 1e-290).all()


@repeatable
@given(thetas(), st.integers(0, 2**32 - 1))
def test_output_is_linear_in_phi(theta, seed):
    x = np.random.default_rng(seed).normal(size=theta.W.shape[1])
    _, size = _layer(theta, x)
    size = size @ np.abs(theta.v) + abs(theta.v0)
    steps = 4 * (len(phi(x)) + len(theta.b) + 4)
    assert abs(forward(theta, x) - c_theta(theta) @ phi(x)) <= steps * EPS * size + 1e-290


@repeatable
@given(thetas())
def test_coefficients_against_fractions(theta):
    exact = plain_c(theta).astype(float)
    absolute = Theta(np.abs(theta.W), -np.abs(theta.b), np.abs(theta.v), abs(theta.v0))
    size = np.abs(c_theta(absolute)) + np.abs(a_theta(absolute)).T @ absolute.v
    steps = 4 * (len(theta.b) + 4)
    assert (np.abs(c_theta(theta) - exact) <= steps * EPS * size + 1e-290).all()


def test_one_number_is_no_input():
    """The annotations refuse it first; without them, the function itself does."""
    unchecked = getattr(phi, "__wrapped__", phi)
    with pytest.raises(ValueError, match="expected D >= 1 inputs"):
        unchecked(np.float64(2.0))


def test_not_additive_and_not_homogeneous():
    one, zero = np.ones((1, 1)), np.zeros(1)
    theta, double = Theta(one, zero, np.ones(1), 0.0), Theta(2 * one, zero, 2 * np.ones(1), 0.0)
    assert c_theta(theta).tolist() == [0, 1, -1]
    assert c_theta(double).tolist() == [0, 4, -8]


@given(SIZES)
def test_wrong_shapes_are_caught_by_the_annotations(n):
    with pytest.raises(Exception, match=r"(?i)type-check"):
        split_c(np.zeros((n, 3)))


BAD = {
    "phi without inputs": (lambda: phi(np.zeros((3, 0))), "expected D >= 1 inputs"),
    "phi, complex": (lambda: phi(np.ones(2) * 1j), "x is complex"),
    "phi, nan": (lambda: phi(np.array([[1, 2], [3, np.nan]])), r"x\[1, 1\] = nan"),
    "phi, square overflows": (lambda: phi(np.array([1e160])), "rescale the inputs"),
    "no inputs": (lambda: n_features(0), "n_inputs = 0"),
    "half an input": (lambda: n_inputs(7), r"nearest are 6 \(D = 2\) and 10 \(D = 3\)"),
    "c too short": (lambda: split_c(np.ones(1)), "nearest are 3"),
    "c complex": (lambda: split_c(np.ones(3) * 1j), "pass c.real"),
    "c infinite": (lambda: split_c(np.array([1, np.inf, 0])), r"c\[1\] = inf"),
    "no l and no M": (
        lambda: join_c(0.0, np.zeros(0), np.zeros((0, 0))),
        r"M has shape \(0, 0\)",
    ),
    "M not symmetric": (
        lambda: join_c(0.0, np.zeros(2), np.array([[0.0, 1], [2, 0]])),
        r"by 1: expected .* pass \(M \+ M.T\) / 2",
    ),
    "v of another length": (
        lambda: c_theta(Theta(np.ones((2, 1)), np.ones(2), np.ones(3), 0.0)),
        r"expected \(2,\) for both",
    ),
    "no units": (
        lambda: c_theta(Theta(np.ones((0, 1)), np.ones(0), np.ones(0), 0.0)),
        "expected K >= 1 rows",
    ),
    "no input, one unit": (
        lambda: c_theta(Theta(np.ones((1, 0)), np.ones(1), np.ones(1), 0.0)),
        "D >= 1 columns",
    ),
    "two output biases": (
        lambda: c_theta(Theta(np.ones((1, 1)), np.ones(1), np.ones(1), np.ones(2))),
        r"v0 has shape \(2,\)",
    ),
    "output bias not finite": (
        lambda: forward(Theta(np.ones((1, 1)), np.ones(1), np.ones(1), np.nan), np.ones(1)),
        "v0 = nan: expected finite",
    ),
    "bias not finite": (
        lambda: a_theta(Theta(np.ones((1, 1)), np.array([np.nan]), np.ones(1), 0.0)),
        r"b\[0\] = nan",
    ),
    "inputs of another size": (
        lambda: forward(Theta(np.ones((1, 2)), np.ones(1), np.ones(1), 0.0), np.ones((4, 3))),
        "expected 2 inputs on the last axis",
    ),
    "prediction, inputs of another size": (lambda: predict(np.ones(6), np.ones(3)), "expected 2"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused(case):
    call, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        call()
