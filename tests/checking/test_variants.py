"""`hw1-check` names the mistake that a script of its own made, and accuses no right one."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest
from oracles.checking import MISTAKES, Checking

from experiments.check import main
from experiments.checking.given_numbers import ACCURACIES, Given
from experiments.checking.trained_results import Wanted, run_pairs, trained_results
from experiments.checking.training.scratch_jobs import Job, jobs, run
from experiments.checking.verdict import judge
from experiments.cli.console import NullConsole
from experiments.cli.errors import ExitCode
from experiments.q1 import main as q1

pytestmark = pytest.mark.usefixtures("unchecked_shapes")  # test_catalogue.py has them checked

EPOCHS = {"1.1a": 6, "1.2a": 4, "1.2b": 4, "1.3": 2}
# So few steps and small penalties leave every printed digit as it is; all the network's units are
# on at first, so that a slope of 1 is the right one.
UNSEEN = {("1.2b", "spares the bias"), ("1.3", "forgets relu'")}
# One of each kind; HW1_LONG=1 has them all, on photographs.
CASES = [
    (question, mistake)
    for question, names in MISTAKES.items()
    for place, mistake in enumerate(names)
    if question in ("1.1a", "1.3") or (question == "1.2b" and (place % 2 or place > 12))
]
RIGHT_SEEDS = 8


@cache
def checking(question: str) -> Checking:
    return Checking(question, "builtin:120", EPOCHS[question], hidden=8)


@pytest.mark.parametrize("question", MISTAKES)
def test_the_right_script_is_equal_to_the_digit(question: str) -> None:
    own = checking(question)
    for claims in (own.of_log(), own.of_last()):
        found = own.verdict(claims)
        assert found.kind == "equal"
        assert found.ranking[0].result.variant.key == "right"


@pytest.mark.parametrize("question", MISTAKES)
def test_right_scripts_of_other_seeds_are_not_accused(question: str) -> None:
    """Few seeds, in seconds; `python -m benchmarks.check` has 200, and the numbers."""
    own = checking(question)
    for seed in range(1000, 1000 + RIGHT_SEEDS):
        assert own.verdict(own.of_log(seed=seed)).good
        assert own.verdict(own.of_last(seed=seed)).good


@pytest.mark.parametrize("question", MISTAKES)
def test_a_digit_off_is_not_equal(question: str) -> None:
    own = checking(question)
    claims = dict(own.of_last())
    key, given = next(iter(claims.items()))
    claims[key] = given._replace(value=given.value + given.unit)
    found = own.verdict(claims)
    assert not next(a for a in found.ranking if a.result.variant.key == "right").exact
    assert found.kind != "equal"


def test_the_network_s_plain_loop_is_equal_where_it_is_chaotic() -> None:
    own = Checking("1.3", "builtin:120", 10, hidden=8)
    two = [Job(("right",)), Job(("plain loop",))]
    waves = run(two, own.setup, own.lazy, NullConsole(), lambda _: False)
    found = judge(own.of_log(), [result for wave in waves for result in wave])
    assert found.kind == "equal"
    assert found.ranking[0].result.variant.key == "plain loop"
    engine = [a for a in found.ranking if a.result.variant.key == "right"]
    assert not engine[0].exact  # another order of summation


@pytest.mark.parametrize(("question", "mistake"), CASES)
def test_a_mistake_is_named_first(question: str, mistake: str) -> None:
    own = checking(question)
    assert (own.printed(mistake) == own.printed("")) == ((question, mistake) in UNSEEN)
    found = own.verdict(own.of_log(mistake))
    key = MISTAKES[question][mistake]
    if (question, mistake) in UNSEEN:
        assert key in [a.result.variant.key for a in found.ranking if a.exact]
        return
    assert found.ranking[0].result.variant.key == key
    assert found.kind == ("seed" if key.startswith("seed") else "mistake")


@pytest.mark.parametrize(
    "keys", [("2 lambda", "not shuffled"), ("pixels over 255", "no bias column", "not shuffled")]
)
def test_mistakes_at_once_are_named_together(keys: tuple[str, ...]) -> None:
    own = checking("1.2b")
    (made,) = next(run([Job(keys)], own.setup, own.lazy, NullConsole(), lambda _: False))
    claims = {
        (epoch, name): given._replace(value=round(made.epochs[epoch][name], 4))
        for (epoch, name), given in own.of_log().items()
    }
    assert own.verdict(claims).ranking[0].result.chosen != made.chosen
    waves = run_pairs(own.setup, own.lazy, NullConsole(), claims, lambda _: False, seconds=60)
    found = judge(claims, [*own.results(), *(r for wave in waves for r in wave)])
    assert found.kind == "mistake"
    assert found.ranking[0].exact
    assert {v.key for v in found.ranking[0].result.chosen} <= set(keys)
    assert len(found.ranking[0].result.chosen) > 1


def test_two_digits_are_answered_after_three_trainings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = checking("1.2a")
    three = [r.epochs[-1] for r in own.results() if r.variant.right and len(r.epochs) > 1][:3]
    claims = {
        (own.epochs, name): Given(round(fmean(e[name] for e in three), 2), 2) for name in ACCURACIES
    }
    monkeypatch.setenv("HW1_CACHE", str(tmp_path))  # where nothing is known yet
    wanted = Wanted("1.2a", own.config, claims, own.epochs, True, False, 10.0)
    found = trained_results(wanted, own.lazy, lambda _: None)
    keys = {v.key for r in found for v in r.chosen if not v.read_out}
    assert keys == {"right", "seed 43", "seed 44"}
    assert judge(claims, found).good


def test_trained_numbers_are_kept_and_changed_ones_are_not_taken() -> None:
    own = checking("1.2a")
    own.results()

    class Nothing(NullConsole):
        def advance(self, label: str) -> None:
            raise AssertionError(label)

    todo = jobs("1.2a", 6)
    (known,) = run(todo, own.setup, own.lazy, Nothing(), lambda _: False)
    assert len(known) == len(own.results())
    other = replace(own.setup, config=replace(own.setup.config, learning_rate=0.002))
    with pytest.raises(AssertionError, match="right"):
        list(run(todo, other, own.lazy, Nothing(), lambda _: False))


@pytest.mark.parametrize("model", ["perceptron", "logistic_regression", "mlp"])
@pytest.mark.parametrize("n_classes", [2, 10])
def test_data_of_other_classes(n_classes: int, model: str, tmp_path: Path, capsys) -> None:
    rng = np.random.default_rng(0)
    arrays = {}
    for split in ("train", "val", "test"):
        labels = np.arange(40) % n_classes
        arrays[f"{split}_images"] = (
            rng.integers(0, 99, (40, 6, 5, 1)) + 9 * labels[:, None, None, None]
        )
        arrays[f"{split}_labels"] = labels
    images = {name: a.astype(np.uint8) if a.ndim == 4 else a for name, a in arrays.items()}
    np.savez(tmp_path / "other.npz", **images)
    data = ["--data", str(tmp_path / "other.npz")]
    assert q1([model, "-epochs", "2", *data, "--out", str(tmp_path / "runs")]) == ExitCode.DONE
    (tmp_path / "log").write_text(capsys.readouterr().out)
    part = {"perceptron": "1.1a", "logistic_regression": "1.2a", "mlp": "1.3"}[model]
    assert main([part, "--log", str(tmp_path / "log"), *data]) == ExitCode.DONE
    assert capsys.readouterr().out.startswith("EQUAL to the digit")


def test_five_ways_to_number_the_classes() -> None:
    classes = [job.first_class for job in jobs("1.1a", 6) if job.keys == ("release v1",)]
    assert classes == [1, 2, 3, 4, 5]
