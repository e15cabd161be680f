"""Beyond question 1.2d: multinomial logistic regression with an L1 penalty, minimised to a gap.

    F(W, b) = f(W, b) + lambda sum_kj |W_kj|,   f = mean over n of -log softmax(W x_n + b)_(y_n)

The bias is not penalised. F is convex but not differentiable where a weight is zero, so that a
gradient step on f is followed by the penalty's proximal map, the soft threshold, which sets weights
to exactly zero. With momentum and restarts this is FISTA (Beck and Teboulle 2009; O'Donoghue and
Candes 2015). The duality gap bounds from above how far F is from its minimum.

Arrays keep the dtype of `x`; float32 halves the time and limits the gap to about 1e-4 of F.
"""

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

CHECK_EVERY = 10
"""Iterations between two looks at the duality gap."""


class Weights(NamedTuple):
    """What is fitted, and equally a gradient.

    Attributes:
        W: `[c, d]`.
        b: `[c]`, not penalised.
    """

    W: Float[np.ndarray, "c d"]
    b: Float[np.ndarray, "c"]


class Solution(NamedTuple):
    """A solution for one lambda.

    Attributes:
        weights: the last iterate.
        objective: F of it, in nats.
        gap: a bound on how far `objective` is above the minimum, in nats.
        iterations: how many were made.
    """

    weights: Weights
    objective: float
    gap: float
    iterations: int


def soft_threshold(w: Float[np.ndarray, "..."], tau: float) -> Float[np.ndarray, "..."]:
    """The minimiser v of `(v - w)^2 / 2 + tau |v|` entry by entry: `sign(w) max(|w| - tau, 0)`."""
    return np.sign(w) * np.maximum(np.abs(w) - tau, 0)


def probabilities(
    weights: Weights, x: Float[np.ndarray, "n d"]
) -> tuple[Float[np.ndarray, "n c"], Float[np.ndarray, "n c"]]:
    """Softmax of `W x + b` and its logarithm."""
    s = x @ weights.W.T + weights.b
    s -= s.max(axis=1, keepdims=True)
    log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    return np.exp(log_p), log_p


def loss_and_gradient(
    weights: Weights, x: Float[np.ndarray, "n d"], labels: Int[np.ndarray, "n"]
) -> tuple[float, Weights]:
    """The loss f in nats, and its gradient: the mean of `(p_n - e_(y_n)) x_n^T`; x is 1 for b."""
    p, log_p = probabilities(weights, x)
    rows = np.arange(len(labels))
    loss = -float(log_p[rows, labels].mean(dtype=np.float64))
    p[rows, labels] -= 1
    p /= len(labels)
    return loss, Weights(p.T @ x, p.sum(axis=0))


def lambda_max(x: Float[np.ndarray, "n d"], labels: Int[np.ndarray, "n"], n_classes: int) -> float:
    """The smallest lambda at which all weights are zero.

    At W = 0 the best bias makes the probabilities the classes' shares; W = 0 is optimal if and only
    if no entry of f's gradient there exceeds lambda (the subgradient of |.| at 0 is [-1, 1]).
    """
    _, slope = loss_and_gradient(zero_weights(x, labels, n_classes), x, labels)
    return float(np.abs(slope.W).max())


def zero_weights(
    x: Float[np.ndarray, "n d"], labels: Int[np.ndarray, "n"], n_classes: int
) -> Weights:
    """W = 0 with the best bias for it, the logarithms of the classes' shares.

    Raises:
        ValueError: a class has no example, and its best bias is minus infinity.
    """
    counts = np.bincount(labels, minlength=n_classes)
    if counts.min() == 0:
        raise ValueError(f"got no example of class {counts.argmin()}, expected some of each class")
    b = np.log(counts / len(labels)).astype(x.dtype)
    return Weights(np.zeros((n_classes, x.shape[1]), x.dtype), b)


def lipschitz(x: Float[np.ndarray, "n d"], iterations: int = 50) -> float:
    """A bound on the Lipschitz constant of f's gradient, `sigma_max([x 1])^2 / (2 n)`.

    The Hessian of log-sum-exp is `diag(p) - p p^T`, whose largest eigenvalue is at most 1/2
    (Bohning 1992). The singular value comes from power iteration, which approaches it from below;
    2 % are added.
    """
    v = np.asarray(np.random.RandomState(0).normal(size=x.shape[1]), x.dtype)
    intercept, square = x.dtype.type(1), 0.0
    for _ in range(iterations):
        size = np.sqrt(v @ v + intercept * intercept)
        v, intercept = v / size, intercept / size
        u = x @ v + intercept
        square = float(u @ u)
        v, intercept = u @ x, u.sum()
    return 1.02 * square / (2 * len(x))


def duality_gap(
    weights: Weights, x: Float[np.ndarray, "n d"], labels: Int[np.ndarray, "n"], penalty: float
) -> tuple[float, float]:
    """F, and a bound on how far it is above the minimum.

    The dual of F is the mean entropy of any probabilities q `[n, c]` with `|mean (q - e_y) x^T| <=
    lambda` in every entry and `mean (q - e_y) = 0`: a lower bound of the minimum (Koh, Kim and Boyd
    2007, for two classes). The iterate's p with the bias's condition met is pulled towards the
    one-hot labels, where the left-hand side is 0, as far as the first condition needs.

    Returns:
        The objective and the gap, in nats.
    """
    balanced = Weights(weights.W, best_bias(weights, x, labels))
    p, log_p = probabilities(balanced, x)
    rows = np.arange(len(labels))
    objective = -float(log_p[rows, labels].mean(dtype=np.float64)) + penalty * float(
        np.abs(weights.W).sum(dtype=np.float64)
    )
    q = p.astype(np.float64)
    q[rows, labels] -= 1
    slope = np.abs((q.T.astype(x.dtype) @ x) / len(labels)).max()
    q *= min(1.0, penalty / max(float(slope), 1e-300))
    q[rows, labels] += 1
    q = np.maximum(q, 1e-300)
    entropy = -float((q * np.log(q)).sum(axis=1).mean())
    return objective, objective - entropy


def best_bias(
    weights: Weights, x: Float[np.ndarray, "n d"], labels: Int[np.ndarray, "n"]
) -> Float[np.ndarray, "c"]:
    """The bias that minimises f for these W: Newton's method in float64, on c numbers."""
    s = (x @ weights.W.T).astype(np.float64)
    b = weights.b.astype(np.float64)
    shares = np.bincount(labels, minlength=len(b)) / len(labels)
    for _ in range(20):
        z = s + b
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        slope = p.mean(axis=0) - shares
        if np.abs(slope).max() < 1e-13:
            break
        hessian = np.diag(p.mean(axis=0)) - p.T @ p / len(p)
        # One shift of all biases changes nothing: the pseudo-inverse leaves it alone.
        b = b - np.linalg.pinv(hessian, rcond=1e-9, hermitian=True) @ slope
    return b.astype(x.dtype)


def fit(
    x: Float[np.ndarray, "n d"],
    labels: Int[np.ndarray, "n"],
    penalty: float,
    start: Weights,
    curvature: float,
    most: int,
    enough: float,
) -> Solution:
    """Minimise F by accelerated proximal gradient, restarted where it points uphill.

    Args:
        x: features, best with their means taken off: that moves the bias alone.
        labels: of `c` classes.
        penalty: lambda.
        start: such as the solution for a slightly larger lambda.
        curvature: a bound as from `lipschitz`; the step is its inverse.
        most: iterations at most.
        enough: the gap, in parts of the objective, to stop at.

    Raises:
        ValueError: `penalty` is negative or `curvature` not positive.
    """
    if not penalty >= 0 or not curvature > 0:
        raise ValueError(
            f"got penalty {penalty!r} and curvature {curvature!r}, expected at least 0 and above 0"
        )
    step, current, ahead, momentum = 1 / curvature, start, start, 1.0
    objective, gap = duality_gap(start, x, labels, penalty)
    for done in range(most):
        if gap <= enough * objective:
            return Solution(_balanced(current, x, labels), objective, gap, done)
        _, slope = loss_and_gradient(ahead, x, labels)
        W = soft_threshold(ahead.W - step * slope.W, step * penalty)
        following = Weights(W, ahead.b - step * slope.b)
        uphill = sum(
            float(np.vdot(a - f, f - c)) for a, f, c in zip(ahead, following, current, strict=True)
        )
        momentum = 1.0 if uphill > 0 else momentum
        grown = (1 + math.sqrt(1 + 4 * momentum**2)) / 2
        ahead = Weights(
            *(f + (momentum - 1) / grown * (f - c) for f, c in zip(following, current, strict=True))
        )
        current, momentum = following, grown
        if (done + 1) % CHECK_EVERY == 0 or done + 1 == most:
            objective, gap = duality_gap(current, x, labels, penalty)
    return Solution(_balanced(current, x, labels), objective, gap, most)


def _balanced(
    weights: Weights, x: Float[np.ndarray, "n d"], labels: Int[np.ndarray, "n"]
) -> Weights:
    return Weights(weights.W, best_bias(weights, x, labels))
