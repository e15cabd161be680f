"""Turns, ratios and when one is called clean."""

import pytest
from scripted import Scripted

from benchmarks import rounds
from benchmarks.rounds import Ratio, alternate, ratio_of, until_steady, why_not_clean
from benchmarks.running import Job
from experiments.configs.q2 import Q2Config


def test_a_ratio_is_of_rounds_not_of_medians() -> None:
    """A machine that gets slower hits both: their medians alone would say 1.5."""
    ours, theirs = [1.0, 1.0, 4.0, 4.0, 4.0], [2.0, 2.0, 8.0, 8.0, 8.0]
    assert ratio_of(theirs, ours) == Ratio(2.0, None)
    assert ratio_of([*theirs, 9.0], ours).value == 2.0  # the last round was theirs alone


@pytest.mark.parametrize(
    ("n", "interval"),
    [(5, None), (6, (1.0, 6.0)), (9, (2.0, 8.0)), (12, (3.0, 10.0)), (30, (10.0, 21.0))],
)
def test_the_interval_lies_between_the_order_statistics_of_the_binomial(
    n: int, interval: tuple[float, float] | None
) -> None:
    """Of n rounds with ratios 1 to n, as tables of the sign test have them."""
    found = ratio_of([float(k) for k in range(n, 0, -1)], [1.0] * n)
    assert (found.value, found.interval) == ((n + 1) / 2, interval)


STEADY, WIDE, FEW = Ratio(2.0, (1.95, 2.1)), Ratio(2.0, (1.9, 2.1)), Ratio(2.0, None)


@pytest.mark.parametrize(
    ("ratio", "load", "words"),
    [
        (STEADY, 0.5, []),
        (STEADY, 0.51, ["load 0.51 before"]),
        (WIDE, 0.0, ["±5% after 30 rounds"]),
        (WIDE, 3.0, ["load 3.00", "±5%"]),
        (FEW, 0.0, ["30 rounds, too few"]),
    ],
    ids=["clean", "busy", "wide", "both", "few"],
)
def test_when_a_ratio_is_clean(ratio: Ratio, load: float, words: list[str]) -> None:
    reasons = why_not_clean(ratio, 30, load)
    assert len(reasons) == len(words)
    assert all(word in reason for word, reason in zip(words, reasons, strict=True))


def scripted_pair(monkeypatch, theirs: list[float]) -> list[Scripted]:
    monkeypatch.setattr(Scripted, "times", {"ours": [0.5], "PyTorch": theirs})
    pair = [Scripted(Job(name, (Q2Config("mlp"),))) for name in ("PyTorch", "ours")]
    alternate(pair, 2)  # type: ignore[arg-type]
    return pair


@pytest.mark.parametrize(
    ("theirs", "expected"),
    [
        ([1.0], 6),  # the first round with an interval
        ([1.0, 1.0, 1.0, 1.0, 1.0, 1.5], 9),  # two outliers at most are left out of nine
        ([1.0, 1.5], rounds.MAX_ROUNDS),
    ],
    ids=["steady", "outliers", "never"],
)
def test_a_pair_goes_on_until_its_ratio_is_steady(
    scripted, monkeypatch, theirs: list[float], expected: int
) -> None:
    baseline, ours = scripted_pair(monkeypatch, theirs)
    until_steady(baseline, ours)  # type: ignore[arg-type]
    assert len(baseline.found) == len(ours.found) == expected
    assert Scripted.told == ("PyTorch", "ours") * expected


def test_the_fastest_baseline_counts_and_the_others_stop(scripted, monkeypatch) -> None:
    baseline, ours = scripted_pair(monkeypatch, [1.0])
    slow = Scripted(Job("PyTorch", (Q2Config("mlp"),)), {"OMP_NUM_THREADS": "1"})
    alternate([slow], 2)  # type: ignore[list-item]
    running = {"slow": slow, "fast": baseline, "ours": ours}
    of_slow, of_fast, of_ours = rounds.compare(running, ["slow", "fast"], "ours", 0.9)  # type: ignore[arg-type]
    assert (of_slow["ratio"], of_fast["ratio"], of_ours["ratio"]) == (0.5, 1.0, 2.0)
    assert [len(row["seconds"]) for row in (of_slow, of_fast, of_ours)] == [2, 6, 6]
    assert of_slow["not_clean"] == ["load 0.90 before the start, above 0.5",
                                    "2 rounds, too few for an interval"]  # fmt: skip
    assert of_ours["not_clean"] == ["load 0.90 before the start, above 0.5"]
    assert of_ours["epochs"] == 2
    assert of_ours["peak_mb"] == 301  # of the second epoch, as the others'
