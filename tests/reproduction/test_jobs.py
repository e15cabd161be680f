"""The jobs behind `hw1-reproduce`: what is planned, in which order, the time they still take."""

from collections import Counter
from pathlib import Path

import pytest

from experiments.assignment import PRESETS, QUESTIONS
from experiments.cli.errors import UsageError
from experiments.configs.q1 import Q1Config
from experiments.configs.q2 import Q2Config
from experiments.reproduction import training
from experiments.reproduction.estimate import STARTUP, TYPICAL, Estimates, in_words, time_left
from experiments.reproduction.plan import (
    PATH_POINTS,
    Question3,
    Task,
    make_plan,
)
from experiments.reproduction.progress import Progress
from experiments.reproduction.training import make_call, make_jobs


def test_full_preset_is_the_assignments_settings() -> None:
    configs: dict[str, list] = {}
    for task in make_plan("full", ("1", "2"), [42]):
        if isinstance(task.config, (Q1Config, Q2Config)):
            configs.setdefault(task.part, []).append(task.config)
    assert {part: len(made) for part, made in configs.items()} == {
        "1.1a": 1, "1.2a": 1, "1.2b": 1, "1.3": 1, "2.1": 3, "2.2a": 2, "2.2b": 3, "2.2c": 2,
    }  # fmt: skip
    assert [made[0].epochs for made in configs.values()] == [100, 100, 100, 20, 100, 200, 200, 200]
    assert configs["1.2a"] == [Q1Config("logistic_regression", epochs=100)]
    assert configs["1.2b"] == [Q1Config("logistic_regression", epochs=100, l2_penalty=0.01)]
    assert configs["1.3"] == [Q1Config("mlp")]
    assert {config.learning_rate for config in configs["2.1"]} == {1e-5, 1e-3, 0.1}
    assert {(config.batch_size, config.l2_decay) for config in configs["2.1"]} == {(32, 0.01)}
    assert configs["2.2a"] == [Q2Config("mlp"), Q2Config("mlp", batch_size=512)]
    assert configs["2.2b"] == [Q2Config("mlp", dropout=share) for share in (0.01, 0.25, 0.5)]
    assert configs["2.2c"] == [
        Q2Config("mlp", batch_size=1024, momentum=share) for share in (0.0, 0.9)
    ]


def test_a_platform_that_is_not_here_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where JAX is asked for an accelerator, before anything is trained."""

    def refused() -> None:
        raise RuntimeError("Unable to initialize backend 'cuda'")

    monkeypatch.setattr(training, "entry_points", lambda group: [group])
    monkeypatch.setattr("jax.devices", refused)
    monkeypatch.setattr("jax.default_backend", refused)
    with pytest.raises(UsageError, match=r"JAX_PLATFORMS: got .* expected a platform"):
        training.accelerated()


def test_seeds_and_questions() -> None:
    plan = make_plan("quick", ["3", "2", "3"], range(7, 9))
    assert Counter(task.part for task in plan) == {
        "2.1": 6, "2.2a": 4, "2.2b": 6, "2.2c": 4, "3": 1,
    }  # fmt: skip
    assert {task.config.seed for task in plan if task.part != "3"} == {7, 8}
    assert len({task.config for task in plan}) == len(plan)


@pytest.mark.parametrize("preset", PRESETS)
def test_every_kind_has_a_typical_time_and_a_short_name(preset: str) -> None:
    for task in make_plan(preset, QUESTIONS, [2**32 - 1]):
        assert task.kind in TYPICAL
        assert len(task.label) < 60


def test_a_path_has_as_many_points_as_are_planned() -> None:
    from experiments.training.lasso_path import SETTINGS

    assert {preset: settings["epochs"] for preset, settings in SETTINGS.items()} == PATH_POINTS


def test_the_longest_come_first() -> None:
    estimates = Estimates()
    jobs = make_jobs(make_plan("full", QUESTIONS, [42, 43]), estimates, together=False)
    assert {len(job) for job in jobs} == {1}
    lengths = [estimates.run(job[0].kind, job[0].epochs) for job in jobs]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] > lengths[-1]
    call = make_call(jobs[0], None, Path("out"), together=False)
    assert call.environment["NPROC"] == "1"


def test_on_an_accelerator_question_2_is_one_job_and_first() -> None:
    tasks = make_plan("quick", QUESTIONS, [42])
    jobs = make_jobs(tasks, Estimates(), together=True)
    assert [task.part[0] for task in jobs[0]] == ["2"] * 10
    assert sum(map(len, jobs)) == len(tasks)
    assert "NPROC" not in make_call(jobs[0], None, Path("out"), together=True).environment
    assert make_call(jobs[1], None, Path("out"), together=True).environment["NPROC"] == "1"


@pytest.mark.parametrize(
    ("running", "waiting", "at_once", "seconds"),
    [
        ([], [], 2, 0),
        ([5], [], 2, 5),
        ([5, 3], [4], 2, 7),  # the one that waits starts after 3
        ([], [4, 3, 3], 2, 6),
        ([], [4, 3, 3], 1, 10),
        ([10, 1], [2, 2, 2], 2, 10),
    ],
)
def test_time_left_is_that_of_free_processes_taking_the_next(running, waiting, at_once, seconds):
    assert time_left(running, waiting, at_once) == seconds


def test_measured_epochs_correct_their_kind_and_the_others() -> None:
    estimates = Estimates()
    before = {kind: estimates.per_epoch(kind) for kind in TYPICAL}
    assert before == TYPICAL
    for seconds in (2.0, 2.0):
        estimates.learn("jax mlp 64", seconds * TYPICAL["jax mlp 64"])
    assert estimates.per_epoch("jax mlp 64") == 2 * TYPICAL["jax mlp 64"]
    assert estimates.per_epoch("mlp") == pytest.approx(2 * TYPICAL["mlp"])
    assert estimates.run("mlp", 3) == pytest.approx(2 * STARTUP["numpy"] + 6 * TYPICAL["mlp"])
    estimates.learn_run("jax mlp 64", 10, 20 * TYPICAL["jax mlp 64"] + 9)
    assert estimates.run("jax mlp 512", 1) - estimates.per_epoch("jax mlp 512") == pytest.approx(9)
    assert estimates.run("mlp", 0) == pytest.approx(2 * STARTUP["numpy"])  # JAX's is another
    assert Estimates(1263).per_epoch("mlp") == pytest.approx(TYPICAL["mlp"] / 10)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_progress_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two jobs, one at a time: 10 epochs of 1 s after 4 s of loading, twice as slow as typical."""
    clock, kind = Clock(), "jax mlp 64"
    task = Task.of("2.2a", Q2Config("mlp", epochs=10))
    assert task.kind == kind
    monkeypatch.setitem(TYPICAL, kind, 1.0)
    monkeypatch.setitem(STARTUP, "jax", 4.0)
    progress = Progress([[task], [task]], 1, Estimates(), clock)
    assert (progress.seconds_left(), progress.share()) == (28, 0)
    progress.start(0)
    for epoch in range(1, 11):
        clock.now = 4.0 + 2 * epoch
        progress.epoch(0)
    assert progress.seconds_left() == 8 + 20
    assert progress.text() == "run 1 of 2, 46 %, about 30 s left"
    clock.now += 1
    progress.run_done()
    assert progress.end(0) == 25
    assert progress.seconds_left() == 25  # 5 s besides the epochs have been measured
    assert progress.text() == "run 2 of 2, 50 %, about 25 s left"
    progress.start(1)
    clock.now += 1000  # hangs: never less than nothing is left
    assert progress.seconds_left() == 0


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "about 5 s left"),
        (42, "about 40 s left"),
        (60, "about 1 min left"),
        (720, "about 12 min left"),
        (7200, "about 2.0 h left"),
    ],
)
def test_in_words(seconds: float, text: str) -> None:
    assert in_words(seconds) == text


def test_question_3_is_the_command_without_flags() -> None:
    from experiments.q3 import _parser
    from experiments.reproduction.question3 import SETTINGS

    given = vars(_parser().parse_args([]))
    assert {name: given[name] for name in SETTINGS} == SETTINGS
    assert Task.of("3", Question3()).epochs == 1
