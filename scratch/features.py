"""From pixels to features: raw pixels over 256, and a one for the linear models' bias.

Dividing by 256 rather than 255 is the assignment's choice. It is a power of two, so the division is
exact, and the block engine may leave it to the coefficients.
"""

import numpy as np
from jaxtyping import Float64, UInt8

PIXEL_SCALE = 256


def features(pixels: UInt8[np.ndarray, "... d"]) -> Float64[np.ndarray, "... d"]:
    """Pixels as features: `x = pixels / 256`, no mean or deviation removed."""
    return pixels / np.float64(PIXEL_SCALE)


def features_with_bias(pixels: UInt8[np.ndarray, "... d"]) -> Float64[np.ndarray, "... d+1"]:
    """Features with a one behind them: the bias is the last column of the weights.

    An L2 penalty and the weight norm therefore include the bias, as in the assignment.
    """
    x = np.ones((*pixels.shape[:-1], pixels.shape[-1] + 1))
    np.divide(pixels, PIXEL_SCALE, out=x[..., :-1])
    return x


def weights_on_pixels(
    weights: Float64[np.ndarray, "c w"], n_biases: int = 0
) -> Float64[np.ndarray, "c w"]:
    """Return the weights that make of pixels what `weights` make of features, bit for bit.

    The power of two moves from each of an image's pixels to the weights, once for all images; the
    last `n_biases` columns, which multiply a one, stay.
    """
    scaled = weights / PIXEL_SCALE
    scaled[:, scaled.shape[1] - n_biases :] *= PIXEL_SCALE
    return scaled
