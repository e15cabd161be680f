"""One answer of `hw1-check`: known digits, or trainings until one agrees, and the verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from experiments.assignment import PARTS, Config, Measure
from experiments.checking.catalogue import variants
from experiments.checking.catalogue.variant import Variant
from experiments.checking.claims import (
    claims_of_run,
    compared,
    configuration,
    final_numbers,
    headline,
)
from experiments.checking.given_numbers import Given
from experiments.checking.known_runs import file_of, recognise, recognised
from experiments.checking.noise import Claims
from experiments.checking.reading.decode import read_text
from experiments.checking.reading.lines import Setting
from experiments.checking.reading.runs import ReadRun, read_runs
from experiments.checking.reading.show import choose
from experiments.checking.reading.words import SettingName
from experiments.checking.report import Answer, verdict_answer, wrapped
from experiments.checking.trained_results import Say, Wanted, trained_results
from experiments.checking.training.lazy_data import LazyData
from experiments.checking.training.train_variant import Result
from experiments.checking.verdict import judge
from experiments.cli.errors import DataError, UsageError
from experiments.cli.text import printable
from experiments.configs.q1 import Q1Config


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


def answer(asked: Asked, say: Say) -> Answer:
    """Compare, and return what was found.

    Raises:
        DataError: a file cannot be read, or has none of the numbers that are compared.
        UsageError: the question or the data are not named, and the numbers do not tell.
    """
    run = _run_of(asked)
    finals = final_numbers(run) if run else asked.given
    file = file_of(run.epochs.get(0, {})) if run else None
    if file:
        say(f"the line before training is that of {file}")
    if not asked.everything and asked.epochs is None:
        known = recognise(finals, asked.part)
        if asked.varied:
            known = [one for one in known if one.value in asked.varied.values()]
        if any(one.mistake is None for one in known) or (known and asked.source is None):
            return recognised(known, finals)
    if asked.part is None:
        raise UsageError(
            "got numbers of no known run and no question, expected one of "
            f"{', '.join(PARTS)}; name it first"
        )
    config = _config(asked.part, asked, run)
    if asked.source is None:
        made = f"{file}, which your script read" if file else "the file that your script read"
        raise UsageError(
            f"got no --data, and final numbers of no run that is known; expected "
            f"--data FILE, {made}, or --data builtin for the drawn images; name it"
        )
    claims: Claims
    if run:
        try:
            claims, epochs = claims_of_run(run, config, asked.epochs)
        except ValueError as error:
            raise DataError(f"{printable(asked.log)}: {error}") from None
    else:
        epochs = asked.epochs or config.epochs
        claims = {(epochs, name): given for name, given in asked.given.items()}
    lazy = LazyData(asked.source)
    wanted = Wanted(
        asked.part, config, claims, epochs, run is not None, asked.everything, asked.minutes
    )
    context = _context(wanted, lazy, run)
    results = trained_results(wanted, lazy, say)
    verdict = judge(claims, results, lazy.description.sizes)
    untried = _untried(wanted, results)
    timed = not isinstance(config, Q1Config) and (asked.everything or not verdict.good)
    remedy = "more --minutes try more" if timed else "--all tries them too"
    return verdict_answer(asked.part, verdict, claims, untried, remedy, context)


def _run_of(asked: Asked) -> ReadRun | None:
    """Return the one run of the log that is meant, None for final numbers."""
    if asked.log is None:
        return None
    try:
        return choose(read_runs(read_text(Path(asked.log))), dict(asked.varied), asked.run)
    except ValueError as error:
        raise DataError(f"{printable(asked.log)}: {error}") from None


def _config(part: str, asked: Asked, run: ReadRun | None) -> Config:
    """Return the part's configuration; of a log's settings only the swept one counts."""
    varied = PARTS[part].varied
    own = run.settings if run else {}
    values: dict[str, object] = {name: v for name, v in own.items() if name == varied}
    config = configuration(part, values | dict(asked.varied))
    for name in asked.given:
        if name not in compared(config):
            expected = ", ".join(f"--{other}" for other in compared(config))
            raise UsageError(f"--{name}: got it for {part}, expected some of {expected}; drop it")
    return config


def _context(wanted: Wanted, lazy: LazyData, run: ReadRun | None) -> list[str]:
    part, config = wanted.part, wanted.config
    lines = [lazy.description.banner, *wrapped(headline(part, config), 0)]
    if wanted.epochs < config.epochs:
        lines.append(f"compared: up to epoch {wanted.epochs} of {config.epochs}")
    if run:
        found = {name for numbers in (*run.epochs.values(), run.final) for name in numbers}
        if left := ", ".join(sorted(found - set(compared(config)))):
            lines.append(f"not compared: {left}, which question {part} has none of")
        lines += wrapped(_other_file(run, config, lazy), 0)
    return lines


def _other_file(run: ReadRun, config: Config, lazy: LazyData) -> str:
    """Say so where a linear model's accuracies before training are not those of the data."""
    before = run.epochs.get(0, {})
    train, val = before.get("train"), before.get("val")
    if not isinstance(config, Q1Config) or config.model == "mlp" or not (train and val):
        return ""
    own_train, own_val = lazy.description.class_0
    if train.agrees(own_train) and val.agrees(own_val):
        return ""
    return (
        f"the line before training (train {train.value:.4f}, val {val.value:.4f}) is not this "
        f"file's ({own_train:.4f}, {own_val:.4f}): the log was made from other data, or other "
        "class numbers"
    )


def _untried(wanted: Wanted, results: Sequence[Result]) -> list[Variant]:
    """Return the variants that could have been trained, or read off, and were not."""
    tried = {r.keys[0] for r in results if len(r.keys) == 1}
    whole = wanted.epochs >= wanted.config.epochs
    return [
        v
        for v in variants(wanted.part)
        if v.key not in tried
        and (not v.read_out or (v.read_out.epochs and (whole or not v.read_out.last_only)))
    ]
