"""High country, shared by mountains and glaciers: ridges, slopes, snow, the range behind them."""

import numpy as np

from experiments.data.synthetic.canvas import Array, Dice, X, Y, mix, paint, under
from experiments.data.synthetic.sky import Sky
from experiments.data.synthetic.texture import noise, relief, ridge

ROCK = (
    (0.36, 0.34, 0.33), (0.46, 0.42, 0.38), (0.28, 0.29, 0.32),
    (0.52, 0.40, 0.32), (0.22, 0.22, 0.24),
)  # fmt: skip
MEADOW = (
    (0.30, 0.42, 0.18), (0.20, 0.32, 0.14), (0.46, 0.46, 0.24),
    (0.55, 0.45, 0.28), (0.16, 0.24, 0.16),
)  # fmt: skip
SNOW = ((0.92, 0.94, 0.97), (0.80, 0.86, 0.93), (0.97, 0.97, 0.97))
ICE = (
    (0.72, 0.84, 0.92), (0.55, 0.74, 0.88), (0.85, 0.90, 0.94),
    (0.66, 0.72, 0.76), (0.50, 0.66, 0.80),
)  # fmt: skip
RUBBLE = (
    (0.34, 0.33, 0.32), (0.46, 0.44, 0.42), (0.24, 0.24, 0.25), (0.42, 0.37, 0.32),
)  # fmt: skip


def crest(dice: Dice, level: Array, height: Array, cells: int = 3, peak: float = 0.7) -> Array:
    """Return the y `[n, 1, 48]` of a ridge line, `height` above its foot at y `level` `[n, 1, 1]`.

    The share `peak` of the height is one mountain's, somewhere along it; the rest is noise.
    """
    top, width = dice.between(0.0, 1.0), dice.between(0.25, 0.9)
    mountain = np.clip(1 - np.abs(X - top) / width, 0, 1)
    return level - height * (peak * mountain + (1 - peak) * ridge(dice, cells))


def slope(
    sky: Sky,
    ground: Array,
    roughness: Array,
    distance: Array,
    snow: Array | None = None,
    line: Array | None = None,
) -> Array:
    """Draw the picture `[n, 3, 48, 48]` of a mountainside: relief, snow, light and haze.

    Args:
        sky: gives light and haze.
        ground: colour of what is bare `[n, 3, 1, 1]`.
        roughness: contrast of the relief `[n, 1, 1]`.
        distance: from 0, near, to 1, lost in haze `[n, 1, 1]`.
        snow: colour of the snow, or None for none.
        line: y of the snow line `[n, 1, 48]`; snow lies above it, first on the gentler slopes.
    """
    shade = relief(sky.dice, 5, sky.lean)
    surface: Array = ground * (1 + 0.5 * roughness * shade)[:, None]
    if snow is not None and line is not None:
        lies = np.clip((line - Y) * 9 + 0.9 * shade + 0.5, 0, 1)
        surface = mix(surface, snow * (1 + 0.2 * roughness * shade)[:, None], lies[:, None])
    return mix(np.clip(surface * sky.light, 0, 1), sky.haze, distance[:, None])


def paint_range(sky: Sky, level: Array, height: Array, snowy: float) -> None:
    """Paint a range of rocky peaks, two ridges deep, `height` above its foot at y `level`.

    The slopes run on below the foot; `snowy`, 0 to 1, is how far down the snow reaches about.
    """
    dice = sky.dice
    snow = dice.colour(SNOW, 0.03)
    haze = dice.between(0.05, 0.6)
    line = level - height * dice.between(0.9 - 1.2 * snowy, 1.5 - 1.4 * snowy)
    for depth, share in ((1.0, 1.0), (0.5, 0.75)):
        top = crest(dice, level, height * share)
        face = slope(sky, dice.colour(ROCK), dice.between(0.5, 1.3), haze * depth, snow, line)
        paint(sky.image, under(top), face)


def paint_hill(sky: Sky, top: Array, colour: Array, distance: Array, rough: float = 0.5) -> None:
    """Paint everything below the line `top` `[n, 1, 48]` as a hillside with spots of other growth.

    `distance` goes from 0, near, to 1, lost in haze; `rough` is the contrast of the spots.
    """
    spots = noise(sky.dice, 8, 6, 3, 0.8)
    surface: Array = np.clip(colour * sky.light * (1 + 0.25 * rough * spots)[:, None], 0, 1)
    paint(sky.image, under(top), mix(surface, sky.haze, distance[:, None]))


def paint_conifers(sky: Sky, top: Array, present: Array) -> None:
    """Paint a dark row of conifers whose tips reach the line `top` `[n, 1, 1]`."""
    dice = sky.dice
    tips = top - 0.05 * ridge(dice, 20, 2) - 0.05 * ridge(dice, 4, 2)
    needles = dice.colour([(0.06, 0.12, 0.07), (0.10, 0.16, 0.10), (0.04, 0.06, 0.05)], 0.02)
    paint(sky.image, present * under(tips), np.clip(needles * sky.light * 1.1, 0, 1))


def paint_water(sky: Sky, top: Array, colour: Array, present: Array) -> None:
    """Paint still water below `top` `[n, 1, 1]`: its own colour over the mirrored picture."""
    dice, image = sky.dice, sky.image
    row = np.clip(2 * top - Y, 0, 1) * (image.shape[2] - 1)
    mirrored = np.take_along_axis(image, row.astype(np.int64)[:, None], axis=2)
    ripples = noise(dice, 14, 3, 2, 0.8)
    own = np.clip(colour * sky.light * (1 + 0.1 * ripples)[:, None], 0, 1)
    paint(image, present * under(top), mix(mirrored, own, dice.between(0.35, 1.0)[:, None]))
