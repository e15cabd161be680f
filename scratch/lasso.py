"""Beyond question 1.2d: multinomial logistic regression with an L1 penalty, minimised to a gap.

    F(W) = f(W) + lambda sum_kj |W_kj|,   f = mean over n of -log softmax(W [x_n, 1])_(y_n)

W is `[c, d + 1]`, as in question 1.2b; its last column, the bias, is not penalised. F is convex,
and W is a minimum if and only if the gradient G of f is 0 for the bias and, for each weight,

    G_kj = -lambda sign(W_kj)  where W_kj is not 0,      |G_kj| <= lambda  where it is

(the Karush-Kuhn-Tucker or KKT conditions). Few weights are nonzero at a minimum: Newton's method is
affordable for these. Each iteration looks at all weights once, chooses a working set, and steps to
the minimum of F's quadratic model over that set (`scratch.lasso_newton`): the proximal Newton
method of glmnet (Friedman, Hastie and Tibshirani 2010; Yuan, Ho and Lin 2012).
"""

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int, UInt8

from scratch.features import PIXEL_SCALE
from scratch.lasso_newton import model_hessian, model_minimum, row_blocks

MIN_ADDED_WEIGHTS = 64
"""How many zeros may join the working set at least."""


class Solution(NamedTuple):
    """Weights `[c, d + 1]`, F of them in nats (logarithms are natural), a bound of its excess."""

    weights: Float64[np.ndarray, "c w"]
    objective: float
    gap: float
    iterations: int


def fit(
    pixels: UInt8[np.ndarray, "n d"],
    labels: Int[np.ndarray, "n"],
    penalty: float,
    start: Float64[np.ndarray, "c w"],
    enough: float,
    most: int = 50,
) -> Solution:
    """Minimise F by proximal Newton steps on working sets.

    Args:
        pixels: uint8 `[n, d]`; features are `pixels / 256`.
        labels: `[n]`, of `c` classes.
        penalty: lambda.
        start: `[c, d + 1]`, such as the solution for a slightly larger lambda; Newton's method
            makes no way where every probability is 0 or 1.
        enough: the gap to stop at, in parts of the objective.
        most: Newton steps at most.

    Raises:
        ValueError: `penalty` is not positive.
    """
    if not penalty > 0:
        raise ValueError(f"got penalty {penalty!r}, expected a positive number")
    weights, one_hot = start.copy(), np.eye(len(start))[labels]
    mean = pixels.mean(axis=0) / PIXEL_SCALE
    s = scores(weights, pixels)
    for done in range(most + 1):
        shift = best_bias(s, one_hot)
        weights[:, -1] += shift
        s += shift
        p = np.exp(log_softmax(s))
        slope = gradient(p - one_hot, pixels)
        objective = loss(s, one_hot) + penalty * l1_norm(weights)
        gap = duality_gap(objective, p, one_hot, slope, penalty)
        if gap <= enough * objective or done == most:
            break
        k, j = np.nonzero(working_set(weights, slope, penalty))
        penalties = np.where(j == len(mean), 0.0, penalty)
        # Far from the minimum the model is not worth its last digits.
        tolerance = penalty * min(0.1, 0.3 * gap / objective)
        H, w = model_hessian(pixels, mean, p, k, j), weights[k, j]
        step = np.zeros_like(weights)
        step[k, j] = model_minimum(H, slope[k, j], w, penalties, tolerance) - w
        # The model's features have no mean, so that its bias is another; its slope is 0 for both.
        step[:, -1] -= step[:, :-1] @ mean
        along, size = scores(step, pixels), 1.0
        predicted = np.vdot(slope, step) + penalty * (l1_norm(weights + step) - l1_norm(weights))
        # The model holds nearby: halve the step until F falls by a tenth of the first-order change.
        while loss(s + size * along, one_hot) + penalty * l1_norm(weights + size * step) > (
            objective + 0.1 * size * predicted
        ):
            size /= 2
        weights += size * step
        s += size * along
    return Solution(weights, objective, gap, done)


def working_set(
    weights: Float64[np.ndarray, "c w"], slope: Float64[np.ndarray, "c w"], penalty: float
) -> Bool[np.ndarray, "c w"]:
    """Choose the nonzero weights, the biases, and the zeros that violate their condition most.

    At most half as many zeros join as there are nonzeros: most violations go away once the worst
    are mended, and the work grows with the square of the set.
    """
    chosen = weights != 0
    excess = np.where(chosen, 0.0, np.abs(slope) - penalty)
    excess[:, -1] = 0.0
    most = max(MIN_ADDED_WEIGHTS, int(chosen[:, :-1].sum()) // 2)
    worst = np.argsort(excess, axis=None)[::-1][:most]
    chosen.flat[worst[excess.flat[worst] > 0]] = True
    chosen[:, -1] = True
    return chosen


def duality_gap(
    objective: float,
    p: Float64[np.ndarray, "n c"],
    one_hot: Float64[np.ndarray, "n c"],
    slope: Float64[np.ndarray, "c w"],
    penalty: float,
) -> float:
    """Return a bound of `objective` less F's minimum; infinite unless p's bias is the best.

    The dual problem of F is to maximise the mean entropy of probabilities q `[n, c]` under

        mean (q - e_y) = 0  and  |mean (q - e_y) x^T| <= lambda in every entry.

    The mean entropy of any such q is at most the minimum of F (Koh, Kim and Boyd 2007, for two
    classes), so that the difference certifies a solution, however it was found.
    """
    # p meets the first condition if its bias is the best. The left-hand side of the second is 0 for
    # one-hot labels: p is pulled towards them as far as lambda asks.
    if np.abs(slope[:, -1]).max() > 1e-12:
        return math.inf
    largest = float(np.abs(slope[:, :-1]).max())
    q = one_hot + (p - one_hot) * min(1.0, penalty / max(largest, 1e-300))
    entropy = -float((q * np.log(np.maximum(q, 1e-300))).sum(axis=1).mean())  # 0 log 0 is 0
    return objective - entropy


def best_bias(
    s: Float64[np.ndarray, "n c"], one_hot: Float64[np.ndarray, "n c"], most: int = 100
) -> Float64[np.ndarray, "c"]:
    """Find by Newton's method what added to the classes' scores minimises f.

    At the minimum the mean probabilities are the classes' shares.
    """
    shift, shares = np.zeros(s.shape[1]), one_hot.mean(axis=0)
    for _ in range(most):
        p = np.exp(log_softmax(s + shift))
        slope = p.mean(axis=0) - shares
        if np.abs(slope).max() < 1e-14:
            break
        hessian = np.diag(p.mean(axis=0)) - p.T @ p / len(p)
        # One shift of all classes changes nothing: the pseudo-inverse leaves it alone.
        step = np.linalg.pinv(hessian, rcond=1e-9, hermitian=True) @ slope
        # The Hessian holds where scores change by less than 1, probabilities by a factor e.
        shift -= step / max(1.0, float(np.abs(step).max()))
    return shift


def log_softmax(s: Float64[np.ndarray, "n c"]) -> Float64[np.ndarray, "n c"]:
    """Return the logarithms of each row's class probabilities."""
    s = s - s.max(axis=1, keepdims=True)
    return s - np.log(np.exp(s).sum(axis=1, keepdims=True))


def loss(s: Float64[np.ndarray, "n c"], one_hot: Float64[np.ndarray, "n c"]) -> float:
    """Return f of scores: the mean cross-entropy in nats."""
    return -float((log_softmax(s) * one_hot).sum(axis=1).mean())


def l1_norm(weights: Float64[np.ndarray, "c w"]) -> float:
    """Return the sum of the weights' absolute values, without the biases."""
    return float(np.abs(weights[:, :-1]).sum())


def scores(
    weights: Float64[np.ndarray, "c w"], pixels: UInt8[np.ndarray, "n d"]
) -> Float64[np.ndarray, "n c"]:
    """Return `W [x, 1]` for each example; only pixels with a weight are read."""
    used = np.flatnonzero(weights[:, :-1].any(axis=0))
    W = weights[:, used].T / PIXEL_SCALE
    return np.concatenate([pixels[b][:, used] @ W for b in row_blocks(pixels)]) + weights[:, -1]


def gradient(
    residuals: Float64[np.ndarray, "n c"], pixels: UInt8[np.ndarray, "n d"]
) -> Float64[np.ndarray, "c w"]:
    """Return the gradient of f, the mean of `(p - e_y) [x, 1]^T`, from the residuals `p - e_y`.

    In float64: at a small lambda float32's rounding alone makes a gap of 1e-6.
    """
    total = sum(residuals[b].T @ pixels[b] for b in row_blocks(pixels))
    return np.column_stack([total / PIXEL_SCALE, residuals.sum(axis=0)]) / len(pixels)


def zero_weights(
    pixels: UInt8[np.ndarray, "n d"], labels: Int[np.ndarray, "n"], n_classes: int
) -> tuple[Float64[np.ndarray, "c w"], float]:
    """Return W = 0 with its best bias, and lambda_max, the smallest lambda whose solution it is.

    Raises:
        ValueError: a class has no example, and its best bias is minus infinity.
    """
    shares = np.bincount(labels, minlength=n_classes) / len(labels)
    if shares.min() == 0:
        raise ValueError(f"got no example of class {shares.argmin()}, expected some of each class")
    weights = np.zeros((n_classes, pixels.shape[1] + 1))
    weights[:, -1] = np.log(shares)
    slope = gradient(shares - np.eye(n_classes)[labels], pixels)
    return weights, float(np.abs(slope[:, :-1]).max())
