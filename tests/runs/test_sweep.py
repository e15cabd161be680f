"""Configurations of a sweep, its summary, its curves: on numbers one can check by eye."""

import json
from pathlib import Path

import numpy as np
import pytest

from experiments.cli.errors import ExitCode, RunFolderError, UsageError
from experiments.configs.q2 import Q2Config, expand, varied
from experiments.data.dataset import SPLITS
from experiments.plot import main as plot
from experiments.plots.compare import compare
from experiments.plots.over_seeds import band, loss_curves
from experiments.runs.folder import RunFolder, new_folder
from experiments.runs.reader import Run
from experiments.runs.sweep import (
    choose,
    group_by_configuration,
    row,
    sweep_rows,
    table,
)

Losses = list[float | None]


def made_up(
    parent: Path, config: Q2Config, losses: Losses, val: float, command: str = "hw1-q2"
) -> Run:
    """A finished run with given numbers."""
    about = {
        "command": command,
        "config": config.as_dict(),
        "data": {"class_names": ["one"], "sha256": "0" * 64},
        "sources_sha256": "0",
    }
    folder = RunFolder(new_folder(parent, config.slug), about)
    tally = {"correct": round(10 * val), "total": 10, "accuracy": val}
    for number, loss in enumerate(losses, 1):
        measured = {**tally, "loss": loss}
        folder.add_epoch({"epoch": number, "loss": loss, "val": measured})
    shares = {split: {**tally, "loss": losses[-1]} for split in SPLITS}
    summary = {
        "model": config.model,
        "seed": config.seed,
        "synthetic": False,
        "final": {**shares, "loss": losses[-1]},
        "confusion": {"test": [[1]]},
        "diverged_at_epoch": len(losses) if losses[-1] is None else None,
        "seconds": 10.0 * config.seed,
        **about,
    }
    folder.write_results(summary, {"w": np.zeros(1)})
    folder.mark_finished()
    return Run(folder.path)


@pytest.fixture
def runs(tmp_path: Path) -> list[Run]:
    """Two rates, two seeds each; the larger rate is better, where it does not diverge."""
    return [
        made_up(tmp_path, Q2Config("mlp", learning_rate=rate, seed=seed), losses, val)
        for rate, seed, losses, val in (
            (0.1, 1, [2.0, 1.0], 0.5),
            (0.1, 2, [4.0, 2.0], 0.7),
            (0.9, 1, [1.0, 0.5], 0.9),
            (0.9, 2, [None], 0.8),
        )
    ]


def test_expansion_is_the_product_with_seeds_in_a_row() -> None:
    given = {"batch_size": [64, 512], "dropout": [0.1, 0.5, 0.1]}
    configs = expand("mlp", given, range(7, 9))
    assert [(c.batch_size, c.dropout, c.seed) for c in configs] == [
        (size, rate, seed) for size in (64, 512) for rate in (0.1, 0.5) for seed in (7, 8)
    ]
    assert len({c.slug for c in configs}) == len(configs)
    assert varied(given) == ("batch_size", "dropout")
    assert varied({"dropout": [0.1, 0.1]}) == ()


def test_the_assignments_defaults() -> None:
    assert Q2Config("mlp").as_dict() == {
        "model": "mlp",
        "epochs": 200,
        "batch_size": 64,
        "hidden_size": 200,
        "layers": 2,
        "learning_rate": 0.002,
        "l2_decay": 0.0,
        "dropout": 0.3,
        "momentum": 0.0,
        "activation": "relu",
        "optimizer": "sgd",
        "seed": 42,
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("model", "perceptron"),
        ("layers", 0),
        ("layers", 1.0),
        ("dropout", 1.0),
        ("momentum", -0.1),
        ("learning_rate", float("inf")),
        ("activation", "gelu"),
        ("optimizer", "lion"),
        ("batch_size", True),
        ("seed", -1),
    ],
    ids=str,
)
def test_a_config_checks_itself(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=field) as caught:
        Q2Config(**({"model": "mlp"} | {field: value}))
    assert repr(value) in str(caught.value)


def test_a_slug_names_what_differs_and_has_an_effect() -> None:
    assert Q2Config("mlp").slug == "mlp-e200-b64-lr0.002-s42"
    assert Q2Config("mlp", dropout=0.25, momentum=0.9).slug == "mlp-e200-b64-lr0.002-d0.25-m0.9-s42"
    assert Q2Config("logistic_regression", dropout=0.25).slug == (
        "logistic_regression-e200-b64-lr0.002-s42"
    )
    assert Q2Config("mlp", optimizer="adam", momentum=0.9).slug == "mlp-e200-b64-lr0.002-adam-s42"


def test_a_row_is_mean_and_deviation_over_seeds(runs: list[Run]) -> None:
    groups = group_by_configuration(runs)
    assert [[run.summary["seed"] for run in group] for group in groups] == [[1, 2], [1, 2]]
    first, second = sweep_rows(groups, ["learning_rate"])
    assert (first["label"], second["label"]) == ("rate 0.1", "rate 0.9")
    assert second["values"] == {"learning_rate": 0.9}
    assert first["val"] == {"mean": 0.6, "sd": pytest.approx(0.02**0.5), "n": 2}
    assert first["seconds"]["mean"] == 15
    assert first["diverged"] == []
    assert second["diverged"] == [2]
    assert second["val_loss"] == {"mean": 0.5, "sd": None, "n": 1}


def test_the_best_is_chosen_by_validation_among_those_that_converge(runs: list[Run]) -> None:
    rows = sweep_rows(group_by_configuration(runs))
    assert choose(rows) is rows[0]
    assert choose([entry | {"diverged": []} for entry in rows])["label"] == "rate 0.9"
    misled = [entry | {"test": {"mean": -number}} for number, entry in enumerate(rows)]
    assert choose(misled[::-1])["label"] == "rate 0.1"


def test_the_table_fits_80_columns(runs: list[Run]) -> None:
    rows = sweep_rows(group_by_configuration(runs))
    assert table(rows)[3] == "diverged with seed 2: rate 0.9"
    rows[0]["label"] = ", ".join(f"setting number {k}" for k in range(5))
    lines = table(rows)
    assert max(map(len, lines)) < 80
    assert "0.6000 (0.1414)" in lines[1]
    assert all(f"number {k}" in "".join(lines) for k in range(5))  # broken into lines, not cut


def test_the_band_is_mean_and_deviation_by_epoch() -> None:
    mean, deviation = band([[1.0, 2.0, 4.0], [3.0, 2.0], [5.0, None]])
    np.testing.assert_allclose(mean, [3, 2, 4])
    np.testing.assert_allclose(deviation, [2, 0, 0])
    ended, _ = band([[1.0, None], [2.0, None]])
    np.testing.assert_array_equal(ended, [1.5, np.nan])


def test_the_figure_shows_every_configuration_twice(runs: list[Run]) -> None:
    groups = group_by_configuration(runs)
    figure = loss_curves(groups, ["slow", "fast"], "what they share")
    train, val = figure.axes
    for axes in (train, val):
        assert [line.get_label() for line in axes.lines] == ["slow", "fast"]
        assert len({line.get_color() for line in axes.lines}) == 2
        assert len({line.get_linestyle() for line in axes.lines}) == 2
        assert len(axes.collections) == 2
        np.testing.assert_allclose(axes.lines[0].get_ydata(), [3.0, 1.5])
    assert train.get_ylim() == val.get_ylim()
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["slow", "fast"]


def test_plot_compares_runs_of_question_2(runs: list[Run], tmp_path: Path, capsys) -> None:
    output = tmp_path / "compare.svg"
    code = plot(["compare", *(str(run.path) for run in runs), "-o", str(output)])
    out = capsys.readouterr().out.splitlines()
    assert code == ExitCode.DONE
    assert out[-1] == str(output)
    assert output.stat().st_size > 5000
    assert [line.split()[1] for line in out[1:3]] == ["0.1", "0.9"]


def test_plot_refuses_to_mix_questions(runs: list[Run], tmp_path: Path) -> None:
    other = made_up(tmp_path, Q2Config("mlp", seed=9), [1.0], 0.5, "hw1-q1")
    with pytest.raises(UsageError, match="hw1-q1 and hw1-q2"):
        compare([runs[0], other])


@pytest.mark.parametrize("missing", ["seconds", "final"])
def test_a_summary_without_a_number_is_named(missing: str, runs: list[Run]) -> None:
    path = runs[0].path / "summary.json"
    summary = json.loads(path.read_text())
    if missing == "final":
        del summary["final"]["loss"]
    else:
        del summary[missing]
    path.write_text(json.dumps(summary))
    with pytest.raises(RunFolderError, match=r"summary\.json: got no"):
        row([Run(runs[0].path)], "", [])
