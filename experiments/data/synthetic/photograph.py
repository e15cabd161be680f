"""From scene to photograph: framing, exposure, colour cast, sharpness, grain.

Every class goes through the same camera, so what it does tells nothing about the class.
"""

import numpy as np
from numpy.typing import NDArray

from experiments.data.synthetic.canvas import SIZE, Array, Dice, X, Y, rgb
from experiments.data.synthetic.props import paint_person

LUMA = rgb((0.30, 0.59, 0.11))
PIXELS = np.arange(SIZE, dtype=np.float32)
# Averages each pixel of a line with its neighbours, weights 1 2 1; at the ends only with one.
BLUR = np.clip(0.5 - 0.25 * np.abs(PIXELS[:, None] - PIXELS), 0, 1)
BLUR[0, 0] = BLUR[-1, -1] = 0.75


def photograph(dice: Dice, image: Array) -> NDArray[np.uint8]:
    """Photograph scenes `[n, 3, 48, 48]`, which are painted on: uint8 `[n, 48, 48, 3]`."""
    # Rarely somebody stands between the scene and its photographer.
    paint_person(dice, image, dice.between(0.9, 1.3), dice.between(0.35, 0.9), dice.chance(0.04))
    image = _frame(dice, image)
    image = _light(dice, image)
    image = _expose(dice, image)
    grain = dice.between(0.0, 0.17)[:, None] ** 2
    image += grain * dice.rng.standard_normal((dice.n, 1, SIZE, SIZE), np.float32)
    return np.rint(255 * np.clip(image, 0, 1)).astype(np.uint8).transpose(0, 2, 3, 1)


def _frame(dice: Dice, image: Array) -> Array:
    """Crop to a part of the scene, mirror every other picture, soften or sharpen.

    All three are linear along the rows and along the columns, hence two matrices for a picture.
    """
    # Negative where the picture is sharpened, as cameras and resizing filters do.
    softness = dice.between(-1.0, 0.4)

    def resampling(zoom: Array) -> Array:
        """Weights `[n, 1, 48, 48]` that make a line of the picture from a line of the scene."""
        at = zoom * PIXELS + dice.between(0, 1) * (1 - zoom) * (SIZE - 1)
        weights = np.clip(1 - np.abs(at.swapaxes(1, 2) - PIXELS), 0, 1)
        return (weights + softness * (BLUR @ weights - weights))[:, None]

    zoom = 1 - dice.between(-0.15, 0.30).clip(0)
    down, across = resampling(zoom), resampling(zoom * dice.between(0.85, 1.0))
    mirrored = dice.chance(0.5)[:, 0, 0] > 0
    across[mirrored] = across[mirrored, :, ::-1]
    return down @ (image @ across.swapaxes(2, 3))


def _light(dice: Dice, image: Array) -> Array:
    """Light unevenly, veil with haze, darken the corners, tint, and bleach or saturate."""
    ramp = dice.between(-0.25, 0.25) * (X - 0.5) + dice.between(-0.25, 0.25) * (Y - 0.5)
    image *= np.exp(ramp)[:, None]
    veil = dice.between(-0.5, 0.35).clip(0)[:, None]
    image += veil * (dice.colour([(0.80, 0.82, 0.84), (0.85, 0.78, 0.66)]) - image)
    image *= (1 - dice.between(-0.4, 0.5).clip(0) * ((X - 0.5) ** 2 + (Y - 0.5) ** 2))[:, None]
    image *= 1 + 0.04 * dice.rng.standard_normal((dice.n, 3, 1, 1), np.float32)
    grey = (image * LUMA).sum(1, keepdims=True)
    saturation = dice.between(0.5, 1.5) * (1 - dice.chance(0.06))
    return np.clip(grey + saturation[:, None] * (image - grey), 0, 1)


def _expose(dice: Dice, image: Array) -> Array:
    """Expose as cameras do: some of the way to a middling brightness and a full range of tones."""
    middle = image.mean((1, 2, 3), keepdims=True)
    target = dice.between(0.32, 0.62)[:, None]
    image *= np.clip(target / (middle + 0.02), 0.4, 3.0) ** 0.6
    image = np.clip(image, 0, 1) ** dice.between(0.75, 1.4)[:, None]
    middle, spread = image.mean((1, 2, 3), keepdims=True), image.std((1, 2, 3), keepdims=True)
    contrast = np.clip(dice.between(0.18, 0.36)[:, None] / (spread + 0.02), 0.5, 3.0) ** 0.75
    return middle + contrast * (image - middle)
