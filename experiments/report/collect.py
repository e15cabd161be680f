"""From finished run folders to `results.json`: every number and word of the report."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from experiments.cli.commands import RunFolderError
from experiments.report import sections_scratch as scratch
from experiments.report import sections_sweeps as sweeps
from experiments.report import sections_theory as theory
from experiments.report.beyond import beyond
from experiments.report.blocks import section
from experiments.report.errata import errata
from experiments.report.expected import Origin, identify
from experiments.report.facts import Facts
from experiments.report.front import appendix, front
from experiments.report.parts import Parts
from experiments.report.results import Results, Section
from experiments.report.sections_lasso import lasso
from experiments.report.theory import Theory

FORMAT = 1

_TRAINED: dict[str, Callable[[Parts, Origin], Section]] = {
    "1.1a": scratch.perceptron,
    "1.2a": scratch.logistic,
    "1.2b": scratch.penalised,
    "1.2c": scratch.norms,
    "1.2d": lasso,
    "1.3": scratch.mlp,
    "2.1": sweeps.learning_rates,
    "2.2a": sweeps.batch_sizes,
    "2.2b": sweeps.dropouts,
    "2.2c": sweeps.momenta,
}
_PROVED: dict[str, Callable[[Parts, Theory], Section]] = {
    "3.1": theory.hidden_layer,
    "3.2": theory.output,
    "3.3": theory.recovery,
    "3.4": theory.closed_form,
}


def collect(parts: Mapping[str, Sequence[Path]], out: Path, facts: Facts) -> Results:
    """Every number and word of the report.

    A run that is missing or damaged is named where its numbers would stand, and on the front page;
    all others are reported.

    Args:
        parts: the folders of the finished runs of each part: "1.1a", "1.2a", "1.2b", "1.2d" (the L1
            path), "1.3", "2.1", "2.2a", "2.2b", "2.2c", and "3".
        out: where the report is made; `bench.json` is read from there, if it is there.
        facts: what no run's folder knows.

    Raises:
        UsageError: the group's file is not what it should be.
        RunFolderError: `bench.json` is damaged, or a run lacks what all runs have.
    """
    read = Parts(parts, facts.seeds, facts.missing)
    origin = identify(read)
    proved = _read_theory(read)
    asked = facts.questions
    sections = [_trained(n, make, read, origin) for n, make in _TRAINED.items() if n[0] in asked]
    sections += [_proved(n, make, read, proved) for n, make in _PROVED.items() if n[0] in asked]
    return Results(
        format=FORMAT,
        synthetic=origin.synthetic,
        preset=facts.preset,
        seeds=list(facts.seeds),
        front=front(read, origin, facts, out),
        sections=sections,
        errata=errata(proved if isinstance(proved, Theory) else None),
        beyond=beyond(read, out),
        appendix=appendix(read, out),
    )


def _read_theory(parts: Parts) -> Theory | list[str]:
    """Question 3's run, or lines that say why it cannot be told."""
    folders = parts.folders.get("3", ())
    if not folders:
        return parts.missing("3")
    try:
        return Theory(folders[0])
    except RunFolderError as error:
        return [*parts.missing("3"), f"What went wrong: {error}"]


def _trained(
    number: str, make: Callable[[Parts, Origin], Section], parts: Parts, origin: Origin
) -> Section:
    try:
        return make(parts, origin)
    except RunFolderError as error:
        return _without_numbers(number, [f"What went wrong: {error}"])


def _proved(
    number: str, make: Callable[[Parts, Theory], Section], parts: Parts, found: Theory | list[str]
) -> Section:
    if not isinstance(found, Theory):
        return _without_numbers(number, found)
    try:
        return make(parts, found)
    except RunFolderError as error:
        return _without_numbers(number, [f"What went wrong: {error}"])


def _without_numbers(number: str, answer: list[str]) -> Section:
    return section(
        number,
        "No numbers",
        "Its run is missing or damaged, so that nothing can be reported here.",
        [],
        answer=answer,
    )
