"""Differences of drawn configurations whose truth is known: few signs are settled wrongly."""

import random
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from made_runs import make_part

from experiments.data.dataset import SPLITS
from experiments.report.configurations import SeedValues
from experiments.report.differences import differences
from experiments.report.runs_by_part import RunsByPart

TRIES = 300


def spread(mean: float, seeds: int, drawn: random.Random) -> SeedValues:
    return SeedValues.of([mean + drawn.gauss(0, 0.01) for _ in range(seeds)])


@pytest.mark.parametrize("seeds", [3, 10])
@pytest.mark.parametrize("truth", [-0.15, 0.0, 0.15], ids="{:+}".format)
def test_no_sign_of_the_penaltys_effect_is_settled_wrongly(
    truth: float, seeds: int, tmp_path: Path
) -> None:
    """Train accuracy differs by `truth`, and with it the gap; validation and test do not differ."""
    some = RunsByPart({"1.2a": make_part(tmp_path, "1.2a", {None: [0.4]})})
    (entry,) = some.configurations["1.2a"]
    false = 0
    for seed in range(TRIES):
        drawn = random.Random(seed)
        held, free = (
            replace(
                entry,
                seeds=list(range(seeds)),
                accuracy={
                    split: spread(0.5 + (gain if split == "train" else 0.0), seeds, drawn)
                    for split in SPLITS
                },
                val_late=spread(0.5, seeds, drawn),
            )
            for gain in (truth, 0.0)
        )
        runs = SimpleNamespace(configurations={"1.2b": [held], "1.2a": [free]})
        found = differences(runs, "1.2b")
        for name in ("train", "gap"):
            if truth:
                assert found[name].settled or seeds == 3
                assert not found[name].settled or found[name].estimate * truth > 0
        changed = {"train", "gap"} if truth else set()
        false += any(found[name].settled for name in set(found) - changed)
    # 95 % intervals, corrected for their number: 15 of 300, and three standard deviations.
    assert false <= 26
