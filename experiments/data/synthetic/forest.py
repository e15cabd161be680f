"""Forests: trunks under a canopy, foliage all over, mist, the forest's edge."""

import numpy as np

from experiments.data.synthetic.alpine import MEADOW, paint_hill
from experiments.data.synthetic.canvas import SIZE, Array, Dice, X, Y, inside, mix, paint, under
from experiments.data.synthetic.sky import ANY, paint_sky
from experiments.data.synthetic.texture import noise, ridge

GREENS = (
    (0.20, 0.36, 0.10), (0.32, 0.48, 0.14), (0.10, 0.22, 0.08),
    (0.16, 0.28, 0.14), (0.40, 0.52, 0.20),
)  # fmt: skip
AUTUMN = ((0.66, 0.42, 0.10), (0.60, 0.26, 0.08), (0.72, 0.58, 0.20), (0.36, 0.24, 0.12))
MISTY = ((0.62, 0.68, 0.66), (0.72, 0.70, 0.60), (0.80, 0.82, 0.82), (0.46, 0.54, 0.50))
FLOOR = (
    (0.22, 0.17, 0.10), (0.40, 0.28, 0.14), (0.18, 0.26, 0.08),
    (0.30, 0.38, 0.12), (0.52, 0.48, 0.40),
)  # fmt: skip
BARK = ((0.14, 0.10, 0.08), (0.28, 0.22, 0.16), (0.40, 0.36, 0.30), (0.06, 0.05, 0.05))


def _foliage(dice: Dice, colour: Array, contrast: Array) -> Array:
    """Draw leaves, `[n, 3, 48, 48]`: light, shade, and gaps that are nearly black."""
    clumps = noise(dice, 5, 5, 3, 0.8)
    leaves = noise(dice, 24, 24, 2, 0.9)
    lit = np.exp(contrast * (0.4 * clumps + 0.45 * leaves) - 0.2)
    return np.clip(colour * lit[:, None], 0, 1)


def _paint_trunks(
    dice: Dice, image: Array, bark: Array, foot: Array, width: tuple[float, float]
) -> None:
    """Paint six trunks from beyond the top down to about y `foot`, each leaning its own way."""
    n, k = dice.n, 6
    place, size, lean, drop = dice.rng.random((4, n, k, 1, 1), np.float32)
    half = width[0] + (width[1] - width[0]) * size**2
    # Thicker trunks are nearer, so their feet stand lower in the picture.
    reach = foot[:, None] + (size - 0.5) * 0.25 + 0.06 * drop
    centre = place * 1.1 - 0.05 + (lean - 0.5) * 0.3 * (Y - 0.5)
    flare = half * (1 + 0.5 * np.clip((Y - reach) * 6 + 1, 0, 1))
    trunks = inside(flare - np.abs(X - centre)) * inside(reach - Y)
    light = 1 + 0.25 * noise(dice, 3, 20, 2)
    paint(image, trunks.max(1), np.clip(bark * light[:, None], 0, 1))


def _paint_floor(dice: Dice, image: Array, ground: Array, light: Array) -> None:
    """Paint the floor below y `ground` `[n, 1, 1]`: litter, patches of sun, at times a path."""
    top = ground + 0.05 * ridge(dice, 4)
    litter = np.exp(0.3 * noise(dice, 12, 5, 3, 0.9))
    sunny = np.clip(noise(dice, 8, 3, 2) - 0.5, 0, 1) * dice.between(0.0, 0.8)
    floor = np.clip(dice.colour(FLOOR) * light * (litter + sunny)[:, None], 0, 1)
    paint(image, under(top), floor)
    below = np.clip(Y - ground, 0, 1)
    path = inside(0.03 + dice.between(0.2, 0.9) * below - np.abs(X - dice.between(0.3, 0.7)))
    earth = dice.colour([(0.62, 0.54, 0.42), (0.40, 0.34, 0.28), (0.66, 0.64, 0.60)]) * light
    paint(image, 0.8 * dice.chance(0.25) * path * under(top), earth)


def _paint_glow(dice: Dice, image: Array, strength: Array) -> None:
    """Let the sky shine through the leaves somewhere in the upper part of the picture."""
    x, y = dice.between(0.1, 0.9), dice.between(0.0, 0.5)
    spread = np.exp(-((X - x) ** 2 + (Y - y) ** 2) / dice.between(0.02, 0.2))
    gaps = np.clip(noise(dice, 16, 16, 2) + 2 * spread - 0.8, 0, 1)
    bright = dice.colour([(0.95, 0.96, 0.90), (0.98, 0.90, 0.65), (0.80, 0.88, 0.92)])
    paint(image, np.clip(gaps * strength * spread, 0, 1), bright)


def stand(dice: Dice) -> Array:
    """Trunks one behind the other under a canopy."""
    season = dice.colour(GREENS + AUTUMN[:2], 0.06)
    image = _foliage(dice, season, dice.between(0.5, 1.3))
    _paint_glow(dice, image, dice.between(-0.4, 1.6).clip(0))
    ground = dice.between(0.5, 1.0)
    light = dice.between(0.5, 1.6)[:, None]
    _paint_floor(dice, image, ground, light)
    bark = dice.colour(BARK, 0.03)
    _paint_trunks(dice, image, mix(bark, season, 0.4), ground, (0.006, 0.02))
    _paint_trunks(dice, image, bark, ground + 0.1, (0.01, 0.09))
    crown = inside(dice.between(-0.2, 0.4) - Y + 0.1 * ridge(dice, 6))
    leaves = inside(0.05 * noise(dice, 12, 12, 2, 0.9))
    paint(image, crown * leaves, _foliage(dice, season * 0.9, dice.between(0.6, 1.2)))
    return image


def thicket(dice: Dice) -> Array:
    """Leaves and undergrowth all over, a few thin stems."""
    image = _foliage(dice, dice.colour(GREENS, 0.06), dice.between(0.7, 1.5))
    _paint_glow(dice, image, dice.between(-0.8, 1.4).clip(0))
    _paint_trunks(dice, image, dice.colour(BARK, 0.03), dice.between(0.5, 1.0), (0.004, 0.05))
    bushes = inside(Y - dice.between(0.4, 1.0) + 0.15 * ridge(dice, 3))
    paint(image, bushes, _foliage(dice, dice.colour(GREENS + AUTUMN, 0.05), dice.between(0.7, 1.4)))
    return image


def mist(dice: Dice) -> Array:
    """Bare or evergreen trunks that pale into mist."""
    fog = dice.colour(MISTY)
    image = np.repeat(np.repeat(fog, SIZE, 2), SIZE, 3) * (1.1 - 0.3 * Y[:, None])
    ground = dice.between(0.6, 0.95)
    soft = mix(dice.colour(FLOOR), fog, 0.4)
    paint(image, np.clip((Y - ground) * 5, 0, 1), soft)
    bark = dice.colour(BARK, 0.03)
    for fade, width in ((0.7, 0.015), (0.4, 0.03), (0.1, 0.05)):
        _paint_trunks(dice, image, mix(bark, fog, fade), ground + 0.1 - 0.1 * fade, (0.005, width))
    twigs = np.clip(noise(dice, 20, 14, 2, 0.9) - 0.4, 0, 1) * np.clip(1.2 - 2 * Y, 0, 1)
    paint(image, twigs * dice.between(0.2, 0.9), mix(dice.colour(GREENS), fog, 0.3))
    return np.clip(image, 0, 1)


def edge(dice: Dice) -> Array:
    """Draw a forest seen from outside: conifers or crowns against the sky, a meadow in front."""
    level = dice.between(0.3, 0.8)
    sky = paint_sky(dice, level, ANY)
    hill = level - dice.between(0.1, 0.3) * (1 + ridge(dice, 2)) * 0.5
    paint_hill(sky, hill, dice.colour(MEADOW), dice.between(0.2, 0.7))
    tips = (
        dice.between(0.05, 0.5)
        + 0.1 * ridge(dice, 14, 2, 0.8)
        + dice.between(-0.4, 0.4) * (X - 0.5)
    )
    wood = _foliage(dice, dice.colour(GREENS + AUTUMN[:1]) * sky.light, dice.between(0.6, 1.2))
    paint(sky.image, inside(Y - tips + 0.02 * noise(dice, 20, 20, 1)), wood)
    meadow = dice.between(0.75, 1.2) + 0.04 * ridge(dice, 3)
    paint_hill(sky, meadow, dice.colour(MEADOW), dice.between(0.0, 0.1))
    return sky.image
