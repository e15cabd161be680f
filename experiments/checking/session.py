"""One answer of `hw1-check`: known digits, or trainings until one agrees, and the verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from experiments.assignment import PARTS, Config, Measure
from experiments.checking.catalogue import variants
from experiments.checking.claims import (
    claims_of_numbers,
    claims_of_run,
    final_numbers,
    not_compared,
)
from experiments.checking.given_numbers import Given
from experiments.checking.known_report import recognised_lines, recognised_object
from experiments.checking.known_runs import Recognised, file_of, recognise
from experiments.checking.questions import compared, configuration, headline
from experiments.checking.reading.decode import read_text
from experiments.checking.reading.lines import Setting
from experiments.checking.reading.runs import ReadRun, read_runs
from experiments.checking.reading.show import choose
from experiments.checking.reading.words import SettingName
from experiments.checking.report import headline_of, verdict_lines, verdict_object, wrapped
from experiments.checking.trained_results import Say, Wanted, trained_results
from experiments.checking.training.lazy_data import LazyData
from experiments.checking.training.train_variant import Result
from experiments.checking.verdict import Claims, Verdict, judge
from experiments.cli.commands import DataError, UsageError
from experiments.cli.text import printable
from experiments.configs.q1 import Q1Config

_BEFORE: set[Measure] = {"train", "val"}


@dataclass(frozen=True)
class Asked:
    """What `hw1-check` was asked.

    Attributes:
        part: such as "1.2b", None where the numbers are to tell.
        given: final numbers by measure.
        log: a file to read the numbers from, None for final numbers.
        varied: the hyperparameters that flags name: which of question 2's runs, or of a log's.
        run: which run of the log, from 1.
        epochs: how many epochs to compare at most.
        source: the data, None where none were named.
        everything: whether to go on when one variant agrees.
        minutes: how long it may take.
    """

    part: str | None
    given: Mapping[Measure, Given] = field(default_factory=dict)
    log: str | None = None
    varied: Mapping[SettingName, Setting] = field(default_factory=dict)
    run: int | None = None
    epochs: int | None = None
    source: str | None = None
    everything: bool = False
    minutes: float = 10.0


class Answer(NamedTuple):
    """What is answered.

    Attributes:
        good: whether nothing is wrong.
        part: whose numbers they are.
        verdict: the kind.
        mistake: the key of what was done wrong.
        first: the line that answers the question.
        lines: all of it, for people.
        content: all of it, for scripts.
    """

    good: bool
    part: str
    verdict: str
    mistake: str | None
    first: str
    lines: list[str]
    content: dict[str, Any]


def answer(asked: Asked, say: Say) -> Answer:
    """Compare, and say what was found.

    Args:
        asked: the question.
        say: prints a line of what goes on meanwhile.

    Raises:
        DataError: a file cannot be read, or has none of the numbers that are compared.
        UsageError: the question or the data are not named, and the numbers do not tell.
    """
    run = None if asked.log is None else read_run(asked.log, asked.varied, asked.run)
    finals = final_numbers(run) if run else asked.given
    before = run.epochs.get(0, {}) if run else {}
    file = file_of(before["train"], before["val"]) if before.keys() >= _BEFORE else None
    if file:
        say(f"the line before training is that of {file[0]}")
    if not asked.everything and asked.epochs is None:
        known = [one for one in recognise(finals, asked.part) if _asked_for(one, asked)]
        if any(one.mistake is None for one in known) or (known and asked.source is None):
            return _recognised(known, finals)
    if asked.part is None:
        raise UsageError(
            "got numbers of no known run and no question, expected one of "
            f"{', '.join(PARTS)}; name it first"
        )
    config = _config(asked.part, asked, run)
    if asked.source is None:
        made = f"{file[0]}, which your script read" if file else "the file that your script read"
        raise UsageError(
            f"got no --data, and no right program prints these numbers on a known file; expected "
            f"--data FILE, {made}, or --data builtin for the drawn images; name it"
        )
    try:
        if run:
            claims, epochs = claims_of_run(run, config, asked.epochs)
        else:
            claims, epochs = claims_of_numbers(asked.given, config, asked.epochs)
    except ValueError as error:
        raise DataError(f"{printable(asked.log)}: {error}") from None
    lazy = LazyData(asked.source)
    context = _context(asked.part, config, lazy, epochs, run)
    results = trained_results(
        Wanted(
            asked.part,
            config,
            claims,
            epochs,
            asked.log is not None,
            asked.everything,
            asked.minutes,
        ),
        lazy,
        say,
    )
    verdict = judge(claims, results, lazy.description.sizes)
    return _answer(asked, asked.part, config, verdict, claims, results, epochs, context)


def read_run(path: str, wanted: Mapping[SettingName, Setting], number: int | None) -> ReadRun:
    """Read the one run of a file that is meant.

    Raises:
        DataError: there is no such file, no number in it, or no run that fits, or several.
    """
    try:
        return choose(read_runs(read_text(Path(path))), dict(wanted), number)
    except ValueError as error:
        raise DataError(f"{printable(path)}: {error}") from None


def _asked_for(known: Recognised, asked: Asked) -> bool:
    return not asked.varied or known.value in asked.varied.values()


def _recognised(known: Sequence[Recognised], finals: Mapping[Measure, Given]) -> Answer:
    lines, content = recognised_lines(known, finals), recognised_object(known, finals)
    return Answer(
        content["good"],
        content["question"],
        content["verdict"],
        content["mistake"],
        lines[0],
        lines,
        content,
    )


def _config(part: str, asked: Asked, run: ReadRun | None) -> Config:
    """Return the part's configuration; of a log's settings only the swept one counts."""
    varied = PARTS[part].varied
    own = run.settings if run else {}
    values: dict[str, object] = {name: v for name, v in own.items() if name == varied}
    try:
        config = configuration(part, values | dict(asked.varied))
    except ValueError as error:
        raise UsageError(str(error)) from None
    for name in asked.given:
        if name not in compared(config):
            expected = ", ".join(f"--{other}" for other in compared(config))
            raise UsageError(f"--{name}: got it for {part}, expected some of {expected}; drop it")
    return config


def _context(
    part: str, config: Config, lazy: LazyData, epochs: int, run: ReadRun | None
) -> list[str]:
    found = lazy.description
    kind = "SYNTHETIC data" if found.synthetic else "data"
    lines = [f"{kind}: {found.name} ({found.source}, sha256 {found.sha256[:8]})"]
    lines += wrapped(headline(part, config), 0)
    if epochs < config.epochs:
        lines.append(f"compared: up to epoch {epochs} of {config.epochs}")
    if run and (left := not_compared(run, config)):
        lines.append(f"not compared: {', '.join(sorted(left))}, which question {part} has none of")
    if run and (other := _other_file(run, config, lazy)):
        lines += wrapped(other, 0)
    return lines


def _other_file(run: ReadRun, config: Config, lazy: LazyData) -> str:
    """Say so where a linear model's accuracies before training are not those of the data."""
    before = run.epochs.get(0, {})
    if config.model == "mlp" or not isinstance(config, Q1Config) or not before.keys() >= _BEFORE:
        return ""
    train, val = lazy.description.class_0
    if before["train"].agrees(train) and before["val"].agrees(val):
        return ""
    return (
        f"the line before training (train {before['train'].value:.4f}, val "
        f"{before['val'].value:.4f}) is not this file's ({train:.4f}, {val:.4f}): the log was "
        "made from other data, or other class numbers"
    )


def _answer(
    asked: Asked,
    part: str,
    config: Config,
    verdict: Verdict,
    claims: Claims,
    results: Sequence[Result],
    epochs: int,
    context: list[str],
) -> Answer:
    tried = {v.key for r in results if len(r.chosen) == 1 for v in r.chosen}
    untried = [v for v in variants(part) if v.key not in tried]
    if epochs < config.epochs:
        untried = [v for v in untried if not (v.read_out and v.read_out.last_only)]
    untried = [v for v in untried if not v.read_out or v.read_out.epochs]
    timed = not isinstance(config, Q1Config) and (asked.everything or not verdict.good)
    remedy = "more --minutes try more" if timed else "--all tries them too"
    content = verdict_object(part, verdict, claims, untried)
    return Answer(
        verdict.good,
        part,
        verdict.kind,
        content["mistake"],
        headline_of(verdict),
        verdict_lines(verdict, claims, untried, remedy, context),
        content,
    )
