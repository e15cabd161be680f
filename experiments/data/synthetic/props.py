"""What stands about in pictures: people, cars, lamp posts, round trees, boats."""

import numpy as np

from experiments.data.synthetic.canvas import Array, Dice, X, Y, box, ellipse, inside, paint, rgb
from experiments.data.synthetic.texture import noise

CLOTHES = (
    (0.08, 0.08, 0.10), (0.20, 0.22, 0.30), (0.70, 0.15, 0.12),
    (0.15, 0.30, 0.60), (0.85, 0.82, 0.78),
)  # fmt: skip
PAINTWORK = (
    (0.75, 0.76, 0.78), (0.10, 0.10, 0.12), (0.65, 0.10, 0.10),
    (0.15, 0.22, 0.45), (0.90, 0.75, 0.15),
)  # fmt: skip
LEAVES = (
    (0.20, 0.34, 0.12), (0.30, 0.44, 0.16), (0.10, 0.20, 0.08),
    (0.62, 0.42, 0.12), (0.50, 0.24, 0.10),
)  # fmt: skip


def paint_person(dice: Dice, image: Array, feet: Array, height: Array, present: Array) -> None:
    """Paint a person standing at y `feet`, `height` tall, anywhere from side to side."""
    x = dice.between(0.1, 0.9)
    hip, neck = feet - 0.48 * height, feet - 0.84 * height
    stride = dice.between(0.0, 0.08) * height
    legs = np.maximum(
        box(x - stride - 0.05 * height, x - stride + 0.05 * height, hip, feet),
        box(x + stride - 0.05 * height, x + stride + 0.05 * height, hip, feet),
    )
    paint(image, present * legs, dice.colour(CLOTHES) * 0.7)
    # Shoulders are wider than the hip, arms included.
    half = (0.15 - 0.08 * np.clip((Y - neck) / (hip - neck), 0, 1)) * height
    trunk = box(x - half, x + half, neck, hip + 0.03 * height)
    paint(image, present * trunk, dice.colour(CLOTHES))
    head = ellipse(x, neck - 0.07 * height, 0.06 * height, 0.09 * height)
    paint(image, present * head, dice.colour([(0.70, 0.52, 0.42), (0.35, 0.24, 0.18)]))


def paint_car(
    dice: Dice, image: Array, x: Array, ground: Array, length: Array, present: Array
) -> None:
    """Paint a car seen from the side or behind, standing on y `ground` around `x`."""
    high = length * dice.between(0.3, 0.45)
    shadow = box(x - 0.55 * length, x + 0.55 * length, ground - 0.12 * high, ground + 0.1 * high)
    paint(image, present * shadow, 0.06)
    body = box(x - 0.5 * length, x + 0.5 * length, ground - 0.6 * high, ground - 0.1 * high)
    cabin = box(x - 0.32 * length, x + 0.32 * length, ground - high, ground - 0.55 * high)
    paint(image, present * np.maximum(body, cabin), dice.colour(PAINTWORK))
    glass = box(x - 0.26 * length, x + 0.26 * length, ground - 0.92 * high, ground - 0.62 * high)
    paint(image, present * glass, dice.colour([(0.10, 0.12, 0.15), (0.45, 0.52, 0.58)]))


def paint_lamp(
    dice: Dice, image: Array, x: Array, foot: Array, height: Array, present: Array
) -> None:
    """Paint a lamp post with its lantern."""
    post = box(x - 0.008, x + 0.008, foot - height, foot)
    lantern = ellipse(x, foot - height, 0.03 + 0 * x, 0.025 + 0 * x)
    paint(image, present * np.maximum(post, lantern), dice.colour([(0.08, 0.08, 0.08)], 0.06))


def paint_tree(
    dice: Dice, image: Array, x: Array, foot: Array, size: Array, light: Array, present: Array
) -> None:
    """Paint a broad-leaved tree of crown width `size` whose stem meets the ground at (x, foot)."""
    stem = box(x - 0.06 * size, x + 0.06 * size, foot - size, foot)
    paint(image, present * stem, rgb((0.18, 0.13, 0.09)) * light)
    leaves = noise(dice, 12, 12, 2, 0.9)
    radius = np.sqrt((X - x) ** 2 + ((Y - foot + size) * 0.9) ** 2)
    crown = inside(0.5 * size * (1 + 0.25 * leaves) - radius)
    shade = np.clip(1 + 0.3 * leaves - 0.8 * (Y - foot + size) / size, 0.3, 1.6)
    paint(image, present * crown, np.clip(dice.colour(LEAVES) * light * shade[:, None], 0, 1))


def paint_boat(
    dice: Dice, image: Array, x: Array, water: Array, size: Array, present: Array
) -> None:
    """Paint a boat at y `water`: a hull, and a sail or a cabin above it."""
    rise = (water - Y) / size
    hull = inside(size * (0.5 + 0.4 * rise) - np.abs(X - x))
    hull = hull * inside(0.12 * size - np.abs(water - Y))
    paint(image, present * hull, dice.colour(CLOTHES))
    sail = inside(0.4 * size * (1 - rise) - np.abs(X - x - 0.05 * size))
    sail = sail * inside(water - 0.1 * size - Y)
    white = dice.colour([(0.95, 0.95, 0.93), (0.75, 0.72, 0.70)])
    paint(image, present * dice.chance(0.7) * sail, white)
