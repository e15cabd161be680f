"""Figures of question 3's theorems: what they show is so."""

import numpy as np
import pytest

from experiments.plots import question3_theory
from experiments.plots.question3_theory import (
    decayed_eigenvalue,
    draw_decay,
    draw_fibre,
    fibre_spread,
    trained_eigenvalue,
)
from experiments.plots.style import save


def test_networks_of_the_fibre_have_one_c():
    assert fibre_spread() < 1e-15


def test_rows_turned_by_the_wrong_matrix_have_another_c(monkeypatch):
    (lam, rotations), (other, boosts) = question3_theory.FIBRES
    monkeypatch.setattr(question3_theory, "FIBRES", ((lam, boosts), (other, rotations)))
    assert fibre_spread() > 0.1


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
