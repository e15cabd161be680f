"""Buildings: skylines, facades, towers seen from below, houses in gardens."""

import numpy as np

from experiments.data.synthetic.canvas import Array, Dice, X, Y, box, inside, mix, paint, rgb, under
from experiments.data.synthetic.props import paint_car, paint_person, paint_tree
from experiments.data.synthetic.sky import ANY, DAY, Sky, paint_sky
from experiments.data.synthetic.texture import grid, noise

WALLS = (
    (0.72, 0.66, 0.56), (0.82, 0.80, 0.76), (0.52, 0.50, 0.48),
    (0.60, 0.36, 0.26), (0.42, 0.30, 0.24),
    (0.80, 0.66, 0.42), (0.62, 0.62, 0.64), (0.34, 0.35, 0.38),
)  # fmt: skip
GLASS = (
    (0.10, 0.12, 0.16), (0.20, 0.26, 0.32), (0.36, 0.46, 0.56),
    (0.05, 0.06, 0.07), (0.60, 0.68, 0.74),
)  # fmt: skip
CURTAIN = (
    (0.22, 0.38, 0.55), (0.30, 0.44, 0.50), (0.14, 0.18, 0.24), (0.55, 0.64, 0.72),
)  # fmt: skip
GROUND = (
    (0.32, 0.32, 0.33), (0.48, 0.46, 0.44), (0.26, 0.36, 0.14),
    (0.20, 0.26, 0.12), (0.62, 0.58, 0.52),
)  # fmt: skip
TILES = (
    (0.46, 0.22, 0.16), (0.26, 0.26, 0.28), (0.55, 0.40, 0.30), (0.85, 0.87, 0.90),
)  # fmt: skip
LIT = (0.98, 0.84, 0.52)
TOWN = ANY | {"night": 0.8, "deep": 4.0}


def with_windows(
    sky: Sky, surface: Array, across: Array, down: Array, strength: float | Array = 1.0
) -> Array:
    """Draw a wall, broadcasting to `[n, 3, 48, 48]`, with windows, and after dark some of them lit.

    `across` counts the columns of windows and `down` the storeys, whole numbers in the middle of a
    pane; `strength` says how clearly they are seen, from 0 to 1.
    """
    dice = sky.dice
    panes = grid(across, down, dice.between(-0.8, 0.5), dice.between(-0.7, 0.5))
    dark = np.clip(1.4 - 2.5 * sky.light.mean(1), 0, 1)
    glass: Array = dice.colour(GLASS) * mix(sky.light, 1.0, 0.3)
    # Irrational steps from pane to pane pick out which ones are lit or mirror the sky.
    column, storey = np.round(across), np.round(down)
    pick = (0.7549 * column + 0.5698 * storey + 0.3713 * column * storey) % 1
    lit = rgb(LIT)
    glass = mix(glass, lit, ((pick > 0.45) * dark)[:, None])
    glass = mix(glass, sky.haze, ((pick > 0.8) * (1 - dark) * dice.between(0, 0.8))[:, None])
    return mix(surface, glass, (strength * panes)[:, None])


def paint_wall(sky: Sky, mask: Array, across: Array, down: Array, shade: Array) -> None:
    """Paint a wall with windows where `mask` is 1: stone, brick or plaster, or a curtain of glass.

    `across` and `down` are those of `with_windows`; `shade` multiplies the wall's brightness.
    """
    dice = sky.dice
    curtain = dice.chance(0.3)[:, None]
    colour = mix(dice.colour(WALLS, 0.07), dice.colour(CURTAIN), curtain)
    bands = 1 + dice.between(-0.12, 0.12) * np.cos(2 * np.pi * down)
    surface = colour * sky.light * (bands * shade)[:, None]
    paint(sky.image, mask, with_windows(sky, surface, across, down))


def stains(dice: Dice) -> Array:
    """Weather on a wall `[n, 48, 48]`, a factor near 1."""
    return 1 + 0.05 * noise(dice, 6, 6, 3, 0.8)


def _paint_ground(sky: Sky, top: Array) -> None:
    """Paint pavement or lawn below y `top`."""
    rough = 1 + 0.1 * noise(sky.dice, 10, 4, 3, 0.8)
    paint(sky.image, under(top), sky.dice.colour(GROUND) * sky.light * rough[:, None])


def skyline(dice: Dice) -> Array:
    """Blocks and towers side by side, far enough to stand upright, behind a park or a square."""
    foot = dice.between(0.65, 1.1)
    sky = paint_sky(dice, foot, TOWN, clouds=0.5)
    air = dice.between(0.0, 0.35)
    for k in range(7):
        middle, half = dice.between(0, 1), dice.between(0.04, 0.16)
        top = foot - dice.between(0.15, 0.85 - 0.06 * k)
        # One side's windows would not show at this size; that it lies in the shade does.
        shade = 1 - dice.between(0.0, 0.5) * inside(sky.lean * (middle - X) - 0.3 * half)
        block = box(middle - half, middle + half, top, foot)
        across, down = (X - middle) * dice.between(8, 22), (Y - top) * dice.between(10, 24) + 0.5
        paint_wall(sky, block, across, down, shade)
        # The next block is nearer: what stands so far pales.
        paint(sky.image, air * block, sky.haze)
    _paint_ground(sky, foot)
    return sky.image


def facade(dice: Dice) -> Array:
    """One front that fills most of the picture, seen at an angle."""
    sky = paint_sky(dice, dice.between(0.6, 1.0), TOWN, clouds=0.5)
    # Turned by `turn`, the front is larger at its near side, and its windows are wider there.
    turn = dice.side() * dice.between(0.05, 0.6)
    scale = 1 + turn * (X - 0.5)
    top = 0.5 - dice.between(0.15, 0.9) * scale + dice.between(-0.2, 0.2) * (X - 0.5)
    foot = 0.5 + dice.between(0.25, 0.7) * scale
    across = np.log(scale) / turn * dice.between(3, 14)
    down = (Y - top) / (foot - top) * np.round(dice.between(2.5, 9.5)) + 0.5
    front = box(dice.between(-0.4, 0.2), dice.between(0.8, 1.4), top, foot)
    cornice = np.clip(1 - np.abs(Y - top - 0.02) * 40, 0, 1) * dice.between(-0.5, 0.5)
    paint_wall(sky, front, across, down, stains(dice) + cornice)
    _paint_ground(sky, foot)
    near = dice.between(0.85, 1.0)
    crown = dice.between(0.2, 0.6)
    paint_tree(dice, sky.image, dice.between(0, 1), near, crown, sky.light, dice.chance(0.3))
    paint_car(dice, sky.image, dice.between(0, 1), near, dice.between(0.2, 0.45), dice.chance(0.25))
    paint_person(dice, sky.image, near, dice.between(0.08, 0.3), dice.chance(0.25))
    return sky.image


def tower(dice: Dice) -> Array:
    """Draw a tower seen from below over its corner: two faces, one lit, lines that run together."""
    sky = paint_sky(dice, dice.between(0.9, 1.4), TOWN, clouds=0.5)
    # Looking up, widths shrink toward the top of the picture.
    stretch = 1 / (1 - dice.between(0.0, 0.6) * (1 - Y))
    x = (X - dice.between(0.3, 0.7)) * stretch
    corner, top, storeys = dice.between(-0.2, 0.2), dice.between(-0.3, 0.45), dice.between(7, 22)
    weather = stains(dice)
    for side in (-1, 1):
        along = side * (x - corner)
        height = Y - top - dice.between(0.1, 0.9) * along
        face = inside(np.minimum(along, dice.between(0.1, 0.6) - along)) * inside(height)
        shade = weather * (1 - 0.5 * (sky.lean != side))
        across, down = along * dice.between(8, 24), height * storeys * (1 + 0.5 * along)
        paint_wall(sky, face, across, down, shade)
    ground = dice.between(0.85, 1.5)
    _paint_ground(sky, ground)
    crown = dice.between(0.1, 0.4)
    paint_tree(dice, sky.image, dice.between(0, 1), ground, crown, sky.light, dice.chance(0.3))
    return sky.image


def house(dice: Dice) -> Array:
    """Draw a house with a pitched roof, a lawn and trees."""
    ground = dice.between(0.65, 0.95)
    sky = paint_sky(dice, ground, DAY | {"golden": 1.0, "dusk": 0.7})
    image, light = sky.image, sky.light
    crown = dice.between(0.3, 0.8)
    paint_tree(dice, image, dice.between(0, 1), ground, crown, light, dice.chance(0.6))
    middle, half = dice.between(0.3, 0.7), dice.between(0.2, 0.45)
    eaves = ground - dice.between(0.2, 0.5)
    across = (X - middle) * dice.between(4, 12)
    down = (Y - eaves) / (ground - eaves) * np.round(dice.between(1.0, 3.4)) + 0.5
    front = box(middle - half, middle + half, eaves, ground)
    paint_wall(sky, front, across, down, stains(dice))
    # The roof's ends slope from the eaves up to a ridge of half the length `flat`.
    rise, flat, over = dice.between(0.08, 0.4), dice.between(0.0, 0.8) * half, 1.08 * half
    climb = np.clip((over - np.abs(X - middle)) / (1.02 * over - flat), 0, 1)
    roof = inside(Y - eaves + rise * climb) * box(middle - over, middle + over, 0 * eaves, eaves)
    rows = 1 + 0.08 * noise(dice, 20, 3, 2)
    paint(image, roof, dice.colour(TILES) * light * rows[:, None])
    _paint_ground(sky, ground)
    bush = dice.between(0.1, 0.4)
    paint_tree(dice, image, dice.between(0, 1), ground + 0.08, bush, light, dice.chance(0.6))
    return image
