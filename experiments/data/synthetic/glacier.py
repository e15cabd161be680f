"""Glaciers: an ice front over water, a tongue between slopes, snow fields, ice behind moraines."""

import numpy as np

from experiments.data.synthetic.alpine import (
    ICE,
    MEADOW,
    ROCK,
    RUBBLE,
    SNOW,
    crest,
    paint_hill,
    paint_range,
    paint_water,
    slope,
)
from experiments.data.synthetic.canvas import Array, Dice, X, Y, inside, mix, paint, under
from experiments.data.synthetic.props import paint_person
from experiments.data.synthetic.sky import DAY, Sky, paint_sky
from experiments.data.synthetic.texture import noise, relief, ridge

MELTWATER = (
    (0.30, 0.62, 0.64), (0.42, 0.50, 0.54), (0.16, 0.32, 0.42),
    (0.55, 0.68, 0.72), (0.30, 0.34, 0.36),
)  # fmt: skip
GLACIAL = DAY | {"overcast": 4.0, "white": 3.0, "golden": 0.5}


def _ice(sky: Sky, down: int, across: int) -> Array:
    """Draw broken ice: blue in the cracks, dirt in streaks, seracs catching the light.

    Few cells `down` make upright cracks, few `across` level crevasses.
    """
    dice = sky.dice
    field = noise(dice, down, across, 3, 0.8)
    # Where noise crosses 0 it draws thin winding lines: the cracks.
    crack = np.exp(-((field / dice.between(0.15, 0.5)) ** 2)) * dice.between(0.3, 1.0)
    blue = dice.colour([(0.20, 0.48, 0.72), (0.32, 0.56, 0.70), (0.34, 0.40, 0.46)])
    ice: Array = dice.colour(ICE) * (1 + dice.between(0.05, 0.25) * field)[:, None]
    ice = mix(ice, blue, crack[:, None])
    dirt = np.clip(noise(dice, 3, 4, 3) - dice.between(0.2, 2.0), 0, 1) * 0.7
    return np.clip(mix(ice, dice.colour(RUBBLE), dirt[:, None]) * mix(sky.light, 1.0, 0.25), 0, 1)


def ice_front(dice: Dice) -> Array:
    """Draw the glacier's end: a wall of ice that calves into water."""
    foot, height = dice.between(0.6, 0.95), dice.between(0.15, 0.6)
    sky = paint_sky(dice, foot - height, GLACIAL)
    paint_range(sky, foot - 0.6 * height, dice.between(0.1, 0.45), snowy=0.7)
    top = foot - height * (1 + 0.25 * ridge(dice, 12, 3)) + dice.between(-0.3, 0.3) * (X - 0.5)
    paint(sky.image, under(top), _ice(sky, 4, 14))
    paint_water(sky, foot, dice.colour(MELTWATER), dice.chance(1.0))
    floes = np.clip(noise(dice, 16, 8, 2) - dice.between(0.6, 3.0), 0, 1)
    paint(sky.image, floes * under(foot), dice.colour(SNOW) * mix(sky.light, 1.0, 0.3))
    return sky.image


def tongue(dice: Dice) -> Array:
    """Draw a river of ice that comes down between two slopes and widens toward the viewer."""
    head = dice.between(0.25, 0.6)
    sky = paint_sky(dice, head, GLACIAL)
    paint_range(sky, head + 0.1, dice.between(0.15, 0.5), snowy=0.7)
    middle, bend = dice.between(0.3, 0.7), dice.between(-0.5, 0.5)
    below = np.clip((Y - head) / (1 - head), 0, 1)
    half = dice.between(0.05, 0.3) + dice.between(0.1, 0.7) * below
    away = np.abs(X - middle - bend * below**1.5) - half * (1 + 0.1 * ridge(dice, 8, 2))
    paint(sky.image, inside(Y - head - 0.03 * ridge(dice, 8, 2)), _ice(sky, 12, 4))
    # What is beside the ice is slope: its foot runs along the tongue's edge.
    bare = dice.colour(ROCK + MEADOW[:2])
    side = slope(sky, bare, dice.between(0.5, 1.2), dice.between(0.0, 0.3))
    wall = head - dice.between(0.0, 1.0) * np.clip(np.abs(X - middle) - half, 0, 1)
    paint(sky.image, inside(away) * under(wall), side)
    return sky.image


def snowfield(dice: Dice) -> Array:
    """Snow and ice up to far peaks, at times with a party crossing it."""
    level = dice.between(0.3, 0.7)
    sky = paint_sky(dice, level, GLACIAL)
    paint_range(sky, level + 0.1, dice.between(0.1, 0.45), snowy=0.8)
    top = crest(dice, level, dice.between(0.0, 0.25), cells=2)
    drifts = dice.between(0.02, 0.2) * relief(dice, 3, sky.lean)
    field = dice.colour(SNOW + ICE[:2]) * mix(sky.light, 1.0, 0.2) * (1 + drifts)[:, None]
    paint(sky.image, under(top), np.clip(field, 0, 1))
    rocks = np.clip((noise(dice, 10, 6, 3, 0.9) - dice.between(0.9, 3.0)) * 2, 0, 0.8)
    paint(sky.image, rocks * inside(Y - top - 0.05), dice.colour(ROCK) * sky.light)
    paint_person(dice, sky.image, dice.between(0.7, 1.0), dice.between(0.04, 0.3), dice.chance(0.3))
    return sky.image


def moraine(dice: Dice) -> Array:
    """Rubble and meltwater in front, the ice and its peaks behind."""
    level = dice.between(0.3, 0.65)
    sky = paint_sky(dice, level, GLACIAL)
    paint_range(sky, level, dice.between(0.1, 0.4), snowy=0.65)
    top = level + 0.04 * ridge(dice, 4, 3)
    paint(sky.image, under(top), _ice(sky, 8, 6))
    paint_water(sky, level + dice.between(0.0, 0.3), dice.colour(MELTWATER), dice.chance(0.5))
    bank = crest(dice, level + dice.between(0.1, 0.45), dice.between(0.02, 0.25), cells=3)
    paint_hill(sky, bank, dice.colour(RUBBLE + MEADOW[:2]), dice.between(0, 0.2), rough=1.6)
    patches = np.clip((noise(dice, 7, 4, 3) - dice.between(0.6, 2.5)) * 3, 0, 1)
    paint(sky.image, patches * under(bank), dice.colour(SNOW) * sky.light)
    return sky.image


def high_peaks(dice: Dice) -> Array:
    """Draw a snow-clad range that fills the picture, as a mountain's photograph could show."""
    level = dice.between(0.6, 1.1)
    sky = paint_sky(dice, level, GLACIAL, clouds=0.7)
    paint_range(sky, level, dice.between(0.35, 0.8), snowy=0.75)
    return sky.image
