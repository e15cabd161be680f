"""Question 3's page: its numbers are computed here."""

import re
import tracemalloc
from fractions import Fraction
from itertools import product
from math import comb

import jaxtyping
import numpy as np
import pytest
from quadratic_cases import one_unit
from question3_page import FILE, PAGE, TEXT

from analysis import (
    attainable,
    c_theta,
    default_eps,
    forward,
    join_c,
    recover_theta,
)
from analysis.claims import Settings
from analysis.constructions import directions
from analysis.hidden_units import LEAST_RATIO
from analysis.recover import ERROR_FACTOR
from analysis.spectrum import EPS, RANK_FACTOR
from analysis.verify import tried as tried_claims


def test_every_claim_named_is_tried_and_every_claim_tried_is_named(monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    _, _, table = TEXT.partition("claims in `python -m analysis.verify`")
    tried = {claim.name for claim in tried_claims(Settings(dims=(1,), trials=1))}
    assert set(re.findall(r"`([a-z ]+)`", table)) == tried


def test_figures_are_small():
    for words, target in re.findall(r"\[([^\]]*)\]\((figures/[^)\s]+)\)", TEXT):
        assert words
        assert (FILE.parent / target).stat().st_size < 200_000, target


THETA_1, THETA_2 = np.array([1.0, 0, 1, 0]), np.array([-1.0, 1, 1, 1])


@pytest.mark.parametrize(
    ("text", "theta"),
    [
        (r"$\Theta_1 = {theta}$ | ${c}$", THETA_1),
        (r"$2\Theta_1 = {theta}$ | ${c}$", 2 * THETA_1),
        (r"$\Theta_2 = {theta}$ | ${c}$", THETA_2),
        (r"$\Theta_1 + \Theta_2 = {theta}$ | ${c}$", THETA_1 + THETA_2),
    ],
    ids=["one", "twice", "two", "sum"],
)
def test_table_of_what_is_not_linear(text, theta):
    def words(x):
        return "(" + ", ".join(f"{value:g}" for value in x) + ")"

    assert text.format(theta=words(theta), c=words(c_theta(one_unit(*theta)))) in PAGE


def test_midpoint_of_two_constant_networks():
    ends, middle = [(0.0, 0.0, 2.0, 5.0), (0.0, 1.0, 0.0, 5.0)], (0.0, 0.5, 1.0, 5.0)
    assert np.mean(ends, axis=0).tolist() == list(middle)
    x = np.linspace(-3, 3, 7)[:, None]
    assert all((forward(one_unit(*end), x) == 5).all() for end in ends)
    assert (forward(one_unit(*middle), x) == 5 + Fraction(1, 4)).all()
    assert r"outputs $m + \frac14$" in PAGE


def one_unit_distance(l: np.ndarray, M: np.ndarray, directions: int = 20_001) -> float:
    """The distance from c to the nearest network of one unit with two inputs, by search."""
    angle = np.linspace(0, np.pi, directions)
    q = np.array([np.cos(angle), np.sin(angle)])
    square = np.array([q[0] ** 2, q[1] ** 2, q[0] * q[1]])
    wanted = np.array([M[0, 0], M[1, 1], M[0, 1]])
    left_m = wanted @ wanted - (wanted @ square) ** 2 / (square**2).sum(axis=0)
    return float(np.sqrt((l @ l - (l @ q) ** 2 + left_m).min()))


def projected(l: np.ndarray, M: np.ndarray, n_hidden: int) -> tuple[float, float]:
    """beta and |c_Pi - c| of Theorem 4."""
    left, sigma, _ = np.linalg.svd(np.column_stack([M, np.sqrt(2) * l]))
    P = left[:, :n_hidden] @ left[:, :n_hidden].T
    near = P @ M @ P
    gap = join_c(0.0, P @ l - l, (near + near.T) / 2 - M)
    return float(np.sqrt((sigma[n_hidden:] ** 2).sum() / 2)), float(np.linalg.norm(gap))


@pytest.mark.parametrize(
    ("l", "M", "eigenvalues", "ratio"),
    [
        ([2.0, -2.0], [[-1.0, 0.0], [0.0, 1.0]], "17 and 1", 2.0),
        ([1.0, -1.0], [[-3.0, -3.0], [-3.0, -3.0]], "36 and 4", 1.0),
    ],
    ids=["twice the bound", "the bound"],
)
def test_distance_is_sharp_at_both_ends(l, M, eigenvalues, ratio):
    l, M = np.array(l), np.array(M)
    found = np.linalg.eigvalsh(M @ M + 2 * np.outer(l, l))[::-1]
    assert " and ".join(f"{value:.0f}" for value in found) == eigenvalues
    assert f"are {eigenvalues}" in PAGE
    beta, near = projected(l, M, 1)
    assert one_unit_distance(l, M) == pytest.approx(ratio * beta, rel=1e-7)
    assert near == pytest.approx(ratio * beta, rel=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_distance_lies_between_its_bounds(seed):
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(2, 2))
    l, M = rng.normal(size=2) * 10 ** rng.uniform(-1, 1), A + A.T
    beta, near = projected(l, M, 1)
    distance = one_unit_distance(l, M)
    assert beta * (1 - 1e-12) <= distance <= near * (1 + 1e-6)
    assert near <= 2 * beta * (1 + 1e-12)
    scales = np.geomspace(1e-3, 1e3, 61)
    tails = [np.linalg.svd(np.column_stack([M, s * l]))[1][1] for s in scales]
    assert max(tails / np.maximum(np.sqrt(2), scales)) <= beta * (1 + 1e-12)


def test_two_outputs_have_a_negative_discriminant():
    M_1, M_2 = np.diag([1, -1]), np.array([[0, 1], [1, 0]])
    square = np.linalg.det(M_1), np.linalg.det(M_2)
    mixed = np.linalg.det(M_1 + M_2) - sum(square)
    assert mixed**2 - 4 * square[0] * square[1] == pytest.approx(-4)
    assert "of discriminant $-4$" in PAGE


@pytest.mark.parametrize("D", [3, 5])
def test_two_outputs_of_more_inputs(D):
    """det(x M_1 + M_2) has real zeros for every network with K = D, and +-i for the example."""

    def zeros(M_1, M_2):
        return -np.linalg.eigvals(np.linalg.solve(M_1, M_2))

    rng = np.random.default_rng(D)
    W, v_1, v_2 = rng.normal(size=(D, D)), *rng.normal(size=(2, D))
    assert np.abs(zeros((W.T * v_1) @ W, (W.T * v_2) @ W).imag).max() < 1e-9
    M_1, M_2 = np.eye(D), np.zeros((D, D))
    M_1[1, 1], M_2[0, 1], M_2[1, 0] = -1, 1, 1
    found = zeros(M_1, M_2)
    assert sorted(found.imag) == pytest.approx([-1.0, *[0.0] * (D - 2), 1.0])
    assert np.abs(found.real).max() < 1e-12


def test_what_is_left_out_of_m():
    """More than the tolerance: the sum of two parts of M, each within it."""
    tolerance = RANK_FACTOR * 4 * EPS
    a, b = 0.95 * tolerance, 1e-4
    l, M = np.array([0, 1, -a * b]), np.array([[1, 0, 0], [0, b, a], [0, a, 0]])
    possible = attainable(join_c(0.0, l, M), 2)
    assert (possible.rank_ml, possible.tolerance) == (2, tolerance)
    span = directions(l, M, possible, 2, outside=False)
    left_out = np.linalg.norm(M - span @ span.T @ M @ span @ span.T)
    assert 1.3 * tolerance < left_out < np.sqrt(2) * tolerance
    assert r"the tolerance times $\sqrt2 \lVert M\rVert$ in $M$" in PAGE


def test_limits_of_float64():
    assert f"{np.sqrt(EPS) / 2:.0e}" == "7e-09"
    assert r"\approx 7\cdot10^{-9}" in PAGE
    c = join_c(1.0, np.zeros(50), np.zeros((50, 50)))
    assert default_eps(c) < 1e-12 < 2 * default_eps(c)
    assert r"below $10^{-12} \lvert c\rvert$ for $D \le 50$" in PAGE


def test_constants_of_section_5():
    assert f"2^{{{np.log2(LEAST_RATIO):.0f}}}" in PAGE
    assert LEAST_RATIO < 2.0**-53 / 100
    assert f"{ERROR_FACTOR:.0f}(D+1)" in PAGE
    assert f"{RANK_FACTOR:.0f}(D+1)" in PAGE
    assert round(np.log10(2.0**960)) == 289
    assert r"$2^{960} \approx 10^{289}$" in PAGE


def test_memory_of_recovery():
    D, rng = 200, np.random.default_rng(0)
    A = rng.normal(size=(D, D))
    c = join_c(0.3, rng.normal(size=D), A + A.T)
    tracemalloc.start()
    recover_theta(c, D)
    peak = tracemalloc.get_traced_memory()[1] / (8 * len(c))
    tracemalloc.stop()
    assert f"${round(peak, -1):.0f}P$ float64 numbers" in PAGE


def test_smallest_decay():
    """(13): at the theorem's network, and never less in others with the same M."""
    rng = np.random.default_rng(0)
    for _ in range(300):
        D, K = rng.integers(1, 5, 2)
        W = rng.normal(size=(K, D)) * 10 ** rng.uniform(-1, 1, (K, 1))
        v = rng.normal(size=K) * 10 ** rng.uniform(-1, 1, K)
        lam = np.linalg.eigvalsh((W.T * v) @ W)
        least = 3 * 2 ** (-2 / 3) * np.sum(np.abs(lam) ** (2 / 3))
        assert np.sum(v**2) + np.sum(W**2) >= least * (1 - 1e-6)
    lengths = (2 * lam[lam != 0] ** 2) ** (1 / 3)
    spent = np.sum((lam[lam != 0] / lengths) ** 2) + np.sum(lengths)
    assert spent == pytest.approx(3 * 2 ** (-2 / 3) * np.sum(np.abs(lam) ** (2 / 3)), rel=1e-12)


def test_probability_of_the_signs():
    def chance(units: int) -> Fraction:
        draws = list(product((1, -1), repeat=units))
        return Fraction(sum(s.count(1) >= 2 and s.count(-1) >= 1 for s in draws), len(draws))

    assert chance(6) == Fraction(sum(comb(6, k) for k in range(2, 6)), 64)
    assert f"probability {chance(3)}" in PAGE
    assert f"probability {chance(6)}" in PAGE
