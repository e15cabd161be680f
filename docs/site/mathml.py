"""A Sphinx extension that turns LaTeX into MathML, which browsers typeset without a script."""

from typing import Any

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.application import Sphinx
from sphinx.errors import SphinxError

_CONVERTER = LatexToMathML()


def mathml(latex: str, display: bool) -> str:
    r"""Return a formula as MathML.

    Args:
        latex: without dollar signs; a `\tag{1}` in it becomes a number at the right margin.
        display: whether the formula stands on a line of its own.

    Raises:
        SphinxError: the formula is not LaTeX, or has a command that nothing knows.
    """
    if r"\tag" in latex:  # the converter takes a number only inside a numbered environment
        latex = rf"\begin{{equation}}{latex}\end{{equation}}"
    try:
        return _CONVERTER.convert_with_local_state(latex, displaystyle=display)
    except LatexError as error:
        raise SphinxError(f"a formula that cannot be typeset: {latex}\n{error}") from None


def _inline(translator: Any, node: nodes.math) -> None:
    translator.body.append(mathml(node.astext(), display=False))
    raise nodes.SkipNode


def _display(translator: Any, node: nodes.math_block) -> None:
    translator.body.append(f'<div class="formula">{mathml(node.astext(), display=True)}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the renderer under the name "mathml"."""
    app.add_html_math_renderer("mathml", (_inline, None), (_display, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
