"""Which runs share a program, on which devices, and what their last bits depend on."""

import pytest

from experiments.cli.errors import UsageError
from experiments.configs.q1 import TRAITS, Q1Config
from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Dataset
from experiments.training.q1.models import MODELS, make_model
from experiments.training.q2.programs import Programs
from experiments.training.q2.session import make_programs

CONFIGS = [
    Q2Config("mlp", dropout=0.1),
    Q2Config("mlp", batch_size=32),
    Q2Config("mlp", momentum=0.9, seed=7),
]


def test_one_device_trains_runs_in_turn_or_side_by_side(tiny_data: Dataset) -> None:
    in_turn, together = Programs(tiny_data, "sequential"), Programs(tiny_data, "vmap")
    assert in_turn.groups(CONFIGS) == [[config] for config in CONFIGS]
    assert together.groups(CONFIGS) == [[CONFIGS[0], CONFIGS[2]], [CONFIGS[1]]]
    assert in_turn.beside(CONFIGS[:1]) == []
    assert together.beside(CONFIGS[:1]) == [CONFIGS[0].slug]


def test_several_devices_share_what_they_can(tiny_data: Dataset) -> None:
    programs = Programs(tiny_data, "sequential", devices=4)
    assert programs.groups(CONFIGS) == [[CONFIGS[0], CONFIGS[2]], [CONFIGS[1]]]
    three = [CONFIGS[1]] * 3
    assert programs.beside(three)[-1] == "3 by 1 devices"
    several = Programs(tiny_data, devices=4, processes=2)
    assert several.beside(three)[-1] == "2 by 2 devices of 2 processes"  # none is left out


def test_momentum_is_compiled_where_one_run_has_some(tiny_data: Dataset) -> None:
    programs = Programs(tiny_data)
    assert programs.spec(CONFIGS[:1]).optimizer == "plain_sgd"
    assert programs.spec([CONFIGS[0], CONFIGS[2]]).optimizer == "sgd"
    assert programs.spec([Q2Config("mlp", optimizer="adam")]).optimizer == "adam"


def test_more_devices_than_there_are_is_refused(tiny_data: Dataset) -> None:
    with pytest.raises(UsageError, match="--devices: got 1000, expected at most"):
        make_programs(tiny_data, 1000)


def test_every_model_of_question_1_says_what_it_is() -> None:
    """A model that is added without its traits fails here, and is never taken for another."""
    assert set(TRAITS) == set(MODELS)
    assert [m for m in TRAITS if not Q1Config(m).probabilistic] == ["perceptron"]
    config = Q1Config("mlp")
    object.__setattr__(config, "model", "svm")
    for use in (lambda: config.probabilistic, lambda: make_model(config, 6)):
        with pytest.raises(KeyError, match="svm"):
            use()
