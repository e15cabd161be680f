"""The numbers behind question 3's figures, as plain lists that JSON can hold."""

from collections.abc import Callable
from typing import Any

import numpy as np

from analysis import attainable, c_theta, fit_closed_form, forward, join_c, phi, recover_theta
from analysis.claims.random_cases import random_theta, symmetric
from analysis.spectrum import EPS, norm

DIMS = 5


def error_against_delta(seed: int) -> dict[str, Any]:
    """|c_Theta - c| / |c| against the move delta of a singular M: unit rows, scaled rows.

    D = K = 5, rank(M) = 4, l outside the range of M. The prediction for unit rows is
    delta + eps l_n^2 / (4 delta), smallest at delta = |l_n| sqrt(eps) / 2.
    """
    rng = np.random.default_rng(seed)
    M, Q = symmetric(np.array([2.0, -1.5, 1.0, -0.7, 0.0]), rng)
    l = Q @ np.array([0.5, -1.0, 0.8, 1.2, 1.0])
    c = join_c(0.3, l, M)
    deltas = np.geomspace(1e-1, 1e-26, 101)
    size = norm(c)

    def errors(method: Any) -> list[float]:
        found = (recover_theta(c, DIMS, method=method, delta=float(d)) for d in deltas)
        return [recovery.achieved / size for recovery in found]

    return {
        "delta": deltas.tolist(),
        "unit": errors("assignment"),
        "scaled": errors("scaled"),
        "predicted": ((deltas + EPS / (4 * deltas)) / size).tolist(),
        "best": float(np.sqrt(EPS) / 2),
    }


def three_functions(seed: int) -> dict[str, Any]:
    """One input: a network of 6 units, c . phi(x) with its c, and the one unit recovered from c."""
    theta = random_theta(1, 6, np.random.default_rng(seed))
    c = c_theta(theta)
    recovered = recover_theta(c, 1)
    x = np.linspace(-2, 2, 401)[:, None]
    return {
        "x": x[:, 0].tolist(),
        "network": forward(theta, x).tolist(),
        "coefficients": (phi(x) @ c).tolist(),
        "recovered": forward(recovered.theta, x).tolist(),
        "achieved": recovered.achieved / norm(c),
    }


def fit(seed: int) -> dict[str, Any]:
    """One input: noisy data, the closed form's c_hat . phi(x) and the network recovered from it."""
    rng = np.random.default_rng(seed)
    X = rng.uniform(-2, 2, (40, 1))
    y = 1 + 0.5 * X[:, 0] - 0.8 * X[:, 0] ** 2 + 0.4 * rng.normal(size=40)
    closed = fit_closed_form(X, y)
    x = np.linspace(-2, 2, 201)[:, None]
    return {
        "X": X[:, 0].tolist(),
        "y": y.tolist(),
        "x": x[:, 0].tolist(),
        "closed": (phi(x) @ closed.c_hat).tolist(),
        "network": forward(recover_theta(closed.c_hat, 1).theta, x).tolist(),
        "loss": closed.loss,
    }


def attainability(seed: int) -> dict[str, Any]:
    """Verdict and relative distance for every rank r of M, l inside or outside, K = 1 .. D + 2.

    The distance is that of the network found, the nearest lower rank's where c is out of reach.
    """
    rng = np.random.default_rng(seed)
    cells = []
    for outside in (False, True):
        for r in range(DIMS + (not outside)):
            lam = np.where(np.arange(DIMS) < r, rng.uniform(0.5, 2, DIMS), 0.0)
            M, Q = symmetric(lam, rng)
            t = np.where(np.arange(DIMS) < r + outside, 1.0, 0.0)
            c = join_c(0.5, Q @ t, M)
            for K in range(1, DIMS + 3):
                verdict = attainable(c, K).verdict
                found = recover_theta(c, K, eps=10 * norm(c) if verdict == "no" else None)
                cells.append(
                    {
                        "outside": outside,
                        "r": r,
                        "K": K,
                        "verdict": verdict,
                        "distance": found.achieved / norm(c),
                    }
                )
    return {"dims": DIMS, "cells": cells}


CURVES: dict[str, Callable[[int], dict[str, Any]]] = {
    curve.__name__: curve for curve in (error_against_delta, three_functions, fit, attainability)
}
