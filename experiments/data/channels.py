"""Images of 1 to 4 channels as colours that can be shown, and photographs in as many channels."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
"""Pillow's name for images of so many channels."""


def shown(images: NDArray[np.generic]) -> NDArray[np.generic]:
    """Return images `[..., h, w, 1 to 4]` as red, green, blue `[..., h, w, 3]`, not transparent."""
    channels = images.shape[-1]
    return images[..., :3] if channels >= 3 else np.repeat(images[..., :1], 3, axis=-1)


def with_channels(image: Image.Image, channels: int) -> NDArray[np.uint8]:
    """Return a picture's pixels in so many channels, uint8 `[h, w, channels]`."""
    return np.asarray(image.convert(MODES[channels])).reshape(*image.size[::-1], channels)
