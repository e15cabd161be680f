"""Figures of question 3's theorems: what they show is so."""

import numpy as np
import pytest

from analysis import Theta, c_theta
from experiments.plots.question3_theory import (
    FIBRES,
    FIRST_EIGENVECTOR,
    decayed_eigenvalue,
    draw_decay,
    draw_fibre,
    rotation,
    trained_eigenvalue,
)
from experiments.plots.style import save


def c_of(W: np.ndarray, v: np.ndarray) -> np.ndarray:
    """The c of the network with these weights whose linear part is l and whose c1 is 0."""
    b = (1 - np.linalg.solve(W.T, [0.7, -0.4]) / v) / 2
    return c_theta(Theta(W, b, v, -float((b * (1 - b)) @ v)))


def fibre_spread(fibres) -> float:
    """The largest |c_Theta - c| / |c| over the pairs drawn."""
    worst = 0.0
    for lam, moves in fibres:
        rows = np.sqrt(np.abs(lam))[:, None] * rotation(FIRST_EIGENVECTOR).T
        first = c_of(rows, -np.sign(lam))
        for move in moves:
            apart = np.linalg.norm(c_of(move @ rows, -np.sign(lam)) - first)
            worst = max(worst, float(apart / np.linalg.norm(first)))
    return worst


def test_networks_of_the_fibre_have_one_c():
    assert fibre_spread(FIBRES) < 1e-15


def test_rows_turned_by_the_wrong_matrix_have_another_c():
    (lam, rotations), (other, boosts) = FIBRES
    assert fibre_spread(((lam, boosts), (other, rotations))) > 0.1


def test_trained_networks_end_where_the_theorem_says():
    wanted = np.array([-2.8, -1.2, -0.9, 0.0, 0.5, 1.5])
    kept = decayed_eigenvalue(wanted)
    assert trained_eigenvalue(wanted) == pytest.approx(kept, abs=2e-3)
    assert (kept[2:5] == 0).all()
    assert (np.abs(kept[[0, 1, 5]]) > 0.48).all()


@pytest.mark.parametrize("draw", [draw_fibre, draw_decay])
def test_figures_are_drawn(draw, tmp_path):
    path = save(draw(), tmp_path / "figure.png")
    assert 10_000 < path.stat().st_size < 200_000
