"""The sea: open water, beaches, rocky coasts, surf, the sun on the horizon."""

import numpy as np

from experiments.data.synthetic.alpine import MEADOW, ROCK, paint_hill
from experiments.data.synthetic.canvas import Array, Dice, X, Y, inside, mix, paint, under
from experiments.data.synthetic.props import paint_boat, paint_person
from experiments.data.synthetic.sky import ANY, EVENING, Sky, paint_sky
from experiments.data.synthetic.texture import noise, ridge

WATER = (
    (0.10, 0.28, 0.46), (0.12, 0.42, 0.52), (0.22, 0.34, 0.40),
    (0.30, 0.44, 0.48), (0.06, 0.16, 0.26),
    (0.20, 0.60, 0.64),
)  # fmt: skip
SAND = ((0.80, 0.70, 0.54), (0.66, 0.56, 0.42), (0.88, 0.82, 0.72), (0.42, 0.36, 0.30))
SHORE = ANY | {"sunset": 2.5, "golden": 1.5, "dusk": 1.5}


def _paint_water(sky: Sky, horizon: Array, swell: Array) -> None:
    """Paint water below the horizon: waves of contrast `swell`, closer the farther, and glitter."""
    dice = sky.dice
    below = np.clip(Y - horizon, 0, 1)
    # Waves in equal steps of distance d: the water at d is seen about 1/d below the horizon.
    phase = dice.between(0.5, 2.0) / (below + 0.06) + 0.8 * noise(dice, 6, 3, 2)
    waves = np.sin(phase * 2) * np.clip(below * 6, 0.2, 1) + 0.7 * noise(dice, 16, 4, 3, 0.8)
    near = dice.colour(WATER) * mix(sky.light, 1.0, 0.15)
    tone = mix(sky.haze, near, np.clip(below * dice.between(2.0, 12.0) + 0.2, 0, 1)[:, None])
    tone = tone * (1 + 0.22 * swell * waves)[:, None]
    glitter = np.exp(-(((X - sky.sun) / (0.05 + 0.3 * below)) ** 2)) * np.clip(0.6 + waves, 0, 1)
    tone += (glitter * dice.between(-0.3, 0.6).clip(0))[:, None] * sky.haze
    foam = np.clip((waves - dice.between(1.2, 4.0)) * 2, 0, 1) * np.clip(below * 5, 0, 1)
    tone = mix(tone, sky.light * 0.95, foam[:, None])
    paint(sky.image, under(horizon), np.clip(tone, 0, 1))


def _tilted(dice: Dice, low: float, high: float) -> tuple[Array, Array]:
    """Draw a horizon's middle `[n, 1, 1]` and its line `[n, 1, 48]`, which leans a little."""
    middle = dice.between(low, high)
    return middle, middle + dice.between(-0.06, 0.06) * (X - 0.5)


def _paint_far_shore(sky: Sky, horizon: Array, present: Array) -> None:
    """Paint an island or the bay's other side on the horizon."""
    dice = sky.dice
    reach = np.clip(dice.side() * (X - dice.between(0.2, 0.8)) * 2, 0, 1)
    top = horizon + 0.02 - present * reach * dice.between(0.03, 0.3) * (1 + 0.4 * ridge(dice, 4))
    paint_hill(sky, top, dice.colour(ROCK + MEADOW), dice.between(0.1, 0.8))


def open_water(dice: Dice) -> Array:
    """Water to the horizon, calm or rough; perhaps a boat, perhaps an island."""
    middle, horizon = _tilted(dice, 0.2, 0.75)
    sky = paint_sky(dice, middle, SHORE, clouds=0.7, sun=0.5)
    _paint_far_shore(sky, horizon, dice.chance(0.35))
    _paint_water(sky, horizon, dice.between(0.2, 1.2))
    size = dice.between(0.05, 0.3)
    water = middle + dice.between(0.01, 0.2)
    paint_boat(dice, sky.image, dice.between(0.1, 0.9), water, size, dice.chance(0.3))
    return sky.image


def beach(dice: Dice) -> Array:
    """Sand in front or to one side, a line of foam, the water behind."""
    middle, horizon = _tilted(dice, 0.2, 0.6)
    sky = paint_sky(dice, middle, SHORE, sun=0.3)
    image = sky.image
    _paint_far_shore(sky, horizon, dice.chance(0.35))
    _paint_water(sky, horizon, dice.between(0.2, 1.0))
    edge = middle + dice.between(0.1, 0.5) + dice.between(-0.8, 0.8) * (X - 0.5)
    edge = np.maximum(edge + 0.03 * ridge(dice, 5, 2), horizon + 0.02)
    foam = np.exp(-((np.abs(Y - edge) / dice.between(0.01, 0.05)) ** 2)) * dice.between(0.3, 1.0)
    grain = 1 + dice.between(0.02, 0.12) * noise(dice, 12, 5, 3, 0.8)
    sand = np.clip(dice.colour(SAND) * sky.light * grain[:, None], 0, 1)
    # Wet sand is darker.
    dry = np.clip((Y - edge) * 8 + 0.3, 0.5, 1)
    paint(image, under(edge), sand * dry[:, None])
    paint(image, foam * under(horizon), sky.light * 0.95)
    paint_person(dice, image, dice.between(0.7, 0.98), dice.between(0.08, 0.4), dice.chance(0.35))
    return image


def coast(dice: Dice) -> Array:
    """Cliffs or rocks standing out into the water from one side."""
    middle, horizon = _tilted(dice, 0.2, 0.7)
    sky = paint_sky(dice, middle, SHORE, sun=0.3)
    _paint_water(sky, horizon, dice.between(0.3, 1.3))
    reach = np.clip(dice.side() * (X - dice.between(0.3, 0.7)), -0.5, 1)
    rock = dice.colour(ROCK) * sky.light
    rough = 1 + 0.25 * noise(dice, 6, 10, 3, 0.8)
    top = middle - reach * dice.between(0.2, 1.2) + 0.08 * ridge(dice, 6)
    foot = middle + 0.1 + reach * dice.between(0.1, 1.2) + 0.06 * ridge(dice, 6)
    cliff = under(top) * inside(foot - Y) * inside(reach + 0.05)
    paint(sky.image, cliff, np.clip(rock * rough[:, None], 0, 1))
    spray = np.exp(-((np.abs(Y - foot) / 0.03) ** 2)) * inside(reach) * dice.between(0.2, 1.0)
    paint(sky.image, spray, sky.light * 0.95)
    return sky.image


def surf(dice: Dice) -> Array:
    """Draw a breaking wave near at hand; the horizon is high, or out of the picture."""
    middle, horizon = _tilted(dice, -0.2, 0.35)
    sky = paint_sky(dice, np.maximum(middle, 0.05), SHORE)
    _paint_water(sky, horizon, dice.between(0.6, 1.5))
    for _ in range(2):
        line = dice.between(0.35, 1.0) + dice.between(-0.5, 0.5) * (X - 0.5) + 0.06 * ridge(dice, 4)
        crown = np.clip(1 - np.abs(Y - line) / dice.between(0.05, 0.2), 0, 1)
        crown *= np.clip(noise(dice, 12, 8, 3, 0.8) + dice.between(0.0, 1.5), 0, 1)
        paint(sky.image, crown * under(horizon), sky.light)
    return sky.image


def sunset(dice: Dice) -> Array:
    """Draw the sun low over the water, everything else a silhouette."""
    middle, horizon = _tilted(dice, 0.35, 0.75)
    sky = paint_sky(dice, middle, EVENING, sun=0.9)
    _paint_far_shore(sky, horizon, dice.chance(0.4))
    _paint_water(sky, horizon, dice.between(0.2, 1.0))
    paint_person(dice, sky.image, dice.between(0.75, 1.1), dice.between(0.1, 0.5), dice.chance(0.3))
    return sky.image
