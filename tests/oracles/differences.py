"""Central differences over every coordinate of a pytree of float64 arrays."""

from collections.abc import Callable

import numpy as np


def central_differences(
    function: Callable[[list[np.ndarray]], float], arrays: list[np.ndarray], step: float = 1e-6
) -> list[np.ndarray]:
    """The gradient of a scalar function; its error is about `step**2` and `1e-16 / step`."""
    gradient = [np.zeros_like(array) for array in arrays]
    for which, array in enumerate(arrays):
        for place in np.ndindex(array.shape):
            values = []
            for sign in (1, -1):
                moved = [a.copy() for a in arrays]
                moved[which][place] += sign * step
                values.append(function(moved))
            gradient[which][place] = (values[0] - values[1]) / (2 * step)
    return gradient
