"""The report's formulas in LaTeX."""

import pytest

from experiments.report.latex import display, latex, with_latex

FORMULAS = {
    "x": "x",
    "hat(y) = W x": r"\hat{y} = W x",
    "w_hat(y) arrow.l w_hat(y) - x": r"w_{\hat{y}} \leftarrow w_{\hat{y}} - x",
    "c_Theta^top phi(x)": r"c_{\Theta}^{\top} \phi (x)",
    "w_(i (D - 1)) w_(i D)": r"w_{i (D - 1)} w_{i D}",
    "c_((1, 0)) = (0, -1)": r"c_{(1, 0)} = (0, - 1)",
    "9.1 dot 10^(-17)": r"9.1 \cdot 10^{- 17}",
    "lambda/2 ||W||_F^2": r"\frac{\lambda }{2} \Vert W \Vert _{F}^{2}",
    'p = upright("softmax")(W x)': r"p = \text{softmax} (W x)",
    '1/B sum_(n in "batch") p_(y_n)': r"\frac{1}{B} \sum _{n \in \text{batch}} p_{y_{n}}",
    'op("arg max", limits: #true)_k w_k': r"\arg\max_{k} w_{k}",
    "plus.minus 1 slash sqrt(6912)": r"\pm 1 / \sqrt{6912}",
    "K >= r + 2": r"K \ge r + 2",
    'x quad "if" hat(y) != y': r"x \quad \text{if } \hat{y} \ne y",
    "|w| < 1 \\ RR^D": r"\vert w \vert \lt 1 \\ \mathbb{R}^{D}",
}


@pytest.mark.parametrize("formula", FORMULAS)
def test_formulas(formula: str) -> None:
    assert latex(formula) == FORMULAS[formula]


@pytest.mark.parametrize(
    "text",
    ["amount", "x_(1", "a) + b", "sqrt 2", '"open', "#let x = 1", "a & b", 'op("max")', "x^", "1/"],
)
def test_what_is_not_understood_stays(text: str) -> None:
    with pytest.raises(ValueError, match=r"understood|not closed"):
        latex(text)
    assert with_latex(f"costs ${text}$ here") == f"costs ${text}$ here"
    assert display(text) == [f"    {text}"]


def test_only_formulas_change_and_code_does_not() -> None:
    before = {"how": ["`a$b` and $phi$, $K >= 1$"], "code": "$phi$", "formula": "phi", "n": 3}
    after = {"how": [r"`a$b` and $\phi$, $K \ge 1$"], "code": "$phi$", "formula": "phi", "n": 3}
    assert with_latex(before) == after


def test_a_formula_by_itself_is_a_block_of_its_rows() -> None:
    assert display("y = a_1") == ["```math", "y = a_{1}", "```"]
    assert display("a \\ b") == [
        "```math", r"\begin{gathered}", r"a \\ b", r"\end{gathered}", "```",
    ]  # fmt: skip
