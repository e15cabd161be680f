"""From scene to photograph: mirroring, exposure, colour cast, sharpness, noise, frames."""

import numpy as np
from numpy.typing import NDArray

from experiments.data.synthetic.canvas import Array, Dice, X, Y, inside, paint
from experiments.data.synthetic.props import paint_people
from experiments.data.synthetic.texture import noise

LUMA = np.array([0.30, 0.59, 0.11], np.float32)[:, None, None]


def _blur(image: Array) -> Array:
    """Each pixel averaged with its neighbours, weights 1 2 1 each way; borders repeat."""
    for axis in (2, 3):
        padding = [(0, 0)] * 4
        padding[axis] = (1, 1)
        wide = np.pad(image, padding, mode="edge")
        before, after = (
            np.take(wide, np.arange(k, k + image.shape[axis]), axis=axis) for k in (0, 2)
        )
        image = 0.5 * image + 0.25 * (before + after)
    return image


def _paint_occluders(dice: Dice, image: Array) -> None:
    """Paint, rarely, what stands between any scene and its photographer: someone, or a branch."""
    paint_people(dice, image, dice.between(0.9, 1.3), dice.between(0.4, 1.0), dice.chance(0.05))
    corner = np.clip(dice.side() * (X - 0.5) - 0.4 * Y + 0.2 * noise(dice, 6, 6, 3, 0.8), -1, 1)
    branch = inside(corner - dice.between(0.2, 0.5)) * dice.chance(0.06)
    paint(image, branch, dice.colour([(0.05, 0.08, 0.04), (0.12, 0.2, 0.06), (0.04, 0.03, 0.03)]))


def photograph(dice: Dice, image: Array) -> NDArray[np.uint8]:
    """Take the pictures: scenes `[n, 3, 48, 48]` become uint8 `[n, 48, 48, 3]`.

    Every class goes through the same camera, so what it changes tells nothing about the class.
    """
    _paint_occluders(dice, image)
    flip = dice.chance(0.5)[:, 0, 0] > 0
    image[flip] = image[flip][..., ::-1]

    veil = dice.between(-0.5, 0.35).clip(0)[:, None]
    image += veil * (dice.colour([(0.8, 0.82, 0.84), (0.85, 0.78, 0.66)]) - image)
    corners = (X - 0.5) ** 2 + (Y - 0.5) ** 2
    image *= (1 - dice.between(-0.4, 0.8).clip(0) * corners)[:, None]

    grey = (image * LUMA).sum(1, keepdims=True)
    saturation = dice.between(0.5, 1.5) * (1 - dice.chance(0.06))
    image = grey + saturation[:, None] * (image - grey)
    image *= 1 + 0.06 * dice.rng.standard_normal((dice.n, 3, 1, 1), np.float32)
    image *= np.exp2(0.35 * dice.rng.standard_normal((dice.n, 1, 1, 1), np.float32))
    image = np.clip(image, 0, 1) ** dice.between(0.75, 1.4)[:, None]
    contrast = dice.between(0.8, 1.35)[:, None]
    image = 0.48 + contrast * (image - 0.48)

    # Below 0 the picture is sharpened, as cameras and resizing filters do, above 0 softened.
    soft = dice.between(-0.8, 0.8)[:, None]
    image += soft * (_blur(image) - image)
    grain = dice.between(0.0, 0.045)[:, None]
    image += grain * dice.rng.standard_normal(image.shape, np.float32)
    return np.rint(255 * np.clip(image, 0, 1)).astype(np.uint8).transpose(0, 2, 3, 1)
