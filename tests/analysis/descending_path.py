"""The path of Theorem 8 in docs/question3.md, from a network to any coefficients, point by point.

A network is a pair (U, v): rows u_i = (b_i - 1/2, w_i) and output weights; v0 follows from c. The
bordered matrix is B = -U' diag(v) U.
"""

from itertools import pairwise

import numpy as np

Point = tuple[np.ndarray, np.ndarray]


def descending_path(U: np.ndarray, v: np.ndarray, target: np.ndarray, n: int) -> list[Point]:
    """Networks from (U, v) to one with the bordered matrix `target`, about 12 n of them.

    On the first 3 n the bordered matrix is constant; then it moves along a straight line, and
    pauses where an output weight changes its sign.
    """
    B = -(U.T * v) @ U
    lam, Q = np.linalg.eigh(B)
    size, J = np.abs(v), np.sign(v)
    lengths = [size ** (s / 2) for s in np.linspace(0, 1, n)]
    points = [(U * a[:, None], v / a**2) for a in lengths]
    unit = _one_unit_each(lam, J)
    straight = np.zeros_like(U)
    straight[unit] = np.sqrt(np.abs(lam))[:, None] * Q.T
    frame = _frame(np.sqrt(size)[:, None] * U @ Q / np.sqrt(np.abs(lam)), J, unit)
    R = frame @ np.linalg.inv(_frame(straight @ Q / np.sqrt(np.abs(lam)), J, unit))
    turns, signs = _turns(R, J, n)
    points += [(turn @ straight, J) for turn in turns]
    return points + _straight_line(B, target, signs[unit], unit, J, 8 * n)


def _one_unit_each(lam: np.ndarray, J: np.ndarray) -> np.ndarray:
    """For every eigenvalue the number of a unit whose v has the opposite sign."""
    free = {sign: iter(np.flatnonzero(sign == J)) for sign in (-1.0, 1.0)}
    return np.array([next(free[-np.sign(value)]) for value in lam])


def _frame(V: np.ndarray, J: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """V's columns at `unit`, completed to a matrix R with R' J R = J."""
    R = np.zeros((len(J), len(J)))
    R[:, unit] = V
    rest = np.setdiff1d(np.arange(len(J)), unit)
    if len(rest):
        complement = np.linalg.svd(V.T * J)[2][V.shape[1] :].T
        form, Z = np.linalg.eigh((complement.T * J) @ complement)
        basis = complement @ Z / np.sqrt(np.abs(form))
        for sign in (-1, 1):
            R[:, rest[J[rest] == sign]] = basis[:, np.sign(form) == sign]
    return R


def _turns(R: np.ndarray, J: np.ndarray, n: int) -> tuple[list[np.ndarray], np.ndarray]:
    """Matrices R' J R = J from R to a diagonal matrix of signs, and these signs."""
    power, Z = np.linalg.eigh(R.T @ R)
    O = R @ (Z * power**-0.5) @ Z.T
    turns = [O @ (Z * power ** ((1 - s) / 2)) @ Z.T for s in np.linspace(0, 1, n)]
    blocks = [np.flatnonzero(sign == J) for sign in (-1.0, 1.0)]
    plane = [(block, *_rotations(O[np.ix_(block, block)])) for block in blocks if len(block)]
    for s in np.linspace(1, 0, n):
        turn = np.zeros_like(R)
        for block, rotations, signs in plane:
            part = np.diag(signs)
            for j, i, angle in reversed(rotations):
                part[[j, i]] = _rotation(-s * angle) @ part[[j, i]]
            turn[np.ix_(block, block)] = part
        turns.append(turn)
    return turns, np.diag(turns[-1])


def _rotations(O: np.ndarray) -> tuple[list[tuple[int, int, float]], np.ndarray]:
    """Rotations of coordinate planes that turn an orthogonal matrix into one of signs."""
    O, rotations = O.copy(), []
    for j in range(len(O)):
        for i in range(j + 1, len(O)):
            angle = float(np.arctan2(O[i, j], O[j, j]))
            O[[j, i]] = _rotation(angle) @ O[[j, i]]
            rotations.append((j, i, angle))
    return rotations, np.sign(np.diag(O))


def _rotation(angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, s], [-s, c]])


def _straight_line(
    B: np.ndarray, target: np.ndarray, signs: np.ndarray, unit: np.ndarray, J: np.ndarray, n: int
) -> list[Point]:
    """Eigenvectors of B + s (target - B) as rows; v_i changes its sign while its row is zero."""

    def eigenpairs(s: float, near: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        lam, Q = np.linalg.eigh(B + s * (target - B))
        return lam, Q * np.where((Q * near).sum(axis=0) < 0, -1.0, 1.0)

    def rows(lam: np.ndarray, Q: np.ndarray) -> np.ndarray:
        U = np.zeros((len(J), len(B)))
        U[unit] = np.sqrt(np.abs(lam))[:, None] * Q.T
        return U

    grid, v, points = np.linspace(0, 1, n), J.copy(), []
    before, Q = np.linalg.eigh(B)
    Q = Q * signs
    for low, high in pairwise(grid):
        lam, Q_high = eigenpairs(high, Q)
        for j in np.flatnonzero(lam * before < 0):
            zero = _crossing(B, target, j, low, high)
            values, vectors = eigenpairs(zero, Q)
            values[j] = 0.0
            for weight in np.linspace(v[unit[j]], -v[unit[j]], n // 4):
                v = v.copy()
                v[unit[j]] = weight
                points.append((rows(values, vectors), v))
        points.append((rows(lam, Q_high), v))
        before, Q = lam, Q_high
    return points


def _crossing(B: np.ndarray, target: np.ndarray, j: int, low: float, high: float) -> float:
    """Where eigenvalue j of B + s (target - B) changes its sign, by bisection."""

    def sign(s: float) -> float:
        return float(np.sign(np.linalg.eigvalsh(B + s * (target - B))[j]))

    first = sign(low)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if sign(middle) == first else (low, middle)
    return low
