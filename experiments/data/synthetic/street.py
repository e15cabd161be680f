"""Streets: two rows of houses that run to a vanishing point, avenues, a row across the road."""

from collections.abc import Sequence

import numpy as np

from experiments.data.synthetic.buildings import TOWN, WALLS, paint_wall, stains, with_windows
from experiments.data.synthetic.canvas import Array, Dice, X, Y, box, inside, mix, paint, under
from experiments.data.synthetic.perspective import HOUSES, Street, of_house
from experiments.data.synthetic.props import paint_car, paint_lamp, paint_person, paint_tree
from experiments.data.synthetic.sky import Sky, paint_sky
from experiments.data.synthetic.texture import noise

ASPHALT = (
    (0.30, 0.30, 0.31), (0.42, 0.41, 0.40), (0.20, 0.20, 0.22),
    (0.52, 0.48, 0.44), (0.60, 0.59, 0.57),
)  # fmt: skip
SHOPS = (
    (0.16, 0.12, 0.10), (0.60, 0.12, 0.10), (0.12, 0.30, 0.20),
    (0.85, 0.80, 0.68), (0.14, 0.20, 0.42),
)  # fmt: skip
FAR_END = ((0.30, 0.35, 0.25), (0.55, 0.50, 0.45), (0.35, 0.36, 0.40))


def canyon(dice: Dice) -> Array:
    """Draw a street between two unbroken rows of houses."""
    street = Street(dice, half=(1.0, 3.5), end=(12, 60))
    sky = paint_sky(dice, street.y, TOWN, clouds=0.4, sun=0.1)
    _paint_far_end(sky, street)
    _paint_road(sky, street)
    _paint_houses(sky, street, 2.0, 9.0)
    _paint_traffic(dice, sky.image, street, busy=0.45)
    return sky.image


def avenue(dice: Dice) -> Array:
    """Draw a wide road with trees along it, low houses or none behind them."""
    street = Street(dice, half=(2.5, 5.0), end=(20, 60))
    sky = paint_sky(dice, street.y, TOWN, sun=0.15)
    _paint_far_end(sky, street)
    _paint_road(sky, street)
    _paint_houses(sky, street, 0.3, 4.0)
    for z in (8.0, 4.5, 2.5):
        side = dice.side() * dice.between(1.6, 2.6)
        x, foot, size = street.at(z * dice.between(0.8, 1.2), side)
        crown = size * dice.between(1.5, 3.0)
        paint_tree(dice, sky.image, x, foot, crown, sky.light, dice.chance(0.7))
    _paint_traffic(dice, sky.image, street, busy=0.35)
    return sky.image


def across(dice: Dice) -> Array:
    """Draw the row of houses over the way, with the road, cars and people in front."""
    foot = dice.between(0.55, 0.8)
    sky = paint_sky(dice, foot, TOWN, clouds=0.5)
    image = sky.image
    # Seen at an angle, roofs and pavement lean, the roofs more.
    lean = dice.between(-0.4, 0.4) * (X - 0.5)
    base = foot + 0.2 * lean
    weather = stains(dice)
    left = dice.between(-0.3, 0.0)
    for _ in range(4):
        width, top = dice.between(0.2, 0.5), foot - dice.between(0.2, 0.7) + lean
        columns = (X - left) / width * np.round(dice.between(1.6, 5.4)) - 0.5
        storeys = (Y - top) / (base - top) * np.round(dice.between(1.6, 5.4)) + 0.5
        front = box(left, left + width, top, base)
        paint_wall(sky, front, columns, storeys, weather)
        left = left + width
    paint(image, under(base), _asphalt(sky))
    for _ in range(2):
        ground, length = base + dice.between(0.02, 0.25), dice.between(0.15, 0.4)
        paint_car(dice, image, dice.between(0, 1), ground, length, dice.chance(0.6))
        paint_person(dice, image, ground, dice.between(0.08, 0.3), dice.chance(0.5))
    paint_lamp(dice, image, dice.between(0, 1), base, dice.between(0.2, 0.5), dice.chance(0.4))
    return image


def _asphalt(sky: Sky) -> Array:
    """Draw the picture `[n, 3, 48, 48]` of a worn surface."""
    wear = 1 + 0.07 * noise(sky.dice, 12, 4, 3, 0.8)
    return np.clip(sky.dice.colour(ASPHALT) * sky.light * wear[:, None], 0, 1)


def _paint_far_end(sky: Sky, street: Street) -> None:
    """Paint what closes the street off: a house or trees, far away."""
    dice = sky.dice
    half, high = dice.between(0.05, 0.3), dice.between(0.02, 0.2)
    end = box(street.x - half, street.x + half, street.y - high, street.y + 0.01)
    air = dice.between(0.1, 0.6)[:, None]
    tone = mix(dice.colour(FAR_END) * sky.light, sky.haze, air)
    paint(sky.image, end * dice.chance(0.7), tone)


def _paint_road(sky: Sky, street: Street) -> None:
    """Paint the road, the pavements beside it and the dashes along its middle."""
    dice, image = sky.dice, sky.image
    ground = under(street.y)
    paint(image, ground, _asphalt(sky))
    pavement = np.clip((street.aside - dice.between(0.5, 1.0)) * 8, 0, 1)
    paint(image, pavement * ground, _asphalt(sky) * 1.2)
    near = street.ground_nearness
    dashes = np.clip(2 * np.sin(dice.between(2, 5) / near) + 0.5, 0, 1)
    # Far dashes are finer than the pixels: leave them away before they turn to noise.
    dashes = dashes * np.clip(near * 6 - 0.4, 0, 1) * dice.chance(0.4)
    paint(image, dashes * np.clip(1 - street.aside * 16, 0, 1) * ground, sky.light * 0.9)


def _paint_houses(sky: Sky, street: Street, low: float, high: float) -> None:
    """Paint the houses at both sides, each in its own colour, `low` to `high` above the eye.

    Heights are in eye heights.
    """
    dice = sky.dice
    front = dice.between(2.0, 6.0)
    numbers = street.house_numbers(dice.between(0, 1), front)
    roofs = low + (high - low) * dice.rng.random((dice.n, 2 * HOUSES), np.float32)
    roof = of_house(roofs, numbers) * dice.between(0.7, 1.3)
    # One side of the street lies in the shade.
    sunny = np.where(street.right == (sky.lean < 0), 1.0, dice.between(0.4, 0.9))[:, None]
    wall = of_house(_paintwork(dice, WALLS), numbers) * sky.light * sunny

    near, height = street.nearness, street.height
    columns = np.round(dice.between(1.5, 4.5)) / (front * near)
    storeys = height / dice.between(1.2, 2.2)
    clear = np.clip(near * 7 - 0.3, 0, 1)
    surface = with_windows(sky, wall, columns, storeys, clear)
    # Shops: one wide opening after the other at street level, piers between them.
    shop = of_house(_paintwork(dice, SHOPS), numbers) * mix(sky.light, 1.0, 0.4)
    opening = np.clip(3 * np.cos(np.pi * columns) + 1.5, 0, 1)
    level = np.clip((dice.between(0.3, 1.2) - height) * 3, 0, 1) * dice.chance(0.6)
    surface = mix(surface, mix(wall * 0.8, shop, opening[:, None]), level[:, None])

    air = np.clip(1 / (near * street.end), 0, 1) * dice.between(0.0, 0.8)
    standing = inside(height + 1) * inside((roof - height) * near) * (near * street.end > 1)
    paint(sky.image, standing, mix(surface, sky.haze, air[:, None]))


def _paintwork(dice: Dice, palette: Sequence[tuple[float, float, float]]) -> Array:
    """Return a colour for each house, `[n, 3, 16]`."""
    return np.concatenate([dice.colour(palette, 0.06)[..., 0] for _ in range(2 * HOUSES)], axis=2)


def _paint_traffic(dice: Dice, image: Array, street: Street, busy: float) -> None:
    """Paint cars, people and a lamp post; what is nearer is lower and larger."""
    for _ in range(2):
        x, ground, size = street.at(dice.between(1.5, 6.0), dice.between(-1.5, 1.5))
        paint_car(dice, image, x, ground, 1.1 * size, dice.chance(busy))
    for _ in range(3):
        _, feet, size = street.at(dice.between(1.3, 6.0), dice.between(0, 1))
        paint_person(dice, image, feet, 1.05 * size, dice.chance(busy))
    x, foot, size = street.at(dice.between(1.5, 4.0), dice.side() * dice.between(1.2, 2.0))
    paint_lamp(dice, image, x, foot, 3 * size, dice.chance(0.4))
