"""What the notebooks in docs/notebooks/ share: figures with a text, source code, exercises."""

from experiments.notebooks.cells import check, show_figure, show_source

__all__ = ["check", "show_figure", "show_source"]
