"""One `hw1-check`: data, trainings until one agrees, verdict, what is printed."""

import json
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from experiments.assignment import Config
from experiments.checking.catalogue import variants
from experiments.checking.log import Log, first_epochs, last_epoch, read_log
from experiments.checking.questions import compared, headline
from experiments.checking.report import WIDTH, as_dict, verdict_lines
from experiments.checking.trace import Result
from experiments.checking.values import Given
from experiments.checking.variant import Variant
from experiments.checking.verdict import TELLING, Claims, Verdict, judge, tells
from experiments.cli.commands import DataError, ExitCode
from experiments.cli.console import Console
from experiments.configs.q1 import Q1Config
from experiments.data.dataset import Dataset
from experiments.data.load import load
from experiments.environment.provenance import cores

Say = Callable[[str], None]

FIRST_EPOCHS = 3


@dataclass(frozen=True)
class Asked:
    """What `hw1-check` was asked.

    Attributes:
        question: such as "1.2b".
        config: what it asks for.
        given: final numbers by name.
        log: a console log to compare the first epochs of, None for final numbers.
        epochs: how many epochs to compare at most, None for all or `FIRST_EPOCHS` of a log.
        everything: whether to go on when one variant agrees.
        minutes: how long question 2 may take.
        as_json: whether to print JSON.
    """

    question: str
    config: Config
    given: dict[str, Given]
    log: str | None
    epochs: int | None
    everything: bool
    minutes: float
    as_json: bool


def check(asked: Asked, source: str | None) -> ExitCode:
    """Compare, and print what was found.

    Returns:
        `DONE` for equal or within noise, `CHECK_FAILED` otherwise.

    Raises:
        DataError: the log cannot be read, or has none of the numbers that are compared.
    """
    log = None if asked.log is None else read_log(Path(asked.log))
    total = asked.config.epochs
    claims, epochs = _claims(asked, log, total)
    data = load(source)
    catalogue = variants(asked.question)
    say: Say = _nothing if asked.as_json else partial(print, flush=True)
    kind = "SYNTHETIC data" if data.synthetic else "data"
    say(f"{kind}: {data.name} ({data.source}, sha256 {data.sha256[:8]})")
    say(textwrap.fill(headline(asked.question, asked.config), WIDTH, subsequent_indent="  "))
    if epochs < total:
        say(f"compared: up to epoch {epochs} of {total}")
    if log is not None and (left := {name for _, name in log} - set(compared(asked.config))):
        say(f"not compared: {', '.join(sorted(left))}, which question {asked.question} has none of")
    results = _results(asked, claims, epochs, data, source, say)
    verdict = judge(claims, results, catalogue)
    untried = [v for v in catalogue if v.key not in {r.key for r in results}]
    if epochs < total:
        untried = [v for v in untried if v.kind != "readout"]
    _print(asked, verdict, claims, untried)
    return ExitCode.DONE if verdict.good else ExitCode.CHECK_FAILED


def _claims(asked: Asked, log: Log | None, total: int) -> tuple[Claims, int]:
    """The numbers to compare, by epoch and name, and how many epochs that takes."""
    if log is None:
        epochs = asked.epochs or total
        return {(epochs, name): given for name, given in asked.given.items()}, epochs
    epochs = min(asked.epochs or FIRST_EPOCHS, last_epoch(log), total)
    names = compared(asked.config)
    claims = {key: v for key, v in first_epochs(log, epochs, total).items() if key[1] in names}
    if not any(epoch for epoch, _ in claims):
        raise DataError(
            f"--fast: got no values of the first {_epochs(epochs)}, expected some of "
            f"{', '.join(names)}; save the whole log of question {asked.question}"
        )
    return claims, max(epoch for epoch, _ in claims)


def _results(
    asked: Asked,
    claims: Claims,
    epochs: int,
    data: Dataset,
    source: str | None,
    say: Say,
) -> list[Result]:
    if not isinstance(asked.config, Q1Config):
        from experiments.checking.jax_jobs import results_of_jax

        return results_of_jax(
            asked.question,
            replace(asked.config, epochs=epochs),
            claims,
            data,
            asked.minutes,
            asked.everything,
            say,
        )
    from experiments.checking import scratch_jobs

    total = asked.config.epochs
    config = replace(asked.config, epochs=epochs)
    todo = scratch_jobs.jobs(asked.question, data)
    seconds = scratch_jobs.seconds_per_epoch(config, data) * epochs * len(todo) / cores()
    say(
        f"{len(todo)} trainings of {_epochs(epochs)} on {cores()} cores: "
        f"about {_duration(seconds)}, less if one agrees"
    )

    found: list[Result] = []
    telling = tells(claims) >= TELLING

    def enough(some: list[Result]) -> bool:
        if asked.everything:
            return False
        ranking = judge(claims, some, variants(asked.question)).ranking
        return any(a.exact and (telling or a.variant.kind == "right") for a in ranking)

    with Console(epochs * len(todo)) as console:
        waves = scratch_jobs.run(
            todo, config, data, source, asked.log is not None, total, console, enough
        )
        for wave in waves:
            found += wave
    return found


def _nothing(_line: str) -> None:
    pass


def _print(asked: Asked, verdict: Verdict, claims: Claims, untried: Sequence[Variant]) -> None:
    if asked.as_json:
        content = as_dict(asked.question, verdict, claims, untried)
        print(json.dumps(content, indent=2, allow_nan=False))
    else:
        timed = not isinstance(asked.config, Q1Config) and (asked.everything or not verdict.good)
        remedy = "more --minutes try more" if timed else "--all tries them too"
        print("\n".join(verdict_lines(verdict, claims, untried, remedy)))


def _epochs(number: int) -> str:
    return "1 epoch" if number == 1 else f"{number} epochs"


def _duration(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds >= 90 else f"{max(seconds, 1):.0f} s"
