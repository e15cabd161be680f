"""The canvas every scene draws on: coordinates, soft-edged masks, paint, and seeded choices.

A batch of n pictures is float32 `[n, 3, 48, 48]`, display values with 0 black and 1 white. What a
whole picture has one of (a height, a width) is `[n, 1, 1]`, a colour `[n, 3, 1, 1]`, a mask
`[n, 48, 48]` or anything that broadcasts to it, so that one expression draws the whole batch.
Coordinates are in picture widths: x from 0 at the left to 1, y from 0 at the top to 1.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Always float32; but NumPy's types call a product with a Python number no more than floating.
Array = NDArray[np.floating[Any]]
Colour = tuple[float, float, float]

SIZE = 48
_CENTRES = (np.arange(SIZE, dtype=np.float32) + 0.5) / SIZE
X: Array = _CENTRES[None, None, :]
Y: Array = _CENTRES[None, :, None]


class Dice:
    """Seeded choices for a batch of n pictures, an independent one for each, all from `rng`."""

    def __init__(self, rng: np.random.Generator, n: int) -> None:
        self.rng = rng
        self.n = n

    def between(self, low: float, high: float) -> Array:
        """Uniform numbers `[n, 1, 1]` in `[low, high)`."""
        return low + (high - low) * self.rng.random((self.n, 1, 1), np.float32)

    def chance(self, p: float) -> Array:
        """`[n, 1, 1]`: 1 with probability p, else 0; multiplies the mask of what may be absent."""
        return (self.rng.random((self.n, 1, 1), np.float32) < p).astype(np.float32)

    def side(self) -> Array:
        """`[n, 1, 1]`: -1 or 1, for what can lean or stand either way."""
        return 2 * self.chance(0.5) - 1

    def index(self, weights: Sequence[float]) -> NDArray[np.int64]:
        """`[n]`: an entry's number, drawn with the given weights."""
        w = np.asarray(weights, np.float64)
        return self.rng.choice(len(w), self.n, p=w / w.sum())

    def colour(self, palette: Sequence[Colour], spread: float = 0.05) -> Array:
        """Colours `[n, 3, 1, 1]`: each a mixture of two of the palette, shifted by normal noise."""
        colours = np.asarray(palette, np.float32)
        first, second = self.rng.integers(0, len(colours), (2, self.n))
        share = self.rng.random((self.n, 1), np.float32)
        mixed = colours[first] * share + colours[second] * (1 - share)
        mixed += spread * self.rng.standard_normal((self.n, 1), np.float32)
        mixed += spread / 2 * self.rng.standard_normal((self.n, 3), np.float32)
        return np.clip(mixed, 0, 1)[:, :, None, None]


def rgb(colour: Colour) -> Array:
    """One colour `[3, 1, 1]` for all pictures."""
    return np.array(colour, np.float32)[:, None, None]


def inside(distance: Array) -> Array:
    """Return the soft-edged mask of `distance > 0`, with distances in picture widths.

    The edge is one pixel wide, as if the picture were drawn larger and averaged down.
    """
    return np.clip(distance * SIZE + 0.5, 0, 1)


def under(line: Array) -> Array:
    """Return the mask of everything below a line, given by its y."""
    return inside(Y - line)


def box(left: Array, right: Array, top: Array, bottom: Array) -> Array:
    """Return the mask of a rectangle, whose sides may be arrays that vary over the picture."""
    return inside(np.minimum(X - left, right - X)) * inside(np.minimum(Y - top, bottom - Y))


def ellipse(cx: Array, cy: Array, rx: Array, ry: Array) -> Array:
    """Return the mask of an ellipse with half axes rx and ry."""
    radius = np.sqrt(((X - cx) / rx) ** 2 + ((Y - cy) / ry) ** 2)
    return inside((1 - radius) * np.minimum(rx, ry))


def paint(image: Array, mask: Array, colour: Array | float) -> None:
    """Cover the pictures `image` `[n, 3, 48, 48]` in place where `mask` `[n, 48, 48]` is 1.

    Where the mask is between 0 and 1 they are covered in part. The colour is one for each picture,
    or pictures to take the colours from.
    """
    change = colour - image
    change *= mask[:, None]
    image += change


def mix(a: Array, b: Array | float, share: Array | float) -> Array:
    """Mix two pictures: `a` where `share` is 0, `b` where it is 1."""
    mixed = (b - a) * share
    mixed += a
    return mixed
