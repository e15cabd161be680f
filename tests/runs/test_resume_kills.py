"""Runs killed at any of their file operations and resumed: bit for bit what they would have been.

What SIGKILL leaves is what lies on the disk at that instant. One run is therefore watched: before
each of its file operations its folder is copied, and every copy is a run that was killed there.
"""

import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from run_bits import bits
from silent import Silent, StopAt, StoppedError

from experiments.configs.q1 import Q1Config
from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Dataset
from experiments.runs import checkpoint
from experiments.runs.figures import tidy
from experiments.runs.folder import RunFolder
from experiments.runs.records import EpochRecord
from experiments.training.describe import describe
from experiments.training.q1.models import make_model
from experiments.training.q1.session import train_run
from experiments.training.q1.trainer import ScratchTrainer
from experiments.training.q2.programs import Programs
from experiments.training.q2.session import train_group

# How a program is optimized decides what its bits are, not whether they are the same again.
pytestmark = pytest.mark.usefixtures("quick_to_compile")

POINTS = 7
EPOCHS = 4
Train = Callable[[Path, bool], list[Path]]

Q1 = [
    Q1Config("perceptron", epochs=EPOCHS),
    Q1Config("logistic_regression", epochs=EPOCHS, l2_penalty=0.1),
    Q1Config("mlp", epochs=EPOCHS, hidden_size=3),
]
SMALL = {"epochs": EPOCHS, "batch_size": 32, "hidden_size": 4}
Q2 = {
    "logistic": [Q2Config("logistic_regression", epochs=EPOCHS, batch_size=32)],
    "mlp": [Q2Config("mlp", **SMALL)],
    "momentum": [Q2Config("mlp", **SMALL, momentum=0.9)],
    "adam": [Q2Config("mlp", **SMALL, optimizer="adam")],
    "side by side": [Q2Config("mlp", **SMALL, momentum=m, l2_decay=0.01) for m in (0.5, 0.9)],
}


@pytest.fixture(autouse=True)
def _a_checkpoint_after_every_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "MAX_TIME_SHARE", float("inf"))


class Watch:
    """Copies a folder before every operation on files."""

    def __init__(self, patch: pytest.MonkeyPatch, out: Path, copies: Path) -> None:
        self.out, self.copies, self.count = out, copies, 0
        for owner, name in ((Path, "replace"), (Path, "unlink"), (Path, "mkdir"), (Path, "open")):
            patch.setattr(owner, name, self._before(getattr(owner, name)))
        patch.setattr(RunFolder, "add_epoch", self._tearing(RunFolder.add_epoch))
        self._busy = False

    def copy(self) -> Path | None:
        if self._busy or not self.out.exists():
            return None
        self._busy = True
        self.count += 1
        target = self.copies / str(self.count)
        shutil.copytree(self.out, target)
        self._busy = False
        return target

    def _before(self, method: Callable[..., object]) -> Callable[..., object]:
        def watched(path: Path, *arguments: object, **named: object) -> object:
            self.copy()
            return method(path, *arguments, **named)

        return watched

    def _tearing(self, add: Callable[..., None]) -> Callable[..., None]:
        """Kill while a line is being written, too: half of it is there."""

        def watched(folder: RunFolder, record: EpochRecord) -> None:
            if (copied := self.copy()) is not None:
                (metrics,) = copied.glob("*/metrics.jsonl") if self.single else [None]
                if metrics is not None:
                    half = json.dumps(record)[: 1 + self.count]
                    metrics.write_text(metrics.read_text() + half)
            add(folder, record)

        return watched

    @property
    def single(self) -> bool:
        return len(list(self.out.iterdir())) == 1


def killed_everywhere(train: Train, tmp_path: Path, patch: pytest.MonkeyPatch, seed: int) -> int:
    """Resume a run from randomly chosen ones of its kill points; how many there were to choose."""
    out, copies = tmp_path / "out", tmp_path / "copies"
    out.mkdir()
    copies.mkdir()
    with patch.context() as inner:
        watch = Watch(inner, out, copies)
        wanted = [bits(folder) for folder in train(out, False)]
    for number in random.Random(seed).sample(range(1, watch.count + 1), POINTS):
        folders = train(copies / str(number), True)
        assert [bits(folder) for folder in folders] == wanted, number
        for folder in folders:
            tidy(folder)  # as every command does once a run is finished: a dead process's lock
            left = {file.name for file in folder.iterdir()}
            assert left == {"config.json", "metrics.jsonl", "summary.json", "weights.npz"}, number
    return watch.count


@pytest.mark.parametrize("config", Q1, ids=lambda config: config.model)
def test_question_1(
    config: Q1Config, tiny_data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def train(parent: Path, resume: bool) -> list[Path]:
        done = list(parent.glob("*/summary.json"))
        if done:  # the command asks for finished runs first
            return [done[0].parent]
        return [train_run(config, tiny_data, parent, Silent(), resume=resume)]

    assert killed_everywhere(train, tmp_path, monkeypatch, 1) > 3 * EPOCHS


@pytest.fixture(scope="module")
def programs_of(tiny_data: Dataset) -> Iterator[Callable[[str], Programs]]:
    made: dict[str, Programs] = {}

    def programs(how: str) -> Programs:
        return made.setdefault(how, Programs(tiny_data, how))  # type: ignore[arg-type]

    yield programs
    made.clear()


@pytest.mark.parametrize("name", Q2)
def test_question_2(
    name: str,
    programs_of: Callable[[str], Programs],
    tiny_data: Dataset,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    configs = Q2[name]
    programs = programs_of("vmap" if len(configs) > 1 else "sequential")
    labels = [config.slug for config in configs]

    def train(parent: Path, resume: bool) -> list[Path]:
        done = {
            json.loads(file.read_text())["config"]["momentum"]: file.parent
            for file in parent.glob("*/summary.json")
        }
        left = [config for config in configs if config.momentum not in done]
        if left:
            folders = train_group(
                left, labels[: len(left)], tiny_data, programs, parent, Silent(), resume=resume
            )
            done |= zip([config.momentum for config in left], folders, strict=True)
        return [done[config.momentum] for config in configs]

    assert killed_everywhere(train, tmp_path, monkeypatch, 2) > 3 * EPOCHS


def test_a_state_that_is_not_the_right_one_is_noticed(tiny_data: Dataset, tmp_path: Path) -> None:
    """The comparison sees one number of the generator's state."""
    config = Q1[1]
    folders = []
    for changed in (False, True):
        parent = tmp_path / str(changed)
        parent.mkdir()
        with pytest.raises(StoppedError):
            train_run(config, tiny_data, parent, StopAt("Training epoch", 3))
        if changed:
            (folder,) = parent.iterdir()
            held = checkpoint.Checkpoints(folder, describe(config, tiny_data))
            trainer = ScratchTrainer(config, tiny_data, make_model(config, 6))
            state = held.read(held.epochs()[0], trainer.arrays()[0])
            state.arrays["generator.key"][:] = np.roll(state.arrays["generator.key"], 1)
            held.save(state)
        folders.append(train_run(config, tiny_data, parent, Silent(), resume=True))
    assert bits(folders[0]) != bits(folders[1])
