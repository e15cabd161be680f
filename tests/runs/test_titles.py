"""Figures and tables call runs by what differs: no two different runs have one title."""

from dataclasses import replace
from pathlib import Path

import pytest
from made_runs import PARTS, make_run

from experiments.cli.errors import RunFolderError
from experiments.configs.q2 import Q2Config
from experiments.plots import run as of_run
from experiments.plots.compare import compare
from experiments.runs.reader import Run
from experiments.runs.sweep import group_by_configuration, sweep_rows, table
from experiments.runs.titles import configuration, run_labels, shared_heading, title


def made(parent: Path, part: str, value: object = None, **options: object) -> Run:
    parent.mkdir(exist_ok=True)
    return Run(make_run(parent, part, value, options.pop("seed", 42), 0.5, **options))


@pytest.mark.parametrize("part", PARTS)
def test_no_two_figures_have_one_title(part: str, tmp_path: Path) -> None:
    """Each value of the part, another seed, another file, another number of epochs."""
    options = [{}, {"seed": 43}, {"sha256": "a" * 64}, {"config": {"epochs": 7}}]
    runs = [
        made(tmp_path / f"{number}-{value}", part, value, **dict(option))
        for value in PARTS[part].values
        for number, option in enumerate(options)
    ]
    figures = [(of_run.losses if part[0] == "2" else of_run.accuracies)(run) for run in runs]
    titles = [figure.axes[0].get_title("left").replace("\n", " ") for figure in figures]
    assert len(set(titles)) == len(runs)
    assert all("made up" in text and "0.5000" in text for text in titles)


def test_the_three_figures_of_2_2b(tmp_path: Path) -> None:
    titles = [title(made(tmp_path, "2.2b", value)) for value in PARTS["2.2b"].values]
    assert titles == [
        f"mlp (JAX), dropout {value}, seed 42; made up 718ad497, test 0.5000"
        for value in (0.01, 0.25, 0.5)
    ]


def test_a_sweep_over_three_flags_has_eight_readable_rows(tmp_path: Path) -> None:
    flags = {"learning_rate": (0.001, 0.0005), "batch_size": (64, 1024), "dropout": (0.25, 0.75)}
    runs = [
        made(
            tmp_path / str(number),
            "2.2a",
            64,
            config={
                name: values[number >> k & 1] for k, (name, values) in enumerate(flags.items())
            },
        )
        for number in range(8)
    ]
    rows = sweep_rows(group_by_configuration(runs), list(flags))
    assert len({entry["label"] for entry in rows}) == 8
    lines = table(rows)
    assert "..." not in "".join(lines)
    assert max(map(len, lines)) < 80
    for entry in rows:
        for name, word in (("learning_rate", "rate"), ("batch_size", "batch"), ("dropout",) * 2):
            assert f"{word} {entry['values'][name]:g}" in entry["label"]
    assert shared_heading(runs) == "mlp (JAX), seed 42; made up 718ad497"


@pytest.mark.parametrize("part", ["1.2a", "2.2a"])
def test_data_tell_runs_apart(part: str, tmp_path: Path) -> None:
    """The same settings on other data are another configuration, not another seed of one."""
    value = PARTS[part].values[0]
    here = made(tmp_path / "a", part, value)
    there = made(tmp_path / "b", part, value, sha256="b" * 64, synthetic=True, seed=43)
    figure, lines = compare([here, there])
    words = " ".join(text.get_text() for text in figure.findobj(lambda o: hasattr(o, "get_text")))
    for text in (words, " ".join(lines)):
        assert "718ad497" in text
        assert "bbbbbbbb" in text
    assert "SYNTHETIC" in words
    assert ("partly SYNTHETIC" in words) == (part == "2.2a")  # 1.2a's panels are marked each


@pytest.mark.parametrize(
    ("sources", "labels"),
    [("aa", ["rate 1"] * 2), ("ab", ["rate 1, sources a", "rate 1, sources b"])],
    ids=["equal runs", "of other sources"],
)
def test_sources_tell_runs_apart_where_they_differ(
    sources: str, labels: list[str], tmp_path: Path
) -> None:
    rates = [{"config": {"learning_rate": rate}} for rate in (1.0, 1.0, 2.0)]
    runs = [made(tmp_path / str(k), "1.2a", **dict(rate)) for k, rate in enumerate(rates)]
    about = [
        dict(run.config, sources_sha256=own) for run, own in zip(runs, sources + "c", strict=True)
    ]
    described = [
        (configuration(run.path, run.config), one) for run, one in zip(runs, about, strict=True)
    ]
    assert run_labels(described) == [*labels, "rate 2"]


def test_each_synthetic_panel_is_marked(tmp_path: Path) -> None:
    runs = [
        made(tmp_path / str(k), "1.2a", seed=k, synthetic=k % 2 == 0, sha256=f"{k % 2}" * 64)
        for k in range(6)
    ]
    figure, lines = compare(runs)
    above = [axes for axes in figure.axes if axes.get_title("left")]
    assert len(above) == 6
    for k, axes in enumerate(above):
        assert ("SYNTHETIC" in axes.get_title("left")) == (k % 2 == 0)
        assert not axes.texts  # it would cover the curves
    assert len(lines) == 7
    assert len({axes.get_ylim() for axes in above}) == 1


def test_a_configuration_that_is_none_is_named(tmp_path: Path) -> None:
    run = made(tmp_path, "2.2a", 64)
    assert configuration(run.path, run.config) == replace(Q2Config("mlp"), batch_size=64)
    with pytest.raises(RunFolderError, match=r"config\.json: got no configuration"):
        configuration(run.path, run.config | {"config": {"model": "mlp", "dropout": 2}})
    with pytest.raises(RunFolderError, match="got a run of hw1-q1 lasso path"):
        configuration(run.path, run.config | {"command": "hw1-q1 lasso path"})
