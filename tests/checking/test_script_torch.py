"""Question 2's script under PyTorch: right in several ways, or wrong in one line."""

import importlib.util
from pathlib import Path

import pytest
from oracles.driving import driven, wrong_of
from refusal import assert_refused

from experiments.check import main
from experiments.cli.errors import ExitCode

pytestmark = pytest.mark.usefixtures("unchecked_shapes")

TORCH = """
import torch
from torch import nn


class LogisticRegression(nn.Module):
    def __init__(self, n_classes, n_features):
        super().__init__()
        self.layer = nn.Linear(n_features, n_classes)

    def forward(self, x):
        return self.layer(x)


class FeedforwardNetwork(nn.Module):
    def __init__(self, n_classes, n_features, hidden_size, layers, activation_type, dropout):
        super().__init__()
        self.first = nn.Linear(n_features, hidden_size)
        self.second = nn.Linear(hidden_size, hidden_size)
        self.out = nn.Linear(hidden_size, n_classes)
        self.act = torch.tanh if activation_type == "tanh" else torch.relu
        self.drop = nn.Dropout(dropout)

    def forward(self, x):
        x = self.drop(self.act(self.first(x)))
        return self.out(self.drop(self.act(self.second(x))))


def train_batch(X, y, model, optimizer, criterion):
    optimizer.zero_grad()
    loss = criterion(model(X), y)
    loss.backward()
    optimizer.step()
    return loss.item()
"""
_FIRST, _LAST = (
    "self.drop(self.act(self.first(x)))",
    "self.out(self.drop(self.act(self.second(x))))",
)
_LAYER = "        self.layer = nn.Linear(n_features, n_classes)\n"
_SMALL = _LAYER + "        nn.init.normal_(self.layer.weight, std=0.01)\n"
_ALWAYS = "lambda x: nn.functional.dropout(x, dropout)"
_OUT = "        self.out = nn.Linear(hidden_size, n_classes)\n"
_FIRST_LAYER = "        self.first = nn.Linear(n_features, hidden_size)\n"
_ACT = 'self.act = torch.tanh if activation_type == "tanh" else torch.relu'
_PLAIN = (
    "        sizes = (n_features, hidden_size), (hidden_size, hidden_size)\n"
    "        self.plain = [nn.Linear(*size) for size in sizes]\n"
    "        self.first, self.second = lambda x: self.plain[0](x), lambda x: self.plain[1](x)\n"
)
_LAYERS = _FIRST_LAYER + "        self.second = nn.Linear(hidden_size, hidden_size)\n"
_ZERO, _TOLD = "    optimizer.zero_grad()\n", "    return loss.item()"
RIGHT = {
    "as handed out": ((),),
    "the output made first": ((_OUT, ""), (_FIRST_LAYER, _OUT + _FIRST_LAYER)),
    "an unused layer": ((_OUT, _OUT + _FIRST_LAYER.replace("first", "spare")),),
    "log_softmax": (
        ("self.layer(x)\n", "self.layer(x).log_softmax(1)\n"), (_LAST, f"{_LAST}.log_softmax(1)"),
    ),
    "a module for the activation": ((_ACT, "self.act = nn.Sequential(activation_type)"),),
    "sizes in another order": (
        ("n_classes, n_features)", "n_features, n_classes)"),
        ("hidden_size, layers, activation_type, dropout",
         "layers, hidden_size, *, dropout, activation_type"),
    ),
    "a loss and more": ((_TOLD, "    return loss, y"),),
    "cleared afterwards": ((_ZERO, ""), (_TOLD, f"{_ZERO}{_TOLD}")),
}  # fmt: skip
TORCH_MISTAKES = {
    "a softmax": (("self.layer(x)\n", "self.layer(x).softmax(1)\n"), "softmax before the loss"),
    "a sigmoid": (("self.layer(x)\n", "self.layer(x).sigmoid()\n"), "sigmoid before the loss"),
    "no zero_grad": ((_ZERO, ""), None),
    "first layer kept": ((_FIRST, "self.act(self.first(x))"), "first layer kept"),
    "no dropout": (("nn.Dropout(dropout)", "nn.Identity()"), "dropout off"),
    "always on": (("nn.Dropout(dropout)", _ALWAYS), "dropout always on"),
    "output dropped": ((_LAST, f"self.drop({_LAST})"), "output dropped"),
    "small weights": ((_LAYER, _SMALL), "0.01 randn weights"),
    "no bias": ((_LAYER, _LAYER.replace("n_classes)", "n_classes, bias=False)")), None),
    "a rate of its own": (("nn.Dropout(dropout)", "nn.Dropout(0.5)"), None),
    "normalised batches": (
        (_FIRST_LAYER, _FIRST_LAYER.replace("nn.", "nn.Sequential(nn.").replace(
            "size)\n", "size), nn.BatchNorm1d(hidden_size))\n")), None,
    ),
    "a plain list": ((_LAYERS, _PLAIN), None),
    "in evaluation": ((_ZERO, f"    model.eval()\n{_ZERO}"), None),
    "the batch's sum": ((_TOLD, f"{_TOLD} * len(y)"), None),
}  # fmt: skip
NETWORK, REGRESSION = {"2.2a"}, {"2.1"}
BOTH = NETWORK | REGRESSION
WRONG_PARTS = {
    "a softmax": REGRESSION, "a sigmoid": REGRESSION, "small weights": REGRESSION,
    "no bias": REGRESSION, "no zero_grad": BOTH, "the batch's sum": BOTH,
}  # fmt: skip

needs_torch = pytest.mark.skipif(
    importlib.util.find_spec("torch") is None, reason="PyTorch is not installed"
)


def changed(*changes: tuple[str, str]) -> str:
    text = TORCH
    for line, other in filter(None, changes):
        assert text.count(line) == 1, line
        text = text.replace(line, other)
    return text


@needs_torch
@pytest.mark.parametrize("how", RIGHT)
def test_right(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = driven(changed(*RIGHT[how]), monkeypatch)
    assert {part: one.verdict for part, one in found.items()} == {"2.1": "right", "2.2a": "right"}


@needs_torch
@pytest.mark.parametrize("mistake", TORCH_MISTAKES)
def test_wrong_in_one_line(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    change, key = TORCH_MISTAKES[mistake]
    found = wrong_of(driven(changed(change), monkeypatch))
    assert found == dict.fromkeys(WRONG_PARTS.get(mistake, NETWORK), key)


@needs_torch
def test_what_gives_no_scores_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    found = driven(changed((_LAST, f"({_LAST}, x)")), monkeypatch)
    assert found["2.1"].verdict == "right"
    assert found["2.2a"].verdict == "untested"
    assert "forward gives a tuple" in found["2.2a"].deciding.says


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="PyTorch is installed")
def test_without_pytorch_one_line_says_so(tmp_path: Path, capsys) -> None:
    (tmp_path / "hw1-q2.py").write_text(TORCH)
    said = assert_refused(main, ["--script", tmp_path / "hw1-q2.py"], capsys, ExitCode.BAD_DATA)
    assert "needs the module torch" in said
