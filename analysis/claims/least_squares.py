"""Question 3.4: the global minimum in closed form, and a network that reaches it."""

import numpy as np
import sympy as sp
from jaxtyping import Float

from analysis.claims.base import Claim, ClaimFunction, Settings, Source, WorstCase
from analysis.claims.random_cases import random_theta
from analysis.closed_form import fit_closed_form, predict
from analysis.features import n_features, phi
from analysis.network import forward
from analysis.recover import recover_theta
from analysis.spectrum import EPS, norm

# An SVD of Phi costs N P^2, P = (D + 1)(D + 2) / 2: seconds at 20, hours at 100.
LARGEST = 20


def _dims(settings: Settings) -> list[int]:
    return sorted({min(D, LARGEST) for D in settings.dims})


def draw_data(
    n_inputs: int, rng: np.random.Generator
) -> tuple[Float[np.ndarray, "N D"], Float[np.ndarray, " N"]]:
    """Draw data that no quadratic fits: N = P + D + 5 inputs, targets of a wave plus noise."""
    N = n_features(n_inputs) + n_inputs + 5
    X = rng.normal(size=(N, n_inputs))
    return X, np.sin(X.sum(axis=1)) + 0.1 * rng.normal(size=N)


def normal_equations(settings: Settings) -> Claim:
    """Measure the gradient Phi'(Phi c_hat - y), zero at the minimum, relative to its terms."""
    rng, worst = settings.rng("normal equations"), WorstCase()
    for D in _dims(settings):
        for _ in range(settings.trials):
            X, y = draw_data(D, rng)
            Phi, fit = phi(X), fit_closed_form(X, y)
            terms = norm(Phi) * (norm(Phi) * norm(fit.c_hat) + norm(y))
            worst.add(norm(Phi.T @ (Phi @ fit.c_hat - y)) / terms, sum(Phi.shape) * EPS)
    return worst.claim(
        "3.4", "normal equations", "c_hat = pinv(Phi) y: gradient zero", Source.ROUNDING
    )


def rational(settings: Settings) -> Claim:
    """Measure c_hat against the least squares solved in fractions, on whole-number data, D <= 2."""
    rng, worst = settings.rng("rational"), WorstCase()
    for D in sorted({min(D, 2) for D in settings.dims}):
        for _ in range(settings.trials):
            P = n_features(D)
            X = rng.permutation(12)[:, None] - 5.0
            X = np.concatenate([X, rng.integers(-5, 6, (12, D - 1)) * 1.0], axis=1)
            y = rng.integers(-9, 10, 12) * 1.0
            Phi = sp.Matrix(phi(X).astype(int))
            right = (Phi.T * Phi).LUsolve(Phi.T * sp.Matrix(y.astype(int)))
            exact = np.array([float(entry) for entry in right])
            condition = float(np.linalg.cond(phi(X))) ** 2
            worst.add(norm(fit_closed_form(X, y).c_hat - exact) / norm(exact), P * condition * EPS)
    return worst.claim("3.4", "rational", "c_hat equals the solution in fractions", Source.ROUNDING)


def unbeaten(settings: Settings) -> Claim:
    """Measure (|residual of c_hat| - |a network's|) / |y|, random and shaken: never above 0."""
    rng, worst = settings.rng("unbeaten"), WorstCase()
    for D in _dims(settings):
        X, y = draw_data(D, rng)
        fit = fit_closed_form(X, y)
        best = recover_theta(fit.c_hat, D).theta
        for k in range(10 * settings.trials):
            shaken = best._replace(W=best.W + 10.0**-k * rng.normal(size=best.W.shape))
            for theta in (shaken, random_theta(D, D, rng)):
                gain = fit.residual - norm(forward(theta, X) - y)
                worst.add(gain / norm(y), len(y) * EPS)
    return worst.claim(
        "3.4", "unbeaten", "no network has a smaller loss than c_hat", Source.THEOREM
    )


def network_reaches(settings: Settings) -> Claim:
    """Compare the network recovered from c_hat with it: |y_network - Phi c_hat| over its terms."""
    rng, worst = settings.rng("network reaches"), WorstCase()
    for D in _dims(settings):
        for _ in range(settings.trials):
            X, y = draw_data(D, rng)
            c_hat = fit_closed_form(X, y).c_hat
            for K in settings.units(D, D + 2):
                if K >= D:
                    gap = norm(forward(recover_theta(c_hat, K).theta, X) - predict(c_hat, X))
                    terms = norm(phi(X)) * norm(c_hat)
                    worst.add(gap / terms, 64 * (D + 1) * EPS)
    return worst.claim(
        "3.4", "network reaches", "its network reaches the global minimum", Source.PROMISE
    )


def sphere(settings: Settings) -> Claim:
    """Fit inputs on a sphere: rank P - 1 for N = 3 P, and c_hat is orthogonal to |x|^2 - 1."""
    rng, worst = settings.rng("sphere"), WorstCase()
    for D in _dims(settings):
        P = n_features(D)
        X = rng.normal(size=(3 * P, D))
        X /= np.linalg.norm(X, axis=1, keepdims=True)
        fit = fit_closed_form(X, rng.normal(size=3 * P))
        quadric = np.concatenate([[-1.0], np.zeros(D), np.ones(D), np.zeros(P - 2 * D - 1)])
        right = fit.rank == P - 1 and fit.minimum_norm
        slope = abs(quadric @ fit.c_hat) / (norm(quadric) * norm(fit.c_hat))
        worst.add(slope if right else np.inf, 8 * P * EPS)
    return worst.claim("3.4", "sphere", "on a sphere: rank P - 1, minimum norm", Source.ROUNDING)


LEAST_SQUARES: tuple[ClaimFunction, ...] = (
    normal_equations,
    rational,
    unbeaten,
    network_reaches,
    sphere,
)
