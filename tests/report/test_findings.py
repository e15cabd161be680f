"""What is found of simulated sweeps whose truth is known: nothing false of 300 of each kind."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from made_runs import make_part

from experiments.report.configurations import Configuration, SeedValues
from experiments.report.curve_shape import loss_shape
from experiments.report.findings import batches, dropouts, momenta, rates, weight_norms
from experiments.report.runs_by_part import RunsByPart

TRIES = 300
EPOCHS = 100


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunsByPart, list[Configuration]]:
    runs = make_part(
        tmp_path_factory.mktemp("runs"), "2.1", {0.00001: [0.4], 0.001: [0.5], 0.1: [0.3]}
    )
    found = RunsByPart({"2.1": runs})
    return found, found.configurations["2.1"]


Curve = Callable[[float], float]


def level(height: float) -> Curve:
    return lambda t: height + 0.5 * 0.5 ** (40 * t)


def falling(height: float) -> Curve:
    return lambda t: height + 0.5 - 0.5 * t


def noisy(mean: Curve, noise: float, drawn: random.Random) -> list[float]:
    return [mean(k / EPOCHS) + drawn.gauss(0, noise) for k in range(EPOCHS)]


TRUTHS = {
    # means of the three curves, their noises, train losses at the end, and what is true of them
    "all alike": ([level(1.2)] * 3, [0.01] * 3, [1.1] * 3, set()),
    "smooth": ([level(1.2)] * 3, [0.0001, 0.0004, 0.0016], [1.1] * 3, set()),
    "rougher and rougher": (
        [level(1.2)] * 3,
        [0.002, 0.01, 0.05],
        [1.1] * 3,
        {"rougher"},
    ),
    "slow": ([falling(1.2), level(1.2), level(1.2)], [0.002] * 3, [1.4, 1.1, 1.1], {"slow_behind"}),
    "high": ([level(1.2), level(1.2), level(9.0)], [0.01] * 3, [1.1, 1.1, 8.0], {"fast_high"}),
    "high by overfitting": (
        [level(1.2), level(1.2), level(9.0)],
        [0.01] * 3,
        [1.1, 1.1, 0.2],
        set(),
    ),
    "high, but coming down": (
        [level(1.2), level(1.2), falling(3.0)],
        [0.002] * 3,
        [1.1, 1.1, 3.0],
        set(),
    ),
}


@pytest.mark.parametrize("name", TRUTHS)
def test_rates_are_compared_truly(name: str, sweep: tuple[RunsByPart, list[Configuration]]) -> None:
    means, noises, train_losses, true = TRUTHS[name]
    runs, configurations = sweep
    for seed in range(TRIES):
        drawn = random.Random(seed)
        entries = []
        for entry, mean, noise, train_loss in zip(
            configurations, means, noises, train_losses, strict=True
        ):
            shape = loss_shape(noisy(mean, noise, drawn))
            loss = {**entry.loss, "train": SeedValues.of([train_loss])}
            entries.append(replace(entry, val_loss=shape, val_loss_first=shape, loss=loss))
        found = rates(runs, "2.1", entries)
        assert {words for words in ("rougher", "slow_behind", "fast_high") if found[words]} == true


def test_the_best_has_not_diverged(
    sweep: tuple[RunsByPart, list[Configuration]], tmp_path: Path
) -> None:
    runs, (slow, middle, fast) = sweep
    assert rates(runs, "2.1", [slow, middle, fast])["best"] == [1, 0, 2]
    assert rates(runs, "2.1", [slow, replace(middle, diverged=[42]), fast])["best"] == [0, 2, 1]


class Drawn:
    """Runs of a part as a finding asks for them: of each value, one with these series."""

    def __init__(self, series: dict[object, Sequence[float | None]]) -> None:
        self._series = series

    def runs(self, part: str, value: object = None) -> list["Drawn"]:
        return [Drawn({None: self._series[part if value is None else value]})]

    def series(self, *_keys: str) -> Sequence[float | None]:
        return self._series[None]


def converging(rate: float) -> Curve:
    return lambda t: 1 + 0.5 * 2 ** (-rate * t)


MOMENTA = {
    # without momentum, with it, and what is true: it is sooner, it is not, it never gets there
    "three times as fast": (lambda t: 2 - t, lambda t: max(2 - 3 * t, 0.8), "sooner"),
    "the same, still falling": (lambda t: 2 - t, lambda t: 2 - t, "no sooner"),
    "the same, converged": (converging(20), converging(20), "no sooner"),
    "slower": (lambda t: 2 - t, lambda t: 2 - t / 3, "never"),
    "to a higher minimum": (converging(20), lambda t: 0.3 + converging(60)(t), "never"),
}


@pytest.mark.parametrize("noise", [0.002, 0.01, 0.03])
@pytest.mark.parametrize("name", MOMENTA)
def test_momentum_is_sooner_where_it_is(
    name: str, noise: float, sweep: tuple[RunsByPart, list[Configuration]]
) -> None:
    slow, fast, true = MOMENTA[name]
    seen: Counter[str] = Counter()
    for seed in range(TRIES):
        drawn = random.Random(seed)
        losses = [noisy(slow, noise, drawn), noisy(fast, noise, drawn)]
        entries = [
            replace(sweep[1][0], value=value, val_loss=loss_shape(series))
            for value, series in zip((0.0, 0.9), losses, strict=True)
        ]
        found = momenta(Drawn(dict(zip((0.0, 0.9), losses, strict=True))), "2.2c", entries)
        words = [word for word in ("never", "sooner") if found[word]] or ["no sooner"]
        seen[" and ".join(words)] += 1
        if true == "sooner":  # the mean of the last tenth is that of t = .945
            assert abs(found["reached"] - 94.5 / 3) < 4
            assert abs(found["without"] - 94.5) < 8
    assert set(seen) == {true}


TIMES = {
    # true ratio, noise of a run's logarithm, seeds, and what may be said
    "equal": (1.0, 0.05, 10, {"alike", "unclear"}),
    "equal, three seeds": (1.0, 0.05, 3, {"alike", "unclear"}),
    "equal, one seed": (1.0, 0.05, 1, {"unclear"}),
    "equal on a busy machine": (1.0, 0.3, 10, {"unclear"}),
    "longer": (1.7, 0.05, 10, {"longer"}),
    "longer, three seeds": (1.7, 0.05, 3, {"longer", "unclear"}),
    "longer, one seed": (2.5, 0.1, 1, {"longer"}),
    "shorter": (0.6, 0.05, 10, {"shorter"}),
}


@pytest.mark.parametrize("name", TIMES)
def test_times_are_compared_truly(name: str, sweep: tuple[RunsByPart, list[Configuration]]) -> None:
    ratio, noise, seeds, allowed = TIMES[name]
    seen: Counter[str] = Counter()
    for seed in range(TRIES):
        drawn = random.Random(seed)
        entries = [
            replace(
                sweep[1][0],
                seconds=SeedValues.of(
                    [100 * factor * drawn.lognormvariate(0, noise) for _ in range(seeds)]
                ),
            )
            for factor in (ratio, 1.0)
        ]
        seen[batches(sweep[0], "2.2a", entries)["time"]] += 1
    assert set(seen) <= allowed
    assert seen.most_common(1)[0][0] != "unclear" or allowed >= {"unclear"}


def turning(t: float) -> float:
    return 1 + 2 * abs(t - 0.4) ** 2


@pytest.mark.parametrize(
    ("train", "overfits"),
    [(falling(0.5), True), (turning, False), (level(1.2), False)],
    ids=["train falls", "train turns too", "train stays"],
)
@pytest.mark.parametrize("noise", [0.001, 0.01, 0.03])
def test_only_a_loss_that_turns_is_said_to_turn(
    noise: float, train: Curve, overfits: bool, sweep: tuple[RunsByPart, list[Configuration]]
) -> None:
    """The first dropout's validation loss turns upwards, the second's stays, the third's falls.

    It overfits only if its train loss falls meanwhile.
    """
    hidden = 0
    for seed in range(TRIES):
        drawn = random.Random(seed)
        series = [noisy(mean, noise, drawn) for mean in (turning, level(1.2), falling(1.2))]
        losses = [
            {"train": SeedValues.of([1.0]), "val": SeedValues.of([values[-1]])} for values in series
        ]
        entries = [
            replace(entry, val_loss=loss_shape(values), loss=loss)
            for entry, values, loss in zip(sweep[1], series, losses, strict=True)
        ]
        runs = Drawn({entries[0].value: noisy(train, noise, drawn)})
        found = dropouts(runs, "2.2b", entries)
        first, *others = found["turned"]
        assert others == [False, False]
        assert found["overfits"] == (overfits or not first)
        assert found["gaps"] == pytest.approx([values[-1] - 1.0 for values in series])
        hidden += not first
    assert hidden == 0 or noise > 0.01


@pytest.mark.parametrize("part", ["1.2a", "1.2b"])
def test_a_norm_that_is_0_or_not_finite_is_not_compared(part: str) -> None:
    norms = {"1.2a": [1.0, 2.0], "1.2b": [1.0, 2.0]}
    assert weight_norms(Drawn(norms), "1.2b")["norms"] == [[1.0, 2.0]] * 2
    for series in ([None], [1.0, None], [0.0, 0.0]):
        assert weight_norms(Drawn(norms | {part: series}), "1.2b") == {}


@pytest.mark.parametrize(
    ("growth", "grows"), [(0.05, True), (0.0, False)], ids=["growing", "level"]
)
def test_a_norm_grows_where_it_does(growth: float, grows: bool) -> None:
    """By so much over the last tenth of the epochs; more than 1 % is called growth."""
    for seed in range(TRIES):
        drawn = random.Random(seed)
        norms = {
            "1.2a": noisy(lambda t: 20 * (1 + growth * 10 * (t - 1)), 0.02, drawn),
            "1.2b": noisy(lambda _t: 4.0, 0.004, drawn),
        }
        first, second = weight_norms(Drawn(norms), "1.2b")["growths"]
        assert (first > 0.01) == grows
        assert abs(second) < 0.01
