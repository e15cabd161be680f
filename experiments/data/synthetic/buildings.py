"""Buildings: skylines, facades, towers seen from below, houses in gardens."""

import numpy as np

from experiments.data.synthetic.canvas import (
    Array,
    Colour,
    Dice,
    X,
    Y,
    box,
    inside,
    mix,
    paint,
    rgb,
)
from experiments.data.synthetic.props import paint_car, paint_people, paint_tree
from experiments.data.synthetic.sky import ANY, DAY, Sky, paint_sky
from experiments.data.synthetic.texture import grid, noise

WALLS: tuple[Colour, ...] = (
    (0.72, 0.66, 0.56), (0.82, 0.80, 0.76), (0.52, 0.50, 0.48),
    (0.60, 0.36, 0.26), (0.42, 0.30, 0.24),
    (0.80, 0.66, 0.42), (0.62, 0.62, 0.64), (0.34, 0.35, 0.38),
)  # fmt: skip
GLASS: tuple[Colour, ...] = (
    (0.10, 0.12, 0.16), (0.20, 0.26, 0.32), (0.36, 0.46, 0.56),
    (0.05, 0.06, 0.07), (0.60, 0.68, 0.74),
)  # fmt: skip
CURTAIN: tuple[Colour, ...] = (
    (0.22, 0.38, 0.55), (0.30, 0.44, 0.50), (0.14, 0.18, 0.24), (0.55, 0.64, 0.72),
)  # fmt: skip
GROUND: tuple[Colour, ...] = (
    (0.32, 0.32, 0.33), (0.48, 0.46, 0.44), (0.26, 0.36, 0.14),
    (0.20, 0.26, 0.12), (0.62, 0.58, 0.52),
)  # fmt: skip
LIT: Colour = (0.98, 0.84, 0.52)
TOWN = ANY | {"night": 0.8, "deep": 4.0}


def paint_windows(
    dice: Dice, surface: Array, across: Array, down: Array, sky: Sky, strength: float | Array = 1.0
) -> Array:
    """The wall `surface` with windows in it, and after dark some of them lit.

    Args:
        dice: the batch's choices.
        surface: the wall's colour or picture, broadcasting to `[n, 3, 48, 48]`.
        across: window columns, whole numbers in the middle of a pane.
        down: storeys, likewise.
        sky: tells whether it is dark.
        strength: how clearly the windows are seen, from 0 to 1.
    """
    panes = grid(across, down, dice.between(-0.8, 0.5), dice.between(-0.7, 0.5))
    dark = np.clip(1.4 - 2.5 * sky.light.mean(1), 0, 1)
    glass: Array = dice.colour(GLASS) * mix(sky.light, 1.0, 0.3)
    # A hash of the pane's number says which ones are lit or mirror the sky.
    pick = np.sin(np.round(across) * 12.9898 + np.round(down) * 78.233) * 43758.55
    pick -= np.floor(pick)
    lit = rgb(LIT)
    glass = mix(glass, lit, ((pick > 0.45) * dark)[:, None])
    glass = mix(glass, sky.haze, ((pick > 0.8) * (1 - dark) * dice.between(0, 0.8))[:, None])
    return mix(surface, glass, (strength * panes)[:, None])


def _wall(dice: Dice, sky: Sky, across: Array, down: Array, shade: Array | float = 1.0) -> Array:
    """The picture of a wall with windows: stone, brick or plaster, or a curtain of glass."""
    colour = np.where(dice.chance(0.3)[:, None] > 0, dice.colour(CURTAIN), dice.colour(WALLS, 0.07))
    bands = 1 + dice.between(-0.12, 0.12) * np.cos(2 * np.pi * down)
    stains = bands + 0.05 * noise(dice, 6, 6, 3, 0.8)
    surface: Array = colour * sky.light * (stains * shade)[:, None]
    return np.clip(paint_windows(dice, surface, across, down, sky), 0, 1)


def _paint_ground(dice: Dice, image: Array, sky: Sky, top: Array) -> None:
    """Paint pavement or lawn below y `top`."""
    rough = 1 + 0.1 * noise(dice, 10, 4, 3, 0.8)
    paint(image, inside(Y - top), dice.colour(GROUND) * sky.light * rough[:, None])


def skyline(dice: Dice) -> Array:
    """Blocks and towers side by side, far enough to stand upright; water or a park in front."""
    foot = dice.between(0.65, 1.1)
    sky = paint_sky(dice, foot, TOWN, clouds=0.5)
    image = sky.image
    haze = dice.between(0.0, 0.5)
    for k in range(7):
        middle = dice.between(0, 1)
        half = dice.between(0.04, 0.16)
        top = foot - dice.between(0.15, 0.85 - 0.06 * k)
        storeys, columns = dice.between(10, 24), dice.between(8, 22)
        wall = _wall(dice, sky, (X - middle) * columns, (Y - top) * storeys + 0.5)
        # Windows on one side only would not show at this size; a shaded side does.
        side = 1 - dice.between(0.0, 0.5) * inside(sky.lean * (middle - X) - 0.3 * half)
        face = mix(wall * side[:, None], sky.haze, haze[:, None] * (1 - k / 7))
        paint(image, box(middle - half, middle + half, top, foot), face)
    _paint_ground(dice, image, sky, foot)
    return image


def facade(dice: Dice) -> Array:
    """One front that fills most of the picture, seen at an angle."""
    sky = paint_sky(dice, dice.between(0.6, 1.0), TOWN, clouds=0.5)
    image = sky.image
    slant, turn = dice.between(-0.7, 0.7), dice.between(-0.6, 0.6)
    scale = 1 + turn * (X - 0.5)
    top = 0.5 - dice.between(0.15, 0.9) * scale + 0.3 * slant * (X - 0.5)
    foot = 0.5 + dice.between(0.25, 0.7) * scale
    down = (Y - top) / (foot - top) * np.round(dice.between(2.5, 9.5)) + 0.5
    across = np.log(scale) / np.where(np.abs(turn) < 0.05, 0.05, turn)
    across = np.where(np.abs(turn) < 0.05, X - 0.5, across) * dice.between(3, 14)
    left, right = dice.between(-0.4, 0.2), dice.between(0.8, 1.4)
    wall = _wall(dice, sky, across, down)
    cornice = np.clip(1 - np.abs(Y - top - 0.02) * 40, 0, 1) * dice.between(-0.5, 0.5)
    wall = np.clip(wall * (1 + cornice)[:, None], 0, 1)
    paint(image, box(left, right, top, foot), wall)
    _paint_ground(dice, image, sky, foot)
    near = dice.between(0.85, 1.0)
    paint_tree(
        dice, image, dice.between(0, 1), near, dice.between(0.2, 0.6), sky.light, dice.chance(0.3)
    )
    paint_car(dice, image, dice.between(0, 1), near, dice.between(0.2, 0.45), dice.chance(0.25))
    paint_people(dice, image, near, dice.between(0.08, 0.3), dice.chance(0.25))
    return image


def tower(dice: Dice) -> Array:
    """A tower seen from below over its corner: two faces, one lit, lines that run together."""
    sky = paint_sky(dice, dice.between(0.9, 1.4), TOWN, clouds=0.5)
    image = sky.image
    # Looking up: widths shrink toward the top of the picture.
    shrink = 1 / (1 - dice.between(0.0, 0.6) * (1 - Y))
    x = (X - dice.between(0.3, 0.7)) * shrink
    corner = dice.between(-0.2, 0.2)
    top, storeys = dice.between(-0.3, 0.45), dice.between(7, 22)
    for side in (-1, 1):
        along = side * (x - corner)
        fall = dice.between(0.1, 0.9)
        height = Y - top - fall * along
        shade = 1 - 0.5 * (sky.lean != side).astype(np.float32)
        wall = _wall(
            dice, sky, along * dice.between(8, 24), height * storeys * (1 + 0.5 * along), shade
        )
        reach = dice.between(0.1, 0.6)
        paint(image, inside(np.minimum(along, reach - along)) * inside(height), wall)
    ground = dice.between(0.85, 1.5)
    _paint_ground(dice, image, sky, ground)
    paint_tree(
        dice, image, dice.between(0, 1), ground, dice.between(0.1, 0.4), sky.light, dice.chance(0.3)
    )
    return image


def house(dice: Dice) -> Array:
    """A house with a pitched roof, a lawn and trees."""
    ground = dice.between(0.65, 0.95)
    sky = paint_sky(dice, ground, DAY | {"golden": 1.0, "dusk": 0.7})
    image = sky.image
    paint_tree(
        dice, image, dice.between(0, 1), ground, dice.between(0.3, 0.8), sky.light, dice.chance(0.6)
    )
    middle, half = dice.between(0.3, 0.7), dice.between(0.2, 0.45)
    eaves = ground - dice.between(0.2, 0.5)
    down = (Y - eaves) / (ground - eaves) * np.round(dice.between(1.0, 3.4)) + 0.5
    wall = _wall(dice, sky, (X - middle) * dice.between(4, 12), down)
    paint(image, box(middle - half, middle + half, eaves, ground), wall)
    rise = dice.between(0.08, 0.4)
    flat = half * dice.between(0.0, 0.8)
    pitch = eaves - rise * np.clip((1.08 * half - np.abs(X - middle)) / (1.1 * half - flat), 0, 1)
    tiles = dice.colour(
        [(0.46, 0.22, 0.16), (0.26, 0.26, 0.28), (0.55, 0.40, 0.30), (0.85, 0.87, 0.9)]
    )
    roof = inside(Y - pitch) * inside(eaves + 0.02 - Y) * inside(1.08 * half - np.abs(X - middle))
    paint(
        image, roof, np.clip(tiles * sky.light * (1 + 0.08 * noise(dice, 20, 3, 2))[:, None], 0, 1)
    )
    _paint_ground(dice, image, sky, ground)
    paint_tree(
        dice,
        image,
        dice.between(0, 1),
        ground + 0.08,
        dice.between(0.1, 0.4),
        sky.light,
        dice.chance(0.6),
    )
    return image
