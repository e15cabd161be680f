"""Streets: two rows of houses that run to a vanishing point, avenues, a row across the road."""

import numpy as np

from experiments.data.synthetic.buildings import TOWN, WALLS, _wall, paint_windows
from experiments.data.synthetic.canvas import Array, Dice, X, Y, box, inside, mix, paint
from experiments.data.synthetic.props import paint_car, paint_lamp, paint_people, paint_tree
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
HOUSES = 8  # at each side; the last one reaches to the street's end


class _Street:
    """A straight street in perspective, seen from eye height.

    A wall at the distance `half` to the side and z ahead is drawn half/z from the vanishing point,
    and what is h above the eye at that place h/z above it. So z follows from x alone, and lines of
    constant height run to the vanishing point. Lengths are in eye heights.
    """

    def __init__(self, dice: Dice, half: tuple[float, float], end: tuple[float, float]) -> None:
        self.x = dice.between(0.2, 0.8)
        self.y = dice.between(0.4, 0.65)
        self.right = self.x < X
        self.half = np.where(self.right, dice.between(*half), dice.between(*half))
        self.focus = dice.between(0.5, 1.0)
        self.scale = np.abs(X - self.x) / (self.focus * self.half) + 1e-3  # 1/z at the wall
        self.depth = 1 / self.scale
        self.end = dice.between(*end)
        self.height = (self.y - Y) / (self.focus * self.scale)  # over the eye, at the wall
        self.below = np.clip(Y - self.y, 1e-3, 1) / self.focus  # 1/z on the ground


def _paint_road(dice: Dice, image: Array, street: _Street, sky: Sky) -> None:
    """Paint the road with its pavements, kerbs and markings."""
    rough = 1 + 0.07 * noise(dice, 12, 4, 3, 0.8)
    road = dice.colour(ASPHALT) * sky.light * rough[:, None]
    paint(image, inside(Y - street.y), np.clip(road, 0, 1))
    # Sideways distance from the middle of the street, as a share of its half width.
    aside = np.abs(X - street.x) / (street.focus * street.half * street.below)
    kerb = dice.between(0.5, 1.0)
    pavement = np.clip((aside - kerb) * 8, 0, 1) * inside(Y - street.y)
    paint(image, pavement, np.clip(dice.colour(ASPHALT) * 1.2 * sky.light * rough[:, None], 0, 1))
    near = np.clip(street.below * 6 - 0.4, 0, 1)
    dashes = np.clip(2 * np.sin(dice.between(2, 5) / street.below) + 0.5, 0, 1)
    line = np.clip(1 - aside * 16, 0, 1) * dashes * near * dice.chance(0.4)
    paint(image, line * inside(Y - street.y), sky.light * 0.9)


def _paint_rows(
    dice: Dice, image: Array, street: _Street, sky: Sky, high: tuple[float, float]
) -> None:
    """Paint the houses at both sides, each with its own height, colour and shop."""
    pitch = dice.between(2.0, 6.0)
    number = np.clip(street.depth / pitch + dice.between(0, 1), 0, HOUSES - 1).astype(np.int64)
    number = number + HOUSES * street.right

    def of_house(values: Array) -> Array:
        """What `values` `[n, ..., 16]` says of the house in each column `[n, ..., 48]`."""
        index = np.broadcast_to(
            number.reshape(dice.n, *[1] * (values.ndim - 2), -1), (*values.shape[:-1], X.shape[2])
        )
        return np.take_along_axis(values, index, axis=-1)

    shape = (dice.n, 1, 2 * HOUSES)
    storeys = high[0] + (high[1] - high[0]) * dice.rng.random(shape, np.float32)
    roof = of_house(storeys) * dice.between(0.7, 1.3)
    shades = np.concatenate([dice.colour(WALLS, 0.06) for _ in range(4)], axis=3)  # [n, 3, 1, 4]
    wall = of_house(shades[..., dice.rng.integers(0, 4, 2 * HOUSES)])
    # One side of the street lies in the shade.
    sunny = np.where(street.right == (sky.lean < 0), 1.0, dice.between(0.4, 0.9))
    surface: Array = wall * sky.light * sunny[:, None]
    clear = np.clip(street.scale * 7 - 0.3, 0, 1)
    across = street.depth / pitch * np.round(dice.between(1.5, 4.5))
    surface = paint_windows(
        dice, surface, across, street.height / dice.between(1.2, 2.2), sky, clear
    )
    shop = np.clip((dice.between(0.3, 1.2) - street.height) * 3, 0, 1) * dice.chance(0.6)
    fronts = np.concatenate([dice.colour(SHOPS) for _ in range(4)], axis=3)
    front = of_house(fronts[..., dice.rng.integers(0, 4, 2 * HOUSES)]) * mix(sky.light, 1.0, 0.4)
    glass = grid_of_shop(across, front, surface)
    surface = mix(surface, glass, shop[:, None])
    far = np.clip(street.depth / street.end, 0, 1) * dice.between(0.0, 0.8)
    stretch = inside(street.height + 1) * inside((roof - street.height) * street.scale)
    stretch *= street.depth < street.end
    paint(image, stretch, np.clip(mix(surface, sky.haze, far[:, None]), 0, 1))


def grid_of_shop(across: Array, front: Array, wall: Array) -> Array:
    """Shop fronts: one wide opening after the other, the wall's piers between them."""
    opening = np.clip(3 * np.cos(np.pi * across) + 1.5, 0, 1)
    return mix(wall * 0.8, front, opening[:, None])


def _paint_traffic(dice: Dice, image: Array, street: _Street, busy: float) -> None:
    """Paint cars along the kerb, people, lamp posts; nearer things are lower and larger."""
    for _ in range(2):
        z = dice.between(1.5, 6.0)
        x = street.x + street.focus * dice.between(-1.5, 1.5) / z
        ground = street.y + street.focus / z
        paint_car(dice, image, x, ground, street.focus * 1.1 / z, dice.chance(busy))
    for _ in range(3):
        z = dice.between(1.3, 6.0)
        paint_people(
            dice, image, street.y + street.focus / z, street.focus * 1.05 / z, dice.chance(busy)
        )
    z = dice.between(1.5, 4.0)
    x = street.x + dice.side() * street.focus * dice.between(1.2, 2.0) / z
    foot = street.y + street.focus / z
    paint_lamp(dice, image, x, foot, street.focus * 3 / z, dice.chance(0.4))


def canyon(dice: Dice) -> Array:
    """A street between two unbroken rows of houses."""
    street = _Street(dice, (1.0, 3.5), (12, 60))
    sky = paint_sky(dice, street.y, TOWN, clouds=0.4, sun=0.1)
    image = sky.image
    _paint_end(dice, image, street, sky)
    _paint_road(dice, image, street, sky)
    _paint_rows(dice, image, street, sky, (2.0, 9.0))
    _paint_traffic(dice, image, street, busy=0.45)
    return image


def _paint_end(dice: Dice, image: Array, street: _Street, sky: Sky) -> None:
    """Paint what closes the street off: a house or trees, far away."""
    half, high = dice.between(0.05, 0.3), dice.between(0.02, 0.2)
    end = box(street.x - half, street.x + half, street.y - high, street.y + 0.01)
    tone = dice.colour([(0.3, 0.35, 0.25), (0.55, 0.5, 0.45), (0.35, 0.36, 0.4)]) * sky.light
    paint(image, end * dice.chance(0.7), mix(tone, sky.haze, dice.between(0.1, 0.6)[:, None]))


def avenue(dice: Dice) -> Array:
    """A wide road with trees along it, low houses or none behind them."""
    street = _Street(dice, (2.5, 5.0), (20, 60))
    sky = paint_sky(dice, street.y, TOWN, sun=0.15)
    image = sky.image
    _paint_end(dice, image, street, sky)
    _paint_road(dice, image, street, sky)
    _paint_rows(dice, image, street, sky, (0.3, 4.0))
    for z in (8.0, 4.5, 2.5):
        away = z * dice.between(0.8, 1.2)
        x = street.x + dice.side() * street.focus * dice.between(1.6, 2.6) / away
        foot, size = street.y + street.focus / away, street.focus * dice.between(1.5, 3.0) / away
        paint_tree(dice, image, x, foot, size, sky.light, dice.chance(0.7))
    _paint_traffic(dice, image, street, busy=0.35)
    return image


def across(dice: Dice) -> Array:
    """The row of houses over the way, with the road, cars and people in front."""
    foot = dice.between(0.55, 0.8)
    sky = paint_sky(dice, foot, TOWN, clouds=0.5)
    image = sky.image
    left = dice.between(-0.3, 0.0)
    turn = dice.between(-0.4, 0.4) * (X - 0.5)
    base = foot + 0.2 * turn
    for _ in range(4):
        width, top = dice.between(0.2, 0.5), foot - dice.between(0.2, 0.7)
        down = (Y - top - turn) / (base - top - turn) * np.round(dice.between(1.6, 5.4)) + 0.5
        wall = _wall(dice, sky, (X - left) / width * np.round(dice.between(1.6, 5.4)) - 0.5, down)
        paint(image, box(left, left + width, top + turn, base), wall)
        left = left + width
    rough = 1 + 0.07 * noise(dice, 12, 4, 3, 0.8)
    paint(image, inside(Y - base), np.clip(dice.colour(ASPHALT) * sky.light * rough[:, None], 0, 1))
    for _ in range(2):
        ground = base + dice.between(0.02, 0.25)
        size = dice.between(0.15, 0.4)
        paint_car(dice, image, dice.between(0, 1), ground, size, dice.chance(0.6))
        paint_people(dice, image, ground, dice.between(0.08, 0.3), dice.chance(0.5))
    paint_lamp(dice, image, dice.between(0, 1), base, dice.between(0.2, 0.5), dice.chance(0.4))
    return image
