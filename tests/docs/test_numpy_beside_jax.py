"""The page's code is the project's, what it claims holds, and neither can go wrong unnoticed."""

import re
from pathlib import Path

import pytest
from docbuild.include import RUN, SOURCE, included, run_code, source_of

PAGE = Path(__file__).parents[2] / "docs" / "numpy-beside-jax.md"
STEPS = 10
WRONG = {
    "another rate by hand": ("p - 0.1 * g", "p - 0.11 * g"),
    "another sign in the scan": ("W - 0.1 * jax.grad", "W + 0.1 * jax.grad"),
    "another sign in the gradient": ("T, mean_by_hand.W1", "T, -mean_by_hand.W1"),
    "another scale": ("x, X = features(pixels),", "x, X = features(pixels) * 256 / 255,"),
    "the same key": ("jax.random.fold_in(key, 1))", "key)"),
}


def test_the_code_shown_is_the_sources() -> None:
    text = PAGE.read_text()
    assert included(text) == text, f"run: python -m tests.docbuild.include docs/{PAGE.name}"
    assert len(SOURCE.findall(text)) == 2 * STEPS == 2 * text.count("<table>")


def test_a_changed_source_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    text = PAGE.read_text()
    assert "loss, gradient = nnx.value_and_grad(mean_loss)" in text
    stale = text.replace("nnx.value_and_grad(mean_loss)", "nnx.value_and_grad(other_loss)", 1)
    assert included(stale) == text != stale


def test_what_the_page_says_holds() -> None:
    assert run_code(PAGE.read_text(), {}) == STEPS + 1


@pytest.mark.parametrize(("right", "wrong"), WRONG.values(), ids=WRONG)
def test_what_the_page_says_can_fail(right: str, wrong: str) -> None:
    text = PAGE.read_text()
    assert len([block for block in RUN.findall(text) if right in block]) == 1
    with pytest.raises(AssertionError):
        run_code(text.replace(right, wrong), {})


@pytest.mark.parametrize(
    "name", ["scratch.mlp.gone", "scratch.gone.update", "jaxmodels.plain.Epoch.gone"]
)
def test_a_source_that_is_gone_is_named(name: str) -> None:
    with pytest.raises(LookupError, match=r"gone|no such module"):
        source_of(name)


def test_docstrings_are_left_out_and_nothing_else() -> None:
    shown = source_of("jaxmodels.plain.FeedforwardNetwork")
    assert '"""' not in shown
    assert shown.startswith("class FeedforwardNetwork(nnx.Module):")
    assert "\n    def __call__(self, x: Features)" in shown
    assert source_of("jaxmodels.plain.train_step").startswith("@nnx.jit\ndef train_step(")
    assert source_of("scratch.models._linear_model.epoch_per_example").startswith("def epoch_per")


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#h][^)#]*)", PAGE.read_text()):
        assert (PAGE.parent / target).exists(), target
