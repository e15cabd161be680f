"""Mountains: rocky peaks, green hills, ridges fading into haze, a peak over a lake."""

from experiments.data.synthetic.alpine import (
    MEADOW,
    crest,
    paint_conifers,
    paint_hill,
    paint_range,
    paint_water,
)
from experiments.data.synthetic.canvas import Array, Dice, mix, paint, under
from experiments.data.synthetic.sky import ANY, EVENING, paint_sky

WATER = ((0.16, 0.28, 0.38), (0.20, 0.36, 0.36), (0.10, 0.16, 0.22), (0.30, 0.40, 0.46))


def peaks(dice: Dice) -> Array:
    """Rocky peaks, with or without snow, over meadows and conifers."""
    level = dice.between(0.5, 0.95)
    sky = paint_sky(dice, level, ANY | EVENING, clouds=0.7)
    paint_range(sky, level, dice.between(0.2, 0.65), snowy=0.45)
    meadow = crest(dice, dice.between(0.65, 1.3), dice.between(0.02, 0.2), cells=2)
    paint_hill(sky, meadow, dice.colour(MEADOW), dice.between(0.0, 0.25))
    paint_conifers(sky, dice.between(0.6, 1.0), dice.chance(0.25))
    return sky.image


def hills(dice: Dice) -> Array:
    """Grown-over hills, one behind the other, under much sky."""
    level = dice.between(0.35, 0.7)
    sky = paint_sky(dice, level, ANY | EVENING, clouds=0.8)
    for depth in (0.7, 0.35, 0.0):
        top = crest(dice, level, dice.between(0.05, 0.3), cells=2, peak=0.5)
        distance = depth * dice.between(0.4, 1.1)
        paint_hill(sky, top, dice.colour(MEADOW), distance, rough=1 - depth)
        level = level + dice.between(0.08, 0.25)
    return sky.image


def layers(dice: Dice) -> Array:
    """Ridge behind ridge, each paler than the one in front: morning haze, or a sunset."""
    level = dice.between(0.3, 0.55)
    sky = paint_sky(dice, level, ANY | EVENING, clouds=0.5, sun=0.35)
    near = dice.colour([(0.10, 0.16, 0.22), (0.06, 0.08, 0.10), (0.12, 0.20, 0.16)], 0.03)
    for depth in (0.8, 0.6, 0.4, 0.2, 0.0):
        top = crest(dice, level, dice.between(0.06, 0.25), cells=3, peak=0.5)
        fade = depth * dice.between(0.85, 1.1)
        paint(sky.image, under(top), mix(near * sky.light, sky.haze, fade[:, None]))
        level = level + dice.between(0.06, 0.16)
    return sky.image


def lake(dice: Dice) -> Array:
    """Draw a range mirrored in a lake, conifers along the shore."""
    shore = dice.between(0.5, 0.8)
    sky = paint_sky(dice, shore, clouds=0.6)
    paint_range(sky, shore, dice.between(0.2, 0.5), snowy=0.5)
    paint_conifers(sky, shore - dice.between(0.0, 0.12), dice.chance(0.7))
    paint_water(sky, shore, dice.colour(WATER), dice.chance(1.0))
    meadow = crest(dice, dice.between(0.85, 1.3), dice.between(0.02, 0.1), cells=2)
    paint_hill(sky, meadow, dice.colour(MEADOW), dice.between(0.0, 0.1))
    return sky.image
