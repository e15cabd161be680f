"""What has to be the same of two runs, as bits."""

from pathlib import Path

from experiments.runs.reader import Run

KEPT = ("initial", "final", "confusion", "diverged_at_epoch", "config")


def bits(folder: Path, kept: tuple[str, ...] = KEPT) -> object:
    """Epochs but for their times, weights, and these entries of the summary."""
    run = Run(folder)
    epochs = [{k: v for k, v in record.items() if k != "seconds"} for record in run.epochs]
    weights = {name: array.tobytes() for name, array in run.weights().items()}
    return epochs, weights, {name: run.summary[name] for name in kept}
