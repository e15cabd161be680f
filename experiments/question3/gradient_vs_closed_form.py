"""Question 3.4: what gradient descent reached against the closed form: claims, lines, curves."""

from typing import Any, NamedTuple

import numpy as np

from analysis import forward, phi, recover_theta, signs_needed
from analysis.claims import Claim
from analysis.claims.base import Source
from analysis.recover import ERROR_FACTOR
from analysis.spectrum import EPS, norm
from analysis.table import row
from experiments.cli.tables import text_table
from experiments.question3.descent import Descent, Examples, Weights, descents, examples, residuals

ARRIVED = 1e-4
"""A run has arrived where its loss is above the closed form's by so small a part of it."""

LABELS = {"quadratic": "z(1 - z)", "relu": "relu", "tanh": "tanh", "sigmoid": "sigmoid"}


class Against(NamedTuple):
    """What was found.

    Attributes:
        claims: that no run of z(1 - z) has a smaller loss than the closed form, at any look.
        curve: the numbers behind the figures. Losses are L = 1/2 sum over n of (y(x_n) - y_n)^2
            and stand as L / L_hat - 1, L_hat the closed form's; null where a run has diverged.
    """

    claims: list[Claim]
    curve: dict[str, Any]


def gradient_descent(setting: Descent, seed: int) -> Against:
    """Train from many starts on data drawn from `seed`, and compare."""
    data = examples(setting, seed)
    trained = zip(setting.groups, descents(setting, data, seed), strict=True)
    found = [(name, K, weights, residuals(name, weights, data)) for (name, K), weights in trained]
    recovered = norm(
        forward(recover_theta(data.fit.c_hat, setting.n_inputs).theta, data.X) - data.y
    )
    curve = {
        "D": setting.n_inputs,
        "N": setting.n_examples,
        "learning_rate": setting.learning_rate,
        "steps": setting.steps_looked_at(),
        "closed": data.fit.loss,
        "recovered": recovered**2 / 2,
        "signs_needed": signs_needed(data.fit.c_hat)._asdict(),
        "groups": [_group(*of_group, data) for of_group in found],
    }
    quadratic = [residual for name, _, _, residual in found if name == "quadratic"]
    return Against(bounds(data, recovered, quadratic), curve)


def bounds(data: Examples, recovered: float, found: list[np.ndarray]) -> list[Claim]:
    """No run of z(1 - z) is ever below the closed form, nor below the network recovered from it.

    What is held against the tolerance is (the bound - the smallest residual found) / |y|, or 0 if
    that is negative. Rounding may make it as large as N eps, and `recover_theta`'s promise allows
    its network a little more.

    Args:
        data: with the closed form.
        recovered: the residual of the network recovered from c_hat.
        found: the residuals of runs of z(1 - z), of any shapes.
    """
    smallest = min(float(residual.min()) for residual in found)
    cases, size = sum(residual.size for residual in found), norm(data.y)
    N, D = data.X.shape
    promise = ERROR_FACTOR * (D + 1) * EPS * norm(phi(data.X)) * norm(data.fit.c_hat) / size

    def claim(name: str, statement: str, bound: float, allowed: float) -> Claim:
        gain = max((bound - smallest) / size, 0.0)
        return Claim("3.4", name, statement, cases, gain, allowed, Source.THEOREM)

    return [
        claim("descent", "no gradient run falls below c_hat", data.fit.residual, N * EPS),
        claim(
            "descent network",
            "no gradient run beats c_hat's network",
            recovered,
            N * EPS + promise,
        ),
    ]


def _group(
    name: str, K: int, weights: Weights, residual: np.ndarray, data: Examples
) -> dict[str, Any]:
    """One group's runs: their losses, and for z(1 - z) whether v ends with the signs it needs."""
    excess = (residual / data.fit.residual) ** 2 - 1
    group: dict[str, Any] = {
        "activation": name,
        "K": K,
        "excess": [[_short(value) for value in run] for run in excess],
    }
    if name == "quadratic":
        v, needed = weights.v[:, -1], signs_needed(data.fit.c_hat)
        enough = ((v > 0).sum(axis=1) >= needed.positive) & ((v < 0).sum(axis=1) >= needed.negative)
        group |= {"arrived": (excess[:, -1] < ARRIVED).tolist(), "signs": enough.tolist()}
    return group


def _short(value: float) -> float | None:
    """Four digits, enough to draw; JSON has no infinity."""
    return float(f"{value:.4g}") if np.isfinite(value) else None


def lines(against: Against) -> list[str]:
    """Return what is printed: the claims, and how the runs of each group ended."""
    curve = against.curve
    runs, last = len(curve["groups"][0]["excess"]), curve["steps"][-1]
    positive, negative = curve["signs_needed"].values()
    return [
        f"gradient descent in JAX: D = {curve['D']}, N = {curve['N']}, {runs} starts, "
        f"{last} steps of {curve['learning_rate']:g}",
        *(row(claim) for claim in against.claims),
        "",
        *text_table(
            ["final loss", "best", "median", "worst", "arrived", "signs", ""],
            [
                ["closed form", _loss(curve["closed"]), "", "", "", "", ""],
                *(_ended(group, curve["closed"]) for group in curve["groups"]),
            ],
        ),
        f"arrived: within {ARRIVED:g} of the closed form; signs: v ends with at least",
        f"{positive} positive and {negative} negative entries, which the minimum needs",
    ]


def _ended(group: dict[str, Any], closed: float) -> list[str]:
    """Best, median and worst final loss of a group; how many runs arrived, and had the signs."""
    final = [run[-1] for run in group["excess"] if run[-1] is not None]
    losses = [_loss(closed * (1 + q)) for q in np.quantile(final, [0, 0.5, 1])] if final else []
    counts = [str(sum(group[name])) if name in group else "" for name in ("arrived", "signs")]
    diverged = len(group["excess"]) - len(final)
    return [
        f"{LABELS[group['activation']]:<9}K = {group['K']}",
        *(losses or [""] * 3),
        *counts,
        f"{diverged} diverged" if diverged else "",
    ]


def _loss(value: float) -> str:
    return f"{value:.4g}" if value > 9999 else f"{value:.4f}"
