"""Random fields: value noise in one and two dimensions, ridge lines, relief, rows of windows."""

from functools import cache

import numpy as np

from experiments.data.synthetic.canvas import SIZE, Array, Dice


@cache
def _interpolation(knots: int, *, smooth: bool) -> Array:
    """Weights `[48, knots]` that carry values at `knots` even places to the 48 pixels.

    Linear between neighbours, or eased by 3t^2 - 2t^3 so that the slope has no kinks.
    """
    place = np.linspace(0, knots - 1, SIZE)
    left = np.minimum(place.astype(np.int64), knots - 2)
    t = place - left
    if smooth:
        t = t * t * (3 - 2 * t)
    weights = np.zeros((SIZE, knots), np.float32)
    weights[np.arange(SIZE), left] = 1 - t
    weights[np.arange(SIZE), left + 1] += t
    return weights


def noise(dice: Dice, rows: int, columns: int, octaves: int = 4, gain: float = 0.5) -> Array:
    """Fractal value noise `[n, 48, 48]` around 0, standard deviation about 1.

    Octave k interpolates uniform values of variance 1 on a grid of 2^k times `rows` by 2^k times
    `columns` cells and enters with amplitude gain^k; no grid is finer than the pixels. Few rows
    make upright streaks, few columns level ones; a gain near 1 is rough.
    """
    total = np.zeros((dice.n, SIZE, SIZE), np.float32)
    power = 0.0
    for k in range(octaves):
        high, wide = (min(cells * 2**k + 1, SIZE) for cells in (rows, columns))
        knots = (dice.rng.random((dice.n, high, wide), np.float32) - 0.5) * 12**0.5
        down, across = _interpolation(high, smooth=True), _interpolation(wide, smooth=True)
        total += gain**k * (down @ (knots @ across.T))
        power += gain ** (2 * k)
    # Interpolation averages: about half of the knots' variance is left between them.
    return total * np.float32(1.5 / np.sqrt(power))


def ridge(dice: Dice, cells: int, octaves: int = 4, gain: float = 0.5) -> Array:
    """Return a jagged line `[n, 1, 48]` around 0, within about -1 to 1: the noise of a skyline.

    Linear interpolation keeps the kinks that make peaks and notches.
    """
    total = np.zeros((dice.n, 1, SIZE), np.float32)
    for k in range(octaves):
        wide = min(cells * 2**k + 1, SIZE)
        knots = 2 * dice.rng.random((dice.n, 1, wide), np.float32) - 1
        total += gain**k * (knots @ _interpolation(wide, smooth=False).T)
    return total


def relief(dice: Dice, cells: int, lean: Array) -> Array:
    """Light and shade `[n, 48, 48]` of rough ground, around 0, standard deviation about 1.

    The light comes from the side `lean`, -1 or 1, `[n, 1, 1]`; `cells` counts the noise's each way.
    """
    height = noise(dice, cells, cells, 4, 0.6)
    # The slope along a diagonal, so that gullies run down the fall line on both sides.
    slope = height - np.roll(height, (1, 1), (1, 2))
    slope[:, 0], slope[:, :, 0] = slope[:, 1], slope[:, :, 1]
    return lean * slope * 2


def grid(across: Array, down: Array, width: Array, height: Array) -> Array:
    """Soft-edged panes on a grid of unit cells: windows.

    Whole numbers of `across` and `down` are the middles of panes, whose `width` and `height` go
    from -1, panes that touch, to 1, none.
    """
    turn = np.float32(2 * np.pi)
    level = np.clip(2 * (np.cos(turn * across) - width) + 0.5, 0, 1)
    return level * np.clip(2 * (np.cos(turn * down) - height) + 0.5, 0, 1)
