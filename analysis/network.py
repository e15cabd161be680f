"""The network with activation g(z) = z(1 - z) and its coefficients (questions 3.1 and 3.2)."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Num

from analysis.checks import real
from analysis.features import join_c, pairs


class Theta(NamedTuple):
    """The parameters of y = v . g(W x + b) + v0 with K hidden units and D inputs.

    Attributes:
        W: rows w_i of weights, `[K, D]`.
        b: biases, `[K]`.
        v: output weights, `[K]`.
        v0: output bias.
    """

    W: Float[np.ndarray, "K D"]
    b: Float[np.ndarray, " K"]
    v: Float[np.ndarray, " K"]
    v0: float


def check_theta(theta: Theta) -> Theta:
    """Return `theta` as float64, its shapes checked against each other.

    Raises:
        ValueError: a part has the wrong shape, is complex or not finite.
    """
    W, b, v = real("W", theta.W, 2), real("b", theta.b, 1), real("v", theta.v, 1)
    v0 = float(real("v0", np.asarray(theta.v0), 0))
    K, D = W.shape
    if K < 1 or D < 1:
        raise ValueError(f"W has shape {W.shape}: expected K >= 1 rows and D >= 1 columns")
    if b.shape != (K,) or v.shape != (K,):
        raise ValueError(
            f"b has shape {b.shape} and v {v.shape}: expected ({K},) for both, as W has {K} rows"
        )
    return Theta(W, b, v, v0)


def activation(z: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Return g(z) = z(1 - z), entry by entry."""
    return z * (1 - z)


def forward(theta: Theta, x: Num[np.ndarray, "*batch D"]) -> Float[np.ndarray, "*batch"]:
    """Evaluate the network as question 3 defines it: y = v . g(W x + b) + v0.

    Args:
        theta: the parameters.
        x: one input or any batch of them, the inputs on the last axis.

    Returns:
        One output per input.

    Raises:
        ValueError: the shapes do not fit, or a number is complex or not finite.
    """
    W, b, v, v0 = check_theta(theta)
    x = real("x", x, np.ndim(x))
    if x.shape[-1:] != W.shape[1:]:
        raise ValueError(f"x has shape {x.shape}: expected {W.shape[1]} inputs on the last axis")
    return np.asarray(activation(x @ W.T + b) @ v + v0)


def a_theta(theta: Theta) -> Float[np.ndarray, "K P"]:
    """Return A_Theta, with h = A_Theta phi(x) for the hidden layer h = g(W x + b) (question 3.1).

    Row i is [b_i - b_i^2, (1 - 2 b_i) w_i, -w_i1^2 .. -w_iD^2, -w_i1 w_i2 .. -w_i(D-1) w_iD].

    Raises:
        ValueError: `theta` is not well formed.
    """
    W, b, _, _ = check_theta(theta)
    j, k = pairs(W.shape[1])
    constant, slope = b * (1 - b), 1 - 2 * b
    return np.concatenate(
        [constant[:, None], slope[:, None] * W, -(W**2), -W[:, j] * W[:, k]], axis=1
    )


def c_theta(theta: Theta) -> Float[np.ndarray, " P"]:
    """Return c_Theta = A_Theta' v + v0 e_1, with y = c_Theta . phi(x) (question 3.2).

    Computed by parts, without the `[K, P]` matrix: c1 = (b * (1 - b)) . v + v0,
    l = W' [(1 - 2b) * v], M = -W' diag(v) W.

    Raises:
        ValueError: `theta` is not well formed.
    """
    W, b, v, v0 = check_theta(theta)
    M = -(W.T * v) @ W
    return join_c(float((b * (1 - b)) @ v + v0), W.T @ ((1 - 2 * b) * v), (M + M.T) / 2)


def with_activation(theta: Theta, alpha: float, beta: float, gamma: float) -> Theta:
    """Return the parameters for alpha z^2 + beta z + gamma of the function g has with `theta`.

    alpha z^2 + beta z + gamma = -alpha g(z + beta / (2 alpha) + 1/2) + alpha / 4 + gamma
    - beta^2 / (4 alpha), so every such activation has the same coefficients within reach.

    Args:
        theta: the parameters of a network with activation g.
        alpha: not zero.
        beta: any number.
        gamma: any number.

    Raises:
        ValueError: alpha is zero, or `theta` is not well formed.
    """
    W, b, v, v0 = check_theta(theta)
    if alpha == 0:
        raise ValueError("alpha = 0: expected a quadratic activation, this one is a straight line")
    v = -v / alpha
    constant = alpha / 4 + gamma - beta**2 / (4 * alpha)
    return Theta(W, b - beta / (2 * alpha) - 0.5, v, float(v0 - constant * v.sum()))
