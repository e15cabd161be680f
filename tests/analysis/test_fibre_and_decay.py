"""The bordered matrix, the networks with one c, the least decay: single values worked by hand."""

import numpy as np
import pytest

from analysis import (
    Theta,
    achieved,
    bordered_matrix,
    c_theta,
    decay,
    describe_fibre,
    extended_rows,
    forward,
    jacobian,
    join_c,
    least_decay,
    min_decay_network,
    move_on_fibre,
    network_of,
    with_activation,
)
from analysis.symbolic import discriminant, signature, sp

THETA = Theta(np.array([[1.0, 2.0], [0.0, 3.0]]), np.array([0.5, 1.5]), np.array([2.0, -1.0]), 0.25)
LINE = join_c(0.0, np.array([0.0, 1.0]), np.diag([1.0, 0.0]))


def test_bordered_matrix_of_a_network():
    """u = (0, 1, 2) and (1, 0, 3): B = -2 u u' + u u'."""
    assert extended_rows(THETA).tolist() == [[0, 1, 2], [1, 0, 3]]
    B = np.array([[1.0, 0, 3], [0, -2, -4], [3, -4, 1]])
    assert bordered_matrix(c_theta(THETA), 1.0).tolist() == B.tolist()
    for K in (3, 5):
        again = network_of(B, float(c_theta(THETA)[0]), K)
        assert again.W.shape == (K, 2)
        assert achieved(again, c_theta(THETA)) < 1e-14


def test_network_of_too_few_units_is_refused():
    assert network_of(np.diag([2.0, 0.0, 0.0]), 1.0, 1).v.tolist() == [-2.0]
    with pytest.raises(ValueError, match=r"n_hidden = 1: .* whose eigenvalue 2 would be left out"):
        network_of(np.diag([2.0, 3.0, 0.0]), 1.0, 1)


def test_jacobian_of_one_unit():
    """c = (v b (1 - b) + v0, v (1 - 2b) w, -v w^2) at w = 3, b = 2, v = 5."""
    theta = Theta(np.array([[3.0]]), np.array([2.0]), np.array([5.0]), 7.0)
    assert jacobian(theta).tolist() == [[0, -15, -2, 1], [-15, -30, -9, 0], [-30, 0, -9, 0]]


def test_a_fibre_of_dimension_1_is_the_size_of_a_row():
    found = describe_fibre(Theta(np.array([[3.0]]), np.array([2.0]), np.array([5.0]), 7.0))
    assert (found.rank, found.dimension, found.submersion) == (3, 1, True)


@pytest.mark.parametrize("scale", [0.0, 0.3], ids=["still", "moved"])
def test_rows_mix_and_c_stays(scale):
    moved = move_on_fibre(THETA, scale * np.array([[0.0, 1.0], [-1.0, 0.0]]))
    assert achieved(moved, c_theta(THETA)) < 1e-13
    assert np.allclose(moved.W, THETA.W) == (scale == 0)
    assert moved.v.tolist() == THETA.v.tolist()


@pytest.mark.parametrize(
    ("v", "A"),
    [([2.0, 0.0], [[0.0, 1.0], [-1.0, 0.0]]), ([2.0, 1.0], [[0.0, 1.0], [1.0, 0.0]])],
    ids=["a zero in v", "A symmetric"],
)
def test_rows_that_do_not_mix_are_refused(v, A):
    with pytest.raises(ValueError, match="antisymmetric A and a v without zeros"):
        move_on_fibre(THETA._replace(v=np.array(v)), np.array(A))


def test_least_decay_of_one_unit():
    """lambda = 4: |w|^2 = 32^(1/3), v = -4 / |w|^2, 3 (4^2 / 4)^(1/3) in all."""
    c = join_c(0.5, np.array([3.0]), np.array([[4.0]]))
    theta = min_decay_network(c, 2)
    assert theta.W[:, 0] ** 2 == pytest.approx([32 ** (1 / 3), 0.0])
    assert decay(theta) == pytest.approx(3 * 4 ** (1 / 3)) == least_decay(c)
    assert achieved(theta, c) < 1e-14


@pytest.mark.parametrize(
    ("c", "K"), [(LINE, 5), (join_c(0.0, np.zeros(2), np.eye(2)), 1)], ids=["l outside", "K < r"]
)
def test_no_network_of_least_decay(c, K):
    with pytest.raises(ValueError, match="expected l in the range of M and a unit for every"):
        min_decay_network(c, K)


def test_other_activations_compute_the_same():
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    W, b, v, v0 = with_activation(THETA, 2.0, -3.0, 0.7)
    z = x @ W.T + b
    np.testing.assert_allclose((2 * z**2 - 3 * z + 0.7) @ v + v0, forward(THETA, x), rtol=1e-13)
    with pytest.raises(ValueError, match="alpha = 0"):
        with_activation(THETA, 0.0, 1.0, 0.0)


@pytest.mark.parametrize(
    ("matrix", "found"),
    [
        ([[0, 1], [1, 0]], (1, 1)),
        ([[2, 0], [0, 0]], (0, 1)),
        ([[-1, 1], [1, -1]], (1, 0)),
        ([[0]], (0, 0)),
    ],
    ids=str,
)
def test_signatures_are_counted_exactly(matrix, found):
    assert signature(sp.Matrix(matrix)) == found


def test_discriminants_of_two_outputs():
    """det(x I + y diag(1, -1)) = x^2 - y^2: 4; det(x diag(1, -1) + y swap) = -x^2 - y^2: -4."""
    swap, mirror = sp.Matrix([[0, 1], [1, 0]]), sp.diag(1, -1)
    assert (discriminant(sp.eye(2), mirror), discriminant(mirror, swap)) == (4, -4)
