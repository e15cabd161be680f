"""The solution of least norm of fewer equations than unknowns, whatever the unknowns' sizes."""

import numpy as np
from jaxtyping import Float

from analysis.spectrum import norm


def min_norm(
    rows: Float[np.ndarray, "rank P"], z: Float[np.ndarray, " rank"]
) -> Float[np.ndarray, " P"]:
    """Return the c of smallest norm with rows c = z.

    With A = rows' = Q R it is Q R^-T z = A u, u = R^-1 R^-T z. Inputs of sizes 1e8 and 1e-8 give A
    rows between 1e16 and 1e-16, and an ordinary QR loses the small ones. Householder's keeps the
    digits of every row for itself where rows are sorted by size and the column with the largest
    entry left is eliminated first (Powell and Reid 1969; Cox and Higham 1998).

    Args:
        rows: the equations, of full rank.
        z: the right-hand side.

    Returns:
        c, each entry to a few eps of |row of A| |u|, below which its terms may cancel.
    """
    A = rows.T
    large_first = np.argsort(-np.abs(A).max(axis=1), kind="stable")
    A, z = A[large_first], z.copy()
    reflections = []
    for j in range(len(z)):
        pivot = j + int(np.abs(A[j:, j:]).max(axis=0).argmax())
        A[:, [j, pivot]], z[[j, pivot]] = A[:, [pivot, j]], z[[pivot, j]]
        u = A[j:, j] / norm(A[j:, j])
        u[0] += np.copysign(1.0, u[0])
        u /= norm(u)
        A[j:, j:] -= np.multiply.outer(2 * u, u @ A[j:, j:])
        reflections.append(u)
    c = np.zeros(len(A))
    for j in range(len(z)):
        c[j] = (z[j] - A[:j, j] @ c[:j]) / A[j, j]
    for j in reversed(range(len(z))):
        c[j:] -= 2 * reflections[j] * (reflections[j] @ c[j:])
    c[large_first] = c.copy()
    return c
