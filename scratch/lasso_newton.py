"""The step of the L1 solver: the minimum of a quadratic model of its objective.

Near weights w of a working set, where the loss has gradient g and Hessian H, the objective is about

    m(v) = g^T (v - w) + (v - w)^T H (v - w) / 2 + sum_i penalty_i |v_i|.
"""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float64, Int, UInt8

from scratch.features import PIXEL_SCALE

RIDGE = 1e-7
"""What is added to H's diagonal: more than float32 rounds off, as all features are below 1."""
MAX_ROUNDS = 50
MAX_SWEEPS_PER_ROUND = 10
MAX_HALVINGS = 20


def row_blocks(pixels: UInt8[np.ndarray, "n d"], size: int = 512) -> Iterator[slice]:
    """Yield the examples in slices, whose pixels take little memory as floats."""
    for first in range(0, len(pixels), size):
        yield slice(first, first + size)


def model_hessian(
    pixels: UInt8[np.ndarray, "n d"],
    mean: Float64[np.ndarray, "d"],
    p: Float64[np.ndarray, "n c"],
    k: Int[np.ndarray, "m"],
    j: Int[np.ndarray, "m"],
) -> Float64[np.ndarray, "m m"]:
    """Compute H for the weights of classes k, ascending, and features j, of which d is the bias.

    Its entry for (k, j) and (l, i) is the mean over n of `p_k (delta_kl - p_l) x_j x_i`, where x is
    the features less their `mean`: as they are, they move the scores alike, and sweeps creep.
    """
    total = np.zeros((len(k), len(k)))
    classes = [slice(*np.searchsorted(k, [c, c + 1])) for c in range(p.shape[1])]
    # In float32, at half the time: the Hessian decides how fast the minimum is found, not where.
    p, bias = p.astype(np.float32), j == len(mean)
    columns = np.where(bias, 0, j)
    centre = mean[columns].astype(np.float32)
    for b in row_blocks(pixels):
        x = pixels[b][:, columns] * np.float32(1 / PIXEL_SCALE) - centre
        x[:, bias] = 1
        weighted = x * p[b][:, k]
        total -= weighted.T @ weighted
        for own in classes:
            total[own, own] += x[:, own].T @ weighted[:, own]
    total /= len(pixels)
    total.flat[:: len(k) + 1] += RIDGE
    # Shifting all biases alike changes nothing, and H is singular there: hold their sum.
    total[np.ix_(bias, bias)] += 1
    return total


def model_minimum(
    hessian: Float64[np.ndarray, "m m"],
    slope: Float64[np.ndarray, "m"],
    start: Float64[np.ndarray, "m"],
    penalties: Float64[np.ndarray, "m"],
    tolerance: float,
) -> Float64[np.ndarray, "m"]:
    """Minimise m from w = `start`, until its KKT conditions are met up to `tolerance`.

    Sweeps find which weights are zero; a direct solve finds the others.
    """
    v, r = start.copy(), slope.copy()  # r is the gradient of m's quadratic part at v
    for _ in range(MAX_ROUNDS):
        _sweep(hessian, v, r, penalties)
        _solve(hessian, v, r, penalties)
        violations = np.where(v == 0, np.abs(r) - penalties, np.abs(r + penalties * np.sign(v)))
        if violations.max() <= tolerance:
            break
    return v


def _sweep(hessian: np.ndarray, v: np.ndarray, r: np.ndarray, penalties: np.ndarray) -> None:
    """Minimise m over one weight after another, until the same ones are zero after a sweep.

    Over `v_i` alone the minimum is the soft threshold of `a = v_i - r_i / H_ii`: `a` moved towards
    zero by `penalty_i / H_ii`, and zero where it would cross.
    """
    diagonal = hessian.diagonal()
    for _ in range(MAX_SWEEPS_PER_ROUND):
        nonzero = v != 0
        for i in np.flatnonzero(nonzero | (np.abs(r) > penalties)):
            a, shrink = v[i] - r[i] / diagonal[i], penalties[i] / diagonal[i]
            new = np.sign(a) * max(abs(a) - shrink, 0.0)
            if new != v[i]:
                r += (new - v[i]) * hessian[i]
                v[i] = new
        if np.array_equal(nonzero, v != 0):
            break


def _solve(hessian: np.ndarray, v: np.ndarray, r: np.ndarray, penalties: np.ndarray) -> None:
    """Move the nonzero weights towards the minimum for their signs, where m is quadratic.

    Weights that would change their sign become zero. Half the way is tried where m does not fall.
    """
    on = np.flatnonzero((v != 0) | (penalties == 0))
    old, shrink, step = v[on], penalties[on], np.zeros_like(v)
    signs = np.sign(old)
    way = -np.linalg.solve(hessian[np.ix_(on, on)], r[on] + shrink * signs)
    for halvings in range(MAX_HALVINGS):
        new = old + 0.5**halvings * way
        crossed = (new * signs < 0) & (shrink > 0)
        new[crossed] = 0
        step[on] = new - old
        moved = hessian @ step
        change = (r + moved / 2) @ step + shrink @ (np.abs(new) - np.abs(old))
        if change < 0 or not crossed.any():
            v[on] = new
            r += moved
            break
