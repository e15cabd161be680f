"""Numbers that pages quote are those of the published results and of the code."""

import json
import re
import statistics
import tomllib
from pathlib import Path
from typing import Any

import pytest
from oracles import handed_in

from experiments.checking.catalogue.mistakes import MISTAKES
from experiments.plots.compare import MAX_CURVES, MAX_PANELS
from experiments.process_group.connect import CONNECT_SECONDS, HEARTBEAT_SECONDS
from experiments.q2 import MAX_RUNS
from jaxmodels.sharding import MIN_EXAMPLES_PER_DEVICE

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "results" / "photographs"
RESULTS = json.loads((PUBLISHED / "results.json").read_text(encoding="utf-8"))
RUN = "logistic_regression-e100-lr0.001-l2_0.01-s42-718ad497"
LUCK = "docs/notebooks/07-sweeps-seeds-and-luck.ipynb"


def configurations(*parts: str) -> list[dict[str, Any]]:
    """What is published of the parts' configurations, each over its seeds."""
    return [it for part in parts for it in RESULTS["parts"][part]["configurations"]]


def val_accuracy(part: str, value: float) -> tuple[str, str]:
    """Mean and deviation of a configuration's validation accuracy, as the notebooks write them."""
    (found,) = (it["accuracy"]["val"] for it in configurations(part) if it["value"] == value)
    return f"{found['mean']:.3f}", f"{found['sd']:.3f}"


def epoch_lines() -> str:
    """A run of 1.2b as README shows it: the first epoch, dots, the last one."""
    lines = (PUBLISHED / "runs" / RUN / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    first, last = (
        f"Training epoch {it['epoch']} train acc: {it['train']['accuracy']:.4f} | val acc: "
        f"{it['val']['accuracy']:.4f} | W norm: {it['weight_norm']:.4f}"
        for it in (json.loads(lines[0]), json.loads(lines[-1]))
    )
    return f"{first} ... {last}"


def median_times(*parts: str) -> list[float]:
    """The median seconds of a run, of each configuration."""
    return [statistics.median(it["seconds"]["values"]) for it in configurations(*parts)]


MINUTES = [seconds / 60 for seconds in median_times("2.2a", "2.2b", "2.2c")]
CASES = {name: it["cases"] for name, it in RESULTS["question3"]["claims"].items()}
UNTRAINED = [cases for name, cases in CASES.items() if not name.startswith("descent")]
FIRST_LOSS = configurations("1.3")[0]["train_loss"]["first"]["values"][0]
WEAK, STRONG = val_accuracy("2.2b", 0.25), val_accuracy("2.2b", 0.5)
QUOTED = [
    ("README.md", f"`hw1-q3` checks {len(CASES)} claims"),
    ("README.md", f"those {len(UNTRAINED)} that need no training, over {sum(UNTRAINED):,} cases"),
    ("README.md", epoch_lines()),
    ("README.md", f"-l2_decay 0.01` | {median_times('2.1')[1]:.0f} s a run |"),
    (
        "README.md",
        f"-dropout 0.01 0.25 0.5` | {min(MINUTES):.0f} to {max(MINUTES):.0f} min a run |",
    ),
    (LUCK, f"{WEAK[0]} +- {WEAK[1]} at dropout 0.25 and {STRONG[0]} +- {STRONG[1]} at 0.5"),
    (LUCK, f"{val_accuracy('2.2a', 64)[0]} against {val_accuracy('2.2a', 512)[0]}"),
    ("docs/notebooks/04-mlp-and-backpropagation.ipynb", f"course's data is {FIRST_LOSS:.0f} when"),
    ("docs/notebooks/08-question-3.ipynb", f"`hw1-q3` tries {len(CASES)} claims"),
    ("docs/check.md", f"{len(MISTAKES)} mistakes in all"),
    ("docs/check.md", f"Of {len(handed_in.MISTAKES)} mistakes in a script"),
    ("docs/console.md", f"up to {MAX_PANELS} runs of question 1 or {MAX_CURVES} configurations"),
    ("docs/scaling.md", f"each gets {MIN_EXAMPLES_PER_DEVICE} examples of one"),
    ("docs/scaling.md", f"Processes wait {CONNECT_SECONDS} seconds for each other"),
    ("docs/scaling.md", f"dead after {HEARTBEAT_SECONDS} seconds of silence"),
    ("docs/scaling.md", f"One command takes {MAX_RUNS:,} runs at most"),
]


def words(name: str) -> str:
    """A page in one line; of a notebook, its Markdown cells."""
    text = (ROOT / name).read_text(encoding="utf-8")
    if name.endswith(".ipynb"):
        cells = json.loads(text)["cells"]
        text = "\n".join("".join(it["source"]) for it in cells if it["cell_type"] == "markdown")
    return " ".join(text.split())


@pytest.mark.parametrize(("page", "quoted"), QUOTED)
def test_a_number_is_quoted_as_it_is(page: str, quoted: str) -> None:
    assert quoted in words(page)


def test_the_picture_of_the_rooms_is_the_contract() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    (rooms,) = (it for it in tools["importlinter"]["contracts"] if it["type"] == "layers")
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    drawn = page.partition("-----\n")[2].partition("\n#")[0]
    names = re.findall(r"^ {4}(\w+) +\S", drawn, re.MULTILINE)
    assert names == [name for layer in rooms["layers"][1:] for name in layer.split(" | ")]
