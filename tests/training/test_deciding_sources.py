"""Which sources decide a run: those that can change its numbers, found from the imports."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from experiments.configs.q1 import MODELS, Q1Config
from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Dataset
from experiments.data.shards.cut import cut
from experiments.environment.sources import ROOT, deciding_files, sources_hash
from experiments.training.describe import deciding, describe

RUNS = {
    "perceptron": Q1Config("perceptron"),
    "logistic": Q1Config("logistic_regression"),
    "mlp": Q1Config("mlp"),
    "jax": Q2Config("mlp"),
    "jax from shards": Q2Config("mlp"),
}


@pytest.fixture(scope="module")
def roots(
    tiny_data: Dataset, tiny_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[str]]:
    shards = cut(tiny_file, tmp_path_factory.mktemp("cut") / "shards")
    return {name: deciding(RUNS[name], shards if "shards" in name else tiny_data) for name in RUNS}


CHANGES = {
    "scratch/lasso.py": set(),
    "scratch/perceptron.py": {"perceptron", "logistic"},  # whose first weights and scores it has
    "scratch/logistic_regression.py": {"logistic"},
    "scratch/softmax.py": {"logistic", "mlp"},
    "scratch/mlp.py": {"mlp"},
    "scratch/training.py": {"perceptron", "logistic", "mlp"},
    "scratch/block_sgd.py": {"perceptron", "logistic", "mlp"},
    "jaxmodels/quadratic.py": set(),
    "jaxmodels/sharding.py": {"jax", "jax from shards"},
    "jaxmodels/sweep.py": {"jax", "jax from shards"},
    "jaxmodels/optimizers.py": {"jax", "jax from shards"},
    "experiments/training/q2/programs.py": {"jax", "jax from shards"},
    "experiments/training/q2/streaming.py": {"jax from shards"},
    "experiments/training/q2/blocks.py": {"jax from shards"},
    "experiments/training/q2/session.py": set(),
    "experiments/training/loop.py": set(),
    "experiments/plots/run.py": set(),
}


@pytest.fixture(scope="module")
def before(roots: dict[str, list[str]]) -> dict[str, str]:
    return {name: sources_hash(*each) for name, each in roots.items()}


@pytest.mark.parametrize("file", CHANGES)
def test_a_change_invalidates_what_it_can_change(
    file: str, roots: dict[str, list[str]], before: dict[str, str], tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    for package in ("scratch", "jaxmodels", "analysis", "experiments"):
        shutil.copytree(ROOT / package, copy / package, ignore=lambda _, names: set(names) & SKIP)
    (copy / file).write_text((copy / file).read_text() + "# one word more\n")
    hashes = {name: sources_hash.__wrapped__(*each, root=copy) for name, each in roots.items()}
    assert {name for name in RUNS if hashes[name] != before[name]} == CHANGES[file]


SKIP = {"__pycache__", "synthetic", "report", "checking"}


def test_every_model_of_question_1_has_a_function_that_makes_it(tiny_data: Dataset) -> None:
    """From there its sources are found; a name that is none would find nothing of it."""
    for model in MODELS:
        files = deciding_files(*deciding(Q1Config(model), tiny_data))
        assert ROOT / "scratch" / f"{model}.py" in files


def test_what_a_name_uses_is_followed_and_nothing_else(tmp_path: Path) -> None:
    package = tmp_path / "scratch"
    package.mkdir()
    modules = {
        "a": "from scratch import b\nfrom scratch.c import Wide, narrow as n\n\n"
        "def first():\n    return b.x\n\ndef second():\n    return third()\n\n"
        "def third():\n    from scratch.d import late\n    return late + n()\n",
        "b": "import os\nx = 1\n",
        "c": "from scratch.e import E\n\ndef narrow():\n    pass\n\nclass Wide:\n    y: E = E()\n",
        "d": "late = 1\n",
        "e": "class E:\n    pass\n",
    }
    for name, text in modules.items():
        (package / f"{name}.py").write_text(text)

    def reached(*roots: str) -> str:
        return "".join(file.stem for file in deciding_files(*roots, root=tmp_path))

    assert reached("scratch.a:first") == "ab"
    assert reached("scratch.a:second") == "acd"
    assert reached("scratch.a:first", "scratch.a:second") == "abcd"
    assert reached("scratch.c:Wide") == "ce"
    assert reached("scratch.a") == "abcd"


def test_a_description_holds_the_hash_of_its_own_sources(tiny_data: Dataset) -> None:
    hashes = {model: describe(Q1Config(model), tiny_data)["sources_sha256"] for model in MODELS}
    assert len(set(hashes.values())) == len(MODELS)
    longer = describe(replace(RUNS["mlp"], epochs=3), tiny_data)
    assert longer["sources_sha256"] == hashes["mlp"]
