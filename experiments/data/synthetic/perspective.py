"""The geometry of a straight street: from pixels to distances, heights and house numbers."""

import numpy as np
from numpy.typing import NDArray

from experiments.data.synthetic.canvas import Array, Dice, X, Y

HOUSES = 8  # at each side; the last one reaches to the street's end


class Street:
    """A straight street between two walls, seen from eye height.

    The part z ahead of a wall that is w to the side shows at `focus` w/z beside the vanishing
    point, and what is h above the eye there at `focus` h/z above it. So z follows from x alone,
    and lines of constant height run to the vanishing point. Lengths are in eye heights, places
    in picture widths.

    Attributes:
        x, y: the vanishing point, each `[n, 1, 1]`.
        focus: the camera's focal length `[n, 1, 1]`.
        right: whether a column of pixels belongs to the right side, bool `[n, 1, 48]`.
        half: distance w of the wall at that side `[n, 1, 48]`.
        end: distance z at which the houses end `[n, 1, 1]`.
    """

    def __init__(self, dice: Dice, half: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw streets whose walls and whose end are as far away as these ranges say."""
        self.x, self.y = dice.between(0.2, 0.8), dice.between(0.4, 0.65)
        self.focus = dice.between(0.5, 1.0)
        self.right = self.x < X
        left_half, right_half = dice.between(*half), dice.between(*half)
        self.half: Array = np.where(self.right, right_half, left_half)
        self.end = dice.between(*end)

    @property
    def nearness(self) -> Array:
        """1/z of the wall seen in each column `[n, 1, 48]`."""
        # The small number keeps the column of the vanishing point finite.
        return np.abs(X - self.x) / (self.focus * self.half) + 1e-3

    @property
    def height(self) -> Array:
        """Height above the eye of the wall seen at each pixel `[n, 48, 48]`."""
        return (self.y - Y) / (self.focus * self.nearness)

    @property
    def ground_nearness(self) -> Array:
        """1/z of the ground seen in each row `[n, 48, 1]`; above the horizon nearly 0."""
        return np.clip(Y - self.y, 1e-3, 1) / self.focus

    @property
    def aside(self) -> Array:
        """Place of the ground `[n, 48, 48]` between the middle, 0, and the wall, 1."""
        return np.abs(X - self.x) / (self.focus * self.half * self.ground_nearness)

    def at(self, z: Array, side: Array) -> tuple[Array, Array, Array]:
        """Give x and y of the ground z ahead and `side` to the right, and a length of 1 there."""
        size = self.focus / z
        return self.x + side * size, self.y + size, size

    def house_numbers(self, first: Array, front: Array) -> NDArray[np.int64]:
        """Tell the house seen in each column `[n, 1, 48]`: 0 to 7 left, 8 to 15 right.

        Houses are `front` wide; the share `first` of the nearest lies behind the viewer.
        """
        number = np.clip(1 / (self.nearness * front) + first, 0, HOUSES - 1).astype(np.int64)
        return number + HOUSES * self.right


def of_house(values: Array, numbers: NDArray[np.int64]) -> Array:
    """Return what holds for the house seen in each column: `[n, 1, 48]`, or `[n, 3, 1, 48]`.

    Args:
        values: of each house, `[n, 16]`, or `[n, 3, 16]` for colours.
        numbers: the house in each column `[n, 1, 48]`.
    """
    if values.ndim == 2:
        return np.take_along_axis(values[:, None], numbers, axis=2)
    return np.take_along_axis(values[:, :, None], numbers[:, None], axis=3)
