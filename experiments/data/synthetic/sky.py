"""Skies: the time of day and the weather, and the light they throw on what stands below."""

from dataclasses import dataclass

import numpy as np

from experiments.data.synthetic.canvas import SIZE, Array, Colour, Dice, X, Y, mix, paint, rgb
from experiments.data.synthetic.texture import noise

MOODS: dict[str, tuple[Colour, Colour, Colour]] = {
    "clear": ((0.22, 0.44, 0.76), (0.66, 0.79, 0.90), (1.00, 1.00, 0.96)),
    "deep": ((0.08, 0.24, 0.58), (0.36, 0.58, 0.82), (1.00, 0.99, 0.95)),
    "pale": ((0.60, 0.70, 0.80), (0.84, 0.88, 0.90), (0.90, 0.92, 0.95)),
    "overcast": ((0.58, 0.60, 0.64), (0.78, 0.79, 0.80), (0.72, 0.74, 0.77)),
    "white": ((0.90, 0.92, 0.94), (0.96, 0.96, 0.96), (0.88, 0.88, 0.88)),
    "storm": ((0.22, 0.25, 0.30), (0.52, 0.55, 0.58), (0.48, 0.50, 0.54)),
    "sunset": ((0.36, 0.34, 0.50), (0.98, 0.64, 0.32), (0.66, 0.46, 0.38)),
    "golden": ((0.60, 0.58, 0.55), (0.98, 0.86, 0.62), (1.00, 0.84, 0.60)),
    "dusk": ((0.12, 0.15, 0.32), (0.66, 0.44, 0.44), (0.32, 0.30, 0.40)),
    "night": ((0.02, 0.02, 0.07), (0.12, 0.10, 0.14), (0.20, 0.18, 0.24)),
}
"""Times of day and weathers: the colour at the top of the sky, at the horizon, of the light."""

DAY = {"clear": 4.0, "deep": 3.0, "pale": 3.0, "overcast": 3.0, "white": 2.0, "storm": 1.0}
EVENING = {"sunset": 3.0, "golden": 2.0, "dusk": 2.0}
ANY = DAY | {"sunset": 0.7, "golden": 0.8, "dusk": 0.6}


@dataclass(frozen=True)
class Sky:
    """A painted sky and what the scene below needs to know of it.

    Attributes:
        dice: the batch's choices.
        image: the sky over the whole picture `[n, 3, 48, 48]`; the scene is painted onto it.
        haze: the colour `[n, 3, 1, 1]` that distance fades into.
        light: the colour `[n, 3, 1, 1]` that multiplies whatever is lit.
        sun: where the light comes from, x `[n, 1, 1]`; may lie outside of the picture.
        lean: -1 or 1 `[n, 1, 1]`, the side that slopes are lit from.
    """

    dice: Dice
    image: Array
    haze: Array
    light: Array
    sun: Array
    lean: Array


def paint_sky(
    dice: Dice, horizon: Array, moods: dict[str, float] = ANY, clouds: float = 0.6, sun: float = 0.0
) -> Sky:
    """Paint skies down to the horizon's y `[n, 1, 1]`, and below it the horizon's colour.

    `moods` are names of `MOODS` with their weights, `clouds` and `sun` the probabilities of clouds
    and that the sun itself is seen, low over the horizon.
    """
    which = dice.index(list(moods.values()))
    colours = np.asarray([MOODS[mood] for mood in moods], np.float32)[which]
    colours += 0.04 * dice.rng.standard_normal((dice.n, 3, 1), np.float32)
    colours += 0.015 * dice.rng.standard_normal((dice.n, 3, 3), np.float32)
    zenith, haze, light = np.clip(colours, 0.01, 1).transpose(1, 0, 2)[..., None, None]

    fall = np.clip(Y / horizon, 0, 1) ** dice.between(0.6, 1.8)
    image = np.repeat(mix(zenith, haze, fall[:, None]), SIZE, axis=3)
    _paint_clouds(dice, image, light, dice.chance(clouds))

    sun_x, sun_y = dice.between(-0.2, 1.2), horizon - dice.between(0.0, 0.35)
    seen = dice.chance(sun) * (np.abs(sun_x - 0.5) < 0.45)
    radius = (X - sun_x) ** 2 + (Y - sun_y) ** 2
    glow = np.exp(-radius / dice.between(0.01, 0.08)) + np.exp(-radius / 0.002)
    image += (seen * glow)[:, None] * rgb((0.5, 0.42, 0.25))
    lean = 2 * (sun_x > 0.5).astype(np.float32) - 1
    return Sky(dice, np.clip(image, 0, 1), haze, light, sun_x, lean)


def _paint_clouds(dice: Dice, image: Array, light: Array, present: Array) -> None:
    """Paint clouds, flat ones and heaped ones, white where they catch the light and grey below."""
    field = noise(dice, 5, 3, 4, 0.55)
    cover = np.clip((field - dice.between(-1.0, 1.5)) * dice.between(0.4, 1.5), 0, 1)
    cover *= present * dice.between(0.3, 1.0)
    # A cloud is darker where the field is higher: there it is thick, and lit from above.
    shade = np.clip(1.0 - dice.between(0.0, 0.3) * np.clip(field, 0, 2), 0, 1)
    paint(image, cover, mix(light, 1.0, 0.4) * shade[:, None])
