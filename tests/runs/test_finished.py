"""Reuse: the same run is found whoever trained it, another one never, a damaged one is named."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from silent import Silent

from experiments.cli.errors import RunFolderError
from experiments.configs.q1 import Q1Config
from experiments.data.dataset import Dataset
from experiments.reproduction.work import find_runs
from experiments.runs.resume import FinishedRuns, check
from experiments.training.describe import describe
from experiments.training.q1.session import train_run

CONFIG = Q1Config("logistic_regression", epochs=2)


@pytest.fixture
def folder(tiny_data: Dataset, tmp_path: Path) -> Path:
    return train_run(CONFIG, tiny_data, tmp_path, Silent())


def edit(file: Path, **fields: object) -> None:
    file.write_text(json.dumps(json.loads(file.read_text()) | fields))


def test_found_wherever_its_data_lay_and_whatever_its_folder_is_called(
    folder: Path, tiny_data: Dataset
) -> None:
    moved = folder.rename(folder.with_name("renamed"))
    elsewhere = replace(tiny_data, name="another name", source="another/path.npz")
    assert FinishedRuns(moved.parent).find(describe(CONFIG, elsewhere)) == moved


OTHERS = {
    "epochs": replace(CONFIG, epochs=3),
    "seed": replace(CONFIG, seed=43),
    "penalty": replace(CONFIG, l2_penalty=0.01),
    "model": replace(CONFIG, model="perceptron"),
}


@pytest.mark.parametrize("config", OTHERS.values(), ids=OTHERS)
def test_another_configuration_is_not_taken(folder, tiny_data: Dataset, config: Q1Config) -> None:
    assert FinishedRuns(folder.parent).find(describe(config, tiny_data)) is None


def test_other_data_are_not_taken(folder: Path, tiny_data: Dataset) -> None:
    other = replace(tiny_data, sha256="1" * 64)
    assert FinishedRuns(folder.parent).find(describe(CONFIG, other)) is None


@pytest.mark.parametrize("field", ["sources_sha256", "command"])
def test_other_sources_and_commands_are_not_taken(folder, tiny_data: Dataset, field: str) -> None:
    description = describe(CONFIG, tiny_data) | {field: "changed"}
    assert FinishedRuns(folder.parent).find(description) is None


def test_data_without_a_hash_are_never_the_same(folder: Path, tiny_data: Dataset) -> None:
    for file in ("config.json", "summary.json"):
        edit(folder / file, data={"sha256": ""})
    description = describe(CONFIG, replace(tiny_data, sha256=""))
    assert FinishedRuns(folder.parent).find(description) is None


def test_an_unfinished_run_is_passed_over_in_silence(folder: Path, tiny_data: Dataset) -> None:
    (folder / "summary.json").unlink()
    warnings: list[str] = []
    assert FinishedRuns(folder.parent, warnings.append).find(describe(CONFIG, tiny_data)) is None
    assert warnings == []


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-20])


def drop_an_epoch(file: Path) -> None:
    file.write_text(file.read_text().splitlines(keepends=True)[0])


def flip_a_byte(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def put_nan(file: Path) -> None:
    np.savez(file, W=np.full((6, 6913), np.nan))


DAMAGE = {
    "config cut": ("config.json", cut),
    "config a list": ("config.json", lambda file: file.write_text("[]")),
    "config of a later format": ("config.json", lambda file: edit(file, format=2)),
    "config without a data hash": ("config.json", lambda file: edit(file, data={})),
    "summary cut": ("summary.json", cut),
    "summary of another run": ("summary.json", lambda f: edit(f, config={"epochs": 2})),
    "summary without accuracy": ("summary.json", lambda f: edit(f, final={})),
    "metrics cut": ("metrics.jsonl", cut),
    "an epoch lost": ("metrics.jsonl", drop_an_epoch),
    "metrics lost": ("metrics.jsonl", Path.unlink),
    "weights lost": ("weights.npz", Path.unlink),
    "weights cut": ("weights.npz", cut),
    "weights with a byte flipped": ("weights.npz", flip_a_byte),
    "weights not finite": ("weights.npz", put_nan),
}


@pytest.mark.parametrize(("name", "damage"), DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_run_is_named_and_left_alone(
    folder: Path, tiny_data: Dataset, name: str, damage
) -> None:
    damage(folder / name)
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    warnings: list[str] = []
    assert find_runs([CONFIG], tiny_data, folder.parent, warnings.append) == {}
    assert len(warnings) == 1
    assert str(folder / name) in warnings[0]
    assert "reused" in warnings[0]
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_a_whole_one_is_taken_in_place_of_a_damaged_one(folder: Path, tiny_data: Dataset) -> None:
    again = train_run(CONFIG, tiny_data, folder.parent, Silent())
    cut(folder / "weights.npz")
    assert FinishedRuns(folder.parent).find(describe(CONFIG, tiny_data)) == again


def test_a_diverged_run_is_whole(tiny_data: Dataset, tmp_path: Path) -> None:
    config = Q1Config("mlp", epochs=5, hidden_size=3, learning_rate=1e200)
    folder = train_run(config, tiny_data, tmp_path, Silent())
    run = check(folder, describe(config, tiny_data))
    assert run.summary["diverged_at_epoch"] == 1
    edit(folder / "summary.json", diverged_at_epoch=None)
    with pytest.raises(RunFolderError, match="expected the epochs 1 to 5"):
        check(folder, describe(config, tiny_data))
