"""One photograph, what a model makes of it, and which pixels spoke for and against."""

import numpy as np
from matplotlib.figure import Figure

from experiments.cli.text import wrap_phrases
from experiments.data.channels import shown
from experiments.evaluation.prediction import Prediction
from experiments.evaluation.trained_model import TrainedModel
from experiments.plots.style import SPLIT_STYLES, head, literal, mark_synthetic, new_figure

_FOR, _OTHERS = SPLIT_STYLES["train"]["color"], "#BBBBBB"


def prediction(p: Prediction, model: TrainedModel, heading: str, synthetic: bool) -> Figure:
    """Draw the image as the model sees it, its probabilities, and a linear model's evidence."""
    panels = 2 if p.evidence is None else 3
    figure, axes = new_figure(1, panels, figsize=(3.1 * panels, 3.2))
    names = [*map(literal, model.class_names)]
    name = names[p.predicted]
    axes[0].imshow(shown(p.image), interpolation="nearest")
    axes[0].set_title(f"as the model sees it, {p.image.shape[1]}x{p.image.shape[0]}")
    axes[0].set_axis_off()

    places = np.arange(len(p.shares))
    colours = [_FOR if k == p.predicted else _OTHERS for k in places]
    axes[1].set_axisbelow(True)
    axes[1].barh(places, p.shares, color=colours)
    axes[1].set_yticks(places, names)
    axes[1].invert_yaxis()
    axes[1].set_title(name)
    axes[1].set_xlabel("probability" if model.probabilistic else "centred score")
    if model.probabilistic:
        axes[1].set_xlim(0, 1)

    if p.evidence is not None:
        limit = float(np.abs(p.evidence).max()) or 1.0
        drawn = axes[2].imshow(
            p.evidence, cmap="RdBu", vmin=-limit, vmax=limit, interpolation="nearest"
        )
        axes[2].set_title(f"for (blue), against {name} (red)")
        axes[2].set_axis_off()
        figure.colorbar(drawn, ax=axes[2], label="share in the score")
    head(figure, wrap_phrases(heading, 74))
    mark_synthetic(figure, synthetic)
    return figure
