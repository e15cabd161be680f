"""What a claim's residual is relative to, and how large the data are that it is tried on."""

from dataclasses import replace

import numpy as np
import pytest

from analysis import fit_closed_form, phi, predict, recover_theta
from analysis.claims import Settings, activations, least_squares, printed_solution
from analysis.features import n_features
from analysis.spectrum import norm

D = 3
ONE = Settings(dims=(D,), trials=1)


@pytest.fixture
def data():
    """X and y of the one draw of a claim of least squares."""
    return lambda name: least_squares.draw_data(D, ONE.rng(name))


def test_targets_are_a_wave_with_a_tenth_of_noise():
    X, y = least_squares.draw_data(10, np.random.default_rng(0))
    assert X.shape == (n_features(10) + 15, 10)
    assert 0.07 < np.std(y - np.sin(X.sum(axis=1))) < 0.13


def test_gradient_is_relative_to_its_terms(data, monkeypatch):
    X, y = data("normal equations")
    c = 2.0 * fit_closed_form(X, y).c_hat
    monkeypatch.setattr(
        least_squares, "fit_closed_form", lambda *a: replace(fit_closed_form(*a), c_hat=c)
    )
    Phi = phi(X)
    gradient = norm(Phi.T @ Phi @ c - Phi.T @ y)
    expected = gradient / (norm(Phi) ** 2 * norm(c) + norm(Phi) * norm(y))
    assert least_squares.normal_equations(ONE).worst == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("n_inputs", [1, 2, 3])
def test_fractions_are_of_small_whole_numbers(n_inputs, monkeypatch):
    """The first input takes 12 values once each, the second -5 to 5, targets -9 to 9."""
    seen = []

    def noting(X, y):
        seen.append((X, y))
        fit = fit_closed_form(X, y)
        return replace(fit, c_hat=1.001 * fit.c_hat)

    monkeypatch.setattr(least_squares, "fit_closed_form", noting)
    found = least_squares.rational(Settings(dims=(n_inputs,), trials=20))
    assert found.worst == pytest.approx(1e-3, rel=1e-9)
    assert all(sorted(X[:, 0]) == list(range(-5, 7)) for X, _ in seen)
    assert all(X.shape == (12, min(n_inputs, 2)) for X, _ in seen)
    assert np.unique([y for _, y in seen]).tolist() == list(range(-9, 10))
    if n_inputs > 1:
        assert np.unique([X[:, 1] for X, _ in seen]).tolist() == list(range(-5, 6))


def test_gain_is_relative_to_the_targets(data, monkeypatch):
    """A network of no output has |y| for its residual."""
    X, y = data("unbeaten")
    monkeypatch.setattr(least_squares, "forward", lambda _, X: np.zeros(len(X)))
    expected = fit_closed_form(X, y).residual / norm(y) - 1
    assert least_squares.unbeaten(ONE).worst == pytest.approx(expected, rel=1e-12)


def test_networks_are_shaken_by_powers_of_ten(monkeypatch):
    best, moves = [], []

    def recovering(c, n_hidden):
        best.append(recover_theta(c, n_hidden))
        return best[-1]

    def noting(theta, X):
        moves.append(float(np.std(theta.W - best[-1].theta.W)))
        return np.zeros(len(X))

    monkeypatch.setattr(least_squares, "recover_theta", recovering)
    monkeypatch.setattr(least_squares, "forward", noting)
    least_squares.unbeaten(Settings(dims=(12,), trials=1))
    np.testing.assert_allclose(np.log10(moves[::2]), -np.arange(10.0), atol=0.15)


def test_a_networks_outputs_are_relative_to_their_terms(data, monkeypatch):
    """Predictions that are 1 off, N of them, over |Phi| |c|."""
    X, y = data("network reaches")
    monkeypatch.setattr(least_squares, "predict", lambda c, X: predict(c, X) + 1)
    expected = np.sqrt(len(y)) / (norm(phi(X)) * norm(fit_closed_form(X, y).c_hat))
    assert least_squares.network_reaches(ONE).worst == pytest.approx(expected, rel=1e-9)


def _coefficients(name):
    return printed_solution._regular(ONE, name)[0]


def test_printed_errors_are_relative_to_c(monkeypatch):
    monkeypatch.setattr(printed_solution, "achieved", lambda _, c: 0.25 * norm(c))
    assert printed_solution.printed_error(ONE).worst == pytest.approx(0.25)
    assert norm(_coefficients("printed error")) > 1.5


def test_sign_fixed_errors_are_relative_to_c(monkeypatch):
    def recovering(c, n_hidden, method):
        return replace(recover_theta(c, n_hidden, method=method), achieved=0.25 * norm(c))

    monkeypatch.setattr(printed_solution, "recover_theta", recovering)
    assert printed_solution.sign_fixed(ONE).worst == pytest.approx(0.25)
    assert norm(_coefficients("sign fixed")) > 1.5


@pytest.mark.parametrize(("beyond", "worst"), [(0.25, 0.25), (-1e-3, 0.0)], ids=["above", "below"])
def test_what_exceeds_delta_is_relative_to_c(beyond, worst, monkeypatch):
    def recovering(c, n_hidden, delta):
        found = recover_theta(c, n_hidden, delta=delta)
        return replace(found, achieved=delta + beyond * norm(c))

    monkeypatch.setattr(printed_solution, "recover_theta", recovering)
    assert printed_solution.scaled_rows_exact(ONE).worst == pytest.approx(worst, rel=1e-9, abs=0)


def test_units_see_inputs_of_all_sizes():
    """z = w . x + b with x of size 2: a variance of 4 D + 1."""
    seen = []

    def noting(z):
        seen.append(z)
        return z

    activations.beyond_rank(noting, 8, np.random.default_rng(0))
    assert seen[0].shape == (92, 92)
    assert np.var(seen[0]) == pytest.approx(33, rel=0.2)


def test_relu_is_the_positive_part():
    z = np.array([-2.0, -0.5, 0.0, 0.5, 2.0])
    assert activations.relu(z).tolist() == [0.0, 0.0, 0.0, 0.5, 2.0]
