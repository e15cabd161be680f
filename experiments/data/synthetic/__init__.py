"""Built-in synthetic landscapes: the six classes drawn by NumPy, so that nothing is downloaded."""

from experiments.data.synthetic.draw import draw_landscapes

__all__ = ["draw_landscapes"]
